"""Pickers: what is typed narrows the list, the choice is seen before enter, and all places have the same one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from clientdesk.desk import clients, imports, plan
from clientdesk.domain.matching import spans
from clientdesk.domain.problems import refuse
from clientdesk.ui.dialogs import Confirm
from clientdesk.ui.picker import Choose, Picker, PickerLine
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.find_client import FindClient
from clientdesk.ui.screens.import_names import ImportNamesStep
from clientdesk.ui.screens.plan import PlanScreen
from clientdesk.ui.screens.reassign import ReassignScreen
from clientdesk.ui.screens.settings import SettingsScreen
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.widgets.fields import Chooser
from clientdesk.ui.widgets.pick_list import PickList
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, chooser, named, open_form
from tests.ui.imports import (
    clients_file,
    columns_step,
    file_step,
    numbers_file,
    plan_step,
    read,
    report_step,
)
from tests.ui.people import assert_dialog_snapshot, counted, go_to, told
from tests.ui.screen import lines_of, text_of, wait_for, wait_until

DOWN = "↓"
NAMES = {" ": "space", "-": "minus", "\r": "enter", DOWN: "down"}
PEOPLE = [
    "Ana García",
    "Apolonia Cluissard",
    "Jürgen Müller",
    "Łukasz Nowak",
    "Ortega Luis",
    "Olivia Brown",
    "Unassigned",
]


async def arrive(app: App[int], text: str) -> None:
    """Keys that come in one go, with no time between them; returns when all are obeyed."""
    for letter in text:
        app.post_message(events.Key(NAMES.get(letter, letter), letter if letter != DOWN else None))
    arrived = asyncio.Event()
    app.call_later(arrived.set)
    await arrived.wait()
    await wait_until(lambda: not app.obeying)  # type: ignore[attr-defined]


async def picking(
    pilot: Pilot[int], labels: list[str], current: int | None = None, title: str = "Who?"
) -> tuple[Choose, list[Any]]:
    """A picker of these labels; the number of the one that is chosen goes into the list."""
    await wait_for(pilot.app, "8 of 9 clients")
    answers: list[Any] = []
    picker = Choose(title, list(enumerate(labels)), current)
    await pilot.app.push_screen(picker, answers.append)
    await wait_until(lambda: picker.focused is not None and picker.query_one(PickList).size.height)
    return picker, answers


def at(picker: Choose) -> str:
    """The label under the cursor, as it stands on the screen."""
    line = next((each for each in lines_of(picker.app) if "▌" in each and "│" in each.split("▌")[0]), "")
    return line.partition("▌")[2].rpartition("│")[0].lstrip("• ").rstrip("↓↑ ")


def shown(picker: Choose) -> int:
    """How many labels are left."""
    return len(picker.query_one(PickList)._places)


# --- what is typed


@pytest.mark.parametrize(
    ("typed", "label", "left"),
    [
        ("luis", "Ortega Luis", 2),  # a word that begins so comes before a name that has it inside
        ("LUIS", "Ortega Luis", 2),
        ("luis ort", "Ortega Luis", 1),
        ("oli", "Olivia Brown", 1),
        ("mul", "Jürgen Müller", 1),
        ("gar ana", "Ana García", 1),
        ("lukasz", "Łukasz Nowak", 1),
        (" no ", "Łukasz Nowak", 1),
        ("o", "Ortega Luis", 4),  # a name that begins so comes before one that has it
        ("u", "Unassigned", 5),
        ("", "Jürgen Müller", 7),  # the present one
    ],
)
async def test_the_words_typed_narrow_the_list(firm: str, running: Running, typed: str, label: str, left: int) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, PEOPLE, PEOPLE.index("Jürgen Müller"))
        if typed:
            await arrive(pilot.app, typed)
        await wait_until(lambda: picker.typed == typed)
        await wait_until(lambda: at(picker) == label)
        assert shown(picker) == left
        await pilot.press("enter")
        await wait_until(lambda: answers == [PEOPLE.index(label)])


async def test_a_label_that_is_what_was_typed_is_chosen_though_others_come_first(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        _picker, answers = await picking(pilot, ["Trust and more", "More Trust", "Trúst", "Trustee"])
        await arrive(pilot.app, "trust\r")
        await wait_until(lambda: answers == [2])


async def test_backspace_widens_and_the_present_one_is_back(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, _answers = await picking(pilot, PEOPLE, 2)
        await pilot.press("l", "u", "z")
        await wait_for(pilot.app, "Nothing here has “luz”.")
        await pilot.press("backspace")
        await wait_until(lambda: shown(picker) == 3)
        await pilot.press("backspace", "backspace")
        await wait_until(lambda: at(picker) == "Jürgen Müller")
        assert shown(picker) == len(PEOPLE)
        assert "▌• Jürgen Müller" in text_of(pilot.app)


async def test_where_nothing_fits_enter_takes_nothing_and_says_so(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, PEOPLE, 2)
        await arrive(pilot.app, "xyz")
        await wait_for(pilot.app, "Nothing here has “xyz”.")
        assert_dialog_snapshot(pilot.app, "picker_nothing_80x24")
        await arrive(pilot.app, "\r")
        await told(pilot, "Nothing here has “xyz”.")
        assert pilot.app.screen is picker
        assert not answers
        await pilot.press("escape")
        await wait_until(lambda: answers == [None])


async def test_the_words_typed_are_underlined_where_they_stand(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, _answers = await picking(pilot, PEOPLE)
        await pilot.press("m", "u", "l")
        await wait_until(lambda: at(picker) == "Jürgen Müller")
        strip = picker.query_one(PickList).render_line(0)
        assert [each.text for each in strip if each.style and each.style.underline] == ["Mül"]


@pytest.mark.parametrize(
    ("text", "words", "stretches"),
    [
        ("Jürgen Müller", ("mull", "jur"), ["Jür", "Müll"]),
        ("Straße 7", ("strasse",), ["Straße"]),
        ("nana", ("na", "an"), ["nana"]),
        ("Ana", ("x",), []),
    ],
)
def test_where_words_stand_in_a_text(text: str, words: tuple[str, ...], stretches: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, words)] == stretches


# --- moving


async def test_the_list_stops_at_its_ends(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, PEOPLE)
        await pilot.press("up", "pageup", "home")
        await wait_until(lambda: at(picker) == PEOPLE[0])
        await pilot.press("end", "down", "pagedown")
        await wait_until(lambda: at(picker) == PEOPLE[-1])
        await pilot.press("home", "down", "down", "up", "enter")
        await wait_until(lambda: answers == [1])


async def test_a_click_chooses(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        _picker, answers = await picking(pilot, PEOPLE)
        await pilot.click(PickList, offset=(6, 2))
        await wait_until(lambda: answers == [2])


async def test_the_wheel_moves_the_cursor_and_stops(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, _answers = await picking(pilot, PEOPLE)
        pick_list = picker.query_one(PickList)
        for _turn in range(len(PEOPLE) + 2):
            pick_list.post_message(events.MouseScrollDown(pick_list, 1, 1, 0, 1, 0, False, False, False))
        await wait_until(lambda: at(picker) == PEOPLE[-1])


# --- what may stand in it


async def test_hostile_labels_are_shown_as_they_are(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, [*HOSTILE, "plain"], title=" ".join(HOSTILE[:-1]))
        assert_clean(pilot.app)
        assert "[ACME] Ltd [bold]x[/bold] $error" in text_of(pilot.app)
        assert any("long long" in line and line.rstrip(" │").endswith("…") for line in lines_of(pilot.app))
        await arrive(pilot.app, "evil ltd")
        await wait_until(lambda: at(picker).startswith("Evil ␛"))
        assert_clean(pilot.app)
        await pilot.press("enter")
        await wait_until(lambda: answers == [2])


async def test_a_long_list_keeps_its_size_and_its_cursor_in_sight(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, [f"Member {number:04d}" for number in range(5_000)], 2_500)
        region = picker.query_one(".picker").region
        assert at(picker) == "Member 2500"
        assert text_of(pilot.app).count(" ↑") == 2  # the sign that the list goes on, and the key in the hint
        await pilot.press("end")
        await wait_until(lambda: at(picker) == "Member 4999")
        await arrive(pilot.app, "4321")
        await wait_until(lambda: at(picker) == "Member 4321")
        assert shown(picker) == 1
        assert picker.query_one(".picker").region == region
        await pilot.press("enter")
        await wait_until(lambda: answers == [4321])


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_choice_is_in_sight_in_small_terminals(firm: str, running: Running, size: tuple[int, int]) -> None:
    title = "What becomes of client type “Sociedad de responsabilidad limitada”?"
    labels = [*PEOPLE, "A label that is longer than a small terminal is wide, and has a word at its end: last"]
    async with running(firm, size=size) as pilot:
        picker, _answers = await picking(pilot, labels * 3, 23, title)
        assert at(picker).startswith("A label that is longer")
        assert_dialog_snapshot(pilot.app, f"picker_{size[0]}x{size[1]}")
        await arrive(pilot.app, "last")
        await wait_until(lambda: shown(picker) == 3)
        assert at(picker).startswith("A label that is longer")
        await pilot.resize_terminal(40, 12)
        await wait_until(lambda: picker.query_one(".picker").region.bottom <= 12)
        assert at(picker).startswith("A label that is longer")


async def test_a_long_question_leaves_room_for_the_list(firm: str, running: Running) -> None:
    async with running(firm, size=(40, 12)) as pilot:
        picker, _answers = await picking(pilot, PEOPLE, 6, "Who takes " + "long " * 2_000 + "?")
        assert at(picker) == "Unassigned"
        assert "esc leaves" in text_of(pilot.app)


# --- the client that is looked for


@pytest.mark.parametrize(
    ("keys", "name"),
    [("pena sa\r", "Construcciones Peña SA"), (f"c-0002{DOWN}\r", "Fundación Árbol"), ("smith\r", "Smith [/] Co")],
)
async def test_a_client_is_the_one_that_the_typed_text_finds(firm: str, running: Running, keys: str, name: str) -> None:
    async with running(firm) as pilot:
        answers: list[Any] = []
        await pilot.app.push_screen(FindClient("Which client?"), answers.append)
        await wait_until(lambda: pilot.app.focused is not None)
        await arrive(pilot.app, keys)
        await wait_until(lambda: answers)
        assert answers == [named(firm, name).id]


async def test_where_no_client_fits_enter_says_so(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        answers: list[Any] = []
        await pilot.app.push_screen(FindClient("Which client?"), answers.append)
        await wait_until(lambda: pilot.app.focused is not None)
        await arrive(pilot.app, "xyz\r")
        await told(pilot, "No client has “xyz”.")
        assert not answers


async def test_clients_that_cannot_be_read_are_not_taken_for_others(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(firm) as pilot:
        answers: list[Any] = []
        finder = FindClient("Which client?")
        await pilot.app.push_screen(finder, answers.append)
        await counted(finder)

        def unreadable(*_arguments: object) -> None:
            raise refuse("not_a_firm", path="firm.db")

        monkeypatch.setattr(clients, "window", unreadable)
        await arrive(pilot.app, "pena\r")
        await told(pilot, "The clients cannot be read now.")
        assert not answers
        monkeypatch.undo()
        await arrive(pilot.app, " sa\r")
        await wait_until(lambda: answers == [named(firm, "Construcciones Peña SA").id])


async def test_a_click_takes_a_client(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        answers: list[Any] = []
        finder = FindClient("Which client?")
        await pilot.app.push_screen(finder, answers.append)
        await counted(finder)
        await pilot.click(finder.table, offset=(0, 2))
        await wait_until(lambda: answers)
        assert answers == [named(firm, "Construcciones Íñigo").id]


# --- everywhere the same


class Place(NamedTuple):
    """Where a picker opens: how to get there, and what was chosen; the keys come in one go."""

    arrange: Callable[[Pilot[int], str, Path], Awaitable[Callable[[], object]]]
    keys: str
    chosen: object


async def the_list(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    screen = pilot.app.screen
    await counted(screen)
    assert isinstance(screen, ClientList)
    return lambda: {f"{name}={value}" for name, value in screen.query_now._asdict().items()}


def form(field: str) -> Callable[[Pilot[int], str, Path], Awaitable[Callable[[], object]]]:
    async def arrange(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
        screen, _answers = await open_form(pilot)
        chooser(screen, field).focus()
        await wait_until(lambda: screen.focused is chooser(screen, field))
        return lambda: {chooser(screen, field).value}

    return arrange


async def the_plan(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    with at_work(firm) as session:
        plan.put_on_plan(session, named(firm, "Müller").id, "plus")
    screen = PlanScreen(None)
    await pilot.app.push_screen(screen)
    await counted(screen)
    names = ("Müller", "Construcciones Peña SA")
    return lambda: {screen._query.sort, *(named(firm, name).values["subscription"] for name in names)}


async def new_leads(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    team = TeamScreen()
    await pilot.app.push_screen(team)
    await go_to(await counted(team), "Luis")
    await pilot.press("x")
    await wait_until(lambda: isinstance(pilot.app.screen, ReassignScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ReassignScreen)
    await counted(screen)
    return lambda: {screen.table.everyone_to, *screen.table.each.values()} - {None}


async def settings(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    screen = SettingsScreen()
    await pilot.app.push_screen(screen)
    await go_to(await counted(screen), "Upload limit")
    return lambda: {screen.gateway.firm.upload_limit}


def file_line(name: str) -> Callable[[Pilot[int], str, Path], Awaitable[Callable[[], object]]]:
    async def arrange(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
        step = await file_step(pilot, clients_file(folder))
        line = step.query_one(f"#{name} Chooser", Chooser)
        await wait_until(lambda: line.display and len(line.options) > 1)
        line.focus()
        await wait_until(lambda: step.focused is line)
        return lambda: {line.value}

    return arrange


async def columns(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    with at_work(firm) as session:
        imports.save_mapping(session, "Gestoría", {"columns": {"Display name": "website"}})
        imports.save_mapping(session, "Ártica", {"columns": {"Display name": "notes"}})
    step = await columns_step(pilot, clients_file(folder))
    return lambda: {step.setup.columns[0], f"by {step.setup.key}"}


async def deleting(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    await columns(pilot, firm, folder)

    def question() -> object:
        lines = text_of(pilot.app) if isinstance(pilot.app.screen, Confirm) else ""
        return {each for each in ("Gestoría", "Ártica") if f"Delete the mapping {each}?" in lines}

    return question


async def names(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    importing = await read(pilot, clients_file(folder))
    await importing.judge()
    step = ImportNamesStep()
    await pilot.app.push_screen(step)
    await counted(step)
    return lambda: {*step._setup.types.items(), *step._setup.leads.items()}


async def judged(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    step = await plan_step(pilot, clients_file(folder))
    await wait_for(pilot.app, "1 row looks like a client")
    step.table.move_to(2)
    await wait_until(lambda: step.table.cursor_id is not None)

    def chosen() -> object:
        setup = step.importing.setup
        assert setup is not None
        return {step._verdict, *(each.partition(":")[0] for each in setup.duplicates.values())}

    return chosen


async def report(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    step = await report_step(pilot, numbers_file(firm, folder))
    return lambda: {step.error_log.code}


PLACES = {
    "filter by type": Place(the_list, "tindiv\r", "client_type=Individual"),
    "filter by lead": Place(the_list, "wluis\r", "lead=Luis Ortega"),
    "filter by lead, none": Place(the_list, "wassig\r", "lead="),
    "filter by status": Place(the_list, "sINACT\r", "status=inactive"),
    "order": Place(the_list, "omail\r", "sort=email"),
    "form: type": Place(form("client_type"), "\rtrust\r", "Trust"),
    "form: type, at once": Place(form("client_type"), "nonpro\r", "Nonprofit"),
    "form: lead, at once": Place(form("lead"), "luis\r", "Luis Ortega"),
    "plan: order": Place(the_plan, "onumb\r", "client_number"),
    "plan: subscription": Place(the_plan, "sessen\r", "essentials"),
    "plan: put on": Place(the_plan, "apena sa\rledger\r", "ledger"),
    "new lead for all": Place(new_leads, "ajur\r", "Jürgen Müller"),
    "new lead for one": Place(new_leads, "\rmuller\r", "Jürgen Müller"),
    "new lead for the marked": Place(new_leads, "  \rolg\r", "Olga Nowak"),
    "setting": Place(settings, "eany size\r", False),
    "import: encoding": Place(file_line("encoding"), "1252\r", "windows-1252"),
    "import: delimiter": Place(file_line("delimiter"), "\rsemi\r", ";"),
    "import: field": Place(columns, "\rphone\r", "phone"),
    "import: key": Place(columns, "udisplay\r", "by display_name"),
    "import: mapping": Place(columns, "oartica\r", "notes"),
    "import: mapping to delete": Place(deleting, "Dgesto\r", "Gestoría"),
    "import: unknown type": Place(names, "\rindivid\r", ("Autónomo", "Individual")),
    "import: all unknown types": Place(names, "atrust\r", ("Sociedad", "Trust")),
    "import: unknown lead": Place(names, "G\rluis\r", ("M. Pérez", "Luis Ortega")),
    "import: unknown lead, none": Place(names, "G\rempty\r", ("M. Pérez", "")),
    "import: rows": Place(judged, "frefus\r", "refused"),
    "import: likely duplicate": Place(judged, "dmerge\r", "merge"),
    "import: all likely duplicates": Place(judged, "Dmerge\r", "merge"),
    "import: reasons": Place(report, "fcompany id\r", "unknown_company_id"),
}


@pytest.mark.parametrize("place", PLACES)
async def test_keys_in_one_go_choose_what_they_say(firm: str, running: Running, tmp_path: Path, place: str) -> None:
    arrange, keys, wanted = PLACES[place]
    async with running(firm) as pilot:
        chosen = await arrange(pilot, firm, tmp_path)
        before = chosen()
        assert isinstance(before, set)
        assert wanted not in before
        await arrive(pilot.app, keys)
        await wait_until(lambda: wanted in chosen())  # type: ignore[operator]  # a set
        assert not isinstance(pilot.app.screen, Picker)


async def test_a_letter_on_a_closed_choice_takes_nothing_before_enter(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        lead = chooser(screen, "lead")
        first = lead.value
        lead.focus()
        await pilot.press("u")
        await wait_until(lambda: isinstance(pilot.app.focused, PickerLine))
        assert "▌  Unassigned" in text_of(pilot.app)
        assert lead.value == first
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        assert lead.value == first
        assert screen.focused is lead

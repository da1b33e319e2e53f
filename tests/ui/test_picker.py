"""Pickers: what is typed narrows the list, the choice is seen before enter, and all places have the same one."""

from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from clientdesk.desk import clients
from clientdesk.domain.problems import refuse
from clientdesk.domain.search_words import spans
from clientdesk.ui.screens.find_client import FindClient
from clientdesk.ui.screens.picker import Choose, PickerLine
from clientdesk.ui.widgets.pick_list import PickList
from tests.ui.conftest import Running
from tests.ui.forms import assert_clean, named
from tests.ui.keys import DOWN, arrive
from tests.ui.people import counted, told
from tests.ui.screen import assert_snapshot, lines_of, text_of, wait_for, wait_for_lines, wait_until

PEOPLE = [
    "Ana García",
    "Apolonia Cluissard",
    "Jürgen Müller",
    "Łukasz Nowak",
    "Ortega Luis",
    "Olivia Brown",
    "Unassigned",
]


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
    line = next((line for line in lines_of(picker.app) if "▌" in line and "│" in line.split("▌")[0]), "")
    return line.partition("▌")[2].rpartition("│")[0].lstrip("• ").rstrip("↓↑ ")


def shown(picker: Choose) -> int:
    """How many labels are left."""
    return len(picker.query_one(PickList).labels_left)


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
        await wait_for(pilot.app, "▌• Jürgen Müller")


async def test_enter_means_what_is_typed_before_the_list_was_told_of_it(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, PEOPLE, 2)
        picker.query_one(PickerLine).value = "luis"
        picker.action_command("picker.choose")
        await wait_until(lambda: answers == [PEOPLE.index("Ortega Luis")])


async def test_where_nothing_fits_enter_takes_nothing_and_says_so(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, PEOPLE, 2)
        await arrive(pilot.app, "xyz")
        await wait_for(pilot.app, "Nothing here has “xyz”.")
        await assert_snapshot(pilot.app, "picker_nothing_80x24")
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


HOSTILE = (
    "Smith [/] Co",
    "[ACME] Ltd [bold]x[/bold] $error",
    "Evil \x1b]0;title\x07\x1b[31m Ltd\x00\x7f\x9b",
    "Turned \u202egnp.exe\u2066 \u200b\ufeffCo",
    "long " * 2_000,
)
"""Labels that break programs, each told from the others by a word."""


async def test_hostile_labels_are_shown_as_they_are(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, [*HOSTILE, "plain"], title=" ".join(HOSTILE[:-1]))
        assert_clean(pilot.app)
        await wait_for(pilot.app, "[ACME] Ltd [bold]x[/bold] $error")
        await wait_for_lines(
            pilot.app, lambda lines: any("long long" in line and line.rstrip(" │").endswith("…") for line in lines)
        )
        await arrive(pilot.app, "evil ltd")
        await wait_until(lambda: at(picker).startswith("Evil ␛"))
        assert_clean(pilot.app)
        await pilot.press("enter")
        await wait_until(lambda: answers == [2])


async def test_a_long_list_keeps_its_size_and_its_cursor_in_sight(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        picker, answers = await picking(pilot, [f"Member {number:04d}" for number in range(5_000)], 2_500)
        region = picker.query_one(".picker").region
        await wait_until(lambda: at(picker) == "Member 2500")
        await wait_until(lambda: text_of(pilot.app).count(" ↑") == 2)
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
        await wait_until(lambda: at(picker).startswith("A label that is longer"))
        await assert_snapshot(pilot.app, f"picker_{size[0]}x{size[1]}")
        await arrive(pilot.app, "last")
        await wait_until(lambda: shown(picker) == 3)
        await wait_until(lambda: at(picker).startswith("A label that is longer"))
        await pilot.resize_terminal(40, 12)
        await wait_until(lambda: picker.query_one(".picker").region.bottom <= 12)
        await wait_until(lambda: at(picker).startswith("A label that is longer"))


async def test_a_long_question_leaves_room_for_the_list(firm: str, running: Running) -> None:
    async with running(firm, size=(40, 12)) as pilot:
        picker, _answers = await picking(pilot, PEOPLE, 6, "Who takes " + "long " * 2_000 + "?")
        await wait_until(lambda: at(picker) == "Unassigned")
        await wait_for(pilot.app, "esc leaves")


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

"""The firm's server goes away and comes back: the screen stays alive, nothing typed is lost, nothing is written twice."""

import re
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from clientdesk.desk import clients
from clientdesk.desk.records import Stale
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import problem
from clientdesk.store.engines.sqlite import SqliteEngine
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens import base
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.download import Download
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.help import HelpScreen
from clientdesk.ui.screens.history import HistoryScreen
from clientdesk.ui.screens.import_columns import ImportColumnsStep
from clientdesk.ui.screens.import_file import ImportFileStep
from clientdesk.ui.screens.import_report import ImportReportStep
from clientdesk.ui.screens.imports import ImportsScreen
from clientdesk.ui.screens.list_columns import ColumnsScreen
from clientdesk.ui.screens.member_form import MemberForm
from clientdesk.ui.screens.own_fields import OwnFieldsScreen
from clientdesk.ui.screens.reassign import ReassignScreen
from clientdesk.ui.screens.row_edit import RowEdit
from clientdesk.ui.screens.save_conflict import ConflictScreen
from clientdesk.ui.screens.tags import TagsScreen
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.screens.work_templates import WorkTemplatesScreen
from clientdesk.ui.watching import Watch
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.path_input import PathInput
from clientdesk.ui.widgets.theirs_and_yours import Sides
from tests.terminal import Terminal
from tests.ui.conftest import Running
from tests.ui.forms import at_work, chooser, line, named, notices, open_form, put, shown
from tests.ui.imports import numbers_file, plain_clients, read, report_step
from tests.ui.people import counted, member, values_of
from tests.ui.screen import lines_of, text_of, wait_for, wait_for_lines, wait_until
from tests.ui.slow_store import busy
from tests.ui.watching import (
    Server,
    a_server,
    comes_back,
    fill,
    goes,
    line_is_there,
    looked,
    quiet,
    the_list,
    told_away,
)

NOT_SAVED = "does not answer. Nothing more was changed"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with a_server(monkeypatch) as server:
        yield server


# --- the list


async def test_a_line_says_since_when_and_goes_when_the_server_is_back(
    firm: str, running: Running, server: Server
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        assert not line_is_there(pilot.app)
        await goes(pilot, server)
        await wait_until(lambda: line_is_there(pilot.app))
        await wait_for(pilot.app, "No answer from the firm's server since ")
        await wait_for_lines(
            pilot.app, lambda lines: re.search(r"since \d\d:\d\d:\d\d; trying again every second\.", lines[-2])
        )
        with at_work_later(server, firm) as session:
            clients.add(session, {"display_name": "Águila Nueva"})
        await comes_back(pilot, server)
        await wait_until(lambda: not line_is_there(pilot.app))
        await wait_until(lambda: notices(pilot.app) == ["The firm's server is back."])
        await wait_for(pilot.app, "Águila Nueva")
        await wait_for(pilot.app, "9 of 10 clients")


class at_work_later:
    """Someone else is at work while our program still finds the server away: only their thread reaches it."""

    def __init__(self, server: Server, firm: str) -> None:
        self._server, self._work = server, at_work(firm)

    def __enter__(self) -> Session:
        self._server.reached_by = threading.get_ident()
        return self._work.__enter__()

    def __exit__(self, *exception: Any) -> None:
        self._work.__exit__(*exception)
        self._server.reached_by = None


async def test_the_control_that_listens_to_nobody_shows_no_line(
    firm: str, running: Running, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watch, "lost", lambda watch, error: None)
    async with running(firm) as pilot:
        await the_list(pilot)
        server.down = True
        await looked(pilot)
        assert not line_is_there(pilot.app)


async def _moves(pilot: Pilot[int], server: Server) -> None:
    """Moving in a list of 309 clients without the server: what is at hand is read, and nothing is told."""
    screen = await the_list(pilot)
    table = screen.table
    table.rows.move_to(20)
    await wait_until(lambda: table.rows.row_at(38) is not None)
    await quiet(pilot)
    await goes(pilot, server)
    await wait_for(pilot.app, "No answer from the firm's server since ")  # it takes a row from the table
    await pilot.press("pagedown")
    await wait_until(lambda: table.rows.cursor_row == 20 + table.height)
    await wait_for(pilot.app, "Client 0025")
    await wait_until(lambda: table.rows.cursor_id is not None)
    await pilot.press("G", "k", "k")
    await wait_until(lambda: table.rows.cursor_row == 305 and lines_of(pilot.app)[5].strip() == "…")
    assert table.rows.cursor_id is None
    assert not notices(pilot.app)


async def test_pages_at_hand_are_read_on_and_the_others_come_later(firm: str, running: Running, server: Server) -> None:
    fill(firm, 300)
    async with running(firm) as pilot:
        await _moves(pilot, server)
        await comes_back(pilot, server)
        await wait_until(lambda: lines_of(pilot.app)[5].strip().startswith("Client"))
        screen = await the_list(pilot)
        await wait_until(lambda: screen.table.rows.cursor_id is not None)
        assert screen.table.rows.cursor_row == 305


async def test_the_control_that_tells_every_read_is_a_flood(
    firm: str, running: Running, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "is_away", lambda refusal: False)
    fill(firm, 300)
    async with running(firm) as pilot:
        with pytest.raises(AssertionError):
            await _moves(pilot, server)


async def test_a_search_made_without_the_server_is_made_when_it_is_back(
    firm: str, running: Running, server: Server
) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await goes(pilot, server)
        screen.query_one(Find).value = "pena"
        await wait_for(pilot.app, "… of 9 clients · find “pena”")
        assert not notices(pilot.app)
        await comes_back(pilot, server)
        await wait_for(pilot.app, "1 of 9 clients · find “pena”")
        assert "Müller" not in text_of(pilot.app)


async def test_a_key_that_needs_the_server_is_told(firm: str, running: Running, server: Server) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await goes(pilot, server)
        for key in ("w", "x", "enter", "e"):
            pilot.app.clear_notifications()
            await pilot.press(key)
            await told_away(pilot)
            assert not notices(pilot.app)[1:]
            await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


async def test_nothing_on_the_screen_waits_while_a_connection_is_tried(
    firm: str, running: Running, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying, tried = threading.Event(), threading.Event()

    def slow(engine: SqliteEngine) -> None:
        trying.set()
        assert tried.wait(60)

    monkeypatch.setattr(SqliteEngine, "renew", slow)
    async with running(firm) as pilot:
        try:
            screen = await the_list(pilot)
            server.down = True
            screen.firm_changed(BY_YOU)
            await wait_until(trying.is_set)
            find = screen.query_one(Find)
            find.focus()
            find.insert_text_at_cursor("m")
            await wait_for(pilot.app, "Find m")
            screen.table.rows.move_to(3)
            await wait_until(lambda: lines_of(pilot.app)[6].startswith("▌"))
        finally:
            tried.set()


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_how_the_line_looks(
    firm: str, running: Running, server: Server, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(firm, size=size) as pilot:
        await the_list(pilot)
        await goes(pilot, server)
        await wait_for_lines(
            pilot.app,
            lambda lines: re.search(r"since \d\d:\d\d:\d\d", lines[-2]) and "8 of 9 clients" in lines[-3],
        )


# --- every other screen


def _screens(firm: str) -> dict[str, Callable[[], Screen[Any]]]:
    client = named(firm, "Müller").id
    return {
        "page": lambda: ClientPageScreen(client, ClientQuery()),
        "form": lambda: ClientFormScreen(client),
        "team": TeamScreen,
        "reassign": lambda: ReassignScreen(member(firm, "luis")),
        "settings": SettingsScreen,
        "fields": OwnFieldsScreen,
        "tags": TagsScreen,
        "templates": WorkTemplatesScreen,
        "history": HistoryScreen,
        "imports": ImportsScreen,
        "columns": ColumnsScreen,
        "help": lambda: HelpScreen(("list",)),
        "download": lambda: Download(ClientQuery(), ("display_name",), frozenset()),
        "import": ImportFileStep,
    }


SCREENS = (
    "page",
    "form",
    "team",
    "reassign",
    "settings",
    "fields",
    "tags",
    "templates",
    "history",
    "imports",
    "columns",
    "help",
    "download",
)


@pytest.mark.parametrize("name", SCREENS)
async def test_the_line_stands_on_every_screen(firm: str, running: Running, server: Server, name: str) -> None:
    screen = _screens(firm)[name]()
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.app.push_screen(screen)
        await quiet(pilot)
        await goes(pilot, server)
        await wait_for(pilot.app, "No answer from the firm's server since ")
        await wait_for_lines(pilot.app, lambda lines: lines[-2].startswith(" No answer from"))
        another = HelpScreen(())
        await pilot.app.push_screen(another)
        await wait_for(pilot.app, "No answer from the firm's server since ")
        await pilot.press("escape")
        await comes_back(pilot, server)
        await wait_until(lambda: pilot.app.screen is screen and not line_is_there(pilot.app))
        await wait_until(lambda: notices(pilot.app) == ["The firm's server is back."])


# --- forms keep what was typed


class Typed(NamedTuple):
    """Something that was typed into a screen and is saved by a key: what stands there, and what becomes of it."""

    key: str
    stands: Callable[[], object]
    saved: Callable[[], object]


Arrange = Callable[[Pilot[int], str], Awaitable[Typed]]


async def _added(pilot: Pilot[int], firm: str) -> Typed:
    form, answers = await open_form(pilot)
    put(form, display_name="New Client", email="new@client.example")
    return Typed("ctrl+s", lambda: line(form, "email").value == "new@client.example", lambda: answers)


async def _edited(pilot: Pilot[int], firm: str) -> Typed:
    client = named(firm, "Müller")
    form, answers = await open_form(pilot, client.id)
    put(form, email="my@mueller.example")
    return Typed("ctrl+s", lambda: line(form, "email").value == "my@mueller.example", lambda: answers == [client.id])


async def _settled(pilot: Pilot[int], firm: str) -> Typed:
    client = named(firm, "Müller")
    with at_work(firm) as session:
        theirs = clients.edit(session, client, {"email": "his@mueller.example"})
    screen = ConflictScreen(
        client, Stale(theirs, problem("stale", name="x")), {"email": "my@mueller.example", "city": "León"}
    )
    answers = await shown(pilot, screen, lambda: screen.query("Sides"))
    await pilot.press("down")  # the key that comes before the question was laid out is forgotten
    await wait_until(lambda: not pilot.app.obeying)  # type: ignore[attr-defined]
    screen.command_conflict_all_yours()
    return Typed(
        "ctrl+s", lambda: screen.query_one(Sides).yours == {"email", "city"}, lambda: answers and answers[0] is not None
    )


def _answer(app: App[Any], name: str) -> Answer:
    return app.screen.query_one(f"#{name}", Answer)


async def _member(pilot: Pilot[int], firm: str) -> Typed:
    screen = MemberForm(None)
    answers = await shown(pilot, screen, lambda: screen.focused is not None)
    _answer(pilot.app, "name").value = "Rosa Sanz"
    _answer(pilot.app, "login").value = "rosa"
    return Typed("ctrl+s", lambda: _answer(pilot.app, "login").value == "rosa", lambda: answers and answers[0])


async def _name(pilot: Pilot[int], firm: str) -> Typed:
    screen = SettingsScreen()
    await pilot.app.push_screen(screen)
    await counted(screen)
    await pilot.press("e")
    await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave) and pilot.app.screen.focused is not None)
    dialog = pilot.app.screen
    dialog.query_one(LineInput).value = "Ríos e Hijas"
    return Typed(
        "ctrl+s",
        lambda: dialog.query_one(LineInput).value == "Ríos e Hijas",
        lambda: lines_of(pilot.app)[0].startswith(" Ríos e Hijas") and pilot.app.screen is screen,
    )


async def _type(pilot: Pilot[int], firm: str) -> Typed:
    screen = SettingsScreen()
    await pilot.app.push_screen(screen)
    await counted(screen)
    await pilot.press("a")
    await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave) and pilot.app.screen.focused is not None)
    dialog = pilot.app.screen
    dialog.query_one(LineInput).value = "Farm"
    return Typed(
        "ctrl+s",
        lambda: dialog.query_one(LineInput).value == "Farm",
        lambda: pilot.app.screen is screen and any("Farm" in values for values in values_of(screen.table)),
    )


async def _columns(pilot: Pilot[int], firm: str) -> Typed:
    screen = ColumnsScreen()
    answers = await shown(pilot, screen, lambda: screen.columns)
    table = await counted(screen)
    table.rows.move_to(next(place for place, values in enumerate(values_of(table)) if values[1] == "City"))
    screen.command_columns_toggle()
    return Typed("ctrl+s", lambda: any(column.field == "city" for column in screen.columns), lambda: answers == [True])


FORMS: dict[str, Arrange] = {
    "add": _added,
    "edit": _edited,
    "conflict": _settled,
    "member": _member,
    "firm's name": _name,
    "client type": _type,
    "columns": _columns,
}


def _says(app: App[Any], sentence: str) -> bool:
    """Whether a sentence stands on the screen (in a dialog, however it is wrapped) or in a notification."""
    words = " ".join(re.sub(r"(?m)^.*?│(.*)│.*$", r"\1", text_of(app)).split())
    return sentence in words or any(sentence in notice for notice in notices(app))


@pytest.mark.parametrize("name", FORMS)
async def test_what_was_typed_stays_and_is_saved_when_the_server_is_back(
    firm: str, running: Running, server: Server, name: str
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        typed = await FORMS[name](pilot, firm)
        screen = pilot.app.screen
        await goes(pilot, server)
        await pilot.press(typed.key)
        await wait_until(lambda: _says(pilot.app, NOT_SAVED))
        await wait_until(lambda: not screen.under_way)  # type: ignore[attr-defined]
        assert pilot.app.screen is screen
        assert typed.stands()
        server.down = False  # not noticed yet: the first write works by itself
        await pilot.press(typed.key)
        await wait_until(typed.saved)


async def test_new_leads_that_were_chosen_stay(firm: str, running: Running, server: Server) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        screen = ReassignScreen(member(firm, "luis"))
        answers = await shown(pilot, screen, lambda: screen.table.rows.count == 2)
        screen.table.everyone_to = "Jürgen Müller"
        await goes(pilot, server)
        await pilot.press("ctrl+s")  # which asks first whether there is work to hand over
        await told_away(pilot)
        assert screen.table.everyone_to == "Jürgen Müller"
        await wait_for(pilot.app, "Smith [/] Co")
        await comes_back(pilot, server)
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)
        await pilot.press("y")
        await wait_until(lambda: answers == [True])
    assert not member(firm, "luis").active


async def test_a_download_keeps_its_answers(
    firm: str, running: Running, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        screen = Download(ClientQuery(), ("display_name",), frozenset())
        answers = await shown(pilot, screen, lambda: "8 clients →" in text_of(pilot.app))
        screen.query_one(PathInput).value = str(tmp_path / "out.csv")
        await goes(pilot, server)
        await pilot.press("ctrl+s")
        await wait_until(lambda: _says(pilot.app, "does not answer"))
        assert screen.query_one(PathInput).value == str(tmp_path / "out.csv")
        assert not (tmp_path / "out.csv").exists()
        await comes_back(pilot, server)
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers and answers[0] is not None)
    assert (tmp_path / "out.csv").exists()


async def test_what_could_not_be_chosen_can_be_when_the_server_is_back(
    firm: str, running: Running, server: Server
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await goes(pilot, server)
        await pilot.press("a")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen) and pilot.app.screen.query("#more"))
        form = cast(ClientFormScreen, pilot.app.screen)
        put(form, display_name="New Client")
        await comes_back(pilot, server)
        await wait_until(lambda: len(chooser(form, "lead").options) > 1)
        assert line(form, "display_name").value == "New Client"


# --- imports


async def test_a_file_is_read_when_the_server_is_back(
    firm: str, running: Running, server: Server, tmp_path: Path
) -> None:
    path = plain_clients(tmp_path, 3)
    async with running(firm) as pilot:
        await the_list(pilot)
        await goes(pilot, server)
        await pilot.press("I")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportFileStep) and pilot.app.screen.query(PathInput))
        step = pilot.app.screen
        step.query_one(PathInput).value = path
        await wait_until(lambda: _says(pilot.app, "does not answer"))
        assert step.query_one(PathInput).value == path
        await comes_back(pilot, server)
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportColumnsStep))


async def test_a_mended_row_waits_for_the_server(firm: str, running: Running, server: Server, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, RowEdit) and pilot.app.screen.focused is not None)
        list(pilot.app.screen.query(Answer))[1].value = "Smith [/] Co"
        await goes(pilot, server)
        await pilot.press("ctrl+s")
        await told_away(pilot)
        await wait_until(lambda: values_of(step.error_log.table)[0][2] == "Smith [/] Co")
        pilot.app.clear_notifications()
        await wait_for(pilot.app, "1 mended row waits for R")
        await comes_back(pilot, server)
        await pilot.press("R")
        await wait_until(lambda: any(notice.startswith("1 row is in now.") for notice in notices(pilot.app)))
    assert named(firm, "Smith").values["client_number"] == "C-00099"


async def test_an_import_that_was_cut_off_says_what_is_in(
    firm: str, running: Running, server: Server, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        importing = await read(pilot, plain_clients(tmp_path, 40))
        await importing.judge()
        server.cut = "lost"
        await importing.apply(cast(ClientdeskApp, pilot.app).import_ended)
        await pilot.app.push_screen(ImportReportStep())
        await wait_for(pilot.app, "Importing the file again completes it.")
        assert not [name for name in everyone(firm, server) if name.startswith("Nuevo")]


def everyone(firm: str, server: Server) -> list[str]:
    """The display names of all clients, read past the server that is away."""
    with at_work_later(server, firm) as session:
        rows = clients.window(session, ClientQuery(filters=()), ("display_name",), 0, 1_000)
        return [row.values[0] for row in rows]


# --- a save whose commit was under way


async def _cut(pilot: Pilot[int], server: Server, typed: Typed, becomes: str) -> Screen[Any]:
    """The server goes away while this is being committed; the screen that wanted to save it."""
    screen = pilot.app.screen
    server.cut = becomes
    await pilot.press(typed.key)
    await wait_until(lambda: _says(pilot.app, "The server went away just while change"))
    await wait_until(lambda: line_is_there(pilot.app) or screen.is_modal)
    assert pilot.app.screen is screen
    assert typed.stands()
    return screen


SAVES = ("add", "edit", "conflict", "member", "firm's name", "client type")


@pytest.mark.parametrize("name", SAVES)
async def test_a_save_that_arrived_closes_its_form(firm: str, running: Running, server: Server, name: str) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        typed = await FORMS[name](pilot, firm)
        screen = await _cut(pilot, server, typed, "saved")
        await comes_back(pilot, server)
        await wait_until(lambda: screen not in pilot.app.screen_stack)
        await wait_until(lambda: notices(pilot.app))


@pytest.mark.parametrize("name", SAVES)
async def test_a_save_that_was_lost_is_told_and_can_be_made_again(
    firm: str, running: Running, server: Server, name: str
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        typed = await FORMS[name](pilot, firm)
        screen = await _cut(pilot, server, typed, "lost")
        await comes_back(pilot, server)
        sentence = "What was being saved is not saved; what you typed is still there."
        await wait_until(lambda: any(sentence in notice for notice in notices(pilot.app)))
        assert pilot.app.screen is screen
        assert typed.stands()
        await pilot.press(typed.key)
        await wait_until(typed.saved)


async def _twice(pilot: Pilot[int], firm: str, server: Server) -> int:
    """Saves again before it is known what became of the first save; how many such clients there are."""
    typed = await _added(pilot, firm)
    await _cut(pilot, server, typed, "saved")
    server.down = False  # not noticed yet
    await pilot.press(typed.key)
    await looked(pilot)
    await wait_until(lambda: pilot.app.gateway.away is None)  # type: ignore[attr-defined]
    await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
    with at_work(firm) as session:
        return clients.count(session, ClientQuery(find="new@client.example"))


async def test_nothing_is_written_twice(firm: str, running: Running, server: Server) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        assert await _twice(pilot, firm, server) == 1


async def test_the_control_without_the_guard_writes_twice(
    firm: str, running: Running, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gateway, "unsure", property(lambda gateway: None, lambda gateway, value: None), raising=False)
    async with running(firm) as pilot:
        await the_list(pilot)
        assert await _twice(pilot, firm, server) == 2


async def test_what_was_typed_after_a_save_that_arrived_stays(firm: str, running: Running, server: Server) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        typed = await _edited(pilot, firm)
        form = cast(ClientFormScreen, await _cut(pilot, server, typed, "saved"))
        async with busy(form):  # it has not noticed what was typed
            put(form, phone="+49 30 7654321")
            await comes_back(pilot, server)
            await wait_until(lambda: _says(pilot.app, "What was being saved is saved."))
            await pilot.app.gateway.run(int)  # type: ignore[attr-defined] # what was asked of the server before is answered
        await wait_until(lambda: form.unsaved() == "Not saved: Phone")
        assert pilot.app.screen is form
        assert line(form, "phone").value == "+49 30 7654321"
        await pilot.press("ctrl+s")
        await wait_until(lambda: form not in pilot.app.screen_stack)
    saved = named(firm, "Müller").values
    assert (saved["email"], saved["phone"]) == ("my@mueller.example", "+49 30 7654321")


# --- the start


@pytest.mark.thorough("terminals")
@pytest.mark.parametrize(
    ("code", "sentence"),
    [("server_unreachable", "No server answers at"), ("no_firm_on_server", "clientdesk firm create postgresql://")],
)
def test_a_server_that_cannot_be_used_is_one_sentence(code: str, sentence: str) -> None:
    start = (
        "import sys; from clientdesk.desk import opening; from clientdesk.domain.problems import *\n"
        f"def refused(location, login=None): raise FirmUnusable(problem({code!r}, place=location))\n"
        "opening.open_firm = refused\n"
        "from clientdesk.ui.start import run_app; sys.exit(run_app('postgresql://db.example/rios'))"
    )
    with Terminal([sys.executable, "-c", start], 80, 24) as terminal:
        terminal.wait(lambda lines: sentence in " ".join("".join(lines).split()))
        assert terminal.wait_for_end() == 1
        text = "\n".join(terminal.lines())
        assert "Traceback" not in text
        assert "Create one there?" not in text

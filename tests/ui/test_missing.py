"""The screen that says why a client is missing: its answers, their keys, and where these lead."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, imports, missing, undoing
from clientdesk.desk.imports.import_records import Logged
from clientdesk.domain.filters import ACTIVE, Filter, Op
from clientdesk.domain.problems import problem
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.history import HistoryRowsScreen
from clientdesk.ui.screens.imports import KeptLogScreen
from clientdesk.ui.screens.missing import MissingScreen
from clientdesk.ui.widgets.filter_bar import Find
from tests.ui.conftest import Running
from tests.ui.forms import at_work
from tests.ui.screen import assert_snapshot, wait_for, wait_until, wait_words
from tests.ui.slow_store import a_slow_store
from tests.ui.test_list import list_of, settled


async def looking_for(pilot: Pilot[int], text: str) -> MissingScreen:
    """The screen, opened from the list, with the answers about a text."""
    await settled(pilot)
    await pilot.press("M")
    await wait_until(lambda: isinstance(pilot.app.screen, MissingScreen))
    screen = pilot.app.screen
    assert isinstance(screen, MissingScreen)
    screen.query_one(Find).value = text
    await wait_for(pilot.app, "Looked through:" if len(text) <= missing.LONGEST else "501 characters")
    return screen


async def goes_to(pilot: Pilot[int], name: str) -> None:
    """The list is there, with the cursor on a client."""
    await wait_until(lambda: pilot.app.screen is list_of(pilot))
    await settled(pilot)
    await wait_until(lambda: (row := list_of(pilot).rows.current) is not None and name in row.values)


async def test_what_hides_a_client_is_taken_off_and_the_cursor_goes_to_it(firm: str, running: Running) -> None:
    of_smith = Filter("email", Op.STARTS, ("smith",))
    async with running(firm) as pilot:
        await settled(pilot)
        list_of(pilot).shown.filter_by(filters=(ACTIVE, of_smith), find="smith")
        list_of(pilot).query_one(Find).value = "smith"
        await looking_for(pilot, "peña")
        await wait_words(pilot.app, "It is hidden by “E-mail starts with “smith””, the search “smith”.")
        await pilot.press("enter")  # as something was searched, the answers have the keys at once
        await goes_to(pilot, "Construcciones Peña SA")
        shown = list_of(pilot).shown.query
        assert (shown.filters, shown.find, list_of(pilot).query_one(Find).value) == ((ACTIVE,), "", "")


async def test_from_an_empty_list_to_an_inactive_client(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        list_of(pilot).shown.filter_by(find="zoe lefevre")
        await wait_for(pilot.app, "M tells why a client is missing.")
        await pilot.press("M")
        await wait_words(pilot.app, "by Ana García. enter: Takes off what hides it, and goes to the client.")
        await pilot.press("enter")
        await goes_to(pilot, "Zoë Lefèvre")
        assert list_of(pilot).shown.query.filters == ()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_pictures(firm: str, running: Running, size: tuple[int, int]) -> None:
    with at_work(firm, "ana") as session:
        clients.add(session, {"display_name": "Construcciones " + "Íñigo y " * 20, "client_number": "C-00099"})
        clients.add(session, {"display_name": "\u202b[/] Íñigo [bold]Co"})
    async with running(firm, size=size) as pilot:
        await settled(pilot)
        await pilot.press("M")
        await wait_for(pilot.app, "Type a name or a number")
        await assert_snapshot(pilot.app, f"missing-nothing-typed-{size[0]}x{size[1]}")
        pilot.app.screen.query_one(Find).value = "iñigo"
        await wait_for(pilot.app, "Looked through:")
        await assert_snapshot(pilot.app, f"missing-in-the-list-{size[0]}x{size[1]}")


async def test_gone_and_refused_ones_lead_to_the_history_and_to_the_error_log(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        clients.delete(session, clients.add(session, {"display_name": "Borrada SL"}))
        run = imports.begin_run(session, "clients", "/in/list.csv", 3)
        wrong = problem("email", "email", reason="no @")
        log = [(place, Logged(place + 1, (("Display name", f"Rechazada {place}"),), wrong)) for place in (1, 2, 3)]
        imports.end_run(session, run, "done", {"refused": 3}, log)
    async with running(firm) as pilot:
        screen = await looking_for(pilot, "borrada")
        await wait_words(pilot.app, "by Ana García. enter: Shows the change in the history.")
        await pilot.press("enter", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryRowsScreen))
        await wait_for(pilot.app, "Borrada SL", "Display name")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        screen.query_one(Find).value = "rechazada 3"
        await wait_for(pilot.app, "refused: list.csv, line 4")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))
        log_screen = pilot.app.screen
        assert isinstance(log_screen, KeptLogScreen)
        await wait_until(lambda: (row := log_screen.error_log.current) is not None and row.line == 4)


async def test_one_that_was_taken_back_is_done_again(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        clients.add(session, {"display_name": "Deshecha SL"})
        plan = undoing.latest(session)
        assert plan is not None
        undoing.undo(session, plan)
    async with running(firm) as pilot:
        await looking_for(pilot, "deshecha")
        await wait_words(pilot.app, "Shows the change; u takes it back.")
        await pilot.press("enter", "u")
        await wait_for(pilot.app, "Redo “Client added”?")
        await pilot.press("y")
        await wait_for(pilot.app, "in the list")


async def test_one_that_nobody_ever_had_can_be_added(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await looking_for(pilot, "Zubizarreta")
        await wait_words(pilot.app, "Nobody here was ever called so. Looked through: 9 clients.")
        await pilot.press("enter", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))


async def test_a_key_typed_ahead_means_the_answers_about_all_that_was_typed(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("M")
        await wait_for(pilot.app, "Type a name or a number")
        find = pilot.app.screen.query_one(Find)
        await wait_until(lambda: find.has_focus)
        with a_slow_store(monkeypatch) as store:
            store.hold()
            for key in (*"peña", "enter", "enter"):
                pilot.app.simulate_key(key)
            await wait_until(lambda: find.value == "peña")
        await goes_to(pilot, "Construcciones Peña SA")


async def test_esc_goes_back_and_the_list_is_as_it_was(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        before = list_of(pilot).shown.query
        screen = await looking_for(pilot, "x" * (missing.LONGEST + 1))
        screen.query_one(Find).value = "\x1b\x00 peña"
        await wait_for(pilot.app, "in the list")
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert list_of(pilot).shown.query == before


async def test_the_view_that_hides_a_client_is_named(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("4")
        await wait_for(pilot.app, "› Without a number")
        await looking_for(pilot, "acme")
        await wait_for(pilot.app, "hidden by the view “Without a number”")
        await wait_words(pilot.app, "It is hidden by the view “Without a number” (“Number is empty”).")

"""The firm's history: change sets, the rows of one, the fields of a row, and the filters."""

import re
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from clientdesk.desk import change_sets, clients, firm_settings, team, undoing
from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE, title
from clientdesk.desk.change_words import fields_in_words
from clientdesk.desk.records import Change
from clientdesk.desk.session import Session
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.text import local_time
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.history import HistoryFieldsScreen, HistoryRowsScreen, HistoryScreen, change_in_words
from clientdesk.ui.widgets import growing_window, history_rows
from clientdesk.ui.widgets.history_view import ChangeLines
from clientdesk.ui.widgets.line_layout import fit, lay_out
from tests.many import add_many
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, change, named, plant
from tests.ui.people import counted, member, plant_name
from tests.ui.screen import lines_of, text_of, wait_for, wait_for_lines, wait_until


@pytest.fixture
def in_madrid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The computer stands in Madrid."""
    monkeypatch.setenv("TZ", "Europe/Madrid")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_what_was_erased_is_said_in_place_of_its_fields() -> None:
    erased = Change(1, "2026-11-03T10:00:00+00:00", "Ana", "client.edited", "Edited", "update", (), erased=True)
    lines = ChangeLines()
    lines.show([erased], more=False)
    for text in (change_in_words(erased, 40).plain, fields_in_words(erased), lines.render().plain):
        assert "What it said was erased." in text


async def opened(pilot: Pilot[int]) -> HistoryScreen:
    """The history, read."""
    screen = HistoryScreen()
    await pilot.app.push_screen(screen)
    await counted(screen)
    await wait_until(lambda: screen.table.rows.count)
    return screen


@pytest.mark.usefixtures("in_madrid")
def test_moments_are_local_and_have_one_form() -> None:
    assert local_time("2031-01-05T23:30:00.125+00:00") == "2031-01-06 00:30"
    assert local_time("2031-07-05T22:03:00+00:00") == "2031-07-06 00:03"


async def test_a_change_with_its_fields(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), email="new@mueller.example", notes="")
    async with running(firm) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Client edited: Müller & Söhne GmbH")
        wanted = ("Client edited", "Müller & Söhn", "Luis Ortega")
        await wait_for_lines(pilot.app, lambda lines: all(words in lines[3] for words in wanted))
        await wait_for(pilot.app, "E-mail                  info@mueller.example → new@mueller.example")


async def test_team_changes_are_told_in_words(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        luis = member(firm, "luis")
        team.save_member(session, luis, {"email": "luis@rios.example"})
        team.offer_primary_admin(session, luis.id)
    async with running(firm) as pilot:
        screen = await opened(pilot)
        await wait_for(pilot.app, "Primary admin's role offered: Ríos y Asociados")
        await wait_for(pilot.app, "(empty) → Luis Ortega")
        screen.table.rows.move_to(1)
        await wait_for(pilot.app, "(empty) → luis@rios.example")


async def test_what_was_added_is_told_without_arrows(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        screen.table.rows.move_to(1)
        await wait_for(pilot.app, "Client added: Zoë Lefèvre")
        assert "→" not in text_of(pilot.app)


async def test_enter_goes_from_a_change_to_its_rows_to_their_fields_to_the_client_and_esc_back(
    firm: str, running: Running
) -> None:
    with at_work(firm, "ana") as session:
        add_many(session, ({"display_name": f"Client {number:04}", "notes": "n " * 900} for number in range(300)))
    async with running(firm) as pilot:
        await pilot.press("H")
        await wait_for(pilot.app, "Clients imported: 300 rows")
        await wait_for_lines(pilot.app, lambda lines: sum("Clients imported" in line for line in lines[3:12]) == 1)
        await pilot.press("enter")
        await wait_for(pilot.app, "Client 0298")
        await wait_for(pilot.app, "300 rows")
        await pilot.press("down", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryFieldsScreen))
        await wait_for(pilot.app, "Clients imported: Client 0298")
        await pilot.press("end")
        await wait_for(pilot.app, "n n n")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientPageScreen))
        for level in (HistoryFieldsScreen, HistoryRowsScreen, HistoryScreen, ClientList):
            await pilot.press("escape")
            await wait_until(partial(lambda level: isinstance(pilot.app.screen, level), level))


async def test_capital_g_reads_on_to_the_first_change(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_rows, "FIRST", 30)
    monkeypatch.setattr(growing_window, "FAR", 40)
    client = named(firm, "Müller")
    with at_work(firm, "ana") as session:
        for number in range(120):
            client = clients.edit(session, client, {"notes": str(number)})
        total = sum(1 for _line in change_sets.all_lines(session))
    async with running(firm) as pilot:
        screen = HistoryScreen()
        await pilot.app.push_screen(screen)
        await wait_for(pilot.app, "so far · older ones follow")
        assert screen.table.rows.total < total, "what is far away is not looked for"
        await pilot.press("G")
        await wait_for(pilot.app, f"{total} changes")
        await wait_until(lambda: screen.table.rows.cursor_row == total - 1)
        await wait_for(pilot.app, "Firm created")
        screen.table.rows.move_to(60)
        await wait_for(pilot.app, "58 → 59")
        change(firm, client, email="new@mueller.example")
        await pilot.press("r")
        await wait_until(lambda: screen.table.rows.cursor_row == 61)  # the cursor stays on its change


async def test_words_and_filters_and_what_takes_them_off(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), email="new@mueller.example")
    with at_work(firm, "ana") as session:
        add_many(session, ({"display_name": f"Zaragoza {number}" if number == 7 else "Other"} for number in range(30)))
    async with running(firm, size=(120, 40)) as pilot:
        screen = await opened(pilot)
        total = screen.table.rows.total
        await pilot.press("slash", *"sohne", "escape")
        await wait_for(pilot.app, "2 changes · find “sohne”")
        await wait_for_lines(pilot.app, lambda lines: "Client edited" in lines[3])
        await pilot.press("escape")
        await wait_for(pilot.app, f"{total} changes")
        await pilot.press("slash", *"zaragoza", "escape")
        await wait_for(pilot.app, "Zaragoza 7, of 30 rows")
        await pilot.press("enter")
        await wait_for(pilot.app, "1 of 30 rows · find “zaragoza”")
        await wait_for_lines(pilot.app, lambda lines: lines[1].endswith("Find zaragoza"))
        await pilot.press("escape")  # takes the words off
        await wait_for(pilot.app, " 30 rows")
        await pilot.press("escape", "escape", "w", *"luis", "enter")
        await wait_for(pilot.app, "1 change · who Luis Ortega")
        await pilot.press("f", *"phone", "enter")
        await wait_for(pilot.app, "No change matches: who Luis Ortega · field Phone")
        await pilot.press("escape", "c", *"peña", "enter")
        await wait_for(pilot.app, "1 change · client Construcciones Peña SA")
        await pilot.press("escape", "t", *"made active", "enter")
        await wait_for(pilot.app, "No change matches: kind Team member made active")
        await pilot.press("escape", "d", *"other", "enter")
        await wait_for(pilot.app, "Which days?")
        await pilot.press(*"2001-02", "enter")
        await wait_for(pilot.app, "No change matches: dates 2001-02-01 – 2001-02-28")
        await pilot.press("escape", "escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


async def test_words_that_a_change_is_called_with_are_not_looked_for_in_its_rows(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        add_many(
            session,
            ({"display_name": f"Zürich {number}" if number == 7 else "Other"} for number in range(30)),
            file="i30000.csv",
        )
    async with running(firm, size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"imported I30000", "escape")
        await wait_for_lines(pilot.app, lambda lines: re.search(r"Clients imported +30 rows from i30000.csv", lines[3]))
        await pilot.press("enter")
        await wait_for_lines(pilot.app, lambda lines: lines[-2].strip() == "30 rows")
        assert "find “" not in text_of(pilot.app)
        await pilot.press("escape", "slash", *" clients Zürich", "escape")
        await wait_for(pilot.app, "Zürich 7, of 30 rows")
        await pilot.press("enter")
        await wait_for(pilot.app, "1 of 30 rows · find “Zürich”")


async def test_in_80_cells_imports_are_told_apart_and_cut_filters_leave_no_gap(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        add_many(session, ({"display_name": f"Client {number}"} for number in range(3)), file="first.csv")
        number = session.engine.change_set
        clients.edit(session, named(firm, "Client 1"), {"city": "Vigo"})
        undoing.undo(session, undoing.plan(session, number))
    async with running(firm) as pilot:
        screen = await opened(pilot)
        await wait_for(pilot.app, " Undone in part: Clients imported ")
        screen.table.rows.move_to(2)
        await wait_for(pilot.app, "Clients imported: 3 rows from first.csv")
        await pilot.press("enter")
        await wait_for_lines(pilot.app, lambda lines: re.search(r"History › \d{4}(-\d\d){2} \d\d:\d\d · ", lines[0]))
        await pilot.press("escape")
        screen.filter("2026-10-15 – 2026-11-03", since="2026-10-15")
        for number, name in enumerate(("Clinica de Vigo SA", "Clinic de Vigo SA", "Clinicas de Vigo SA")):
            screen.filter(name, client=number)
            await wait_for_lines(pilot.app, lambda lines: re.search(r"Clin.* d 2026-1.* Find any words", lines[1]))


async def test_r_reads_what_came_since(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        change(firm, named(firm, "Müller"), email="new@mueller.example")
        await pilot.press("r")
        await wait_for(pilot.app, "Client edited")


async def test_the_footer_says_what_its_keys_do_with_what_is_shown(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), email="new@mueller.example")
    with at_work(firm, "ana") as session:
        firm_settings.save(session, session.firm, {"name": "Ríos y Compañía"})
        undoing.undo(session, undoing.plan(session, session.engine.change_set))
    async with running(firm) as pilot:

        async def says(footer: str, *others: str) -> None:
            await wait_for_lines(pilot.app, lambda lines: lines and footer in lines[-1])
            assert not any(other in lines_of(pilot.app)[-1] for other in others)

        screen = await opened(pilot)
        await says("u Redo", "o Only this")  # of the settings
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryRowsScreen) and pilot.app.screen.table.rows.count)
        await says("u Redo", "o Only this")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryFieldsScreen))
        await says("u Redo", "enter Client")
        await pilot.press("escape", "escape")
        await wait_until(lambda: pilot.app.screen is screen)
        screen.table.rows.move_to(2)
        await wait_for(pilot.app, "new@mueller.example")
        await says("u Undo")
        await pilot.press("enter")
        await says("o Only this")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryFieldsScreen))
        await says("enter Client")


def test_what_lines_did_is_told_apart_in_80_cells() -> None:
    place = next(place for place in lay_out(history_rows.LINE_COLUMNS, 79) if place.column == 1)
    titles = [title(done, kind) for done in (UNDONE, REDONE) for kind in KINDS if not KINDS[kind].instead]
    in_part = [title(UNDONE, f"{kind} 1") for kind in KINDS if kind.startswith("client.") and not KINDS[kind].instead]
    shown = [fit(each, place.width) for each in (*titles, *in_part)]
    assert len(set(shown)) == len(shown) > 40
    assert fit("Undone: Client numbers uploaded", place.width).rstrip() == "Undone: Client numbers uploaded"


async def test_how_many_rows_a_line_has_is_never_cut(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        add_many(session, ({"display_name": f"Client {number}"} for number in range(1_234)), file="Ríos 2026.csv")
    async with running(firm) as pilot:
        await opened(pilot)
        line, pane = lines_of(pilot.app)[3], text_of(pilot.app)
        assert re.search(r"Clients imported +1,234 rows +Ana", line)
        assert "Clients imported: 1,234 rows from Ríos 2026.csv" in pane
        await pilot.resize_terminal(120, 40)
        await wait_until(lambda: "1,234 rows from Ríos 2026.csv" in lines_of(pilot.app)[3])


async def test_a_deleted_client_keeps_its_name_and_has_no_page(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        acme = named(firm, "[ACME]")
        clients.delete(session, acme)
    async with running(firm) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Client deleted permanently: [ACME] Ltd")
        await pilot.press("enter", "enter", "enter")
        await wait_for(pilot.app, "[ACME] Ltd was deleted")


async def test_the_changes_of_a_deleted_client_are_found_by_its_number_and_from_its_row(
    firm: str, running: Running
) -> None:
    acme, number = named(firm, "[ACME]"), named(firm, "Müller").values["client_number"]
    with at_work(firm, "ana") as session:
        acme = clients.edit(session, acme, {"client_number": f"{number}-X"})  # which Find finds nobody else by
        clients.delete(session, acme)
    async with running(firm) as pilot:
        screen = await opened(pilot)
        total = screen.table.rows.total
        await pilot.press("c", *f"{number}-x".lower())
        await wait_for(pilot.app, "Deleted")
        await pilot.press("enter")
        await wait_for(pilot.app, "3 changes · client [ACME] Ltd")
        await pilot.press("escape")
        await wait_for(pilot.app, f"{total} changes")
        await pilot.press("o")
        await wait_for(pilot.app, "3 changes · client [ACME] Ltd")
        await pilot.press("escape", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryRowsScreen))
        await pilot.press("o")
        await wait_for(pilot.app, "3 changes · client [ACME] Ltd")
        await pilot.press("c", *acme.values["company_id"], "enter")
        await wait_until(lambda: pilot.app.screen is screen and screen.asked.client == acme.id)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(firm: str, running: Running, name: str) -> None:
    plant_name(firm, "luis", name)
    plant(firm, named(firm, "Müller"), display_name=name, notes=name)
    async with running(firm, size=(120, 40)) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Client edited: ")
        assert_clean(pilot.app)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryRowsScreen))
        await wait_for(pilot.app, "changed")
        assert_clean(pilot.app)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryFieldsScreen))
        await wait_for(pilot.app, "Display name")
        assert_clean(pilot.app)


async def test_it_says_how_far_back_it_has_looked_and_esc_breaks_it_off(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, at = change_sets.find, "2019-03-02T10:00:00.000+00:00"

    def far(session: Session, asked: HistoryFilter, *rest: Any) -> change_sets.HistoryPiece:
        return change_sets.HistoryPiece((), change_sets.Place(5), at) if asked.words else find(session, asked, *rest)

    monkeypatch.setattr(change_sets, "find", far)
    async with running(firm) as pilot:
        total = (await opened(pilot)).table.rows.total
        await pilot.press("slash", *"quince")
        await wait_for(pilot.app, "0 so far · looking further back: 2019-03-02… · find “quince”")
        looking = "Looking further back: 2019-03-02…"
        await wait_for_lines(pilot.app, lambda lines: looking in [line.strip() for line in lines])
        await pilot.press("escape", "escape")
        await wait_for(pilot.app, f"{total} changes")

"""The client list: what it shows, what its keys do."""

from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, firm_settings, list_columns
from clientdesk.desk.opening import open_firm
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.commands import BY_ID, COMMANDS, bindings_for
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.screens.bulk_editing import BulkEditing
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.clients_openers import ListOpeners
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.history import HistoryRowsScreen, HistoryScreen
from clientdesk.ui.screens.imports import ImportsScreen
from clientdesk.ui.screens.marking import Marking
from clientdesk.ui.screens.pricing_plan import PlanStepsOfMany
from clientdesk.ui.screens.reassign import ReassignScreen
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.screens.shown_views import ShownViews
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.screens.transfer import TransferringClients
from clientdesk.ui.widgets.filter_bar import Find
from tests.ui.conftest import Running
from tests.ui.people import told, values_of
from tests.ui.screen import assert_snapshot, lines_of, text_of, wait_for, wait_for_lines, wait_until, wait_words
from tests.ui.slow_store import settled as obeyed


def list_of(pilot: Pilot[int]) -> ClientList:
    return cast(ClientList, pilot.app.screen_stack[0])


def names(pilot: Pilot[int]) -> list[str]:
    """The display names on the screen, from the top."""
    table = list_of(pilot).table
    place = table.columns.visible.index("display_name")
    return [values[place] for values in values_of(table)]


async def settled(pilot: Pilot[int]) -> None:
    """The list is counted and the cursor is on a row (or there is none)."""
    table = list_of(pilot).table
    await wait_until(lambda: table.rows.count is not None and list_of(pilot).totals is not None)
    await wait_until(lambda: table.rows.count == 0 or table.rows.cursor_id is not None)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_first_screen(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        await settled(pilot)
        await wait_for(pilot.app, "8 of 9 clients")
        await assert_snapshot(pilot.app, f"list_{size[0]}x{size[1]}")


async def test_at_80x24_there_is_room_for_17_clients(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        assert list_of(pilot).table.height >= 17


async def test_find_as_you_type_without_accents_or_case(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("slash")
        list_of(pilot).query_one(Find).value = "PENA constr"
        await wait_until(lambda: names(pilot) == ["Construcciones Peña SA"])
        await wait_for(pilot.app, "1 of 9 clients · find “PENA constr”")
        await wait_for(pilot.app, "esc back, again clears")


async def test_esc_leaves_find_and_esc_again_clears(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        list_of(pilot).query_one(Find).focus()
        list_of(pilot).query_one(Find).value = "muller"
        await wait_until(lambda: names(pilot) == ["Müller & Söhne GmbH"])
        await wait_for_lines(pilot.app, lambda lines: "esc Back to the list, esc again clears" in lines[-1])
        await pilot.press("escape")
        await wait_until(lambda: list_of(pilot).table.has_focus)
        assert names(pilot) == ["Müller & Söhne GmbH"]
        await pilot.press("escape")
        await wait_until(lambda: len(names(pilot)) == 8)
        assert list_of(pilot).query_one(Find).value == ""
        assert list_of(pilot).table.rows.current is not None
        assert "Müller & Söhne GmbH" in list_of(pilot).table.rows.current.values  # type: ignore[union-attr]


@pytest.mark.parametrize("key", ["enter", "down"])
async def test_enter_and_down_go_from_find_to_the_list(firm: str, running: Running, key: str) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        list_of(pilot).query_one(Find).focus()
        await pilot.press(key)
        await wait_until(lambda: list_of(pilot).table.has_focus)


async def test_letters_typed_into_find_are_no_commands(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("slash", "q", "x", "question_mark")
        await wait_until(lambda: list_of(pilot).query_one(Find).value == "qx?")
        assert len(pilot.app.screen_stack) == 1


async def test_what_is_pasted_into_find_cannot_steer_the_terminal(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        find = list_of(pilot).query_one(Find)
        find.focus()
        find.insert_text_at_cursor("\x1b[31mpe\x07ña\u202e")
        await wait_until(lambda: find.value == "[31mpeña")
        assert "\x1b" not in text_of(pilot.app)


async def test_no_match_says_why(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        list_of(pilot).query_one(Find).value = "[nobody]\x1b"
        await wait_for(pilot.app, "No client matches: find “[nobody]”")
        await wait_for(pilot.app, "Without the search: 8 active clients. esc clears the search.")


async def test_an_empty_list_says_that_inactive_clients_match(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("slash", *"lefevre")
        await wait_for(pilot.app, "No client matches: find “lefevre”")
        await wait_for(pilot.app, "1 inactive client matches: s shows it.")


async def test_an_empty_firm_says_how_to_begin(empty_firm: str, running: Running) -> None:
    async with running(empty_firm) as pilot:
        await wait_for(pilot.app, "a Add  ? Help")  # the footer offers nothing that needs a client
        await wait_for(pilot.app, "No clients yet.")
        await assert_snapshot(pilot.app, "list_empty_80x24")


async def test_filters_are_chosen_from_a_list(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await wait_for(pilot.app, "Unassigned")
        await assert_snapshot(pilot.app, "list_lead_80x24")
        await pilot.press("j", "enter")
        await wait_for(pilot.app, "2 of 9 clients · Lead is Jürgen Müller")
        assert sorted(names(pilot)) == ["Müller & Söhne GmbH", "Nguyễn Thị Mai"]


async def test_the_unassigned_are_a_filter(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await wait_for(pilot.app, "Unassigned")
        await pilot.press("u", "enter")
        await wait_for(pilot.app, "1 of 9 clients · Lead is empty")
        assert names(pilot) == ["山田商店"]


async def test_inactive_clients_are_told_by_a_word(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("s")
        await wait_for(pilot.app, "Inactive")
        await pilot.press("i", "enter")
        await wait_for(pilot.app, "(inactive) Zoë Lefèvre")
        await wait_for_lines(pilot.app, lambda lines: "x Activate" in lines[-1])


async def test_the_status_column_has_the_word_where_it_is_visible(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        await settled(pilot)
        list_of(pilot).shown.filter_by(filters=())
        await wait_until(lambda: len(names(pilot)) == 9)
        await wait_for_lines(pilot.app, lambda lines: any("Zoë" in line and "Inactive" in line for line in lines))
        assert "(inactive)" not in text_of(pilot.app)


async def test_the_cursor_stays_with_its_client_when_the_order_changes(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        table = list_of(pilot).table
        table.rows.move_to(3)
        chosen = table.rows.cursor_id
        list_of(pilot).shown.sort_by("lead")
        await wait_for(pilot.app, "Lead ▴")
        await wait_until(lambda: table.rows.cursor_id == chosen and table.rows.count == 8)
        list_of(pilot).shown.sort_by("lead")
        await wait_for(pilot.app, "Lead ▾")
        await wait_until(lambda: table.rows.cursor_id == chosen)


async def test_an_order_by_a_column_that_does_not_fit_is_told(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        list_of(pilot).shown.sort_by("email")
        await wait_for(pilot.app, "8 of 9 clients · by E-mail ▴")


async def test_a_header_click_sorts(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.click("ClientTable", offset=(4, 0))
        await wait_for(pilot.app, "Number ▴")
        await pilot.click("ClientTable", offset=(4, 0))
        await wait_for(pilot.app, "Number ▾")


async def test_marks_survive_a_search_and_a_refresh(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        table = list_of(pilot).table
        await pilot.press("space")
        marked = set(table.rows.marks)
        assert len(marked) == 1
        assert table.rows.cursor_row == 1
        await wait_for(pilot.app, "1 marked")
        list_of(pilot).query_one(Find).value = "muller"
        await wait_until(lambda: len(names(pilot)) == 1)
        list_of(pilot).firm_changed(BY_YOU)
        await settled(pilot)
        assert table.rows.marks == marked
        await pilot.press("U")
        await wait_until(lambda: not table.rows.marks)


async def test_a_change_from_outside_shows_after_a_refresh(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        session = open_firm(firm, "luis")
        clients.add(session, {"display_name": "Águila Nueva"})
        session.close()
        await pilot.press("f5")
        await wait_for(pilot.app, "Águila Nueva")
        await wait_for(pilot.app, "9 of 10 clients")


async def test_basic_access_is_refused_in_a_sentence(firm: str, running: Running) -> None:
    async with running(firm, "olga") as pilot:
        await settled(pilot)
        await pilot.press("a")
        await wait_for(pilot.app, "Your access (basic)")
        await wait_for(pilot.app, "add clients. Ask Ana García.")
        assert len(pilot.app.screen_stack) == 1


async def test_wide_terminals_show_the_client_beside_the_list(firm: str, running: Running) -> None:
    async with running(firm, size=(150, 40)) as pilot:
        await settled(pilot)
        await wait_for(pilot.app, "Client's primary admin")
        list_of(pilot).table.rows.move_to(list_of(pilot).table.rows.count or 0)
        await wait_until(lambda: text_of(pilot.app).count("山田商店") == 2)
        await pilot.resize_terminal(100, 40)
        await wait_until(lambda: "Client's primary admin" not in text_of(pilot.app))


async def test_the_notice_of_the_2000(firm: str, running: Running) -> None:
    session = open_firm(firm, "ana")
    firm_settings.save(session, session.firm, {"client_notice": "9"})
    session.close()
    async with running(firm, size=(100, 24)) as pilot:
        await wait_for(pilot.app, "QuickBooks Online Accountant holds 9 clients")


async def test_a_column_dragged_in_the_header_stays_there(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await wait_for_lines(pilot.app, lambda lines: "Type" in lines[2])
        header = lines_of(pilot.app)[2]
        await pilot.mouse_down("ClientTable", offset=(header.index("Type") + 1, 0))
        await pilot.mouse_up("ClientTable", offset=(4, 0))
        await wait_until(lambda: lines_of(pilot.app)[2].index("Type") < lines_of(pilot.app)[2].index("Number"))
    session = open_firm(firm, "ana")
    assert next(iter(list_columns.columns(session))).field == "client_type"
    session.close()


async def test_copying_says_what_was_copied(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("y")
        await told(pilot, "Sent to the terminal's clipboard: C-00021, [ACME] Ltd")
        assert pilot.app.clipboard == "C-00021\t[ACME] Ltd"


async def test_help_lists_the_keys_of_the_screen(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await wait_for(pilot.app, "Open the client's page.")
        await assert_snapshot(pilot.app, "list_help_80x24")
        await pilot.press("question_mark")
        await wait_until(lambda: len(pilot.app.screen_stack) == 1)


async def test_the_palette_finds_a_command_by_its_words(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("colon")
        await wait_until(lambda: len(pilot.app.screen_stack) == 2)
        await pilot.press(*"unmark")
        await wait_for(pilot.app, "Take all marks away.")


async def test_the_palette_stops_at_its_ends(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("colon")
        await wait_for(pilot.app, "Open the client's page.")
        await pilot.press("down", "up", "up", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientPageScreen))


async def test_q_ends_the_program(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("q")
        await wait_until(lambda: not pilot.app.is_running)
        assert pilot.app.return_value == 0


async def test_esc_never_quits(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("escape", "escape")
        await obeyed(pilot.app)
        assert pilot.app.is_running
        assert len(pilot.app.screen_stack) == 1


async def test_a_person_may_give_a_command_another_key(firm: str, running: Running, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"app.quit" = "Q"\n"list.find" = "f"\n')
    async with running(firm) as pilot:
        await settled(pilot)
        await wait_for_lines(pilot.app, lambda lines: "f Find" in lines[-1])
        await pilot.press("q")
        await obeyed(pilot.app)
        assert pilot.app.is_running
        await pilot.press("f")
        await wait_until(lambda: list_of(pilot).query_one(Find).has_focus)


def test_every_command_of_the_list_is_there() -> None:
    for command in COMMANDS:
        if "list" in command.scopes:
            assert any(
                callable(getattr(part, command.method, None))
                for part in (
                    *(ClientList, BulkEditing, ListOpeners, Marking),
                    *(PlanStepsOfMany, ShownClients, TransferringClients, ShownViews, ClientdeskApp),
                )
            )
        if "global" in command.scopes:
            assert callable(getattr(ClientdeskApp, command.method))


def test_a_click_on_the_cursors_row_is_a_command_of_each_screen_with_a_list() -> None:
    for screen in (ClientList, HistoryRowsScreen, HistoryScreen, ImportsScreen, ReassignScreen, SettingsScreen, TeamScreen):  # fmt: skip
        assert screen.SCOPE in BY_ID[screen.OPENS].scopes


@pytest.mark.parametrize("scope", sorted({scope for command in COMMANDS for scope in command.scopes}))
def test_no_key_means_two_things_on_one_screen(scope: str) -> None:
    # A screen may have a use of its own for a key that works everywhere (F1 in the form).
    scopes = ("list", "table", "global") if scope == "list" else (scope,)
    keys = [key for binding in bindings_for(*scopes) for key in binding.key.split(",")]  # type: ignore[union-attr]
    assert len(keys) == len(set(keys))
    assert not {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"} & set(keys)


async def test_a_click_on_a_filter_or_in_the_footer_is_its_command(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.click("Filters", offset=(lines_of(pilot.app)[1].index("Status") + 2, 0))
        await wait_for(pilot.app, "• Active")
        await pilot.press("escape")
        await wait_until(lambda: len(pilot.app.screen_stack) == 1)
        await pilot.click("FooterLine", offset=(lines_of(pilot.app)[-1].index("Find"), 0))
        await wait_until(lambda: list_of(pilot).query_one(Find).has_focus)


@pytest.mark.painted
@pytest.mark.parametrize("size", [(60, 14), (40, 10), (12, 4), (5, 2), (1, 1)])
async def test_no_terminal_is_too_small(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        await settled(pilot)
        await pilot.press("j", "l", "G")
        await pilot.resize_terminal(80, 24)
        await wait_for(pilot.app, "8 of 9 clients")


async def test_basic_access_is_offered_only_what_it_may_do(firm: str, running: Running) -> None:
    async with running(firm, "olga", size=(200, 50)) as pilot:
        await settled(pilot)
        await wait_for(pilot.app, "enter Open")
        footer = text_of(pilot.app).splitlines()[-1]
        assert "Columns" in footer
        assert not {"Add", "Edit", "Deactivate", "Change", "Repeat", "Undo"} & set(footer.split())
        await pilot.press("question_mark")
        await wait_for(pilot.app, "Open the client's page.")
        await pilot.press("end")
        await wait_words(pilot.app, "more commands are not for your access (basic): ask Ana García.")
        assert "client.add" not in text_of(pilot.app)

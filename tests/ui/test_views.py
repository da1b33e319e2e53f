"""Views on the screens: keys, the title, what is changed, saved, put back and taken back; the screen of all views."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import client_types, firm_settings, list_columns, undoing, view_changes, views
from clientdesk.domain.client_query import ClientQuery, Column, SortKey
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.problems import Refused
from clientdesk.domain.views import Layout, Owner
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.list_columns import ColumnsScreen
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.views import ViewsScreen
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.row_table import RowTable
from tests.ui.conftest import Running
from tests.ui.forms import assert_clean, at_work, notices
from tests.ui.people import counted, go_to, told, values_of
from tests.ui.screen import assert_snapshot, lines_of, text_of, wait_for, wait_for_lines, wait_until

BUSINESS = Filter("client_type", Op.IS, ("1",))
WIDE = (Column("display_name", 40), Column("city", 10))


def title(pilot: Pilot[int]) -> str:
    """What the title line says of the view."""
    return lines_of(pilot.app)[0].partition("›")[2].partition("  ")[0].strip()


async def titled(pilot: Pilot[int], wanted: str) -> None:
    await wait_until(lambda: title(pilot) == wanted)


def clients_of(pilot: Pilot[int]) -> ClientList:
    screen = pilot.app.screen
    assert isinstance(screen, ClientList)
    return screen


async def test_keys_open_views_and_what_is_changed_is_marked(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await titled(pilot, "All active")
        await pilot.press("2")
        await titled(pilot, "My clients")
        await wait_for(pilot.app, "3 of 9 clients")
        await pilot.press("3")
        await titled(pilot, "Without a lead")
        await wait_for(pilot.app, "1 of 9 clients")
        await pilot.press("o", "enter")  # the same order the other way
        await titled(pilot, "Without a lead · changed")
        await pilot.press("0")
        await titled(pilot, "Without a lead")
        await pilot.press("0")
        await told(pilot, "The view Without a lead is not changed.")
        await pilot.press("9")
        await told(pilot, "There is no view 9. v shows all views.")
        await pilot.press("slash", "2")
        await wait_until(lambda: clients_of(pilot).query_one(Find).value == "2")
        await titled(pilot, "Without a lead · changed")


async def test_at_80_cells_the_words_that_tell_most_stay(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        costa = {"name": "Asesores y Auditores de la Costa Atlántica, S.L.P."}
        firm_settings.save(session, firm_settings.info(session), costa)
        view_changes.add_own(session, "Companies of the north without a lead", Layout(ClientQuery(), WIDE))
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("5")
        await wait_for(pilot.app, "Last change ▾", "· Last change is after today - 30")
        await pilot.press("6", "o", "enter")
        await wait_until(lambda: "· changed" in lines_of(pilot.app)[0])
        await wait_until(lambda: "Companies of the north without a lead · changed" in lines_of(pilot.app)[0])
        await wait_until(lambda: lines_of(pilot.app)[0].startswith(" A"))


async def test_the_last_one_is_open_at_the_next_start(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("2")
        await titled(pilot, "My clients")
    async with running(firm) as pilot:
        await titled(pilot, "My clients")
        await wait_for(pilot.app, "3 of 9 clients")
    async with running(firm, login="luis") as pilot:
        await titled(pilot, "All active")


async def test_what_the_list_showed_is_taken_back_by_itself(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        number = session.engine.sql("SELECT max(id) FROM change_set").fetchone()
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("z")
        await told(pilot, "The list has shown nothing else before.")
        await pilot.press("2")
        await titled(pilot, "My clients")
        await pilot.press("slash", "p", "e", "escape")
        await wait_for(pilot.app, "1 of 9 clients")
        await pilot.press("z")  # the search was typed in one go
        await titled(pilot, "My clients")
        assert clients_of(pilot).query_one(Find).value == ""
        await pilot.press("z")
        await titled(pilot, "All active")
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("Z", "Z")
        await titled(pilot, "My clients · changed")
        await wait_until(lambda: clients_of(pilot).query_one(Find).value == "pe")
        await pilot.press("Z")
        await told(pilot, "Nothing that the list showed was taken back.")
    with at_work(firm, "ana") as session:
        assert session.engine.sql("SELECT max(id) FROM change_set").fetchone() == number, "no client was touched"


async def test_a_view_is_saved_under_a_new_name_and_then_in_itself(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        clients_of(pilot).shown.filter_by(filters=ClientQuery().with_filter(BUSINESS).filters)
        await titled(pilot, "All active · changed")
        await pilot.press("S")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose))
        await wait_for(pilot.app, "Under a new name, for the firm")
        assert "In the view" not in "\n".join(lines_of(pilot.app)), "a built-in one stays as it is"
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave))
        await pilot.press(*"all active", "ctrl+s")
        await wait_for(pilot.app, "There is a view “All active” already.")
        await pilot.press("ctrl+u", *"Firms", "ctrl+s")
        await titled(pilot, "Firms")
        await told(pilot, "The view Firms is saved.")
        await pilot.press("o", "enter", "S")
        await wait_for(pilot.app, "In the view Firms")
        await pilot.press("enter")
        await titled(pilot, "Firms")
    with at_work(firm, "ana") as session:
        view = views.named(session, "Firms")
        assert (view.owner, view.query.filters[1:], view.query.descending) == (Owner.OWN, (BUSINESS,), True)
        assert view.layout.columns == list_columns.columns(session)


async def test_basic_access_saves_views_of_its_own_alone(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_to_firm(session, "Everyone", Layout(ClientQuery(()), WIDE))
    async with running(firm, login="olga") as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("6")
        await titled(pilot, "Everyone")
        await wait_for(pilot.app, "9 clients")
        await pilot.press("o", "enter", "S")
        await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave))
        await pilot.press(*"Mine", "ctrl+s")
        await titled(pilot, "Mine")
        await pilot.press("v")
        await wait_until(lambda: isinstance(pilot.app.screen, ViewsScreen))
        await go_to(await counted(pilot.app.screen), "6")
        await pilot.press("D")
        await told(pilot, "Ask Ana García.")
        await pilot.press("e")
        await told(pilot, "Ask Ana García.")


async def test_a_view_has_columns_of_its_own(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_own(session, "Wide", Layout(ClientQuery(), WIDE))
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("6")
        await titled(pilot, "Wide")
        await wait_until(lambda: lines_of(pilot.app)[2].split() == ["Display", "name", "▴", "City"])
        await pilot.press("c")
        await wait_until(lambda: isinstance(pilot.app.screen, ColumnsScreen) and pilot.app.screen.columns == WIDE)
        await counted(pilot.app.screen)
        await pilot.press("plus", "enter")
        await titled(pilot, "Wide · changed")
        await pilot.press("1")
        await titled(pilot, "All active")
        await wait_until(lambda: "Number" in lines_of(pilot.app)[2])
        await pilot.press("z")
        await titled(pilot, "Wide · changed")
    with at_work(firm, "ana") as session:
        assert list_columns.columns(session) == list_columns.first_columns(), "yours are the others'"
    async with running(firm) as pilot:
        await titled(pilot, "Wide · changed")
        assert clients_of(pilot).views.layout.columns == (Column("display_name", 41), WIDE[1]), "as they were left"


async def test_somebody_else_changes_the_view_meanwhile(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_to_firm(session, "Firms", Layout(ClientQuery().with_filter(BUSINESS), WIDE))
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("6")
        await titled(pilot, "Firms")
        with at_work(firm, "luis") as luis:
            view_changes.save(luis, views.named(luis, "Firms"), Layout(ClientQuery(()), WIDE))
        await wait_for(pilot.app, "6 of 9 clients")
        shown = lines_of(pilot.app)[-2]
        await pilot.press("f5")
        await told(pilot, "The view Firms was changed meanwhile. The list stays as it is; 0 shows the view anew.")
        await titled(pilot, "Firms · changed by others")
        await wait_for_lines(pilot.app, lambda lines: lines[-2] == shown)
        await pilot.press("0")
        await wait_for(pilot.app, "9 clients")
        await titled(pilot, "Firms")
        await pilot.press("o", "enter")
        await titled(pilot, "Firms · changed")
        with at_work(firm, "luis") as luis:
            view_changes.save(luis, views.named(luis, "Firms"), Layout(ClientQuery(find="x"), WIDE))
        await pilot.press("S")
        await wait_for(pilot.app, "In the view Firms")
        await pilot.press("enter")
        await wait_for(pilot.app, "The view Firms was changed by Luis Ortega meanwhile.")
        await wait_for(pilot.app, "says “x” now.")
        assert "Columns said" not in text_of(pilot.app)
        await pilot.press("n")
        await titled(pilot, "Firms · changed")
        await wait_for(pilot.app, "9 clients")  # and what you see stays
        await pilot.press("S")
        await wait_for(pilot.app, "In the view Firms")
        await pilot.press("enter")
        await wait_for(pilot.app, "Save yours in the view Firms instead?")
        await pilot.press("y")
        await told(pilot, "The view Firms is saved.")
        await titled(pilot, "Firms")
        with at_work(firm, "luis") as luis:
            assert views.named(luis, "Firms").query == ClientQuery((), sort=(SortKey("display_name", descending=True),))
            view_changes.save(luis, views.named(luis, "Firms"), Layout(ClientQuery(find="x"), WIDE))
        await pilot.press("f5")
        await titled(pilot, "Firms · changed by others")
        await pilot.press("0")
        await wait_for(pilot.app, "/ Find x")  # as it is saved by now
        await titled(pilot, "Firms")
        with at_work(firm, "luis") as luis:
            view_changes.rename(luis, views.named(luis, "Firms"), "Companies")
        await pilot.press("f5")
        await told(pilot, "The view Firms is called Companies now.")
        with at_work(firm, "luis") as luis:
            view_changes.delete(luis, views.named(luis, "Companies"))
        await pilot.press("f5")
        await told(pilot, "The view Companies was deleted meanwhile.")
        await titled(pilot, "Companies · deleted")
        await pilot.press("S")
        await wait_for(pilot.app, "Under a new name, for you")
        assert "In the view" not in text_of(pilot.app)


async def test_a_view_of_a_type_that_is_gone_is_told_and_works(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        charity = client_types.add_type(session, "Charity")
        of_type = Filter("client_type", Op.IS, (str(charity.id),))
        view_changes.add_own(session, "Charities", Layout(ClientQuery().with_filter(of_type), WIDE))
        client_types.remove_type(session, charity.id)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("6")
        await told(pilot, f"filters by Client type “Charity” (#{charity.id}), which is not there any more")
        await titled(pilot, "Charities")
        await wait_for(pilot.app, "8 of 9 clients")


async def _all_views(pilot: Pilot[int]) -> RowTable:
    await wait_for(pilot.app, "8 of 9 clients")
    await pilot.press("v")
    await wait_until(lambda: isinstance(pilot.app.screen, ViewsScreen))
    return await counted(pilot.app.screen)


def _keyed(table: RowTable) -> dict[str, str]:
    """The names of the views by their keys."""
    return {values[0]: values[1] for values in values_of(table)}


async def test_all_views_are_put_in_order_renamed_hidden_and_opened(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_own(session, "Mine", Layout(ClientQuery(find="peña"), WIDE))
    async with running(firm) as pilot:
        table = await _all_views(pilot)
        await go_to(table, "6")
        await pilot.press("K", "K", "K", "K", "K")
        await wait_until(lambda: _keyed(table).get("1") == "Mine")
        await pilot.press("e")
        await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave))
        await pilot.press("end", *" too", "ctrl+s")
        await wait_until(lambda: _keyed(table).get("1") == "Mine too")
        await go_to(table, "2")
        await pilot.press("space")
        await wait_until(lambda: _keyed(table).get("hidden") == "All active")
        await wait_for(pilot.app, "1 hidden")
        await pilot.press("e")
        await told(pilot, "is built in and stays as it is")
        await go_to(table, "1")
        await pilot.press("enter")
        await titled(pilot, "Mine too")
        await wait_for(pilot.app, "1 of 9 clients")
        await pilot.press("2")
        await titled(pilot, "My clients")


async def test_one_of_yours_becomes_the_firms_and_is_deleted_and_undone(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_own(session, "Mine", Layout(ClientQuery(), WIDE))
    async with running(firm) as pilot:
        table = await _all_views(pilot)
        await go_to(table, "6")
        await pilot.press("f")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("right", "enter")
        await told(pilot, "The view is the firm's now.")
        await wait_until(lambda: values_of(table)[-2][2] == "the firm's")
        await pilot.press("D")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("right", "enter")
        await told(pilot, "The view is deleted.")
        await wait_until(lambda: "Mine" not in _keyed(table).values())
        await pilot.press("u")
        await wait_until(lambda: "Mine" in _keyed(table).values())
    refused = pytest.raises(Refused, match="Save the view as one of your own")  # an undo would leave it to nobody
    with at_work(firm, "ana") as session, refused:
        undoing.latest(session)


async def test_hostile_names(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_to_firm(session, "[/b] [red]x[/] " + "y" * 80, Layout(ClientQuery(find="[/]"), WIDE))
    async with running(firm) as pilot:
        table = await _all_views(pilot)
        await go_to(table, "6")
        assert_clean(pilot.app)
        await pilot.press("enter")
        await wait_until(lambda: title(pilot).startswith("[/b] [red]x[/] yyy"))
        await wait_for(pilot.app, "1 of 9 clients")
        assert not notices(pilot.app)
        assert_clean(pilot.app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_it_looks(firm: str, running: Running, size: tuple[int, int]) -> None:
    with at_work(firm, "ana") as session:
        view_changes.add_to_firm(session, "Firms", Layout(ClientQuery((BUSINESS,)), WIDE))
        view_changes.add_own(session, "Peña", Layout(ClientQuery(find="peña"), WIDE))
        view_changes.hide(session, views.named(session, "Without a number"))
    async with running(firm, size=size) as pilot:
        await _all_views(pilot)
        await wait_for(pilot.app, "▌ 1")
        await assert_snapshot(pilot.app, f"views_{size[0]}x{size[1]}")

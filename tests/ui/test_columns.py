"""The columns screen: what its keys do, and that the list shows it at once."""

from typing import Any

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, list_columns, own_fields
from clientdesk.desk.records import Column
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.own_fields import OwnKind, internal_name
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.list_columns import ColumnsScreen, Preview
from clientdesk.ui.widgets.row_table import RowTable
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, named, noticed, plant, shown
from tests.ui.people import values_of
from tests.ui.screen import assert_snapshot, lines_of, wait_for, wait_until


async def _columns(pilot: Pilot[int]) -> tuple[ColumnsScreen, list[Any]]:
    screen = ColumnsScreen()
    answers = await shown(
        pilot, screen, lambda: screen.columns and screen.query_one(RowTable).rows.cursor_id is not None
    )
    return screen, answers


def _names(columns: tuple[Column, ...]) -> list[str]:
    return [column.field for column in columns]


async def test_every_field_has_its_line(firm: str, running: Running) -> None:
    async with running(firm, size=(80, 40)) as pilot:
        screen, _answers = await _columns(pilot)
        titles = [values[1] for values in values_of(screen.query_one(RowTable))]
        assert sorted(titles) == sorted(BUILT_IN.by_name[name].title for name in BUILT_IN.columns)
        await wait_for(pilot.app, "[ ]     Notes")
        await wait_for(pilot.app, "[x]     Display name")


async def test_space_hides_and_shows(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _columns(pilot)
        await pilot.press("space")
        await wait_until(lambda: _names(screen.columns) == [*BUILT_IN.first_columns[1:]])
        await wait_for(pilot.app, "[ ]     Client number")
        await pilot.press("space")
        await wait_until(lambda: _names(screen.columns) == [*BUILT_IN.first_columns])


async def test_shift_arrows_move_the_column_and_the_cursor_with_it(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _columns(pilot)
        await pilot.press("shift+down", "shift+down", "shift+up")
        await wait_until(lambda: _names(screen.columns)[:3] == ["display_name", "client_number", "client_type"])
        await wait_until(lambda: screen.query_one(RowTable).rows.cursor_row == 1)
        await wait_until(lambda: lines_of(pilot.app)[2].split()[:3] == ["Display", "name", "Number"])


async def test_widths_change_within_bounds(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _columns(pilot)
        width = screen.columns[0].width
        await pilot.press("shift+right", "plus", "minus")
        await wait_until(lambda: screen.columns[0].width == width + 1)
        await pilot.press(*["minus"] * (width + 1 - list_columns.NARROWEST), "shift+left")
        await wait_until(lambda: screen.columns[0].width == list_columns.NARROWEST)


async def test_zero_goes_back_to_the_first_columns(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        list_columns.save_columns(session, [Column("city", 20), Column("display_name", 30)])
    async with running(firm) as pilot:
        screen, _answers = await _columns(pilot)
        assert _names(screen.columns) == ["city", "display_name"]
        await pilot.press("0")
        await wait_until(lambda: screen.columns == list_columns.first_columns())


async def test_number_or_name_stays(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _columns(pilot)
        await pilot.press("space", "down", "space")
        sentence = (
            "The client number or the display name stays among the columns: it says whose line it is. Show one of them."
        )
        await noticed(pilot.app, [sentence])
        assert _names(screen.columns) == [*BUILT_IN.first_columns[1:]]
        await pilot.press("up", "space", "down", "space")
        await wait_until(lambda: "display_name" not in _names(screen.columns))
        assert "client_number" in _names(screen.columns)


async def test_f_chooses_how_a_column_writes_its_values(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        names = [
            internal_name(own_fields.add_field(session, f"Own {kind}", kind).id)
            for kind in (OwnKind.NUMBER, OwnKind.DATE, OwnKind.YES_NO)
        ]
        acme = named(firm, "[ACME]")
        clients.edit(session, acme, dict(zip(names, ("1234567.5", "2026-11-30", "yes"), strict=True)))
        columns = [Column(name, width) for name, width in zip(names, (12, 10, 10), strict=True)]
        list_columns.save_columns(session, [*columns, Column("display_name", 30), Column("fiscal_year_end", 8)])
    async with running(firm) as pilot:
        await wait_for(pilot.app, "   1234567.5 2026-11-30 Yes        [ACME] Ltd")
        await pilot.press("c")
        await wait_until(lambda: isinstance(pilot.app.screen, ColumnsScreen) and pilot.app.screen.columns)
        screen = pilot.app.screen
        assert isinstance(screen, ColumnsScreen)
        await wait_until(lambda: screen.query_one(RowTable).rows.cursor_id is not None)
        await wait_for(pilot.app, "f Format")
        await pilot.press("f", "down", "f", "down", "f", "down", "f")
        await noticed(pilot.app, ["Display name: numbers, dates, yes or no and long choices have formats."])
        await pilot.press("down", "f")
        await wait_for(pilot.app, "[x]     Fiscal year end                 8 30 Nov")
        assert [(column.width, column.format) for column in screen.columns] == [
            (12, "grouped"),
            (11, "words"),
            (10, "mark"),
            (30, ""),
            (8, "words"),
        ]
        await pilot.press("enter")
        await wait_for(pilot.app, " 1,234,567.5 30 Nov 2026 ✓          [ACME] Ltd")
    with at_work(firm, "ana") as session:
        assert [column.format for column in list_columns.columns(session)] == ["grouped", "words", "mark", "", "words"]


async def test_coming_round_to_the_first_format_changes_nothing(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        list_columns.save_columns(session, [Column("fiscal_year_end", 5), Column("display_name", 30)])
    async with running(firm) as pilot:
        screen, answers = await _columns(pilot)
        await pilot.press("f")
        await wait_until(lambda: screen.columns[0] == Column("fiscal_year_end", 6, "words"))
        await pilot.press("f", "escape")
        await wait_until(lambda: answers == [False])


async def test_without_its_column_the_name_stands_for_a_missing_number(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        clients.add(session, {"display_name": "Abad sin número", "city": "Vigo"})
        list_columns.save_columns(session, [Column("city", 20), Column("client_number", 20)])
    async with running(firm, size=(40, 24)) as pilot:
        await wait_for(pilot.app, "  Abad sin número", "  C-00021")
        await pilot.press("c")
        await wait_for(pilot.app, "› Columns", "Vigo                 Abad sin número")


async def test_saving_shows_the_list_with_the_new_columns_at_once(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("c")
        await wait_until(lambda: isinstance(pilot.app.screen, ColumnsScreen) and pilot.app.screen.columns)
        screen = pilot.app.screen
        assert isinstance(screen, ColumnsScreen)
        await wait_until(lambda: screen.query_one(RowTable).rows.cursor_id is not None)
        await pilot.press("space", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await wait_until(lambda: "Number" not in lines_of(pilot.app)[2])
    with at_work(firm, "ana") as session:
        assert _names(list_columns.columns(session)) == [*BUILT_IN.first_columns[1:]]
    with at_work(firm, "luis") as session:
        assert list_columns.columns(session) == list_columns.first_columns()


async def test_esc_asks_nothing_when_nothing_was_changed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        _screen, answers = await _columns(pilot)
        await pilot.press("space", "space", "escape")
        await wait_until(lambda: answers == [False])


async def test_esc_asks_when_something_was_changed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, answers = await _columns(pilot)
        await pilot.press("space", "escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused)
        await pilot.press("enter")
        await wait_until(lambda: pilot.app.screen is screen)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused)
        await pilot.press("right", "enter")
        await wait_until(lambda: answers == [False])
    with at_work(firm, "ana") as session:
        assert list_columns.columns(session) == list_columns.first_columns()


async def test_basic_access_has_columns_of_its_own(firm: str, running: Running) -> None:
    async with running(firm, login="olga") as pilot:
        _screen, answers = await _columns(pilot)
        await pilot.press("space", "ctrl+s")
        await wait_until(lambda: answers == [True])


async def test_clicks_tick_too(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _columns(pilot)
        await pilot.click(RowTable, offset=(0, 3))
        await wait_until(lambda: "client_type" not in _names(screen.columns))
        await wait_for(pilot.app, "[ ]     Client type")
        await pilot.click(RowTable, offset=(5, 1))
        await wait_until(lambda: "client_number" not in _names(screen.columns))


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_in_the_preview(firm: str, running: Running, name: str) -> None:
    plant(firm, named(firm, "[ACME]"), display_name=f"!{name}")
    async with running(firm) as pilot:
        await _columns(pilot)
        assert_clean(pilot.app)


async def test_an_empty_firm_has_columns_too(empty_firm: str, running: Running) -> None:
    async with running(empty_firm) as pilot:
        screen, _answers = await _columns(pilot)
        assert screen.query_one(Preview).size.height == 3


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_it_looks(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        await _columns(pilot)
        await pilot.press("shift+down")
        await wait_until(lambda: lines_of(pilot.app)[2].split()[:2] == ["Display", "name"])
        await wait_for(pilot.app, "▌ [x]     Client number")
        await assert_snapshot(pilot.app, f"columns_{size[0]}x{size[1]}")


async def test_the_preview_has_the_headings_of_the_list(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        in_list = next(line for line in lines_of(pilot.app) if "Display name" in line)
        await _columns(pilot)
        await wait_for(pilot.app, "[x]     Display name")
        await wait_until(lambda: lines_of(pilot.app)[2].split() == in_list.replace("▴", "").replace("›", "").split())


async def test_number_and_name_are_offered_to_sort_by_without_their_columns(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        list_columns.save_columns(session, [Column("display_name", 30), Column("city", 20)])
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("o")
        await wait_for(pilot.app, "Sort by", "Client number")
        await pilot.press("escape")

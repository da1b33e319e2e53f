"""Filters of the list: made by keys, walked and taken off as chips, and which of them an empty list says to take off."""

import pytest
from rich.cells import cell_len
from textual.geometry import Size
from textual.pilot import Pilot

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import ACTIVE, Filter, Op
from clientdesk.domain.own_catalogue import catalogue_of, field_of
from clientdesk.domain.own_fields import OwnChoice, OwnField, OwnKind
from clientdesk.ui.screens.filter_pickers import FieldPicker, offers
from clientdesk.ui.screens.picker import PickerLine
from clientdesk.ui.widgets.bars import Part
from clientdesk.ui.widgets.filter_bar import Filters
from clientdesk.ui.widgets.filter_chips import FilterChips
from tests.ui.conftest import Running
from tests.ui.screen import assert_snapshot, lines_of, text_of, wait_for, wait_until
from tests.ui.test_list import list_of, names, settled

CONSTR = Filter("display_name", Op.CONTAINS, ("constr",))
IN_HAND = Filter("lead", Op.ONE_OF, ("1", ""))
NONE_SUCH = Filter("email", Op.STARTS, ("smith",))


def test_a_retired_choice_is_offered_while_somebody_has_it() -> None:
    choices = tuple(OwnChoice(id, name, id, id > 1) for id, name in ((1, "Low"), (2, "High"), (3, "Gone")))
    risk = OwnField(7, "Risk", OwnKind.CHOICE, "main", 10, False, False, 1, False, choices)
    names = Names(catalogue_of([risk], []))
    labels = [offer.label for offer in offers(field_of(risk), Op.IS, [("1", 5), ("2", 1)], names, names)]
    assert labels[:2] == ["Low", "High"]
    assert "Gone" not in labels


def filters(pilot: Pilot[int]) -> tuple[Filter, ...]:
    return list_of(pilot).shown.query.filters


def bar(pilot: Pilot[int]) -> str:
    return lines_of(pilot.app)[1]


async def filtered(pilot: Pilot[int], *on: Filter) -> FilterChips:
    await settled(pilot)
    list_of(pilot).shown.filter_by(filters=(ACTIVE, *on))
    await settled(pilot)
    return list_of(pilot).query_one(FilterChips)


@pytest.mark.parametrize(
    ("keys", "made"),
    [
        (
            ["F", *"name", "enter", *"contains", "enter", *"peña", "enter"],
            Filter("display_name", Op.CONTAINS, ("peña",)),
        ),
        (["F", *"lead", "enter", *"is", "enter", *"ana", "enter"], Filter("lead", Op.IS, ("1",))),
        (
            ["F", *"lead", "enter", *"is", "enter", "tab", "down", "tab", "enter"],
            Filter("lead", Op.ONE_OF, ("@me", "3")),
        ),
        (["F", *"e-mail", "enter", *"empty", "enter"], Filter("email", Op.EMPTY)),
        (
            ["F", *"client number", "enter", *"between", "enter", *"C-2", "enter", *"C-10", "enter"],
            Filter("client_number", Op.BETWEEN, ("C-2", "C-10")),
        ),
        (
            ["F", *"client number", "enter", *"between", "enter", *"C-2..C-10", "enter"],
            Filter("client_number", Op.BETWEEN, ("C-2", "C-10")),
        ),
        (
            ["F", *"fiscal", "enter", "i", "s", "enter", *"this_month", "enter"],
            Filter("fiscal_year_end", Op.IS, ("@this_month",)),
        ),
        (["F", *"lead=@me", "enter"], Filter("lead", Op.IS, ("@me",))),
        (["F", *"name", "enter", *"starts", "enter", "escape", "escape", *"city=", "enter"], Filter("city", Op.EMPTY)),
    ],
)
async def test_keys_that_come_in_one_go_make_a_filter(
    firm: str, running: Running, keys: list[str], made: Filter
) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press(*keys)
        await wait_until(lambda: filters(pilot) == (ACTIVE, made))
        await wait_until(lambda: len(pilot.app.screen_stack) == 1)


async def test_what_makes_no_sense_is_said_and_nothing_is_lost(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("F", *"city<M", "enter")
        await wait_for(pilot.app, "City", "is not empty")
        assert isinstance(pilot.app.screen, FieldPicker)
        assert pilot.app.screen.query_one(PickerLine).value == "city<M"
        assert filters(pilot) == (ACTIVE,)


async def test_values_are_offered_with_how_many_clients_have_them(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("F", *"type", "enter", "i", "s", "enter")
        await wait_for(pilot.app, "Client type is", "Business", "enter: Type is")
        await wait_until(lambda: "Business 6 │" in " ".join(text_of(pilot.app).split()))
        await assert_snapshot(pilot.app, "filter_value_80x24")


async def test_chips_are_walked_changed_and_taken_off_by_keys(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        chips = await filtered(pilot, IN_HAND, CONSTR)
        await pilot.press("backspace")
        await wait_for(pilot.app, "▌Display name with “constr” ×")
        assert chips.at_cursor == CONSTR
        await pilot.press("enter")
        await wait_for(pilot.app, "enter: Display name contains “constr”")
        await pilot.press(*["backspace"] * 6, "l", "enter")
        await wait_until(lambda: filters(pilot)[2:] == (CONSTR._replace(value=("l",)),))
        await pilot.press("delete")
        await wait_until(lambda: filters(pilot) == (ACTIVE, IN_HAND))
        await pilot.press("left", "delete", "delete")
        await wait_until(lambda: filters(pilot) == ())
        await wait_until(lambda: list_of(pilot).table.has_focus)


async def test_backspace_goes_to_the_filter_that_was_set_last(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        of_a_type = Filter("client_type", Op.EMPTY)
        chips = await filtered(pilot, of_a_type)
        await pilot.press("backspace")
        await wait_until(lambda: chips.at_cursor == of_a_type)
        await wait_for(pilot.app, "▌t Type None")


async def test_a_click_on_a_cross_takes_the_filter_off_and_on_a_chip_changes_it(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        await filtered(pilot, CONSTR)
        await wait_for(pilot.app, "“constr” ×")
        await pilot.click("FilterChips", offset=(bar(pilot).index("constr"), 0))
        await wait_for(pilot.app, "enter: Display name contains “constr”")
        await pilot.press("escape", "escape")
        await wait_until(lambda: len(pilot.app.screen_stack) == 1)
        await pilot.click("FilterChips", offset=(bar(pilot).index("×"), 0))
        await wait_until(lambda: filters(pilot) == (ACTIVE,))


async def test_more_filters_than_there_is_room_for_are_counted(firm: str, running: Running) -> None:
    fields = ("display_name", "business_name", "email", "city", "street")
    async with running(firm) as pilot:
        await filtered(pilot, *(Filter(field, Op.FILLED) for field in fields))
        await wait_until(lambda: "+" in bar(pilot))
        shown = bar(pilot)
        assert shown.count("×") + int(shown.partition("+")[2].split()[0]) == len(fields)
        await pilot.press("backspace")
        await wait_for(pilot.app, "▌Street any ×")
        assert "+" in bar(pilot)
        await pilot.press("left", "left", "left")
        await wait_until(lambda: "▌Business" in bar(pilot))
        await assert_snapshot(pilot.app, "filters_80x24")
        for width in (60, 40, 12, 5, 1):
            await pilot.resize_terminal(width, 24)
            await wait_until(lambda: text_of(pilot.app))
        await pilot.resize_terminal(200, 24)
        await wait_until(lambda: bar(pilot).count(" any ×") == len(fields))


async def test_of_a_span_it_is_said_what_enter_takes(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("F", *"client number", "enter", *"between", "enter")
        await wait_for(pilot.app, "enter: Number is between C-00001 and …")
        await pilot.press("down", "enter")
        await wait_for(pilot.app, "between C-00002 and …", "enter: Number is between C-00002 and ")
        await pilot.press("escape", *"C-2..")
        await wait_for(pilot.app, "enter: Number is between C-2 and …")
        await pilot.press(*"C-10")
        await wait_for(pilot.app, "enter: Number is between C-2 and C-10")


YEAR_END = Filter("fiscal_year_end", Op.BEFORE, ("@today+14",))


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        ([YEAR_END], "Year end before today… ×  / Find name or number"),
        ([IN_HAND, CONSTR], "Ana Gar…  s Active ▾  Display… with “co… ×  / Find name or number"),
        ([CONSTR, NONE_SUCH], "Display… with “co… ×  +1  / Find name or number"),
    ],
)
async def test_where_no_chip_fits_one_is_cut(firm: str, running: Running, on: list[Filter], shown: str) -> None:
    async with running(firm) as pilot:
        await filtered(pilot, *on)
        await wait_until(lambda: shown in bar(pilot))


def test_filters_take_no_more_room_than_they_fill() -> None:
    filters_in_line = Filters()
    for words in ("Display name with “a b c d e”", "City with “x”"):
        parts = [Part("t All ▾  "), Part(words), Part(" ×", keep=1), Part("  "), Part("/ Find", keep=1)]
        filters_in_line.show_forms(parts, parts)
        for width in range(20, 70):
            taken = filters_in_line.get_content_width(Size(width, 1), Size(width, 24))
            *_others, last = filters_in_line.drawn(taken)
            assert last.x + cell_len(last.text) + 1 == taken


async def test_an_empty_list_says_which_filter_to_take_off(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await filtered(pilot, CONSTR, NONE_SUCH)
        await wait_for(
            pilot.app,
            "Without “Display name contains “constr””: 1 client.",
            "Without “E-mail starts with “smith””: 2 clients.",
            "backspace goes to the filters, del takes one off.",
            "Without the filters: 8 active clients. esc clears the filters.",
        )
        list_of(pilot).shown.filter_by(filters=(ACTIVE, CONSTR), find="zoe")
        await wait_for(pilot.app, "Without the search: 2 clients.")
        assert "contains “constr””:" not in text_of(pilot.app)  # without it there is nobody either


async def test_the_value_under_the_cursor_is_a_filter(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await settled(pilot)
        await pilot.press("equals_sign", *"lead", "enter")
        await wait_until(lambda: filters(pilot) == (ACTIVE, Filter("lead", Op.IS, ("2",))))
        await wait_until(lambda: names(pilot) == ["[ACME] Ltd", "Smith [/] Co"])
        list_of(pilot).shown.filter_by(filters=(), sort=ClientQuery().sorted_by("phone").sort)
        await wait_until(lambda: len(names(pilot)) == 9)
        list_of(pilot).table.rows.move_to_last()
        await wait_until(lambda: list_of(pilot).table.rows.current)
        await pilot.press("equals_sign")
        await wait_for(pilot.app, "Show the clients that have the same …", "Phone: None")
        await pilot.press("enter")
        await wait_until(lambda: filters(pilot) == (Filter("phone", Op.EMPTY),))


@pytest.mark.parametrize("size", [(45, 12), (30, 8)])
async def test_a_narrow_line_without_chips_counts_none(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        await wait_for(pilot.app, "Find")
        assert "+" not in lines_of(pilot.app)[1]

"""Filters: which op fits which field, their words and chips, their text, and what stands for another day or person."""

from datetime import date

import pytest

from clientdesk.domain import filter_text
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import EVERYONE, ClientQuery, SortKey, clients_where
from clientdesk.domain.filter_text import EXAMPLES, SIGNS, read, written
from clientdesk.domain.filter_words import NO_NAMES, Names, chip, in_words
from clientdesk.domain.filters import ACTIVE, OP_WORDS, Filter, Op, holds, normal, ops_of, wrong
from clientdesk.domain.moments import resolved
from clientdesk.domain.problems import Refused
from clientdesk.domain.selection import Selection, chosen

NAMES = Names(
    BUILT_IN, {"lead": {"3": "Ana García", "4": "@me", "5": 'x | "y"', "6": "#3"}, "client_type": {"1": "Business"}}
)
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "words", "on_chip"),
    [
        ("lead=ana garcia", "Lead is Ana García", "Ana García"),
        ("lead=", "Lead is empty", "Unassigned"),
        ("client_type=", "Type is empty", "None"),
        ("lead!=@me", "Lead is not you", "not you"),
        ("lead=|Ana García", "Lead is one of Unassigned, Ana García", "Unassigned, Ana García"),
        ("lead=#9", "Lead is #9, which is not there any more", "#9, which is not there any more"),
        ("client_type!=", "Type is not empty", "any"),
        ("status=Inactive", "Status is Inactive", "Inactive"),
        ("billed_to=firm|client", "Billed to is one of Firm's plan, Client", "Firm's plan, Client"),
        ("billed-to = nobody", "Billed to is empty", "None"),
        ("CITY~ mad ", "City contains “mad”", "with “mad”"),
        ('city^=" mad"', "City starts with “ mad”", "“ mad…”"),
        ("client_number<C-2", "Number is before C-2", "before C-2"),
        ("client_number>C-2", "Number is after C-2", "after C-2"),
        ("client_number=C-2..C-10", "Number is between C-2 and C-10", "C-2 to C-10"),
        ("fiscal_year_end=31.12", "Year end is 12-31", "12-31"),
        ("fiscal_year_end=@this_month", "Year end is in this month", "in this month"),
        ("fiscal_year_end>@today+14", "Year end is after today + 14", "after today + 14"),
        ('website=".."', "Website is ..", ".."),
    ],
)
def test_words_and_chip(text: str, words: str, on_chip: str) -> None:
    on = read(text, NAMES)
    assert in_words(on, NAMES) == words
    assert chip(on, NAMES) == (BUILT_IN.by_name[on.field].short_title, on_chip)
    assert read(written(on, NAMES), NAMES) == on


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (Filter("lead", Op.IS, ("3",)), "lead=Ana García"),
        (Filter("lead", Op.IS, ("4",)), 'lead="@me"'),
        (Filter("lead", Op.IS, ("@me",)), "lead=@me"),
        (Filter("lead", Op.ONE_OF, ("5", "6", "9", "")), 'lead="x | ""y"""|"#3"|#9|'),
        (Filter("city", Op.FILLED), "city!="),
        (Filter("city", Op.IS, ("@me",)), 'city="@me"'),
        (Filter("notes", Op.CONTAINS, ("a\nb",)), "notes~a\nb"),
        (Filter("client_number", Op.IS, ("1..2",)), 'client_number="1..2"'),
        (Filter("client_number", Op.BETWEEN, (".", "1.")), 'client_number="."..1.'),
    ],
)
def test_text_of_what_looks_like_a_sign(on: Filter, text: str) -> None:
    assert read(written(on, NAMES), NAMES) == on
    assert written(on, NAMES).replace('"1."', "1.") == text


def test_the_examples_are_of_every_op() -> None:
    assert {read(example, NO_NAMES).op for example in EXAMPLES} == set(Op)


def test_each_field_has_ops_and_each_op_a_field() -> None:
    """A filter is the field's declaration and nothing more."""
    assert {op for field in BUILT_IN.fields for op in ops_of(field)} == set(Op) == set(OP_WORDS)
    for field in BUILT_IN.fields:
        for op in set(Op) - set(ops_of(field)):
            problem = wrong(Filter(field.name, op, ("x",)), BUILT_IN)
            assert problem is not None
            assert problem.code == "filter_op"
            assert field.title in problem.message
            assert OP_WORDS[ops_of(field)[-1]] in problem.message


@pytest.mark.parametrize(
    "on",
    [
        Filter("city", Op.IS),
        Filter("city", Op.EMPTY, ("x",)),
        Filter("city", Op.CONTAINS, ("",)),
        Filter("city", Op.IS, ("\x1b",)),
        Filter("city", Op.ONE_OF),
        Filter("client_number", Op.BETWEEN, ("1",)),
        Filter("status", Op.IS, ("",)),
        Filter("lead", Op.IS, ("Ana",)),
        Filter("client_type", Op.IS, ("@me",)),
        Filter("fiscal_year_end", Op.IS, ("02-30",)),
        Filter("fiscal_year_end", Op.BETWEEN, ("@this_month", "12-31")),
        Filter("town", Op.IS, ("x",)),
    ],
)
def test_a_stored_filter_that_makes_no_sense(on: Filter) -> None:
    problem = wrong(on, BUILT_IN)
    assert problem is not None
    assert problem.message.endswith(".")


@pytest.mark.parametrize(
    ("on", "today"),
    [
        (Filter("lead", Op.IS, ("@me",)), Filter("lead", Op.IS, ("7",))),
        (Filter("lead", Op.ONE_OF, ("", "@me")), Filter("lead", Op.ONE_OF, ("", "7"))),
        (Filter("fiscal_year_end", Op.IS, ("@today",)), Filter("fiscal_year_end", Op.IS, ("11-30",))),
        (
            Filter("fiscal_year_end", Op.BETWEEN, ("@today-30", "@today+31")),
            Filter("fiscal_year_end", Op.BETWEEN, ("10-31", "12-31")),
        ),
        (
            Filter("fiscal_year_end", Op.IS, ("@this_month",)),
            Filter("fiscal_year_end", Op.BETWEEN, ("11-01", "11-30")),
        ),
        (Filter("fiscal_year_end", Op.BEFORE, ("@this_month",)), Filter("fiscal_year_end", Op.BEFORE, ("11-01",))),
        (Filter("fiscal_year_end", Op.AFTER, ("@this_month",)), Filter("fiscal_year_end", Op.AFTER, ("11-30",))),
        (Filter("city", Op.IS, ("@today",)), Filter("city", Op.IS, ("@today",))),
    ],
)
def test_what_stands_for_you_and_for_a_day(on: Filter, today: Filter) -> None:
    assert wrong(on, BUILT_IN) is None
    assert resolved([on, ACTIVE], BUILT_IN, 7, TODAY) == (today, ACTIVE)


def test_a_condition_has_one_form() -> None:
    assert normal(Filter("city", Op.ONE_OF, ("x", "x"))) == Filter("city", Op.IS, ("x",))
    assert normal(Filter("lead", Op.IS, ("",))) == Filter("lead", Op.EMPTY)
    assert normal(Filter("lead", Op.ONE_OF, ("",))) == Filter("lead", Op.EMPTY)
    assert normal(Filter("billed_to", Op.IS_NOT, ("",))) == Filter("billed_to", Op.FILLED)


def test_a_query_is_read_and_changed_by_field() -> None:
    query = ClientQuery()
    assert query.value_of("status") == "active"
    assert query.value_of("lead") is None
    of_nobody = query.with_value("lead", "")
    assert of_nobody.value_of("lead") == ""
    assert of_nobody.filters == (ACTIVE, Filter("lead", Op.EMPTY))
    assert of_nobody.with_value("status", "inactive").filters[0] == Filter("status", Op.IS, ("inactive",))
    assert of_nobody.with_value("lead", None) == query == of_nobody.unfiltered()
    assert of_nobody.filtered
    assert not query.sorted_by("city", True).filtered
    assert query.sorted_by("city", True).sort == (SortKey("city", True),)
    assert of_nobody.everything() == EVERYONE
    assert clients_where("lead", "3") == ClientQuery((Filter("lead", Op.IS, ("3",)),))
    unequal = query._replace(filters=(read("city!=a", NO_NAMES), read("city!=b", NO_NAMES)))
    assert unequal.with_value("city", "c").filters == (Filter("city", Op.IS, ("c",)),)
    assert unequal.value_of("city") is None


def test_a_selection_of_nobody() -> None:
    assert Selection().empty
    assert chosen(1)._replace(without=frozenset([1])).empty
    assert not chosen(1, 2)._replace(without=frozenset([1])).empty
    assert not Selection(ClientQuery()).empty


def test_a_text_is_looked_at_before_its_names_are_known() -> None:
    assert filter_text.parsed("lead=Nobody", BUILT_IN).field.name == "lead"
    with pytest.raises(Refused):
        filter_text.parsed("lead<Nobody", BUILT_IN)


def test_the_signs_follow_from_one_list() -> None:
    with pytest.raises(Refused) as refused:
        read("no filter", NO_NAMES)
    for sign, op in SIGNS.items():
        on = (
            read(f"city{sign}x", NO_NAMES)
            if op in ops_of(BUILT_IN.by_name["city"])
            else read(f"client_number{sign}x", NO_NAMES)
        )
        assert on.op is op
        assert f"{sign} ({OP_WORDS[op]})" in refused.value.message
        begins_so = Filter("city", Op.IS, (f"{sign}x",))
        assert read(written(begins_so, NO_NAMES), NO_NAMES) == begins_so


def test_an_op_that_is_no_comparison_by_equality_or_parts_is_not_taken_for_one() -> None:
    for op in (Op.EMPTY, Op.FILLED, Op.BEFORE, Op.AFTER, Op.BETWEEN):
        with pytest.raises(ValueError, match=op):
            holds(op, "a", ["a"])

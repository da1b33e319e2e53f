"""How a view is kept and read: whole, in part, of another version, and by what it is told from another."""

import json
from typing import Any

import pytest

from clientdesk.domain.catalogue import BUILT_IN as FIELDS
from clientdesk.domain.client_query import BY_DISPLAY_NAME, ClientQuery, Column, SortKey
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import ACTIVE, ME, Filter, Op
from clientdesk.domain.views import BUILT_IN, Layout, as_kept, is_view, ordered, parsed, parts_in_words, read

MADRID = Filter("city", Op.IS, ("Madrid",))
LAYOUT = Layout(
    ClientQuery((MADRID, Filter("lead", Op.IS, (ME,))), "sa ñ", (SortKey("city", True), BY_DISPLAY_NAME)),
    (Column("display_name", 30), Column("city", 12)),
)


def kept(layout: Layout = LAYOUT, **changes: Any) -> Any:
    """As JSON says it after it was written and read."""
    return json.loads(json.dumps(as_kept(layout) | changes))


def test_a_layout_is_kept_and_read_back() -> None:
    assert is_view(kept())
    view = read("own:1", "Madrid", kept(), FIELDS)
    assert (view.layout, view.problems, view.unread) == (LAYOUT, (), {})
    in_words = LAYOUT._replace(columns=(Column("display_name", 30), Column("fiscal_year_end", 8, "words")))
    assert read("own:1", "Madrid", kept(in_words), FIELDS).layout == in_words
    without_columns = Layout(ClientQuery())
    assert read("own:1", "All", kept(without_columns), FIELDS).layout == without_columns


@pytest.mark.parametrize(
    ("changes", "code", "part"),
    [
        ({"filters": [["nickname", "is", ["x"]], ["city", "is", ["Madrid"]]]}, "view_field_gone", "filters"),
        ({"filters": [["subscription", "is", ["gold"]], ["city", "is", ["Madrid"]]]}, "view_filter_left", "filters"),
        ({"filters": [["city", "rhymes", ["x"]], ["city", "is", ["Madrid"]]]}, "view_part_unread", "filters"),
        ({"filters": [["city", "is", [7]], 5, ["city", "is", ["Madrid"]]]}, "view_part_unread", "filters"),
        ({"sort": [["nickname", True], ["city", False]]}, "view_field_gone", "sort"),
        ({"columns": [["nickname", 12], ["display_name", 12]]}, "view_field_gone", "columns"),
        ({"columns": [["city", 1e999], ["display_name", 12]]}, "view_part_unread", "columns"),
        ({"columns": [["city", 9, "", 1], ["display_name", 12]]}, "view_part_unread", "columns"),
        ({"columns": ["city", ["display_name", 12]]}, "view_part_unread", "columns"),
    ],
)
def test_what_cannot_be_read_is_told_and_stays(changes: dict[str, Any], code: str, part: str) -> None:
    view = read("own:1", "Mine", json.loads(json.dumps(changes)) | {"version": 1}, FIELDS)
    assert {problem.code for problem in view.problems} == {code}
    assert all("Mine" in problem.message for problem in view.problems)
    layout = view.layout
    rest = {"filters": layout.query.filters, "sort": layout.query.sort, "columns": layout.columns or ()}
    right = {"filters": MADRID, "sort": SortKey("city"), "columns": Column("display_name", 12)}
    assert rest[part] == (right[part],)
    again = as_kept(layout, view.unread)[part]
    assert json.loads(json.dumps(again))[1:] == json.loads(json.dumps(changes))[part][:-1], "nothing is lost"


def test_a_column_in_an_unknown_format_stays_in_the_usual_one() -> None:
    view = read("own:1", "Mine", kept(columns=[["display_name", 30, "runes"]]), FIELDS)
    assert view.layout.columns == (Column("display_name", 30),)
    assert [problem.code for problem in view.problems] == ["view_part_unread"]


def test_the_columns_of_a_view_say_whose_line_it_is() -> None:
    view = read("own:1", "Mine", kept(columns=[["city", 12]]), FIELDS)
    assert (view.layout.columns, view.problems) == ((Column("display_name", 30), Column("city", 12)), ())


def test_a_view_of_another_version_shows_what_is_known() -> None:
    view = read("firm:7", "Later", kept(version=2, colours={"a": 1}), FIELDS)
    assert (view.layout, [problem.code for problem in view.problems]) == (LAYOUT, ["view_newer"])
    junk: object
    for junk in (None, [], 5, "x"):
        assert [problem.code for problem in read("firm:7", "Junk", junk, FIELDS).problems] == ["view_unread"]
        assert not is_view(junk)
    assert read("firm:7", "Empty", {"version": 1, "filters": 5, "find": 5}, FIELDS).layout == Layout(ClientQuery(()))


def test_a_view_is_another_one_when_anything_differs() -> None:
    view = read("own:1", "Mine", kept(), FIELDS)
    assert view.is_shown_by(LAYOUT)
    assert view.is_shown_by(LAYOUT._replace(query=LAYOUT.query._replace(find=" sa  ñ ")))
    assert not view.is_shown_by(LAYOUT._replace(query=LAYOUT.query.without_filter(MADRID)))
    assert not view.is_shown_by(LAYOUT._replace(columns=(Column("display_name", 31), Column("city", 12))))
    assert not view.is_shown_by(LAYOUT._replace(columns=(Column("display_name", 30, "x"), Column("city", 12))))
    assert BUILT_IN[0].is_shown_by(Layout(ClientQuery(), (Column("city", 5),))), "its columns are everybody's own"


def test_the_built_in_views() -> None:
    first = ["All active", "My clients", "Without a lead", "Without a number", "Recently changed"]
    assert [view.name for view in BUILT_IN] == [*first, "Preferred pricing plan"]
    assert BUILT_IN[0].query == ClientQuery()
    assert all(ACTIVE in view.query.filters for view in BUILT_IN[:-1])
    assert len({view.key for view in BUILT_IN}) == len(BUILT_IN)


def test_views_in_an_order_some_of_which_are_new_or_gone() -> None:
    first, second, third, *rest = BUILT_IN
    assert ordered(BUILT_IN, [third.key, "own:99", first.key]) == (third, first, second, *rest)


def test_a_view_in_words_part_by_part() -> None:
    names = Names(by_field={"lead": {"7": "Ana"}})
    content = kept(filters=[["city", "is", ["Madrid"]], ["lead", "is", ["7"]], ["own_3", "sounds", ["x"]]])
    assert parts_in_words(json.dumps(content), names) == {
        "Filters": 'City is Madrid · Lead is Ana · ["own_3", "sounds", ["x"]]',
        "Search": "sa ñ",
        "Order": "City, downwards, Display name",
        "Columns": "Display name, City",
        "Widths": "30, 12",
    }
    assert parts_in_words("{")["Columns"] == "those of each person"
    assert parsed("[" * 100_000) is None

"""How columns write numbers, days and yes or no, and which of them say whose line it is."""

import pytest

from clientdesk.desk.records import Column
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.column_formats import formats_of, next_format, shown, telling, writer
from clientdesk.domain.fields import Field
from clientdesk.domain.own_catalogue import field_of
from clientdesk.domain.own_fields import OwnField, OwnKind
from clientdesk.ui.widgets.client_table import table_columns
from clientdesk.ui.widgets.line_layout import lay_out


def own(kind: OwnKind) -> Field:
    return field_of(OwnField(7, "Own", kind, "main", 12, False, False, 0, False))


YEAR_END = BUILT_IN.by_name["fiscal_year_end"]


@pytest.mark.parametrize(
    ("field", "in_format", "value", "written"),
    [
        (own(OwnKind.NUMBER), "grouped", "1234567.05", "1,234,567.05"),
        (own(OwnKind.NUMBER), "grouped", "-1000", "-1,000"),
        (own(OwnKind.NUMBER), "grouped", "999", "999"),
        (own(OwnKind.NUMBER), "grouped", "", ""),
        (own(OwnKind.NUMBER), "grouped", "1e999", "1e999"),
        (own(OwnKind.NUMBER), "grouped", "9" * 5000, "9" * 5000),
        (own(OwnKind.DATE), "words", "2026-11-30", "30 Nov 2026"),
        (own(OwnKind.DATE), "words", "2026-13-01", "2026-13-01"),
        (own(OwnKind.DATE), "words", "soon", "soon"),
        (own(OwnKind.DATE), "words", "", ""),
        (YEAR_END, "words", "02-01", "1 Feb"),
        (own(OwnKind.YES_NO), "", "yes", "Yes"),
        (own(OwnKind.YES_NO), "mark", "yes", "✓"),
        (own(OwnKind.YES_NO), "mark", "no", "-"),
        (own(OwnKind.YES_NO), "mark", "", ""),
        (own(OwnKind.YES_NO), "nonsense", "no", "No"),
    ],
)
def test_what_is_written(field: Field, in_format: str, value: str, written: str) -> None:
    write = writer(field, in_format)
    assert write is not None
    assert write(value) == written


@pytest.mark.parametrize("kind", [OwnKind.TEXT, OwnKind.CHOICE, OwnKind.MEMBER, OwnKind.LINK])
def test_other_fields_have_one_format(kind: OwnKind) -> None:
    assert (formats_of(own(kind)), shown(own(kind), ""), next_format(own(kind), "")) == ((), "", "")


def test_formats_follow_one_another_and_come_round() -> None:
    date = own(OwnKind.DATE)
    assert [shown(date, name) for name in ("", "words")] == ["2026-11-30", "30 Nov 2026"]
    assert (next_format(date, ""), next_format(date, "words")) == ("words", "")


def test_the_last_column_that_stays_says_whose_line_it_is() -> None:
    assert telling(("city", "client_number", "display_name")) == "display_name"
    assert telling(("city", "client_number")) == "client_number"
    assert telling(("city", "notes")) is None
    for names in (("city", "notes", "client_number"), ("client_number", "city", "display_name")):
        columns = table_columns([Column(name, 20) for name in names], BUILT_IN, str)
        (placed,) = lay_out(columns, 22)
        assert names[placed.column] == names[-1]

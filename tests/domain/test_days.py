"""Days as they are written: a day, a month, a year, a span of them; everything else is none."""

from datetime import date

import pytest

from clientdesk.domain.days import PERIODS, Days, span, why_no_span


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-11-03", Days("2026-11-03", "2026-11-03")),
        ("2024-2", Days("2024-02-01", "2024-02-29")),
        ("2026", Days("2026-01-01", "2026-12-31")),
        (" 2026-10-15  2026-11 ", Days("2026-10-15", "2026-11-30")),
    ],
)
def test_what_is_written_is_a_span_of_days(text: str, days: Days) -> None:
    assert span(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13",
        "2026-02-30",
        "0001",
        "99999",
        "2026-11 2026-10",
        "2026 2026 2026",
        "２０２６",
        "2026-11-",
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert span(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1899", "The years 1900 to 2999 can be named."),
        ("0001-01-01", "The years 1900 to 2999 can be named."),
        ("2026 9999-12-31", "The years 1900 to 2999 can be named."),
        ("2026-11 2026-10", "The first day is after the last one."),
        ("2026 2026 2026", ""),
        ("2026-02-30", ""),
        ("yesterday", ""),
    ],
)
def test_why_it_is_none_is_said(text: str, sentence: str) -> None:
    assert span(text) is None
    assert why_no_span(text) == sentence


def test_the_spans_that_are_offered() -> None:
    new_year = date(2026, 1, 1)
    days_of_periods = {name: days(new_year) for name, (_title, days) in PERIODS.items()}
    assert days_of_periods == {
        "today": Days("2026-01-01", "2026-01-01"),
        "yesterday": Days("2025-12-31", "2025-12-31"),
        "week": Days("2025-12-26", "2026-01-01"),
        "month": Days("2026-01-01", "2026-01-31"),
        "month-before": Days("2025-12-01", "2025-12-31"),
        "year": Days("2026-01-01", "2026-12-31"),
    }

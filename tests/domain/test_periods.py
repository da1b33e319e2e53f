"""Periods: without gap and overlap for every year end, and known by their keys."""

from datetime import date, timedelta
from operator import le

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.periods import Period, PeriodKind, period_at, period_from, span

DAY = timedelta(1)
YEARS = range(1999, 2033)
YEAR_ENDS = [(date(2024, 1, 1) + timedelta(day)).strftime("%m-%d") for day in range(366)]
MONTH_ENDS = {f"{date(year, month, 1) - DAY:%m-%d}" for year in (2023, 2024) for month in range(1, 13)}
"""The last days of months, with both of February."""
PARTS = {
    PeriodKind.MONTH: [f"-{month:02}" for month in range(1, 13)],
    PeriodKind.QUARTER: ["-Q1", "-Q2", "-Q3", "-Q4"],
    PeriodKind.HALF_YEAR: ["-H1", "-H2"],
    PeriodKind.YEAR: [""],
    PeriodKind.FISCAL_QUARTER: ["-Q1", "-Q2", "-Q3", "-Q4"],
    PeriodKind.FISCAL_HALF_YEAR: ["-H1", "-H2"],
    PeriodKind.FISCAL_YEAR: [""],
}


def keyed(kind: PeriodKind) -> list[Period]:
    """The periods of a kind in these years, by their keys, in their order."""
    before = "FY" if kind.fiscal else ""
    periods = [period_from(f"{before}{year}{part}") for year in YEARS for part in PARTS[kind]]
    return [period for period in periods if period is not None and period.kind is kind]


def on_or_before(year: int, month: int, day: int) -> date:
    """A day of a month (0 is the month before January), or the month's last one."""
    if month < 1:
        return on_or_before(year - 1, month + 12, day)
    try:
        return date(year, month, day)
    except ValueError:
        return on_or_before(year, month, day - 1)


def ends(year: int, parts: int, year_end: str) -> list[date]:
    """On which days the parts of the fiscal year end that ends in that year."""
    month, day = map(int, year_end.split("-"))
    other_day = 31 if year_end in MONTH_ENDS else day
    earlier = [on_or_before(year, month - 12 + 12 // parts * part, other_day) for part in range(1, parts)]
    return [*earlier, on_or_before(year, month, day)]


@pytest.mark.parametrize("kind", PeriodKind)
def test_no_gap_no_overlap_for_any_year_end(kind: PeriodKind) -> None:
    periods = keyed(kind)
    parts = len(PARTS[kind])
    assert [period.number for period in periods] == [*range(YEARS[0] * parts, (YEARS[-1] + 1) * parts)]
    for year_end in YEAR_ENDS if kind.fiscal else ("", "04-05"):
        firsts, lasts = zip(*(span(period, year_end) for period in periods), strict=True)
        of_year = year_end if kind.fiscal else "12-31"
        assert list(lasts) == [last for year in YEARS for last in ends(year, parts, of_year)], year_end
        assert [first - DAY for first in firsts] == [ends(YEARS[0] - 1, parts, of_year)[-1], *lasts[:-1]], year_end
        assert all(map(le, firsts, lasts)), year_end
        assert [period_at(kind, first, year_end) for first in firsts] == periods, year_end
        assert [period_at(kind, last, year_end) for last in lasts] == periods, year_end


@pytest.mark.parametrize(
    ("key", "year_end", "first", "last", "words"),
    [
        ("2026-07", "04-05", "2026-07-01", "2026-07-31", "July 2026"),
        ("2024-02", "", "2024-02-01", "2024-02-29", "February 2024"),
        ("2026-Q3", "04-05", "2026-07-01", "2026-09-30", "Q3 2026"),
        ("2026-H1", "", "2026-01-01", "2026-06-30", "H1 2026"),
        ("2026", "06-30", "2026-01-01", "2026-12-31", "year 2026"),
        ("FY2026", "", "2026-01-01", "2026-12-31", "fiscal year 2026"),
        ("FY2026", "no day", "2026-01-01", "2026-12-31", "fiscal year 2026"),
        ("FY2026", "02-30", "2026-01-01", "2026-12-31", "fiscal year 2026"),
        ("FY2026", "06-30", "2025-07-01", "2026-06-30", "fiscal year 2026"),
        ("FY2026-Q3", "06-30", "2026-01-01", "2026-03-31", "Q3 of fiscal year 2026"),
        ("FY2026-H2", "08-31", "2026-03-01", "2026-08-31", "H2 of fiscal year 2026"),
        ("FY2026-Q1", "04-05", "2025-04-06", "2025-07-05", "Q1 of fiscal year 2026"),
        ("FY2026-Q3", "04-05", "2025-10-06", "2026-01-05", "Q3 of fiscal year 2026"),
        ("FY2024-Q1", "11-30", "2023-12-01", "2024-02-29", "Q1 of fiscal year 2024"),
        ("FY2025-Q1", "11-29", "2024-11-30", "2025-02-28", "Q1 of fiscal year 2025"),
        ("FY2024", "02-29", "2023-03-01", "2024-02-29", "fiscal year 2024"),
        ("FY2025", "02-29", "2024-03-01", "2025-02-28", "fiscal year 2025"),
        ("FY2024", "02-28", "2023-03-01", "2024-02-28", "fiscal year 2024"),
        ("FY2025", "02-28", "2024-02-29", "2025-02-28", "fiscal year 2025"),
        ("FY2025-Q1", "02-28", "2024-02-29", "2024-05-31", "Q1 of fiscal year 2025"),
        ("FY3000-Q2", "06-30", "2999-10-01", "2999-12-31", "Q2 of fiscal year 3000"),
        ("FY1900", "06-30", "1899-07-01", "1900-06-30", "fiscal year 1900"),
    ],
)
def test_days_and_words(key: str, year_end: str, first: str, last: str, words: str) -> None:
    period = period_from(key)
    assert period is not None
    assert tuple(map(str, span(period, year_end))) == (first, last)
    assert period.words == words
    assert period.key == key


@given(st.text("FYQH-0123456789", max_size=10))
def test_a_key_is_one_or_is_none(text: str) -> None:
    period = period_from(text)
    assert period is None or period.key == text


def test_what_is_no_key() -> None:
    texts = (
        *("", "2026-7", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-Q03", "2026-H3", "2026-07-01", "FY2026-07"),
        *("fy2026", "2026-q3", " 2026", "2026\n", "２０２６", "26", "20260", "1899", "3001", "2026-", "FY2026-Q", "Q3"),
    )
    assert [text for text in texts if period_from(text) is not None] == []

"""When work is due: as it is typed, in words, as a date; never earlier for a later period; on working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.due_dates import (
    DUE_EXAMPLES,
    AfterPeriod,
    DayOfMonth,
    DayOfYear,
    Due,
    due_date,
    due_from,
)
from clientdesk.domain.late_words import due_words
from clientdesk.domain.periods import Period, PeriodKind, Span, period_at, span
from clientdesk.domain.problems import Refused
from clientdesk.domain.working_days import CALENDARS, Roll, WorkingDays

WEEKENDS = CALENDARS["weekends"]
DAYS_OF_YEAR = st.dates(date(2024, 1, 1), date(2024, 12, 31))
DUES: st.SearchStrategy[Due] = st.one_of(
    st.builds(AfterPeriod, st.integers(0, 60), st.integers(0, 3660)),
    st.builds(DayOfMonth, st.integers(0, 60), st.integers(1, 31)),
    st.builds(lambda day, years: DayOfYear(day.month, day.day, years), DAYS_OF_YEAR, st.integers(0, 5)),
)


@given(DUES)
def test_what_is_written_is_read_as_the_same(due: Due) -> None:
    assert due_from(due.text) == due
    assert due_from(f" {due.text.upper()} ") == due
    assert due.words


def test_every_example_is_written_so() -> None:
    assert [due_from(text).text for text in DUE_EXAMPLES] == [*DUE_EXAMPLES]
    assert due_from("1 month 20 days") != due_from("day 20 of month 1")


@pytest.mark.parametrize(
    ("typed", "text", "words", "due_days"),
    [
        ("10 days", "10 days", "10 days after the period", {"2026-06-30": "2026-07-10", "2026-12-31": "2027-01-10"}),
        ("0 months", "0 days", "on the last day of the period", {"2026-06-30": "2026-06-30"}),
        (
            *("1 month", "1 month", "1 month after the period"),
            {
                "2026-01-30": "2026-02-28",
                "2026-02-28": "2026-03-31",
                "2024-02-28": "2024-03-28",
                "2026-04-05": "2026-05-05",
            },
        ),
        (
            "12 months",
            "12 months",
            "12 months after the period",
            {"2023-02-28": "2024-02-29", "2024-02-29": "2025-02-28"},
        ),
        (
            *("1 month, 7 days", "1 month 7 days", "1 month and 7 days after the period"),
            {"2026-06-30": "2026-08-07", "2026-11-30": "2027-01-07"},
        ),
        ("2 months and 1 day", "2 months 1 day", "2 months and 1 day after the period", {"2025-12-31": "2026-03-01"}),
        ("3660 days", "3660 days", "3,660 days after the period", {"2026-12-31": "2037-01-07"}),
        (
            *("Day 20 of  month 1", "day 20 of month 1", "on day 20 of the month after the period"),
            {"2026-06-30": "2026-07-20", "2026-12-31": "2027-01-20"},
        ),
        (
            *("day 22 of month 0", "day 22 of month 0", "on day 22 of the month in which the period ends"),
            {"2026-04-05": "2026-04-22"},
        ),
        (
            "day 30 of month 2",
            "day 30 of month 2",
            "on day 30 of month 2 after the period",
            {"2026-12-31": "2027-02-28"},
        ),
        (
            "end of month 0",
            "end of month 0",
            "at the end of the month in which the period ends",
            {"2026-04-05": "2026-04-30"},
        ),
        (
            "day 31 of month 1",
            "end of month 1",
            "at the end of the month after the period",
            {"2024-01-05": "2024-02-29"},
        ),
        ("end of month 13", "end of month 13", "at the end of month 13 after the period", {"2025-12-31": "2027-01-31"}),
        ("7-25", "07-25", "on 25 July of the year in which the period ends", {"2026-03-31": "2026-07-25"}),
        ("07-25 year 1", "07-25 year 1", "on 25 July of the year after the period", {"2026-12-31": "2027-07-25"}),
        (
            *("02-29 year 2", "02-29 year 2", "on the last day of February of year 2 after the period"),
            {"2025-12-31": "2027-02-28", "2026-12-31": "2028-02-29"},
        ),
    ],
)
def test_as_it_is_typed_in_words_and_as_a_date(typed: str, text: str, words: str, due_days: dict[str, str]) -> None:
    due = due_from(typed)
    assert (due.text, due.words) == (text, words)
    days = [date.fromisoformat(ended) for ended in due_days]
    dates = [due_date(due, Span(ended - timedelta(20), ended), Roll.NONE, WEEKENDS) for ended in days]
    assert [day.isoformat() for day in dates] == [*due_days.values()]


TOO_LATE = "“{}” is later than work can be due. Give at most 60 months, 3,660 days or 5 years after the period."
NO_DAY = "“{}” names a day that there is not. Give a day from 1 to 31, or month and day as MM-DD, such as 07-25."
UNKNOWN = f"“{{}}” does not say when work is due. Write it like one of these: {', '.join(DUE_EXAMPLES)}."


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        (
            TOO_LATE,
            ("61 months", "3661 days", "60 months 3661 days", "day 1 of month 61", "end of month 61", "07-25 year 6"),
        ),
        (NO_DAY, ("day 0 of month 1", "day 32 of month 1", "02-30", "13-01", "25-07", "00-10", "01-00 year 1")),
        (
            UNKNOWN,
            (
                *(
                    "",
                    "soon",
                    "-1 days",
                    "10",
                    "1 month10 days",
                    "10 days 1 month",
                    "1.5 months",
                    "and 10 days",
                    "month 1",
                ),
                *("end of month", "07-25 year", "2026-07-25", "١ month", "9" * 90 + " days"),
            ),
        ),
    ],
)
def test_what_is_refused(sentence: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        with pytest.raises(Refused) as refused:
            due_from(text)
        shown = text if len(text) <= 80 else text[:79] + "…"
        assert refused.value.message == sentence.format(shown)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingDays:
    """Calendars with a weekend and holidays by chance, also many in a row."""
    first = draw(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
    holidays = {first + timedelta(days) for days in draw(st.sets(st.integers(0, 30), max_size=20))}
    return WorkingDays("", frozenset(draw(st.sets(st.integers(0, 6), max_size=6))), frozenset(holidays))


@given(
    DUES, st.sampled_from(PeriodKind), st.sampled_from(("", "02-28", "02-29", "04-05", "08-30")), st.sampled_from(Roll)
)
def test_a_later_period_is_never_due_earlier(due: Due, kind: PeriodKind, year_end: str, roll: Roll) -> None:
    number = period_at(kind, date(2024, 1, 1), year_end).number
    spans = [span(Period(kind, number + step), year_end) for step in range(-8, 25)]
    dates = [due_date(due, days, roll, WEEKENDS) for days in spans]
    assert dates == sorted(dates)


@given(calendars(), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_due_date_rolls_to_the_nearest_working_day_and_stays_there(calendar: WorkingDays, ended: date) -> None:
    due, days = AfterPeriod(0, 0), Span(ended, ended)
    assert due_date(due, days, Roll.NONE, calendar) == ended
    for roll, step in ((Roll.NEXT, 1), (Roll.PREVIOUS, -1)):
        rolled = due_date(due, days, roll, calendar)
        passed = [ended + timedelta(day * step) for day in range(abs((rolled - ended).days))]
        assert [day for day in passed if calendar.has(day)] == []
        assert calendar.has(rolled)
        assert (rolled - ended).days * step >= 0
        assert due_date(due, Span(rolled, rolled), roll, calendar) == rolled


def test_saturdays_and_sundays_are_no_working_days() -> None:
    friday = date(2026, 11, 27)
    assert [WEEKENDS.has(friday + timedelta(day)) for day in range(4)] == [True, False, False, True]
    assert WEEKENDS.next(date(2026, 11, 28)) == date(2026, 11, 30)
    assert WEEKENDS.previous(date(2026, 11, 29)) == friday


def test_a_due_date_beside_today() -> None:
    today = date(2026, 11, 30)
    days = {-1400: "1,400 days late", -3: "3 days late", -1: "1 day late", 0: "due today", 1: "due tomorrow"}
    days |= {2: "in 2 days", 7: "in 7 days", 8: "2026-12-08"}
    assert {day: due_words(today + timedelta(day), today, 7) for day in days} == days
    assert [due_words(today + timedelta(day), today, 0) for day in (-1, 0, 1)] == [
        "1 day late",
        "due today",
        "2026-12-01",
    ]

"""A client's periods, of which some have days of their own: the others share the room between, without gap and overlap."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.client_periods import ClientPeriods, clashes
from clientdesk.domain.periods import Period, PeriodKind, Span, period_at, period_from, span

DAY = timedelta(1)


def period_of(key: str) -> Period:
    period = period_from(key)
    assert period is not None
    return period


def fixed_of(spans: Mapping[str, str]) -> dict[Period, Span]:
    """Fixed periods from keys and days written FIRST..LAST."""
    return {period_of(key): Span(*(date.fromisoformat(day) for day in days.split(".."))) for key, days in spans.items()}


class Client(NamedTuple):
    """A client by chance."""

    kind: PeriodKind
    year_end: str
    fixed: dict[Period, Span]


@st.composite
def clients(draw: st.DrawFn) -> Client:
    """Clients with fixed periods that do not clash: of any length, wherever they are beside those of the year end."""
    kind = draw(st.sampled_from(PeriodKind))
    year_end = draw(st.sampled_from(("", "02-28", "02-29", "04-05", "06-30", "11-29")))
    number = period_at(kind, date(2020, 1, 1), year_end).number
    first = span(Period(kind, number), year_end).first + timedelta(draw(st.integers(-400, 400)))
    fixed = {}
    for _ in range(draw(st.integers(0, 4))):
        last = first + timedelta(draw(st.integers(0, 500)))
        fixed[Period(kind, number)] = Span(first, last)
        steps = draw(st.integers(1, 4))
        number += steps
        first = last + DAY + timedelta(draw(st.integers(0, 500)) if steps > 1 else 0)
    return Client(kind, year_end, fixed)


@given(clients())
def test_every_day_is_in_one_period(client: Client) -> None:
    kind, year_end, fixed = client
    periods = ClientPeriods(year_end, fixed)
    assert clashes(fixed) == []
    walked = [period_at(kind, date(2015, 1, 1), year_end)]
    until = period_at(kind, date(2032, 1, 1), year_end)
    while walked[-1].number < until.number:
        walked.append(periods.next(walked[-1]))
    spans = {}
    for period in walked:
        days = periods.span(period)
        assert days is not None
        assert days.first <= days.last
        assert periods.at(kind, days.first) == period == periods.at(kind, days.last)
        spans[period] = days
    assert [later.first for _earlier, later in pairwise(spans.values())] == [
        earlier.last + DAY for earlier, _later in pairwise(spans.values())
    ]
    assert spans.items() >= fixed.items()
    assert [periods.previous(period) for period in walked[1:]] == walked[:-1]
    beginnings = {days.first for days in fixed.values()}
    for period, days in spans.items():  # each ends where the year end says, or where a fixed one begins
        assert period in fixed or days.last == span(period, year_end).last or days.last + DAY in beginnings
    for number in range(walked[0].number, walked[-1].number):  # those for which no day is left
        period = Period(kind, number)
        if period not in spans:
            assert periods.span(period) is None
            assert periods.next(period) == next(there for there in walked if there.number > number)
            assert periods.previous(period) == next(there for there in reversed(walked) if there.number < number)


@pytest.mark.parametrize(
    ("year_end", "fixed", "periods"),
    [
        (  # a period of 18 months, and the years go on as before
            "12-31",
            {"FY2026": "2025-01-01..2026-06-30"},
            {"FY2024": "2024-01-01..2024-12-31", "FY2025": "", "FY2027": "2026-07-01..2027-12-31"},
        ),
        (  # a year that is kept, and the year end is half a year earlier now: the next one is short
            "06-30",
            {"FY2025": "2025-01-01..2025-12-31"},
            {"FY2024": "2023-07-01..2024-12-31", "FY2026": "2026-01-01..2026-06-30"},
        ),
        (  # a quarter that is kept, and by the new year end it would have been the last one
            "06-30",
            {"FY2025-Q2": "2025-04-01..2025-06-30"},
            {
                "FY2025-Q1": "2024-07-01..2025-03-31",
                "FY2025-Q3": "",
                "FY2025-Q4": "",
                "FY2026-Q1": "2025-07-01..2025-09-30",
            },
        ),
        (  # between two that are fixed there is room for some of four months
            "",
            {"2026-01": "2026-01-01..2026-03-10", "2026-06": "2026-04-20..2026-06-30"},
            {"2026-02": "", "2026-03": "2026-03-11..2026-03-31", "2026-04": "2026-04-01..2026-04-19", "2026-05": ""},
        ),
        (  # what lies far from where its number says takes all that is left of the room
            "",
            {"2026-01": "2026-06-01..2026-06-30", "2026-03": "2026-08-01..2026-08-31"},
            {"2025-12": "2025-12-01..2026-05-31", "2026-02": "2026-07-01..2026-07-31", "2026-08": ""},
        ),
        ("06-30", {"2026": "2026-01-01..2026-06-30"}, {"FY2026": "2025-07-01..2026-06-30"}),  # of another kind
    ],
)
def test_the_room_between_fixed_periods(year_end: str, fixed: dict[str, str], periods: dict[str, str]) -> None:
    client = ClientPeriods(year_end, fixed_of(fixed))
    spans = {key: client.span(period_of(key)) for key in periods}
    assert {key: days and f"{days.first}..{days.last}" for key, days in spans.items()} == {
        key: days or None for key, days in periods.items()
    }


@pytest.mark.parametrize(
    ("fixed", "clashing"),
    [
        ({"2026": "2026-01-01..2026-12-31", "2027": "2027-01-01..2027-12-31"}, []),
        ({"2026": "2026-01-01..2026-12-31", "FY2026": "2026-01-01..2026-12-31"}, []),
        ({"2026": "2026-01-01..2026-12-31", "2028": "2028-01-01..2028-12-31"}, []),
        ({"2026": "2026-01-01..2026-12-31", "2027": "2026-12-31..2027-12-31"}, [("2026", "2027", False)]),
        ({"2026": "2026-01-01..2026-12-31", "2027": "2027-01-02..2027-12-31"}, [("2026", "2027", True)]),
        ({"2026": "2027-01-01..2027-12-31", "2028": "2026-01-01..2026-12-31"}, [("2026", "2028", False)]),
        (
            {"2026": "2026-01-01..2029-06-30", "2027": "2027-01-01..2027-12-31", "2029": "2029-01-01..2029-12-31"},
            [("2026", "2027", False), ("2026", "2029", False)],
        ),
    ],
)
def test_fixed_periods_that_clash(fixed: dict[str, str], clashing: list[tuple[str, str, bool]]) -> None:
    spans = fixed_of(fixed)
    assert [(earlier.key, later.key, gap) for earlier, later, gap in clashes(spans)] == clashing
    client = ClientPeriods("", spans)
    assert {period: client.span(period) for period in spans} == spans
    period = period_of("2020")
    for _ in range(20):
        following = client.next(period)
        assert client.previous(following).number < following.number > period.number
        period = following


def test_a_day_in_the_gap_between_two_that_clash_is_in_no_period() -> None:
    client = ClientPeriods("", fixed_of({"2026": "2026-01-01..2026-06-30", "2027": "2026-08-01..2027-12-31"}))
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1))
    keys = [period and period.key for period in (client.at(PeriodKind.YEAR, day) for day in days)]
    assert keys == ["2026", None, None, "2027"]
    assert client.next(period_of("2026")).key == "2027"
    assert client.previous(period_of("2027")).key == "2026"

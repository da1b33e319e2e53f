"""Work follows from rules: which period is the first open one, when that is due, who does it."""

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.due_dates import due_from
from clientdesk.domain.periods import Period, PeriodKind, Span, period_at, period_from, span
from clientdesk.domain.work import ClientFacts, ClientWork, People, Touched, WorkRule
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.domain.working_days import CALENDARS, Roll


def period_of(key: str) -> Period:
    period = period_from(key)
    assert period is not None
    return period


def rule(
    kind: PeriodKind = PeriodKind.MONTH, begins: str = "", roles: tuple[str, str, str] = ("lead", "", "")
) -> WorkRule:
    """A rule that is due ten days after its period, on a working day."""
    begun = period_of(begins) if begins else None
    return WorkRule(1, kind, due_from("10 days"), Roll.NEXT, CALENDARS["weekends"], begun, roles)


def client(
    since: date = date(2026, 3, 15),
    year_end: str = "",
    odd: Mapping[Period, Span] | None = None,
    members: Mapping[str, int | None] | None = None,
) -> ClientFacts:
    return ClientFacts(7, True, year_end, since, odd or {}, members or {"lead": 4})


def done(*keys: str) -> dict[Period, Touched]:
    return {period_of(key): Touched(COMPLETED) for key in keys}


def standing(work: ClientWork) -> tuple[str, str]:
    stands = work.standing
    assert stands is not None
    return stands.period.key, stands.due.isoformat()


def test_work_begins_when_the_firm_does_it_and_has_the_client() -> None:
    assert standing(ClientWork(rule(begins="2025-01"), client(), None, {})) == ("2026-03", "2026-04-10")
    assert standing(ClientWork(rule(begins="2026-05"), client(), None, {})) == ("2026-05", "2026-06-10")
    assert standing(ClientWork(rule(begins="2025-01"), client(), period_of("2025-11"), {})) == ("2025-11", "2025-12-10")


def test_the_first_period_that_is_not_completed_is_open() -> None:
    touched = done("2026-03", "2026-04", "2026-06") | {period_of("2026-05"): Touched(3)}
    assert standing(ClientWork(rule(), client(), None, touched)) == ("2026-05", "2026-06-10")


def test_work_that_was_begun_is_open_although_it_would_begin_later_now() -> None:
    touched = {period_of("2026-03"): Touched(3), period_of("2026-02"): Touched(COMPLETED)}
    assert standing(ClientWork(rule(), client(), period_of("2026-06"), touched)) == ("2026-03", "2026-04-10")
    days = {period_of("2026-03"): Span(date(2026, 3, 1), date(2026, 3, 10))}
    assert standing(ClientWork(rule(), client(odd=days), None, touched)) == ("2026-03", "2026-03-20")


def test_an_untouched_period_follows_a_new_year_end_and_a_touched_one_keeps_its_days() -> None:
    of_years = rule(PeriodKind.FISCAL_YEAR)
    days = Span(date(2025, 1, 1), date(2025, 12, 31))
    touched = {period_of("FY2025"): Touched(COMPLETED, days)}
    work = ClientWork(of_years, client(date(2025, 2, 1), "03-31"), None, touched)
    assert work.periods.span(period_of("FY2026")) == Span(date(2026, 1, 1), date(2026, 3, 31))
    assert standing(work) == ("FY2026", "2026-04-10")
    untouched = ClientWork(of_years, client(date(2025, 2, 1), "03-31"), None, {})
    assert standing(untouched) == ("FY2025", "2025-04-10")


def test_an_odd_period_is_due_by_its_own_days() -> None:
    odd = {period_of("FY2026"): Span(date(2026, 1, 1), date(2027, 3, 31))}
    work = ClientWork(rule(PeriodKind.FISCAL_YEAR), client(odd=odd), None, {})
    assert standing(work) == ("FY2026", "2027-04-12")


def test_a_date_that_was_moved_counts() -> None:
    touched = {period_of("2026-03"): Touched(due=date(2026, 5, 3))}
    assert standing(ClientWork(rule(), client(), None, touched)) == ("2026-03", "2026-05-03")


def test_who_is_named_comes_before_who_has_the_role() -> None:
    def people(roles: tuple[str, str, str], named: People = (None, None, None)) -> People:
        touched = {period_of("2026-03"): Touched(people=named)}
        work = ClientWork(rule(roles=roles), client(members={"lead": 4, "own_9": 6}), None, touched)
        return work.people(period_of("2026-03"))

    assert people(("lead", "member:2", "field:own_9")) == (4, 2, 6)
    assert people(("lead", "", "field:own_8")) == (4, None, None)
    assert people(("lead", "member:2", ""), (5, None, 3)) == (5, 2, 3)


@given(
    st.sampled_from(PeriodKind),
    st.sampled_from(("", "02-29", "04-05", "06-30")),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sets(st.integers(0, 40)),
)
def test_it_stands_at_the_first_period_not_completed_from_its_beginning_on(
    kind: PeriodKind, year_end: str, begins: date, since: date, completed: set[int]
) -> None:
    first = period_at(kind, begins, year_end)
    touched = {first._replace(number=first.number + later): Touched(COMPLETED) for later in completed}
    work = ClientWork(rule(kind, first.key), client(since, year_end), None, touched)
    expected = period_at(kind, max(since, span(first, year_end).first), year_end)
    while expected in touched:
        expected = expected._replace(number=expected.number + 1)
    stands = work.standing
    assert stands is not None
    assert stands.period == expected
    assert stands.due >= span(expected, year_end).last + timedelta(10)
    assert all(work.has(period) for period in (expected, *touched))

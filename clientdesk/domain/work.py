"""Work as it follows from rules: which periods a client has by a template, which of them is the first open one, when that is
due, and who does it.

Nothing here is stored: what people did comes in (`Touched`), what the list is sorted and filtered by comes out (`Standing`). It
does not depend on the day on which it is asked for.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from clientdesk.domain.client_periods import ClientPeriods
from clientdesk.domain.due_dates import Due, due_date
from clientdesk.domain.periods import Period, PeriodKind, Span
from clientdesk.domain.work_templates import COMPLETED, FIELD, LEAD, MEMBER, TO_DO
from clientdesk.domain.working_days import Roll, WorkingDays

People = tuple[int | None, int | None, int | None]
"""The team members of the three roles, None for nobody."""
NOBODY: People = (None, None, None)


class WorkRule(NamedTuple):
    """What the dates and people of a template's work follow from. `begins` is the first period for which the firm does it;
    None for none that is the first. `roles` says by whom each role is done unless somebody is named (see
    `work_templates.Role.by`)."""

    template_id: int
    kind: PeriodKind
    due: Due
    roll: Roll
    calendar: WorkingDays
    begins: Period | None
    roles: tuple[str, str, str]


class Touched(NamedTuple):
    """What is stored of the work of a period: its state, the days that the period keeps, the date that it was moved to (None: it was
    not), and who was named for each role."""

    state: int = TO_DO
    days: Span | None = None
    due: date | None = None
    people: People = NOBODY


class ClientFacts(NamedTuple):
    """What of a client its work follows from. `since` is the day on which the firm got the client; `odd` are the periods that have
    days of their own; `members` are the team members whom the client's fields name, by field."""

    client_id: int
    is_active: bool
    year_end: str
    since: date
    odd: Mapping[Period, Span]
    members: Mapping[str, int | None]


class Standing(NamedTuple):
    """How a client's work by a template stands: its first open period, when that is due, its state, and who does it."""

    period: Period
    due: date
    state: int
    people: People


def periods_of(
    kind: PeriodKind, year_end: str, odd: Mapping[Period, Span], touched: Mapping[Period, Touched]
) -> ClientPeriods:
    """The periods of a client's work of a kind: those that somebody has touched keep their days, and odd ones have their own."""
    kept = {period: work.days for period, work in touched.items() if work.days is not None}
    return ClientPeriods(year_end, kept | {period: days for period, days in odd.items() if period.kind is kind})


class ClientWork:
    """The work of one client by one template. `start` is the first period that was stored for the client, None for none;
    `touched` is what people did, by period."""

    def __init__(
        self, rule: WorkRule, client: ClientFacts, start: Period | None, touched: Mapping[Period, Touched]
    ) -> None:
        self._rule, self._client, self._touched = rule, client, touched
        self.periods = periods_of(rule.kind, client.year_end, client.odd, touched)
        self._start = start

    @property
    def first(self) -> Period | None:
        """The period with which the work begins: the stored one, else that of the day since when both the firm does this
        work and the client is the firm's. None where no period has that day."""
        if self._start is not None:
            return self._start
        since, begins = self._client.since, self._rule.begins
        begun = self.periods.span(begins) if begins is not None else None
        day = since if begun is None else max(since, begun.first)
        return self.periods.at(self._rule.kind, day)

    @property
    def standing(self) -> Standing | None:
        """How it stands; None where it never began. What somebody has begun with is open, also before the first period."""
        period = self.first
        if period is not None:
            while self.state(period) == COMPLETED:
                period = self.periods.next(period)
            while self.periods.span(period) is None:  # the stored first period may have no days any more
                period = self.periods.next(period)
        begun = (kept for kept, work in self._touched.items() if work.state != COMPLETED and self.periods.span(kept))
        opened = min((period, *begun) if period is not None else begun, default=None)
        if opened is None:
            return None
        return Standing(opened, self.due(opened), self.state(opened), self.people(opened))

    def state(self, period: Period) -> int:
        """The state of the work of a period."""
        return self._touched.get(period, _UNTOUCHED).state

    def due(self, period: Period) -> date:
        """When the work of a period is due: as it was moved, else by the rule. ValueError for a period that does not exist."""
        moved = self._touched.get(period, _UNTOUCHED).due
        if moved is not None:
            return moved
        days = self.periods.span(period)
        if days is None:
            raise ValueError(period.key)
        return due_date(self._rule.due, days, self._rule.roll, self._rule.calendar)

    def people(self, period: Period) -> People:
        """Who does the work of a period: who was named, else whom the template's roles say."""
        named = self.named(period)
        by_role = (member or self._by(by) for member, by in zip(named, self._rule.roles, strict=True))
        first, second, third = by_role
        return first, second, third

    def named(self, period: Period) -> People:
        """Who was named for the work of a period, whatever the template's roles say."""
        return self._touched.get(period, _UNTOUCHED).people

    def has(self, period: Period) -> bool:
        """Whether there is work of a period: not before the first one, unless somebody has touched it."""
        if period in self._touched:
            return True
        first = self.first
        return first is not None and period.number >= first.number and self.periods.span(period) is not None

    def _by(self, by: str) -> int | None:
        if by == LEAD:
            return self._client.members.get(LEAD)
        if by.startswith(MEMBER):
            return int(by.removeprefix(MEMBER))
        return self._client.members.get(by.removeprefix(FIELD)) if by.startswith(FIELD) else None


_UNTOUCHED = Touched()


def earliest(standings: Mapping[int, Standing], order: Sequence[int]) -> int | None:
    """The template whose work is due first, of those by which a client has work; of two on one day the one that comes first in
    an order. None for none."""
    if not standings:
        return None
    places = {template_id: place for place, template_id in enumerate(order)}
    return min(standings, key=lambda template_id: (standings[template_id].due, places.get(template_id, len(places))))

"""The periods of one client, of which some have days of their own: odd ones that somebody entered, and those that work keeps
although the year end has become another.

The other periods share the room that is left. Each day between two fixed periods is in the one in which it would be without
them, or, where that number does not lie between theirs, in the nearest one that does. So there is no gap and no overlap; a
period for which no day is left does not exist.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from clientdesk.domain.periods import DAY, Period, PeriodKind, Span, period_at, span


class Clash(NamedTuple):
    """Two fixed periods whose days do not fit: the later one begins before the earlier one ends, or there is a `gap` of days
    between them that no period can have."""

    earlier: Period
    later: Period
    gap: bool


class _Fixed(NamedTuple):
    """The fixed periods of a kind, in the order of their numbers."""

    numbers: Sequence[int]
    spans: Sequence[Span]
    firsts: Sequence[date]


class ClientPeriods:
    """The periods of a client whose fiscal year ends on `year_end` (MM-DD; "" counts as 12-31). The `fixed` ones keep the
    days that are given; where these clash, each has its days all the same."""

    def __init__(self, year_end: str, fixed: Mapping[Period, Span]) -> None:
        self.year_end = year_end
        self._fixed = _by_kind(fixed)

    def span(self, period: Period) -> Span | None:
        """The days of a period; None where it does not exist."""
        days = span(period, self.year_end)
        fixed = self._fixed.get(period.kind)
        if fixed is None:
            return days
        number = period.number
        place = bisect_left(fixed.numbers, number)
        if fixed.numbers[place : place + 1] == [number]:
            return fixed.spans[place]
        first, last = days
        if place:
            room_first = fixed.spans[place - 1].last + DAY
            first = room_first if number == fixed.numbers[place - 1] + 1 else max(first, room_first)
        if place < len(fixed.numbers):
            room_last = fixed.firsts[place] - DAY
            last = room_last if number == fixed.numbers[place] - 1 else min(last, room_last)
        return Span(first, last) if first <= last else None

    def at(self, kind: PeriodKind, day: date) -> Period | None:
        """The period of a kind in which a day is; None in the gap between two fixed ones that clash."""
        period = period_at(kind, day, self.year_end)
        fixed = self._fixed.get(kind)
        if fixed is None:
            return period
        place = bisect_right(fixed.firsts, day)
        if place and day <= fixed.spans[place - 1].last:
            return Period(kind, fixed.numbers[place - 1])
        number = period.number
        if place < len(fixed.numbers):
            number = min(number, fixed.numbers[place] - 1)
        if place:
            number = max(number, fixed.numbers[place - 1] + 1)
        if fixed.numbers[place : place + 1] == [number]:
            return None
        return Period(kind, number)

    def next(self, period: Period) -> Period:
        """The first period after this one that exists."""
        kind, number = period
        fixed = self._fixed.get(kind)
        number += 1
        if fixed is None:
            return Period(kind, number)
        place = bisect_left(fixed.numbers, number)
        after = fixed.numbers[place] if place < len(fixed.numbers) else None
        if place:
            begun = period_at(kind, fixed.spans[place - 1].last + DAY, self.year_end).number
            number = max(number, begun if after is None else min(begun, after - 1))
        following = Period(kind, number)
        return following if after is None or self.span(following) else Period(kind, after)

    def previous(self, period: Period) -> Period:
        """The last period before this one that exists."""
        kind, number = period
        fixed = self._fixed.get(kind)
        number -= 1
        if fixed is None:
            return Period(kind, number)
        place = bisect_right(fixed.numbers, number)
        before = fixed.numbers[place - 1] if place else None
        if place < len(fixed.numbers):
            ended = period_at(kind, fixed.firsts[place] - DAY, self.year_end).number
            number = min(number, ended if before is None else max(ended, before + 1))
        preceding = Period(kind, number)
        return preceding if before is None or self.span(preceding) else Period(kind, before)


def clashes(fixed: Mapping[Period, Span]) -> list[Clash]:
    """The fixed periods of a client whose days do not fit together, in the order of their kinds and numbers."""
    clashing: list[Clash] = []
    latest: tuple[Period, Span] | None = None
    for period, days in sorted(fixed.items()):
        if latest is not None and latest[0].kind is period.kind:
            overlap = days.first <= latest[1].last
            gap = latest[0].number == period.number - 1 and days.first > latest[1].last + DAY
            if overlap or gap:
                clashing.append(Clash(latest[0], period, gap))
            if days.last <= latest[1].last:
                continue
        latest = (period, days)
    return clashing


def _by_kind(fixed: Mapping[Period, Span]) -> Mapping[PeriodKind, _Fixed]:
    kinds: dict[PeriodKind, list[tuple[int, Span]]] = {}
    for (kind, number), days in sorted(fixed.items()):
        kinds.setdefault(kind, []).append((number, days))
    return {
        kind: _Fixed(
            [number for number, _days in pairs], spans := [days for _n, days in pairs], [d.first for d in spans]
        )
        for kind, pairs in kinds.items()
    }

"""Working days: which days of the week are none, and which holidays there are."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from clientdesk.domain.periods import DAY
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_

SATURDAY, SUNDAY = 5, 6


class Roll(StrEnum):
    """Where a due date goes that is no working day."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"

    @property
    def label(self) -> str:
        """What a person reads, to be translated."""
        return _ROLLS[self.value]


_ROLLS = {"none": N_("Stays where it is"), "next": N_("Next working day"), "previous": N_("Working day before")}


class WorkingDays(NamedTuple):
    """A calendar of working days: all but the days of the week in `weekend` (Monday is 0, at least one is not in it) and the
    holidays. `label` is the word a person reads, to be translated."""

    label: str
    weekend: frozenset[int]
    holidays: frozenset[date] = frozenset()

    def has(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next(self, day: date) -> date:
        """The day itself where it is a working day, else the next one that is."""
        while not self.has(day):
            day += DAY
        return day

    def previous(self, day: date) -> date:
        """The day itself where it is a working day, else the last one before it that is."""
        while not self.has(day):
            day -= DAY
        return day


CALENDARS: Mapping[str, WorkingDays] = MappingProxyType(
    {"weekends": WorkingDays(N_("Saturdays and Sundays"), frozenset((SATURDAY, SUNDAY)))}
)
"""The calendars that there are, by the name that is kept."""
FIRST_CALENDAR = "weekends"
"""The calendar of what names none."""


def calendar_named(name: str) -> WorkingDays:
    """The calendar that is kept by a name; the first one for none, and for one that there is not."""
    return CALENDARS.get(name, CALENDARS[FIRST_CALENDAR])

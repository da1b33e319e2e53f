"""When work is due: so long after its period, on a day of a month after it, or on a day of the year; as it is typed, in
words, and as a date."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from clientdesk.domain.periods import MONTHS, Span, clamped, last_day_of
from clientdesk.domain.problems import refuse
from clientdesk.domain.working_days import Roll, WorkingDays
from clientdesk.text import _, ngettext, whole_number

MOST_MONTHS, MOST_DAYS = 60, 3_660
"""So many months, and so many days, after its period work is due at most."""
LAST = 31
"""The day of a month that stands for its last one."""
DUE_EXAMPLES = ("10 days", "1 month", "1 month 10 days", "day 20 of month 1", "end of month 2", "07-25", "07-25 year 1")
"""Each way to say when work is due, as it is typed."""
_LONGEST = 60
_AFTER = re.compile(r"(?:(\d+) months?)?(?:(?:^| | and )(\d+) days?)?", re.ASCII)
_OF_MONTH = re.compile(r"(?:day (\d+)|end) of month (\d+)", re.ASCII)
_OF_YEAR = re.compile(r"(\d\d?)-(\d\d?)(?: year (\d+))?", re.ASCII)


class AfterPeriod(NamedTuple):
    """So many months, and then days, after the last day of the period. From the last day of a month, months lead to the
    last day of another one; from another day to the same day, or to the last one where the month is shorter."""

    months: int
    days: int
    form: Literal["after"] = "after"  # without it, a day of a month with the same numbers would be equal

    @property
    def text(self) -> str:
        """As it is typed."""
        days = f"{self.days} {'day' if self.days == 1 else 'days'}"
        if not self.months:
            return days
        months = f"{self.months} {'month' if self.months == 1 else 'months'}"
        return f"{months} {days}" if self.days else months

    @property
    def words(self) -> str:
        """What a person reads, translated."""
        months = ngettext("{n} month", "{n} months", self.months).format(n=self.months)
        days = ngettext("{n} day", "{n} days", self.days).format(n=whole_number(self.days))
        if self.months and self.days:
            return _("{months} and {days} after the period").format(months=months, days=days)
        if self.months or self.days:
            return _("{time} after the period").format(time=months if self.months else days)
        return _("on the last day of the period")

    def falls_on(self, ended: date) -> date:
        """The day on which work is due whose period has ended on that day."""
        return _months_later(ended, self.months) + timedelta(self.days)


class DayOfMonth(NamedTuple):
    """A day (1 to 31, or the last one of a shorter month) of the month that comes so many `months` after that in which the
    period ends."""

    months: int
    day: int
    form: Literal["month"] = "month"

    @property
    def text(self) -> str:
        """As it is typed."""
        day = "end" if self.day == LAST else f"day {self.day}"
        return f"{day} of month {self.months}"

    @property
    def words(self) -> str:
        """What a person reads, translated."""
        if self.day == LAST:
            sentences = (
                _("at the end of the month in which the period ends"),
                _("at the end of the month after the period"),
                _("at the end of month {months} after the period"),
            )
        else:
            sentences = (
                _("on day {day} of the month in which the period ends"),
                _("on day {day} of the month after the period"),
                _("on day {day} of month {months} after the period"),
            )
        return sentences[min(self.months, 2)].format(day=self.day, months=self.months)

    def falls_on(self, ended: date) -> date:
        """The day on which work is due whose period has ended on that day."""
        return _in_month(ended, self.months, self.day)


class DayOfYear(NamedTuple):
    """A day of the year so many `years` after that in which the period ends; 29 February is the last day of February."""

    month: int
    day: int
    years: int
    form: Literal["year"] = "year"

    @property
    def text(self) -> str:
        """As it is typed."""
        day = f"{self.month:02}-{self.day:02}"
        return f"{day} year {self.years}" if self.years else day

    @property
    def words(self) -> str:
        """What a person reads, translated."""
        day = _("{day} {month}").format(day=self.day, month=_(MONTHS[self.month - 1]))
        if (self.month, self.day) == (2, 29):
            day = _("the last day of February")
        if self.years < 2:
            sentence = (
                _("on {day} of the year after the period")
                if self.years
                else _("on {day} of the year in which the period ends")
            )
            return sentence.format(day=day)
        return _("on {day} of year {years} after the period").format(day=day, years=self.years)

    def falls_on(self, ended: date) -> date:
        """The day on which work is due whose period has ended on that day."""
        return clamped(ended.year + self.years, self.month, self.day)


Due: TypeAlias = AfterPeriod | DayOfMonth | DayOfYear


def due_from(text: str) -> Due:
    """When work is due, as somebody types it (see DUE_EXAMPLES). Refused ("unknown_due", "due_too_late", "unknown_due_day")."""
    typed = " ".join(text.casefold().replace(",", " ").split())
    if 0 < len(typed) <= _LONGEST:
        if after := _AFTER.fullmatch(typed):
            months, days = int(after[1] or 0), int(after[2] or 0)
            _bounded(text, months, days)
            return AfterPeriod(months, days)
        if of_month := _OF_MONTH.fullmatch(typed):
            day, months = int(of_month[1] or LAST), int(of_month[2])
            _bounded(text, months)
            if not 1 <= day <= LAST:
                raise refuse("unknown_due_day", value=text)
            return DayOfMonth(months, day)
        if of_year := _OF_YEAR.fullmatch(typed):
            month, day, years = int(of_year[1]), int(of_year[2]), int(of_year[3] or 0)
            _bounded(text, years * 12)
            if not (1 <= month <= 12 and 1 <= day <= last_day_of(2024, month)):
                raise refuse("unknown_due_day", value=text)
            return DayOfYear(month, day, years)
    raise refuse("unknown_due", value=text, choices=", ".join(DUE_EXAMPLES))


@lru_cache(maxsize=8192)
def due_date(due: Due, days: Span, roll: Roll, calendar: WorkingDays) -> date:
    """The day on which the work of a period with these days is due."""
    unrolled = due.falls_on(days.last)
    if roll is Roll.NONE:
        return unrolled
    return calendar.next(unrolled) if roll is Roll.NEXT else calendar.previous(unrolled)


def _bounded(text: str, months: int, days: int = 0) -> None:
    if months > MOST_MONTHS or days > MOST_DAYS:
        raise refuse("due_too_late", value=text, months=MOST_MONTHS, days=MOST_DAYS, years=MOST_MONTHS // 12)


def _in_month(day: date, months: int, day_of_month: int) -> date:
    """A day of the month that comes so many months later, or the last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return clamped(year, month + 1, day_of_month)


def _months_later(day: date, months: int) -> date:
    return _in_month(day, months, LAST if day.day == last_day_of(day.year, day.month) else day.day)

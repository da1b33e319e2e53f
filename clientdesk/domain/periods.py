"""Periods of work: months, quarters, half-years and years of the calendar, or of a client's fiscal year. Their keys, words
and days.

A period is known by its kind and a number, of which the next one is one more. Its days follow from the calendar, or from
the client's year end.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from clientdesk.domain.days import FIRST_YEAR, LAST_YEAR
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, ngettext

MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July")),
    *(N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
"""The names of the months, to be translated."""
DAY = timedelta(1)


class PeriodKind(StrEnum):
    """How long a period is, and whether it follows the calendar or the client's fiscal year."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    FISCAL_QUARTER = "fiscal_quarter"
    FISCAL_HALF_YEAR = "fiscal_half_year"
    FISCAL_YEAR = "fiscal_year"

    @property
    def label(self) -> str:
        """The word a person reads, to be translated."""
        return _SHAPES[self].label

    @property
    def fiscal(self) -> bool:
        """Whether such a period follows the client's year end."""
        return _SHAPES[self].fiscal


class _Shape(NamedTuple):
    """A year has `parts` such periods; `sign` stands before the part in a key (None: a key has none), `words` name one."""

    label: str
    words: str
    parts: int
    sign: str | None
    fiscal: bool = False


_SHAPES: Mapping[PeriodKind, _Shape] = {
    PeriodKind.MONTH: _Shape(N_("Month"), N_("{month} {year}"), 12, ""),
    PeriodKind.QUARTER: _Shape(N_("Quarter"), N_("Q{part} {year}"), 4, "Q"),
    PeriodKind.HALF_YEAR: _Shape(N_("Half-year"), N_("H{part} {year}"), 2, "H"),
    PeriodKind.YEAR: _Shape(N_("Calendar year"), N_("year {year}"), 1, None),
    PeriodKind.FISCAL_QUARTER: _Shape(N_("Fiscal quarter"), N_("Q{part} of fiscal year {year}"), 4, "Q", fiscal=True),
    PeriodKind.FISCAL_HALF_YEAR: _Shape(
        N_("Fiscal half-year"), N_("H{part} of fiscal year {year}"), 2, "H", fiscal=True
    ),
    PeriodKind.FISCAL_YEAR: _Shape(N_("Fiscal year"), N_("fiscal year {year}"), 1, None, fiscal=True),
}
_KINDS = {(shape.fiscal, shape.sign): kind for kind, shape in _SHAPES.items()}
_KEY = re.compile(r"(FY)?(\d{4})(?:-([QH]?)(\d\d?))?", re.ASCII)


class Period(NamedTuple):
    """A period of any client. The number counts from the year 0 on; the period after it has the next number."""

    kind: PeriodKind
    number: int

    @property
    def key(self) -> str:
        """What it is called in files, in the database and on the command line: 2026-07, 2026-Q3, 2026-H1, 2026, FY2026 (the
        fiscal year that ends in 2026), FY2026-Q3, FY2026-H2."""
        shape = _SHAPES[self.kind]
        year, part = divmod(self.number, shape.parts)
        whole = f"FY{year:04}" if shape.fiscal else f"{year:04}"
        if shape.sign is None:
            return whole
        return f"{whole}-{shape.sign}{part + 1}" if shape.sign else f"{whole}-{part + 1:02}"

    @property
    def words(self) -> str:
        """What a person reads, translated: July 2026, Q3 2026, fiscal year 2026."""
        shape = _SHAPES[self.kind]
        year, part = divmod(self.number, shape.parts)
        return _(shape.words).format(month=_(MONTHS[part]), part=part + 1, year=year)


class Span(NamedTuple):
    """From the first day to the last one."""

    first: date
    last: date


def months_of(kind: PeriodKind) -> int:
    """How many months a period of a kind usually has."""
    return 12 // _SHAPES[kind].parts


def months_in(days: Span) -> int:
    """How many months some days are, begun ones too."""
    months = (days.last.year - days.first.year) * 12 + days.last.month - days.first.month
    return months + (days.last.day >= days.first.day)


def days_in_words(kind: PeriodKind, days: Span) -> str:
    """The days of a period; of one that is longer than usual, also how many months these are."""
    words = f"{days.first} – {days.last}"
    months = months_in(days)
    if months <= months_of(kind):
        return words
    return ngettext("{days}, {n} month", "{days}, {n} months", months).format(days=words, n=months)


def period_from(key: str) -> Period | None:
    """The period with this key, of the years that can be named; None for what is no key of one."""
    written = _KEY.fullmatch(key)
    # a fiscal year that begins in the last year ends in the next one
    if written is None or not FIRST_YEAR <= int(written[2]) <= LAST_YEAR + 1:
        return None
    kind = _KINDS.get((written[1] is not None, written[3]))
    if kind is None:
        return None
    period = Period(kind, int(written[2]) * _SHAPES[kind].parts + int(written[4] or 1) - 1)
    return period if period.key == key else None


def kind_beyond(key: str) -> PeriodKind | None:
    """The kind of the period that a key would be one of, were its year one that can be named; None for other texts."""
    written = _KEY.fullmatch(key)
    if written is None or period_from(key) is not None:
        return None
    period = period_from(f"{key[: written.start(2)]}{FIRST_YEAR}{key[written.end(2) :]}")
    return period.kind if period is not None else None


class _YearEnd(NamedTuple):
    """`day` is that of the year's last month, `other_day` that on which quarters end in other months; each is the last day
    of a month that is shorter."""

    month: int
    day: int
    other_day: int


_CALENDAR = _YearEnd(12, 31, 31)


@lru_cache(maxsize=1024)
def _year_end(text: str) -> _YearEnd:
    """A client's year end (MM-DD). Nothing, and what is no day of a year, counts as the end of the calendar's."""
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        return _CALENDAR
    month, day = int(text[:2]), int(text[3:])
    if not (1 <= month <= 12 and 1 <= day <= last_day_of(2024, month)):
        return _CALENDAR
    # the 28th of February, too, is the end of a month in most years: its quarters end on 31 May, 31 August, 30 November
    return _YearEnd(month, day, 31 if day >= last_day_of(2023, month) else day)


def last_day_of(year: int, month: int) -> int:
    """The number of the last day of a month."""
    return calendar.monthrange(year, month)[1]


def clamped(year: int, month: int, day: int) -> date:
    """A day of a month, or the month's last day where it is shorter."""
    return date(year, month, day if day <= 28 else min(day, last_day_of(year, month)))


def _last(kind: PeriodKind, number: int, year_end: _YearEnd) -> date:
    months = 12 // _SHAPES[kind].parts
    year, month = divmod(number * months + year_end.month - 13 + months, 12)
    return clamped(year, month + 1, year_end.day if month + 1 == year_end.month else year_end.other_day)


@lru_cache(maxsize=8192)
def span(period: Period, year_end: str) -> Span:
    """The days of a period of a client whose fiscal year ends on `year_end` (MM-DD; "" counts as 12-31).

    A year end of 02-29 is the last day of February, 02-28 always the 28th. Where the year ends at the end of a month, so
    do its quarters; otherwise they end on the same day of the month, or on its last one. The next period begins the day
    after.
    """
    day_of_year = _year_end(year_end) if period.kind.fiscal else _CALENDAR
    return Span(_last(period.kind, period.number - 1, day_of_year) + DAY, _last(*period, day_of_year))


@lru_cache(maxsize=8192)
def period_at(kind: PeriodKind, day: date, year_end: str) -> Period:
    """The period of a kind in which a day is, with a client whose fiscal year ends on `year_end`."""
    day_of_year = _year_end(year_end) if kind.fiscal else _CALENDAR
    months = 12 // _SHAPES[kind].parts
    # the first one that ends in the month of the day, or in a later one
    number = -((day_of_year.month - 13 + months - (day.year * 12 + day.month - 1)) // months)
    return Period(kind, number if day <= _last(kind, number, day_of_year) else number + 1)

"""Days as a person says them: a day, a month, a year, and the spans that are asked for most."""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from clientdesk.text import N_, _

FIRST_YEAR, LAST_YEAR = 1900, 2999
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class Days(NamedTuple):
    """From the first day to the last one, both ISO 8601; "" for an open end."""

    since: str = ""
    until: str = ""


def _month(day: date) -> Days:
    last = calendar.monthrange(day.year, day.month)[1]
    return Days(day.replace(day=1).isoformat(), day.replace(day=last).isoformat())


PERIODS: Mapping[str, tuple[str, Callable[[date], Days]]] = {
    "today": (N_("Today"), lambda today: Days(today.isoformat(), today.isoformat())),
    "yesterday": (N_("Yesterday"), lambda today: Days(*[(today - timedelta(1)).isoformat()] * 2)),
    "week": (N_("The last 7 days"), lambda today: Days((today - timedelta(6)).isoformat(), today.isoformat())),
    "month": (N_("This month"), _month),
    "month-before": (N_("The month before"), lambda today: _month(today.replace(day=1) - timedelta(1))),
    "year": (N_("This year"), lambda today: Days(f"{today.year:04}-01-01", f"{today.year:04}-12-31")),
}
"""The spans that are offered, by name: their title (untranslated), and the days they are on a day."""


def span(text: str) -> Days | None:
    """The days of what was written: a day, a month or a year ("2026-11-03", "2026-11", "2026"), or two of them for a
    span; None where it is none of that, or ends before it begins."""
    parts = [_days(part) for part in text.split()]
    if not 1 <= len(parts) <= 2:
        return None
    first, last = parts[0], parts[-1]
    if first is None or last is None or first.since > last.until:
        return None
    return Days(first.since, last.until)


def why_no_span(text: str) -> str:
    """What is wrong with days that `span` refuses, as a sentence; "" where it is only that they are written otherwise."""
    parts = text.split()
    years = [int(written[1]) for part in parts if (written := _WRITTEN.fullmatch(part))]
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in years):
        return _("The years {first} to {last} can be named.").format(first=FIRST_YEAR, last=LAST_YEAR)
    if len(parts) == 2 and None not in map(_days, parts):
        return _("The first day is after the last one.")
    return ""


def _days(text: str) -> Days | None:
    written = _WRITTEN.fullmatch(text)
    if written is None or not FIRST_YEAR <= int(written[1]) <= LAST_YEAR:
        return None
    year, month, day = (int(part) if part else 0 for part in written.groups())
    try:
        if day:
            return Days(*[date(year, month, day).isoformat()] * 2)
        return _month(date(year, month, 1)) if month else Days(f"{year}-01-01", f"{year}-12-31")
    except ValueError:
        return None

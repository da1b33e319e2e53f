"""Values of filters that say another thing each day, to each person: @me, @today, @today+14, @this_month."""

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filters import ME, Filter, Op
from clientdesk.domain.problems import Problem, problem

THIS_MONTH = "@this_month"
LAST_MONTH = "@last_month"
MOMENTS = ("@today", "@today+14", "@today-30", THIS_MONTH)
"""Moments as they are shown to somebody who has written another."""
MONTHS = (THIS_MONTH, LAST_MONTH)
"""What stands for a period of work that is a month."""
_TODAY = re.compile(r"@today([+-]\d{1,4})?", re.ASCII)
_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)


def stands_for_another(text: str) -> bool:
    """Whether a text is written as what stands for you or for a day."""
    return text in (ME, THIS_MONTH) or _TODAY.fullmatch(text) is not None


def days_from_today(text: str) -> int | None:
    """How many days from today a moment such as @today-7 is; None for what is no such moment."""
    moment = _TODAY.fullmatch(text)
    return int(moment[1] or 0) if moment else None


def wrong_day(field: Field, op: Op, value: str) -> Problem | None:
    """What is wrong with a day of the year in a filter, or with a moment instead of it."""
    if value == THIS_MONTH:
        if op in (Op.IS, Op.BEFORE, Op.AFTER):
            return None
        return problem("filter_days", field.name, label=field.label, value=value)
    if value.startswith("@"):
        if _TODAY.fullmatch(value):
            return None
        return problem("unknown_moment", field.name, label=field.label, value=value, choices=", ".join(MOMENTS))
    day = _DAY.fullmatch(value)
    if day and 1 <= int(day[1]) <= 12 and 1 <= int(day[2]) <= calendar.monthrange(2024, int(day[1]))[1]:
        return None
    return problem("fiscal_year_end", field.name, value=value)


def wrong_date(field: Field, op: Op, value: str) -> Problem | None:
    """What is wrong with a day in a filter, or with a moment instead of it."""
    if value == THIS_MONTH and op not in (Op.IS, Op.BEFORE, Op.AFTER):
        return problem("filter_days", field.name, label=field.label, value=value)
    if value.startswith("@"):
        if value == THIS_MONTH or _TODAY.fullmatch(value):
            return None
        return problem("unknown_moment", field.name, label=field.label, value=value, choices=", ".join(MOMENTS))
    from clientdesk.domain.own_values import dates_from

    return None if dates_from(value) == (value,) else problem("own_date", field.name, label=field.label, value=value)


def wrong_period(field: Field, value: str) -> Problem | None:
    """What is wrong with a period of work in a filter, or with what stands for one."""
    if value.startswith("@"):
        if value in MONTHS:
            return None
        return problem("unknown_moment", field.name, label=field.label, value=value, choices=", ".join(MONTHS))
    from clientdesk.domain.periods import period_from

    return None if period_from(value) is not None else problem("unknown_period", field.name, value=value)


def resolved(filters: Sequence[Filter], catalogue: Catalogue, member_id: int, today: date) -> tuple[Filter, ...]:
    """The filters as they are on that day to that team member: no value stands for another any more."""
    return tuple(_resolved(written, catalogue, member_id, today) for written in filters)


def _resolved(written: Filter, catalogue: Catalogue, member_id: int, today: date) -> Filter:
    if not any(value.startswith("@") for value in written.value):
        return written
    field, op = catalogue.by_name[written.field], written.op
    if field.kind is Kind.MEMBER:
        return written._replace(value=tuple(str(member_id) if value == ME else value for value in written.value))
    if field.ordered == "period":
        return written._replace(value=tuple(_month_of(value, today) for value in written.value))
    if field.ordered not in ("day", "date"):
        return written  # a text that begins with @
    kept = _day if field.ordered == "day" else date.isoformat
    if written.value == (THIS_MONTH,):
        first = today.replace(day=1)
        last = first.replace(day=calendar.monthrange(today.year, today.month)[1])
        spans = {Op.IS: (first, last), Op.BEFORE: (first,), Op.AFTER: (last,)}
        return Filter(field.name, Op.BETWEEN if op is Op.IS else op, tuple(map(kept, spans[op])))
    return written._replace(value=tuple(_day_of(value, today, kept) for value in written.value))


def _month_of(value: str, today: date) -> str:
    """The key of the period that stands there, as it is on a day."""
    day = today if value == THIS_MONTH else today.replace(day=1) - timedelta(1)
    return f"{day.year:04}-{day.month:02}" if value in MONTHS else value


def _day_of(value: str, today: date, kept: Callable[[date], str]) -> str:
    moment = _TODAY.fullmatch(value)
    return kept(today + timedelta(int(moment[1] or 0))) if moment else value


def _day(day: date) -> str:
    return f"{day.month:02}-{day.day:02}"

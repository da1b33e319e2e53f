"""Time zones by the names of IANA's list (Europe/Madrid): which there are, and which day it is in one."""

from datetime import date, datetime

from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.problems import refuse


def zone_named(text: str) -> str:
    """The time zone that somebody writes, in whatever case, by its name; "" for none. Refused ("unknown_time_zone")."""
    written = text.strip()
    if not written:
        return ""
    from zoneinfo import available_timezones  # it reads folders

    names = sorted(available_timezones())
    by_fold = {name.casefold(): name for name in names}
    wanted = written.casefold().replace(" ", "_")
    if wanted in by_fold:
        return by_fold[wanted]
    places = [name for name in names if name.casefold().rpartition("/")[2] == wanted]
    if len(places) == 1:
        return places[0]
    raise refuse("unknown_time_zone", "time_zone", value=text, choices=likely_names(text, places or names))


def day_of(moment: datetime, zone: str) -> date:
    """Which day it is at a moment, in a time zone; in that of the moment for "", and where this computer knows no such
    zone."""
    if not zone:
        return moment.date()
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.date()

"""A due date beside today: how near it is, and in words."""

from datetime import date
from enum import StrEnum

from clientdesk.text import _, ngettext, whole_number


class Lateness(StrEnum):
    """How near a due date is."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


def lateness(due: date, today: date, soon: int) -> Lateness:
    """How near a due date is; the next `soon` days are near ones."""
    days = (due - today).days
    if days <= 0:
        return Lateness.LATE if days else Lateness.TODAY
    return Lateness.SOON if days <= soon else Lateness.LATER


def due_words(due: date, today: date, soon: int) -> str:
    """A due date as a person reads it, translated: “3 days late”, “due today”, “due tomorrow”, “in 5 days”; one that is more
    than `soon` days away as a date."""
    days = (due - today).days
    match lateness(due, today, soon):
        case Lateness.LATE:
            return ngettext("{n} day late", "{n} days late", -days).format(n=whole_number(-days))
        case Lateness.TODAY:
            return _("due today")
        case Lateness.SOON if days == 1:
            return _("due tomorrow")
        case Lateness.SOON:
            return ngettext("in {n} day", "in {n} days", days).format(n=whole_number(days))
        case Lateness.LATER:
            return due.isoformat()

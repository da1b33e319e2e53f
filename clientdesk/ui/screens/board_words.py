"""The words of the board: a sign and a word for each work, and the names of its periods."""

from collections.abc import Mapping
from datetime import date

from clientdesk.desk.work_board import BoardCell, Look
from clientdesk.domain.late_words import due_words
from clientdesk.domain.periods import Period
from clientdesk.text import N_, _, ngettext, whole_number

_WORDS: Mapping[Look, str] = {
    Look.NONE: "",
    Look.TO_DO: N_("· to do"),
    Look.WAITING: N_("? waits"),
    Look.LATE: N_("! late"),
    Look.COMPLETED: N_("✓ done"),
}


def cell_words(cell: BoardCell) -> str:
    """The sign and the word of a work; nothing where there is none."""
    if cell.look is Look.BEGUN:
        return ngettext("{n} left", "{n} left", cell.left).format(n=whole_number(cell.left))
    return _(_WORDS[cell.look]) if _WORDS[cell.look] else ""


def cell_sentence(cell: BoardCell, today: date, soon: int) -> str:
    """All that the board knows of a work, in words."""
    if cell.due is None:
        return _("no review")
    settled = _("{n} of {all} settled").format(n=whole_number(cell.items - cell.left), all=whole_number(cell.items))
    if cell.look is Look.COMPLETED:
        return f"{_('completed')}, {settled}"
    return f"{settled}, {due_words(cell.due, today, soon)}"


def short_period(period: Period) -> str:
    """A period's key in few cells: the years of fiscal ones with two digits (FY26-Q3)."""
    return period.key if len(period.key) < 8 else period.key.replace("FY20", "FY", 1)

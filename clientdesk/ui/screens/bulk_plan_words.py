"""The words of the plan of a bulk change: how it is spoken of, and what it does with a client, in the cells of a line."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from clientdesk.text import _, from_difference, ngettext
from clientdesk.ui.widgets.bars import cut

if TYPE_CHECKING:
    from clientdesk.desk.bulk_plan_rows import PlanRow

_OLD_SHOWN = 16
"""So many cells of an old value are shown."""


class PlanWords(NamedTuple):
    """How a plan is spoken of: its heading, how many are to be changed, what key does it, what is under way, what was
    done; `lost` is said where it cannot be taken back, `about` is said with the plan (any data)."""

    heading: str
    to_do: Callable[[int], str]
    does: str
    doing: str
    done: Callable[[int], str]
    lost: str = ""
    about: str = ""


def _changed(n: int) -> str:
    if not n:
        return _("No client is changed.")
    return ngettext("{count} client is changed.", "{count} clients are changed.", n)


def _deleted(n: int) -> str:
    if not n:
        return _("No client was deleted.")
    return ngettext("{count} client was deleted permanently.", "{count} clients were deleted permanently.", n)


def changed_words(heading: str) -> PlanWords:
    """The words for clients whose fields change."""
    return PlanWords(
        heading,
        lambda n: ngettext("{count} changes", "{count} change", n),
        _("{key} changes {clients}."),
        _("Changing clients…"),
        _changed,
    )


def _work_changed(n: int) -> str:
    if not n:
        return _("No work is changed.")
    return ngettext("The work of {count} client is changed.", "The work of {count} clients is changed.", n)


def work_changed_words(heading: str, about: str) -> PlanWords:
    """The words for clients whose work changes; `about` says which work."""
    return PlanWords(
        heading,
        lambda n: ngettext("{count} changes", "{count} change", n),
        _("{key} changes the work of {clients}."),
        _("Changing work…"),
        _work_changed,
        about=about,
    )


def deleted_words() -> PlanWords:
    """The words for clients that are deleted permanently."""
    return PlanWords(
        _("Delete permanently"),
        lambda n: ngettext("{count} can be deleted", "{count} can be deleted", n),
        _("{key} deletes {clients} permanently, after a question."),
        _("Deleting clients…"),
        _deleted,
        _("This cannot be taken back. The history keeps that they were there, and what was changed."),
    )


def cells(row: "PlanRow") -> tuple[str, ...]:
    """What a plan does with a client, by the columns behind its name; the values are data."""
    if row.conditions:
        met = (_("✓ met") if condition.met else _("✗ not met") for condition in row.conditions)
        unmet = " ".join(condition.advice for condition in row.conditions if not condition.met)
        return (*met, unmet or (row.problem.message if row.problem else ""))
    if row.problem is not None:
        return (_("refused: {reason}").format(reason=row.problem.message),)
    empty = _("(empty)")
    changes = []
    for change in row.differences:
        old, new = _where_they_differ(change.old, change.new)
        changes.append(f"{change.title}: {old or empty} → {new or empty}")
    return (" · ".join(changes),)


def _where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Two values for a narrow line: of a long one what stands around the first difference, so that the new one is seen."""
    if cell_len(old) <= _OLD_SHOWN:
        return old, new
    old, new = from_difference(old, new)
    return cut(old, _OLD_SHOWN), new

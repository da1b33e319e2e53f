"""Marking many rows of a window at once, also those that were never read. Plain Python.

Marks are ids. What is marked here are the rows that the list has at that moment: who comes into it later is not marked,
and who leaves it keeps the mark.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from clientdesk.ui.widgets.row_range import RowRange

if TYPE_CHECKING:
    from clientdesk.ui.widgets.row_source import IdSource
    from clientdesk.ui.widgets.row_window import RowWindow


MarkMany: TypeAlias = Callable[["RowWindow", "IdSource"], Awaitable[None]]
"""Marks rows of a window whose list has these ids."""


async def mark_all(rows: "RowWindow", source: "IdSource") -> None:
    """Mark all rows of the list; what is marked outside it stays."""
    ids = await source.ids()
    rows.mark(rows.marks.union(ids))


async def mark_others(rows: "RowWindow", source: "IdSource") -> None:
    """Mark the rows of the list that are not marked instead of those that are; what is marked outside it stays."""
    ids = await source.ids()
    rows.mark(rows.marks.symmetric_difference(ids))


def begin_range(rows: "RowWindow") -> None:
    """Let a range begin at the cursor's row, if it is at hand."""
    if rows.cursor_id is not None:
        rows.set_range(RowRange(rows.cursor_row, rows.cursor_id))


async def mark_range(rows: "RowWindow", source: "IdSource") -> int:
    """Mark the rows from where the range begins to the cursor, and end it; how many these are: none where the list does
    not have both ends any more."""
    begun, cursor_id = rows.range, rows.cursor_id
    if begun is None or cursor_id is None:
        rows.set_range(None)
        return 0
    ids = await source.between(begun.id, cursor_id)
    if rows.range is not None and rows.range.id == begun.id:
        rows.set_range(None)
    rows.mark(rows.marks.union(ids))
    return len(ids)

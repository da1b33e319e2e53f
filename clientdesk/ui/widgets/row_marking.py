"""Marking many rows of a window at once, also those that were never read. Plain Python.

What is marked of a list that has a query is kept as that query: who is marked follows it until a command that changes
clients asks or plans, from when on it is ids.
What is marked one by one, or as a range, are ids.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from clientdesk.domain.selection import Selection
from clientdesk.ui.widgets.row_range import RowRange

if TYPE_CHECKING:
    from clientdesk.ui.widgets.row_source import IdSource
    from clientdesk.ui.widgets.row_window import RowWindow


MarkMany: TypeAlias = Callable[["RowWindow", "IdSource"], Awaitable[None]]
"""Marks rows of a window whose list has these ids."""


async def mark_all(rows: "RowWindow", source: "IdSource") -> None:
    """Mark all rows of the list; what is marked outside it stays."""
    query, ids = source.query, frozenset(await source.ids())
    marks = rows.marks | ids
    if query is None:
        rows.mark(marks)
    else:
        rows.mark(marks, Selection(query, rows.selection.ids | (rows.marks - ids)))


async def mark_others(rows: "RowWindow", source: "IdSource") -> None:
    """Mark the rows of the list that are not marked instead of those that are; what is marked outside it stays."""
    query, ids = source.query, frozenset(await source.ids())
    marks, outside = rows.marks ^ ids, rows.marks - ids
    if query is None or rows.selection.asks_for(query):
        rows.mark(marks)  # of what was all but some, these some
    else:
        rows.mark(marks, Selection(query, outside, without=rows.marks & ids))


def hold(rows: "RowWindow", ids: Iterable[int]) -> None:
    """Let the marks be these rows from now on, before a command changes them: they may match the list no more by it."""
    if rows.marks and rows.selection.query is not None:
        rows.mark(ids)


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
    rows.mark(rows.marks.union(ids), rows.selection.with_ids(frozenset(ids)))
    return len(ids)

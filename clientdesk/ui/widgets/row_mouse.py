"""The mouse on a table: a header sorts, moves or widens its column; a row is chosen, marked or opened."""

from typing import Any

from textual import events

from clientdesk.ui.widgets import row_messages as messages
from clientdesk.ui.widgets.line_layout import GAP, GUTTER, Placed, TableColumn
from clientdesk.ui.widgets.row_list import RowList

LEAST_WIDTH = 4
"""A column cannot be dragged narrower than this."""
WHEEL = 3
"""So many rows go by with each step of the wheel."""


class RowMouse(RowList):
    """What the mouse does on a table."""

    _columns: tuple[TableColumn, ...]
    _placed: list[Placed]
    _drag: tuple[str, int, int, bool] | None = None

    def _column_at(self, x: int) -> tuple[TableColumn, bool] | None:
        """The column whose header is at `x`, and whether that is its right edge."""
        for placed in self._placed:
            end = placed.x + placed.width
            if placed.x <= x < end + GAP:
                return self._columns[placed.column], x >= end - 1 and placed.width > 2
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A header may be dragged."""
        heading = self._column_at(event.x) if event.y == 0 and event.button == 1 else None
        if heading is not None:
            column, edge = heading
            placed = next(place for place in self._placed if self._columns[place.column] is column)
            self._drag = (column.key, event.x, placed.width, edge)
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The header was clicked, or dragged to where the mouse is now."""
        if self._drag is None:
            return
        key, start, width, edge = self._drag
        self._drag = None
        self.release_mouse()
        column = self._column_at(event.x)
        if edge and event.x != start:
            self.post_message(messages.Resized(self, key, max(LEAST_WIDTH, width + event.x - start)))
        elif column is not None and column[0].key != key and not edge:
            self.post_message(messages.ColumnMoved(self, key, column[0].key))
        elif event.x == start or (column is not None and column[0].key == key):
            self.post_message(messages.SortRequested(self, key))

    def on_click(self, event: events.Click) -> None:
        """A row: the cursor goes there; in the gutter it is marked; the cursor's own row opens."""
        number = self.scroll_offset.y + event.y - 1
        if event.y == 0 or number >= self._expected or event.button != 1:
            return
        event.stop()
        row = self.row_at(number)
        if event.x < GUTTER and self.markable:
            self.toggle_mark(number)
        elif number == self._cursor and row is not None and self.has_focus:
            self.post_message(messages.Opened(self, row.id))
        else:
            self.move_to(number)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel goes down by rows."""
        self._wheel(event, WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel goes up by rows."""
        self._wheel(event, -WHEEL)

    def _wheel(self, event: Any, rows: int) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)

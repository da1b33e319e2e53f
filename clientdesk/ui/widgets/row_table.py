"""The table: rows of a list of any length, drawn line by line in columns."""

from collections.abc import Sequence
from typing import TypeAlias

from rich.segment import Segment
from textual.strip import Strip

from clientdesk.ui.commands import BY_ID, bindings_for
from clientdesk.ui.widgets import cells
from clientdesk.ui.widgets import row_messages as messages
from clientdesk.ui.widgets.cells import GUTTER, Placed, TableColumn, fit
from clientdesk.ui.widgets.row_list import RowList
from clientdesk.ui.widgets.row_mouse import RowMouse
from clientdesk.ui.widgets.rows import RowLike

CURSOR, MARK = "▌", "●"
CURSOR_HERE, CURSOR_AWAY = "primary 40%", "primary 20%"
"""The cursor's colour while the table has the focus, and while it has not."""


class RowTable(RowMouse, RowList):
    """A table over a `RowSource`: one header line, one line a row; a row that is not at hand yet is an …

    A subclass may say what a cell shows (`cell`). See `RowList` for rows, cursor and marks.
    """

    Moved: TypeAlias = messages.Moved
    Opened: TypeAlias = messages.Opened
    Counted: TypeAlias = messages.Counted
    Marked: TypeAlias = messages.Marked
    SortRequested: TypeAlias = messages.SortRequested
    Resized: TypeAlias = messages.Resized
    ColumnMoved: TypeAlias = messages.ColumnMoved

    BINDINGS = bindings_for("table")
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RowTable {
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; height: 1fr;
        scrollbar-background: $background; scrollbar-color: $foreground 30%;
    }
    """

    def __init__(self, columns: Sequence[TableColumn] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._first = 0
        self._sort: tuple[str, bool] = ("", False)
        self._texts: dict[int, str] = {}
        self._empty: Sequence[str] = ()
        self._placed: list[Placed] = []

    @property
    def visible_columns(self) -> list[str]:
        """The keys of the columns that are on the screen now."""
        return [self._columns[placed.column].key for placed in self._placed]

    @property
    def line_width(self) -> int:
        """How many cells a line has, without the scrollbar."""
        return max(0, self.size.width - self.styles.scrollbar_size_vertical)

    def set_sort(self, key: str, descending: bool) -> None:
        """Mark the column that the rows are ordered by."""
        if self._sort != (key, descending):
            self._sort = (key, descending)
            self.refresh_line(self.top)

    def set_empty(self, lines: Sequence[str]) -> None:
        """What stands in the middle when there are no rows."""
        self._empty = lines
        if self.count == 0:
            self.refresh()

    # --- drawing

    def rows_changed(self) -> None:
        """Other rows, perhaps other columns."""
        if self._next_columns is not None:
            self._columns, self._next_columns = tuple(self._next_columns), None
            self._first = 0
        self._arrange()

    def _arrange(self) -> None:
        self._placed = cells.lay_out(self._columns, self.line_width, self._first)
        self._texts.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the screen: the header, or a row."""
        width = self.line_width
        if y == 0:
            return Strip([Segment(fit(self._header(), width), self.look("foreground-muted", bold=True))], width)
        number = self.scroll_offset.y + y - 1
        total = self.count if self.count is not None else self._expected
        if number >= total:
            text = self._empty_line(y) if self.count == 0 else ""
            return Strip([Segment(fit(text, width), self.look("foreground-muted" if text else ""))], width)
        return self._row_line(number, width)

    def _row_line(self, number: int, width: int) -> Strip:
        row = self._cache.get(number)
        body = self._text(number, row)
        marked = row is not None and row.id in self.marks
        if number == self._cursor:
            paper = CURSOR_HERE if self.has_focus else CURSOR_AWAY
            edge = CURSOR + (MARK if marked else " ")
            return Strip(
                [Segment(edge, self.look("accent", paper)), Segment(body, self.look("", paper, bold=True))], width
            )
        look = self.look("" if row is None or row.active else "foreground-muted")
        if marked:
            return Strip([Segment(" " + MARK, self.look("accent")), Segment(body, look)], width)
        return Strip([Segment(" " * GUTTER + body, look)], width)

    def _text(self, number: int, row: RowLike | None) -> str:
        """What stands in a row's line after the gutter; kept until the columns or the row change."""
        text = self._texts.get(number)
        if text is None:
            width = self.line_width - GUTTER
            text = fit("…", width) if row is None else self._cells(row)
            if row is not None:
                if len(self._texts) > 4 * self.window:
                    self._texts.clear()
                self._texts[number] = text
        return text

    def cell(self, row: RowLike, column: TableColumn, value: str) -> str:
        """What a cell says; it need not be safe yet."""
        return column.show(value) if column.show else value

    def _cells(self, row: RowLike) -> str:
        parts = []
        at = GUTTER
        for placed in self._placed:
            column = self._columns[placed.column]
            parts.append(" " * (placed.x - at))
            parts.append(fit(self.cell(row, column, row.values[placed.column]), placed.width, column.right))
            at = placed.x + placed.width
        parts.append(" " * (self.line_width - at))
        return "".join(parts)

    def _header(self) -> str:
        left, right = cells.hidden(self._columns, self._placed, self._first)
        parts = ["‹ " if left else "  "]
        at = GUTTER
        for placed in self._placed:
            column = self._columns[placed.column]
            key, descending = self._sort
            arrow = (" ▾" if descending else " ▴") if column.key == key else ""
            title = column.title if len(column.title + arrow) < placed.width else column.short or column.title
            room = placed.width - len(arrow)
            label = fit(title, room).rstrip() + arrow
            parts.append(" " * (placed.x - at) + fit(label, placed.width, column.right))
            at = placed.x + placed.width
        line = "".join(parts).rstrip()
        return fit(line, self.line_width - 1) + "›" if right else line

    def _empty_line(self, y: int) -> str:
        start = max(1, (self.size.height - len(self._empty)) // 3)
        if not start <= y < start + len(self._empty):
            return ""
        text = self._empty[y - start]
        return " " * max(0, (self.line_width - len(text)) // 2) + text

    # --- keys

    def action_command(self, command_id: str) -> None:
        """Do one of the table's commands."""
        getattr(self, BY_ID[command_id].method)()

    def command_row_up(self) -> None:
        """One row up."""
        self.move_to(self._cursor - 1)

    def command_row_down(self) -> None:
        """One row down."""
        self.move_to(self._cursor + 1)

    def command_row_page_up(self) -> None:
        """One page up."""
        self.turn(-self.window)

    def command_row_page_down(self) -> None:
        """One page down."""
        self.turn(self.window)

    def command_row_half_up(self) -> None:
        """Half a page up."""
        self.turn(-max(1, self.window // 2))

    def command_row_half_down(self) -> None:
        """Half a page down."""
        self.turn(max(1, self.window // 2))

    def command_row_first(self) -> None:
        """To the first row."""
        self.move_to(0)

    def command_row_last(self) -> None:
        """To the last row."""
        self.move_to_last()

    def command_row_left(self) -> None:
        """Show the columns on the left."""
        if self._first:
            self._first -= 1
            self._arrange()

    def command_row_right(self) -> None:
        """Show the columns on the right."""
        if cells.hidden(self._columns, self._placed, self._first)[1]:
            self._first += 1
            self._arrange()

    # --- the window

    def on_resize(self) -> None:
        """Lay the columns out anew; the cursor stays on the screen."""
        self._arrange()
        self._set_height(self._expected)
        self.move_to(self._cursor)
        self.fetch_more()

    def watch_has_focus(self, value: bool) -> None:
        """The cursor is paler while the focus is elsewhere."""
        super().watch_has_focus(value)
        self.refresh_line(self._cursor + 1)

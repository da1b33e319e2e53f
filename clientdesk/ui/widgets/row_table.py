"""The table: rows of a list of any length, read in pieces in the background and drawn line by line."""

from collections.abc import Awaitable, Sequence
from typing import Any, ClassVar, Literal

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from clientdesk.ui.commands import BY_ID, bindings_for
from clientdesk.ui.widgets import cells
from clientdesk.ui.widgets.cells import GAP, GUTTER, Placed, TableColumn, fit
from clientdesk.ui.widgets.rows import ListSource, RowCache, RowLike, RowSource

CURSOR, MARK = "▌", "●"
LEAST_WIDTH = 4
"""A column cannot be dragged narrower than this."""

Follow = Literal["cursor", "top"]


class RowTable(ScrollView, can_focus=True):
    """A table over a `RowSource`: one header line, one line a row.

    The window's rows come first, the exact count after them; rows that are not at hand yet show an …
    The cursor is a row's number and its id: when the source changes it returns to that id, on the same
    line of the screen, or to the nearest row where the id is gone. `marks` are ids too.
    """

    BINDINGS = bindings_for("table")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--cursor",
        "table--cursor-away",
        "table--edge",
        "table--dim",
        "table--mark",
    }
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RowTable {
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; height: 1fr;
        scrollbar-background: $background; scrollbar-color: $panel-lighten-2;
    }
    RowTable > .table--header { text-style: bold; color: $text-muted; }
    RowTable > .table--cursor { background: $primary 40%; color: $foreground; text-style: bold; }
    RowTable > .table--cursor-away { background: $primary 15%; }
    RowTable > .table--edge { color: $accent; }
    RowTable > .table--dim { color: $text-muted; }
    RowTable > .table--mark { color: $accent; }
    """

    class Moved(Message):
        """The cursor is on another row; `row_id` is None where there is no row, or it is not at hand yet."""

        def __init__(self, table: "RowTable", row_id: int | None) -> None:
            super().__init__()
            self.table, self.row_id = table, row_id

    class Opened(Message):
        """A row was clicked that the cursor was on."""

        def __init__(self, table: "RowTable", row_id: int) -> None:
            super().__init__()
            self.table, self.row_id = table, row_id

    class Counted(Message):
        """The exact number of rows is known."""

        def __init__(self, table: "RowTable", count: int) -> None:
            super().__init__()
            self.table, self.count = table, count

    class Marked(Message):
        """The marks have changed."""

        def __init__(self, table: "RowTable") -> None:
            super().__init__()
            self.table = table

    class SortRequested(Message):
        """A column's header was clicked."""

        def __init__(self, table: "RowTable", column: str) -> None:
            super().__init__()
            self.table, self.column = table, column

    class Resized(Message):
        """The edge of a column's header was dragged: the new width in cells."""

        def __init__(self, table: "RowTable", column: str, width: int) -> None:
            super().__init__()
            self.table, self.column, self.width = table, column, width

    class ColumnMoved(Message):
        """A column's header was dragged to the place of another."""

        def __init__(self, table: "RowTable", column: str, place: str) -> None:
            super().__init__()
            self.table, self.column, self.place = table, column, place

    def __init__(self, columns: Sequence[TableColumn] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.marks: set[int] = set()
        self.count: int | None = None
        self._columns = tuple(columns)
        self._first = 0
        self._sort: tuple[str, bool] = ("", False)
        self._source: RowSource = ListSource(())
        self._cache = RowCache()
        self._texts: dict[int, str] = {}
        self._looks: dict[str, Style] = {}
        self._expected = 0
        self._loaded = False
        self._cursor = 0
        self._cursor_id: int | None = None
        self._fetching = False
        self._to_last = False
        self._empty: Sequence[str] = ()
        self._placed: list[Placed] = []
        self._drag: tuple[str, int, int, int] | None = None

    # --- what the screen asks and says

    @property
    def cursor_id(self) -> int | None:
        """The id of the row that the cursor is on; None where there is none, or it is not at hand yet."""
        return self._cursor_id

    @property
    def cursor_row(self) -> int:
        """The number of the row that the cursor is on."""
        return self._cursor

    @property
    def current(self) -> RowLike | None:
        """The row that the cursor is on, if it is at hand."""
        return self._cache.get(self._cursor)

    @property
    def visible_columns(self) -> list[str]:
        """The keys of the columns that are on the screen now."""
        return [self._columns[placed.column].key for placed in self._placed]

    @property
    def line_width(self) -> int:
        """How many cells a line has, without the scrollbar."""
        return max(0, self.size.width - self.styles.scrollbar_size_vertical)

    @property
    def window(self) -> int:
        """How many rows fit on the screen."""
        return max(1, self.size.height - 1)

    def set_columns(self, columns: Sequence[TableColumn]) -> None:
        """Show these columns; the rows' values must fit them (set the source as well if they do not)."""
        self._columns = tuple(columns)
        self._first = 0
        self._arrange()

    def set_sort(self, key: str, descending: bool) -> None:
        """Mark the column that the rows are ordered by."""
        if self._sort != (key, descending):
            self._sort = (key, descending)
            self.refresh_line(self.scroll_offset.y)

    def set_empty(self, lines: Sequence[str]) -> None:
        """What stands in the middle when there are no rows."""
        self._empty = lines
        if self.count == 0:
            self.refresh()

    def set_source(self, source: RowSource, follow: Follow = "cursor", first: Sequence[RowLike] | None = None) -> None:
        """Show another list. The old rows stay on the screen until the new ones are there.

        `follow` says where the cursor goes: with the row it is on, or to the top. `first` are the list's
        first rows where they are known already.
        """
        self.workers.cancel_group(self, "rows")
        old, self._source = self._source, source
        if first is not None:
            self._show(0, 0, first, len(first) < self.window if self._size else False)
            self._work(self._count(source))
        else:
            self._work(self._open(source, follow, same=type(old) is type(source) and old == source))

    def read_again(self, cursor_id: int | None = None) -> None:
        """Read the same list again, because something in it may have changed; with `cursor_id` the
        cursor goes to that row."""
        if cursor_id is not None:
            self._cursor_id = cursor_id
        self.workers.cancel_group(self, "rows")
        self._work(self._open(self._source, "cursor", same=True))

    def clear_marks(self) -> None:
        """Take all marks away."""
        if self.marks:
            self.marks.clear()
            self.refresh()
            self.post_message(self.Marked(self))

    def toggle_mark(self, row: int | None = None) -> None:
        """Mark a row (the cursor's), or take its mark away."""
        number = self._cursor if row is None else row
        at_hand = self._cache.get(number)
        if at_hand is not None:
            self.marks ^= {at_hand.id}
            self.refresh_line(number + 1)
            self.post_message(self.Marked(self))

    def move_to(self, row: int, top: int | None = None) -> None:
        """Put the cursor on a row; with `top`, that row becomes the window's first."""
        last = (self.count if self.count is not None else self._expected) - 1
        row = max(0, min(row, last))
        old, self._cursor = self._cursor, row
        window = self.window
        if top is None:
            start = self.scroll_offset.y
            top = row if row < start else row - window + 1 if row >= start + window else start
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        if old != row:
            self.refresh_line(old + 1)
            self.refresh_line(row + 1)
        self._settle_cursor()

    # --- reading

    def _work(self, work: Awaitable[None]) -> None:
        guarded = getattr(self.screen, "guarded", None)
        self.run_worker(guarded(work) if guarded else work, group="rows", exclusive=False)

    async def _open(self, source: RowSource, follow: Follow, same: bool) -> None:
        """Read the new window, then swap it for the old one, then count."""
        while True:
            top, cursor, anchor = 0, 0, self._cursor_id
            if follow == "cursor" and anchor is not None:
                position = await source.position(anchor)
                cursor = self._cursor if position is None else position
                top = max(0, cursor - (self._cursor - self.scroll_offset.y))
            wanted = self.window + 1
            rows = await source.rows(top, wanted)
            if not rows and top:
                total = await source.count()
                top = max(0, total - self.window)
                rows = await source.rows(top, wanted)
            if follow == "top" or anchor == self._cursor_id:
                break  # otherwise the cursor was moved meanwhile
        expected = self.count if same else None
        self._show(top, cursor, rows, len(rows) < wanted, expected or 0)
        await self._count(source)

    def _show(self, top: int, cursor: int, rows: Sequence[RowLike], ended: bool, expected: int = 0) -> None:
        self._cache.clear()
        self._texts.clear()
        self._cache.put(top, rows)
        self._loaded = True
        self.count = top + len(rows) if ended else None
        self._cursor = max(0, min(cursor, top + len(rows) - 1))
        self._cursor_id = None
        self._set_height(self.count if self.count is not None else max(expected, top + len(rows)))
        self.scroll_to(y=top, animate=False, force=True)
        self.refresh()
        self._settle_cursor(always=True)

    async def _count(self, source: RowSource) -> None:
        if self.count is None:
            count = await source.count()
            if source is not self._source:
                return
            self.count = count
            self._set_height(count)
            if self._cursor >= count:
                self.move_to(count - 1)
        if self._to_last:
            self._to_last = False
            self.move_to(self.count - 1)
        self.post_message(self.Counted(self, self.count))
        self._fetch_more()

    def _set_height(self, rows: int) -> None:
        self._expected = rows
        size = Size(self.size.width, rows + 1)
        if size != self.virtual_size:
            self.virtual_size = size

    def _needed(self) -> tuple[int, int] | None:
        """The rows to read next: those of the window, else a window ahead on both sides where it runs short."""
        total = self.count if self.count is not None else self._expected
        window = self.window
        top = self.scroll_offset.y
        bottom = min(total, top + window)
        missing = self._cache.missing(top, bottom)
        if missing:
            start, end = missing
            # What lies beyond costs little more in the same read.
            return (start, min(total, end + window)) if end == bottom else (max(0, start - window), end)
        half = window // 2
        if self._cache.missing(bottom, min(total, bottom + half)):
            return self._cache.missing(bottom, min(total, bottom + 2 * window))
        if self._cache.missing(max(0, top - half), top):
            return self._cache.missing(max(0, top - 2 * window), top)
        return None

    def _fetch_more(self) -> None:
        if not self._fetching and self._loaded and self._needed() is not None:
            self._fetching = True
            self._work(self._fetch(self._source))

    async def _fetch(self, source: RowSource) -> None:
        try:
            while source is self._source and (needed := self._needed()) is not None:
                start, end = needed
                rows = await source.rows(start, end - start)
                if source is not self._source:
                    return
                self._cache.put(start, rows)
                self._refresh_rows(start, start + len(rows))
                if len(rows) < end - start:  # the list has become shorter
                    self.count = None
                    self._set_height(start + len(rows))
                    await self._count(source)
                    return
        finally:
            self._fetching = False

    def _refresh_rows(self, start: int, end: int) -> None:
        top = self.scroll_offset.y
        start, end = max(start, top), min(end, top + self.window)
        if start < end:
            self.refresh_lines(start + 1, end - start)
            if start <= self._cursor < end:
                self._settle_cursor()

    def _settle_cursor(self, always: bool = False) -> None:
        """Take the cursor's id from its row, and tell if it is another."""
        row = self._cache.get(self._cursor)
        row_id = None if row is None else row.id
        if row_id != self._cursor_id or always:
            self._cursor_id = row_id
            self.post_message(self.Moved(self, row_id))

    # --- drawing

    def _arrange(self) -> None:
        self._placed = cells.lay_out(self._columns, self.line_width, self._first)
        self._texts.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme has changed."""
        self._looks.clear()
        super().notify_style_update()

    def _look(self, name: str) -> Style:
        if name not in self._looks:
            self._looks[name] = self.get_component_rich_style(name) if name else self.rich_style
        return self._looks[name]

    def render_line(self, y: int) -> Strip:
        """A line of the screen: the header, or a row."""
        width = self.line_width
        if y == 0:
            return Strip([Segment(fit(self._header(), width), self._look("table--header"))], width)
        number = self.scroll_offset.y + y - 1
        total = self.count if self.count is not None else self._expected
        if number >= total:
            text = self._empty_line(y) if self.count == 0 else ""
            return Strip([Segment(fit(text, width), self._look("table--dim" if text else ""))], width)
        return self._row_line(number, width)

    def _row_line(self, number: int, width: int) -> Strip:
        row = self._cache.get(number)
        body = self._text(number, row)
        marked = row is not None and row.id in self.marks
        if number == self._cursor:
            look = self._look("table--cursor" if self.has_focus else "table--cursor-away")
            edge = look + Style(color=self._look("table--edge").color)
            return Strip([Segment(CURSOR + (MARK if marked else " "), edge), Segment(body, look)], width)
        look = self._look("" if row is None or row.active else "table--dim")
        if marked:
            return Strip([Segment(" " + MARK, self._look("table--mark")), Segment(body, look)], width)
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
            title = column.title if len(column.title + arrow) <= placed.width else column.short or column.title
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
        self._turn(-self.window)

    def command_row_page_down(self) -> None:
        """One page down."""
        self._turn(self.window)

    def command_row_half_up(self) -> None:
        """Half a page up."""
        self._turn(-max(1, self.window // 2))

    def command_row_half_down(self) -> None:
        """Half a page down."""
        self._turn(max(1, self.window // 2))

    def _turn(self, rows: int) -> None:
        """Move cursor and window by so many rows, at the ends the cursor alone."""
        top = max(0, min(self.scroll_offset.y + rows, self._expected - self.window))
        self.move_to(self._cursor + rows, top)

    def command_row_first(self) -> None:
        """To the first row."""
        self.move_to(0)

    def command_row_last(self) -> None:
        """To the last row, as soon as it is known which that is."""
        if self.count is None:
            self._to_last = True
        else:
            self.move_to(self.count - 1)

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

    # --- the window and the mouse

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another part of the list is on the screen."""
        super().watch_scroll_y(old_value, new_value)
        self._fetch_more()

    def on_resize(self) -> None:
        """Lay the columns out anew; the cursor stays on the screen."""
        self._arrange()
        self._set_height(self._expected)
        self.move_to(self._cursor)
        self._fetch_more()

    def watch_has_focus(self, value: bool) -> None:
        """The cursor is paler while the focus is elsewhere."""
        super().watch_has_focus(value)
        self.refresh_line(self._cursor + 1)

    def _column_at(self, x: int) -> tuple[TableColumn, bool] | None:
        """The column whose header is at `x`, and whether that is its right edge."""
        for placed in self._placed:
            end = placed.x + placed.width
            if placed.x <= x < end + GAP:
                return self._columns[placed.column], x >= end - 1 and placed.width > 2
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A header may be dragged."""
        found = self._column_at(event.x) if event.y == 0 and event.button == 1 else None
        if found is not None:
            column, edge = found
            placed = next(each for each in self._placed if self._columns[each.column] is column)
            self._drag = (column.key, event.x, placed.width, int(edge))
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The header was clicked, or dragged to where the mouse is now."""
        if self._drag is None:
            return
        key, start, width, edge = self._drag
        self._drag = None
        self.release_mouse()
        found = self._column_at(event.x)
        if edge and event.x != start:
            self.post_message(self.Resized(self, key, max(LEAST_WIDTH, width + event.x - start)))
        elif found is not None and found[0].key != key and not edge:
            self.post_message(self.ColumnMoved(self, key, found[0].key))
        elif event.x == start or (found is not None and found[0].key == key):
            self.post_message(self.SortRequested(self, key))

    def on_click(self, event: events.Click) -> None:
        """A row: the cursor goes there; in the gutter it is marked; the cursor's own row opens."""
        number = self.scroll_offset.y + event.y - 1
        if event.y == 0 or number >= self._expected or event.button != 1:
            return
        event.stop()
        row = self._cache.get(number)
        if event.x < GUTTER:
            self.toggle_mark(number)
        elif number == self._cursor and row is not None and self.has_focus:
            self.post_message(self.Opened(self, row.id))
        else:
            self.move_to(number)

    def on_unmount(self) -> None:
        """Nothing is read for a table that has gone."""
        self._source = ListSource(())

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: Any, rows: int) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)

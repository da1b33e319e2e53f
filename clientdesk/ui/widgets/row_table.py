"""The table: a window of rows of a list of any length, drawn line by line in columns."""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker

from clientdesk.ui.commands import bindings_for
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.textual_private import bound_keys, lay_out_scrollbars
from clientdesk.ui.widgets import row_messages as messages
from clientdesk.ui.widgets.line_colours import Painted
from clientdesk.ui.widgets.line_layout import GUTTER, Columns, Placed, TableColumn, fit
from clientdesk.ui.widgets.row_line import CURSOR, MARK, Line, LineKind, RowText, Spans
from clientdesk.ui.widgets.row_source import RowLike, RowSource
from clientdesk.ui.widgets.row_window import Follow, RowWindow

if TYPE_CHECKING:
    from clientdesk.ui.widgets.row_view import News

TEXTS = 300
"""So many rows' texts are kept."""
LEAST_WIDTH = 4
"""A column cannot be dragged narrower than this."""
WHEEL = 3
"""So many rows go by with each step of the wheel."""

MOVES: dict[str, Callable[[RowWindow], None]] = {
    "row.up": lambda rows: rows.move_to(rows.cursor_row - 1),
    "row.down": lambda rows: rows.move_to(rows.cursor_row + 1),
    "row.page-up": lambda rows: rows.turn(-rows.height),
    "row.page-down": lambda rows: rows.turn(rows.height),
    "row.half-up": lambda rows: rows.turn(-max(1, rows.height // 2)),
    "row.half-down": lambda rows: rows.turn(max(1, rows.height // 2)),
    "row.first": lambda rows: rows.move_to(0),
    "row.last": lambda rows: rows.move_to_last(),
}
"""The table's commands that move the cursor; the others are `row.left` and `row.right`."""


class Drag:
    """A header that is being dragged, by its right edge or as a whole, and where it began."""

    def __init__(self, placed: Placed, key: str, x: int) -> None:
        self.width, self.key, self.x = placed.width, key, x
        self.by_edge = x >= placed.x + placed.width - 1 and placed.width > 2


class RowTable(Painted, ScrollView, can_focus=True):
    """Shows a `RowWindow`: one header line, one line a row; a row that is not at hand yet is an …

    A subclass may say what a cell shows (`cell`), and how a row looks (`look_of`).
    """

    Moved: TypeAlias = messages.Moved
    Opened: TypeAlias = messages.Opened
    Counted: TypeAlias = messages.Counted
    Lost: TypeAlias = messages.Lost
    Marked: TypeAlias = messages.Marked
    Arranged: TypeAlias = messages.Arranged
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
    WINDOW: ClassVar[type[RowWindow]] = RowWindow

    # The list's length changes nothing for the widgets around it, and few lines: no new layout of the screen for each
    # search, and only those lines are drawn again that are others now.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, columns: Sequence[TableColumn] = (), *, id: str | None = None, markable: bool = False) -> None:
        super().__init__(id=id)
        self.markable = markable
        """Whether a click marks a row: a mark that no command heeds would only mislead."""
        self.rows = self.WINDOW(self)
        """The rows that are shown, with cursor and marks."""
        self.columns = Columns(columns)
        self._next_columns: Sequence[TableColumn] | None = None
        self._texts: dict[int, RowText] = {}
        self._empty: Sequence[str] = ()
        self._drawn: dict[int, Line] = {}
        self._drag: Drag | None = None

    def set_source(
        self,
        source: RowSource,
        follow: Follow = "cursor",
        first: Sequence[RowLike] | None = None,
        columns: Sequence[TableColumn] | None = None,
        change: FirmChange = BY_YOU,
    ) -> None:
        """Show another list (see `RowWindow.set_source`). `columns` come with the rows, where they change."""
        if columns is not None:
            self._next_columns = columns
        self.rows.set_source(source, follow, first, change)

    def set_sort(self, key: str, descending: bool) -> None:
        """Mark the column that the rows are ordered by."""
        self.columns.sort(key, descending)
        self.draw_changed()

    def set_empty(self, lines: Sequence[str]) -> None:
        """What stands in the middle when there are no rows."""
        self._empty = lines
        self.draw_changed()

    def awaits(self, event: events.Event) -> bool:
        """Whether a key must wait for the rows (see `RowWindow.awaits`)."""
        key = event.key if isinstance(event, events.Key) else ""
        return self.rows.awaits(moves=key in bound_keys(self), leaves=key == "escape")

    # --- for the window (see `RowView`)

    @property
    def top(self) -> int:
        """The number of the first row on the screen."""
        return self.scroll_offset.y

    @property
    def height(self) -> int:
        """How many rows fit on the screen."""
        return max(1, self.size.height - 1)

    def begin(self, reading: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Read in a worker."""
        if self.is_attached:
            _worker: Worker[None] = self.run_worker(partial(self._guarded, reading), group="rows")
        return self.is_attached

    async def _guarded(self, reading: Callable[[], Coroutine[Any, Any, None]]) -> None:
        # The screen tells what is refused (`Commanding.guarded`).
        guarded = getattr(self.screen, "guarded", None)
        await (guarded(reading()) if guarded else reading())

    def break_off(self) -> None:
        """End the workers that read."""
        self.workers.cancel_group(self, "rows")

    def when_drawn(self, action: Callable[[], object]) -> None:
        """Do something after the next painting."""
        self.call_after_refresh(action)

    def show_from(self, top: int) -> None:
        """Scroll there."""
        self.scroll_to(y=top, animate=False, force=True)

    def length_changed(self, bar: bool = True) -> None:
        """As many lines as there are rows, below the header."""
        self.virtual_size = size = Size(self.size.width, self.rows.length + 1)
        if bar and not (self.show_vertical_scrollbar and self.vertical_scrollbar.window_virtual_size == size.height):
            lay_out_scrollbars(self, size)

    def rows_changed(self) -> None:
        """Other rows, perhaps other columns: what looks different is drawn again, and nothing else."""
        self._texts.clear()
        if self._next_columns is None:
            self.draw_changed()
        else:
            self.columns.replace(self._next_columns)
            self._next_columns = None
            self._arranged()

    def draw_changed(self) -> None:
        """Draw the lines again that look different now."""
        width, lines = self.columns.width, range(self.size.height)
        changed = [Region(0, y, width, 1) for y in lines if self._drawn.get(y) != self._line(y)]
        if changed:
            self.refresh(*changed)

    def tell(self, news: "News", row: RowLike | None = None) -> None:
        """Tell the screen. The scrollbar is painted with what the screen says of the count."""
        self.post_message(messages.OF_NEWS[news](self, row))
        if news == "counted":
            self.call_later(self.length_changed)

    # --- drawing

    def _arranged(self) -> None:
        self.post_message(messages.Arranged(self))
        self._texts.clear()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw, in the width that the table has by now: its first paint has the rows already."""
        width = max(0, self.size.width - self.styles.scrollbar_size_vertical)
        if width != self.columns.width:
            self.columns.lay_out(width)
            self._texts.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A line of the screen: the header, or a row. As few segments as can be: each costs 40 bytes."""
        line = self._drawn[y] = self._line(y)
        return Strip(line.segments(self.look), self.columns.width)

    def _line(self, y: int) -> Line:
        """What stands in a line of the screen, and how."""
        rows, width = self.rows, self.columns.width
        if y == 0:
            return Line("", self.columns.titles(), "header")
        number = self.top + y - 1
        if number >= rows.total:
            text = self._empty_line(y) if rows.count == 0 else ""
            return Line("", fit(text, width), "dim" if text else "")
        row = rows.row_at(number)
        mark = MARK if rows.is_marked(number) else " "
        body, matches, cells = self._text(number, row)
        if number == rows.cursor_row:
            here: LineKind = "here" if self.has_focus else "away"
            return Line(CURSOR + mark, body, here, matches, self.chosen_of(cells))
        return Line(" " + mark, body, "" if row is None else self.look_of(row), matches)

    def _text(self, number: int, row: RowLike | None) -> RowText:
        """What stands in a row's line after the gutter; kept until the columns or the rows change."""
        if row is None:
            return RowText(fit("…", self.columns.width - GUTTER))
        text = self._texts.get(number)
        if text is None:
            if len(self._texts) > TEXTS:
                self._texts.clear()
            text = self._texts[number] = self._cells(row)
        return text

    def look_of(self, row: RowLike) -> LineKind:
        """How a row looks that the cursor is not on."""
        return "" if row.active else "dim"

    def chosen_of(self, cells: Spans) -> Spans:
        """The one of the cells of the cursor's row that is chosen; none: the whole row is."""
        return ()

    def cell(self, row: RowLike, column: TableColumn, value: str) -> str:
        """What a cell says; it need not be safe yet."""
        return column.show(value) if column.show else value

    def found_in(self, row: RowLike, column: TableColumn, drawn: str) -> Iterable[tuple[int, int]]:
        """Which pieces of a cell as it is drawn a search has found."""
        return ()

    def remarked(self, row: RowLike, number: int, drawn: Sequence[str]) -> str:
        """The cell of that number among the `drawn` ones of a row, with a remark in the blanks at its end where there
        is one and it has room there."""
        return drawn[number]

    def drawn_cell(self, row: RowLike, placed: Placed) -> str:
        """A cell as it is drawn."""
        column = self.columns[placed]
        return fit(self.cell(row, column, row.values[placed.column]), placed.width, column.right)

    def _cells(self, row: RowLike) -> RowText:
        parts: list[str] = []
        matches: list[tuple[int, int]] = []
        cells: list[tuple[int, int]] = []
        at, length = GUTTER, 0
        drawn = [self.drawn_cell(row, placed) for placed in self.columns.placed]
        for number, placed in enumerate(self.columns.placed):
            gap = " " * (placed.x - at)
            length += len(gap)
            column = self.columns[placed]
            matches += [(length + start, length + end) for start, end in self.found_in(row, column, drawn[number])]
            cells.append((length, length + len(drawn[number])))
            length += len(drawn[number])
            parts += (gap, self.remarked(row, number, drawn))
            at = placed.x + placed.width
        parts.append(" " * (self.columns.width - at))
        return RowText("".join(parts), tuple(matches), tuple(cells))

    def _empty_line(self, y: int) -> str:
        from clientdesk.ui.widgets.wrapping import wrapped

        width = self.columns.width
        lines = [line for text in self._empty for line in wrapped(text, max(1, width))]
        number = y - max(1, (self.size.height - len(lines)) // 3)
        if not 0 <= number < len(lines):
            return ""
        return " " * max(0, (width - cell_len(lines[number])) // 2) + lines[number]

    def on_resize(self) -> None:
        """Lay the columns out anew; the cursor stays on the screen."""
        self.columns.lay_out(max(0, self.size.width - self.styles.scrollbar_size_vertical))
        self._arranged()
        self.length_changed()
        self.rows.move_to(self.rows.cursor_row)
        self.rows.fetch_more()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another part of the list is on the screen."""
        super().watch_scroll_y(old_value, new_value)
        self.rows.scrolled()

    def watch_has_focus(self, value: bool) -> None:
        """The cursor is paler while the focus is elsewhere."""
        super().watch_has_focus(value)
        self.draw_changed()

    def on_unmount(self) -> None:
        """Nothing is read for a table that has gone."""
        self.rows.close()

    # --- keys

    def action_command(self, command_id: str) -> None:
        """Do one of the table's commands."""
        if move := MOVES.get(command_id):
            move(self.rows)
        elif self.columns.scroll(1 if command_id == "row.right" else -1):
            self._arranged()

    # --- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A header may be dragged."""
        placed = self.columns.at(event.x) if event.y == 0 and event.button == 1 else None
        if placed is not None:
            self._drag = Drag(placed, self.columns[placed].key, event.x)
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The header was clicked, or dragged to where the mouse is now."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        self.release_mouse()
        key, moved = drag.key, event.x - drag.x
        placed = self.columns.at(event.x)
        place = "" if placed is None else self.columns[placed].key
        if drag.by_edge and moved:
            self.post_message(messages.Resized(self, key, max(LEAST_WIDTH, drag.width + moved)))
        elif place not in ("", key) and not drag.by_edge:
            self.post_message(messages.ColumnMoved(self, key, place))
        elif not moved or place == key:
            self.post_message(messages.SortRequested(self, key))

    def on_click(self, event: events.Click) -> None:
        """A row: the cursor goes there; in the gutter it is marked; the cursor's own row opens."""
        number = self.top + event.y - 1
        if event.y == 0 or number >= self.rows.length or event.button != 1:
            return
        event.stop()
        row = self.rows.row_at(number)
        if event.x < GUTTER and self.markable:
            self.rows.toggle_mark(number)
        elif number == self.rows.cursor_row and row is not None and self.has_focus:
            self.post_message(messages.Opened(self, row.id))
        else:
            self.rows.move_to(number)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel goes down by rows."""
        self._wheel(event, WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel goes up by rows."""
        self._wheel(event, -WHEEL)

    def _wheel(self, event: events.Event, rows: int) -> None:
        event.stop()
        event.prevent_default()
        self.show_from(self.top + rows)

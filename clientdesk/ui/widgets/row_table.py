"""The table: rows of a list of any length, drawn line by line in columns."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from clientdesk.ui.commands import BY_ID, bindings_for
from clientdesk.ui.widgets import line_layout
from clientdesk.ui.widgets import row_messages as messages
from clientdesk.ui.widgets.line_colours import FOCUSED, RESTING
from clientdesk.ui.widgets.line_layout import GUTTER, Placed, TableColumn, fit
from clientdesk.ui.widgets.row_fresh import RowsFresh
from clientdesk.ui.widgets.row_mouse import RowMouse
from clientdesk.ui.widgets.row_source import RowLike

CURSOR, MARK = "▌", "●"
"""The cursor's colour while the table has the focus, and while it has not."""

FOUND = Style(bold=True, underline=True)
"""What a search has found stands out also where there are no colours."""
TEXTS = 300
"""So many rows' texts are kept."""

Spans = tuple[tuple[int, int], ...]
"""Pieces of a text: the places of their first character and of the one behind the last."""


class RowText(NamedTuple):
    """What stands in a row's line after the gutter, and which pieces of it match a search."""

    body: str
    matches: Spans = ()


class Line(NamedTuple):
    """What is drawn in a line: the gutter with cursor and mark, the rest, the kind of look, and what matches a search."""

    gutter: str
    body: str
    kind: Literal["", "dim", "header", "here", "away"]
    matches: Spans = ()


class RowTable(RowMouse, RowsFresh):
    """A table over a `RowSource`: one header line, one line a row; a row that is not at hand yet is an …

    A subclass may say what a cell shows (`cell`). See `RowList` for rows, cursor and marks.
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

    def __init__(self, columns: Sequence[TableColumn] = (), *, id: str | None = None, markable: bool = False) -> None:
        super().__init__(id=id)
        self.markable = markable
        self._columns = tuple(columns)
        self._first = 0
        self._sort: tuple[str, bool] = ("", False)
        self._texts: dict[int, RowText] = {}
        self._empty: Sequence[str] = ()
        self._placed: list[Placed] = []
        self._drawn: dict[int, Line] = {}
        self.line_width = 0
        """How many cells a line has, without the scrollbar."""

    @property
    def visible_columns(self) -> list[str]:
        """The keys of the columns that are on the screen now."""
        return [self._columns[placed.column].key for placed in self._placed]

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
        """Other rows, perhaps other columns: what looks different is drawn again, and nothing else."""
        self._texts.clear()
        if self._next_columns is not None:
            self._columns, self._next_columns = tuple(self._next_columns), None
            self._first = 0
            self._arrange()
            return
        self.draw_changed()

    def draw_changed(self) -> None:
        """Draw the lines again that look different now."""
        width, height = self.size
        changed = [Region(0, y, width, 1) for y in range(1, height) if self._drawn.get(y) != self._line(y)]
        if changed:
            self.refresh(*changed)

    def _arrange(self) -> None:
        self._placed = line_layout.lay_out(self._columns, self.line_width, self._first)
        self.post_message(messages.Arranged(self))
        self._texts.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the screen: the header, or a row. As few segments as can be: each costs 40 bytes."""
        line = self._drawn[y] = self._line(y)
        if line.kind == "header":
            segments = [Segment(line.body, self.look("foreground-muted", bold=True))]
        elif line.kind in ("here", "away"):
            paper = FOCUSED if line.kind == "here" else RESTING
            segments = [
                Segment(line.gutter, self.look("accent", paper)),
                *_pieces(line.body, line.matches, self.look("", paper, bold=True)),
            ]
        else:
            look = self.look("foreground-muted" if line.kind == "dim" else "")
            if MARK in line.gutter:
                segments = [Segment(line.gutter, self.look("accent")), *_pieces(line.body, line.matches, look)]
            elif line.matches:
                segments = [Segment(line.gutter, look), *_pieces(line.body, line.matches, look)]
            else:
                segments = [Segment(line.gutter + line.body, look)]
        return Strip(segments, self.line_width)

    def _line(self, y: int) -> Line:
        """What stands in a line of the screen, and how."""
        if y == 0:
            return Line("", fit(self._header(), self.line_width), "header")
        number = self.top + y - 1
        if number >= self.total:
            text = self._empty_line(y) if self.count == 0 else ""
            return Line("", fit(text, self.line_width), "dim" if text else "")
        row = self._cache.get(number)
        mark = MARK if row is not None and row.id in self.marks else " "
        body, matches = self._text(number, row)
        if number == self._cursor:
            return Line(CURSOR + mark, body, "here" if self.has_focus else "away", matches)
        return Line(" " + mark, body, "" if row is None or row.active else "dim", matches)

    def _text(self, number: int, row: RowLike | None) -> RowText:
        """What stands in a row's line after the gutter; kept until the columns or the rows change."""
        if row is None:
            return RowText(fit("…", self.line_width - GUTTER))
        text = self._texts.get(number)
        if text is None:
            if len(self._texts) > TEXTS:
                self._texts.clear()
            text = self._texts[number] = self._cells(row)
        return text

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
        column = self._columns[placed.column]
        return fit(self.cell(row, column, row.values[placed.column]), placed.width, column.right)

    def _cells(self, row: RowLike) -> RowText:
        parts: list[str] = []
        matches: list[tuple[int, int]] = []
        at, length = GUTTER, 0
        drawn = [self.drawn_cell(row, placed) for placed in self._placed]
        for number, placed in enumerate(self._placed):
            gap = " " * (placed.x - at)
            length += len(gap)
            column = self._columns[placed.column]
            matches += [(length + start, length + end) for start, end in self.found_in(row, column, drawn[number])]
            length += len(drawn[number])
            parts += (gap, self.remarked(row, number, drawn))
            at = placed.x + placed.width
        parts.append(" " * (self.line_width - at))
        return RowText("".join(parts), tuple(matches))

    def _header(self) -> str:
        left, right = line_layout.hidden(self._columns, self._placed, self._first)
        parts = ["‹ " if left else "  "]
        at = GUTTER
        for placed in self._placed:
            column = self._columns[placed.column]
            key, descending = self._sort
            arrow = (" ▾" if descending else " ▴") if column.key == key else ""
            title = column.title if len(column.title + arrow) < placed.width else column.short or column.title
            room = placed.width - len(arrow)
            label = fit(title, room).rstrip() + arrow
            # At the edge a title on the right makes room for the sign that there is more, where it has it.
            room = placed.width - (right and placed is self._placed[-1] and cell_len(label) < placed.width)
            parts.append(" " * (placed.x - at) + fit(label, room, column.right))
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
        if line_layout.hidden(self._columns, self._placed, self._first)[1]:
            self._first += 1
            self._arrange()

    # --- the window

    def on_resize(self) -> None:
        """Lay the columns out anew; the cursor stays on the screen."""
        self.line_width = max(0, self.size.width - self.styles.scrollbar_size_vertical)
        self._arrange()
        self._set_height(self._expected)
        self.move_to(self._cursor)
        self.fetch_more()

    def watch_has_focus(self, value: bool) -> None:
        """The cursor is paler while the focus is elsewhere."""
        super().watch_has_focus(value)
        self.refresh_line(self._cursor + 1)


def _pieces(body: str, matches: Spans, look: Style) -> Iterator[Segment]:
    """The body in as few segments as can be, with what was found standing out."""
    at = 0
    for start, end in matches:
        if start > at:
            yield Segment(body[at:start], look)
        yield Segment(body[start:end], look + FOUND)
        at = end
    if at < len(body):
        yield Segment(body[at:], look)

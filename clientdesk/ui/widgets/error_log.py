"""The rows that an import refused: a table, and the reason of the cursor's row in full below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple, Protocol

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.problems import Problem
from clientdesk.text import N_, _, shortened, whole_number
from clientdesk.ui.import_cells import MISFITS, all_places, cell, heading_of
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_colours import ERROR
from clientdesk.ui.widgets.line_layout import TableColumn, clean
from clientdesk.ui.widgets.row_source import RowLike
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.wrapping import fitted, wrapped

_COLUMNS = (
    TableColumn("line", N_("Line"), 7, right=True),
    TableColumn("number", N_("Client number"), 12, grow=8, short=N_("Number")),
    TableColumn("name", N_("Display name"), 22, grow=14, pin=True),
    TableColumn("reason", N_("Reason"), 33, grow=200),
)
PIECE = 500
"""So many rows of an error log are looked through at a time."""
REASON = 4
"""So many lines below the table are for the reason and the cells."""
TALL = 34
"""From so many lines of the terminal on there are twice as many."""
_LONGEST = 300
"""So many characters of a cell are shown below the table."""


class LogRow(NamedTuple):
    """A refused row: its id, the line on which it starts, its cells, why it is refused, and its cells as they were
    then, which differ from `cells` where the row was mended and not tried yet."""

    id: int
    line: int
    cells: tuple[str, ...]
    problem: Problem
    before: tuple[str, ...]

    @property
    def is_mended(self) -> bool:
        """Whether it was mended and not tried yet."""
        return self.cells != self.before


class LogSource(Protocol):
    """Where refused rows come from."""

    @property
    def headings(self) -> Sequence[str]:
        """The headings of the cells."""
        ...

    @property
    def places(self) -> Mapping[str, int]:
        """The place of each field among the cells."""
        ...

    @property
    def whole_rows(self) -> bool:
        """Whether all cells are shown of every row, not only those of the fields."""
        ...

    async def page(self, offset: int, limit: int, code: str) -> Sequence[LogRow]:
        """The rows of a reason ("" for all) from `offset` on."""
        ...

    async def count(self, code: str) -> int:
        """How many rows have that reason."""
        ...

    async def reasons(self) -> Sequence[tuple[str, int]]:
        """The codes that there are, with how many rows have them; most first."""
        ...


def _mended_cells(row: LogRow, headings: Sequence[str]) -> str:
    """That the row is mended, and its new cells."""
    pairs = enumerate(zip_longest(row.cells, row.before, fillvalue=""))
    cells = [f"{heading_of(headings, place)}: {shortened(new, _LONGEST)}" for place, (new, old) in pairs if new != old]
    return _("mended: {cells}").format(cells=" · ".join(cells))


class _TableRow(NamedTuple):
    id: int
    active: bool
    values: Sequence[str]
    row: LogRow


@dataclass(frozen=True)
class _Rows:
    """The table's way to the source."""

    source: LogSource = field(compare=False)
    code: str

    async def rows(self, offset: int, limit: int) -> Sequence[RowLike]:
        places = self.source.places
        table_rows = []
        for row in await self.source.page(offset, limit, self.code):
            number = cell(row.cells, places, "client_number")
            name = cell(row.cells, places, "display_name")
            reason = _mended_cells(row, self.source.headings) if row.is_mended else row.problem.message
            table_rows.append(_TableRow(row.id, True, (whole_number(row.line), number, name, reason), row))
        return table_rows

    async def count(self) -> int:
        return await self.source.count(self.code)

    async def position(self, row_id: int) -> int | None:
        return None


class ErrorLog(Vertical):
    """The error log of an import: `show(source)`."""

    DEFAULT_CSS = "ErrorLog { height: 1fr; }"

    def __init__(self, empty: Sequence[str]) -> None:
        super().__init__()
        self._source: LogSource | None = None
        self._empty = empty
        self.code = ""
        """The code of the reason whose rows are shown; "" for all."""
        columns = [column._replace(title=_(column.title), short=_(column.short)) for column in _COLUMNS]
        self.table = RowTable(columns)
        """The table."""
        self._reason = Static(id="reason")

    def compose(self) -> ComposeResult:
        yield self.table
        yield self._reason

    @property
    def source(self) -> LogSource:
        """Where the rows come from."""
        assert self._source is not None
        return self._source

    @property
    def current(self) -> LogRow | None:
        """The row that the cursor is on."""
        row = self.table.rows.current
        return row.row if isinstance(row, _TableRow) else None

    async def row(self) -> LogRow | None:
        """The row that the cursor is on, read now if the table has not got it yet."""
        if (row := self.current) is not None or self._source is None:
            return row
        rows = await self._source.page(self.table.rows.cursor_row, 1, self.code)
        return rows[0] if rows else None

    def show(self, source: LogSource, code: str = "") -> None:
        """Show the rows of a reason, from the top."""
        self._source, self.code = source, code
        self.table.set_empty(self._empty)
        self.table.set_source(_Rows(source, code), "top")

    def read_again(self) -> None:
        """Some rows may have gone."""
        self.table.rows.read_again()

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The reason in full, and the cells."""
        self._write_reason()

    def _write_reason(self) -> None:
        row = self.current
        if row is None:
            self._reason.update("")
            self._reason.styles.height = self._room
            return
        width = max(20, self.size.width - 2)
        room = self._room
        message = row.problem.message
        if row.is_mended:
            message = _("Mended, not tried yet. It was refused: {reason}").format(reason=message)
        message_lines = wrapped(message, width)
        # The reason whole as far as half the screen goes; then the cells, at least a line of them.
        room = max(room, min(len(message_lines) + 1, self.screen.size.height // 2))
        reason = fitted(message, width, room - 1)
        if len(message_lines) >= room:
            self.post_message(Said.Cut(message))
        self._reason.styles.height = room
        shown = wrapped(clean(" · ".join(self._cells_of(row)), width * room), width)[: room - len(reason)]
        lines = [Content.styled(line, ERROR) for line in reason]
        lines += [Content.styled(line, "$foreground-muted") for line in shown]
        self._reason.update(Content("\n").join(lines))

    def _cells_of(self, row: LogRow) -> list[str]:
        """The cells of a row with their headings: the one at fault first; cells that have no heading before the rest,
        so that they can be seen."""
        headings, fields = self.source.headings, list(self.source.places.values())
        everything = self.source.whole_rows or not fields or row.problem.code in MISFITS
        at_fault = self.source.places.get(row.problem.field, -1)
        cells: list[tuple[bool, str]] = []
        for place in all_places(headings, row.cells):
            text, before = (cells[place] if place < len(cells) else "" for cells in (row.cells, row.before))
            surplus = not (place < len(headings) and headings[place].strip())
            in_sight = (everything or place in fields) and (text or place in fields[:3])
            if in_sight or text != before:
                first = place == at_fault or text != before or (surplus and row.problem.code in MISFITS)
                shown = shortened(text, _LONGEST)
                if text != before:
                    shown = f"{shortened(before, _LONGEST) or _('(empty)')} → {shown or _('(empty)')}"
                cells.append((not first, f"{heading_of(headings, place)}: {shown}"))
        return [text for _later, text in sorted(cells, key=lambda ordered: ordered[0])]

    def on_resize(self) -> None:
        """The reason is wrapped anew; a tall terminal has more room for it."""
        self._write_reason()

    @property
    def _room(self) -> int:
        return REASON if self.screen.size.height < TALL else 2 * REASON

    async def go_to_line(self, line: int) -> None:
        """Put the cursor on the row that starts on a line of the file, or the next one after it."""
        low, high = 0, await self.source.count(self.code)
        while low < high:
            middle = (low + high) // 2
            rows = await self.source.page(middle, 1, self.code)
            if rows and rows[0].line < line:
                low = middle + 1
            else:
                high = middle
        self.table.rows.move_to(low)

    async def go_to_reason(self, step: int) -> bool:
        """Put the cursor on the next row (or with -1 the one before) with another reason; whether there is one."""
        row, number = self.current, self.table.rows.cursor_row
        while row is not None:
            start = number + 1 if step > 0 else max(0, number - PIECE)
            end = start + PIECE if step > 0 else number
            piece = list(await self.source.page(start, end - start, self.code))
            order = range(len(piece)) if step > 0 else range(len(piece) - 1, -1, -1)
            for place in order:
                if piece[place].problem.code != row.problem.code:
                    self.table.rows.move_to(start + place)
                    return True
            number = start + len(piece) - 1 if step > 0 else start
            if not piece or (step < 0 and start == 0):
                return False
        return False

"""What the tables of the history show: its lines, and the rows of one, read in pieces by their keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from clientdesk.desk.change_words import counted, fields_in_words
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.text import N_, _, local_time
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.widgets.growing_window import GrowingWindow
from clientdesk.ui.widgets.line_layout import Placed, TableColumn, fit
from clientdesk.ui.widgets.row_source import RowLike
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.change_sets import Place
    from clientdesk.desk.records import Change, ChangeSet

FIRST = 100
"""So many keys are looked for at first."""
PATIENCE = 0.15
"""So many seconds are looked for more before what was found by then is shown."""

LINE_COLUMNS = (
    TableColumn("when", N_("When"), 16),
    # As wide as "Undone in part: Clients imported": what is done and what is undone is told apart in 80 cells.
    TableColumn("what", N_("What"), 32, grow=12, pin=True),
    TableColumn("subject", N_("Of"), 14, grow=46),
    TableColumn("who", N_("Who"), 12, grow=12),
    TableColumn("number", N_("No."), 8, right=True),
)
ROW_COLUMNS = (
    TableColumn("subject", N_("Of"), 26, grow=20, pin=True),
    TableColumn("done", N_("What"), 8),
    TableColumn("fields", N_("Fields"), 38, grow=80),
)
_DONE = {"insert": N_("added"), "update": N_("changed"), "delete": N_("deleted")}


class LineRow(NamedTuple):
    """A line of the history. `rows` is how many rows it is about, without their file, "" where that is one; `title` is
    what it is called where there is little room."""

    id: int
    active: bool
    values: Sequence[str]
    line: "ChangeSet"
    rows: str = ""
    title: str = ""


class ChangeRow(NamedTuple):
    """A row that was changed."""

    id: int
    active: bool
    values: Sequence[str]
    change: "Change"


class HistoryTable(RowTable):
    """The lines, or the rows of one. Where the file of a line's rows has no room, it says how many these are, and no
    piece of the file's name; where what it is called has none, that is said in fewer words."""

    WINDOW = GrowingWindow
    rows: GrowingWindow

    def drawn_cell(self, row: RowLike, placed: Placed) -> str:
        if isinstance(row, LineRow):
            shorter = {_SUBJECT: row.rows, _WHAT: row.title}.get(placed.column, "")
            if shorter and cell_len(row.values[placed.column]) > placed.width:
                return fit(shorter, placed.width)
        return super().drawn_cell(row, placed)


_WHAT, _SUBJECT = ([column.key for column in LINE_COLUMNS].index(key) for key in ("what", "subject"))


def of_rows(line: "ChangeSet", asked: HistoryFilter) -> HistoryFilter:
    """What a filter that has found a line asks of its rows."""
    return asked.of_rows(f"{line.change.title} {line.change.file}")


def rows_in_words(line: "ChangeSet", asked: HistoryFilter, with_file: bool = True) -> str:
    """What a line is about: its row, or how many there are, of which file, and which of them was found."""
    if line.about_one:
        return line.change.subject or line.change.remark
    count = counted(line.rows, line.change.file if with_file else "")
    if line.change.subject and of_rows(line, asked).asks_rows:
        return _("{name}, of {rows}").format(name=line.change.subject, rows=count)
    return count


class _Keys:
    """The keys that were found so far, newest first, and from where to go on."""

    def __init__(self) -> None:
        self.known: list[tuple[int, int]] = []
        self.place: Place | None = None
        self.at = ""
        self.is_whole = False


@dataclass(frozen=True)
class HistoryList:
    """The lines that a filter finds, or the rows that it finds in the line `of`. A newer list drops the reads of an
    older one."""

    gateway: Gateway = field(compare=False)
    asked: HistoryFilter
    of: int | None = None
    _keys: _Keys = field(default_factory=_Keys, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.gateway.drop(self._group("find"), self._group("read"))

    def _group(self, read: str) -> str:
        return f"history.{read}" if self.of is None else f"history-rows.{read}"

    @property
    def is_whole(self) -> bool:
        """Whether the oldest one is known."""
        return self._keys.is_whole

    @property
    def at(self) -> str:
        """How far back was looked (ISO 8601, UTC) where fewer were found than were wanted; "" else."""
        return self._keys.at

    async def grow(self, limit: int) -> None:
        """Look for older ones."""
        from clientdesk.desk import change_sets

        keys, group = self._keys, self._group("find")
        if self.of is None:
            reading = self.gateway.read(group, change_sets.find, self.asked, keys.place, limit, PATIENCE)
        else:
            reading = self.gateway.read(group, change_sets.find_rows, self.asked, self.of, keys.place, limit, PATIENCE)
        part = await reading
        keys.known += part.keys
        keys.place, keys.at, keys.is_whole = part.place, part.at, part.place is None

    async def rows(self, offset: int, limit: int) -> Sequence[LineRow | ChangeRow]:
        """Those from number `offset` on."""
        from clientdesk.desk import change_sets

        keys = self._keys
        if not keys.known and not keys.is_whole:
            await self.grow(max(FIRST, limit))
        part = tuple(keys.known[offset : offset + limit])
        if not part:
            return ()
        if self.of is None:
            return [self._line(line) for line in await self.gateway.read(self._group("read"), change_sets.lines, part)]
        entries = [entry for _change_set, entry in part]
        return [_row(change) for change in await self.gateway.read(self._group("read"), change_sets.rows, entries)]

    def _line(self, line: "ChangeSet") -> LineRow:
        change, about = line.change, rows_in_words(line, self.asked)
        rows = rows_in_words(line, self.asked, with_file=False) if not line.about_one else ""
        values = (local_time(change.at), change.title, about, change.who, str(line.id))
        return LineRow(line.id, line.rest or not line.begun, values, line, rows, change.short_title)

    async def count(self) -> int:
        """How many are known."""
        return len(self._keys.known)

    async def position(self, row_id: int) -> int | None:
        """The number of one: older ones are looked for until it is found or passed."""
        keys, which = self._keys, 0 if self.of is None else 1
        while not keys.is_whole and (not keys.known or keys.known[-1][which] > row_id):
            await self.grow(max(FIRST, len(keys.known)))
        return next((place for place, key in enumerate(keys.known) if key[which] == row_id), None)


def _row(change: "Change") -> ChangeRow:
    return ChangeRow(
        change.id, True, (change.subject, _(_DONE.get(change.operation, "")), fields_in_words(change)), change
    )

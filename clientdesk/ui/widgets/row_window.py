"""A window over a list of any length: the rows that are seen, the cursor, the marks, the count, and how they are read.

Plain Python: where it is seen, and what runs its readings, is a `RowView`.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from clientdesk.domain.problems import Refused
from clientdesk.domain.selection import Selection
from clientdesk.named_tuple import NamedTuple
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.widgets.row_range import RowRange
from clientdesk.ui.widgets.row_source import ListSource, RowCache, RowLike, RowSource

if TYPE_CHECKING:
    from clientdesk.ui.widgets.row_view import RowView

Follow = Literal["cursor", "top"]
"""Where the cursor goes in another list: with the row it is on, or to the top."""
REST = 0.2
"""So many seconds the person has not moved before the rows are read again because of someone else's change."""


class UnderWay:
    """A reading for a window, one at a time: of all that it shows `anew`, or of more of the same rows. Where it `swaps`,
    the cursor will be on another row."""

    def __init__(self, anew: bool = False, swaps: bool = False) -> None:
        self.anew, self.swaps = anew, swaps


class _Piece(NamedTuple):
    """What a window will show: the numbers of its first row and of the cursor's, the rows, the cursor's where it is out
    of sight, whether the list ends with them, and what becomes of the range that was there (None: it is given up)."""

    top: int
    cursor: int
    rows: Sequence[RowLike]
    beside: Sequence[RowLike] = ()
    ends: bool = False
    range_before: RowRange | None = None
    range_after: RowRange | None = None


class RowWindow:
    """The rows of a list that a `RowView` shows.

    They come first, the exact count after them. The cursor is a row's number and its id: in another list, or when the
    same is read again, it returns to that id, on the same line of the screen, or to the nearest row where the id is
    gone. Marks are ids, or a list without some, whatever list is shown.
    """

    def __init__(self, view: "RowView") -> None:
        self._view = view
        self._source: RowSource = ListSource(())
        self._cache = RowCache()
        self.count: int | None = None
        """How many rows there are; None while that is not known."""
        self.length = 0
        """How many rows there are at least."""
        self.cursor_row = 0
        """The number of the row that the cursor is on."""
        self.cursor_id: int | None = None
        """The id of that row; None where there is none, or it is not at hand yet."""
        self.marks: frozenset[int] = frozenset()
        """The ids of the marked rows (see `mark`), as it was last known who is."""
        self.selection = Selection()
        """What is marked: ids, or all of a list but some, whoever that is when it counts."""
        self.range: RowRange | None = None
        """Where a range begins that goes to the cursor, and will be marked (see `row_marking`)."""
        self.is_loaded = False
        """Whether rows were ever read."""
        self.is_another = False
        """Whether the rows are still those of the list before: another one was asked for."""
        self.is_lost = False
        """Whether another list was asked for and could not be read (the server is away): the rows are the old ones."""
        self._to_last = False
        """Whether the cursor goes to the last row as soon as that is known."""
        self._reading: UnderWay | None = None
        self._is_refused = False
        """Whether the latest reading of further rows was refused."""
        self._is_stale = False
        self._fresh: tuple[RowSource, Follow] | None = None
        """The same list as it is by now, where it has another source, to be read because of others."""
        self._freshening: UnderWay | None = None
        self._moved = 0.0

    # --- what is asked and said

    @property
    def source(self) -> RowSource:
        """The list."""
        return self._source

    @property
    def top(self) -> int:
        """The number of the first row that is seen."""
        return self._view.top

    @property
    def height(self) -> int:
        """How many rows fit."""
        return self._view.height

    @property
    def total(self) -> int:
        """How many rows there are, as far as is known: at least those that were read."""
        return self.length if self.count is None else self.count

    def row_at(self, number: int) -> RowLike | None:
        """The row of that number, if it is at hand."""
        return self._cache.get(number)

    @property
    def current(self) -> RowLike | None:
        """The row that the cursor is on, if it is at hand."""
        return self.row_at(self.cursor_row)

    @property
    def is_reading(self) -> bool:
        """Whether other rows are on their way, so that the cursor will be on another row (those that are only read
        afresh, because of someone else, leave it where it is)."""
        return self._reading is not None and self._reading.swaps

    def awaits(self, moves: bool, leaves: bool = False) -> bool:
        """Whether a key must wait: all while other rows are read; those that do not only move the cursor also until
        the row is there on which the cursor stands. `leaves`: it is the key that gives up."""
        if self.is_reading:
            return True
        if moves:
            return False
        if self._to_last:
            return True
        if not self.is_loaded or self.current is not None or self.cursor_row >= self.total or self.is_lost:
            return False
        self.fetch_more()
        return not self._is_refused

    # --- another list, or the same again

    def set_source(
        self,
        source: RowSource,
        follow: Follow = "cursor",
        first: Sequence[RowLike] | None = None,
        change: FirmChange = BY_YOU,
    ) -> None:
        """Show another list, or the same one as it is since a `change`. The old rows stay until the new ones are there;
        `first` are the list's first rows where they are known already."""
        same = self.is_loaded and type(self._source) is type(source) and self._source == source
        if same and not change.yours:
            self._fresh = (source, follow)
            self.read_again(change)
            return
        self._source = source
        self.is_another = self.is_another or not same
        reading = self._begin_swap()
        if first is not None:
            self._show(_Piece(0, 0, first))
            self._count_later(source)
        else:
            self._view.begin(partial(self._open, follow, same, reading))

    def read_again(self, change: FirmChange = BY_YOU) -> None:
        """Read the same list again, because of a change; cursor, marks and what is seen stay."""
        if not change.yours:
            self._is_stale = True
            if self._freshening is None:
                reading = UnderWay(anew=True)
                self._freshening = reading if self._view.begin(partial(self._freshen, reading)) else None
            return
        if change.row_id is not None:
            self.cursor_id = change.row_id
        self._view.begin(partial(self._open, "cursor", True, self._begin_swap()))

    def close(self) -> None:
        """Nothing is read any more."""
        self._source = ListSource(())

    def _begin_swap(self) -> UnderWay:
        """Whatever was being read is of no use any more."""
        self._view.break_off()
        self._is_stale, self._fresh, self._freshening = False, None, None
        self._reading = reading = UnderWay(anew=True, swaps=True)
        return reading

    async def _open(self, follow: Follow, same: bool, reading: UnderWay) -> None:
        """Read the new rows, then swap them for the old ones."""
        try:
            while True:
                anchor = self.cursor_id
                piece = await self._read_piece(self._source, follow, same)
                if self._reading is not reading:
                    return
                if follow == "top" or anchor == self.cursor_id:
                    break  # otherwise the cursor was moved meanwhile
        except Refused:
            if not same:
                self.is_lost = True
                self._view.tell("lost")
            raise
        finally:
            self._end(reading)
        self._show(piece, length=self.total if same else 0)
        self._count_later(self._source)

    async def _freshen(self, reading: UnderWay) -> None:
        """Read the rows again and swap them where the person has not gone on meanwhile, else once more."""
        try:
            while self._is_stale:
                await self._rest()
                self._is_stale = False
                seen = (self.cursor_row, self.top)
                self._reading = reading
                source, follow = self._fresh or (self._source, "cursor")
                piece = await self._read_piece(source, "cursor" if self.cursor_row else follow, self.is_loaded)
                if self._reading is not reading:
                    return
                if seen == (self.cursor_row, self.top):
                    self._source, self._fresh = source, None
                    self._show(piece, self.total, self.count)
                    self._count_later(self._source, again=not piece.ends)
                else:
                    self._is_stale, self._reading = True, None
                    self.fetch_more()
        finally:
            self._end(reading)
            if self._freshening is reading:
                self._freshening = None

    async def _rest(self) -> None:
        """Wait until nothing is read for the window, and the person has not moved for a moment."""
        while self._reading is not None or time.monotonic() < self._moved + REST:
            await asyncio.sleep(0.02)

    def _end(self, reading: UnderWay) -> None:
        if self._reading is reading:
            self._reading = None

    async def _read_piece(self, source: RowSource, follow: Follow, same: bool) -> _Piece:
        top, cursor = await self._place(source, same) if follow == "cursor" else (0, 0)
        height = self.height  # it may be laid out anew while the rows are read
        rows = await source.rows(top, height + 1)
        if not rows and top:
            top = max(0, await source.count() - height)
            rows = await source.rows(top, height + 1)
        is_seen = not rows or top <= cursor < top + len(rows)
        beside = () if is_seen else await source.rows(cursor, 1)
        before = self.range
        start = None if before is None else await source.position(before.id)
        after = None if before is None or start is None else RowRange(start, before.id)
        return _Piece(top, cursor, rows, beside, len(rows) <= height, before, after)

    async def _place(self, source: RowSource, same: bool) -> tuple[int, int]:
        """Where first row and cursor go, so that the cursor's row stays on its line of the screen.

        A cursor that was scrolled out of sight is brought back into the middle where the rows are others.
        """
        position = None if self.cursor_id is None else await source.position(self.cursor_id)
        if position is None:
            position = self.cursor_row if same else 0
        line = self.cursor_row - self.top
        if not same and not 0 <= line < self.height:
            line = self.height // 2
        return max(0, position - line), position

    def _show(self, piece: _Piece, length: int = 0, count: int | None = None) -> None:
        top, cursor, rows, beside, ends, range_before, range_after = piece
        if self.range is range_before:
            self.range = range_after
        self._cache.clear()
        self._cache.put(top, rows, cursor)
        self._cache.put(cursor, beside, cursor)
        self.is_loaded, self._reading, self._is_refused = True, None, False
        self.is_lost = self.is_another = False
        self.count = top + len(rows) if ends else count
        self.cursor_row = max(0, cursor if beside else min(cursor, top + len(rows) - 1))
        if self.count is None:  # drawing the scrollbar takes as long as the rows: it is drawn when they are counted
            self._set_length(max(length, top + len(rows)), bar=False)
        else:
            self._set_length(self.count)
        self._view.show_from(top)
        self._view.rows_changed()
        self._settle_cursor(always=True)

    # --- the count

    def _count_later(self, source: RowSource, again: bool = False) -> None:
        """Count, as soon as the rows are drawn."""

        def begin() -> None:
            if source is self._source:
                self._view.begin(partial(self._count, source, again))

        self._view.when_drawn(begin)

    async def _count(self, source: RowSource, again: bool = False) -> None:
        if self.count is None or again:
            try:
                count = await source.count()
            except Refused:
                self._to_last = False  # nobody waits for the last row
                self._set_length(self.length)
                raise
            if source is not self._source:
                return
            self.count = count
            self._set_length(count, bar=False)
            self._view.draw_changed()
            if self.cursor_row >= count:
                self.move_to(count - 1)
        if self._to_last:
            self.move_to(self.count - 1)
        self._view.tell("counted")
        self.fetch_more()

    def _set_length(self, rows: int, bar: bool = True) -> None:
        self.length = rows
        self._view.length_changed(bar)

    # --- moving

    def move_to(self, row: int, top: int | None = None) -> None:
        """Put the cursor on a row; with `top`, that row becomes the first one that is seen."""
        self._to_last = False
        self._moved = time.monotonic()
        self.cursor_row = row = max(0, min(row, self.total - 1))
        if top is None:
            top = min(row, max(self.top, row - self.height + 1))
        if top != self.top:
            self._view.show_from(top)
        self._view.draw_changed()
        self._settle_cursor()

    def move_to_last(self) -> None:
        """Put the cursor on the last row, as soon as it is known which that is."""
        if self.count is None:
            self._to_last = True
        else:
            self.move_to(self.count - 1)

    def turn(self, rows: int) -> None:
        """Move cursor and window by so many rows; at the ends the cursor alone."""
        self.move_to(self.cursor_row + rows, max(0, min(self.top + rows, self.total - self.height)))

    def scrolled(self) -> None:
        """Other rows are seen."""
        self._moved = time.monotonic()
        self.fetch_more()

    def _settle_cursor(self, always: bool = False) -> None:
        """Take the cursor's id from its row, and tell if it is another."""
        row = self.current
        row_id = None if row is None else row.id
        if row_id != self.cursor_id or always:
            self.cursor_id = row_id
            self._view.tell("moved")

    # --- marks

    def is_marked(self, number: int) -> bool:
        """Whether the row of that number is drawn with a mark: it has one, or is in the range."""
        row = self.row_at(number)
        if row is not None and row.id in self.marks:
            return True
        return self.range is not None and number in self.range.numbers(self.cursor_row)

    def set_range(self, begun: RowRange | None) -> None:
        """Begin a range, or give it up."""
        if begun != self.range:
            self.range = begun
            self._view.draw_changed()
            self._view.tell("marked")

    def mark(self, ids: Iterable[int] = (), selection: Selection | None = None) -> None:
        """Mark these rows and no others; `selection` says what they are where it is not just they."""
        marks = frozenset(ids)
        self.selection = Selection(ids=marks) if selection is None else selection
        if marks != self.marks:
            self.marks = marks
            self._view.draw_changed()
            self._view.tell("marked")

    def toggle_mark(self, number: int | None = None) -> None:
        """Mark a row (the cursor's), or take its mark away."""
        row = self.row_at(self.cursor_row if number is None else number)
        if row is not None:
            self.selection = self.selection.toggled(row.id, row.id in self.marks)
            self.marks ^= {row.id}
            self._view.draw_changed()
            self._view.tell("marked", row)

    # --- reading ahead

    def _needed(self) -> tuple[int, int] | None:
        """The rows to read next: those that are seen, then so many ahead where they run short; None: enough."""
        total, height, top = self.total, self.height, self.top
        bottom = min(total, top + height)
        if missing := self._cache.missing(top, bottom):
            start, end = missing
            # What lies beyond costs little more in the same read.
            return (start, min(total, end + height)) if end == bottom else (max(0, start - height), end)
        half = height // 2
        if self._cache.missing(bottom, min(total, bottom + half)):
            return self._cache.missing(bottom, min(total, bottom + 2 * height))
        if self._cache.missing(max(0, top - half), top):
            return self._cache.missing(max(0, top - 2 * height), top)
        return None

    def fetch_more(self) -> None:
        """Read what is seen and not at hand, unless something is being read; what lies ahead when that is drawn."""
        if self._reading is not None or not self.is_loaded or self.is_lost or self._needed() is None:
            return
        self._reading = reading = UnderWay()
        fetch = partial(self._view.begin, partial(self._fetch, reading))
        if self._cache.missing(self.top, min(self.total, self.top + self.height)):
            fetch()
        else:
            self._view.when_drawn(fetch)

    async def _fetch(self, reading: UnderWay) -> None:
        # One piece at a time, each for what is seen by then: a held key never waits for all it passed.
        source = self._source
        try:
            while self._reading is reading and (needed := self._needed()) is not None:
                start, end = needed
                rows = await source.rows(start, end - start)
                if self._reading is not reading:
                    return
                self._is_refused = False
                self._cache.put(start, rows, self.cursor_row)
                self._view.draw_changed()
                self._settle_cursor()
                if len(rows) < end - start:  # the list has become shorter
                    self.count = None
                    self._set_length(start + len(rows))
                    await self._count(source)
                    return
        except Refused:
            self._is_refused = True
            raise
        finally:
            self._end(reading)

"""The rows of a table: the window that is on the screen, the cursor, the marks, and reading ahead."""

import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Literal

from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.worker import Worker

from clientdesk.domain.problems import Refused
from clientdesk.ui.textual_private import bound_keys, lay_out_scrollbars
from clientdesk.ui.widgets import row_messages as messages
from clientdesk.ui.widgets.line_colours import Painted
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, RowCache, RowLike, RowSource

Follow = Literal["cursor", "top"]


class RowList(Painted, ScrollView, can_focus=True):
    """A scrolling window over a `RowSource`, under one header line; `RowTable` draws it.

    The window's rows come first, the exact count after them. The cursor is a row's number and its id:
    when the source changes it returns to that id, on the same line of the screen, or to the nearest row
    where the id is gone. `marks` are ids too.
    """

    # The list's length changes nothing for the widgets around it, and few lines: no new layout of the screen for each
    # search, and only those lines are drawn again that are others now.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.marks: set[int] = set()
        self.markable = False
        """Whether a click marks a row: a mark that no command heeds would only mislead."""
        self.count: int | None = None
        self._source: RowSource = ListSource(())
        self._cache = RowCache()
        self._expected = 0
        self._loaded = False
        self._opening: object | None = None
        """What stands for the reading that will swap the window, while one is under way."""
        self._fetching = False
        self._is_refused = False
        """Whether the latest read of further rows was refused."""
        self._unfresh = False
        self._freshening: object | None = None
        self._moved = 0.0
        self.is_another = False
        """Whether the rows are still those of the list before: another one was asked for."""
        self.is_lost = False
        """Whether another list was asked for and could not be read (the server is away): the rows are the old ones."""
        self._cursor = 0
        self._cursor_id: int | None = None
        self._to_last = False
        self._next_columns: Sequence[TableColumn] | None = None

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
    def is_loaded(self) -> bool:
        """Whether rows were ever read."""
        return self._loaded

    def row_at(self, number: int) -> RowLike | None:
        """The row of that number, if it is at hand."""
        return self._cache.get(number)

    @property
    def current(self) -> RowLike | None:
        """The row that the cursor is on, if it is at hand."""
        return self.row_at(self._cursor)

    @property
    def window(self) -> int:
        """How many rows fit on the screen."""
        return max(1, self.size.height - 1)

    @property
    def top(self) -> int:
        """The number of the window's first row."""
        return self.scroll_offset.y

    @property
    def total(self) -> int:
        """How many rows there are, as far as is known: at least those that were read."""
        return self._expected if self.count is None else self.count

    @property
    def is_reading(self) -> bool:
        """Whether other rows are on their way, so that the cursor will be on another row (those that are only read
        afresh, because of someone else, leave it where it is)."""
        return self._opening is not None and self._opening is not self._freshening

    def awaits(self, event: events.Event) -> bool:
        """Whether a key must wait: all while other rows are read; those that do not only move the cursor also until
        the row is there on which the cursor stands."""
        if self.is_reading:
            return True
        if isinstance(event, events.Key) and event.key in bound_keys(self):
            return False
        if self._to_last:
            return True
        if not self._loaded or self.current is not None or self._cursor >= self.total or self.is_lost:
            return False
        self.fetch_more()
        return not self._is_refused

    def set_source(
        self,
        source: RowSource,
        follow: Follow = "cursor",
        first: Sequence[RowLike] | None = None,
        columns: Sequence[TableColumn] | None = None,
    ) -> None:
        """Show another list. The old rows stay on the screen until the new ones are there.

        `follow` says where the cursor goes: with the row it is on, or to the top. `first` are the list's
        first rows where they are known already. `columns` come with the rows, where they change.
        """
        same = self._loaded and type(self._source) is type(source) and self._source == source
        self._source = source
        self.is_another = self.is_another or not same
        reading = self._begin_reading()
        if columns is not None:
            self._next_columns = columns
        if first is not None:
            self._show(0, 0, first)
            self._count_later(source)
        else:
            self._work(self._open, source, follow, same, reading)

    def read_again(self, cursor_id: int | None = None) -> None:
        """Read the same list again, because something in it may have changed; with `cursor_id` the
        cursor goes to that row."""
        if cursor_id is not None:
            self._cursor_id = cursor_id
        self._work(self._open, self._source, "cursor", True, self._begin_reading())

    def _begin_reading(self) -> object:
        """Whatever was being read is of no use any more."""
        self.workers.cancel_group(self, "rows")
        self._unfresh, self._freshening = False, None
        self._opening = reading = object()
        return reading

    def clear_marks(self) -> None:
        """Take all marks away."""
        if self.marks:
            self.marks.clear()
            self.refresh()
            self.post_message(messages.Marked(self))

    def toggle_mark(self, row: int | None = None) -> None:
        """Mark a row (the cursor's), or take its mark away."""
        number = self._cursor if row is None else row
        at_hand = self.row_at(number)
        if at_hand is not None:
            self.marks ^= {at_hand.id}
            self.refresh_line(number + 1)
            self.post_message(messages.Marked(self, at_hand))

    def move_to(self, row: int, top: int | None = None) -> None:
        """Put the cursor on a row; with `top`, that row becomes the window's first."""
        self._to_last = False
        self._moved = time.monotonic()
        row = max(0, min(row, self.total - 1))
        old, self._cursor = self._cursor, row
        if top is None:
            top = row if row < self.top else row - self.window + 1 if row >= self.top + self.window else self.top
        if top != self.top:
            self.scroll_to(y=top, animate=False, force=True)
        if old != row:
            self.refresh_line(old + 1)
            self.refresh_line(row + 1)
        self._settle_cursor()

    def move_to_last(self) -> None:
        """Put the cursor on the last row, as soon as it is known which that is."""
        if self.count is None:
            self._to_last = True
        else:
            self.move_to(self.count - 1)

    def turn(self, rows: int) -> None:
        """Move cursor and window by so many rows; at the ends the cursor alone."""
        self.move_to(self._cursor + rows, max(0, min(self.top + rows, self.total - self.window)))

    # --- reading

    def _work(self, function: Callable[..., Coroutine[Any, Any, None]], *arguments: Any) -> None:
        if self.is_attached:
            _worker: Worker[None] = self.run_worker(partial(self._guarded, function, *arguments), group="rows")

    async def _guarded(self, function: Callable[..., Coroutine[Any, Any, None]], *arguments: Any) -> None:
        # The screen tells what is refused (`Commanding.guarded`).
        guarded = getattr(self.screen, "guarded", None)
        work = function(*arguments)
        await (guarded(work) if guarded else work)

    async def _open(self, source: RowSource, follow: Follow, same: bool, reading: object) -> None:
        """Read the new window, then swap it for the old one."""
        try:
            while True:
                anchor = self._cursor_id
                window = await self._read_window(source, follow, same)
                if follow == "top" or anchor == self._cursor_id:
                    break  # otherwise the cursor was moved meanwhile
        except Refused:
            if not same:
                self.is_lost = True
                self.post_message(messages.Lost(self))
            raise
        finally:
            if self._opening is reading:
                self._opening = None
        self._show(*window, expected=self.total if same else 0)
        self._count_later(source)

    async def _read_window(
        self, source: RowSource, follow: Follow, same: bool
    ) -> tuple[int, int, Sequence[RowLike], Sequence[RowLike], bool]:
        """The number of the window's first row, that of the cursor's, the rows, the cursor's where it is scrolled out of
        sight, and whether the list ends with them."""
        top, cursor = await self._place(source, self._cursor_id, same) if follow == "cursor" else (0, 0)
        window = self.window  # it may be laid out anew while the rows are read
        rows = await source.rows(top, window + 1)
        if not rows and top:
            top = max(0, await source.count() - window)
            rows = await source.rows(top, window + 1)
        is_seen = not rows or top <= cursor < top + len(rows)
        beside = () if is_seen else await source.rows(cursor, 1)
        return top, cursor, rows, beside, len(rows) <= window

    def _count_later(self, source: RowSource, again: bool = False) -> None:
        # The rows are painted before anything else is read.
        self.call_after_refresh(lambda: self._work(self._count, source, again) if source is self._source else None)

    async def _place(self, source: RowSource, anchor: int | None, same: bool) -> tuple[int, int]:
        """Where window and cursor go, so that the cursor's row stays on its line of the screen.

        A cursor that was scrolled out of sight is brought back into the middle where the rows are others.
        """
        position = None if anchor is None else await source.position(anchor)
        if position is None:
            position = self._cursor if same else 0
        line = self._cursor - self.top
        if not same and not 0 <= line < self.window:
            line = self.window // 2
        return max(0, position - line), position

    def _show(
        self,
        top: int,
        cursor: int,
        rows: Sequence[RowLike],
        beside: Sequence[RowLike] = (),
        ended: bool = False,
        expected: int = 0,
        count: int | None = None,
    ) -> None:
        self._cache.clear()
        self._cache.put(top, rows, cursor)
        self._cache.put(cursor, beside, cursor)
        self._loaded, self._opening, self._is_refused = True, None, False
        self.is_lost = self.is_another = False
        self.count = top + len(rows) if ended else count
        self._cursor = max(0, cursor if beside else min(cursor, top + len(rows) - 1))
        if self.count is None:  # drawing the scrollbar takes as long as the rows: it is drawn when they are counted
            self._set_height(max(expected, top + len(rows)), bar=False)
        else:
            self._set_height(self.count)
        self.scroll_to(y=top, animate=False, force=True)
        self.rows_changed()
        self._settle_cursor(always=True)

    def rows_changed(self) -> None:
        """Other rows, perhaps other columns: what was drawn is void."""
        self.refresh()

    def draw_changed(self) -> None:
        """Draw the lines again that look different now."""
        self.refresh()

    async def _count(self, source: RowSource, again: bool = False) -> None:
        if self.count is None or again:
            try:
                count = await source.count()
            except Refused:
                self._to_last = False  # nobody waits for the last row
                self._set_height(self._expected)
                raise
            if source is not self._source:
                return
            self.count = count
            self._set_height(count, bar=False)
            self.draw_changed()
            if self._cursor >= count:
                self.move_to(count - 1)
        if self._to_last:
            self.move_to(self.count - 1)
        self.post_message(messages.Counted(self, self.count))
        self.call_later(self._draw_bar)  # behind the message, so that it is painted with what the screen says of it
        self.fetch_more()

    def _draw_bar(self) -> None:
        self._set_height(self._expected)

    def _set_height(self, rows: int, bar: bool = True) -> None:
        """The list has so many rows; with `bar` the scrollbar follows."""
        self._expected = rows
        self.virtual_size = size = Size(self.size.width, rows + 1)
        if bar and not (self.show_vertical_scrollbar and self.vertical_scrollbar.window_virtual_size == size.height):
            lay_out_scrollbars(self, size)

    def _needed(self) -> tuple[int, int] | None:
        """The rows to read next: those of the window, then so many ahead where they run short; None: enough."""
        total, window, top = self.total, self.window, self.top
        bottom = min(total, top + window)
        if missing := self._cache.missing(top, bottom):
            start, end = missing
            # What lies beyond costs little more in the same read.
            return (start, min(total, end + window)) if end == bottom else (max(0, start - window), end)
        half = window // 2
        if self._cache.missing(bottom, min(total, bottom + half)):
            return self._cache.missing(bottom, min(total, bottom + 2 * window))
        if self._cache.missing(max(0, top - half), top):
            return self._cache.missing(max(0, top - 2 * window), top)
        return None

    def fetch_more(self) -> None:
        """Read what the window needs, unless that is under way; what lies ahead when the window is painted."""
        reading = self._fetching or self._opening is not None
        if reading or not self._loaded or self.is_lost or self._needed() is None:
            return
        self._fetching = True
        if self._cache.missing(self.top, min(self.total, self.top + self.window)):
            self._work(self._fetch, self._source)
        else:
            self.call_after_refresh(lambda: self._work(self._fetch, self._source))

    async def _fetch(self, source: RowSource) -> None:
        # One read at a time, each for where the window is by then: a held key never waits for all it passed.
        try:
            while source is self._source and self._opening is None and (needed := self._needed()) is not None:
                start, end = needed
                rows = await source.rows(start, end - start)
                self._is_refused = False
                if source is not self._source:
                    return
                self._cache.put(start, rows, self._cursor)
                self._refresh_rows(start, start + len(rows))
                if len(rows) < end - start:  # the list has become shorter
                    self.count = None
                    self._set_height(start + len(rows))
                    await self._count(source)
                    return
        except Refused:
            self._is_refused = True
            raise
        finally:
            self._fetching = False

    def _refresh_rows(self, start: int, end: int) -> None:
        start, end = max(start, self.top), min(end, self.top + self.window)
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
            self.post_message(messages.Moved(self, row_id))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another part of the list is on the screen."""
        self._moved = time.monotonic()
        super().watch_scroll_y(old_value, new_value)
        self.fetch_more()

    def on_unmount(self) -> None:
        """Nothing is read for a table that has gone."""
        self._source = ListSource(())

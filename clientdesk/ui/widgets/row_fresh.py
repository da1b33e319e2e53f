"""Reading a table's rows again because someone else may have changed them, without disturbing the person."""

import asyncio
import time

from clientdesk.ui.widgets.row_list import RowList

REST = 0.2
"""So many seconds the person has not moved before the rows are read again because of someone else's change."""


class RowsFresh(RowList):
    """A list whose window is swapped for a fresh one while it is shown."""

    def freshen(self) -> None:
        """Read the same list again, as someone else may have changed it: as soon as the person does not move, and
        nothing else is read for the table. Cursor, marks and scroll position stay."""
        self._unfresh = True
        if self._freshening is None and self.is_attached:
            self._freshening = reading = object()
            self._work(self._freshen, reading)

    async def _freshen(self, reading: object) -> None:
        """Read the window again and swap it where the person has not gone on meanwhile, else once more."""
        try:
            while self._unfresh:
                await self._rest()
                self._unfresh = False
                source, view = self._source, (self._cursor, self.top)
                self._opening = reading
                window = await self._read_window(source, "cursor", self._loaded)
                if view == (self._cursor, self.top):
                    ended = window[-1]
                    self._show(*window, expected=self.total, count=self.count)
                    self._count_later(source, again=not ended)
                else:
                    self._unfresh, self._opening = True, None
                    self.fetch_more()
        finally:
            if self._opening is reading:
                self._opening = None
            if self._freshening is reading:
                self._freshening = None

    async def _rest(self) -> None:
        """Wait until nothing is read for the table, and the person has not moved for a moment."""
        while self._opening is not None or self._fetching or time.monotonic() < self._moved + REST:
            await asyncio.sleep(0.02)

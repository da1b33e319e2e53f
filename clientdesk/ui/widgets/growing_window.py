"""A window over a list whose length is not known: it becomes longer as one reads on."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol, runtime_checkable

from clientdesk.domain.problems import Refused
from clientdesk.ui.widgets.row_source import RowLike, RowSource
from clientdesk.ui.widgets.row_window import RowWindow

FAR = 5_000
"""So many rows more are looked for at a time on the way to the last one."""


@runtime_checkable
class Growing(Protocol):
    """A `RowSource` of which a beginning is known; `count` says how many rows that has."""

    @property
    def is_whole(self) -> bool:
        """Whether the last row is known."""
        ...

    async def grow(self, limit: int) -> None:
        """Look for so many rows more; perhaps there are fewer yet, or none, and `is_whole` is false still."""
        ...

    async def rows(self, offset: int, limit: int) -> Sequence[RowLike]: ...
    async def count(self) -> int: ...
    async def position(self, row_id: int) -> int | None: ...


class GrowingWindow(RowWindow):
    """A window over a `Growing` source. Whoever comes near the end of what is known has more of it looked for; each
    `counted` says how many rows are known by then."""

    _grows: object | None = None
    """The source for which more rows are being looked for."""

    @property
    def is_whole(self) -> bool:
        """Whether the last row is known."""
        return not self.is_loaded or self.growing is None or self.growing.is_whole

    @property
    def is_looking(self) -> bool:
        """Whether more rows are being looked for."""
        return self._grows is not None

    @property
    def growing(self) -> Growing | None:
        """What it shows the rows of, as far as they are known; None while there is nothing of the kind."""
        return self.source if isinstance(self.source, Growing) else None

    def move_to_last(self) -> None:
        """Put the cursor on the last row, however many have to be looked for on the way; any move breaks that off."""
        if self.is_whole:
            super().move_to_last()
        else:
            self._to_last = True
            self.fetch_more()

    def awaits(self, moves: bool, leaves: bool = False) -> bool:
        """Whoever leaves does not wait for a last row that is far away."""
        self._to_last = self._to_last and not leaves
        return super().awaits(moves, leaves)

    def fetch_more(self) -> None:
        """Read what is seen, and look for more rows where that is near the end of those that are known."""
        super().fetch_more()
        source = self.growing
        reads_anew = self._reading is not None and self._reading.anew
        if source is None or source.is_whole or not self.is_loaded or reads_anew or self.is_lost:
            return
        if (self._is_near_end or self._to_last) and self._grows is not source:
            self._grows = source
            self._view.begin(partial(self._grow, source))

    @property
    def _is_near_end(self) -> bool:
        return self.top + 2 * self.height >= self.total

    async def _count(self, source: RowSource, again: bool = False) -> None:
        # The end of what is known is not the last row.
        far, self._to_last = self._to_last and not self.is_whole, self._to_last and self.is_whole
        await super()._count(source, again)
        if far and source is self.source:
            self.move_to_last()

    async def _grow(self, source: Growing) -> None:
        try:
            while source is self.source and not source.is_whole and (self._to_last or self._is_near_end):
                await source.grow(FAR if self._to_last else 2 * self.height)
                if source is not self.source:
                    return
                self.count = await source.count()
                self._set_length(self.count)
                if self._to_last and source.is_whole:
                    self.move_to(self.count - 1)
                self._view.draw_changed()
                self._view.tell("counted")
                super().fetch_more()
        except Refused:
            self._to_last = False  # nobody waits for the last row
            raise
        finally:
            if self._grows is source:
                self._grows = None
                self._view.tell("counted")

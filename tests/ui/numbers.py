"""Lists of any length for the tests of tables: rows that are made when they are asked for."""

import asyncio
from collections.abc import Sequence

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.ui.widgets.row_source import PlainRow


class Numbers:
    """So many rows, whose ids begin at `first`; `gate` holds the answers back, `counts` those to how many there are."""

    query: ClientQuery | None = None

    def __init__(self, total: int, names: Sequence[str] = (), first: int = 0) -> None:
        self.total, self.names, self.first = total, names, first
        self.asked: list[tuple[int, int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.counts = asyncio.Event()
        self.counts.set()
        self.waiting = 0
        """How many answers are held back."""
        self.is_away = False
        """Whether everything is refused."""

    def row(self, number: int) -> PlainRow:
        number += self.first
        name = self.names[number % len(self.names)] if self.names else f"Client {number}"
        return PlainRow(number, True, (str(number), name, "Business", "Ana", "a@b.example", "1"))

    async def _answer(self, gate: asyncio.Event) -> None:
        self.waiting += 1
        try:
            await gate.wait()
        finally:
            self.waiting -= 1
        if self.is_away:
            raise FirmUnusable(problem("server_away", place="db.example"))

    async def rows(self, offset: int, limit: int) -> Sequence[PlainRow]:
        self.asked.append((offset, limit))
        await self._answer(self.gate)
        return [self.row(number) for number in range(offset, min(self.total, offset + limit))]

    async def count(self) -> int:
        await self._answer(self.counts)
        return self.total

    async def position(self, row_id: int) -> int | None:
        await self._answer(self.gate)
        return row_id - self.first if 0 <= row_id - self.first < self.total else None

    async def ids(self) -> Sequence[int]:
        await self._answer(self.gate)
        return range(self.first, self.first + self.total)

    async def between(self, one_id: int, other_id: int) -> Sequence[int]:
        await self._answer(self.gate)
        first, last = sorted((one_id, other_id))
        in_list = range(self.first, self.first + self.total)
        return range(first, last + 1) if first in in_list and last in in_list else ()

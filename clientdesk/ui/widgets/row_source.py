"""Where a table's rows come from, and those it has at hand."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from clientdesk.domain.client_query import ClientQuery
from clientdesk.named_tuple import NamedTuple

AT_HAND = 2_000
"""So many rows are kept at most; those far from the window are forgotten."""


class RowLike(Protocol):
    """A row: an id that never changes, whether it is active, and a value for each column."""

    @property
    def id(self) -> int: ...
    @property
    def active(self) -> bool: ...
    @property
    def values(self) -> Sequence[str]: ...


class PlainRow(NamedTuple):
    """A row of a small table."""

    id: int
    active: bool
    values: Sequence[str]


class RowSource(Protocol):
    """A list in a certain order, of any length, that is read in pieces."""

    async def rows(self, offset: int, limit: int) -> Sequence[RowLike]:
        """The rows from `offset` on, at most `limit`; fewer only at the end of the list."""
        ...

    async def count(self) -> int:
        """How many rows there are."""
        ...

    async def position(self, row_id: int) -> int | None:
        """The number of the row with this id, None if the list has none."""
        ...


class IdSource(RowSource, Protocol):
    """A list whose ids can be had without its rows: many of them can be marked at once. `query` is what it is a list of,
    where its marks can be kept as that (None: they are ids)."""

    @property
    def query(self) -> ClientQuery | None: ...

    async def ids(self) -> Sequence[int]:
        """The ids of all rows."""
        ...

    async def between(self, one_id: int, other_id: int) -> Sequence[int]:
        """The ids of the rows from one to another, both among them; none where one of them is not in the list."""
        ...


class ListSource:
    """Rows that are all there already (the team, the plan)."""

    query: ClientQuery | None = None

    def __init__(self, rows: Iterable[RowLike]) -> None:
        self._rows = tuple(rows)

    async def rows(self, offset: int, limit: int) -> Sequence[RowLike]:
        """A piece of the list."""
        return self._rows[offset : offset + limit]

    async def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    async def position(self, row_id: int) -> int | None:
        """Where the row with this id is."""
        return next((index for index, row in enumerate(self._rows) if row.id == row_id), None)

    async def ids(self) -> Sequence[int]:
        """The ids of all rows."""
        return [row.id for row in self._rows]

    async def between(self, one_id: int, other_id: int) -> Sequence[int]:
        """The ids of the rows from one to another."""
        ids = [row.id for row in self._rows]
        if one_id not in ids or other_id not in ids:
            return ()
        first, last = sorted((ids.index(one_id), ids.index(other_id)))
        return ids[first : last + 1]


class RowCache:
    """The rows at hand, by their number in the list."""

    def __init__(self) -> None:
        self._rows: dict[int, RowLike] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, number: int) -> RowLike | None:
        """The row with this number, None if it is not at hand."""
        return self._rows.get(number)

    def clear(self) -> None:
        """Forget all."""
        self._rows.clear()

    def put(self, offset: int, rows: Sequence[RowLike], cursor: int = -1) -> None:
        """Keep `rows`; when there are too many, the ones furthest from these are forgotten, but not the cursor's."""
        for number, row in enumerate(rows, offset):
            self._rows[number] = row
        if len(self._rows) > AT_HAND:
            middle = offset + len(rows) // 2
            nearest = sorted(self._rows, key=lambda number: abs(number - middle))[: AT_HAND // 2]
            self._rows = {number: self._rows[number] for number in (*nearest, cursor) if number in self._rows}

    def missing(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and the last + 1 of the rows from `start` to `end` that are not at hand; None if all are."""
        while start < end and start in self._rows:
            start += 1
        while end > start and end - 1 in self._rows:
            end -= 1
        return (start, end) if start < end else None

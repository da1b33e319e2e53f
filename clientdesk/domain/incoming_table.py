"""A list that comes in, as rows of text that can be read again: what an import takes, wherever it comes from."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from clientdesk.domain.problems import Problem


class Line(NamedTuple):
    """A row of a list: the line of its file on which it starts (from 1; in a spreadsheet its row), its cells as read.

    Of a workbook, `dates` are the places of the cells that hold a date, each with the date ("2024-12-31"): what such a
    cell shows may tell day and month in either order.
    """

    number: int
    cells: tuple[str, ...]
    dates: tuple[tuple[int, str], ...] = ()


class IncomingTable(Protocol):
    """A list that comes in: its file's path and size in bytes, its headings, and notices of what was guessed to read it.

    Whatever happens to the file, the rows stay as they were when it was opened; `close` forgets them.
    """

    @property
    def path(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def headings(self) -> Line: ...

    @property
    def guesses(self) -> tuple[Problem, ...]: ...

    def rows(self) -> Iterator[Line]:
        """The rows beneath the headings that are not wholly blank, as often as wanted. Raises Refused where the file
        breaks."""
        ...

    def close(self) -> None: ...

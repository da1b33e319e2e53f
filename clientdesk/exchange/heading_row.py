"""Where in a file the headings stand: beneath its title, or where a person says."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import Refused, problem, refuse
from clientdesk.text import shortened

if TYPE_CHECKING:
    from clientdesk.exchange.file_reading import Table

KnownHeadings = Callable[[Sequence[str]], int]
"""Counts the known headings in a row."""

LOOKED_AT = 25
"""Headings are looked for in so many first rows that are not blank."""
_CELLS = 1_000
"""So many cells of a row are looked at for that, to know whether it is one of headings."""
_PLAIN = 2
"""A row with so many known headings is plainly the headings."""
_SHOWN = 60


def heading_line(lines: Iterator[Line], count_known: KnownHeadings) -> Line:
    """The line of the headings: the first one, unless it is a title with a row of headings further down.

    A title has no known heading or few, or is one cell, or a word with what it stands for ("Company:", "Sol SL"), or
    names groups of columns and leaves cells between them blank. The headings beneath it are the first of the rows with
    most known headings: two at least, more than the first line has, a third of its cells, in a row that is wider than
    all above it. Raises StopIteration where there are no lines, and Refused where the first is broken.
    """
    first = next(lines)
    count, widest = count_known(first.cells[:_CELLS]), _filled(first)
    if count >= _PLAIN and widest > 1 and not _has_gaps(first):
        return first
    best, most = first, max(count if widest > 1 else 0, _PLAIN - 1)
    with suppress(Refused):  # what is broken further down is told when all rows are read
        for line in islice(lines, LOOKED_AT - 1):
            filled = _filled(line)
            if filled > widest and (count := count_known(line.cells[:_CELLS])) > most and count * 3 >= filled:
                best, most = line, count
            widest = max(filled, widest)
    return best


def _filled(line: Line) -> int:
    """How many cells are filled; words with what they stand for count as a single one."""
    cells = [text for cell in line.cells[:_CELLS] if (text := cell.strip())]
    with_colon = [cell.endswith(":") for cell in cells]
    if len(cells) % 2 == 0 and all(with_colon[::2]) and not any(with_colon[1::2]):
        return min(len(cells), 1)
    return len(cells)


def _has_gaps(line: Line) -> bool:
    """Whether cells are blank before the last one that is filled."""
    text = [bool(cell.strip()) for cell in line.cells[:_CELLS]]
    return False in text[: len(text) - [*reversed(text), True].index(True)]


def with_headings(table: "Table", count_known: KnownHeadings, chosen: int) -> "Table":
    """The table with its headings where they stand: in the `chosen` line, or as found (0).

    Raises Refused ("no_heading_row") where no row begins in that line.
    """
    firsts = _firsts(table)
    if chosen:
        heading = next((line for line in table.again() if line.number >= chosen), None)
        if heading is None or heading.number != chosen:
            raise refuse("no_heading_row", path=table.path, line=chosen)
    else:
        heading = heading_line(table.again(), count_known)
    if heading.number == table.headings.number:
        return table._replace(firsts=firsts)
    guesses = (
        table.guesses if chosen else (*table.guesses, problem("headings_below", path=table.path, line=heading.number))
    )
    width = 0 if table.delimiter else len(heading.cells)
    again = partial(_from, table.again, heading.number, width)
    return table._replace(headings=heading, again=again, guesses=guesses, firsts=firsts)


def _firsts(table: "Table") -> tuple[tuple[int, str], ...]:
    firsts = []
    with suppress(Refused):
        for line in islice(table.again(), LOOKED_AT):
            text = " · ".join(cell for whole in line.cells[:_SHOWN] if (cell := " ".join(whole[:_SHOWN].split())))
            firsts.append((line.number, shortened(text, _SHOWN)))
    return tuple(firsts)


def _from(again: Callable[[], Iterator[Line]], first: int, width: int) -> Iterator[Line]:
    """The lines from one on. Those of a workbook, which are cut to their last cell, have at least `width` cells."""
    for line in again():
        if line.number >= first:
            missing = width - len(line.cells)
            yield line._replace(cells=(*line.cells, *[""] * missing)) if missing > 0 else line

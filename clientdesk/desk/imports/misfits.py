"""Rows that do not fit the headings of their list."""

from collections.abc import Sequence

from clientdesk.domain.judged import JudgedRow
from clientdesk.domain.problems import problem


def width_of(headings: Sequence[str]) -> int:
    """How many cells a row has at least: empty headings at the end are Excel's, cells beneath them would have no name."""
    return max((at for at, heading in enumerate(headings) if heading.strip()), default=0) + 1


def misfit(row: JudgedRow, width: int) -> bool:
    """Refuses a row that has fewer cells than headings, or more that are not empty. Whether it did."""
    cells = len(row.cells)
    if cells == width or (cells > width and not any(each.strip() for each in row.cells[width:])):
        return False
    row.problem = problem("too_few_fields" if cells < width else "too_many_fields", cells=cells, headings=width)
    return True

"""What the cells of a sheet show beside their values, by row and column."""

from array import array
from collections.abc import Callable, Sequence
from math import isnan
from operator import gt
from typing import NamedTuple

_COLUMNS = 1 << 14
"""So many columns a sheet has at most."""


class Look(NamedTuple):
    """What a cell shows: a number format ("" for none) with the number that stands in it (None for a text), or a text
    (an error's, or what an .ods keeps); `date` is the day ("2024-12-31") of a date cell of an .ods."""

    number_format: str = ""
    value: float | None = None
    text: str = ""
    date: str = ""


class Overlay:
    """What cells show, by row and column from 0. Kept in few bytes, since every cell of a large sheet may have one."""

    def __init__(self) -> None:
        self._rows, self._last_rows = array("l"), array("l")
        self._columns, self._last_columns = array("H"), array("H")
        self._kinds, self._values = array("l"), array("d")
        self._known: dict[tuple[str, str, str], int] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, row: int, column: int, look: Look, rows: int = 1, columns: int = 1) -> None:
        """Lays a look over a cell, or over a cell that is repeated in several rows and columns."""
        if row < 0 or not 0 <= column < _COLUMNS:
            return
        kind = (look.number_format, look.text, look.date)
        self._rows.append(row)
        self._last_rows.append(row + rows - 1)
        self._columns.append(column)
        self._last_columns.append(min(column + columns, _COLUMNS) - 1)
        self._kinds.append(self._known.setdefault(kind, len(self._known)))
        self._values.append(float("nan") if look.value is None else look.value)

    def by_row(self) -> Callable[[int], Sequence[tuple[int, int, Look]]]:
        """What tells the looks in a row, each with its first and its last column; rows are asked for in order."""
        kinds = list(self._known)
        rows, last_rows = self._rows, self._last_rows
        order: Sequence[int] = range(len(rows))
        if any(map(gt, rows, rows[1:])):
            order = sorted(order, key=rows.__getitem__)
        begun, current = 0, list[int]()

        def looks(row: int) -> Sequence[tuple[int, int, Look]]:
            nonlocal begun, current
            if current:
                current = [place for place in current if last_rows[place] >= row]
            while begun < len(order) and rows[order[begun]] <= row:
                if last_rows[order[begun]] >= row:
                    current.append(order[begun])
                begun += 1
            return [(self._columns[place], self._last_columns[place], self._look(place, kinds)) for place in current]

        return looks

    def _look(self, place: int, kinds: Sequence[tuple[str, str, str]]) -> Look:
        value = self._values[place]
        number_format, text, date = kinds[self._kinds[place]]
        return Look(number_format, None if isnan(value) else value, text, date)

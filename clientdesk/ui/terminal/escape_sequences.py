"""Cells that become others, told to a terminal as shortly as can be."""

from collections.abc import Iterable

from clientdesk.named_tuple import NamedTuple
from clientdesk.ui.terminal.cells import is_sure
from clientdesk.ui.terminal.looks import PLAIN, Look, change

_SHORT = 4
"""So many cells that stay as they are cost no more than moving the cursor over them."""
_FEW = 8
"""So few runs are written in their order."""


class Run(NamedTuple):
    """Cells beside one another in one look."""

    y: int
    x: int
    end: int
    """The column behind it, in which the cursor is then; -1 where that is not known."""
    text: str
    look: Look
    sure: bool
    """Whether every terminal counts the letters of the line alike, so that it can be written in any order."""


class Runs:
    """What is to be written to a terminal of so many columns."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._runs: list[Run] = []

    def add(self, y: int, columns: Iterable[int], cells: list[str], looks: list[Look], sure: bool) -> None:
        """The cells of a line that stand in these columns."""
        look, ground, start, end = PLAIN, PLAIN, -1, -1  # the run so far, up to the column `end`
        for x in columns:
            cell = cells[x]
            if x == end and (looks[x] is look or (cell == " " and looks[x].ground is ground)):
                end += 1
            elif not cell:
                if start >= 0:
                    end = max(end, x + 1)  # written with its first half
                continue
            elif not (end < x <= end + _SHORT and start >= 0 and _is_in(look, cells, looks, end, x + 1)):
                self._close(y, start, end, cells, look, sure)
                look, ground, start, end = looks[x], looks[x].ground, x, x + 1
            else:
                end = x + 1
            if not sure and not (cell.isascii() or is_sure(cell)):
                if x + 1 < self._width and not cells[x + 1]:
                    # A terminal that gives it one cell would leave in the second what stood there.
                    if start < x:
                        self._close(y, start, x, cells, look, sure)
                    self._runs.append(Run(y, x, x + 2, "  ", looks[x], sure))
                    start = x
                self._close(y, start, end, cells, look, sure, known=False)
                start = end = -1
        self._close(y, start, end, cells, look, sure)

    def _close(
        self, y: int, start: int, end: int, cells: list[str], look: Look, sure: bool, known: bool = True
    ) -> None:
        if start < 0:
            return
        while end < self._width and not cells[end]:
            end += 1
        self._runs.append(Run(y, start, end if known else -1, "".join(cells[start:end]), look, sure))

    def told(self) -> str:
        """What the terminal is told, in the order of the lines or look by look, whichever is shorter."""
        in_order = self._written(self._runs)
        if len(self._runs) <= _FEW:
            return in_order
        places: dict[Look, int] = {}
        for run in self._runs:
            places.setdefault(run.look, len(places))
        by_look = sorted(self._runs, key=lambda run: places[run.look] if run.sure else -1)
        return min(in_order, self._written(by_look), key=len)

    def _written(self, runs: Iterable[Run]) -> str:
        """The runs in this order, from a cursor who knows where and the terminal's own look on; back to that look."""
        parts: list[str] = []
        now, at_x, at_y = PLAIN, -1, -1
        for y, x, end, text, look, _sure in runs:
            if y != at_y or at_x < 0 or x < at_x:
                parts.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
            elif x > at_x:
                parts.append(f"\x1b[{x - at_x}C" if x - at_x > 1 else "\x1b[C")
            if look is not now and not (look.ground is now.ground and text.isspace()):
                parts.append(change(now, look))
                now = look
            parts.append(text)
            at_x, at_y = (end if end < self._width else -1), y
        if now is not PLAIN:
            parts.append(change(now, PLAIN))
        return "".join(parts)


def _is_in(look: Look, cells: list[str], looks: list[Look], start: int, end: int) -> bool:
    """Whether all of these cells can be written in one look."""
    return all(
        cells[x] and (looks[x] is look or (cells[x] == " " and looks[x].ground is look.ground))
        for x in range(start, end)
    )

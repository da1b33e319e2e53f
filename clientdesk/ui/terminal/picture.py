"""What stands on the terminal's screen, cell by cell: only what becomes another is written.

Textual paints a widget again whenever it may have changed, mostly as it stood. The picture takes what is painted, and
says in the end how the terminal gets from what it shows to what it shall show.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import category, east_asian_width

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment

from clientdesk.ui.terminal.looks import PLAIN, Look, change, look_of
from clientdesk.ui.terminal.shifts import Shift, shift

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"
_SHORT = 4
"""So many cells that stay as they are cost no more than moving the cursor over them."""
_UNKNOWN = "unknown"
"""Stands for what no cell holds: nobody knows what the terminal shows there."""


@lru_cache(maxsize=4_096)
def cells_of(text: str) -> tuple[str, ...]:
    """A text cell by cell: marks stand with their letter, the second half of a wide letter is "". Controls are dropped:
    whatever a widget draws, it says nothing else to the terminal."""
    text = _CONTROLS.sub("", text)
    cells: list[str] = []
    length, before = 0, ""
    simple = _JOINER not in text and _AS_EMOJI not in text
    for number, letter in enumerate(text):
        width = cell_len(letter) if simple else cell_len(text[: number + 1]) - length
        length += width
        head = len(cells) - 1
        while head > 0 and not cells[head]:
            head -= 1
        if width < 1 or before == _JOINER or letter == _AS_EMOJI:
            if cells:  # a mark without a letter would go to whatever stands before the text
                cells[head] += letter
                cells += [""] * width
        else:
            cells += [letter, *[""] * (width - 1)]
        before = letter
    return tuple(cells)


@lru_cache(maxsize=4_096)
def is_sure(cell: str) -> bool:
    """Whether every terminal gives the letter as many cells as we do. Of marks, joined letters and emoji they differ."""
    if len(cell) != 1:
        return not cell
    kind = category(cell)
    return kind[0] not in "MC" and not (kind in ("So", "Sk") and east_asian_width(cell) in "WF")


class Picture:
    """The cells of a terminal's screen with so many colours: as they shall be, and as they are shown."""

    def __init__(self, system: ColorSystem) -> None:
        self._system = system
        self.width = self.height = 0
        self._cells: list[list[str]] = []
        self._looks: list[list[Look]] = []
        self._shown_cells: list[list[str]] = []
        self._shown_looks: list[list[Look]] = []
        self._drawn: set[int] = set()
        """The lines in which something was drawn since they were shown."""

    def resize(self, width: int, height: int) -> None:
        """The screen has another size; nobody knows what it shows. What was drawn stays in its place."""
        for line in self._cells:
            line[width:] = " " * (width - len(line))
        for looks in self._looks:
            looks[width:] = [PLAIN] * (width - len(looks))
        self._cells[height:] = [list(" " * width) for _ in range(height - len(self._cells))]
        self._looks[height:] = [[PLAIN] * width for _ in range(height - len(self._looks))]
        self.width, self.height = width, height
        self.forget()

    def forget(self) -> None:
        """Nobody knows any more what the terminal shows: everything will be written."""
        self._shown_cells = [[_UNKNOWN] * self.width for _ in range(self.height)]
        self._shown_looks = [[PLAIN] * self.width for _ in range(self.height)]
        self._drawn = set(range(self.height))

    def draw(self, x: int, y: int, segments: Iterable[Segment]) -> None:
        """A piece of a line shall stand at a place; what does not fit on the screen is left out."""
        if not (0 <= y < self.height and 0 <= x < self.width):
            return
        cells: list[str] = []
        looks: list[Look] = []
        for text, style, control in segments:
            if control:
                continue
            cells += text if text.isascii() and text.isprintable() else cells_of(text)
            looks += [look_of(style, self._system)] * (len(cells) - len(looks))
        line, end = self._cells[y], min(x + len(cells), self.width)
        if not line[x] and x:  # of a wide letter that loses its half nothing is left
            line[x - 1] = " "
        line[x:end] = cells[: end - x]
        if end - x < len(cells) and not cells[end - x]:  # nor of one that has no room for its second half
            line[end - 1] = " "
        self._looks[y][x:end] = looks[: end - x]
        if end < self.width and not line[end]:
            line[end] = " "
        self._drawn.add(y)

    def changes(self) -> str:
        """What the terminal is told so that it shows what was drawn; "" where it does. It will be told."""
        writing = _Writing(self.width)
        changed = [y for y in sorted(self._drawn) if self._differing(y)]
        if (moved := shift(self._shown_cells, self._cells, changed)) is not None:
            self._shift(moved)
            writing.tell(moved.told)
            changed = sorted({*changed, *range(moved.top, moved.bottom + 1)})
        for y in changed:
            cells, looks = self._cells[y], self._looks[y]
            columns = self._differing(y)
            # Where a terminal counts cells otherwise, what it shows in the rest of the line is not known.
            if columns and not (_all_sure(cells) and _all_sure(self._shown_cells[y])):
                columns = range(self.width)
            writing.line(y, columns, cells, looks)
            self._shown_cells[y], self._shown_looks[y] = cells[:], looks[:]
        self._drawn.clear()
        return writing.end()

    def _differing(self, y: int) -> Sequence[int]:
        """The columns of a line whose cells look different from what is shown."""
        cells, looks = self._cells[y], self._looks[y]
        shown, shown_looks = self._shown_cells[y], self._shown_looks[y]
        if cells == shown and looks == shown_looks:
            return ()
        return [
            x
            for x, (cell, old, look, old_look) in enumerate(zip(cells, shown, looks, shown_looks, strict=True))
            if cell != old or (look is not old_look and (cell != " " or look.ground is not old_look.ground))
        ]

    def _shift(self, moved: Shift) -> None:
        """Lines that are shown go up or down; what comes in is not known."""
        lines = list(range(self.height))
        here, left = lines[moved.top : moved.bottom + 1], [-1] * abs(moved.by)
        lines[moved.top : moved.bottom + 1] = [*here[moved.by :], *left] if moved.by > 0 else [*left, *here[: moved.by]]
        cells, looks = self._shown_cells, self._shown_looks
        self._shown_cells = [cells[y] if y >= 0 else [_UNKNOWN] * self.width for y in lines]
        self._shown_looks = [looks[y] if y >= 0 else [PLAIN] * self.width for y in lines]


def _all_sure(cells: list[str]) -> bool:
    text = "".join(cells)
    return text.isascii() or all(map(is_sure, set(cells)))


class _Writing:
    """What a terminal is told, as short as can be, from a look and a place of its cursor on."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._parts: list[str] = []
        self._look = PLAIN
        self._x, self._y = -1, -1
        """Where the cursor is; -1 where that is not known."""

    def tell(self, text: str) -> None:
        """Something that moves the cursor who knows where."""
        self._parts.append(text)
        self._x, self._y = -1, -1

    def line(self, y: int, columns: Iterable[int], cells: list[str], looks: list[Look]) -> None:
        """Write the cells of a line that stand in these columns."""
        write = self._parts.append
        for x in columns:
            cell, look = cells[x], looks[x]
            if not cell:
                continue  # written with its first half
            if x != self._x or y != self._y:
                self._move(x, y, cells, looks)
            if look is not self._look and (cell != " " or look.ground is not self._look.ground):
                write(change(self._look, look))
                self._look = look
            write(cell)
            self._x = x + 1
            while self._x < self._width and not cells[self._x]:
                self._x += 1
            if self._x == self._width or not (cell.isascii() or is_sure(cell)):
                self._x = -1

    def _move(self, x: int, y: int, cells: list[str], looks: list[Look]) -> None:
        gap = x - self._x
        if y != self._y or self._x < 0 or gap < 0:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        elif gap <= _SHORT and all(cells[at] and self._is_now(cells[at], looks[at]) for at in range(self._x, x)):
            self._parts += cells[self._x : x]
        else:
            self._parts.append(f"\x1b[{gap}C" if gap > 1 else "\x1b[C")
        self._x, self._y = x, y

    def _is_now(self, cell: str, look: Look) -> bool:
        return look is self._look or (cell == " " and look.ground is self._look.ground)

    def end(self) -> str:
        """All of it; the terminal has its own look again."""
        if self._look is not PLAIN:
            self._parts.append(change(self._look, PLAIN))
        return "".join(self._parts)

"""What stands on the terminal's screen, cell by cell: only what becomes another is written.

Textual paints a widget again whenever it may have changed, mostly as it stood. The picture takes what is painted, and
says in the end how the terminal gets from what it shows to what it shall show.
"""

from collections.abc import Iterable, Sequence

from rich.color import ColorSystem
from rich.segment import Segment

from clientdesk.ui.terminal.cells import IS_PLAIN, all_sure, cells_of
from clientdesk.ui.terminal.escape_sequences import Runs
from clientdesk.ui.terminal.looks import PLAIN, Look, look_of
from clientdesk.ui.terminal.shifts import Shift, shift

_UNKNOWN = "unknown"
"""Stands for what no cell holds: nobody knows what the terminal shows there."""


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
            cells += text if IS_PLAIN(text) else cells_of(text)
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
        moving, runs = "", Runs(self.width)
        changed = [y for y in sorted(self._drawn) if self._differing(y)]
        if (moved := shift(self._shown_cells, self._cells, changed)) is not None:
            self._shift(moved)
            moving = moved.told
            changed = sorted({*changed, *range(moved.top, moved.bottom + 1)})
        for y in changed:
            cells, looks = self._cells[y], self._looks[y]
            columns, sure = self._differing(y), True
            if columns and not (all_sure(cells) and all_sure(self._shown_cells[y])):
                # Where a terminal counts cells otherwise, what it shows in the rest of the line is not known.
                columns, sure = range(self.width), False
            runs.add(y, columns, cells, looks, sure)
            self._shown_cells[y], self._shown_looks[y] = cells[:], looks[:]
        self._drawn.clear()
        return moving + runs.told()

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

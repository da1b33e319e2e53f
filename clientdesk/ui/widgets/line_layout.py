"""How a table's line is laid out: columns, their widths in cells, and text cut to fit them."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len, set_cell_size

from clientdesk.named_tuple import NamedTuple
from clientdesk.text import display_text

GUTTER = 2
"""Cells before the first column: the cursor's mark and the tick of marked rows."""
GAP = 1
"""Cells between two columns."""
SHRUNK = 16
"""To this width the pinned column is cut before the columns on its left give way, and a column that may
grow before it is dropped."""

ACCENTS = 3
"""So many characters without a width of their own may follow one another; more would run into other lines."""

# Terminals disagree about the width of what these make of the characters around them, so that a table
# goes without: joiners, variation selectors, the skin tones of emoji, combining keycaps. The letters of
# flags become plain letters.
_UNSURE: dict[int, str | None] = {
    **dict.fromkeys(
        (0x200C, 0x200D, 0x20E3, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), *range(0xE0100, 0xE01F0))
    ),
    **{0x1F1E6 + place: letter for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
}


class TableColumn(NamedTuple):
    """A column: `width` in cells, `grow` how many more it may get in a wide terminal, `show` how a value
    reads. The `pin`ned column stays when the others scroll, and is cut last. `short` is the title where
    the long one does not fit."""

    key: str
    title: str
    width: int
    right: bool = False
    grow: int = 0
    pin: bool = False
    show: Callable[[str], str] | None = None
    short: str = ""

    def heading(self, room: int) -> str:
        """What stands above it in so many cells: the short title where the long one would fill them."""
        return self.title if len(self.title) < room else self.short or self.title


class Placed(NamedTuple):
    """A column in the line: its number, where it begins and how wide it is, in cells."""

    column: int
    x: int
    width: int


def clean(text: str, most: int) -> str:
    """The first `most` characters of `text`, safe for a terminal and with a width that terminals agree about."""
    beginning = text[:most]
    if beginning.isascii() and beginning.isprintable():
        return beginning
    safe = display_text(beginning.translate(_UNSURE))
    return safe if cell_len(safe) >= len(safe) else _fewer_accents(safe)


def _fewer_accents(text: str) -> str:
    """`text` with no more than ACCENTS characters without a width after each other."""
    characters = []
    run = 0
    for character in text:
        run = 0 if cell_len(character) else run + 1
        if run <= ACCENTS:
            characters.append(character)
    return "".join(characters)


def fit(text: str, width: int, right: bool = False) -> str:
    """`text` as exactly `width` cells: padded, or cut with an … at the end. Safe for a terminal."""
    if width <= 0:
        return ""
    if len(text) <= width and text.isascii() and text.isprintable():
        return text.rjust(width) if right else text.ljust(width)
    # A hostile name may be long or pile accents on one letter: no line needs more characters than this.
    most = 2 * width + 16
    safe = clean(text, most)
    cells = cell_len(safe)
    if cells > width or len(text) > most:
        safe = set_cell_size(safe, min(cells, width - 1)).rstrip().removesuffix("…") + "…"
        cells = cell_len(safe)
    blank = " " * (width - cells)
    return blank + safe if right else safe + blank


def lay_out(columns: Sequence[TableColumn], room: int, first: int = 0) -> list[Placed]:
    """Which columns stand in a line of `room` cells, and where.

    What does not fit is dropped from the right, the pinned column is cut last; a column that may grow is
    cut before it is dropped, and gets what room is left. With `first` the columns are scrolled: that many of those that are not pinned
    stay away, and the pinned one comes first.
    """
    pinned = next((index for index, column in enumerate(columns) if column.pin), -1)
    order = list(range(len(columns)))
    if first:
        order = [index for index in order if index != pinned][first:]
        order = [pinned, *order] if pinned >= 0 else order
    room -= GUTTER
    chosen = list(order)
    widths = {index: columns[index].width for index in order}

    def over() -> int:
        return sum(widths[index] for index in chosen) + GAP * (len(chosen) - 1) - room

    dropped = -1
    while over() > 0 and len(chosen) > 1 and chosen[-1] != pinned:
        dropped = chosen.pop()
    if over() > 0 and pinned in chosen:
        widths[pinned] = max(min(SHRUNK, widths[pinned]), widths[pinned] - over())
    while over() > 0 and len(chosen) > 1:
        chosen.remove(next(index for index in reversed(chosen) if index != pinned))
    if dropped >= 0 and columns[dropped].grow and -over() - GAP >= SHRUNK:
        widths[dropped] = -over() - GAP
        chosen.append(dropped)
    for index in sorted(chosen, key=lambda index: index != pinned):
        widths[index] += max(0, min(columns[index].grow, -over()))
    placed = []
    x = GUTTER
    for index in chosen:
        width = max(1, min(widths[index], room + GUTTER - x))
        placed.append(Placed(index, x, width))
        x += width + GAP
    return placed


class Columns:
    """A table's columns as they stand in its lines, and the line of their titles."""

    def __init__(self, columns: Sequence[TableColumn]) -> None:
        self._columns = tuple(columns)
        self._first = 0
        """So many columns are scrolled away."""
        self.placed: list[Placed] = []
        """Those that are on the screen now."""
        self.width = 0
        """How many cells a line has."""
        self._sort: tuple[str, bool] = ("", False)
        self._titles = ""
        """Their line, as long as nothing of it changes."""

    def __getitem__(self, placed: Placed) -> TableColumn:
        return self._columns[placed.column]

    @property
    def visible(self) -> list[str]:
        """The keys of the columns that are on the screen now."""
        return [self[placed].key for placed in self.placed]

    def lay_out(self, width: int) -> None:
        """Lay them out in lines of so many cells."""
        self.width, self._titles = width, ""
        self.placed = lay_out(self._columns, width, self._first)

    def replace(self, columns: Sequence[TableColumn]) -> None:
        """Other columns."""
        self._columns, self._first = tuple(columns), 0
        self.lay_out(self.width)

    def sort(self, key: str, descending: bool) -> None:
        """The rows are ordered by this column."""
        self._sort, self._titles = (key, descending), ""

    def scroll(self, step: int) -> bool:
        """Show those on the right (1) or on the left (-1); whether there are some."""
        if not self._hidden[step > 0]:
            return False
        self._first += step
        self.lay_out(self.width)
        return True

    @property
    def _hidden(self) -> tuple[bool, bool]:
        """Whether there are columns to the left and to the right of those on the screen."""
        shown = {placed.column for placed in self.placed}
        movable = [index for index, column in enumerate(self._columns) if not column.pin]
        return self._first > 0, any(index not in shown for index in movable[self._first :])

    def at(self, x: int) -> Placed | None:
        """The column whose title is at `x`."""
        return next((placed for placed in self.placed if placed.x <= x < placed.x + placed.width + GAP), None)

    def titles(self) -> str:
        """The line of their titles, as wide as there is room."""
        self._titles = self._titles or self._titled()
        return self._titles

    def _titled(self) -> str:
        left, right = self._hidden
        parts = ["‹ " if left else "  "]
        at = GUTTER
        for placed in self.placed:
            column = self[placed]
            key, descending = self._sort
            arrow = (" ▾" if descending else " ▴") if column.key == key else ""
            room = placed.width - len(arrow)
            label = fit(column.heading(room), room).rstrip() + arrow
            # At the edge a title on the right makes room for the sign that there is more, where it has it.
            room = placed.width - (right and placed is self.placed[-1] and cell_len(label) < placed.width)
            parts.append(" " * (placed.x - at) + fit(label, room, column.right))
            at = placed.x + placed.width
        line = "".join(parts).rstrip()
        return fit(line, self.width - 1) + "›" if right else fit(line, self.width)

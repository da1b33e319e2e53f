"""How a table's line is laid out: columns, their widths in cells, and text cut to fit them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

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


def hidden(columns: Sequence[TableColumn], placed: Sequence[Placed], first: int) -> tuple[bool, bool]:
    """Whether there are columns to the left and to the right of those that are placed."""
    shown = {place.column for place in placed}
    movable = [index for index, column in enumerate(columns) if not column.pin]
    return first > 0, any(index not in shown for index in movable[first:])

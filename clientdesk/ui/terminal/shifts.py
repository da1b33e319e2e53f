"""Lines that only stand somewhere else than before: the terminal moves them itself."""

from collections import Counter
from collections.abc import Sequence

from clientdesk.named_tuple import NamedTuple

_EDGE = 4
"""So many cells at both ends of a line do not count: a cursor, a mark, a scrollbar stay where they are."""
_LEAST = 4
"""Fewer lines are not worth it."""


class Shift(NamedTuple):
    """The lines from `top` to `bottom` (that one included) go up by `by` lines, down where it is negative."""

    top: int
    bottom: int
    by: int

    @property
    def told(self) -> str:
        """What the terminal is told: within these lines it deletes some, or inserts blank ones, at the top."""
        count, delete = abs(self.by), "M" if self.by > 0 else "L"
        return f"\x1b[{self.top + 1};{self.bottom + 1}r\x1b[{self.top + 1}H\x1b[{count}{delete}\x1b[r"


def shift(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]], changed: Sequence[int]) -> Shift | None:
    """How lines of cells have gone up or down, where most of those between the first and the last of them have; `changed`
    are the numbers of the lines that are others now."""
    if len(changed) < _LEAST:
        return None
    places: dict[str, int] = {}
    for y in changed:
        places[_text(before[y])] = y
    ways: dict[int, int] = {}
    for y in changed:
        text = _text(after[y])
        if (place := places.get(text)) is not None and place != y and text.strip():
            ways[y] = place - y
    if len(ways) < _LEAST:
        return None
    by, count = Counter(ways.values()).most_common(1)[0]
    moved = [y for y, way in ways.items() if way == by]
    top, bottom = min(moved), max(moved)
    top, bottom = min(top, top + by), max(bottom, bottom + by)
    return Shift(top, bottom, by) if count >= _LEAST and 2 * count > bottom - top + 1 else None


def _text(cells: Sequence[str]) -> str:
    return "".join(cells[_EDGE:-_EDGE])

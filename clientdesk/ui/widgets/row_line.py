"""A line of a table as it is drawn."""

from collections.abc import Callable, Iterator
from typing import Literal

from rich.segment import Segment
from rich.style import Style

from clientdesk.named_tuple import NamedTuple
from clientdesk.ui.widgets.line_colours import FOCUSED, RESTING

CURSOR, MARK = "▌", "●"
"""What stands in the gutter of the cursor's row, and of a marked one."""
FOUND = Style(bold=True, underline=True)
"""What a search has found stands out also where there are no colours."""
CHOSEN = Style(underline=True)
"""With the row's own reverse turned round: the cell that a cursor is on which goes in two directions."""

_INKS = {"dim": "foreground-muted", "strong": "text-accent"}

Spans = tuple[tuple[int, int], ...]
"""Pieces of a text: the places of their first character and of the one behind the last."""


class RowText(NamedTuple):
    """What stands in a row's line after the gutter, which pieces of it match a search, and which ones are its cells."""

    body: str
    matches: Spans = ()
    cells: Spans = ()


LineKind = Literal["", "dim", "strong", "header", "here", "away"]
"""How a line looks: as usual, paler, as a heading among the rows, as the titles, and where the cursor is: with the keys here or
elsewhere."""


class Line(NamedTuple):
    """What is drawn in a line: the gutter with cursor and mark, the rest, the kind of look, what matches a search, and the one
    cell that is chosen (none: the whole row)."""

    gutter: str
    body: str
    kind: LineKind
    matches: Spans = ()
    chosen: Spans = ()

    def segments(self, look: Callable[..., Style]) -> list[Segment]:
        """As few as can be, as each costs 40 bytes; `look` says what an ink on a paper is (see `Painted.look`)."""
        if self.kind == "header":
            return [Segment(self.body, look("foreground-muted", bold=True))]
        if self.kind in ("here", "away"):
            paper = FOCUSED if self.kind == "here" else RESTING
            return [Segment(self.gutter, look("accent", paper)), *self._pieces(look("", paper, bold=True))]
        style = look(_INKS.get(self.kind, ""), bold=self.kind == "strong")
        if MARK in self.gutter:
            return [Segment(self.gutter, look("accent")), *self._pieces(style)]
        if self.matches:
            return [Segment(self.gutter, style), *self._pieces(style)]
        return [Segment(self.gutter + self.body, style)]

    def _pieces(self, style: Style) -> Iterator[Segment]:
        """The body, with what was found, or is chosen, standing out."""
        at = 0
        out = style + CHOSEN + Style(reverse=not style.reverse) if self.chosen else style + FOUND
        for start, end in self.chosen or self.matches:
            if start > at:
                yield Segment(self.body[at:start], style)
            yield Segment(self.body[start:end], out)
            at = end
        if at < len(self.body):
            yield Segment(self.body[at:], style)

"""Two values for each field, side by side: theirs and yours, and which of them is taken."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from clientdesk.domain.fields import Field
from clientdesk.text import _
from clientdesk.ui.widgets.history_view import first_lines
from clientdesk.ui.widgets.line_colours import Painted
from clientdesk.ui.widgets.line_layout import fit

LABEL = 22
EDGE = 2
"""Cells of the cursor's mark on the left."""


class Side(NamedTuple):
    """A field with their value and yours (as they are stored), whether they changed it too, and the value before."""

    field: Field
    theirs: str
    yours: str
    both: bool
    before: str = ""


class Sides(Painted):
    """The fields with both values; the taken one has a full dot and stands out, and an open field has none."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Sides { height: auto; width: 1fr; }"

    class Picked(Message):
        """A side of the cursor's field was clicked."""

        def __init__(self, yours: bool) -> None:
            super().__init__()
            self.yours = yours

    def __init__(self) -> None:
        super().__init__()
        self._sides: Sequence[Side] = ()
        self._chosen: dict[str, bool] = {}
        """By field: whether your value is taken, or theirs."""
        self._cursor = 0

    def show(self, sides: Sequence[Side], chosen: Mapping[str, bool]) -> None:
        """Show these fields; `chosen` says of a field whether your value is taken, or theirs. The others are open."""
        self._sides = sides
        self._chosen = {side.field.name: chosen[side.field.name] for side in sides if side.field.name in chosen}
        self._cursor = min(self._cursor, max(0, len(sides) - 1))
        self.refresh(layout=True)

    @property
    def yours(self) -> set[str]:
        """The names of the fields that take your value."""
        return {name for name, yours in self._chosen.items() if yours}

    @property
    def chosen(self) -> Mapping[str, bool]:
        """By field, where it was chosen: whether your value is taken, or theirs."""
        return self._chosen

    @property
    def open(self) -> Sequence[Field]:
        """The fields for which nothing is chosen yet."""
        return [side.field for side in self._sides if side.field.name not in self._chosen]

    @property
    def current(self) -> str:
        """The name of the field that the cursor is on."""
        return self._sides[self._cursor].field.name

    def take(self, names: Sequence[str], yours: bool) -> None:
        """Take your value for these fields, or theirs."""
        self._chosen |= dict.fromkeys(names, yours)
        self.refresh()

    def go_to_open(self) -> None:
        """Put the cursor on the first field for which nothing is chosen yet."""
        places = [place for place, side in enumerate(self._sides) if side.field.name not in self._chosen]
        if places:
            self.move(places[0] - self._cursor)

    def move(self, step: int) -> None:
        """Put the cursor on another field, and that field into view."""
        self._cursor = max(0, min(self._cursor + step, len(self._sides) - 1))
        self.refresh()
        lines = [index for index, (number, *_rest) in enumerate(self._lines(self.size.width)) if number == self._cursor]
        self.screen.scroll_to_widget(self, animate=False)
        if lines and isinstance(self.parent, Widget):
            region = Region(0, max(0, lines[0] - 1), self.size.width, len(lines) + 1)
            self.parent.scroll_to_region(region, animate=False)

    def _columns(self, width: int) -> tuple[int, int]:
        label = min(LABEL, width // 4)
        return label, (width - EDGE - label) // 2

    def _lines(self, width: int) -> Iterator[tuple[int, str, str, str]]:
        """(number of the field, label, theirs, yours) of each line."""
        _label, column = self._columns(width)
        for number, side in enumerate(self._sides):
            labels = [side.field.title, *([_("both changed it")] if side.both else [])]
            empty = _("(empty)")
            values = [
                first_lines(side.field.display(value) or empty, max(4, column - 4))
                for value in (side.theirs, side.yours)
            ]
            for title, theirs, yours in zip_longest(labels, *values, fillvalue=""):
                yield number, title, theirs, yours
            if side.both:
                before = first_lines(side.field.display(side.before) or empty, max(4, column - 4))
                for title, value in zip_longest([_("before")], before, fillvalue=""):
                    yield number, title, value, ""
            yield number, "", "", ""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + sum(1 for _line in self._lines(width))

    def render_line(self, y: int) -> Strip:
        """The heading, or a line of a field."""
        width = self.size.width
        label, column = self._columns(width)
        dim = self.look("foreground-muted")
        if y == 0:
            heading = " " * (EDGE + label) + fit("  " + _("Theirs"), column) + fit("  " + _("Yours"), column)
            return Strip([Segment(heading, self.look("text-accent", bold=True))]).adjust_cell_length(width, self.look())
        lines = list(self._lines(width))
        if y > len(lines):
            return Strip.blank(width, self.look())
        number, title, *values = lines[y - 1]
        first = y == 1 or lines[y - 2][0] != number
        is_cursor = number == self._cursor
        edge = "▌ " if is_cursor and (title or any(values)) else "  "
        segments = [
            Segment(edge, self.look("accent")),
            Segment(fit(title, label), self.look("", bold=True) if is_cursor and first else dim),
        ]
        yours = self._chosen.get(self._sides[number].field.name)
        for value, is_taken in zip(values, (yours is False, yours is True), strict=True):
            dot = ("● " if is_taken else "○ ") if first else "  "
            segments.append(Segment(dot, self.look("accent") if is_taken else dim))
            segments.append(Segment(fit(value, column - 2), self.look("", bold=True) if is_taken else dim))
        return Strip(segments).adjust_cell_length(width, self.look())

    def on_click(self, event: events.Click) -> None:
        """The cursor goes to the field; a click on a value takes it."""
        lines = list(self._lines(self.size.width))
        if not 1 <= event.y <= len(lines):
            return
        event.stop()
        self._cursor = lines[event.y - 1][0]
        label, column = self._columns(self.size.width)
        if event.x >= EDGE + label:
            self.post_message(self.Picked(event.x >= EDGE + label + column))
        self.refresh()

"""The one-line bars of a screen: title, status, footer. Each is a single widget that draws its line."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from string import Formatter
from types import MappingProxyType
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from clientdesk.named_tuple import NamedTuple
from clientdesk.text import display_text
from clientdesk.ui.widgets.line_colours import Painted

LEAST = 11
"""With fewer cells than these, a filter or a thing that was found says nothing any more (" · find “ab…")."""
GAP = 2
"""At least so many cells stand between what is on the left and what is on the right."""


class Part(NamedTuple):
    """A piece of a line: its text (data is made safe when drawn), its look (a key of `Bar.LOOKS`), and
    what a click on it means ("" for nothing). What matters more is cut later: see `keep` in `shares`. A part that would
    be cut to fewer than `least` cells is left out."""

    text: str
    look: str = ""
    target: str = ""
    keep: int = 0
    least: int = 0


GIVES_WAY = -1
"""The `keep` of a part that a status line leaves out whole where not everything fits: half a number says another one."""


def sentence_parts(
    sentence: str, look: str = "", target: str = "", *, keys: Mapping[str, str] = MappingProxyType({}), **values: str
) -> list[Part]:
    """A sentence with places for `values` and `keys` ("{who} has changed it; {key} shows it") as parts of a line: where
    there is no room, a value gives way before the words around it, and these before a key."""
    parts = []
    for words, name, _spec, _conversion in Formatter().parse(sentence):
        if words:
            parts.append(Part(words, look, target, keep=1))
        if name:
            parts.append(Part(keys[name], look, target, keep=2) if name in keys else Part(values[name], look, target))
    return parts


def shares(parts: Sequence[tuple[int, int]], room: int) -> list[int]:
    """How many cells of `room` each part of (its own cells, its `keep`) gets.

    Where they do not fit, those of the lowest `keep` give way first, and among these always the longest: a long name
    is cut before anything that stands beside it.
    """
    sizes = [min(size, max(0, room)) for size, _keep in parts]
    missing = sum(sizes) - room
    for level in sorted({keep for _size, keep in parts}):
        places = [place for place, (_size, keep) in enumerate(parts) if keep == level]
        while missing > 0 and any(sizes[place] for place in places):
            longest = max(places, key=lambda place: sizes[place])
            sizes[longest] -= 1
            missing -= 1
    return sizes


class Drawn(NamedTuple):
    """A part as it is drawn: where it begins, its text, the part."""

    x: int
    text: str
    part: Part


class Bar(Painted):
    """A line with parts on the left and parts on the right; where there is no room, the longest are cut."""

    class Picked(Message):
        """A part that has a target was clicked."""

        def __init__(self, bar: "Bar", target: str) -> None:
            super().__init__()
            self.bar, self.target = bar, target

    ALLOW_SELECT = False
    DEFAULT_CSS = "Bar { height: 1; }"
    LOOKS: ClassVar[dict[str, tuple[str, bool]]] = {
        "": ("", False),
        "plain": ("foreground", False),
        "strong": ("foreground", True),
        "dim": ("foreground-muted", False),
        "accent": ("text-accent", False),
        "key": ("text-accent", False),
        "danger": ("text-error", True),
    }
    """The colour of each look (a variable of the theme), and whether it is bold."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: Sequence[Part] = ()
        self._right: Sequence[Part] = ()

    def show(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Draw these parts from now on."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def parts(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:
        """The parts on the left and on the right of a line of `width` cells."""
        return self._left, self._right

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render_line(self, y: int) -> Strip:
        """The line: one cell of margin on both sides."""
        width = self.size.width
        base = self.look()
        if y or width < 3:
            return Strip.blank(width, base)
        segments, at = [], 0
        for drawn in self.drawn(width):
            segments.append(Segment(" " * (drawn.x - at), base))
            ink, bold = self.LOOKS[drawn.part.look]
            segments.append(Segment(drawn.text, self.look(ink, bold=bold)))
            at = drawn.x + cell_len(drawn.text)
        segments.append(Segment(" " * (width - at), base))
        return Strip([segment for segment in segments if segment.text], width).simplify()

    def drawn(self, width: int) -> Iterator[Drawn]:
        """The parts as they stand in a line of `width` cells, those that are cut away left out."""
        left, right = self.parts(width - 2)
        texts = [display_text(part.text) for part in (*left, *right)]
        sized = [(cell_len(text), part.keep) for text, part in zip(texts, (*left, *right), strict=True)]
        room = width - 2 - (GAP if left and right else 0)
        cells = shares(sized, room)
        for place, part in enumerate((*left, *right)):
            if cells[place] < min(part.least, sized[place][0]):
                sized[place] = (0, part.keep)
                cells = shares(sized, room)  # the others have more room now
        cuts = [cut(text, size) for text, size in zip(texts, cells, strict=True)]
        x = 1
        for place, (text, part) in enumerate(zip(cuts, (*left, *right), strict=True)):
            if place == len(left):
                x = width - 1 - sum(cell_len(cut) for cut in cuts[place:])
            if text:
                yield Drawn(x, text, part)
            x += cell_len(text)

    def on_click(self, event: events.Click) -> None:
        """Tell which part was clicked."""
        target = self.target_at(event.x)
        if target:
            event.stop()
            self.post_message(self.Picked(self, target))

    def target_at(self, x: int) -> str:
        """The target of the part at column `x` of the bar, "" where there is none."""
        for drawn in self.drawn(self.size.width):
            if drawn.x <= x < drawn.x + cell_len(drawn.text):
                return drawn.part.target
        return ""


def cut(text: str, room: int) -> str:
    """`text` (safe already) in at most `room` cells, with an … where something is missing."""
    if room <= 0:
        return ""
    return text if cell_len(text) <= room else set_cell_size(text, room - 1).rstrip().rstrip("…") + "…"


class TitleLine(Bar):
    """The first line of a screen: what it is on the left, who you are on the right."""

    DEFAULT_CSS = """
    TitleLine { background: $panel; color: $foreground; }
    """


class StatusLine(Bar):
    """The last line but one: how many, which filters, what clears them.

    `notices` are remarks for the right side, the longest first: the first that fits is drawn, if any.
    """

    LOOKS = {**Bar.LOOKS, "": Bar.LOOKS["dim"]}

    notices: Sequence[str] = ()

    def parts(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:
        left, right = super().parts(width)
        if sum(cell_len(display_text(part.text)) for part in (*left, *right)) > width - (GAP if right else 0):
            left = [part for part in left if part.keep != GIVES_WAY]
        if not right:
            room = width - sum(cell_len(display_text(part.text)) for part in left) - 3
            right = [Part(notice) for notice in self.notices if cell_len(notice) <= room][:1]
        return left, right


class FooterCommand(NamedTuple):
    """A command as the footer shows it: its key as it is written, the word for it, how important it is (the highest
    stays longest), and whether your access allows it."""

    id: str
    key: str
    title: str
    priority: int
    allowed: bool


class FooterLine(Bar):
    """The last line: as many of the screen's commands as fit, the important ones first.

    `commands` says what to show, each time that the line is drawn; a command that is not allowed is dim. A click does
    the command: `do` is called with its id.
    """

    DEFAULT_CSS = """
    FooterLine { background: $panel; color: $foreground; }
    """

    _written: Sequence[Part] | None = None

    def __init__(self, commands: Callable[[], Iterable[FooterCommand]], do: Callable[[str], None], *, id: str) -> None:
        super().__init__(id=id)
        self._commands, self._do = commands, do

    def write(self) -> None:
        """Draw the line again if it says something else now: over a slow line each drawing costs as much as a row."""
        before = self._written
        if self.parts(self.size.width - 2)[0] != before:
            self.refresh()

    def parts(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:
        parts: list[Part] = []
        room = width
        for command in sorted(self._commands(), key=lambda command: -command.priority):
            size = cell_len(command.key) + 1 + cell_len(command.title) + 2
            if not command.key or size - 2 > room:
                continue
            room -= size
            parts.append(Part(command.key, "key" if command.allowed else "dim", command.id))
            parts.append(Part(f" {command.title}", "" if command.allowed else "dim", command.id))
            parts.append(Part("  "))
        self._written = parts[:-1]
        return self._written, ()

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """Do the command that was clicked."""
        event.stop()
        self._do(event.target)

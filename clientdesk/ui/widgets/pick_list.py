"""The lines of a picker: labels, of which those are shown that have every word that was typed."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from clientdesk.domain.fold import fold, words
from clientdesk.domain.search_words import spans
from clientdesk.text import _, display_text, strip_controls
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.line_colours import Painted
from clientdesk.ui.widgets.line_layout import fit

CURSOR, PRESENT, MARK = "▌", "•", "●"
ABOVE, BELOW = " ↑", " ↓"
GUTTER = 3
"""Cells before a label: the cursor's sign, the dot of the present or a marked one, a blank."""
MARGINS = GUTTER + len(BELOW)
"""Cells of a line that are not the label's: those before it, and behind it the sign that the list goes on."""
TYPED_SHOWN = 24
"""So many cells of what was typed are repeated in a sentence."""
MOST_FOLDED = 1_000
"""So many characters of a label are searched."""
_MATCH = Style(underline=True)


def closeness(label: str, find_words: Sequence[str]) -> int:
    """How well a folded label fits words that all occur in it: 0 it is they, 1 it begins with them, 2 each begins
    a word of it, 3 they occur somewhere."""
    typed = " ".join(find_words)
    if label.startswith(typed):
        return 0 if label == typed else 1
    return 2 if all(f" {word}" in f" {label}" for word in find_words) else 3


class PickList(Painted):
    """Labels (any data), a line each; what is typed narrows them, and one of those left is under the cursor.

    Words, accents and case count as in Find. The cursor goes to the label that fits best, with nothing typed to
    the `present` one, which a dot marks. It stops at the ends, and is always in sight. On the right of a label stands its
    remark, if it has one; `also` are words by which it is found, too. `unknown` is said where no label has what was typed.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "PickList { height: auto; }"

    class Picked(Message):
        """The label number `place` was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(
        self,
        labels: Sequence[str],
        present: int | None = None,
        typed: str = "",
        remarks: Sequence[str] = (),
        also: Sequence[str] = (),
        unknown: str = "",
    ) -> None:
        super().__init__()
        self._labels = tuple(labels)
        self._remarks = tuple(remarks)
        self._also = tuple(also)
        self._unknown = unknown
        self.marks: frozenset[int] = frozenset()
        """The numbers of the marked labels."""
        self._present = present
        self._folded: tuple[str, ...] = ()
        self._typed = ""
        self._words: tuple[str, ...] = ()
        self._places: Sequence[int] = range(len(self._labels))
        """The numbers of the labels that are left, in their order."""
        self._cursor = present or 0
        self._top = 0
        self.narrow(typed)

    @property
    def place(self) -> int | None:
        """The number of the label under the cursor; None where nothing is left."""
        return self._places[self._cursor] if self._places else None

    @property
    def labels_left(self) -> Sequence[str]:
        """The labels that have every word of what was typed, in their order."""
        return [self._labels[place] for place in self._places]

    @property
    def nothing(self) -> str:
        """The sentence that says that no label has what was typed."""
        if not self._labels and not self._typed.strip():
            return _("There is nothing to choose from.")
        if self._unknown and self._typed.strip():
            return self._unknown
        return _("Nothing here has “{text}”.").format(text=cut(display_text(self._typed.strip()), TYPED_SHOWN))

    def narrow(self, typed: str) -> None:
        """Leave the labels that have every word of `typed`, and put the cursor on the one that fits best."""
        if typed == self._typed:
            return
        self._typed = typed
        find_words = words(typed)
        if find_words == self._words:
            return
        self._words = find_words
        if not self._folded:
            also = self._also or [""] * len(self._labels)
            self._folded = tuple(
                fold(strip_controls(f"{label[:MOST_FOLDED]} {words}")).strip()
                for label, words in zip(self._labels, also, strict=True)
            )
        folded = self._folded
        if find_words:
            self._places = [place for place, label in enumerate(folded) if all(word in label for word in find_words)]
            best = min(
                range(len(self._places)),
                key=lambda line: closeness(folded[self._places[line]], find_words),
                default=0,
            )
        else:
            self._places = range(len(self._labels))
            best = self._present or 0
        self._top = 0
        self._put(best)
        self.refresh()

    def show_lines(self, labels: Sequence[str], remarks: Sequence[str], typed: str) -> None:
        """Show other labels, which somebody else has found for what is `typed`: all of them, in their order. The cursor
        stays in its line."""
        self._labels, self._remarks, self._folded = tuple(labels), tuple(remarks), ()
        self._typed, self._words = typed, words(typed)
        self._places = range(len(self._labels))
        self._put(self._cursor)
        self.refresh()

    def toggle(self) -> None:
        """Mark the label under the cursor, or take its mark away."""
        if self.place is not None:
            self.marks ^= {self.place}
            self.refresh()

    # --- moving

    def move(self, lines: int) -> None:
        """Move the cursor by so many lines; it stops at the ends."""
        self._put(self._cursor + lines)

    def turn(self, pages: int) -> None:
        """Move the cursor by so many pages."""
        self._put(self._cursor + pages * max(1, self.size.height - 1))

    def first(self) -> None:
        """To the first line."""
        self._put(0)

    def last(self) -> None:
        """To the last line."""
        self._put(len(self._places) - 1)

    def _put(self, line: int) -> None:
        """Put the cursor on a line, and bring it into sight."""
        old_cursor, old_top = self._cursor, self._top
        count, height = len(self._places), max(1, self.size.height)
        self._cursor = cursor = max(0, min(line, count - 1))
        self._top = max(0, min(max(min(old_top, cursor), cursor - height + 1), count - height))
        if self._top != old_top:
            self.refresh()
        elif cursor != old_cursor:
            self.refresh(*(Region(0, row - old_top, self.size.width, 1) for row in (old_cursor, cursor)))

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self._put(self._cursor)

    # --- drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._labels)

    def render_line(self, y: int) -> Strip:
        """A label with what was found in it, or the sentence that there is none."""
        width, line = self.size.width, self._top + y
        if line >= len(self._places):
            sentence = self.nothing if y == 0 and not self._places else ""
            return Strip([Segment(fit(" " * GUTTER + sentence, width), self.look("text-error"))], width)
        place, is_cursor = self._places[line], line == self._cursor
        paper = "primary 40%" if is_cursor else ""
        plain = self.look("", paper, bold=is_cursor)
        dot = MARK if place in self.marks else PRESENT if place == self._present else " "
        gutter = (CURSOR if is_cursor else " ") + dot + " "
        sign = ABOVE if y == 0 and line else BELOW if self._goes_on_below(y) else "  "
        remark = f"  {self._remarks[place]}" if self._remarks and self._remarks[place] else ""
        label = fit(self._labels[place], width - MARGINS - cell_len(remark))
        return Strip(
            [
                Segment(gutter, self.look("accent", paper)),
                *self._marked(label, plain),
                Segment(remark, self.look("foreground-muted", paper)),
                Segment(sign, self.look("foreground-muted", paper)),
            ]
        ).adjust_cell_length(width, plain)

    def _goes_on_below(self, y: int) -> bool:
        return y == self.size.height - 1 and self._top + y < len(self._places) - 1

    def _marked(self, label: str, plain: Style) -> list[Segment]:
        """The label with the words underlined that were typed."""
        segments, at = [], 0
        for start, end in spans(label, self._words):
            segments += [Segment(label[at:start], plain), Segment(label[start:end], plain + _MATCH)]
            at = end
        return [*segments, Segment(label[at:], plain)]

    # --- the mouse

    def on_click(self, event: events.Click) -> None:
        """Tell which label was clicked."""
        event.stop()
        line = self._top + event.y
        if event.button == 1 and line < len(self._places):
            self._put(line)
            self.post_message(self.Picked(self._places[line]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(-1)

"""The line above a list: its filters, and Find."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import UNASSIGNED
from clientdesk.text import _, display_text
from clientdesk.ui.commands import BY_ID, bindings_for, first_key
from clientdesk.ui.widgets.bars import Bar, Part, cut
from clientdesk.ui.widgets.line_input import LineInput

WIDEST = 80
"""The filters take so many hundredths of the line at most; the rest is Find's."""


def status_label(status: str) -> str:
    """The status filter as a person reads it."""
    return _("All") if status == "all" else BUILT_IN.by_name["status"].display(status)


def lead_label(lead: str) -> str:
    """A lead accountant as a person reads it."""
    return _("Unassigned") if lead == UNASSIGNED else lead


def chip(value: str, on: bool, target: str) -> tuple[Part, Part]:
    """A filter's key and its value, which stands out where it is on."""
    key = Part(f"{first_key(target)} ", "key", target, keep=1)
    return key, Part(f"{cut(display_text(value), 16)} ▾", "accent" if on else "", target)


def find_chip(target: str, on: bool) -> list[Part]:
    """Find's key and word."""
    return [
        Part(f"{first_key(target)} ", "key", target, keep=1),
        Part(_("Find"), "accent" if on else "dim", target, keep=1),
    ]


class Filters(Bar):
    """The filters in words; a click on one is its command."""

    def __init__(self) -> None:
        super().__init__()
        self._forms: tuple[list[Part], list[Part]] = ([], [])
        """The parts with the filters' names, and without, for a narrow terminal."""

    def show_forms(self, long: list[Part], short: list[Part]) -> None:
        """Draw the parts of `long`, or where there is no room for them those of `short`."""
        before, self._forms = self._forms, (long, short)
        if before != self._forms:
            self.refresh(layout=[part.text for part in long] != [part.text for part in before[0]])

    @staticmethod
    def _width(parts: Sequence[Part]) -> int:
        return sum(cell_len(part.text) for part in parts)

    def parts(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:
        long, short = self._forms
        return (long if self._width(long) <= width else short), ()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        width = container.width * WIDEST // 100
        # What is cut may end before its share does, and again when there is less room.
        while (end := max((piece.x + cell_len(piece.text) for piece in self.drawn(width)), default=1) + 1) < width:
            width = end
        return end


class Find(LineInput):
    """What to find. Enter, down and esc go back to the list, and the search stays."""

    BINDINGS = bindings_for("find")
    DEFAULT_CSS = """
    Find { min-width: 8; margin-right: 1; background: $background; }
    Find:focus { background: $foreground 8%; }
    """

    class Left(Message):
        """The person goes back to the list."""

    def action_command(self, command_id: str) -> None:
        """Do one of its commands."""
        getattr(self, BY_ID[command_id].method)()

    def command_find_list(self) -> None:
        """Back to the list."""
        self.post_message(self.Left())


class FilterBar(Horizontal):
    """Filters and Find in one line. What stands in Find is the person's: it may be newer than the query."""

    class FindChanged(Message):
        """What is to be found has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    DEFAULT_CSS: ClassVar[str] = """
    FilterBar { height: 1; }
    Filters { width: auto; }
    """

    def __init__(self, filters: Filters, placeholder: str = "", find: str = "") -> None:
        super().__init__()
        self._filters = filters
        self._find = Find(find, placeholder=placeholder or _("name or number"))

    def compose(self) -> ComposeResult:
        yield self._filters
        yield self._find

    def show_find(self, find: str) -> None:
        """Show another search, or none."""
        with self._find.prevent(Input.Changed):
            self._find.value = find

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is to be found."""
        event.stop()
        self.post_message(self.FindChanged(event.value))

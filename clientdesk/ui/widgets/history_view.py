"""Changes to read: who, when, what kind, and each field from its old value to its new one."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from clientdesk.desk.change_words import field_values
from clientdesk.desk.records import Change
from clientdesk.text import _, display_lines, display_text, local_time, whole_number
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.wrapping import wrapped

INDENT = 18
"""Fields stand below the kind, right of the time."""
LABEL = 24
LONGEST = 8
"""So many lines of a value are shown at most."""

_HEAD, _FIELD = "bold", "$foreground-muted"


def first_lines(text: str, width: int) -> list[str]:
    """Safe `text` in at most LONGEST lines of `width` cells; the last one says that there is more."""
    # No line needs more characters than this; a note may have twenty thousand.
    safe = display_lines(text[: (2 * width + 2) * (LONGEST + 1)])
    lines = wrapped(safe, width)
    return lines if len(lines) <= LONGEST else [*lines[: LONGEST - 1], "…"]


class ChangeLines(Widget):
    """The changes as lines of text."""

    DEFAULT_CSS = "ChangeLines { height: auto; width: 1fr; padding-right: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._changes: Sequence[Change] = ()
        self._more = False
        self._drawn: tuple[int, list[Content]] | None = None

    def show(self, changes: Sequence[Change], more: bool) -> None:
        """Show these changes, in this order; with `more`, that older ones follow."""
        self._changes, self._more, self._drawn = changes, more, None
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        if self._drawn is None or self._drawn[0] != width:
            lines = [line for change in self._changes for line in self._change(change, width)]
            if self._more:
                count = whole_number(len(self._changes))
                lines.append(
                    Content.styled(_("{count} changes so far; older ones follow…").format(count=count), _FIELD)
                )
            self._drawn = width, lines
        return self._drawn[1]

    def _change(self, change: Change, width: int) -> Iterator[Content]:
        title = change.title + (f" · {display_text(change.subject)}" if change.subject else "")
        by = f" · {display_text(change.who)}"
        room = max(8, width - INDENT)
        title = cut(title, max(8, room - cell_len(by)))
        time = local_time(change.at).ljust(INDENT)
        yield Content.assemble((time, _FIELD), (title, _HEAD), (cut(by, room - cell_len(title)), _FIELD))
        label = LABEL if room >= 2 * LABEL else room // 3
        if change.remark:
            yield Content.assemble(" " * INDENT, (change.remark, _FIELD))
        for field in change.fields:
            lines = first_lines(field_values(change, field), max(4, room - label))
            for number, line in enumerate(lines):
                title = cut(field.label, label - 1).ljust(label) if number == 0 else " " * label
                yield Content.assemble(" " * INDENT, (title, _FIELD), line)
        yield Content("")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self._lines(self.size.width or 80))


class HistoryView(Reading):
    """A history to scroll through: `show(changes)`, the newest first. Near its end it asks for older ones (`More`)."""

    class More(Message):
        """The reader comes to the end of what is shown, and there are older changes; `to_last`: wants to see the last."""

        def __init__(self, to_last: bool) -> None:
            super().__init__()
            self.to_last = to_last

    DEFAULT_CSS = "HistoryView { padding-left: 2; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._more = False
        self._follows = False
        """Whether there are older changes than those that are shown."""
        self._to_last = False
        """Whether the reader is on the way to the last change."""
        self._lines = ChangeLines()

    def compose(self) -> ComposeResult:
        yield self._lines

    def show(self, changes: Sequence[Change], more: bool, stay: bool = False) -> None:
        """Show these changes from the top; with `stay`, where the reader is. `more`: there may be older ones."""
        self._more = self._follows = more
        self._lines.show(changes, more)
        if not stay:
            self._to_last = False
            self.scroll_home(animate=False)
        self.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        """Ask for older changes where they are wanted; on the way to the last one, stand at the end."""
        if self._to_last:
            self.scroll_end(animate=False)
            self._to_last = self._follows
        self._ask_for_more()

    def command_read_last(self) -> None:
        """To the last change, however many have to be read for it."""
        self._to_last = self._follows
        super().command_read_last()
        self._ask_for_more()

    def command_read_first(self) -> None:
        """To the newest change."""
        self._to_last = False
        super().command_read_first()

    def _turn(self, lines: float) -> None:
        self._to_last = False
        super()._turn(lines)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Further down there may be more to read."""
        super().watch_scroll_y(old_value, new_value)
        self._ask_for_more()

    def _ask_for_more(self) -> None:
        at_end = self._to_last or self.scroll_y >= self.max_scroll_y - self.size.height
        if self._more and self.display and at_end:
            self._more = False  # until it is known what came
            self.post_message(self.More(self._to_last))

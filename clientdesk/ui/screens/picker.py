"""The picker: a question, a line for what is typed, and below it the list that the typed words narrow."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from clientdesk.text import _, display_text
from clientdesk.ui.commands import BY_ID, bindings_for, keys_of
from clientdesk.ui.screens.base import DialogScreen, Result
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.line_layout import clean
from clientdesk.ui.widgets.pick_list import MARGINS, PickList

WIDEST, NARROWEST = 70, 40
"""Cells between the frame of a picker, where the terminal has them."""
LONGEST_TITLE = 140
"""Cells of the question; a client's name may be longer than a terminal is large."""
LEAST_LINES = 3
"""So many lines of the list are shown at least."""
SHORT = 18
"""In a terminal with fewer lines than this, a picker does without its blank ones."""


class PickerLine(LineInput):
    """What is typed into a picker. The keys that move and choose belong to the picker, the others edit the text."""

    BINDINGS = bindings_for("picker")

    def action_command(self, command_id: str) -> None:
        """Do one of the picker's commands."""
        cast("Picker[Any]", self.screen).action_command(command_id)


class Picker(DialogScreen[Result]):
    """A question, a line to type words into, and the list that they narrow.

    Whatever moves in the list or chooses from it narrows it first: a key means the list that the text typed before it
    asks for: `narrow` lets the list be what is typed, where the same text again changes nothing; `measure` says the width
    and the height in cells that the whole list would have. A subclass moves and chooses in it.
    """

    AUTO_FOCUS = "PickerLine"

    def __init__(
        self,
        title: str,
        listing: Widget,
        narrow: Callable[[str], None],
        measure: Callable[[], tuple[int, int]],
        placeholder: str,
        typed: str = "",
    ) -> None:
        super().__init__()
        self.narrow, self._measure = narrow, measure
        self._title = cut(display_text(title), LONGEST_TITLE)
        self._listing = listing
        self._line = PickerLine(typed, placeholder)
        self._dialog = Vertical(classes="dialog picker")
        self._said, self._is_wrong = self._keys(), False

    def compose(self) -> ComposeResult:
        with self._dialog:
            yield Static(Content(self._title), classes="question")
            yield self._line
            yield self._listing
            yield Static(Content(self._said), classes="hint")

    def _keys(self) -> str:
        names = ("picker.up", "picker.down", "picker.choose", "dialog.cancel")
        up, down, choose, cancel = (next(iter(keys_of(BY_ID[name])), "") for name in names)
        return _("{up} {down} · {choose} chooses · {cancel} leaves").format(
            up=up, down=down, choose=choose, cancel=cancel
        )

    def remark(self, text: str, wrong: bool = False) -> None:
        """Say something below the list instead of the keys, or what is `wrong`; "" brings the keys back. `text` may be any
        data."""
        remark = display_text(text) or self._keys()
        if (remark, wrong) != (self._said, self._is_wrong):
            self._said, self._is_wrong = remark, wrong
            hint = self.query_one(".hint", Static)
            hint.set_class(wrong, "error")
            hint.update(Content(remark))
            self._fit()

    # --- as large as the words, whatever is typed later

    def on_mount(self) -> None:
        """Lay it out."""
        self._fit()

    def on_resize(self, event: events.Resize) -> None:
        """The terminal has another size."""
        self._fit()

    def _fit(self) -> None:
        dialog, listing = self._dialog, self._listing
        roomy = self.app.size.height >= SHORT
        dialog.styles.padding = (1, 2) if roomy else (0, 1)
        listing.styles.margin = (1, 0) if roomy else 0
        frame, (widest, lines) = dialog.gutter, self._measure()
        texts = (self._title, self._keys())
        width = max(NARROWEST, widest, *(cell_len(text) for text in texts))
        width = max(1, min(width, WIDEST, self.app.size.width - frame.width))
        dialog.styles.width = width + frame.width
        around = 1 + sum(len(Content(text).wrap(width)) for text in (self._title, self._said))
        room = self.app.size.height - frame.height - listing.styles.margin.height - around - (2 if roomy else 0)
        listing.styles.height = max(LEAST_LINES, min(lines, room))

    # --- typing

    @property
    def typed(self) -> str:
        """What stands in the line."""
        return self._line.value

    def action_command(self, command_id: str) -> None:
        """Do a command, in the list that the typed text asks for."""
        self.narrow(self.typed)
        super().action_command(command_id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        event.stop()
        self.narrow(event.value)


class Choose(Picker[Any]):
    """One value of a list: the value that was chosen, None for esc.

    `options` are (value, label) pairs (values are not None, labels may be any data), of each there may be a remark and
    words by which it is found `also`. The cursor starts on `current`, or on what fits best where something is `typed`
    already. `unknown` is said of what was typed and is no label, where that may be chosen, too.
    """

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[Any, str]],
        current: Any = None,
        typed: str = "",
        remarks: Sequence[str] = (),
        also: Sequence[str] = (),
        unknown: str = "",
    ) -> None:
        self._values = [value for value, _label in options]
        self._labels = [label for _value, label in options]
        self._remarks = remarks
        present = self._values.index(current) if current in self._values else None
        self._list = PickList(self._labels, present, typed, remarks, also, unknown)
        super().__init__(
            title, self._list, self._list.narrow, self._size_of_labels, _("type to narrow the list"), typed
        )

    def _size_of_labels(self) -> tuple[int, int]:
        remarks = self._remarks or [""] * len(self._labels)
        widest = max(
            (
                cell_len(clean(label, WIDEST)) + (cell_len(remark) + 2 if remark else 0)
                for label, remark in zip(self._labels, remarks, strict=True)
            ),
            default=0,
        )
        return widest + MARGINS, len(self._labels)

    # --- commands

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """A label was clicked."""
        event.stop()
        self.dismiss(self._values[event.place])

    def command_picker_choose(self) -> None:
        """Take the value under the cursor."""
        place = self._list.place
        if place is None:
            self.tell(self._list.nothing)
        else:
            self.dismiss(self._values[place])

    def command_picker_up(self) -> None:
        """One line up."""
        self._list.move(-1)

    def command_picker_down(self) -> None:
        """One line down."""
        self._list.move(1)

    def command_picker_page_up(self) -> None:
        """One page up."""
        self._list.turn(-1)

    def command_picker_page_down(self) -> None:
        """One page down."""
        self._list.turn(1)

    def command_picker_first(self) -> None:
        """To the first line."""
        self._list.first()

    def command_picker_last(self) -> None:
        """To the last line."""
        self._list.last()

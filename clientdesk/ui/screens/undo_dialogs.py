"""The dialogs of undo and redo: the question with its counts, what stands in the way, and the look before it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.text import N_, _, display_text, local_time
from clientdesk.ui.import_under_way import Progress
from clientdesk.ui.screens import undo_words as words
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.dialogs import SAFE, Buttons, TwoAnswers, answer, button
from clientdesk.ui.screens.long_work import WaitDialog
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.progress import ProgressLines
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.wrapping import fitted, wrapped

if TYPE_CHECKING:
    from clientdesk.desk.change_words import Named
    from clientdesk.desk.undoing import Conflict, Plan

SENTENCE_LINES = 2
"""So many lines at most say what stands in the way of the cursor's row."""
_TABLE_LINES = 10
"""So many lines of the list are shown at most, its header among them."""
USUAL = 24
"""In a terminal with fewer lines than this a dialog does without its blank ones."""
_AROUND, _AROUND_LOW, _ABOUT_LINES = 17, 13, 3
"""So many lines there are around the list, with so many of what the change is."""
_MOVES = {
    "up": "row.up",
    "down": "row.down",
    "pageup": "row.page-up",
    "pagedown": "row.page-down",
    "home": "row.first",
    "end": "row.last",
}
_COLUMNS = (
    TableColumn("subject", N_("Of"), 18, grow=12, pin=True),
    TableColumn("field", N_("Field"), 10, grow=8),
    TableColumn("theirs", N_("Now"), 11, grow=14),
    TableColumn("who", N_("Who"), 12, grow=6),
    TableColumn("when", N_("When"), 16),
)


class ConflictTable(RowTable, can_focus=False):
    """The rows that stay as they are; the buttons keep the focus."""


class ConflictBox(DialogBox):
    """The frame: the keys that move a long text elsewhere move in the list here."""

    def on_key(self, event: events.Key) -> None:
        """While a button has the focus, these keys move in the list."""
        tables = self.query(ConflictTable)
        if tables and event.key in _MOVES:
            event.stop()
            event.prevent_default()
            tables.first().action_command(_MOVES[event.key])


class UndoDialog(TwoAnswers[bool]):
    """Asks whether a change is taken back, or done again: True for yes. `named` is what names it; `key`
    is the one that passes it over the next time where nothing of it can be ("" for none)."""

    CSS_PATH = [style("dialogs"), style("undo")]
    AUTO_FOCUS = f"#{SAFE}"

    def __init__(self, plan: "Plan", named: "Named | None" = None, key: str = "") -> None:
        super().__init__()
        self._plan, self._named = plan, named
        self._about = tuple(words.about(plan, named, key))

    def compose(self) -> ComposeResult:
        plan = self._plan
        with ConflictBox(id="undo", classes="conflicts" if plan.conflicts else ""):
            yield Static(Content(words.question(plan)), classes="question")
            with DialogText():
                yield Static(Content("\n".join(self._about)), classes="text")
                if plan.conflicts:
                    yield Static(Content(words.in_the_way(plan)), classes="text")
            if plan.conflicts:
                table = ConflictTable([column._replace(title=_(column.title)) for column in _COLUMNS])
                table.styles.height = self._room()
                yield table
                yield Static(id="sentence")
            with Buttons(classes="buttons"):
                if plan.can:
                    yield answer(_("Cancel"), SAFE)
                    yield answer(words.verb(plan, self._named), "yes")
                else:
                    yield button(_("Close"), SAFE)

    def on_mount(self) -> None:
        """Show what stands in the way, as soon as it is known how many rows fit."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        for table in self.query(ConflictTable):
            table.set_source(
                ListSource([_row(number, conflict) for number, conflict in enumerate(self._plan.conflicts)])
            )

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Say in full what stands in the way of the row."""
        self._write()

    def on_resize(self) -> None:
        """The list is as high as there is room, and the sentence is wrapped anew."""
        for table in self.query(ConflictTable):
            table.styles.height = self._room()
        self._write()

    def _room(self) -> int:
        """How many lines the list has."""
        height = self.app.size.height
        more = max(0, len(self._about) - _ABOUT_LINES)
        room = height - (_AROUND if height >= USUAL else _AROUND_LOW) - more
        return max(3, min(_TABLE_LINES, len(self._plan.conflicts) + 1, room))

    def _write(self) -> None:
        for table in self.query(ConflictTable):
            place = table.rows.cursor_id
            sentence = "" if place is None else display_text(self._plan.conflicts[place].sentence)
            sentence_line = self.query_one("#sentence", Static)
            width = sentence_line.size.width or 60
            sentence_line.update(Content("\n".join(fitted(sentence, width, SENTENCE_LINES))))
            if len(wrapped(sentence, width)) > SENTENCE_LINES:
                self.post_message(Said.Cut(sentence))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.button.id != SAFE)

    def nothing(self) -> bool:
        return False


def _row(number: int, conflict: "Conflict") -> PlainRow:
    values = (conflict.subject, conflict.label, conflict.theirs, conflict.who, local_time(conflict.at))
    return PlainRow(number, True, values)


class Looking(WaitDialog):
    """It is being looked at what can be taken back; esc leaves that, by `leave`, and nothing is done."""

    def __init__(self, work: "asyncio.Task[Any]", progress: Callable[[], Progress], leave: Callable[[], None]) -> None:
        super().__init__(work, progress)
        self._leave = leave

    def compose(self) -> ComposeResult:
        with DialogBox(id="work"):
            yield Static(Content(_("Looking at what was changed since…")), classes="question")
            yield ProgressLines()
            with DialogText():
                yield Static(Content(self.how_to_leave), classes="hint text")

    def command_dialog_cancel(self) -> None:
        """Look no further."""
        self._leave()

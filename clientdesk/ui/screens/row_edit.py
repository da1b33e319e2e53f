"""Mends the cells of a refused row."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.text import _, display_text, ngettext, strip_controls, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.import_cells import MISFITS, all_places, heading_of
from clientdesk.ui.screens.base import DialogScreen, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.dialogs import Buttons, button
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.error_log import LogRow
from clientdesk.ui.widgets.line_input import LineInput

MOST_CELLS = 200
"""So many cells of a row are shown at most; those further on stay as they are."""


class Edited(NamedTuple):
    """The cells as they are now, and whether the row is tried at once."""

    cells: tuple[str, ...]
    retry: bool


class RowEdit(DialogScreen[Edited]):
    """The needed cells of a row, a line each; None if the person left it.

    Of a row whose cells do not fit the headings all cells are shown, so that the comma too much can be seen.
    """

    BINDINGS = bindings_for("row-edit")
    CSS_PATH = [style("dialogs"), style("import")]
    AUTO_FOCUS = ""

    def __init__(self, row: LogRow, headings: Sequence[str], places: Sequence[int], at_fault: int) -> None:
        super().__init__()
        if row.problem.code in MISFITS:
            places = all_places(headings, row.cells)
        self._row, self._headings, self._at_fault = row, headings, at_fault
        self._places, self._hidden = places[:MOST_CELLS], len(places[MOST_CELLS:])
        self._before: dict[int, str] = {}

    def compose(self) -> ComposeResult:
        row = self._row
        with DialogBox(id="row-edit"):
            title = _("Line {line}: what should it say?").format(line=whole_number(row.line))
            yield Static(Content(title), classes="question")
            with VerticalScroll(id="why", classes="text", can_focus=False):
                yield Static(Content(row.problem.message), classes="error")
            with DialogText(id="cells", classes="fields"):
                for place in self._places:
                    heading = display_text(heading_of(self._headings, place))
                    yield Answer(heading, LineInput(self._text(place)), id=f"cell-{place}")
            if self._hidden:
                more = ngettext("and {count} more", "and {count} more", self._hidden)
                yield Static(Content(more.format(count=whole_number(self._hidden))), classes="hint")
            with Buttons(classes="buttons"):
                yield button(_("Cancel"), "no")
                yield button(_("Keep for later"), "keep")
                yield button(_("Retry"), "yes")
            yield Static(Content(self._keys()), classes="hint")

    def _keys(self) -> str:
        names = ("row-edit.retry", "row-edit.keep", "dialog.cancel")
        retry, keep, cancel = (first_key(name) for name in names)
        return _("{retry} retries · {keep} keeps it for later · {cancel} leaves").format(
            retry=retry, keep=keep, cancel=cancel
        )

    def _text(self, place: int) -> str:
        return self._row.cells[place] if place < len(self._row.cells) else ""

    def on_mount(self) -> None:
        """The cell at fault has the focus; what steers a terminal has been taken out, and that is said."""
        for place in self._places:
            answer = self.query_one(f"#cell-{place}", Answer)
            if strip_controls(self._text(place)) != self._text(place):
                answer.remark(_("Control characters are taken out here."))
            self._before[place] = answer.value
        place = self._at_fault if self._at_fault in self._places else self._places[0]
        self.query_one(f"#cell-{place}", Answer).enter()

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Enter goes to the next cell, and from the last one tries the row."""
        event.stop()
        if event.input is list(self.query(LineInput))[-1]:
            self.action_command("row-edit.retry")
        else:
            self.focus_next()

    def on_key(self, event: events.Key) -> None:
        """Page up and page down go through a long reason."""
        if event.key in ("pageup", "pagedown"):
            event.stop()
            why = self.query_one("#why", VerticalScroll)
            why.scroll_relative(y=-1 if event.key == "pageup" else 1, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave, keep, or try."""
        event.stop()
        if event.button.id == "no":
            self.action_command("dialog.cancel")
        else:
            self._answer(event.button.id == "yes")

    def _answer(self, retry: bool) -> None:
        places = self._places
        cells = list(self._row.cells)
        cells += [""] * (max(places) + 1 - len(cells))
        for place in places:
            cells[place] = self._value(place)
        # A cell too many is only left out where it is empty: nothing that stands in the file is lost unseen.
        while len(cells) > len(self._headings) and not cells[-1].strip():
            cells.pop()
        self.dismiss(Edited(tuple(cells), retry))

    def _value(self, place: int) -> str:
        return self.query_one(f"#cell-{place}", Answer).value

    def unsaved(self) -> str:
        """The cells that were changed."""
        if all(self._value(place) == before for place, before in self._before.items()):
            return ""
        return _("The cells that you have changed go back to what they were.")

    def command_row_edit_keep(self) -> None:
        """Keep the cells; the row is tried later."""
        self._answer(False)

    def command_row_edit_retry(self) -> None:
        """Keep the cells and try the row."""
        self._answer(True)

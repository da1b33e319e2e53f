"""Mends the cells of a refused row."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.text import _, display_text, strip_controls, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.dialogs import Buttons, button
from clientdesk.ui.screens.base import DialogScreen, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.error_log import LogRow
from clientdesk.ui.widgets.line_input import LineInput


class Edited(NamedTuple):
    """The cells as they are now, and whether the row is tried at once."""

    cells: tuple[str, ...]
    retry: bool


class RowEdit(DialogScreen[Edited]):
    """The needed cells of a row, a line each; None if the person left it."""

    BINDINGS = bindings_for("row-edit")
    CSS_PATH = [style("dialogs"), style("import")]
    AUTO_FOCUS = ""

    def __init__(self, row: LogRow, headings: Sequence[str], places: Sequence[int], at_fault: int) -> None:
        super().__init__()
        self._row, self._headings, self._places, self._at_fault = row, headings, places, at_fault

    def compose(self) -> ComposeResult:
        row = self._row
        with Vertical(classes="dialog", id="row-edit"):
            title = _("Line {line}: what should it say?").format(line=whole_number(row.line))
            yield Static(Content(title), classes="question")
            yield Static(Content(row.problem.message), classes="text error")
            with VerticalScroll(id="cells", can_focus=False):
                for place in self._places:
                    heading = display_text(self._headings[place].strip()) or _("column {number}").format(
                        number=place + 1
                    )
                    yield Answer(heading, LineInput(self._text(place)), id=f"cell-{place}")
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
        place = self._at_fault if self._at_fault in self._places else self._places[0]
        self.query_one(f"#cell-{place}", Answer).enter()

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Enter goes to the next cell, and from the last one tries the row."""
        event.stop()
        if event.input is list(self.query(LineInput))[-1]:
            self.action_command("row-edit.retry")
        else:
            self.focus_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave, keep, or try."""
        event.stop()
        if event.button.id == "no":
            self.dismiss(None)
        else:
            self._answer(event.button.id == "yes")

    def _answer(self, retry: bool) -> None:
        places = self._places
        cells = list(self._row.cells)
        cells += [""] * (max(places) + 1 - len(cells))
        for place in places:
            cells[place] = self.query_one(f"#cell-{place}", Answer).value
        # A row with more cells than headings is mended by leaving the surplus out.
        self.dismiss(Edited(tuple(cells[: len(self._headings)]), retry))

    def command_row_edit_keep(self) -> None:
        """Keep the cells; the row is tried later."""
        self._answer(False)

    def command_row_edit_retry(self) -> None:
        """Keep the cells and try the row."""
        self._answer(True)

"""One row of an import: what it does to each field, or why it is refused."""

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.imports.import_records import PlanRow
from clientdesk.domain.judged_row import RowVerdict
from clientdesk.text import _, whole_number
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import DialogScreen, style
from clientdesk.ui.widgets.dialog_box import DialogBox
from clientdesk.ui.widgets.history_view import first_lines
from clientdesk.ui.widgets.line_colours import ERROR, WARNING
from clientdesk.ui.widgets.line_layout import fit
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.wrapping import wrapped

LABEL = 22
ROOM = 46
"""The width of a value, in cells."""


def _pair(label: str, value: str, look: str = "") -> Iterator[Content]:
    for number, line in enumerate(first_lines(value, ROOM)):
        title = fit(label, LABEL - 1) + " " if number == 0 else " " * LABEL
        yield Content.assemble((title, "$foreground-muted"), (line, look))


class RowDialog(DialogScreen[None]):
    """The row's changes from old to new, what should be known of it, and its cells as they stand in the file."""

    CSS_PATH = [style("dialogs"), style("import")]
    AUTO_FOCUS = "Reading"

    def __init__(self, row: PlanRow, headings: Sequence[str]) -> None:
        super().__init__()
        self._row, self._headings = row, headings

    def compose(self) -> ComposeResult:
        row = self._row
        title = _("Line {line}: {verdict}").format(line=whole_number(row.line), verdict=_(words.VERDICTS[row.verdict]))
        with DialogBox(id="row"):
            yield Static(Content(title), classes="question")
            with Reading():
                yield Static(Content("\n").join(self._lines()))
            yield Static(Content(_("{key} goes back").format(key=first_key("dialog.cancel"))), classes="hint")

    def _lines(self) -> Iterator[Content]:
        row = self._row
        if row.client:
            yield from _pair(_("Client"), row.client, "bold")
        if row.problem is not None:
            yield from (Content.styled(line, ERROR) for line in wrapped(row.problem.message, LABEL + ROOM))
        for notice in row.notices:
            yield from (Content.styled(line, WARNING) for line in wrapped(notice.message, LABEL + ROOM))
        if row.changes:
            if row.client or row.notices:
                yield Content("")
            empty = _("(empty)")
            for change in row.changes:
                if row.verdict is RowVerdict.NEW:
                    yield from _pair(change.label, change.new)
                else:
                    yield from _pair(change.label, f"{change.old or empty} → {change.new or empty}")
        yield Content("")
        yield Content.styled(_("In the file"), "bold $text-accent")
        for place, text in enumerate(row.cells):
            heading = self._headings[place].strip() if place < len(self._headings) else ""
            yield from _pair(heading or _("column {number}").format(number=place + 1), text)

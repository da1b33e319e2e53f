"""The firm's history: what was changed, when, and by whom."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from clientdesk.text import N_, _, display_text, local_time, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.table_screen import TableScreen
from clientdesk.ui.widgets.bars import Part, StatusLine, cut
from clientdesk.ui.widgets.cells import TableColumn
from clientdesk.ui.widgets.history_view import LABEL, field_values
from clientdesk.ui.widgets.row_list import Follow
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.rows import ListSource, PlainRow
from clientdesk.ui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from clientdesk.desk.records import Change

AT_FIRST = 200
"""So many entries are read at first; twice as many whenever the cursor comes to the last one."""
_COLUMNS = (
    TableColumn("when", N_("When"), 16),
    TableColumn("what", N_("What"), 26, grow=18, pin=True),
    TableColumn("subject", N_("Of"), 18, grow=34),
    TableColumn("who", N_("Who"), 14, grow=12),
)
_LONGEST = 2_000
"""So many characters of a field are shown at most: notes may be much longer."""


class HistoryScreen(TableScreen):
    """The changes, newest first; the fields that the cursor's change touched stand below."""

    SCOPE = "history"
    BINDINGS = bindings_for("history")
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
        self._limit = AT_FIRST
        self._changes: dict[int, Change] = {}
        self._shown: int | None = None
        """The change whose fields stand below."""

    def title_text(self) -> str:
        return _("History")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        with VerticalScroll(id="fields"):
            yield Static(id="change")
        yield StatusLine(id="status")

    async def reload(self, cursor_id: int | None = None) -> None:
        """Read the history again."""
        from clientdesk.desk import history

        found = await self.gateway.read("history", history.of_firm, self._limit)
        if not self.is_there:
            return
        self._changes = {change.id: change for change in found}
        self.table.set_empty([_("Nothing was changed yet.")])
        # Who is at the top wants to see what is new there.
        follow: Follow = "top" if self.table.cursor_row == 0 else "cursor"
        self.table.set_source(ListSource([self._row(change) for change in found]), follow)
        count = ngettext("{count} change", "{count} changes", len(found)).format(count=whole_number(len(found)))
        if len(found) == self._limit:
            count = _("the latest {count} changes; more at the end of the list").format(count=whole_number(len(found)))
        self.query_one(StatusLine).show([Part(count)])

    def _row(self, change: "Change") -> PlainRow:
        return PlainRow(change.id, True, (local_time(change.at), change.title, change.subject, change.who))

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Show the fields of the change; at the end of what was read, read on."""
        self._write_change()
        if self.table.cursor_id != self._shown:
            self._shown = self.table.cursor_id
            self.query_one("#fields").scroll_home(animate=False)
        at_the_end = self.table.cursor_row == len(self._changes) - 1
        if at_the_end and len(self._changes) == self._limit:
            self._limit *= 2
            self.load()

    def on_resize(self) -> None:
        """The fields are wrapped anew."""
        self._write_change()

    def _write_change(self) -> None:
        fields = self.query_one("#fields")
        change = self._changes.get(self.table.cursor_id or 0)
        text = Content("") if change is None else change_in_words(change, max(LABEL * 2, fields.content_size.width - 4))
        self.query_one("#change", Static).update(text)

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("history.fields")

    def command_history_fields(self) -> None:
        """Go to the fields, to scroll in them."""
        self.query_one("#fields").focus()

    def command_history_refresh(self) -> None:
        """Read the history again."""
        self.load()

    def command_app_back(self) -> None:
        """From the fields back to the list; from the list back to the clients."""
        if self.query_one("#fields").has_focus:
            self.table.focus()
        else:
            self.dismiss()


def change_in_words(change: "Change", width: int) -> Content:
    """A change whole in lines of `width` cells: a heading, and each field it touched."""
    subject = f": {change.subject}" if change.subject else ""
    heading = Content.styled(display_text(change.title + subject), "bold")
    about = Content.styled(display_text(f"{local_time(change.at)} · {change.who}"), "$foreground-muted")
    return Content("\n").join([heading, about, *_fields(change, width)])


def _fields(change: "Change", width: int) -> list[Content]:
    lines = []
    for each in change.fields:
        label = cut(display_text(each.label), LABEL - 1).ljust(LABEL)
        for line in wrapped(display_text(field_values(change, each)[:_LONGEST]), width - LABEL):
            lines.append(Content.assemble((label, "$foreground-muted"), line))
            label = " " * LABEL
    return lines

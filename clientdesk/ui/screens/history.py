"""The firm's history: what was changed, when, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from clientdesk.text import N_, _, display_text, local_time, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.table_screen import TableScreen
from clientdesk.ui.widgets.bars import Part, StatusLine, cut
from clientdesk.ui.widgets.cells import TableColumn
from clientdesk.ui.widgets.history_view import LABEL, field_values
from clientdesk.ui.widgets.row_list import Follow
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.rows import RowLike
from clientdesk.ui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from clientdesk.desk.records import Change

_COLUMNS = (
    TableColumn("when", N_("When"), 16),
    TableColumn("what", N_("What"), 26, grow=18, pin=True),
    TableColumn("subject", N_("Of"), 18, grow=34),
    TableColumn("who", N_("Who"), 14, grow=12),
)
_LONGEST = 2_000
"""So many characters of a field are shown at most: notes may be much longer."""


class _ChangeRow(NamedTuple):
    id: int
    active: bool
    values: Sequence[str]
    change: "Change"


@dataclass(frozen=True)
class _Changes:
    """The changes of the whole firm, the newest first, read in windows."""

    gateway: Gateway = field(compare=False)

    async def rows(self, offset: int, limit: int) -> Sequence[RowLike]:
        """The changes from number `offset` on."""
        from clientdesk.desk import history

        changes = await self.gateway.read("history.rows", history.window, offset, limit)
        return [
            _ChangeRow(each.id, True, (local_time(each.at), each.title, each.subject, each.who), each)
            for each in changes
        ]

    async def count(self) -> int:
        """How many changes there are."""
        from clientdesk.desk import history

        return await self.gateway.read("history.count", history.count)

    async def position(self, row_id: int) -> int | None:
        """The number of a change."""
        from clientdesk.desk import history

        return await self.gateway.read("history.position", history.position, row_id)


class HistoryScreen(TableScreen):
    """The changes, newest first; the fields that the cursor's change touched stand below."""

    SCOPE = "history"
    BINDINGS = bindings_for("history")
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
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
        self.table.set_empty([_("Nothing was changed yet.")])
        # Who is at the top wants to see what is new there.
        follow: Follow = "top" if self.table.cursor_row == 0 else "cursor"
        self.table.set_source(_Changes(self.gateway), follow)

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """How many changes there are."""
        count = ngettext("{count} change", "{count} changes", event.count).format(count=whole_number(event.count))
        self.query_one(StatusLine).show([Part(count)])

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Show the fields of the change."""
        self._write_change()
        if self.table.cursor_id != self._shown:
            self._shown = self.table.cursor_id
            self.query_one("#fields").scroll_home(animate=False)

    def on_resize(self) -> None:
        """The fields are wrapped anew."""
        self._write_change()

    def _write_change(self) -> None:
        fields = self.query_one("#fields")
        row = self.table.current
        change = row.change if isinstance(row, _ChangeRow) else None
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
        values = field_values(change, each)
        shown = values if len(values) <= _LONGEST else values[:_LONGEST] + "…"
        for line in wrapped(display_text(shown), width - LABEL):
            lines.append(Content.assemble((label, "$foreground-muted"), line))
            label = " " * LABEL
    return lines

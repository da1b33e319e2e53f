"""Finding one client in a dialog: what is typed narrows the list below it."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.query import ClientQuery
from clientdesk.text import _
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens.base import DialogScreen
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.widgets.cells import TableColumn
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.row_table import RowTable

_FIELDS = ("client_number", "display_name", "status")


class FindClient(DialogScreen[int]):
    """Returns the id of the client that was chosen, None for esc. `title` is a question."""

    BINDINGS = bindings_for("picker")
    AUTO_FOCUS = "LineInput"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        number, name, status = (BY_NAME[each] for each in _FIELDS)
        with Vertical(classes="dialog", id="find-client"):
            yield Static(Content(self._title), classes="question")
            yield LineInput(placeholder=_("name or number"))
            yield ClientTable(
                [
                    TableColumn("client_number", number.title, number.width, short=_("Number")),
                    TableColumn("display_name", name.title, 30, grow=40, pin=True),
                    TableColumn("status", status.title, 8, show=status.display),
                ]
            )
            yield Static(Content(self._keys()), classes="hint")

    def _keys(self) -> str:
        names = ("picker.up", "picker.down", "picker.choose", "dialog.cancel")
        up, down, choose, cancel = (first_key(name) for name in names)
        return _("{up} {down} move · {choose} chooses · {cancel} leaves").format(
            up=up, down=down, choose=choose, cancel=cancel
        )

    @property
    def table(self) -> ClientTable:
        """The clients found."""
        return self.query_one(ClientTable)

    def on_mount(self) -> None:
        """All clients, until something is typed."""
        self.table.set_empty([_("No client matches.")])
        self.when_laid_out(lambda: self._find(""))

    def _find(self, text: str) -> None:
        query = ClientQuery(status="all", find=text)
        self.table.set_source(ClientRows(self.gateway, query, _FIELDS, "find"), "top")

    def awaits(self, event: events.Event) -> bool:
        """What is typed goes into the line at once; what takes a client waits for those that were found."""
        if isinstance(event, events.Key) and not event.is_printable and event.key in self._bindings.key_to_bindings:
            return super().awaits(event) or self.table.awaits(event)
        return False

    async def freshen(self) -> None:
        """Read the clients again."""
        self.table.freshen()

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Something was typed."""
        event.stop()
        self._find(event.value)

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Enter takes the client under the cursor."""
        event.stop()
        self.action_command("picker.choose")

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        event.stop()
        self.dismiss(event.row_id)

    def command_picker_choose(self) -> None:
        """Take the client under the cursor."""
        if self.table.cursor_id is not None:
            self.dismiss(self.table.cursor_id)

    def command_picker_up(self) -> None:
        """One row up."""
        self.table.command_row_up()

    def command_picker_down(self) -> None:
        """One row down."""
        self.table.command_row_down()

    def command_picker_page_up(self) -> None:
        """One page up."""
        self.table.command_row_page_up()

    def command_picker_page_down(self) -> None:
        """One page down."""
        self.table.command_row_page_down()

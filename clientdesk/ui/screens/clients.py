"""The client list: the first screen, and the heart of the program."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.worker import Worker

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import BY_NAME
from clientdesk.text import _
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.gateway import Failed
from clientdesk.ui.screens import clients_words as words
from clientdesk.ui.screens.clients_beside import ListBeside
from clientdesk.ui.widgets.bars import GIVES_WAY, Bar, StatusLine
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable, table_columns
from clientdesk.ui.widgets.filter_bar import FilterBar, Find, status_label
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.row_window import Follow, Reason

if TYPE_CHECKING:
    from clientdesk.desk.records import Column, Row, Totals


async def _foreseen(work: Awaitable[Any]) -> Any:
    """What `work` answers or is refused; raises what nobody has foreseen as it is."""
    try:
        return await work
    except Failed as failed:
        raise (failed.__cause__ or failed) from None


class ClientList(ListBeside):
    """All the firm's clients, by filters, search and order."""

    SCOPE = "list"
    BINDINGS = bindings_for("list")
    AUTO_FOCUS = "ClientTable"

    def __init__(self) -> None:
        super().__init__()
        self.query_now = ClientQuery()
        self._columns: tuple[Column, ...] = ()
        self.totals: Totals | None = None
        """How many clients the firm has; None until they are counted."""
        self._inactive: dict[ClientQuery, int] = {}
        """How many inactive clients match what finds no active one."""
        self._begun = False

    def body(self) -> ComposeResult:
        yield FilterBar()
        yield ClientTable(markable=True)
        yield StatusLine(id="status")

    def help_scopes(self) -> tuple[str, ...]:
        return ("list", "table", "find", "picker")

    def on_mount(self) -> None:
        """Show what was read while the program started; count afterwards. What has failed then is a failure of this
        screen: another one is made, which reads once more."""
        failure, self.gateway.first_failure = self.gateway.first_failure, None
        if failure is not None:
            raise failure
        self.query_one(FilterBar).show(self.query_now)
        first, self.gateway.first_view = self.gateway.first_view, None
        if first is None:
            self.begin_reading(self.load_columns)
        else:
            self.query_now = first.query
            self.set_columns(first.columns, first.rows)
            self.call_after_refresh(self.tell_unread, first.unread)
        self.call_after_refresh(self._load, self._load_totals)

    async def guarded(self, work: Awaitable[Any], asked: bool = False) -> Any:
        """See Commanding. Until the list has been shown once, what nobody has foreseen is not told beside it, but in
        the dialog of failures."""
        return await super().guarded(work if self._begun else _foreseen(work), asked)

    def _load(self, function: Callable[..., Coroutine[Any, Any, None]], *arguments: Any) -> None:
        async def work() -> None:
            await self.guarded(function(*arguments))

        _worker: Worker[None] = self.run_worker(work)

    def set_columns(self, columns: "Sequence[Column]", rows: "Sequence[Row] | None" = None) -> None:
        """Show these columns of the same list; `rows` are its first rows where they are known."""
        self._columns = tuple(columns)
        self._show(rows=rows, columns=table_columns(self._columns))

    async def _load_totals(self) -> None:
        from clientdesk.desk import clients

        self.totals = await self.gateway.read("list.totals", clients.totals)
        self.write_status()

    async def _offer_role(self) -> None:
        if self.gateway.firm.offered_to == self.gateway.me.id:
            from clientdesk.ui.screens.handover import offer_role

            await offer_role(self)

    # --- the query

    def _show(
        self,
        follow: Follow = "cursor",
        rows: "Sequence[Row] | None" = None,
        columns: Sequence[TableColumn] | None = None,
    ) -> None:
        """Show the list of the present query and columns."""
        query = self.query_now
        table = self.table
        table.set_sort(query.sort, query.descending)
        source = ClientRows(self.gateway, query, tuple(column.field for column in self._columns))
        table.set_source(source, follow, rows, columns)
        self.query_one(FilterBar).show(query)
        self.read_standing()
        self.write_status()
        self.write_way_back()

    def filter_by(self, follow: Follow = "cursor", **changes: Any) -> None:
        """Show the clients of another query: the present one with `changes`, its fields by their names."""
        query = self.query_now._replace(**changes)
        if query != self.query_now:
            self.query_now = query
            self._show(follow)

    def reload(self, cursor_id: int | None = None) -> None:
        """Read the list and the totals again; with `cursor_id` the cursor goes to that client."""
        self.table.rows.read_again(cursor_id=cursor_id)
        self.read_standing()
        self.read_totals()

    async def freshen(self) -> None:
        """Read what is shown of the list again, and count."""
        self._inactive = {}
        if self._columns:
            self.table.rows.read_again(Reason.OTHERS)
        else:
            await self.load_columns()
        self.read_standing()
        await self._load_totals()

    def read_totals(self) -> None:
        """Count the firm's clients again."""
        self._load(self._load_totals)

    def on_filter_bar_find_changed(self, event: FilterBar.FindChanged) -> None:
        """Something was typed into Find."""
        self.filter_by("top" if event.text.strip() else "cursor", find=event.text)

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A filter was clicked."""
        self.action_command(event.target)

    # --- what the table tells

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """The exact number is known. The first time, the list is there to be seen behind a dialog."""
        self.write_marks()
        if not self._begun:
            self._begun = True
            self.call_after_refresh(lambda: self.begin("offer", self._offer_role()))

    def on_row_table_lost(self, event: RowTable.Lost) -> None:
        """How many the query finds is not known."""
        self.write_status()

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("client.open")

    def on_row_table_sort_requested(self, event: RowTable.SortRequested) -> None:
        """A click on a header."""
        self.sort_by(event.column)

    def on_row_table_resized(self, event: RowTable.Resized) -> None:
        """A header's edge was dragged."""
        columns = [
            column._replace(width=event.width) if column.field == event.column else column for column in self._columns
        ]
        self._keep_columns(columns)

    def on_row_table_column_moved(self, event: RowTable.ColumnMoved) -> None:
        """A header was dragged to another's place."""
        columns = list(self._columns)
        names = [column.field for column in columns]
        columns.insert(names.index(event.place), columns.pop(names.index(event.column)))
        self._keep_columns(columns)

    def _keep_columns(self, columns: "Sequence[Column]") -> None:
        from clientdesk.desk import list_columns

        self.set_columns(columns)
        self.run_worker(self.guarded(self.gateway.call(list_columns.save_columns, columns), asked=True))

    # --- the words around the list

    def write_status(self) -> None:
        """How many, which filters, what clears them; in an empty list, why."""
        table, query, totals = self.table, self.query_now, self.totals
        status = self.query_one(StatusLine)
        status.notices = words.notices(self.gateway.firm.client_notice, totals)
        count = None if table.rows.is_another else table.rows.count
        said = words.Said(self.marks_in_words(), self.found_parts())
        left = words.status_parts(query, count, totals, table.columns.visible, said)
        of_import = self.import_parts()
        if of_import and totals is not None:
            left[0] = left[0]._replace(keep=GIVES_WAY)
        status.show(left, [part._replace(keep=3) if part.keep else part for part in of_import] or self.clearing_parts())
        if count == 0:
            table.set_empty(words.why_empty(query, totals, self._inactive.get(query, 0), self.is_finding))
            if query.status == "active" and query.filtered and query not in self._inactive:
                self._inactive = {query: 0}
                self._load(self._count_inactive, query)
        else:
            self._inactive = {}

    @property
    def clears(self) -> str:
        """What esc does in the list."""
        return _("clears") if self.query_now.filtered else _("unmarks") if self.table.rows.marks else ""

    def what_helps(self) -> str:
        """What brings clients into the list."""
        return words.what_helps(self.query_now, self.totals)

    async def _count_inactive(self, query: ClientQuery) -> None:
        """An empty list of active clients says how many inactive ones match."""
        from clientdesk.desk import clients

        count = await self.gateway.read("list.inactive", clients.count, query._replace(status="inactive"))
        self._inactive = {query: count}
        if count and query == self.query_now:
            self.write_status()

    # --- commands: the query

    def command_list_find(self) -> None:
        """Go to Find."""
        self.query_one(Find).focus()

    def command_list_clear(self) -> None:
        """Filters and search off; where there are none, the marks."""
        if self.query_now.filtered:
            self.query_now = self.query_now.unfiltered()
            self.query_one(FilterBar).empty_find()
            self._show()
        else:
            self.table.rows.mark()

    async def _choose(self, title: str, options: list[tuple[Any, str]], current: Any) -> Any:
        """The value chosen, in a tuple; None for esc."""
        from clientdesk.ui.screens.picker import Choose

        values = [value for value, _label in options]
        numbered = [(number, label) for number, (_value, label) in enumerate(options)]
        at = values.index(current) if current in values else 0
        chosen = await self.app.push_screen_wait(Choose(title, numbered, at))
        return None if chosen is None else (values[chosen],)

    async def command_list_type(self) -> None:
        """Filter by client type."""
        from clientdesk.desk import client_types

        types = await self.gateway.call(client_types.all_types)
        options: list[tuple[Any, str]] = [
            (None, _("All")),
            *((client_type.name, client_type.name) for client_type in types),
        ]
        if chosen := await self._choose(_("Client type"), [*options, ("", _("None"))], self.query_now.client_type):
            self.filter_by(client_type=chosen[0])

    async def command_list_lead(self) -> None:
        """Filter by lead accountant."""
        from clientdesk.desk import clients

        names = await self.gateway.call(clients.lead_names)
        options: list[tuple[Any, str]] = [(None, _("All")), ("", _("Unassigned")), *((name, name) for name in names)]
        if chosen := await self._choose(_("Lead accountant"), options, self.query_now.lead):
            self.filter_by(lead=chosen[0])

    async def command_list_status(self) -> None:
        """Filter by status."""
        options = [(value, status_label(value)) for value in ("active", "inactive", "all")]
        if chosen := await self._choose(_("Status"), options, self.query_now.status):
            self.filter_by(status=chosen[0])

    async def command_list_sort(self) -> None:
        """Choose the column to order by."""
        options = [(column.field, BY_NAME[column.field].title) for column in self._columns]
        if chosen := await self._choose(_("Sort by"), options, self.query_now.sort):
            self.sort_by(chosen[0])

    def sort_by(self, column: str) -> None:
        """Order by a column; downwards where it was ordered by that one upwards."""
        same = column == self.query_now.sort
        self.filter_by(sort=column, descending=not self.query_now.descending if same else False)

    def command_list_refresh(self) -> None:
        """Read the list again."""
        if self._columns:
            self.reload()
        else:
            self.begin_reading(self.load_columns)

    # --- commands: marks

    def command_list_mark(self) -> None:
        """Mark the client and go on to the next."""
        if self.cursor_client() is not None:
            self.table.rows.toggle_mark()
            self.table.command_row_down()

    def command_list_unmark(self) -> None:
        """Take all marks away."""
        if not self.table.rows.marks:
            self.tell(_("No client is marked. {key} marks one.").format(key=words.first_key("list.mark")))
        self.table.rows.mark()

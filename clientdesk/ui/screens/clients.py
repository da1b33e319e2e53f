"""The client list: the first screen, and the heart of the program."""

from collections.abc import Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import lacks_names
from clientdesk.text import _
from clientdesk.ui.commands import Command, bindings_for, commands_of, first_key
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.gateway import Failed
from clientdesk.ui.screens import clients_words as words
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.bulk_editing import BulkEditing
from clientdesk.ui.screens.clients_beside import WIDE, ClientPanel
from clientdesk.ui.screens.clients_marks import FOR_ONE, MarkedClients
from clientdesk.ui.screens.clients_openers import ListOpeners
from clientdesk.ui.screens.finding import WayBack, found_parts
from clientdesk.ui.screens.import_notice import ImportNotice
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.screens.marking import Marking
from clientdesk.ui.screens.pricing_plan import STEPS, PlanStepsOfMany, with_steps
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.screens.shown_views import ShownViews
from clientdesk.ui.widgets.bars import GIVES_WAY, Bar, Part, StatusLine
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable, table_columns
from clientdesk.ui.widgets.filter_bar import FilterBar, Find
from clientdesk.ui.widgets.filter_chips import FilterChips
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.row_window import Follow

if TYPE_CHECKING:
    from clientdesk.desk.records import Column, Row, Totals
    from clientdesk.desk.views import OpenView
    from clientdesk.domain.views import Layout
    from clientdesk.ui.screens.empty_list import EmptyList
    from clientdesk.ui.screens.renewal_notice import RenewalNotice

FOR_CHOSEN = (
    *FOR_ONE,
    "client.delete",
    "client.status",
    "client.copy",
    "clients.change",
    "clients.repeat",
    "clients.transfer",
    *STEPS[1:],
)
"""The commands that act on the marked clients, else on the cursor's."""


async def _foreseen(work: Awaitable[Any]) -> Any:
    """What `work` answers or is refused; raises what nobody has foreseen as it is."""
    try:
        return await work
    except Failed as failed:
        raise (failed.__cause__ or failed) from None


class ClientList(ClientsScreen[None]):
    """All the firm's clients, by filters, search and order."""

    SCOPE = "list"
    BINDINGS = bindings_for("list")
    OPENS = "client.open"
    HORIZONTAL_BREAKPOINTS = [(WIDE, "-beside")]

    def __init__(self) -> None:
        super().__init__()
        self.shown = ShownClients(self, ClientQuery(), self._show)
        self._columns: tuple[Column, ...] = ()
        self.totals: Totals | None = None
        """How many clients the firm has; None until they are counted."""
        self._empty: EmptyList | None = None
        """Why the list is empty, while it is."""
        self._begun = False
        self._is_active: bool | None = None
        """Whether the footer was last written for an active client (None: for none): its words say what x does."""
        self.panel = ClientPanel(self)
        self.import_notice = ImportNotice(self, self.write_status, self.read_totals)
        self.renewal_notice: RenewalNotice | None = None
        self.marked = MarkedClients(self, self.shown, self._write_marks)
        self.acting = ActingClients(
            self, self._what_helps, ("client.open", "work.review", "list.mark", "list.same"), FOR_CHOSEN
        )
        self.marking = Marking(self, self.acting)
        self.way_back = WayBack(self, "list.clear", self._clears)
        openers = ListOpeners(
            self, self.shown, self.acting, self.marked, lambda: self._columns, lambda: self.views.view
        )
        self.chips = FilterChips(openers.change_filter, self.shown.take_off, self.action_command, self.on_find_left)
        self.views = ShownViews(self, self.shown, self._show_layout)
        bulk = BulkEditing(self, self.shown, self.acting)
        plan_steps = PlanStepsOfMany(self, self.acting, bulk)
        self.parts = (self.shown, self.views, self.marking, openers, bulk, plan_steps)

    def title_text(self) -> str:
        return "".join(self.views.title())

    def title_parts(self) -> list[Part]:
        name, mark = self.views.title()
        return [Part(name, keep=1), *([Part(mark, keep=2)] if mark else [])]

    def body(self) -> ComposeResult:
        yield FilterBar(self.chips)
        yield ClientTable(markable=True)
        yield StatusLine(id="status")

    def help_scopes(self) -> tuple[str, ...]:
        return ("list", "table", "filters", "find", "picker", "several")

    def begin_list(self) -> None:
        """Show what was read while the program started; count afterwards. What has failed then is a failure of this
        screen: another one is made, which reads once more."""
        failure, self.gateway.first_failure = self.gateway.first_failure, None
        if failure is not None:
            raise failure
        self.chips.show_query(self.shown.query, self.shown.names)
        first, self.gateway.first_view = self.gateway.first_view, None
        if first is None:
            self.begin_reading(self._load_view)
        else:
            self._begin_with(first.opened, first.rows)
        self.call_after_refresh(self.read_totals)

    async def guarded(self, work: Awaitable[Any], asked: bool = False) -> Any:
        """See Commanding. Until the list has been shown once, what nobody has foreseen is not told beside it, but in
        the dialog of failures."""
        return await super().guarded(work if self._begun else _foreseen(work), asked)

    async def _load_view(self) -> None:
        """Show the view that was open last."""
        from clientdesk.desk import views

        self._begin_with(await self.gateway.call(views.last_open))

    def _begin_with(self, opened: "OpenView", rows: "Sequence[Row] | None" = None) -> None:
        """Show the view that was open last; `rows` are its first rows where they are known."""
        self.views.begin(opened)
        self.query_one(FilterBar).show_find(self.shown.query.find)
        self._set_columns(opened.columns, rows)
        self.call_after_refresh(self.tell_unread, *opened.problems)

    async def _load_columns(self) -> None:
        """Show the columns that you have chosen for views without columns of their own."""
        from clientdesk.desk import list_columns

        columns, unread = await self.gateway.call(list_columns.columns_as_kept)
        self._set_columns(columns)
        self.tell_unread(unread)

    def _show_layout(self, layout: "Layout", follow: Follow) -> None:
        """Show another view, or what the list showed once."""
        self.shown.query = layout.query
        self.query_one(FilterBar).show_find(layout.query.find)
        if layout.columns is not None and layout.columns != self._columns:
            self._set_columns(layout.columns, follow=follow)
        else:
            self._show(follow)

    def _set_columns(
        self, columns: "Sequence[Column]", rows: "Sequence[Row] | None" = None, follow: Follow = "cursor"
    ) -> None:
        """Show these columns of the same list; `rows` are its first rows where they are known."""
        self._columns = tuple(columns)
        self._show(follow, rows=rows, columns=table_columns(self._columns, self.catalogue, self.gateway.due_words))

    def read_totals(self) -> None:
        """Count the firm's clients."""
        self.read_aside(self._load_totals, group="totals")

    async def _load_totals(self) -> None:
        from clientdesk.desk import clients

        self.totals = await self.gateway.read("list.totals", clients.totals)
        await self._look_at_renewal()
        self.write_status()

    async def _look_at_renewal(self) -> None:
        """Whether dates of work are being renewed; most firms have no work."""
        if self.renewal_notice is None and self.catalogue.templates:
            from clientdesk.ui.screens.renewal_notice import RenewalNotice

            self.renewal_notice = RenewalNotice(self, self.write_status)
        if self.renewal_notice is not None:
            await self.renewal_notice.look()

    async def _offer_role(self) -> None:
        if self.gateway.firm.offered_to == self.gateway.me.id:
            from clientdesk.ui.screens.handover import offer_role

            await offer_role(self)

    async def may_leave(self) -> bool:
        """Whether no import is running, or it may be stopped."""
        return await self.import_notice.may_leave()

    def on_screen_resume(self) -> None:
        """An import may be running."""
        self.import_notice.resumed()

    def on_resize(self, event: events.Resize) -> None:
        """There is room for a client beside the list, or there is no more."""
        self.panel.resized(event.size)

    def write_away(self) -> None:
        """The line takes one from the fields beside the list, too."""
        super().write_away()
        self.panel.fit(self.size.height)

    def action_command(self, command_id: str) -> None:
        """Do a command by its id, on what is seen as marked."""
        if self.marking.ends_range(command_id):
            self.begin("list.mark-range", self._after_range(command_id))
        else:
            super().action_command(command_id)

    async def _after_range(self, command_id: str) -> None:
        """Mark the range, then do a command."""
        await self.marking.mark_range()
        super().action_command(command_id)

    # --- the query

    def _show(
        self,
        follow: Follow = "cursor",
        rows: "Sequence[Row] | None" = None,
        columns: Sequence[TableColumn] | None = None,
    ) -> None:
        """Show the list of the present query and columns."""
        query = self.shown.query
        table = self.table
        table.set_sort(query.sort_field, query.descending)
        source = ClientRows(self.gateway, query, tuple(column.field for column in self._columns))
        table.set_source(source, follow, rows, columns)
        self.chips.show_query(query, self.shown.names)
        self.views.note(self._columns)
        self.marked.read()
        self.write_status()
        self.way_back.write()
        if lacks_names(query.filters, self.shown.names):
            self.read_aside(self._load_names, group="names")

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read what is shown of the list again, and count."""
        self._empty = None
        if self._columns:
            self.rows.read_again(change)
        else:
            await self._load_view()
        self.marked.read(change)
        if self.views.is_kept:
            self.read_aside(self.views.read_again, group="view")
        if change.yours:
            self.read_aside(self._load_names, group="names")
            self.read_totals()
        else:
            await self._load_names()
            await self._load_totals()

    async def _load_names(self) -> None:
        """The names of what the filters refer to: somebody may have changed one."""
        if await self.shown.read_names():
            self.chips.show_query(self.shown.query, self.shown.names)
            self.write_status()

    def on_filter_bar_find_changed(self, event: FilterBar.FindChanged) -> None:
        """Something was typed into Find."""
        self.shown.filter_by(find=event.text)

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A filter was clicked."""
        self.action_command(event.target)

    def on_descendant_focus(self) -> None:
        """Another part of the screen has the keys."""
        if self.is_whole:
            self._write_marks()

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Another client: other words in the footer, perhaps, and beside the list; something else may be found in it."""
        row = self.rows.current
        is_active = None if row is None else row.active
        if is_active != self._is_active or self.rows.range is not None:
            self._is_active = is_active
            self.write_footer()
        self.panel.moved()
        if self.is_whole and (self.table.wanted or self.rows.range is not None):
            self.write_status()

    def on_row_table_arranged(self, event: RowTable.Arranged) -> None:
        """Something else of what was found can be seen."""
        if self.is_whole:
            self.write_status()

    def on_row_table_marked(self, event: RowTable.Marked) -> None:
        """Other marks."""
        self.marked.changed(event.row)

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """The exact number is known. The first time, the list is there to be seen behind a dialog."""
        self._write_marks()
        if not self._begun:
            self._begun = True
            self.call_after_refresh(lambda: self.begin("offer", self._offer_role()))

    def on_row_table_lost(self, event: RowTable.Lost) -> None:
        """How many the query finds is not known."""
        self.write_status()

    def on_row_table_sort_requested(self, event: RowTable.SortRequested) -> None:
        """A click on a header."""
        self.shown.sort_by(event.column)

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
        self._set_columns(columns)
        self.views.keep(asked=True)

    # --- the words around the list

    def _write_marks(self) -> None:
        """Draw what is said about the marks again."""
        self.write_footer()
        self.write_status()

    def footer_commands(self) -> Iterable[Command]:
        """While something is typed into Find, how to get back; else what can be done with which clients."""
        if self.way_back.is_finding:
            return commands_of("find")
        if self.chips.has_focus:
            return commands_of("filters")
        of_list = with_steps(super().footer_commands(), self.shown.query)
        return self.acting.offered(self.marked.commands(of_list))

    def footer_title(self, command: Command) -> str:
        """What happens, and to how many clients."""
        title = super().footer_title(command)
        if command.id == "list.mark" and self.rows.range is not None:
            return _("Mark the range")
        return self.way_back.title(title) if command.id == "find.list" else self.marked.title(command.id, title)

    def write_status(self) -> None:
        """How many, which filters, what clears them; in an empty list, why."""
        rows, query, totals = self.rows, self.shown.query, self.totals
        status = self.query_one(StatusLine)
        status.notices = words.notices(self.gateway.firm.client_notice, totals)
        count = None if rows.is_another else rows.count
        marks = ", ".join(filter(None, (self.marked.in_words(), self.marking.range_in_words())))
        renewal = [] if self.renewal_notice is None else self.renewal_notice.parts()
        found = [*renewal, *found_parts(self.table)]
        remarks = words.Said(marks, found, self.shown.names)
        left = words.status_parts(query, count, totals, self.table.columns.visible, remarks)
        of_import = self.import_notice.parts()
        if of_import and totals is not None:
            left[0] = left[0]._replace(keep=GIVES_WAY)
        status.show(left, [part._replace(keep=3) if part.keep else part for part in of_import] or self.way_back.parts())
        if count == 0:
            from clientdesk.ui.screens.empty_list import EmptyList

            self._empty = self._empty or EmptyList(self, self.shown, self.write_status)
            self.table.set_empty(self._empty.lines(totals, self.way_back.is_finding))
        else:
            self._empty = None

    def _clears(self) -> str:
        """What esc does in the list."""
        if self.rows.range is not None:
            return _("gives up")
        return _("clears") if self.shown.query.filtered else _("unmarks") if self.rows.marks else ""

    def _what_helps(self) -> str:
        """What brings clients into the list."""
        return words.what_helps(self.shown.query, self.totals)

    # --- commands: the query

    def command_list_find(self) -> None:
        """Go to Find."""
        self.query_one(Find).focus()

    def command_list_filters(self) -> None:
        """Go to the filters above the list."""
        if self.shown.query.filters:
            self.chips.enter()
        else:
            self.tell(_("No filter is on. {key} makes one.").format(key=first_key("list.filter")))

    def command_list_clear(self) -> None:
        """The range given up, else filters and search off; where there are none, the marks."""
        if self.marking.give_up_range():
            return
        if self.shown.query.filtered:
            self.shown.query = self.shown.query.unfiltered()
            self.query_one(FilterBar).show_find("")
            self._show()
        else:
            self.rows.mark()

    async def command_list_sort(self) -> None:
        """Choose the column to order by, or what says whose line it is where that has no column."""
        shown = (column.field for column in self._columns)
        await self.shown.choose_order(
            dict.fromkeys((*shown, "client_number", "display_name", *(field.name for field in self.catalogue.listed)))
        )

    def command_list_refresh(self) -> None:
        """Read the list again."""
        self.firm_changed(BY_YOU)

    async def command_list_columns(self) -> None:
        """Choose the columns."""
        from clientdesk.ui.screens.list_columns import ColumnsScreen

        screen = ColumnsScreen(self._columns if self.views.has_columns else None)
        saved = await self.app.push_screen_wait(screen)
        if not self.views.has_columns:
            await self._load_columns()
        elif saved:
            self._keep_columns(screen.columns)

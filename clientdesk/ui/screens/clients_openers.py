"""What the client list opens: the client's page and form, the dialogs, the other screens."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from clientdesk.domain.problems import refuse
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.clients_marks import MarkedClients
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.widgets import row_marking

if TYPE_CHECKING:
    from clientdesk.desk.bulk_changes import BulkChange
    from clientdesk.desk.records import Column
    from clientdesk.desk.session import Session
    from clientdesk.domain.filters import Filter
    from clientdesk.domain.views import View
    from clientdesk.ui.screens.filtering import Filtering


class ListOpeners:
    """The commands of the list that lead somewhere else; the list is read again when they return.

    Each screen is imported when it is first opened.
    """

    def __init__(
        self,
        screen: ClientsScreen[Any],
        shown: ShownClients,
        acting: ActingClients,
        marked: MarkedClients,
        columns: "Callable[[], Sequence[Column]]",
        view: "Callable[[], View]",
    ) -> None:
        self._screen, self._shown, self._acting, self._marked = screen, shown, acting, marked
        self._columns, self._view = columns, view
        self._board_template = 0
        """The template that the board showed last."""

    async def command_client_open(self) -> None:
        """The client's page."""
        from clientdesk.ui.screens.openings import client_page

        if (client_id := self._acting.cursor_id()) is not None:
            last = await self._screen.app.push_screen_wait(client_page(client_id, self._shown.query))
            self._screen.firm_changed(FirmChange(row_id=last if isinstance(last, int) else None))

    async def command_work_review(self) -> None:
        """The review of the cursor's client."""
        from clientdesk.ui.screens.review_opening import open_review

        if (client_id := self._acting.cursor_id()) is not None:
            last = await open_review(self._screen, client_id, self._shown.query)
            if last is not None:
                self._screen.firm_changed(FirmChange(row_id=last))

    async def command_work_board(self) -> None:
        """The board of the list's clients; the marks are the same there."""
        from clientdesk.ui.screens.board import BoardScreen

        rows = self._screen.rows
        board = BoardScreen(self._shown.query, rows.cursor_id, self._board_template, rows.marks, rows.selection)
        last = await self._screen.app.push_screen_wait(board)
        self._board_template = board.template_id
        rows.mark(*board.marks)
        self._screen.firm_changed(FirmChange(row_id=last))

    async def command_clients_transfer(self) -> None:
        """The dialogs that lead clients into another firm."""
        from clientdesk.ui.screens.transfer import TransferringClients

        await TransferringClients(self._screen, self._acting).ask_and_transfer()

    async def command_list_filter(self) -> None:
        """A filter of any field."""
        await self._filtering().make()

    async def command_list_same(self) -> None:
        """A filter by a value of the cursor's client."""
        if self._acting.cursor_id() is not None:
            await self._filtering().same()

    def change_filter(self, on: "Filter") -> None:
        """Another filter in the place of one."""
        self._screen.begin("filters.edit", self._filtering().change(on))

    def _filtering(self) -> "Filtering":
        from clientdesk.ui.screens.filtering import Filtering

        return Filtering(self._screen, self._shown)

    async def command_client_add(self) -> None:
        """The form of a new client."""
        await self._form(None)

    async def command_client_edit(self) -> None:
        """The form of the only marked client, or the cursor's."""
        if (client_id := self._acting.only_id("client.edit")) is not None:
            if note := self._marked.away_from_cursor(client_id):
                self._screen.tell(note)
            row_marking.hold(self._screen.rows, (client_id,))
            await self._form(client_id)

    async def _form(self, client_id: int | None) -> None:
        from clientdesk.ui.screens.client_form import ClientFormScreen

        saved = await self._screen.app.push_screen_wait(ClientFormScreen(client_id))
        if saved is not None:
            self._screen.firm_changed(FirmChange(row_id=saved))

    async def command_client_status(self) -> None:
        """Deactivate or activate the marked clients, or the cursor's."""
        from clientdesk.ui.screens.client_status import change_status

        if ids := await self._acting.settled():
            row_marking.hold(self._screen.rows, ids)
            note = self._marked.away_from_cursor(ids[0]) if len(ids) == 1 else ""
            if await change_status(self._screen, ids, self._shown.query, note):
                self._screen.rows.mark()  # the same key again would undo it
            self._screen.firm_changed(BY_YOU)

    async def command_client_delete(self) -> None:
        """Delete the marked clients, or the cursor's, permanently, after their conditions and a question."""
        from clientdesk.ui.screens.delete_client import ask_delete

        if len(self._screen.rows.marks) > 1:
            await self._delete_marked()
            return
        if (client_id := self._acting.only_id("client.delete")) is not None:
            if await ask_delete(self._screen, client_id, self._marked.away_from_cursor(client_id)):
                self._screen.rows.mark()
            self._screen.firm_changed(BY_YOU)

    async def _delete_marked(self) -> None:
        """The plan of a deletion, with each client's conditions; who confirms it types how many they are."""
        from clientdesk.desk import bulk_kinds
        from clientdesk.ui.screens.bulk_editing import change_clients
        from clientdesk.ui.screens.bulk_plan_words import deleted_words

        def deletion(session: "Session", _clients: int) -> "BulkChange":
            return bulk_kinds.deletion(session)

        if (selection := self._acting.selection()) is not None:
            job = await change_clients(self._screen, self._shown, selection, deletion, deleted_words())
            if job is not None and job.changed:
                self._screen.rows.mark()

    async def command_client_copy(self) -> None:
        """Copy number, name and e-mail of the marked clients, or of the cursor's: a line each, with tabs."""
        from clientdesk.desk import chosen_clients
        from clientdesk.ui.screens.clipboard import CLIENT_FIELDS, send_clients, takes_clients

        ids = await self._acting.settled()
        if ids and takes_clients(self._screen, len(ids)):
            rows = await self._screen.gateway.call(chosen_clients.rows, ids, CLIENT_FIELDS)
            if not rows:
                raise refuse("client_gone")
            send_clients(self._screen, [row.values for row in rows])

    async def command_download_open(self) -> None:
        """The client list, or the marked clients, as a file."""
        from clientdesk.ui.screens.download import Download

        screen = self._screen
        columns = [column.field for column in self._columns()]
        marks = await self._acting.settled() if screen.rows.marks else ()
        download = Download(self._shown.query, columns, frozenset(marks), self._shown.names)
        written = await screen.app.push_screen_wait(download)
        if written is not None:
            screen.tell(" ".join(written.in_words()))

    def command_import_open(self) -> None:
        """Import a file; while an import runs, how far it is; when it has ended, its report."""
        desk_app(self._screen).open_import()

    async def command_imports_open(self) -> None:
        """The imports so far."""
        from clientdesk.ui.screens.imports import ImportsScreen

        await self._visit(ImportsScreen())

    async def command_missing_open(self) -> None:
        """Why a client is not in the list; it is looked for what is searched. Where the person goes there, the list is
        without what has hidden it."""
        from clientdesk.ui.screens.missing import MissingScreen
        from clientdesk.ui.widgets.filter_bar import FilterBar

        shown = self._shown
        missing = MissingScreen(shown.query, shown.names, shown.query.find, self._view())
        whereto = await self._screen.app.push_screen_wait(missing)
        if whereto is None:
            self._screen.firm_changed(BY_YOU)
            return
        if not whereto.query.find:
            self._screen.query_one(FilterBar).show_find("")
        shown.filter_by(filters=whereto.query.filters, find=whereto.query.find)
        self._screen.firm_changed(FirmChange(row_id=whereto.client_id))

    async def command_team_open(self) -> None:
        """The team."""
        from clientdesk.ui.screens.team import TeamScreen

        await self._visit(TeamScreen())

    async def command_settings_open(self) -> None:
        """The firm's settings."""
        from clientdesk.ui.screens.firm_settings import SettingsScreen

        await self._visit(SettingsScreen())

    async def command_fields_open(self) -> None:
        """The fields of the firm's own."""
        from clientdesk.ui.screens.own_fields import OwnFieldsScreen

        await self._visit(OwnFieldsScreen())

    async def command_tags_open(self) -> None:
        """The firm's tags."""
        from clientdesk.ui.screens.tags import TagsScreen

        await self._visit(TagsScreen())

    async def command_templates_open(self) -> None:
        """The templates of work."""
        from clientdesk.ui.screens.work_templates import WorkTemplatesScreen

        await self._visit(WorkTemplatesScreen())

    async def command_history_open(self) -> None:
        """What was changed in the firm."""
        from clientdesk.ui.screens.history import HistoryScreen

        await self._visit(HistoryScreen())

    async def _visit(self, screen: Screen[Any]) -> None:
        await self._screen.app.push_screen_wait(screen)
        self._screen.firm_changed(BY_YOU)

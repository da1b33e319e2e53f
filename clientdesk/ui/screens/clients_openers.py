"""What the list opens: the client's page and form, the dialogs, the other screens."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import refuse
from clientdesk.ui.screens.clients_files import ListFiles

if TYPE_CHECKING:
    from clientdesk.desk.records import Column


class ListOpeners(ListFiles):
    """The commands of the list that lead somewhere else; the list is read again when they return.

    Each screen is imported when it is first opened.
    """

    query_now: ClientQuery
    set_columns: "Callable[[Sequence[Column]], None]"
    """Show these columns of the same list."""

    async def load_columns(self) -> None:
        """Show the columns that you have chosen."""
        from clientdesk.desk import list_columns

        columns, unread = await self.gateway.call(list_columns.columns_as_kept)
        self.set_columns(columns)
        self.tell_unread(unread)

    async def command_client_open(self) -> None:
        """The client's page."""
        from clientdesk.ui.screens.openings import client_page

        if (client_id := self.cursor_client()) is not None:
            last = await self.app.push_screen_wait(client_page(client_id, self.query_now))
            self.reload(last if isinstance(last, int) else None)

    async def command_client_add(self) -> None:
        """The form of a new client."""
        await self._form(None)

    async def command_client_edit(self) -> None:
        """The form of the only marked client, or the cursor's."""
        if (client_id := self.one_client("client.edit")) is not None:
            if note := self.away_from_cursor(client_id):
                self.tell(note)
            await self._form(client_id)

    async def _form(self, client_id: int | None) -> None:
        from clientdesk.ui.screens.form import ClientFormScreen

        saved = await self.app.push_screen_wait(ClientFormScreen(client_id))
        if saved is not None:
            self.reload(saved)

    async def command_client_status(self) -> None:
        """Deactivate or activate the marked clients, or the cursor's."""
        from clientdesk.ui.screens.client_status import change_status

        if ids := self.acting_ids():
            note = self.away_from_cursor(ids[0]) if len(ids) == 1 else ""
            if await change_status(self, ids, self.query_now, note):
                self.table.rows.mark()  # the same key again would undo it
            self.reload()

    async def command_client_delete(self) -> None:
        """Delete the only marked client, or the cursor's, permanently, after its conditions and a question."""
        from clientdesk.ui.screens.delete import ask_delete

        if (client_id := self.one_client("client.delete")) is not None:
            if await ask_delete(self, client_id, self.away_from_cursor(client_id)):
                self.table.rows.mark()
            self.reload()

    async def command_client_copy(self) -> None:
        """Copy number, name and e-mail of the marked clients, or of the cursor's: a line each, with tabs."""
        from clientdesk.desk import chosen_clients
        from clientdesk.ui.screens.clipboard import CLIENT_FIELDS, send_clients

        if ids := self.acting_ids():
            rows = await self.gateway.call(chosen_clients.rows, ids, CLIENT_FIELDS)
            if not rows:
                raise refuse("client_gone")
            send_clients(self, [row.values for row in rows])

    async def command_list_columns(self) -> None:
        """Choose the columns."""
        from clientdesk.ui.screens.list_columns import ColumnsScreen

        await self.app.push_screen_wait(ColumnsScreen())
        await self.load_columns()

    async def command_plan_open(self) -> None:
        """The preferred pricing plan."""
        from clientdesk.ui.screens.openings import pricing_plan

        await self.app.push_screen_wait(pricing_plan())
        self.reload()

    async def command_team_open(self) -> None:
        """The team."""
        from clientdesk.ui.screens.team import TeamScreen

        await self.app.push_screen_wait(TeamScreen())
        self.reload()

    async def command_settings_open(self) -> None:
        """The firm's settings."""
        from clientdesk.ui.screens.firm_settings import SettingsScreen

        await self.app.push_screen_wait(SettingsScreen())
        self.reload()

    async def command_history_open(self) -> None:
        """What was changed in the firm."""
        from clientdesk.ui.screens.history import HistoryScreen

        await self.app.push_screen_wait(HistoryScreen())
        self.reload()

"""The fields of the cursor's client beside the list, where the terminal is wide enough."""

from textual import events
from textual.timer import Timer
from textual.worker import Worker

from clientdesk.domain.problems import Refused
from clientdesk.ui.screens.base import is_away
from clientdesk.ui.screens.clients_openers import ListOpeners
from clientdesk.ui.widgets.parts import staying
from clientdesk.ui.widgets.row_table import RowTable

WIDE = 140
"""From this width on the client's fields stand beside the list."""
DETAILS_AFTER = 0.08
"""So many seconds the cursor rests before its client is read, so that moving on reads nothing."""
BARS = 4
"""So many lines stand above and below the list."""


class ListBeside(ListOpeners):
    """The list with the client beside it."""

    HORIZONTAL_BREAKPOINTS = [(WIDE, "-beside")]
    _resting: Timer | None = None
    _footer_is_for: bool | None = None
    """Whether the footer was last written for an active client (None: for none): its words say what x does."""

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Another client: the footer's words may change, and the fields beside the list."""
        row = self.table.rows.current
        is_active = None if row is None else row.active
        if is_active != self._footer_is_for:
            self._footer_is_for = is_active
            self.write_footer()
        if self.size.width >= WIDE:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(DETAILS_AFTER, self._read_details)

    def on_resize(self, event: events.Resize) -> None:
        """There is room beside the list, or there is no more."""
        if event.size.width < WIDE:
            self.query("ClientDetails").remove()
            return
        from clientdesk.ui.widgets.details import ClientDetails

        if not staying(self, ClientDetails):
            self.mount(ClientDetails())
            self.set_timer(DETAILS_AFTER, self._read_details)
        self._fit_details(event.size.height)

    def write_away(self) -> None:
        """The line takes one from the fields beside the list, too."""
        super().write_away()
        self._fit_details(self.size.height)

    def _fit_details(self, height: int) -> None:
        bars = BARS + 1 if self.gateway.has_alarm else BARS
        for details in self.query("ClientDetails"):
            details.styles.height = max(1, height - bars)

    def _read_details(self) -> None:
        async def work() -> None:
            await self.guarded(self._load_details())

        _worker: Worker[None] = self.run_worker(work, group="details", exclusive=True)

    async def _load_details(self) -> None:
        from clientdesk.desk import clients
        from clientdesk.ui.widgets.details import ClientDetails

        client_id = self.table.rows.cursor_id
        client, instead = None, ""
        if client_id is not None:
            try:
                client = await self.gateway.read("list.details", clients.get, client_id)
            except Refused as refusal:
                if is_away(refusal) and any(details.client_id == client_id for details in staying(self, ClientDetails)):
                    return  # what stands there is still true as far as is known
                instead = refusal.message
        for details in self.query(ClientDetails):
            details.show(client, instead)

"""The fields of the cursor's client beside the list, where the terminal is wide enough."""

from typing import Any

from textual.geometry import Size
from textual.timer import Timer

from clientdesk.domain.problems import Refused
from clientdesk.ui.screens.base import is_away
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets.missing_parts import staying

WIDE = 140
"""From this width on the client's fields stand beside the list."""
DETAILS_AFTER = 0.08
"""So many seconds the cursor rests before its client is read, so that moving on reads nothing."""
BARS = 4
"""So many lines stand above and below the list."""


class ClientPanel:
    """The client beside the list of a screen."""

    def __init__(self, screen: ListScreen[Any]) -> None:
        self._screen = screen
        self._resting: Timer | None = None

    def moved(self) -> None:
        """The cursor is on another client."""
        if self._screen.size.width >= WIDE:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self._screen.set_timer(DETAILS_AFTER, self._read)

    def resized(self, size: Size) -> None:
        """There is room beside the list, or there is no more."""
        if size.width < WIDE:
            self._screen.query("ClientDetails").remove()
            return
        from clientdesk.ui.widgets.details import ClientDetails

        if not staying(self._screen, ClientDetails):
            self._screen.mount(ClientDetails())
            self._screen.set_timer(DETAILS_AFTER, self._read)
        self.fit(size.height)

    def fit(self, height: int) -> None:
        """As high as the list, on a screen of so many lines."""
        bars = BARS + 1 if self._screen.gateway.has_alarm else BARS
        for details in self._screen.query("ClientDetails"):
            details.styles.height = max(1, height - bars)

    def _read(self) -> None:
        self._screen.read_aside(self._load, group="details")

    async def _load(self) -> None:
        from clientdesk.desk import clients
        from clientdesk.ui.widgets.details import ClientDetails

        screen, client_id = self._screen, self._screen.rows.cursor_id
        client, instead = None, ""
        if client_id is not None:
            try:
                client = await screen.gateway.read("list.details", clients.get, client_id)
            except Refused as refusal:
                shown = staying(screen, ClientDetails)
                if is_away(refusal) and any(details.client_id == client_id for details in shown):
                    return  # what stands there is still true as far as is known
                instead = refusal.message
        for details in screen.query(ClientDetails):
            details.show(client, screen.catalogue, instead)

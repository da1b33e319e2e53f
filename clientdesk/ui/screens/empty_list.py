"""Why the list is empty: which filter to take off to see how many, counted aside."""

from collections.abc import Callable
from typing import Any

from clientdesk.desk.records import Totals
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens import clients_words as words
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.shown_clients import ShownClients


class EmptyList:
    """What stands in an empty list. `write` draws it again, with what was counted meanwhile."""

    def __init__(self, screen: ListScreen[Any], shown: ShownClients, write: Callable[[], None]) -> None:
        self._screen, self._shown, self._write = screen, shown, write
        self._query: ClientQuery | None = None
        """The query that was asked last how many clients it has without one of its filters."""
        self._without: dict[words.Lifted, int] = {}

    def lines(self, totals: Totals | None, finding: bool) -> list[str]:
        """Why the present list is empty; what is not counted yet is read."""
        query = self._shown.query
        if query != self._query:
            self._query, self._without = query, {}
            if words.wider(query):
                self._screen.read_aside(self._count, query, group="without")
        return words.why_empty(query, totals, self._without, finding, self._shown.names)

    async def _count(self, query: ClientQuery) -> None:
        """Count one after the other, so that what the keys ask for comes between."""
        from clientdesk.desk import clients

        counts: dict[words.Lifted, int] = {}
        for lifted, wider in words.wider(query).items():
            counts[lifted] = await self._screen.gateway.read("list.without", clients.count, wider)
        if query == self._query and any(counts.values()):
            self._without = counts
            self._write()

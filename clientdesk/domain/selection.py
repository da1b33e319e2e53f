"""Which clients a command acts on."""

from clientdesk.domain.client_query import ClientQuery
from clientdesk.named_tuple import NamedTuple


class Selection(NamedTuple):
    """The clients of `query` and those with `ids`, without those with the ids in `without`.

    A query is what all clients that match are now: who comes to match later is not touched, as the ids are settled
    when the question or the plan is shown (`desk/chosen_clients.py: settle`).
    """

    query: ClientQuery | None = None
    ids: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing is chosen at all."""
        return self.query is None and not self.ids - self.without

    def toggled(self, client_id: int, is_chosen: bool) -> "Selection":
        """The same without a client that is chosen, or with one that is not."""
        client = frozenset((client_id,))
        if not is_chosen:
            return self._replace(ids=self.ids | client, without=self.without - client)
        without = self.without if self.query is None else self.without | client
        return self._replace(ids=self.ids - client, without=without)

    def with_ids(self, client_ids: frozenset[int]) -> "Selection":
        """The same with some more clients."""
        return self._replace(ids=self.ids | client_ids, without=self.without - client_ids)

    def asks_for(self, query: ClientQuery) -> bool:
        """Whether it has a query that means the clients of this one, in whichever order."""
        return self.query is not None and (self.query.filters, self.query.find) == (query.filters, query.find)


def chosen(*client_ids: int) -> Selection:
    """The clients with these ids."""
    return Selection(ids=frozenset(client_ids))

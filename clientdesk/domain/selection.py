"""Which clients a command acts on."""

from typing import NamedTuple

from clientdesk.domain.client_query import ClientQuery


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


def chosen(*client_ids: int) -> Selection:
    """The clients with these ids."""
    return Selection(ids=frozenset(client_ids))

"""The clients whose history can be looked at: those of a list, and before them the deleted one whose key is typed."""

from collections.abc import Sequence

from clientdesk.desk import clients
from clientdesk.desk.history import of_whom
from clientdesk.desk.records import Row
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.store import history

DELETED = "deleted"
"""The status of a client that is not in the firm any more."""


def deleted(session: Session, key: str, columns: Sequence[str]) -> Row | None:
    """The client deleted last that had a Company ID or number, with its last values (a reference as its id); None
    where a client that is in the firm has it, or none ever had."""
    try:
        client_id = of_whom(session, key)
    except Refused:
        return None
    for entry in history.entries(session.engine, "client", str(client_id), 1):
        if entry.operation == "delete":
            values = {**entry.old, "status": DELETED}
            return Row(client_id, False, tuple(str(values.get(name) or "") for name in columns))
    return None


@reads
def window(session: Session, query: ClientQuery, columns: Sequence[str], offset: int, limit: int) -> tuple[Row, ...]:
    """A piece of the list. See `clients.window`."""
    deleted_row = deleted(session, query.find, columns)
    if deleted_row is None:
        return clients.window(session, query, columns, offset, limit)
    if offset:
        return clients.window(session, query, columns, offset - 1, limit)
    return (deleted_row, *clients.window(session, query, columns, 0, limit - 1))


@reads
def count(session: Session, query: ClientQuery) -> int:
    """How many there are."""
    return clients.count(session, query) + (deleted(session, query.find, ()) is not None)


@reads
def position(session: Session, query: ClientQuery, client_id: int) -> int | None:
    """Where a client stands in the list."""
    deleted_row = deleted(session, query.find, ())
    if deleted_row is not None and deleted_row.id == client_id:
        return 0
    place = clients.position(session, query, client_id)
    return place if place is None or deleted_row is None else place + 1


@reads
def name(session: Session, client_id: int) -> str:
    """What a client is called, or was last called."""
    return history.name_of(session.engine, "client", str(client_id))

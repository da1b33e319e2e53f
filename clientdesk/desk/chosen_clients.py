"""Clients that a person has chosen by their ids, wherever they stand now: asked about all at once, however many."""

from collections.abc import Sequence

from clientdesk.desk.client_filters import asked
from clientdesk.desk.records import Row, Standing
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import ClientQuery
from clientdesk.store import listing


@reads
def standing(session: Session, client_ids: Sequence[int], query: ClientQuery | None = None) -> Standing:
    """How the clients stand now; with `query`, which of them are outside that list."""
    status_of = listing.statuses(session.engine, client_ids)
    active = frozenset(client_id for client_id, status in status_of.items() if status == "active")
    inside = status_of if query is None else listing.among(session.engine, asked(session, query), client_ids)
    existing = frozenset(status_of)
    return Standing(active, existing - active, existing - frozenset(inside), frozenset(client_ids) - existing)


@reads
def among(session: Session, client_ids: Sequence[int], query: ClientQuery) -> frozenset[int]:
    """Those of the clients that are in the list of `query`."""
    return frozenset(listing.among(session.engine, asked(session, query), client_ids))


@reads
def rows(
    session: Session, client_ids: Sequence[int], columns: Sequence[str], limit: int = listing.EVERY
) -> tuple[Row, ...]:
    """The first `limit` of the clients by name, with the raw values of `columns`; those that are gone are left out."""
    by_name = listing.by_name(session.engine, client_ids, limit)
    listed = listing.rows(session.engine, by_name, columns)
    return tuple(Row(client_id, status == "active", values) for client_id, status, values in listed)

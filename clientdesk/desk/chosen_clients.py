"""Clients that a person has chosen, by their ids or as a list, wherever they stand now: asked about all at once, however
many."""

from collections.abc import Sequence

from clientdesk.desk.client_filters import asked
from clientdesk.desk.records import Row, Standing
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.selection import Selection
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
def settle(session: Session, selection: Selection) -> list[int]:
    """The ids of the clients that are chosen now, in the order of the list, and behind them by name those that were
    chosen beside it. Who is gone is not among them."""
    query, outside = selection.query, selection.ids - selection.without
    listed: list[int] = []
    if query is not None:
        listed = listing.ids(session.engine, asked(session, query), 0, listing.EVERY)
        outside -= frozenset(listed)
        listed = [client_id for client_id in listed if client_id not in selection.without]
    return listed + (listing.by_name(session.engine, sorted(outside), listing.EVERY) if outside else [])


def settle_with_gone(session: Session, selection: Selection) -> list[int]:
    """The ids of the clients that are chosen now, and behind them those of the chosen ones that are gone, so that it can
    be told."""
    client_ids = settle(session, selection)
    return client_ids + sorted(selection.ids - selection.without - frozenset(client_ids))


@reads
def between(session: Session, query: ClientQuery, one_id: int, other_id: int) -> list[int]:
    """The ids of the clients of a list from one of them to another, whichever comes first, both among them; none where
    one of them is not in the list."""
    query = asked(session, query)
    places = [listing.position(session.engine, query, client_id) for client_id in (one_id, other_id)]
    rows_of_both = sorted(place for place in places if place is not None)
    if len(rows_of_both) < len(places):
        return []
    first, last = rows_of_both
    return listing.ids(session.engine, query, first, last - first + 1)


@reads
def count(session: Session, selection: Selection) -> int:
    """How many clients are chosen now."""
    query, chosen = selection.query, selection.ids - selection.without
    if query is None:
        return len(listing.statuses(session.engine, sorted(chosen)))
    query = asked(session, query)
    named = sorted(chosen | selection.without)
    inside = listing.among(session.engine, query, named) if named else set()
    outside = sorted(chosen - inside)
    beside = len(listing.statuses(session.engine, outside)) if outside else 0
    return listing.count(session.engine, query) - len(inside & selection.without) + beside


@reads
def rows(
    session: Session, client_ids: Sequence[int], columns: Sequence[str], limit: int = listing.EVERY
) -> tuple[Row, ...]:
    """The first `limit` of the clients by name, with the raw values of `columns`; those that are gone are left out."""
    by_name = listing.by_name(session.engine, client_ids, limit)
    listed = listing.rows(session.engine, by_name, columns)
    return tuple(Row(client_id, status == "active", values) for client_id, status, values in listed)

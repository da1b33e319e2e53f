"""The list: windows of clients by filter, search and order; counts and places in it.

Every order has an index (see `orders`) along which `walking` goes from the nearer end. What is looked for is found by the
search's indexes: a few matches are sorted, many are met soon enough on the way.
"""

from array import array
from collections.abc import Sequence
from functools import partial
from typing import Any

from peewee import OP, Expression, Field, fn

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import BY_NAME, NAMES, Kind
from clientdesk.domain.fold import fold, words
from clientdesk.store import orders
from clientdesk.store.engines import EVERY as EVERY
from clientdesk.store.engines import Engine, Matches, OverBudget
from clientdesk.store.models import ClientModel, ClientTypeModel, TeamMemberModel
from clientdesk.store.orders import COLUMNS, ID, NAME
from clientdesk.store.walking import Walk

_SEARCH_TEXT = COLUMNS["search_text"]
_WALK_SECONDS = 0.04
_GLANCE_ROWS = 2_000
"""So many clients from the beginning of a list may be gone through at once for one or two letters."""
_SORTED = 20_000
"""So many matches are sorted at once where a window is far from both ends; more lie close enough together."""


def _value(name: str) -> Any:
    """What a field holds, as text."""
    kind = BY_NAME[name].kind
    if kind is Kind.CLIENT_TYPE:
        return _called(ClientTypeModel, COLUMNS["client_type_id"])
    if kind is Kind.MEMBER:
        return _called(TeamMemberModel, COLUMNS["lead_id"])
    return COLUMNS[name]


def _called(model: Any, reference: Field) -> Any:
    referred = model.alias()
    return fn.COALESCE(referred.select(referred.name).where(referred.id == reference), "")


_VALUES: dict[str, Any] = {name: _value(name) for name in NAMES}


def _filters(engine: Engine, query: ClientQuery, choosing: str | None = None) -> list[Expression]:
    """The conditions of the filters. Of those on other columns than `choosing` no index is chosen; None: of any."""
    wanted: dict[str, object] = {}
    if query.lead is not None:
        wanted["lead_id"] = _id_of(engine, TeamMemberModel, query.lead)
    if query.client_type is not None:
        wanted["client_type_id"] = _id_of(engine, ClientTypeModel, query.client_type)
    if query.billed_to is not None:
        wanted["billed_to"] = query.billed_to
    if query.status != "all":
        wanted["status"] = "inactive" if query.status == "inactive" else "active"
    if choosing == _MOST_TELLING:
        choosing = next(iter(wanted), "")
    conditions: list[Expression] = []
    for name, value in wanted.items():
        column: Any = COLUMNS[name] if choosing in (None, name) else engine.aside(COLUMNS[name])
        conditions.append(Expression(column, OP.IS, None) if value is None else Expression(column, OP.EQ, value))
    return conditions


_MOST_TELLING = "the first"
"""Chooses the index of the filter that leaves the fewest clients."""


def _id_of(engine: Engine, model: Any, name: str) -> int | None:
    """The id of a client type or team member; None for clients that have none, 0 where nobody is called so."""
    if not name:
        return None
    named = model.select(model.id).where(model.name_key == fold(name))
    return engine.remembered(("id", model, fold(name)), lambda: (engine.execute(named).fetchone() or (0,))[0])


def _walk(engine: Engine, query: ClientQuery, *also: Expression) -> Walk:
    """The way through a list along the index of its order, of those clients alone that meet also other conditions."""
    by_name_alone = not also and orders.sort_keys(query)[0][0] == "display_name"
    filters = _filters(engine, query, choosing=_MOST_TELLING if by_name_alone else "")
    order = engine.remembered(("order", query), lambda: orders.order(engine, query, filters))
    return Walk(engine, query, order, [*filters, *also], partial(count, engine, query))


def ids(engine: Engine, query: ClientQuery, offset: int, limit: int) -> list[int]:
    """The ids of `limit` clients of the list from row `offset` on (EVERY: all of them)."""
    find_words = words(query.find)
    if not find_words:
        return _walk(engine, query).window(offset, limit)
    if max(map(len, find_words)) < 3 and offset + limit <= _GLANCE_ROWS:
        glanced = _walk(engine, query).first(find_words, _GLANCE_ROWS, offset + limit)
        if len(glanced) == offset + limit:
            return glanced[offset:]
    matches = engine.matches(_SEARCH_TEXT, find_words)
    if matches.ids is not None or limit == EVERY:
        return list(_sorted(engine, query, matches)[offset : offset + limit])
    walk = _walk(engine, query, engine.contains(_SEARCH_TEXT, find_words))
    if offset or not walk.is_straight:
        if count(engine, query) <= _SORTED:
            return list(_sorted(engine, query, matches)[offset : offset + limit])
        if offset > _GLANCE_ROWS:
            return walk.window(offset, limit)
    try:
        with engine.budget(_WALK_SECONDS):
            return walk.window(offset, limit)
    except OverBudget:
        return list(_sorted(engine, query, matches)[offset : offset + limit])


def _sorted(engine: Engine, query: ClientQuery, matches: Matches) -> "array[int]":
    """The ids of all clients of a list in which something is looked for. The latest lists are kept."""
    kept: dict[ClientQuery, array[int]] = engine.remembered("sorted", dict)
    if query not in kept:
        if matches.ids is None:
            found = engine.sweep(_SEARCH_TEXT, words(query.find), matches)
        else:
            found = engine.one_of(ID, matches.ids)
        client_ids = ClientModel.select(ID).where(found, *_filters(engine, query, choosing=""))
        client_ids = client_ids.order_by(*(key.ordering() for key in orders.keys(query)))
        if len(kept) == _KEPT:
            del kept[next(iter(kept))]
        kept[query] = array("q", [row[0] for row in engine.execute(client_ids).fetchall()])
    return kept[query]


_KEPT = 2


def rows(engine: Engine, client_ids: Sequence[int], columns: Sequence[str]) -> list[tuple[int, str, tuple[str, ...]]]:
    """Id, status and the values of `columns` of the clients with these ids, in their order."""
    selected = ClientModel.select(ID, COLUMNS["status"], *(_VALUES[name] for name in columns))
    read = engine.execute(selected.where(engine.one_of(ID, client_ids))).fetchall()
    by_id = {row[0]: (row[0], row[1], tuple(row[2:])) for row in read}
    return [by_id[client_id] for client_id in client_ids if client_id in by_id]


def count(engine: Engine, query: ClientQuery) -> int:
    """How many clients the list has."""
    of_any_order = query._replace(sort="display_name", descending=False)
    return engine.remembered(("count", of_any_order), lambda: _counted(engine, of_any_order))


def _counted(engine: Engine, query: ClientQuery) -> int:
    if query == ClientQuery():
        return totals(engine)[1]
    find_words = words(query.find)
    counted = ClientModel.select(fn.COUNT(ID))
    if not find_words:
        filters = _filters(engine, query)
        return _number(engine, counted.where(*filters) if filters else counted)
    matches = engine.matches(_SEARCH_TEXT, find_words)
    if matches.ids is not None:
        return len(_sorted(engine, query, matches))
    found = engine.sweep(_SEARCH_TEXT, find_words, matches)
    return _number(engine, counted.where(found, *_filters(engine, query, choosing="")))


def _number(engine: Engine, query: Any) -> int:
    return int(engine.execute(query).fetchone()[0])


def position(engine: Engine, query: ClientQuery, client_id: int) -> int | None:
    """The row of a client in the list, from 0; None if it is not in the list."""
    find_words = words(query.find)
    if not find_words:
        return _walk(engine, query).position(client_id)
    matches = engine.matches(_SEARCH_TEXT, find_words)
    if matches.ids is None and count(engine, query) > _SORTED:
        return _walk(engine, query, engine.contains(_SEARCH_TEXT, find_words)).position(client_id)
    client_ids = _sorted(engine, query, matches)
    return client_ids.index(client_id) if client_id in client_ids else None


def among(engine: Engine, query: ClientQuery, client_ids: Sequence[int]) -> set[int]:
    """Those of the clients with these ids that are in the list."""
    find_words = words(query.find)
    conditions = [engine.one_of(ID, client_ids), *_filters(engine, query, choosing="")]
    if find_words:
        conditions.append(engine.contains(_SEARCH_TEXT, find_words))
    return {row[0] for row in engine.execute(ClientModel.select(ID).where(*conditions)).fetchall()}


def statuses(engine: Engine, client_ids: Sequence[int]) -> dict[int, str]:
    """The status of each of the clients with these ids that is there."""
    query = ClientModel.select(ID, COLUMNS["status"]).where(engine.one_of(ID, client_ids))
    return dict(engine.execute(query).fetchall())


def by_name(engine: Engine, client_ids: Sequence[int], limit: int) -> list[int]:
    """The first `limit` of the clients with these ids, in the order of their names."""
    query = ClientModel.select(ID).where(engine.one_of(ID, client_ids)).order_by(NAME, ID)
    return [row[0] for row in engine.execute(query if limit == EVERY else query.limit(limit)).fetchall()]


def totals(engine: Engine) -> tuple[int, int]:
    """How many clients the firm has: all, and the active ones (counted as those that are not inactive)."""
    inactive = ClientModel.select(fn.COUNT(ID)).where(COLUMNS["status"] == "inactive")
    every, not_active = engine.execute(ClientModel.select(fn.COUNT(ID), inactive)).fetchone()
    return every, every - not_active

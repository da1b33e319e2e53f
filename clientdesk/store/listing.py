"""The list: windows of clients by filter, search and order; counts and places in it.

SQL is written out here, from the catalogue's names only: the list's speed is the product. Every order
ends in the display name and the id, so that no two clients stand at the same place.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clientdesk.domain.client_query import ClientQuery, SortKey
from clientdesk.domain.fields import BY_NAME, NAMES, Kind
from clientdesk.domain.fold import words
from clientdesk.store import client_filters
from clientdesk.store.derived_columns import LAST
from clientdesk.store.engines import EVERY as EVERY
from clientdesk.store.engines import Engine, Matches, OverBudget
from clientdesk.store.engines.query_to_sql import in_sql

_TYPE = "(SELECT t.{} FROM client_type t WHERE t.id = client.client_type_id)"
_LEAD = "(SELECT m.{} FROM team_member m WHERE m.id = client.lead_id)"
_GLANCE_SECONDS, _WALK_SECONDS = 0.015, 0.04


def _column(name: str) -> str:
    """The expression of a field's value as text."""
    kind = BY_NAME[name].kind
    if kind is Kind.CLIENT_TYPE:
        return f"coalesce({_TYPE.format('name')}, '')"
    if kind is Kind.MEMBER:
        return f"coalesce({_LEAD.format('name')}, '')"
    return f"client.{name}"


COLUMNS: dict[str, str] = {name: _column(name) for name in NAMES}


class Key(NamedTuple):
    """One key of an order: an expression, and whether it runs downwards."""

    expression: str
    descending: bool


def order(query: ClientQuery) -> tuple[Key, ...]:
    """The keys by which a list is sorted; clients that have nothing in a column stand last either way."""
    keys = [key for sort_key in query.sort for key in _keys(sort_key)]
    names = [sort_key.field for sort_key in query.sort]
    if "display_name" in names:
        # Clients of one name run in the direction of the names: so an index walks both.
        return (*keys, Key("id", query.sort[names.index("display_name")].descending))
    if names == ["client_number"]:
        return (*keys, Key("id", False))
    return (*keys, Key("display_name_sort", False), Key("id", False))


def _keys(sort_key: SortKey) -> tuple[Key, ...]:
    """The keys of one field."""
    name, down = sort_key
    field = BY_NAME[name]
    if name == "display_name":
        return (Key("display_name_sort", down),)
    if name == "client_number":
        blanks = (Key("(client_number = '')", False),) if down else ()
        return (*blanks, Key("number_sort", down))
    if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER):
        reference, key = ("client_type_id", _TYPE) if field.kind is Kind.CLIENT_TYPE else ("lead_id", _LEAD)
        return Key(f"({reference} IS NULL)", False), Key(f"coalesce({key.format('name_key')}, '')", down)
    if name == "status":
        return (Key("status", down),)
    key = f"{name}_sort" if field.folded else name if field.choices else f"lower({name})"
    return Key(f"({name} = '')", False), Key(key, down)


def _sorted_by(query: ClientQuery) -> str:
    """The one field by which a list is sorted; "" where there are several."""
    return query.sort_field if len(query.sort) == 1 else ""


class Condition(NamedTuple):
    """A condition on clients with its parameters."""

    sql: str
    parameters: tuple[object, ...]


def _filters(engine: Engine, query: ClientQuery, *, loose: bool = False) -> list[Condition]:
    """The conditions of the filters; `loose` keeps the status from choosing the index."""
    return [Condition(*in_sql(on)) for on in client_filters.conditions(engine, query.filters, loose=loose)]


def _where(conditions: Iterable[Condition]) -> tuple[str, tuple[object, ...]]:
    conditions = list(conditions)
    sql = " AND ".join(condition.sql for condition in conditions) or "1 = 1"
    return sql, tuple(value for condition in conditions for value in condition.parameters)


def _one_by_one(engine: Engine, query: ClientQuery) -> Condition:
    """The condition that looks for the words in every row that is walked over."""
    return Condition(*engine.contains(words(query.find)))


def _all_at_once(engine: Engine, query: ClientQuery, matches: Matches) -> Condition:
    """The condition that finds all matches the way that does not depend on the list's order."""
    if matches.ids is not None:
        return Condition(*engine.any_of(matches.ids))
    if matches.lookup:
        return Condition(matches.lookup, matches.lookup_parameters)
    return _one_by_one(engine, query)


def ids(engine: Engine, query: ClientQuery, offset: int, limit: int) -> list[int]:
    """The ids of `limit` clients of the list from row `offset` on (EVERY: all of them)."""
    if _sorted_by(query) == "display_name" and max(map(len, words(query.find)), default=0) == 1:
        glanced = _glance(engine, query, offset, limit)
        if glanced is not None:
            return glanced
    matches = _matches(engine, query)
    if matches is not None and matches.ids is not None and not matches.ids:
        return []
    if _sorted_by(query) not in _WALKED and offset:
        # An order without an index is made once, whole, for all windows after the first.
        everything = engine.remembered(("order", query), lambda: array("q", _sorted(engine, query, matches, 0, EVERY)))
        return list(everything[offset : offset + limit])
    if not offset and limit < EVERY and matches is None and len(first := _first(engine, query, limit)) == limit:
        return first
    return _sorted(engine, query, matches, offset, limit)


def _first(engine: Engine, query: ClientQuery, limit: int) -> list[int]:
    """The first clients of an order that begins in parts which indexes walk; fewer than `limit` if it does not."""
    field, down = _sorted_by(query), query.descending
    last = [Key("display_name_sort", False), Key("id", False)]
    if field == "client_number" and down:
        numbered = Condition("number_sort < ?", (LAST,))
        return _run(engine, query, None, [Key("number_sort", True), Key("id", False)], 0, limit, [numbered])
    tables = {"client_type": ("client_type_id", "client_type"), "lead": ("lead_id", "team_member")}
    if field not in tables:
        return []
    column, table = tables[field]
    client_ids: list[int] = []
    for row in engine.sql(f"SELECT id FROM {table} ORDER BY name_key {'DESC' if down else 'ASC'}").fetchall():
        client_ids += _run(
            engine, query, None, last, 0, limit - len(client_ids), [Condition(f"{column} = ?", (row[0],))]
        )
        if len(client_ids) == limit:
            break
    return client_ids


_WALKED = ("display_name", "client_number", "status")
"""The columns in whose order an index walks."""


def _matches(engine: Engine, query: ClientQuery) -> Matches | None:
    find_words = words(query.find)
    return engine.matches(find_words) if find_words else None


def _glance(engine: Engine, query: ClientQuery, offset: int, limit: int) -> list[int] | None:
    """The window of single letters, if walking the list from its beginning fills it at once: they are common nearly
    always, and the index is slow about them."""
    try:
        with engine.budget(_GLANCE_SECONDS):
            conditions = [_one_by_one(engine, query)]
            return _run(engine, query, None, order(query), offset, limit, conditions, loose=True)
    except OverBudget:
        return None


def _sorted(engine: Engine, query: ClientQuery, matches: Matches | None, offset: int, limit: int) -> list[int]:
    """The ids of a window; where very many match, by walking the list in its order, if they stand not too far down."""
    keys, by_name = order(query), _sorted_by(query) == "display_name"
    if matches is not None and matches.ids is None and by_name and (matches.dense or not matches.lookup):
        try:
            with engine.budget(_WALK_SECONDS if matches.lookup else float("inf")):
                return _run(engine, query, None, keys, offset, limit, [_one_by_one(engine, query)], loose=True)
        except OverBudget:
            pass
    table = matches.table if matches is not None and by_name else "client"
    return _run(engine, query, matches, keys, offset, limit, [], loose=matches is not None, table=table)


def _run(
    engine: Engine,
    query: ClientQuery,
    matches: Matches | None,
    keys: Sequence[Key],
    offset: int,
    limit: int,
    conditions: Sequence[Condition],
    *,
    loose: bool = False,
    table: str = "client",
) -> list[int]:
    search_conditions = [_all_at_once(engine, query, matches)] if matches is not None else []
    where, parameters = _where([*_filters(engine, query, loose=loose), *search_conditions, *conditions])
    by = ", ".join(f"{key.expression} DESC" if key.descending else key.expression for key in keys)
    sql = f"SELECT id FROM {table} WHERE {where} ORDER BY {by} LIMIT ? OFFSET ?"
    return [row[0] for row in engine.sql(sql, (*parameters, limit, offset)).fetchall()]


def rows(engine: Engine, client_ids: Sequence[int], columns: Sequence[str]) -> list[tuple[int, str, tuple[str, ...]]]:
    """Id, status and the values of `columns` of the clients with these ids, in their order."""
    condition, parameters = engine.any_of(client_ids)
    selected = ", ".join(["client.id", "client.status", *(COLUMNS[name] for name in columns)])
    cursor = engine.sql(f"SELECT {selected} FROM client WHERE {condition}", parameters)
    by_id = {row[0]: (row[0], row[1], tuple(row[2:])) for row in cursor.fetchall()}
    return [by_id[client_id] for client_id in client_ids if client_id in by_id]


def count(engine: Engine, query: ClientQuery) -> int:
    """How many clients the list has."""
    if query == query.unfiltered():
        return totals(engine)[1]
    matches = _matches(engine, query)
    search_conditions = []
    if matches is not None:
        if matches.ids is not None and not matches.ids:
            return 0
        search_conditions = [_all_at_once(engine, query, matches)]
        if matches.ids is None and (not matches.lookup or engine.tally(matches) * _DEAR > totals(engine)[0]):
            search_conditions = [_one_by_one(engine, query)]
    where, parameters = _where([*_filters(engine, query, loose=matches is not None), *search_conditions])
    return int(engine.sql(f"SELECT count(*) FROM client WHERE {where}", parameters).fetchone()[0])


_DEAR = 6
"""Looking a client up by the search index costs so many times what passing over it in the list does."""


def position(engine: Engine, query: ClientQuery, client_id: int) -> int | None:
    """The row of a client in the list, from 0; None if it is not in the list."""
    keys = order(query)
    matches = _matches(engine, query)
    search_conditions = [_all_at_once(engine, query, matches)] if matches is not None else []
    where, parameters = _where([*_filters(engine, query, loose=matches is not None), *search_conditions])
    selected = ", ".join(key.expression for key in keys)
    key_values = engine.sql(
        f"SELECT {selected} FROM client WHERE {where} AND id = ?", (*parameters, client_id)
    ).fetchone()
    if key_values is None:
        return None
    before, values = _before(keys, key_values)
    sql = f"SELECT count(*) FROM client WHERE {where} AND ({before})"
    return int(engine.sql(sql, (*parameters, *values)).fetchone()[0])


def _before(keys: Sequence[Key], key_values: Sequence[object]) -> tuple[str, list[object]]:
    """The condition `stands before the row whose keys are here`."""
    if len({key.descending for key in keys}) == 1:
        sign = ">" if keys[0].descending else "<"
        return f"({', '.join(key.expression for key in keys)}) {sign} ({', '.join('?' for _ in keys)})", list(
            key_values
        )
    alternatives, values = [], []
    for index, key in enumerate(keys):
        equal = [f"{earlier.expression} = ?" for earlier in keys[:index]]
        alternatives.append(" AND ".join([*equal, f"{key.expression} {'>' if key.descending else '<'} ?"]))
        values += [*key_values[:index], key_values[index]]
    return " OR ".join(f"({alternative})" for alternative in alternatives), values


def among(engine: Engine, query: ClientQuery, client_ids: Sequence[int]) -> set[int]:
    """Those of the clients with these ids that are in the list."""
    these = Condition(*engine.any_of(client_ids))
    search_conditions = [_one_by_one(engine, query)] if words(query.find) else []
    where, parameters = _where([these, *_filters(engine, query, loose=True), *search_conditions])
    return {row[0] for row in engine.sql(f"SELECT id FROM client WHERE {where}", parameters).fetchall()}


def statuses(engine: Engine, client_ids: Sequence[int]) -> dict[int, str]:
    """The status of each of the clients with these ids that is there."""
    condition, parameters = engine.any_of(client_ids)
    return dict(engine.sql(f"SELECT id, status FROM client WHERE {condition}", parameters).fetchall())


def by_name(engine: Engine, client_ids: Sequence[int], limit: int) -> list[int]:
    """The first `limit` of the clients with these ids, in the order of their names."""
    condition, parameters = engine.any_of(client_ids)
    sql = f"SELECT id FROM client WHERE {condition} ORDER BY display_name_sort, id LIMIT ?"
    return [row[0] for row in engine.sql(sql, (*parameters, limit)).fetchall()]


def totals(engine: Engine) -> tuple[int, int]:
    """How many clients the firm has: all, and the active ones (counted as those that are not inactive)."""
    row = engine.sql(
        "SELECT (SELECT count(*) FROM client), (SELECT count(*) FROM client WHERE status = 'inactive')"
    ).fetchone()
    return row[0], row[0] - row[1]

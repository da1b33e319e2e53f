"""The list: windows of clients by filter, search and order; counts and places in it.

Every order has an index (see `orders`) along which `walking` goes from the nearer end. What is looked for is found by the
search's indexes: a few matches are sorted, many are met soon enough on the way.
"""

from array import array
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from peewee import Expression, Field, fn

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import BY_DISPLAY_NAME, ClientQuery
from clientdesk.domain.fields import CHANGED, OF_WORK, Kind
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.fold import words
from clientdesk.domain.own_values import COLUMN, is_own
from clientdesk.store import filters_to_sql, orders, own_values
from clientdesk.store.engines import EVERY as EVERY
from clientdesk.store.engines import Engine, Matches, OverBudget
from clientdesk.store.models import ClientModel, ClientTypeModel, TeamMemberModel
from clientdesk.store.orders import COLUMNS, ID, NAME
from clientdesk.store.walking import Walk

_SEARCH_TEXT = COLUMNS["search_text"]
_IN_EVERY_INDEX = ("lead", "client_type", "billed_to", "status")
"""The fields that every order's index has, the one first whose filter leaves the fewest clients."""
WALK_SECONDS = 0.04
GLANCE_ROWS = 2_000
"""So many clients from the beginning of a list may be gone through at once for one or two letters."""
_FEW = 2_000
"""So many clients whom a filter leaves are fetched at once."""
SORTED_AT_ONCE = 50_000
"""So many matches are sorted at once for a window behind the first: on a server of 500,000 clients 40,000 take about 100 ms."""


def _value(name: str) -> Any:
    """What a field holds, as text."""
    kind = BUILT_IN.by_name[name].kind
    if kind is Kind.CLIENT_TYPE:
        return _called(ClientTypeModel, COLUMNS["client_type_id"])
    if kind is Kind.MEMBER:
        return _called(TeamMemberModel, COLUMNS["lead_id"])
    return COLUMNS[name]


def _called(model: Any, reference: Field) -> Any:
    referred = model.alias()
    return fn.COALESCE(referred.select(referred.name).where(referred.id == reference), "")


_VALUES: dict[str, Any] = {name: _value(name) for name in BUILT_IN.names}


def _filters(engine: Engine, query: ClientQuery, choosing: Filter | None = None) -> list[Expression]:
    """The conditions of the filters, by none of which an index is chosen but by that of `choosing`."""
    pairs = zip(query.filters, filters_to_sql.conditions(engine, query.filters), strict=True)
    return [condition if on == choosing else engine.aside(condition) for on, condition in pairs]


def _narrowed(engine: Engine, query: ClientQuery) -> Matches | None:
    """How to find the clients that a search, or a filter on what the indexes of the orders do not have, leaves; None for
    a list without any."""
    find_words = words(query.find)
    matches = engine.matches(_SEARCH_TEXT, find_words) if find_words else None
    others = [on for on in query.filters if on.field not in _IN_EVERY_INDEX and not _is_of_most(on)]
    if not others or (matches is not None and matches.ids is not None):
        return matches

    def look() -> Matches:
        pairs = zip(query.filters, filters_to_sql.conditions(engine, query.filters), strict=True)
        conditions = [condition for on, condition in pairs if on in others]
        if matches is not None:
            conditions.append(engine.sweep(_SEARCH_TEXT, find_words, matches))
        client_ids = [
            row[0] for row in engine.execute(ClientModel.select(ID).where(*conditions).limit(_FEW + 1)).fetchall()
        ]
        return Matches(client_ids if len(client_ids) <= _FEW else None)

    return engine.remembered(("narrowed", query.filters, query.find), look)


def _is_of_most(on: Filter) -> bool:
    """Whether a filter names the template of whose work the list tells: most clients have it, and its orders are walked."""
    return on.field == "work" and on.op is Op.IS


def _lacking(engine: Engine, query: ClientQuery) -> Sequence[int] | None:
    """The ids of those that the list lacks only because they lack what is looked for, where most have it, as a letter. None
    where many lack it, and for words of more than two letters."""
    if not _is_short(query.find):
        return None
    if _is_indexed(engine, query) and 2 * count(engine, query) < count(engine, query._replace(find="")):
        return None
    return _all_lacking(engine, query)


def _all_lacking(engine: Engine, query: ClientQuery) -> Sequence[int] | None:
    """The same, whether or not it is known that most have it: all clients are gone through once, and what is found is
    remembered. None where so many lack it that it is of no use (see `Engine.ids_along`)."""
    most = min(engine.ids_along, count(engine, query._replace(find="")) // 2)

    def look() -> Sequence[int] | None:
        lack_it = ~engine.contains(_SEARCH_TEXT, words(query.find))
        lacking = ClientModel.select(ID).where(lack_it, *_filters(engine, query)).limit(most + 1)
        client_ids = [row[0] for row in engine.execute(lacking).fetchall()]
        return client_ids if len(client_ids) <= most else None

    return engine.remembered(("lacking", query.filters, query.find), look)


def _is_short(find: str) -> bool:
    """Whether something is looked for, and no word of it has more than two letters."""
    return 0 < max(map(len, words(find)), default=0) < 3


def _is_indexed(engine: Engine, query: ClientQuery) -> bool:
    """Whether an index finds what is looked for; not where it is a letter that very many words begin with."""
    matches = engine.matches(_SEARCH_TEXT, words(query.find))
    return matches.ids is not None or matches.lookup is not None


def _walk(engine: Engine, query: ClientQuery, lacking: Sequence[int] | None = None) -> Walk:
    """The way through a list along the index of its order. Where it is known which clients are `lacking` what is looked
    for, none is looked at on the way."""
    usual = [on for on in query.filters if on.field in _IN_EVERY_INDEX]
    find_words = words(query.find)
    telling = None
    if query.sort_field == "display_name" and not find_words:
        equal = [on for on in usual if on.op in (Op.IS, Op.EMPTY)]
        telling = min(equal, key=lambda on: _IN_EVERY_INDEX.index(on.field), default=None)
    usual_filters = _filters(engine, query._replace(filters=tuple(usual)))
    order = engine.remembered(("order", query), lambda: orders.order(engine, query, usual_filters))
    conditions = _filters(engine, query, telling)
    has_words = [engine.contains(_SEARCH_TEXT, find_words)] if find_words else []
    on_the_way = has_words if lacking is None else [engine.aside(~engine.one_of(ID, lacking))]
    counted, everyone = partial(count, engine, query), partial(_everyone, engine)
    walk = Walk(engine, query, order, [*conditions, *on_the_way], counted, [*conditions, *has_words], everyone)
    if walk.beside is not None and walk.beside.beside.name[0] == "work":
        # who stands in the index of a template has work by it: that need not be asked of each of them
        others = tuple(on for on in query.filters if not _is_of_most(on))
        walk.beside.conditions = [*_filters(engine, query._replace(filters=others)), *on_the_way]
    return walk


def ids(engine: Engine, query: ClientQuery, offset: int, limit: int) -> list[int]:
    """The ids of `limit` clients of the list from row `offset` on (EVERY: all of them)."""
    if query.sort_field == CHANGED.name:
        first = _changed_latest(engine, query) if offset + limit <= GLANCE_ROWS else ()
        if len(first) >= offset + limit:
            return list(first[offset : offset + limit])
        return list(_by_last_change(engine, query)[offset : offset + limit])
    find_words = words(query.find)
    if _is_short(query.find) and offset + limit <= GLANCE_ROWS:
        walk = _walk(engine, query._replace(find=""))
        if walk.is_straight:
            glanced = walk.first(find_words, GLANCE_ROWS, offset + limit)
            if len(glanced) == offset + limit:
                return glanced[offset:]
    narrowed = _narrowed(engine, query)
    if narrowed is None:
        return _walk(engine, query).window(offset, limit)
    if narrowed.ids is not None or limit == EVERY:
        return list(_sorted(engine, query, narrowed)[offset : offset + limit])
    walk = _walk(engine, query)
    if offset > GLANCE_ROWS:
        lacking = _lacking(engine, query)
        if lacking is not None:
            return _walk(engine, query, lacking).window(offset, limit)
    if offset or not walk.is_straight:
        if _is_best_sorted(engine, query, offset):
            return list(_sorted(engine, query, narrowed)[offset : offset + limit])
        if offset > GLANCE_ROWS:
            return walk.window(offset, limit)
    try:
        with engine.budget(WALK_SECONDS):
            return walk.window(offset, limit)
    except OverBudget:
        return list(_sorted(engine, query, narrowed)[offset : offset + limit])


def _is_best_sorted(engine: Engine, query: ClientQuery, row: int | None = None) -> bool:
    """Whether a list of many matches is sooner sorted than walked along to a row (None: to one that is not known): to sort
    a match takes about as long as to look at a client on the way."""
    if query.find and not _is_indexed(engine, query):
        return False  # they would be looked for in all clients
    match_count = count(engine, query)
    is_far = row is None or GLANCE_ROWS < row < match_count - GLANCE_ROWS
    return match_count <= SORTED_AT_ONCE or (is_far and match_count <= _everyone(engine) // 2)


def _sorted(engine: Engine, query: ClientQuery, matches: Matches) -> "array[int]":
    """The ids of all clients of a list in which something is looked for. The latest lists are kept."""
    kept: dict[ClientQuery, array[int]] = engine.remembered("sorted", dict)
    if query not in kept:
        find_words = words(query.find)
        conditions = _conditions(engine, query, matches)
        if matches.ids is None and find_words:
            lookup = engine.matches(_SEARCH_TEXT, find_words).lookup
            has_words = engine.contains(_SEARCH_TEXT, find_words) if lookup is None else lookup
            conditions = [has_words, *_filters(engine, query)]
        client_ids = ClientModel.select(ID).where(*conditions) if conditions else ClientModel.select(ID)
        client_ids = client_ids.order_by(*(key.ordering() for key in orders.keys(engine, query)))
        if len(kept) == _KEPT:
            del kept[next(iter(kept))]
        kept[query] = array("q", [row[0] for row in engine.execute(client_ids).fetchall()])
    return kept[query]


def _changed_latest(engine: Engine, query: ClientQuery) -> Sequence[int]:
    """The ids of the first clients of a list whose latest changes come first, told by the latest entries of the history:
    not many, or none."""
    changed = [on for on in query.filters if on.field == CHANGED.name]
    if not query.descending or any(on.op is not Op.AFTER for on in changed):
        return ()

    def look() -> list[int]:
        from clientdesk.store import last_changes

        days = [on.value[0] for on in changed]
        client_ids = last_changes.latest(engine, 2 * GLANCE_ROWS, days)
        others = query._replace(filters=tuple(on for on in query.filters if on not in changed))
        inside = among(engine, others, client_ids)
        return [client_id for client_id in client_ids if client_id in inside]

    first: list[int] = engine.remembered(("changed latest", query), look)
    return first


def _by_last_change(engine: Engine, query: ClientQuery) -> "array[int]":
    """The ids of all clients of a list, sorted first by when they were changed last: as that has no index, they are put in
    order here. The latest list is kept."""
    kept: dict[ClientQuery, array[int]] = engine.remembered("by last change", dict)
    if query not in kept:
        from clientdesk.store import last_changes

        latest = last_changes.entries(engine)
        client_ids = ids(engine, query._replace(sort=query.sort[1:] or (BY_DISPLAY_NAME,)), 0, EVERY)
        client_ids.sort(key=lambda client_id: latest.get(client_id, 0), reverse=query.descending)
        kept.clear()
        kept[query] = array("q", client_ids)
    return kept[query]


_KEPT = 2


def rows(
    engine: Engine, client_ids: Sequence[int], columns: Sequence[str], filters: Sequence[Filter] = ()
) -> list[tuple[int, str, tuple[str, ...]]]:
    """Id, status and the values of `columns` of the clients with these ids, in their order; in those of their work what a list with
    these `filters` tells of it."""
    built_in = [name for name in columns if not is_own(name) and name != CHANGED.name and name not in OF_WORK]
    has_own = any(map(is_own, columns))
    selected = ClientModel.select(ID, COLUMNS["status"], *(_VALUES[name] for name in built_in), *_own(has_own))
    read = engine.execute(selected.where(engine.one_of(ID, client_ids))).fetchall()
    if len(built_in) < len(columns):
        own = own_values.in_words(engine) if has_own else None
        days: Mapping[int, str] = {}
        if CHANGED.name in columns and read:
            from clientdesk.store import last_changes

            days = last_changes.days(engine, [row[0] for row in read])
        of_work: Mapping[int, Mapping[str, str]] = {}
        if read and not OF_WORK.isdisjoint(columns):
            from clientdesk.store import listed_work

            of_work = listed_work.values(engine, filters, [row[0] for row in read])
        read = [
            _in_columns(
                row,
                columns,
                {
                    **dict(zip(built_in, row[2:], strict=False)),
                    **(own(row[-1]) if own is not None else {}),
                    CHANGED.name: days.get(row[0], ""),
                    **of_work.get(row[0], {}),
                },
            )
            for row in read
        ]
    by_id = {row[0]: (row[0], row[1], tuple(row[2:])) for row in read}
    return [by_id[client_id] for client_id in client_ids if client_id in by_id]


def _own(has_own: bool) -> list[Any]:
    return [COLUMNS[COLUMN]] if has_own else []


def _in_columns(row: Sequence[Any], columns: Sequence[str], values: Mapping[str, str]) -> tuple[Any, ...]:
    return (row[0], row[1], *(values.get(name, "") for name in columns))


def list_conditions(engine: Engine, query: ClientQuery) -> list[Expression]:
    """What the clients of a list meet, where all of them are gone through: no filter chooses an index."""
    narrowed = _narrowed(engine, query)
    return _filters(engine, query) if narrowed is None else _conditions(engine, query, narrowed)


def _conditions(engine: Engine, query: ClientQuery, narrowed: Matches | None) -> list[Expression]:
    """What the clients of a list meet, the way that does not depend on its order."""
    if narrowed is not None and narrowed.ids is not None:
        return [engine.one_of(ID, narrowed.ids), *_filters(engine, query)]
    find_words = words(query.find)
    if not find_words:
        return filters_to_sql.conditions(engine, query.filters)
    matches = engine.matches(_SEARCH_TEXT, find_words)
    return [engine.sweep(_SEARCH_TEXT, find_words, matches), *_filters(engine, query)]


def count(engine: Engine, query: ClientQuery) -> int:
    """How many clients the list has."""
    return engine.remembered(("count", query.filters, query.find), lambda: _counted(engine, query))


def _counted(engine: Engine, query: ClientQuery) -> int:
    if query == query.unfiltered():
        return totals(engine)[1]
    narrowed = _narrowed(engine, query)
    if narrowed is not None and narrowed.ids is not None:
        return len(_sorted(engine, query, narrowed))
    if _is_short(query.find) and not _is_indexed(engine, query):
        lacking = _all_lacking(engine, query)  # whoever jumps to a page will ask for them
        if lacking is not None:
            return count(engine, query._replace(find="")) - len(lacking)
    conditions = _conditions(engine, query, narrowed)
    counted = ClientModel.select(fn.COUNT(ID))
    return int(engine.execute(counted.where(*conditions) if conditions else counted).fetchone()[0])


def position(engine: Engine, query: ClientQuery, client_id: int) -> int | None:
    """The row of a client in the list, from 0; None if it is not in the list."""
    if query.sort_field == CHANGED.name:
        client_ids = _by_last_change(engine, query)
        return client_ids.index(client_id) if client_id in client_ids else None
    narrowed = _narrowed(engine, query)
    lacking = None if narrowed is None or narrowed.ids is not None else _lacking(engine, query)
    if narrowed is None or lacking is not None:
        return _walk(engine, query, lacking).position(client_id)
    if narrowed.ids is None and not _is_best_sorted(engine, query):
        return _walk(engine, query).position(client_id)
    client_ids = _sorted(engine, query, narrowed)
    return client_ids.index(client_id) if client_id in client_ids else None


def among(engine: Engine, query: ClientQuery, client_ids: Sequence[int]) -> set[int]:
    """Those of the clients with these ids that are in the list."""
    find_words = words(query.find)
    conditions = [engine.one_of(ID, client_ids), *_filters(engine, query)]
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


def _everyone(engine: Engine) -> int:
    """How many clients the firm has."""
    return totals(engine)[0]


def totals(engine: Engine) -> tuple[int, int]:
    """How many clients the firm has: all, and the active ones (counted as those that are not inactive)."""
    return engine.remembered("totals", partial(_totals, engine))


def _totals(engine: Engine) -> tuple[int, int]:
    inactive = ClientModel.select(fn.COUNT(ID)).where(COLUMNS["status"] == "inactive")
    every, not_active = engine.execute(ClientModel.select(fn.COUNT(ID), inactive)).fetchone()
    return every, every - not_active

"""The values that a field has in a list of clients, and how many clients have each."""

from collections import Counter
from typing import Any

from peewee import fn

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import CHANGED, OF_WORK, Field, Kind
from clientdesk.domain.filters import REFERENCES, Filter, Op, compared
from clientdesk.domain.own_values import field_id, is_own
from clientdesk.store import listing
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel
from clientdesk.store.orders import COLUMNS, ID

_REFERENCES = {Kind.CLIENT_TYPE: "client_type_id", Kind.MEMBER: "lead_id"}


def values(engine: Engine, query: ClientQuery, name: str, limit: int) -> list[tuple[str, int]]:
    """The `limit` values of a field that most clients of the list have, and how many have each; the most frequent first.

    A reference is its id in digits, "" is nothing at all. Texts that a filter takes for the same are one value, called by
    the first of them.
    """
    field = engine.catalogue.by_name[name]
    if field is CHANGED or field.name in OF_WORK:
        return []  # each client has its own; the few that work can have are offered by the field itself
    if is_own(name):
        return _of_own(engine, query, field, limit)
    column, key = _column_and_key(field)
    conditions, clients = listing.list_conditions(engine, query), fn.COUNT(ID)
    # One client of each value, and what it holds afterwards: so the groups are told by the index of the field's order.
    grouped = ClientModel.select(fn.MIN(ID), clients).group_by(key).order_by(clients.desc(), key).limit(limit)
    groups = engine.execute(grouped.where(*conditions) if conditions else grouped).fetchall()
    of_each = ClientModel.select(ID, column).where(engine.one_of(ID, [client_id for client_id, _count in groups]))
    held = dict(engine.execute(of_each).fetchall())
    called: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for client_id, count in groups:
        if client_id not in held:
            continue  # deleted meanwhile
        value = "" if held[client_id] is None else str(held[client_id])
        same = compared(field, value)
        called.setdefault(same, value)
        counts[same] += count
    return [(called[same], count) for same, count in counts.most_common()]


def _of_own(engine: Engine, query: ClientQuery, field: Field, limit: int) -> list[tuple[str, int]]:
    """The same of a firm's own field, or of the tags, of which a client may have several."""
    own, of_field, conditions = ClientOwnModel, field_id(field.name), listing.list_conditions(engine, query)
    clients = fn.COUNT(own.client_id)
    grouped = own.select(fn.MIN(own.value), clients).join(ClientModel, on=(own.client_id == ID))
    grouped = grouped.where(own.field_id == of_field, *conditions).group_by(own.sort_key)
    counts = engine.execute(grouped.order_by(clients.desc(), own.sort_key).limit(limit)).fetchall()
    without = query.with_another(Filter(field.name, Op.EMPTY))
    nothing = listing.count(engine, without) if field.name not in {on.field for on in query.filters} else 0
    all_counts = [(str(value), count) for value, count in counts] + ([("", nothing)] if nothing else [])
    return sorted(all_counts, key=lambda value: -value[1])[:limit]


def _column_and_key(field: Field) -> tuple[Any, Any]:
    """What holds a field's value, and by what values are the same."""
    if field.kind in REFERENCES:
        column = COLUMNS[_REFERENCES[field.kind]]
        return column, column
    column = COLUMNS[field.name]
    if field.folded:
        return column, COLUMNS[f"{field.name}_sort"]
    return column, column if field.choices else fn.LOWER(column)

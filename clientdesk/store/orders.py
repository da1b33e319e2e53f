"""The orders of the list: by which keys, and the parts of an order that an index walks.

Clients that have nothing in the column stand last either way, so that an order is at least two parts, each of which an
index walks in both directions. By a reference or a choice there is a part for each of its values.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import SQL, Expression, Field, Node, Tuple, Value, fn

from clientdesk.domain.client_query import ClientQuery, SortKey
from clientdesk.domain.fields import CHANGED, OF_WORK, Kind
from clientdesk.domain.fields import Field as ClientField
from clientdesk.domain.filters import Filter
from clientdesk.domain.own_values import is_own
from clientdesk.named_tuple import NamedTuple
from clientdesk.store.derived_columns import LAST
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientTypeModel, TeamMemberModel
from clientdesk.store.order_keys import SORTED_LETTERS, Form, order_key
from clientdesk.store.order_parts import Key as Key
from clientdesk.store.order_parts import Order as Order
from clientdesk.store.order_parts import Part as Part

COLUMNS: dict[str, Field] = ClientModel._meta.columns
NAME, ID = COLUMNS["display_name_sort"], COLUMNS["id"]
_REFERENCES: dict[Kind, tuple[str, Any]] = {
    Kind.CLIENT_TYPE: ("client_type_id", ClientTypeModel),
    Kind.MEMBER: ("lead_id", TeamMemberModel),
}
_CHECKED = ("status", "billed_to", "primary_admin")
"""The choices of which the database takes no other value than those that are declared."""


def keys(engine: Engine, query: ClientQuery) -> tuple[Key, ...]:
    """All keys of an order: no two clients stand at the same place."""
    of_sort = (key for name, down in query.sort for key in _keys_of(engine, name, down, query.filters))
    return (*of_sort, *_last_keys(query.sort))


def order(engine: Engine, query: ClientQuery, filters: Sequence[Expression]) -> Order:
    """The order of a list that these filters make."""
    return _order(engine, _List(query.filters, filters), query.sort, _last_keys(query.sort))


class _List(NamedTuple):
    """The filters of the list that is put in order, and their conditions."""

    filters: Sequence[Filter]
    conditions: Sequence[Expression]


def _order(engine: Engine, of: _List, sort: Sequence[SortKey], last: tuple[Key, ...]) -> Order:
    name, down = sort[0]
    rest = (*(key for other, way in sort[1:] for key in _keys_of(engine, other, way, of.filters)), *last)
    field = engine.catalogue.by_name[name]
    if name in OF_WORK:
        from clientdesk.store import listed_work

        return listed_work.order(engine, field, down, listed_work.subject(engine, of.filters), rest)
    if is_own(name):
        from clientdesk.store import own_orders  # most lists are by a built-in field

        return own_orders.order(engine, field, down, rest)
    if field.kind in _REFERENCES:
        referred = _referred_to(engine, field.kind, down, of.conditions)
        return _grouped(engine, of, COLUMNS[_REFERENCES[field.kind][0]], [*referred, None], sort[1:], last)
    if field.choices:
        values = [*_choices(engine, name, down), *([""] if name not in ("status", "primary_admin") else [])]
        return _grouped(engine, of, COLUMNS[name], values, sort[1:], last)
    if name == "display_name":
        return Order((Part((), None, (Key(NAME, down), *rest)),), ())
    if name == CHANGED.name:
        from clientdesk.store import last_changes

        return Order((Part((), None, (Key(last_changes.key(), down), *rest)),), ())
    key, blank = _key(field), LAST if name == "client_number" else ""
    has_value = key < blank if blank else key > blank
    parts = (Part((False,), has_value, (Key(key, down), *rest)), Part((True,), key == blank, rest))
    return Order(parts, (key == blank,))


def _grouped(
    engine: Engine,
    of: _List,
    column: Field,
    values: Sequence[object],
    then: Sequence[SortKey],
    last: tuple[Key, ...],
) -> Order:
    """A part for each of a column's values; within it the parts of what else is sorted by, along whose index it goes."""
    if not then:
        return Order(tuple(Part((value,), _is(column, value), last) for value in values), (column,), 1)
    within = _order(engine, of, then, last)
    parts = (
        part._replace(
            values=(value, *part.values),
            condition=_both(engine.aside(_is(column, value)), part.condition),
            swept=None if part.swept is None else _both(engine.aside(_is(column, value)), part.swept),
        )
        for value in values
        for part in within.parts
    )
    return Order(tuple(parts), (column, *within.placing), 1 + within.groups)


def _both(condition: Expression, other: Expression | None) -> Expression:
    return condition if other is None else condition & other


def _is(column: Field, value: object) -> Expression:
    is_it: Expression = column.is_null() if value is None else column == value
    return is_it


def _key(field: ClientField) -> Any:
    """What a field is sorted by."""
    key = order_key(field)
    column = COLUMNS[key.column]
    if key.form is Form.WHOLE:
        return column
    return fn.LOWER(column if key.form is Form.LOWER else fn.SUBSTR(column, SQL("1"), SQL(str(SORTED_LETTERS))))


def _keys_of(engine: Engine, name: str, down: bool, filters: Sequence[Filter]) -> tuple[Key, ...]:
    """The keys that a field adds to an order of a list with these filters: who has nothing in it comes last."""
    field = engine.catalogue.by_name[name]
    if name in OF_WORK:
        from clientdesk.store import listed_work

        return listed_work.keys(engine, field, down, listed_work.subject(engine, filters))
    if is_own(name):
        from clientdesk.store import own_orders

        return own_orders.keys(engine, field, down)
    kind = field.kind
    if name == "display_name":
        return (Key(NAME, down),)
    if name == CHANGED.name:
        from clientdesk.store import last_changes

        return (Key(last_changes.key(), down),)
    if kind in _REFERENCES:
        reference, model = COLUMNS[_REFERENCES[kind][0]], _REFERENCES[kind][1].alias()
        # A place in the list is compared with others, which nothing at all cannot be.
        called = fn.COALESCE(model.select(model.name_key).where(model.id == reference), "")
        return Key(reference.is_null()), Key(called, down)
    key = _key(field)
    return Key(key == (LAST if name == "client_number" else "")), Key(key, down)


def _last_keys(sort: Sequence[SortKey]) -> tuple[Key, ...]:
    """The keys that tell clients apart which are the same by all others. Clients of one name run in the direction of the
    names: so an index walks both."""
    for name, down in sort:
        if name == "display_name":
            return (Key(ID, down),)
    return (Key(ID),) if sort[0].field == "client_number" and len(sort) == 1 else (Key(NAME), Key(ID))


def _referred_to(engine: Engine, kind: Kind, down: bool, filters: Sequence[Expression]) -> list[int]:
    """The client types, or team members, that any client of the list refers to, by their names."""
    column_name, model = _REFERENCES[kind]
    clients = ClientModel.select(Value(1)).where(COLUMNS[column_name] == model.id, *filters)
    referred = model.select(model.id).where(fn.EXISTS(clients)).order_by(Key(model.name_key, down).ordering())
    return [row[0] for row in engine.execute(referred).fetchall()]


def _choices(engine: Engine, name: str, down: bool) -> Iterator[str]:
    """The values that may stand in a choice field, without the empty one, in their order."""
    if name in _CHECKED:
        yield from sorted(
            (choice.value for choice in engine.catalogue.by_name[name].choices if choice.value), reverse=down
        )
        return
    column, value = COLUMNS[name], None
    while True:  # an index finds the next one at once, whatever stands there
        beyond = column > "" if value is None else column < value if down else column > value
        nearest = (fn.MAX if down else fn.MIN)(column)
        (value,) = engine.execute(ClientModel.select(nearest).where(beyond, column > "")).fetchone()
        if value is None:
            return
        yield value


def before(keys: Sequence[Key], key_values: Sequence[object]) -> Expression:
    """The condition `stands before the client whose keys are here`, as an index goes through it."""
    key, value = keys[0], key_values[0]
    same_way = next((at for at, other in enumerate(keys) if other.descending != key.descending), len(keys))
    if same_way == len(keys):
        return _earlier(keys, key_values)
    same = keys[:same_way]
    first: Expression = key.expression >= value if key.descending else key.expression <= value
    equal = _tuple([part.expression for part in same]) == _tuple(key_values[:same_way])
    rest = before(keys[same_way:], key_values[same_way:])
    earlier: Expression = first & (_earlier(same, key_values[:same_way]) | (equal & rest))
    return earlier


def _earlier(keys: Sequence[Key], key_values: Sequence[object]) -> Expression:
    expressions, values = _tuple([key.expression for key in keys]), _tuple(key_values)
    earlier: Expression = expressions > values if keys[0].descending else expressions < values
    return earlier


def _tuple(parts: Sequence[Any]) -> Any:
    nodes = [part if isinstance(part, Node) else Value(part) for part in parts]
    return nodes[0] if len(nodes) == 1 else Tuple(*nodes)

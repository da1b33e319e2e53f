"""What clients have in the firm's own fields: out of the column that has them all, and back into it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from peewee import Cast, fn

from clientdesk.domain.fields import Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_values import COLUMN, EMPTY, field_id, is_own, sort_key, tag_ids, unpacked
from clientdesk.domain.patch import Value as Held
from clientdesk.named_tuple import NamedTuple
from clientdesk.store import firm
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel

_AT_ONCE = 1_000


def spread(engine: Engine, values: dict[str, Held]) -> Mapping[str, str]:
    """Puts a client's own fields, each by its name, in the place of the column that has them all; the names of the team
    members among them, by field."""
    own, fields = values.pop(COLUMN), engine.catalogue.own
    values.update(dict.fromkeys(fields, ""))
    if own == EMPTY:
        return {}
    held = unpacked(own)
    values.update(held)
    of_members = [name for name in held if (field := fields.get(name)) is not None and field.kind is Kind.MEMBER]
    names = member_names(engine) if of_members else {}
    return {name: names[member_id] for name in of_members if (member_id := held[name]) in names}


def member_names(engine: Engine) -> Mapping[Any, str]:
    """The names of the team members by their ids."""
    return engine.remembered(
        "member names", lambda: {member_id: called.name for member_id, called in firm.called_by_id(engine).items()}
    )


def members_by_name(engine: Engine) -> list[int]:
    """The ids of the team members, in the order of their names."""
    names = member_names(engine)
    return sorted(names, key=lambda member_id: (fold(names[member_id]), member_id))


def in_words(engine: Engine) -> Callable[[object], Mapping[str, str]]:
    """Makes of the column what a list says of each own field that stands there, by name."""
    fields = [field for field in engine.catalogue.fields if is_own(field.name)]
    empty = dict.fromkeys((field.name for field in fields), "")
    names = member_names(engine) if any(field.kind is Kind.MEMBER for field in fields) else {}

    def told(own: object) -> Mapping[str, str]:
        if own == EMPTY or not fields:
            return empty
        from clientdesk.domain import own_value_rules  # a firm without such fields need not know it

        held = unpacked(own)
        return {
            field.name: own_value_rules.in_words(field, value, names.get(value, "")) if value is not None else ""
            for field in fields
            for value in (held.get(field.name),)
        }

    return told


class WithOwn(NamedTuple):
    """A client that has something in an own field, or of which the index says so: who it is, its column, and what the
    index says, and should say: field, value, sort key and whether it is unique."""

    id: int
    company_id: str
    name: str
    own: str
    indexed: frozenset[tuple[int, str, str, str | None]]
    expected: frozenset[tuple[int, str, str, str | None]]


def all_of(engine: Engine) -> Iterator[WithOwn]:
    """All such clients, by id."""
    columns, own = ClientModel._meta.columns, ClientOwnModel
    unique = {field_id(field.name) for field in engine.catalogue.own.values() if field.unique}
    has_any = (columns[COLUMN] != EMPTY) | fn.EXISTS(own.select(own.client_id).where(own.client_id == columns["id"]))
    shown = [columns[name] for name in ("id", "company_id", "display_name", COLUMN)]
    query, last = ClientModel.select(*shown).order_by(columns["id"]).limit(_AT_ONCE), -(2**63)
    while rows := engine.execute(query.where(columns["id"] > last, has_any)).fetchall():
        last, ids = rows[-1][0], [row[0] for row in rows]
        indexed: dict[int, set[tuple[int, str, str, str | None]]] = {}
        of_clients = own.select(own.client_id, own.field_id, own.value, own.sort_key, own.unique_key)
        for client_id, *row in engine.execute(of_clients.where(engine.one_of(own.client_id, ids))).fetchall():
            indexed.setdefault(client_id, set()).add(tuple(row))
        for client_id, company_id, name, column in rows:
            expected = frozenset(_indexed(column, unique))
            yield WithOwn(client_id, company_id, name, column, frozenset(indexed.get(client_id, ())), expected)


def _indexed(column: str, unique: Collection[int]) -> Iterator[tuple[int, str, str, str | None]]:
    for name, value in unpacked(column).items():
        if name == TAGS:
            yield from ((0, str(tag_id), str(tag_id), None) for tag_id in tag_ids(value))
        else:
            key = sort_key(value)
            yield field_id(name), str(value), key, key if field_id(name) in unique else None


def clients_having(engine: Engine, field: int, value: int | None = None) -> int:
    """How many clients have anything in an own field (0: of the tags), or that choice, or tag."""
    own = ClientOwnModel
    query = own.select(fn.COUNT(own.client_id)).where(own.field_id == field)
    query = query if value is None else query.where(own.sort_key == str(value))
    return int(engine.execute(query).fetchone()[0])


def clients_by_tag(engine: Engine) -> dict[int, int]:
    """How many clients have each tag, by its id; a tag that none has is not among them."""
    own = ClientOwnModel
    query = own.select(Cast(own.value, "bigint"), fn.COUNT(own.client_id)).where(own.field_id == 0).group_by(own.value)
    return dict(engine.execute(query).fetchall())


def clients_tagged(engine: Engine, tag_ids: Collection[int], limit: int) -> list[int]:
    """So many clients at most that have one of some tags, by id."""
    query = _tagged(tag_ids).group_by(ClientOwnModel.client_id).order_by(ClientOwnModel.client_id).limit(limit)
    return [row[0] for row in engine.execute(query).fetchall()]


def count_tagged(engine: Engine, tag_ids: Collection[int]) -> int:
    """How many clients have one of some tags."""
    query = _tagged(tag_ids).select(fn.COUNT(ClientOwnModel.client_id.distinct()))
    return int(engine.execute(query).fetchone()[0])


def _tagged(tag_ids: Collection[int]) -> Any:
    own = ClientOwnModel
    return own.select(own.client_id).where(own.field_id == 0, own.sort_key.in_([str(tag_id) for tag_id in tag_ids]))


def shared_value(engine: Engine, field: int) -> tuple[str, str, str] | None:
    """A value of an own field that two clients have, and what these are called; None where no two have the same."""
    own, columns = ClientOwnModel, ClientModel._meta.columns
    of_field = own.select(own.sort_key).where(own.field_id == field).group_by(own.sort_key)
    row = engine.execute(of_field.having(fn.COUNT(own.client_id) > 1).limit(1)).fetchone()
    if row is None:
        return None
    query = own.select(own.value, columns["display_name"]).join(ClientModel, on=(columns["id"] == own.client_id))
    query = query.where(own.field_id == field, own.sort_key == row[0]).order_by(own.client_id).limit(2)
    (value, first), (_value, second) = engine.execute(query).fetchall()
    return value, first, second

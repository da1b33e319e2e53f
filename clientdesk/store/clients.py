"""Clients: their rows found by what they have, and written in the words of a list."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, NamedTuple

from peewee import Expression, Value, fn

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold, number_key
from clientdesk.domain.own_values import field_id
from clientdesk.domain.patch import Stored
from clientdesk.domain.patch import Value as Held
from clientdesk.domain.unique_client_numbers import NUMBER_KEY, Holder, Holders
from clientdesk.store import own_values, patches
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.entities import ENTITIES, Attribute
from clientdesk.store.models import ClientModel, ClientOwnModel

_CLIENT: Any = ClientModel  # the catalogue of fields gives it its columns
_KEYS_AT_ONCE = 500  # keys in one statement


Row = tuple[int, int, dict[str, str]]
"""Id, version and all values of a client, those that it refers to by name."""


def _value(attribute: Attribute) -> Any:
    """What a list says of a field: of a reference the name."""
    column = ClientModel._meta.columns[attribute.column]
    if not attribute.refers_to:
        return column
    to = TABLES[attribute.refers_to].alias()
    named = to.select(getattr(to, ENTITIES[attribute.refers_to].called_by)).where(to.id == column)
    return fn.COALESCE(named, "")


_SELECTED = _CLIENT.select(_CLIENT.id, _CLIENT.version, *map(_value, ENTITIES["client"].attributes))


def read(engine: Engine, condition: Expression) -> list[Row]:
    """The clients that meet a condition, by id."""
    rows = engine.execute(_SELECTED.where(condition).order_by(_CLIENT.id)).fetchall()
    own = own_values.in_words(engine)
    return [(row[0], row[1], {**dict(zip(BUILT_IN.names, row[2:-1], strict=True)), **own(row[-1])}) for row in rows]


def by_key(engine: Engine, key: str) -> list[Stored]:
    """The clients whose Company ID or client number is `key` (two at most)."""
    of_key = ClientModel.company_id == key.strip()
    if number := number_key(key):
        of_key |= ClientModel.number_key == number
    return patches.stored_where(engine, "client", of_key)


def of_keys(engine: Engine, keys: Sequence[str]) -> list[dict[int, str]]:
    """The clients whose Company ID or client number is each of `keys` (two at most), by id with their Company IDs."""
    company_ids, numbers = [key.strip() for key in keys], [number_key(key) for key in keys]
    by_company_id = {row[0]: row for row in _having(engine, "company_id", set(company_ids), _CLIENT.id)}
    columns = (_CLIENT.company_id, _CLIENT.id)
    by_number = {row[0]: row[1:] for row in _having(engine, NUMBER_KEY, set(numbers) - {""}, *columns)}
    bearers = (
        (by_company_id.get(company_id), by_number.get(number))
        for company_id, number in zip(company_ids, numbers, strict=True)
    )
    return [{row[1]: row[0] for row in rows if row is not None} for rows in bearers]


def of_names(engine: Engine, names: Mapping[str, str]) -> dict[str, list[int]]:
    """The clients that are called so, without case and accents, by whatever stands for each of the `names`."""
    folded = {key: fold(" ".join(name.split())) for key, name in names.items()}
    by_name: dict[str, list[int]] = {}
    for name, client_id in _having(engine, "display_name_sort", set(folded.values()) - {""}, _CLIENT.id):
        by_name.setdefault(name, []).append(client_id)
    return {key: by_name[name] for key, name in folded.items() if name in by_name}


def are_there(engine: Engine) -> bool:
    """Whether the firm has any client."""
    return bool(engine.execute(_CLIENT.select(_CLIENT.id).limit(1)).fetchall())


def taken(engine: Engine, company_ids: Sequence[str]) -> dict[str, str]:
    """Which of these Company IDs are in the firm already, with the names of their clients."""
    return dict(_having(engine, "company_id", company_ids, _CLIENT.display_name))


class Bearer(NamedTuple):
    """A client as an upload of numbers needs to know it."""

    id: int
    company_id: str
    name: str
    number: str
    status: str


def by_company_ids(engine: Engine, company_ids: Sequence[str]) -> dict[str, Bearer]:
    """The clients with these Company IDs, by Company ID."""
    columns = (_CLIENT.id, _CLIENT.company_id, _CLIENT.display_name, _CLIENT.client_number, _CLIENT.status)
    return {row[0]: Bearer(*row[1:]) for row in _having(engine, "company_id", company_ids, *columns)}


def holders(engine: Engine, numbers: Iterable[str]) -> dict[str, Holder]:
    """The clients that bear these numbers ("" is none), by the key of the number."""
    keys = {number_key(number) for number in numbers} - {""}
    rows = _having(engine, NUMBER_KEY, keys, _CLIENT.id, _CLIENT.display_name)
    return {row[0]: (row[1], row[2]) for row in rows}


def _having(engine: Engine, column: str, keys: Collection[str], *columns: Any) -> Iterator[Any]:
    """The clients that have one of `keys` in a column: that column, and other `columns`."""
    key = ClientModel._meta.columns[column]
    for part in parts(keys):
        yield from engine.execute(ClientModel.select(key, *columns).where(key.in_(among(part)))).fetchall()


def parts(keys: Collection[str]) -> Iterator[Sequence[str]]:
    """Some of the keys at a time."""
    listed = sorted(keys)
    return (listed[start : start + _KEYS_AT_ONCE] for start in range(0, len(listed), _KEYS_AT_ONCE))


def references_and_numbers(engine: Engine, client_ids: Sequence[int]) -> list[tuple[int | None, int | None, str]]:
    """The type and the lead of each of these clients, and the key of its number ("" for none)."""
    columns = ClientModel._meta.columns
    query = _CLIENT.select(columns["client_type_id"], columns["lead_id"], fn.COALESCE(columns["number_key"], ""))
    return [tuple(row) for row in engine.execute(query.where(engine.one_of(_CLIENT.id, client_ids))).fetchall()]


def have(engine: Engine, values_by_id: Mapping[int, Mapping[str, Held]]) -> bool:
    """Whether clients, by their ids, stand with these values of some of their fields."""
    fields = sorted(set().union(*values_by_id.values()))
    columns = [ClientModel._meta.columns[ENTITIES["client"].by_name[name].column] for name in fields]
    query = _CLIENT.select(_CLIENT.id, *columns).where(engine.one_of(_CLIENT.id, list(values_by_id)))
    present = {row[0]: dict(zip(fields, row[1:], strict=True)) for row in engine.execute(query).fetchall()}
    return present.keys() == values_by_id.keys() and all(
        values.items() <= present[client_id].items() for client_id, values in values_by_id.items()
    )


class Namesake(NamedTuple):
    """A client's name and its client number."""

    name: str
    number: str


class Rivals(NamedTuple):
    """Who has what others want: id and name of the clients that bear numbers (by the number's key), one other client
    of each name (by the folded name), and the names of those with Company IDs."""

    holders: Holders
    namesakes: Mapping[str, Namesake]
    company_ids: Mapping[str, str]
    own: Mapping[tuple[str, str], Holder] = {}
    """Id and name of the client that has a value in a unique own field, by the field and the value's key."""


def rivals_asked(
    number_keys: Collection[str],
    names: Collection[str],
    company_ids: Collection[str],
    own_ids: Sequence[int],
    own_keys: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Statement]:
    """Asks who bears these numbers (by their keys), names (folded) and Company IDs, in one statement or none, and who has
    what is wanted in unique own fields (by field, their keys); `own_ids` are the clients whose names do not count."""
    columns = ClientModel._meta.columns
    conditions_by_kind: list[tuple[str, str, Expression]] = []
    if number_keys:
        conditions_by_kind.append(("number", NUMBER_KEY, columns[NUMBER_KEY].in_(among(sorted(number_keys)))))
    if company_ids:
        conditions_by_kind.append(("company_id", "company_id", columns["company_id"].in_(among(sorted(company_ids)))))
    if names:
        namesake = ClientModel.alias()
        of_others = namesake.display_name_sort.in_(among(sorted(names))) & namesake.id.not_in(own_ids or [0])
        first = namesake.select(fn.MIN(namesake.id)).where(of_others).group_by(namesake.display_name_sort)
        conditions_by_kind.append(("name", "display_name_sort", columns["id"].in_(first)))
    shown = [columns[name] for name in ("id", "display_name", "client_number")]
    parts = [
        ClientModel.select(Value(kind), columns[key], *shown).where(condition)
        for kind, key, condition in conditions_by_kind
    ]
    own = ClientOwnModel
    for field, keys in own_keys.items():
        of_field = (own.field_id == field_id(field)) & own.unique_key.in_(among(sorted(keys)))
        of_own = ClientModel.select(Value(field), own.unique_key, *shown).join(own, on=(own.client_id == columns["id"]))
        parts.append(of_own.where(of_field))
    return [reduce(or_, parts)] if parts else []


def rivals(rows: Iterable[Sequence[Any]]) -> Rivals:
    """Who has what others want, from the answer."""
    by_kind: dict[str, dict[str, Any]] = {"number": {}, "name": {}, "company_id": {}}
    own: dict[tuple[str, str], Holder] = {}
    for kind, key, client_id, name, number in rows:
        if kind not in by_kind:
            own[kind, key] = client_id, name
            continue
        of_kind = {"number": (client_id, name), "name": Namesake(name, number), "company_id": name}
        by_kind[kind][key] = of_kind[kind]
    return Rivals(by_kind["number"], by_kind["name"], by_kind["company_id"], own)


def led_by(engine: Engine, member_id: int) -> list[int]:
    """The clients that a member leads."""
    client = ClientModel
    query = client.select(client.id).where(client.lead_ref == member_id).order_by(client.id)
    return [row[0] for row in query.tuples().execute(engine.db)]

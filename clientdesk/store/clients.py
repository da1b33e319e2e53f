"""Clients: their rows found by what they have, and written in the words of a list."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import Expression, Value, fn

from clientdesk.domain.fields import NAMES
from clientdesk.domain.fold import number_key
from clientdesk.domain.patch import Stored
from clientdesk.store import patches
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.listing import COLUMNS
from clientdesk.store.models import ClientModel
from clientdesk.store.values import among

_SELECTED = ", ".join(["client.id", "client.version", *COLUMNS.values()])
_ASKED = 500  # keys in one statement


Row = tuple[int, int, dict[str, str]]
"""Id, version and all values of a client."""


def _row(row: Sequence[Any]) -> Row:
    return (row[0], row[1], dict(zip(NAMES, row[2:], strict=True)))


def read(engine: Engine, condition: str, parameters: Sequence[object]) -> list[Row]:
    """The clients that meet a condition."""
    cursor = engine.sql(f"SELECT {_SELECTED} FROM client WHERE {condition}", parameters)
    return [_row(row) for row in cursor.fetchall()]


def by_key(engine: Engine, key: str) -> list[Stored]:
    """The clients whose Company ID or client number is `key` (two at most)."""
    of_key = ClientModel.company_id == key.strip()
    if number := number_key(key):
        of_key |= ClientModel.number_key == number
    return patches.stored_where(engine, "client", of_key)


def taken(engine: Engine, column: str, keys: Sequence[str]) -> dict[str, str]:
    """Which of `keys` are in the firm already (`column` is number_key or company_id), with the holder's name."""
    found: dict[str, str] = {}
    for marks, part in parts(keys):
        sql = f"SELECT {column}, display_name FROM client WHERE {column} IN ({marks})"
        found.update(engine.sql(sql, part).fetchall())
    return found


class Bearer(NamedTuple):
    """A client as an upload of numbers needs to know it."""

    id: int
    company_id: str
    name: str
    number: str
    status: str


def by_company_ids(engine: Engine, company_ids: Sequence[str]) -> dict[str, Bearer]:
    """The clients with these Company IDs, by Company ID."""
    found: dict[str, Bearer] = {}
    for marks, part in parts(company_ids):
        sql = f"SELECT id, company_id, display_name, client_number, status FROM client WHERE company_id IN ({marks})"
        found.update((row[1], Bearer(*row)) for row in engine.sql(sql, part).fetchall())
    return found


def holders(engine: Engine, number_keys: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Id and display name of the clients that bear these numbers, by the key of the number."""
    found: dict[str, tuple[int, str]] = {}
    for marks, part in parts(number_keys):
        sql = f"SELECT number_key, id, display_name FROM client WHERE number_key IN ({marks})"
        found.update((row[0], (row[1], row[2])) for row in engine.sql(sql, part).fetchall())
    return found


def parts(keys: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Some of the keys at a time, with so many question marks."""
    listed = sorted(keys)
    for start in range(0, len(listed), _ASKED):
        part = tuple(listed[start : start + _ASKED])
        yield ", ".join("?" * len(part)), part


class Namesake(NamedTuple):
    """A client's name and its client number."""

    name: str
    number: str


class Rivals(NamedTuple):
    """Who has what others want: id and name of the clients that bear numbers (by the number's key), one other client
    of each name (by the folded name), and the names of those with Company IDs."""

    holders: Mapping[str, tuple[int, str]]
    namesakes: Mapping[str, Namesake]
    company_ids: Mapping[str, str]


def rivals_asked(
    number_keys: Collection[str], names: Collection[str], company_ids: Collection[str], own: Sequence[int]
) -> list[Statement]:
    """Asks who bears these numbers (by their keys), names (folded) and Company IDs, in one statement or none; `own` are
    the clients whose names do not count."""
    columns = ClientModel._meta.columns
    what: list[tuple[str, str, Expression]] = []
    if number_keys:
        what.append(("number", "number_key", columns["number_key"].in_(among(sorted(number_keys)))))
    if company_ids:
        what.append(("company_id", "company_id", columns["company_id"].in_(among(sorted(company_ids)))))
    if names:
        other = ClientModel.alias()
        of_others = other.display_name_sort.in_(among(sorted(names))) & other.id.not_in(own or [0])
        first = other.select(fn.MIN(other.id)).where(of_others).group_by(other.display_name_sort)
        what.append(("name", "display_name_sort", columns["id"].in_(first)))
    told = [columns[name] for name in ("id", "display_name", "client_number")]
    parts = [ClientModel.select(Value(kind), columns[key], *told).where(condition) for kind, key, condition in what]
    return [reduce(or_, parts)] if parts else []


def rivals(rows: Iterable[Sequence[Any]]) -> Rivals:
    """Who has what others want, from the answer."""
    found: dict[str, dict[str, Any]] = {"number": {}, "name": {}, "company_id": {}}
    for kind, key, client_id, name, number in rows:
        of_kind = {"number": (client_id, name), "name": Namesake(name, number), "company_id": name}
        found[kind][key] = of_kind[kind]
    return Rivals(found["number"], found["name"], found["company_id"])


def led_by(engine: Engine, member_id: int) -> list[int]:
    """The clients that a member leads."""
    client = ClientModel
    query = client.select(client.id).where(client.lead_ref == member_id).order_by(client.id)
    return [row[0] for row in query.tuples().execute(engine.db)]

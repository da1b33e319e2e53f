"""Looking many clients up at once, for lists that come in: a few statements for a thousand rows."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from peewee import fn

from clientdesk.domain.fold import fold, number_key, same_name
from clientdesk.store.clients import parts, read
from clientdesk.store.engines import Engine
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.models import ClientModel

_SCANNED = 5_000
_NAMES_AT_ONCE = 500  # names in one statement

_CLIENT: Any = ClientModel  # the catalogue of fields gives it its columns


class StoredClient(NamedTuple):
    """A client with all its values."""

    id: int
    version: int
    values: dict[str, str]


class Namesake(NamedTuple):
    """The first client that bears a name, and its client number ("" for none)."""

    name: str
    number: str


class Traits(NamedTuple):
    """What tells a client that is entered twice."""

    id: int
    company_id: str
    name: str
    number: str
    email: str
    tax_id: str


def by_ids(engine: Engine, client_ids: Sequence[int]) -> list[StoredClient]:
    """The clients with these ids, in any order."""
    return [StoredClient(*row) for row in read(engine, engine.one_of(_CLIENT.id, client_ids))]


def by_keys(engine: Engine, field: str, keys: Collection[str]) -> dict[str, list[StoredClient]]:
    """The clients that have one of `keys` in a field, by key: a Company ID, a `number_key` or a `same_name`."""
    if field == "display_name":
        column, column_values = "display_name_sort", {fold(key) for key in keys}
    else:
        column, column_values = "number_key" if field == "client_number" else "company_id", set(keys)
    wanted_keys, clients = frozenset(keys), dict[str, list[StoredClient]]()
    for part in parts(column_values):
        for row in read(engine, getattr(_CLIENT, column).in_(among(part))):
            client = StoredClient(*row)
            value = client.values[field]
            if field != "company_id":
                value = number_key(value) if field == "client_number" else same_name(value)
            if value in wanted_keys:
                clients.setdefault(value, []).append(client)
    return clients


def namesakes(engine: Engine, names: Collection[str]) -> dict[str, Namesake]:
    """The first client of each folded name that the firm has."""
    first_by_name: dict[str, Namesake] = {}
    listed = sorted(names)
    for start in range(0, len(listed), _NAMES_AT_ONCE):
        bears = _CLIENT.display_name_sort.in_(among(listed[start : start + _NAMES_AT_ONCE]))
        first = _CLIENT.select(fn.MIN(_CLIENT.id)).where(bears).group_by(_CLIENT.display_name_sort)
        columns = (_CLIENT.display_name_sort, _CLIENT.display_name, _CLIENT.client_number)
        rows = engine.execute(_CLIENT.select(*columns).where(_CLIENT.id << first)).fetchall()
        first_by_name.update((row[0], Namesake(row[1], row[2])) for row in rows)
    return first_by_name


def scan_traits(engine: Engine) -> Iterator[Sequence[tuple[int, str, str, str]]]:
    """Id, folded name, e-mail and tax id of all clients, some thousand at a time."""
    client = _CLIENT
    query = client.select(client.id, client.display_name_sort, client.email, client.tax_id)
    query = query.order_by(client.id).limit(_SCANNED)
    last = 0
    while rows := engine.execute(query.where(client.id > last)).fetchall():
        yield rows
        last = rows[-1][0]


def traits(engine: Engine, ids: Collection[int]) -> dict[int, Traits]:
    """What tells clients that are entered twice, by id."""
    if not ids:
        return {}
    columns = [getattr(_CLIENT, name) for name in _TRAITS]
    query = _CLIENT.select(*columns).where(engine.one_of(_CLIENT.id, sorted(ids)))
    return {row[0]: Traits(*row) for row in engine.execute(query).fetchall()}


_TRAITS = ("id", "company_id", "display_name", "client_number", "email", "tax_id")

"""Looking many clients up at once, for lists that come in: a few statements for a thousand rows."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from clientdesk.domain.fold import fold, number_key, same_name
from clientdesk.store.clients import parts, read
from clientdesk.store.engines import Engine

_SCANNED = 5_000


class Found(NamedTuple):
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


def by_ids(engine: Engine, client_ids: Sequence[int]) -> list[Found]:
    """The clients with these ids, in any order."""
    return [Found(*row) for row in read(engine, *engine.any_of(client_ids))]


def by_keys(engine: Engine, field: str, keys: Collection[str]) -> dict[str, list[Found]]:
    """The clients that have one of `keys` in a field, by key: a Company ID, a `number_key` or a `same_name`."""
    if field == "display_name":
        column, asked = "display_name_sort", {fold(key) for key in keys}
    else:
        column, asked = "number_key" if field == "client_number" else "company_id", set(keys)
    wanted, found = frozenset(keys), dict[str, list[Found]]()
    for marks, part in parts(asked):
        for row in read(engine, f"client.{column} IN ({marks}) ORDER BY client.id", part):
            each = Found(*row)
            value = each.values[field]
            if field != "company_id":
                value = number_key(value) if field == "client_number" else same_name(value)
            if value in wanted:
                found.setdefault(value, []).append(each)
    return found


def members(engine: Engine) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the active team members by folded name and by login, and those of the inactive by folded name."""
    active: dict[str, str] = {}
    inactive: dict[str, str] = {}
    rows = engine.sql("SELECT name_key, name, login, active FROM team_member ORDER BY id").fetchall()
    for name_key, name, _login, works in rows:
        (active if works else inactive)[name_key] = name
    for _name_key, name, login, works in rows:
        if works:
            active.setdefault(fold(login), name)
    return active, inactive


def namesakes(engine: Engine, names: Collection[str]) -> dict[str, Namesake]:
    """The first client of each folded name that the firm has."""
    found: dict[str, Namesake] = {}
    for marks, part in parts(names):
        sql = (
            "SELECT c.display_name_sort, c.display_name, c.client_number FROM client c JOIN (SELECT min(id) AS first"
            f" FROM client WHERE display_name_sort IN ({marks}) GROUP BY display_name_sort) f ON c.id = f.first"
        )
        found.update((row[0], Namesake(row[1], row[2])) for row in engine.sql(sql, part).fetchall())
    return found


_TRAITS = "id, company_id, display_name, client_number, email, tax_id"


def scan_traits(engine: Engine) -> Iterator[Sequence[tuple[int, str, str, str]]]:
    """Id, folded name, e-mail and tax id of all clients, some thousand at a time."""
    last = 0
    while rows := engine.sql(
        "SELECT id, display_name_sort, email, tax_id FROM client WHERE id > ? ORDER BY id LIMIT ?", (last, _SCANNED)
    ).fetchall():
        yield rows
        last = rows[-1][0]


def traits(engine: Engine, ids: Collection[int]) -> dict[int, Traits]:
    """What tells clients that are entered twice, by id."""
    if not ids:
        return {}
    condition, parameters = engine.any_of(sorted(ids))
    rows = engine.sql(f"SELECT {_TRAITS} FROM client WHERE {condition}", parameters).fetchall()
    return {row[0]: Traits(*row) for row in rows}

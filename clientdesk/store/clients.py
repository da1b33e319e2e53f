"""Clients one by one: their rows, written and read."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from peewee import SQL

from clientdesk.domain.fields import BY_NAME, NAMES
from clientdesk.domain.fold import fold, number_key, number_sort
from clientdesk.domain.rules import search_text
from clientdesk.store import history
from clientdesk.store.engines import Engine
from clientdesk.store.listing import COLUMNS, LAST
from clientdesk.store.models import ClientModel

_REFERENCES = {"client_type": "client_type_id", "lead": "lead_id"}
_FOLDED = tuple((name, f"{name}_sort") for name, field in BY_NAME.items() if field.folded)
_PLAIN = tuple(name for name in NAMES if name not in _REFERENCES)
_SELECTED = ", ".join(["client.id", "client.version", *COLUMNS.values()])
_FEW = 200  # new clients that are written one by one; more are staged and written at once
_AT_ONCE, _STAGED = 1_000, 25_000
_ASKED = 500  # keys in one statement
_TOGETHER = 250  # clients that one statement changes


Row = tuple[int, int, dict[str, str]]
"""Id, version and all values of a client."""


def _row(row: Sequence[Any]) -> Row:
    return (row[0], row[1], dict(zip(NAMES, row[2:], strict=True)))


def read(engine: Engine, condition: str, parameters: Sequence[object]) -> list[Row]:
    """The clients that meet a condition."""
    cursor = engine.sql(f"SELECT {_SELECTED} FROM client WHERE {condition}", parameters)
    return [_row(row) for row in cursor.fetchall()]


def by_id(engine: Engine, client_id: int) -> Row | None:
    """The client with this id."""
    return next(iter(read(engine, "client.id = ?", (client_id,))), None)


def by_key(engine: Engine, key: str) -> list[Row]:
    """The clients whose Company ID or client number is `key` (two at most)."""
    return read(engine, "client.company_id = ? OR client.number_key = ?", (key.strip(), number_key(key) or None))


def holder_of_number(engine: Engine, number: str) -> tuple[int, str] | None:
    """Id and display name of the client that bears a client number."""
    row = engine.sql("SELECT id, display_name FROM client WHERE number_key = ?", (number_key(number),)).fetchone()
    return (row[0], row[1]) if row else None


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
    version: int
    company_id: str
    name: str
    number: str
    status: str


def by_company_ids(engine: Engine, company_ids: Sequence[str]) -> dict[str, Bearer]:
    """The clients with these Company IDs, by Company ID."""
    found: dict[str, Bearer] = {}
    for marks, part in parts(company_ids):
        sql = (
            "SELECT id, version, company_id, display_name, client_number, status FROM client"
            f" WHERE company_id IN ({marks})"
        )
        found.update((row[2], Bearer(*row)) for row in engine.sql(sql, part).fetchall())
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


def namesakes(engine: Engine, name: str) -> list[tuple[int, str, str]]:
    """Id, display name and client number of clients whose name folds to the same as `name`."""
    sql = "SELECT id, display_name, client_number FROM client WHERE display_name_sort = ? ORDER BY id LIMIT 20"
    return [tuple(row) for row in engine.sql(sql, (fold(name),)).fetchall()]


def derived(values: Mapping[str, str]) -> dict[str, object]:
    """The columns that follow from a client's values: keys for sorting, uniqueness and search."""
    number = values["client_number"]
    columns: dict[str, object] = {
        "number_key": number_key(number) or None,
        "number_sort": number_sort(number) if number else LAST,
        "search_text": search_text(values),
    }
    for name, column in _FOLDED:
        columns[column] = fold(values[name])
    return columns


def _references(engine: Engine) -> dict[str, dict[str, int]]:
    """The ids of all client types and team members by their folded names, by field."""
    return {
        "client_type": dict(engine.sql("SELECT name_key, id FROM client_type").fetchall()),
        "lead": dict(engine.sql("SELECT name_key, id FROM team_member").fetchall()),
    }


def insert(engine: Engine, clients: Iterable[Mapping[str, str]], progress: Callable[[int], None] | None = None) -> int:
    """Writes new clients (all values of the catalogue); how many. `progress` is told how many are written."""
    known = _references(engine)
    columns = [*_PLAIN, *_REFERENCES.values(), *derived(dict.fromkeys(NAMES, ""))]

    def row(values: Mapping[str, str]) -> tuple[object, ...]:
        references = [known[name][fold(values[name])] if values[name] else None for name in _REFERENCES]
        return (*[values[name] for name in _PLAIN], *references, *derived(values).values())

    waiting, written, staged = iter(clients), 0, 0
    while part := [row(values) for values in islice(waiting, _AT_ONCE)]:
        if not written and len(part) < _FEW:
            engine.insert_many("client", columns, part)
            history.wrote(engine, "client", len(part))
            return len(part)
        engine.stage("client", columns, part)
        staged += len(part)
        if staged >= _STAGED:
            engine.move_staged("client", columns, "display_name_sort")
            staged = 0
        written += len(part)
        if progress is not None:
            progress(written)
    if staged:
        engine.move_staged("client", columns, "display_name_sort")
    history.wrote(engine, "client", written)
    return written


def update(
    engine: Engine, client_id: int, version: int, changes: Mapping[str, str], values: Mapping[str, str]
) -> Row | None:
    """Writes `changes` over a client, of which `values` is the whole after them; its row as it stands then.

    None if its version is another.
    """
    columns: dict[str, object] = {name: value for name, value in changes.items() if name not in _REFERENCES}
    known = _references(engine) if any(name in changes for name in _REFERENCES) else {}
    for name, found in known.items():
        if name in changes:
            columns[_REFERENCES[name]] = found[fold(changes[name])] if changes[name] else None
    columns |= derived(values)
    query = ClientModel.update({**columns_of(columns), ClientModel.version: version + 1}).where(
        (ClientModel.id == client_id) & (ClientModel.version == version)
    )
    written = next(map(_row, query.returning(SQL(_SELECTED)).tuples().execute(engine.db)), None)
    history.wrote(engine, "client", written is not None and bool(changes))
    return written


class Update(NamedTuple):
    """Changes of one client as it was read at `version`; `whole` has all its values after them."""

    client_id: int
    version: int
    changes: Mapping[str, str]
    whole: Mapping[str, str]


def update_many(engine: Engine, updates: Sequence[Update]) -> list[int]:
    """Writes changes of many clients; the ids of those whose version is another, which are left as they are.

    Clients may swap their numbers: those whose number another one of them takes give it up first, for a mark that
    no number can be. That is no change of a field and leaves no entry in the history.
    """
    known = _references(engine) if any(name in each.changes for each in updates for name in _REFERENCES) else {}
    parked = _park(engine, updates)
    alike: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
    for client_id, version, changes, whole in updates:
        columns: dict[str, object] = {name: value for name, value in changes.items() if name not in _REFERENCES}
        for name, column in _REFERENCES.items():
            if name in changes:
                columns[column] = known[name][fold(changes[name])] if changes[name] else None
        columns |= derived(whole)
        if "client_number" not in changes:  # where another program gave its key away, the others are not to wait for it
            del columns["number_key"]
        alike.setdefault(tuple(columns), []).append((client_id, version + (client_id in parked), *columns.values()))
    written: set[int] = set()
    for names, rows in alike.items():
        for start in range(0, len(rows), _TOGETHER):
            written |= _update_alike(engine, names, rows[start : start + _TOGETHER])
    history.wrote(engine, "client", sum(each.client_id in written and bool(each.changes) for each in updates))
    return [each.client_id for each in updates if each.client_id not in written]


def _update_alike(engine: Engine, names: Sequence[str], rows: Sequence[Sequence[object]]) -> set[int]:
    """Writes the same columns of some clients (id, version, values) in one statement, as a server may be far away;
    the ids of those that had that version."""
    kinds = ["bigint", "bigint", *("bigint" if name in _REFERENCES.values() else "text" for name in names)]
    first = ", ".join(f"CAST(? AS {kind})" for kind in kinds)  # tells the types of the other rows, too
    other = f", ({', '.join('?' * len(kinds))})" * (len(rows) - 1)
    given = ", ".join(f"{name} = given.column{at}" for at, name in enumerate(names, 3))
    cursor = engine.sql(
        f"UPDATE client SET {given}, version = given.column2 + 1 FROM (VALUES ({first}){other}) AS given"
        " WHERE id = given.column1 AND version = given.column2 RETURNING id",
        [value for row in rows for value in row],
    )
    return {row[0] for row in cursor.fetchall()}


def _park(engine: Engine, updates: Sequence[Update]) -> frozenset[int]:
    """Makes the clients whose number another one of the updates takes give it up; their ids."""
    wanted = {
        key: each.client_id
        for each in updates
        if "client_number" in each.changes and (key := number_key(each.changes["client_number"]))
    }
    bearers = holders(engine, list(wanted))
    moving = {each.client_id for each in updates if "client_number" in each.changes}
    parked = frozenset(
        client_id for key, (client_id, _name) in bearers.items() if client_id in moving and wanted[key] != client_id
    )
    condition, parameters = engine.any_of(sorted(parked))
    if parked:
        engine.sql(
            f"UPDATE client SET number_key = CAST(? AS TEXT) || id, version = version + 1 WHERE {condition}",
            (_PARKED, *parameters),
        )
    return parked


_PARKED = "\x01"


def columns_of(columns: Mapping[str, object]) -> dict[object, object]:
    """Column names as the model's fields, as an update wants them."""
    return {ClientModel._meta.columns[name]: value for name, value in columns.items()}


def set_status(engine: Engine, client_ids: Sequence[int], status: str) -> int:
    """Gives the status to those of the clients that have another; how many they were."""
    condition, parameters = engine.any_of(client_ids)
    cursor = engine.sql(
        f"UPDATE client SET status = ?, version = version + 1 WHERE status <> ? AND {condition}",
        (status, status, *parameters),
    )
    history.wrote(engine, "client", cursor.rowcount)
    return int(cursor.rowcount)


def set_lead(engine: Engine, from_member: int, to_member: int | None, only: Sequence[int] | None = None) -> int:
    """Gives the clients of one lead accountant (`only` these, or all of them) to another; how many they were."""
    condition, parameters = engine.any_of(only) if only is not None else ("1 = 1", ())
    cursor = engine.sql(
        f"UPDATE client SET lead_id = ?, version = version + 1 WHERE lead_id = ? AND {condition}",
        (to_member, from_member, *parameters),
    )
    history.wrote(engine, "client", cursor.rowcount)
    return int(cursor.rowcount)


def led_by(engine: Engine, member_id: int, only: Sequence[int] | None = None) -> str | None:
    """The display name of a client (`only` among these) that a member leads; None if there is none."""
    condition, parameters = engine.any_of(only) if only is not None else ("1 = 1", ())
    sql = f"SELECT display_name FROM client WHERE lead_id = ? AND {condition} LIMIT 1"
    row = engine.sql(sql, (member_id, *parameters)).fetchone()
    return str(row[0]) if row else None


def delete(engine: Engine, client_id: int, version: int) -> bool:
    """Removes a client for good. False if its version is another."""
    query = ClientModel.delete().where((ClientModel.id == client_id) & (ClientModel.version == version))
    deleted = bool(query.execute(engine.db))
    history.wrote(engine, "client", deleted)
    return deleted

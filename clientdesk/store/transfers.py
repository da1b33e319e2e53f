"""Clients that come from another firm or leave for one: what they meet there, and the history they bring along."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from clientdesk.store import history
from clientdesk.store.chain import salted
from clientdesk.store.engines import Engine
from clientdesk.store.history import values_of

_AT_ONCE = 500


class Present(NamedTuple):
    """A client that bears a Company ID: its name, how often it was changed here, and the state in which it came.

    `state` is "" for a client that did not come from the firm that was asked about.
    """

    id: int
    version: int
    name: str
    state: str


class Past(NamedTuple):
    """An entry of a client's history in its own firm; `old` and `new` by field, {} where there is none."""

    at: str
    who: str
    kind: str
    note: str
    operation: str
    old: Mapping[str, object]
    new: Mapping[str, object]
    change_set: int


class Arrival(NamedTuple):
    """A client that came: its Company ID, its state in the firm it came from, its history there and before (JSON)."""

    company_id: str
    state: str
    entries: str


def uid(engine: Engine) -> str:
    """The firm's identity: 16 hexadecimal digits, the same for ever."""
    return str(engine.sql("SELECT uid FROM firm").fetchone()[0])


def _among(engine: Engine, sql: str, keys: Sequence[str], *more: object) -> Iterator[Any]:
    """The rows of a statement that ends in the place for a list of keys; `more` stands before it."""
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        yield from engine.sql(f"{sql} ({', '.join('?' for _ in part)})", (*more, *part)).fetchall()


# The arrival from one firm by which a client was added. One that was deleted may have left its id to another client.
_CAME = (
    " FROM arrival a WHERE a.client_id = client.id AND a.company_id = client.company_id AND a.from_uid = ?"
    " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.entity = 'client' AND h.key = CAST(client.id AS TEXT)"
    " AND h.operation = 'insert' AND h.change_set_id > a.change_set_id)"
    " ORDER BY a.change_set_id DESC LIMIT 1"
)


def present(engine: Engine, company_ids: Sequence[str], from_uid: str) -> dict[str, Present]:
    """Which of the Company IDs are in the firm, and whether their clients came from the firm `from_uid`."""
    sql = (
        f"SELECT company_id, id, version, display_name, coalesce((SELECT a.state{_CAME}), '')"
        " FROM client WHERE company_id IN"
    )
    return {row[0]: Present(*row[1:]) for row in _among(engine, sql, company_ids, from_uid)}


def strangers(engine: Engine, name_keys: Sequence[str], from_uid: str) -> dict[str, tuple[str, str]]:
    """By folded name, display name and client number of a client so called that did not come from `from_uid`."""
    sql = (
        "SELECT display_name_sort, display_name, client_number FROM client"
        f" WHERE NOT EXISTS (SELECT 1{_CAME}) AND display_name_sort IN"
    )
    found: dict[str, tuple[str, str]] = {}
    for key, name, number in _among(engine, sql, name_keys, from_uid):
        found.setdefault(key, (name, number))
    return found


def receive(engine: Engine, arrivals: Iterable[Arrival], from_uid: str, from_firm: str) -> None:
    """Writes where clients that were just added in the open change set came from, with what they bring along."""
    coming = {each.company_id: each for each in arrivals}
    ids = dict(_among(engine, "SELECT company_id, id FROM client WHERE company_id IN", list(coming)))
    change_set = engine.sql("SELECT max(id) FROM change_set WHERE seal IS NULL").fetchone()[0]
    rows = [
        (ids[company_id], change_set, company_id, from_uid, from_firm, each.state, each.entries, *salted(each.entries))
        for company_id, each in coming.items()
    ]
    columns = (
        "client_id",
        "change_set_id",
        "company_id",
        "from_uid",
        "from_firm",
        "state",
        "entries",
        "salt",
        "digest",
    )
    engine.insert_many("arrival", columns, rows)


def pasts(engine: Engine, client_ids: Sequence[int]) -> dict[int, list[Past]]:
    """The history of clients in this firm by id, each oldest first, from when the client was added."""
    condition, parameters = engine.any_of(client_ids)
    cursor = engine.sql(
        "SELECT h.key, s.at, m.name, s.kind, s.note, h.operation, h.old, h.new, s.id"
        " FROM history h JOIN change_set s ON s.id = h.change_set_id JOIN team_member m ON m.id = s.actor_id"
        f" WHERE h.entity = 'client' AND h.key IN (SELECT CAST(id AS TEXT) FROM client WHERE {condition})"
        " ORDER BY h.key, h.id",
        parameters,
    )
    found: dict[int, list[Past]] = {}
    for key, at, who, kind, note, operation, old, new, change_set in cursor.fetchall():
        client_id = int(key)
        past = Past(at, who, kind, note, operation, values_of(old), values_of(new), change_set)
        if past.operation == "insert":
            found[client_id] = []
        found.setdefault(client_id, []).append(past)
    return found


def brought(engine: Engine, clients: Mapping[int, int]) -> dict[int, str]:
    """What clients that are there brought along (JSON), by id; `clients` says in which change set each was added."""
    condition, parameters = engine.any_of(list(clients))
    cursor = engine.sql(
        "SELECT client_id, entries, change_set_id FROM arrival"
        f" WHERE client_id IN (SELECT id FROM client WHERE {condition})",
        parameters,
    )
    return {row[0]: row[1] for row in cursor.fetchall() if row[2] == clients[row[0]]}


def arrived(engine: Engine, client_id: int, change_set: int) -> str | None:
    """What a client brought along (JSON) that was added in a change set; None if it came from nowhere."""
    sql = "SELECT entries FROM arrival WHERE client_id = ? AND change_set_id = ?"
    row = engine.sql(sql, (client_id, change_set)).fetchone()
    return str(row[0]) if row else None


def company_ids(engine: Engine, client_ids: Sequence[int]) -> dict[int, str]:
    """The Company IDs of clients by id."""
    condition, parameters = engine.any_of(client_ids)
    return dict(engine.sql(f"SELECT id, company_id FROM client WHERE {condition}", parameters).fetchall())


def delete(engine: Engine, client_ids: Sequence[int]) -> int:
    """Removes clients for good; how many they were. The database refuses those that may not be deleted."""
    condition, parameters = engine.any_of(client_ids)
    deleted = int(engine.sql(f"DELETE FROM client WHERE {condition}", parameters).rowcount)
    history.wrote(engine, "client", deleted)
    return deleted

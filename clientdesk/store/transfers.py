"""Clients that come from another firm or leave for one: what they meet there, and the history they bring along."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from clientdesk.store.engines import Engine
from clientdesk.store.history import sides_of
from clientdesk.store.history_models import ArrivalModel, ChangeSetModel, HistoryModel
from clientdesk.store.models import ClientModel, FirmModel, TeamMemberModel
from clientdesk.store.seals import salted

_AT_ONCE = 500

_CLIENT: Any = ClientModel  # their declarations give them their columns
_FIRM: Any = FirmModel


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
    """A client that came: its id here, its Company ID, its state in the firm it came from, its history there and before (JSON)."""

    client_id: int
    company_id: str
    state: str
    entries: str


def uid(engine: Engine) -> str:
    """The firm's identity: 16 hexadecimal digits, the same for ever."""
    return str(engine.execute(_FIRM.select(_FIRM.uid)).fetchone()[0])


def _among(engine: Engine, query: "ModelSelect[Any]", column: Any, keys: Sequence[str]) -> Iterator[Any]:
    """The rows of a query whose column is one of the keys, some keys at a time."""
    for start in range(0, len(keys), _AT_ONCE):
        yield from engine.execute(query.where(column << keys[start : start + _AT_ONCE])).fetchall()


def _came(from_uid: str, column: Any) -> "ModelSelect[Any]":
    """Something of the arrival from one firm by which a client was added, the latest where it came more than once."""
    again = HistoryModel.select(HistoryModel.id).where(
        HistoryModel.entity == "client",
        HistoryModel.key == _CLIENT.id.cast("text"),
        HistoryModel.operation == "insert",
        HistoryModel.change_set > ArrivalModel.change_set,
    )
    return (
        ArrivalModel.select(column)
        .where(
            ArrivalModel.client_id == _CLIENT.id,
            ArrivalModel.company_id == _CLIENT.company_id,
            ArrivalModel.from_uid == from_uid,
            ~fn.EXISTS(again),
        )
        .order_by(ArrivalModel.change_set.desc())
        .limit(1)
    )


def present(engine: Engine, company_ids: Sequence[str], from_uid: str) -> dict[str, Present]:
    """Which of the Company IDs are in the firm, and whether their clients came from the firm `from_uid`."""
    state = fn.COALESCE(_came(from_uid, ArrivalModel.state), "")
    query = _CLIENT.select(_CLIENT.company_id, _CLIENT.id, _CLIENT.version, _CLIENT.display_name, state)
    return {row[0]: Present(*row[1:]) for row in _among(engine, query, _CLIENT.company_id, company_ids)}


def strangers(engine: Engine, name_keys: Sequence[str], from_uid: str) -> dict[str, tuple[str, str]]:
    """By folded name, display name and client number of a client so called that did not come from `from_uid`."""
    query = _CLIENT.select(_CLIENT.display_name_sort, _CLIENT.display_name, _CLIENT.client_number).where(
        ~fn.EXISTS(_came(from_uid, ArrivalModel.state))
    )
    by_name: dict[str, tuple[str, str]] = {}
    for key, name, number in _among(engine, query, _CLIENT.display_name_sort, name_keys):
        by_name.setdefault(key, (name, number))
    return by_name


def receive(engine: Engine, arrivals: Iterable[Arrival], from_uid: str, from_firm: str) -> None:
    """Writes where clients that were just added in the open change set came from, with what they bring along."""
    being_written = ChangeSetModel.select(fn.MAX(ChangeSetModel.id)).where(ChangeSetModel.seal.is_null())
    change_set = engine.execute(being_written).fetchone()[0]
    rows = [
        (
            *(arrival.client_id, change_set, arrival.company_id, from_uid, from_firm),
            *(arrival.state, arrival.entries, *salted(arrival.entries)),
        )
        for arrival in arrivals
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
    entry, of = HistoryModel, ChangeSetModel
    keys = _CLIENT.select(_CLIENT.id.cast("text")).where(engine.one_of(_CLIENT.id, client_ids))
    columns = (entry.key, of.at, TeamMemberModel.name, of.kind, of.note, entry.operation, entry.old, entry.new, of.id)
    query = (
        entry.select(*columns)
        .join(of, on=(of.id == entry.change_set))
        .join(TeamMemberModel, on=(TeamMemberModel.id == of.actor))
        .where(entry.entity == "client", entry.key << keys)
        .order_by(entry.key, entry.id)
    )
    by_client: dict[int, list[Past]] = {}
    for key, at, who, kind, note, operation, old, new, change_set in engine.execute(query).fetchall():
        client_id = int(key)
        past = Past(at, who, kind, note, operation, *sides_of("client", operation, old, new), change_set)
        if past.operation == "insert":
            by_client[client_id] = []
        by_client.setdefault(client_id, []).append(past)
    return by_client


def brought(engine: Engine, clients: Mapping[int, int]) -> dict[int, str]:
    """What clients that are there brought along (JSON), by id; `clients` says in which change set each was added."""
    existing = _CLIENT.select(_CLIENT.id).where(engine.one_of(_CLIENT.id, list(clients)))
    query = ArrivalModel.select(ArrivalModel.client_id, ArrivalModel.entries, ArrivalModel.change_set)
    rows = engine.execute(query.where(ArrivalModel.client_id << existing)).fetchall()
    return {row[0]: row[1] for row in rows if row[2] == clients[row[0]]}


def arrived(engine: Engine, client_id: int, change_set: int) -> str | None:
    """What a client brought along (JSON) that was added in a change set, "" where that was erased; None if it came
    from nowhere."""
    query = ArrivalModel.select(ArrivalModel.entries)
    of_client = ArrivalModel.client_id == client_id, ArrivalModel.change_set == change_set
    row = engine.execute(query.where(*of_client)).fetchone()
    return row[0] or "" if row else None


def company_ids(engine: Engine, client_ids: Sequence[int]) -> dict[int, str]:
    """The Company IDs of clients by id."""
    query = _CLIENT.select(_CLIENT.id, _CLIENT.company_id)
    return dict(engine.execute(query.where(engine.one_of(_CLIENT.id, client_ids))).fetchall())

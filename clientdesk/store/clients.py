"""Clients one by one: their rows, written and read."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from clientdesk.domain.fields import BY_NAME, NAMES
from clientdesk.domain.fold import fold, number_key, number_sort
from clientdesk.domain.rules import search_text
from clientdesk.store.engines import Engine
from clientdesk.store.listing import COLUMNS, LAST
from clientdesk.store.models import ClientModel

_REFERENCES = {"client_type": "client_type_id", "lead": "lead_id"}
_FOLDED = tuple(name for name, field in BY_NAME.items() if field.folded)
_PLAIN = tuple(name for name in NAMES if name not in _REFERENCES)
_SELECTED = ", ".join(["client.id", "client.version", *COLUMNS.values()])
_AT_ONCE, _STAGED = 1_000, 25_000


def read(engine: Engine, condition: str, parameters: Sequence[object]) -> list[tuple[int, int, dict[str, str]]]:
    """Id, version and all values of the clients that meet a condition."""
    cursor = engine.sql(f"SELECT {_SELECTED} FROM client WHERE {condition}", parameters)
    return [(row[0], row[1], dict(zip(NAMES, row[2:], strict=True))) for row in cursor.fetchall()]


def by_id(engine: Engine, client_id: int) -> tuple[int, int, dict[str, str]] | None:
    """The client with this id."""
    return next(iter(read(engine, "client.id = ?", (client_id,))), None)


def by_key(engine: Engine, key: str) -> list[tuple[int, int, dict[str, str]]]:
    """The clients whose Company ID or client number is `key` (two at most)."""
    return read(engine, "client.company_id = ? OR client.number_key = ?", (key.strip(), number_key(key) or None))


def holder_of_number(engine: Engine, number: str) -> tuple[int, str] | None:
    """Id and display name of the client that bears a client number."""
    row = engine.sql("SELECT id, display_name FROM client WHERE number_key = ?", (number_key(number),)).fetchone()
    return (row[0], row[1]) if row else None


def taken(engine: Engine, column: str, keys: Sequence[str]) -> dict[str, str]:
    """Which of `keys` are in the firm already (`column` is number_key or company_id), with the holder's name."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ", ".join("?" for _ in part)
        sql = f"SELECT {column}, display_name FROM client WHERE {column} IN ({marks})"
        found.update(engine.sql(sql, tuple(part)).fetchall())
    return found


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
    for name in _FOLDED:
        columns[f"{name}_sort"] = fold(values[name])
    return columns


def _references(engine: Engine) -> dict[str, dict[str, int]]:
    """The ids of all client types and team members by their folded names, by field."""
    return {
        "client_type": dict(engine.sql("SELECT name_key, id FROM client_type").fetchall()),
        "lead": dict(engine.sql("SELECT name_key, id FROM team_member").fetchall()),
    }


def insert(engine: Engine, clients: Iterable[Mapping[str, str]], progress: Callable[[int], None] | None = None) -> int:
    """Writes new clients (all values of the catalogue); how many. `progress` is told how many are made ready."""
    known = _references(engine)
    columns = [*_PLAIN, *_REFERENCES.values(), *derived(dict.fromkeys(NAMES, ""))]

    def row(values: Mapping[str, str]) -> tuple[object, ...]:
        references = [known[name][fold(values[name])] if values[name] else None for name in _REFERENCES]
        return (*[values[name] for name in _PLAIN], *references, *derived(values).values())

    waiting = iter(clients)
    part = [row(values) for values in islice(waiting, _AT_ONCE)]
    if len(part) < _AT_ONCE:
        engine.insert_many("client", columns, part)
        return len(part)
    from concurrent.futures import Future, ThreadPoolExecutor  # only long lists need it

    written, staged = len(part), 0
    with ThreadPoolExecutor(1) as writer:  # while the database takes some, the next are made ready
        jobs: deque[Future[None]] = deque()
        while part:
            jobs.append(writer.submit(engine.stage, "client", columns, part))
            staged += len(part)
            part = [row(values) for values in islice(waiting, _AT_ONCE)]
            written += len(part)
            if staged >= _STAGED or not part:
                jobs.append(writer.submit(engine.move_staged, "client", columns))
                staged = 0
            while len(jobs) > (_STAGED // _AT_ONCE if part else 0):
                jobs.popleft().result()
            if progress is not None:
                progress(written)
    return written


def update(engine: Engine, client_id: int, version: int, changes: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Writes `changes` over a client; `values` is the whole client after them. False if its version is another."""
    columns: dict[str, object] = {name: value for name, value in changes.items() if name not in _REFERENCES}
    known = _references(engine) if any(name in changes for name in _REFERENCES) else {}
    for name, found in known.items():
        if name in changes:
            columns[_REFERENCES[name]] = found[fold(changes[name])] if changes[name] else None
    columns |= derived(values)
    query = ClientModel.update({**columns_of(columns), ClientModel.version: version + 1}).where(
        (ClientModel.id == client_id) & (ClientModel.version == version)
    )
    return bool(query.execute(engine.db))


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
    return int(cursor.rowcount)


def set_lead(engine: Engine, from_member: int, to_member: int | None, only: Sequence[int] | None = None) -> int:
    """Gives the clients of one lead accountant (`only` these, or all of them) to another; how many they were."""
    condition, parameters = engine.any_of(only) if only is not None else ("1 = 1", ())
    cursor = engine.sql(
        f"UPDATE client SET lead_id = ?, version = version + 1 WHERE lead_id = ? AND {condition}",
        (to_member, from_member, *parameters),
    )
    return int(cursor.rowcount)


def delete(engine: Engine, client_id: int, version: int) -> bool:
    """Removes a client for good. False if its version is another."""
    query = ClientModel.delete().where((ClientModel.id == client_id) & (ClientModel.version == version))
    return bool(query.execute(engine.db))

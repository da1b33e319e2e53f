"""The history told again: what each row must be by all that was written about it, against what stands in the tables.

The history is read row by row, a few thousand entries at a time, and beside it the rows: what is in memory does not grow
with the firm.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, cast

from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key
from clientdesk.store.clients import derived
from clientdesk.store.engines import Engine
from clientdesk.store.engines.kept import HISTORY, UNTOLD
from clientdesk.store.models import MODELS

_AT_ONCE = 2_000
_ROWS = 500
_FIRST = -(2**63)
Values = Mapping[str, object]


class Deviation(NamedTuple):
    """A row that is not what its history says.

    `kind` says how: a column "differs" (it is `present`, the history says `told`), the row's "version" is lower than
    so many changes make it, a "derived" column is not what follows from the others, the row has "no_history", it is
    "gone" without a word, it stands there though it was "deleted", or an entry of its history is "unreadable".
    """

    kind: str
    entity: str
    key: Key
    values: Values
    column: str = ""
    present: object = None
    told: object = None


class Told(NamedTuple):
    """What the history says of a row: its values (None: it was deleted), and how often they were changed at least."""

    values: dict[str, object] | None
    changes: int
    readable: bool


_UNTOLD = object()
"""A value of which the history of an older firm says nothing."""


def _declared(entity: str) -> dict[str, object]:
    """What a column has that a row's first entry does not name, as it was added later: its declared default."""
    model = next(model for model in MODELS if model._meta.table_name == entity)
    fields = model._meta.columns
    found = {name: fields[name].default for name in HISTORY[entity]}
    return {**found, **dict.fromkeys(UNTOLD.get(entity, ()), _UNTOLD)}


def _by_name(values: Values) -> dict[str, object]:
    return {"name_key": fold(str(values["name"]))}


_DERIVED: Mapping[str, Callable[[Values], dict[str, object]]] = {
    "client": lambda values: derived(cast("Mapping[str, str]", values)),  # of its texts, which are never NULL
    "team_member": _by_name,
    "client_type": _by_name,
}


def deviations(engine: Engine, told: Callable[[int], None] | None = None) -> Iterator[Deviation]:
    """Every row that is not what its history says, table by table. `told` hears how many rows were looked at so far.

    Call it inside `engine.reading()`, so that rows and history are of one moment.
    """
    done = 0
    for entity in HISTORY:
        for rows, found in _compared(engine, entity):
            yield from found
            done += rows
            if told is not None and not done % _AT_ONCE:
                told(done)


def _compared(engine: Engine, entity: str) -> Iterator[tuple[int, Sequence[Deviation]]]:
    """Each row that is there or has a history: how many rows that were (0 or 1), and what is wrong with it."""
    declared = _declared(entity)
    follow = _DERIVED.get(entity)
    for histories in _some(_histories(engine, entity)):
        rows = _rows(engine, entity, list(histories))
        for key, entries in histories.items():
            said = _tell(entries, declared)
            row = rows.get(key)
            if row is not None:
                yield 1, _look(entity, key, row, said, follow)
            elif said.values is not None:
                yield 0, [Deviation("gone", entity, key, said.values)]
    for key, values in _without_history(engine, entity):
        yield 1, [Deviation("no_history", entity, key, values)]


def _look(
    entity: str, key: Key, row: tuple[int, Values], said: Told, follow: Callable[[Values], dict[str, object]] | None
) -> list[Deviation]:
    """What is wrong with a row (version and values) that has a history."""
    version, values = row
    found = [] if said.readable else [Deviation("unreadable", entity, key, values)]
    if said.values is None:
        return [*found, Deviation("deleted", entity, key, values)]
    for column, value in said.values.items():
        if value is not _UNTOLD and values[column] != value:
            found.append(Deviation("differs", entity, key, values, column, values[column], value))
    if version < 1 + said.changes:
        found.append(Deviation("version", entity, key, values, "version", version, 1 + said.changes))
    if follow is not None:
        wrong = next((name for name, value in follow(values).items() if values[name] != value), None)
        if wrong is not None:
            found.append(Deviation("derived", entity, key, values, wrong))
    return found


def _tell(entries: "Entries", declared: Values) -> Told:
    """The row at the end of its history: from the entry that added it on, as an id may be given again."""
    values: dict[str, object] | None = None
    changes, readable = 0, True
    for operation, new in entries:
        try:
            read = json.loads(new or "{}")
        except ValueError:
            read = None
        if not isinstance(read, dict):
            readable, read = False, {}
        if operation == "insert":
            values, changes = {column: read.get(column, default) for column, default in declared.items()}, 0
        elif operation == "delete":
            values = None
        else:
            values = values if values is not None else dict.fromkeys(declared, _UNTOLD)
            values.update((column, value) for column, value in read.items() if column in declared)
            changes += bool(read)
    return Told(values, changes, readable)


def _columns(entity: str) -> list[str]:
    columns = list(HISTORY[entity])
    if entity in _DERIVED:
        columns += _DERIVED[entity](dict.fromkeys(columns, ""))
    return columns


def _rows(engine: Engine, entity: str, keys: Sequence[Key]) -> dict[Key, tuple[int, Values]]:
    """Version and columns of the rows that have these keys."""
    columns = _columns(entity)
    condition, parameters = engine.any_of([int(key) for key in keys if key.isdecimal() and len(key) < 19])
    sql = f"SELECT id, version, {', '.join(columns)} FROM {entity} WHERE {condition}"
    rows = engine.sql(sql, parameters).fetchall()
    return {str(row[0]): (row[1], dict(zip(columns, row[2:], strict=True))) for row in rows}


def _without_history(engine: Engine, entity: str) -> Iterator[tuple[Key, Values]]:
    """Key and columns of every row of which the history says nothing."""
    columns = _columns(entity)
    sql = (
        f"SELECT id, {', '.join(columns)} FROM {entity} WHERE id > ? AND NOT EXISTS (SELECT 1 FROM history h"
        f" WHERE h.entity = '{entity}' AND h.key = CAST({entity}.id AS TEXT)) ORDER BY id LIMIT ?"
    )
    last = _FIRST
    while part := engine.sql(sql, (last, _AT_ONCE)).fetchall():
        for row in part:
            yield str(row[0]), dict(zip(columns, row[1:], strict=True))
        last = part[-1][0]


Entries = list[tuple[str, str | None]]
"""Operation and new values of the entries about a row, oldest first."""


def _histories(engine: Engine, entity: str) -> Iterator[tuple[Key, Entries]]:
    """The entries about each row, by the row's key."""
    for key, entries in groupby(_entries(engine, entity), itemgetter(0)):
        yield key, [(entry[2], entry[3]) for entry in entries]


def _some(histories: Iterator[tuple[Key, Entries]]) -> Iterator[dict[Key, Entries]]:
    """A few of them at a time."""
    while part := dict(islice(histories, _ROWS)):
        yield part


def _entries(engine: Engine, entity: str) -> Iterator[Any]:
    sql = "SELECT key, id, operation, new FROM history WHERE entity = ? AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?"
    last: tuple[str, int] = ("", _FIRST)
    while part := engine.sql(sql, (entity, *last, _AT_ONCE)).fetchall():
        yield from part
        last = (part[-1][0], part[-1][1])

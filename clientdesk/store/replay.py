"""The history told again: what each row must be by all that was written about it, against what stands in the tables.

Both are read in the order of the ids, a few thousand at a time: what is in memory does not grow with the firm.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from clientdesk.store.derived import DERIVED, derived
from clientdesk.store.engines import Engine
from clientdesk.store.engines.kept import HISTORY, UNTOLD
from clientdesk.store.models import MODELS

_AT_ONCE = 2_000
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
    entity_id: int
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
    """Each id that has a row or a history: how many rows that were (0 or 1), and what is wrong with it."""
    declared = _declared(entity)
    follow = partial(derived, entity) if DERIVED[entity] else None
    rows, histories = _rows(engine, entity), _histories(engine, entity)
    row, history = next(rows, None), next(histories, None)
    while row is not None or history is not None:
        if history is None or (row is not None and row[0] < history[0]):
            assert row is not None
            yield 1, [Deviation("no_history", entity, row[0], row[2])]
            row = next(rows, None)
        elif row is None or history[0] < row[0]:
            said = _tell(history[1], declared)
            if said.values is not None:
                yield 0, [Deviation("gone", entity, history[0], said.values)]
            history = next(histories, None)
        else:
            said = _tell(history[1], declared)
            yield 1, _look(entity, row, said, follow)
            row, history = next(rows, None), next(histories, None)


def _look(
    entity: str, row: tuple[int, int, Values], said: Told, follow: Callable[[Values], dict[str, object]] | None
) -> list[Deviation]:
    """What is wrong with a row that has a history."""
    row_id, version, values = row
    found = [] if said.readable else [Deviation("unreadable", entity, row_id, values)]
    if said.values is None:
        return [*found, Deviation("deleted", entity, row_id, values)]
    for column, value in said.values.items():
        if value is not _UNTOLD and values[column] != value:
            found.append(Deviation("differs", entity, row_id, values, column, values[column], value))
    if version < 1 + said.changes:
        found.append(Deviation("version", entity, row_id, values, "version", version, 1 + said.changes))
    if follow is not None:
        wrong = next((name for name, value in follow(values).items() if values[name] != value), None)
        if wrong is not None:
            found.append(Deviation("derived", entity, row_id, values, wrong))
    return found


def _tell(entries: Sequence[tuple[str, str | None]], declared: Values) -> Told:
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


def _rows(engine: Engine, entity: str) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Id, version and columns of every row, by id."""
    columns = list(HISTORY[entity])
    columns += DERIVED[entity]
    sql = f"SELECT id, version, {', '.join(columns)} FROM {entity} WHERE id > ? ORDER BY id LIMIT ?"
    last = _FIRST
    while part := engine.sql(sql, (last, _AT_ONCE)).fetchall():
        for row in part:
            yield row[0], row[1], dict(zip(columns, row[2:], strict=True))
        last = part[-1][0]


def _histories(engine: Engine, entity: str) -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    """The entries about each row (operation and new values), oldest first, by the row's id."""
    for entity_id, entries in groupby(_entries(engine, entity), itemgetter(0)):
        yield entity_id, [(entry[2], entry[3]) for entry in entries]


def _entries(engine: Engine, entity: str) -> Iterator[Any]:
    sql = (
        "SELECT entity_id, id, operation, new FROM history WHERE entity = ? AND (entity_id, id) > (?, ?)"
        " ORDER BY entity_id, id LIMIT ?"
    )
    last = (_FIRST, _FIRST)
    while part := engine.sql(sql, (entity, *last, _AT_ONCE)).fetchall():
        yield from part
        last = (part[-1][0], part[-1][1])

"""The history told again: what each row must be by all that was written about it, against what stands in the tables.

The history is read row by row, a few thousand entries at a time, and beside it the rows: what is in memory does not grow
with the firm.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, Tuple, fn

from clientdesk.domain.patch import Key
from clientdesk.store.all_models import TABLES
from clientdesk.store.derived_columns import DERIVED
from clientdesk.store.engines import Engine
from clientdesk.store.entities import ENTITIES, Entity
from clientdesk.store.history import row_id, row_key
from clientdesk.store.history_models import ArrivalModel, HistoryModel
from clientdesk.store.models import ClientModel

_AT_ONCE = 2_000
_ROWS = 500
_FIRST = -(2**63)
Values = Mapping[str, object]


class Deviation(NamedTuple):
    """A row that is not what its history says.

    `kind` says how: a field "differs" (it is `present`, the history says `recorded`), the row's "version" is lower than
    so many changes make it, a "derived" column is not what follows from the others, the row has "no_history", it is
    "gone" without a word, it stands there though it was "deleted", or an entry of its history is "unreadable". Of a row
    that stands, what the change set `recorded` says was "erased", or what it brought along in that from another firm
    ("arrival_erased"); an erased entry of a row that is gone is "forgotten", which nobody needs to mend.
    """

    kind: str
    entity: str
    key: Key
    values: Values
    name: str = ""
    present: object = None
    recorded: object = None


class Recorded(NamedTuple):
    """What the history says of a row: its values (None: it was deleted), how often they were changed at least, and the
    change sets whose entries about it were erased."""

    values: dict[str, object] | None
    changes: int
    readable: bool
    erased: Sequence[int] = ()


_UNRECORDED = object()
"""A value of which the history says nothing."""


def deviations(engine: Engine) -> Iterator[Deviation]:
    """Every row that is not what its history says, table by table.

    Call it inside `engine.reading()`, so that rows and history are of one moment.
    """
    for entity in ENTITIES.values():
        yield from _compared(engine, entity)
    yield from _erased_arrivals(engine)


def _compared(engine: Engine, entity: Entity) -> Iterator[Deviation]:
    """What is wrong with the rows that are there or have a history."""
    declared = {attribute.name: attribute.default for attribute in entity.attributes}
    for histories in _few_at_once(_histories(engine, entity.name)):
        rows = _rows(engine, entity, list(histories))
        for key, entries in histories.items():
            recorded = _tell(entries, declared)
            row = rows.get(key)
            if row is not None:
                yield from _look(entity.name, key, row, recorded)
            else:
                yield from _look_for(entity.name, key, recorded)
    for key, values in _without_history(engine, entity):
        yield Deviation("no_history", entity.name, key, values)


def _look(entity: str, key: Key, row: tuple[int, Values], recorded: Recorded) -> list[Deviation]:
    """What is wrong with a row (version and values) that has a history."""
    version, values = row
    deviations = [] if recorded.readable else [Deviation("unreadable", entity, key, values)]
    deviations += [Deviation("erased", entity, key, values, recorded=number) for number in recorded.erased]
    if recorded.values is None:
        return [*deviations, Deviation("deleted", entity, key, values)]
    for name, value in recorded.values.items():
        if value is not _UNRECORDED and values[name] != value:
            deviations.append(Deviation("differs", entity, key, values, name, values[name], value))
    if version < 1 + recorded.changes:
        deviations.append(Deviation("version", entity, key, values, "version", version, 1 + recorded.changes))
    follows = DERIVED.get(entity, {})
    wrong = next((name for name, follow in follows.items() if values[name] != follow(values)), None)
    if wrong is not None:
        deviations.append(Deviation("derived", entity, key, values, wrong))
    return deviations


def _look_for(entity: str, key: Key, recorded: Recorded) -> list[Deviation]:
    """What is wrong with a row that has a history and is not there."""
    deviations = [Deviation("forgotten", entity, key, {}, recorded=number) for number in recorded.erased]
    if recorded.values is not None:
        recorded_values = {name: value for name, value in recorded.values.items() if value is not _UNRECORDED}
        deviations.append(Deviation("gone", entity, key, recorded_values))
    return deviations


def _tell(entries: "Entries", declared: Values) -> Recorded:
    """The row at the end of its history: from the entry that added it on."""
    values: dict[str, object] | None = None
    changes, readable = 0, True
    erased: list[int] = []
    for operation, new, salt, change_set in entries:
        if salt is None:
            erased.append(change_set)
            values = None if operation == "delete" else dict.fromkeys(declared, _UNRECORDED)
            continue
        try:
            read = json.loads(new or "{}")
        except ValueError:
            read = None
        if not isinstance(read, dict):
            readable, read = False, {}
        if operation == "insert":
            values, changes = {name: read.get(name, default) for name, default in declared.items()}, 0
        elif operation == "delete":
            values = None
        else:
            values = values if values is not None else dict.fromkeys(declared, _UNRECORDED)
            values.update((name, value) for name, value in read.items() if name in declared)
            changes += bool(read)
    return Recorded(values, changes, readable, erased)


def _columns(entity: Entity) -> dict[str, Any]:
    """The columns that are compared, by what they are called here: fields by name, and what follows from them."""
    columns = TABLES[entity.name]._meta.columns
    return {attribute.name: columns[attribute.column] for attribute in entity.attributes} | {
        name: columns[name] for name in DERIVED.get(entity.name, ())
    }


def _rows(engine: Engine, entity: Entity, keys: Sequence[Key]) -> dict[Key, tuple[int, Values]]:
    """Version and values of the rows that have these keys."""
    columns, model, key = _columns(entity), TABLES[entity.name], row_key(entity)
    of_keys = engine.one_of(model.id, list(map(row_id, keys))) if entity.identity == ("id",) else key << keys
    rows = engine.execute(model.select(key, model.version, *columns.values()).where(of_keys)).fetchall()
    return {row[0]: (row[1], dict(zip(columns, row[2:], strict=True))) for row in rows}


def _without_history(engine: Engine, entity: Entity) -> Iterator[tuple[Key, Values]]:
    """Key and values of every row of which the history says nothing."""
    columns, model, key = _columns(entity), TABLES[entity.name], row_key(entity)
    parts = [model._meta.columns[column] for column in entity.identity]
    entries = HistoryModel.select(HistoryModel.id).where(HistoryModel.entity == entity.name, HistoryModel.key == key)
    query = model.select(key, *parts, *columns.values()).where(~fn.EXISTS(entries)).order_by(*parts).limit(_AT_ONCE)
    page, first = query, 1 + len(parts)
    while part := engine.execute(page).fetchall():
        for row in part:
            yield row[0], dict(zip(columns, row[first:], strict=True))
        page = query.where(Tuple(*parts) > Tuple(*part[-1][1:first]))


def _erased_arrivals(engine: Engine) -> Iterator[Deviation]:
    """The clients of which it was erased what they brought along from another firm."""
    arrival, client = ArrivalModel, ClientModel
    columns = (arrival.client_id, arrival.change_set, client.company_id)
    query = arrival.select(*columns).join(client, JOIN.LEFT_OUTER, on=(client.id == arrival.client_id))
    place = (arrival.client_id, arrival.change_set)
    query, last = query.where(arrival.salt.is_null()).order_by(*place).limit(_AT_ONCE), (_FIRST, _FIRST)
    while part := engine.execute(query.where(Tuple(*place) > Tuple(*last))).fetchall():
        for client_id, change_set, company_id in part:
            kind = "forgotten" if company_id is None else "arrival_erased"
            yield Deviation(kind, "client", str(client_id), {"company_id": company_id}, recorded=change_set)
        last = (part[-1][0], part[-1][1])


Entries = list[tuple[str, str | None, str | None, int]]
"""Operation, new values, salt and change set of the entries about a row, oldest first; an erased one has no salt."""


def _histories(engine: Engine, entity: str) -> Iterator[tuple[Key, Entries]]:
    """The entries about each row, by the row's key."""
    for key, entries in groupby(_entries(engine, entity), itemgetter(0)):
        yield key, [tuple(entry[2:]) for entry in entries]


def _few_at_once(histories: Iterator[tuple[Key, Entries]]) -> Iterator[dict[Key, Entries]]:
    """A few of them at a time."""
    while part := dict(islice(histories, _ROWS)):
        yield part


def _entries(engine: Engine, entity: str) -> Iterator[Any]:
    entry = HistoryModel
    columns = (entry.key, entry.id, entry.operation, entry.new, entry.salt, entry.change_set)
    query = entry.select(*columns).where(entry.entity == entity)
    query, last = query.order_by(entry.key, entry.id).limit(_AT_ONCE), ("", _FIRST)
    while part := engine.execute(query.where(Tuple(entry.key, entry.id) > Tuple(*last))).fetchall():
        yield from part
        last = (part[-1][0], part[-1][1])

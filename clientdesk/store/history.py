"""Change sets and history: written by triggers, sealed in a chain, read back."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple

from peewee import Expression, ModelSelect, Value, fn

from clientdesk.domain.bounds import escaped, parsed
from clientdesk.domain.own_values import sides
from clientdesk.domain.patch import Key
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store import seals
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Change, Engine, Statement
from clientdesk.store.entities import CLIENT, ENTITIES, Entity
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import TeamMemberModel


class Entry(NamedTuple):
    """One entry of the history with its change set (number and note); `old` and `new` by field, {} for none."""

    id: int
    at: str
    actor: str
    kind: str
    entity: str
    key: Key
    operation: str
    old: Mapping[str, object]
    new: Mapping[str, object]
    change_set: int = 0
    note: str = ""
    stayed: int = 0
    """How many rows its change set has left as they were, where that takes another one back."""
    values_when_deleted: Mapping[str, object] = MappingProxyType({})
    """The last values of a row that was deleted since, where they were asked for."""
    erased: bool = False
    """Whether its values were taken out of the history."""


def values_of(text: str | None) -> Mapping[str, object]:
    """The values that an entry keeps (JSON), by field; {} for none, and for what cannot be read."""
    values = parsed(escaped(text), "object") if text else None
    return values if isinstance(values, dict) else {}


def sides_of(
    entity: str, operation: str, old: str | None, new: str | None
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """What an entry says of a row before and after (JSON), by field; of a client each own field by itself."""
    before, after = values_of(old), values_of(new)
    return sides(operation, before, after) if entity == CLIENT.name else (before, after)


def new_change(kind: str, job: int | None = None, undoes: int | None = None) -> Change:
    """A change set that is to be opened, under a name by chance."""
    return Change(kind, os.urandom(16).hex(), job, undoes)


def begin(engine: Engine, actor_id: int, access: str, change: Change, begun: int | None = None) -> int:
    """Opens a change set inside a transaction: the triggers write to the one that is not sealed yet. See
    `Engine.begin_change`. `begun` is the number of one that `Engine.begins` has opened already."""
    engine.rows_written.clear()
    engine.entries_told = None
    engine.change_set = begun or engine.begin_change(actor_id, access, change)
    return engine.change_set


def wrote(engine: Engine, entity: str, rows: int) -> None:
    """Notes that the open change set has written rows of a table, of which its history must speak when it is sealed."""
    engine.rows_written[entity] += rows
    engine.entries_told = None


def write(engine: Engine, entity: str, query: Statement) -> list[Any]:
    """Runs the write of one row, which gives that row; what the history says by now is asked along with it."""
    written, engine.entries_told = engine.together(query, (engine.entries, (engine.change_set,)))
    engine.rows_written[entity] += len(written)
    return written


def seal(engine: Engine, change_set_id: int) -> bool:
    """Closes a change set with the hash over it and the one before; False if nothing was written in it.

    Raises FirmUnusable ("history_unwritten") where rows were written of which the history says nothing, or where the
    database would not seal it.
    """
    if engine.entries_told is None:
        (engine.entries_told,) = engine.together((engine.entries, (engine.change_set,)))
    entries = {entity: count for entity, count, _is_sealed in engine.entries_told}
    is_whole = all(entries.get(entity, 0) >= rows for entity, rows in engine.rows_written.items())
    if not is_whole or not all(is_sealed for _entity, _count, is_sealed in engine.entries_told):
        raise FirmUnusable(problem("history_unwritten", path=engine.location))
    if not entries:
        return False

    engine.seal_change(change_set_id, sum(entries.values()), lambda keep: seals.seal(engine, change_set_id, keep))
    return True


_AT_ONCE = 2_000

LAST = 2**63 - 1
"""An entry after all others: no id is greater."""


def row_id(key: Key) -> int:
    """The id that the key of a row is; 0, which no row has, for what another program wrote there."""
    return int(key) if key.isascii() and key.isdecimal() and len(key) < len(str(LAST)) else 0


class Addition(NamedTuple):
    """The entry with which a row was added, and its change set."""

    id: int = 0
    change_set: int = 0


def addition(engine: Engine, entity: str, key: Key) -> Addition:
    """With which entry a row was added last; zeros where none says so."""
    query = (
        HistoryModel.select(HistoryModel.id, HistoryModel.change_set)
        .where(HistoryModel.entity == entity, HistoryModel.key == key, HistoryModel.operation == "insert")
        .order_by(HistoryModel.id.desc())
        .limit(1)
    )
    row = engine.execute(query).fetchone()
    return Addition(*row) if row is not None else Addition()


def entries(engine: Engine, entity: str, key: Key, limit: int, until: int = LAST) -> list[Entry]:
    """The latest entries about one row up to the entry `until`, newest first."""
    return _entries(engine, limit, HistoryModel.entity == entity, HistoryModel.key == key, HistoryModel.id <= until)


def latest(engine: Engine, limit: int, until: int = LAST) -> list[Entry]:
    """The latest entries of the whole firm up to the entry `until`, newest first."""
    return _entries(engine, limit, HistoryModel.id <= until)


def entry_query(*columns: Any) -> "ModelSelect[Any]":
    """Entries with their change sets and who wrote them, as `entry_of` takes them; behind them other `columns`."""
    entry, of = HistoryModel, ChangeSetModel
    return (
        entry.select(
            *(entry.id, of.at, TeamMemberModel.name, of.kind, entry.entity, entry.key, entry.operation),
            *(entry.old, entry.new, of.id, of.note, of.stayed, *columns),
        )
        .join(of, on=(of.id == entry.change_set))
        .join(TeamMemberModel, on=(TeamMemberModel.id == of.actor))
        .switch(entry)
    )


def entry_of(row: Sequence[Any]) -> Entry:
    """An entry of what `entry_query` selects; more columns behind it are left."""
    old, new = sides_of(row[4], row[6], row[7], row[8])
    parts: list[Any] = [*row[:7], old, new, *row[9:12]]
    return Entry(*parts)._replace(erased=row[7] is None and row[8] is None)


def last_values() -> Any:
    """What the last entry about the row of an entry says of it, where that is its deletion (JSON); a column for
    `entry_query`."""
    deletion = HistoryModel.alias("gone")
    return deletion.select(deletion.old).where(deletion.id == _last(), deletion.operation == "delete")


def _last() -> Any:
    """The last entry about the row of an entry: the key's index leads to it at once, however many there are."""
    last = HistoryModel.alias("last")
    return last.select(fn.MAX(last.id)).where(last.entity == HistoryModel.entity, last.key == HistoryModel.key)


def _entries(engine: Engine, limit: int, *conditions: Expression) -> list[Entry]:
    query = entry_query().where(*conditions).order_by(HistoryModel.id.desc()).limit(limit)
    return [entry_of(row) for row in engine.execute(query).fetchall()]


def deleted_client(engine: Engine, is_it: Callable[[Mapping[str, object]], bool]) -> int:
    """The client deleted last, and not brought back, whose last values meet a test; 0 for none."""
    entry, deleted = HistoryModel, HistoryModel.operation == "delete"
    query = entry.select(entry.id, entry.key, entry.old).where(entry.entity == "client", deleted, entry.id == _last())
    last, query = LAST, query.order_by(entry.id.desc()).limit(_AT_ONCE)
    while part := engine.execute(query.where(entry.id < last)).fetchall():
        for _id, key, old in part:
            if (client_id := row_id(key)) and is_it(values_of(old)):
                return client_id
        last = part[-1][0]
    return 0


_ROWS_AT_ONCE = 500
"""So many keys stand in one statement."""


class Called(NamedTuple):
    """What a row is called; of a client its Company ID as well, which tells it from another of its name."""

    name: str = ""
    company_id: str = ""


_ID = "company_id"


def called(engine: Engine, keys_by_entity: Mapping[str, Collection[Key]]) -> dict[tuple[str, Key], Called]:
    """What the rows with these keys are called, by entity: now; of what was deleted, as it was last.

    One statement for some hundred rows, however many entities they are of; one more where some were deleted.
    """
    by_key = {
        entity: keys for entity, keys in keys_by_entity.items() if entity in ENTITIES and not ENTITIES[entity].called_by
    }
    names_by_row = _called_by_keys(engine, by_key) if by_key else {}
    for part in _parts({entity: keys for entity, keys in keys_by_entity.items() if entity not in by_key}):
        for entity, key, *words in engine.execute(_present(part)).fetchall():
            names_by_row[entity, key] = Called(*map(str, words))
        unnamed = {entity: [key for key in keys if (entity, key) not in names_by_row] for entity, keys in part.items()}
        for entity, keys in unnamed.items():
            for key, old in engine.execute(_deleted(entity, keys)).fetchall() if keys else ():
                values, words = values_of(old), (ENTITIES[entity].called_by, _ID)
                names_by_row[entity, key] = Called(*(str(values.get(word, "")) for word in words))
    return names_by_row


def _called_by_keys(engine: Engine, keys_by_entity: Mapping[str, Collection[Key]]) -> dict[tuple[str, Key], Called]:
    """What rows are called whose keys name them: the names of the rows that a key refers to, and its other parts."""
    parts = {(entity, key): _parts_of(entity, key) for entity, keys in keys_by_entity.items() for key in keys}
    referred: dict[str, set[Key]] = {}
    for named in parts.values():
        for entity, part in named:
            if entity:
                referred.setdefault(entity, set()).add(part)
    words = names(engine, referred)
    return {
        row: Called(", ".join(words.get((entity, part)) or (f"#{part}" if entity else part) for entity, part in named))
        for row, named in parts.items()
    }


def _parts_of(entity: str, key: Key) -> list[tuple[str, Key]]:
    """The parts of a key, each with the entity that it is the id of ("" for none); none of what is no key."""
    attributes, parts = ENTITIES[entity].key_attributes, key.split("/")
    if len(attributes) != len(parts):
        return []
    return [(attribute.refers_to, part) for attribute, part in zip(attributes, parts, strict=True)]


def names(engine: Engine, keys_by_entity: Mapping[str, Collection[Key]]) -> dict[tuple[str, Key], str]:
    """The names of rows. See `called`."""
    return {row: of_row.name for row, of_row in called(engine, keys_by_entity).items()}


def _parts(keys_by_entity: Mapping[str, Collection[Key]]) -> Iterable[dict[str, list[Key]]]:
    listed = [(entity, key) for entity, keys in keys_by_entity.items() if entity in ENTITIES for key in sorted(keys)]
    for start in range(0, len(listed), _ROWS_AT_ONCE):
        part: dict[str, list[Key]] = {}
        for entity, key in listed[start : start + _ROWS_AT_ONCE]:
            part.setdefault(entity, []).append(key)
        yield part


def row_key(entity: Entity) -> Any:
    """The column of the keys of an entity's rows."""
    parts = [TABLES[entity.name]._meta.columns[column].cast("text") for column in entity.identity]
    return reduce(lambda start, part: start.concat("/").concat(part), parts)


def _present(part: Mapping[str, Sequence[Key]]) -> Any:
    """What rows are called at present."""
    query = None
    for entity, keys in part.items():
        model, declared = TABLES[entity], ENTITIES[entity]
        columns, key = model._meta.columns, row_key(declared)
        name = columns[declared.by_name[declared.called_by].column]
        is_asked = model.id << [row_id(row_key) for row_key in keys] if declared.identity == ("id",) else key << keys
        company_id = columns[declared.by_name[_ID].column] if _ID in declared.by_name else Value("")
        present = model.select(Value(entity), key, name, company_id).where(is_asked)
        query = present if query is None else query.union_all(present)
    return query


def _deleted(entity: str, keys: Sequence[Key]) -> Any:
    """What the last entries of rows say that were deleted."""
    return HistoryModel.select(HistoryModel.key, HistoryModel.old).where(*_deletions(entity, keys))


def _deletions(entity: str, keys: Sequence[Key]) -> tuple[Expression, ...]:
    """The last entries of rows, of those that were deleted."""
    latest = (
        HistoryModel.select(fn.MAX(HistoryModel.id))
        .where(HistoryModel.entity == entity, HistoryModel.key << keys)
        .group_by(HistoryModel.key)
    )
    return HistoryModel.id << latest, HistoryModel.operation == "delete"


def deletions(engine: Engine, entity: str, keys: Collection[Key]) -> dict[Key, Entry]:
    """With which entries rows were deleted, by key; those that are there, or never were, are left out."""
    by_key: dict[Key, Entry] = {}
    for part in _parts({entity: keys}):
        query = entry_query().where(*_deletions(entity, part[entity]))
        by_key |= {entry.key: entry for entry in map(entry_of, engine.execute(query).fetchall())}
    return by_key


def name_of(engine: Engine, entity: str, key: Key) -> str:
    """What one row is called. See `names`; "" for a row that never was."""
    return names(engine, {entity: [key]}).get((entity, key), "")

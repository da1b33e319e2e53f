"""Change sets and history: written by triggers, sealed in a chain, read back."""

import os
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from clientdesk.domain.bounds import escaped, parsed
from clientdesk.domain.patch import Key
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store import chain
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.entities import ENTITIES


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


def values_of(text: str | None) -> Mapping[str, object]:
    """The values that an entry keeps (JSON), by field; {} for none, and for what cannot be read."""
    values = parsed(escaped(text or ""), "object")
    return values if isinstance(values, dict) else {}


def begin(
    engine: Engine,
    actor_id: int,
    kind: str,
    access: str,
    operation: str = "",
    job: int | None = None,
    undoes: int | None = None,
    begun: int | None = None,
) -> int:
    """Opens a change set inside a transaction: the triggers write to the one that is not sealed yet. See
    `Engine.begin_change`. `begun` is the number of one that `Engine.begins` has opened already."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    engine.rows_written.clear()
    engine.entries_told = None
    engine.change_set = begun or engine.begin_change(
        at, actor_id, kind, access, operation or os.urandom(16).hex(), job, undoes
    )
    return engine.change_set


def write_note(engine: Engine, note: str) -> None:
    """Gives the open change set its note: a few words of data that its kind's title shows. Once, and not empty."""
    engine.note_change(note)


def wrote(engine: Engine, entity: str, rows: int) -> None:
    """Notes that the open change set has written rows of a table, of which its history must speak when it is sealed."""
    engine.rows_written[entity] += rows
    engine.entries_told = None


def write(engine: Engine, entity: str, query: Statement) -> list[Any]:
    """Runs the write of one row, which gives that row; what the history says by now is asked along with it."""
    written, told = engine.together(query, engine.entries_asked())
    wrote(engine, entity, len(written))
    engine.entries_told = told
    return written


def seal(engine: Engine, change_set_id: int) -> bool:
    """Closes a change set with the hash over it and the one before; False if nothing was written in it.

    Raises FirmUnusable ("history_unwritten") where rows were written of which the history says nothing.
    """
    told = engine.entries_told
    entries = engine.entries_written(engine.together(engine.entries_asked())[0] if told is None else told)
    for entity, rows in engine.rows_written.items():
        if entries.get(entity, 0) < rows:
            raise FirmUnusable(problem("history_unwritten", path=engine.location))
    if not entries:
        return False

    engine.seal_change(change_set_id, lambda keep: chain.seal(engine, change_set_id, keep))
    return True


_AT_ONCE = 2_000

LAST = 2**63 - 1
"""An entry after all others."""


class Added(NamedTuple):
    """The entry with which a row was added, and its change set."""

    id: int = 0
    change_set: int = 0


def added(engine: Engine, entity: str, key: Key, until: int = LAST) -> Added:
    """With which entry a row was added last, up to the entry `until`; zeros where none says so."""
    row = engine.sql(
        "SELECT id, change_set_id FROM history WHERE entity = ? AND key = ? AND id <= ? AND operation = 'insert'"
        " ORDER BY id DESC LIMIT 1",
        (entity, key, until),
    ).fetchone()
    return Added(*row) if row is not None else Added()


def entries(engine: Engine, entity: str, key: Key, limit: int, until: int = LAST) -> list[Entry]:
    """The latest entries about one row up to the entry `until`, newest first.

    They end where the row was added: the id of a row that was deleted may be given to another one.
    """
    first = added(engine, entity, key, until).id
    where = "h.entity = ? AND h.key = ? AND h.id <= ? AND h.id >= ?"
    return _entries(engine, where, (entity, key, until, first), limit)


def latest(engine: Engine, limit: int, until: int = LAST) -> list[Entry]:
    """The latest entries of the whole firm up to the entry `until`, newest first."""
    return _entries(engine, "h.id <= ?", (until,), limit)


def of_change(engine: Engine, change_set_id: int, limit: int, until: int = LAST) -> list[Entry]:
    """The entries of one change set up to the entry `until`, newest first."""
    return _entries(engine, "h.change_set_id = ? AND h.id <= ?", (change_set_id, until), limit)


def window(engine: Engine, offset: int, limit: int) -> list[Entry]:
    """Entries of the whole firm, newest first, from number `offset` on.

    One in so many entries is remembered, from which the others are counted: far down is as near as the top.
    """
    if offset < _STEP:
        return _entries(engine, "1 = 1", (), limit, offset)
    steps: Sequence[int] = engine.remembered(("history", "steps"), lambda: _steps(engine))
    step, rest = divmod(offset, _STEP)
    return _entries(engine, "h.id <= ?", (steps[step],), limit, rest) if step < len(steps) else []


_STEP = 1_000


def _steps(engine: Engine) -> Sequence[int]:
    """The ids of the entries with the numbers 0, 1,000, 2,000 and so on."""
    sql = "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS place FROM history) AS numbered WHERE place % ? = 1 ORDER BY id DESC"
    return array("q", [row[0] for row in engine.sql(sql, (_STEP,)).fetchall()])


def count(engine: Engine) -> int:
    """How many entries the whole firm has."""

    def counted() -> int:
        return int(engine.sql("SELECT count(*) FROM history").fetchone()[0])

    return engine.remembered(("history", "count"), counted)


def position(engine: Engine, entry_id: int) -> int | None:
    """The number of an entry among all, the newest being 0; None where there is none of that id."""
    if engine.sql("SELECT 1 FROM history WHERE id = ?", (entry_id,)).fetchone() is None:
        return None
    return int(engine.sql("SELECT count(*) FROM history WHERE id > ?", (entry_id,)).fetchone()[0])


def _entries(
    engine: Engine, condition: str, parameters: tuple[object, ...], limit: int, offset: int = 0
) -> list[Entry]:
    cursor = engine.sql(
        "SELECT h.id, s.at, m.name, s.kind, h.entity, h.key, h.operation, h.old, h.new, s.id, s.note"
        " FROM history h JOIN change_set s ON s.id = h.change_set_id JOIN team_member m ON m.id = s.actor_id"
        f" WHERE {condition} ORDER BY h.id DESC LIMIT ? OFFSET ?",
        (*parameters, limit, offset),
    )
    return [Entry._make((*row[:7], values_of(row[7]), values_of(row[8]), *row[9:])) for row in cursor.fetchall()]


def deleted_client(engine: Engine, is_it: Callable[[Mapping[str, object]], bool]) -> tuple[int, int] | None:
    """Of the client deleted last whose last values meet a test: its id, and the entry of its deletion; or None."""
    last = LAST
    while part := engine.sql(
        "SELECT key, id, old FROM history WHERE entity = 'client' AND operation = 'delete' AND id < ?"
        " ORDER BY id DESC LIMIT ?",
        (last, _AT_ONCE),
    ).fetchall():
        for key, entry_id, old in part:
            if is_it(values_of(old)):
                return int(key), entry_id
        last = part[-1][1]
    return None


_NAMES = {name: entity.called_by for name, entity in ENTITIES.items()}


def name_of(engine: Engine, entity: str, key: Key, entry_id: int = 0) -> str:
    """The present name of the row that an entry speaks of; of a deleted one the last it had."""
    column = _NAMES[entity]
    gone = engine.sql(
        "SELECT old FROM history WHERE entity = ? AND key = ? AND id >= ? AND operation = 'delete' ORDER BY id LIMIT 1",
        (entity, key, entry_id),
    ).fetchone()
    if gone is not None:
        return str(values_of(gone[0]).get(column, ""))
    row = engine.sql(f"SELECT {column} FROM {entity} WHERE id = ?", (int(key),)).fetchone()
    return str(row[0]) if row is not None else ""


def names_of(engine: Engine, rows: Iterable[tuple[str, Key, int]]) -> dict[tuple[str, Key, int], str]:
    """`name_of` for many rows (entity, key, entry) in a few statements."""
    wanted: dict[str, dict[Key, list[int]]] = {}
    for entity, key, entry_id in rows:
        wanted.setdefault(entity, {}).setdefault(key, []).append(entry_id)
    found: dict[tuple[str, Key, int], str] = {}
    for entity, entries_of in wanted.items():
        column, keys = _NAMES[entity], list(entries_of)
        present: dict[Key, str] = {}
        gone: dict[Key, list[tuple[int, str]]] = {}
        for start in range(0, len(keys), _NAMED):
            part = keys[start : start + _NAMED]
            marks = ", ".join("?" * len(part))
            rows_there = f"SELECT CAST(id AS TEXT), {column} FROM {entity} WHERE id IN ({marks})"
            present |= engine.sql(rows_there, [int(key) for key in part]).fetchall()
            for key, entry_id, old in engine.sql(
                "SELECT key, id, old FROM history WHERE operation = 'delete' AND entity = ?"
                f" AND key IN ({marks}) ORDER BY id",
                (entity, *part),
            ).fetchall():
                gone.setdefault(key, []).append((entry_id, str(values_of(old).get(column, ""))))
        for key, entry_ids in entries_of.items():
            for entry_id in entry_ids:
                later = next((name for deleted, name in gone.get(key, ()) if deleted >= entry_id), None)
                name = present.get(key, "") if later is None else later
                found[entity, key, entry_id] = str(name)
    return found


_NAMED = 500

"""Change sets and history: written by triggers, sealed in a chain, read back."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from clientdesk.store.engines import Engine


class Entry(NamedTuple):
    """One entry of the history with its change set (number and note); `old` and `new` by column, {} for none."""

    id: int
    at: str
    actor: str
    kind: str
    entity: str
    entity_id: int
    operation: str
    old: Mapping[str, object]
    new: Mapping[str, object]
    change_set: int = 0
    note: str = ""


def begin(engine: Engine, actor_id: int, kind: str, access: str, operation: str = "") -> int:
    """Opens a change set inside a transaction: the triggers write to the one that is not sealed yet."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return engine.begin_change(at, actor_id, kind, access, operation or os.urandom(16).hex())


def write_note(engine: Engine, note: str) -> None:
    """Gives the open change set its note: a few words of data that its kind's title shows. Once, and not empty."""
    engine.note_change(note)


def seal(engine: Engine, change_set_id: int) -> bool:
    """Closes a change set with the hash over it and the one before; False if nothing was written in it."""
    row = engine.sql("SELECT 1 FROM history WHERE change_set_id = ? LIMIT 1", (change_set_id,)).fetchone()
    if row is None:
        return False

    def value() -> str:
        before = engine.sql(
            "SELECT seal FROM change_set WHERE id < ? ORDER BY id DESC LIMIT 1", (change_set_id,)
        ).fetchone()
        return _hash(engine, change_set_id, before[0] if before else "")

    engine.seal_change(change_set_id, value)
    return True


def _hash(engine: Engine, change_set_id: int, before: str, *, quoted: bool = True) -> str:
    """SHA-256 over the seal before, the change set, its entries in their order and the clients that arrived in it.

    A note and arrivals count only where there are some, so that the seals of older firms hold. The note stands as SQL
    quotes it, as a server must be able to say the same; `quoted=False` is how Python does, for the seals of schema 3.
    """
    head = engine.sql("SELECT id, at, actor_id, kind, note FROM change_set WHERE id = ?", (change_set_id,)).fetchone()
    text = repr((before, *head[:-1]))
    if note := head[-1]:
        shown = "'" + note.replace("'", "''") + "'" if quoted else repr(note)
        text = f"{text[:-1]}, {shown})"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for sql in _SEALED:
        last = -1
        while part := engine.sql(sql, (change_set_id, last, _AT_ONCE)).fetchall():
            digest.update("".join([f"{row[0]}\n" for row in part]).encode("utf-8", "surrogatepass"))
            last = part[-1][1]
            if len(part) < _AT_ONCE:
                break
    return digest.hexdigest()


_SEALED = (
    "SELECT id || ',' || quote(entity) || ',' || entity_id || ',' || quote(operation)"
    " || ',' || quote(old) || ',' || quote(new), id FROM history WHERE change_set_id = ? AND id > ? ORDER BY id LIMIT ?",
    "SELECT 'arrival,' || client_id || ',' || quote(company_id) || ',' || quote(from_uid) || ',' || quote(from_firm)"
    " || ',' || quote(state) || ',' || quote(entries), client_id FROM arrival"
    " WHERE change_set_id = ? AND client_id > ? ORDER BY client_id LIMIT ?",
)
_AT_ONCE = 2_000


def first_broken(engine: Engine) -> int | None:
    """The first change set whose seal does not fit what stands there; None if the whole chain holds."""
    before = ""
    sets = engine.sql("SELECT id, seal FROM change_set ORDER BY id").fetchall()
    for change_set_id, value in sets:
        if value != _hash(engine, change_set_id, before) and value != _hash(
            engine, change_set_id, before, quoted=False
        ):
            return int(change_set_id)
        before = value
    stray = engine.sql(
        "SELECT min(change_set_id) FROM history WHERE change_set_id NOT IN (SELECT id FROM change_set)"
    ).fetchone()[0]
    return None if stray is None else int(stray)


def entries(engine: Engine, entity: str, entity_id: int, limit: int, until: int | None = None) -> Iterator[Entry]:
    """The latest entries about one row, newest first; with `until`, from that entry backwards.

    They end where the row was added: the id of a row that was deleted may be given to another one.
    """
    where, of_row = "{0}entity = ? AND {0}entity_id = ? AND {0}id <= ?", (entity, entity_id, until or _LAST)
    added = engine.sql(
        f"SELECT max(id) FROM history WHERE {where.format('')} AND operation = 'insert'", of_row
    ).fetchone()[0]
    yield from _entries(engine, f"{where.format('h.')} AND h.id >= ?", (*of_row, added or 0), limit)


_LAST = 2**63 - 1


def latest(engine: Engine, limit: int) -> Iterator[Entry]:
    """The latest entries of the whole firm, newest first."""
    yield from _entries(engine, "1 = 1", (), limit)


def _entries(engine: Engine, condition: str, parameters: tuple[object, ...], limit: int) -> Iterator[Entry]:
    cursor = engine.sql(
        "SELECT h.id, s.at, m.name, s.kind, h.entity, h.entity_id, h.operation, h.old, h.new, s.id, s.note"
        " FROM history h JOIN change_set s ON s.id = h.change_set_id JOIN team_member m ON m.id = s.actor_id"
        f" WHERE {condition} ORDER BY h.id DESC LIMIT ?",
        (*parameters, limit),
    )
    for row in cursor.fetchall():
        yield Entry._make((*row[:7], json.loads(row[7] or "{}"), json.loads(row[8] or "{}"), *row[9:]))


def deleted_client(engine: Engine, is_it: Callable[[Mapping[str, object]], bool]) -> tuple[int, int] | None:
    """Of the client deleted last whose last values meet a test: its id, and the entry of its deletion; or None."""
    cursor = engine.sql(
        "SELECT entity_id, id, old FROM history WHERE entity = 'client' AND operation = 'delete' ORDER BY id DESC"
    )
    return next(((row[0], row[1]) for row in cursor.fetchall() if is_it(json.loads(row[2]))), None)


_NAMES = {"client": "display_name", "team_member": "name", "client_type": "name", "firm": "name"}


def name_of(engine: Engine, entity: str, entity_id: int, entry_id: int = 0) -> str:
    """The present name of the row that an entry speaks of; of a deleted one the last it had."""
    column = _NAMES[entity]
    gone = engine.sql(
        "SELECT old FROM history WHERE entity = ? AND entity_id = ? AND id >= ? AND operation = 'delete'"
        " ORDER BY id LIMIT 1",
        (entity, entity_id, entry_id),
    ).fetchone()
    if gone is not None:
        return str(json.loads(gone[0]).get(column, ""))
    row = engine.sql(f"SELECT {column} FROM {entity} WHERE id = ?", (entity_id,)).fetchone()
    return str(row[0]) if row is not None else ""

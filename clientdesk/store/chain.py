"""The chain of the history: each change set has a seal over what it says and over the seal before.

It is read from its beginning, a few thousand entries at a time, and needs nothing of the database but its rows: who has
changed a function there cannot make it say that all is well.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from clientdesk.store.engines import Engine

_AT_ONCE = 2_000
_FIRST = -(2**63)


class Head(NamedTuple):
    """The end of a chain: the number of a change set, and its seal."""

    number: int
    seal: str


class Chain(NamedTuple):
    """What the chain is like: its head (None where no history is left), and the first change set that does not fit
    its seal or has no entries (None if all hold)."""

    head: Head | None
    broken: int | None


class Restored(NamedTuple):
    """A change set that put a backup back: who did it when, from which head to which it went."""

    number: int
    at: str
    who: str
    left: Head
    taken: Head


def head(engine: Engine) -> Head | None:
    """The end of the chain; None where no history is left."""
    row = engine.sql("SELECT id, seal FROM change_set ORDER BY id DESC LIMIT 1").fetchone()
    return Head(row[0], row[1] or "") if row is not None else None


def holds(engine: Engine, known: Head) -> bool:
    """Whether a head that was seen is in the chain still, as its end or before it."""
    row = engine.sql("SELECT seal FROM change_set WHERE id = ?", (known.number,)).fetchone()
    return row is not None and row[0] == known.seal


def began(engine: Engine) -> str:
    """When the first change set was written (ISO 8601, UTC); "" where no history is left."""
    row = engine.sql("SELECT at FROM change_set ORDER BY id LIMIT 1").fetchone()
    return str(row[0]) if row is not None else ""


def restored(engine: Engine) -> list[Restored]:
    """The times a backup was put back, the latest first. A note that cannot be read tells of nothing."""
    rows = engine.sql(
        "SELECT s.id, s.at, m.name, s.note FROM change_set s JOIN team_member m ON m.id = s.actor_id"
        " WHERE s.kind = 'firm.restored' ORDER BY s.id DESC"
    ).fetchall()
    found = []
    for number, at, who, note in rows:
        try:
            heads = json.loads(note)
            left, taken = (Head(int(heads[name][0]), str(heads[name][1])) for name in ("left", "taken"))
        except (ValueError, TypeError, LookupError):
            continue
        found.append(Restored(number, at, who, left, taken))
    return found


def seal_of(engine: Engine, change_set_id: int, before: str) -> str:
    """The seal of one change set; `before` is that of the one before, "" for the first."""
    sql = "SELECT id, at, actor_id, kind, note FROM change_set WHERE id = ?"
    digest = _begun(before, engine.sql(sql, (change_set_id,)).fetchone())[0]
    last = _FIRST
    sql = f"SELECT {_ENTRY} FROM history WHERE change_set_id = ? AND id > ? ORDER BY id LIMIT ?"
    while part := engine.sql(sql, (change_set_id, last, _AT_ONCE)).fetchall():
        digest.update(_encoded(part, _line))
        last = part[-1][1]
    _add_arrivals(engine, change_set_id, [digest])
    return digest.hexdigest()


def look(engine: Engine) -> Chain:
    """The whole chain. Call it inside `engine.reading()`, so that it is of one moment.

    The entries stand in the order of the change sets: one writer at a time gives them their numbers.
    """
    arriving = {row[0] for row in engine.sql("SELECT DISTINCT change_set_id FROM arrival").fetchall()}
    entries = _entries(engine)
    entry = next(entries, None)
    before, last, broken = "", None, None
    for row in _change_sets(engine):
        digests = _begun(before, row[:5])
        count = 0
        while entry is not None and entry[0] == row[0]:
            line = _encoded([entry], _line)
            for digest in digests:
                digest.update(line)
            count += 1
            entry = next(entries, None)
        if row[0] in arriving:
            _add_arrivals(engine, row[0], digests)
            arriving.discard(row[0])
        if broken is None and (not count or row[5] not in [digest.hexdigest() for digest in digests]):
            broken = int(row[0])
        if entry is not None and entry[0] < row[0]:  # of no change set, or behind one that came later
            broken = int(entry[0]) if broken is None else min(broken, int(entry[0]))
            while entry is not None and entry[0] < row[0]:
                entry = next(entries, None)
        before, last = row[5] or "", row
    for stray in ([int(entry[0])] if entry is not None else []) + sorted(arriving)[:1]:
        broken = stray if broken is None else min(broken, stray)
    return Chain(Head(last[0], last[5] or "") if last is not None else None, broken)


_ENTRY = "change_set_id, id, entity, key, operation, old, new"


def _change_sets(engine: Engine) -> Iterator[Any]:
    last = _FIRST
    sql = "SELECT id, at, actor_id, kind, note, seal FROM change_set WHERE id > ? ORDER BY id LIMIT ?"
    while part := engine.sql(sql, (last, _AT_ONCE)).fetchall():
        yield from part
        last = part[-1][0]


def _entries(engine: Engine) -> Iterator[Any]:
    last = _FIRST
    sql = f"SELECT {_ENTRY} FROM history WHERE id > ? ORDER BY id LIMIT ?"
    while part := engine.sql(sql, (last, _AT_ONCE)).fetchall():
        yield from part
        last = part[-1][1]


def _begun(before: str, row: Sequence[Any]) -> "list[hashlib._Hash]":
    """SHA-256 over the seal before and a change set (number, time, actor, kind, note), for its entries to follow.

    A note counts only where there is one, so that the seals of older firms hold. It stands as SQL quotes it, as a
    server must be able to say the same; the second one is how Python does, for the seals of schema 3.
    """
    text = repr((before, *row[:4]))
    texts = [text] if not row[4] else [f"{text[:-1]}, {_quoted(row[4])})", f"{text[:-1]}, {row[4]!r})"]
    return [hashlib.sha256(each.encode("utf-8", "surrogatepass")) for each in texts]


def _add_arrivals(engine: Engine, change_set_id: int, digests: "Sequence[hashlib._Hash]") -> None:
    """The clients that arrived in a change set count where there are some."""
    last = _FIRST
    sql = (
        "SELECT client_id, company_id, from_uid, from_firm, state, entries FROM arrival"
        " WHERE change_set_id = ? AND client_id > ? ORDER BY client_id LIMIT ?"
    )
    while part := engine.sql(sql, (change_set_id, last, _AT_ONCE)).fetchall():
        for digest in digests:
            digest.update(_encoded(part, _arrival))
        last = part[-1][0]


def _line(row: Sequence[Any]) -> str:
    _change_set, entry_id, entity, key, operation, old, new = row
    texts = f"{_quoted(operation)},{_quoted(old)},{_quoted(new)}"
    return f"{entry_id},{_quoted(entity)},{_quoted(key)},{texts}\n"


def _arrival(row: Sequence[Any]) -> str:
    return f"arrival,{row[0]},{','.join(map(_quoted, row[1:]))}\n"


def _encoded(rows: Sequence[Any], line: Any) -> bytes:
    return "".join(map(line, rows)).encode("utf-8", "surrogatepass")


def _quoted(text: str | None) -> str:
    """A text as SQL quotes it."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"

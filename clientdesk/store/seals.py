"""The chain of the history: each change set has a seal over what it says and over the seal before.

A text stands as SQL quotes it ('it''s', NULL for none), a number in decimal digits; everything is UTF-8, and every
SHA-256 is told in 64 hexadecimal digits.

- The digest of an entry of the history is the SHA-256 of `SALT,OLD,NEW`: of its salt (32 hexadecimal digits by chance,
  not quoted) and of its two texts as they are kept. That of an arrival is the SHA-256 of `SALT,ENTRIES`.
- The seal of a change set is the SHA-256 of these lines, each with a line feed at its end:
  `BEFORE,ID,AT,ACTOR,KIND,NOTE,OPERATION,JOB,UNDOES,STAYED`, where BEFORE is the seal of the change set before it ('' for the
  first one); of each entry, by its number, `ID,ENTITY,KEY,OPERATION,DIGEST`; of each arrival, by the client's id,
  `arrival,CLIENT,COMPANY_ID,FROM_UID,FROM_FIRM,STATE,DIGEST`.
- An entry that was erased has neither salt nor texts any more. Its digest stands, so that the seal holds; without the
  salt nobody finds out by trying what the texts were.

A server makes digests and seals itself (`postgres_change_sets`), a file has them made here; tests/data/seals.json has examples
that both must meet. The chain is read from its beginning, a few thousand entries at a time, and needs nothing of the
database but its rows: who has changed a function there cannot make it say that all is well.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from clientdesk.store import change_set_notes
from clientdesk.store.engines import Engine, Keep
from clientdesk.store.engines.peewee_text import Prepared, slot
from clientdesk.store.history_models import ArrivalModel, ChangeSetModel, HistoryModel
from clientdesk.store.models import TeamMemberModel

AT_ONCE = 2_000
_BEFORE_ALL = -(2**63)
"""A number before that of any row."""


class Head(NamedTuple):
    """The end of a chain: the number of a change set, and its seal."""

    number: int
    seal: str


class Chain(NamedTuple):
    """What the chain is like: its head (None where no history is left), the first change set that does not fit its seal
    or has no entries (None if all hold), the first numbers that are missing among the change sets and among the
    entries, which are numbered from 1 without a gap (None where none is), the first change set that keeps another
    count of entries than it has, or than its job had by then (None where none does), and the first one that has noted
    something wrong of later ones (see `change_set_notes`)."""

    head: Head | None
    broken: int | None
    missing_set: int | None = None
    missing_entry: int | None = None
    miscounted: int | None = None
    noted_wrong: int | None = None


class Restored(NamedTuple):
    """A change set that put a backup back: who did it when, from which head to which it went."""

    number: int
    at: str
    who: str
    left: Head
    taken: Head


_SET, _ENTRY, _ARRIVAL = ChangeSetModel, HistoryModel, ArrivalModel
_SETS = _SET.select(
    *(_SET.id, _SET.at, _SET.actor, _SET.kind, _SET.note, _SET.operation, _SET.job, _SET.undoes, _SET.stayed, _SET.seal)
)
_ENTRIES = _ENTRY.select(
    *(_ENTRY.id, _ENTRY.change_set, _ENTRY.entity, _ENTRY.key, _ENTRY.operation),
    *(_ENTRY.old, _ENTRY.new, _ENTRY.salt, _ENTRY.digest),
)
_ARRIVALS = _ARRIVAL.select(
    *(_ARRIVAL.client_id, _ARRIVAL.company_id, _ARRIVAL.from_uid, _ARRIVAL.from_firm, _ARRIVAL.state),
    *(_ARRIVAL.entries, _ARRIVAL.salt, _ARRIVAL.digest),
)


def _behind(query: Any, number: Any) -> Prepared:
    """The next rows of a query, in the order of their number, which it selects first: those `after` one."""
    return Prepared(query.where(number > slot("after")).order_by(number).limit(AT_ONCE))


_LATEST_SETS = Prepared(_SETS.where(_SET.id <= slot("change_set")).order_by(_SET.id.desc()).limit(2))
_ALL_SETS = _behind(_SETS.select_extend(_SET.entries, _SET.total), _SET.id)
_ALL_ENTRIES = _behind(_ENTRIES, _ENTRY.id)
_ENTRIES_OF_SET = _behind(_ENTRIES.where(_ENTRY.change_set == slot("change_set")), _ENTRY.id)
_ARRIVALS_OF_SET = _behind(_ARRIVALS.where(_ARRIVAL.change_set == slot("change_set")), _ARRIVAL.client_id)


def head(engine: Engine) -> Head | None:
    """The end of the chain; None where no history is left."""
    row = engine.execute(_SET.select(_SET.id, _SET.seal).order_by(_SET.id.desc()).limit(1)).fetchone()
    return Head(row[0], row[1] or "") if row is not None else None


def holds(engine: Engine, known: Head) -> bool:
    """Whether a head that was seen is in the chain still, as its end or before it."""
    row = engine.execute(_SET.select(_SET.seal).where(_SET.id == known.number)).fetchone()
    return row is not None and row[0] == known.seal


def began(engine: Engine) -> str:
    """When the first change set was written (ISO 8601, UTC); "" where no history is left."""
    row = engine.execute(_SET.select(_SET.at).order_by(_SET.id).limit(1)).fetchone()
    return str(row[0]) if row is not None else ""


def restored(engine: Engine) -> list[Restored]:
    """The times a backup was put back, the latest first. A note that cannot be read tells of nothing."""
    query = _SET.select(_SET.id, _SET.at, TeamMemberModel.name, _SET.note).join(TeamMemberModel)
    rows = engine.execute(query.where(_SET.kind == "firm.restored").order_by(_SET.id.desc())).fetchall()
    times = []
    for number, at, who, note in rows:
        try:
            heads = json.loads(note)
            left, taken = (Head(int(heads[name][0]), str(heads[name][1])) for name in ("left", "taken"))
        except (ValueError, TypeError, LookupError):
            continue
        times.append(Restored(number, at, who, left, taken))
    return times


def salted(text: str) -> tuple[str, str]:
    """A salt by chance for the text of an arrival, and its digest."""
    salt = os.urandom(16).hex()
    return salt, digest(salt, text)


def digest(salt: str, *texts: str | None) -> str:
    """The digest of the texts of an entry."""
    return hashlib.sha256(salt.encode() + b"," + _serialized(*texts)).hexdigest()


def seal(engine: Engine, change_set_id: int, keep: Keep) -> str:
    """The seal of a change set whose entries have no digests yet, which are made and kept on the way."""
    latest, *before = engine.together(_LATEST_SETS(change_set=change_set_id))[0]
    sealing = hashlib.sha256(_serialized(before[0][-1] if before else "", *latest[:-1]) + b"\n")
    for part in _pages(engine, _ENTRIES_OF_SET, change_set=change_set_id):
        salts = os.urandom(16 * len(part)).hex()
        digests, lines = [], []
        for place, (number, _set, entity, key, operation, old, new, _salt, _digest) in enumerate(part):
            salt = salts[32 * place : 32 * place + 32]
            own = digest(salt, old, new)
            digests.append((salt, own, number))
            lines.append(_serialized(number, entity, key, operation, own))
        keep(digests)
        sealing.update(b"\n".join((*lines, b"")))
    for line, _fits in _arrivals(engine, change_set_id):
        sealing.update(line)
    return sealing.hexdigest()


def look(engine: Engine) -> Chain:
    """The whole chain. Call it inside `engine.reading()`, so that it is of one moment.

    The entries stand in the order of the change sets: one writer at a time gives them their numbers.
    """
    sets, numbers = _Numbers(), _Numbers()
    arriving = {row[0] for row in engine.execute(_ARRIVAL.select(_ARRIVAL.change_set).distinct()).fetchall()}
    entries = numbers.through(chain.from_iterable(_pages(engine, _ALL_ENTRIES)))
    entry = next(entries, None)
    before, last, broken, miscounted = "", None, None, None
    totals: dict[int, int] = {}
    for *row, kept_entries, kept_total in sets.through(chain.from_iterable(_pages(engine, _ALL_SETS))):
        sealing, count, fits = hashlib.sha256(_serialized(before, *row[:-1]) + b"\n"), 0, True
        while entry is not None and entry[1] == row[0]:
            number, _set, entity, key, operation, old, new, salt, own = entry
            fits = fits and _fits(own, salt, old, new)
            sealing.update(_serialized(number, entity, key, operation, own) + b"\n")
            count += 1
            entry = next(entries, None)
        if row[0] in arriving:
            for line, arrival_fits in _arrivals(engine, row[0]):
                fits = fits and arrival_fits
                sealing.update(line)
            arriving.discard(row[0])
        if broken is None and not (count and fits and row[-1] == sealing.hexdigest()):
            broken = int(row[0])
        if entry is not None and entry[1] < row[0]:  # of no change set, or behind one that came later
            broken = int(entry[1]) if broken is None else min(broken, int(entry[1]))
            while entry is not None and entry[1] < row[0]:
                entry = next(entries, None)
        total = count
        if (job := row[6]) is not None:
            total = totals[job] = totals.get(job, 0) + count
        if miscounted is None and (kept_entries, kept_total) != (count, total):
            miscounted = int(row[0])
        before, last = row[-1] or "", row
    for stray in ([int(entry[1])] if entry is not None else []) + sorted(arriving)[:1]:
        broken = stray if broken is None else min(broken, stray)
    for _entry in entries:  # the rest of them, for their numbers
        pass
    ends = Head(last[0], last[-1] or "") if last is not None else None
    return Chain(ends, broken, sets.missing, numbers.missing, miscounted, change_set_notes.noted_wrong(engine))


class _Numbers:
    """Notes the first number that is missing where rows pass by whose numbers count up from 1."""

    def __init__(self) -> None:
        self.missing: int | None = None
        self._next = 1

    def through(self, rows: Iterator[Any]) -> Iterator[Any]:
        """The rows as they come; their number stands first."""
        for row in rows:
            if self.missing is None and row[0] != self._next:
                self.missing = self._next
            self._next += 1
            yield row


def _fits(own: str | None, salt: str | None, *texts: str | None) -> bool:
    """Whether a digest is that of the texts, or these were erased."""
    if salt is None:
        return own is not None and not any(text is not None for text in texts)
    return own == digest(salt, *texts)


def _pages(engine: Engine, rows: Prepared, **of: object) -> Iterator[list[Any]]:
    """The rows of a query, see `_behind`, a few thousand at a time."""
    after = _BEFORE_ALL
    while page := engine.together(rows(after=after, **of))[0]:
        yield page
        if len(page) < AT_ONCE:
            return
        after = page[-1][0]


def _arrivals(engine: Engine, change_set_id: int) -> Iterator[tuple[bytes, bool]]:
    """The lines of the clients that arrived in a change set, and whether what each brought along fits its digest."""
    for client_id, *about, entries, salt, own in chain.from_iterable(
        _pages(engine, _ARRIVALS_OF_SET, change_set=change_set_id)
    ):
        yield b"arrival," + _serialized(client_id, *about, own) + b"\n", _fits(own, salt, entries)


def _serialized(*values: str | int | None) -> bytes:
    """Values as they are hashed, with commas between them: a text as SQL quotes it, a number in digits."""
    texts = [
        "NULL" if value is None else str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
        for value in values
    ]
    return ",".join(texts).encode("utf-8", "surrogatepass")

"""The entries of a change set as they are taken back: some at a time, newest first, and what of them needs no look."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from peewee import Case, fn

from clientdesk.domain.patch import Key
from clientdesk.store.all_models import TABLES
from clientdesk.store.change_sets import ChangeSet
from clientdesk.store.engines import Engine
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.entities import CLIENT, REFERRED_BY, is_key
from clientdesk.store.history import sides_of
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import ClientModel

AT_ONCE = 1_000
_ROWS_AT_ONCE = 500


class Mark(NamedTuple):
    """An entry as it is read at first: its number, of which row it is, and what was done to that; of one that changed its
    row also what it says (JSON) and its salt. What a row was when it was added, or deleted, is seldom needed and long."""

    id: int
    entity: str
    key: Key
    operation: str
    old: str | None = None
    new: str | None = None
    salt: str | None = None


class Written(NamedTuple):
    """An entry of a change set as it is taken back: what was written of which row; erased ones have lost it. `since` are
    the fields that are taken back already ("" stands for the row itself, which was added or deleted)."""

    id: int
    entity: str
    key: Key
    operation: str
    old: Any
    new: Any
    erased: bool
    since: frozenset[str] = frozenset()


class Entries:
    """The entries of a change set."""

    def __init__(self, engine: Engine, of: ChangeSet) -> None:
        self._engine, self._of = engine, of
        self._undoing_it, self._family = _family(engine, of) if of.begun else ([], [])

    def parts(self) -> Iterator[list[Mark]]:
        """All of them, newest first, read as they are wanted."""
        entry = HistoryModel
        of_changes = [
            Case(None, ((entry.operation == "update", column),)) for column in (entry.old, entry.new, entry.salt)
        ]
        query = (
            entry.select(entry.id, entry.entity, entry.key, entry.operation, *of_changes)
            .where(entry.change_set == self._of.id)
            .order_by(entry.id.desc())
            .limit(AT_ONCE)
        )
        part = self._engine.execute(query).fetchall()
        while part:
            yield [Mark(*row) for row in part]
            part = self._engine.execute(query.where(entry.id < part[-1][0])).fetchall()

    def untouched(self, part: Sequence[Mark]) -> list[int]:
        """The clients that a part has added, where it has done nothing else, which stand as they were added: since then
        the history says nothing of them but that they came back; and to which nothing refers. By these nothing is left to
        be compared."""
        if any(mark.entity != CLIENT.name or mark.operation != "insert" for mark in part):
            return []
        ids = [int(mark.key) for mark in part if is_key(mark.entity, mark.key)]
        present = ClientModel.alias("present")
        addition, last, latest = (HistoryModel.alias(name) for name in ("added", "last", "latest"))
        key = present.id.cast("text")
        of_part = (addition.entity == CLIENT.name, addition.key == key, addition.id.between(part[-1].id, part[0].id))
        recorded = self._engine.recorded(CLIENT.name, "present")
        as_added = addition.select(addition.id).where(*of_part, addition.new == recorded)
        newest = latest.select(fn.MAX(latest.id)).where(latest.entity == CLIENT.name, latest.key == key)
        came = last.select(last.id).where(last.id == newest, last.operation == "insert")
        is_one = self._engine.one_of(present.id, ids)
        query = present.select(present.id).where(is_one, fn.EXISTS(as_added), fn.EXISTS(came))
        for referring, attribute in REFERRED_BY.get(CLIENT.name, ()):
            to = TABLES[referring.name]._meta.columns[attribute.column]
            query = query.where(~fn.EXISTS(to.model.select(to).where(to == present.id)))
        return [row[0] for row in self._engine.execute(query).fetchall()]

    def are_latest(self, marks: Sequence[Mark]) -> bool:
        """Whether some entries changed clients, each another one, of which nothing was written since."""
        if any(mark.entity != CLIENT.name or mark.operation != "update" for mark in marks):
            return False
        entry, keys = HistoryModel, sorted(mark.key for mark in marks)
        latest: dict[Key, int] = {}
        for start in range(0, len(keys), _ROWS_AT_ONCE):
            of_clients = (entry.entity == CLIENT.name, entry.key.in_(among(keys[start : start + _ROWS_AT_ONCE])))
            query = entry.select(entry.key, fn.MAX(entry.id)).where(*of_clients).group_by(entry.key)
            latest.update(self._engine.execute(query).fetchall())
        return all(latest.get(mark.key) == mark.id for mark in marks)

    def written(self, marks: Sequence[Mark]) -> Iterator[Written]:
        """What some entries say, in the order of the history, newest first."""
        entry, texts_by_id = HistoryModel, {}
        if unread := [mark.id for mark in marks if mark.operation != "update"]:
            query = entry.select(entry.id, entry.old, entry.new, entry.salt)
            rows = self._engine.execute(query.where(self._engine.one_of(entry.id, unread))).fetchall()
            texts_by_id = {number: texts for number, *texts in rows}
        written = [_written(*mark[:4], *texts_by_id.get(mark.id, mark[4:])) for mark in marks]
        return self._with_since(written) if self._of.begun else iter(written)

    def _with_since(self, written: Sequence[Written]) -> Iterator[Written]:
        """The entries with what of each is taken back already: in what was written last of a field by one that undoes
        it."""
        entry = HistoryModel
        last: dict[tuple[str, Key], dict[str, int]] = {}
        for entity in {one_entry.entity for one_entry in written}:
            keys = [one_entry.key for one_entry in written if one_entry.entity == entity]
            for start in range(0, len(keys), _ROWS_AT_ONCE):
                of_rows = (entry.entity == entity, entry.key.in_(among(keys[start : start + _ROWS_AT_ONCE])))
                query = entry.select(entry.change_set, entry.key, entry.operation, entry.old, entry.new)
                query = query.where(*of_rows, entry.change_set << list(self._family)).order_by(entry.id)
                for number, key, operation, old, new in self._engine.execute(query).fetchall():
                    is_update = operation == "update"
                    fields = sides_of(entity, operation, old, new)[1] if is_update else {"": None}
                    last.setdefault((entity, key), {}).update(dict.fromkeys(fields, number))
        for one_entry in written:
            by_field = last.get((one_entry.entity, one_entry.key), {})
            since = frozenset(name for name, number in by_field.items() if number in self._undoing_it)
            yield one_entry._replace(since=since)


def _written(
    number: int, entity: str, key: Key, operation: str, old: str | None, new: str | None, salt: str | None
) -> Written:
    return Written(number, entity, key, operation, *sides_of(entity, operation, old, new), salt is None)


def _family(engine: Engine, of: ChangeSet) -> tuple[list[int], list[int]]:
    """The change sets that take a change set back, and with them those that do it again; of one that takes another back
    itself, all that came after it."""
    sets = ChangeSetModel

    def taking_back(numbers: Sequence[int]) -> list[int]:
        return [row[0] for row in engine.execute(sets.select(sets.id).where(sets.undoes << list(numbers))).fetchall()]

    back = taking_back([of.undoes or of.id])
    family = [*back, *taking_back(back)]
    if of.undoes is not None:
        family = [number for number in family if number > of.id]
        return family, family
    return back, family

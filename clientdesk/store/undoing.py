"""What was changed and by whom, as it is read to be taken back: change sets with what undoes them, and their entries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from clientdesk.domain.patch import Key
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.wording import among
from clientdesk.store.history import LAST, Entry, entry_of, entry_query
from clientdesk.store.models import ChangeSetModel, HistoryModel, TeamMemberModel

_AT_ONCE = 1_000
_ROWS_AT_ONCE = 500
_FEW = 8


class ChangeSet(NamedTuple):
    """A change set: when, by whom (id and name), of which kind; its note and job, and which one it takes back. `begun`
    says that it is taken back itself, in a part at least, and `rest` that there is more of it to be taken back."""

    id: int
    at: str
    actor_id: int
    actor: str
    kind: str
    note: str
    job: int | None
    undoes: int | None
    begun: bool
    rest: bool


def _change_sets(*conditions: Any) -> "ModelSelect[Any]":
    """Change sets, newest first."""
    of = ChangeSetModel
    columns = (of.id, of.at, of.actor, TeamMemberModel.name, of.kind, of.note, of.job, of.undoes)
    return (
        of.select(*columns, of.begun, of.rest)
        .join(TeamMemberModel, on=(TeamMemberModel.id == of.actor))
        .where(*conditions)
        .order_by(of.id.desc())
    )


def _undone(number: Any) -> Any:
    """Whether a change set counts as taken back where a row that was added is to go, as the databases' triggers ask it:
    another one undoes it of which nothing was done again."""
    undoing, redoing = ChangeSetModel.alias("undoing"), ChangeSetModel.alias("redoing")
    redone = fn.EXISTS(redoing.select(redoing.id).where(redoing.undoes == undoing.id))
    return fn.EXISTS(undoing.select(undoing.id).where(undoing.undoes == number, ~redone))


def _read(engine: Engine, query: "ModelSelect[Any]") -> list[ChangeSet]:
    return [ChangeSet._make((*row[:8], bool(row[8]), bool(row[9]))) for row in engine.execute(query).fetchall()]


def change_set(engine: Engine, number: int) -> ChangeSet | None:
    """The change set with a number; None where there is none."""
    change_sets = _read(engine, _change_sets(ChangeSetModel.id == number)) if number <= LAST else []
    return change_sets[0] if change_sets else None


def change_sets(engine: Engine, numbers: Sequence[int]) -> dict[int, ChangeSet]:
    """The change sets with these numbers, by number; a few hundred at most."""
    return {change_set.id: change_set for change_set in _read(engine, _change_sets(ChangeSetModel.id << list(numbers)))}


def done_first(engine: Engine, undone: Mapping[int, int]) -> dict[int, ChangeSet]:
    """What was done first, by any numbers of which each has that of a change set: where that takes back another one, or
    does it again, the one at the beginning."""
    first: dict[int, ChangeSet] = {}
    numbers = dict(undone)
    while numbers:
        sets = change_sets(engine, sorted(set(numbers.values())))
        met = {number: sets[of] for number, of in numbers.items() if of in sets}
        first |= met
        numbers = {number: change_set.undoes for number, change_set in met.items() if change_set.undoes is not None}
    return first


def of_job(engine: Engine, job: int) -> list[ChangeSet]:
    """The change sets of a job, newest first."""
    return _read(engine, _change_sets(ChangeSetModel.job == job))


def by_member(engine: Engine, member_id: int, before: int = LAST) -> Iterator[ChangeSet]:
    """The change sets of a team member before another one, newest first, read as they are wanted: a few at
    first, as the latest is wanted most, then more at a time."""
    of_member, limit = ChangeSetModel.actor == member_id, _FEW
    while part := _read(engine, _change_sets(of_member, ChangeSetModel.id < before).limit(limit)):
        yield from part
        before, limit = part[-1].id, min(2 * limit, _ROWS_AT_ONCE)


def undoing(engine: Engine, numbers: Sequence[int]) -> list[ChangeSet]:
    """The change sets that take these back, newest first."""
    return [
        change_set
        for start in range(0, len(numbers), _ROWS_AT_ONCE)
        for change_set in _read(
            engine, _change_sets(ChangeSetModel.undoes << list(numbers[start : start + _ROWS_AT_ONCE]))
        )
    ]


def rows(engine: Engine, numbers: Sequence[int]) -> int:
    """How many entries these change sets have."""
    counted = 0
    for start in range(0, len(numbers), _ROWS_AT_ONCE):
        part = list(numbers[start : start + _ROWS_AT_ONCE])
        query = ChangeSetModel.select(fn.COALESCE(fn.SUM(ChangeSetModel.entries), 0)).where(ChangeSetModel.id << part)
        counted += int(engine.execute(query).fetchone()[0])
    return counted


def others_later(engine: Engine, of: ChangeSet) -> bool:
    """Whether anything behind a change set stands, but for the rest of its job."""
    query = _standing_behind(ChangeSetModel.select(ChangeSetModel.id), of).limit(1)
    return bool(engine.execute(query).fetchall())


def later_standing(engine: Engine, entity: str, keys: Collection[Key], of: ChangeSet) -> list[Entry]:
    """What was written of rows behind a change set and was not taken back, but for the rest of its job; newest first."""
    listed = sorted(keys)
    entries: list[Entry] = []
    for start in range(0, len(listed), _ROWS_AT_ONCE):
        about = (HistoryModel.entity == entity, HistoryModel.key.in_(among(listed[start : start + _ROWS_AT_ONCE])))
        query = _standing_behind(entry_query().where(*about, HistoryModel.change_set > of.id), of)
        entries += [entry_of(row) for row in engine.execute(query.order_by(HistoryModel.id.desc())).fetchall()]
    return entries


def _standing_behind(query: "ModelSelect[Any]", of: ChangeSet) -> "ModelSelect[Any]":
    """Of a query with change sets, those behind one and not of its job that people made and nobody took back."""
    sets = ChangeSetModel
    of_other_job = sets.job.is_null() | (sets.job != (of.job or 0))
    return query.where(sets.id > of.id, of_other_job, sets.undoes.is_null(), ~_undone(sets.id))


def later(engine: Engine, entity: str, keys: Collection[Key], number: int) -> list[Entry]:
    """What was written of rows behind a change set, newest first."""
    listed = sorted(keys)
    entries: list[Entry] = []
    for start in range(0, len(listed), _ROWS_AT_ONCE):
        about = (HistoryModel.entity == entity, HistoryModel.key.in_(among(listed[start : start + _ROWS_AT_ONCE])))
        query = entry_query().where(*about, HistoryModel.change_set > number).order_by(HistoryModel.id.desc())
        entries += [entry_of(row) for row in engine.execute(query).fetchall()]
    return entries


class Standing(NamedTuple):
    """Who (name) has added a row, and the ids of those who may say that: with who brought it back since; and who has
    changed it, and when (ISO 8601, UTC), in what was not taken back ("" for nobody)."""

    adder: str
    adders: frozenset[int]
    changer: str = ""
    changed_at: str = ""


def standing_asked(entity: str, keys: Collection[Key]) -> list[Statement]:
    """Asks who has added rows, and brought them back, and who has changed them since."""
    of, entry, inserted = ChangeSetModel, HistoryModel, HistoryModel.alias("inserted")
    about = (entry.entity == entity, entry.key.in_(among(sorted(keys))))
    last_addition = (
        inserted.select(fn.MAX(inserted.id))
        .where(inserted.entity == entry.entity, inserted.key == entry.key, inserted.operation == "insert")
    )  # fmt: skip
    undo = ChangeSetModel.alias("undo")
    of_redo = undo.select(undo.id).where(undo.id == of.undoes, undo.undoes.is_null(False), ~_undone(undo.undoes))
    stands = (of.undoes.is_null() & ~_undone(of.id)) | fn.EXISTS(of_redo)

    def authors(*conditions: Any) -> Statement:
        return (
            entry.select(entry.key, of.actor, TeamMemberModel.name, of.at)
            .join(of, on=(of.id == entry.change_set))
            .join(TeamMemberModel, on=(TeamMemberModel.id == of.actor))
            .where(*about, *conditions)
            .order_by(entry.id)
        )

    return [authors(entry.operation == "insert"), authors(entry.id > last_addition, stands)]


def standing(answers: Sequence[Sequence[Sequence[Any]]]) -> dict[Key, Standing]:
    """Who has added rows and changed them since, by key, from the answers."""
    by_key: dict[Key, Standing] = {}
    for key, actor_id, name, _at in answers[0]:
        first = by_key.get(key, Standing(name, frozenset()))
        by_key[key] = first._replace(adders=first.adders | {actor_id})
    for key, _actor, name, at in answers[1]:
        if key in by_key:
            by_key[key] = by_key[key]._replace(changer=name, changed_at=at)
    return by_key

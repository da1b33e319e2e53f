"""What was written of rows behind a change set, by whom, and whether it stands: what an undo looks at."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from clientdesk.domain.patch import Key
from clientdesk.store.change_sets import ChangeSet
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.history import Entry, entry_of, entry_query
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import TeamMemberModel

_ROWS_AT_ONCE = 500


def _undone(number: Any) -> Any:
    """Whether a change set counts as taken back where a row that was added is to go, as the databases' triggers ask it:
    another one undoes it of which nothing was done again."""
    undoing, redoing = ChangeSetModel.alias("undoing"), ChangeSetModel.alias("redoing")
    redone = fn.EXISTS(redoing.select(redoing.id).where(redoing.undoes == undoing.id))
    return fn.EXISTS(undoing.select(undoing.id).where(undoing.undoes == number, ~redone))


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


class RowAuthors(NamedTuple):
    """Who (name) has added a row, and the ids of those who may say that: with who brought it back since; and who has
    changed it, and when (ISO 8601, UTC), in what was not taken back ("" for nobody)."""

    adder: str
    adders: frozenset[int]
    changer: str = ""
    changed_at: str = ""


def authors_asked(entity: str, keys: Collection[Key]) -> list[Statement]:
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


def authors_of_rows(answers: Sequence[Sequence[Sequence[Any]]]) -> dict[Key, RowAuthors]:
    """Who has added rows and changed them since, by key, from the answers."""
    by_key: dict[Key, RowAuthors] = {}
    for key, actor_id, name, _at in answers[0]:
        first = by_key.get(key, RowAuthors(name, frozenset()))
        by_key[key] = first._replace(adders=first.adders | {actor_id})
    for key, _actor, name, at in answers[1]:
        if key in by_key:
            by_key[key] = by_key[key]._replace(changer=name, changed_at=at)
    return by_key

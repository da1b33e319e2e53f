"""Change sets as they are read: when, by whom, of which job, what each takes back and what of it is taken back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from clientdesk.store.engines import Engine
from clientdesk.store.history import LAST
from clientdesk.store.history_models import ChangeSetModel
from clientdesk.store.models import TeamMemberModel

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

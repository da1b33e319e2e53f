"""What an undo, or a redo, would do: which change sets it takes back, whether that may be, and how much of it can be.

What can be taken back is tried: it is written in a transaction that is rolled back, so that rules, access and what
others did since count as they do when it is done. Of many rows, of a job, which is many transactions, and where the
firm can only be read, it is only looked at, and where nobody wants to see the counts, only until something is known
that can be.
"""

import os.path
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

from clientdesk.desk import change_words, patches
from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE, file_of, title
from clientdesk.desk.change_words import Named, named_whole
from clientdesk.desk.jobs import Progress, Stopped, never, seldom_collected, silent
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.undoing.inverse_patches import Hand, take_back
from clientdesk.desk.undoing.undo_conflicts import Conflict
from clientdesk.desk.undoing.undo_tally import Foreseen, Tally
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import Refused, problem, refuse
from clientdesk.store import change_sets as rows
from clientdesk.store.change_sets import ChangeSet
from clientdesk.text import N_, display_text, local_time

TRIED_ROWS = 1_000
"""A change of so many rows at most is tried; of more it is only looked at what would become of them."""


_TOUCHING = frozenset(
    ("work.ticked", "work.waiting", "work.not_applicable", "work.todo", "work.item", "work.reconciled")
)
"""The kinds of changes that may touch the first item or account of a work."""


class Plan(NamedTuple):
    """A change that can be taken back, or an undo that can be.

    `number` is the newest of its change sets that are not taken back yet, `job` their job (None where it is none);
    `title` what it is called, `at` (ISO 8601, UTC) and `who` when and by whom, `mine` whether that was you. `rows` is
    how many of its rows are not taken back yet, at least in a part, and `can` how many of them can be now, in a part of
    their fields at least; `left` stay as they are, at least in a part, and `conflicts` are the reasons of the first 500
    of them; `more` are the others. `begun` says that others are taken back already.
    `redo` says that it is an undo which is taken back, and `fresh` that it was done since the firm was opened here.
    `sql` is what an administrator of the server has to run afterwards, "" for nothing. `overruled` are the fields that
    somebody changed since and set back, so that nothing stands in the way: the first 500. `counted` says that all of it
    was looked at: else `rows` are all that the change sets wrote, and the other counts are what is known so far.
    """

    number: int
    job: int | None
    title: str
    at: str
    who: str
    mine: bool
    rows: int
    can: int
    conflicts: tuple[Conflict, ...] = ()
    overruled: tuple[Conflict, ...] = ()
    redo: bool = False
    fresh: bool = False
    sql: str = ""
    begun: bool = False
    left: int = 0
    counted: bool = True
    more: int = 0
    fields: frozenset[str] = frozenset()
    """Of the only row, the fields that are not taken back yet, where others are: none where it is all of it."""

    of_one: bool = False
    """It is about one row, with which another one came that has nothing of its own: the work of which an item was touched."""

    @property
    def about_one(self) -> bool:
        """Whether it is about one row, which needs no question."""
        return self.of_one or self.rows == 1

    def named(self, session: Session) -> Named:
        """What names it; of a row of which something is taken back already, with the rest of its fields."""
        named = change_words.named(session, self.number, self.rows)
        if named.change is None or not self.fields:
            return named
        remaining_fields = tuple(field for field in named.change.fields if field.field in self.fields)
        return named._replace(change=named.change._replace(fields=remaining_fields))


class Task(NamedTuple):
    """What is to be taken back: the change sets, newest first, what was done first (its kind), of how many change sets
    the job is, and whether something of it is taken back already."""

    sets: Sequence[ChangeSet]
    kind: str
    redo: bool
    of: int
    begun: bool

    @property
    def head(self) -> ChangeSet:
        """The newest."""
        return self.sets[0]

    @property
    def action(self) -> Action | None:
        """What your access must allow."""
        return KINDS[self.kind].undone_by


class _Tried(Exception):
    """Rolls back what was only tried."""


@seldom_collected()
def plan(session: Session, number: int, progress: Progress = silent, counted: bool = True) -> Plan:
    """What taking back the change set with a number does, or all of the job that it is of; of an undo, doing it again.

    It can be asked where the firm can only be read, too.
    `progress` is told how many rows were looked at of how many. Where it need not be `counted`, many rows are only looked
    at until one is known that can be taken back. Refused ("change_gone", "not_undone" with what to do
    instead, "undone_already", "redone_already", "not_allowed", "import_at_work").
    """
    task = task_of(session, number)
    all_rows = reads(rows_of)(session, task)

    def tell(looked_at: int) -> None:
        progress(looked_at, all_rows)

    if session.read_only or task.of > 1 or all_rows > (TRIED_ROWS if counted else 1):
        tally = _foreseen(session, task, tell, counted)
    else:
        tally = batch(session, task, task.head, tell, trial=True)
    if task.begun and not tally.written and not tally.left:
        raise already(session, task.head, number)
    head, counted = task.head, tally.looked_at == all_rows
    return Plan(
        head.id,
        head.job,
        title(task.kind),
        head.at,
        display_text(head.actor),
        head.actor_id == session.me.id,
        tally.rows if counted else all_rows,
        tally.written,
        tally.conflicts,
        tuple(tally.overruled),
        task.redo,
        head.id in session.done,
        "\n".join(tally.sql),
        task.begun,
        tally.left,
        counted,
        tally.more,
        tally.fields if tally.rows == 1 else frozenset(),
        tally.rows == 2 and task.kind in _TOUCHING and named_whole(session, head.id).change is not None,
    )


def rows_of(session: Session, task: Task) -> int:
    """How many rows it has in all."""
    return rows.rows(session.engine, [change_set.id for change_set in task.sets])


@reads
def task_of(session: Session, number: int) -> Task:
    """What taking back a change set, or doing it again, would be. Refused as `plan` is."""
    engine = session.engine
    change_set = rows.change_set(engine, number)
    if change_set is not None and change_set.kind == REDONE:  # it stands for what was undone
        undo = rows.change_set(engine, change_set.undoes or 0)
        change_set = None if undo is None else rows.change_set(engine, undo.undoes or 0)
    if change_set is None:
        raise refuse("change_gone", change=number)
    redo = change_set.kind == UNDONE
    kind = change_set.note if redo else change_set.kind
    if kind not in KINDS or KINDS[kind].instead or kind in (UNDONE, REDONE):
        instead = KINDS[kind].instead if kind in KINDS else N_("Another build of clientdesk has made it.")
        called = named_whole(session, number).called
        raise refuse("not_undone", name=called, title=title(kind), instead=instead, change=number)
    _demand_ended(session, change_set, kind, number)
    session.refresh()  # your access may be another one by now
    action = KINDS[kind].undone_by
    if action is not None and (denied := session.denial(action)):
        name = named_whole(session, number).called
        raise Refused(denied, problem("change_stays", name=name, title=title(kind), change=number))
    of_job = [change_set] if change_set.job is None else rows.of_job(engine, change_set.job)
    waiting = [part for part in of_job if part.rest]
    if not waiting:
        raise already(session, change_set, number)
    return Task(waiting, kind, redo, len(of_job), any(part.begun for part in of_job))


def _demand_ended(session: Session, change_set: ChangeSet, kind: str, number: int) -> None:
    """Refuses ("import_at_work") what an import has written, or the undo of that, while it still writes."""
    written = rows.change_set(session.engine, change_set.undoes) if change_set.undoes is not None else change_set
    if written is None or not (file := file_of(kind, written.note)):
        return
    from clientdesk.desk.imports import run_log

    for run in run_log.at_work(session):
        if run.who == written.actor and display_text(os.path.basename(run.file)) == file and run.at <= written.at:
            raise refuse("import_at_work", name=file, who=run.who, change=number)


def already(session: Session, of: ChangeSet, number: int) -> Refused:
    """That nothing is left to be taken back of a change set, which a person knows by a number."""
    back, called = reads(_back)(session, of), reads(named_whole)(session, number).called
    code = "redone_already" if of.kind == UNDONE else "undone_already"
    return refuse(code, change=number, who=back.actor, at=local_time(back.at), name=called)


def _back(session: Session, of: ChangeSet) -> ChangeSet:
    """The latest change set that takes one back, or one of its job."""
    engine = session.engine
    of_job = [of] if of.job is None else rows.of_job(engine, of.job)
    return max(rows.undoing(engine, [part.id for part in of_job]), key=lambda back: back.id)


def batch(
    session: Session,
    task: Task,
    of: ChangeSet,
    tell: Callable[[int], None],
    stopped: Stopped = never,
    job: int | None = None,
    trial: bool = False,
) -> Tally:
    """Takes one change set back in one transaction; a trial is rolled back."""
    tally = Tally()

    def write(session: Session) -> None:
        now = rows.change_set(session.engine, of.id) or of  # somebody may have taken it back since it was read
        take_back(session, now, tally, tell, stopped, Hand(patches.apply, patches.take_away, patches.bring_back))
        if trial:
            raise _Tried
        if tally.written:
            session.engine.note_change(task.kind, tally.left)
            tally.number = session.engine.change_set

    with suppress(_Tried):
        changes(REDONE if task.redo else UNDONE, task.action, job=job, undoes=of.id)(write)(session)
    return tally


@reads
def _foreseen(session: Session, task: Task, tell: Callable[[int], None], counted: bool) -> Tally:
    """What taking back change sets would do, as the firm stands now; where it need not be `counted`, of as many rows as
    it takes to know that it does anything."""
    tally, hand = Foreseen(), Hand(patches.foresee, _would_go, _would_come, foresees=True)

    def enough() -> bool:
        return not counted and tally.written > 0

    try:
        for of in task.sets:
            session.undoes = of.id
            take_back(session, of, tally, tell, never, hand, enough)
            if enough():
                break
    finally:
        session.undoes = None
    return tally


def _would_go(_session: Session, _entity: str, ids: Sequence[int]) -> Collection[int]:
    return set(ids)


def _would_come(_session: Session, _patches: Sequence[Patch]) -> None:
    """Nothing is written."""

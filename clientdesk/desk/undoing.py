"""Undo and redo: a change, or all of a job, is taken back by the inverse patches of its entries in the history.

What can be taken back is tried: it is written in a transaction that is rolled back, so that rules, access and what
others did since count as they do when it is done. Of many rows, of a job, which is many transactions, and where the
firm can only be read, it is only looked at, and where nobody wants to see the counts, only until something is known that can be. An undo is a change like any other, with a number, and is undone itself by redo. What it had to leave, or was not done any more
when it was stopped, can be taken back later.
"""

import os.path
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

from clientdesk.desk import change_words, patches
from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE, file_of, title
from clientdesk.desk.change_words import Named, named_whole
from clientdesk.desk.conflicts import Conflict
from clientdesk.desk.jobs import Progress, Stop, Stopped, never, new_job, paced, silent
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.taking_back import LISTED as LISTED
from clientdesk.desk.taking_back import Foreseen, Hand, Tally, take_back
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.store import history
from clientdesk.store import undoing as rows
from clientdesk.store.history import LAST
from clientdesk.store.undoing import ChangeSet
from clientdesk.text import N_, display_text, local_time

__all__ = ["Conflict"]

_FIRST = ("firm.created", "client.demo", "firm.copied")
"""The kinds of changes with which a firm begins: behind them there is nothing to go back to."""
TOLD = ("not_undone", "not_allowed")
"""Refusals of a change of yours that say why it stays; those before it can be taken back all the same."""
_DONE = ("undone_already", "redone_already")
"""Refusals of what stands as it was before, but for what was taken back."""
_TRIED = 1_000
"""A change of so many rows at most is tried; of more it is only looked at what would become of them."""
_LOOKED_BACK = 1_000
"""So many entries at most of a row that was deleted are looked through for yours."""


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

    def named(self, session: Session) -> Named:
        """What names it; of a row of which something is taken back already, with the rest of its fields."""
        named = change_words.named(session, self.number, self.rows)
        if named.change is None or not self.fields:
            return named
        rest = tuple(field for field in named.change.fields if field.field in self.fields)
        return named._replace(change=named.change._replace(fields=rest))


class Undone(NamedTuple):
    """What was taken back: the number of the change set that did (the latest one; 0 where nothing was written), how
    many rows, how many of them stay as they are, at least in a part of their fields, and why the first 500 do (`more` are
    the others). `whole` says that it was not stopped before its end. `overruled` and `sql`: see Plan."""

    number: int
    rows: int
    left: int
    conflicts: tuple[Conflict, ...] = ()
    whole: bool = True
    overruled: tuple[Conflict, ...] = ()
    sql: str = ""
    more: int = 0
    waiting: int = 0
    """So many rows were not looked at, as it was stopped before."""


class _Task(NamedTuple):
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


# --- which


def latest(session: Session, progress: Progress = silent, counted: bool = True) -> Plan | None:
    """What you did last in this firm and is not taken back; None where there is nothing. `counted`: see `plan`.

    Refused as `plan` is where that cannot be taken back, or the plan says that nothing of it can: once. From then on it
    is passed over as long as that is so, and with it what it alone stands in the way of (the changes of a client that
    was deleted), as is what was taken back in part.
    """
    return _first_that_can(session, _own, progress, counted)


def latest_undone(session: Session, progress: Progress = silent, counted: bool = True) -> Plan | None:
    """Your last undo, which can be done again until you change something else; None where there is none. What of it
    cannot be is told once, as by `latest`. `counted`: see `plan`."""
    return _first_that_can(session, _own_undo, progress, counted)


def _first_that_can(
    session: Session, find: Callable[[Session, int], ChangeSet | None], progress: Progress, counted: bool
) -> Plan | None:
    jobs: set[int] = set()
    number = LAST
    while (own := find(session, number)) is not None:
        number = own.id
        if own.job in jobs:
            continue
        if own.job is not None:
            jobs.add(own.job)
        told, about = number in session.told, (display_text(own.actor), own.at)
        try:
            planned = plan(session, number, progress, counted)
        except Refused as refusal:
            if refusal.code in _DONE or (refusal.code in TOLD and told):
                continue
            if refusal.code not in TOLD:
                raise
            session.told[number] = about
            raise Refused(*refusal.problems, *_stays_with(session, number)) from refusal
        if planned.can:
            return planned
        known = session.told.values()
        if own.begun or told or all((conflict.who, conflict.at) in known for conflict in planned.conflicts):
            continue
        session.told[number] = about
        return planned
    return None


@reads
def _stays_with(session: Session, number: int) -> list[Problem]:
    """That your earlier changes of the row that a change set has deleted stay as that does; [] where you did none."""
    named = named_whole(session, number)
    if named.change is None or named.change.operation != "delete":
        return []
    before = history.entries(session.engine, named.change.entity, named.change.key, _LOOKED_BACK)
    is_mine = any(entry.change_set < number and entry.actor == session.me.name for entry in before)
    return [problem("stays_with_it", name=named.called)] if is_mine else []


@reads
def _own(session: Session, before: int) -> ChangeSet | None:
    """Your newest change before another one that is not taken back whole, undo and redo apart."""
    for change_set in rows.by_member(session.engine, session.me.id, before):
        if change_set.kind not in (UNDONE, REDONE, *_FIRST) and change_set.rest:
            return change_set
    return None


@reads
def _own_undo(session: Session, before: int) -> ChangeSet | None:
    """Your newest undo before another one that is not done again whole, where you changed nothing else since."""
    for change_set in rows.by_member(session.engine, session.me.id, before):
        if change_set.kind not in (UNDONE, REDONE):
            return None
        if change_set.kind == UNDONE and change_set.rest:
            return change_set
    return None


def plan(session: Session, number: int, progress: Progress = silent, counted: bool = True) -> Plan:
    """What taking back the change set with a number does, or all of the job that it is of; of an undo, doing it again.

    It can be asked where the firm can only be read, too.
    `progress` is told how many rows were looked at of how many. Where it need not be `counted`, many rows are only looked
    at until one is known that can be taken back. Refused ("change_gone", "not_undone" with what to do
    instead, "undone_already", "redone_already", "not_allowed", "import_at_work").
    """
    task = _task(session, number)
    all_rows = reads(_rows)(session, task)

    def tell(looked_at: int) -> None:
        progress(looked_at, all_rows)

    if session.read_only or task.of > 1 or all_rows > (_TRIED if counted else 1):
        tally = _foreseen(session, task, tell, counted)
    else:
        tally = _batch(session, task, task.head, tell, trial=True)
    if task.begun and not tally.written and not tally.left:
        raise _already(session, task.head, number)
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
    )


def _rows(session: Session, task: _Task) -> int:
    return rows.rows(session.engine, [each.id for each in task.sets])


@reads
def _task(session: Session, number: int) -> _Task:
    engine = session.engine
    found = rows.change_set(engine, number)
    if found is not None and found.kind == REDONE:  # it stands for what was undone
        undo = rows.change_set(engine, found.undoes or 0)
        found = None if undo is None else rows.change_set(engine, undo.undoes or 0)
    if found is None:
        raise refuse("change_gone", change=number)
    redo = found.kind == UNDONE
    kind = found.note if redo else found.kind
    if kind not in KINDS or KINDS[kind].instead or kind in (UNDONE, REDONE):
        instead = KINDS[kind].instead if kind in KINDS else N_("Another build of clientdesk has made it.")
        called = named_whole(session, number).called
        raise refuse("not_undone", name=called, title=title(kind), instead=instead, change=number)
    _demand_ended(session, found, kind, number)
    session.refresh()  # your access may be another one by now
    action = KINDS[kind].undone_by
    if action is not None and (denied := session.denial(action)):
        about = {"name": named_whole(session, number).called, "title": title(kind), "change": str(number)}
        raise Refused(denied, problem("change_stays", **about))
    of_job = [found] if found.job is None else rows.of_job(engine, found.job)
    waiting = [change_set for change_set in of_job if change_set.rest]
    if not waiting:
        raise _already(session, found, number)
    return _Task(waiting, kind, redo, len(of_job), any(change_set.begun for change_set in of_job))


def _demand_ended(session: Session, found: ChangeSet, kind: str, number: int) -> None:
    """Refuses ("import_at_work") what an import has written, or the undo of that, while it still writes."""
    written = rows.change_set(session.engine, found.undoes) if found.undoes is not None else found
    if written is None or not (file := file_of(kind, written.note)):
        return
    from clientdesk.desk.imports import run_log

    for run in run_log.at_work(session):
        if run.who == written.actor and display_text(os.path.basename(run.file)) == file and run.at <= written.at:
            raise refuse("import_at_work", name=file, who=run.who, change=number)


def _already(session: Session, of: ChangeSet, number: int) -> Refused:
    """That nothing is left to be taken back of a change set, which a person knows by a number."""
    back, called = reads(_back)(session, of), reads(named_whole)(session, number).called
    code = "redone_already" if of.kind == UNDONE else "undone_already"
    return refuse(code, change=str(number), who=back.actor, at=local_time(back.at), name=called)


def _back(session: Session, of: ChangeSet) -> ChangeSet:
    """The latest change set that takes one back, or one of its job."""
    engine = session.engine
    of_job = [of] if of.job is None else rows.of_job(engine, of.job)
    return max(rows.undoing(engine, [each.id for each in of_job]), key=lambda back: back.id)


# --- doing it


def undo(session: Session, plan: Plan, progress: Progress = silent, stopped: Stopped = never) -> Undone:
    """Takes a change back, or does it again where the plan says so; what stands in the way is left as it is.

    Of a job each change set is a batch, newest first; stopped (between two batches, or within one, which is then not
    written) it leaves whole batches, and the same undo goes on with the rest. `progress` is told how many rows are done
    of how many. Refused as `plan` is, also where somebody else has taken all of it back meanwhile.
    """
    session.demand_writable()
    task = _task(session, plan.number)
    job = _job(session, task) if task.of > 1 else None
    tally, all_rows = Tally(), reads(_rows)(session, task)

    def tell(rows_of_batch: int) -> None:
        progress(tally.looked_at + rows_of_batch, all_rows)

    whole = True
    try:
        for of in paced(task.sets):
            tally.add(_batch(session, task, of, tell, stopped, job))
    except Stop:
        whole = False
    if whole and not tally.written and not tally.left:
        raise _already(session, task.head, plan.number)
    done = tally.rows if plan.counted else tally.looked_at
    waiting = 0 if whole else max(0, plan.rows - done)
    told = tally.conflicts, whole, tuple(tally.overruled), "\n".join(tally.sql), tally.more, waiting
    return Undone(tally.number, tally.written, tally.left, *told)


def _job(session: Session, task: _Task) -> int:
    """The number of the job that the batches are a part of: your own that was begun, where there is one."""
    return reads(_begun)(session, task) or new_job(session)


def _begun(session: Session, task: _Task) -> int | None:
    job = task.head.job
    taken_back = [] if job is None else [of.id for of in rows.of_job(session.engine, job) if of.begun]
    for back in rows.undoing(session.engine, taken_back):
        if back.job is not None and back.actor_id == session.me.id and not back.begun:
            return back.job
    return None


def _batch(
    session: Session,
    task: _Task,
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
            history.write_note(session.engine, task.kind, tally.left)
            tally.number = session.engine.change_set

    with suppress(_Tried):
        changes(REDONE if task.redo else UNDONE, task.action, job=job, undoes=of.id)(write)(session)
    return tally


@reads
def _foreseen(session: Session, task: _Task, tell: Callable[[int], None], counted: bool) -> Tally:
    """What taking back change sets would do, as the firm stands now; where it need not be `counted`, of as many rows as
    it takes to know that it does anything."""
    tally, hand = Foreseen(), Hand(patches.foresee, _would_go, _would_come)

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

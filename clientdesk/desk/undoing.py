"""Undo and redo: a change, or all of a job, is taken back by the inverse patches of its entries in the history.

What can be taken back is tried: it is written in a transaction that is rolled back, so that rules, access and what
others did since count as they do when it is done. Of a job, which is many transactions, it is only looked at. An undo
is a change like any other, with a number, and is undone itself by redo.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.conflicts import Conflict, explained, unreadable
from clientdesk.desk.history import attributes_of
from clientdesk.desk.jobs import Progress, Stop, Stopped, go_on, never, new_job, paced, silent
from clientdesk.desk.judging import Names
from clientdesk.desk.kinds import KINDS, REDONE, UNDONE, title
from clientdesk.desk.session import Session, changes, member_record, reads
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Outcome, Patch, Verdict
from clientdesk.domain.problems import refuse
from clientdesk.store import firm, history
from clientdesk.store import undoing as rows
from clientdesk.store.entities import ENTITIES, is_key
from clientdesk.store.history import LAST
from clientdesk.store.undoing import ChangeSet, Written
from clientdesk.text import N_, display_text, local_time

__all__ = ["Conflict"]

LISTED = 500
"""So many conflicts are listed; they are all counted."""
_AT_ONCE = 1_000
_FIRST = ("firm.created", "client.demo", "firm.copied")
"""The kinds of changes with which a firm begins: behind them there is nothing to go back to."""
_OF_LOGINS = frozenset(("login", "access", "active"))
"""The fields of a team member that a server has to know."""
_LEFT_TO_OTHERS = frozenset(("type_in_use", "unknown_client_type"))
"""Refusals of one batch for rows of another one of the same job, which goes before it."""


class Plan(NamedTuple):
    """A change that can be taken back, or an undo that can be.

    `number` is the newest of its change sets that are not taken back yet, `job` their job (None where it is none);
    `title` what it is called, `at` (ISO 8601, UTC) and `who` when and by whom, `mine` whether that was you. `rows` is
    how many rows it changed and `can` how many of them can be taken back now, in a part of their fields at least;
    `conflicts` are the first 500 of what cannot. `redo` says that it is an undo which is taken back, and `fresh` that it
    was done since the firm was opened here. `sql` is what an administrator of the server has to run afterwards, "" for
    nothing.
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
    redo: bool = False
    fresh: bool = False
    sql: str = ""


class Undone(NamedTuple):
    """What was taken back: the number of the change set that did (the latest one; 0 where nothing was written), how
    many rows, how many of them stay as they are, at least in a part of their fields, and which, the first 500. `whole`
    says that it was not stopped before its end."""

    number: int
    rows: int
    left: int
    conflicts: tuple[Conflict, ...] = ()
    whole: bool = True


class _Task(NamedTuple):
    """What is to be taken back: the change sets, newest first, what was done first (its kind), and of how many change
    sets the job is."""

    sets: Sequence[ChangeSet]
    kind: str
    redo: bool
    of: int

    @property
    def head(self) -> ChangeSet:
        """The newest."""
        return self.sets[0]

    @property
    def action(self) -> Action | None:
        """What your access must allow."""
        return KINDS[self.kind].undone_by


class _Tally:
    """What became of rows: how many were looked at and written, how many stay as they are (at least in a part of their
    fields), and which; the change set that did it, and the SQL for a server."""

    def __init__(self, in_part: bool = False) -> None:
        self._in_part = in_part
        self.looked_at, self.written, self.left, self.number = 0, 0, 0, 0
        self.conflicts: list[Conflict] = []
        self.sql: list[str] = []

    def leave(self, left: int, conflicts: Sequence[Conflict]) -> None:
        """So many rows stay as they are."""
        self.left += left
        self.conflicts += conflicts[: LISTED - len(self.conflicts)]

    def waits(self, outcome: Outcome) -> bool:
        """Whether only another batch, which goes before, makes this one possible."""
        return self._in_part and outcome.problems[0].code in _LEFT_TO_OTHERS

    def add(self, other: "_Tally") -> None:
        """Counts what became of the rows of another change set."""
        self.looked_at += other.looked_at
        self.written += other.written
        self.number = other.number or self.number
        self.leave(other.left, other.conflicts)
        self.sql += other.sql


class _Tried(Exception):
    """Rolls back what was only tried."""


# --- which


def latest(session: Session) -> Plan | None:
    """What you did last in this firm and is not taken back; None where there is nothing.

    What stands as it was before already is passed over. Refused as `plan` is.
    """
    passed: set[int | None] = set()
    number = LAST
    while (found := _own(session, number)) is not None:
        number = found.id
        if found.job is None or found.job not in passed:
            passed.add(found.job)
            planned = plan(session, number)
            if planned.can or planned.conflicts:
                return planned
    return None


@reads
def _own(session: Session, before: int) -> ChangeSet | None:
    """Your newest change before another one that is not taken back, undo and redo apart."""
    for each in rows.by_member(session.engine, session.me.id, before):
        if each.kind not in (UNDONE, REDONE, *_FIRST) and not each.undone:
            return each
    return None


def latest_undone(session: Session) -> Plan | None:
    """Your last undo, which can be done again until you change something else; None where there is none."""
    found = _own_undo(session)
    return None if found is None else plan(session, found.id)


@reads
def _own_undo(session: Session) -> ChangeSet | None:
    for each in rows.by_member(session.engine, session.me.id):
        if each.kind not in (UNDONE, REDONE):
            return None
        if each.kind == UNDONE and not each.undone:
            return each
    return None


def plan(session: Session, number: int) -> Plan:
    """What taking back the change set with a number does, or all of the job that it is of; of an undo, doing it again.

    Refused ("change_gone", "not_undone" with what to do instead, "undone_already", "redone_already", "not_allowed").
    """
    session.demand_writable()
    task = _task(session, number)
    tally = _Tally()
    for each in task.sets:
        tally.add(reads(_look)(session, each) if task.of > 1 else _batch(session, task, each, trial=True))
    head = task.head
    return Plan(
        head.id,
        head.job,
        title(task.kind),
        head.at,
        display_text(head.actor),
        head.actor_id == session.me.id,
        reads(_rows)(session, task),
        tally.written,
        tuple(tally.conflicts),
        task.redo,
        head.id in session.done,
        "\n".join(tally.sql),
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
        raise refuse("not_undone", title=title(kind), instead=instead)
    if (action := KINDS[kind].undone_by) is not None:
        session.demand(action)
    of_job = [found] if found.job is None else rows.of_job(engine, found.job)
    waiting = [each for each in of_job if not each.undone]
    if not waiting:
        by = rows.undoing(engine, [found.id])[0]
        code = "redone_already" if redo else "undone_already"
        raise refuse(code, change=str(number), who=by.actor, at=local_time(by.at))
    return _Task(waiting, kind, redo, len(of_job))


# --- doing it


def undo(session: Session, plan: Plan, progress: Progress = silent, stopped: Stopped = never) -> Undone:
    """Takes a change back, or does it again where the plan says so; what stands in the way is left as it is.

    Of a job each change set is a batch, newest first; stopped (between two batches, or within one, which is then not
    written) it leaves whole batches, and the same undo goes on with the rest. `progress` is told how many rows are done
    of how many.
    """
    session.demand_writable()
    task = _task(session, plan.number)
    job = _job(session, task) if task.of > 1 else None
    tally, all_rows = _Tally(), reads(_rows)(session, task)

    def tell(rows_of_batch: int) -> None:
        progress(tally.looked_at + rows_of_batch, all_rows)

    try:
        for each in paced(task.sets):
            tally.add(_batch(session, task, each, tell, stopped, job))
    except Stop:
        return Undone(tally.number, tally.written, tally.left, tuple(tally.conflicts), whole=False)
    return Undone(tally.number, tally.written, tally.left, tuple(tally.conflicts))


def _job(session: Session, task: _Task) -> int:
    """The number of the job that the batches are a part of: your own that was begun, where there is one."""
    return reads(_begun)(session, task) or new_job(session)


def _begun(session: Session, task: _Task) -> int | None:
    job = task.head.job
    taken_back = [] if job is None else [each.id for each in rows.of_job(session.engine, job) if each.undone]
    for each in rows.undoing(session.engine, taken_back):
        if each.job is not None and each.actor_id == session.me.id and not each.undone:
            return each.job
    return None


def _batch(
    session: Session,
    task: _Task,
    of: ChangeSet,
    tell: Callable[[int], None] = lambda _rows: None,
    stopped: Stopped = never,
    job: int | None = None,
    trial: bool = False,
) -> _Tally:
    """Takes one change set back in one transaction; a trial is rolled back."""
    tally = _Tally()

    def take_back(session: Session) -> None:
        _take_back(session, of, tally, tell, stopped, patches.apply)
        if trial:
            raise _Tried
        if tally.written:
            history.write_note(session.engine, task.kind)
            tally.number = session.engine.change_set

    with suppress(_Tried):
        changes(REDONE if task.redo else UNDONE, task.action, job=job, undoes=of.id)(take_back)(session)
    return tally


def _look(session: Session, of: ChangeSet) -> _Tally:
    """What taking back a change set of a job would do, as the firm stands now."""
    tally = _Tally(in_part=True)
    session.undoes = of.id
    try:
        _take_back(session, of, tally, lambda _rows: None, never, patches.foresee)
    finally:
        session.undoes = None
    return tally


_Writing = Callable[[Session, Sequence[Patch], Names], Iterator[Outcome]]


def _take_back(
    session: Session, of: ChangeSet, tally: _Tally, tell: Callable[[int], None], stopped: Stopped, write: _Writing
) -> None:
    names = Names(session.engine)
    entries = rows.entries(session.engine, of.id)
    while part := list(islice(entries, _AT_ONCE)):
        go_on(stopped)
        wanted: list[Patch] = []
        for entry in part:
            patch = _inverse(entry)
            if patch is None:
                tally.leave(1, [unreadable(session, entry)])
            else:
                wanted.append(patch)
        left = _apply(session, wanted, tally, names, write)
        listed = len(tally.conflicts) < LISTED
        tally.leave(len(left), list(explained(session, of, left)) if left and listed else ())
        tally.looked_at += len(part)
        tell(tally.looked_at)


def _inverse(entry: Written) -> Patch | None:
    """The patch that takes an entry back; None where it cannot be read. A member who was added is made inactive."""
    declared, attributes = ENTITIES.get(entry.entity), attributes_of(entry.entity)
    old, new = ({name: value for name, value in side.items() if name in attributes} for side in (entry.old, entry.new))
    readable = all(value is None or isinstance(value, str | int) for side in (old, new) for value in side.values())
    if declared is None or entry.erased or not readable or not (old or new) or not is_key(entry.entity, entry.key):
        return None
    if entry.operation == "insert":
        if declared.deleted_by is not None:
            return Patch(entry.entity, entry.key, new, None)
        return Patch(entry.entity, entry.key, {"active": 1}, {"active": 0}) if "active" in attributes else None
    if entry.operation == "delete":
        return Patch(entry.entity, entry.key, None, old)
    free = [name for name in new if name in old and not attributes[name].once]
    return Patch(entry.entity, entry.key, {name: new[name] for name in free}, {name: old[name] for name in free})


def _apply(session: Session, wanted: Sequence[Patch], tally: _Tally, names: Names, write: _Writing) -> list[Outcome]:
    """Writes what can be written; what is left of it. Of a row of which some fields were changed since, the others are
    taken back."""
    outcomes = list(write(session, wanted, names))
    again = [rest for outcome in outcomes if (rest := _rest(outcome)) is not None]
    results = outcomes + list(write(session, again, names))
    left = []
    for outcome in results:
        if outcome.verdict is Verdict.WRITTEN:
            tally.written += 1
            tally.sql += _for_server(session, outcome.patch)
        elif outcome.verdict is not Verdict.UNCHANGED:
            if tally.waits(outcome):
                tally.written += 1
            else:
                left.append(outcome)
    return left


def _rest(outcome: Outcome) -> Patch | None:
    """Of a patch in whose way some fields stand, that of the other fields; None for none."""
    before, after = outcome.patch.before, outcome.patch.after
    if outcome.verdict is not Verdict.CHANGED or before is None or after is None:
        return None
    free = [name for name in after if name not in outcome.fields]
    if not free:
        return None
    return outcome.patch._replace(
        before={name: before[name] for name in free}, after={name: after[name] for name in free}
    )


def _for_server(session: Session, patch: Patch) -> list[str]:
    """The SQL by which a server knows a member whose login, access or state was written."""
    if patch.entity != "team_member" or patch.after is None or _OF_LOGINS.isdisjoint(patch.after):
        return []
    row = firm.member(session.engine, int(patch.key))
    if row is None:
        return []
    member, was = member_record(row), (patch.before or {}).get("login")
    statements = [session.engine.grant_sql(member.login, member.access.value if member.active else None)]
    if was is not None and "login" in patch.after:
        statements.append(session.engine.grant_sql(str(was), None))
    return [sql for sql in statements if sql]

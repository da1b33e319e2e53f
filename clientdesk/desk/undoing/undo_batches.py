"""Undo and redo themselves: a plan carried out, batch by batch.

An undo is a change like any other, with a number, and is undone itself by redo. What it had to leave, or was not done
any more when it was stopped, can be taken back later.
"""

from typing import NamedTuple

from clientdesk.desk.jobs import Progress, Stop, Stopped, never, new_job, paced, seldom_collected, silent
from clientdesk.desk.session import Session, reads
from clientdesk.desk.undoing.undo_conflicts import Conflict
from clientdesk.desk.undoing.undo_plan import Plan, Task, already, batch, rows_of, task_of
from clientdesk.desk.undoing.undo_tally import Tally
from clientdesk.store import change_sets as rows


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


@seldom_collected()
def undo(session: Session, plan: Plan, progress: Progress = silent, stopped: Stopped = never) -> Undone:
    """Takes a change back, or does it again where the plan says so; what stands in the way is left as it is.

    Of a job each change set is a batch, newest first; stopped (between two batches, or within one, which is then not
    written) it leaves whole batches, and the same undo goes on with the rest. `progress` is told how many rows are done
    of how many. Refused as `plan` is, also where somebody else has taken all of it back meanwhile.
    """
    session.demand_writable()
    task = task_of(session, plan.number)
    job = _job(session, task) if task.of > 1 else None
    tally, all_rows = Tally(), reads(rows_of)(session, task)

    def tell(rows_of_batch: int) -> None:
        progress(tally.looked_at + rows_of_batch, all_rows)

    finished = True
    try:
        for of in paced(task.sets):
            tally.add(batch(session, task, of, tell, stopped, job))
    except Stop:
        finished = False
    if finished and not tally.written and not tally.left:
        raise already(session, task.head, plan.number)
    done = tally.rows if plan.counted else tally.looked_at
    waiting = 0 if finished else max(0, plan.rows - done)
    return Undone(
        tally.number,
        tally.written,
        tally.left,
        tally.conflicts,
        finished,
        tuple(tally.overruled),
        "\n".join(tally.sql),
        tally.more,
        waiting,
    )


def _job(session: Session, task: Task) -> int:
    """The number of the job that the batches are a part of: your own that was begun, where there is one."""
    return reads(_begun)(session, task) or new_job(session)


def _begun(session: Session, task: Task) -> int | None:
    job = task.head.job
    taken_back = [] if job is None else [of.id for of in rows.of_job(session.engine, job) if of.begun]
    for back in rows.undoing(session.engine, taken_back):
        if back.job is not None and back.actor_id == session.me.id and not back.begun:
            return back.job
    return None

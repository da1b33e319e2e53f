"""Deactivating and activating clients, however many: in batches that are one job, undone together."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.jobs import Progress, Stop, Stopped, go_on, never, new_job, paced, seldom_collected, silent
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch, Verdict
from clientdesk.domain.problems import Problem, Refused

BATCH = 5_000
"""So many clients are one transaction, so that others can write to the firm within a second or two."""
_LOOKED_AT = 250
"""After so many clients it is told how many are done, and asked whether the person wants no more."""


class StatusChange(NamedTuple):
    """How many clients had the other status, and whether it was not stopped before its end."""

    changed: int
    whole: bool = True


@seldom_collected()
def set_status_of_many(
    session: Session,
    client_ids: Sequence[int],
    active: bool,
    progress: Progress = silent,
    stopped: Stopped = never,
    batch: int = 0,
) -> StatusChange:
    """Activates or deactivates clients, `batch` of them (0: BATCH) in one change set. More than that are a job: one line of the
    history, one undo.

    Those that have the status already stay as they are, and who was deleted meanwhile is passed over. Stopped, it leaves
    whole batches. `progress` is told how many clients are done of how many. Refused where nobody is left of them
    ("client_gone"), or where the database does not allow it ("database_forbids").
    """
    batch = batch or BATCH
    kind, status = ("client.activated", "active") if active else ("client.deactivated", "inactive")
    parts = [client_ids[start : start + batch] for start in range(0, len(client_ids), batch)]
    job = new_job(session) if len(parts) > 1 else None
    write = changes(kind, Action.CHANGE_STATUS, job=job)(_give)
    changed = done = 0
    is_left, why_gone = False, tuple[Problem, ...]()

    def tell(done_of_part: int) -> None:
        progress(done + done_of_part, len(client_ids))
        go_on(stopped)

    for part in paced(parts):
        try:
            of_part = write(session, part, status, tell)
        except Stop:
            return StatusChange(changed, whole=False)
        changed, done = changed + of_part.changed, done + len(part)
        is_left, why_gone = is_left or of_part.is_left, why_gone or of_part.why_gone
    if why_gone and not is_left:
        raise Refused(*why_gone)
    return StatusChange(changed)


class _PartChange(NamedTuple):
    """How many clients of a batch have another status now, whether any was left, and why another one was not."""

    changed: int
    is_left: bool
    why_gone: tuple[Problem, ...]


def _give(session: Session, client_ids: Sequence[int], status: str, tell: Callable[[int], None]) -> _PartChange:
    changed, is_left, why_gone = 0, False, tuple[Problem, ...]()
    wanted = (Patch("client", str(client_id), {}, {"status": status}) for client_id in client_ids)
    for number, outcome in enumerate(patches.apply(session, wanted)):
        if number % _LOOKED_AT == 0:
            tell(number)
        if outcome.verdict is Verdict.GONE:
            why_gone = why_gone or tuple(outcome.problems)
            continue
        patches.landed(outcome)
        is_left = True
        changed += outcome.verdict is Verdict.WRITTEN
    return _PartChange(changed, is_left, why_gone)

"""Changes of many clients at once: a plan that writes nothing, then the same in batches that are one job, undone together.

What can be done to clients in bulk says `bulk_kinds`. A plan holds two numbers for each client that changes, and why
others do not, so that 100,000 clients are no more to it than their ids.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.jobs import Progress, Stop, Stopped, go_on, never, new_job, paced, seldom_collected, silent
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Outcome, Patch, RowId, Stored, Verdict
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import called
from clientdesk.store import patches as store

BATCH = 5_000
"""So many clients are one transaction, so that others can write to the firm within a second or two."""
_AT_ONCE = 1_000
"""So many clients are read in one go; after them it is told how many are done, and asked whether to go on."""


class BulkChange(NamedTuple):
    """What is done to each of many clients.

    `kind` is that of its change sets, `action` what your access must allow (None: the rules say). `fields` are those of
    which a client must stand as the plan has seen it. `patch` says what becomes of a client that stands so, or why
    nothing does. `begins` makes what the firm lacks for it (tags), as a part of the first batch, and answers the change
    as it is then; until that is done it is no reason to refuse a client.
    """

    kind: str
    action: Action | None
    fields: tuple[str, ...]
    patch: Callable[[Stored], Patch | Problem]
    begins: "Callable[[Session], BulkChange] | None" = None
    rows: Callable[[Session, Sequence[int]], Mapping[int, "Stored | Problem"]] | None = None
    differences: "Callable[[Stored, Patch], tuple[FieldDifference, ...]] | None" = None
    also: Callable[[Session, Sequence[int]], None] | None = None
    batch: int = 0
    """So many clients are one transaction; 0: BATCH."""

    def stood(self, row: Stored) -> int:
        """A number by which it is known whether a client still stands as it was seen."""
        return hash(tuple(row.values.get(name, "") for name in self.fields))


class Plan(NamedTuple):
    """What would become of clients: those that change, with how they stood; how many have it already; why the others
    are refused; and of what a person is warned, with how many clients it is about."""

    change: BulkChange
    client_ids: "array[int]"
    stood: "array[int]"
    unchanged: int
    refused: Mapping[int, Problem]
    warnings: tuple[tuple[Problem, int], ...] = ()

    @property
    def clients(self) -> int:
        """How many clients were looked at."""
        return len(self.client_ids) + self.unchanged + len(self.refused)


class FieldDifference(NamedTuple):
    """One field of a client as it is and as it would be, and what it is called, in the words that a person reads."""

    field: str
    title: str
    old: str
    new: str


class _Alike:
    """Problems of many clients: equal ones are kept once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Problem] = {}

    def one(self, wrong: Problem) -> Problem:
        """The same problem, kept once."""
        return self._kept.setdefault((wrong.code, wrong.field, *map(str, wrong.values.values())), wrong)


@seldom_collected()
def plan(
    session: Session,
    client_ids: Sequence[int],
    change: BulkChange,
    progress: Progress = silent,
    stopped: Stopped = never,
) -> Plan | None:
    """What would become of clients; nothing is written. None where it is `stopped`. Refused where your access does not
    allow it."""
    if change.action is not None:
        session.demand(change.action)
    changing, stood, unchanged = array("q"), array("q"), 0
    refused: dict[int, Problem] = {}
    alike, names = _Alike(), Names(session.engine)
    warnings: dict[int, tuple[Problem, int]] = {}
    for start in range(0, len(client_ids), _AT_ONCE):
        progress(start, len(client_ids))
        if stopped():
            return None
        part = client_ids[start : start + _AT_ONCE]
        for client_id, mark, outcome in _foreseen(session, change, part, names):
            if isinstance(outcome, Problem):
                refused[client_id] = alike.one(outcome)
            elif outcome.verdict is Verdict.UNCHANGED:
                unchanged += 1
            elif outcome.verdict is Verdict.WRITTEN or (change.begins and _lacks_tags(outcome)):
                changing.append(client_id)
                stood.append(mark)
                for warning in outcome.problems:
                    if warning.warning and warning.field in change.fields:
                        kept = alike.one(warning)
                        warnings[id(kept)] = kept, warnings.get(id(kept), (kept, 0))[1] + 1
            else:
                refused[client_id] = alike.one(outcome.problems[0])
    progress(len(client_ids), len(client_ids))
    return Plan(change, changing, stood, unchanged, refused, tuple(warnings.values()))


def _lacks_tags(outcome: Outcome) -> bool:
    """Whether all that is wrong is that there are no such tags yet."""
    return all(wrong.code in ("unknown_tag", "no_tags") for wrong in outcome.problems)


@reads
def _foreseen(
    session: Session, change: BulkChange, client_ids: Sequence[int], names: Names
) -> list[tuple[int, int, Outcome | Problem]]:
    """Of some clients: the id, how it stands, and what would become of it."""
    present = present_of(session, change, client_ids)
    wanted = [
        (client_id, _wanted(session, change, names, client_id, present.get(client_id))) for client_id in client_ids
    ]
    possible = [patch for _id, patch in wanted if isinstance(patch, Patch) and not _is_idle(patch)]
    outcomes = patches.foresee(session, possible, names, present=_of_clients(change, present))
    return [
        (
            client_id,
            change.stood(row) if isinstance(row := present.get(client_id), Stored) else 0,
            patch
            if isinstance(patch, Problem)
            else Outcome(patch, Verdict.UNCHANGED)
            if _is_idle(patch)
            else next(outcomes),
        )
        for client_id, patch in wanted
    ]


def _is_idle(patch: Patch) -> bool:
    """Whether a patch says of itself that there is nothing to change."""
    return patch.after is not None and not patch.after


def present_of(session: Session, change: BulkChange, client_ids: Sequence[int]) -> Mapping[int, "Stored | Problem"]:
    """What a change is about, by client."""
    if change.rows is not None:
        return change.rows(session, client_ids)
    present, _more = store.stored(session.engine, "client", client_ids)
    return {row.id: row for row in present.values()}


def _of_clients(change: BulkChange, present: Mapping[int, "Stored | Problem"]) -> Mapping[RowId, Stored] | None:
    """The rows that patches are about, where these are the clients' own."""
    if change.rows is not None:
        return None
    return {client_id: row for client_id, row in present.items() if isinstance(row, Stored)}


def _wanted(
    session: Session, change: BulkChange, names: Names, client_id: int, row: "Stored | Problem | None"
) -> Patch | Problem:
    """What becomes of a client, or why nothing does: it may be gone."""
    if isinstance(row, Problem):
        return row
    if row is None:
        gone = ClientRules("client", session, names).gone([str(client_id)])
        return gone[str(client_id)]
    return change.patch(row)


class BulkJob:
    """A plan on its way into the firm. What is written so far is known at any time, also after a failure."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.changed = 0
        """How many clients were changed."""
        self.unchanged = 0
        """How many had it by then."""
        self.refused: dict[int, Problem] = {}
        """Why others were not, by their ids: they were changed or deleted meanwhile, or a rule says no."""
        self.whole = False
        """Whether it came to its end."""
        self._alike = _Alike()

    @property
    def done(self) -> int:
        """How many clients were dealt with."""
        return self.changed + self.unchanged + len(self.refused)

    @seldom_collected()
    def run(self, session: Session, progress: Progress = silent, stopped: Stopped = never, batch: int = 0) -> "BulkJob":
        """Writes it, `batch` clients (0: as many as the change says) in one change set; more are a job: one line of the history, one undo. Stopped, or
        where it fails, whole batches stay. A client that does not stand any more as the plan has seen it is refused.
        """
        change, client_ids, batch = self._plan.change, self._plan.client_ids, batch or self._plan.change.batch or BATCH
        job = new_job(session) if len(client_ids) > batch else None
        write = changes(change.kind, change.action, job=job)(write_batch)

        def tell(done_of_part: int) -> None:
            progress(self.done + done_of_part, len(client_ids))
            go_on(stopped)

        for start in paced(range(0, len(client_ids), batch)):
            try:
                written = write(session, self._plan, start, min(start + batch, len(client_ids)), tell)
            except Stop:
                return self
            self._plan = self._plan._replace(change=written.change)
            self.changed += written.changed
            self.unchanged += written.unchanged
            self.refused |= {client_id: self._alike.one(wrong) for client_id, wrong in written.refused.items()}
        progress(len(client_ids), len(client_ids))
        self.whole = True
        return self


class WrittenBatch(NamedTuple):
    """What became of a batch, and the change as it is once it was begun."""

    change: BulkChange
    changed: int
    unchanged: int
    refused: dict[int, Problem]


def write_batch(session: Session, plan: Plan, start: int, end: int, tell: Callable[[int], None]) -> WrittenBatch:
    """Writes the clients of a plan from one place to another, in a change set that is begun; what became of them. `tell`
    is told how many of them are done."""
    changed = unchanged = 0
    refused: dict[int, Problem] = {}
    if plan.change.begins is not None:
        plan = plan._replace(change=plan.change.begins(session))
    names = Names(session.engine)
    for first in range(start, end, _AT_ONCE):
        tell(first - start)
        part = slice(first, min(first + _AT_ONCE, end))
        wanted: dict[int, Patch] = {}
        present = present_of(session, plan.change, plan.client_ids[part])
        for client_id, patch in _still_wanted(session, plan, names, part, present):
            if isinstance(patch, Patch) and not _is_idle(patch):
                wanted[client_id] = patch
            elif patch is None or isinstance(patch, Patch):
                unchanged += 1
            else:
                refused[client_id] = patch
        if plan.change.also is not None and wanted:
            plan.change.also(session, list(wanted))
        outcomes = patches.apply(session, wanted.values(), names, present=_of_clients(plan.change, present))
        for client_id, outcome in zip(wanted, outcomes, strict=True):
            if outcome.verdict is Verdict.WRITTEN:
                changed += 1
            elif outcome.verdict is Verdict.UNCHANGED:
                unchanged += 1
            else:
                refused[client_id] = outcome.problems[0]
    tell(end - start)
    return WrittenBatch(plan.change, changed, unchanged, refused)


def _still_wanted(
    session: Session, plan: Plan, names: Names, part: slice, present: Mapping[int, "Stored | Problem"]
) -> Iterator[tuple[int, Patch | Problem | None]]:
    """What becomes of some clients of a plan as they stand now; None where they have it by now."""
    for client_id, stood in zip(plan.client_ids[part].tolist(), plan.stood[part], strict=True):
        row = present.get(client_id)
        patch = _wanted(session, plan.change, names, client_id, row)
        if not isinstance(row, Stored) or plan.change.stood(row) == stood:
            yield client_id, patch
        elif (
            isinstance(patch, Patch)
            and patch.after is not None
            and all(row.values.get(name, "") == value for name, value in patch.after.items())
        ):
            yield client_id, None
        else:
            yield client_id, problem("changed_meanwhile", name=_called(session, client_id))


@reads
def _called(session: Session, client_id: int) -> str:
    """How a client is called in a sentence."""
    present, _more = store.stored(session.engine, "client", [client_id])
    return called(str(present[client_id].values["display_name"])) if client_id in present else f"#{client_id}"

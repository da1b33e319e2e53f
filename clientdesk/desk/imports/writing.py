"""A batch of an import: every row is looked at once more and written, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.clients import new_company_id
from clientdesk.desk.imports.claims import called, contested
from clientdesk.desk.imports.records import ImportKind
from clientdesk.desk.jobs import Stopped, go_on
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.fold import fold
from clientdesk.domain.judged import Draft, RowOutcome, RowVerdict, Says
from clientdesk.domain.problems import problem
from clientdesk.store import clients, firm, lookups
from clientdesk.store import imports as store
from clientdesk.store.judged_rows import JudgedRows
from clientdesk.text import local_time

Look = Callable[[Session, Sequence[tuple[int, Says]]], "list[Draft]"]
"""What rows (number, what it says) want of the firm as it stands now; asked inside a use case."""

_AT_ONCE = 500
"""So many rows are looked at in one go; what a whole batch says is never held at once."""
_KINDS = {ImportKind.NUMBERS: "client.numbers", ImportKind.CLIENTS: "client.imported"}


class Work(NamedTuple):
    """What is to be written: the rows of a run, by what they want, and the client types that they bring along. With
    `again` they are refused rows of the run's log, which are tried once more. Its batches are parts of a `job`."""

    kind: ImportKind
    run_id: int
    rows: JudgedRows
    look: Look
    new_types: Sequence[str] = ()
    again: bool = False
    job: int | None = None


def write_batch(session: Session, work: Work, batch: Sequence[int], stopped: Stopped) -> list[RowOutcome]:
    """Looks at every row of a batch again and writes those that still want what was planned; what became of each.

    A row whose client was changed since the plan in what the row changes, or whose number was taken meanwhile, is
    refused, and nothing else. One of a log that somebody else has brought in meanwhile is not written twice. Raises
    Stop, with nothing written, where it is `stopped`.
    """
    return changes(_KINDS[work.kind], Action.IMPORT, job=work.job)(_write)(session, work, batch, stopped)


def _write(session: Session, work: Work, batch: Sequence[int], stopped: Stopped) -> list[RowOutcome]:
    _add_types(session, work.new_types)
    settled = store.settled(session.engine, work.run_id, batch) if work.again else {}
    elsewhere = [_elsewhere(row, *settled[row]) for row in batch if row in settled]
    batch = [row for row in batch if row not in settled]
    outcomes: list[RowOutcome] = []
    rest: list[Draft] = []
    claims: set[str] = set()

    def plainly_new() -> Iterator[Draft]:
        """The new clients that wait for nobody's number, as they are looked at."""
        for start in range(0, len(batch), _AT_ONCE):
            go_on(stopped)
            part = batch[start : start + _AT_ONCE]
            for planned, present in zip(work.rows.drafts(part), work.look(session, work.rows.says(part)), strict=True):
                draft = _still(planned, present)
                if draft.problem is None and not draft.client_id and not draft.holder and draft.claim not in claims:
                    if draft.claim:
                        claims.add(draft.claim)
                    outcomes.append(RowOutcome(draft.row, RowVerdict.NEW))
                    yield draft
                else:
                    rest.append(draft)

    _put(session, (), plainly_new())
    judged = contested(rest, claims)
    fine = [each for each in judged if each.problem is None]
    missed = _put(session, [each for each in fine if each.values], (each for each in fine if not each.client_id))
    outcomes += [_outcome(session, each, each.client_id in missed) for each in judged]
    go_on(stopped)
    _count(session, work, outcomes)
    return outcomes + elsewhere


def _put(session: Session, changed: Sequence[Draft], new: Iterable[Draft]) -> set[int]:
    """The one place where an import writes clients: those of the firm first, as new ones may take their numbers. The
    ids of those that the database keeps as they are."""
    missed = clients.update_many(session.engine, list(_updates(session, changed))) if changed else ()
    clients.insert(session.engine, map(_whole, new))
    return set(missed)


def _add_types(session: Session, new_types: Sequence[str]) -> None:
    """Adds the client types that the firm does not have."""
    known = {fold(name) for name in firm.type_names(session.engine)} if new_types else set()
    for name in new_types:
        if fold(name) not in known:
            firm.insert_type(session.engine, name)
            known.add(fold(name))


def _elsewhere(row: int, verdict: str, at: str, who: str) -> RowOutcome:
    return RowOutcome(row, RowVerdict(verdict), elsewhere=problem("retried_elsewhere", who=who, at=local_time(at)))


def _still(planned: Draft, present: Draft) -> Draft:
    """The row as it is now, refused where it would do something else than was planned."""
    if present.problem is not None or not present.values:
        return present
    if planned.client_id == present.client_id and all(
        planned.before.get(name) == value for name, value in present.before.items()
    ):
        return present
    name = present.name or planned.name or present.values.get("display_name", "")
    return present.refused(problem("changed_meanwhile", name=called(name)))


def _whole(draft: Draft) -> Mapping[str, str]:
    """A new client's values; one that brings no Company ID gets one."""
    return draft.values if draft.values["company_id"] else {**draft.values, "company_id": new_company_id()}


def _updates(session: Session, drafts: Sequence[Draft]) -> Iterator[clients.Update]:
    for start in range(0, len(drafts), _AT_ONCE):
        part = drafts[start : start + _AT_ONCE]
        present = {row.id: row.values for row in lookups.by_ids(session.engine, [each.client_id for each in part])}
        for each in part:
            whole = {**present[each.client_id], **each.values}
            yield clients.Update(each.client_id, each.version, each.values, whole)


def _outcome(session: Session, draft: Draft, missed: bool) -> RowOutcome:
    wrong = draft.problem
    if wrong is None and missed:  # it was read a moment ago in this very transaction: the database keeps it from you
        wrong = problem("database_forbids", name=called(draft.name), admin=session.firm.primary_admin)
    return RowOutcome(draft.row, draft.verdict if wrong is None else RowVerdict.REFUSED, wrong)


def _count(session: Session, work: Work, outcomes: Sequence[RowOutcome]) -> None:
    """Notes in the run what became of rows, or of those of its log that are refused no longer."""
    if work.again:
        written: defaultdict[str, list[int]] = defaultdict(list)
        for each in outcomes:
            if each.problem is None:
                written[each.verdict.value].append(each.row)
        store.settle(session.engine, work.run_id, session.me.id, written)
    else:
        verdicts = Counter("added" if each.verdict is RowVerdict.NEW else each.verdict.value for each in outcomes)
        store.add_counts(session.engine, work.run_id, {name: verdicts[name] for name in store.COUNTS})

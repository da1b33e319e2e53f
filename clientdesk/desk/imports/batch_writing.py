"""A batch of an import: what its rows want becomes patches, which are written in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.row_judging import Reader
from clientdesk.desk.jobs import Stopped, go_on, never
from clientdesk.desk.judged_clients import JUDGED, SWAPPING
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.fold import fold
from clientdesk.domain.judged_row import Draft, RowOutcome, RowVerdict
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_value_rules import tag_names
from clientdesk.domain.own_values import tag_ids
from clientdesk.domain.patch import Outcome, Patch, Verdict
from clientdesk.domain.problems import problem
from clientdesk.domain.rules import called
from clientdesk.store import import_runs as store
from clientdesk.store.judged_rows import JudgedRows
from clientdesk.text import local_time

_AT_ONCE = 500
"""So many rows are read in one go; what a whole batch says is never held at once."""
_KINDS = {ImportKind.NUMBERS: "client.numbers", ImportKind.CLIENTS: "client.imported"}


class Work(NamedTuple):
    """What is to be written: the rows of a run, by what they want, with what reads them, and the client types that they
    bring along. With `again` they are refused rows of the run's log, which are tried once more. Its batches are parts of
    a `job`, and the history names the `file`."""

    kind: ImportKind
    run_id: int
    rows: JudgedRows
    reader: Reader
    new_types: Sequence[str] = ()
    again: bool = False
    job: int | None = None
    file: str = ""


def write_batch(session: Session, work: Work, batch: Sequence[int], stopped: Stopped) -> list[RowOutcome]:
    """Writes those rows of a batch that still want what was planned; what became of each.

    A row whose client was changed since the plan in what the row says, or whose number was taken meanwhile, is refused,
    and nothing else. One of a log that somebody else has brought in meanwhile is not written twice. Raises Stop, with
    nothing written, where it is `stopped`.
    """
    return changes(_KINDS[work.kind], Action.IMPORT, job=work.job)(_write)(session, work, batch, stopped)


def _write(session: Session, work: Work, batch: Sequence[int], stopped: Stopped) -> list[RowOutcome]:
    names = Names(session.engine)
    types = (Patch("client_type", "", None, {"name": name}) for name in work.new_types)
    list(patches.apply(session, types, names))  # one that somebody else has added meanwhile is refused: it is there
    _add_tags(session, work, batch)
    settled = store.settled(session.engine, work.run_id, batch) if work.again else {}
    elsewhere = [_elsewhere(row, *settled[row]) for row in batch if row in settled]
    kinds = work.rows.kinds([row for row in batch if row not in settled])
    outcomes: list[RowOutcome] = []
    refused: dict[int, Outcome | None] = {}
    # Who waits for a number that another client bears comes last, and new clients behind those that may give it up.
    for waits, new in ((False, False), (False, True), (True, False), (True, True)):
        rows = [row for row, is_new, is_waiting in kinds if (is_waiting, is_new) == (waits, new)]
        if new and work.reader.key == "display_name":  # two may bear a name: only a look tells that one does now
            no_longer_new = _no_longer_new(session, work, rows)
            refused |= dict.fromkeys(no_longer_new)
            rows = [row for row in rows if row not in no_longer_new]
        if not rows:
            continue
        parts, judges = _parts(rows, stopped), SWAPPING if waits else JUDGED
        row_patches = _additions(work, parts, names) if new else _changes(work, parts, names)
        for row, outcome in zip(rows, patches.apply(session, row_patches, names, judges), strict=True):
            if outcome.verdict is Verdict.WRITTEN:
                outcomes.append(RowOutcome(row, RowVerdict.NEW if new else RowVerdict.CHANGED))
            elif outcome.verdict is Verdict.UNCHANGED:
                outcomes.append(RowOutcome(row, RowVerdict.UNCHANGED))
            else:
                refused[row] = outcome
    if refused:
        outcomes += _reasons(session, work, refused)
    go_on(stopped)
    if work.file:
        session.engine.note_change(work.file)
    _count(session, work, outcomes)
    return outcomes + elsewhere


def _add_tags(session: Session, work: Work, batch: Sequence[int]) -> None:
    """Adds the tags that rows name and the firm does not have yet."""
    if not getattr(work.reader, "tags", False):
        return
    from clientdesk.desk import tags

    known = session.catalogue.known(TAGS)
    firm_tags = {fold(name) for name in known.called.values()} if known is not None else set()
    tag_texts = (says.get(TAGS, "") for part in _parts(batch) for _row, says in work.rows.says(part))
    new: dict[str, str] = {}
    for text in tag_texts:
        for name in tag_names(text):
            if fold(name) not in firm_tags and not tag_ids(name):
                new.setdefault(fold(name), name)
    if new:
        tags.tag_ids(session, list(new.values()), create=True)
        session.read_own_fields()


def _parts(rows: Sequence[int], stopped: Stopped = never) -> Iterator[Sequence[int]]:
    """Some rows at a time, as long as nobody has stopped the import."""
    for start in range(0, len(rows), _AT_ONCE):
        go_on(stopped)
        yield rows[start : start + _AT_ONCE]


def _additions(work: Work, parts: Iterator[Sequence[int]], names: Names) -> Iterator[Patch]:
    for part in parts:
        for _row, says in work.rows.says(part):
            yield Patch("client", "", None, names.held(work.reader.new_client(says, names)))


def _changes(work: Work, parts: Iterator[Sequence[int]], names: Names) -> Iterator[Patch]:
    """What rows change of clients that are there. All that a row says of a client is to stand as it did."""
    for part in parts:
        for draft in work.rows.drafts(part):
            before = names.held({**draft.same, **draft.before})
            yield Patch("client", str(draft.client_id), before, {**before, **names.held(draft.values)})


def _no_longer_new(session: Session, work: Work, rows: Sequence[int]) -> set[int]:
    """Those of the rows of new clients that find one now, or are refused."""
    return {
        draft.row
        for part in _parts(rows)
        for draft in work.reader.drafts(session, work.rows.says(part), planning=False)
        if draft.client_id or draft.problem is not None
    }


def _reasons(session: Session, work: Work, refused: Mapping[int, Outcome | None]) -> Iterator[RowOutcome]:
    """What became of rows that were not written, in the words of the plan: they are looked at as when they were
    planned. One whose client has all that it says by now is unchanged."""
    for part in _parts(list(refused)):
        looked_at = work.reader.drafts(session, work.rows.says(part), planning=False)
        for planned, present in zip(work.rows.drafts(part), looked_at, strict=True):
            yield _reason(planned, present, refused[planned.row])


def _reason(planned: Draft, present: Draft, outcome: Outcome | None) -> RowOutcome:
    wrong = present.problem
    if wrong is None and outcome is not None and outcome.problems[0].code == "database_forbids":
        wrong = outcome.problems[0]
    elif wrong is None and present.client_id and not present.values:
        return RowOutcome(planned.row, RowVerdict.UNCHANGED)
    elif wrong is None:
        alike = planned.client_id == present.client_id and outcome is not None and outcome.verdict is Verdict.REFUSED
        name = present.name or planned.name or present.values.get("display_name", "")
        wrong = outcome.problems[0] if alike and outcome else problem("changed_meanwhile", name=called(name))
    return RowOutcome(planned.row, RowVerdict.REFUSED, wrong)


def _elsewhere(row: int, verdict: str, at: str, who: str) -> RowOutcome:
    return RowOutcome(row, RowVerdict(verdict), elsewhere=problem("retried_elsewhere", who=who, at=local_time(at)))


def _count(session: Session, work: Work, outcomes: Sequence[RowOutcome]) -> None:
    """Notes in the run what became of rows, or of those of its log that are refused no longer."""
    if work.again:
        rows_by_verdict: defaultdict[str, list[int]] = defaultdict(list)
        for outcome in outcomes:
            if outcome.problem is None:
                rows_by_verdict[outcome.verdict.value].append(outcome.row)
        store.settle(session.engine, work.run_id, session.me.id, rows_by_verdict)
    else:
        verdicts = Counter(
            "added" if outcome.verdict is RowVerdict.NEW else outcome.verdict.value for outcome in outcomes
        )
        store.add_counts(session.engine, work.run_id, {name: verdicts[name] for name in store.COUNTS})

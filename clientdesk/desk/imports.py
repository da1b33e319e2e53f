"""Imports: writing a batch of rows, and the runs, error logs and mappings that are kept."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from clientdesk import saved
from clientdesk.desk.clients import new_company_id
from clientdesk.desk.import_records import (
    Draft,
    KeptRow,
    KeptRun,
    Logged,
    Outcome,
    Retried,
    Run,
    SavedMapping,
)
from clientdesk.desk.session import Session, changes, keeping, reads
from clientdesk.domain import rules
from clientdesk.domain.access import Action
from clientdesk.domain.bounds import broken, json_to_keep, limit, parsed
from clientdesk.domain.contest import Wish, hopeless
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import fold
from clientdesk.domain.mappings import is_mapping
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.rules import tidy
from clientdesk.store import clients as rows
from clientdesk.store import firm
from clientdesk.store import imports as store
from clientdesk.text import N_, NO_TEXT, local_time

UPLOAD_ROWS, UPLOAD_BYTES = 1_000, 102_400
"""What QuickBooks Online Accountant takes in one upload of client numbers."""

_SILENT = timedelta(seconds=30)
"""A run that says it is running and has written nothing for so long was broken off: a batch takes seconds."""

Look = Callable[[Session, Sequence[int]], "list[tuple[Draft, Draft]]"]
"""What was planned for the rows with these numbers, and what they want of the firm as it stands now."""

_AT_ONCE = 500
"""So many rows are looked at in one go; what a whole batch says is never held at once."""


# --- a batch


def write_numbers(
    session: Session, run_id: int, batch: Sequence[int], look: Look, again: bool = False
) -> list[Outcome]:
    """Writes a batch of an upload of client numbers in one transaction. See `_write`."""
    return _numbers(session, run_id, batch, look, again)


@changes("client.numbers", Action.IMPORT)
def _numbers(session: Session, run_id: int, batch: Sequence[int], look: Look, again: bool) -> list[Outcome]:
    return _write(session, run_id, batch, look, again)


def write_clients(
    session: Session,
    run_id: int,
    batch: Sequence[int],
    look: Look,
    new_types: Sequence[str] = (),
    again: bool = False,
) -> list[Outcome]:
    """Writes a batch of a client list in one transaction, after the client types that it adds. See `_write`."""
    return _clients(session, run_id, batch, look, new_types, again)


@changes("client.imported", Action.IMPORT)
def _clients(
    session: Session, run_id: int, batch: Sequence[int], look: Look, new_types: Sequence[str], again: bool
) -> list[Outcome]:
    known = {fold(name) for name in firm.type_names(session.engine)}
    for name in new_types:
        if fold(name) not in known:
            firm.insert_type(session.engine, name)
            known.add(fold(name))
    return _write(session, run_id, batch, look, again)


def _write(session: Session, run_id: int, batch: Sequence[int], look: Look, again: bool) -> list[Outcome]:
    """Looks at every row again and writes those that still want what was planned; what became of each.

    A row whose client was changed since the plan in what the row changes, or whose number was taken meanwhile, is
    refused, and nothing else. With `again` they are refused rows of the run's log, which are tried once more: one that
    somebody else has brought in meanwhile is not written twice.
    """
    settled = store.settled(session.engine, run_id, batch) if again else {}
    elsewhere = [_elsewhere(row, *settled[row]) for row in batch if row in settled]
    if settled:
        batch = [row for row in batch if row not in settled]
    outcomes: list[Outcome] = []
    rest: list[Draft] = []
    claims: set[str] = set()

    def plainly_new() -> Iterator[Mapping[str, str]]:
        """The new clients that wait for nobody's number, as they are looked at."""
        for start in range(0, len(batch), _AT_ONCE):
            for planned, present in look(session, batch[start : start + _AT_ONCE]):
                draft = _still(planned, present)
                if draft.problem is None and not draft.client_id and not draft.holder and draft.claim not in claims:
                    if draft.claim:
                        claims.add(draft.claim)
                    outcomes.append(Outcome(draft.row, "new"))
                    yield _whole(draft)
                else:
                    rest.append(draft)

    rows.insert(session.engine, plainly_new())
    judged = contested(rest, claims)
    changed = [each for each in judged if each.problem is None and each.client_id and each.values]
    missed = set(rows.update_many(session.engine, list(_updates(session, changed))))
    rows.insert(session.engine, [_whole(each) for each in judged if each.problem is None and not each.client_id])
    outcomes += [_outcome(session, each, each.client_id in missed) for each in judged]
    look(session, ())  # asked once more: who is stopped until now writes nothing
    if again:
        written: dict[str, list[int]] = {}
        for each in outcomes:
            if each.problem is None:
                written.setdefault(each.verdict, []).append(each.row)
        store.settle(session.engine, run_id, session.me.id, written)
    else:
        verdicts = Counter(each.verdict for each in outcomes)
        counts = {name: verdicts["new" if name == "added" else name] for name in store.COUNTS}
        store.add_counts(session.engine, run_id, counts)
    return outcomes + elsewhere


def _elsewhere(row: int, verdict: str, at: str, who: str) -> Outcome:
    return Outcome(row, verdict, elsewhere=problem("retried_elsewhere", who=who, at=local_time(at)))


def _still(planned: Draft, present: Draft) -> Draft:
    """The row as it is now, refused where it would do something else than was planned."""
    if present.problem is not None or not present.values:
        return present
    if planned.client_id == present.client_id and all(
        planned.before.get(name) == value for name, value in present.before.items()
    ):
        return present
    name = present.name or planned.name or present.values.get("display_name", "")
    return present.refused(problem("changed_meanwhile", name=_named(name)))


def contested(drafts: Sequence[Draft], claimed: Collection[str] = ()) -> list[Draft]:
    """The rows of a batch, those refused whose number another client keeps, or another row takes too (`claimed` are
    the keys of the numbers that are taken by rows already)."""
    fine = [each for each in drafts if each.problem is None]
    leaving = {each.client_id for each in fine if each.leaves}
    wishes = [Wish(each.row, each.client_id, each.holder) for each in fine if each.holder not in (0, each.client_id)]
    refused = hopeless(wishes, leaving)
    judged, claims = [], set(claimed)
    for each in drafts:
        if each.row in refused or (each.problem is None and each.claim and each.claim in claims):
            each = each.refused(number_taken(each))
        elif each.problem is None and each.claim:
            claims.add(each.claim)
        judged.append(each)
    return judged


def number_taken(draft: Draft) -> Problem:
    """The refusal of a row whose number another client keeps."""
    number = draft.values.get("client_number", draft.claim)
    return problem("number_taken", "client_number", number=number, holder=_named(draft.holder_name))


def _named(name: str) -> str:
    return rules.shown_name({"display_name": name})


def _whole(draft: Draft) -> Mapping[str, str]:
    """A new client's values; one that brings no Company ID gets one."""
    return draft.values if draft.values["company_id"] else {**draft.values, "company_id": new_company_id()}


def _updates(session: Session, drafts: Sequence[Draft]) -> Iterator[rows.Update]:
    for start in range(0, len(drafts), _AT_ONCE):
        part = drafts[start : start + _AT_ONCE]
        condition, parameters = session.engine.any_of([each.client_id for each in part])
        whole = {row[0]: row[2] for row in rows.read(session.engine, f"client.{condition}", parameters)}
        for each in part:
            yield rows.Update(each.client_id, each.version, each.values, {**whole[each.client_id], **each.values})


def _outcome(session: Session, draft: Draft, missed: bool) -> Outcome:
    if draft.problem is not None:
        return Outcome(draft.row, "refused", draft.problem)
    if missed:  # it was read a moment ago in this very transaction: the database keeps it from you
        admin = session.firm.primary_admin
        return Outcome(draft.row, "refused", problem("database_forbids", name=_named(draft.name), admin=admin))
    return Outcome(draft.row, "new" if not draft.client_id else "changed" if draft.values else "unchanged")


# --- runs and their logs


@contextmanager
def _noting(session: Session) -> Iterator[None]:
    """A transaction about imports: no history is kept of it, as nothing of the firm changes."""
    with keeping(session):
        session.refresh()
        session.demand(Action.IMPORT)
        yield


def begin_run(session: Session, kind: str, file: str, total: int) -> int:
    """Notes that an import of so many rows begins; its number."""
    shown = file.translate(dict.fromkeys(NO_TEXT, "?"))
    with saved.apart(), _noting(session):
        return store.insert_run(session.engine, session.me.id, kind, shown, total)


def end_run(
    session: Session,
    run_id: int,
    state: str,
    counts: Mapping[str, int],
    refusals: Iterable[tuple[int, Logged]],
    setup: Mapping[str, object] | None = None,
) -> None:
    """Notes how an import ended ("done", "stopped"), its counts, its error log (place in the file, row), and what was
    chosen for it, as JSON can hold it, so that its rows can be tried again later."""
    with saved.apart(), _noting(session):
        store.end_run(session.engine, run_id, state, counts, "" if setup is None else json_to_keep(setup))
        store.forget_refusals(session.engine, run_id)
        store.insert_refusals(session.engine, run_id, (_kept(place, row) for place, row in refusals))


def keep_retried(
    session: Session, run_id: int, refusals: Iterable[tuple[int, Logged]], settled: Mapping[str, Sequence[int]]
) -> None:
    """Notes which rows of an error log were tried again in vain, with their cells and reasons as they are now, and
    which are refused no longer although nothing was written for them (verdict -> places)."""
    with saved.apart(), _noting(session):
        store.refuse_again(session.engine, run_id, session.me.id, (_kept(place, row) for place, row in refusals))
        noted = store.settled(session.engine, run_id, [place for places in settled.values() for place in places])
        rest = {verdict: [each for each in places if each not in noted] for verdict, places in settled.items()}
        store.settle(
            session.engine, run_id, session.me.id, {verdict: rest[verdict] for verdict in rest if rest[verdict]}
        )


def _kept(place: int, row: Logged) -> store.RefusalRow:
    return store.RefusalRow(place, row.line, row.cells, (row.problem.code, row.problem.field, row.problem.values))


@reads
def runs(session: Session) -> tuple[Run, ...]:
    """All imports, newest first."""
    return tuple(_run(row) for row in store.runs(session.engine))


def _run(row: store.RunRow) -> Run:
    state, unreadable = row.state, tuple(broken("import_run", row._asdict()))
    if state == "running" and ("touched" in unreadable or _silent(row.touched)):
        state = "stopped"
    left_out = row.total - sum(row[7:12]) if state == "stopped" else 0
    return Run(row.id, row.at, row.kind, row.file, row.who, *row[6:12], left_out, state, unreadable)


def _silent(touched: str) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(touched) > _SILENT


@reads
def kept_run(session: Session, run_id: int) -> KeptRun:
    """An import and what was chosen for it. Refused where there is no such import ("run_gone"), or where it cannot be
    read ("run_unreadable")."""
    kept, run = _kept_run(session, run_id)
    if run.unreadable:
        raise refuse("run_unreadable", number=run_id, columns=", ".join(run.unreadable))
    return kept


def _kept_run(session: Session, run_id: int) -> tuple[KeptRun, Run]:
    found = store.run(session.engine, run_id)
    if found is None:
        raise refuse("run_gone", number=run_id)
    row, setup = found
    run, chosen = _run(row), parsed(setup, "object")
    return KeptRun(run, chosen if isinstance(chosen, dict) else None), run


@reads
def kept_rows(session: Session, run_id: int, after: int, limit: int) -> tuple[KeptRow, ...]:
    """Rows of an import's error log behind a place, in the order of its file; also those that are in by now."""
    return tuple(
        KeptRow(row.place, _logged(row), Retried(row.verdict, row.retried_at or "", row.retried_by or ""))
        for row in store.refusals(session.engine, run_id, after, limit)
    )


def _logged(row: store.RefusalRow) -> Logged:
    """What is kept of a row; of one that cannot be read, that it is so."""
    if row.cells is None or row.problem is None:
        return Logged(row.line, (), problem("logged_row_unreadable"))
    return Logged(row.line, tuple((heading, cell) for heading, cell in row.cells), Problem(*row.problem))


def remove_unreadable(session: Session, run_id: int) -> int:
    """Takes away what cannot be read of an import: rows of its error log, and then how many, or all of it, and then 0.

    For the primary admin. Refused where there is no such import ("run_gone"), or where it can be read
    ("run_readable").
    """
    with _noting(session):
        session.demand(Action.REMOVE_IMPORT)
        _kept, run = _kept_run(session, run_id)
        log = _log_of(session, run_id)
        places = [row.place for row in log if row.logged.problem.code == "logged_row_unreadable"]
        if run.unreadable:
            store.forget_refusals(session.engine, run_id)
            session.landed(store.delete_run(session.engine, run_id), f"#{run_id}")
            return 0
        if places:
            store.delete_refusals(session.engine, run_id, places)
            return len(places)
        raise refuse("run_readable", number=run_id)


def error_log(session: Session, run_id: int) -> Iterator[KeptRow]:
    """The error log of an import from its beginning, read some rows at a time. Refused ("run_gone") at once where
    there is no such import."""
    kept_run(session, run_id)
    return _log_of(session, run_id)


def _log_of(session: Session, run_id: int) -> Iterator[KeptRow]:
    last = -1
    while part := kept_rows(session, run_id, last, _AT_ONCE):
        yield from part
        last = part[-1].place


@reads
def references(session: Session) -> tuple[dict[int, str], dict[int, str]]:
    """The names of the client types and of the team members by their ids, which stay when they are renamed."""
    types = {row.id: row.name for row in firm.types(session.engine)}
    return types, {row.id: row.name for row in firm.members(session.engine)}


@reads
def known_company_ids(session: Session, company_ids: Sequence[str]) -> int:
    """How many of these Company IDs are clients of the firm."""
    return len(rows.by_company_ids(session.engine, company_ids))


# --- saved mappings


@reads
def mappings(session: Session) -> tuple[SavedMapping, ...]:
    """The saved mappings by name."""
    found = [(name, parsed(content, "object")) for name, content in store.mappings(session.engine)]
    return tuple(
        SavedMapping(name, content if isinstance(content, dict) and is_mapping(content) else None)
        for name, content in found
    )


def save_mapping(session: Session, name: str, content: Mapping[str, object]) -> None:
    """Keeps a mapping under a name, in the place of one that has it. It is the firm's: all who import see it."""
    kept = tidy(BY_NAME["display_name"], name)
    if not kept:
        raise refuse("required", "name", label=N_("The mapping's name"))
    if len(kept) > (longest := limit("import_mapping", "name")):
        raise refuse("too_long", "name", label=N_("The mapping's name"), value=kept, length=len(kept), limit=longest)
    with _noting(session):
        store.save_mapping(session.engine, kept, json_to_keep(content))


def delete_mapping(session: Session, name: str) -> None:
    """Forgets a saved mapping. Refused ("mapping_gone") where there is none of that name."""
    with _noting(session):
        if not store.delete_mapping(session.engine, name):
            names = ", ".join(each for each, _content in store.mappings(session.engine))
            raise refuse("mapping_gone", name=name, choices=names or "—")

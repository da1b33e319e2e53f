"""The runs of imports that the firm keeps, and their error logs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from clientdesk import saved
from clientdesk.desk.imports.import_records import KeptRow, KeptRun, Logged, Retried, Run
from clientdesk.desk.session import Interrupted, Session, keeping, reads
from clientdesk.domain.access import Action
from clientdesk.domain.bounds import json_to_keep, parsed
from clientdesk.domain.problems import FirmUnusable, Problem, problem, refuse
from clientdesk.store import firm
from clientdesk.store import import_runs as store
from clientdesk.store.bounds import broken
from clientdesk.text import NO_TEXT

SILENT = timedelta(seconds=30)
"""An import that has written nothing for so long counts as broken off, as a batch takes seconds: a server may not have
noticed that a computer went away."""
_AT_ONCE = 500

References = tuple[dict[int, str], dict[int, str]]
"""The names of client types and of team members by their ids."""


@contextmanager
def noting(session: Session) -> Iterator[None]:
    """A transaction about imports: no history is kept of it, as nothing of the firm changes."""
    with keeping(session):
        session.refresh()
        session.demand(Action.IMPORT)
        yield


def begin_run(session: Session, kind: str, file: str, total: int) -> int:
    """Notes that an import of so many rows begins, and that it is at work until `leave_run`; its number."""
    shown = file.translate(dict.fromkeys(NO_TEXT, "?"))
    with saved.apart(), noting(session):
        run_id = store.insert_run(session.engine, session.me.id, kind, shown, total)
        session.engine.begin_import(run_id)  # before anybody else can see it
        return run_id


def leave_run(session: Session, run_id: int) -> None:
    """An import is not at work any more, however it has ended."""
    with suppress(FirmUnusable, Interrupted), session.engine.errors():
        session.engine.end_import(run_id)


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
    with saved.apart(), noting(session):
        store.end_run(session.engine, run_id, state, counts, "" if setup is None else json_to_keep(setup))
        store.forget_refusals(session.engine, run_id)
        store.insert_refusals(session.engine, run_id, (_refusal_row(place, row) for place, row in refusals))


def keep_retried(
    session: Session, run_id: int, refusals: Iterable[tuple[int, Logged]], settled: Mapping[str, Sequence[int]]
) -> None:
    """Notes which rows of an error log were tried again in vain, with their cells and reasons as they are now, and
    which are refused no longer although nothing was written for them (verdict -> places)."""
    with saved.apart(), noting(session):
        store.refuse_again(session.engine, run_id, session.me.id, (_refusal_row(place, row) for place, row in refusals))
        noted = store.settled(session.engine, run_id, [place for places in settled.values() for place in places])
        unnoted = {verdict: [place for place in places if place not in noted] for verdict, places in settled.items()}
        store.settle(
            session.engine,
            run_id,
            session.me.id,
            {verdict: unnoted[verdict] for verdict in unnoted if unnoted[verdict]},
        )


def _refusal_row(place: int, row: Logged) -> store.RefusalRow:
    return store.RefusalRow(place, row.line, row.cells, (row.problem.code, row.problem.field, row.problem.values))


@reads
def runs(session: Session) -> tuple[Run, ...]:
    """All imports, newest first."""
    return tuple(_runs(session, store.runs(session.engine)))


@reads
def at_work(session: Session) -> tuple[Run, ...]:
    """The imports that write now, in whichever program, newest first."""
    running = [row for row in store.runs(session.engine) if row.state == "running"]
    return tuple(run for run in _runs(session, running) if run.state == "running")


def _runs(session: Session, rows: Sequence[store.RunRow]) -> Iterator[Run]:
    at_work = session.engine.imports_at_work([row.id for row in rows if row.state == "running"])
    return (_run(row, row.id in at_work) for row in rows)


def _run(row: store.RunRow, at_work: bool) -> Run:
    state, unreadable = row.state, tuple(broken("import_run", row._asdict()))
    is_counted = not {"total", *store.COUNTS}.intersection(unreadable)
    missing = row.total - sum(getattr(row, name) for name in store.COUNTS) if is_counted else 0
    if state == "running" and is_counted and not missing:  # only the note of its end is not there
        state = "done"
    elif state == "running" and (not at_work or "touched" in unreadable or _silent(row.touched)):
        state = "stopped"
    left_out = missing if state == "stopped" else 0
    return Run(row.id, row.at, row.kind, row.file, row.who, *row[6:12], left_out, state, unreadable)


def _silent(touched: str) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(touched) > SILENT


@reads
def kept_run(session: Session, run_id: int) -> KeptRun:
    """An import and what was chosen for it. Refused where there is no such import ("run_gone"), or where it cannot be
    read ("run_unreadable")."""
    kept, run = _kept_run(session, run_id)
    if run.unreadable:
        raise refuse("run_unreadable", number=run_id, columns=", ".join(run.unreadable))
    return kept


def _kept_run(session: Session, run_id: int) -> tuple[KeptRun, Run]:
    stored = store.run(session.engine, run_id)
    if stored is None:
        raise refuse("run_gone", number=run_id)
    row, setup = stored
    (run,), chosen = _runs(session, [row]), parsed(setup, "object")
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
    with noting(session):
        session.demand(Action.REMOVE_IMPORT)
        _stored, run = _kept_run(session, run_id)
        log = _log_of(session, run_id)
        places = [row.place for row in log if row.logged.problem.code == "logged_row_unreadable"]
        if run.unreadable:
            store.forget_refusals(session.engine, run_id)
            if not store.delete_run(session.engine, run_id):
                raise refuse("database_forbids", name=f"#{run_id}", admin=session.firm.primary_admin)
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
    last_place = -1
    while part := kept_rows(session, run_id, last_place, _AT_ONCE):
        yield from part
        last_place = part[-1].place


@reads
def references(session: Session) -> References:
    """The names by ids that stay when a type or a member is renamed."""
    types = {row.id: row.name for row in firm.types(session.engine)}
    return types, {row.id: row.name for row in firm.members(session.engine)}

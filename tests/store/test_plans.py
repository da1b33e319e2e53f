"""The history is read in constant work: what the databases say of how they go through it, whatever there is of it.

A small table is best read whole; a server is told not to, so that its plan says whether it can do without.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import pytest

from clientdesk.desk import change_sets, clients, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.store import change_sets as stored_sets
from tests.many import add_in_job
from tests.store.both import on_server


@pytest.fixture
def busy(session: Session) -> Session:
    """A firm with changes, and with a job of two change sets."""
    with session.engine.writing():
        job = session.engine.next_ids("job", 1).start
    for names in (["A", "B"], ["C"]):
        add_in_job(session, job, names)
    clients.edit(session, clients.get(session, 1), {"city": "Lugo"})
    return session


def plans(session: Session, patch: pytest.MonkeyPatch, read: Callable[[], object]) -> Iterator[str]:
    """How the database goes through each statement that is run."""
    run: list[tuple[str, Sequence[Any]]] = []
    execute_sql: Callable[..., Any] = session.engine.db.execute_sql

    def noting(sql: str, parameters: Sequence[Any] = ()) -> Any:
        run.append((sql, parameters))
        return execute_sql(sql, parameters)

    with patch.context() as only_now:
        only_now.setattr(session.engine.db, "execute_sql", noting)
        read()
    served = on_server(session.location)
    with session.engine.reading():
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort") if served else ():
            execute_sql(f"SET LOCAL enable_{way} = off")
        for sql, parameters in run:
            if sql.startswith("SELECT"):
                plan_lines = execute_sql(f"EXPLAIN {'' if served else 'QUERY PLAN '}{sql}", parameters).fetchall()
                yield "\n".join(row[-1] for row in plan_lines)


def first_page(session: Session, **asked: Any) -> None:
    page = change_sets.find(session, HistoryFilter(**asked), limit=2)
    assert change_sets.lines(session, page.keys)


def first_rows(session: Session, **asked: Any) -> None:
    page = change_sets.find_rows(session, HistoryFilter(**asked), limit=2)
    assert change_sets.rows(session, [entry for _change_set, entry in page.keys])


READS: dict[str, tuple[str, Callable[[Session], object]]] = {
    "your latest change": (
        "change_set_by_actor",
        lambda at: list(islice(stored_sets.by_member(at.engine, at.me.id), 1)),
    ),
    "lines": ("change_set_lines", first_page),
    "rows": ("", first_rows),
    "lines of a person": ("change_set_lines_of_actor", lambda at: first_page(at, member=at.me.id)),
    "rows of a person": ("change_set_by_actor", lambda at: first_rows(at, member=at.me.id)),
    "lines of a client": ("history_of_entity", lambda at: first_page(at, client=1)),
    "rows of a client": ("history_of_entity", lambda at: first_rows(at, client=1)),
    "lines of a kind": ("", lambda at: first_page(at, kind="client")),
    "lines with a word": ("", lambda at: first_page(at, find="lugo")),
    "rows with a field": ("", lambda at: first_rows(at, field="city")),
    "rows of days": ("", lambda at: first_rows(at, since="2000-01-01")),
}


@pytest.mark.parametrize("name", READS)
def test_the_history_is_read_by_its_indexes(busy: Session, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    index, read = READS[name]
    plan_lines = list(plans(busy, monkeypatch, lambda: read(busy)))
    of_history = [plan for plan in plan_lines if "history" in plan or "change_set" in plan]
    assert any(index in plan for plan in of_history), plan_lines
    for plan in plan_lines:
        for line in plan.splitlines():
            whole = "Seq Scan" in line or line.startswith("SCAN")
            assert not whole or "team_member" in line or "client" in line, plan
    if name == "your latest change":
        assert not any("TEMP B-TREE" in plan or "Sort" in plan for plan in plan_lines), plan_lines


def work(session: Session, read: Callable[[], object]) -> int:
    """How much the database does for a read: steps of its machine; on a server, look-ups among the change sets, and rows
    of them that these gave."""
    engine = session.engine
    if not on_server(session.location):
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        engine.db.connection().set_progress_handler(step, 1)
        try:
            read()
        finally:
            engine.db.connection().set_progress_handler(None, 0)
        return steps
    asked = "SELECT idx_scan + idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'change_set'"
    with engine.reading():
        before = engine.sql(asked).fetchone()[0]
        read()
        return int(engine.sql(asked).fetchone()[0] - before)


FEW, MANY = 2, 30


def jobs_of(session: Session, change_sets_of_each: int) -> None:
    """Two jobs, of which one was taken back and done again, side by side with another."""
    with session.engine.writing():
        jobs = session.engine.next_ids("job", 2)
    for number in range(change_sets_of_each):
        for job in jobs:
            add_in_job(session, job, [f"{job} {number}"])
    for _undo_and_redo in range(2):
        latest = change_sets.find(session, HistoryFilter(), limit=1).keys[0][0]
        undoing.undo(session, undoing.plan(session, latest))


@pytest.mark.long("many")
@pytest.mark.parametrize(
    ("lines", "asked"), [(4, {}), (4, {"member": 1}), (2, {"kind": "client"}), (4, {"since": "2000-01-01"})]
)
def test_lines_of_jobs_cost_the_same_however_many_change_sets_these_have(
    session: Session, lines: int, asked: dict[str, Any]
) -> None:
    def page() -> None:
        page = change_sets.find(session, HistoryFilter(**asked), limit=lines)
        assert len(change_sets.lines(session, page.keys)) == lines

    costs = []
    for size in (FEW, MANY):
        jobs_of(session, size)
        page()  # what is known from then on is read
        costs.append(work(session, page))
    assert costs[1] <= costs[0] * 1.2, costs

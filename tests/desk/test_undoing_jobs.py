"""Undo of an import: all its batches as one, stopped and gone on with, and what was changed since."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clientdesk.desk import change_sets, change_words, clients, team, undoing
from clientdesk.desk.checking import check_firm
from clientdesk.desk.imports import applying
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.desk.undoing import undo_plan
from clientdesk.domain.access import Access
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.import_decisions import CREATE
from clientdesk.exchange.file_reading import open_table
from clientdesk.store import undo_entries
from tests.conftest import At
from tests.desk.undone import firm_of, take_back
from tests.store.both import on_server, tamper


@pytest.fixture
def imported(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Imports a list in batches of 10: 33 new clients, half of them of a new type, and two that are changed."""
    monkeypatch.setattr(applying, "BATCH", 10)
    clients.add(session, {"display_name": "Client 3", "client_number": "N-3"})
    clients.add(session, {"display_name": "Client 30", "client_number": "N-30", "city": "Lugo"})
    path = tmp_path / "list.csv"
    lines = [f"N-{n},Client {n},Vigo,{'Nuevo' if n % 2 else 'Trust'}" for n in range(35)]
    path.write_text("\n".join(["Client number,Display name,City,Client type", *lines]))

    def bring_in() -> None:
        with closing(Import.open(session, open_table(str(path)), ImportKind.CLIENTS)) as job:
            assert job.setup is not None
            job.set_setup(job.setup._replace(key="client_number", types={"Nuevo": CREATE}))
            job.judge(session)
            job.apply(session)
            assert (job.counts().new, job.counts().changed) == (33, 2)

    return bring_in


def sets_of_jobs(session: Session) -> list[tuple[int, int]]:
    """The jobs and of how many change sets they are, in their order."""
    sql = "SELECT job, count(*) FROM change_set WHERE job IS NOT NULL GROUP BY job ORDER BY job"
    return [tuple(row) for row in session.engine.sql(sql).fetchall()]


@pytest.mark.thorough("steps")
def test_an_undo_and_its_redo_name_the_same_rows_before_and_after(
    session: Session, imported: Callable[[], None]
) -> None:
    imported()
    for find in (undoing.latest, undoing.latest_undone, undoing.latest):
        planned = find(session)
        assert planned is not None
        before = planned.named(session)
        undone = undoing.undo(session, planned)
        after = change_words.named(session, undone.number, undone.rows)
        assert before.names == after.names == ("Client 3", "Client 30", "Client 0")
        assert (before.rows, after.rows) == (36, 36)


@pytest.mark.thorough("steps")
def test_an_import_of_several_batches_is_undone_as_one(session: Session, imported: Callable[[], None]) -> None:
    before = firm_of(session)
    imported()
    after = firm_of(session)
    assert sets_of_jobs(session) == [(1, 4)]
    progress: list[tuple[int, int]] = []
    planned = undoing.latest(session)
    assert planned is not None
    assert (planned.title, planned.rows, planned.can, planned.job) == ("Clients imported", 36, 36, 1)
    undone = undoing.undo(session, planned, lambda done, rows: progress.append((done, rows)))
    assert undone[1:3] == (36, 0)
    assert progress[-1] == (36, 36)
    assert len(progress) == 4
    assert firm_of(session) == before
    assert sets_of_jobs(session) == [(1, 4), (2, 4)]
    planned = undoing.latest_undone(session)
    assert planned is not None
    assert (planned.rows, planned.can, planned.conflicts) == (36, 36, ())
    assert undoing.undo(session, planned)[1:3] == (36, 0)
    assert firm_of(session) == after
    lines = change_sets.all_lines(session, HistoryFilter(find="LIST.csv"))
    titles = [(line.change.title.partition(":")[0], line.change.file) for line in lines]
    assert titles == [("Redone", "list.csv"), ("Undone", "list.csv"), ("Clients imported", "list.csv")]
    assert all(finding.sound for finding in check_firm(session))


@pytest.mark.thorough("many")
@pytest.mark.parametrize("batches", [1, 3])
def test_an_undo_that_is_stopped_leaves_whole_batches_and_goes_on(
    session: Session, imported: Callable[[], None], batches: int
) -> None:
    before = firm_of(session)
    imported()
    done: list[int] = []

    def undo_some() -> undoing.Undone:
        planned = undoing.latest(session)
        assert planned is not None
        done.clear()
        return undoing.undo(session, planned, lambda _done, _rows: done.append(1), lambda: len(done) == batches)

    undone = undo_some()
    assert not undone.whole
    assert sets_of_jobs(session) == [(1, 4), (2, batches)]
    assert firm_of(session) != before
    while not undo_some().whole:
        pass
    assert firm_of(session) == before
    assert sets_of_jobs(session) == [(1, 4), (2, 4)], "one line in the history"
    assert undoing.latest_undone(session) is not None


def test_what_was_changed_since_an_import_stays(session: Session, imported: Callable[[], None], at_work: At) -> None:
    imported()
    job = session.engine.change_set
    bob = at_work("bob")
    clients.edit(bob, clients.by_key(bob, "N-5"), {"city": "Lugo"})
    planned = undoing.plan(session, job)
    assert (planned.rows, planned.can) == (36, 34)
    conflict, of_type = planned.conflicts
    assert (of_type.subject, conflict.subject) == ("Nuevo", "Client 5")
    assert conflict.sentence.startswith("Client 5 was changed since it was added, by Bob Test (")
    undone = undoing.undo(session, planned)
    assert (undone.rows, undone.left) == (34, 2), "its type stays, too"
    assert [conflict.subject for conflict in undone.conflicts] == ["Client 5", "Nuevo"]
    assert {row["client_number"] for row in firm_of(session)["client"].values()} == {"N-3", "N-30", "N-5"}


def test_the_undo_of_an_upload_of_numbers_gives_swapped_numbers_back(session: Session, tmp_path: Path) -> None:
    ids = [clients.add(session, {"display_name": f"C{n}", "client_number": f"N-{n}"}) for n in range(3)]
    before = firm_of(session)
    path = tmp_path / "numbers.csv"
    lines = [f"{c.values['company_id']},C{n},N-{(n + 1) % 3}" for n, c in enumerate(ids)]
    path.write_text("\n".join(["Company ID,Display name,Client number", *lines]))
    with closing(Import.open(session, open_table(str(path)), ImportKind.NUMBERS)) as job:
        job.judge(session)
        job.apply(session)
    assert firm_of(session) != before
    assert take_back(session).rows == 3
    assert firm_of(session) == before


@pytest.mark.thorough("many")
def test_where_nobody_sees_the_counts_it_is_looked_at_until_something_can_be_taken_back(
    session: Session, imported: Callable[[], None], at_work: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported()
    job = session.engine.change_set
    bob = at_work("bob")
    for number in (33, 34):  # among the last that were added
        clients.edit(bob, clients.by_key(bob, f"N-{number}"), {"city": "Lugo"})
    monkeypatch.setattr(undo_entries, "AT_ONCE", 1)
    looked_at: list[tuple[int, int]] = []
    planned = undoing.plan(session, job, lambda done, rows: looked_at.append((done, rows)), counted=False)
    assert (planned.counted, planned.can, planned.rows) == (False, 1, 36)
    assert len(looked_at) == looked_at[-1][0] <= 3, "those that Bob has changed, and one"
    undone = undoing.undo(session, planned)
    assert (undone.rows, undone.left) == (33, 3), "the two, and their type"
    nothing = undoing.plan(session, job, counted=False)
    assert (nothing.counted, nothing.can, nothing.left, len(nothing.conflicts)) == (True, 0, 3, 3)


def test_a_client_that_was_changed_past_the_history_stays(session: Session, imported: Callable[[], None]) -> None:
    imported()
    tamper(session.location, "client", "UPDATE client SET city = 'Lugo' WHERE client_number = 'N-5'")
    planned = undoing.latest(session)
    assert planned is not None
    assert (planned.rows, planned.can) == (36, 34)
    undone = undoing.undo(session, planned)
    assert (undone.rows, undone.left) == (34, 2), "its type stays, too"
    assert undone.conflicts[0].sentence == "Client 5 was changed meanwhile."
    assert {row["city"] for row in firm_of(session)["client"].values() if row["client_number"] == "N-5"} == {"Lugo"}


def test_rows_that_wait_for_each_other_are_looked_at_as_they_are_written(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = team.add_member(session, "Bob Test", "", "bob", Access.FULL)
    for number in range(3):
        clients.add(session, {"display_name": f"Client {number}", "lead": "Bob Test"})
    before = firm_of(session)
    team.deactivate_member(session, bob.id, everyone_to="")
    monkeypatch.setattr(undo_plan, "TRIED_ROWS", 1)  # more rows are only looked at
    for find in (undoing.latest, undoing.latest_undone):
        planned = find(session)
        assert planned is not None
        assert (planned.rows, planned.can, planned.conflicts) == (4, 4, ())
        undone = undoing.undo(session, planned)
        assert undone[1:3] == (4, 0)
        assert undone.sql == planned.sql
        assert bool(undone.sql) == on_server(session.location)
        assert (firm_of(session) == before) == (find is undoing.latest)


def test_what_is_only_looked_at_is_told_as_what_is_tried(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = team.add_member(session, "Bob Test", "", "bob", Access.FULL)
    of_all = [{"display_name": f"Client {n}", "client_number": f"C-{n}", "city": "Lugo"} for n in range(5)]
    of_all[1]["lead"] = "Bob Test"
    added = [clients.add(session, values) for values in of_all]
    changed: list[int] = []
    for client, change in zip(
        added, ({"client_number": ""}, {"lead": ""}, {"city": "Vigo"}, {"city": "Vigo"}), strict=False
    ):
        clients.edit(session, client, change)
        changed.append(session.engine.change_set)

    def assert_alike(*can: int) -> None:
        plans = []
        for tried in (1_000, 0):
            monkeypatch.setattr(undo_plan, "TRIED_ROWS", tried)
            plans.append([undoing.plan(session, number) for number in changed])
        assert plans[0] == plans[1]
        assert [plan.can for plan in plans[0]] == list(can)

    assert_alike(1, 1, 1, 1)
    clients.edit(session, added[4], {"client_number": "C-0"})
    team.deactivate_member(session, bob.id)
    tamper(session.location, "client", "UPDATE client SET city = 'Ourense' WHERE display_name = 'Client 2'")
    assert_alike(0, 0, 0, 1)

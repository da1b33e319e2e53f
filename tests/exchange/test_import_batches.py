"""Uploads of client numbers as a whole: numbers that move, batches, other people, stopping, the report."""

import csv
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from clientdesk.desk import change_sets, clients, firm_settings, history, imports, opening, pricing_plan
from clientdesk.desk.imports import applying, importing
from clientdesk.desk.imports.import_records import ImportKind, Retries
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.imports.kept_import import KeptImport
from clientdesk.desk.session import Session
from clientdesk.domain.judged_row import Counts
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import open_table
from clientdesk.exchange.file_writing import save_csv
from tests.exchange.conftest import Planned, on_a_file
from tests.exchange.firms import HEAD, PEOPLE, Firms, changed, numbers, numbers_of, reasons, row

# --- numbers that move


def test_a_ring_of_three_and_a_swap(office: Session, planned: Planned) -> None:
    job = planned(row("1", "N-2"), row("2", "N-3"), row("3", "N-1"), row("4", "n-5"), row("5", "N-4"))
    assert job.apply(office) == Counts(5, changed=5)
    assert changed(office) == {"1": "N-2", "2": "N-3", "3": "N-1", "4": "n-5", "5": "N-4"}
    (last, *_before) = history.of_client(office, clients.by_key(office, "2").id)
    assert [(field.old, field.new) for field in last.fields] == [("N-2", "N-3")], (
        "one entry, not one to nothing and back"
    )


def test_a_ring_of_which_a_row_is_refused(office: Session, planned: Planned) -> None:
    job = planned(row("1", "N-2"), row("2", "N-3"), row("3", "N-1", "Wrong"), row("20", "Z"))
    assert reasons(job) == {2: "number_taken", 3: "number_taken", 4: "name_mismatch"}
    job.apply(office)
    assert changed(office) == {"20": "Z"}


def test_a_chain_ends_where_a_number_is_kept(office: Session, planned: Planned) -> None:
    fine = planned(row("1", "N-2"), row("2", "N-3"), row("3", "free"))
    assert reasons(fine) == {}
    kept = planned(row("1", "N-2"), row("2", "N-3"), row("3", "N-4"), row("4", "N-4"))
    assert reasons(kept) == {
        2: "number_taken",
        3: "number_taken",
        4: "duplicate_number_in_file",
        5: "duplicate_number_in_file",
    }
    kept.apply(office)
    assert changed(office) == {}
    fine.apply(office)
    assert changed(office) == {"1": "N-2", "2": "N-3", "3": "free"}


def test_a_client_that_takes_a_number_that_a_refused_row_would_have_freed(planned: Planned) -> None:
    assert reasons(planned(row("1", "N-2"), row("2", ""))) == {2: "number_taken", 3: "empty_client_number"}


# --- batches


def small_batches(monkeypatch: pytest.MonkeyPatch, rows: int, size: int = applying.EVERYTHING) -> None:
    """QuickBooks' limit, made small."""
    monkeypatch.setattr(importing, "UPLOAD_ROWS", rows)
    monkeypatch.setattr(importing, "UPLOAD_BYTES", size)


def test_a_file_over_the_limit_is_a_question(
    office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    job = planned(row("1", "a"), row("2", "b"), row("3", "c"))
    assert job.batch_question is not None
    assert job.batch_question.code == "too_many_rows"
    with pytest.raises(Refused):
        job.apply(office, batch=False)
    assert (changed(office), imports.runs(office)) == ({}, ())
    job.apply(office)
    assert len(changed(office)) == 3
    assert len({entry.at for entry in history.of_firm(office, 10) if entry.kind == "client.numbers"}) == 2
    assert planned(row("4", "d"), row("5", "e")).batch_question is None


def test_a_file_with_many_bytes_is_a_question(
    office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1000, 80)
    job = planned(row("1", "a" * 20), row("2", "b" * 20), row("3", "c" * 20))
    assert job.batch_question is not None
    assert job.batch_question.code == "too_large"
    job.apply(office)
    assert len(changed(office)) == 3


def test_without_the_limit_there_is_no_question(
    office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2, 10)
    firm_settings.save(office, firm_settings.info(office), {"upload_limit": "no"})
    job = planned(row("1", "a"), row("2", "b"), row("3", "c"))
    assert job.batch_question is None
    job.apply(office, batch=False)
    assert len(changed(office)) == 3


@pytest.mark.parametrize(
    ("engine_name", "most"),
    [("sqlite", 1), ("sqlite", 2), ("sqlite", 3), ("postgres", 2)],
    indirect=["engine_name"],
)
@pytest.mark.parametrize(
    "wanted",
    [
        {"1": "N-2", "2": "N-3", "3": "N-4", "4": "free"},
        {"4": "free", "3": "N-4", "2": "N-3", "1": "N-2"},
        {"1": "N-2", "5": "x", "2": "N-1", "6": "y", "3": "N-7", "7": "N-4", "4": "N-3"},
        {"20": "N-1", "1": "N-2", "6": "y", "2": "N-3", "3": "N-1x"},
        {"7": "N-6", "6": "N-5", "5": "N-4", "4": "N-3", "3": "N-2", "2": "N-1", "1": "N-7"},
    ],
)
def test_numbers_that_move_across_batches(
    most: int, wanted: Mapping[str, str], office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, most)
    job = planned(*(row(company_id, number) for company_id, number in wanted.items()))
    assert reasons(job) == {}
    assert job.apply(office) == Counts(len(wanted), changed=len(wanted)), reasons(job)
    assert changed(office) == wanted


def test_all_batches_are_one_line_of_the_history(
    office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    job = planned(*(row(str(number), f"M-{number}") for number in range(1, 8)))
    assert job.apply(office) == Counts(7, changed=7)
    lines = change_sets.find(office, change_sets.EVERYTHING)
    latest, *_before = change_sets.lines(office, lines.keys)
    assert (latest.rows, latest.job is not None) == (7, True)


@pytest.mark.thorough("many")
def test_many_changes_take_few_statements(firms: Firms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may be some milliseconds away, and nobody else can write until a batch is in."""
    many = [{"company_id": f"{n}", "display_name": f"Client {n}", "client_number": f"N-{n}"} for n in range(700)]
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}\n" + "".join(f"{n},Client {n},N-{(n + 1) % 700}\n" for n in range(700)))
    with opening.open_firm(firms.of(many)) as session:
        job = Import.open(session, open_table(str(path)), ImportKind.NUMBERS)
        job.judge(session)
        asked: list[str] = []
        run: Any = session.engine.db.execute_sql

        def counted(statement: str, *arguments: Any) -> Any:
            asked.append(statement)
            return run(statement, *arguments)

        monkeypatch.setattr(session.engine.db, "execute_sql", counted)
        assert job.apply(session) == Counts(700, changed=700)
        job.close()
        assert len(asked) < 70
        assert numbers(session.location) == {f"{n}": f"N-{(n + 1) % 700}" for n in range(700)}


# --- others, who write meanwhile


def test_a_number_that_another_took_meanwhile_refuses_that_row_only(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"), row("2", "Y"), row("3", "N-1"), row("20", "N-3"))
    other = clients.by_key(office, "21")
    clients.edit(office, other, {"client_number": "y"})
    assert job.apply(office) == Counts(4, changed=3, refused=1)
    assert reasons(job) == {3: "number_taken"}
    assert changed(office) == {"1": "X", "3": "N-1", "20": "N-3", "21": "y"}
    (run,) = imports.runs(office)
    assert (run.changed, run.refused, run.state) == (3, 1, "done")


def test_a_number_that_its_holder_keeps_after_all(office: Session, planned: Planned) -> None:
    """Its holder is renamed meanwhile: its row is refused, so it keeps its number, and who waits for it is refused."""
    job = planned(row("1", "N-2"), row("2", "N-3"), row("3", "free"), row("20", "Z"))
    third = clients.by_key(office, "3")
    clients.edit(office, third, {"display_name": "Renamed"})
    job.apply(office)
    assert reasons(job) == {2: "number_taken", 3: "number_taken", 4: "name_mismatch"}
    assert changed(office) == {"20": "Z"}


def test_a_client_whose_number_changed_meanwhile(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"), row("2", "Y"))
    first = clients.by_key(office, "1")
    clients.edit(office, first, {"client_number": "theirs"})
    assert job.apply(office) == Counts(2, changed=1, refused=1)
    assert reasons(job) == {2: "changed_meanwhile"}
    assert changed(office) == {"1": "theirs", "2": "Y"}


def test_a_client_that_changed_meanwhile_in_something_else(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"))
    first = clients.by_key(office, "1")
    clients.edit(office, first, {"phone": "+34 600 123 456"})
    assert job.apply(office) == Counts(1, changed=1)


def test_a_row_that_says_what_stands_there_is_refused_where_it_stands_no_more(
    office: Session, planned: Planned
) -> None:
    job = planned(row("1", "N-1"), row("2", "Y"), row("3", "Z"))
    clients.edit(office, clients.by_key(office, "1"), {"client_number": "theirs"})
    clients.edit(office, clients.by_key(office, "2"), {"display_name": "Renamed"})
    clients.edit(office, clients.by_key(office, "3"), {"client_number": "Z"})
    assert job.apply(office) == Counts(3, unchanged=1, refused=2)
    assert reasons(job) == {2: "changed_meanwhile", 3: "name_mismatch"}
    assert changed(office) == {"1": "theirs", "3": "Z"}


def test_a_client_that_was_deleted_meanwhile(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"), row("2", "Y"))
    first = clients.by_key(office, "1")
    if not all(condition.met for condition in clients.deletion_conditions(office, first.id)):
        pricing_plan.request_hand_over(office, first.id)
        first = pricing_plan.accept_hand_over(office, first.id)
    clients.delete(office, first)
    assert job.apply(office) == Counts(2, changed=1, refused=1)
    assert reasons(job) == {2: "unknown_company_id"}


# --- stopping


def test_stopping_writes_nothing_of_the_running_batch(
    office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    rows = [row(str(n), f"M-{n}") for n in range(1, 8)]
    job = planned(*rows)
    done: list[int] = []
    assert job.apply(office, lambda n, _rows: done.append(n), lambda: done[-1:] == [4]) == Counts(
        7, changed=4, left_out=3
    )
    assert job.run.stopped
    assert changed(office) == {str(n): f"M-{n}" for n in range(1, 5)}
    (run,) = imports.runs(office)
    assert (run.state, run.rows, run.changed, run.skipped, run.left_out) == ("stopped", 7, 4, 0, 3)
    again = planned(*rows)
    assert again.counts() == Counts(7, changed=3, unchanged=4)
    again.apply(office)
    assert len(changed(office)) == 7


# --- the report


def test_the_report_can_be_corrected_and_uploaded_again(office: Session, planned: Planned, tmp_path: Path) -> None:
    job = planned(
        row("1", "=1", "Wrong\x1b[2J"),
        row("20", "OK"),
        row("25", "", "-Minus"),
        ["999", 'A "quoted", one', "N-9"],
        ["1", "Client 1"],
        ["3", "Client 3", "C-77", "more", "yet"],
    )
    job.apply(office)
    path = tmp_path / "report.csv"
    save_csv(str(path), False, job.report(), office.location)
    with pytest.raises(Refused) as caught:
        save_csv(str(path), False, job.report(), office.location)
    assert caught.value.code == "file_exists"
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:3] == HEAD.split(",")
    assert head[3:] == ["Line", "Reason"]
    assert [row[3] for row in rows] == ["2", "4", "5", "6", "7"]
    assert all(row[4] for row in rows)
    assert [row[5:] for row in rows] == [[], [], [], [], ["more", "yet"]]
    text = path.read_text(encoding="utf-8-sig")
    assert "\x1b" not in text
    assert "'=1" in text
    assert "'-Minus" in text

    again = Import.open(office, open_table(str(path)), None)
    assert (again.kind, again.ignored) == (ImportKind.NUMBERS, ())
    again.judge(office)
    assert len(list(again.refusals())) == 5, "uploaded as it is, every row is refused again"
    assert [refusal.problem.code for refusal in again.refusals() if refusal.problem][-1] == "too_many_fields"
    again.close()

    rows[0][1], rows[1][2], rows[2][0], rows[3][2] = "Client 1", "M", "0024", "Q"
    rows[2][1] = PEOPLE["0024"][0]
    rows[3][0], rows[3][1] = "2", "Client 2"
    corrected = planned(*(each[:5] for each in rows[:4]), head=",".join(head))
    assert corrected.apply(office) == Counts(4, changed=4), reasons(corrected)
    assert numbers_of(office, "1", "25", "0024", "2") == {"1": "=1", "25": "M", "0024": "N-9", "2": "Q"}


def test_the_report_has_the_new_cells_of_mended_rows(office: Session, planned: Planned, tmp_path: Path) -> None:
    job = planned(row("1", "X", "Wrong"), row("2", "Y", "Wrong"))
    job.apply(office)
    path = tmp_path / "report.csv"
    save_csv(str(path), False, job.report({2: row("2", "Y", "Client 2")}), office.location)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["Display name", "Wrong", "Client 2"]


@on_a_file
def test_the_report_never_takes_the_place_of_the_firm(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X", "Wrong"))
    job.apply(office)
    with pytest.raises(Refused) as caught:
        save_csv(office.location, True, job.report(), office.location)
    assert caught.value.code == "firm_file"


def test_what_is_kept_of_a_run(office: Session, planned: Planned, tmp_path: Path) -> None:
    job = planned(row("1", "X"), row("2", ""), ["", "", "Y"])
    job.apply(office)
    (run,) = imports.runs(office)
    assert (run.kind, run.file, run.who, run.rows, run.changed, run.refused) == (
        "numbers",
        job.path,
        "Ana García",
        3,
        1,
        2,
    )
    log = [refusal.logged for refusal in imports.error_log(office, run.id)]
    assert [(refusal.line, refusal.problem.code, refusal.cells[-1]) for refusal in log] == [
        (3, "empty_client_number", ("Client number", "")),
        (4, "empty_company_id", ("Client number", "Y")),
    ]
    kept, own = tmp_path / "kept.csv", tmp_path / "own.csv"
    with closing(KeptImport.open_kept(office, run.id)) as left:
        save_csv(str(kept), False, left.report(), office.location)
    save_csv(str(own), False, job.report(), office.location)
    assert kept.read_bytes() == own.read_bytes()
    with pytest.raises(Refused):
        imports.error_log(office, 99)


def test_rows_are_mended_in_place(office: Session, planned: Planned) -> None:
    job = planned(row("1", "N-2"), row("2", ""), row("3", "X", "Wrong"))
    job.apply(office)
    second, third = 2, 3
    job.correct(second, row("2", "N-3"))
    job.correct(third, row("3", "X"))
    assert job.retry(office) == Retries(in_firm=3)
    assert job.counts() == Counts(3, changed=3)
    assert changed(office) == {"1": "N-2", "2": "N-3", "3": "X"}
    (run,) = imports.runs(office)
    assert (run.changed, run.refused) == (3, 0)
    assert [refusal.retried.verdict for refusal in imports.error_log(office, run.id)] == ["changed"] * 3

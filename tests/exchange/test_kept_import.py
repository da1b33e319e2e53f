"""The error log that the firm keeps of an import: opened again, its rows corrected and tried, by one person or two."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from clientdesk.desk import client_types, clients, imports, opening
from clientdesk.desk.imports import run_log
from clientdesk.desk.imports.import_records import ClientSetup, ImportKind, Retries
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.imports.kept_import import KeptImport
from clientdesk.desk.imports.kept_setup import kept_setup, setup_to_keep
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.import_decisions import ADD, CREATE, EMPTY, of_duplicate, of_name
from clientdesk.domain.judged_row import Counts
from clientdesk.domain.problems import FirmUnusable, Refused, problem
from clientdesk.exchange.file_reading import open_table
from clientdesk.exchange.file_writing import save_csv
from tests.exchange.conftest import Planned
from tests.exchange.firms import changed, held, numbers_of, reasons, row
from tests.store.both import tamper

Opened = Callable[..., KeptImport]


@pytest.fixture
def kept(office: Session) -> Iterator[Opened]:
    """Opens the kept error log of an import, the first one unless another is named."""
    opened: list[KeptImport] = []

    def open_log(run_id: int = 1, session: Session | None = None) -> KeptImport:
        opened.append(KeptImport.open_kept(session or office, run_id))
        return opened[-1]

    yield open_log
    for each in opened:
        each.close()


def verdicts(session: Session, run_id: int = 1) -> dict[int, str]:
    """What became of each row of the log, by its line."""
    return {refusal.logged.line: refusal.retried.verdict for refusal in imports.error_log(session, run_id)}


def run_counts(session: Session, run_id: int = 1) -> Counts:
    """The counts that the firm keeps of an import."""
    run = imports.kept_run(session, run_id).run
    return Counts(run.rows, run.new, run.changed, run.unchanged, run.refused, run.skipped, run.left_out)


@pytest.fixture
def uploaded(office: Session, planned: Planned) -> Callable[..., Import]:
    """An upload of numbers that was applied."""

    def apply(*rows: list[str]) -> Import:
        job = planned(*rows)
        job.apply(office)
        return job

    return apply


def client_list(
    office: Session, tmp_path: Path, rows: Sequence[Sequence[str]], name: str = "list.csv", **chosen: object
) -> Import:
    """A client list that was applied, with what is chosen for it."""
    path = tmp_path / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    job = Import.open(office, open_table(str(path)), ImportKind.CLIENTS)
    assert job.setup is not None
    job.set_setup(job.setup._replace(**chosen))  # type: ignore[arg-type]  # fields of ClientSetup
    job.judge(office)
    job.apply(office)
    job.close()
    return job


def test_a_row_is_corrected_and_tried_days_later(
    office: Session, uploaded: Callable[..., Import], kept: Opened
) -> None:
    uploaded(row("1", "A"), row("2", "B", "Wrong"), row("3", ""), ["999", "Nobody", "C"])
    log = kept()
    assert reasons(log) == {3: "name_mismatch", 4: "empty_client_number", 5: "unknown_company_id"}
    assert log.counts() == Counts(4, changed=1, refused=3)
    log.correct(2, row("2", "B"))
    log.correct(3, row("3", ""))
    assert log.retry(office, [2, 3]) == Retries(in_firm=1, refused=1)
    assert changed(office) == {"1": "A", "2": "B"}
    assert reasons(log) == {4: "empty_client_number", 5: "unknown_company_id"}
    assert log.counts() == run_counts(office) == Counts(4, changed=2, refused=2)
    assert (log.settled.rows, log.settled.who) == (1, "Ana García")
    assert verdicts(office) == {3: "changed", 4: "refused", 5: "refused"}
    (again,) = [refusal for refusal in imports.error_log(office, 1) if refusal.logged.line == 3]
    assert again.retried.at[:4].isdigit()
    assert reasons(kept()) == reasons(log), "it is remembered"


def test_what_was_corrected_in_vain_is_remembered(
    office: Session, uploaded: Callable[..., Import], kept: Opened
) -> None:
    uploaded(row("2", "B", "Wrong"))
    log = kept()
    log.correct(1, ["2", "Wrong again", "B"])
    assert log.retry(office) == Retries(refused=1)
    (found,) = kept().rows(0, 10)
    assert found.cells == ("2", "Wrong again", "B")
    (noted,) = imports.error_log(office, 1)
    assert (noted.retried.verdict, noted.retried.who) == ("refused", "Ana García")


def test_two_try_the_same_row_at_once(office: Session, uploaded: Callable[..., Import], kept: Opened) -> None:
    uploaded(row("2", "B", "Wrong"), row("3", "C", "Wrong"))
    with opening.open_firm(office.location) as other:
        mine, theirs = kept(), kept(session=other)
        for log in (mine, theirs):
            log.correct(1, row("2", "B"))
        assert theirs.retry(other, [1]) == Retries(in_firm=1)
        clients.edit(office, clients.by_key(office, "2"), {"client_number": "Later"})
        retries = mine.retry(office, [1])
    assert retries.in_firm == 0
    ((line, sentence),) = retries.elsewhere
    assert (line, sentence.code) == (2, "retried_elsewhere")
    assert "Ana García" in sentence.message
    assert numbers_of(office, "2") == {"2": "Later"}, "it is not written twice"
    assert reasons(mine) == {3: "name_mismatch"}
    assert run_counts(office) == Counts(2, changed=1, refused=1)


def test_a_row_that_cannot_be_read_is_passed_over(
    office: Session, uploaded: Callable[..., Import], kept: Opened
) -> None:
    uploaded(row("2", "B", "Wrong"), row("3", "C", "Wrong"), row("4", "D", "Wrong"))
    tamper(
        office.location,
        "import_refusal",
        """UPDATE import_refusal SET cells = '[1,{"a":null}]' WHERE place = 1""",
        "UPDATE import_refusal SET problem = '[1,2,3]' WHERE place = 2",
    )
    log = kept()
    log.correct(3, row("4", "D"))
    assert log.retry(office) == Retries(in_firm=1, refused=2)
    assert log.retry(office, [1]) == Retries(refused=1)
    codes = [refusal.logged.problem.code for refusal in imports.error_log(office, 1)]
    assert codes[:2] == ["logged_row_unreadable"] * 2
    assert imports.remove_unreadable(office, 1) == 2


def test_the_wizards_report_and_the_kept_log_are_one(
    office: Session, uploaded: Callable[..., Import], kept: Opened
) -> None:
    report = uploaded(row("2", "B", "Wrong"), row("3", "C", "Wrong"))
    log = kept()
    log.correct(2, row("3", "C"))
    log.retry(office, [2])
    report.correct(2, row("3", "D"))
    retries = report.retry(office)
    assert (retries.refused, len(retries.elsewhere)) == (1, 1)
    assert changed(office) == {"3": "C"}
    assert run_counts(office) == report.counts() == Counts(2, changed=1, refused=1)


def test_the_firm_changed_meanwhile(office: Session, uploaded: Callable[..., Import], kept: Opened) -> None:
    uploaded(row("2", "N-3"), row("4", "N-5"), row("20", "N", "Renamed"))
    log = kept()
    clients.edit(office, clients.by_key(office, "3"), {"client_number": "Free"})
    clients.edit(office, clients.by_key(office, "20"), {"display_name": "Renamed"})
    assert log.retry(office) == Retries(in_firm=2, refused=1)
    assert numbers_of(office, "2", "20") == {"2": "N-3", "20": "N"}
    assert reasons(log) == {3: "number_taken"}


def test_a_row_that_the_firm_has_by_now_is_settled(
    office: Session, uploaded: Callable[..., Import], kept: Opened
) -> None:
    uploaded(row("2", "B", "Wrong"))
    clients.edit(office, clients.by_key(office, "2"), {"client_number": "B"})
    log = kept()
    log.correct(1, row("2", "B"))
    assert log.retry(office) == Retries(in_firm=1)
    assert verdicts(office) == {2: "unchanged"}
    assert run_counts(office) == Counts(1, unchanged=1)
    assert kept().retry(office) == Retries()


def test_rows_that_lack_cells_stay_so(office: Session, uploaded: Callable[..., Import], kept: Opened) -> None:
    uploaded(["2", "Client 2"], [*row("3", "C"), "more", "yet"])
    log = kept()
    assert log.retry(office) == Retries(refused=2)
    assert reasons(log) == reasons(kept()) == {2: "too_few_fields", 3: "too_many_fields"}
    assert [row.cells for row in kept().rows(0, 9)] == [("2", "Client 2"), (*row("3", "C"), "more", "yet")]


def test_a_client_list_is_read_as_it_was_mapped(office: Session, tmp_path: Path, kept: Opened) -> None:
    head = ["Who", "Kind", "Kind", "Chief"]
    columns = ("display_name", "client_type", "", "lead")
    rows = [head, ["Peña SA", "Coop", "x", "Nobody"], ["Gil SL", "Coop", "y", ""], ["Ríos SL", "Ong", "z", ""]]
    client_list(office, tmp_path, rows, columns=columns, types={"Coop": CREATE}, leads={}, clears=frozenset())
    log = kept()
    assert reasons(log) == {2: "unknown_lead", 4: "unknown_client_type"}
    assert log.places == {"display_name": 0, "client_type": 1, "lead": 3}
    log.correct(1, ["Peña SA", "Coop", "x", "Ana García"])
    client_types.add_type(office, "Ong")
    assert log.retry(office) == Retries(in_firm=2)
    pena, rios = by_name(office, "Peña SA").values, by_name(office, "Ríos SL").values
    assert (pena["client_type"], pena["lead"], rios["client_type"]) == ("Coop", "Ana García", "Ong")
    assert run_counts(office) == Counts(3, new=3)


def by_name(session: Session, name: str) -> Client:
    """The client of a display name."""
    (client,) = clients.window(session, ClientQuery(find=name), (), 0, 2)
    return clients.get(session, client.id)


def test_a_row_that_resembles_a_client_is_skipped_and_said(office: Session, tmp_path: Path, kept: Opened) -> None:
    clients.add(office, {"display_name": "Peña SA"})
    rows = [["Display name", "Year end"], ["Peña SA", "no date"], ["Gil SL", "some day"]]
    client_list(office, tmp_path, rows)
    log = kept()
    log.correct(1, ["Peña SA", ""])
    log.correct(2, ["Gil SL", ""])
    assert log.retry(office) == Retries(in_firm=1, skipped=1)
    assert verdicts(office) == {2: "skipped", 3: "new"}
    assert run_counts(office) == Counts(2, new=1, skipped=1)


def test_what_a_failed_try_leaves(office: Session, uploaded: Callable[..., Import], kept: Opened) -> None:
    uploaded(row("2", "B", "Wrong"))
    log = kept()
    log.correct(1, row("2", "B"))
    with held(office), pytest.raises(FirmUnusable):
        log.retry(office)
    assert reasons(log) == {2: "name_mismatch"}, "it waits for the next try"
    assert log.retry(office) == Retries(in_firm=1)


def test_a_log_that_could_not_be_kept_is_kept_by_the_first_try(
    office: Session, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = planned(row("1", "A"), row("2", "B", "Wrong"), row("3", "C", "Wrong"))

    def away(*_arguments: object) -> None:
        raise FirmUnusable(problem("server_away", place="x"))

    with monkeypatch.context() as patch, suppress(FirmUnusable):
        patch.setattr(run_log, "end_run", away)
        job.apply(office)
    job.correct(2, row("2", "B"))
    assert job.retry(office, [2]) == Retries(in_firm=1)
    assert run_counts(office) == Counts(3, changed=2, refused=1)
    assert verdicts(office) == {3: "changed", 4: "refused"}


def test_after_a_stop_a_retry_leaves_it_stopped(office: Session, planned: Planned) -> None:
    job = planned(row("1", "A"), row("2", "B", "Wrong"))
    job.apply(office, stopped=lambda: True)
    assert job.counts() == Counts(2, refused=1, left_out=1)
    job.correct(2, row("2", "B"))
    assert job.retry(office) == Retries(in_firm=1)
    run = imports.kept_run(office, 1).run
    assert (run.state, run.changed, run.refused, run.left_out) == ("stopped", 1, 0, 1)
    assert job.counts() == Counts(2, changed=1, left_out=1)
    assert numbers_of(office, "1") == {"1": "N-1"}


def test_an_older_program_kept_no_columns(office: Session, tmp_path: Path, kept: Opened) -> None:
    client_list(office, tmp_path, [["Name", "Year end"], ["Peña SA", "no date"]])
    with office.engine.writing():
        office.engine.sql("UPDATE import_run SET setup = ''")
    log = kept()
    assert not log.can_retry
    assert log.headings == ("Name", "Year end")
    with pytest.raises(Refused) as caught:
        log.retry(office)
    assert caught.value.code == "kept_without_columns"
    save_csv(str(tmp_path / "out.csv"), False, log.report(), office.location)
    assert "no date" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("becomes", ["Coop", "+"])
def test_a_type_that_is_renamed_stays_chosen(office: Session, tmp_path: Path, kept: Opened, becomes: str) -> None:
    if becomes == "Coop":
        client_types.add_type(office, "Coop")
    rows = [["Name", "Year end", "Type"], ["Sol SL", "soon", "Kibbutz"], ["Luz SL", "", "Kibbutz"]]
    client_list(office, tmp_path, rows, types={"Kibbutz": of_name(becomes)})
    name = "Coop" if becomes == "Coop" else "Kibbutz"
    present = next(client_type for client_type in client_types.all_types(office) if client_type.name == name)
    client_types.rename_type(office, present, "Cooperative")
    log = kept()
    log.correct(1, ["Sol SL", "", "Kibbutz"])
    assert log.retry(office) == Retries(in_firm=1)
    (sol,) = clients.window(office, ClientQuery(find="Sol SL"), ("client_type",), 0, 5)
    assert sol.values == ("Cooperative",)


def test_there_is_no_such_import(kept: Opened) -> None:
    with pytest.raises(Refused) as caught:
        kept(99)
    assert caught.value.code == "run_gone"


def test_choices_come_back_as_they_were() -> None:
    setup = ClientSetup(
        ("display_name", "", "email"), "display_name", frozenset({"email"}), {"Coop": CREATE}, {"Bob": EMPTY},
        {1: ADD, 2: of_duplicate("merge:L1")}, ADD,
    )  # fmt: skip
    chosen = setup_to_keep(("A", "B", "C"), setup, {2})
    assert chosen["headings"] == ["A", "B", "C"]
    assert kept_setup(chosen) == setup._replace(duplicates={2: of_duplicate("merge:L1")})
    unknown = kept_setup({**chosen, "columns": ["display_name", "no_field", "email"]})
    assert unknown.columns == ("display_name", "", "email")

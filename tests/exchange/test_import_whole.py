"""Imports as a person meets them: which kind a file is, what a report brings back, what is added along with rows."""

from pathlib import Path

import pytest

from clientdesk.desk import client_types, clients, team
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.import_decisions import CREATE
from clientdesk.domain.judged_row import Counts, RowVerdict
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import open_table
from clientdesk.exchange.file_writing import save_csv
from tests.exchange.conftest import Planned, on_a_file
from tests.exchange.firms import HEAD, PEOPLE, held, reasons, row


def opened(session: Session, folder: Path, text: str, kind: ImportKind | None = None) -> Import:
    """A file with this text on its way in."""
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return Import.open(session, open_table(str(path)), kind)


@pytest.mark.parametrize(
    ("head", "ids", "kind"),
    [
        (HEAD, ("1", "2"), ImportKind.NUMBERS),
        (HEAD, ("nobody", "2"), ImportKind.NUMBERS),
        (HEAD, ("nobody", "else"), ImportKind.CLIENTS),
        ("ID DE LA EMPRESA,nombre para mostrar,Numero de cliente", ("1", "2"), ImportKind.NUMBERS),
        (f"{HEAD},Line,Reason", ("1", "2"), ImportKind.NUMBERS),
    ],
)
def test_which_kind_a_file_is(
    office: Session, tmp_path: Path, head: str, ids: tuple[str, ...], kind: ImportKind
) -> None:
    rows = "".join(f"{row_id},Client {row_id},N-{row_id}{',x,y' if 'Reason' in head else ''}\n" for row_id in ids)
    job = opened(office, tmp_path, f"{head}\n{rows}")
    assert job.kind is kind
    job.close()


def test_a_heading_that_is_there_in_both_languages_refuses_the_file(office: Session, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        opened(office, tmp_path, f"{HEAD},Número de cliente\n1,Client 1,N-1,N-2\n")
    assert caught.value.code == "duplicate_column"


def test_a_report_brings_every_cell_back_as_it_was_read(office: Session, planned: Planned, tmp_path: Path) -> None:
    cells = ["'=3", "=3", "''=3", "'x", "+34 600"]
    job = planned(*(["nobody", f"Client {cell}", cell] for cell in cells))
    path = tmp_path / "report.csv"
    job.apply(office)
    for _round in range(3):
        save_csv(str(path), True, job.report(), office.location)
        job = opened(office, tmp_path, path.read_text(encoding="utf-8-sig"), ImportKind.NUMBERS)
        job.judge(office)
        job.apply(office)
    numbers = ["=3", "=3", "'=3", "'x", "+34 600"]
    head = "Display name,Client number\n"
    path.write_text(head + "".join(f'"{name} {at}","{name}{at}"\n' for at, name in enumerate(cells)), encoding="utf-8")
    added = Import.open(office, open_table(str(path)), ImportKind.CLIENTS)
    added.judge(office)
    added.apply(office)
    names = {clients.by_key(office, f"{number}{at}").values["display_name"] for at, number in enumerate(numbers)}
    assert names == {f"{number} {at}" for at, number in enumerate(numbers)}
    job.close()
    added.close()


def test_a_company_id_that_a_spreadsheet_has_cut_is_refused_with_a_hint(office: Session, tmp_path: Path) -> None:
    job = opened(
        office, tmp_path, "Company ID,Display name,Client number,Phone\n9.13E+15,Sci,1.5E+12,\n91,Ok,2.5E+12,\n"
    )
    job.judge(office)
    refused, added = job.rows(0, 2)
    assert refused.problem is not None
    assert refused.problem.code == "unknown_company_id"
    assert "spreadsheet" in refused.problem.message
    assert [notice.code for notice in added.notices] == ["spreadsheet_number"]
    job.close()


@on_a_file
@pytest.mark.parametrize("letter", ["\ufe0f", "\u2800", "\U0001d173", "\u200b", "\U000e0100"])
def test_numbers_that_only_look_like_another_are_refused(planned: Planned, letter: str) -> None:
    job = planned(row("1", f"C-{letter}9"))
    assert reasons(job) == {2: "invisible_character"}


def test_only_client_types_of_rows_that_are_written_are_added(office: Session, tmp_path: Path) -> None:
    text = "Display name,Client type,Year end\nOne,Society,some day\nTwo,Guild,12-31\n"
    job = opened(office, tmp_path, text, ImportKind.CLIENTS)
    assert job.setup is not None
    job.set_setup(job.setup._replace(types={"Society": CREATE, "Guild": CREATE}))
    job.judge(office)
    assert [notice.message for notice in job.notices] == ["These client types are added: Guild."]
    job.apply(office)
    names = client_types.type_names(office)
    assert "Guild" in names
    assert "Society" not in names
    job.close()


def test_what_others_do_before_a_client_list_is_written(office: Session, tmp_path: Path) -> None:
    """They add its clients, rename their type, send their lead away, change what a row says; each row tells its own."""
    bob = team.add_member(office, "Bob", "", "bob", Access.FULL)
    first, second = (clients.add(office, {"display_name": name, "city": "Vigo"}) for name in ("First", "Second"))
    head = "Display name,Client number,Client type,Lead accountant,City,Phone\n"
    rows = "One,A-1,,,,\nTwo,,,,,\nThree,,Trust,,,\nFour,,,Bob,,\nFirst,,,,Vigo,986 111 111\nSecond,,,,Vigo,\nFive,A-5,,,,\n"
    job = opened(office, tmp_path, head + rows, ImportKind.CLIENTS)
    assert job.setup is not None
    job.set_setup(job.setup._replace(key="display_name"))
    assert job.judge(office) == Counts(7, new=5, changed=1, unchanged=1)
    clients.add(office, {"display_name": "One"})
    clients.add(office, {"display_name": "TWO", "city": "Lugo"})
    client_types.rename_type(
        office,
        next(client_type for client_type in client_types.all_types(office) if client_type.name == "Trust"),
        "Trusts",
    )
    team.deactivate_member(office, bob.id)
    clients.edit(office, first, {"city": "Lugo"})
    clients.edit(office, second, {"phone": "+34 986 222 222"})
    clients.add(office, {"display_name": "Other", "client_number": "a-5"})
    assert job.apply(office) == Counts(7, unchanged=1, refused=6)
    codes = {2: "changed_meanwhile", 3: "changed_meanwhile", 4: "unknown_client_type", 5: "unknown_lead"}
    assert reasons(job) == {**codes, 6: "changed_meanwhile", 8: "number_taken"}
    (wrong,) = (refusal.problem for refusal in job.refusals() if refusal.line == 8)
    assert wrong is not None
    assert "Other" in wrong.message
    job.close()


def test_a_stop_that_comes_last_still_writes_nothing_of_the_batch(office: Session, tmp_path: Path) -> None:
    job = opened(office, tmp_path, "Display name\nOne\nTwo\n", ImportKind.CLIENTS)
    job.judge(office)
    asked: list[bool] = []

    def stopped() -> bool:
        asked.append(True)
        return len(asked) > 1

    counts = job.apply(office, stopped=stopped)
    assert (counts.new, counts.left_out, job.run.stopped) == (0, 2, True)
    assert clients.totals(office).all == len(PEOPLE)
    job.close()


def test_a_firm_that_cannot_be_written_leaves_every_row_out(office: Session, planned: Planned) -> None:
    job = planned(row("1", "C-9"))
    with held(office), pytest.raises(Refused) as caught:
        job.apply(office)
    assert caught.value.code == "locked"
    assert [row.verdict for row in job.rows(0, 1)] == [RowVerdict.LEFT_OUT]


def test_a_reason_names_only_some_of_many_other_lines(planned: Planned) -> None:
    job = planned(*(row("1", f"C-{number}") for number in range(2_000)))
    assert job.count(code="conflicting_rows") == 2_000
    (last,) = job.rows(1_999, 1)
    assert last.problem is not None
    assert last.problem.values["lines"] == "2, 3, 4, 5, 6, …"

"""Client lists as a practice has them, from the file to the firm."""

import gc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clientdesk.desk import clients
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.judged_row import Counts
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import Table, open_table
from clientdesk.store import firm
from clientdesk.store.engines import Engine
from tests.exchange.firms import HEAD

DATA = Path(__file__).parent.parent / "data"


def names(session: Session) -> dict[str, tuple[str, ...]]:
    """Display name and client number of each Company ID."""
    rows = clients.window(session, ClientQuery(), ("company_id", "display_name", "client_number"), 0, 1000)
    return {row.values[0]: row.values[1:] for row in rows}


def opened(session: Session, path: Path, kind: ImportKind | None = None) -> Import:
    """A file, judged."""
    job = Import.open(session, open_table(str(path)), kind)
    job.judge(session)
    return job


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [("client_list_en.csv", "utf-8-sig", ","), ("client_list_es_excel.csv", "windows-1252", ";")],
)
def test_real_names_arrive_as_they_are(session: Session, name: str, encoding: str, delimiter: str) -> None:
    lines = (DATA / name).read_bytes().decode(encoding).splitlines()
    job = opened(session, DATA / name)
    assert isinstance(job.table, Table)
    assert (job.kind, job.table.encoding, job.table.delimiter, job.ignored) == (
        ImportKind.CLIENTS,
        encoding,
        delimiter,
        (),
    )
    rows = list(job.rows(0, 1000))
    assert [row.line for row in rows] == list(range(2, len(lines) + 1))
    assert all(lines[row.line - 1].startswith(row.cells[0]) for row in rows)
    assert job.apply(session) == Counts(len(rows), new=len(rows))
    assert names(session) == {row.cells[0]: row.cells[1:] for row in rows}
    job.close()
    again = opened(session, DATA / name, ImportKind.CLIENTS)
    assert again.counts() == Counts(len(rows), unchanged=len(rows))
    again.close()


def test_types_and_team_are_read_where_a_row_names_one(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noted(name: str, query: Callable[[Engine], object]) -> Callable[[Engine], object]:
        def asked(engine: Engine) -> object:
            read.append(name)
            return query(engine)

        return asked

    monkeypatch.setattr(firm, "types_by_id", noted("types", firm.types_by_id))
    monkeypatch.setattr(firm, "called_by_id", noted("team", firm.called_by_id))
    path = tmp_path / "list.csv"
    for row, what in (("A,,", set()), ("B,Trust,", {"types"}), ("C,,Ana García", {"team"})):
        path.write_text(f"Display name,Client type,Lead accountant\n{row}\n", encoding="utf-8")
        with closing(opened(session, path, ImportKind.CLIENTS)) as job:
            assert job.apply(session) == Counts(1, new=1)
        assert set(read) == what
        read.clear()


@pytest.mark.parametrize("kind", ImportKind)
def test_rows_that_do_not_fit_are_told_and_the_others_go_in(session: Session, tmp_path: Path, kind: ImportKind) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}\n93,C,\n")
    opened(session, path, ImportKind.CLIENTS).apply(session)
    path.write_text(f"{HEAD},,\n91,A\n92,B,2,,,extra\n93,C,3,, \n94,Smith, Jones,4\n95\n")
    job = opened(session, path, kind)
    assert [(row.line, row.problem.code) for row in job.refusals() if row.problem] == [
        (2, "too_few_fields"),
        (3, "too_many_fields"),
        (5, "too_many_fields"),
        (6, "too_few_fields"),
    ]
    job.apply(session)
    job.close()
    assert names(session) == {"93": ("C", "3")}


@pytest.mark.parametrize("kind", ImportKind)
def test_columns_in_any_order_and_others_are_named(session: Session, tmp_path: Path, kind: ImportKind) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Client number,Balance,Display name,"Un-\nknown",Company ID\n7,"1,5",A,x,91\n')
    job = opened(session, path, kind)
    assert job.ignored == ("Balance", "Un-\nknown")
    assert [row.line for row in job.rows(0, 10)] == [3]
    assert job.places == {"client_number": 0, "display_name": 2, "company_id": 4}
    job.close()


def test_the_missing_heading_is_named_in_the_language_of_the_file(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    for text, heading in (
        ("Id. de la empresa;Nombre para mostrar\n9;A\n", "“Número de cliente”"),
        ("Company ID,Display name\n9,A\n", "“Client number”"),
    ):
        path.write_text(text)
        with pytest.raises(Refused) as caught:
            opened(session, path, ImportKind.NUMBERS)
        assert heading in caught.value.message


def test_new_clients_get_their_ids_in_the_order_of_their_names(session: Session, tmp_path: Path) -> None:
    """So that the list's indexes are written one page after the other, however the file is ordered."""
    path = tmp_path / "list.csv"
    path.write_text("Display name\nZoe\nÁlamo\nbeta\nCedro\n", encoding="utf-8")
    job = opened(session, path, ImportKind.CLIENTS)
    assert job.apply(session).new == 4
    job.close()
    rows = clients.window(session, ClientQuery(), ("display_name",), 0, 10)
    assert [row.values[0] for row in sorted(rows, key=lambda row: row.id)] == ["Álamo", "beta", "Cedro", "Zoe"]


def test_circles_are_looked_for_as_often_as_before_when_an_import_has_ended(session: Session, tmp_path: Path) -> None:
    path, often, during = tmp_path / "list.csv", gc.get_threshold(), []
    path.write_text("Display name\nSol\n", encoding="utf-8")
    job = Import.open(session, open_table(str(path)))

    def told(_done: int, _rows: int) -> None:
        during.append(gc.get_threshold())

    def stopped() -> bool:
        raise KeyboardInterrupt

    job.judge(session, told)
    with pytest.raises(KeyboardInterrupt):
        job.apply(session, stopped=stopped)
    job.close()
    assert set(during) != {often}
    assert gc.get_threshold() == often

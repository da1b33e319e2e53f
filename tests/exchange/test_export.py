"""The client list as a file: what stands in it, in every format; and files that appear whole or not at all."""

import csv
import io
import json
import os
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from clientdesk.desk import clients
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.domain.quickbooks_upload import UPLOAD_BYTES, UPLOAD_ROWS
from clientdesk.domain.spreadsheet_cells import restored
from clientdesk.exchange.export import (
    Export,
    Format,
    Written,
    numbered,
)
from clientdesk.exchange.file_reading import read_table
from clientdesk.exchange.file_writing import write_csv, write_file
from clientdesk.exchange.source import Source
from clientdesk.exchange.xlsx_writing import write_workbook
from tests.conftest import NewFirm
from tests.exchange.conftest import on_a_file
from tests.exports import export_clients, stream_clients
from tests.many import add_many

SOME = ("display_name", "client_number")
NASTY = (
    "007",
    "=1+1",
    "'=1+1",
    "＝2+2",
    "-5",
    "+34 600",
    "+1+A1",
    "'+34",
    "@SUM(A1)",
    "9130350002222220",
    "1E5",
    "a;b,c",
    'say "x"',
)


def added(session: Session, name: str, number: str = "", **values: str) -> int:
    """A client more; the id."""
    return clients.add(session, {"display_name": name, "client_number": number, **values}).id


def many(session: Session, count: int, name: str = "Client {}", number: str = "N-{}") -> None:
    """Many clients, with Company IDs of ours."""
    add_many(
        session,
        [{"display_name": name.format(each), "client_number": number.format(each)} for each in range(count)],
    )


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    """The rows of a CSV as they stand there."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter, strict=True))


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def refusal(session: Session, export: Export, path: Path, overwrite: bool = False) -> Refused:
    with pytest.raises(Refused) as caught:
        export_clients(session, export, str(path), overwrite)
    return caught.value


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder for what is written."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


# --- CSV


def test_a_csv_has_every_client_and_field_as_excel_likes_it(session: Session, out: Path) -> None:
    first = added(session, "Peña, “SA”", "007", notes="two\nlines", client_type="Trust")
    clients.set_status(session, [added(session, "Zoë", "")], False)
    written = export_clients(session, Export(), str(out / "all.csv"))
    assert (written.paths, written.clients) == ((str(out / "all.csv"),), 2)
    data = (out / "all.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfClient number,Display name,")
    assert data.count(b"\r\n") == 3
    assert stat.S_IMODE((out / "all.csv").stat().st_mode) == 0o600
    head, peña, zoë = rows_of(out / "all.csv")
    assert head == [field.headings[0] for field in BUILT_IN.fields]
    assert peña == [clients.get(session, first).values[name] for name in BUILT_IN.names]
    assert (zoë[BUILT_IN.names.index("display_name")], zoë[BUILT_IN.names.index("status")]) == ("Zoë", "inactive")
    assert os.listdir(out) == ["all.csv"]


@on_a_file
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [True, False])
def test_delimiter_byte_order_mark_and_spanish_headings(session: Session, out: Path, delimiter: str, bom: bool) -> None:
    added(session, "a;b,c", "1")
    export = Export(columns=SOME, language="es", delimiter=delimiter, bom=bom)
    export_clients(session, export, str(out / "x.csv"))
    assert rows_of(out / "x.csv", delimiter) == [["Nombre para mostrar", "Número de cliente"], ["a;b,c", "1"]]
    assert (out / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf") is bom


def test_the_present_view_and_the_marked_ones(session: Session, out: Path) -> None:
    ids = {name: added(session, name, f"N-{name}") for name in ("b", "c", "a")}
    view = Export(ClientQuery(find="n-").sorted_by("display_name", descending=True), ("client_number", "display_name"))
    export_clients(session, view, str(out / "view.csv"))
    assert rows_of(out / "view.csv")[1:] == [["N-c", "c"], ["N-b", "b"], ["N-a", "a"]]
    marked = view._replace(only=frozenset([ids["a"], ids["c"], 10_000]))
    assert export_clients(session, marked, str(out / "marked.csv")).clients == 2
    assert rows_of(out / "marked.csv")[1:] == [["N-c", "c"], ["N-a", "a"]]


def test_formulas_are_made_text_unless_that_is_not_wanted(session: Session, out: Path) -> None:
    for number, text in enumerate(NASTY):
        added(session, text, f"{number:02}")
    export = Export(columns=("display_name",))
    export_clients(session, export, str(out / "n.csv"))
    export_clients(session, export._replace(neutral=False), str(out / "raw.csv"))
    export_clients(session, export._replace(format=Format.JSONL), str(out / "n.jsonl"))
    neutral = [row[0] for row in rows_of(out / "n.csv")[1:]]
    raw = [row[0] for row in rows_of(out / "raw.csv")[1:]]
    lines = [json.loads(line)["display_name"] for line in (out / "n.jsonl").read_text("utf-8").splitlines()]
    assert sorted(raw) == sorted(lines) == sorted(NASTY)
    assert [restored(cell) for cell in neutral] == raw
    assert {"'=1+1", "''=1+1", "'＝2+2", "'-5", "+34 600", "'+1+A1", "''+34", "'@SUM(A1)", "007", "1E5"} <= set(neutral)


# --- XLSX and JSON Lines


def test_a_workbook_of_text_with_a_bold_frozen_heading(session: Session, out: Path) -> None:
    for number, text in enumerate((*NASTY, "<r>bold</r>", "_x0041_", "  a & <b>")):
        added(session, text, f"{number:03}")
    export_clients(session, Export(columns=SOME, format=Format.XLSX, neutral=False), str(out / "x.xlsx"))
    book = load_workbook(str(out / "x.xlsx"))
    assert book.sheet_names == ["Clients"]
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert head == ["Display name", "Client number"]
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert {row[0] for row in rows} == {*NASTY, "<r>bold</r>", "_x0041_", "a & <b>"}
    assert {row[1] for row in rows} == {f"{number:03}" for number in range(len(NASTY) + 3)}
    sheet = zipfile.ZipFile(out / "x.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<f>" not in sheet
    assert '<c r="A1" s="1"' in sheet
    assert stat.S_IMODE((out / "x.xlsx").stat().st_mode) == 0o600


def test_a_workbook_in_spanish_has_every_text_as_it_is(session: Session, out: Path) -> None:
    for number, text in enumerate(("'=1+1", "+34 600", "=1+1"), 1):
        added(session, text, str(number))
    export_clients(session, Export(columns=SOME, format=Format.XLSX, language="es"), str(out / "x.xlsx"))
    book = load_workbook(str(out / "x.xlsx"))
    assert book.sheet_names == ["Clientes"]
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert head == ["Nombre para mostrar", "Número de cliente"]
    assert sorted(rows) == [["'=1+1", "1"], ["+34 600", "2"], ["=1+1", "3"]]
    assert "<f>" not in zipfile.ZipFile(out / "x.xlsx").read("xl/worksheets/sheet1.xml").decode()


def test_what_a_sheet_cannot_hold_is_refused(session: Session, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added(session, "Long", notes="🙂" * 17_000)
    export = Export(format=Format.XLSX)
    refused = refusal(session, export, out / "x.xlsx")
    assert (refused.code, "Notes" in refused.message) == ("sheet_cell", True)
    monkeypatch.setattr("clientdesk.exchange.xlsx_writing.ROWS", 1)
    added(session, "Other")
    assert refusal(session, export._replace(columns=SOME), out / "x.xlsx").code == "sheet_full"
    assert os.listdir(out) == []


def test_json_lines_are_one_object_a_line_by_the_fields_names(session: Session, out: Path) -> None:
    added(session, "山田 “x”", "007", notes="a\nb")
    export_clients(session, Export(format=Format.JSONL), str(out / "x.jsonl"))
    text = (out / "x.jsonl").read_text("utf-8")
    assert text.endswith("}\n")
    assert "山田" in text
    (record,) = map(json.loads, text.splitlines())
    assert tuple(record) == BUILT_IN.names
    assert (record["client_number"], record["notes"], record["status"]) == ("007", "a\nb", "active")


# --- whatever the text


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
NASTY_CELL = st.one_of(
    CELL,
    st.builds(str.__add__, st.sampled_from(["=", "'=", "''@", "'", "＋", "+", '"', ",", ";"]), CELL),
    st.builds('="{}"'.format, CELL),
    st.builds("{}+{}".format, st.sampled_from(["", "'"]), st.integers(0)),
)


def fits(table: Sequence[Sequence[str]]) -> bool:
    """Whether each row has something in it; rows without are passed over when they are read."""
    return all(any(cell.strip() for cell in row) for row in table)


@given(table=st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(NASTY_CELL, min_size=n, max_size=n), max_size=5)))
def test_any_table_of_text_survives_a_csv(tmp_path: Path, table: list[list[str]]) -> None:
    table = [row for row in table if fits([row])]
    width = len(table[0]) if table else 1
    path = tmp_path / "table.csv"
    write_file(str(path), True, lambda file: write_csv(file, [["Heading"] * width, *table]))
    with Source.read(str(path)) as source:
        back = [line.cells for line in read_table(source, lambda cells: cells.count("Heading")).rows()]
    assert back == [tuple(row) for row in table]


XML_CELL = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=12)


@given(
    cells=st.lists(
        st.one_of(XML_CELL, st.sampled_from(["<r>", "<r></r>", "<r>&</r>", "_x000D_", "=1", "'=1", "+34"])), min_size=1
    )
)
def test_any_text_survives_a_workbook(cells: list[str]) -> None:
    file = io.BytesIO()
    assert write_workbook(
        file, [BUILT_IN.by_name["display_name"]], ["Display name"], [[[cell] for cell in cells]], "x"
    ) == len(cells)
    file.seek(0)
    back = load_workbook(file).get_sheet_by_index(0).to_python()
    assert [row[0] for row in back[1:]] == cells


# --- for QuickBooks


def test_quickbooks_gets_its_three_headings_and_only_clients_with_a_number(session: Session, out: Path) -> None:
    added(session, "Ana", "007")
    added(session, "No number")
    added(session, "=1", "-5")
    export = Export(format=Format.QUICKBOOKS, language="es", columns=SOME, delimiter=";")
    written = export_clients(session, export, str(out / "up.CSV"))
    assert written == Written((str(out / "up-1.CSV"),), 2, left_out=1, neutralised=2)
    head, *rows = rows_of(out / "up-1.CSV")
    assert head == ["Id. de la empresa", "Nombre para mostrar", "Número de cliente"]
    assert sorted(row[1:] for row in rows) == [["'=1", "'-5"], ["Ana", "007"]]
    sentences = written.in_words()
    assert sentences[1:] == [
        "1 client without a client number was left out.",
        "2 cells that look like formulas begin with ' now, for QuickBooks too.",
    ]


@pytest.mark.thorough("many")
@pytest.mark.parametrize(("name", "number"), [("Client {}", "N-{}"), ("é" * 190 + "{:05}", "N-{:05}")])
def test_files_for_quickbooks_hold_no_more_than_it_takes(session: Session, out: Path, name: str, number: str) -> None:
    many(session, 2_001, name, number)
    written = export_clients(session, Export(format=Format.QUICKBOOKS), str(out / "up"))
    assert written.clients == 2_001
    assert [Path(path).name for path in written.paths] == [
        f"up-{number}.csv" for number in range(1, len(written.paths) + 1)
    ]
    assert sorted(os.listdir(out)) == sorted(Path(path).name for path in written.paths)
    numbers, sizes = [], []
    for path in map(Path, written.paths):
        head, *rows = rows_of(path)
        assert head == ["Company ID", "Display name", "Client number"]
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert 1 <= len(rows) <= UPLOAD_ROWS
        numbers += [row[2] for row in rows]
        sizes.append(path.stat().st_size)
    assert len(set(numbers)) == 2_001
    assert max(sizes) <= UPLOAD_BYTES
    if len(name) > 100:  # full to the last row
        assert min(sizes[:-1]) > UPLOAD_BYTES - 450
    else:
        assert len(sizes) == 3


def test_a_firm_without_numbers_has_nothing_for_quickbooks(session: Session, out: Path) -> None:
    added(session, "Ana")
    assert refusal(session, Export(format=Format.QUICKBOOKS), out / "up").code == "no_client_numbers"
    assert os.listdir(out) == []


def test_files_that_exist_are_all_told_before_any_is_written(
    session: Session, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientdesk.exchange.export.UPLOAD_ROWS", 2)
    many(session, 5)
    for name in ("up-1.csv", "up-3.csv", "up-4.csv"):
        (out / name).write_text("old")
    export = Export(format=Format.QUICKBOOKS)
    refused = refusal(session, export, out / "up")
    assert [problem.code for problem in refused.problems] == ["file_exists", "file_exists"]
    assert [str(problem.values["path"])[-8:] for problem in refused.problems] == ["up-1.csv", "up-3.csv"]
    assert everything_in(out) == {"up-1.csv": b"old", "up-3.csv": b"old", "up-4.csv": b"old"}
    written = export_clients(session, export, str(out / "up"), overwrite=True)
    assert (len(written.paths), written.stale) == (3, (str(out / "up-4.csv"),))
    assert (out / "up-4.csv").read_text() == "old"
    assert "up-4.csv is of an earlier export" in written.in_words()[-1]
    assert sorted(os.listdir(out)) == ["up-1.csv", "up-2.csv", "up-3.csv", "up-4.csv"]


def test_no_file_appears_when_one_of_them_cannot(session: Session, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.exchange.export.UPLOAD_ROWS", 2)
    many(session, 5)
    (out / "up-2.csv").mkdir()
    assert refusal(session, Export(format=Format.QUICKBOOKS), out / "up", True).code == "not_regular_file"
    assert os.listdir(out) == ["up-2.csv"]
    (out / "up-2.csv").rmdir()

    (out / "up-1.csv").write_text("old")
    replace, calls = os.replace, []

    def fails_at_the_third(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 3:
            raise OSError(5, "broken")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails_at_the_third)
    assert refusal(session, Export(format=Format.QUICKBOOKS), out / "up", True).code == "not_writable"
    assert everything_in(out) == {"up-1.csv": b"old"}


def test_one_file_for_quickbooks_may_be_streamed(session: Session) -> None:
    many(session, 3)
    file = io.BytesIO()
    assert stream_clients(session, Export(format=Format.QUICKBOOKS), file).clients == 3
    assert file.getvalue().count(b"\r\n") == 4
    many(session, 1_001, number="M-{}")
    with pytest.raises(Refused) as caught:
        stream_clients(session, Export(format=Format.QUICKBOOKS), file)
    assert (caught.value.code, caught.value.problems[0].values["count"]) == ("several_files", 2)
    assert file.getvalue().count(b"\r\n") == 4


def test_the_names_of_numbered_files() -> None:
    assert numbered("a/b.csv", 1) == "a/b-1.csv"
    assert numbered("b", 2) == "b-2.csv"
    assert numbered("b.2026", 12) == "b.2026-12.csv"


# --- out and in again


@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
def test_out_in_and_out_again_is_the_same(session: Session, new_firm: NewFirm, out: Path, kind: Format) -> None:
    from clientdesk.desk import opening
    from clientdesk.desk.imports.import_records import ImportKind
    from clientdesk.desk.imports.importing import Import
    from clientdesk.exchange.file_reading import open_table

    for number, text in enumerate((*NASTY, "''+x", "山田 “商店”", "Peña & Söhne", "<r>x</r>", "O'Hara", "'")):
        added(session, text, f"0{number}", notes=f"{text}\nline two\n\n'\n-x", business_name=text, city=f"'{text}")
    clients.set_status(session, [added(session, "Inactive", "=7", subscription="plus")], False)
    export = Export(format=kind)
    first, second = (str(out / f"{name}{kind.ending}") for name in ("first", "second"))
    export_clients(session, export, first)
    with opening.open_firm(new_firm(), session.login) as other:
        plan = Import.open(other, open_table(first), ImportKind.CLIENTS)
        try:
            counts = plan.judge(other, lambda done, rows: None, lambda: False)
            assert (counts.new, counts.refused) == (counts.rows, 0), plan.reasons()
            plan.apply(other, lambda done, rows: None, lambda: False)
        finally:
            plan.close()
        export_clients(other, export, second)
    if kind is Format.CSV:
        assert Path(first).read_bytes() == Path(second).read_bytes()
    sheets = [zipfile.ZipFile(each).read("xl/worksheets/sheet1.xml") for each in (first, second) if kind is Format.XLSX]
    assert not sheets or sheets[0] == sheets[1]

"""Workbooks as people have them: sheets, numbers that are identifiers, dates; and files that are none."""

import datetime
import io
import os
import random
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook

from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import Refused
from clientdesk.exchange import workbook_reading
from clientdesk.exchange.file_reading import Choices, read_table
from clientdesk.exchange.source import Source
from clientdesk.exchange.workbook_process import text_of
from tests.exchange.workbooks import HEAD, check, nothing, ods, ods_cell, of_rows, read, refusal, replaced, xlsx

pytestmark = [pytest.mark.usefixtures("forked_reader"), pytest.mark.thorough("programs")]

GOOD = of_rows(HEAD, ("0091", "Peña", "007"), ("92", "Łódź\n漢字 🙂", " x "))


@pytest.mark.parametrize("name", ["list.xlsx", "LIST.XLSX", "list", "list.xls", "list.bak"])
def test_a_workbook_is_a_table(tmp_path: Path, name: str) -> None:
    table, rows = read(tmp_path, GOOD, name=name)
    assert table.headings == Line(1, HEAD)
    assert rows == [(2, ("0091", "Peña", "007")), (3, ("92", "Łódź\n漢字 🙂", " x "))]
    assert (table.encoding, table.delimiter, table.sheet, table.sheets) == ("", "", "Clients", ("Clients",))
    assert (table.size, table.guesses) == (len(GOOD), ())


def test_an_opendocument_sheet_is_a_table(tmp_path: Path) -> None:
    head = "".join(map(ods_cell, HEAD))
    row = ods_cell("0091") + ods_cell("Peña") + ods_cell("9130350000000000", "float", 'office:value="9130350000000000"')
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    rest = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    rows = f"{blank}<table:table-row>{head}</table:table-row>{blank}<table:table-row>{row}</table:table-row>{rest}"
    content = ods(f'<table:table table:name="Nothing"/><table:table table:name="Año">{rows}</table:table>')
    for name in ("list.ods", "list"):
        table, found = read(tmp_path, content, name=name)
        assert (table.headings, table.sheet, table.sheets) == (Line(4, HEAD), "Año", ("Nothing", "Año"))
        assert found == [(8, ("0091", "Peña", "9130350000000000"))]
        assert [guess.code for guess in table.guesses] == ["rounded_number"]


def test_blank_rows_and_empty_columns_are_passed_over_and_rows_keep_their_number(tmp_path: Path) -> None:
    blank = (None, " ", None, None)
    content = of_rows((), blank, (None, *HEAD), blank, (None, "91", "A"), blank, (None, "92", "B", "2", None, "extra"))
    table, rows = read(tmp_path, content)
    assert (table.headings.number, [cell for cell in table.headings.cells if cell.strip()]) == (3, list(HEAD))
    cells = [(number, tuple(cell for cell in cells if cell.strip())) for number, cells in rows]
    assert cells == [(5, ("91", "A")), (7, ("92", "B", "2", "extra"))]
    assert len(rows[0][1]) == len(table.headings.cells)


def test_identifiers_and_other_values_become_text(tmp_path: Path) -> None:
    moment = datetime.datetime(2024, 5, 1, 13, 5, 30)
    values = {
        "9130350000000000": 9130350000000000,
        "913035000000000": 913035000000000,
        "7": 7,
        "0": 0,
        "-3": -3,
        "1.5": 1.5,
        "0.1": 0.1,
        "0.0000001": 1e-7,
        "123456789012.25": 123456789012.25,
        "12" + "0" * 24: 1.2e25,
        "007": "007",
        "9.13E+15": "9.13E+15",
        "TRUE": True,
        "FALSE": False,
        "2024-05-01": datetime.date(2024, 5, 1),
        "2024-05-01 13:05": moment,
        "13:05:30": moment.time(),
        "36:05:00": datetime.timedelta(hours=36, minutes=5),
    }
    table, rows = read(tmp_path, of_rows(("Value",), *((value,) for value in values.values())))
    assert [cells for _number, cells in rows] == [(text,) for text in values]
    guess = table.guesses[0]
    assert (guess.code, guess.warning) == ("rounded_number", True)
    assert (guess.values["count"], guess.values["value"], guess.values["line"]) == (2, "9130350000000000", 2)


def test_the_values_of_formulas_and_errors_are_read(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        for name in ("Other", "A & B"):
            page = book.add_worksheet(name)
            page.write_row(1, 1, HEAD)
            page.write_formula(2, 1, '="00"&7', None, "007")
            page.write_formula(2, 2, "=1/0", None, "#DIV/0!")
            page.write_formula(3, 3, "=NA()", None, "#N/A")

    table, rows = read(tmp_path, xlsx(fill), "A & B")
    assert (table.sheet, table.headings) == ("A & B", Line(2, HEAD))
    assert rows == [(3, ("007", "#DIV/0!", "")), (4, ("", "", "#N/A"))]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_told_by_its_digits_alone(value: float) -> None:
    text = text_of(value)
    assert float(text) == value
    assert set(text) <= set("0123456789.-")
    assert not value.is_integer() or "." not in text


# --- sheets


def several(book: Workbook) -> None:
    book.add_worksheet("Empty")
    book.add_worksheet("Spaces").write(0, 0, "  ")
    hidden = book.add_worksheet("Lists")
    hidden.write(0, 0, "hidden")
    hidden.hide()
    for name in ("Clients", "Año 2024"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, ("91", name, "7"))
    chart = book.add_chart({"type": "line"})
    assert chart is not None
    chart.add_series({"values": "=Clients!$A$1:$A$2"})
    book.add_chartsheet("Chart").set_chart(chart)


def test_the_first_sheet_that_has_anything_is_read_unless_one_is_chosen(tmp_path: Path) -> None:
    content = xlsx(several)
    names = ("Empty", "Spaces", "Lists", "Clients", "Año 2024")
    for sheet in ("", "Clients", "Año 2024"):
        table, rows = read(tmp_path, content, sheet)
        assert (table.sheet, table.sheets) == (sheet or "Clients", names)
        assert rows == [(2, ("91", sheet or "Clients", "7"))]
    assert read(tmp_path, content, "Lists")[0].headings == Line(1, ("hidden",))
    empty = refusal(tmp_path, content, "Empty")
    assert (empty.code, empty.problems[0].values["path"]) == ("empty_file", f"{tmp_path / 'list.xlsx'} › Empty")


@pytest.mark.parametrize("sheet", ["Clienti", "Chart", "a\0b", "\ud800", "--help", "x" * 10_000])
def test_a_sheet_that_is_not_there_is_refused_and_the_others_named(tmp_path: Path, sheet: str) -> None:
    refused = refusal(tmp_path, xlsx(several), sheet)
    assert refused.code == "unknown_sheet"
    assert "Clients, Año 2024" in refused.message


def test_a_workbook_with_nothing_in_it_is_empty(tmp_path: Path) -> None:
    assert refusal(tmp_path, of_rows()).code == "empty_file"
    assert read(tmp_path, of_rows(HEAD))[1] == []


def test_a_workbook_is_read_as_often_as_wanted(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(GOOD)
    with Source.read(str(path)) as source:
        path.write_bytes(b"changed")
        table = read_table(source, nothing, Choices())
        pairs = list(zip(table.rows(), table.rows(), strict=True))
        assert len(pairs) == 2
        assert all(one == other for one, other in pairs)
        assert read_table(source, nothing, Choices(sheet="Clients")).headings == table.headings


# --- what is no workbook


def archive_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def stored(content: bytes) -> bytes:
    """The archive with its members as they are, not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    return out.getvalue()


STORED = stored(GOOD)
DOCX = archive_of(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.csv", GOOD, "not_csv"),
        ("list.txt", GOOD, "not_csv"),
        ("list.xlsx", b"Company ID,Display name\n91,A\n", "not_spreadsheet"),
        ("list.ods", b"Company ID,Display name\n91,A\n", "not_spreadsheet"),
        ("list.ods", GOOD, "not_spreadsheet"),
        ("list.xlsx", ods("<table:table/>"), "not_spreadsheet"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_spreadsheet"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_spreadsheet"),
        ("list", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_csv"),
        ("list.xlsx", b"PK\x03\x04", "not_spreadsheet"),
        ("list.xlsx", b"PK\x05\x06" + b"\0" * 18, "not_spreadsheet"),
        ("list.xlsx", GOOD[: len(GOOD) // 2], "not_spreadsheet"),
        ("list.xlsx", DOCX, "not_spreadsheet"),
        ("list", DOCX, "not_spreadsheet"),
        ("list.xlsx", archive_of(**{"[Content_Types].xml": b"", "xl/workbook.xml": b"<"}), "not_spreadsheet"),
        ("list.ods", ods("<table:table/>")[:-50], "not_spreadsheet"),
        ("list.xlsx", STORED.replace("Peña".encode(), b"Pena."), "not_spreadsheet"),
        ("list.xlsx", b"", "empty_file"),
    ],
)
def test_content_and_ending_must_agree(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content, name=name).code == code


def test_what_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as file:
            for _megabyte in range(20):
                file.write(b" " * 1_048_576)
    data = bytearray(out.getvalue())
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46  # its entry in the directory
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = struct.pack("<I", 501 << 20)  # as if it were 501 MB
    refused = refusal(tmp_path, bytes(data))
    assert (refused.code, refused.problems[0].values["limit"]) == ("too_large", 500)


def test_a_spreadsheet_file_has_a_smaller_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.exchange.source.SPREADSHEET_LIMIT", 0)
    assert refusal(tmp_path, GOOD).code == "too_large"
    assert refusal(tmp_path, b"a;b\n1;2\n", name="list.ods").code == "not_spreadsheet"


def test_a_stray_cell_at_the_far_end_is_refused(tmp_path: Path) -> None:
    def far(book: Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write(1_048_575, 16_383, "x")

    assert refusal(tmp_path, xlsx(far)).code == "sheet_too_large"


def test_a_cell_has_at_most_a_megabyte(tmp_path: Path) -> None:
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 1_048_577}</t></is></c></row></sheetData>'.encode()
    content = of_rows(HEAD)
    sheet = "xl/worksheets/sheet1.xml"
    refused = refusal(tmp_path, replaced(content, sheet, lambda data: data.replace(b"</sheetData>", row)))
    assert (refused.code, refused.problems[0].values["line"]) == ("cell_too_large", 2)


def test_nothing_is_written_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_reading, "subprocess", subprocess)  # as it is
    refusal(tmp_path, GOOD[: len(GOOD) // 2] + GOOD[-22:])
    assert capfd.readouterr() == ("", "")


def test_a_reader_that_cannot_be_started_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reading, "subprocess", subprocess)  # as it is
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    assert refusal(tmp_path, GOOD).code == "reader_not_started"


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), where=st.sampled_from(["anywhere", "sheet", "strings", "workbook"]))
def test_any_damage_ends_in_rows_or_in_a_refusal(tmp_path: Path, seed: int, where: str) -> None:
    chance = random.Random(seed)

    def damage(data: bytes) -> bytes:
        changed = bytearray(data)
        for _time in range(chance.randint(1, 8)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed[: len(changed) - chance.choice([0, 0, 1, 100])])

    members = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "workbook": "xl/workbook.xml",
    }
    content = damage(GOOD) if where == "anywhere" else replaced(GOOD, members[where], damage)
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    try:
        with Source.read(os.fspath(path)) as source:
            assert all(any(line.cells) for line in read_table(source, nothing).rows())
    except Refused as refused:
        check(refused)

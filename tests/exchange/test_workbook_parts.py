"""Where the parts of a workbook are, and what they may cost: relationships, hidden sizes, cells without end."""

import io
import json
import signal
import struct
import subprocess
import sys
import zipfile
from array import array
from pathlib import Path

import pytest
from xlsxwriter.workbook import Workbook

from clientdesk.exchange import workbook_process
from clientdesk.exchange.csv_rows import CELL, ROW
from clientdesk.exchange.xlsx_scan import check_shared
from clientdesk.exchange.xml_stream import TooMuch
from tests.exchange.workbooks import HEAD, ods, ods_cell, of_rows, read, refusal, replaced, xlsx

pytestmark = [pytest.mark.usefixtures("forked_reader"), pytest.mark.thorough("many")]

STRICT = {
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
}
USUAL = of_rows(HEAD, ("0091", "Peña & Co", 7), ("92", "Łódź", "x"), sheet="A & B")
ROWS = [(2, ("0091", "Peña & Co", "7")), (3, ("92", "Łódź", "x"))]


def moved(content: bytes, places: dict[str, str], changes: dict[str, dict[bytes, bytes]] | None = None) -> bytes:
    """The workbook with parts under other names, and with texts in parts (by their old names) replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            for before, after in (changes or {}).get(info.filename, {}).items():
                assert before in data, (info.filename, before)
                data = data.replace(before, after)
            new.writestr(places.get(info.filename, info.filename), data)
    return out.getvalue()


RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
ELSEWHERE = moved(
    USUAL,
    {
        "xl/workbook.xml": "foo/book.xml",
        RELATIONS: "foo/_rels/book.xml.rels",
        "xl/worksheets/sheet1.xml": "odd folder/data.bin",
        "xl/sharedStrings.xml": "foo/deep/texts.xml",
        "xl/styles.xml": "looks.xml",
    },
    {
        "_rels/.rels": {b'"xl/workbook.xml"': b'"/foo/book.xml"'},
        RELATIONS: {
            b'"worksheets/sheet1.xml"': b'"../odd%20folder/data.bin"',
            b'"sharedStrings.xml"': b'"deep/texts.xml"',
            b'"styles.xml"': b'"/looks.xml"',
        },
    },
)
LAYOUTS = {
    "elsewhere": ELSEWHERE,
    "absolute targets": moved(USUAL, {}, {RELATIONS: {b'"worksheets/sheet1.xml"': b'"/xl/worksheets/sheet1.xml"'}}),
    "another folder": moved(
        USUAL,
        {"xl/worksheets/sheet1.xml": "xl/sheet.xml"},
        {RELATIONS: {b'"worksheets/sheet1.xml"': b'"./sheet.xml"'}},
    ),
    "another name": moved(
        USUAL,
        {"xl/workbook.xml": "xl/workbook2.xml", RELATIONS: "xl/_rels/workbook2.xml.rels"},
        {"_rels/.rels": {b'"xl/workbook.xml"': b'"xl/workbook2.xml"'}},
    ),
    "another prefix": moved(USUAL, {}, {"xl/workbook.xml": {b"xmlns:r=": b"xmlns:rel=", b" r:id=": b" rel:id="}}),
    "other cases and slashes": moved(
        USUAL, {"xl/workbook.xml": "XL\\Workbook.xml", "xl/worksheets/sheet1.xml": "xl\\worksheets\\Sheet1.xml"}
    ),
    "no relationships of the package": moved(USUAL, {"_rels/.rels": "_rels/none.rels"}),
    "strict": moved(
        USUAL,
        {},
        {
            "xl/workbook.xml": STRICT,
            RELATIONS: {key: value for key, value in STRICT.items() if b"relationships" in key},
            "_rels/.rels": {key: value for key, value in STRICT.items() if b"relationships" in key},
            "xl/worksheets/sheet1.xml": {key: value for key, value in STRICT.items() if b"main" in key},
            "xl/sharedStrings.xml": {key: value for key, value in STRICT.items() if b"main" in key},
            "xl/styles.xml": {key: value for key, value in STRICT.items() if b"main" in key},
        },
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_parts_are_found_by_their_relationships(tmp_path: Path, layout: str) -> None:
    for name, sheet in (("list.xlsx", ""), ("list", "A & B")):
        table, rows = read(tmp_path, LAYOUTS[layout], sheet, name)
        assert (table.headings.cells, table.sheet, table.sheets) == (HEAD, "A & B", ("A & B",))
        assert rows == ROWS


def test_a_sheet_that_is_not_there_is_told_where_parts_are_moved(tmp_path: Path) -> None:
    assert refusal(tmp_path, ELSEWHERE, "C").code == "unknown_sheet"


def test_looks_and_hidden_sheets_are_kept_where_parts_are_moved(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        hidden = book.add_worksheet("Hidden")
        hidden.write_string(0, 0, "hidden")
        page = book.add_worksheet("Seen")
        page.write_string(0, 0, "Postal code")
        page.write_number(1, 0, 1007, book.add_format({"num_format": "00000"}))
        page.write_formula(2, 0, "=NA()", None, "#N/A")
        page.activate()
        page.set_first_sheet()
        hidden.hide()
        chart = book.add_chart({"type": "line"})
        assert chart is not None
        chart.add_series({"values": "=Seen!$A$2:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)

    content = moved(
        xlsx(fill),
        {f"xl/worksheets/sheet{number}.xml": f"xl/pages/{number}.xml" for number in (1, 2)},
        {RELATIONS: {f"worksheets/sheet{number}.xml".encode(): f"pages/{number}.xml".encode() for number in (1, 2)}},
    )
    table, rows = read(tmp_path, content)
    assert (table.sheet, table.sheets) == ("Seen", ("Hidden", "Seen"))
    assert rows == [(2, ("01007",)), (3, ("#N/A",))]
    assert read(tmp_path, content, "Hidden")[0].headings.cells == ("hidden",)


@pytest.mark.parametrize(
    "changes",
    [
        {"_rels/.rels": {b'"xl/workbook.xml"': b'"xl/styles.xml"'}},
        {"xl/workbook.xml": {b"<workbook ": b"<!DOCTYPE workbook [<!ENTITY a 'b'>]><workbook "}},
        {"xl/worksheets/sheet1.xml": {b"<worksheet ": b"<!DOCTYPE worksheet [<!ENTITY a 'b'>]><worksheet "}},
        {"xl/sharedStrings.xml": {b"</si>": b"</is>"}},
        {"xl/styles.xml": {b"</styleSheet>": b""}},
    ],
)
def test_what_is_no_workbook_inside_is_refused(tmp_path: Path, changes: dict[str, dict[bytes, bytes]]) -> None:
    assert refusal(tmp_path, moved(USUAL, {}, changes)).code == "not_spreadsheet"


# --- what a workbook may cost


MEGABYTE = b"x" * 1_048_576
TEXT = (b'<row r="7"><c r="A7" t="inlineStr"><is>', b"</is></c></row>")
ENDLESS = {
    "a text": (TEXT[0] + b"<t>", MEGABYTE, b"</t>" + TEXT[1]),
    "blanks": (TEXT[0] + b"<t>", b" " * 1_048_576, b"</t>" + TEXT[1]),
    "many runs": (TEXT[0], b"<r><t>" + b"x" * 10_000 + b"</t></r>", TEXT[1]),
    "a value": (b'<row r="7"><c r="A7"><v>', b"1" * 1_048_576, b"</v></c></row>"),
    "a formula": (b'<row r="7"><c r="A7"><f>', MEGABYTE, b"</f><v>1</v></c></row>"),
}
"""What stands before, again and again, and after."""
_MEGABYTES = 64
SHARED = (b"<si><t>a</t></si><si><t>", MEGABYTE, b"</t></si>")
IN_ODS = (
    b'<table:table-row><table:table-cell office:value-type="string"><text:p>',
    MEGABYTE,
    b"</text:p></table:table-cell></table:table-row>",
)


def endless(content: bytes, member: str, end: bytes, pieces: tuple[bytes, bytes, bytes]) -> bytes:
    """The workbook with 64 MB before the `end` of a part; it is made without being held."""
    before, again, after = pieces
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            with new.open(info.filename, "w") as file:
                if info.filename == member:
                    head, found, data = data.partition(end)
                    assert found
                    file.write(head + before)
                    for _time in range(_MEGABYTES * len(MEGABYTE) // len(again)):
                        file.write(again)
                    data = after + end + data
                file.write(data)
    return out.getvalue()


_RUN = """
import pathlib, resource
from clientdesk.exchange import workbook_process
workbook_process.main()
status = pathlib.Path("/proc/self/status")
peak = next((line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")), 0)
print(int(peak) * 1024)
"""


def run(content: bytes, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script that reads a workbook as the program does."""
    path = folder / "list"
    path.write_bytes(content)
    with path.open("rb") as workbook, (folder / "rows").open("w") as rows:
        order = json.dumps(workbook_process.Order("any", "", rows.fileno(), CELL, ROW))
        return subprocess.run(
            [sys.executable, "-c", script, order],
            stdin=workbook,
            capture_output=True,
            pass_fds=(rows.fileno(),),
            text=True,
            check=False,
        )


def is_found_early(content: bytes, line: int, folder: Path, code: str = "cell_too_large") -> None:
    ended = run(content, folder, _RUN)
    assert ended.returncode == 0, ended.stderr
    rows, peak = ended.stdout.splitlines()
    assert (json.loads(rows)["code"], json.loads(rows)["line"]) == (code, line)
    assert int(peak) < _MEGABYTES << 20


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells the most memory that was held")


@pytest.mark.long("many")
@on_linux
@pytest.mark.parametrize("what", ENDLESS)
def test_a_cell_without_end_is_found_before_it_is_held(tmp_path: Path, what: str) -> None:
    is_found_early(endless(of_rows(HEAD), SHEET, b"</sheetData>", ENDLESS[what]), 7, tmp_path)


@pytest.mark.long("many")
@on_linux
def test_a_shared_text_without_end_is_found_with_the_row_that_has_it(tmp_path: Path) -> None:
    content = endless(of_rows(("a",)), "xl/sharedStrings.xml", b"</sst>", SHARED)
    row = b'<row r="9"><c r="A9" t="s"><v>2</v></c></row></sheetData>'
    is_found_early(replaced(content, SHEET, lambda data: data.replace(b"</sheetData>", row)), 9, tmp_path)
    is_found_early(content, 1, tmp_path)


@on_linux
def test_a_cell_without_end_is_found_in_an_opendocument_sheet(tmp_path: Path) -> None:
    content = ods(f'<table:table table:name="T"><table:table-row>{ods_cell("a")}</table:table-row></table:table>')
    is_found_early(endless(content, "content.xml", b"</table:table>", IN_ODS), 2, tmp_path)


REPEATED = {
    "in rows": "</table:table-row><table:table-row table:number-rows-repeated='999999'>" + ods_cell("x" * 2_000),
    "in columns": ods_cell("x" * 60_000, more="table:number-columns-repeated='16000'"),
}


@on_linux
@pytest.mark.parametrize("where", REPEATED)
def test_a_text_that_is_repeated_very_often_is_found_before_it_is_held(tmp_path: Path, where: str) -> None:
    rows = f"<table:table-row>{ods_cell('a')}{REPEATED[where]}</table:table-row>"
    is_found_early(ods(f'<table:table table:name="T">{rows}</table:table>'), 0, tmp_path, "too_much_text")


@on_linux
def test_a_shared_text_that_very_many_cells_have_is_found_before_it_is_held(tmp_path: Path) -> None:
    content = of_rows(HEAD, ("1", "x" * 30_000))
    row = b"<row>" + b'<c t="s"><v>4</v></c>' * 20_000 + b"</row></sheetData>"
    bomb = replaced(content, SHEET, lambda data: data.replace(b"</sheetData>", row))
    is_found_early(bomb, 0, tmp_path, "too_much_text")
    assert "500 MB of text" in refusal(tmp_path, bomb).message


SHORT = b'<c r="A1" s="7" t="s"><v>0</v></c>'
SHARED_CELLS = {
    "short": (SHORT, 1),
    "long": (b'<c r="A1" t="s"><v>1</v></c>', 100),
    "prefix, blanks": (b"""<x:c t='s' r='A1' ><x:v> 1 </x:v></x:c>""", 100),
    "a number": (b'<c r="A1"><v>1</v></c>', 0),
    "no such text": (b'<c t="s"><v>9</v></c>', 100),
    "not seen at once": (b'<c t="s"><v>&#49;</v></c>', 100),
    "the second value counts": (b'<c t="s"><v>0</v><v>1</v></c>', 100),
    "a short one in a comment": (b'<c t="s"><!--<c t="s"><v>0</v></c>--><v>1</v></c>', 101),
    "a short one in an attribute": (b"""<c t="s" q='><v>0</v></c>'><v>1</v></c>""", 100),
}


@pytest.mark.parametrize("what", SHARED_CELLS)
def test_the_bytes_of_shared_texts_are_counted_wherever_they_stand(what: str) -> None:
    """Cells that lie across two of the pieces that are read are counted once."""
    cell, size = SHARED_CELLS[what]
    count = 100_000
    sheet = b"<row>" + cell * count + b"</row>"

    def check(most: int) -> None:
        check_shared(lambda: io.BytesIO(sheet), len(sheet), array("I", [1, 100]), most)

    check(size * count)
    if size:
        with pytest.raises(TooMuch):
            check(size * count - 1)


@pytest.mark.long("many")
@pytest.mark.parametrize("before", [b'<row r="2"><c r="', b'<row r="2"><c r="A2"/><!--', b"<row "])
def test_a_tag_or_a_comment_without_end_is_refused(tmp_path: Path, before: bytes) -> None:
    content = endless(of_rows(HEAD), SHEET, b"</sheetData>", (before, MEGABYTE, b""))
    ended = run(content, tmp_path, _RUN)
    assert json.loads(ended.stdout.splitlines()[0])["code"] == "not_spreadsheet"


def test_a_cell_may_have_as_many_characters_as_ever(tmp_path: Path) -> None:
    """Also where the sheet is looked at closely, because of another cell's format, and where letters are escaped."""

    def filled(data: bytes) -> bytes:
        text = b"&amp;" * CELL
        row = b'<row r="2"><c r="A2" t="inlineStr"><is><t>%s</t></is></c><c r="B2" t="e"><v>#N/A</v></c></row></sheetData>'
        return data.replace(b"</sheetData>", row % text)

    (row,) = read(tmp_path, replaced(of_rows(HEAD), SHEET, filled))[1]
    assert (row[0], len(row[1][0]), row[1][1]) == (2, CELL, "#N/A")
    longer = replaced(
        replaced(of_rows(HEAD), SHEET, filled), SHEET, lambda data: data.replace(b"<is><t>", b"<is><t>+", 4)
    )
    ended = run(longer, tmp_path, _RUN)
    assert '"cell_too_large"' in ended.stdout


def test_a_part_that_unpacks_to_more_than_is_said_is_refused(tmp_path: Path) -> None:
    content = bytearray(endless(of_rows(HEAD), SHEET, b"</sheetData>", (b"<!--", b"x" * 50_000_000, b"-->")))
    place = content.rindex(SHEET.encode()) - 46  # its entry in the directory
    assert content[place : place + 4] == b"PK\x01\x02"
    content[place + 24 : place + 28] = struct.pack("<I", 1_000)
    assert refusal(tmp_path, bytes(content)).code == "not_spreadsheet"


def test_the_time_of_a_processor_is_bounded_by_what_the_parts_unpack_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: list[int] = []
    monkeypatch.setattr(workbook_process, "allow", allowed.append)
    content = endless(of_rows(HEAD), "docProps/app.xml", b"</Properties>", (b"", MEGABYTE, b""))
    with (tmp_path / "rows").open("w", encoding="utf-8") as out:
        sheet = workbook_process.read(
            io.BytesIO(content), out, workbook_process.Order("any", "", out.fileno(), CELL, ROW)
        )
    assert sheet.sheet == "Clients"
    assert allowed == [10 + _MEGABYTES]


@pytest.mark.long("many")
def test_a_workbook_that_needs_more_time_than_that_ends(tmp_path: Path) -> None:
    """A cell far down and to the right makes the library lay out all that is in between."""
    far = b"".join(b'<row r="%d"><c r="AN%d"><v>1</v></c></row>' % (row, row) for row in (2, 1_000_000))
    content = replaced(of_rows(HEAD), SHEET, lambda data: data.replace(b"</sheetData>", far + b"</sheetData>"))
    assert len(content) < 7_168
    ended = run(
        content,
        tmp_path,
        _RUN.replace("workbook_process.main()", "workbook_process.SECONDS = 1; workbook_process.main()"),
    )
    assert ended.returncode == -signal.SIGXCPU

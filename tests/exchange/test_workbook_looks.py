"""What a person saw in a workbook is what is read: number formats, dates, percents; else the value, and a notice."""

import datetime
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook

from clientdesk.exchange.number_formats import LONGEST, Looks, formats_of, is_date, shows_text
from clientdesk.exchange.shown_cells import Look, Overlay
from tests.exchange.workbooks import ods, ods_cell, read, read_lines, replaced, xlsx

pytestmark = [pytest.mark.usefixtures("forked_reader"), pytest.mark.thorough("many")]

DAY = 45_000
"""The 15th of March 2023, a Wednesday, as a spreadsheet counts."""
SHEET = "xl/worksheets/sheet1.xml"


def of_formats(*cells: tuple[str | int, object]) -> bytes:
    """An .xlsx with one column of cells in number formats."""

    def fill(book: Workbook) -> None:
        page = book.add_worksheet()
        page.write_string(0, 0, "Value")
        for row, (number_format, value) in enumerate(cells, 1):
            style = book.add_format({"num_format": number_format})
            if isinstance(value, str):
                page.write_string(row, 0, value, style)
            else:
                page.write(row, 0, value, style)

    return xlsx(fill)


SEEN: Sequence[tuple[str, object, str]] = [
    ("00000", 43, "00043"),
    ("00000", 1_234_567, "1234567"),
    ('"C-"0000', 7, "C-0007"),
    ('"C-"0000', -7, "-C-0007"),
    ("(000) 000-0000", 9_123_456_789, "(912) 345-6789"),
    ("(000) 000-0000", 34_912_345_678, "(3491) 234-5678"),
    ("000-00-0000", 123_456_789, "123-45-6789"),
    ("000\\-00\\-0000", 123_456_789, "123-45-6789"),
    ('"+"00 000 000 000', 34_600_111_222, "+34 600 111 222"),
    ("+00 000 000 000", 34_600_111_222, "+34 600 111 222"),
    ('00"."000"."000', 12_345_678, "12.345.678"),
    ('"{"0"}"', 5, "{5}"),
    ("[<=9999999]###-####;(###) ###-####", 9_123_456_789, "(912) 345-6789"),
    ("[<=9999999]###-####;(###) ###-####", 5_551_234, "555-1234"),
    ("[<=99999]00000;00000-0000", 1007, "01007"),
    ("[<=99999]00000;00000-0000", 123_456_789, "12345-6789"),
    ("00000;@", 43, "00043"),
    ("00000_-", 43, "00043"),
    ("[Red]00000", 43, "00043"),
    ("0;(0)", -5, "(5)"),
    ('0;-0;"none"', 0, "none"),
    ("0;-0;;@", 0, ""),
    ("0%", 0.21, "21%"),
    ("0.0%", 0.215, "21.5%"),
    ("0.00", 1234.5, "1234.50"),
    ("#,##0.00", 1234.5, "1,234.50"),
    ("#,##0_);(#,##0)", -1234, "(1,234)"),
    ('_-* #,##0.00\\ "€"_-', 12, "12.00 €"),
    ("# ?/?", 1.5, "1 1/2"),
    ("0", 1.5, "2"),
    ("@", 45, "45"),
    ('"C-"General', 12, "C-12"),
    ("dd/mm/yyyy", DAY, "15/03/2023"),
    ("DD/MM/YYYY", DAY, "15/03/2023"),
    ("dd.mm.yyyy", DAY, "15.03.2023"),
    ("dd\\/mm\\/yyyy;@", DAY, "15/03/2023"),
    ("d/m/yy h:mm", DAY + 0.3, "15/3/23 7:12"),
    ("yyyy-mm-dd", DAY, "2023-03-15"),
    ("d-mmm-yy", DAY, "15-Mar-23"),
    ("[$-409]mmmm d, yyyy;@", DAY, "March 15, 2023"),
    ('[$-C0A]d" de "mmmm" de "yyyy;@', DAY, "15 de marzo de 2023"),
    ("[$-40A]ddd d", DAY, "mié 15"),
    ("[$-es-ES]d mmm yyyy", DAY, "15 mar 2023"),
    ("[$-en-GB]dddd", DAY, "Wednesday"),
    ("[$-de-DE]dd.mm.yyyy", DAY, "15.03.2023"),
    ("[$-407]dd.mm.yy;@", DAY, "15.03.23"),
    ("#,##0.00\\ [$€-C0A]", 1234.5, "1,234.50 €"),
    ("[$CHF-fr-CH]\\ 0", 12, "CHF 12"),
    ("[$-409]00000", 43, "00043"),
    ("mm-dd", DAY, "03-15"),
    ("hh:mm:ss", 0.5, "12:00:00"),
    ("h:mm AM/PM", 0.75, "6:00 PM"),
    ("[h]:mm", 1.5, "36:00"),
    ("General", 45.5, "45.5"),
    ("0", "007", "007"),
    ('"C-"@', "x7", "C-x7"),
    ("00000", True, "TRUE"),
]


def test_cells_are_read_as_they_were_seen(tmp_path: Path) -> None:
    """One workbook has all of them: a row whose cell shows nothing is none."""
    table, rows = read(tmp_path, of_formats(*((number_format, value) for number_format, value, _seen in SEEN)))
    wanted = {row: (number_format, seen) for row, (number_format, _value, seen) in enumerate(SEEN, 2) if seen}
    assert {row: (SEEN[row - 2][0], cells[0]) for row, cells in rows} == wanted
    assert table.guesses == ()


KEPT: Sequence[tuple[str, object, str]] = [
    ("0.00E+00", 9_130_350_000_000, "9130350000000"),
    ("[$-411]ge.m.d", DAY, "2023-03-15"),
    ("[DBNum1]0", 12, "12"),
    ("[$-407]d. mmmm yyyy", DAY, "2023-03-15"),
    ("[$-D000409]00000", 43, "43"),
    (";;;", 43, "43"),
    ('"C-"General', 123_456_789_012, "123456789012"),
    ("[$-fr-FR]mmmm", DAY, "2023-03-15"),
    ("0*-", 43, "43"),
    ("yyyy-mm-dd", -1, "-1"),
    ("yyyy-mm-dd", 3_000_000, "3000000"),
    ('"x' + "0" * LONGEST + '"0', 43, "43"),
    ('"C-0000', 43, "43"),
    ("nonsense", 43, "43"),
]


@pytest.mark.parametrize(("number_format", "value", "kept"), KEPT)
def test_a_look_that_cannot_be_told_exactly_leaves_the_value_and_is_told(
    tmp_path: Path, number_format: str, value: object, kept: str
) -> None:
    table, rows = read(tmp_path, of_formats((number_format, value), (number_format, value)))
    assert [cells[0] for _number, cells in rows] == [kept, kept]
    (notice,) = table.guesses
    assert (notice.code, notice.warning) == ("number_format", True)
    assert notice.values == {
        "path": str(tmp_path / "list.xlsx"),
        "count": 2,
        "value": kept,
        "line": 2,
        "format": number_format,
    }
    assert notice.message.isprintable()


def dates_of(folder: Path, content: bytes, name: str = "list.xlsx") -> list[tuple[tuple[int, str], ...]]:
    return [line.dates for line in read_lines(folder, content, name=name)[1]]


def test_a_date_that_each_computer_shows_in_its_own_way_is_read_in_one_form(tmp_path: Path) -> None:
    """Formats 14 and 22 are those of whoever opens the workbook; so is what Excel writes as [$-F800]."""
    content = of_formats(
        (14, DAY), ("[$-F800]dddd, mmmm dd, yyyy", DAY), (22, DAY + 0.5), ("[$-x-sysdate]dddd, mmmm dd, yyyy", DAY)
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml")
        assert b'numFmtId="14"' in styles
        assert b'numFmtId="22"' in styles
    table, rows = read(tmp_path, content)
    assert [cells[0] for _number, cells in rows] == [
        "2023-03-15",
        "2023-03-15",
        "2023-03-15T12:00:00",
        "2023-03-15",
    ]
    assert table.guesses == ()
    assert dates_of(tmp_path, content) == [((0, "2023-03-15"),)] * 4


def test_the_places_of_dates_are_told_whatever_they_look_like(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        page = book.add_worksheet()
        look = {each: book.add_format({"num_format": each}) for each in ("dd/mm", "mmmm", "00000", "hh:mm", "yyyy;@")}
        page.write_row(2, 2, ("A", "B", "C", "D", "E"))
        for column, each in enumerate(look, 2):
            page.write_number(3, column, DAY + 0.25, look[each])
        page.write_string(4, 2, "31/12", look["dd/mm"])
        page.write_number(5, 6, DAY, look["dd/mm"])

    _table, lines = read_lines(tmp_path, xlsx(fill))
    assert [(line.number, line.cells, line.dates) for line in lines] == [
        (4, ("15/03", "March", "45000", "06:00", "2023"), ((0, "2023-03-15"), (4, "2023-03-15"))),
        (5, ("31/12", "", "", "", ""), ()),
        (6, ("", "", "", "", "15/03"), ((4, "2023-03-15"),)),
    ]


def test_names_of_months_are_in_the_language_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.exchange.workbook_reading.own_language", lambda: "es")
    _table, rows = read(tmp_path, of_formats(("d mmmm", DAY), ("[$-409]d mmmm", DAY), ("d-mmm", DAY)))
    assert [cells[0] for _number, cells in rows] == ["15 marzo", "15 March", "15-mar"]


def test_dates_may_count_from_1904(tmp_path: Path) -> None:
    def mac(workbook: bytes) -> bytes:
        assert b"<workbookPr " in workbook
        return workbook.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')

    content = replaced(of_formats(("dd/mm/yyyy", DAY), (14, DAY)), "xl/workbook.xml", mac)
    assert [cells[0] for _number, cells in read(tmp_path, content)[1]] == ["16/03/2027", "2027-03-16"]
    assert dates_of(tmp_path, content) == [((0, "2027-03-16"),)] * 2


def test_cells_without_places_and_with_names_of_another_prefix(tmp_path: Path) -> None:
    """What other programs write: no `r`, elements with a prefix, single quotes, a style for cells that name none."""
    style = '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0"/>'

    def prefixed(sheet: bytes) -> bytes:
        rows = "<x:row><x:c t='inlineStr'><x:is><x:t>A</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t>B</x:t></x:is></x:c></x:row>"
        rows += "<x:row r='3'><x:c/><x:c s='0'><x:v>43</x:v></x:c></x:row><x:row><x:c><x:v>7</x:v></x:c><x:c t='e'><x:v>#N/A</x:v></x:c></x:row>"
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return f"<x:worksheet xmlns:x='{space}'><x:sheetData>{rows}</x:sheetData></x:worksheet>".encode()

    def styled(styles: bytes) -> bytes:
        text = styles.decode()
        start, end = text.index("<cellXfs"), text.index("</cellXfs>")
        text = f'{text[:start]}<cellXfs count="1">{style}{text[end:]}'
        return text.replace(
            "<fonts", '<numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts><fonts', 1
        ).encode()

    content = replaced(replaced(of_formats(("General", 1)), SHEET, prefixed), "xl/styles.xml", styled)
    assert read(tmp_path, content)[1] == [(3, ("", "00043")), (4, ("00007", "#N/A"))]


def test_a_workbook_may_have_many_formats_and_a_sheet_comments(tmp_path: Path) -> None:
    content = of_formats(*((f'"{number}-"00', number) for number in range(200)))
    commented = replaced(
        content, SHEET, lambda sheet: sheet.replace(b"<sheetData>", b"<!-- made by hand --><sheetData>")
    )
    seen = [(number + 2, (f"{number}-{number:02}",)) for number in range(200)]
    assert read(tmp_path, content)[1] == read(tmp_path, commented)[1] == seen


def test_a_number_that_was_rounded_is_told_in_whatever_format(tmp_path: Path) -> None:
    table, rows = read(tmp_path, of_formats(("0", 9_130_350_000_000_000)))
    assert rows == [(2, ("9130350000000000",))]
    assert [guess.code for guess in table.guesses] == ["rounded_number"]


def test_what_an_opendocument_sheet_shows_is_read(tmp_path: Path) -> None:
    cells = (
        ods_cell("00043", "float", 'office:value="43"'),
        ods_cell("21 %", "percentage", 'office:value="0.21"'),
        ods_cell("31/12/24", "date", 'office:date-value="2024-12-31"'),
        ods_cell("12,50 €", "currency", 'office:value="12.5" office:currency="EUR"'),
        ods_cell("9.13035E+15", "float", 'office:value="9130350000000"'),
        ods_cell("VERDADERO", "boolean", 'office:boolean-value="true"'),
        ods_cell('+<text:span>34</text:span> 6<text:s text:c="2"/>1', "float", 'office:value="3461"'),
        ods_cell("as it is"),
    )
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    noted = (
        f'<table:table-cell office:value-type="float" office:value="7">{note}<text:p>007</text:p></table:table-cell>'
    )
    head = ods_cell("H", more='table:number-columns-repeated="9"')
    row = f"<table:table-row>{''.join(cells)}{noted}</table:table-row>"
    twice = ods_cell("05", "float", 'office:value="5" table:number-columns-repeated="2"')
    again = f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{twice}</table:table-row>'
    nine = ods_cell("9", "float", 'office:value="1"')
    other = f'<table:table table:name="Other"><table:table-row>{nine}</table:table-row></table:table>'
    content = ods(
        f'<table:table table:name="T"><table:table-row>{head}</table:table-row>{row}{again}</table:table>{other}'
    )
    _table, lines = read_lines(tmp_path, content, name="list.ods")
    seen = ("00043", "21 %", "31/12/24", "12,50 €", "9130350000000", "VERDADERO", "+34 6  1", "as it is", "007")
    assert (lines[0].number, lines[0].cells, lines[0].dates) == (2, seen, ((2, "2024-12-31"),))
    assert [(line.number, line.cells[:4]) for line in lines[1:]] == [
        (3, ("", "05", "05", "")),
        (4, ("", "05", "05", "")),
    ]


# --- the pieces


@given(st.floats(61, 2_958_465), st.sampled_from(["dd/mm/yyyy", "yyyy-mm-dd", "d.m.yyyy", "[$-409]d mmmm yyyy"]))
def test_any_day_looks_as_the_calendar_says(value: float, number_format: str) -> None:
    day = datetime.date(1899, 12, 30) + datetime.timedelta(int(value))
    looks = Looks(False, "en")
    name = day.strftime("%B")
    wanted = {
        "dd/mm/yyyy": f"{day.day:02}/{day.month:02}/{day.year}",
        "yyyy-mm-dd": f"{day.year}-{day.month:02}-{day.day:02}",
        "d.m.yyyy": f"{day.day}.{day.month}.{day.year}",
        "[$-409]d mmmm yyyy": f"{day.day} {name} {day.year}",
    }
    assert looks.of(number_format, float(int(value))) == wanted[number_format]
    assert looks.date(number_format, value) == day.isoformat()


@given(st.integers(0, 10**15 - 1))
def test_a_mask_of_zeros_writes_as_the_library_does(value: int) -> None:
    looks = Looks(False, "en")
    for number_format in ("00000", '"C-"0000', "(000) 000-0000", "000-00-0000", '"+"00 000 000 000', "0\\-0"):
        assert looks.of(number_format, float(value)) == looks.of(f"{number_format};-0", float(value))


@given(st.text(st.sampled_from('0#?.,%/ymdhsEe+-@;"\\_*[]$<>= AMPG€x'), max_size=30), st.floats(allow_nan=False))
def test_any_number_format_gives_a_text_or_nothing(number_format: str, value: float) -> None:
    looks = Looks(False, "en")
    for each in (value, "text"):
        shown = looks.of(number_format, each)
        assert shown is None or (isinstance(shown, str) and shown == shown.strip())
    assert is_date(number_format) in (True, False)
    assert shows_text(number_format) in (True, False)


def test_styles_name_the_formats_of_cells() -> None:
    styles = """<styleSheet><numFmts><numFmt numFmtId="164" formatCode="&quot;C-&quot;0"/></numFmts>
    <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="49"/><xf numFmtId="14"/><xf numFmtId="999"/><xf/></cellXfs>
    <dxfs><dxf><numFmt numFmtId="164" formatCode="other"/></dxf></dxfs></styleSheet>"""
    assert formats_of(io.BytesIO(styles.encode())) == {"1": '"C-"0', "3": "[$-F800]"}


def test_no_more_styles_are_kept_than_a_workbook_can_have() -> None:
    head = '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000"/></numFmts><cellXfs><xf numFmtId="164"/>'
    styles = head + '<xf numFmtId="14"/>' * 100_000 + "</cellXfs></styleSheet>"
    formats = formats_of(io.BytesIO(styles.encode()))
    assert (len(formats), formats["0"]) == (65_536, "000")


def test_looks_are_told_row_by_row_in_whatever_order_they_came() -> None:
    overlay = Overlay()
    assert not overlay
    looks = [Look("0", float(number)) for number in range(4)]
    overlay.add(5, 1, looks[0])
    overlay.add(2, 3, looks[1], rows=3, columns=2)
    overlay.add(2, 0, looks[2])
    overlay.add(7, 20_000, looks[3])  # beyond any sheet
    formats = overlay.by_row()
    assert list(formats(0)) == []
    assert sorted(formats(2)) == [(0, 0, looks[2]), (3, 4, looks[1])]
    assert list(formats(4)) == [(3, 4, looks[1])]
    assert list(formats(5)) == [(1, 1, looks[0])]
    assert list(formats(7)) == []

"""The program that reads one workbook, in a process of its own: `python -m clientdesk.exchange.workbook_process ORDER`.

A damaged or hostile workbook can make the reader ask for all memory, work for ever or break off; here it takes only
this process with it. The workbook is standard input. The rows go to the descriptor that ORDER (JSON) names, as CSV:
the row's number and the days of its dates ("7 3:2024-12-31"), then its cells; what was found goes to standard output as one JSON object. Any exit but 0: not read.
"""

import csv
import datetime
import errno
import json
import os
import resource
import sys
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

from clientdesk.exchange.number_formats import Looks, is_moment, is_system_date
from clientdesk.exchange.sheet_parts import OdsSheets, XlsxSheets
from clientdesk.exchange.shown_cells import Look, Overlay
from clientdesk.exchange.workbook_parts import NotWorkbook, Package
from clientdesk.exchange.xml_stream import NotXml, TooLong, TooMuch

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MEMORY = 2 << 30
"""The most memory, in bytes, that a workbook may need."""
SECONDS = 10
"""The most time of a processor that it may need, beside a second for each megabyte that its parts unpack to."""
ROWS = 1 << 30
"""The most bytes of text that may come out of it."""
UNPACKED = 500
"""The most megabytes (of 1,048,576 bytes) that its parts may unpack to, and so the texts of a sheet, each counted
wherever it stands."""
DIGITS = 10**15
"""A whole number from here on has more digits than the 15 that spreadsheets keep."""


class Order(NamedTuple):
    """What is wanted: the kind of workbook ("xlsx", "ods", "any"), the sheet ("": the first with anything in it),
    the descriptor for the rows, the most characters of a cell and of a row, the language in which the person reads
    ("en", "es")."""

    kind: str
    sheet: str
    rows: int
    cell: int
    row: int
    language: str = "en"


class CellsNoticed(NamedTuple):
    """How many cells a notice is about; the value, the row and the number format of the first."""

    cells: int = 0
    value: str = ""
    row: int = 0
    number_format: str = ""

    def one_more(self, value: str, row: int, number_format: str = "") -> "CellsNoticed":
        """With one more cell."""
        return self._replace(cells=self.cells + 1) if self.cells else CellsNoticed(1, value, row, number_format)


_NONE_NOTICED = CellsNoticed()


class SheetReport(NamedTuple):
    """What is said of a workbook: a problem's code with its line or limit, or the sheets, the one that was read (""
    where none has anything), the numbers that have more than 15 digits, and the cells whose number format cannot be told exactly."""

    code: str = ""
    line: int = 0
    limit: int = 0
    sheets: Sequence[str] = ()
    sheet: str = ""
    rounded: CellsNoticed = _NONE_NOTICED
    kept: CellsNoticed = _NONE_NOTICED


class _Stop(Exception):
    """The sheet is not read further; `report` says why."""

    def __init__(self, report: SheetReport) -> None:
        super().__init__(report.code)
        self.report = report


def text_of(value: object) -> str:
    """A cell's value as text: whole numbers as plain digits, other numbers as short as they can be told, both without
    an exponent; dates and times in ISO 8601, durations as hours, minutes and seconds; TRUE and FALSE."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < DIGITS:
            return str(int(value))
        plain = format(Decimal(repr(value)), "f")
        return plain.removesuffix(".0")
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


class _Rows:
    """Writes the rows of a sheet, as they were seen, and counts what has to be told."""

    def __init__(self, out: TextIO, order: Order, looks: Looks) -> None:
        self._out, self._order, self._looks = out, order, looks
        self._rounded = self._kept = _NONE_NOTICED

    def write(self, sheet: "CalamineSheet", overlay: Overlay) -> SheetReport:
        """Writes the rows that are not wholly blank, without the empty cells to the right of the headings (the first
        row): before the cells stand the row's number, from 1, and the places and days of its dates."""
        write = csv.writer(self._out, lineterminator="\r\n").writerow
        first = sheet.start[1] if sheet.start else 0
        looks_in = overlay.by_row()
        width = 0
        for row, values in enumerate(sheet.iter_rows()):
            cells: list[object] = list(values)
            days = self._lay_over(looks_in(row), cells, row + 1, first) if overlay else []
            if not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in cells):
                continue
            texts = [cell if isinstance(cell, str) else text_of(cell) for cell in cells]
            for place, value in enumerate(values):
                if isinstance(value, float) and abs(value) >= DIGITS and value.is_integer():
                    self._rounded = self._rounded.one_more(texts[place], row + 1)
            while len(texts) > width and not texts[-1].strip():
                texts.pop()
            width = width or len(texts)
            lengths = [len(text) for text in texts]
            most = sum(lengths) * 2 + 3 * len(texts) + 20  # every quote may be doubled
            if max(lengths) > self._order.cell or most > self._order.row:
                raise _Stop(SheetReport("cell_too_large", line=row + 1))
            write([" ".join((str(row + 1), *days)), *texts])
        return SheetReport(rounded=self._rounded, kept=self._kept, sheet="." if width else "")

    def _lay_over(self, looks: Sequence[tuple[int, int, Look]], cells: list[object], row: int, first: int) -> list[str]:
        """Puts what cells show in the place of their values; the places and days of those that are dates."""
        days = []
        for begin, end, look in looks:
            for place in range(max(begin - first, 0), min(end - first + 1, len(cells))):
                day = look.date
                if not look.number_format:
                    cells[place] = look.text
                elif (shown := self._shown(look, cells[place])) is not None:
                    cells[place] = shown
                else:
                    if look.value is not None and not is_moment(look.number_format, look.value):
                        cells[place] = look.value  # the library may have taken it for one
                    if not is_system_date(look.number_format):
                        self._kept = self._kept.one_more(text_of(cells[place]), row, look.number_format)
                if look.value is not None:
                    day = self._looks.date(look.number_format, look.value)
                if day:
                    days.append(f"{place}:{day}")
        return days

    def _shown(self, look: Look, cell: object) -> str | None:
        value = look.value if look.value is not None else cell
        return self._looks.of(look.number_format, value) if isinstance(value, float | str) else None


def read(workbook: BinaryIO, out: TextIO, order: Order) -> SheetReport:
    """Reads the sheet that is wanted and writes its rows. Raises NotWorkbook, NotXml, BadZipFile."""
    with zipfile.ZipFile(workbook) as archive:
        package = Package(archive)
        if package.said_size > UNPACKED << 20:
            return SheetReport("too_large", limit=UNPACKED)
        package.check()
        allow(SECONDS + (package.said_size >> 20))
        kind = package.kind()
        if not kind or order.kind not in (kind, "any"):
            raise NotWorkbook
        kind_of_sheets = XlsxSheets if kind == "xlsx" else OdsSheets
        sheets = kind_of_sheets(package, order.cell, UNPACKED << 20)
        try:
            return _read_sheet(sheets, workbook, out, order)
        except TooLong as error:
            return SheetReport("cell_too_large", line=sheets.row_of(error, order.sheet))
        except TooMuch:
            return SheetReport("too_much_text", limit=UNPACKED)


def _read_sheet(sheets: XlsxSheets | OdsSheets, workbook: BinaryIO, out: TextIO, order: Order) -> SheetReport:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets.check()
    book = CalamineWorkbook.from_filelike(sheets.readable(workbook))
    tables = [
        (place, sheet) for place, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet
    ]
    names = [sheet.name for _place, sheet in tables]
    wanted = [table for table in tables if table[1].name == order.sheet][:1]
    if order.sheet and not wanted:
        return SheetReport("unknown_sheet", sheets=names)
    looks = Looks(sheets.from_1904, order.language)
    # Hidden sheets are read when asked for, or when the others have nothing.
    for place, sheet in wanted or sorted(tables, key=lambda table: table[1].visible != SheetVisibleEnum.Visible):
        overlay = sheets.overlay(sheet.name)
        report = _Rows(out, order, looks).write(book.get_sheet_by_index(place), overlay)
        if report.sheet:
            return report._replace(sheets=names, sheet=sheet.name)
    return SheetReport("empty_file", sheets=names)


def allow(seconds: int) -> None:
    """Lets the process use so many seconds of a processor."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if hard == resource.RLIM_INFINITY else min(seconds, hard), hard))


def main() -> None:
    """Reads the workbook on standard input as ORDER says."""
    allow(SECONDS)
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: ROWS,
        resource.RLIMIT_CORE: 0,  # no picture of clients' data is left behind by a crash
    }
    for limit, most in limits.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    order = Order(*json.loads(sys.argv[1]))
    try:
        with open(order.rows, "w", encoding="utf-8", newline="") as out, os.fdopen(0, "rb") as workbook:
            report = read(workbook, out, order)
    except _Stop as stop:
        report = stop.report
    except (NotWorkbook, NotXml, zipfile.BadZipFile):
        report = SheetReport("not_spreadsheet")
    except MemoryError:
        report = SheetReport("sheet_too_large")
    except OSError as error:
        full = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EFBIG: "sheet_too_large"}
        report = SheetReport(full.get(error.errno or 0, "not_spreadsheet"))
    print(json.dumps(report._asdict()))


if __name__ == "__main__":
    main()

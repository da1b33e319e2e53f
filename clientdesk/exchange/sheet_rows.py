"""The program that reads one workbook, in a process of its own: `python -m clientdesk.exchange.sheet_rows ORDER`.

A damaged or hostile workbook can make the reader ask for all memory, work for ever or break off; here it takes only
this process with it. The workbook is standard input. The rows go to the descriptor that ORDER (JSON) names, as CSV:
the row's number, then its cells; what was found goes to standard output as one JSON object. Any exit but 0: not read.
"""

import csv
import datetime
import errno
import json
import os
import re
import resource
import sys
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO
from xml.etree import ElementTree

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MEMORY = 2 << 30
"""The most memory, in bytes, that a workbook may need."""
SECONDS = 60
"""The most time of a processor that it may need."""
ROWS = 1 << 30
"""The most bytes of text that may come out of it."""
UNPACKED = 500
"""The most megabytes (of 1,048,576 bytes) that its parts may say they unpack to."""
DIGITS = 10**15
"""A whole number from here on has more digits than the 15 that spreadsheets keep."""


class Order(NamedTuple):
    """What is wanted: the kind of workbook ("xlsx", "ods", "any"), the sheet ("": the first with anything in it),
    the descriptor for the rows, the most characters of a cell and of a row."""

    kind: str
    sheet: str
    rows: int
    cell: int
    row: int


class Found(NamedTuple):
    """What was found: a problem's code with its line or limit, or the sheets, the one that was read ("" where none has
    anything), how many numbers have more than 15 digits, and the first of them with its row."""

    code: str = ""
    line: int = 0
    limit: int = 0
    sheets: Sequence[str] = ()
    sheet: str = ""
    rounded: int = 0
    first: str = ""
    first_row: int = 0


class _Stop(Exception):
    """The sheet is not read further; `found` says why."""

    def __init__(self, found: Found) -> None:
        super().__init__(found.code)
        self.found = found


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


def kind_of(archive: zipfile.ZipFile) -> str:
    """Which workbook a ZIP file is: "xlsx", "ods", or "" for another thing, or one with a password."""
    names = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}
    if any(info.flag_bits & 1 for info in names.values()):
        return ""
    if "mimetype" in names and "content.xml" in names:
        mime = archive.open(names["mimetype"]).read(100)
        return "ods" if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet") else ""
    is_xlsx = "[content_types].xml" in names and any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names)
    return "xlsx" if is_xlsx else ""


def errors_of(archive: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """The texts of the error cells (#N/A, #REF!) of a sheet of an .xlsx, by row and column from 0.

    The library leaves such cells empty. Nothing is found in a workbook with an unusual layout.
    """
    try:
        member = _member(archive, sheet)
        if not member or not _mentions(archive, member, b't="e"'):
            return {}
        found = {}
        with archive.open(member) as file:
            for _event, element in ElementTree.iterparse(file):
                name = element.tag.rpartition("}")[2]
                if name == "c" and element.get("t") == "e":
                    place = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", element.get("r", ""))
                    value = next((child.text for child in element if child.tag.endswith("}v")), None)
                    if place and value:
                        found[int(place[2]) - 1, _column(place[1])] = value
                elif name == "row":
                    element.clear()
    except (KeyError, ElementTree.ParseError):
        return {}
    return found


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of an .xlsx in which a sheet stands; "" where it cannot be told."""
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    wanted = [
        each.get(relation) for each in workbook.iter() if each.tag.endswith("}sheet") and each.get("name") == sheet
    ]
    for link in links:
        if wanted and link.get("Id") == wanted[0]:
            target = link.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _mentions(archive: zipfile.ZipFile, member: str, what: bytes) -> bool:
    with archive.open(member) as file:
        tail = b""
        while chunk := file.read(1 << 20):
            if what in tail + chunk:
                return True
            tail = chunk[-len(what) :]
    return False


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _rows(sheet: "CalamineSheet", errors: dict[tuple[int, int], str]) -> Iterator[tuple[int, list[object]]]:
    """The rows of a sheet that are not wholly blank, each with its number from 1; errors as texts."""
    first = sheet.start[1] if sheet.start else 0
    in_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), error in errors.items():
        in_row.setdefault(row, []).append((column - first, error))
    for row, values in enumerate(sheet.iter_rows()):
        cells: list[object] = list(values)
        for place, error in in_row.get(row, ()):
            if 0 <= place < len(cells) and cells[place] == "":
                cells[place] = error
        if any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in cells):
            yield row + 1, cells


def _write(rows: Iterator[tuple[int, list[object]]], out: TextIO, order: Order) -> Found:
    """Writes the rows, without the empty cells to the right of the headings (the first row)."""
    write = csv.writer(out, lineterminator="\r\n").writerow
    width, rounded, first, first_row = 0, 0, "", 0
    for number, values in rows:
        cells = [value if isinstance(value, str) else text_of(value) for value in values]
        for place, value in enumerate(values):
            if isinstance(value, float) and abs(value) >= DIGITS and value.is_integer():
                rounded += 1
                if rounded == 1:
                    first, first_row = cells[place], number
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        width = width or len(cells)
        lengths = [len(cell) for cell in cells]
        if max(lengths) > order.cell or sum(lengths) * 2 + 3 * len(cells) + 20 > order.row:  # every quote is doubled
            raise _Stop(Found("cell_too_large", line=number))
        write([number, *cells])
    return Found(rounded=rounded, first=first, first_row=first_row, sheet="." if width else "")


def read(workbook: BinaryIO, out: TextIO, order: Order) -> Found:
    """Reads the sheet that is wanted and writes its rows."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with zipfile.ZipFile(workbook) as archive:
        if sum(info.file_size for info in archive.infolist()) > UNPACKED << 20:
            return Found("too_large", limit=UNPACKED)
        kind = kind_of(archive)
        # The library does not look at the checksums: a damaged part would be read as other clients' data.
        if not kind or order.kind not in (kind, "any") or archive.testzip() is not None:
            return Found("not_spreadsheet")
        workbook.seek(0)
        book = CalamineWorkbook.from_filelike(workbook)
        tables = [
            (place, sheet) for place, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        names = [sheet.name for _place, sheet in tables]
        wanted = [each for each in tables if each[1].name == order.sheet][:1]
        if order.sheet and not wanted:
            return Found("unknown_sheet", sheets=names)
        # Hidden sheets are read when asked for, or when the others have nothing.
        for place, sheet in wanted or sorted(tables, key=lambda each: each[1].visible != SheetVisibleEnum.Visible):
            errors = errors_of(archive, sheet.name) if kind == "xlsx" else {}
            found = _write(_rows(book.get_sheet_by_index(place), errors), out, order)
            if found.sheet:
                return found._replace(sheets=names, sheet=sheet.name)
        return Found("empty_file", sheets=names)


def main() -> None:
    """Reads the workbook on standard input as ORDER says."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: ROWS,
        resource.RLIMIT_CORE: 0,  # no picture of clients' data is left behind by a crash
    }
    for limit, most in limits.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    order = Order(*json.loads(sys.argv[1]))
    try:
        with open(order.rows, "w", encoding="utf-8", newline="") as out, os.fdopen(0, "rb") as workbook:
            found = read(workbook, out, order)
    except _Stop as stop:
        found = stop.found
    except MemoryError:
        found = Found("sheet_too_large")
    except OSError as error:
        full = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EFBIG: "sheet_too_large"}
        found = Found(full.get(error.errno or 0, "not_spreadsheet"))
    print(json.dumps(found._asdict()))


if __name__ == "__main__":
    main()

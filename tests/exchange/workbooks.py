"""Workbooks made for tests, and what is read from them."""

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.workbook import Workbook

from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import AS_FOUND, Table, read_table
from clientdesk.exchange.source import Source
from tests.pace import at_once

HEAD = ("Company ID", "Display name", "Client number")
Rows = list[tuple[int, tuple[str, ...]]]


def nothing(_cells: Sequence[str]) -> int:
    return 0


def xlsx(fill: Callable[[Workbook], object]) -> bytes:
    """An .xlsx that `fill` has filled."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book)
    return out.getvalue()


def of_rows(*rows: Sequence[object], sheet: str = "Clients") -> bytes:
    """An .xlsx with one sheet."""

    def fill(book: Workbook) -> None:
        dates = {
            datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            datetime.time: book.add_format({"num_format": "hh:mm:ss"}),
            datetime.timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
        }
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                elif value is not None:
                    page.write(number, column, value, dates.get(type(value)))

    return xlsx(fill)


def ods(body: str) -> bytes:
    """An .ods whose spreadsheet has the tables of `body`."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def ods_cell(value: str, kind: str = "string", more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{value}</text:p></table:table-cell>'


def read(folder: Path, content: bytes, sheet: str = "", name: str = "list.xlsx") -> tuple[Table, Rows]:
    """The table in a workbook, and its rows with their numbers."""
    table, lines = read_lines(folder, content, sheet, name)
    return table, [(line.number, line.cells) for line in lines]


def read_lines(folder: Path, content: bytes, sheet: str = "", name: str = "list.xlsx") -> tuple[Table, list[Line]]:
    """The table in a workbook, and its rows."""
    path = folder / name
    path.write_bytes(content)
    with Source.read(str(path)) as source:
        path.unlink()
        table = read_table(source, nothing, AS_FOUND._replace(sheet=sheet))
        return table, list(table.rows())


def refusal(folder: Path, content: bytes, sheet: str = "", name: str = "list.xlsx") -> Refused:
    with at_once(2.0), pytest.raises(Refused) as caught:
        read(folder, content, sheet, name)
    check(caught.value)
    return caught.value


def check(refused: Refused) -> None:
    """A refusal is one sentence of the catalogue that can be shown."""
    assert len(refused.problems) == 1
    assert refused.code in CATALOGUE
    assert refused.message.isprintable()


def replaced(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == member else data)
    return out.getvalue()

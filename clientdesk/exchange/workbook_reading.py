"""Workbooks (.xlsx, .ods): a sheet as a table of text, read by a process of its own into a private copy."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.exchange.csv_rows import CELL, ROW, csv_lines
from clientdesk.exchange.export import own_language
from clientdesk.exchange.file_reading import Table
from clientdesk.exchange.source import Copy, Source, too_large
from clientdesk.exchange.workbook_process import CellsNoticed, Order, SheetReport
from clientdesk.text import listed

_OUT_OF_BOUNDS = (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ)
"""How the process ends that asks for more memory or time than a workbook may need."""


def read_spreadsheet(source: Source, kind: str, sheet: str = "") -> Table:
    """The table in a sheet of a workbook; `kind` is what it must be: "xlsx", "ods" or "any".

    `sheet` is the sheet's name, "" the first that has anything. Raises Refused: not_spreadsheet, unknown_sheet,
    empty_file, too_large, too_much_text, sheet_too_large, cell_too_large, disk_full, reader_not_started.
    """
    copy = Copy()
    source.keep(copy)
    report = _report(source, copy, kind, sheet)
    if report.code:
        raise _refusal(source.path, report, sheet)

    def again() -> Iterator[Line]:
        with io.TextIOWrapper(copy.open(), encoding="utf-8", newline="") as file:
            for line in csv_lines(file, ",", source.path):
                number, *days = line.cells[0].split(" ")
                dates = [day.split(":") for day in days]
                yield Line(int(number), line.cells[1:], tuple((int(place), date) for place, date in dates))

    headings = next(again())
    guesses = tuple(_guesses(source.path, report))
    return Table(source, headings, "", "", report.sheet, tuple(report.sheets), guesses, again)


def _guesses(path: str, report: SheetReport) -> Iterator[Problem]:
    """What should be known of cells that are not imported as they were seen."""
    if report.rounded.cells:
        count, value, line, _format = report.rounded
        yield problem("rounded_number", path=path, count=count, value=value, line=line)
    if report.kept.cells:
        count, value, line, number_format = report.kept
        yield problem("number_format", path=path, count=count, value=value, line=line, format=number_format)


def _report(source: Source, copy: Copy, kind: str, sheet: str) -> SheetReport:
    """Has the process read the workbook into `copy`; what it says."""
    rows = copy.file.fileno()
    order = Order(kind, sheet, rows, CELL, ROW, own_language())
    command = [sys.executable, "-P", "-m", "clientdesk.exchange.workbook_process", json.dumps(order)]
    try:
        ended = subprocess.run(
            command,
            stdin=source.copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a crash of the library must not write over the screen
            pass_fds=(rows,),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
    except OSError as error:
        raise refuse("reader_not_started", path=source.path) from error
    if ended.returncode in _OUT_OF_BOUNDS:
        return SheetReport("sheet_too_large")
    if ended.returncode:
        return SheetReport("not_spreadsheet")
    report = SheetReport(**json.loads(ended.stdout))
    return report._replace(rounded=CellsNoticed(*report.rounded), kept=CellsNoticed(*report.kept))


def _refusal(path: str, report: SheetReport, sheet: str) -> Refused:
    if report.code == "unknown_sheet":
        return refuse("unknown_sheet", path=path, sheet=sheet, sheets=listed(report.sheets))
    if report.code == "cell_too_large":
        return refuse("cell_too_large", path=path, line=report.line, limit=CELL)
    if report.code == "too_large":
        return too_large(path, report.limit)
    if report.code == "too_much_text":
        return refuse("too_much_text", path=path, limit=report.limit)
    if report.code == "empty_file" and sheet:
        return refuse("empty_file", path=f"{path} › {sheet}")
    return refuse(report.code, path=path)

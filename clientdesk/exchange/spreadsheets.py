"""Workbooks (.xlsx, .ods): a sheet as a table of text, read by a process of its own into a private copy."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from clientdesk.domain.problems import Problem, Refused, refuse
from clientdesk.exchange.reading import CELL, ROW, Line, Table, csv_lines
from clientdesk.exchange.sheet_rows import Found, Order
from clientdesk.exchange.source import Copy, Source, too_large

_OUT_OF_BOUNDS = (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ)
"""How the process ends that asks for more memory or time than a workbook may need."""


def read_spreadsheet(source: Source, kind: str, sheet: str = "") -> Table:
    """The table in a sheet of a workbook; `kind` is what it must be: "xlsx", "ods" or "any".

    `sheet` is the sheet's name, "" the first that has anything. Raises Refused: not_spreadsheet, unknown_sheet,
    empty_file, too_large, sheet_too_large, cell_too_large, disk_full, reader_not_started.
    """
    copy = Copy()
    source.keep(copy)
    found = _found(source, copy, kind, sheet)
    if found.code:
        raise _refusal(source.path, found, sheet)
    guesses: tuple[Problem, ...] = ()
    if found.rounded:
        first = {"value": found.first, "line": found.first_row}
        guesses = (Problem("rounded_number", "", {"path": source.path, "count": found.rounded, **first}),)

    def again() -> Iterator[Line]:
        with io.TextIOWrapper(copy.open(), encoding="utf-8", newline="") as file:
            for line in csv_lines(file, ",", source.path):
                yield Line(int(line.cells[0]), line.cells[1:])

    headings = next(again())
    return Table(headings, "", "", found.sheet, tuple(found.sheets), guesses, source.size, again)


def _found(source: Source, copy: Copy, kind: str, sheet: str) -> Found:
    """Has the process read the workbook into `copy`; what it says."""
    rows = copy.file.fileno()
    order = Order(kind, sheet, rows, CELL, ROW)
    command = [sys.executable, "-P", "-m", "clientdesk.exchange.sheet_rows", json.dumps(order)]
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
        return Found("sheet_too_large")
    if ended.returncode:
        return Found("not_spreadsheet")
    return Found(**json.loads(ended.stdout))


def _refusal(path: str, found: Found, sheet: str) -> Refused:
    if found.code == "unknown_sheet":
        return refuse("unknown_sheet", path=path, sheet=sheet, sheets=", ".join(found.sheets))
    if found.code == "cell_too_large":
        return refuse("cell_too_large", path=path, line=found.line, limit=CELL)
    if found.code == "too_large":
        return too_large(path, found.limit)
    if found.code == "empty_file" and sheet:
        return refuse("empty_file", path=f"{path} › {sheet}")
    return refuse(found.code, path=path)

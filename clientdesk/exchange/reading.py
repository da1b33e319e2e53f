"""Reading a table of text from a file that anyone may have made: bytes, encoding, delimiter, rows.

Everything is decided by rule and said; nothing is guessed by statistics. A file is read once, whole
and before anything is written, and refused in one sentence if it is not what it should be.
"""

import csv
import errno
import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from clientdesk.domain.problems import Refused, refuse

LIMIT = 256
"""The greatest size of a file in megabytes (of 1,048,576 bytes): it is held in memory while it is judged."""

DELIMITERS = (",", ";", "\t")

_SEP = re.compile(r'"?sep=([,;|:\t])"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
# What other programs' files begin with: ZIP (.xlsx, .ods), the older .xls, PDF.
_NOT_CSV = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")
# A letter of two bytes in UTF-8 (á is C3 A1). In Windows-1252 that would read "Ã¡", which no name has.
_UTF8_LETTER = re.compile(rb"[\xc2\xc3][\x80-\xbf]")


class Line(NamedTuple):
    """A row of the file: the line of the file on which it starts (from 1), and its cells as they stand there."""

    number: int
    cells: tuple[str, ...]


class Sheet(NamedTuple):
    """A file as a table: its heading row, and the rows beneath that are not wholly blank."""

    headings: Line
    rows: tuple[Line, ...]
    encoding: str
    delimiter: str


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file; Refused for anything else, without waiting for it (a pipe never answers)."""
    most = LIMIT * 1_048_576
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise refuse("not_regular_file", path=path)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(most + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise refuse("file_missing", path=path) from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENXIO, errno.ENODEV):
            raise refuse("not_regular_file", path=path) from error  # a socket, a device that is not there
        raise refuse("file_unreadable", path=path, reason=_reason(error)) from error
    if len(data) > most:
        raise refuse("too_large", path=path, limit=LIMIT)
    return data


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def decode(data: bytes, path: str) -> tuple[str, str]:
    """The text of `data` and the name of its encoding, by rule: the byte order mark, else UTF-8 if every
    byte fits it, else Windows-1252. Raises Refused."""
    if not data:
        raise refuse("empty_file", path=path)
    if data.startswith(_NOT_CSV):
        raise refuse("not_csv", path=path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = _strict(data, "utf-16", path), "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        text, encoding = _strict(data, "utf-8-sig", path), "utf-8-sig"
    elif b"\0" in data:
        raise refuse("nul_byte", path=path)
    else:
        try:
            text, encoding = data.decode(), "utf-8"
        except UnicodeDecodeError as error:
            if _UTF8_LETTER.search(data):
                line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
                raise refuse("mixed_encoding", path=path, line=line) from error
            text, encoding = _strict(data, "windows-1252", path), "windows-1252"
    if "\0" in text:
        raise refuse("nul_byte", path=path)
    if not text.strip():
        raise refuse("empty_file", path=path)
    return text, encoding


def _strict(data: bytes, encoding: str, path: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse("encoding", path=path) from error


def lines(text: str, delimiter: str, path: str, before: int = 0) -> Iterator[Line]:
    """The rows of `text` that are not wholly blank; `before` lines of the file stand above it. Raises Refused."""
    csv.field_size_limit(max(len(text), 131_072))  # a cell may be as long as the file; its field has the limit
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(before + start, tuple(cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise refuse("bad_quotes", path=path, line=before + start) from error


def _first(text: str, delimiter: str, path: str, before: int) -> Line:
    for line in lines(text, delimiter, path, before):
        return line
    raise refuse("empty_file", path=path)


def read_sheet(path: str, known: Callable[[Sequence[str]], int]) -> Sheet:
    """The table in a CSV file. The delimiter is the one that Excel's `sep=` line names, else the one with which
    the heading row has most known headings (`known` counts them), else most cells. Raises Refused."""
    text, encoding = decode(read_bytes(path), path)
    before = 0
    named = _SEP.match(text)
    if named:
        text, before = text[named.end() :], 1
        delimiter = named[1]
        if not text.strip():
            raise refuse("empty_file", path=path)
    else:
        delimiter = _delimiter(text, path, known)
    found = lines(text, delimiter, path, before)
    headings = next(found)
    return Sheet(headings, tuple(found), encoding, delimiter)


def _delimiter(text: str, path: str, known: Callable[[Sequence[str]], int]) -> str:
    best, most, refusal = "", (-1, -1), None
    for delimiter in DELIMITERS:
        try:
            cells = _first(text, delimiter, path, 0).cells
        except Refused as error:
            refusal = refusal or error
            continue
        score = (known(cells), len(cells))
        if score > most:
            best, most = delimiter, score
    if refusal is not None and not best:
        raise refusal
    return best

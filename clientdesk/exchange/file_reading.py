"""Reading a table of text from a file that anyone may have made: encoding, delimiter, rows.

Everything is decided by rule and said; nothing is guessed by statistics. A file that is not what it should be is
refused in one sentence. Rows stream: what is held of a file does not grow with it.
"""

import codecs
import io
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple, TextIO

from clientdesk.domain.encodings_and_delimiters import ENCODINGS, TITLES
from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.spreadsheet_cells import restored
from clientdesk.exchange.csv_rows import csv_lines
from clientdesk.exchange.delimiter_guess import guessed_delimiter
from clientdesk.exchange.heading_row import KnownHeadings, with_headings
from clientdesk.exchange.source import OTHER_KINDS, ZIP, Source
from clientdesk.text import N_

COLUMNS = 16_384
"""A list has at most so many columns: as many as a sheet of Excel."""

_TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".tab")
_OTHER_ENDINGS = (".json", ".jsonl", ".ndjson", ".html", ".htm", ".xml", ".rtf")
_OTHER_BEGINNINGS = ('{"', "[{", "<!doctype", "<html", "<?xml", "{\\rtf")
"""What JSON, web pages, XML and RTF begin with, without blanks and in small letters."""
_BEGINNING = 1_024  # so many characters are looked at for that
_SHEET_ENDINGS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods"}

_SEP = re.compile(r'"?sep=([,;|:\t])"?(?:\r\n|\r|\n)?', re.IGNORECASE)
_SEP_LENGTH = 16  # more characters than a `sep=` line has

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Letters in UTF-8 that are no words in Windows-1252: á is C3 A1 ("Ã¡"), Привет a row of D0-D1 pairs, 漢 and emoji
# three and four bytes. A single pair of another lead may well be Windows-1252: É’ is C9 92. The common beginning lets
# the search skip what is ASCII.
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xf4][\x80-\xbf](?:(?<=[\xc2\xc3].)|(?<=[\xc4-\xdf].)[\xc4-\xdf][\x80-\xbf]"
    rb"|(?<=[\xe0-\xef].)[\x80-\xbf]|(?<=[\xf0-\xf4].)[\x80-\xbf]{2})",
    re.DOTALL,
)
_LETTER_LENGTH = 4
_NOT_CP1252 = b"\x81\x8d\x8f\x90\x9d"
CHUNK = 1 << 18


class Choices(NamedTuple):
    """How a person wants a file to be read; "" is "as found"."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading_row: int = 0
    """The line on which the headings stand, from 1; 0 is "as found"."""


AS_FOUND = Choices()


class Table(NamedTuple):
    """One file as a table: what an import takes (`domain.incoming_table.IncomingTable`).

    `encoding` is "utf-8", "utf-8-sig", "utf-16" or "windows-1252", and "" for a spreadsheet, as is `delimiter`;
    `sheets` are the names of a workbook's sheets, `sheet` the one that is read. `guesses` are notices about what was
    decided for the person. `again` reads all lines, the headings first. `firsts` are the
    first lines of the file, one of which the headings are, each with its number and a little of its text.
    """

    source: Source
    headings: Line
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    guesses: tuple[Problem, ...]
    again: Callable[[], Iterator[Line]]
    firsts: tuple[tuple[int, str], ...] = ()

    @property
    def path(self) -> str:
        """The file's path."""
        return self.source.path

    @property
    def size(self) -> int:
        """The file's bytes."""
        return self.source.size

    def close(self) -> None:
        """Forgets the file's bytes: the rows cannot be read any more."""
        self.source.close()

    def rows(self) -> Iterator[Line]:
        """The rows beneath the headings that are not wholly blank, as often as wanted while the source is open.

        Raises Refused (bad_quotes, cell_too_large) at the row where the file breaks.
        """
        return islice(self.again(), 1, None)


def open_table(path: str, choices: Choices = AS_FOUND) -> Table:
    """The table in a file, whose bytes are read once: see `read_table`. Close it at the end."""
    from clientdesk.domain.columns.guessing import known_headings

    source = Source.read(path)
    try:
        return read_table(source, known_headings, choices)
    except BaseException:  # whatever ends it, the private copy goes with it
        source.close()
        raise


def read_table(source: Source, count_known: KnownHeadings, choices: Choices = AS_FOUND) -> Table:
    """The table in a CSV file, in an .xlsx or an .ods. `count_known` counts the known headings in a row.

    The delimiter is the chosen one, else that of Excel's `sep=` line, else the one with which the heading row has most
    known headings, else most cells. The headings are the first row, or the first further down that is one of headings
    where that one is none (see `exchange.heading_row`). Raises Refused: encoding, mixed_encoding, nul_byte, not_csv,
    bad_quotes, cell_too_large, too_many_columns, not_spreadsheet, sheet_too_large, unknown_sheet, empty_file,
    not_a_choice, no_heading_row.
    """
    return with_headings(_read(source, count_known, choices), count_known, choices.heading_row)


def _read(source: Source, count_known: KnownHeadings, choices: Choices) -> Table:
    """The table with the file's first row for headings."""
    kind = _kind(source)
    if kind:
        from clientdesk.exchange.workbook_reading import read_spreadsheet

        return read_spreadsheet(source, kind, choices.sheet)
    text = _decided(source, choices.encoding)
    before, delimiter = 0, ""
    with text.open() as file:
        if "".join(file.read(_BEGINNING).split()).lower().startswith(_OTHER_BEGINNINGS):
            raise refuse("not_csv", path=source.path)
    with text.open() as file:
        named = _SEP.fullmatch(file.readline(_SEP_LENGTH))
    if named:
        before, delimiter = 1, named[1]
    if choices.delimiter:
        delimiter = choices.delimiter
        if len(delimiter) != 1 or delimiter in '"\r\n\0':
            raise refuse("not_a_choice", label=N_("Delimiter"), value=delimiter, choices=", ".join(list(TITLES)[:2]))
    delimiter = delimiter or guessed_delimiter(source.path, lambda tried: _lines(text, tried, 0), count_known)
    headings = _first(text, delimiter, before)
    if len(headings.cells) > COLUMNS:
        raise refuse("too_many_columns", path=source.path, columns=len(headings.cells), limit=COLUMNS)
    again = partial(_lines, text, delimiter, before)
    return Table(source, headings, text.encoding, delimiter, "", (), text.guesses, again)


def _kind(source: Source) -> str:
    """ "" for text, else the kind of workbook it must be: "xlsx", "ods" or "any". Raises Refused where content and
    ending contradict each other."""
    ending = os.path.splitext(source.path)[1].lower()
    if ending in _SHEET_ENDINGS:
        if not source.head.startswith(ZIP):
            raise refuse("not_spreadsheet", path=source.path)
        return _SHEET_ENDINGS[ending]
    if ending in _OTHER_ENDINGS:
        raise refuse("not_csv", path=source.path)
    if not source.head.startswith(OTHER_KINDS):
        return ""
    if ending in _TEXT_ENDINGS:
        raise refuse("not_csv", path=source.path)
    if not source.head.startswith(ZIP):
        raise refuse("not_spreadsheet" if ending.startswith(".xl") else "not_csv", path=source.path)
    return "any"


# --- encoding


class _Text(NamedTuple):
    """A source whose encoding is decided: its name, the codec that reads it, the bytes before the text."""

    source: Source
    encoding: str
    codec: str
    skip: int = 0
    guesses: tuple[Problem, ...] = ()

    def open(self) -> TextIO:
        """The text from its beginning, line ends as they are."""
        file = self.source.open()
        file.seek(self.skip)
        return io.TextIOWrapper(file, encoding=self.codec, newline="")


def _decided(source: Source, chosen: str) -> _Text:
    """The text by the chosen encoding, else by rule: the byte order mark, else UTF-8 if every byte fits it, else
    Windows-1252. Raises Refused where bytes do not fit, or where letters of both stand in one file."""
    if chosen and chosen not in ENCODINGS:
        raise refuse("not_a_choice", label=N_("Encoding"), value=chosen, choices=", ".join(ENCODINGS))
    path, head = source.path, source.head
    skip = len(_UTF8_BOM) if head.startswith(_UTF8_BOM) else 0
    if chosen == "utf-16" or (not chosen and head.startswith(_UTF16_BOMS)):
        return _utf16(source)
    if source.has_nul:
        raise refuse("nul_byte", path=path)
    if chosen != "windows-1252":
        if source.not_utf8 is None:
            return _Text(source, "utf-8-sig" if skip else "utf-8", "utf-8", skip)
        if any(_UTF8_LETTER.search(chunk) for chunk in _chunks(source, skip, _LETTER_LENGTH - 1)):
            raise refuse("mixed_encoding", path=path, line=_line_of(source, source.not_utf8))
        if chosen or skip:
            raise refuse("encoding", path=path)
    if any(len(chunk.translate(None, _NOT_CP1252)) < len(chunk) for chunk in _chunks(source, skip)):
        raise refuse("encoding", path=path)
    guesses = () if chosen else (problem("read_as_cp1252", path=path),)
    return _Text(source, "windows-1252", "windows-1252", skip, guesses)


def _utf16(source: Source) -> _Text:
    codec = "utf-16"
    if not source.head.startswith(_UTF16_BOMS):  # chosen: the zero byte of the first ASCII letter tells the order
        codec = "utf-16-be" if source.head.startswith(b"\0") else "utf-16-le"
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for chunk in _chunks(source, 0):
            if "\0" in decoder.decode(chunk):
                raise refuse("nul_byte", path=source.path)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise refuse("encoding", path=source.path) from error
    return _Text(source, "utf-16", codec)


def _chunks(source: Source, skip: int, overlap: int = 0) -> Iterator[bytes]:
    """The bytes after `skip`, in pieces that each begin with the last `overlap` bytes of the piece before."""
    with source.open() as file:
        file.seek(skip)
        tail = b""
        while chunk := file.read(CHUNK):
            yield tail + chunk
            tail = (tail + chunk)[-overlap:] if overlap else b""


def _line_of(source: Source, offset: int) -> int:
    """The line of the file, from 1, in which the byte at `offset` stands."""
    line, last = 1, b""
    with source.open() as file:
        while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
            offset -= len(chunk)
            line += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
            line -= last == b"\r" and chunk.startswith(b"\n")  # a line end that two pieces share
            last = chunk[-1:]
    return line


# --- rows


def _lines(text: _Text, delimiter: str, before: int) -> Iterator[Line]:
    """The lines of a text that are not wholly blank, without its `before` first ones. Raises Refused.

    What protects a cell from a spreadsheet is taken off here, once for all that reads the cells.
    """
    with text.open() as file:
        for _skipped in range(before):
            file.readline(_SEP_LENGTH)
        for line in csv_lines(file, delimiter, text.source.path, before):
            joined = "\n".join(("", *line.cells))
            if "\n'" in joined or '"' in joined:  # some cell begins with ', or has quotes
                line = line._replace(cells=tuple(map(restored, line.cells)))
                if not any(cell.strip() for cell in line.cells):
                    continue
            yield line


def _first(text: _Text, delimiter: str, before: int) -> Line:
    for line in _lines(text, delimiter, before):
        return line
    raise refuse("empty_file", path=text.source.path)

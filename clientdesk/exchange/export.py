"""The client list as a file: CSV, XLSX, JSON Lines, or the numbered files that QuickBooks takes."""

import json
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import BinaryIO, NamedTuple

from clientdesk import saved
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.client_query import EVERYONE, ClientQuery
from clientdesk.domain.problems import refuse
from clientdesk.domain.quickbooks_upload import UPLOAD_BYTES, UPLOAD_COLUMNS, UPLOAD_ROWS
from clientdesk.exchange.file_writing import CsvText, Files, byte_order_mark, neutral_rows, spare_firm, write_file
from clientdesk.text import _, display_text, ngettext, whole_number

LANGUAGES = ("en", "es")
"""The languages that a file's headings may have, in the order of `Field.headings`."""
_TITLES = {"en": "Clients", "es": "Clientes"}
"""What the sheet of a workbook is called."""


class Format(StrEnum):
    """What kind of file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    QUICKBOOKS = "quickbooks"

    @property
    def ending(self) -> str:
        """How the names of such files end."""
        return ".csv" if self is Format.QUICKBOOKS else f".{self.value}"


class Export(NamedTuple):
    """What is written, and how: by itself every client with every field, as a CSV that Excel likes.

    `only` are the ids of the clients of the list that are wanted, None for all. `language` is that of the headings.
    `delimiter` counts for CSV only; `bom` and `neutral` (no cell is a formula) for CSV and QuickBooks: in XLSX every
    cell is text. For QuickBooks the columns are always its own. `catalogue` has the fields of the firm.
    """

    query: ClientQuery = EVERYONE
    columns: tuple[str, ...] = BUILT_IN.names
    only: frozenset[int] | None = None
    format: Format = Format.CSV
    language: str = "en"
    delimiter: str = ","
    bom: bool = True
    neutral: bool = True
    catalogue: Catalogue = BUILT_IN


Pages = Callable[[ClientQuery, Sequence[str], Container[int] | None], Iterator[Sequence[Sequence[str]]]]
"""Reads the clients of a list, some at a time: the values of these columns, of those with these ids (None: of all)."""


class Written(NamedTuple):
    """What was written: the files, how many clients; for QuickBooks how many were left out because they have no number,
    how many cells got an ', and files of an earlier export that bear the next numbers."""

    paths: tuple[str, ...]
    clients: int
    left_out: int = 0
    neutralised: int = 0
    stale: tuple[str, ...] = ()

    def in_words(self) -> list[str]:
        """A sentence on each, safe to show."""
        count = whole_number(self.clients)
        paths = [display_text(path) for path in self.paths]
        if len(paths) > 1:
            sentence = ngettext(
                "{count} client written to {first} … {last}: {files} files.",
                "{count} clients written to {first} … {last}: {files} files.",
                self.clients,
            )
            sentences = [sentence.format(count=count, first=paths[0], last=paths[-1], files=len(paths))]
        elif paths:
            sentence = ngettext("{count} client written to {path}.", "{count} clients written to {path}.", self.clients)
            if not self.clients:
                sentence = _("No client is in this list: none was written to {path}.")
                sentence = _("No client was written to {path}.") if self.left_out else sentence
            sentences = [sentence.format(count=count, path=paths[0])]
        elif self.clients:
            sentence = ngettext("{count} client written.", "{count} clients written.", self.clients)
            sentences = [sentence.format(count=count)]
        else:
            sentences = [_("No client was written.") if self.left_out else _("No client is in this list.")]
        if self.left_out:
            sentence = ngettext(
                "{count} client without a client number was left out.",
                "{count} clients without a client number were left out.",
                self.left_out,
            )
            sentences.append(sentence.format(count=whole_number(self.left_out)))
        if self.neutralised:
            sentence = ngettext(
                "{count} cell that looks like a formula begins with ' now, for QuickBooks too.",
                "{count} cells that look like formulas begin with ' now, for QuickBooks too.",
                self.neutralised,
            )
            sentences.append(sentence.format(count=whole_number(self.neutralised)))
        if self.stale:
            sentence = _("{path} is of an earlier export: it was left as it is.")
            sentences.append(sentence.format(path=display_text(self.stale[0])))
        return sentences


class Watch(NamedTuple):
    """Who looks on: `progress` is told how many clients are done, `stopped` asked whether to go on."""

    progress: Callable[[int], None] = lambda _done: None
    stopped: Callable[[], bool] = lambda: False


def own_language() -> str:
    """The language of headings that fits the language in which the program runs."""
    field = BUILT_IN.by_name["client_number"]
    return LANGUAGES[1] if field.title == field.headings[1] else LANGUAGES[0]


def headings(columns: Sequence[str], language: str, catalogue: Catalogue) -> list[str]:
    """What a file's columns are called, so that our own import knows them."""
    return [catalogue.by_name[name].headings[LANGUAGES.index(language)] for name in columns]


def format_of(path: str) -> tuple[Format, str]:
    """The format and the delimiter that a file's ending asks for; CSV with commas where it says nothing."""
    ending = os.path.splitext(path)[1].lower()
    if ending == ".tsv":
        return Format.CSV, "\t"
    known = {".xlsx": Format.XLSX, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL, ".json": Format.JSONL}
    return known.get(ending, Format.CSV), ","


def numbered(path: str, number: int) -> str:
    """The name of one of the files for QuickBooks: NAME-1.csv of NAME.csv."""
    root, ending = os.path.splitext(path)
    if ending.lower() != ".csv":
        root, ending = path, ".csv"
    return f"{root}-{number}{ending}"


def export_clients(
    pages: Pages, export: Export, path: str, firm: str, overwrite: bool = False, watch: Watch | None = None
) -> Written:
    """Writes the file, or the files for QuickBooks; all of them appear, or none, and none over the `firm`, which is
    where the clients are read.

    Refused: file_exists (unless `overwrite`), firm_file, no_client_numbers, sheet_full, sheet_cell, download_stopped,
    and whatever `Files` and the firm refuse.
    """
    watch = watch or Watch()
    if export.format is Format.QUICKBOOKS:
        return _export_for_quickbooks(pages, export, path, firm, overwrite, watch)
    spare_firm(path, firm)
    written = 0

    def write(file: BinaryIO) -> None:
        nonlocal written
        written = _write(pages, export, file, watch)

    write_file(path, overwrite, write)
    saved.anything = True
    return Written((path,), written)


def stream_clients(pages: Pages, export: Export, file: BinaryIO) -> Written:
    """Writes into an open file, such as standard output, as the clients are read.

    For QuickBooks only if they fit into one file; else refused (several_files) before anything is written.
    """
    if export.format is not Format.QUICKBOOKS:
        return Written((), _write(pages, export, file, Watch()))
    tally = _Tally()
    first: list[bytes] = []
    last = 0
    for last, piece in _quickbooks(pages, export, tally, Watch()):
        if last == 1:
            first.append(piece)
    if last > 1:
        raise refuse("several_files", count=last)
    for piece in first:
        file.write(piece)
    return Written((), tally.clients, tally.left_out, tally.neutralised)


def watched_pages(pages: Pages, export: Export, watch: Watch) -> Iterator[Sequence[Sequence[str]]]:
    """The values of the clients, a page at a time."""
    done = 0
    for page in pages(export.query, export.columns, export.only):
        if watch.stopped():
            raise refuse("download_stopped")
        yield page
        done += len(page)
        watch.progress(done)


def _write(pages: Pages, export: Export, file: BinaryIO, watch: Watch) -> int:
    """Writes the clients in one of the formats that have one file; how many there were."""
    written = watched_pages(pages, export, watch)
    if export.format is Format.XLSX:
        from clientdesk.exchange.xlsx_writing import write_workbook

        title = _TITLES[export.language]
        head = headings(export.columns, export.language, export.catalogue)
        fields = [export.catalogue.by_name[name] for name in export.columns]
        return write_workbook(file, fields, head, written, title)
    count = 0
    if export.format is Format.JSONL:
        for page in written:
            file.write(_json_lines([export.catalogue.by_name[name].word for name in export.columns], page))
            count += len(page)
        return count
    text = CsvText(export.delimiter)
    file.write(byte_order_mark(export.bom) + text.of([headings(export.columns, export.language, export.catalogue)]))
    for page in written:
        file.write(text.of(neutral_rows(page, export.neutral)))
        count += len(page)
    return count


_JSON = json.JSONEncoder(ensure_ascii=False)
# What programs take for the end of a line, or a terminal for a command, although JSON allows it.
_STEERING = re.compile("[\x7f-\x9f\u2028\u2029]")


def _json_lines(words: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An object for each row, by the catalogue's names."""
    text = "".join(_JSON.encode(dict(zip(words, values, strict=True))) + "\n" for values in rows)
    escaped = _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return escaped.encode(errors="replace")


# --- for QuickBooks


class _Tally:
    """What is counted on the way."""

    def __init__(self) -> None:
        self.clients = self.left_out = self.neutralised = 0


def _export_for_quickbooks(
    pages: Pages, export: Export, path: str, firm: str, overwrite: bool, watch: Watch
) -> Written:
    tally = _Tally()
    paths: list[str] = []
    with Files(overwrite, at_once=False) as files:
        for number, piece in _quickbooks(pages, export, tally, watch):
            if number > len(paths):
                paths.append(numbered(path, number))
                spare_firm(paths[-1], firm)
                file = files.begin(paths[-1])
            file.write(piece)
    saved.anything = True
    stale = numbered(path, len(paths) + 1)
    left = (stale,) if os.path.exists(stale) else ()
    return Written(tuple(paths), tally.clients, tally.left_out, tally.neutralised, left)


def _quickbooks(pages: Pages, export: Export, tally: _Tally, watch: Watch) -> Iterator[tuple[int, bytes]]:
    """The pieces of the files, each with the number of its file from 1. Refused where no client has a number."""
    text = CsvText()
    head = byte_order_mark(export.bom) + text.of([headings(UPLOAD_COLUMNS, export.language, export.catalogue)])
    number, rows, size = 0, UPLOAD_ROWS, 0
    for page in watched_pages(pages, export._replace(columns=UPLOAD_COLUMNS), watch):
        for values in page:
            if not values[-1]:
                tally.left_out += 1
                continue
            for cells in neutral_rows([values], export.neutral):
                tally.neutralised += sum(map(str.__ne__, cells, values))
                line = text.of([cells])
            if rows == UPLOAD_ROWS or size + len(line) > UPLOAD_BYTES:
                number, rows, size = number + 1, 0, len(head)
                yield number, head
            yield number, line
            tally.clients, rows, size = tally.clients + 1, rows + 1, size + len(line)
    if not number:
        raise refuse("no_client_numbers")

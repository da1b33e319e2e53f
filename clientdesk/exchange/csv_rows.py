"""The rows of a CSV text that anyone may have written: quotes, blanks beside them, and cells without an end."""

import csv
import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import TextIO

from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import refuse

CELL = 1_048_576
"""A cell has at most so many characters."""
ROW = 4 * CELL
"""A row has less than so many characters, its delimiters, quotes and line ends counted."""
_CHUNK = 1 << 18
_QUOTES = re.compile('"+')


class _TooLong(Exception):
    """A row is longer than ROW."""


def csv_lines(file: TextIO, delimiter: str, path: str, before: int = 0) -> Iterator[Line]:
    """The rows of a CSV text that are not wholly blank, from where it stands; `before` lines of the file stand above.

    Raises Refused (bad_quotes, cell_too_large) with the line on which the row starts that cannot be read.
    """
    csv.field_size_limit(CELL)
    room, piece, begun_inside, inside = ROW, "", False, False
    beside = [pair for blank in " \t" if blank != delimiter for pair in (f'{blank}"', f'"{blank}')]

    def pieces() -> Iterator[str]:
        nonlocal room, piece, begun_inside, inside
        for piece in iter(partial(file.readline, ROW), ""):
            room -= len(piece)
            begun_inside, inside = inside, inside ^ (piece.count('"') % 2 == 1)
            if room <= 0:
                raise _TooLong
            if '"' in piece and any(pair in piece for pair in beside):
                closed_up, inside = _close_up(piece, delimiter, begun_inside)
                yield closed_up
            else:
                yield piece

    reader = csv.reader(pieces(), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield Line(before + start, tuple(cells))
            start, room, inside = reader.line_num + 1, ROW, False
    except (csv.Error, _TooLong) as error:
        line = before + start
        # What is too long may be all that follows a quote that was never closed.
        long = isinstance(error, _TooLong) or "field limit" in str(error)
        if long and (not (inside or begun_inside) or _closes(piece if begun_inside else "", file, delimiter)):
            raise refuse("cell_too_large", path=path, line=line, limit=CELL) from error
        raise refuse("bad_quotes", path=path, line=line) from error


_QUOTED = re.compile(r'[^"]*(?:""[^"]*)*')


@lru_cache(maxsize=8)
def _blanks(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The blanks before the quote that opens a cell, with it, and those behind the one that closes it."""
    blank = "[" + " \t".replace(delimiter, "") + "]"
    return re.compile(f'{blank}*"'), re.compile(rf"{blank}+(?=[{re.escape(delimiter)}\r\n]|\Z)")


def _close_up(piece: str, delimiter: str, inside: bool) -> tuple[str, bool]:
    """A line of a CSV text without the blanks between a delimiter and a quote, on either side of a quoted cell, and
    whether it ends within quotes; `inside` says that it begins so."""
    opening, closing = _blanks(delimiter)
    parts: list[str] = []
    place = 0
    while place < len(piece):
        if not inside:
            if quote := opening.match(piece, place):
                parts.append('"')
                place, inside = quote.end(), True
                continue
        else:
            quoted = _QUOTED.match(piece, place)
            assert quoted is not None  # it may be empty
            parts.append(quoted[0])
            place = quoted.end()
            if place == len(piece):
                break
            parts.append('"')
            place, inside = place + 1, False
            if blanks := closing.match(piece, place):
                place = blanks.end()
        end = piece.find(delimiter, place) + 1 or len(piece)
        parts.append(piece[place:end])
        place = end
    return "".join(parts), inside


def _closes(piece: str, file: TextIO, delimiter: str) -> bool:
    """Whether a text within quotes, that goes on in `piece` and in the rest of the file, ends at a quote with a
    delimiter, a line end or nothing behind it: the quote of a later cell has that cell behind it."""
    while True:
        kept = ""
        for quotes in _QUOTES.finditer(piece):  # two stand for one that belongs to the text
            lone = (quotes.end() - quotes.start()) % 2 == 1
            if quotes.end() == len(piece):
                kept = '"' * lone
            elif lone:
                return piece[quotes.end()] in (delimiter, "\r", "\n")
        more = file.read(_CHUNK)
        if not more:
            return bool(kept)
        piece = kept + more

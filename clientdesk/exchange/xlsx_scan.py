"""The cells of an .xlsx as a stream: how long they are, before anything reads them whole, and what they show.

The library that reads the cells gives their values; what a person saw is more: a number in its format, an error.
"""

import datetime
import re
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from math import isfinite
from typing import BinaryIO

from clientdesk.exchange.number_formats import shows_text
from clientdesk.exchange.shown_cells import Look, Overlay
from clientdesk.exchange.xml_stream import PIECE, Start, TooLong, TooMuch, bytes_of, feed, local, new_parser, parse

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TEXTS = frozenset(["s", "str", "inlineStr"])
_DAY_LONG = datetime.timedelta(1)
_FIRST_DAYS = (datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1))
"""The day 0 of a workbook, by itself and where its dates count from 1904."""
_NO_ATTRIBUTES: Mapping[str, str] = {}
_NO_STYLE = "0"
"""The style of cells that name none."""


def scan_xlsx(part: Callable[[], BinaryIO], formats: Mapping[str, str], from_1904: bool, limit: int) -> Overlay:
    """What the cells of a sheet show, by the number format of each style; `part` opens the sheet. Raises TooLong where
    a cell has more characters than `limit`, NotXml.

    What takes time is done where it is needed: a sheet whose cells are short and show their values is only looked
    through, and the lengths of cells are counted where one is long.
    """
    with part() as file:
        plain = _is_plain(file, formats)
    if plain:
        return Overlay()
    try:
        with part() as file:
            return _XlsxCells(formats, from_1904, limit, counts=False).read(file)
    except _Quiet:
        with part() as file:
            return _XlsxCells(formats, from_1904, limit, counts=True).read(file)


class _Quiet(Exception):
    """For a long time no row has begun: a cell of this one may be too long."""


_QUIET = 8
"""After so many pieces without a new row: fewer than a cell that is too long has, so that none is missed."""


_FEW = 50
"""So many formats are looked for at once at most."""


def _is_plain(file: BinaryIO, formats: Mapping[str, str]) -> bool:
    """Whether no cell of a sheet is an error or has one of the formats, and none is long."""
    if _NO_STYLE in formats or len(formats) > _FEW:
        return False
    styles = "|".join(["-", *formats]).encode()
    wanted = re.compile(rb"""\bt\s*=\s*["']e["']|\bs\s*=\s*["'](?:%s)["']|<!""" % styles)
    tail, quiet = b"", 0
    while piece := file.read(PIECE):
        if wanted.search(tail + piece):
            return False
        quiet = 0 if b"<c " in piece else quiet + 1
        if quiet > _QUIET:
            return False
        tail = piece[-32:]
    return True


class _XlsxCells:
    """Reads the cells of a sheet; `counts` says whether to count their characters."""

    def __init__(self, formats: Mapping[str, str], from_1904: bool, limit: int, counts: bool) -> None:
        self._formats, self._first_day = formats, _FIRST_DAYS[from_1904]
        self._limit, self._counts = limit, counts
        self._for_texts = frozenset(style for style, number_format in formats.items() if shows_text(number_format))
        self._overlay = Overlay()
        self._parser = new_parser()
        self._cell, self._value = "", ""
        self._row, self._row_before, self._quiet = 0, 0, 0
        self._last, self._since = _NO_ATTRIBUTES, 0
        self._style, self._kind = "", ""
        self._size, self._in_cell, self._wanted, self._in_value = 0, False, False, False
        self._pieces: list[str] = []

    def read(self, part: BinaryIO) -> Overlay:
        self._parser.StartElementHandler = self._start_root
        if self._counts:
            self._listen(True)
        feed(self._parser, part, self._after_piece)
        return self._overlay

    def _listen(self, wanted: bool) -> None:
        """Whether texts and ends of elements are told: every one takes time."""
        self._parser.CharacterDataHandler = self._text if wanted else None
        self._parser.EndElementHandler = self._end if wanted else None

    def _after_piece(self) -> None:
        self._quiet = 0 if self._row != self._row_before else self._quiet + 1
        self._row_before = self._row
        if self._quiet > _QUIET and not self._counts:
            raise _Quiet

    def _start_root(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._parser.StartElementHandler = self._starter(name[: name.rfind(":") + 1])

    def _starter(self, prefix: str) -> Start:
        """What is told of the start of each element of a sheet whose names have a prefix. It is called for millions."""
        cell, value, row = f"{prefix}c", f"{prefix}v", f"{prefix}row"
        self._cell, self._value = cell, value
        formats, counts, begin = self._formats, self._counts, self._begin
        last, since = _NO_ATTRIBUTES, 0

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal last, since
            if name == cell:
                if "r" in attributes:
                    last, since = attributes, 0
                else:
                    since += 1
                if attributes.get("s", _NO_STYLE) in formats or attributes.get("t") == "e" or counts:
                    begin(attributes, last, since)
            elif self._wanted and name == value:
                self._in_value = True
            elif name == row:
                number = attributes.get("r", "")
                self._row = int(number) if number.isascii() and number.isdigit() else self._row + 1
                last, since = _NO_ATTRIBUTES, 0

        return start

    def _begin(self, attributes: Mapping[str, str], last: Mapping[str, str], since: int) -> None:
        """Looks at a cell that shows more than its value, or whose characters are counted: the `since`th after the
        last one whose attributes say its place."""
        self._size, self._in_cell = 0, True
        self._last, self._since = last, since
        style, kind = attributes.get("s", _NO_STYLE), attributes.get("t", "n")
        if kind == "e":
            self._wanted = True
        else:
            self._wanted = style in (self._for_texts if kind in _TEXTS else self._formats) and kind != "b"
        self._style, self._kind = style, kind
        if self._wanted and not self._counts:
            self._listen(True)

    def _text(self, text: str) -> None:
        self._size += len(text)
        if self._size > self._limit:
            raise TooLong(self._place()[0] + 1)
        if self._in_value:
            self._pieces.append(text)

    def _end(self, name: str) -> None:
        if name == self._cell:
            if self._wanted:
                self._keep()
                if not self._counts:
                    self._listen(False)
            self._in_cell = self._wanted = False
        elif name == self._value:
            self._in_value = False
        if not self._in_cell:
            self._size = 0

    def _place(self) -> tuple[int, int]:
        """Row and column of the present cell, from 0."""
        place = _PLACE.fullmatch(self._last.get("r", ""))
        if place is None:
            return self._row - 1, self._since - 1
        return int(place[2]) - 1, _column(place[1]) + self._since

    def _keep(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        row, column = self._place()
        if self._kind == "e":
            if text:
                self._overlay.add(row, column, Look(text=text))
        elif self._kind in _TEXTS:
            self._overlay.add(row, column, Look(self._formats[self._style]))
        elif (value := self._number(text)) is not None:
            self._overlay.add(row, column, Look(self._formats[self._style], value))

    def _number(self, text: str) -> float | None:
        """The number in a cell, also of a date in ISO 8601; None where there is none."""
        try:
            if self._kind == "d":
                return (datetime.datetime.fromisoformat(text.removesuffix("Z")) - self._first_day) / _DAY_LONG
            value = float(text)
        except (ValueError, TypeError):
            return None
        return value if isfinite(value) else None


@cache
def _column(letters: str) -> int:
    """A column's number, from 0, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def check_texts(part: BinaryIO, limit: int) -> "array[int]":
    """How many bytes each shared text of an .xlsx has. Raises TooLong where one has more characters than `limit`,
    NotXml."""
    size, number, inside = 0, -1, False
    lengths = array("I")

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal size, number, inside
        if local(name) == "si":
            size, number, inside = 0, number + 1, True
            lengths.append(0)

    def end(name: str) -> None:
        nonlocal size, inside
        if local(name) == "si":
            inside = False
        if not inside:
            size = 0

    def text(piece: str) -> None:
        nonlocal size
        size += len(piece)
        if size > limit:
            raise TooLong(text=number)
        if inside:
            lengths[number] += bytes_of(piece)

    parse(part, start, end, text)
    return lengths


_SHORTEST = len('<c t="s"><v>0</v></c>')
_SHARED_CELL = re.compile(
    rb"""\bt\s*=\s*["']s["'](?:\s+[\w:]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*>"""
    rb"""\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*</(?:\w+:)?v>\s*</(?:\w+:)?c>"""
)
_AT_ONCE = 1 << 20


def check_shared(part: Callable[[], BinaryIO], size: int, lengths: "array[int]", most: int) -> None:
    """Raises TooMuch where the cells of a sheet have more than `most` bytes of shared texts, each counted wherever it
    stands. `part` opens the sheet of so many bytes, `lengths` are the bytes of the shared texts.

    A cell whose text is not seen at once counts as the longest one.
    """
    longest = max(lengths, default=0)
    if size // _SHORTEST * longest <= most:
        return
    rest = b""
    with part() as file:
        while piece := file.read(_AT_ONCE):
            rest += piece
            end = rest.rfind(b"c>") + 2 if len(rest) < 4 * _AT_ONCE else len(rest)
            cells, rest = rest[:end], rest[end:]
            numbers = [int(number) for number in _SHARED_CELL.findall(cells)]
            shared = cells.count(b'"s"') + cells.count(b"'s'")
            most -= (shared - len(numbers)) * longest
            most -= sum(lengths[number] if number < len(lengths) else longest for number in numbers)
            if most < 0:
                raise TooMuch


def row_of_text(part: BinaryIO, number: int) -> int:
    """The first row of a sheet, from 1, that has the shared text of this number; 0 where none has."""
    row, first_row, reads, value = 0, 0, False, ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, reads, value
        name = local(name)
        if name == "row":
            place = attributes.get("r", "")
            row = int(place) if place.isascii() and place.isdigit() else row + 1
        elif name == "c":
            reads, value = attributes.get("t") == "s", ""

    def end(name: str) -> None:
        nonlocal first_row
        if reads and not first_row and local(name) == "v" and value.strip() == str(number):
            first_row = row

    def text(piece: str) -> None:
        nonlocal value
        if reads and not first_row:
            value = (value + piece)[:20]

    parse(part, start, end, text)
    return first_row

"""The cells of an .ods as a stream: how long they are, before anything reads them whole, and what they show.

The library that reads the cells gives their values; the file keeps as text what a person saw of them.
"""

import re
from collections.abc import Mapping
from typing import BinaryIO

from clientdesk.exchange.shown_cells import Look, Overlay
from clientdesk.exchange.xml_stream import TooLong, TooMuch, bytes_of, parse

_SHOWN = frozenset(["float", "percentage", "currency", "date", "time", "boolean"])
"""The kinds of an .ods cell whose text is made from a value."""
_CUT = re.compile(r"[-+]?[0-9][0-9.,]*E[-+]?[0-9]+", re.IGNORECASE)
"""A number in powers of ten, which hides digits."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def scan_ods(part: BinaryIO, table: str, limit: int, most: int) -> Overlay:
    """What the cells of a table of an .ods show where that is made from a value ("": of none). Raises TooLong where a
    cell of any table has more characters than `limit`, TooMuch where all cells have more than `most` bytes, NotXml."""
    return _OdsCells(table, limit, most).read(part)


class _OdsCells:
    def __init__(self, table: str, limit: int, most: int) -> None:
        self._table, self._limit = table, limit
        self._left, self._in_row, self._bytes = most, 0, 0
        self._overlay = Overlay()
        self._wanted = False
        self._row, self._rows, self._column, self._columns = 0, 1, 0, 1
        self._size, self._in_cell, self._note = 0, False, 0
        self._attributes: Mapping[str, str] = {}
        self._lines: list[list[str]] = []
        self._in_line = False

    def read(self, part: BinaryIO) -> Overlay:
        parse(part, self._start, self._end, self._text)
        return self._overlay

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._size, self._in_cell, self._note, self._bytes = 0, True, 0, 0
            self._columns = _count(attributes, "table:number-columns-repeated")
            self._attributes = attributes if self._wanted and attributes.get("office:value-type") in _SHOWN else {}
        elif name == "table:table-row":
            self._rows, self._column, self._in_row = _count(attributes, "table:number-rows-repeated"), 0, 0
        elif name == "table:table":
            self._wanted, self._row = bool(self._table) and attributes.get("table:name") == self._table, 0
        elif name == "office:annotation":
            self._note += 1
        elif self._attributes and not self._note:
            if name == "text:p":
                self._lines.append([])
                self._in_line = True
            elif self._in_line and name == "text:s":
                self._lines[-1].append(" " * min(_count(attributes, "text:c"), 100))

    def _text(self, text: str) -> None:
        self._size += len(text)
        self._bytes += bytes_of(text)
        if self._size > self._limit:
            raise TooLong(self._row + 1)
        if self._in_line and not self._note:
            self._lines[-1].append(text)

    def _end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self._attributes:
                self._keep()
            self._column += self._columns
            self._in_row += self._bytes * self._columns
            self._in_cell, self._attributes = False, {}
        elif name == "text:p":
            self._in_line = False
        elif name == "office:annotation":
            self._note -= 1
        elif name == "table:table-row":
            self._row += self._rows
            self._left -= self._in_row * self._rows
            if self._left < 0:
                raise TooMuch
        elif name == "table:table":
            self._wanted = False
        if not self._in_cell:
            self._size = 0

    def _keep(self) -> None:
        text = "\n".join("".join(line) for line in self._lines).strip()
        self._lines.clear()
        day = _DAY.match(self._attributes.get("office:date-value", ""))
        if text and text != self._attributes.get("office:value") and not _CUT.fullmatch(text):
            look = Look(text=text, date=day[0] if day else "")
            self._overlay.add(self._row, self._column, look, self._rows, self._columns)


def _count(attributes: Mapping[str, str], name: str) -> int:
    """How often something is repeated."""
    repeats = attributes.get(name, "1")
    return max(1, int(repeats)) if repeats.isascii() and repeats.isdigit() and len(repeats) < 8 else 1

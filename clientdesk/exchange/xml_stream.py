"""Parts of workbooks (XML) read as a stream: what is held of a part does not grow with it."""

from collections.abc import Callable, Mapping
from typing import BinaryIO
from xml.parsers import expat

PIECE = 1 << 16
"""So many bytes of a part are held at a time."""
_LONGEST = 4 << 20
"""A tag, with its attributes, or a comment has at most so many bytes."""

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class NotXml(Exception):
    """The part cannot be read as XML, or has what no workbook has: a document type, a tag of megabytes."""


class TooLong(Exception):
    """A cell has more characters than may be: in this row, from 1, or in the shared text of this number, from 0."""

    def __init__(self, row: int = 0, text: int = -1) -> None:
        super().__init__()
        self.row, self.text = row, text


class TooMuch(Exception):
    """The cells hold more text than may be, each text counted wherever it stands."""


def bytes_of(text: str) -> int:
    """How many bytes a text takes."""
    return len(text) if text.isascii() else len(text.encode())


def local(name: str) -> str:
    """An element's or an attribute's name without its prefix."""
    return name.rpartition(":")[2]


def parse(file: BinaryIO, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Reads a part from where it stands and tells its elements by their names as they are written.

    A long text comes in several pieces. Raises NotXml.
    """
    parser = new_parser()
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    feed(parser, file)


def new_parser() -> expat.XMLParserType:
    """A parser for a part, whose handlers are to be set."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = False
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def feed(parser: expat.XMLParserType, file: BinaryIO, after_piece: Callable[[], None] = lambda: None) -> None:
    """Gives a part to a parser, PIECE bytes at a time, and says so after each. Raises NotXml."""
    read = 0
    try:
        while piece := file.read(PIECE):
            read += len(piece)
            parser.Parse(piece)
            if read - parser.CurrentByteIndex > _LONGEST:
                raise NotXml
            after_piece()
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeError) as error:
        raise NotXml from error


def _refuse(*_declaration: object) -> None:
    raise NotXml

"""How a table is written as a text file: the encodings and the delimiters that are known, each with its words."""

from typing import NamedTuple

from clientdesk.text import N_

ENCODINGS = {"utf-8": "UTF-8", "windows-1252": "Windows-1252", "utf-16": "UTF-16"}
"""The encodings in which a file may be read, each with its title."""


class Delimiter(NamedTuple):
    """What stands between two cells: the character, the word for it on the command line, and its title."""

    character: str
    word: str
    title: str


DELIMITERS = (
    Delimiter(",", "comma", N_("comma ,")),
    Delimiter(";", "semicolon", N_("semicolon ;")),
    Delimiter("\t", "tab", N_("tab")),
)
CHARACTERS = {delimiter.word: delimiter.character for delimiter in DELIMITERS}
"""The character of each word."""
TITLES = {delimiter.character: delimiter.title for delimiter in DELIMITERS}
"""The title of each character, untranslated."""


def encoding_title(encoding: str) -> str:
    """The title of an encoding in which a file was read; its name where it has none."""
    return ENCODINGS.get(encoding.removesuffix("-sig"), encoding)

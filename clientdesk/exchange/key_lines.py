"""A file of keys: one client a line, as a person or another program writes it."""

import sys

from clientdesk.domain.problems import refuse
from clientdesk.exchange.source import LIMIT, MEGABYTE, Source, too_large

STANDARD_INPUT = "-"


def key_lines(path: str) -> list[tuple[int, str]]:
    """The lines of a file (- is standard input) that are not blank, each with its number from 1.

    Refused where it is no text in UTF-8 ("keys_unreadable"), or as a file that is imported is.
    """
    data = _standard_input() if path == STANDARD_INPUT else _file(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("keys_unreadable", path=path) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(LIMIT * MEGABYTE + 1)
    if len(data) > LIMIT * MEGABYTE:
        raise too_large(STANDARD_INPUT, LIMIT)
    return data


def _file(path: str) -> bytes:
    with Source.read(path) as source, source.open() as file:
        return file.read()

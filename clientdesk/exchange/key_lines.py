"""A file of keys: one client a line, as a person or another program writes it."""

import sys

from clientdesk.domain.problems import Refused, refuse
from clientdesk.exchange.source import LIMIT, MEGABYTE, Source, too_large

STANDARD_INPUT = "-"


def key_lines(path: str) -> list[tuple[int, str]]:
    """The lines of a file (- is standard input) that are not blank, each with its number from 1.

    Refused where it is no text in UTF-8 ("keys_unreadable"), has no key ("no_keys"), or as a file that is imported is.
    """
    data = _standard_input() if path == STANDARD_INPUT else _file(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("keys_unreadable", path=path) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    keys = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    if not keys:
        raise refuse("no_keys", path=path)
    return keys


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(LIMIT * MEGABYTE + 1)
    if len(data) > LIMIT * MEGABYTE:
        raise too_large(STANDARD_INPUT, LIMIT)
    return data


def _file(path: str) -> bytes:
    try:
        with Source.read(path) as source, source.open() as file:
            return file.read()
    except Refused as refusal:
        if refusal.code != "empty_file":
            raise
        return b""  # what is missing there are keys, not headings

"""Markdown: tables, and text that means nothing to it."""

import re
from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by `python -m clientdesk.docs` from the program's own declarations: change those, not this. -->"


def page(title: str, *parts: str) -> str:
    """A page with a title, its parts an empty line apart."""
    return "\n\n".join((f"# {title}", NOTICE, *(part for part in parts if part))) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def plain(text: str) -> str:
    """A text as it is: what would be Markdown in it is not."""
    return re.sub(r"([*_<>\[\]\\`])", r"\\\1", text)


def code(text: str) -> str:
    """What is typed."""
    return f"`{text}`"


def sentence(template: str) -> str:
    """A sentence of the program; the values that it is filled with are set apart."""
    return "".join(
        f"*{part.replace('_', ' ')}*" if number % 2 else plain(part)
        for number, part in enumerate(re.split(r"\{(\w+)\}", template))
    )

"""The fields of a client to read, in sections: on the client's page, and beside the list."""

from collections.abc import Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from clientdesk.desk.records import Client
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.fields import Field, Kind, Section
from clientdesk.text import _, display_lines, display_text
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.wrapping import wrapped

LABEL = 24
"""The width of the labels, in cells; a third of the line where it is short."""
TWO_COLUMNS = 96
"""From this width on the sections stand in two columns."""
GAP = 4
"""Cells between the columns."""

Line = tuple[tuple[str, str], ...]
"""A line of text: (text, style) pieces."""


class Block(NamedTuple):
    """A section: its lines, and whether it wants the whole width (long texts)."""

    lines: list[Line]
    wide: bool


def _value(field: Field, client: Client) -> str:
    value = client.values.get(field.name, "")
    return field.display(value) if field.choices else value


def _block(section: Section, fields: Sequence[Field], client: Client, width: int) -> Block:
    lines: list[Line] = [((_(section.value), "bold $text-accent"),)]
    label = LABEL if width >= 2 * LABEL else max(8, width // 3)
    wide = all(field.kind is Kind.NOTES for field in fields)
    for field in fields:
        value = _value(field, client)
        if wide:
            lines += [((line, ""),) for line in wrapped(display_lines(value) or "—", width)]
            continue
        for number, line in enumerate(wrapped(display_text(value) or "—", max(1, width - label))):
            title = cut(field.title, label - 1) if number == 0 else ""
            lines.append(((title.ljust(label), "$foreground-muted"), (line, "" if value else "$foreground-muted")))
    return Block(lines, wide)


def _length(line: Line) -> int:
    return sum(cell_len(text) for text, _style in line)


def _stacked(blocks: Sequence[Block]) -> list[Line]:
    """The blocks below each other, a blank line between them."""
    lines: list[Line] = []
    for block in blocks:
        lines += [(("", ""),), *block.lines] if lines else block.lines
    return lines


def lines_of(catalogue: Catalogue, client: Client, width: int, beside: bool = False) -> list[Line]:
    """The client's sections as lines of at most `width` cells, from a certain width on in two columns; those `beside` a
    list in one, without the fields that are empty."""
    column = (width - GAP) // 2 if width >= TWO_COLUMNS and not beside else width
    shown = [field for field in catalogue.fields if not beside or _value(field, client)]
    sections = [(section, list(fields)) for section, fields in groupby(shown, lambda field: field.section)]
    blocks = []
    for section, fields in sections:
        block = _block(section, fields, client, column)
        blocks.append(_block(section, fields, client, width) if block.wide else block)
    if column == width:
        return _stacked(blocks)
    narrow = [block for block in blocks if not block.wide]

    def height(split: int) -> int:
        return max(len(_stacked(narrow[:split])), len(_stacked(narrow[split:])))

    split = min(range(1, len(narrow) + 1), key=height)
    lines: list[Line] = []
    for left, right in zip_longest(_stacked(narrow[:split]), _stacked(narrow[split:]), fillvalue=()):
        lines.append((*left, (" " * (column - _length(left) + GAP), ""), *right))
    wide = _stacked([block for block in blocks if block.wide])
    return [*lines, (("", ""),), *wide] if wide else lines


class ClientSections(Widget):
    """Draws a client's sections, or those `beside` a list (see `lines_of`); `show(client, catalogue)`."""

    DEFAULT_CSS = "ClientSections { height: auto; width: 1fr; padding-right: 1; }"

    def __init__(self, beside: bool = False) -> None:
        super().__init__()
        self._beside = beside
        self._client: Client | None = None
        self._catalogue = BUILT_IN
        self._instead = ""
        self._drawn: tuple[int, list[Line]] | None = None

    def show(self, client: Client | None, catalogue: Catalogue, instead: str = "") -> None:
        """Show this client with these fields, or the sentence, safe to show, that says why there is none."""
        self._client, self._catalogue, self._instead, self._drawn = client, catalogue, instead, None
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Line]:
        if self._client is None:
            return [((line, ""),) for line in wrapped(self._instead, width)] if self._instead else []
        if self._drawn is None or self._drawn[0] != width:
            self._drawn = width, lines_of(self._catalogue, self._client, width, self._beside)
        return self._drawn[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        """All lines."""
        lines = self._lines(self.size.width or 80)
        return Content("\n").join(Content.assemble(*line) for line in lines)

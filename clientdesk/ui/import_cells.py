"""The cells of a file's row: which field stands where, and what each is called."""

from collections.abc import Mapping, Sequence

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold
from clientdesk.text import _

# The field of each heading, in every language.
_HEADINGS = {fold(heading): field.name for field in BUILT_IN.fields for heading in (*field.headings, field.name)}


def places_of(headings: Sequence[str], columns: Sequence[str] = ()) -> dict[str, int]:
    """The place of each field among the cells: as the person has mapped the `columns`, else by the headings."""
    names = columns or [_HEADINGS.get(fold(heading), "") for heading in headings]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            places.setdefault(name, place)
    return places


MISFITS = ("too_few_fields", "too_many_fields")
"""The codes of rows whose cells do not fit the headings: all their cells have to be seen."""


def heading_of(headings: Sequence[str], place: int) -> str:
    """The heading of a cell, or which column it is where it has none; data is not made safe yet."""
    heading = headings[place].strip() if place < len(headings) else ""
    return heading or _("column {number}").format(number=place + 1)


def all_places(headings: Sequence[str], cells: Sequence[str]) -> range:
    """The places of all cells of a row; at the end those are left out that have neither a heading nor content."""
    end = max(len(headings), len(cells))
    while end > 1 and not (end <= len(headings) and headings[end - 1].strip()):
        if end <= len(cells) and cells[end - 1].strip():
            break
        end -= 1
    return range(end)


def cell(cells: Sequence[str], places: Mapping[str, int], field: str) -> str:
    """The row's cell of a field, "" where it has none."""
    place = places.get(field, -1)
    return cells[place] if 0 <= place < len(cells) else ""

"""What a row of a client list says by field, once it is known which column is which."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from clientdesk.domain.contact_cells import is_fax, is_mobile
from clientdesk.domain.fold import fold

GLUE = {"street": ", ", "notes": "\n"} | dict.fromkeys(
    ("contact_first_name", "contact_last_name", "display_name", "business_name"), " "
)
"""What joins the cells of several columns of one field; of other fields the first cell that is not empty counts."""

_SEVERAL = " ::: "
"""What Google writes between several values of one kind in a cell. Those of e-mails and phones are parted later (see
`desk.imports.prepared`); names and notes may hold anything."""
_FIRST_OF_SEVERAL = frozenset(["website", "street", "city", "region", "postal_code", "country"])
_NEEDED = {"email": re.compile("@"), "phone": re.compile(r"\d"), "mobile": re.compile(r"\d")}
"""What a cell must have in it to be the field, however far to the left it stands: "n/a" is no phone number."""
_SAYS_IT_AGAIN = frozenset(["country", "region"])
"""Fields that programs give twice, as a name and as a code: the second is not told."""


Labels = tuple[tuple[int, int], ...]
"""The places of values that come with a label, each with the place of its label."""


class HowRead(NamedTuple):
    """What the headings say of the columns: values with `labels`, those that go `before` others of their field, and
    those in which a program writes `several` values."""

    labels: Labels = ()
    before: frozenset[int] = frozenset()
    several: frozenset[int] = frozenset()


_PLAINLY = HowRead()

LeftOut = list[tuple[str, str]]
"""Fields, each with what is left out of them."""


class _Places(NamedTuple):
    """The places of a row that are read: fields of one column, fields of several, and all columns of the street."""

    single: tuple[tuple[str, int], ...]
    joined: tuple[tuple[str, tuple[int, ...]], ...]
    streets: tuple[int, ...]


@lru_cache(maxsize=8)
def _places(columns: tuple[str, ...], how: HowRead) -> _Places:
    places: dict[str, list[int]] = {}
    labelled = {value for value, _label in how.labels}
    for place, name in enumerate(columns):
        if name and place not in labelled:
            places.setdefault(name, []).append(place)
    for of_field in places.values():
        of_field.sort(key=lambda place: place not in how.before)
    return _Places(
        tuple((name, of_field[0]) for name, of_field in places.items() if len(of_field) == 1),
        tuple((name, tuple(of_field)) for name, of_field in places.items() if len(of_field) > 1),
        tuple(places.get("street", ())),
    )


def values_of(
    cells: Sequence[str],
    columns: Sequence[str],
    how: HowRead = _PLAINLY,
    left_out: LeftOut | None = None,
) -> dict[str, str]:
    """What a row says by field, for each field that has a column.

    Several columns of one field are joined: a street with ", ", notes with line ends, names with a space; else the first
    that is not empty counts, as it does where one column goes `before` the others. What does not count goes to `left_out`.
    Lines of a street are joined like its columns, but for first ones that only say the client's name again. A phone
    number with a label goes where its label says. A cell that the row does not have is empty.

    A row without a display name keeps it empty here; `prepare` finds another name for it.
    """
    places_of_fields, last = _places(tuple(columns), how), len(cells)
    more: LeftOut = [] if left_out is None else left_out
    if how.several:
        cells = _first_of_several(cells, columns, how.several, more)
    values = {name: cells[place] if place < last else "" for name, place in places_of_fields.single}
    if street := values.get("street"):
        values["street"] = _cell("street", street)
    for name, places in places_of_fields.joined:
        texts = [text for place in places if place < last and (text := _cell(name, cells[place]))]
        goes_before = places[0] in how.before and places[0] < last and bool(cells[places[0]].strip())
        if name in GLUE and not goes_before:
            values[name] = GLUE[name].join(text for cell in texts if (text := cell.strip(" ")))
        else:
            texts = [text for text in texts if text.strip()]
            if name in _NEEDED:
                texts.sort(key=lambda text: _NEEDED[name].search(text) is None)
            values[name] = texts[0] if texts else ""
            more.extend((name, text.strip()) for text in texts[1:] if not _same(name, text, texts[0]))
    for place, label in how.labels:
        _take_labelled(values, columns[place], cells[place : place + 1], cells[label : label + 1], more)
    streets = places_of_fields.streets
    if streets and (len(streets) > 1 or (streets[0] < last and "\n" in cells[streets[0]])):
        values["street"] = _without_name(values)
    return values


def _first_of_several(
    cells: Sequence[str], columns: Sequence[str], places: frozenset[int], left_out: LeftOut
) -> Sequence[str]:
    """The cells with the first of several values where a program writes them into one."""
    first_values = list(cells)
    for place in places:
        if place < len(first_values) and columns[place] in _FIRST_OF_SEVERAL and _SEVERAL in first_values[place]:
            first_values[place], _sign, rest = first_values[place].partition(_SEVERAL)
            left_out.extend((columns[place], text.strip()) for text in rest.split(_SEVERAL) if text.strip())
    return first_values


def _same(name: str, second: str, first: str) -> bool:
    """Whether a second value of a field says nothing new."""
    return name in _SAYS_IT_AGAIN or _letters(second) == _letters(first)


def _take_labelled(
    values: dict[str, str], name: str, cell: Sequence[str], label: Sequence[str], left_out: LeftOut
) -> None:
    """Puts a phone number where its label says: to the mobile phone, nowhere (a fax), or where its column belongs."""
    word, text = label[0] if label else "", cell[0] if cell else ""
    fax = is_fax(word)
    if is_mobile(word) and not fax:
        name = "mobile"
    before = values.setdefault(name, "")
    if not before.strip() and not fax:
        values[name] = text
    elif text.strip() and (fax or not _same(name, text, before)):
        left_out.append((name, f"{word.strip('* ')} {text.strip()}".strip()))


def _without_name(values: Mapping[str, str]) -> str:
    """A street without the first lines that only say the client's name, or its contact's, again."""
    contact = f"{values.get('contact_first_name', '')} {values.get('contact_last_name', '')}"
    names = {_letters(name) for name in (values.get("display_name", ""), values.get("business_name", ""), contact)}
    lines = values["street"].split(", ")
    while len(lines) > 1 and _letters(lines[0]) in names:
        del lines[0]
    return ", ".join(lines)


def _letters(text: str) -> str:
    """A name without blanks and punctuation: "Sol, S.L." is "solsl"."""
    return "".join(filter(str.isalnum, fold(text)))


def _cell(name: str, cell: str) -> str:
    if name == "street" and ("\n" in cell or "\r" in cell):
        cell = ", ".join(line.strip() for line in re.split(r"[\r\n]+", cell) if line.strip())
    return cell

"""Which column of a client list is which field: guessed, saved, and used to read the rows."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from clientdesk.desk.import_clients import KEYS, choice_word
from clientdesk.domain.fields import BY_NAME, Kind
from clientdesk.domain.problems import Refused, refuse
from clientdesk.exchange.presets import PRESETS, Preset, heading_key, recognised
from clientdesk.exchange.records import ClientSetup
from clientdesk.exchange.synonyms import BARE_NAMES, FIRMS, SYNONYMS
from clientdesk.text import N_

__all__ = [
    "PRESETS",
    "Guess",
    "columns_by",
    "guess",
    "setup_from_saved",
    "setup_from_text",
    "setup_to_saved",
    "values_of",
]

_NAMES = frozenset(["contact_first_name", "contact_last_name", "display_name", "business_name"])
_GLUE = {"street": ", ", "notes": "\n"} | dict.fromkeys(_NAMES, " ")
"""What joins the cells of several columns of one field; of other fields the first cell that is not empty counts."""

# Google joins several values of one kind in a cell. Names and notes are left as they are: they may hold anything.
_SEVERAL = " ::: "
_FIRST_OF_SEVERAL = frozenset(
    ["email", "phone", "mobile", "website", "street", "city", "region", "postal_code", "country"]
)


class Guess(NamedTuple):
    """What a file's columns seem to be: a field's name for each column ("" to ignore it), the `name` of the preset
    that was recognised ("" for none), and the field by which clients are found ("company_id" where it is there)."""

    columns: tuple[str, ...]
    preset: str
    key: str


# --- guessing


def guess(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Guess:
    """What the columns seem to be, by the headings of a known program, else by each heading, else by what stands in
    the first rows where that is certain. An identifier is never guessed for two columns."""
    preset = recognised(headings)
    columns = columns_by(preset, headings, rows) if preset is not None else _by_heading(headings, rows)
    return Guess(columns, preset.name if preset is not None else "", "company_id" if "company_id" in columns else "")


def columns_by(preset: Preset, headings: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> tuple[str, ...]:
    """The fields of the columns as a known program's files have them."""
    columns = _once([preset.columns.get(heading_key(heading), "") for heading in headings])
    return _by_heading(headings, rows, columns) if preset.free else columns


def _once(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns, every identifier only in its first place."""
    seen: set[str] = set()
    found = []
    for name in columns:
        again = bool(name) and name in seen and BY_NAME[name].identifier
        found.append("" if again else name)
        seen.add(name)
    return tuple(found)


def _by_heading(headings: Sequence[str], rows: Sequence[Sequence[str]], given: Sequence[str] = ()) -> tuple[str, ...]:
    columns = list(given) or [""] * len(headings)
    keys = [heading_key(heading) for heading in headings]
    named = [name or SYNONYMS.get(key, "") for name, key in zip(columns, keys, strict=True)]
    by_parts = "contact_last_name" in named
    for place, (key, name) in enumerate(zip(keys, named, strict=True)):
        if name == "display_name" and key in BARE_NAMES and by_parts:
            name = "contact_first_name"
        if key == "estado":  # a client's status in words that we know; else a state of Mexico
            columns[place] = "status" if _holds(_column(rows, place), "status") else "region"
        elif not columns[place] and name and _holds(_column(rows, place), name):
            columns[place] = name
    _firms(keys, columns)
    _one_name(keys, columns)
    taken = set(columns)  # a list would be looked through for every column
    for place, key in enumerate(keys):
        if not columns[place] and key not in SYNONYMS:
            columns[place] = _by_content(_column(rows, place), taken)
            taken.add(columns[place])
    return _once(columns)


def _column(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """The cells of a column that are not empty."""
    return [text for row in rows if place < len(row) and (text := row[place].strip())]


def _holds(cells: Sequence[str], name: str) -> bool:
    """Whether a column can be the field that its heading says: a choice's cells are its words."""
    field = BY_NAME[name]
    return field.kind is not Kind.CHOICE or all(choice_word(name, cell) is not None for cell in cells)


def _firms(keys: Sequence[str], columns: list[str]) -> None:
    """A company's name is the display name where no other column gives that, else the business name."""
    taken = set(columns)
    for place, key in enumerate(keys):
        if key in FIRMS and not columns[place]:
            name = "business_name" if "display_name" in taken else "display_name"
            columns[place] = "" if name in taken else name
            taken.add(name)


def _one_name(keys: Sequence[str], columns: list[str]) -> None:
    """Of several columns that could be the display name the first one that says so most clearly is it."""
    places = [place for place, name in enumerate(columns) if name == "display_name"]
    if len(places) > 1:
        sure = [place for place in places if keys[place] in ("displayname", "nombreparamostrar")]
        kept = (sure or places)[0]
        for place in places:
            if place != kept:
                columns[place] = ""


_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_SITE = re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE)


def _is_phone(cell: str) -> bool:
    from clientdesk.domain.plain import phone_is_plain

    return cell.startswith("+") and phone_is_plain(cell)


def _is_spanish_tax_id(cell: str) -> bool:
    from clientdesk.domain.contact import check_tax_id

    return check_tax_id(cell, "ES") is None


_CONTENTS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("email", _ADDRESS.fullmatch),
    ("website", _SITE.fullmatch),
    ("phone", _is_phone),
    ("tax_id", _is_spanish_tax_id),
)


def _by_content(cells: Sequence[str], taken: Collection[str]) -> str:
    """What a column is by its cells, where every one says so and no other column is that field; "" if unsure."""
    for name, is_one in _CONTENTS:
        if cells and name not in taken and all(is_one(cell) for cell in cells):
            return name
    return ""


# --- reading rows


class _Plan(NamedTuple):
    """The places of a row that are read: fields of one column, and fields of several."""

    single: tuple[tuple[str, int], ...]
    joined: tuple[tuple[str, tuple[int, ...]], ...]


@lru_cache(maxsize=8)
def _plan(columns: tuple[str, ...]) -> _Plan:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(columns):
        if name:
            places.setdefault(name, []).append(place)
    return _Plan(
        tuple((name, found[0]) for name, found in places.items() if len(found) == 1),
        tuple((name, tuple(found)) for name, found in places.items() if len(found) > 1),
    )


def values_of(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """What a row says by field, for each field that has a column.

    Several columns of one field are joined: a street with ", ", notes with line ends, names with a space; else the
    first that is not empty counts. Lines of a street are joined like its columns. A cell that the row does not have is
    empty.

    A row without a display name keeps it empty here; `prepare` finds another name for it.
    """
    plan, last = _plan(tuple(columns)), len(cells)
    values = {}
    for name, place in plan.single:
        cell = cells[place] if place < last else ""
        values[name] = _cell(name, cell) if cell else ""
    for name, places in plan.joined:
        found = [text for place in places if place < last and (text := _cell(name, cells[place]))]
        if name not in _GLUE:
            values[name] = next((text for text in found if text.strip()), "")
        else:
            values[name] = _GLUE[name].join(text for each in found if (text := each.strip(" ")))
    return values


def _cell(name: str, cell: str) -> str:
    if name in _FIRST_OF_SEVERAL:
        if _SEVERAL in cell:
            cell = cell.partition(_SEVERAL)[0]
        if name == "street" and ("\n" in cell or "\r" in cell):
            cell = ", ".join(line.strip() for line in re.split(r"[\r\n]+", cell) if line.strip())
    return cell


# --- saving

_SHAPE = N_("It must be an object with “columns”: a field for each heading.")
_NOT_JSON = N_("The file is not JSON.")
_UNKNOWN_FIELD = N_("This is not a field, nor empty for a column that is ignored.")
_UNKNOWN_PART = N_("A mapping has no part of this name.")
_UNKNOWN_KEY = N_("“key” must be empty, company_id, client_number or display_name.")
_UNKNOWN_CLEARS = N_("“clears” must be a list of fields.")
_UNKNOWN_NAMES = N_("“types” and “leads” must say a name for each name.")
_UNKNOWN_DEFAULT = N_("“duplicates” must be add or skip.")
_NOTHING = N_("None of its headings is in the file.")
_KEY_MISSING = N_("The file lacks the column by which clients are found.")

_PARTS = ("columns", "key", "clears", "types", "leads", "duplicates")
_MOST = 10_000
"""So many headings or names a mapping has at most."""


def setup_to_saved(setup: ClientSetup, headings: Sequence[str]) -> dict[str, object]:
    """A setup as JSON can hold it, its columns by their headings, so that it fits files whose columns stand in another
    order. What was decided about single rows is left out."""
    columns: dict[str, str | list[str]] = {}
    for heading, name in zip(headings, setup.columns, strict=False):
        heading = heading.strip()
        earlier = columns.get(heading)
        if earlier is None:
            columns[heading] = name
        else:
            columns[heading] = [*(earlier if isinstance(earlier, list) else [earlier]), name]
    return {
        "columns": columns,
        "key": setup.key,
        "clears": sorted(setup.clears),
        "types": dict(setup.types),
        "leads": dict(setup.leads),
        "duplicates": setup.duplicate_default,
    }


def setup_from_text(text: str | bytes, headings: Sequence[str]) -> ClientSetup:
    """The setup that a file with a mapping (JSON, as `setup_to_saved` makes it) says. Refused ("bad_mapping")."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad(_NOT_JSON) from error
    return setup_from_saved(content, headings)


def setup_from_saved(content: object, headings: Sequence[str]) -> ClientSetup:
    """The setup that was saved, for a file with these headings. Columns that were not saved are ignored; a heading
    that is there several times takes what was saved for it in turn. Where no key was saved, it is the Company ID if
    that has a column. Refused ("bad_mapping")."""
    if not isinstance(content, Mapping):
        raise _bad(_SHAPE)
    for part in content:
        if part not in _PARTS:
            raise _bad(_UNKNOWN_PART, part)
    saved = _columns(content.get("columns"))
    columns = []
    for heading in headings:
        waiting = saved.get(heading_key(heading), [])
        columns.append(waiting.pop(0) if waiting else "")
    if not any(columns):
        raise _bad(_NOTHING)
    key = content.get("key", "company_id" if "company_id" in columns else "")
    if key not in ("", *KEYS):
        raise _bad(_UNKNOWN_KEY, key)
    if key and key not in columns:
        raise _bad(_KEY_MISSING, BY_NAME[str(key)].title)
    default = content.get("duplicates", "skip")
    if default not in ("add", "skip"):
        raise _bad(_UNKNOWN_DEFAULT, default)
    clears = content.get("clears", [])
    if not isinstance(clears, list) or not all(isinstance(name, str) and name in BY_NAME for name in clears):
        raise _bad(_UNKNOWN_CLEARS, clears)
    names = [_names(content.get(what, {})) for what in ("types", "leads")]
    return ClientSetup(tuple(columns), str(key), frozenset(clears), names[0], names[1], duplicate_default=str(default))


def _bad(hint: str, value: object = "") -> Refused:
    text = str(value)
    return refuse("bad_mapping", value=text if len(text) <= 60 else text[:59] + "…", hint=hint)


def _columns(content: object) -> dict[str, list[str]]:
    """The fields by the key of their heading, in the order in which they were saved."""
    if not isinstance(content, Mapping) or len(content) > _MOST:
        raise _bad(_SHAPE)
    found: dict[str, list[str]] = {}
    for heading, said in content.items():
        names = said if isinstance(said, list) else [said]
        if not isinstance(heading, str) or len(names) > _MOST:
            raise _bad(_SHAPE, heading)
        for name in names:
            if not isinstance(name, str) or (name and name not in BY_NAME):
                raise _bad(_UNKNOWN_FIELD, name)
        found.setdefault(heading_key(heading), []).extend(names)
    return found


def _names(content: object) -> dict[str, str]:
    if not isinstance(content, Mapping) or len(content) > _MOST:
        raise _bad(_UNKNOWN_NAMES)
    if not all(isinstance(name, str) and isinstance(becomes, str) for name, becomes in content.items()):
        raise _bad(_UNKNOWN_NAMES)
    return dict(content)

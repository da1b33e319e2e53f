"""What the columns of a client list seem to be: by a known program, by their headings, by what stands in them."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.columns.choice_words import choice_word
from clientdesk.domain.columns.presets import OWN, PRESETS, Preset, heading_key, recognised
from clientdesk.domain.columns.switches import says_yes_or_no, switch
from clientdesk.domain.columns.synonyms import BARE_NAMES, FIRMS, KEEPERS, OF_ODOO, SYNONYMS
from clientdesk.domain.contact_cells import is_fax
from clientdesk.domain.fields import Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_values import is_own
from clientdesk.domain.problems import Refused, refuse

_NAMES = frozenset(["contact_first_name", "contact_last_name", "display_name", "business_name"])


class Guess(NamedTuple):
    """What a file's columns seem to be: a field's name for each column ("" to ignore it), the `name` of the preset
    that was recognised ("" for none), and the field by which clients are found ("company_id" where it is there)."""

    columns: tuple[str, ...]
    preset: str
    key: str


# --- guessing


def guess(headings: Sequence[str], rows: Sequence[Sequence[str]], catalogue: Catalogue = BUILT_IN) -> Guess:
    """What the columns seem to be: fields of the firm's own that are called so, the others by the headings of a known
    program, else by each heading, else by what stands in the first rows where that is certain. An identifier is never
    guessed for two columns, nor an own field."""
    own = own_columns(headings, catalogue)
    rest = ["" if name else heading for heading, name in zip(headings, own, strict=True)]
    preset = recognised([heading for heading, name in zip(headings, own, strict=True) if not name])
    columns = columns_by(preset, rest, rows) if preset is not None else _by_heading(rest, rows)
    columns = tuple(name or built_in for name, built_in in zip(own, columns, strict=True))
    return Guess(columns, preset.name if preset is not None else "", "company_id" if "company_id" in columns else "")


def own_columns(headings: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """The firm's own fields, and its tags, whose names are headings ("" for another heading), each in its first place: a
    heading that is written as the name is before others, and what a built-in field is called is never an own one."""
    fields = [
        field for field in (*catalogue.fields, *([catalogue.tags] if catalogue.tags else [])) if is_own(field.name)
    ]
    columns = [""] * len(headings)
    for key_of in (str.strip, fold, heading_key):
        by_key = {key_of(heading): field.name for field in reversed(fields) for heading in field.headings}
        for place, heading in enumerate(headings):
            name = by_key.get(key_of(heading), "")
            if name and name not in columns and not columns[place] and heading_key(heading) not in OWN:
                columns[place] = name
    return tuple(columns)


def columns_by(preset: Preset, headings: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> tuple[str, ...]:
    """The fields of the columns as a known program's files have them. A heading that is there twice counts in its
    first place, and one that is exactly ours counts in every program's files, before those of the program."""
    keys = [heading_key(heading) for heading in headings]
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    columns = [preset.columns.get(key, "") if first[key] == place else "" for place, key in enumerate(keys)]
    for place, key in enumerate(keys):
        name = OWN.get(key, "")
        if name and not columns[place] and first[key] == place and key not in preset.columns:
            name = _field_of_estado(rows, place) if key == _ESTADO else name
            if name in _ONLY_ONE or BUILT_IN.by_name[name].identifier:
                columns = ["" if column == name else column for column in columns]
            columns[place] = name
    return _by_heading(headings, rows, columns) if preset.free else _once(columns)


_ESTADO = "estado"
_ONLY_ONE = frozenset(["status"])


def _once(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns, every identifier, and the status, only in its first place."""
    seen: set[str] = set()
    first_only = []
    for name in columns:
        again = bool(name) and name in seen and (BUILT_IN.by_name[name].identifier or name in _ONLY_ONE)
        first_only.append("" if again else name)
        seen.add(name)
    return tuple(first_only)


def _by_heading(
    headings: Sequence[str], rows: Sequence[Sequence[str]], preset_columns: Sequence[str] = ()
) -> tuple[str, ...]:
    columns = list(preset_columns) or [""] * len(headings)
    keys = [heading_key(heading) for heading in headings]
    named = [name or field_of(heading) for name, heading in zip(columns, headings, strict=True)]
    last_names = "contact_last_name" in named
    for place, (key, name) in enumerate(zip(keys, named, strict=True)):
        if name == "display_name" and key in BARE_NAMES and last_names:
            name = "contact_first_name"
        if key == _ESTADO:
            columns[place] = _field_of_estado(rows, place)
        elif not columns[place] and name and _holds(_column(rows, place), name, headings[place]):
            columns[place] = name
    _firms(keys, columns)
    _one_name(keys, columns)
    taken = set(columns)
    for place, (key, name) in enumerate(zip(keys, named, strict=True)):
        if not columns[place] and not name and key not in FIRMS:
            cells = _column(rows, place)
            columns[place] = _status_by_content(key, cells, taken) or _by_content(cells, taken)
            taken.add(columns[place])
    return _once(columns)


_SLASH = re.compile(r"[/|\\]")
_ELSEWHERE = re.compile(
    r"\s*(?:ship|shipping|ship to|delivery|home|other|personal|alternate|secondary|env[ií]o|enviar a|entrega|particular|otro|otra)\b",
    re.IGNORECASE,
)
"""What the headings of another address begin with."""


@lru_cache(maxsize=1024)
def field_of(heading: str) -> str:
    """The field that a heading says by itself, in English or Spanish; one of two words with a slash says it by either
    word. "" for a heading that is not known."""
    known_field = SYNONYMS.get(heading_key(heading), "")
    if known_field or not _SLASH.search(heading) or _ELSEWHERE.match(heading.replace("_", " ").replace("-", " ")):
        return known_field
    if is_fax(_SLASH.split(heading)[0]):
        return ""
    keys = [heading_key(part) for part in _SLASH.split(heading)]
    names = ["display_name" if key in FIRMS else SYNONYMS.get(key, "") for key in keys]
    known_names = [name for name in names if name]
    if "display_name" in known_names or {"contact_first_name", "contact_last_name"} <= set(known_names):
        return "display_name"
    if "region" in known_names and _ESTADO in keys:
        return "region"
    return known_names[0] if known_names else ""


@cache
def _of_programs() -> frozenset[str]:
    """The keys of the headings by which the known programs' files are read."""
    return frozenset(key for preset in PRESETS for key in preset.columns)


def is_known(heading: str) -> bool:
    """Whether a heading is one that a list of clients has: ours, a known program's, or what people call it."""
    key = heading_key(heading)
    return key in FIRMS or key in _of_programs() or bool(field_of(heading))


def known_headings(cells: Sequence[str]) -> int:
    """How many headings that are known, ours or other programs', are among the cells of a row."""
    return len({fold(cell) for cell in cells if cell and is_known(cell)})


def _column(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """The cells of a column that are not empty."""
    return [text for row in rows if place < len(row) and (text := row[place].strip())]


def _field_of_estado(rows: Sequence[Sequence[str]], place: int) -> str:
    """A client's status where any cell says so in words that we know, or all by yes and no; else a state of Mexico."""
    cells = _column(rows, place)
    if not cells or any(choice_word("status", cell) is not None for cell in cells):
        return "status"
    # Yes and no are no states of a country. What they mean here nobody knows: the rows are asked about.
    return "status" if all(says_yes_or_no(cell) for cell in cells) else "region"


def _holds(cells: Sequence[str], name: str, heading: str) -> bool:
    """Whether a column can be the field that its heading says: among a choice's cells is one of its words. A heading
    that is exactly ours is never doubted."""
    field = BUILT_IN.by_name[name]
    if field.kind is not Kind.CHOICE or not cells or heading_key(heading) in OWN:
        return True
    words = switch(heading) if name == "status" else {}
    return any(choice_word(name, cell) is not None or fold(cell) in words for cell in cells)


def _firms(keys: Sequence[str], columns: list[str]) -> None:
    """A company's name is the display name where no other column gives that, else the business name."""
    names = {name for name in columns if name in _NAMES}
    keepers = KEEPERS if "display_name" in names and not OF_ODOO.isdisjoint(keys) else frozenset()
    for place, key in enumerate(keys):
        if key in FIRMS and key not in keepers and not columns[place]:
            name = "business_name" if "display_name" in names else "display_name"
            columns[place] = "" if name in names else name
            names.add(name)


def _one_name(keys: Sequence[str], columns: list[str]) -> None:
    """Of several columns that could be the display name the first one that says so most clearly is it."""
    places = [place for place, name in enumerate(columns) if name == "display_name"]
    if len(places) > 1:
        sure = [place for place in places if keys[place] in ("displayname", "nombreparamostrar")]
        kept = (sure or places)[0]
        for place in places:
            if place != kept:
                columns[place] = ""


# --- what gives a client its name


def gives_names(columns: Sequence[str], key: str = "") -> bool:
    """Whether columns give clients their names: a display or business name, or a contact's first and last name. Where
    clients are only found by a `key` that has a column, their names are known."""
    names = set(columns) - {""}
    whole = {"contact_first_name", "contact_last_name"} <= names
    return whole or not names.isdisjoint(("display_name", "business_name")) or (bool(key) and key in names)


_LIKE_NAMES = re.compile(
    r"name|nombre|client|customer|company|empresa|razon|debtor|deudor|titular|firm|denominacion|organi|account|social"
    r"|sociedad|contribuyente|taxpayer|entity|entidad|partner|tercero"
)
_NAMELESS = re.compile(r"[\d\W_]*|\S*@\S*|(?:https?:|www\.)\S*", re.IGNORECASE)
"""Cells that are no names: numbers, dates, addresses of mails and sites."""


_SURE_ENOUGH, _PERSON = 0.5, 0.26
"""How much a column must be like names, and how much a contact's first name counts beside a whole one."""


def like_names(headings: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[str]) -> int | None:
    """The place of the column that looks most like clients' names among those that are not read yet; None where none
    does."""
    best, most = None, _SURE_ENOUGH
    for place, (heading, name) in enumerate(zip(headings, columns, strict=False)):
        if name not in ("", "contact_first_name", "contact_last_name") or not heading.strip():
            continue
        cells = _column(rows, place)
        texts = {cell for cell in cells if not _NAMELESS.fullmatch(cell)}
        likeness = len(texts) / len(cells) if cells else 0.0
        likeness += bool(texts) * bool(_LIKE_NAMES.search(fold(heading)))
        likeness *= _PERSON if name else 1  # a part of a person's name only where nothing else is like a name
        if likeness > most:
            best, most = place, likeness
    return best


def nameless(path: str, headings: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Refused:
    """The refusal of a file in which no column gives the clients their names; it names the one that looks like it."""
    place = like_names(headings, rows, columns)
    if place is None:
        return refuse("no_name_column", path=path)
    return refuse("name_column_unknown", path=path, heading=" ".join(headings[place].split()))


_LIKE_A_STATUS = re.compile(r"status$|estatus|estado|situacion|activ|baja")
_STATUS_WORDS = re.compile(r"activ|baja|archiv|enabled|disabled|habilitad")
"""What the words of a status have in them that no other column's words have."""


def _status_by_content(key: str, cells: Sequence[str], taken: Collection[str]) -> str:
    """The status, where a heading sounds like one and every cell is such a word; "" if unsure."""
    if not cells or "status" in taken or not _LIKE_A_STATUS.search(key):
        return ""
    sure = all(choice_word("status", cell) is not None and _STATUS_WORDS.search(fold(cell)) for cell in cells)
    return "status" if sure else ""


_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_SITE = re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE)


def _is_phone(cell: str) -> bool:
    from clientdesk.domain.plain_contact import phone_is_plain

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

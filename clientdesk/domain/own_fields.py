"""The fields that a firm has of its own, and its tags: plain values, and what their names may be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from unicodedata import east_asian_width

from clientdesk.domain.catalogue import BUILT_IN, name_key
from clientdesk.domain.fields import CHANGED, Section
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _

NAME_LIMIT, CHOICE_LIMIT, TAG_LIMIT = 60, 100, 50
"""The greatest length of the name of a field, of a choice, of a tag, in characters."""
MOST_FIELDS, MOST_CHOICES, MOST_TAGS = 200, 500, 5_000
"""So many fields a firm has of its own, so many choices one of them, so many tags a firm, with the retired ones."""
NARROWEST, WIDEST = 3, 120
"""The width of a field's column, in cells."""

TAGS = "tags"
"""The name of the field that holds a client's tags."""


class OwnKind(StrEnum):
    """What a field of the firm's own holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MEMBER = "member"
    LINK = "link"

    @property
    def label(self) -> str:
        """The word a person reads, to be translated."""
        return KIND_LABELS[self.value]


KIND_LABELS: Mapping[str, str] = {
    "text": N_("Text"),
    "number": N_("Number"),
    "date": N_("Date"),
    "yes_no": N_("Yes or no"),
    "choice": N_("Choice"),
    "member": N_("Team member"),
    "link": N_("Link"),
}
UNIQUE_KINDS = frozenset((OwnKind.TEXT, OwnKind.NUMBER, OwnKind.DATE, OwnKind.LINK))
"""The kinds of which no two clients may have the same value, where the field says so."""
_FIRST_WIDTHS: Mapping[OwnKind, int] = {
    OwnKind.TEXT: 16,
    OwnKind.NUMBER: 12,
    OwnKind.DATE: 10,
    OwnKind.YES_NO: 6,
    OwnKind.CHOICE: 14,
    OwnKind.MEMBER: 16,
    OwnKind.LINK: 24,
}
_MOST_FIRST = 24


def first_width(kind: OwnKind, name: str) -> int:
    """The width of a new field's column, in cells: that of its kind, or more where its name needs that, with room for the
    sign of the order, but not much more."""
    cells = sum(2 if east_asian_width(character) in ("W", "F") else 1 for character in name) + 2
    return max(_FIRST_WIDTHS[kind], min(cells, _MOST_FIRST))


SECTIONS: Mapping[str, str] = {section.name.lower(): section.value for section in Section}
"""By the word that is stored the heading of a section of the form (untranslated)."""
FIRST_SECTION = Section.MAIN.name.lower()


class OwnChoice(NamedTuple):
    """A choice of a field; one that is retired stays with the clients that have it."""

    id: int
    name: str
    position: int
    retired: bool


class OwnField(NamedTuple):
    """A field of the firm's own. `section` is a key of `SECTIONS`, `width` that of its column in cells; `choices` are all
    that it has, in their order, the retired ones last. One that is retired is not shown; its values stay. `version` counts the changes,
    but for those of its choices."""

    id: int
    name: str
    kind: OwnKind
    section: str
    width: int
    required: bool
    unique: bool
    position: int
    retired: bool
    choices: tuple[OwnChoice, ...] = ()
    version: int = 0

    @property
    def standing_choices(self) -> tuple[OwnChoice, ...]:
        """The choices that can be taken: those that are not retired."""
        return tuple(choice for choice in self.choices if not choice.retired)


class Tag(NamedTuple):
    """A tag."""

    id: int
    name: str


def internal_name(field_id: int) -> str:
    """What a field of the firm's own is called where it is kept (columns, filters, mappings), whatever its name is."""
    return f"own_{field_id}"


PROPERTIES: Mapping[str, str] = {
    "name": N_("Name"),
    "section": N_("Section"),
    "width": N_("Width"),
    "required": N_("Required"),
    "unique": N_("Unique"),
}
"""What of a field is changed, and its label: its kind never is, as its values would not fit."""
_YES_NO = {"yes": 1, "no": 0}


def property_written(name: str, value: Value) -> str:
    """One of the `PROPERTIES` as a person writes it."""
    return ("yes" if value else "no") if name in ("required", "unique") else str(value)


def read_property(name: str, text: str) -> Value:
    """One of the `PROPERTIES` for what a person writes. Refused ("field_width", "not_yes_or_no", "not_a_choice")."""
    written = text.strip()
    if name == "width":
        if not (written.isascii() and written.isdigit() and len(written) < len(str(WIDEST)) * 2):
            raise refuse("field_width", name, value=text, least=NARROWEST, most=WIDEST)
        return int(written)
    if name in ("required", "unique"):
        if written.casefold() not in _YES_NO:
            raise refuse("not_yes_or_no", name, label=PROPERTIES[name], value=text)
        return _YES_NO[written.casefold()]
    if name == "section":
        headings = {fold(text): word for word, heading in SECTIONS.items() for text in (word, heading, _(heading))}
        if fold(written) not in headings:
            raise refuse("not_a_choice", name, label=PROPERTIES[name], value=text, choices=", ".join(SECTIONS))
        return headings[fold(written)]
    return text


# --- names

_SIGNS = ',=!<>~^|"'
"""What stands between fields and values on the command line."""
_TAG_SIGNS = ",;|"
"""What stands between tags; # stands before the id of one."""
_BEGINNINGS = "-@#"
_INTERNAL = r"own \d+"


@cache
def _built_in_names() -> Mapping[str, str]:
    """How the built-in fields are called, in every language, on the command line and above files, by letters and digits
    alone; by each its label."""
    from clientdesk.domain.columns.presets import heading_key  # weighs too much for every start

    return {
        heading_key(text): field.label
        for field in (CHANGED, *BUILT_IN.with_tags)
        for text in (field.name, field.label, field.short, *field.headings)
        if text
    }


def built_in_called(name: str) -> str:
    """The built-in field that is called so, in the language in which you read it; "" where none is."""
    from clientdesk.domain.columns.presets import heading_key

    built_in = (CHANGED, *BUILT_IN.with_tags)
    translated = {heading_key(text): field.label for field in built_in for text in (field.title, field.short_title)}
    key = heading_key(name)
    label = _built_in_names().get(key) or translated.get(key, "")
    return _(label) if label else ""


def check_name(name: str) -> list[Problem]:
    """What is wrong with the name of a field, but for its length and other fields of the firm's own."""
    if label := built_in_called(name):
        return [problem("field_built_in", "name", name=name, of=label)]
    if re.fullmatch(_INTERNAL, name_key(name)):
        return [problem("field_internal", "name", name=name)]
    if sign := next((sign for sign in name if sign in _SIGNS), "") or next(
        (sign for sign in name[:1] if sign in _BEGINNINGS), ""
    ):
        return [problem("field_sign", "name", name=name, sign=sign)]
    return []


def check_tag(name: str) -> list[Problem]:
    """What is wrong with the name of a tag, but for its length and other tags."""
    sign = next((sign for sign in name if sign in _TAG_SIGNS), "") or ("#" if name.startswith("#") else "")
    return [problem("tag_sign", "name", name=name, sign=sign)] if sign else []


def field_called(fields: Iterable[OwnField], name: str) -> OwnField | None:
    """The field of this name as people write it (`name_key`)."""
    return next((field for field in fields if name_key(field.name) == name_key(name)), None)


def choice_called(choices: Iterable[OwnChoice], name: str) -> OwnChoice | None:
    """The choice of this name in any case and with or without accents."""
    return next((choice for choice in choices if fold(choice.name) == fold(name)), None)


def placed(ids: Sequence[int], moved: Sequence[int], before: int | None) -> list[int]:
    """Ids in a new order: those that are `moved`, as they come, stand before another one (None: at the end)."""
    taken = set(moved)
    rest = [row_id for row_id in ids if row_id not in taken]
    at = rest.index(before) if before in rest else len(rest)
    return [*rest[:at], *moved, *rest[at:]]


def behind_step(ids: Sequence[int], row_id: int, step: int) -> Sequence[int | None]:
    """Before which other one a row comes to stand that goes a `step` up (-1) or down (1); None is the end, and nothing is
    there where it cannot go."""
    place = ids.index(row_id) + step
    rest = [other for other in ids if other != row_id]
    return [*rest, None][place : place + 1] if 0 <= place < len(ids) else []

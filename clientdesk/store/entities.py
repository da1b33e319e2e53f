"""What a firm keeps a history of, each entity declared once.

Triggers, grants and checks of both engines, the words of the history, copying, `check` and undo read these
declarations. A new entity is one declaration and the script that makes its table; a new field is one attribute (of a
client: one entry of the catalogue of fields; of the firm: one of its settings) and one ALTER TABLE on each engine.
"""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from types import MappingProxyType

from clientdesk.domain.access import Access, least
from clientdesk.domain.bounds import Bound, Json, Number, Text, of_field
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import STATUSES, Kind
from clientdesk.domain.firm_settings import SETTINGS
from clientdesk.domain.own_fields import (
    CHOICE_LIMIT,
    FIRST_SECTION,
    KIND_LABELS,
    NAME_LIMIT,
    NARROWEST,
    SECTIONS,
    TAG_LIMIT,
    WIDEST,
)
from clientdesk.domain.own_values import EMPTY
from clientdesk.domain.patch import Key, RowId, Value
from clientdesk.domain.unique_client_numbers import NUMBER_KEY
from clientdesk.domain.views import NAME_LIMIT as VIEW_NAME_LIMIT
from clientdesk.domain.views import is_view
from clientdesk.domain.views import parts_in_words as view_parts
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_

_NO_WORDS: Mapping[Value, str] = MappingProxyType({})


class Attribute(NamedTuple):
    """One field of an entity.

    `name` is the word that patches and the history use, `column` where the table holds it, `label` what a person reads
    (untranslated). `refers_to` is the entity whose id it holds, "" for a value; `number` says that the value is one.
    `words` are what a person reads for values that speak in a code (untranslated). `default` is what a row has of which
    an older history does not speak, and what a new row has that does not say it. `shown` is false for what says
    nothing to a person. `parts` says what a person reads of a value that is kept in a form of its own, part by part, by label. `once` says that it
    is set when the row is added and never changes. `bound` is what the column may hold, None where the table says it or it
    is a reference; `writers` the least access that may change it. One `of_many` has many fields in it, each of which patches
    name by itself.
    """

    name: str
    label: str
    column: str
    refers_to: str = ""
    default: Value = ""
    number: bool = False
    words: Mapping[Value, str] = _NO_WORDS
    shown: bool = True
    once: bool = False
    bound: Bound | None = None
    writers: Access = Access.FULL
    parts: Callable[[object], Mapping[str, str]] | None = None
    of_many: bool = False


class _Declaration(NamedTuple):
    """What is declared of something that the firm keeps, with a history: its table, its attributes, and how a row is
    called.

    `called_by` is the attribute that names a row to people; "" for one that is called by its key, whose parts name it. `unique` are the columns besides the key of which no two
    rows have the same value. `identity` are the columns that make its key: a counted id, or ids and a period, which are
    attributes that never change (`once`). `single` says that there is one row, which is made with the firm. `deleted_by`
    is the least access that may delete a row, None where nobody may.
    """

    name: str
    title: str
    attributes: tuple[Attribute, ...]
    called_by: str
    unique: tuple[str, ...] = ()
    identity: tuple[str, ...] = ("id",)
    single: bool = False
    deleted_by: Access | None = None


class Entity(_Declaration):
    """Something that the firm keeps. There is one of each."""

    __eq__, __hash__, __repr__ = object.__eq__, object.__hash__, object.__repr__

    @cached_property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by their names."""
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def defaults(self) -> Mapping[str, Value]:
        """What a new row has that does not say it, by field."""
        return {attribute.name: attribute.default for attribute in self.attributes if not attribute.of_many}

    @cached_property
    def references(self) -> tuple[Attribute, ...]:
        """The attributes that refer to other rows."""
        return tuple(attribute for attribute in self.attributes if attribute.refers_to)

    @property
    def counted(self) -> bool:
        """Whether its rows have ids that are reserved before they are given."""
        return self.identity == ("id",) and not self.single

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that never change."""
        of_row = (attribute.column for attribute in self.attributes if attribute.once)
        return tuple(dict.fromkeys((*self.identity, *of_row)))

    @cached_property
    def key_attributes(self) -> tuple[Attribute, ...]:
        """The attributes that make its key, in that order; none where that is an id."""
        by_column = {attribute.column: attribute for attribute in self.attributes}
        return tuple(by_column[column] for column in self.identity if column in by_column)

    def key_of(self, values: Mapping[str, Value]) -> Key:
        """The key that follows from a row's values, by field; "" where one of its parts is missing or can be no part of a
        key, or where the key is an id."""
        parts = [values.get(attribute.name) for attribute in self.key_attributes]
        is_whole = all(part not in (None, "") and "/" not in str(part) for part in parts)
        return "/".join(map(str, parts)) if is_whole else ""

    def key_sql(self, row: str) -> str:
        """The expression, on either engine, that makes the key of a row (NEW, or the name of a table)."""
        return " || '/' || ".join(f"CAST({row}.{column} AS TEXT)" for column in self.identity)


def _value(name: str, label: str, **options: object) -> Attribute:
    return Attribute(name, label, name, **options)  # type: ignore[arg-type]  # the attribute's own fields


def _number(name: str, label: str, default: int | None = 0, **options: object) -> Attribute:
    return _value(name, label, default=default, number=True, **options)


def _reference(name: str, label: str, entity: str, once: bool = False) -> Attribute:
    return Attribute(name, label, f"{name}_id", entity, None, once=once)


_ACTIVE = {int(choice.value == "active"): choice.label for choice in STATUSES}

_MEMBER_NAME, _TYPE_NAME = 200, 100

TEAM_MEMBER = Entity(
    "team_member",
    N_("Team member"),
    (
        _value("name", N_("Name"), bound=Text(_MEMBER_NAME, filled=True)),
        _value("email", N_("E-mail"), bound=Text(_MEMBER_NAME)),
        _value("login", N_("Login"), bound=Text(_MEMBER_NAME, filled=True)),
        _value("access", N_("Access"), words={access.value: access.label for access in Access}),
        _number("active", N_("Status"), 1, words=_ACTIVE),
    ),
    called_by="name",
    unique=("name_key", "login"),
)
CLIENT_TYPE = Entity(
    "client_type",
    N_("Client type"),
    (_value("name", N_("Name"), bound=Text(_TYPE_NAME, filled=True)),),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
FIRM = Entity(
    "firm",
    N_("Firm"),
    (
        *(
            _value(
                setting.name,
                setting.title,
                default=setting.default,
                number=setting.kind is not Kind.TEXT,
                words=setting.told_by,
                bound=setting.bound,
                writers=least(setting.action),
            )
            for setting in SETTINGS
        ),
        _reference("primary_admin", N_("Primary admin"), "team_member"),
        _reference("offered_to", N_("Primary admin's role offered to"), "team_member"),
        _value("uid", N_("Identity"), shown=False, once=True),
        _number("origin", N_("Origin"), shown=False, once=True),
    ),
    called_by="name",
    single=True,
)
VIEW = Entity(
    "view",
    N_("View"),
    (
        _value("name", N_("Name"), bound=Text(VIEW_NAME_LIMIT, filled=True)),
        _value("content", N_("Shows"), default="{}", bound=Json("object", readable=is_view), parts=view_parts),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
_CHECKED = ("status", "billed_to", "primary_admin")
"""The choices that the table has a CHECK for."""
_REFERENCES = {Kind.CLIENT_TYPE: "client_type", Kind.MEMBER: "team_member"}
CLIENT = Entity(
    "client",
    N_("Client"),
    (
        *(
            _reference(field.name, field.label, _REFERENCES[field.kind])
            if field.kind in _REFERENCES
            else _value(
                field.name,
                field.label,
                default=BUILT_IN.empty[field.name],
                words={choice.value: choice.label for choice in field.choices},
                once=field.editor == "never",
                bound=None if field.name in _CHECKED else of_field(field),
            )
            for field in BUILT_IN.fields
        ),
        _value("own", N_("Own fields"), default=EMPTY, bound=Json("object"), of_many=True),  # see `domain.own_values`
    ),
    called_by="display_name",
    unique=("company_id", NUMBER_KEY),
    deleted_by=Access.PRIMARY_ADMIN,
)

_YES_NO: Mapping[Value, str] = {1: N_("Yes"), 0: N_("No")}


def _switch(name: str, label: str, column: str = "") -> Attribute:
    """A yes or no, kept as 1 or 0."""
    return Attribute(name, label, column or name, default=0, number=True, words=_YES_NO, bound=Number(0, 1))


_POSITION = Attribute("position", N_("Place"), "place", default=0, number=True, bound=Number(0, 1_000_000))

OWN_FIELD = Entity(
    "own_field",
    N_("Own field"),
    (
        _value("name", N_("Name"), bound=Text(NAME_LIMIT, filled=True)),
        _value("kind", N_("Kind"), once=True, words=KIND_LABELS, bound=Text(choices=tuple(KIND_LABELS))),
        _value("section", N_("Section"), default=FIRST_SECTION, words=SECTIONS, bound=Text(choices=tuple(SECTIONS))),
        _number("width", N_("Width"), 16, bound=Number(NARROWEST, WIDEST)),
        _switch("required", N_("Required")),
        _switch("unique", N_("Unique"), "is_unique"),
        _POSITION,
        _switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
OWN_CHOICE = Entity(
    "own_choice",
    N_("Choice"),
    (
        _reference("field", N_("Own field"), "own_field", once=True),
        _value("name", N_("Name"), bound=Text(CHOICE_LIMIT, filled=True)),
        _POSITION,
        _switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
TAG = Entity(
    "tag",
    N_("Tag"),
    (_value("name", N_("Name"), bound=Text(TAG_LIMIT, filled=True)),),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)

DECLARED: tuple[Entity, ...] = (
    FIRM,
    TEAM_MEMBER,
    CLIENT_TYPE,
    CLIENT,
    VIEW,
    OWN_FIELD,
    OWN_CHOICE,
    TAG,
)
ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in DECLARED}
"""By name, which is the table's, too."""
REFERRED_BY: Mapping[str, tuple[tuple[Entity, Attribute], ...]] = {
    target.name: referring
    for target in DECLARED
    if target.deleted_by is not None
    if (
        referring := tuple(
            (entity, to) for entity in DECLARED for to in entity.references if to.refers_to == target.name
        )
    )
}
"""Who refers to the rows of an entity, and by which attribute: of each whose rows are deleted, and that is referred to.
A row is not deleted while another one refers to it."""


def is_key(entity: str, key: Key) -> bool:
    """Whether a text, which another program may have written, can be the key of a row."""
    try:
        identity = key_reader(entity)(key)
    except ValueError:
        return False
    return key == (str(identity) if isinstance(identity, int) else "/".join(map(str, identity)))


@cache
def key_reader(entity: str) -> Callable[[Key], RowId]:
    """Reads from the key of a row what the columns of its identity hold. That raises ValueError for what is no key."""
    attributes = ENTITIES[entity].key_attributes
    if not attributes:
        return int
    kinds = tuple(int if attribute.number or attribute.refers_to else str for attribute in attributes)

    def read(key: Key) -> RowId:
        return tuple(kind(part) for kind, part in zip(kinds, key.split("/"), strict=True))

    return read

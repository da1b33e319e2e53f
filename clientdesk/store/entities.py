"""What a firm keeps a history of, each entity declared once.

Triggers, grants and checks of both engines, the words of the history, copying, `check` and undo read these
declarations. A new entity is one declaration and the script that makes its table; a new field is one attribute (of a
client: one entry of the catalogue of fields) and one ALTER TABLE on each engine.
"""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.fields import EMPTY, FIELDS, Kind
from clientdesk.domain.patch import Value
from clientdesk.text import N_


class Attribute(NamedTuple):
    """One field of an entity.

    `name` is the word that patches and the history use, `column` where the table holds it, `label` what a person reads
    (untranslated). `refers_to` is the entity whose id it holds, "" for a value. `default` is what a row has of which
    an older history does not speak, and what a new row has that does not say it. `shown` is false for what says
    nothing to a person. `once` says that it is set when the row is added and never changes.
    """

    name: str
    label: str
    column: str
    refers_to: str = ""
    default: Value = ""
    shown: bool = True
    once: bool = False


class Entity(NamedTuple):
    """Something that the firm keeps, with a history: its table, its attributes, and how a row is called.

    `called_by` is the attribute that names a row to people. `unique` are the columns besides the id of which no two
    rows have the same value. `identity` are the columns that make its key: a counted id, or ids and a period.
    """

    name: str
    title: str
    attributes: tuple[Attribute, ...]
    called_by: str
    unique: tuple[str, ...] = ()
    identity: tuple[str, ...] = ("id",)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose changes the history keeps."""
        return tuple(attribute.column for attribute in self.attributes)

    @property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by their names."""
        return {attribute.name: attribute for attribute in self.attributes}


def _value(name: str, label: str, **more: Value) -> Attribute:
    return Attribute(name, label, name, **more)  # type: ignore[arg-type]  # the attribute's own fields


def _reference(name: str, label: str, entity: str, column: str = "") -> Attribute:
    return Attribute(name, label, column or f"{name}_id", entity, None)


TEAM_MEMBER = Entity(
    "team_member",
    N_("Team member"),
    (
        _value("name", N_("Name")),
        _value("email", N_("E-mail")),
        _value("login", N_("Login")),
        _value("access", N_("Access")),
        _value("active", N_("Status"), default=1),
    ),
    called_by="name",
    unique=("name_key", "login"),
)
CLIENT_TYPE = Entity(
    "client_type", N_("Client type"), (_value("name", N_("Name")),), called_by="name", unique=("name_key",)
)
FIRM = Entity(
    "firm",
    N_("Firm"),
    (
        _value("name", N_("Firm")),
        _value("client_notice", N_("Notice from so many clients on"), default=None),
        _reference("primary_admin", N_("Primary admin"), "team_member"),
        _reference("offered_to", N_("Primary admin's role offered to"), "team_member"),
        _value("upload_limit", N_("QuickBooks' upload limit"), default=1),
        _value("uid", N_("Identity"), shown=False, once=True),
    ),
    called_by="name",
)
_REFERENCES = {Kind.CLIENT_TYPE: "client_type", Kind.MEMBER: "team_member"}
CLIENT = Entity(
    "client",
    N_("Client"),
    tuple(
        _reference(field.name, field.label, _REFERENCES[field.kind])
        if field.kind in _REFERENCES
        else _value(field.name, field.label, default=EMPTY[field.name], once=field.editor == "never")
        for field in FIELDS
    ),
    called_by="display_name",
    unique=("company_id", "number_key"),
)

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in (FIRM, TEAM_MEMBER, CLIENT_TYPE, CLIENT)}
"""By name, which is the table's, too; each behind those that a copy must have first."""

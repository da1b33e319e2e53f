"""What a firm is made of, with a history, each entity declared once: itself, its team, its clients and what is said of them.

Triggers, grants and checks of both engines, the words of the history, copying, `check` and undo read these
declarations. A new entity is one declaration and the script that makes its table; a new field is one attribute (of a
client: one entry of the catalogue of fields; of the firm: one of its settings) and one ALTER TABLE on each engine.
"""

from clientdesk.domain.access import Access, least
from clientdesk.domain.bounds import Json, Number, Text, of_field
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
from clientdesk.domain.unique_client_numbers import NUMBER_KEY
from clientdesk.domain.views import NAME_LIMIT as VIEW_NAME_LIMIT
from clientdesk.domain.views import is_view
from clientdesk.domain.views import parts_in_words as view_parts
from clientdesk.store.entity import POSITION, Entity, number, reference, switch, value
from clientdesk.text import N_

_ACTIVE = {int(choice.value == "active"): choice.label for choice in STATUSES}

_MEMBER_NAME, _TYPE_NAME = 200, 100

TEAM_MEMBER = Entity(
    "team_member",
    N_("Team member"),
    (
        value("name", N_("Name"), bound=Text(_MEMBER_NAME, filled=True)),
        value("email", N_("E-mail"), bound=Text(_MEMBER_NAME)),
        value("login", N_("Login"), bound=Text(_MEMBER_NAME, filled=True)),
        value("access", N_("Access"), words={access.value: access.label for access in Access}),
        number("active", N_("Status"), 1, words=_ACTIVE),
    ),
    called_by="name",
    unique=("name_key", "login"),
)
CLIENT_TYPE = Entity(
    "client_type",
    N_("Client type"),
    (value("name", N_("Name"), bound=Text(_TYPE_NAME, filled=True)),),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
FIRM = Entity(
    "firm",
    N_("Firm"),
    (
        *(
            value(
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
        reference("primary_admin", N_("Primary admin"), "team_member"),
        reference("offered_to", N_("Primary admin's role offered to"), "team_member"),
        value("uid", N_("Identity"), shown=False, once=True),
        number("origin", N_("Origin"), shown=False, once=True),
    ),
    called_by="name",
    single=True,
)
VIEW = Entity(
    "view",
    N_("View"),
    (
        value("name", N_("Name"), bound=Text(VIEW_NAME_LIMIT, filled=True)),
        value("content", N_("Shows"), default="{}", bound=Json("object", readable=is_view), parts=view_parts),
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
            reference(field.name, field.label, _REFERENCES[field.kind])
            if field.kind in _REFERENCES
            else value(
                field.name,
                field.label,
                default=BUILT_IN.empty[field.name],
                words={choice.value: choice.label for choice in field.choices},
                once=field.editor == "never",
                bound=None if field.name in _CHECKED else of_field(field),
            )
            for field in BUILT_IN.fields
        ),
        value("own", N_("Own fields"), default=EMPTY, bound=Json("object"), of_many=True),  # see `domain.own_values`
    ),
    called_by="display_name",
    unique=("company_id", NUMBER_KEY),
    deleted_by=Access.PRIMARY_ADMIN,
)

OWN_FIELD = Entity(
    "own_field",
    N_("Own field"),
    (
        value("name", N_("Name"), bound=Text(NAME_LIMIT, filled=True)),
        value("kind", N_("Kind"), once=True, words=KIND_LABELS, bound=Text(choices=tuple(KIND_LABELS))),
        value("section", N_("Section"), default=FIRST_SECTION, words=SECTIONS, bound=Text(choices=tuple(SECTIONS))),
        number("width", N_("Width"), 16, bound=Number(NARROWEST, WIDEST)),
        switch("required", N_("Required")),
        switch("unique", N_("Unique"), "is_unique"),
        POSITION,
        switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
OWN_CHOICE = Entity(
    "own_choice",
    N_("Choice"),
    (
        reference("field", N_("Own field"), "own_field", once=True),
        value("name", N_("Name"), bound=Text(CHOICE_LIMIT, filled=True)),
        POSITION,
        switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
TAG = Entity(
    "tag",
    N_("Tag"),
    (value("name", N_("Name"), bound=Text(TAG_LIMIT, filled=True)),),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)

FIRM_ENTITIES: tuple[Entity, ...] = (
    FIRM,
    TEAM_MEMBER,
    CLIENT_TYPE,
    CLIENT,
    VIEW,
    OWN_FIELD,
    OWN_CHOICE,
    TAG,
)
"""All of them, each behind those that it refers to."""

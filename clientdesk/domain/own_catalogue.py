"""The catalogue of a firm that has fields of its own, and tags."""

from collections.abc import Mapping, Sequence
from typing import Any

from clientdesk.domain.catalogue import BUILT_IN, NO_TAGS, Catalogue
from clientdesk.domain.fields import REVIEWS, WORK, YES_NO, Choice, Field, Kind, Section
from clientdesk.domain.own_fields import OwnField, OwnKind, Tag, internal_name
from clientdesk.domain.own_values import LONGEST
from clientdesk.text import N_, _

_KINDS: Mapping[OwnKind, Kind] = {
    OwnKind.TEXT: Kind.TEXT,
    OwnKind.NUMBER: Kind.DECIMAL,
    OwnKind.DATE: Kind.DATE,
    OwnKind.YES_NO: Kind.CHOICE,
    OwnKind.CHOICE: Kind.OWN_CHOICE,
    OwnKind.MEMBER: Kind.MEMBER,
    OwnKind.LINK: Kind.LINK,
}
_ORDERED = {OwnKind.NUMBER: "decimal", OwnKind.DATE: "date"}
_HINTS = {
    OwnKind.DATE: N_("YYYY-MM-DD, such as 2026-12-31"),
    OwnKind.NUMBER: N_("a number, such as 1250.50"),
}


def field_of(own: OwnField) -> Field:
    """A field of the firm's own as lists, forms and files have it."""
    return Field(
        internal_name(own.id),
        own.name,
        Section[own.section.upper()],
        _KINDS[own.kind],
        own.width,
        LONGEST,
        headings=(own.name, own.name),
        choices=YES_NO if own.kind is OwnKind.YES_NO else (),
        folded=own.kind in (OwnKind.TEXT, OwnKind.LINK),
        ordered=_ORDERED.get(own.kind, ""),
        hint=_HINTS.get(own.kind, ""),
        own=True,
        called={choice.id: choice.name for choice in own.choices},
        offered=tuple(choice.id for choice in own.standing_choices),
        required=own.required,
        unique=own.unique,
    )


def field_of_tags(tags: Sequence[Tag]) -> Field:
    """The field that holds a client's tags."""
    called = {tag.id: tag.name for tag in tags}
    return NO_TAGS._replace(called=called, offered=tuple(called))


def catalogue_of(
    own_fields: Sequence[OwnField], tags: Sequence[Tag], templates: Sequence[tuple[int, str, str, str]] = ()
) -> Catalogue:
    """The built-in fields and the firm's own, each behind those of its section, and what lists have of work by the templates in use
    (id, name, kind of period and states as they are kept). Fields that are retired are known by their names and stand nowhere; so
    is that of the tags as long as there is none."""
    standing = [field_of(own) for own in own_fields if not own.retired]
    retired = [field_of(own) for own in own_fields if own.retired]
    of_tags = field_of_tags(tags)
    (standing if tags else retired).append(of_tags)
    fields = (
        field
        for section in Section
        for of_section in (BUILT_IN.fields, standing)
        for field in of_section
        if field.section is section
    )
    return Catalogue(tuple(fields), tuple(retired), of_tags, *_of_work(templates))


def _of_work(templates: Sequence[tuple[int, str, str, str]]) -> tuple[Any, ...]:
    """What a catalogue has of templates: names, kinds of periods, states, and the fields of lists."""
    if not templates:
        return ()
    from clientdesk.domain.kept_templates import states_from  # most firms have none

    names = {template_id: name for template_id, name, _kind, _states in templates}
    states = {
        template_id: {state.number: state.name for state in states_from(kept)}
        for template_id, _name, _kind, kept in templates
    }
    own_states = dict.fromkeys(name for of_template in states.values() for name in of_template.values())
    words = {choice.value for choice in REVIEWS} | {_(choice.label) for choice in REVIEWS}
    reviews = (*REVIEWS, *(Choice(name, name) for name in own_states if name not in words))
    more: dict[str, dict[str, Any]] = {
        "work": {"called": names, "offered": tuple(names)},
        "review": {"choices": reviews},
    }
    fields = tuple(field._replace(**more.get(field.name, {})) for field in WORK)
    return names, {template_id: kind for template_id, _name, kind, _states in templates}, states, fields

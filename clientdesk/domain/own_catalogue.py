"""The catalogue of a firm that has fields of its own, and tags."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from clientdesk.domain.catalogue import BUILT_IN, NO_TAGS, Catalogue
from clientdesk.domain.fields import YES_NO, Field, Kind, Section
from clientdesk.domain.own_fields import OwnField, OwnKind, Tag, internal_name
from clientdesk.domain.own_values import LONGEST
from clientdesk.text import N_

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
    own_fields: Sequence[OwnField], tags: Sequence[Tag], templates: Mapping[int, str] = MappingProxyType({})
) -> Catalogue:
    """The built-in fields and the firm's own, each behind those of its section, and the names of the templates of work in use. Fields that are retired are known by
    their names and stand nowhere; so is that of the tags as long as there is none."""
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
    return Catalogue(tuple(fields), tuple(retired), of_tags, templates)

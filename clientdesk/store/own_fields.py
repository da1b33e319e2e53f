"""The fields of the firm's own, their choices, and the tags: read whole, as there are few of them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from clientdesk.domain.own_fields import OwnChoice, OwnField, OwnKind, Tag
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.history import TABLES

_CHOICE = tuple(TABLES["own_choice"]._meta.columns[name] for name in ("field_id", "id", "name", "place", "retired"))
_FIELD = tuple(
    TABLES["own_field"]._meta.columns[name]
    for name in ("id", "name", "kind", "section", "width", "required", "is_unique", "place", "retired", "version")
)


def asked() -> list[Statement]:
    """Asks for the fields and for their choices; see `answered`."""
    return [
        TABLES["own_field"].select(*_FIELD).order_by(_FIELD[8], _FIELD[7], _FIELD[0]),
        TABLES["own_choice"].select(*_CHOICE).order_by(_CHOICE[-1], _CHOICE[-2], _CHOICE[1]),
    ]


def answered(fields: Iterable[Sequence[Any]], choices: Iterable[Sequence[Any]]) -> tuple[OwnField, ...]:
    """The fields with their choices, both in their order, the retired ones last."""
    of_fields: dict[int, list[OwnChoice]] = {}
    for field_id, choice_id, name, position, retired in choices:
        of_fields.setdefault(field_id, []).append(OwnChoice(choice_id, name, position, bool(retired)))
    return tuple(
        OwnField(
            field_id,
            name,
            OwnKind(kind),
            section,
            width,
            bool(required),
            bool(unique),
            position,
            bool(retired),
            tuple(of_fields.get(field_id, ())),
            version,
        )
        for field_id, name, kind, section, width, required, unique, position, retired, version in fields
    )


def own_fields(engine: Engine) -> tuple[OwnField, ...]:
    """All fields of the firm's own. See `answered`."""
    return answered(*engine.together(*asked()))


def tags_asked() -> Statement:
    """Asks for the tags by name: id and name of each."""
    tag = TABLES["tag"]._meta.columns
    query: Statement = TABLES["tag"].select(tag["id"], tag["name"]).order_by(tag["name_key"])
    return query


def tags(engine: Engine) -> tuple[Tag, ...]:
    """All tags by name."""
    return tuple(Tag(*row) for row in engine.together(tags_asked())[0])


def tags_by_key(engine: Engine, keys: Collection[str]) -> dict[str, Tag]:
    """Those of the tags with these folded names that there are, by these."""
    tag = TABLES["tag"]._meta.columns
    query = (
        TABLES["tag"].select(tag["name_key"], tag["id"], tag["name"]).where(tag["name_key"].in_(among(sorted(keys))))
    )
    return {key: Tag(tag_id, name) for key, tag_id, name in engine.together(query)[0]} if keys else {}

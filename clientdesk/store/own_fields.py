"""The fields of the firm's own, their choices, and the tags: read whole, as there are few of them."""

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from typing import Any

from peewee import Cast, Table, Value, fn

from clientdesk.domain.own_fields import FIRST_SECTION, KIND_LABELS, SECTIONS, OwnChoice, OwnField, OwnKind, Tag
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.models import ENTITY_TABLES, FirmModel

_CHOICE = tuple(
    ENTITY_TABLES["own_choice"]._meta.columns[name] for name in ("field_id", "id", "name", "place", "retired")
)
_FIELD = tuple(
    ENTITY_TABLES["own_field"]._meta.columns[name]
    for name in ("id", "name", "kind", "section", "width", "required", "is_unique", "place", "retired", "version")
)


def state() -> Any:
    """A text, to be asked for with other things, that is another one whenever a field of the firm's own, a choice, a tag or a
    template of work is."""
    of_tables = []
    for name in ("own_field", "own_choice", "tag", "template"):
        table = Table(name)  # a firm without work needs no model of it
        numbers = fn.COUNT(table.c.id), fn.COALESCE(fn.SUM(table.c.id), 0), fn.COALESCE(fn.SUM(table.c.version), 0)
        count, *sums = (Cast(number, "text") for number in numbers)
        of_tables.append(table.select(reduce(_joined, sums, count)))
    return reduce(_joined, of_tables, Value(""))


def state_of(engine: Engine) -> str:
    """The `state` as it is now."""
    ((text,),) = engine.together(FirmModel.select(state()))[0]
    return str(text)


def _joined(text: Any, more: Any) -> Any:
    return text.concat(" ").concat(more)


def asked() -> list[Statement]:
    """Asks for the fields and for their choices; see `answered`."""
    return [
        ENTITY_TABLES["own_field"].select(*_FIELD).order_by(_FIELD[8], _FIELD[7], _FIELD[0]),
        ENTITY_TABLES["own_choice"].select(*_CHOICE).order_by(_CHOICE[-1], _CHOICE[-2], _CHOICE[1]),
    ]


def answered(fields: Iterable[Sequence[Any]], choices: Iterable[Sequence[Any]]) -> tuple[OwnField, ...]:
    """The fields with their choices, both in their order, the retired ones last. One that another program has given a kind
    or a section which there is not is read as a text of the first section; `check` tells of it."""
    of_fields: dict[int, list[OwnChoice]] = {}
    for field_id, choice_id, name, position, retired in choices:
        of_fields.setdefault(field_id, []).append(OwnChoice(choice_id, name, position, bool(retired)))
    return tuple(
        OwnField(
            field_id,
            name,
            OwnKind(kind) if kind in KIND_LABELS else OwnKind.TEXT,
            section if section in SECTIONS else FIRST_SECTION,
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
    tag = ENTITY_TABLES["tag"]._meta.columns
    query: Statement = ENTITY_TABLES["tag"].select(tag["id"], tag["name"]).order_by(tag["name_key"])
    return query


def templates_asked() -> Statement:
    """Asks for the templates of work that are in use, in their order: id, name, kind of period and states of each."""
    template = Table("template")
    of = template.c
    in_use = template.select(of.id, of.name, of.period, of.states).where(of.retired == 0)
    query: Statement = in_use.order_by(of.place, of.id)
    return query


def tags(engine: Engine) -> tuple[Tag, ...]:
    """All tags by name."""
    return tuple(Tag(*row) for row in engine.together(tags_asked())[0])


def tags_by_key(engine: Engine, keys: Collection[str]) -> dict[str, Tag]:
    """Those of the tags with these folded names that there are, by these."""
    tag = ENTITY_TABLES["tag"]._meta.columns
    query = (
        ENTITY_TABLES["tag"]
        .select(tag["name_key"], tag["id"], tag["name"])
        .where(tag["name_key"].in_(among(sorted(keys))))
    )
    return {key: Tag(tag_id, name) for key, tag_id, name in engine.together(query)[0]} if keys else {}

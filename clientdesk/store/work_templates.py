"""The templates of work with their sections and items: read whole, as there are few of them."""

from collections.abc import Sequence
from typing import Any

from peewee import fn

from clientdesk.domain.due_dates import Due, due_from
from clientdesk.domain.kept_templates import applies_from, roles_from, states_from
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import MEMBER, Item, Section, WorkTemplate
from clientdesk.domain.working_days import Roll
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.work_entities import TEMPLATE

_COLUMNS = ("id", *(attribute.column for attribute in TEMPLATE.attributes), "version")
_PERIODS, _ROLLS = frozenset(PeriodKind), frozenset(Roll)


def _select(table: str, *names: str) -> Any:
    model = TABLES[table]
    columns = model._meta.columns
    return model.select(*(columns[name] for name in names)).order_by(
        columns["retired"], columns["place"], columns["id"]
    )


def asked() -> list[Statement]:
    """Asks for the templates, their sections, and the items in these; see `answered`."""
    return [
        _select("template", *_COLUMNS),
        _select("template_section", "template_id", "id", "name", "place", "retired"),
        _select("template_item", "section_id", "id", "title", "place", "retired", "client_id", "first", "last"),
    ]


def answered(answers: Sequence[Sequence[Sequence[Any]]]) -> tuple[WorkTemplate, ...]:
    """The templates in their order, the retired ones last; so are sections and items. What another program has written that
    there is not is read as a month, as it stays, and as no due date; `check` tells of it."""
    templates, sections, items = answers
    of_sections: dict[int, list[Item]] = {}
    for section_id, item_id, title, place, retired, client_id, first, last in items:
        item = Item(item_id, title, place, bool(retired), client_id, first, last)
        of_sections.setdefault(section_id, []).append(item)
    of_templates: dict[int, list[Section]] = {}
    for template_id, section_id, name, place, retired in sections:
        section = Section(section_id, name, place, bool(retired), tuple(of_sections.get(section_id, ())))
        of_templates.setdefault(template_id, []).append(section)
    return tuple(_template(row, tuple(of_templates.get(row[0], ()))) for row in templates)


def _template(row: Sequence[Any], sections: tuple[Section, ...]) -> WorkTemplate:
    values = dict(zip(_COLUMNS, row, strict=True))
    return WorkTemplate(
        values["id"],
        values["name"],
        applies_from(values["applies"]),
        PeriodKind(values["period"]) if values["period"] in _PERIODS else PeriodKind.MONTH,
        _due(values["due"]),
        Roll(values["roll"]) if values["roll"] in _ROLLS else Roll.NONE,
        values["calendar"],
        values["begins"],
        bool(values["closing"]),
        roles_from(values["roles"]),
        states_from(values["states"]),
        sections,
        values["place"],
        bool(values["retired"]),
        values["version"],
    )


def _due(text: str) -> Due | None:
    try:
        return due_from(text)
    except Refused:
        return None


def templates(engine: Engine) -> tuple[WorkTemplate, ...]:
    """All templates. See `answered`."""
    return answered(engine.together(*asked()))


def clients_with(engine: Engine, template_id: int) -> int:
    """How many clients have work by a template that somebody has touched."""
    work = TABLES["work"]
    client = work._meta.columns["client_id"]
    query = work.select(fn.COUNT(client.distinct())).where(work._meta.columns["template_id"] == template_id)
    return int(engine.together(query)[0][0][0])


def touched_items(engine: Engine, item_ids: Sequence[int]) -> dict[int, int]:
    """In how many clients' periods somebody has touched each of some items; those that nobody touched are left out."""
    item = TABLES["work_item"]._meta.columns["item_id"]
    query = TABLES["work_item"].select(item, fn.COUNT(item)).where(item.in_(among(list(item_ids)))).group_by(item)
    return dict(engine.together(query)[0]) if item_ids else {}


def giving_roles_to(engine: Engine, member_id: int) -> tuple[WorkTemplate, ...]:
    """The templates that give a member a role unless somebody else is named, the retired ones too."""
    by = f"{MEMBER}{member_id}"
    return tuple(template for template in templates(engine) if any(role.by == by for role in template.roles))

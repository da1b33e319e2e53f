"""The sections and items of a template of work: added, renamed, put in order, retired and brought back. What was done of an
item stays, whatever becomes of it."""

from collections.abc import Sequence
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.work_templates import landed_id, place, template_with
from clientdesk.domain.access import Action
from clientdesk.domain.fold import fold
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.own_fields import placed
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.problems import Refused, refuse
from clientdesk.domain.work_templates import Item, Section, WorkTemplate
from clientdesk.store import work_templates as rows


class Touched(NamedTuple):
    """What was done by a template: for so many clients, and in so many of their periods of each item (by its id)."""

    clients: int
    items: dict[int, int]


@reads
def touched(session: Session, template: WorkTemplate) -> Touched:
    """What people have done by a template, of which nothing is lost when it is changed."""
    item_ids = [item.id for section in template.sections for item in section.items]
    return Touched(rows.clients_with(session.engine, template.id), rows.touched_items(session.engine, item_ids))


def section_by_name(template: WorkTemplate, name: str) -> Section:
    """The section of this name, also a retired one. Refused ("unknown_section")."""
    for section in template.sections:
        if fold(section.name) == fold(name):
            return section
    names = likely_names(name, (section.name for section in template.sections))
    raise refuse("unknown_section", of=template.name, value=name, choices=names)


def item_by_title(section: Section, title: str) -> Item:
    """The item of these words, also a retired one, or the only one that begins with them. Refused ("unknown_item")."""
    everybodys = [item for item in section.items if item.client_id is None]
    for item in everybodys:
        if fold(item.title) == fold(title):
            return item
    beginning = [item for item in everybodys if fold(item.title).startswith(fold(title))]
    if len(beginning) == 1 and fold(title):
        return beginning[0]
    names = likely_names(title, (item.title for item in everybodys))
    raise refuse("unknown_item", of=section.name, value=title, choices=names)


def _of(session: Session, template_id: int, section_id: int) -> Section:
    """A section as it stands in the transaction. Refused ("section_gone")."""
    for section in template_with(session, template_id).sections:
        if section.id == section_id:
            return section
    raise Refused(*patches.check(session, Patch("template_section", str(section_id), {}, {"retired": 0})))


def _write(session: Session, entity: str, row_id: int, before: dict[str, Value], after: dict[str, Value]) -> None:
    patches.landed(patches.apply_one(session, Patch(entity, str(row_id), before, after)))


# --- sections


@changes("section.added", Action.MANAGE_WORK)
def add_section(session: Session, template_id: int, name: str, items: Sequence[str] = ()) -> WorkTemplate:
    """Adds a section at the end of a template, with its first items."""
    places = [section.position for section in template_with(session, template_id).sections]
    values: dict[str, Value] = {"template": template_id, "name": name, "position": max(places, default=0) + 1}
    section_id = landed_id(patches.apply_one(session, Patch("template_section", "", None, values)))
    _add_items(session, section_id, items, 1)
    return template_with(session, template_id)


@changes("section.renamed", Action.MANAGE_WORK)
def rename_section(session: Session, template_id: int, section: Section, name: str) -> WorkTemplate:
    """Renames a section as it was read."""
    _write(session, "template_section", section.id, {"name": section.name}, {"name": name})
    return template_with(session, template_id)


@changes("section.ordered", Action.MANAGE_WORK)
def place_sections(
    session: Session, template_id: int, section_ids: Sequence[int], before: int | None = None
) -> WorkTemplate:
    """Puts sections of a template, as they come, before another one, or at the end."""
    standing = {section.id: section.position for section in template_with(session, template_id).sections}
    moved = [section_id for section_id in section_ids if section_id in standing]
    place(session, "template_section", standing, placed(list(standing), moved, before))
    return template_with(session, template_id)


@changes("section.retired", Action.MANAGE_WORK)
def retire_section(session: Session, template_id: int, section_id: int) -> WorkTemplate:
    """Retires a section with its items: nobody is asked for them any more, and what was done of them is kept."""
    _write(session, "template_section", section_id, {}, {"retired": 1})
    return template_with(session, template_id)


@changes("section.restored", Action.MANAGE_WORK)
def restore_section(session: Session, template_id: int, section_id: int) -> WorkTemplate:
    """Brings a retired section back, with its items."""
    _write(session, "template_section", section_id, {}, {"retired": 0})
    return template_with(session, template_id)


# --- items


@changes("item.added", Action.MANAGE_WORK)
def add_items(session: Session, template_id: int, section_id: int, titles: Sequence[str]) -> WorkTemplate:
    """Adds items at the end of those of a section."""
    places = [item.position for item in _of(session, template_id, section_id).items]
    _add_items(session, section_id, titles, max(places, default=0) + 1)
    return template_with(session, template_id)


def _add_items(session: Session, section_id: int, titles: Sequence[str], position: int) -> None:
    items = [
        Patch("template_item", "", None, {"section": section_id, "title": title, "position": at})
        for at, title in enumerate(titles, position)
    ]
    for outcome in patches.apply(session, items):
        patches.landed(outcome)


@changes("item.renamed", Action.MANAGE_WORK)
def rename_item(session: Session, template_id: int, item: Item, title: str) -> WorkTemplate:
    """Writes an item as it was read in other words; who ticked it has ticked it."""
    _write(session, "template_item", item.id, {"title": item.title}, {"title": title})
    return template_with(session, template_id)


@changes("item.ordered", Action.MANAGE_WORK)
def place_items(
    session: Session, template_id: int, section_id: int, item_ids: Sequence[int], before: int | None = None
) -> WorkTemplate:
    """Puts items of a section, as they come, before another one, or at the end."""
    standing = {item.id: item.position for item in _of(session, template_id, section_id).items}
    moved = [item_id for item_id in item_ids if item_id in standing]
    place(session, "template_item", standing, placed(list(standing), moved, before))
    return template_with(session, template_id)


@changes("item.retired", Action.MANAGE_WORK)
def retire_item(session: Session, template_id: int, item_id: int) -> WorkTemplate:
    """Retires an item: nobody is asked for it any more, and what was done of it is kept."""
    _write(session, "template_item", item_id, {}, {"retired": 1})
    return template_with(session, template_id)


@changes("item.restored", Action.MANAGE_WORK)
def restore_item(session: Session, template_id: int, item_id: int) -> WorkTemplate:
    """Brings a retired item back."""
    _write(session, "template_item", item_id, {}, {"retired": 0})
    return template_with(session, template_id)

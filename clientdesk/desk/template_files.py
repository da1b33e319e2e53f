"""Whole templates of work: those that come with clientdesk, from a file and as one, and what a file changes of a template that
there is. Whatever it changes, nothing is lost of what was done."""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from clientdesk.desk import client_filters, clients, patches, template_parts, work_templates
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.template_parts import Touched
from clientdesk.desk.work_templates import landed_id, template_with, values_of
from clientdesk.domain import template_files
from clientdesk.domain import work_templates as limits
from clientdesk.domain.access import Action
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.due_dates import due_from
from clientdesk.domain.fields import Kind
from clientdesk.domain.filter_text import read as filter_from
from clientdesk.domain.filter_text import written as filter_written
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import ACTIVE
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.problems import Refused, refuse
from clientdesk.domain.template_files import FileRole, FileTemplate
from clientdesk.domain.work_templates import Item, Role, Section, WorkTemplate, template_called, with_states
from clientdesk.store import firm
from clientdesk.store.work_entities import TEMPLATE
from clientdesk.text import _, display_text, ngettext, whole_number

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "templates")
"""Where the templates are that come with clientdesk."""
SHIPPED = ("books-review", "books-close")
"""What they are called."""
STANDARD_INPUT = "-"
_LARGEST = 1_000_000
"""So many bytes a file has at most: much more than the largest template."""


class Effect(NamedTuple):
    """What a template that is saved so changes, in sentences that are safe to show; for how many active clients it applied
    and applies then (None: what it applies to does not change); and what was done by it, which stays."""

    sentences: tuple[str, ...]
    clients: tuple[int, int] | None
    touched: Touched

    @property
    def told(self) -> tuple[str, ...]:
        """All of it in sentences: what changes, for whom, and what stays; nothing where nothing changes."""
        told = list(self.sentences)
        if self.clients is not None:
            before, after = self.clients
            sentence = ngettext(
                "It applied to {before} client, and applies to {after}.",
                "It applied to {before} clients, and applies to {after}.",
                before,
            )
            told.append(sentence.format(before=whole_number(before), after=whole_number(after)))
        if told and (count := self.touched.clients):
            sentence = ngettext(
                "What was done for {count} client by it stays.", "What was done for {count} clients by it stays.", count
            )
            told.append(sentence.format(count=whole_number(count)))
        return tuple(told)


# --- files


def shipped(name: str) -> FileTemplate:
    """A template that comes with clientdesk. Refused ("unknown_shipped")."""
    key = fold(name).replace(" ", "-").replace("_", "-")
    if key not in SHIPPED:
        raise refuse("unknown_shipped", value=name, choices=", ".join(SHIPPED))
    return read_file(os.path.join(FOLDER, f"{key.replace('-', '_')}.toml"))


def read_file(path: str) -> FileTemplate:
    """The template in a file (- is standard input). Refused with what is wrong in it, its line and what to do."""
    try:
        if path == STANDARD_INPUT:
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with open(path, "rb") as file:
                content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refuse("template_file_unread", path=path, reason=reason) from error
    if len(content) > _LARGEST:
        raise refuse("template_file_unread", path=path, reason=_("it is larger than a template can be"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("template_file_unread", path=path, reason=_("it is no text in UTF-8")) from error
    return template_files.read(text, path)


@reads
def template_of(session: Session, says: FileTemplate, path: str = "") -> WorkTemplate:
    """The template that a file says, in a firm: its filters, and who has its roles. States of a template of that name keep
    their numbers. Refused with what the firm does not know, of a file at a `path` with its line."""
    names = client_filters.names(session)
    present = template_called(work_templates.templates(session), says.name)

    try:
        filters = tuple(filter_from(text, names) for text in says.applies)
    except Refused as refusal:
        raise _at(path, says.lines.get("applies", 1), refusal) from refusal
    try:
        due = due_from(says.due)
    except Refused as refusal:
        raise _at(path, says.lines.get("due", 1), refusal) from refusal
    if len(says.roles) > limits.MOST_ROLES:
        raise refuse("role_count", "roles", count=len(says.roles), limit=limits.MOST_ROLES)
    roles = tuple(_role(session, role, number, path) for number, role in enumerate(says.roles, 1))
    sections = tuple(
        Section(0, name, items=tuple(Item(0, title) for title in titles)) for name, titles in says.sections
    )
    return WorkTemplate(
        0,
        says.name,
        filters,
        says.period,
        due,
        says.roll,
        says.calendar,
        says.begins,
        says.closing_needs_all,
        roles or limits.first_roles(),
        with_states(present.own_states if present else (), says.states),
        sections,
    )


def at_its_line(says: FileTemplate, path: str, refusal: Refused) -> Refused:
    """A refusal of a template that a file says, with the line of what is refused; as it is where it is about no key of the
    file."""
    field = refusal.problems[0].field
    key = {"closing": "closing_needs_all"}.get(field, field)
    return _at(path, says.lines[key], refusal) if key in says.lines else refusal


def _at(path: str, line: int, refusal: Refused) -> Refused:
    """A refusal with the line of the file at a path; as it is where there is no file."""
    if not path:
        return refusal
    return refuse("template_file_wrong", path=path, line=line, reason=refusal.problems[0].message)


def _role(session: Session, role: FileRole, number: int, path: str) -> Role:
    if role.by_lead:
        return Role(number, role.name, limits.LEAD)
    if role.member:
        for member_id, member in firm.called_by_id(session.engine).items():
            if fold(member.name) == fold(role.member) and member.active:
                return Role(number, role.name, f"{limits.MEMBER}{member_id}")
    if role.field:
        for field in session.catalogue.own.values():
            if field.kind is Kind.MEMBER and fold(field.label) == fold(role.field):
                return Role(number, role.name, f"{limits.FIELD}{field.name}")
    if not role.member and not role.field:
        return Role(number, role.name)
    raise _at(path, role.line, refuse("role_by", "roles", name=role.name, value=role.member or role.field))


@reads
def file_of(session: Session, template: WorkTemplate) -> str:
    """A template as a file, of what stands in it: without what is retired, and without items of single clients."""
    names = client_filters.names(session)
    return template_files.written(
        FileTemplate(
            template.name,
            template.period,
            tuple(filter_written(on, names) for on in template.applies),
            "" if template.due is None else template.due.text,
            template.roll,
            template.calendar,
            template.begins,
            template.closing_needs_all,
            tuple(state.name for state in template.own_states if not state.retired),
            file_roles(session, template),
            tuple(
                (section.name, tuple(item.title for item in section.standing)) for section in template.standing_sections
            ),
        )
    )


def file_roles(session: Session, template: WorkTemplate) -> tuple[FileRole, ...]:
    """The roles of a template as a file names them."""
    return tuple(_file_role(session, role) for role in template.roles)


def _file_role(session: Session, role: Role) -> FileRole:
    by = role.by
    if by.startswith(limits.MEMBER):
        member = firm.called_by_id(session.engine).get(int(by.removeprefix(limits.MEMBER)))
        return FileRole(role.name, member="" if member is None else member.name)
    if by.startswith(limits.FIELD):
        return FileRole(role.name, field=session.catalogue.field(by.removeprefix(limits.FIELD)).label)
    return FileRole(role.name, by == limits.LEAD)


# --- what a template that is saved so changes


@reads
def effect(session: Session, present: WorkTemplate, wanted: WorkTemplate, parts: bool = True) -> Effect:
    """What changes where a template becomes what is wanted, its `parts` (sections and items) too; nothing is written."""
    names, done = client_filters.names(session), template_parts.touched(session, present)
    sentences = list(_of_fields(session, present, wanted, names))
    if parts:
        sentences += _of_sections(present, wanted, done)
    counts = None
    if present.applies != wanted.applies:
        before, after = (clients.count(session, ClientQuery((ACTIVE, *t.applies))) for t in (present, wanted))
        counts = before, after
    return Effect(tuple(sentences), counts, done)


def _of_fields(session: Session, present: WorkTemplate, wanted: WorkTemplate, names: Names) -> Iterator[str]:
    before, after = (_in_words(session, template, names) for template in (present, wanted))
    for name, text in after.items():
        if text != before[name]:
            label, old, new = _(TEMPLATE.by_name[name].label), before[name] or _("nothing"), text or _("nothing")
            sentence = _("{label}: {old} → {new}.")
            yield sentence.format(label=label, old=display_text(old), new=display_text(new))


def _in_words(session: Session, template: WorkTemplate, names: Names) -> dict[str, str]:
    standing = [state.name for state in template.states if not state.retired]
    return {
        "name": template.name,
        "applies": applies_in_words(template, names),
        "due": "" if template.due is None else template.due.words,
        "roll": _(template.roll.label),
        "calendar": template.calendar,
        "begins": template.begins,
        "closing": _("yes") if template.closing_needs_all else _("no"),
        "roles": ", ".join(role_in_words(session, role) for role in template.roles),
        "states": ", ".join(standing),
    }


def applies_in_words(template: WorkTemplate, names: Names) -> str:
    """To which clients a template applies, as it is typed (data in it is not made safe yet)."""
    return " · ".join(filter_written(on, names) for on in template.applies) or _("all active clients")


def role_in_words(session: Session, role: Role) -> str:
    """A role, and who has it unless somebody else is named (data in it is not made safe yet)."""
    of_file = _file_role(session, role)
    who = _("lead accountant") if of_file.by_lead else of_file.member or of_file.field
    return f"{role.name} ({who})" if who else role.name


def _of_sections(present: WorkTemplate, wanted: WorkTemplate, done: Touched) -> Iterator[str]:
    standing = {fold(section.name): section for section in present.sections}
    coming = {fold(section.name) for section in wanted.sections}
    for section in wanted.sections:
        known = standing.get(fold(section.name))
        if known is None or known.retired:
            sentence = _("Section {name} is added.") if known is None else _("Section {name} is brought back.")
            yield sentence.format(name=display_text(section.name))
        yield from _of_items(known, section, done)
    for section in present.standing_sections:
        if fold(section.name) not in coming:
            yield _("Section {name} is retired with its items.").format(name=display_text(section.name))


def _of_items(known: Section | None, wanted: Section, done: Touched) -> Iterator[str]:
    items = {} if known is None else {fold(item.title): item for item in known.items if item.client_id is None}
    coming = {fold(item.title) for item in wanted.items}
    for item in wanted.items:
        present = items.get(fold(item.title))
        if present is None or present.retired:
            sentence = _("Item “{title}” is added.") if present is None else _("Item “{title}” is brought back.")
            yield sentence.format(title=display_text(item.title))
    for item in () if known is None else known.standing:
        if fold(item.title) not in coming:
            count = done.items.get(item.id, 0)
            sentence = _("Item “{title}” is retired.")
            if count:
                sentence = ngettext(
                    "Item “{title}” is retired; it was touched in {count} period, which stays.",
                    "Item “{title}” is retired; it was touched in {count} periods, which stays.",
                    count,
                )
            yield sentence.format(title=display_text(item.title), count=whole_number(count))


# --- taking a file in


@changes("template.imported", Action.MANAGE_WORK)
def import_template(session: Session, present: WorkTemplate | None, wanted: WorkTemplate) -> WorkTemplate:
    """Adds a template, or makes one that there is what is wanted, with its sections and items in that order. What the file
    does not have is retired; nothing is lost of what was done."""
    if present is None:
        return work_templates.added(session, wanted)
    present = template_with(session, present.id)
    if present.period is not wanted.period:
        raise refuse("template_period_stays", "period", name=present.name, period=_(present.period.label))
    values: dict[str, Value] = {**values_of(wanted), "retired": 0}
    patches.landed(patches.apply_one(session, Patch("template", str(present.id), {}, values)))
    section_ids = [_take_section(session, present, section) for section in wanted.sections]
    _settle(session, "template_section", present.sections, section_ids)
    return template_with(session, present.id)


def _take_section(session: Session, template: WorkTemplate, wanted: Section) -> int:
    known = next((section for section in template.sections if fold(section.name) == fold(wanted.name)), None)
    if known is None:
        values: dict[str, Value] = {"template": template.id, "name": wanted.name, "position": limits.MOST_SECTIONS}
        section_id = landed_id(patches.apply_one(session, Patch("template_section", "", None, values)))
    else:
        section_id = known.id
        values = {"name": wanted.name, "retired": 0}
        patches.landed(patches.apply_one(session, Patch("template_section", str(section_id), {}, values)))
    everybodys = [item for item in known.items if item.client_id is None] if known is not None else []
    by_title = {fold(item.title): item for item in everybodys}
    item_ids: list[int] = []
    for item in wanted.items:
        present = by_title.get(fold(item.title))
        if present is None:
            values = {"section": section_id, "title": item.title, "position": limits.MOST_ITEMS}
            item_ids.append(landed_id(patches.apply_one(session, Patch("template_item", "", None, values))))
        else:
            values = {"title": item.title, "retired": 0}
            patches.landed(patches.apply_one(session, Patch("template_item", str(present.id), {}, values)))
            item_ids.append(present.id)
    _settle(session, "template_item", everybodys, item_ids)
    return section_id


def _settle(session: Session, entity: str, present: Sequence[Section | Item], ids: Sequence[int]) -> None:
    """Retires those of the present rows that are not wanted any more, and puts those with these ids in order."""
    places = {row.id: row.position for row in present}
    for row in present:
        if row.id not in ids and not row.retired:
            patches.landed(patches.apply_one(session, Patch(entity, str(row.id), {}, {"retired": 1})))
    for at, row_id in enumerate(ids, 1):
        if places.get(row_id) != at:
            patches.landed(patches.apply_one(session, Patch(entity, str(row_id), {}, {"position": at})))

"""The rules of a template of work as a form shows them, and what is kept for what somebody types there. Where there are several
of one (filters, roles, states), a semicolon stands between them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.desk import client_filters, template_files, work_templates
from clientdesk.desk.session import Session, reads
from clientdesk.desk.template_files import Effect
from clientdesk.domain import work_templates as limits
from clientdesk.domain.filter_text import written
from clientdesk.domain.patch import Value
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.domain.template_files import FileRole, FileTemplate
from clientdesk.domain.work_templates import WorkTemplate
from clientdesk.domain.working_days import Roll

FIELDS = ("name", "applies", "due", "roll", "begins", "closing", "roles", "states")
"""What a form shows of a template, by the words for it."""
_BETWEEN = re.compile(r'((?:[^;"]|"[^"]*"?)+)')
_NEW = {"name": "", "applies": "", "due": work_templates.FIRST_DUE, "roll": "none", "begins": "", "closing": "yes"}


class TypedTemplate(NamedTuple):
    """A template with the texts that a form shows of it."""

    template: WorkTemplate
    texts: Mapping[str, str]


def new_texts(kind: str) -> dict[str, str]:
    """What the form of a new template begins with."""
    roles = "; ".join(_role_written(FileRole(role.name, role.by == limits.LEAD)) for role in limits.first_roles())
    return {**_NEW, "roles": roles, "states": "", "period": kind}


@reads
def typed(session: Session, template: WorkTemplate) -> TypedTemplate:
    """A template as a form shows it."""
    names = client_filters.names(session)
    texts = {
        "name": template.name,
        "applies": "; ".join(written(on, names) for on in template.applies),
        "due": "" if template.due is None else template.due.text,
        "roll": template.roll.value,
        "begins": template.begins,
        "closing": "yes" if template.closing_needs_all else "no",
        "roles": "; ".join(_role_written(role) for role in template_files.file_roles(session, template)),
        "states": "; ".join(state.name for state in template.own_states if not state.retired),
    }
    return TypedTemplate(template, texts)


def _role_written(role: FileRole) -> str:
    who = limits.LEAD if role.by_lead else role.member or role.field
    return f"{role.name}={who}" if who else role.name


def pieces(text: str) -> list[str]:
    """What stands between the semicolons of a text, but for those in quotation marks."""
    return [piece.strip() for piece in _BETWEEN.findall(text) if piece.strip()]


def role_typed(text: str) -> FileRole:
    """A role as somebody types it: NAME, or NAME=WHO, which is lead, a member's name or an own field's."""
    name, _equals, who = (part.strip() for part in text.partition("="))
    return FileRole(name, who.casefold() == limits.LEAD, who, who)


@reads
def wanted(session: Session, present: WorkTemplate | None, texts: Mapping[str, str]) -> WorkTemplate:
    """The template that texts make of a present one, or of none: what they do not say stays. Refused, each refusal with the
    text that it is about."""
    base = dict(new_texts(texts.get("period", PeriodKind.MONTH)) if present is None else typed(session, present).texts)
    says, wrong = {**base, **texts}, list[Problem]()
    kind = present.period if present is not None else PeriodKind(says["period"])
    template = WorkTemplate(
        0,
        says["name"],
        (),
        kind,
        None,
        Roll(says["roll"]),
        "",
        says["begins"].strip(),
        says["closing"] == "yes",
        limits.first_roles(),
        limits.with_states(present.own_states if present is not None else (), pieces(says["states"])),
    )
    if present is not None:
        template = template._replace(
            id=present.id,
            calendar=present.calendar,
            roles=present.roles,
            sections=present.sections,
            version=present.version,
        )
        if "applies" not in texts:
            template = template._replace(applies=present.applies)
    parts = {
        "applies": FileTemplate("", kind, tuple(pieces(says["applies"]))),
        "due": FileTemplate("", kind, due=says["due"]),
        "roles": FileTemplate("", kind, roles=tuple(map(role_typed, pieces(says["roles"])))),
    }
    for name, part in parts.items():
        if present is not None and name not in texts and name != "due":
            continue
        try:
            read = template_files.template_of(session, part)
        except Refused as refusal:
            wrong += [of_part._replace(field=name) for of_part in refusal.problems]
            continue
        if name == "roles" and (count := len(part.roles)) not in range(1, limits.MOST_ROLES + 1):
            wrong.append(problem("role_count", "roles", count=count, limit=limits.MOST_ROLES))
        template = template._replace(**{name: getattr(read, name)})
    if wrong:
        raise Refused(*wrong)
    return template


@reads
def effect_of(session: Session, present: WorkTemplate, texts: Mapping[str, str]) -> Effect:
    """What a template changes that becomes what texts say; nothing is written."""
    return template_files.effect(session, present, wanted(session, present, texts), parts=False)


def save(session: Session, present: WorkTemplate | None, texts: Mapping[str, str]) -> work_templates.SavedTemplate:
    """Adds a template that texts say, or changes what they say of a present one. See `work_templates.save_template`."""
    template = wanted(session, present, texts)
    if present is None:
        return work_templates.SavedTemplate(work_templates.add_template(session, template))
    before, after = work_templates.values_of(present), work_templates.values_of(template)
    changes: dict[str, Value] = {name: after[name] for name in texts if after[name] != before[name]}
    return work_templates.save_template(session, present, changes)

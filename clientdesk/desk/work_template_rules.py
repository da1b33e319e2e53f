"""What the rules say of a change of a template of work, of a section, of an item."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.patch_judging import Case, Names, Rules
from clientdesk.desk.session import Session
from clientdesk.domain import kept_templates as kept
from clientdesk.domain import work_templates as limits
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.days import FIRST_YEAR, LAST_YEAR
from clientdesk.domain.due_dates import due_from
from clientdesk.domain.fields import CHANGED, Kind
from clientdesk.domain.filters import first_wrong
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.periods import PeriodKind, kind_beyond, period_at, period_from
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.domain.work_templates import Item, Section, WorkTemplate
from clientdesk.domain.working_days import CALENDARS
from clientdesk.store import history
from clientdesk.store import work_templates as rows
from clientdesk.text import N_, _

_NAMES = frozenset(("name", "title"))


class _OfTemplates(Rules):
    """What these rules share: they see all templates as they stand, and the new rows before in the same part."""

    gone_code = ""
    """The refusal of a change of a row that is gone."""

    def __init__(self, entity: str, session: Session, names: Names) -> None:
        super().__init__(entity, session, names)
        self._added: Counter[int] = Counter()
        """How many new rows were right so far, by the template that they are rows of."""
        self._new_names: set[tuple[int, str]] = set()
        """What they are called, by what they are rows of."""

    def _is_new_name(self, owner: int, name: str) -> bool:
        """Whether no new row of an owner is called so yet; then one is."""
        key = owner, fold(name)
        is_new = key not in self._new_names
        self._new_names.add(key)
        return is_new

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: names are tidied, what is kept as JSON stays as it is."""
        tidied = super().complete({name: value for name, value in values.items() if name in _NAMES}, new)
        return {**values, **tidied}

    @cached_property
    def _templates(self) -> Mapping[int, WorkTemplate]:
        return {template.id: template for template in rows.templates(self._session.engine)}

    @cached_property
    def _sections(self) -> Mapping[int, tuple[WorkTemplate, Section]]:
        return {
            section.id: (template, section) for template in self._templates.values() for section in template.sections
        }

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        name = str(entry.old.get(self._entity.called_by, "")) if entry else ""
        return problem(self.gone_code, name=name or f"#{key}", who=deleted_by(self._session, entry))


class TemplateRules(_OfTemplates):
    """The rules of a template."""

    labels = {"name": N_("The template's name")}
    gone_code = "template_gone"
    instead = N_("It stays; it can be retired, and what was done by it is kept.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        wrong = super().problems(case)
        wrong_fields = {refusal.field for refusal in wrong}
        for name, judge in _JUDGES.items():
            if name in case.changed and name not in wrong_fields:
                wrong += judge(self, case)
        if case.present is None and not wrong and len(self._templates) >= limits.MOST_TEMPLATES:
            return [problem("too_many_templates", limit=limits.MOST_TEMPLATES)]
        return wrong

    def of_name(self, case: Case) -> list[Problem]:
        """No two templates have names that differ in case or accents only."""
        others = [other for other in self._templates.values() if case.present is None or other.id != case.present.id]
        namesake = limits.template_called(others, str(case.whole["name"]))
        if namesake is None:
            return []
        return [problem("template_taken_retired" if namesake.retired else "template_taken", "name", name=namesake.name)]

    def of_due(self, case: Case) -> list[Problem]:
        """It says when work is due."""
        try:
            due_from(str(case.whole["due"]))
        except Refused as refusal:
            return [wrong._replace(field="due") for wrong in refusal.problems]
        return []

    def of_calendar(self, case: Case) -> list[Problem]:
        """There is such a calendar."""
        calendar = case.whole["calendar"]
        if calendar in ("", *CALENDARS):
            return []
        return [problem("unknown_calendar", "calendar", value=calendar, choices=", ".join(CALENDARS))]

    def of_begins(self, case: Case) -> list[Problem]:
        """It is a period of the template's kind."""
        begins, kind = str(case.whole["begins"]), PeriodKind(str(case.whole["period"]))
        period = period_from(begins)
        if not begins or (period is not None and period.kind is kind):
            return []
        if kind_beyond(begins) is kind:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            return [problem("template_begins_range", "begins", value=begins, **years)]
        example = period_at(kind, self._session.today(), "").key
        return [problem("template_begins", "begins", value=begins, period=_(kind.label), example=example)]

    def of_applies(self, case: Case) -> list[Problem]:
        """Its filters are of fields that there are, and mean the same for everybody on each day."""
        filters = kept.applies_from(str(case.whole["applies"]))
        wrong = first_wrong(filters, self._session.catalogue.without_work)
        if wrong is not None:
            return [wrong._replace(field="applies")]
        for on in filters:
            if on.field == CHANGED.name:
                return [problem("template_filter_changed", "applies")]
            if moving := next((value for value in on.value if value.startswith("@")), ""):
                return [problem("template_filter_moves", "applies", value=moving)]
        return []

    def of_roles(self, case: Case) -> list[Problem]:
        """Each has a name of its own, and somebody who can have it."""
        roles = kept.roles_from(str(case.whole["roles"]))
        if twice := _twice([role.name for role in roles]):
            return [problem("role_twice", "roles", name=twice)]
        for role in roles:
            if not _can_have_it(role.by, self._names, self._session.catalogue):
                return [problem("role_by", "roles", name=role.name, value=role.by)]
        return []

    def of_states(self, case: Case) -> list[Problem]:
        """There are not too many, and each has a name of its own."""
        standing = [s for s in limits.all_states(kept.states_from(str(case.whole["states"]))) if not s.retired]
        if len(standing) > limits.MOST_STATES:
            return [problem("state_count", "states", count=len(standing), limit=limits.MOST_STATES)]
        twice = _twice([state.name for state in standing])
        return [problem("state_twice", "states", name=twice)] if twice else []

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The template {name}").format(name=self.called(as_read))


_JUDGES = {
    "name": TemplateRules.of_name,
    "due": TemplateRules.of_due,
    "calendar": TemplateRules.of_calendar,
    "begins": TemplateRules.of_begins,
    "applies": TemplateRules.of_applies,
    "roles": TemplateRules.of_roles,
    "states": TemplateRules.of_states,
}
"""What judges a field, by its name."""


def _twice(names: Sequence[str]) -> str:
    """A name that stands there twice; "" for none."""
    seen: set[str] = set()
    for name in names:
        if fold(name) in seen:
            return name
        seen.add(fold(name))
    return ""


def _can_have_it(by: str, names: Names, catalogue: Catalogue) -> bool:
    if by in ("", limits.LEAD):
        return True
    if by.startswith(limits.MEMBER):
        member_id = by.removeprefix(limits.MEMBER)
        return member_id.isdigit() and int(member_id) in names.members and bool(names.members[int(member_id)].active)
    field = catalogue.by_name.get(by.removeprefix(limits.FIELD)) if by.startswith(limits.FIELD) else None
    return field is not None and field.kind is Kind.MEMBER


class SectionRules(_OfTemplates):
    """The rules of a section."""

    labels = {"name": N_("The section's name")}
    gone_code = "section_gone"
    instead = N_("It stays; it can be retired, and what was done of its items is kept.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: no two sections of a template have names that differ in case or accents only."""
        wrong, template = super().problems(case), self._templates.get(int(str(case.whole["template"] or 0)))
        if wrong or template is None:
            return wrong
        others = [each for each in template.sections if case.present is None or each.id != case.present.id]
        name = fold(str(case.whole["name"]))
        if "name" in case.changed and (same := next((each for each in others if fold(each.name) == name), None)):
            code = "section_taken_retired" if same.retired else "section_taken"
            return [problem(code, "name", name=same.name, of=template.name)]
        if "name" in case.changed and not self._is_new_name(template.id, name):
            return [problem("section_taken", "name", name=case.whole["name"], of=template.name)]
        if case.present is None or case.changed.get("retired") == 0:
            if len(template.standing_sections) + self._added[template.id] >= limits.MOST_SECTIONS:
                return [problem("too_many_sections", of=template.name, limit=limits.MOST_SECTIONS)]
            self._added[template.id] += 1
        return []

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The section {name}").format(name=self.called(as_read))


class ItemRules(_OfTemplates):
    """The rules of an item."""

    labels = {"title": N_("The item")}
    gone_code = "item_gone"
    instead = N_("It stays; it can be retired, and what was done of it is kept.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: no two items that a client has in a section differ in case or accents only."""
        wrong, of = super().problems(case), self._sections.get(int(str(case.whole["section"] or 0)))
        if wrong or of is None:
            return wrong
        template, section = of
        own_id = case.present.id if case.present is not None else None
        if "title" in case.changed and (same := _namesake(section.items, own_id, case.whole)):
            code = "item_taken_retired" if same.retired else "item_taken"
            return [problem(code, "title", name=same.title, of=section.name)]
        client, title = case.whole["client"], str(case.whole["title"])
        if "title" in case.changed and not self._is_new_name(section.id, f"{client} {title}"):
            return [problem("item_taken", "title", name=title, of=section.name)]
        if client is None and (case.present is None or case.changed.get("retired") == 0):
            if len(template.items) + self._added[template.id] >= limits.MOST_ITEMS:
                return [problem("too_many_items", of=template.name, limit=limits.MOST_ITEMS)]
            self._added[template.id] += 1
        return []

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The item “{name}”").format(name=self.called(as_read))


def _namesake(items: Collection[Item], own_id: int | None, values: Mapping[str, Value]) -> Item | None:
    """Another item of the same words that the same clients have."""
    title, client_id = fold(str(values["title"])), values["client"]
    return next(
        (
            item
            for item in items
            if item.id != own_id and fold(item.title) == title and item.client_id in (None, client_id)
        ),
        None,
    )

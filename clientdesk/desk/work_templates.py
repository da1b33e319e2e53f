"""Templates of work: read, added, changed, put in order, retired and brought back; what they apply to. Their sections and items
are `template_parts.py`, whole templates as files `template_files.py`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from clientdesk.desk import clients, patches
from clientdesk.desk.client_filters import asked
from clientdesk.desk.meanwhile import Since, since
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.due_dates import due_from
from clientdesk.domain.filters import ACTIVE, first_wrong
from clientdesk.domain.kept_templates import kept_applies, kept_roles, kept_states
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.own_fields import placed
from clientdesk.domain.patch import Outcome, Patch, Value, Verdict
from clientdesk.domain.periods import Period
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.work_templates import WorkTemplate, template_called
from clientdesk.store import work_templates as rows

PROPERTIES = ("name", "applies", "due", "roll", "calendar", "begins", "closing", "roles", "states")
"""What of a template can be changed, by the words for it."""
FIRST_DUE = "10 days"
"""When the work of a new template is due, where nobody says it."""


class SavedTemplate(NamedTuple):
    """A template that was saved, and the names of what others (`by`: their names) changed of it meanwhile, which is as they
    have it. `written` says whether anything was to be written."""

    template: WorkTemplate
    meanwhile: tuple[str, ...] = ()
    by: str = ""
    written: bool = True


class FirstWork(NamedTuple):
    """A client to whom a template applies: from which period on, and when the work of that is due (None: never)."""

    client_id: int
    name: str
    period: Period
    due: date | None


class Application(NamedTuple):
    """To how many active clients a template applies, of how many; the first ones of them; and what to know of it."""

    clients: int
    of: int
    first: tuple[FirstWork, ...]
    problems: tuple[Problem, ...] = ()


# --- reading


@reads
def templates(session: Session) -> tuple[WorkTemplate, ...]:
    """All templates in their order, the retired ones last."""
    return rows.templates(session.engine)


@reads
def template_by_name(session: Session, name: str) -> WorkTemplate:
    """The template of this name, also a retired one. Refused ("unknown_template", "no_templates")."""
    present = rows.templates(session.engine)
    template = template_called(present, name)
    if template is not None:
        return template
    if not present:
        raise refuse("no_templates", value=name)
    raise refuse("unknown_template", value=name, choices=likely_names(name, (known.name for known in present)))


def template_with(session: Session, template_id: int) -> WorkTemplate:
    """The template with this id, as it stands in the transaction. Refused ("template_gone")."""
    for template in rows.templates(session.engine):
        if template.id == template_id:
            return template
    raise Refused(*patches.check(session, Patch("template", str(template_id), {}, {"retired": 0})))


def values_of(template: WorkTemplate) -> dict[str, Value]:
    """What of a template is changed, as it is kept."""
    return {
        "name": template.name,
        "applies": kept_applies(template.applies),
        "due": "" if template.due is None else template.due.text,
        "roll": template.roll.value,
        "calendar": template.calendar,
        "begins": template.begins,
        "closing": int(template.closing_needs_all),
        "roles": kept_roles(template.roles),
        "states": kept_states(template.own_states),
    }


@reads
def applies_to(session: Session, template: WorkTemplate, most: int = 5) -> Application:
    """To which active clients a template applies as the firm stands now, from when, and when their first work is due: how
    many, and the first ones. Nothing is written. Refused where its filters make no sense any more."""
    wrong = first_wrong(template.applies, session.catalogue.without_work)
    if wrong is not None:
        raise Refused(wrong)
    everyone, query = ClientQuery((ACTIVE,)), ClientQuery((ACTIVE, *template.applies))
    asked(session, query)
    count, of, today = clients.count(session, query), clients.count(session, everyone), session.today()
    first = []
    for row in clients.window(session, query, ("display_name", "fiscal_year_end"), 0, most):
        name, year_end = row.values
        period = template.first_period(today, year_end)
        first.append(FirstWork(row.id, name, period, template.due_on(period, year_end)))
    problems: tuple[Problem, ...] = ()
    if not count:
        problems = (problem("template_applies_to_nobody", "applies", name=template.name),)
    elif count == of:
        problems = (problem("template_applies_to_all", "applies", name=template.name, count=count),)
    return Application(count, of, tuple(first), problems)


@reads
def clients_of(session: Session, templates: Iterable[WorkTemplate]) -> dict[int, int | None]:
    """To how many active clients each template applies; None where its filters make no sense any more."""
    counts: dict[int, int | None] = {}
    for template in templates:
        broken = first_wrong(template.applies, session.catalogue.without_work)
        query = ClientQuery((ACTIVE, *template.applies))
        counts[template.id] = clients.count(session, query) if broken is None else None
    return counts


# --- writing


@changes("template.added", Action.MANAGE_WORK)
def add_template(session: Session, template: WorkTemplate) -> WorkTemplate:
    """Adds a template at the end, with its sections and items; ids and places of what is given do not count."""
    return added(session, template)


def added(session: Session, template: WorkTemplate) -> WorkTemplate:
    """See `add_template`, inside a change."""
    places = [known.position for known in rows.templates(session.engine)]
    values = {**values_of(template), "period": template.period.value, "position": max(places, default=0) + 1}
    template_id = landed_id(patches.apply_one(session, Patch("template", "", None, values)))
    sections = [
        Patch("template_section", "", None, {"template": template_id, "name": section.name, "position": place})
        for place, section in enumerate(template.sections, 1)
    ]
    section_ids = [landed_id(outcome) for outcome in patches.apply(session, sections)]
    items = [
        Patch("template_item", "", None, {"section": section_id, "title": item.title, "position": place})
        for section_id, section in zip(section_ids, template.sections, strict=True)
        for place, item in enumerate(section.items, 1)
    ]
    for outcome in patches.apply(session, items):
        patches.landed(outcome)
    return template_with(session, template_id)


@changes("template.changed", Action.MANAGE_WORK)
def save_template(session: Session, template: WorkTemplate, changes: Mapping[str, Value]) -> SavedTemplate:
    """Changes some of the `PROPERTIES` of a template as it was read, each as it is kept. What was done by it stays.

    What somebody else changed meanwhile of the others stays as they have it. Refused where they changed the same
    ("stale"), or took the template back ("template_gone").
    """
    for name in changes:
        if name == "period":
            raise refuse("template_period_stays", name, name=template.name, period=template.period.label)
        if name not in PROPERTIES:
            raise refuse("unknown_template_property", value=name, choices=", ".join(PROPERTIES))
    patch = Patch("template", str(template.id), values_of(template), changes)
    outcome = patches.landed(patches.apply_one(session, patch, version=template.version))
    saved = template_with(session, template.id)
    return SavedTemplate(saved, outcome.fields, outcome.by, outcome.verdict is Verdict.WRITTEN)


@reads
def changed_since(session: Session, template: WorkTemplate) -> Since:
    """What somebody did to a template since it was read. Refused ("template_gone")."""
    changed = since(session, "template", str(template.id), values_of(template))
    if changed is None:
        template_with(session, template.id)
    return changed or Since()


@changes("template.ordered", Action.MANAGE_WORK)
def place_templates(
    session: Session, template_ids: Sequence[int], before: int | None = None
) -> tuple[WorkTemplate, ...]:
    """Puts templates, as they come, before another one, or at the end; all of them in their new order."""
    standing = {template.id: template.position for template in rows.templates(session.engine)}
    for template_id in (*template_ids, *(() if before is None else (before,))):
        template_with(session, template_id)
    place(session, "template", standing, placed(list(standing), template_ids, before))
    return rows.templates(session.engine)


@changes("template.retired", Action.MANAGE_WORK)
def retire_template(session: Session, template_id: int) -> WorkTemplate:
    """Retires a template: nobody has work by it any more, and what was done is kept."""
    return _with_retired(session, template_id, 1)


@changes("template.restored", Action.MANAGE_WORK)
def restore_template(session: Session, template_id: int) -> WorkTemplate:
    """Brings a retired template back."""
    return _with_retired(session, template_id, 0)


def _with_retired(session: Session, template_id: int, retired: int) -> WorkTemplate:
    patches.landed(patches.apply_one(session, Patch("template", str(template_id), {}, {"retired": retired})))
    return template_with(session, template_id)


# --- what the parts of a template share with it


def landed_id(outcome: Outcome) -> int:
    """The id of a row that was written. Refused with what is wrong with it otherwise."""
    present = patches.landed(outcome).present
    assert present is not None
    return present.id


def place(session: Session, entity: str, standing: Mapping[int, int], ids: Sequence[int]) -> None:
    """Gives rows that stand at these positions, in this order, other ones where they are to stand in another order."""
    if list(standing) == list(ids):
        return
    wanted = (
        Patch(entity, str(row_id), {}, {"position": at}) for at, row_id in enumerate(ids, 1) if standing[row_id] != at
    )
    for outcome in patches.apply(session, wanted):
        patches.landed(outcome)


def plain_due(text: str) -> str:
    """When work is due as somebody types it, in the one way in which it is kept. Refused as `due_from` does."""
    return due_from(text).text

"""What a person may have done to the work of many clients: the templates with what can be chosen of them, and a choice as it is
said, kept and made into a `BulkChange`."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from clientdesk.desk import bulk_work, work_facts, work_templates
from clientdesk.desk.bulk_changes import BulkChange
from clientdesk.desk.bulk_work import Chosen
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.domain.access import Action
from clientdesk.domain.periods import Period, period_at, period_from
from clientdesk.domain.problems import Refused, problem
from clientdesk.domain.work_templates import COMPLETED, ITEM_STATES, Item, Role, Section, State
from clientdesk.text import N_, _, shortened

_LAST = 12
"""So many periods up to the present one can be chosen, and the one after it."""


class Does(Enum):
    """What is done to work; the value is what a person reads (untranslated)."""

    ASSIGN = N_("Work: assign a role")
    MOVE = N_("Work: move the due date")
    STATE = N_("Work: set a state")
    TICK = N_("Work: tick an item")
    COMPLETE = N_("Work: complete")

    @property
    def action(self) -> Action:
        """What your access must allow for it."""
        return Action.MANAGE_WORK if self in (Does.ASSIGN, Does.MOVE) else Action.DO_WORK


class WorkEdit(NamedTuple):
    """What is done to the work of clients by a template, in a period ("": in each client's first open one). `number` is the
    role, the state or the item; `value` the team member ("" for whom the template says), the day ("" for the template's), or
    the item's state. With `anyway` it is completed although items are open."""

    does: Does
    template_id: int
    period: str = ""
    number: int = 0
    value: str = ""
    anyway: bool = False


class OfTemplate(NamedTuple):
    """A template in use with what can be chosen of it; the latest of its `periods` first."""

    id: int
    name: str
    periods: tuple[Period, ...]
    roles: tuple[Role, ...]
    states: tuple[State, ...]
    """Those that work takes, the last one, *Completed*, too."""
    closing: bool
    sections: tuple[Section, ...]

    def item(self, item_id: int) -> Item | None:
        """An item of all clients that is not retired."""
        return next((item for section in self.sections for item in section.standing if item.id == item_id), None)


@reads
def templates_offered(session: Session) -> tuple[OfTemplate, ...]:
    """The templates in use, in their order."""
    today = session.today()
    sections = {template.id: template.standing_sections for template in work_templates.templates(session)}
    return tuple(
        OfTemplate(
            facts.id,
            facts.name,
            _periods(period_at(facts.rule.kind, today, ""), facts.rule.begins),
            facts.roles,
            tuple(state for state in facts.states if not state.retired),
            facts.closing,
            sections[facts.id],
        )
        for facts in work_facts.templates(session).values()
        if not facts.retired
    )


def _periods(now: Period, begins: Period | None) -> tuple[Period, ...]:
    least = begins.number if begins is not None else 0
    numbers = range(now.number + 1, now.number - _LAST, -1)
    return tuple(Period(now.kind, number) for number in numbers if number >= least)


@reads
def wanted(session: Session, edit: WorkEdit) -> BulkChange:
    """The bulk change of a choice. Refused where your access does not allow it, and where the template, or what was chosen of
    it, is not in use any more ("work_choice_gone")."""
    session.demand(edit.does.action)
    template = work_facts.templates(session).get(edit.template_id)
    if template is None or template.retired:
        raise Refused(problem("work_choice_gone"))
    chosen = Chosen(template, period_from(edit.period))
    if edit.does is Does.ASSIGN:
        return bulk_work.assign(session, chosen, edit.number, int(edit.value) if edit.value else None)
    if edit.does is Does.MOVE:
        return bulk_work.move_due(chosen, date.fromisoformat(edit.value) if edit.value else None)
    if edit.does is Does.TICK:
        item = next((of.item(edit.number) for of in templates_offered(session) if of.id == template.id), None)
        if item is None:
            raise Refused(problem("work_choice_gone"))
        return bulk_work.tick_item(session, chosen, item.id, item.title, edit.value)
    for state in template.states:
        if state.number == edit.number and not state.retired:
            return bulk_work.set_state(session, chosen, state, edit.anyway)
    raise Refused(problem("work_choice_gone"))


@reads
def in_words(session: Session, edit: WorkEdit) -> tuple[str, str]:
    """A choice in words: what is done, as its plan is headed, and the template with the period; the names are data. Refused as
    `wanted` is."""
    template = next((of for of in templates_offered(session) if of.id == edit.template_id), None)
    if template is None:
        raise Refused(problem("work_choice_gone"))
    if edit.does is Does.ASSIGN:
        role = next((role.name for role in template.roles if role.number == edit.number), "")
        members = Names(session.engine).members
        what = f"{role}: {members[int(edit.value)].name if edit.value else _('as the template says')}"
    elif edit.does is Does.MOVE:
        what = _("due {day}").format(day=edit.value or _("as the template says"))
    elif edit.does is Does.TICK:
        item = template.item(edit.number)
        what = f"“{shortened(item.title if item else '', 40)}”: {_(ITEM_STATES[edit.value])}"
    else:
        what = _("State: {state}").format(
            state=next((state.name for state in template.states if state.number == edit.number), "")
        )
    period = period_from(edit.period)
    return what, f"{template.name} · {period.words if period else _('first open period')}"


def completes(template_id: int, period: str, anyway: bool) -> WorkEdit:
    """The choice that completes work."""
    return WorkEdit(Does.COMPLETE, template_id, period, COMPLETED, anyway=anyway)

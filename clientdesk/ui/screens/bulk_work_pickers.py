"""The small form of a bulk change of work: by which template, in which period, and what; each in a picker, esc goes back by one."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from clientdesk.desk.bulk_work_edits import Does, OfTemplate, WorkEdit, completes
from clientdesk.domain.problems import problem
from clientdesk.domain.work_templates import COMPLETED, ITEM_STATES
from clientdesk.text import _
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.screens.dialogs import Ask
from clientdesk.ui.screens.picker import Choose

if TYPE_CHECKING:
    from clientdesk.desk.records import Member

_ITEM_ACTS = ("done", "not_applicable", "todo")
"""What an item can be made for many clients at once."""


async def ask_work(screen: DeskScreen[Any], does: Does) -> WorkEdit | None:
    """What a person wants to have done to the clients' work; None where they leave. What there is one of is not asked."""
    from clientdesk.desk import bulk_work_edits, team

    push = screen.app.push_screen_wait
    templates = {of.id: of for of in await screen.gateway.call(bulk_work_edits.templates_offered)}
    members = [member for member in await screen.gateway.call(team.members) if member.active]
    template_id: int | None = next(iter(templates), None)
    period: str | None = None
    while True:
        if len(templates) > 1:
            options = [(of.id, of.name) for of in templates.values()]
            template_id = await push(Choose(_("The work of which template?"), options, template_id))
        if template_id is None:
            return None
        of = templates[template_id]
        while (period := await push(_period_picker(of, period))) is not None:
            edit = await _ASKS[does](screen, of, period, members)
            if edit is not None:
                return edit
        if len(templates) == 1:
            return None


def _period_picker(of: OfTemplate, current: str | None) -> Choose:
    options = [("", _("the first open one of each client")), *((period.key, period.words) for period in of.periods)]
    remarks = ["", *(period.key for period in of.periods)]
    return Choose(_("{template}: in which period?").format(template=of.name), options, current, remarks=remarks)


async def _assigned(screen: DeskScreen[Any], of: OfTemplate, period: str, members: "list[Member]") -> WorkEdit | None:
    push = screen.app.push_screen_wait
    number: int | None = of.roles[0].number
    while True:
        if len(of.roles) > 1:
            number = await push(Choose(_("Which role?"), [(role.number, role.name) for role in of.roles], number))
        if number is None:
            return None
        role = next(role.name for role in of.roles if role.number == number)
        options = [*((str(member.id), member.name) for member in members), ("", _("(as the template says)"))]
        value: str | None = await push(Choose(f"{role}?", options))
        if value is not None:
            return WorkEdit(Does.ASSIGN, of.id, period, number, value)
        if len(of.roles) == 1:
            return None


async def _moved(screen: DeskScreen[Any], of: OfTemplate, period: str, _members: "list[Member]") -> WorkEdit | None:
    hint = _("YYYY-MM-DD; nothing: as the template says.")
    day = await screen.app.push_screen_wait(Ask(_("When is it due?"), save=_("Go on"), hint=hint, check=_no_date))
    return None if day is None else WorkEdit(Does.MOVE, of.id, period, value=day)


def _no_date(text: str) -> str | None:
    """What is wrong with a day that is typed."""
    try:
        is_date = not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_date = False
    return None if is_date else problem("no_date", "due", label=_("Due"), value=text).message


async def _given_state(
    screen: DeskScreen[Any], of: OfTemplate, period: str, _members: "list[Member]"
) -> WorkEdit | None:
    options = [(state.number, state.name) for state in of.states if state.number != COMPLETED]
    number = await screen.app.push_screen_wait(Choose(_("Which state?"), options))
    return None if number is None else WorkEdit(Does.STATE, of.id, period, number)


async def _ticked(screen: DeskScreen[Any], of: OfTemplate, period: str, _members: "list[Member]") -> WorkEdit | None:
    push = screen.app.push_screen_wait
    items = [(item.id, item.title, section.name) for section in of.sections for item in section.standing]
    item_id: int | None = None
    while True:
        options, remarks = [(known, title) for known, title, _name in items], [name for _id, _title, name in items]
        item_id = await push(Choose(_("Which item?"), options, item_id, remarks=remarks, also=remarks))
        if item_id is None:
            return None
        title = next(title for known, title, _name in items if known == item_id)
        acts = [(state, _(ITEM_STATES[state])) for state in _ITEM_ACTS]
        state = await push(Choose(_("“{item}” is …").format(item=title), acts))
        if state is not None:
            return WorkEdit(Does.TICK, of.id, period, item_id, state)


async def _completed(screen: DeskScreen[Any], of: OfTemplate, period: str, _members: "list[Member]") -> WorkEdit | None:
    if of.closing:
        return completes(of.id, period, anyway=False)
    options = [(False, _("only where all items are settled")), (True, _("also where items are open"))]
    anyway = await screen.app.push_screen_wait(Choose(_("Complete it …"), options))
    return None if anyway is None else completes(of.id, period, anyway)


_ASKS: dict[Does, Callable[[DeskScreen[Any], OfTemplate, str, "list[Member]"], Awaitable[WorkEdit | None]]] = {
    Does.ASSIGN: _assigned,
    Does.MOVE: _moved,
    Does.STATE: _given_state,
    Does.TICK: _ticked,
    Does.COMPLETE: _completed,
}
"""How what each of them needs is asked."""

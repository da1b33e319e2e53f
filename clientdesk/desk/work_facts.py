"""What the work of clients follows from, read for some clients at once: templates, clients, and what people did."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from clientdesk.desk.session import Session
from clientdesk.domain.filters import Filter, first_wrong
from clientdesk.domain.own_values import unpacked
from clientdesk.domain.periods import Period, Span, period_from
from clientdesk.domain.time_zones import day_of
from clientdesk.domain.work import ClientFacts, ClientWork, Touched, WorkRule
from clientdesk.domain.work_templates import LEAD, Role, State, WorkTemplate
from clientdesk.domain.working_days import calendar_named
from clientdesk.store import client_work as rows
from clientdesk.store import work_templates as rows_of_templates


class TemplateFacts(NamedTuple):
    """A template as its work follows from it: its name, the rule of dates and people, to whom it applies, its roles, all its states
    in their order, whether work is completed only when all its items are, and whether it is retired."""

    id: int
    name: str
    rule: WorkRule
    applies: tuple[Filter, ...]
    roles: tuple[Role, ...]
    states: tuple[State, ...]
    closing: bool
    retired: bool


def templates(session: Session) -> dict[int, TemplateFacts]:
    """The templates that make sense, by id in their order, the retired ones too."""
    read = rows_of_templates.templates(session.engine)
    return {template.id: facts for template in read if (facts := _facts(session, template)) is not None}


def _facts(session: Session, template: WorkTemplate) -> TemplateFacts | None:
    """What follows from a template; None where that makes no sense, which `check` tells."""
    if template.due is None or first_wrong(template.applies, session.catalogue.without_work) is not None:
        return None
    by = {role.number: role.by for role in template.roles}
    people = by.get(1, ""), by.get(2, ""), by.get(3, "")
    calendar = calendar_named(template.calendar)
    begins = period_from(template.begins)
    rule = WorkRule(template.id, template.period, template.due, template.roll, calendar, begins, people)
    return TemplateFacts(
        template.id,
        template.name,
        rule,
        template.applies,
        template.roles,
        template.states,
        template.closing_needs_all,
        template.retired,
    )


def clients(session: Session, client_ids: Sequence[int]) -> dict[int, ClientFacts]:
    """What of clients their work follows from, of those that are there."""
    engine, zone = session.engine, str(session.firm.settings["time_zone"])
    added, day_at = rows.added_at(engine, client_ids), dict[str, date]()
    for at in set(added.values()):  # many come together
        day_at[at] = day_of(datetime.fromisoformat(at).astimezone(), zone)
    odd = odd_days(session, client_ids)
    return {
        row.id: ClientFacts(
            row.id,
            row.status == "active",
            row.year_end,
            day_at[added[row.id]] if row.id in added else session.today(),
            odd.get(row.id, {}),
            {LEAD: row.lead} | _members(row.own),
        )
        for row in rows.facts(engine, client_ids)
    }


def odd_days(session: Session, client_ids: Sequence[int]) -> dict[int, dict[Period, Span]]:
    """The periods of clients that have days of their own, by client."""
    odd: dict[int, dict[Period, Span]] = {}
    for client_id, key, first, last in rows.odd_periods(session.engine, client_ids):
        if (period := period_from(key)) is not None and (days := days_from(first, last)) is not None:
            odd.setdefault(client_id, {})[period] = days
    return odd


def _members(own: str) -> dict[str, int | None]:
    """The whole numbers in a client's own fields, by field: one that is a team member's names one."""
    return {name: value for name, value in unpacked(own).items() if isinstance(value, int)}


def days_from(first: str, last: str) -> Span | None:
    """Days that are kept; None for what is none."""
    try:
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None


def touched(session: Session, client_ids: Sequence[int]) -> dict[tuple[int, int], dict[Period, Touched]]:
    """What people did for clients, by template and client, and by period."""
    done: dict[tuple[int, int], dict[Period, Touched]] = {}
    for row in rows.touched(session.engine, client_ids):
        period = period_from(row.period)
        if period is None:
            continue
        due = days_from(row.due, row.due)
        of_period = Touched(
            row.state, days_from(row.first, row.last), due and due.first, (row.who1, row.who2, row.who3)
        )
        done.setdefault((row.template_id, row.client_id), {})[period] = of_period
    return done


class Works(NamedTuple):
    """The work of some clients by some templates, by template and client: what it follows from, and for whom the template
    applies."""

    of: Mapping[tuple[int, int], ClientWork]
    applying: Mapping[int, Collection[int]]
    clients: Mapping[int, ClientFacts]
    touched: Mapping[tuple[int, int], Mapping[Period, Touched]]

    def is_open(self, template_id: int, client_id: int) -> bool:
        """Whether a client has work to come by a template: it applies, and the client is active."""
        return client_id in self.applying.get(template_id, ()) and self.clients[client_id].is_active


def works(session: Session, by: Mapping[int, TemplateFacts], client_ids: Sequence[int]) -> Works:
    """The work of clients by templates; of clients that are there."""
    engine, facts, done = session.engine, clients(session, client_ids), touched(session, client_ids)
    starts = rows.starts(engine, client_ids)
    applying = {
        template_id: set[int]() if template.retired else rows.applying(engine, template.applies, client_ids)
        for template_id, template in by.items()
    }
    of = {
        (template_id, client_id): ClientWork(
            template.rule,
            client,
            period_from(starts.get((client_id, template_id), "")),
            done.get((template_id, client_id), {}),
        )
        for template_id, template in by.items()
        for client_id, client in facts.items()
    }
    return Works(of, applying, facts, done)


def is_within(first: str, last: str, period: Period) -> bool:
    """Whether an item that one client has from one period to another (their keys; "": open) is one of a period."""
    begins, ends = period_from(first), period_from(last)
    return (begins is None or begins.number <= period.number) and (ends is None or period.number <= ends.number)

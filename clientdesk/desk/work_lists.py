"""Lists of works: those of one client, present and past, and those of many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from clientdesk.desk import work_facts
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.desk.work import people_of, state_of
from clientdesk.desk.work_facts import TemplateFacts, Works
from clientdesk.desk.work_records import SETTLED, ClientWorks, WorkLine, WorkOf
from clientdesk.domain.periods import Period, period_from
from clientdesk.domain.work import periods_of
from clientdesk.store import client_work, listing
from clientdesk.store.client_work import Row

AT_ONCE = 500
"""So many clients are read together where the works of many are listed."""
NAMES = ("display_name", "company_id", "client_number")
"""The fields by which a client is named beside its work."""
_PIECE = 2_000
"""So many lines of what stands in the table are read together."""


class Only(NamedTuple):
    """Which works of a list are wanted: what is late, what waits for the client, and what you have a role in."""

    late: bool = False
    waiting: bool = False
    mine: bool = False

    def has(self, is_late: bool, waiting: int, people: Iterable[int | None], me: int) -> bool:
        """Whether a work is one of them."""
        return (not self.late or is_late) and (not self.waiting or waiting > 0) and (not self.mine or me in people)


_ALL = Only()


@reads
def of_client(session: Session, client_id: int) -> ClientWorks:
    """The works of a client: by each template that applies the first open one, and others that somebody has touched."""
    templates = work_facts.templates(session)
    works = work_facts.works(session, templates, [client_id])
    opened = dict.fromkeys(_open(works, templates, [client_id]))
    past = [
        WorkOf(client_id, template_id, period)
        for (template_id, _client_id), touched in works.touched.items()
        for period in touched
        if template_id in templates and WorkOf(client_id, template_id, period) not in opened
    ]
    past = [of for of in past if works.of[of.template_id, client_id].periods.span(of.period) is not None]
    lines = _lines(session, templates, works, [*opened, *past])
    return ClientWorks(
        tuple(sorted((line for line in lines if line.of in opened), key=lambda line: line.due)),
        tuple(sorted((line for line in lines if line.of not in opened), key=lambda line: line.days.last, reverse=True)),
    )


def listed(
    session: Session,
    client_ids: Sequence[int],
    template: TemplateFacts | None = None,
    period: Period | None = None,
    only: Only = _ALL,
) -> Iterator[WorkLine]:
    """The works of clients as `lines` has them, as far as they are wanted, by their due dates. First open ones are read from the
    table of them, unless its rows are being made anew."""
    standing = _standing(session, client_ids, template, only) if period is None else None
    if standing is not None:
        for start in range(0, len(standing), _PIECE):
            yield from _lines_of_rows(session, standing[start : start + _PIECE])
        return
    today, me = session.today(), session.me.id
    wanted = [
        line
        for line in lines(session, client_ids, template, period)
        if only.has(
            line.due < today and not line.is_completed, line.waiting, [role.member.id for role in line.people], me
        )
    ]
    yield from sorted(wanted, key=lambda line: line.due)


@reads
def _standing(
    session: Session, client_ids: Sequence[int], template: TemplateFacts | None, only: Only
) -> list[Row] | None:
    """The rows of the table that are wanted, by their due dates, then in the order of the clients and of the templates; None while
    some of them are being made anew."""
    by = work_facts.templates(session) if template is None else {template.id: template}
    if not client_work.renewed(session.engine).keys().isdisjoint(by):
        return None
    today, me = session.today().isoformat(), session.me.id
    roles = {template_id: [role.number for role in known.roles] for template_id, known in by.items()}
    wanted = [
        row
        for row in client_work.standing(session.engine, list(by), client_ids)
        if only.has(row.due < today, row.waiting, _people(row, roles[row.template_id]) if only.mine else (), me)
    ]
    places = {client_id: place for place, client_id in enumerate(client_ids)}
    order = {template_id: place for place, template_id in enumerate(by)}
    return sorted(wanted, key=lambda row: (row.due, places[row.client_id], order[row.template_id]))


def _people(row: Row, roles: Iterable[int]) -> list[int | None]:
    """Who does a work, of those who have one of some roles."""
    everybody = row.who1_id, row.who2_id, row.who3_id
    return [everybody[number - 1] for number in roles]


@reads
def _lines_of_rows(session: Session, standing: Sequence[Row]) -> list[WorkLine]:
    """Lines of what stands in the table; a client or a template that went meanwhile has none."""
    engine, templates = session.engine, work_facts.templates(session)
    client_ids = sorted({row.client_id for row in standing})
    clients = {row[0]: row[2] for row in listing.rows(engine, client_ids, (*NAMES, "fiscal_year_end"))}
    touched, odd = work_facts.touched(session, client_ids), work_facts.odd_days(session, client_ids)
    names, found = Names(engine), []
    for row in standing:
        template, period = templates.get(row.template_id), period_from(row.period)
        if template is None or period is None or row.client_id not in clients:
            continue
        name, company_id, client_number, year_end = clients[row.client_id]
        done = touched.get((row.template_id, row.client_id), {})
        days = periods_of(template.rule.kind, year_end, odd.get(row.client_id, {}), done).span(period)
        if days is None:
            continue
        named = done[period].people if period in done else (None, None, None)
        found.append(
            WorkLine(
                WorkOf(row.client_id, row.template_id, period),
                name,
                company_id,
                client_number,
                template.name,
                days,
                date.fromisoformat(row.due),
                state_of(template, row.state),
                row.open_items,
                row.waiting,
                people_of(template, names, named, (row.who1_id, row.who2_id, row.who3_id)),
                True,
            )
        )
    return found


def lines(
    session: Session, client_ids: Sequence[int], template: TemplateFacts | None = None, period: Period | None = None
) -> Iterator[WorkLine]:
    """The works of clients, in their order: by each template that applies, or only by one, the first open one, or that of a
    period."""
    for start in range(0, len(client_ids), AT_ONCE):
        yield from _lines_of(session, client_ids[start : start + AT_ONCE], template, period)


@reads
def _lines_of(
    session: Session, client_ids: Sequence[int], template: TemplateFacts | None, period: Period | None
) -> list[WorkLine]:
    templates = work_facts.templates(session) if template is None else {template.id: template}
    works = work_facts.works(session, templates, client_ids)
    if period is None:
        wanted: Iterable[WorkOf] = _open(works, templates, client_ids)
    else:
        wanted = (
            WorkOf(client_id, template_id, period)
            for client_id in client_ids
            for template_id, known in templates.items()
            if known.rule.kind is period.kind and _has(works, template_id, client_id, period)
        )
    return _lines(session, templates, works, list(wanted))


def _has(works: Works, template_id: int, client_id: int, period: Period) -> bool:
    if period in works.touched.get((template_id, client_id), {}):
        return works.of[template_id, client_id].periods.span(period) is not None
    return works.is_open(template_id, client_id) and works.of[template_id, client_id].has(period)


def _open(works: Works, templates: Mapping[int, TemplateFacts], client_ids: Sequence[int]) -> Iterator[WorkOf]:
    """The first open works of clients."""
    for client_id in client_ids:
        for template_id in templates:
            if client_id in works.clients and works.is_open(template_id, client_id):
                standing = works.of[template_id, client_id].standing
                if standing is not None:
                    yield WorkOf(client_id, template_id, standing.period)


def _lines(
    session: Session, templates: Mapping[int, TemplateFacts], works: Works, wanted: Sequence[WorkOf]
) -> list[WorkLine]:
    """Lines of some works that there are."""
    engine = session.engine
    client_ids = sorted({of.client_id for of in wanted})
    named = {row[0]: row[2] for row in listing.rows(engine, client_ids, NAMES)}
    states = client_work.item_states(engine, {(of.client_id, of.template_id, of.period.key) for of in wanted})
    shared, own = client_work.shared_items(engine), client_work.own_items(engine, client_ids)
    names, found = Names(engine), []
    for of in wanted:
        template, of_client = templates[of.template_id], works.of[of.template_id, of.client_id]
        days = of_client.periods.span(of.period)
        assert days is not None
        name, company_id, client_number = named[of.client_id]
        item_ids = shared.get(of.template_id, set()) | {
            item.item_id
            for item in own
            if (item.client_id, item.template_id) == of[:2] and work_facts.is_within(item.first, item.last, of.period)
        }
        of_items = states.get((of.client_id, of.template_id, of.period.key), {})
        counted = [of_items.get(item_id, "todo") for item_id in item_ids]
        found.append(
            WorkLine(
                of,
                name,
                company_id,
                client_number,
                template.name,
                days,
                of_client.due(of.period),
                state_of(template, of_client.state(of.period)),
                sum(state not in SETTLED for state in counted),
                counted.count("waiting"),
                people_of(template, names, of_client.named(of.period), of_client.people(of.period)),
                of.client_id in works.applying[of.template_id],
            )
        )
    return found

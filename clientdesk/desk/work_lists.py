"""Lists of works: those of one client, present and past, and those of many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clientdesk.desk import work_facts
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.desk.work import people_of, state_of
from clientdesk.desk.work_facts import TemplateFacts, Works
from clientdesk.desk.work_records import SETTLED, ClientWorks, WorkLine, WorkOf
from clientdesk.domain.periods import Period
from clientdesk.store import client_work, listing

AT_ONCE = 500
"""So many clients are read together where the works of many are listed."""
NAMES = ("display_name", "company_id", "client_number")
"""The fields by which a client is named beside its work."""


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

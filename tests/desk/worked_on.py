"""A firm with a template of work, as tests of work need it."""

from collections.abc import Mapping, Sequence
from datetime import date

from clientdesk.desk import clients, work, work_managing
from clientdesk.desk.session import Session, changes
from clientdesk.desk.work_records import Work
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Value
from clientdesk.domain.periods import Period, period_from
from tests.worked import added

TODAY = date(2026, 8, 5)
SECTIONS = {"Setup": ("Ask for statements", "Open the year"), "Review": ("Match the bank", "Look at the payees")}


@changes("template.added", Action.MANAGE_WORK)
def with_template(
    session: Session,
    values: Mapping[str, Value],
    name: str = "Books review",
    sections: Mapping[str, Sequence[str]] = SECTIONS,
) -> int:
    """A template by which a month's work is due ten days after it; its id."""
    about: dict[str, Value] = {"period": "month", "due": "10 days", "begins": "2026-06", **values}
    template = added(session, "template", name=name, **about)
    for place, (title, items) in enumerate(sections.items(), 1):
        section = added(session, "template_section", template=template, name=title, position=place)
        for item_place, item in enumerate(items, 1):
            added(session, "template_item", section=section, title=item, position=item_place)
    return template


def a_review(session: Session, client: str = "Norte SL", **values: Value) -> Work:
    """The work of July 2026, the first one, of a new client by a new template."""
    with_template(session, values)
    client_id = clients.add(session, {"display_name": client, "lead": session.me.name}).id
    work_managing.set_start(session, [client_id], work.template_by_name(session, "Books review"), period("2026-07"))
    return read(session, client_id)


def read(session: Session, client_id: int, key: str = "") -> Work:
    """A work of a client by the only template: the first open one, or that of a period."""
    session.today = lambda: TODAY
    return work.read(session, work.which(session, client_id, period=key))


def period(key: str) -> Period:
    """The period with a key."""
    known = period_from(key)
    assert known is not None
    return known


def ids(review: Work, *titles: str) -> list[int]:
    """The ids of items by their titles, all where none is named."""
    return [item.id for item in review.items if item.title in titles or not titles]


def states(review: Work) -> dict[str, str]:
    """The states of items by their titles."""
    return {item.title: item.state for item in review.items}

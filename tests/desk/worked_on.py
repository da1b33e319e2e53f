"""A firm with a template of work, as tests of work need it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from clientdesk.desk import clients, work, work_accounts, work_doing, work_managing
from clientdesk.desk.session import Session, changes
from clientdesk.desk.work_accounts import Account
from clientdesk.desk.work_records import Work, WorkOf
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Value
from clientdesk.domain.periods import Period, Span, period_from
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
    """The ids of items by their titles, all that are not retired where none is named."""
    return [item.id for item in review.items if item.title in titles or not (titles or item.retired)]


def states(review: Work) -> dict[str, str]:
    """The states of items by their titles."""
    return {item.title: item.state for item in review.items}


def review_of(session: Session, client_id: int, template_id: int, key: str = "2026-07") -> Work:
    """The work of a client by a template in a period."""
    return work.read(session, WorkOf(client_id, template_id, period(key)))


Does = Callable[[Session, Work], object]


def _account(session: Session, review: Work) -> Account:
    return work_accounts.accounts(session, review.of.client_id)[0]


def _own_item(session: Session, review: Work) -> Work:
    section = next(section for section in review.sections if not section.retired)
    return work_managing.add_own_items(session, review, section.id, ["Count the till"])


def _renamed(session: Session, review: Work) -> None:
    own = _own_item(session, review)
    item = next(item for item in own.items if item.of_client)
    work_managing.rename_own_item(session, own, item, "Count the safe")


OF_WORK: Mapping[str, Does] = {
    "work.waiting": lambda s, r: work_doing.set_waiting(s, r, ids(r), "Which bank?"),
    "work.not_applicable": lambda s, r: work_doing.set_not_applicable(s, r, ids(r)),
    "work.todo": lambda s, r: work_doing.set_to_do(s, r, ids(r)),
    "work.item": lambda s, r: work_doing.save_item(s, r, ids(r), {"due": "2026-08-01", "assignee": s.me.id}),
    "work.noted": lambda s, r: work_doing.save_note(s, r, "Ñ\n2"),
    "work.state": lambda s, r: work_doing.set_state(s, r, r.states[0]),
    "work.completed": lambda s, r: work_doing.complete(s, r, anyway=True),
    "work.assigned": lambda s, r: work_managing.assign(s, r, {1: None}),
    "work.moved": lambda s, r: work_managing.move_due(s, r, TODAY),
    "work.start": lambda s, r: work_managing.set_start(
        s, [r.of.client_id], work.template_by_name(s, r.template), period("2026-05")
    ),
    "work.odd_period": lambda s, r: work_managing.set_odd_period(
        s, r.of.client_id, period("2026-09"), Span(date(2026, 9, 1), date(2026, 9, 20))
    ),
    "work.own_items": _own_item,
    "work.own_item": _renamed,
    "work.reconciled": lambda s, r: work_accounts.reconcile(s, r, [_account(s, r).id], {"balance": "7"}),
    "account.added": lambda s, r: work_accounts.add_account(s, r.of.client_id, "Caja"),
    "account.changed": lambda s, r: work_accounts.save_account(s, _account(s, r), {"name": "Bank"}),
    "account.retired": lambda s, r: work_accounts.retire_account(s, _account(s, r)),
    "account.restored": lambda s, r: work_accounts.restore_account(s, work_accounts.retire_account(s, _account(s, r))),
    "work.reopened": lambda s, r: work_doing.reopen(s, work_doing.complete(s, r, anyway=True).work, "Late"),
}
"""Each kind of change of a work, as it is done to one; behind the last one it stays completed."""
IN_SEVERAL = ("work.reopened", "work.own_item", "account.restored")
"""Those that take several changes."""

"""The table of the clients' work is what follows from templates, clients and what people did, whoever changed what."""

from datetime import date

import pytest

from clientdesk.desk import client_types, clients, patches, work, work_doing, work_renewal
from clientdesk.desk.client_status import set_status_of_many
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Access, Action
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.kept_templates import kept_applies
from clientdesk.domain.patch import Patch, Value
from clientdesk.store import client_work
from clientdesk.store.client_work import ANY
from tests.conftest import At
from tests.desk.undone import take_back
from tests.worked import added


@changes("template.added", Action.MANAGE_WORK)
def add_template(session: Session, name: str, *applies: Filter, period: str = "month", begins: str = "2026-01") -> int:
    """A template of two items that is due ten days after its period."""
    template = added(
        session, "template", name=name, period=period, due="10 days", begins=begins, applies=kept_applies(applies)
    )
    section = added(session, "template_section", template=template, name="Setup")
    for title in ("Ask for statements", "Match the bank"):
        added(session, "template_item", section=section, title=title)
    return template


@changes("template.changed", Action.MANAGE_WORK)
def change_template(session: Session, /, template_id: int, **values: Value) -> None:
    """Changes what is kept of a template."""
    patches.landed(patches.apply_one(session, Patch("template", str(template_id), {}, values)))


def type_id(session: Session, name: str) -> int:
    """The id of a client type."""
    return next(known.id for known in client_types.all_types(session) if known.name == name)


def killed(session: Session) -> None:
    """Instead of going on: the program ends behind the change."""
    session.is_renewing = False


def rows_of(session: Session, client_id: int) -> dict[int, tuple[str, str, int]]:
    """The period, the due date and the open items of a client's rows, by template."""
    rows = client_work.rows(session.engine, [client_id])
    return {template_id: (row.period, row.due, row.open_items) for (template_id, _id), row in rows.items()}


def assert_true(session: Session) -> None:
    assert list(work_renewal.untrue_rows(session)) == []


DAY = date(2190, 5, 10)
"""A day so far away that whatever this computer's clock says, the clients were there before."""


def test_rows_follow_clients_templates_and_work(session: Session) -> None:
    session.today = lambda: DAY
    norte = clients.add(session, {"display_name": "Norte SL", "client_type": "Business", "fiscal_year_end": "03-31"})
    sur = clients.add(session, {"display_name": "Sur SL", "client_type": "Trust", "lead": session.me.name})
    assert rows_of(session, norte.id) == {}

    monthly = add_template(session, "Books review", begins="2190-03")
    of_trusts = Filter("client_type", Op.IS, (str(type_id(session, "Trust")),))
    yearly = add_template(session, "Accounts", of_trusts, period="fiscal_year", begins="FY2189")
    assert rows_of(session, norte.id) == dict.fromkeys((ANY, monthly), ("2190-03", "2190-04-10", 2))
    assert rows_of(session, sur.id)[yearly] == ("FY2189", "2190-01-10", 2)
    assert rows_of(session, sur.id)[ANY] == ("FY2189", "2190-01-10", 2)
    assert_true(session)

    # a template that applies from now on begins with the present period, and an undo takes that back
    clients.edit(session, norte, {"client_type": "Trust"})
    assert rows_of(session, norte.id)[yearly] == ("FY2191", "2191-04-10", 2)
    take_back(session)
    assert yearly not in rows_of(session, norte.id)
    assert client_work.starts(session.engine, [norte.id]) == {}

    # a tick, a state, a moved date
    review = work.read(session, work.which(session, norte.id))
    work_doing.tick(session, review, [review.items[0].id])
    assert rows_of(session, norte.id)[monthly] == ("2190-03", "2190-04-10", 1)
    work_doing.complete(session, work.read(session, review.of), anyway=True)
    assert rows_of(session, norte.id)[ANY] == ("2190-04", "2190-05-10", 2)
    take_back(session)
    assert rows_of(session, norte.id)[monthly] == ("2190-03", "2190-04-10", 1)
    assert_true(session)

    # an inactive client has no work to come, and is where it was when it is active again
    set_status_of_many(session, [norte.id], active=False)
    assert rows_of(session, norte.id) == {monthly: ("", "", 1)}
    set_status_of_many(session, [norte.id], active=True)
    assert rows_of(session, norte.id)[ANY] == ("2190-03", "2190-04-10", 1)
    assert_true(session)


def test_a_template_that_becomes_another_is_renewed_for_all_in_batches(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.today = lambda: DAY
    monkeypatch.setattr(work_renewal, "BATCH", 2)
    ids = [clients.add(session, {"display_name": f"Client {number}"}).id for number in range(5)]
    template = add_template(session, "Books review", Filter("city", Op.IS, ("Madrid",)), begins="2190-03")
    assert [rows_of(session, client_id) for client_id in ids] == [{}] * 5
    change_template(session, template, applies=kept_applies(()))
    assert {rows_of(session, client_id)[template] for client_id in ids} == {("2190-05", "2190-06-10", 2)}
    change_template(session, template, due="1 month", retired=0)
    assert {rows_of(session, client_id)[template] for client_id in ids} == {("2190-05", "2190-06-30", 2)}
    change_template(session, template, retired=1)
    assert [rows_of(session, client_id) for client_id in ids] == [{}] * 5
    take_back(session)
    assert {rows_of(session, client_id)[ANY] for client_id in ids} == {("2190-05", "2190-06-30", 2)}
    assert_true(session)


def test_who_comes_after_goes_on_with_a_renewal_that_was_stopped(
    session: Session, at_work: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.today = lambda: DAY
    ids = [clients.add(session, {"display_name": f"Client {number}"}).id for number in range(5)]
    with monkeypatch.context() as cut:
        cut.setattr(work_renewal, "go_on_renewing", killed)
        template = add_template(session, "Books review", begins="2190-03")
    assert rows_of(session, ids[0]) == {}
    eve, bob = at_work("eve", Access.BASIC), at_work("bob")
    told = work_renewal.renewing(eve)
    assert told is not None
    assert (told.who, told.done, told.clients) == (session.me.name, 0, 5)
    assert not work_renewal.go_on_renewing(bob, stopped=iter([True]).__next__, batch=2)
    assert work_renewal.go_on_renewing(bob, batch=2)
    assert work_renewal.renewing(eve) is None
    assert [rows_of(session, client_id)[template][0] for client_id in ids] == ["2190-03"] * 5
    assert_true(session)

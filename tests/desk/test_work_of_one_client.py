"""What of work one client alone has: odd periods, items, accounts and their reconciliations."""

from datetime import date

import pytest

from clientdesk.desk import (
    bulk_changes,
    bulk_kinds,
    clients,
    undoing,
    work,
    work_accounts,
    work_doing,
    work_evidence,
    work_managing,
    work_templates,
)
from clientdesk.desk.checking import check_firm
from clientdesk.desk.history import of_client
from clientdesk.desk.session import Session
from clientdesk.desk.work_going_along import GoingAlong, going_along
from clientdesk.desk.work_records import WorkOf
from clientdesk.domain.access import Access
from clientdesk.domain.periods import Span
from clientdesk.domain.problems import Refused
from tests.conftest import At
from tests.desk.between_firms import MOVE, everyone, send, sound
from tests.desk.undone import do_again, take_back
from tests.desk.worked_on import a_review, ids, period, read, states


def test_a_client_has_periods_with_days_of_their_own(session: Session) -> None:
    review = a_review(session)
    client_id, august = review.of.client_id, period("2026-08")
    work_managing.set_odd_period(session, client_id, august, Span(date(2026, 8, 1), date(2026, 9, 15)))
    with pytest.raises(
        Refused, match=r"September 2026 \(2026-09-10 to 2026-09-30\) and August 2026 .* have days in common"
    ):
        work_managing.set_odd_period(session, client_id, period("2026-09"), Span(date(2026, 9, 10), date(2026, 9, 30)))
    with pytest.raises(Refused, match="The first day 2026-09-30 is after the last one 2026-09-01"):
        work_managing.set_odd_period(session, client_id, period("2026-09"), Span(date(2026, 9, 30), date(2026, 9, 1)))
    for key, last, months, most in (("2026-09", date(2026, 12, 1), 4, 3), ("FY2027", date(2028, 9, 1), 25, 24)):
        with pytest.raises(Refused, match=f"would have {months} months .*; at most {most} are possible"):
            work_managing.set_odd_period(session, client_id, period(key), Span(date(2026, 9, 1), last))
    long = read(session, client_id, "2026-08")
    assert (long.days.last, long.due) == (date(2026, 9, 15), date(2026, 9, 25))
    work_doing.tick(session, long, ids(long)[:1])
    work_managing.remove_odd_period(session, client_id, august)
    assert work_managing.odd_periods(session, client_id) == ()
    assert read(session, client_id, "2026-08").days == long.days  # what somebody has touched keeps its days
    take_back(session)
    assert [odd.period for odd in work_managing.odd_periods(session, client_id)] == [august]


def test_a_client_has_items_of_its_own(session: Session) -> None:
    review = a_review(session)
    client_id, setup = review.of.client_id, review.sections[0].id
    work_managing.add_own_items(session, review, setup, ["Count the till"], only=True)
    own = work_managing.add_own_items(session, review, setup, ["Ask the owner"])
    assert [(item.title, item.of_client) for item in own.sections[0].items] == [
        ("Ask for statements", False),
        ("Open the year", False),
        ("Count the till", True),
        ("Ask the owner", True),
    ]
    following = read(session, client_id, "2026-08")
    assert ("Count the till" in states(following), "Ask the owner" in states(following)) == (False, True)
    assert following.since.gone == ("Count the till",)
    owner = next(item for item in following.items if item.title == "Ask the owner")
    renamed = work_managing.rename_own_item(session, following, owner, "Ask the owners")
    ended = work_managing.end_own_item(session, renamed, renamed.sections[0].items[-1])
    assert "Ask the owners" not in states(ended)
    assert "Ask the owners" in states(read(session, client_id, "2026-07"))
    with pytest.raises(Refused, match="is an item of Books review for all clients"):
        work_managing.end_own_item(session, ended, ended.items[0])
    take_back(session)
    take_back(session)
    assert "Ask the owner" in states(read(session, client_id, "2026-08"))


def test_accounts_are_reconciled(session: Session, at_work: At) -> None:
    review = a_review(session)
    client_id, eve = review.of.client_id, at_work("eve", Access.BASIC)
    bank = work_accounts.add_account(session, client_id, "Banco", "eur")
    yen = work_accounts.add_account(session, client_id, "Yen", "JPY")
    with pytest.raises(Refused, match="There is an account Banco already"):
        work_accounts.add_account(session, client_id, "BANCO")
    for unknown in ("euro", "ZZZ"):
        with pytest.raises(Refused, match=f"“{unknown}” is no currency"):
            work_accounts.add_account(session, client_id, "Otro", unknown)
    review = read(eve, client_id)
    said = {"through": "2026-07-31", "balance": "1.234,5", "difference": "-0.1"}
    done = work_accounts.reconcile(eve, review, [bank.id], said)
    account = done.work.accounts[0]
    assert (str(account.balance), str(account.difference), account.through) == ("1234.50", "-0.10", date(2026, 7, 31))
    for account_id, wrong, sentence in (
        (yen.id, {"balance": "1.5"}, "Ending balance: “1.5” has more decimals than JPY has"),
        (bank.id, {"balance": "x"}, "Ending balance: “x” is no amount"),
        (bank.id, {"through": "2099-01-01"}, "2099-01-01 is more than a year ahead"),
        (bank.id, {"due": "1900-01-01"}, r"1900-01-01 is more than ten years from the period's end \(2026-07-31\)"),
        (yen.id, {"through": "2026-02-30"}, "Reconciled through: “2026-02-30” is no date"),
    ):
        with pytest.raises(Refused, match=sentence):
            work_accounts.reconcile(eve, done.work, [account_id], wrong)
    with pytest.raises(Refused, match=r"has open items \(5\): .*, Banco\. Settle them"):
        work_doing.complete(session, done.work)
    with pytest.raises(Refused, match="Banco has amounts in EUR, so it stays in it"):
        work_accounts.save_account(session, bank, {"currency": "JPY"})
    assert work_accounts.save_account(session, yen, {"currency": "USD"}).currency == "USD"
    work_accounts.reconcile(session, done.work, [bank.id], {"state": "done"})
    work_doing.complete(session, done.work, anyway=True)
    following = read(session, client_id)
    reconciled = work_accounts.reconcile(session, following, [bank.id], {"difference": "0"}).work
    assert [str(value) for value in reconciled.since.differences[0]] == ["Banco", "EUR", "-0.10", "0.00"]
    work_accounts.retire_account(session, yen)
    assert [account.name for account in read(session, client_id).accounts] == ["Banco"]
    take_back(session)
    take_back(session)
    assert not any(account.touched for account in read(session, client_id).accounts)
    do_again(session)
    assert str(read(session, client_id).accounts[0].difference) == "0.00"
    assert work.read(session, review.of).is_completed


def test_a_client_that_is_deleted_takes_its_work_along(session: Session) -> None:
    review = a_review(session)
    client_id, template = review.of.client_id, work.template_by_name(session, "Books review")
    own = work_managing.add_own_items(session, review, review.sections[0].id, ["Count the till"])
    account = work_accounts.add_account(session, client_id, "Banco", "EUR")
    work_managing.set_odd_period(session, client_id, period("2026-09"), Span(date(2026, 9, 1), date(2026, 9, 30)))
    work_doing.tick(session, own, ids(own))
    work_accounts.reconcile(session, read(session, client_id), [account.id], {"balance": "1"})
    other_id = clients.add(session, {"display_name": "Sur SL"}).id
    work_managing.set_start(session, [other_id], template, period("2026-07"))
    work_doing.tick(session, read(session, other_id), ids(review)[:1])

    # as long as it has work, its addition is not taken back
    plan = undoing.plan(session, next(c.change for c in of_client(session, client_id) if c.kind == "client.added"))
    assert "Work" in "".join(conflict.sentence for conflict in plan.conflicts)
    assert going_along(session, [client_id]).sentence == ("The work goes along (1 work, 1 account, 1 item of its own).")
    plan_of_both = bulk_changes.plan(session, [client_id, other_id], bulk_kinds.deletion(session))
    assert plan_of_both is not None
    assert len(plan_of_both.client_ids) == 2
    clients.delete(session, clients.get(session, client_id))
    assert going_along(session, [client_id]) == GoingAlong()
    assert going_along(session, [other_id]) == GoingAlong(1)
    bulk_changes.BulkJob(bulk_changes.plan(session, [other_id], plan_of_both.change) or plan_of_both).run(session)
    assert going_along(session, [other_id]) == GoingAlong()
    text = work_evidence.in_markdown(work_evidence.evidence(session, review.of))
    assert "# Books review of Norte SL, July 2026" in text
    assert "Client deleted permanently | Count the till | State: Done" in text
    assert all(finding.sound for finding in check_firm(session))


def test_a_client_takes_its_work_to_another_firm_as_history(session: Session, other: Session) -> None:
    review = a_review(session, "Peña, SA")
    work_doing.tick(session, review, ids(review)[:1])
    clients.edit(session, clients.get(session, review.of.client_id), {"city": "Vigo"})
    work_doing.complete(session, read(session, review.of.client_id), anyway=True)
    outcome = send(session, other, MOVE)
    assert outcome.templates == (("Books review", 1),)
    (arrived,) = work_templates.templates(other)
    assert (arrived.name, arrived.retired, len(arrived.items)) == ("Books review", True, 4)
    (moved,) = everyone(other)
    past = of_client(other, moved.id)
    assert [change.title for change in past[1:5]] == ["Work completed", "Client edited", "Items ticked", "Items ticked"]
    state = next(field for field in past[1].fields)
    assert (state.label, state.old, state.new) == ("Books review, 2026-07: State", "To do", "Completed")
    done = past[3 if past[3].fields[0].label.endswith("State") else 4]
    assert ("Books review, 2026-07, Ask for statements: State", "Done") in {
        (field.label, field.new) for field in done.fields
    }
    came = WorkOf(moved.id, arrived.id, review.of.period)
    for restored in (False, True):
        evidence = work_evidence.evidence(other, came)
        assert (evidence.work is not None, evidence.client) == (restored, "Peña, SA")
        text = work_evidence.in_markdown(evidence)
        assert text.index("| Ask for statements | State: Done |") < text.index("| State: To do → Completed |")
        assert "Nothing was done" not in text
        if not restored:
            work_templates.restore_template(other, arrived.id)
            work_managing.set_start(other, [moved.id], work.template_by_name(other, "Books review"), review.of.period)
    later = work_evidence.evidence(other, came._replace(period=period("2026-08")))
    assert "What the client brought along from another firm stands in its history" in work_evidence.in_markdown(later)
    assert going_along(session, [review.of.client_id]) == going_along(other, [moved.id]) == GoingAlong()
    assert sound(session, other)

"""Doing work: items ticked by one and by two, states, completing and reopening; what is read of it."""

from collections.abc import Callable
from datetime import date

import pytest

from clientdesk.desk import (
    clients,
    team,
    template_parts,
    undoing,
    work,
    work_doing,
    work_lists,
    work_managing,
    work_templates,
)
from clientdesk.desk.checking import check_firm
from clientdesk.desk.history import of_firm
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.kept_templates import kept_roles, kept_states
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import Role, State
from tests.conftest import At
from tests.desk.undone import do_again, take_back
from tests.desk.worked_on import a_review, ids, period, read, states

OWN = kept_states([State(2, "In review")])


def test_two_people_tick_one_review_and_no_tick_is_lost(session: Session, at_work: At) -> None:
    review = a_review(session)
    eve = at_work("eve", Access.BASIC)
    hers = read(eve, review.of.client_id)
    first, second, third, _last = ids(review)
    assert work_doing.tick(session, review, [first, second]).changed == 2
    done = work_doing.tick(eve, hers, [second, third])
    assert done.changed == 1
    assert [item.by.name for item in done.work.items] == ["Ana García", "Ana García", "Eve Test", ""]
    assert (done.work.progress, done.work.sections[1].progress) == ((3, 4), (1, 2))
    with pytest.raises(Refused) as conflict:
        work_doing.set_waiting(eve, hers, [first], "Which bank?")
    assert conflict.value.message == (
        "The item “Ask for statements” was changed by Ana García meanwhile."
        " State said “To do” when it was read, and says “Done” now."
    )
    part = work_doing.set_not_applicable(session, review, [third, ids(review)[3]])
    assert (part.changed, [wrong.code for wrong in part.conflicts]) == (1, ["stale", "stale_field"])
    assert states(part.work)["Match the bank"] == "done"
    assert (part.work.days.first.isoformat(), part.work.values["first"]) == ("2026-07-01", "2026-07-01")

    # a basic member takes back what they ticked, and nothing else goes
    take_back(eve)
    assert list(states(read(session, review.of.client_id)).values()) == ["done", "done", "todo", "not_applicable"]
    with pytest.raises(Refused, match="does not allow this: change the work's templates, people and dates"):
        work_managing.move_due(eve, hers, None)
    assert all(finding.sound for finding in check_firm(session))


def test_ticks_are_taken_back_and_done_again(session: Session, at_work: At) -> None:
    review = a_review(session)
    client_id = review.of.client_id
    work_doing.tick(session, review, ids(review))
    assert take_back(session).left == 0
    again = read(session, client_id)
    assert (again.stored, set(states(again).values())) == (False, {"todo"})
    do_again(session)
    ticked = read(session, client_id)
    assert ticked.progress == (4, 4)
    assert {item.by.name for item in ticked.items} == {"Ana García"}
    with pytest.raises(Refused, match="What is the client asked"):
        work_doing.set_waiting(session, ticked, ids(ticked)[:1], "  ")
    waiting = work_doing.set_waiting(session, ticked, ids(ticked)[:1], "Which\nbank?").work.items[0]
    assert (waiting.question, str(waiting.asked), waiting.by.name) == ("Which\nbank?", "2026-08-05", "")
    assert of_firm(session)[0].subject == "Norte SL, Books review, 2026-07, Ask for statements"
    take_back(session)

    # the row of the work that the first tick made stays where somebody else has worked on it since
    take_back(session)
    work_doing.tick(session, read(session, client_id), ids(ticked)[:1])
    number = of_firm(session)[0].change
    bob = at_work("bob")
    work_doing.tick(bob, read(bob, client_id), ids(ticked)[1:2])
    plan = undoing.plan(session, number)
    assert [conflict.sentence for conflict in plan.conflicts] == [
        "Norte SL, Books review, 2026-07 stays, as its items or accounts have been worked on since (1). Take that back first."
    ]
    assert undoing.undo(session, plan).left == 1
    assert list(states(read(session, client_id)).values()) == ["todo", "done", "todo", "todo"]


def test_a_work_is_completed_and_reopened(session: Session, at_work: At) -> None:
    review = a_review(session, states=OWN)
    client_id, key = review.of.client_id, review.of.period.key
    assert [state.name for state in review.states] == ["To do", "In review", "Completed"]
    review = work_doing.set_state(session, review, review.states[1]).work
    assert review.state.name == "In review"
    with pytest.raises(
        Refused, match=r"Norte SL, Books review, July 2026 has open items \(4\): Ask for .*, or complete it"
    ):
        work_doing.complete(session, review)
    eve = at_work("eve", Access.BASIC)
    completed = work_doing.complete(eve, read(eve, client_id), anyway=True).work
    assert completed.is_completed
    assert read(session, client_id).of.period == period("2026-08")
    refusals: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: work_doing.tick(eve, completed, ids(completed)), "is completed. Reopen it first, with a reason"),
        (lambda: work_doing.set_state(eve, completed, review.states[0]), "is completed. Reopen it first"),
        (lambda: work_doing.reopen(eve, completed, "A late invoice"), "does not allow this"),
        (lambda: work_doing.reopen(session, completed, " "), "Why is Norte SL, Books review, July 2026 reopened"),
        (lambda: work_doing.complete(session, completed, anyway=True), "is completed already"),
        (lambda: work_managing.move_due(session, completed, completed.days.last), "is completed. Reopen it first"),
        (lambda: work_managing.assign(session, completed, {1: eve.me.id}), "is completed. Reopen it first"),
        (
            lambda: work_managing.add_own_items(session, review, review.sections[0].id, ["Count the till"]),
            "is completed. Reopen it first",
        ),
    )
    for refused, sentence in refusals:
        with pytest.raises(Refused, match=sentence):
            refused()
    work_doing.save_item(eve, completed, ids(completed)[:1], {"note": "Seen"})
    reopened = work_doing.reopen(session, completed, "A late invoice", review.states[1]).work
    assert (reopened.state.name, reopened.reason) == ("In review", "A late invoice")
    with pytest.raises(Refused, match=r"is not completed, so it cannot be reopened\. It is: In review"):
        work_doing.reopen(session, completed, "Once more")
    take_back(session)
    assert read(session, client_id, key).is_completed
    take_back(eve)
    take_back(eve)
    assert read(session, client_id).state.name == "In review"


def test_a_template_may_want_all_items_settled(session: Session) -> None:
    review = a_review(session, closing=1)
    review = work_doing.set_not_applicable(session, review, ids(review)[:3]).work
    with pytest.raises(Refused, match=r"as items of it are open \(1\): Look at the payees\. Settle them"):
        work_doing.complete(session, review, anyway=True)
    work_doing.tick(session, review, ids(review)[3:])
    completed = work_doing.complete(session, review).work
    assert (completed.is_completed, completed.since.period) == (True, None)
    following = read(session, review.of.client_id)
    assert following.since.not_applicable == ("Ask for statements", "Open the year", "Match the bank")
    assert (following.previous, work_lists.of_client(session, review.of.client_id).past[0].of) == (
        review.of.period,
        review.of,
    )


def test_a_work_is_assigned_moved_and_begun_otherwise(session: Session, at_work: At) -> None:
    review = a_review(session)
    client_id, bob = review.of.client_id, at_work("bob")
    template = work.template_by_name(session, "BOOKS review")
    assert (review.people[0].member.name, review.due.isoformat(), review.moved) == ("Ana García", "2026-08-10", False)
    hers = read(bob, client_id)
    assigned = work_managing.assign(session, review, {1: bob.me.id}).work
    assert assigned.people[0][2:] == ((bob.me.id, "Bob Test"), True)
    moved = work_managing.move_due(bob, hers, review.days.last).work  # who does it is another field
    assert (moved.due, moved.moved, moved.people[0].member.name) == (review.days.last, True, "Bob Test")
    with pytest.raises(Refused, match="was changed by Ana García meanwhile"):
        work_managing.assign(bob, hers, {1: session.me.id})
    with pytest.raises(Refused, match=r"Books review has no role “2”\. There are: Preparer"):
        work_managing.assign(session, moved, {2: bob.me.id})
    for far in (date(1900, 1, 1), date(1, 1, 1), date(2037, 1, 1)):
        with pytest.raises(Refused, match=f"{far} is more than ten years from the period's end"):
            work_managing.move_due(session, moved, far)
        with pytest.raises(Refused, match=f"{far} is more than ten years from the period's end"):
            work_doing.save_item(session, moved, ids(moved)[:1], {"due": far.isoformat()})
    assert work_managing.start_of(session, client_id, template) == (period("2026-07"), True)
    assert work_managing.set_start(session, [client_id], template, period("2026-09")) == 1
    assert read(session, client_id).of.period == period("2026-07"), "somebody has begun with it"
    assert work.read(session, moved.of).due == moved.due  # what somebody has touched stays
    with pytest.raises(Refused, match="no Books review in August 2026: it begins with September 2026"):
        read(session, client_id, "2026-08")
    with pytest.raises(Refused, match="FY2026 is no period of Books review: its periods are of the kind Month"):
        read(session, client_id, "FY2026")
    assert work_managing.set_start(session, [client_id], template, None) == 1
    take_back(session)
    take_back(session)
    take_back(session)
    review = read(session, client_id)
    assert (review.of.period, review.people[0].is_named, review.moved) == (period("2026-07"), False, True)
    take_back(bob)
    assert not read(session, client_id).moved


def test_who_leaves_hands_open_work_over(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    review = a_review(session)
    client_id = review.of.client_id
    for key in ("2026-07", "2026-08"):
        assigned = work_managing.assign(session, read(session, client_id, key), {1: bob.me.id}).work
        work_doing.save_item(session, assigned, ids(review)[:2], {"assignee": bob.me.id})
    work_doing.tick(session, read(session, client_id, "2026-08"), ids(review)[:1])
    work_doing.complete(session, read(session, client_id), anyway=True)
    with pytest.raises(Refused, match=r"Bob Test is still named for open work \(1\)\. Say who takes it over"):
        team.deactivate_member(session, bob.me.id)
    with pytest.raises(Refused, match="There is no active team member “Nobody”"):
        team.deactivate_member(session, bob.me.id, work_to="Nobody")
    team.deactivate_member(session, bob.me.id, work_to="Ana García")
    july, august = (read(session, client_id, key) for key in ("2026-07", "2026-08"))
    assert (july.people[0].member.name, august.people[0].member.name) == ("Bob Test", "Ana García")
    assert [item.assignee.name for item in august.items[:2]] == ["Bob Test", "Ana García"]
    with pytest.raises(Refused, match="Preparer: Bob Test is inactive"):
        work_managing.assign(session, august, {1: bob.me.id})
    take_back(session)
    assert read(session, client_id, "2026-08").people[0].member.name == "Bob Test"
    team.deactivate_member(session, bob.me.id, work_to="")
    assert read(session, client_id, "2026-08").people[0][2:] == ((session.me.id, "Ana García"), False)


def test_the_roles_that_a_template_gives_a_member_who_leaves_are_handed_over(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    by_bob, by_lead = Role(1, "Preparer", f"member:{bob.me.id}"), Role(2, "Reviewer", "lead")
    review = a_review(session, roles=kept_roles([by_bob, by_lead]))
    assert review.people[0].member.name == "Bob Test"
    with pytest.raises(
        Refused, match=r"Bob Test still has a role by the templates: Books review\. Say who takes it over"
    ):
        team.deactivate_member(session, bob.me.id)
    for name in ("Ana García", ""):
        team.deactivate_member(session, bob.me.id, work_to=name)
        (template,) = work_templates.templates(session)
        assert [role.by for role in template.roles] == [f"member:{session.me.id}" if name else "", "lead"]
        assert read(session, review.of.client_id).people[0].member.name == name
        assert all(finding.sound for finding in check_firm(session))
        take_back(session)
        (template,) = work_templates.templates(session)
        assert template.roles[0].by == f"member:{bob.me.id}", "one change set, one undo"


def test_nobody_begins_work_of_an_inactive_client(session: Session) -> None:
    begun = a_review(session)
    client_id = begun.of.client_id
    work_doing.tick(session, begun, ids(begun)[:1])
    ahead = read(session, client_id, "2027-03")
    clients.set_status(session, [client_id], active=False)
    for untouched in (ahead, read(session, client_id, "2026-08")):
        with pytest.raises(Refused, match="Norte SL is inactive: nobody begins work by the template Books review"):
            work_doing.tick(session, untouched, ids(untouched)[:1])
    assert work_doing.tick(session, read(session, client_id, "2026-07"), ids(begun)[1:2]).changed == 1


def test_an_item_that_was_retired_meanwhile_is_not_ticked(session: Session, at_work: At) -> None:
    review, bob = a_review(session), at_work("bob")
    ticked = work_doing.tick(session, review, ids(review)[:1]).work
    for item_id in ids(review)[:2]:
        template_parts.retire_item(bob, review.of.template_id, item_id)
    sentence = "The item “Open the year” was retired by Bob Test"
    refusals: tuple[Callable[[], object], ...] = (
        lambda: work_doing.tick(session, ticked, ids(ticked)[1:2]),
        lambda: work_doing.set_waiting(session, ticked, ids(ticked)[1:2], "Which year?"),
    )
    for does in refusals:
        with pytest.raises(Refused, match=sentence):
            does()
    assert states(read(session, review.of.client_id))["Ask for statements"] == "done"
    assert work_doing.set_to_do(session, ticked, ids(ticked)[:1]).changed == 1


def test_completed_work_keeps_the_items_that_it_had(session: Session) -> None:
    review = a_review(session)
    client_id, template_id = review.of.client_id, review.of.template_id
    work_doing.tick(session, review, ids(review)[:2])
    work_doing.complete(session, read(session, client_id), anyway=True)
    template_parts.add_items(session, template_id, review.sections[0].id, ["Count the till"])
    template_parts.retire_item(session, template_id, ids(review)[0])
    template_parts.retire_section(session, template_id, review.sections[1].id)
    completed = read(session, client_id, "2026-07")
    assert (states(completed), completed.progress) == (
        {"Ask for statements": "done", "Open the year": "done", "Match the bank": "todo", "Look at the payees": "todo"},
        (2, 4),
    )
    following = read(session, client_id)
    assert list(states(following)) == ["Open the year", "Count the till"]
    assert following.since.added == ("Count the till",)
    assert following.since.gone == ("Ask for statements", "Match the bank", "Look at the payees")
    reopened = work_doing.reopen(session, completed, "A late invoice").work
    assert list(states(reopened)) == ["Ask for statements", "Open the year", "Count the till"]

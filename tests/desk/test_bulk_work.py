"""The work of many clients at once: a plan, what is refused with its reason, one undo."""

from datetime import date

import pytest

from clientdesk.desk import bulk_work, clients, work, work_doing, work_managing
from clientdesk.desk.bulk_changes import BulkChange, BulkJob, Plan, plan
from clientdesk.desk.bulk_plan_rows import plan_rows
from clientdesk.desk.bulk_work import Chosen
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.kept_templates import kept_states
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import State
from tests.conftest import At
from tests.desk.undone import take_back
from tests.desk.worked_on import TODAY, ids, period, read, states, with_template


@pytest.fixture
def three(session: Session) -> list[int]:
    """Three clients with work from July 2026 on, and an inactive one behind them."""
    session.today = lambda: TODAY
    with_template(session, {"states": kept_states([State(2, "In review")])})
    client_ids = [clients.add(session, {"display_name": name}).id for name in ("A", "B", "C", "Gone")]
    template = work.template_by_name(session, "Books review")
    work_managing.set_start(session, client_ids, template, period("2026-07"))
    clients.set_status(session, client_ids[3:], active=False)
    return client_ids


def planned(session: Session, client_ids: list[int], change: BulkChange) -> Plan:
    """The plan of a change."""
    made = plan(session, client_ids, change)
    assert made is not None
    return made


def test_the_work_of_many_is_assigned_moved_and_ticked(session: Session, three: list[int], at_work: At) -> None:
    chosen, bob = Chosen(work.template_by_name(session, "Books review")), at_work("bob")
    work_doing.tick(session, read(session, three[0]), ids(read(session, three[0]), "Match the bank"))
    to_bob = planned(session, three, bulk_work.assign(session, chosen, 1, bob.me.id))
    assert (len(to_bob.client_ids), [wrong.code for wrong in to_bob.refused.values()]) == (3, ["no_work_of_inactive"])
    assert [row.differences[:1] for row in plan_rows(session, to_bob, 0, 9)][1:2] == [
        (("who1", "July 2026: Preparer", "", "Bob Test"),)
    ]
    job = BulkJob(to_bob).run(session)
    assert (job.changed, job.refused) == (3, {})
    assert {read(session, client_id).people[0].member.name for client_id in three[:3]} == {"Bob Test"}
    assert planned(session, three, bulk_work.assign(session, chosen, 1, bob.me.id)).unchanged == 3

    ticked = planned(session, three, bulk_work.tick(session, chosen, "match the BANK"))
    assert (len(ticked.client_ids), ticked.unchanged) == (2, 1)
    work_doing.set_waiting(bob, read(bob, three[1]), ids(read(bob, three[1]), "Match the bank"), "Which?")
    job = BulkJob(ticked).run(session)
    assert (job.changed, [wrong.message for wrong in job.refused.values()]) == (
        1,
        ["B was changed since the plan was made. Look at it, then try again."],
    )
    assert [states(read(session, client_id))["Match the bank"] for client_id in three[:3]] == [
        "done",
        "waiting",
        "done",
    ]
    assert read(session, three[2]).stored
    assert take_back(session).rows == 1
    assert read(session, three[2]).people[0].member.name == "Bob Test"

    august = chosen._replace(period=period("2026-08"))
    assert BulkJob(planned(session, three, bulk_work.move_due(august, date(2026, 9, 1)))).run(session).changed == 3
    assert read(session, three[2], "2026-08").due == date(2026, 9, 1)
    assert take_back(session).rows == 3
    assert not read(session, three[2], "2026-08").stored
    for wrong, sentence in (
        ("Nothing", "Books review has no item “Nothing”"),
        ("", "has no item “”"),
    ):
        with pytest.raises(Refused, match=sentence):
            bulk_work.tick(session, chosen, wrong)


def test_the_work_of_many_is_completed_where_nothing_is_open(session: Session, three: list[int], at_work: At) -> None:
    chosen = Chosen(work.template_by_name(session, "Books review"), period("2026-07"))
    eve = at_work("eve", Access.BASIC)
    first = read(session, three[0])
    work_doing.tick(session, first, ids(first))
    completed = next(state for state in first.states if state.number == 1)
    left = planned(eve, three, bulk_work.set_state(eve, chosen, completed))
    assert [left.refused[client_id].code for client_id in three[1:]] == [
        "work_left_open",
        "work_left_open",
        "no_work_of_inactive",
    ]
    assert BulkJob(left).run(eve).changed == 1
    anyway = planned(eve, three, bulk_work.set_state(eve, chosen, completed, anyway=True))
    assert (BulkJob(anyway).run(eve, batch=1).changed, anyway.unchanged) == (2, 1)
    back = planned(eve, three, bulk_work.set_state(eve, chosen, first.states[1]))
    assert {wrong.code for wrong in back.refused.values()} == {"work_completed", "no_work_of_inactive"}
    assert take_back(eve).rows == 2
    with pytest.raises(Refused, match="does not allow this"):
        plan(eve, three, bulk_work.move_due(chosen, None))

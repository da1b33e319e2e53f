"""What stands in the way of an undo is told with the row, who did it and what can be done instead."""

import pytest

from clientdesk.desk import client_types, clients, team, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused
from tests.conftest import At
from tests.desk.test_undoing import Firm, a_type, fresh
from tests.desk.test_undoing import firm as firm
from tests.desk.undone import take_back


def test_what_stands_as_it_was_before_is_told_and_can_be_undone_when_it_does_so_no_more(
    session: Session, firm: Firm, at_work: At
) -> None:
    clients.set_status(session, [firm.client.id, firm.planned.id], active=False)
    number = session.engine.change_set
    bob = at_work("bob")
    clients.set_status(bob, [firm.client.id], active=True)
    planned = undoing.plan(session, number)
    (conflict,) = planned.conflicts
    assert (planned.rows, planned.can, conflict[:4]) == (2, 1, ("Peña SA", "Status", "Active", "Bob Test"))
    assert conflict.change == bob.engine.change_set, "the number of what stands in the way"
    assert undoing.undo(session, planned)[1:3] == (1, 1)
    rest = undoing.plan(session, number)
    assert (rest.begun, rest.can, [conflict.sentence for conflict in rest.conflicts]) == (True, 0, [conflict.sentence])
    take_back(bob)
    assert undoing.undo(session, undoing.plan(session, number))[1:3] == (1, 0)
    assert clients.get(session, firm.client.id).values["status"] == "active"


def test_a_change_that_somebody_set_back_by_hand_is_told_once_before_an_older_one(
    session: Session, firm: Firm, at_work: At
) -> None:
    clients.edit(session, fresh(session, firm.client), {"city": "Vigo"})
    older = session.engine.change_set
    clients.edit(session, fresh(session, firm.client), {"street": "Rúa 1", "mobile": "+34 600 123 456"})
    number = session.engine.change_set
    bob = at_work("bob")
    clients.edit(bob, clients.get(bob, firm.client.id), {"street": ""})
    planned = undoing.plan(session, number)
    assert (planned.can, [conflict.label for conflict in planned.conflicts]) == (1, ["Street"]), (
        "the other field can be"
    )
    clients.edit(bob, clients.get(bob, firm.client.id), {"mobile": ""})
    latest = undoing.latest(session)
    assert latest is not None
    assert (latest.number, latest.can) == (number, 0)
    assert {conflict.sentence.split(" (")[0] for conflict in latest.conflicts} == {
        "Peña SA: Street is “–” already, since Bob Test changed it",
        "Peña SA: Mobile is “–” already, since Bob Test changed it",
    }
    again = undoing.latest(session)
    assert again is not None
    assert again.number == older


def _sentences(session: Session, number: int) -> list[str]:
    """What stands in the way of all that a change did, without the time."""
    planned = undoing.plan(session, number)
    assert planned.can == 0
    return [conflict.sentence.split(" (2")[0] for conflict in planned.conflicts]


def test_what_a_rule_keeps_is_told_with_the_row_and_whose_doing_it_is(
    session: Session, firm: Firm, at_work: At
) -> None:
    bob = at_work("bob")
    trust, number = a_type(session), {}
    client_types.rename_type(session, trust, "Foundation")
    number["type"] = session.engine.change_set
    client_types.add_type(bob, "TRUST")
    team.save_member(session, firm.eve, {"login": "eva", "name": "Eva"})
    number["member"] = session.engine.change_set
    team.add_member(bob, "Eve Test", "", "eve", Access.BASIC)
    clients.edit(session, fresh(session, firm.client), {"client_type": "Foundation"})
    clients.edit(session, fresh(session, firm.client), {"client_type": ""})
    number["reference"] = session.engine.change_set
    client_types.remove_type(bob, trust.id)
    assert _sentences(session, number["reference"]) == ["Peña SA: the client type “Foundation” was removed by Bob Test"]
    undoing.undo(bob, undoing.plan(bob, bob.engine.change_set))
    assert _sentences(session, number["type"]) == ["Foundation: something else is called “Trust” now, by Bob Test"]
    assert _sentences(session, number["member"]) == [
        "Eva: something else is called “Eve Test” now, by Bob Test",
        "Eva: Login “eve” belongs to “Eve Test” now, by Bob Test",
    ]
    zoe = team.add_member(session, "Zoe Test", "", "zoe", Access.FULL)
    number["oneself"] = session.engine.change_set
    assert _sentences(at_work("zoe"), number["oneself"]) == [
        f"{zoe.name}: You cannot do this to yourself. Ask somebody else with full access."
    ]


def test_a_value_that_another_row_has_by_now_is_told_with_its_field_and_that_row(
    session: Session, firm: Firm, at_work: At
) -> None:
    bob, number = at_work("bob"), {}
    clients.edit(session, fresh(session, firm.client), {"client_number": "C-77"})
    clients.edit(session, fresh(session, firm.client), {"client_number": "C-78"})
    number["edited"] = session.engine.change_set
    trust = a_type(session)
    client_types.rename_type(session, trust, "Foundation")
    number["type"] = session.engine.change_set
    team.save_member(session, firm.eve, {"login": "eva"})
    number["member"] = session.engine.change_set
    clients.add(bob, {"display_name": "Kiosk SL", "client_number": "c-77"})
    client_types.add_type(bob, "TRUST")
    team.add_member(bob, "Zoe Test", "", "eve", Access.BASIC)

    def cells(change: str) -> list[tuple[str, str, str, str]]:
        return [conflict[:4] for conflict in undoing.plan(session, number[change]).conflicts]

    assert cells("edited") == [("Peña SA", "Client number", "C-77: Kiosk SL", "Bob Test")]
    assert cells("type") == [("Foundation", "Name", "Trust", "Bob Test")]
    assert cells("member") == [("Eve Test", "Login", "eve: Zoe Test", "Bob Test")]


def test_a_rule_about_a_field_is_told_with_it_and_what_stands_there(session: Session, firm: Firm, at_work: At) -> None:
    client_types.add_type(session, "Charity")
    charity = next(kind for kind in client_types.all_types(session) if kind.name == "Charity")
    clients.edit(session, fresh(session, firm.client), {"client_type": "Charity"})
    clients.edit(session, fresh(session, firm.client), {"client_type": "Trust"})
    number = session.engine.change_set
    client_types.remove_type(at_work("bob"), charity.id)
    (conflict,) = undoing.plan(session, number).conflicts
    assert conflict[:4] == ("Peña SA", "Client type", "Trust", "Bob Test")


def test_what_can_be_done_instead_is_what_can_be_done_to_that_row(session: Session, firm: Firm) -> None:
    client_types.add_type(session, "Charity")
    added = session.engine.change_set
    charity = next(client_type for client_type in client_types.all_types(session) if client_type.name == "Charity")
    client_types.rename_type(session, charity, "Club")
    (conflict,) = undoing.plan(session, added).conflicts
    assert conflict.sentence.endswith("). It stays; it can be renamed, or removed where no client has it.")
    client = clients.add(session, {"display_name": "Río SL"})
    added = session.engine.change_set
    clients.edit(session, client, {"city": "Vigo"})
    (conflict,) = undoing.plan(session, added).conflicts
    assert conflict.sentence.endswith("). It stays; it can be made inactive.")


def test_after_a_hand_over_each_change_that_stays_is_named_with_its_reason(
    session: Session, firm: Firm, at_work: At
) -> None:
    team.save_member(session, team.member_by_key(session, "bob"), {"name": "Bob Old"})
    renamed = session.engine.change_set
    team.offer_primary_admin(session, firm.bob.id)
    offered = session.engine.change_set
    team.accept_primary_admin(at_work("bob"))
    with pytest.raises(Refused) as refused:
        undoing.latest(session)
    assert refused.value.message == (
        "Your access (full) does not allow this: hand over the primary admin's role. Ask Bob Old. "
        f"“Primary admin's role offered” (change {offered}) stays."
    )
    planned = undoing.latest(session)
    assert planned is not None
    assert (planned.number, [conflict.sentence for conflict in planned.conflicts]) == (
        renamed,
        [
            "Bob Old: Your access (full) does not allow this: "
            "change the primary admin's name, e-mail or login. Ask Bob Old."
        ],
    )
    with pytest.raises(Refused, match="does not allow this: change the primary admin's name"):
        team.save_member(session, team.member_by_key(session, "bob"), {"name": "Zed"})


def test_what_somebody_changed_since_and_set_back_is_told_and_does_not_stand_in_the_way(
    session: Session, firm: Firm, at_work: At
) -> None:
    bob = at_work("bob")
    ids = [firm.client.id, firm.planned.id, firm.requested.id]
    clients.set_status(session, ids, active=False)
    number = session.engine.change_set
    assert undoing.plan(session, number).overruled == ()
    clients.set_status(bob, ids[:2], active=True)
    clients.set_status(bob, ids[:1], active=False)
    take_back(bob)
    clients.edit(bob, clients.get(bob, ids[2]), {"city": "Vigo"})
    clients.set_status(bob, ids[:1], active=False)
    take_back(bob)  # what was taken back is overruled no more
    clients.set_status(bob, ids[:1], active=False)
    planned = undoing.plan(session, number)
    (overruled,) = planned.overruled
    assert overruled[:4] == ("Peña SA", "Status", "", "Bob Test")
    assert overruled.sentence.startswith("Peña SA: Status was changed since, and set back by Bob Test (")
    assert (planned.can, [conflict.subject for conflict in planned.conflicts]) == (2, ["Mar SL"])
    undone = undoing.undo(session, planned)
    assert (undone.rows, undone.left, undone.overruled) == (2, 1, planned.overruled)
    assert clients.get(session, ids[0]).values["status"] == "active"

"""What an undo had to leave can be undone later; what cannot be undone is told once, and then passed over."""

from collections.abc import Callable

import pytest

from clientdesk.desk import change_sets, clients, undoing
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Interrupted, Session
from clientdesk.domain.problems import Refused
from tests.conftest import At
from tests.desk.test_undoing_jobs import imported as imported
from tests.desk.undone import do_again, firm_of, take_back
from tests.many import add_many


def latest(session: Session) -> undoing.Plan:
    planned = undoing.latest(session)
    assert planned is not None
    return planned


def remarks(session: Session) -> dict[int, str]:
    """What the history says of its changes besides, by number."""
    return {line.id: line.remark for line in change_sets.all_lines(session) if line.remark}


def test_rows_that_were_left_are_undone_when_nothing_stands_in_their_way_any_more(
    session: Session, at_work: At
) -> None:
    bob = at_work("bob")
    ids = [clients.add(session, {"display_name": f"Client {n}"}).id for n in range(4)]
    first = firm_of(session)["client"]
    clients.edit(session, clients.get(session, ids[0]), {"phone": "+34 600 123 456"})
    edited = session.engine.change_set
    clients.set_status(session, ids, active=False)
    number = session.engine.change_set
    clients.delete(session, clients.get(session, ids[3]))
    deleted = session.engine.change_set
    clients.edit(bob, clients.get(bob, ids[0]), {"city": "Lugo"})
    clients.set_status(bob, ids[1:2], active=True)
    clients.edit(bob, clients.get(bob, ids[1]), {"city": "Vigo"})
    with pytest.raises(Refused, match="permanently"):
        undoing.latest(session)
    planned = latest(session)
    assert (planned.number, planned.rows, planned.can, planned.begun) == (number, 4, 2, False)
    assert undoing.undo(session, planned)[1:3] == (2, 2), "one is active already"
    undo = session.engine.change_set
    assert remarks(session) == {number: "undone in part"}
    titles = {line.id: line.change.title for line in change_sets.all_lines(session)}
    assert titles[undo] == "Undone in part: Client deactivated"
    assert latest(session).number == edited, "what cannot be undone is passed over"
    planned = undoing.plan(session, number)
    assert (planned.rows, planned.can, planned.begun, len(planned.conflicts)) == (2, 0, True, 2)
    clients.set_status(bob, ids[1:2], active=False)
    planned = latest(session)
    assert (planned.number, planned.rows, planned.can, planned.begun) == (number, 2, 1, True)
    assert undoing.undo(session, planned)[1:3] == (1, 1), "of the deleted one"
    assert {row["status"] for row in firm_of(session)["client"].values()} == {"active"}
    assert latest(session).number == edited
    assert undoing.undo(session, latest(session)).rows == 1
    assert firm_of(session)["client"][ids[0]] == {**first[ids[0]], "city": "Lugo"}
    for _again in range(3):
        do_again(session)
    assert undoing.latest_undone(session) is None
    assert {row["status"] for row in firm_of(session)["client"].values()} == {"inactive"}
    assert latest(session).number == number, "it stands whole again, but for the deleted client"
    assert deleted in session.known_to_stay
    assert all(finding.sound for finding in check_firm(session))


def test_fields_that_were_left_are_undone_later_and_done_again(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    client = clients.add(session, {"display_name": "Peña SA"})
    clients.edit(session, client, {"city": "Vigo", "street": "Rúa 1"})
    number = session.engine.change_set
    clients.edit(bob, clients.get(bob, client.id), {"city": "Lugo"})
    assert take_back(session)[1:3] == (1, 1)
    clients.edit(bob, clients.get(bob, client.id), {"street": "Rúa 2"})  # what was undone is no matter any more
    clients.edit(bob, clients.get(bob, client.id), {"city": "Vigo"})
    planned = latest(session)
    assert (planned.number, planned.rows, planned.can, planned.conflicts) == (number, 1, 1, ())
    assert undoing.undo(session, planned)[1:3] == (1, 0)
    assert remarks(session) == {number: "undone"}
    values = clients.get(session, client.id).values
    assert (values["city"], values["street"]) == ("", "Rúa 2")
    with pytest.raises(Refused, match=f"Change {number} was undone already, by Ana García"):
        undoing.plan(session, number)
    assert do_again(session).left == 0
    assert clients.get(session, client.id).values["city"] == "Vigo"
    again = undoing.latest_undone(session)
    assert again is not None
    assert (again.can, [conflict.label for conflict in again.conflicts]) == (0, ["Street"])
    assert undoing.latest_undone(session) is None, "it is told once"
    clients.edit(bob, clients.get(bob, client.id), {"street": ""})
    assert do_again(session).left == 0
    assert clients.get(session, client.id).values["street"] == "Rúa 1"
    assert remarks(session).get(number, "") == ""


def test_a_redo_that_left_something_can_go_on(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    other = clients.add(bob, {"display_name": "Other"})
    add_many(session, [{"display_name": f"Client {n}", "client_number": str(n)} for n in range(3)])
    number = session.engine.change_set
    take_back(session)
    undo = session.engine.change_set
    clients.edit(bob, other, {"client_number": "1"})
    assert do_again(session)[1:3] == (2, 1)
    assert remarks(session) == {number: "undone in part", undo: "redone in part"}
    assert undoing.latest_undone(session) is None, "what still cannot be done again is passed over"
    assert (latest(session).rows, latest(session).can) == (2, 2)
    clients.edit(bob, clients.get(bob, other.id), {"client_number": ""})
    planned = undoing.latest_undone(session)
    assert planned is not None
    assert (planned.number, planned.rows, planned.can, planned.begun) == (undo, 1, 1, True)
    assert undoing.undo(session, planned).left == 0
    assert remarks(session) == {undo: "redone"}
    assert sorted(row["client_number"] for row in firm_of(session)["client"].values()) == ["", "0", "1", "2"]
    assert take_back(session)[1:3] == (3, 0)


def test_what_was_left_of_an_import_is_undone_later(
    session: Session, imported: Callable[[], None], at_work: At
) -> None:
    bob = at_work("bob")
    before = firm_of(session)
    imported()
    job = session.engine.change_set
    client = clients.by_key(bob, "N-5")
    clients.edit(bob, client, {"city": "Lugo"})
    assert take_back(session)[1:3] == (34, 2)
    assert remarks(session) == {job: "undone in part"}
    assert undoing.plan(session, job).can == 0
    take_back(bob)
    planned = latest(session)
    assert (planned.rows, planned.can, planned.begun) == (2, 2, True), "the client, and its type"
    progress: list[tuple[int, int]] = []
    assert undoing.undo(session, planned, lambda done, rows: progress.append((done, rows)))[1:3] == (2, 0)
    assert progress[-1][0] == progress[-1][1]
    assert firm_of(session) == before
    assert remarks(session)[job] == "undone"
    assert do_again(session).left == 0
    assert len(firm_of(session)["client"]) == 35
    assert all(finding.sound for finding in check_firm(session))


def test_what_cannot_be_undone_is_told_once_and_passed_over(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    kept = clients.add(session, {"display_name": "Kept"})
    clients.edit(session, kept, {"city": "Vigo"})
    city = session.engine.change_set
    gone = clients.add(session, {"display_name": "Gone"})
    clients.edit(session, gone, {"city": "Vigo"})
    clients.edit(session, clients.get(session, kept.id), {"street": "Rúa 1"})
    street = session.engine.change_set
    clients.edit(bob, clients.get(bob, kept.id), {"street": "Rúa 2"})
    clients.delete(session, clients.get(session, gone.id))
    with pytest.raises(Refused, match="It is for good: add the client anew"):
        undoing.latest(session)
    planned = latest(session)
    assert (planned.number, planned.can) == (street, 0), "what stands in its way is told, too"
    assert latest(session).number == city, "the changes of the deleted client go with its deletion"
    clients.edit(bob, clients.get(bob, kept.id), {"street": "Rúa 1"})
    assert latest(session).number == street, "as soon as it can be undone it is"


def test_of_another_persons_deletion_your_change_tells_once(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    gone = clients.add(bob, {"display_name": "Gone"})
    clients.edit(bob, gone, {"city": "Vigo"})
    number = bob.engine.change_set
    clients.delete(session, clients.get(session, gone.id))
    planned = latest(bob)
    assert (planned.number, planned.can) == (number, 0)
    assert planned.conflicts[0].sentence.startswith("Gone was deleted by Ana García (")
    planned = latest(bob)
    assert planned.number == number - 1, "each change of the client says so"
    assert undoing.latest(bob) is None


@pytest.mark.thorough("many")
def test_looking_at_many_rows_tells_how_far_it_is_and_can_be_left(session: Session) -> None:
    add_many(session, ({"display_name": f"Client {n}"} for n in range(2_100)))
    number = session.engine.change_set
    progress: list[tuple[int, int]] = []

    def leave(done: int, rows: int) -> None:
        progress.append((done, rows))
        session.interrupt()

    with pytest.raises(Interrupted):
        undoing.plan(session, number, leave)
    session.resume()
    assert progress == [(1_000, 2_100)]
    assert not session.engine.inside
    assert session.undoes is None
    progress.clear()
    assert undoing.plan(session, number, lambda done, rows: progress.append((done, rows))).can == 2_100
    assert progress == [(1_000, 2_100), (2_000, 2_100), (2_100, 2_100)]
    assert clients.totals(session).all == 2_100, "it was only looked at"

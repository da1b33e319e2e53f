"""Wrong builds of undo, each of which the tests beside it would find: what they look at is what makes the difference."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from clientdesk.desk import clients, patches, team, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.patch import Outcome, Patch
from clientdesk.domain.problems import Refused
from clientdesk.store.undo_entries import Entries
from tests.conftest import At
from tests.desk.undone import firm_of

_apply = patches.apply


def test_a_build_that_does_not_compare_writes_over_what_others_did(
    session: Session, at_work: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    clients.edit(session, client, {"city": "Vigo"})
    number = session.engine.change_set
    bob = at_work("bob")
    clients.edit(bob, clients.get(bob, client.id), {"city": "Lugo"})
    assert undoing.plan(session, number).can == 0

    def careless(session: Session, wanted: Iterable[Patch], *more: Any) -> Iterator[Outcome]:
        return _apply(session, (each._replace(before={}) for each in wanted), *more)

    monkeypatch.setattr(patches, "apply", careless)
    assert undoing.undo(session, undoing.plan(session, number)).left == 0
    assert clients.get(session, client.id).values["city"] == "", "so the tests look at what Bob wrote"


def test_a_build_that_goes_forwards_leaves_clients_without_their_lead(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = team.add_member(session, "Bob Test", "", "bob", Access.FULL)
    client = clients.add(session, {"display_name": "Peña SA", "lead": "Bob Test"})
    before = firm_of(session)
    team.deactivate_member(session, bob.id, everyone_to="")
    number = session.engine.change_set
    assert undoing.plan(session, number).can == 2
    written = Entries.written
    monkeypatch.setattr(Entries, "written", lambda self, marks: reversed(list(written(self, marks))))
    assert undoing.undo(session, undoing.plan(session, number)).left == 1
    assert firm_of(session) != before
    assert clients.get(session, client.id).values["lead"] == "", "so the tests compare the whole firm"


def test_a_build_that_does_not_note_what_it_left_never_undoes_the_rest(
    session: Session, at_work: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = at_work("bob")
    client = clients.add(session, {"display_name": "Peña SA"})
    clients.edit(session, client, {"city": "Vigo", "street": "Rúa 1"})
    number = session.engine.change_set
    clients.edit(bob, clients.get(bob, client.id), {"city": "Lugo"})
    note_change = session.engine.note_change
    monkeypatch.setattr(session.engine, "note_change", lambda note, _stayed: note_change(note))
    assert undoing.undo(session, undoing.plan(session, number)).left == 1
    clients.edit(bob, clients.get(bob, client.id), {"city": "Vigo"})
    with pytest.raises(Refused, match="undone already"):
        undoing.plan(session, number)
    assert clients.get(session, client.id).values["city"] == "Vigo", "so the tests undo twice"

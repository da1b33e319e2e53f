"""Undo while others are at work: of the same change at the same moment, and of an import that still writes."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from clientdesk.desk import clients, undoing
from clientdesk.desk.session import Session
from clientdesk.desk.undoing import undo_batches, undo_plan
from clientdesk.domain.problems import Refused
from clientdesk.text import local_time
from tests.conftest import At
from tests.desk.test_undoing import Firm, fresh
from tests.desk.test_undoing import firm as firm
from tests.desk.test_undoing_jobs import imported as imported
from tests.desk.undone import take_back
from tests.store.both import tamper


def before_the_next_call(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, does: Callable[[], object]
) -> None:
    """Something happens just before the next call of a function that a module of undo uses."""
    function: Callable[..., Any] = getattr(module, name)

    def late(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(module, name, function)
        does()
        return function(*args, **options)

    monkeypatch.setattr(module, name, late)


@pytest.mark.parametrize("meanwhile", ["before it is begun", "while it waits for its turn"])
def test_the_second_of_two_undos_of_a_change_is_told_that_it_was_undone(
    session: Session, firm: Firm, at_work: At, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    clients.edit(session, fresh(session, firm.client), {"city": "Vigo"})
    number = session.engine.change_set
    bob = at_work("bob")
    first, second = undoing.plan(bob, number), undoing.plan(session, number)
    if meanwhile == "before it is begun":
        undoing.undo(bob, first)
    else:
        before_the_next_call(monkeypatch, undo_plan, "changes", lambda: undoing.undo(bob, first))
    with pytest.raises(Refused) as refused:
        undoing.undo(session, second)
    assert refused.value.code == "undone_already"
    assert refused.value.message.startswith(f"Change {number} was undone already, by Bob Test (")


def test_the_second_of_two_undos_of_an_import_is_told_that_it_was_undone(
    session: Session, imported: Callable[[], None], at_work: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported()
    planned, number = undoing.latest(session), session.engine.change_set
    assert planned is not None
    other = at_work(session.login)
    before_the_next_call(monkeypatch, undo_batches, "paced", lambda: undoing.undo(other, undoing.plan(other, number)))
    with pytest.raises(Refused) as refused:
        undoing.undo(session, planned)
    assert refused.value.code == "undone_already"


def test_a_conflict_names_the_same_change_as_its_sentence(session: Session, at_work: At) -> None:
    """Who changed the row since and stands, not who did so last and took it back."""
    client = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1"})
    number = session.engine.change_set
    bob, carla = at_work("bob"), at_work("carla")
    clients.edit(bob, clients.get(bob, client.id), {"city": "Vigo"})
    standing = bob.engine.change_set
    clients.edit(carla, clients.get(carla, client.id), {"street": "Rúa 1"})
    take_back(carla)
    (conflict,) = undoing.plan(session, number).conflicts
    changed = undoing.plan(bob, standing)
    assert (conflict.who, conflict.at) == ("Bob Test", changed.at)
    assert f"by {conflict.who} ({local_time(conflict.at)})" in conflict.sentence


def test_what_an_import_has_written_is_not_taken_back_while_it_writes(
    session: Session, imported: Callable[[], None], at_work: At
) -> None:
    imported()
    number = session.engine.change_set
    planned = undoing.plan(session, number)
    bob, elsewhere = at_work("bob"), at_work(session.login)
    tamper(session.location, "import_run", "UPDATE import_run SET state = 'running', added = 1")
    elsewhere.engine.begin_import(1)
    try:
        for take in (lambda: undoing.plan(bob, number), lambda: undoing.undo(session, planned)):
            with pytest.raises(Refused) as refused:
                take()
            assert refused.value.message.startswith("list.csv is still being imported by Ana García. Undo when it has")
    finally:
        elsewhere.engine.end_import(1)
    assert undoing.undo(session, planned).whole
    undone = undoing.plan(session, session.engine.change_set)
    elsewhere.engine.begin_import(1)
    with pytest.raises(Refused, match="still being imported"):
        undoing.undo(session, undone)
    elsewhere.engine.end_import(1)

"""Many clients made inactive, or active again: in batches that are one job, on each engine."""

import pytest

from clientdesk.desk import chosen_clients, client_status, clients, opening, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.domain.selection import Selection
from clientdesk.store.history_models import ChangeSetModel
from tests.many import add_many

MANY = 25


@pytest.fixture
def ids(session: Session) -> list[int]:
    """Clients by their names."""
    add_many(session, [{"display_name": f"Client {number:03}"} for number in range(MANY)])
    return chosen_clients.settle(session, Selection(ClientQuery()))


def change_sets(session: Session) -> list[int | None]:
    """The jobs of the change sets that make clients inactive."""
    asked = ChangeSetModel.select(ChangeSetModel.job).where(ChangeSetModel.kind == "client.deactivated")
    return [row[0] for row in session.engine.execute(asked).fetchall()]


def test_batches_are_one_job_and_one_undo(session: Session, ids: list[int]) -> None:
    progress: list[tuple[int, int]] = []
    change = client_status.set_status_of_many(
        session, ids, False, progress=lambda done, rows: progress.append((done, rows)), batch=10
    )
    assert change == (MANY, True)
    assert progress == [(0, MANY), (10, MANY), (20, MANY)]
    jobs = change_sets(session)
    assert len(jobs) == 3
    assert len(set(jobs)) == 1
    plan = undoing.latest(session)
    assert plan is not None
    assert (plan.rows, plan.can) == (MANY, MANY)
    undoing.undo(session, plan)
    assert clients.count(session, ClientQuery()) == MANY


def test_stopped_it_leaves_whole_batches(session: Session, ids: list[int]) -> None:
    done_so_far = [0]

    def progress(done: int, _rows: int) -> None:
        done_so_far[0] = done

    change = client_status.set_status_of_many(session, ids, False, progress, lambda: done_so_far[0] >= 10, batch=10)
    assert change == (10, False)
    assert clients.count(session, ClientQuery()) == MANY - 10


def test_all_but_two_while_a_colleague_works(session: Session, ids: list[int]) -> None:
    selection = Selection(ClientQuery(), without=frozenset(ids[:2]))
    settled = chosen_clients.settle(session, selection)

    with opening.open_firm(session.location, session.login) as colleague:
        clients.add(colleague, {"display_name": "Client 024 b"})
        clients.delete(colleague, clients.get(colleague, settled[-1]))
        clients.set_status(colleague, [settled[-2]], False)
    change = client_status.set_status_of_many(session, settled, False, batch=10)
    assert change == (MANY - 4, True)
    left = chosen_clients.rows(session, chosen_clients.settle(session, Selection(ClientQuery())), ("display_name",))
    assert [row.values[0] for row in left] == ["Client 000", "Client 001", "Client 024 b"]


def test_nobody_is_left(session: Session, ids: list[int]) -> None:
    with pytest.raises(Refused) as refused:
        client_status.set_status_of_many(session, [900_001, 900_002, 900_003], False, batch=2)
    assert refused.value.code == "client_gone"
    assert client_status.set_status_of_many(session, [900_001, 900_002, ids[0]], False, batch=2) == (1, True)


def test_a_few_are_no_job(session: Session, ids: list[int]) -> None:
    assert client_status.set_status_of_many(session, ids, False) == (MANY, True)
    assert change_sets(session) == [None]

"""The turn to write: any member may hold it, a stranger may not, and who waits is told who writes."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from clientdesk.desk import clients, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines.postgres_change_sets import TAKE_TURN
from tests.servers import Server

_ATTEMPTS = (
    TAKE_TURN,
    "LOCK TABLE clientdesk.turn IN EXCLUSIVE MODE",
    "LOCK TABLE clientdesk.turn IN ACCESS SHARE MODE",
    "SELECT * FROM clientdesk.turn FOR UPDATE",
)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """A firm's database, to which a stranger and two members may connect."""
    name = server.firm()
    for login, access in (("ana", "primary_admin"), ("luis", "basic"), ("extra", None)):
        server.login(login, access)
        server.let_in(login, name)
    with opening.open_firm(server.url(name, "ana")) as session:
        team.add_member(session, "Luis Gil", "", "luis", Access.BASIC)
    yield name
    server.drop_database(name)


@pytest.fixture
def ana(server: Server, database: str) -> Iterator[Session]:
    """Ana García at work, who waits a moment only."""
    with opening.open_firm(server.url(database, "ana")) as session:
        session.engine.sql("SET lock_timeout = '200ms'")
        yield session


def connection(server: Server, database: str, login: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(server.url(database, login))


@pytest.mark.parametrize("attempt", _ATTEMPTS)
def test_who_may_only_connect_holds_nobody_up(server: Server, database: str, ana: Session, attempt: str) -> None:
    with connection(server, database, "extra") as stranger:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.execute(attempt.encode())
        stranger.rollback()
        for lock in range(7_281_040, 7_281_050):  # what any login may hold is not what a firm waits for
            stranger.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
        assert clients.add(ana, {"display_name": "Peña SA"}).active


def test_a_second_one_waits_and_is_told_who_writes(server: Server, database: str, ana: Session) -> None:
    with connection(server, database, "luis") as luis:
        luis.execute(TAKE_TURN.encode())
        with pytest.raises(FirmUnusable) as caught:
            clients.add(ana, {"display_name": "Peña SA"})
        assert caught.value.code == "locked"
        assert "Luis Gil is writing to" in caught.value.message
        assert clients.totals(ana).all == 0
        luis.rollback()
        assert clients.add(ana, {"display_name": "Peña SA"}).active


def test_a_login_that_is_no_member_is_named_as_it_is(server: Server, database: str, ana: Session) -> None:
    with server.connect(database) as root, root.transaction():
        root.execute(TAKE_TURN.encode())
        with pytest.raises(FirmUnusable) as caught:
            clients.add(ana, {"display_name": "Peña SA"})
    assert "postgres is writing to" in caught.value.message


def test_where_nobody_holds_the_turn_nobody_is_named(server: Server, database: str, ana: Session) -> None:
    client = clients.add(ana, {"display_name": "Peña SA"})
    with server.connect(database) as root, root.transaction():
        root.execute(b"SELECT * FROM clientdesk.client FOR UPDATE")
        with pytest.raises(FirmUnusable) as caught:
            clients.edit(ana, client, {"city": "Vigo"})
    assert caught.value.code == "locked"
    assert "Another program is writing to" in caught.value.message

"""A firm's server that is used wrongly, or held, or looked at: one sentence, nothing lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from clientdesk.desk import checking, clients, opening
from clientdesk.desk.session import Session
from clientdesk.domain.problems import FirmUnusable
from tests import installed
from tests.servers import OWNER, Server
from tests.store.both import bare, someone_writes

pytestmark = pytest.mark.thorough("servers")


@pytest.fixture
def engine_name() -> str:
    """All of this is about the server."""
    return "postgres"


def refusal(location: str) -> FirmUnusable:
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(location)
    assert "\n" not in caught.value.message
    assert not caught.value.away
    return caught.value


def test_what_is_not_there(server: Server, session: Session) -> None:
    assert refusal(server.url("no_such_firm", "ana")).code == "unknown_database"
    assert refusal(server.url("postgres", "ana")).code == "no_firm_on_server"
    assert refusal(server.url("postgres", "nobody_knows_me")).code == "login_refused"
    assert refusal(server.url("postgres", "ana", port=1)).code == "server_unreachable"
    assert refusal(session.location.replace("127.0.0.1", "no.such.host.invalid")).code == "unknown_host"
    if server.kind != installed.SPANISH:  # which has TLS
        assert refusal(session.location + "?sslmode=require").code == "no_tls"


def test_a_login_without_a_group_sees_nothing(server: Server, session: Session) -> None:
    server.login("zoe", None)
    location = session.location.replace("//ana@", "//zoe@")
    assert refusal(location).code == "no_rights"
    with psycopg.connect(location) as stranger, pytest.raises(psycopg.errors.InsufficientPrivilege):
        stranger.execute("SELECT * FROM clientdesk.client")


def test_a_row_that_someone_holds_is_waited_for_a_while(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    session.engine.sql("SET lock_timeout = '60ms'")
    with bare(session.location) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM client FOR UPDATE")
        began = time.monotonic()
        with pytest.raises(FirmUnusable) as caught:  # they hold it until this has been refused
            clients.edit(session, client, {"city": "Vigo"})
        assert time.monotonic() - began > 0.04
        assert caught.value.code == "locked"
        other.execute("ROLLBACK")
    assert clients.edit(session, client, {"city": "Vigo"}).values["city"] == "Vigo"


def test_a_write_waits_no_longer_than_it_says(session: Session) -> None:
    assert session.engine.sql("SHOW lock_timeout").fetchone() == ("5s",)
    assert session.engine.sql("SHOW statement_timeout").fetchone() == ("30s",)
    assert session.engine.sql("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)
    with someone_writes(session), pytest.raises(FirmUnusable):  # for as long as this waits, and with less patience
        clients.add(session, {"display_name": "Peña SA"})


def test_a_statement_that_takes_too_long(session: Session) -> None:
    session.engine.sql("SET statement_timeout = '40ms'")
    with pytest.raises(FirmUnusable) as caught, session.engine.errors():
        session.engine.sql("SELECT pg_sleep(5)").fetchone()
    assert caught.value.code == "slow"
    session.engine.sql("SET statement_timeout = '30s'")
    assert clients.add(session, {"display_name": "Peña SA"}).active


@contextmanager
def unsound(session: Session, *statements: str) -> Iterator[list[str]]:
    """What `check` finds unsound after statements of an administrator's."""
    database = session.location.rpartition("/")[2]
    with psycopg.connect(session.location.replace("//ana@", "//postgres@"), autocommit=True) as connection:
        connection.execute("SET search_path = clientdesk, public")
        for statement in statements:
            connection.execute(statement.replace("DATABASE", database))
    yield list(dict.fromkeys(finding.name for finding in checking.check_firm(session) if not finding.sound))


CHANGED_BY_AN_ADMINISTRATOR: list[tuple[str, str, list[Any]]] = [
    ("rules", "a trigger is off", ["ALTER TABLE client DISABLE TRIGGER client_history_update"]),
    ("rules", "all are off", ["ALTER TABLE history DISABLE TRIGGER ALL", "ALTER TABLE client DISABLE TRIGGER ALL"]),
    (
        "references",
        "a reference does not hold",
        [
            "ALTER TABLE client DROP CONSTRAINT client_lead_id_fkey",
            "ALTER TABLE client ADD FOREIGN KEY (lead_id) REFERENCES team_member (id) ON DELETE RESTRICT NOT VALID",
        ],
    ),
    (
        "search",
        "an index is not ready",
        ["UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'client_search'::regclass"],
    ),
]


@pytest.mark.parametrize(("name", "what", "statements"), CHANGED_BY_AN_ADMINISTRATOR)
def test_what_an_administrator_took_away_is_seen(session: Session, name: str, what: str, statements: list[str]) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    with unsound(session) as sentences:
        assert sentences == []
    with unsound(session, *statements) as sentences:
        assert sentences == [name], what


def test_a_login_that_may_too_much_is_seen(session: Session, server: Server) -> None:
    server.run_as_superuser("postgres", f"GRANT {OWNER} TO ana")
    try:
        with unsound(session) as found:
            assert found == ["rights"]
    finally:
        server.run_as_superuser("postgres", f"REVOKE {OWNER} FROM ana")


def test_a_client_that_another_program_left_unfindable_is_seen(server: Server, location: str) -> None:
    with opening.open_firm(location, "ana") as session:
        client = clients.add(session, {"display_name": "Peña SA"})
        with server.connect(location.rpartition("/")[2], "ana") as other, other.transaction():
            other.execute("SELECT clientdesk.begin_change('client.edited')")
            other.execute("UPDATE clientdesk.client SET display_name = 'Hack', version = version + 1")
        wrong = [finding for finding in checking.check_firm(session) if not finding.sound]
        assert [problem.name for problem in wrong] == ["keys"]
        assert client.values["company_id"] in wrong[0].sentence

"""What the next test is lent is as new: the databases and connections that a server keeps (`tests/kept.py`)."""

from collections.abc import Callable

import psycopg
import pytest

from clientdesk.desk import clients, opening, own_fields, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import FirmUnusable
from tests.exchange.firms import state
from tests.servers import OWNER, Server


def _backend(session: Session) -> object:
    return session.engine.sql("SELECT pg_backend_pid()").fetchone()


def _worked_in(server: Server) -> str:
    """The name of a firm in which something of most tables has become another."""
    name = server.firm()
    with opening.open_firm(server.url(name, "ana"), "ana") as session:
        client = clients.add(session, {"display_name": "Peña SA", "tags": "VIP"})
        clients.delete(session, clients.edit(session, client, {"display_name": "Peña SL"}))
        own_fields.add_field(session, "Ámbito", OwnKind.TEXT)
        team.add_member(session, "Bob Test", "", "bob", Access.BASIC)
    return name


def test_the_rows_of_a_database_are_put_back_and_it_is_lent_again(server: Server) -> None:
    name = server.firm()
    as_new = state(server.url(name, "ana"))
    server.give_back(name)
    worked_in = _worked_in(server)
    assert (worked_in, state(server.url(name, "ana")) == as_new) == (name, False)
    server.give_back(name)
    assert (server.firm(), state(server.url(name, "ana"))) == (name, as_new)
    server.give_back(name)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE clientdesk.client DISABLE TRIGGER USER; ALTER TABLE clientdesk.client ENABLE TRIGGER USER",
        "GRANT DELETE ON clientdesk.client TO clientdesk_basic",
        "COMMENT ON TABLE clientdesk.client IS 'Ñ'",
        "CREATE TABLE public.strange (a int)",
        "DROP FUNCTION clientdesk.take_turn() CASCADE",
        "ALTER TABLE clientdesk.view ENABLE ROW LEVEL SECURITY",
        "REVOKE EXECUTE ON FUNCTION lower(text) FROM PUBLIC",
        "ANALYZE clientdesk.client_type",
        "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database()); END $$",
    ],
)
def test_a_database_in_which_more_than_rows_has_changed_is_not_lent_again(server: Server, sql: str) -> None:
    name = server.firm()
    server.run_as_superuser(name, sql)
    server.give_back(name)
    another = server.firm()
    assert another != name
    server.give_back(another)


def test_a_connection_is_used_again_and_has_forgotten_its_session(server: Server) -> None:
    name = server.firm()
    url = server.url(name, "ana")
    looks = """
    SELECT current_setting('work_mem'), ARRAY(SELECT pg_listening_channels()),
        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
    """
    with opening.open_firm(url, "ana") as session:
        backend, as_new = _backend(session), session.engine.sql(looks).fetchone()
        session.engine.sql("LISTEN strange; SET work_mem = '1MB'; SELECT pg_advisory_lock(7)")
        assert session.engine.sql(looks).fetchone() != as_new
    with opening.open_firm(url, "ana") as session:
        assert (_backend(session), session.engine.sql(looks).fetchone()) == (backend, as_new)
    server.give_back(name)


@pytest.mark.parametrize(
    "shut",
    [
        lambda server, name: server.run_as_superuser(name, f"REVOKE CONNECT ON DATABASE {name} FROM everybody"),
        lambda server, name: server.run_as_superuser(name, "ALTER ROLE ana NOLOGIN"),
    ],
)
def test_whom_the_server_would_not_let_in_a_kept_connection_does_not(
    server: Server, shut: Callable[[Server, str], None]
) -> None:
    name = server.firm()
    opening.open_firm(server.url(name, "ana"), "ana").close()
    shut(server, name)
    try:
        with pytest.raises(FirmUnusable):
            opening.open_firm(server.url(name, "ana"), "ana")
    finally:
        server.run_as_superuser("postgres", "ALTER ROLE ana LOGIN")
        server.give_back(name)


def test_a_connection_in_the_midst_of_work_is_not_kept(server: Server) -> None:
    name = server.firm()
    session = opening.open_firm(server.url(name, "ana"), "ana")
    backend = _backend(session)
    session.engine.sql("BEGIN")
    session.close()
    with opening.open_firm(server.url(name, "ana"), "ana") as session:
        assert _backend(session) != backend
    server.give_back(name)


def test_what_a_test_leaves_open_is_ended(server: Server) -> None:
    name = server.firm()
    left_open = server.connect(name, OWNER)
    left_open.execute("BEGIN; LOCK TABLE clientdesk.client")
    server.give_back(name)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    assert server.firm() == name
    server.give_back(name)

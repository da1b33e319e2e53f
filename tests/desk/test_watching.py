"""What others do while the firm is open, on a file and on a server."""

from collections.abc import Callable

import pytest

from clientdesk.desk import client_types, clients, firm_settings, imports, team
from clientdesk.desk.session import Session
from clientdesk.desk.watching import News, news
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable, Refused
from tests.conftest import At
from tests.servers import Server
from tests.store.both import on_a_server, soon

NOTHING = News(False)


def quiet(session: Session) -> bool:
    """Whether nothing has come; and nothing comes for a moment, on a server, whose news are on their way that long."""
    return not soon(lambda: news(session).changed, 0.1 if "://" in session.location else 0.0)


@pytest.fixture
def bob(session: Session, at_work: At) -> Session:
    """Another one at work in the firm."""
    bob = at_work("bob")
    assert soon(lambda: quiet(session) and quiet(bob))
    return bob


def _import(session: Session) -> None:
    run = imports.begin_run(session, "clients", "list.csv", 1)
    imports.end_run(session, run, "done", {}, [])


WRITES: dict[str, Callable[[Session], object]] = {
    "add": lambda session: clients.add(session, {"display_name": "Peña SA"}),
    "deactivate": lambda session: clients.set_status(session, [1], False),
    "member": lambda session: team.add_member(session, "Carl", "", "carl", Access.BASIC),
    "settings": lambda session: firm_settings.save(session, firm_settings.info(session), {"name": "Norte"}),
    "type": lambda session: client_types.add_type(session, "Club"),
    "import": _import,
    "mapping": lambda session: imports.save_mapping(session, "Ours", {}),
}


@pytest.mark.parametrize("write", WRITES)
def test_what_another_session_saves_is_seen_and_own_saves_are_not(session: Session, bob: Session, write: str) -> None:
    clients.add(session, {"display_name": "Ríos"})
    assert soon(lambda: news(bob).changed)
    WRITES[write](bob)
    assert quiet(bob), "one's own saves are no news"
    assert soon(lambda: news(session).changed)
    assert soon(lambda: quiet(session)), "news come to an end"
    WRITES["add"](session)
    assert quiet(session)
    assert soon(lambda: news(bob).changed)


def test_what_changes_nothing_is_no_news(session: Session, bob: Session) -> None:
    client = clients.add(session, {"display_name": "Ríos"})
    assert soon(lambda: news(bob).changed)
    clients.edit(bob, client, {"display_name": "Ríos"})
    with pytest.raises(Refused):
        clients.add(bob, {"display_name": ""})
    assert clients.get(bob, client.id) == client
    assert quiet(session)


@pytest.mark.thorough("many")
def test_many_changes_are_seen_and_come_to_an_end(session: Session, bob: Session) -> None:
    for number in range(20):
        clients.add(bob, {"display_name": f"Client {number}"})
    assert soon(lambda: news(session).changed)
    assert soon(lambda: quiet(session))
    assert clients.totals(session).all == 20


def test_what_became_of_a_write_in_doubt_is_told_once(session: Session) -> None:
    """The desk remembers the operation of a write whose end it does not know."""
    clients.add(session, {"display_name": "Ríos"})
    operation = session.engine.sql("SELECT max(operation) FROM change_set WHERE kind = 'client.added'").fetchone()[0]
    for doubt, settled in ((operation, "saved"), ("0" * 32, "not_saved")):
        session.doubt = doubt
        assert news(session) == News(True, settled)
        assert session.doubt == ""
        assert news(session) == NOTHING


def kill(server: Server, session: Session) -> None:
    """The server ends the session's connection."""
    pid = session.engine.sql("SELECT pg_backend_pid()").fetchone()[0]
    server.run_as_superuser("postgres", f"SELECT pg_terminate_backend({pid}, 5000)")


@on_a_server
def test_listening_goes_on_after_the_connection_was_lost(session: Session, bob: Session, server: Server) -> None:
    kill(server, session)
    assert soon(lambda: news(session).changed), "anything may have happened meanwhile"
    assert quiet(session)
    WRITES["add"](bob)
    assert soon(lambda: news(session).changed)
    WRITES["type"](session)
    assert quiet(session)
    assert soon(lambda: news(bob).changed)


@on_a_server
def test_listening_goes_on_where_a_write_has_connected_again(session: Session, bob: Session, server: Server) -> None:
    kill(server, session)
    clients.add(session, {"display_name": "The first write after it works by itself"})
    assert soon(lambda: news(bob).changed)
    assert news(session).changed
    WRITES["type"](bob)
    assert soon(lambda: news(session).changed)
    assert quiet(session)


@on_a_server
def test_a_list_that_was_kept_is_made_anew_after_the_connection_was_lost(
    session: Session, bob: Session, server: Server
) -> None:
    for name in ("A", "B", "C"):
        clients.add(session, {"display_name": name, "city": name})

    def cities() -> list[str]:
        return [row.values[0] for row in clients.window(session, ClientQuery().sorted_by("city"), ("city",), 1, 9)]

    assert cities() == ["B", "C"]
    kill(server, session)
    clients.add(bob, {"display_name": "First", "city": "AA"})
    assert soon(lambda: news(session).changed)
    assert cities() == ["AA", "B", "C"]


@pytest.mark.long("servers")
@on_a_server
def test_while_the_server_lets_nobody_in_it_is_away(session: Session, server: Server) -> None:
    """The firm's database takes no connections for a while, as when it is restored."""

    def away() -> bool:
        try:
            news(session)
        except FirmUnusable as refusal:
            return refusal.away
        return False

    database = session.location.rpartition("/")[2]
    server.run_as_superuser("postgres", f"ALTER DATABASE {database} CONNECTION LIMIT 0")
    kill(server, session)
    assert soon(away)
    assert away()
    with pytest.raises(FirmUnusable) as caught:
        clients.add(session, {"display_name": "Lost"})
    assert caught.value.away
    server.run_as_superuser("postgres", f"ALTER DATABASE {database} CONNECTION LIMIT -1")
    assert soon(lambda: not away())
    assert clients.totals(session).all == 0
    assert clients.add(session, {"display_name": "Peña SA"}).active

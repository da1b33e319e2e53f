"""A firm in a database that others have set up: its encoding, its extensions, the language of its messages."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from clientdesk.desk import checking, clients, opening
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines.quoting import identifier
from tests.servers import OWNER, Server

pytestmark = pytest.mark.long("servers")

Make = Callable[[str], object]


def by_program(url: str) -> str:
    """Lets the program make the firm."""
    return opening.make_firm(url, "Ríos y Asociados", "Ana García", "ana")


def by_hand(url: str) -> list[str]:
    """Runs the script as psql does, piece by piece; the warnings."""
    warnings: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: warnings.append(notice.message_primary or ""))
        made, rights = opening.creation_sql("Ríos y Asociados", "Ana García", "ana").split("COMMIT;")
        connection.execute(f"{made}COMMIT;".encode())
        connection.execute(rights.encode())
    return warnings


MADE: dict[str, Make] = {"by the program": by_program, "by hand": by_hand}


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """An empty database of the owner's."""
    server.login("ana", None)
    name = server.create_database()
    yield name
    server.drop_database(name)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
@pytest.mark.parametrize("made", MADE)
def test_a_database_that_is_not_in_utf8_is_refused(server: Server, encoding: str, made: str) -> None:
    name = f"in_{encoding.lower()}"
    server.run_as_superuser(
        "postgres", f"CREATE DATABASE {name} OWNER {OWNER} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    )
    try:
        with pytest.raises((FirmUnusable, psycopg.Error), match=r"UTF-?8.*Make one with"):
            MADE[made](server.url(name))
        with server.connect(name) as root:
            assert root.execute("SELECT to_regnamespace('clientdesk')").fetchone() == (None,)
    finally:
        server.drop_database(name)


@pytest.mark.parametrize("made", MADE)
def test_trigrams_are_used_from_where_they_are(server: Server, empty: str, made: str) -> None:
    server.run_as_superuser(
        empty,
        'CREATE SCHEMA "Their Extensions"; CREATE EXTENSION pg_trgm SCHEMA "Their Extensions";'
        'GRANT USAGE ON SCHEMA "Their Extensions" TO firm_owner',
    )
    MADE[made](server.url(empty))
    server.login("ana", "primary_admin")
    server.let_in("ana", empty)
    with opening.open_firm(server.url(empty, "ana")) as session:
        clients.add(session, {"display_name": "Construcciones Peña SA"})
        assert clients.count(session, ClientQuery(find="ruccio")) == 1
    with server.connect(empty) as root:
        sql = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"
        assert root.execute(sql).fetchall() == [('"Their Extensions"',)]
        root.execute("SET enable_seqscan = off")
        plan = root.execute("EXPLAIN SELECT id FROM clientdesk.client WHERE search_text LIKE '%ruccio%'").fetchall()
        assert any("client_search" in line for (line,) in plan)


@pytest.mark.parametrize("place", ["theirs", "Ext", 'Their "own" Ext.'])
def test_trigrams_elsewhere_are_checked_and_repaired(server: Server, empty: str, place: str) -> None:
    schema = identifier(place)
    server.run_as_superuser(
        empty,
        f"CREATE SCHEMA {schema}; CREATE EXTENSION pg_trgm SCHEMA {schema}; GRANT USAGE ON SCHEMA {schema} TO {OWNER}",
    )
    by_program(server.url(empty))
    server.login("ana", "primary_admin")
    server.let_in("ana", empty)

    def unsound() -> list[str]:
        with opening.open_firm(server.url(empty, "ana")) as session:
            return [finding.sentence for finding in checking.check_firm(session) if not finding.sound]

    assert unsound() == []
    with server.connect(empty, OWNER) as owner:
        owner.execute("DROP INDEX clientdesk.client_search")
    assert len(unsound()) == 1
    opening.repair_firm(server.url(empty))
    assert unsound() == []


@pytest.mark.parametrize("made", MADE)
def test_trigrams_that_the_owner_may_not_use_are_told(server: Server, empty: str, made: str) -> None:
    server.run_as_superuser(empty, "CREATE SCHEMA theirs; CREATE EXTENSION pg_trgm SCHEMA theirs")
    with pytest.raises((FirmUnusable, psycopg.Error), match="may not use the schema theirs") as caught:
        MADE[made](server.url(empty))
    assert not isinstance(caught.value, FirmUnusable) or caught.value.code == "no_trigrams"


def test_the_script_lets_the_server_speak_english_or_says_who_can(server: Server, empty: str) -> None:
    warnings = by_hand(server.url(empty))
    assert [said for said in warnings if "lc_messages" in said] == [
        f"An administrator still has to run: ALTER DATABASE {empty} SET lc_messages = 'C'"
    ]
    other = server.create_database()
    assert not any("lc_messages" in said for said in by_hand(server.url(other, "postgres")))
    with server.connect(other) as root:
        sql = "SELECT setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase WHERE datname = %s"
        assert root.execute(sql, (other,)).fetchone() == (["lc_messages=C"],)
    server.drop_database(other)


def test_the_script_refuses_a_database_with_a_firm(server: Server, empty: str) -> None:
    by_hand(server.url(empty))
    with pytest.raises(psycopg.Error, match="There is a firm"):
        by_hand(server.url(empty))

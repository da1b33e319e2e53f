"""The schema on a server: made by the program and made by hand, upgraded with what is in it, and by whom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clientdesk.desk import checking, client_types, clients, history, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import Upgraded, versions
from tests.next_schema import NEXT, become_next
from tests.servers import OWNER, Server
from tests.store.catalog import catalog

pytestmark = pytest.mark.long("servers")

BACKUP = f"clientdesk_before_{NEXT}"
STUMBLES = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE client ADD COLUMN nickname text NOT NULL DEFAULT ''")
    db.execute_sql("ALTER TABLE client ADD COLUMN nickname text")
"""


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """An empty database, for its owner."""
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def owners(server: Server) -> Iterator[str]:
    """A firm that was made in this very database, for its owner: a copied one lacks the database's own grants."""
    name = server.create_database()
    opening.make_firm(server.url(name), "Ríos y Asociados", "Ana García", "ana")
    server.login("ana", "primary_admin")
    server.let_in("ana", name)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def session(owners: str) -> Iterator[Session]:
    """Ana García at work in it."""
    with opening.open_firm(owners.replace(OWNER, "ana")) as session:
        yield session


def refusal(attempt: Any, *arguments: object) -> str:
    with pytest.raises(FirmUnusable) as caught:
        attempt(*arguments)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) > 20
    return caught.value.code


# --- made by hand


def run_by_hand(url: str, server: Server, sql: str) -> None:
    """The firm's owner runs the part that makes it, an administrator the grant to the primary admin's login."""
    made, grant = sql.split("COMMIT;")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(made + "COMMIT;")
    server.login("ana", None)
    server.run_as_superuser(url.rpartition("/")[2], grant)


def test_the_sql_run_by_hand_makes_the_very_same_schema(
    session: Session, owners: str, empty: str, server: Server
) -> None:
    run_by_hand(empty, server, opening.creation_sql("Ríos y Asociados", "Ana García", "ana"))
    by_program, by_hand = catalog(owners), catalog(empty)
    assert by_hand == by_program
    assert all(by_program.values())
    with opening.open_firm(empty.replace(OWNER, "ana")) as made:
        assert made.firm == session.firm
        assert made.me == session.me
        assert client_types.type_names(made) == client_types.type_names(session)
        assert [(entry.kind, entry.subject, entry.who) for entry in history.of_firm(made)] == [
            (entry.kind, entry.subject, entry.who) for entry in history.of_firm(session)
        ]
        client = clients.add(made, {"display_name": "Peña SA"})
        team.add_member(made, "Bob", "", "bob", Access.BASIC)
        assert [entry.kind for entry in history.of_client(made, client.id)] == ["client.added"]
        assert all(finding.sound for finding in checking.check_firm(made))


def test_hostile_names_are_names_in_the_sql_too(empty: str, server: Server) -> None:
    firm, admin = "O'Brien \\ $$; DROP -- %s", "Zoë \\' “x” 山"
    run_by_hand(empty, server, opening.creation_sql(firm, admin, "ana"))
    with opening.open_firm(empty.replace(OWNER, "ana")) as made:
        assert (made.firm.name, made.me.name) == (firm, admin)
        assert all(finding.sound for finding in checking.check_firm(made))


def test_every_text_is_compared_by_code_points(owners: str) -> None:
    with psycopg.connect(owners) as connection:
        grants = connection.execute(
            "SELECT a.attrelid::regclass::text, a.attname, l.collname FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation l ON l.oid = a.attcollation"
            " WHERE c.relnamespace = 'clientdesk'::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
            " AND c.relname <> 'schema_migration'"
        ).fetchall()
    assert len(grants) > 60
    assert {collation for _table, _column, collation in grants} == {"C"}


# --- upgraded


def populate(session: Session) -> list[tuple[object, ...]]:
    client_types.add_type(session, "Fideicomiso")
    for number in range(30):
        clients.add(session, {"display_name": f"Peña {number}", "client_number": f"C-{number}", "lead": "Ana García"})
    one = clients.by_key(session, "C-3")
    clients.edit(session, one, {"client_type": "Fideicomiso"})
    clients.set_status(session, [clients.by_key(session, "C-4").id], False)
    gone = clients.by_key(session, "C-5")
    clients.delete(session, gone)
    return content(session)


def content(session: Session) -> list[tuple[object, ...]]:
    return [*clients.window(session, ClientQuery(filters=()), ("company_id", "client_type"), 0, 99),
            *history.of_firm(session)]  # fmt: skip


def test_an_older_firm_is_upgraded_with_all_that_is_in_it(
    session: Session, owners: str, empty: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = populate(session)
    version = versions.SCHEMA_VERSION
    become_next(monkeypatch, tmp_path)
    assert refusal(opening.open_firm, session.location) == "older_schema"
    assert refusal(opening.upgrade_firm, session.location) == "owner_needed"
    assert opening.upgrade_firm(owners) == Upgraded(version, NEXT, BACKUP)
    assert opening.upgrade_firm(owners) == Upgraded(NEXT, NEXT, "")
    with opening.open_firm(session.location) as upgraded:
        assert content(upgraded) == before
        assert all(finding.sound for finding in checking.check_firm(upgraded))
        client = clients.add(upgraded, {"display_name": "After"})
        clients.set_status(upgraded, [client.id], False)
        assert [entry.kind for entry in history.of_client(upgraded, client.id)] == [
            "client.deactivated",
            "client.added",
        ]
    assert len(content(session)) == len(before) + 3  # who had it open works on

    opening.make_firm(empty, "Fresh", "Ana García", "ana")
    server.let_in("ana", empty.rpartition("/")[2])
    assert catalog(owners) == catalog(empty)

    with psycopg.connect(owners) as owner:
        kept = owner.execute(f"SELECT count(*), max(id) FROM {BACKUP}.client").fetchone()  # noqa: S608
        assert kept == (29, 30)
        tables = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace"
        assert owner.execute(tables, (BACKUP,)).fetchone() == owner.execute(tables, ("clientdesk",)).fetchone()
    with psycopg.connect(session.location) as member, pytest.raises(psycopg.errors.InsufficientPrivilege):
        member.execute(f"SELECT * FROM {BACKUP}.client")  # noqa: S608

    monkeypatch.undo()  # the older program again
    assert refusal(opening.open_firm, session.location) == "newer"
    assert refusal(opening.upgrade_firm, owners) == "newer"


def test_an_upgrade_that_stumbles_leaves_everything_as_it_was(
    session: Session, owners: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, made_of = populate(session), catalog(owners)
    with monkeypatch.context() as patch:
        become_next(patch, tmp_path, STUMBLES)
        with pytest.raises(Exception, match="nickname"):
            opening.upgrade_firm(owners)
    assert catalog(owners) == made_of
    with opening.open_firm(session.location) as again:
        assert content(again) == before
    with psycopg.connect(owners) as owner:
        assert owner.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'clientdesk_%'").fetchone() == (0,)


def test_a_firm_of_an_earlier_build_is_refused(session: Session, owners: str) -> None:
    with psycopg.connect(owners) as owner:
        owner.execute("COMMENT ON SCHEMA clientdesk IS 'clientdesk schema 6'")
    for attempt, place in ((opening.open_firm, session.location), (opening.upgrade_firm, owners)):
        assert refusal(attempt, place) == "earlier_build"


def test_there_is_nothing_to_upgrade_in_an_empty_database(empty: str) -> None:
    assert refusal(opening.upgrade_firm, empty) == "no_firm_on_server"
    assert refusal(opening.open_firm, empty) == "no_firm_on_server"


# --- made by the program


def test_a_firm_is_made_whole_or_not_at_all(empty: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise KeyboardInterrupt

    def schemas() -> list[tuple[object, ...]]:
        with psycopg.connect(empty) as owner:
            return owner.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'clientdesk%'").fetchall()

    with monkeypatch.context() as patch:
        patch.setattr("clientdesk.store.firm.insert_firm", fail)
        with pytest.raises(KeyboardInterrupt):
            opening.make_firm(empty, "Ríos", "Ana", "ana")
    assert schemas() == []
    assert "clientdesk_primary_admin" in opening.make_firm(empty, "Ríos", "Ana", "ana")
    assert schemas() == [("clientdesk",)]
    assert refusal(opening.make_firm, empty, "Mine", "Eve", "eve") == "firm_on_server"
    server.login("ana", "primary_admin")
    server.let_in("ana", empty.rpartition("/")[2])
    with opening.open_firm(empty.replace(OWNER, "ana")) as made:
        assert made.firm.name == "Ríos"


def test_only_the_owner_of_the_database_makes_a_firm_in_it(empty: str, server: Server) -> None:
    server.login("mallory", None)
    assert refusal(opening.make_firm, empty.replace(OWNER, "mallory"), "Mine", "Mallory") == "owner_needed"


def test_a_database_that_is_not_in_utf8(server: Server) -> None:
    with server.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE latin OWNER {OWNER} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    assert refusal(opening.make_firm, server.url("latin"), "Ríos", "Ana") == "not_utf8"
    server.drop_database("latin")

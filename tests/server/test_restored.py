"""A database that was restored or copied is open to every login: said at the start and by `check`, mended by its owner."""

import sys
from collections.abc import Iterator

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import checking, opening, team
from clientdesk.domain.access import Access
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import postgres_connection
from clientdesk.store.engines.places import repair
from tests.servers import OWNER, Server
from tests.store.catalog import catalog
from tests.terminal import Terminal

pytestmark = pytest.mark.long("servers")

_RIGHTS = """
SELECT coalesce(nullif(grantee::regrole::text, '-'), 'PUBLIC'), string_agg(privilege_type, ' ' ORDER BY privilege_type)
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE datname = current_database() GROUP BY 1
"""


@pytest.fixture
def restored(server: Server) -> Iterator[str]:
    """The database of a firm with two members, as CREATE DATABASE … TEMPLATE and pg_dump without -C leave it."""
    original = server.firm()
    server.login("rosa", "full")
    with opening.open_firm(server.url(original, "ana")) as session:
        team.add_member(session, "Rosa", "", "rosa", Access.FULL)
        team.add_member(session, "Nil", "", "nil%s", Access.BASIC)
        gone = team.add_member(session, "Raúl", "", "raul", Access.FULL)
        team.deactivate_member(session, gone.id)
    server.login("raul", "full")
    copy = f"restored_{original}"
    server.leave_database(original)
    with server.connect("postgres") as root:
        root.execute(f"CREATE DATABASE {copy} OWNER {OWNER} TEMPLATE {original} STRATEGY file_copy")
    yield copy
    server.drop_database(copy)
    server.drop_database(original)


def rights(server: Server, database: str) -> dict[str, str]:
    with server.connect(database) as root:
        return dict(root.execute(_RIGHTS).fetchall())


def test_it_is_said_until_the_owner_closes_it(
    server: Server, restored: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.url(restored, "ana")
    assert main(["list", "--firm", url]) == 0
    ended = capsys.readouterr()
    assert "CONNECT, TEMPORARY" in ended.err
    assert "firm upgrade --repair" in ended.err
    assert main(["check", "--firm", url]) == 1
    assert "✗ closed" in capsys.readouterr().out

    assert main(["firm", "upgrade", "--repair", url]) == 1  # who is not the owner is told so, and nothing changes
    assert "owner" in capsys.readouterr().err
    assert rights(server, restored)["PUBLIC"] == "CONNECT TEMPORARY"
    assert main(["firm", "upgrade", "--repair", server.url(restored)]) == 0
    out = capsys.readouterr().out
    assert 'GRANT clientdesk_basic TO "nil%s"' in out
    assert '"rosa"' not in out
    assert rights(server, restored) == {OWNER: "CONNECT CREATE TEMPORARY", "ana": "CONNECT", "rosa": "CONNECT"}

    assert main(["list", "--firm", url]) == 0
    assert "Every login" not in capsys.readouterr().err
    assert main(["check", "--firm", url]) == 0


def test_the_screens_say_it_when_they_start(server: Server, restored: str) -> None:
    clientdesk = [sys.executable, "-m", "clientdesk", "--firm", server.url(restored, "ana")]
    with Terminal(clientdesk, 100, 24) as terminal:
        terminal.wait(lambda lines: any("CONNECT, TEMPORARY" in line for line in lines))


LOST = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA clientdesk FROM clientdesk_basic, clientdesk_full, clientdesk_primary_admin",
    "REVOKE ALL ON SCHEMA clientdesk FROM clientdesk_basic",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA clientdesk TO PUBLIC",
    "GRANT ALL ON clientdesk.history TO PUBLIC",
    "ALTER TABLE clientdesk.client DISABLE TRIGGER ALL",
    "DROP TRIGGER client_version ON clientdesk.client",
    "CREATE OR REPLACE FUNCTION clientdesk.my_access() RETURNS text LANGUAGE sql AS $$SELECT 'primary_admin'::text$$",
)
"""What a restore without grants, and somebody with an administrator's rights, may leave of the rules."""


def test_all_rules_are_made_anew(server: Server, restored: str) -> None:
    as_made = catalog(server.url(restored, "postgres"))
    server.run_as_superuser(restored, ";".join(LOST))
    repair(server.url(restored))
    mended = catalog(server.url(restored, "postgres"))
    assert {kind for kind in mended if mended[kind] != as_made[kind]} == {"database"}
    with opening.open_firm(server.url(restored, "ana")) as session:
        assert {finding.name: finding.sound for finding in checking.check_firm(session)}["closed"]


def test_who_is_no_active_member_and_may_connect_is_told(
    server: Server, restored: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repair(server.url(restored))
    server.login("backup", None)
    for login in ("raul", "backup"):
        server.let_in(login, restored)
    assert main(["check", "--firm", server.url(restored, "ana")]) == 1
    lines = {line.partition("(")[0]: line for line in capsys.readouterr().out.splitlines() if "closed" in line}
    assert sorted(line[0] for line in lines.values()) == ["✓", "✓", "✗"]
    inactive, nobodys = (line for line in lines.values() if "Logins" in line)
    assert "(raul)" in inactive
    assert ": backup." in nobodys

    assert main(["firm", "upgrade", "--repair", server.url(restored)]) == 0
    for statement in capsys.readouterr().out.splitlines():
        if statement.startswith("REVOKE CONNECT"):
            server.run_as_superuser(restored, statement)
    assert rights(server, restored).keys() == {OWNER, "ana", "rosa"}
    assert main(["check", "--firm", server.url(restored, "ana")]) == 0


def test_who_works_in_the_firm_is_named(server: Server, restored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_connection, "SETTINGS", postgres_connection.SETTINGS.replace("'5s'", "'50ms'"))
    with server.connect(restored, "ana") as reader, reader.transaction():
        reader.execute("SELECT * FROM clientdesk.client")
        with pytest.raises(FirmUnusable) as caught:
            repair(server.url(restored))
    assert caught.value.code == "worked_in"
    assert caught.value.message.startswith("Ana García works in ")
    repair(server.url(restored))


def test_only_a_firm_of_this_version_is_repaired(server: Server, restored: str) -> None:
    for version, code in ((99, "newer"), (2, "earlier_build")):
        server.run_as_superuser(restored, f"COMMENT ON SCHEMA clientdesk IS 'clientdesk schema {version}'")
        with pytest.raises(FirmUnusable) as caught:
            repair(server.url(restored))
        assert caught.value.code == code
    empty = server.create_database()
    with pytest.raises(FirmUnusable) as caught:
        repair(server.url(empty))
    assert caught.value.code == "no_firm_on_server"
    server.drop_database(empty)

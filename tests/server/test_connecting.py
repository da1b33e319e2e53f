"""A server that cannot be reached or used: one sentence each, and never a password in it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk import server_passwords
from clientdesk.desk import opening
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import postgres_server_kind
from tests import installed
from tests.servers import OWNER, Server

pytestmark = pytest.mark.long("servers")


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """A server that asks some logins for a password, lets one in over TLS only and one not at all."""
    server = Server()
    for login in ("asked", "encrypted", "shut_out", "crowd", "stranger"):
        server.run_as_superuser("postgres", f"CREATE ROLE {login} LOGIN PASSWORD 'right'")
    server.run_as_superuser("postgres", "ALTER ROLE crowd CONNECTION LIMIT 0")
    with open(os.path.join(server.folder, "pg_hba.conf"), encoding="ascii") as file:
        rest = file.read()
    lines = (
        "host all asked 127.0.0.1/32 scram-sha-256",
        "hostssl all encrypted 127.0.0.1/32 trust",
        "host all encrypted 127.0.0.1/32 reject",
        "host all shut_out 127.0.0.1/32 reject",
    )
    with open(os.path.join(server.folder, "pg_hba.conf"), "w", encoding="ascii") as file:
        file.write("\n".join([*lines, rest]))
    server.run_as_superuser("postgres", "SELECT pg_reload_conf()")
    yield server
    server.close()


@pytest.fixture(scope="module")
def firm(guarded: Server) -> str:
    """The database of a firm, into which everybody is let who is let into the server."""
    database = guarded.firm()
    for login in ("asked", "encrypted", "shut_out", "crowd", "stranger"):
        guarded.let_in(login, database)
    return database


def refusal(location: str) -> FirmUnusable:
    """What opening says: one sentence, without a password."""
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(server_passwords.without_password(location))
    assert len(caught.value.problems) == 1
    assert "\n" not in caught.value.message
    assert caught.value.message.rstrip().endswith((".", ")"))
    for place in (caught.value.message, repr(caught.value), str(caught.value.problems)):
        assert "s3cret" not in place
    return caught.value


def test_nobody_answers(guarded: Server) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert refusal(f"postgresql://ana:s3cret@127.0.0.1:{port}/firm").code == "server_unreachable"
    assert refusal("postgresql://ana:s3cret@no-such-host.invalid/firm").code == "unknown_host"
    assert refusal("postgresql:///firm?host=/nowhere/at/all").code == "server_unreachable"


def test_passwords(guarded: Server, firm: str, tmp_path: Path) -> None:
    url = guarded.url(firm, "asked")
    assert refusal(url).code == "no_password"  # first: a password that was given is remembered
    assert refusal(url.replace("asked@", "asked:s3cret@")).code == "wrong_password"
    # The right one is let in, and told that the login has no group.
    assert refusal(url.replace("asked@", "asked:right@")).code == "no_rights"
    log = (tmp_path / "clientdesk.log").read_text()
    assert "wrong_password" in log
    assert "s3cret" not in log
    assert "right" not in log.replace("no_rights", "")


@pytest.mark.parametrize(
    ("login", "database", "query", "code"),
    [
        ("ana", "nothing_here", "", "unknown_database"),
        ("nobody_at_all", "", "", "login_refused"),
        ("shut_out", "", "", "login_refused"),
        ("ana", "", "?sslmode=require", "no_tls"),
        ("ana", "", "?sslmode=verify-full&sslrootcert=/nowhere.crt", "no_tls"),
        ("crowd", "", "", "server_full"),
        ("stranger", "", "", "no_rights"),
        ("postgres", "postgres", "", "no_firm_on_server"),
    ],
)
def test_who_is_not_let_in(guarded: Server, firm: str, login: str, database: str, query: str, code: str) -> None:
    if query == "?sslmode=require" and guarded.kind == installed.SPANISH:
        pytest.skip("this server has TLS")
    refused = refusal(guarded.url(database or firm, login) + query)
    assert refused.code == code
    assert not refused.away


def test_what_is_wrong_in_the_url_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = tmp_path / "services.conf"
    services.write_text("[firm]\nhost=127.0.0.1\nnonsense\n")
    for path in (str(services), "/nowhere.conf"):
        monkeypatch.setenv("PGSERVICEFILE", path)
        refused = refusal("postgresql:///firm?service=nope")
        assert (refused.code, "nope" in refused.message) == ("unknown_service", True)
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    assert refusal("postgresql:///firm?service=firm").code == "unknown_service"
    for query in ("sslmode=zz", "connect_timeout=soon", "colour=red", "keepalives_idle=long"):
        assert refusal(f"postgresql://127.0.0.1/firm?{query}").code == "bad_option"


def test_a_full_pool(guarded: Server, firm: str) -> None:
    guarded.run_as_superuser("postgres", f"ALTER DATABASE {firm} CONNECTION LIMIT 1")
    try:
        with opening.open_firm(guarded.url(firm, "ana")):
            assert refusal(guarded.url(firm, "ana")).code == "server_full"
    finally:
        guarded.run_as_superuser("postgres", f"ALTER DATABASE {firm} CONNECTION LIMIT -1")


def test_a_server_that_stands_still(guarded: Server, firm: str) -> None:
    """Somebody listens and says nothing: the connection's own limit of time ends it."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        location = f"postgresql://ana@127.0.0.1:{mute.getsockname()[1]}/firm?connect_timeout=2"
        assert refusal(location).code == "server_unreachable"


def test_too_old_and_not_utf8(guarded: Server, firm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(postgres_server_kind, "OLDEST_RELEASE", 99)
        assert refusal(guarded.url(firm, "ana")).code == "server_too_old"
    guarded.run_as_superuser(
        "postgres", f"CREATE DATABASE latin OWNER {OWNER} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    )
    with pytest.raises(FirmUnusable) as caught:
        opening.make_firm(guarded.url("latin"), "Ríos", "Ana", "ana")
    assert caught.value.code == "not_utf8"


def test_a_firm_of_another_version(guarded: Server, firm: str) -> None:
    database = guarded.create_database(firm)
    for version, code in ((99, "newer"), (2, "earlier_build")):
        guarded.run_as_superuser(database, f"COMMENT ON SCHEMA clientdesk IS 'clientdesk schema {version}'")
        assert refusal(guarded.url(database, "ana")).code == code


def test_making_where_a_firm_stands_or_where_one_may_not(guarded: Server, firm: str) -> None:
    cases = (
        (guarded.url(firm), "firm_on_server"),
        (guarded.url(guarded.create_database(), "stranger"), "owner_needed"),
    )
    for location, code in cases:
        with pytest.raises(FirmUnusable) as caught:
            opening.make_firm(location, "Mine", "Eve", "eve")
        assert caught.value.code == code
    with opening.open_firm(guarded.url(firm, "ana")) as session:
        assert session.firm.name == "Ríos y Asociados"


WITHOUT_DRIVER = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("psycopg", "psycopg2", "psycopg_binary"):
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Blocked())
from clientdesk.desk import clients, opening
from clientdesk.domain.problems import FirmUnusable
try:
    opening.open_firm("postgresql://db.example/clients")
except FirmUnusable as refusal:
    print(refusal.code, refusal.message)
print(len(opening.creation_sql("Norte", "Ana", "ana")) > 1000)
with opening.create_firm(sys.argv[1], "Ríos", "Ana", "ana") as session:
    print(clients.add(session, {"display_name": "Peña SA"}).version)
print(any(name.partition(".")[0].startswith("psycopg") for name in sys.modules))
"""


def test_without_the_extra(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_DRIVER, str(tmp_path / "firm.db")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[0].startswith("no_driver ")
    assert "pip install '.[postgres]'" in lines[0]
    assert lines[1:] == ["True", "1", "False"]

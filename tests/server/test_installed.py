"""What is installed on this computer, tried for real: poolers, replicas, servers in Spanish, TLS.

pytest -m servers
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import GNUTranslations
from pathlib import Path

import psycopg
import pytest

from clientdesk.desk import clients, opening, watching
from clientdesk.desk.session import Interrupted, Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import postgres_server_kind
from clientdesk.store.engines.postgres_login_messages import WORDS
from tests import installed
from tests.installed import INSTALLED, SPANISH, Installed, Pooler
from tests.servers import Server, free_port

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
SAME = ("tests/server", "tests/store/test_server_schema.py", "tests/store/test_server_faults.py")
STREAMING = "wal_level = replica\nmax_wal_senders = 3\nfsync = off\nautovacuum = off\nshared_buffers = 64MB\n"


def needs(kind: str) -> None:
    """Skips where there can be no server of a kind."""
    if reason := installed.missing(kind):
        pytest.skip(reason)


def refusal(location: str) -> FirmUnusable:
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(location)
    assert "\n" not in caught.value.message
    return caught.value


# --- the same tests as on the wheel's server


@pytest.mark.parametrize("kind", [INSTALLED, SPANISH])
def test_the_same_tests(kind: str) -> None:
    """All tests of a firm on a server, but the long ones in which many processes wait for each other."""
    needs(kind)
    command = [sys.executable, "-m", "pytest", "--server", kind, "--ignore", "tests/server/test_together.py", *SAME]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode == 0, ended.stdout[-8_000:]


# --- PgBouncer


@pytest.fixture(scope="module")
def behind() -> Iterator[Server]:
    """A server for poolers to stand before."""
    needs(INSTALLED)
    if Pooler.program is None:
        pytest.skip("pgbouncer is not installed")
    server = Server(kind=INSTALLED)
    yield server
    server.close()


@pytest.fixture(scope="module")
def pooled_firm(behind: Server) -> str:
    """The database of a firm."""
    return behind.firm()


@contextmanager
def pooler(server: Server, mode: str, **settings: object) -> Iterator[Pooler]:
    with tempfile.TemporaryDirectory() as folder:
        pooler = Pooler(folder, server.port, free_port(), mode, ["ana", "postgres"], **settings)
        try:
            yield pooler
        finally:
            pooler.close()


def take_sessions(url: str, kept: int, idle: int) -> list["psycopg.Connection[tuple[object, ...]]"]:
    """Others at work behind the same pooler: some hold a session, some have given theirs back."""
    others = [psycopg.connect(url) for _ in range(kept + idle)]
    for each in others:
        each.execute("SELECT 1")
    for each in others[kept:]:
        each.rollback()
    return others


@pytest.mark.parametrize(
    ("mode", "settings"),
    [
        ("transaction", {}),
        ("transaction", {"server_round_robin": 1}),
        ("transaction", {"default_pool_size": 1}),
        ("statement", {}),
    ],
)
def test_a_pooler_that_shares_sessions_is_refused(
    behind: Server, pooled_firm: str, mode: str, settings: dict[str, object]
) -> None:
    with pooler(behind, mode, **settings) as bouncer:
        url = behind.url(pooled_firm, "ana", bouncer.port)
        several = mode == "transaction" and "default_pool_size" not in settings
        others = take_sessions(url, 1, 2) if several else []
        refused = refusal(url)
        assert refused.code == "pooled"
        assert "session" in refused.message
        with behind.connect(pooled_firm) as root:  # nothing of ours is left on the sessions of others
            listening = root.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%LISTEN%'").fetchone()
            assert listening == (1,)
        for each in others:
            each.close()


@pytest.mark.parametrize("size", [20, 1])
def test_a_pooler_in_session_mode_is_as_good_as_the_server(
    behind: Server, pooled_firm: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pooler(behind, "session", default_pool_size=size) as bouncer:
        url = behind.url(pooled_firm, "ana", bouncer.port)
        with opening.open_firm(url) as session:
            assert pid(session) != driver_pid(session)
            clients.add(session, {"display_name": f"Ours {size}"})
            assert not watching.news(session).changed  # one's own change is no news
            with opening.open_firm(behind.url(pooled_firm, "ana")) as other:
                clients.add(other, {"display_name": f"Theirs {size}"})
            wait_for_news(session)
            stopping = threading.Timer(0.3, session.interrupt)
            stopping.start()
            with pytest.raises(Interrupted), session.engine.errors():
                session.engine.sql("SELECT pg_sleep(30)")
            stopping.join()
            session.resume()
            assert clients.count(session, ClientQuery()) > 0
        if size == 1:
            with psycopg.connect(behind.url(pooled_firm, "ana", bouncer.port)) as holder:
                holder.execute("SELECT 1")
                monkeypatch.setattr(postgres_server_kind, "PATIENCE", 1.0)
                assert refusal(url).code == "server_full"


def pid(session: Session) -> int:
    pid: int = session.engine.sql("SELECT pg_backend_pid()").fetchone()[0]
    return pid


def driver_pid(session: Session) -> int:
    found: int = session.engine.db.connection().info.backend_pid
    return found


def wait_for_news(session: Session) -> None:
    until = time.monotonic() + 30
    while not watching.news(session).changed:
        assert time.monotonic() < until
        time.sleep(0.02)


# --- a replica


def test_a_replica_names_the_server() -> None:
    needs(INSTALLED)
    server = Server(STREAMING, kind=INSTALLED)
    programs = server.programs
    assert isinstance(programs, Installed)
    database = server.create_database()
    server.login("ana", "primary_admin")
    opening.make_firm(server.url(database), "Ríos y Asociados", "Ana García", "ana")
    server.let_in("ana", database)
    port = free_port()
    folder = f"{server.folder}-copy"
    try:
        programs.backup(server.port, folder)
        programs.control(folder, "-l", f"{folder}/log", "-o", f"-k {folder} -p {port}", "start")
        try:
            for login in ("ana", "postgres"):
                refused = refusal(server.url(database, login, port))
                assert refused.code == "replica"
                assert f"this is a replica; the firm's server is 127.0.0.1:{server.port}" in refused.message
            several = f"postgresql://ana@127.0.0.1:{port},127.0.0.1:{server.port}/{database}"
            with opening.open_firm(several) as session:  # of several the one that can be written to
                clients.add(session, {"display_name": "Peña SA"})
            with server.connect(database) as root:
                root.execute("COMMENT ON TABLE clientdesk.firm IS NULL")
            until = time.monotonic() + 30
            while refusal(server.url(database, "ana", port)).code != "replica_unnamed":
                assert time.monotonic() < until
                time.sleep(0.05)
            programs.control(folder, "-o", f"-k {folder} -p {port} -c hot_standby=off", "-m", "fast", "restart")
            until = time.monotonic() + 30
            while (refused := refusal(server.url(database, "ana", port))).code == "server_starting":
                assert time.monotonic() < until
                time.sleep(0.05)
            assert refused.code == "replica_unnamed"
            assert "this is a replica" in refused.message
        finally:
            programs.control(folder, "-m", "immediate", "stop")
    finally:
        server.close()
        subprocess.run(["rm", "-rf", folder], check=True)


# --- other languages, TLS


@pytest.fixture(scope="module")
def spanish() -> Iterator[Server]:
    """A server that speaks Spanish, but its locale knows no accents, and that has a certificate."""
    needs(SPANISH)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C")
        server = Server(kind=SPANISH)
    yield server
    server.close()


def test_words_without_accents_are_understood(spanish: Server) -> None:
    spanish.run_as_superuser("postgres", "CREATE ROLE nobodý LOGIN CONNECTION LIMIT 0")
    assert refusal(spanish.url("nothing", "postgres")).code == "unknown_database"
    assert refusal(spanish.url("postgres", "nadie")).code == "login_refused"
    assert refusal(spanish.url("postgres", "nobodý")).code == "server_full"


def test_a_certificate_is_looked_at(spanish: Server, tmp_path: Path) -> None:
    database = spanish.firm()
    certificate = spanish.certificate
    other, _key = installed.make_certificate(os.fspath(tmp_path))
    with opening.open_firm(spanish.url(database, "ana") + f"?sslmode=verify-full&sslrootcert={certificate}") as session:
        assert session.engine.sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)
    for query in (f"sslmode=verify-full&sslrootcert={other}", "sslmode=verify-ca&sslrootcert=/nowhere.crt"):
        assert refusal(f"{spanish.url(database, 'ana')}?{query}").code == "no_tls"


def test_the_words_are_those_of_postgresql() -> None:
    catalogues = sorted(Path("/usr/share/locale").glob("*/LC_MESSAGES/postgres-15.mo"))
    if not catalogues:
        pytest.skip("the catalogues of PostgreSQL 15 are not installed")
    for path in catalogues:
        with path.open("rb") as file:
            catalogue = GNUTranslations(file)
        for english, *others in (message for messages in WORDS.values() for message in messages):
            assert catalogue.gettext(english) in (english, *others), path

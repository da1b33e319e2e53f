"""The server goes away, in every way and at every moment: nothing is half written, nothing twice, all goes on after."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clientdesk.cli import exit_codes
from clientdesk.desk import clients, firm_settings, history, list_columns, opening, team, watching
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import postgres_connection
from clientdesk.store.engines.postgres import PostgresEngine
from tests import programs
from tests.server.working import add, look_until_it_is_back, names
from tests.servers import Server

pytestmark = pytest.mark.long("servers")

BACK_OFF = 0.2
"""So many seconds lie between two attempts to connect, where a test counts them."""


def kill(server: Server, database: str) -> None:
    """Kills whoever serves the firm, and waits until they are gone."""
    with server.connect("postgres") as root:
        served = "FROM pg_stat_activity WHERE datname = %s"
        root.execute(f"SELECT pg_terminate_backend(pid) {served}", (database,))
        while root.execute(f"SELECT count(*) {served}", (database,)).fetchone() != (0,):
            time.sleep(0.005)


# --- the connection is killed


def test_whoever_was_idle_goes_on_by_themselves(alone: Server, database: str, ana: Session) -> None:
    for number in range(2):
        kill(alone, database)
        assert clients.count(ana, ClientQuery()) == 1 + number
        kill(alone, database)
        assert add(ana, f"Nueva {number}") == "saved"
        kill(alone, database)
        list_columns.save_columns(ana, list_columns.first_columns())
        kill(alone, database)
        assert watching.news(ana).changed  # while nobody listened anything may have changed
        assert False in [watching.news(ana).changed for _ in range(3)]
    assert names(alone, database) == ["Nueva 0", "Nueva 1", "Peña SA"]


def test_a_build_that_does_not_connect_again_fails_the_same(
    alone: Server, database: str, ana: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresEngine, "renew", lambda engine: None)
    with pytest.raises((FirmUnusable, AssertionError)):
        test_whoever_was_idle_goes_on_by_themselves(alone, database, ana)


@contextmanager
def killed_before(engine: Any, number: int, do: Callable[[], None]) -> Iterator[list[str]]:
    """Does something before the statement with this number; the statements that were run."""
    run: list[str] = []
    execute = engine.db.execute_sql

    def execute_sql(sql: str, *arguments: Any, **options: Any) -> Any:
        run.append(sql)
        if len(run) == number:
            do()
        return execute(sql, *arguments, **options)

    engine.db.execute_sql = execute_sql
    try:
        yield run
    finally:
        del engine.db.execute_sql


def test_a_read_that_is_cut_is_read_again(alone: Server, database: str, ana: Session) -> None:
    number, total = 0, 1
    while number < total:
        number += 1
        with killed_before(ana.engine, number, lambda: kill(alone, database)) as run:
            assert [row.values for row in clients.window(ana, ClientQuery(), ("display_name",), 0, 9)] == [("Peña SA",)]
            assert clients.get(ana, 1).values["display_name"] == "Peña SA"
        total = max(total, min(len(run), 8))
    assert number > 2


def test_a_write_is_cut_before_each_of_its_statements(alone: Server, database: str, ana: Session) -> None:
    number, run, there, sentences = 0, [""], ["Peña SA"], set()
    while len(run) >= number:
        number += 1
        with killed_before(ana.engine, number, lambda: kill(alone, database)) as run:
            answer = add(ana, f"N{number:02}")
        sentences.add(answer)
        there += [f"N{number:02}"] if answer == "saved" else []
        assert names(alone, database) == sorted(there)
        assert add(ana, f"after {number:02}") == "saved"  # the first write after it works
        there.append(f"after {number:02}")
    assert number > 4
    assert sentences == {"saved", "server_away"}
    assert names(alone, database) == sorted(there)


# --- the server is away


_NEW = Client(1, 1, BUILT_IN.empty)
"""A client as it was before anybody wrote anything into it."""


def _everything(session: Session) -> list[Callable[[], object]]:
    return [
        lambda: clients.window(session, ClientQuery(), ("display_name",), 0, 9),
        lambda: clients.count(session, ClientQuery(find="peña")),
        lambda: clients.get(session, 1),
        lambda: clients.by_key(session, "x"),
        lambda: list(clients.pages(session, ClientQuery(), ("display_name",))),
        lambda: clients.check(session, {"display_name": "x"}),
        lambda: clients.add(session, {"display_name": "x"}),
        lambda: clients.edit(session, _NEW, {"notes": "x"}),
        lambda: clients.set_status(session, [1], False),
        lambda: clients.delete(session, _NEW),
        lambda: history.of_client(session, 1),
        lambda: team.members(session),
        lambda: team.add_member(session, "X", "", "x", Access.FULL),
        lambda: firm_settings.info(session),
        lambda: list_columns.columns(session),
        lambda: list_columns.save_columns(session, list_columns.first_columns()),
        lambda: watching.news(session),
    ]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_is_stopped_and_started(
    alone: Server, database: str, ana: Session, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[float] = []
    connect = PostgresEngine.connect

    def counted(engine: PostgresEngine, *arguments: Any) -> None:
        attempts.append(time.monotonic())
        connect(engine, *arguments)

    monkeypatch.setattr(PostgresEngine, "connect", counted)
    monkeypatch.setattr(postgres_connection, "BACK_OFF", BACK_OFF)
    alone.stop(mode)
    try:
        began = time.monotonic()
        for use_case in _everything(ana):
            with pytest.raises(FirmUnusable) as caught:
                use_case()
            assert caught.value.away
        while len(attempts) < 3:  # whoever asks all the time does not knock all the time
            with pytest.raises(FirmUnusable):
                watching.news(ana)
            assert len(attempts) < 2 + 1.1 * (time.monotonic() - began) / BACK_OFF
            time.sleep(0.02)
    finally:
        alone.start()
    look_until_it_is_back(ana)
    assert add(ana) == "saved"
    assert names(alone, database) == ["Nueva SL", "Peña SA"]


def test_the_first_write_after_a_restart_works(alone: Server, database: str, ana: Session) -> None:
    alone.stop()
    alone.start()
    assert add(ana) == "saved"
    assert names(alone, database) == ["Nueva SL", "Peña SA"]


_IMPORT = """
import sys
from clientdesk.desk.imports import applying
applying.BATCH = 250
from clientdesk.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_server_that_dies_in_the_middle_of_an_import(alone: Server, database: str, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    rows = [f"92{number:08},Client {number:05},K-{number:05}" for number in range(5_000)]
    path.write_text("\n".join(["Company ID,Display name,Client number", *rows]))
    command = [sys.executable, "-c", _IMPORT, "import", "--firm", alone.url(database, "ana"), "clients", str(path)]
    process = programs.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with alone.connect(database) as root:
        while root.execute("SELECT count(*) FROM clientdesk.client").fetchone() == (1,):
            time.sleep(0.01)
    alone.stop()
    try:
        _out, err = process.communicate(timeout=30)
    finally:
        alone.start()
    assert "Traceback" not in err
    in_doubt = "was being saved" in err  # it died while a batch was being committed
    assert in_doubt or "does not answer" in err
    assert process.returncode == (exit_codes.PERHAPS_SAVED if in_doubt else exit_codes.REFUSED)
    written = len(names(alone, database)) - 1
    assert 0 < written < 5_000
    assert written % 250 == 0
    assert programs.run(command, capture_output=True, timeout=60).returncode == 0
    assert len(names(alone, database)) == 5_001


def test_a_server_that_is_shutting_down(alone: Server, database: str, ana: Session) -> None:
    alone.leave()
    with open(os.path.join(alone.folder, "postmaster.pid"), encoding="utf-8") as file:
        os.kill(int(file.readline()), signal.SIGTERM)  # it lets whoever is in go on, and nobody else in
    try:
        until = time.monotonic() + 60
        while (sentence := refused(alone.url(database, "ana"))) == "":
            assert time.monotonic() < until
            time.sleep(0.01)
        assert sentence == "server_starting"
        assert clients.count(ana, ClientQuery()) == 1
        ana.close()
        while refused(alone.url(database, "ana")) != "server_unreachable":
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        alone.start()
    assert refused(alone.url(database, "ana")) == ""


def refused(location: str) -> str:
    """The code with which the firm cannot be opened; "" if it can."""
    try:
        opening.open_firm(location).close()
    except FirmUnusable as refusal:
        return refusal.code
    return ""


# --- somebody is in the way


def test_who_waits_too_long_is_told(alone: Server, database: str, ana: Session) -> None:
    engine: Any = ana.engine
    engine.sql("SET lock_timeout = '150ms'")
    with alone.connect(database) as root:
        for lock in ("SELECT clientdesk.take_turn()", "SELECT * FROM clientdesk.client FOR UPDATE"):
            with root.transaction():
                root.execute(lock.encode())
                with pytest.raises(FirmUnusable) as caught:
                    clients.edit(ana, _NEW, {"notes": "x"})
                assert (caught.value.code, caught.value.away) == ("locked", False)
        engine.sql("SET lock_timeout = 0; SET statement_timeout = '150ms'")
        with root.transaction():
            root.execute("LOCK TABLE clientdesk.client")
            with pytest.raises(FirmUnusable) as caught:
                clients.count(ana, ClientQuery())
            assert (caught.value.code, caught.value.away) == ("slow", False)
            with pytest.raises(FirmUnusable) as caught:
                clients.edit(ana, _NEW, {"notes": "x"})
            assert (caught.value.code, caught.value.away) == ("slow", False)
    assert clients.edit(ana, _NEW, {"notes": "x"}).version == 2

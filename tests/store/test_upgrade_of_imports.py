"""Firms of schema 4, which kept error logs without the columns: what is in them stays, and is told for what it is."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from clientdesk.desk import checking, imports, opening
from clientdesk.desk.session import Session
from clientdesk.exchange.kept_import import KeptImport
from clientdesk.exchange.records import Counts
from clientdesk.store.engines import postgres_making, postgres_rules, sqlite
from tests.servers import OWNER, Server

RUN = (
    "INSERT INTO import_run (at, touched, actor_id, kind, file, total, changed, refused, state) VALUES"
    " ('2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', 1, 'numbers', '/x/old.csv', 2, 1, 1, 'done')"
)
ROW = """INSERT INTO import_refusal (run_id, place, line, cells, problem) VALUES (1, 2, 3,
'[["Company ID", "92"], ["Display name", "Íñigo"], ["Client number", ""]]', '["empty_client_number", "client_number", {}]')"""


def older(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The program is the one before: schema 4."""
    for number, module in enumerate((sqlite, postgres_making)):
        place = folder / f"migrations {number}"
        shutil.copytree(module.MIGRATIONS, place, ignore=shutil.ignore_patterns("__pycache__", "0005*"))
        monkeypatch.setattr(module, "MIGRATIONS", str(place))
    monkeypatch.setattr(sqlite, "SCHEMA_VERSION", 4)
    monkeypatch.setattr(postgres_rules, "SCHEMA_VERSION", 4)


def keep_a_run(session: Session) -> None:
    """An import as schema 4 kept it."""
    with session.engine.writing():
        session.engine.sql(RUN)
        session.engine.sql(ROW)


def assert_upgraded(session: Session) -> None:
    """The log can be read, its row is refused, and nobody claims to know its columns."""
    (run,) = imports.runs(session)
    assert (run.changed, run.refused, run.skipped, run.left_out) == (1, 1, 0, 0)
    with closing(KeptImport.open_kept(session, run.id)) as log:
        assert log.counts() == Counts(2, changed=1, refused=1)
        assert [(each.line, each.cells) for each in log.refusals()] == [(3, ("92", "Íñigo", ""))]
        assert not log.can_retry
    assert all(finding.sound for finding in checking.check_firm(session))


def test_a_file_of_schema_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "firm.db")
    with monkeypatch.context() as patch:
        older(patch, tmp_path)
        opening.make_firm(path, "Ríos y Asociados", "Ana García", "ana")
        with opening.open_firm(path, "ana") as session:
            keep_a_run(session)
    with opening.open_firm(path, "ana") as session:
        assert session.engine.sql("PRAGMA user_version").fetchone()[0] == sqlite.SCHEMA_VERSION
        assert_upgraded(session)


def test_a_server_of_schema_4(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = server.create_database()
    owners = server.url(name)
    try:
        with monkeypatch.context() as patch:
            older(patch, tmp_path)
            opening.make_firm(owners, "Ríos y Asociados", "Ana García", "ana")
            server.login("ana", "primary_admin")
            server.let_in("ana", name)
            with opening.open_firm(owners.replace(OWNER, "ana")) as session:
                keep_a_run(session)
        upgraded = opening.upgrade_firm(owners)
        assert (upgraded.before, upgraded.after) == (4, postgres_rules.SCHEMA_VERSION)
        with opening.open_firm(owners.replace(OWNER, "ana")) as session:
            assert_upgraded(session)
    finally:
        server.drop_database(name)

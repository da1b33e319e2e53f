"""Firms of schema 4, which kept error logs without the columns: what is in them stays, and is told for what it is."""

import lzma
from contextlib import closing
from pathlib import Path

import psycopg

from clientdesk.desk import checking, imports, opening
from clientdesk.desk.imports.kept_import import KeptImport
from clientdesk.desk.session import Session
from clientdesk.domain.judged import Counts
from clientdesk.store.engines import postgres_rules, sqlite, sqlite_header
from tests.servers import OWNER, Server

DATA = Path(__file__).parent.parent / "data"
RUN = (
    "INSERT INTO import_run (at, touched, actor_id, kind, file, total, changed, refused, state) VALUES"
    " ('2026-01-01T00:00:00.000+00:00', '2026-01-01T00:00:00.000+00:00', 1, 'numbers', '/x/old.csv', 2, 1, 1, 'done')"
)
ROW = """INSERT INTO import_refusal (run_id, place, line, cells, problem) VALUES (1, 2, 3,
'[["Company ID", "92"], ["Display name", "Íñigo"], ["Client number", ""]]', '["empty_client_number", "client_number", {}]')"""
"""An import as schema 4 kept it; the file of that schema has it already."""


def assert_upgraded(session: Session) -> None:
    """The log can be read, its row is refused, and nobody claims to know its columns."""
    (run,) = imports.runs(session)
    assert (run.changed, run.refused, run.skipped, run.left_out) == (1, 1, 0, 0)
    with closing(KeptImport.open_kept(session, run.id)) as log:
        assert log.counts() == Counts(2, changed=1, refused=1)
        assert [(each.line, each.cells) for each in log.refusals()] == [(3, ("92", "Íñigo", ""))]
        assert not log.can_retry
    assert all(finding.sound for finding in checking.check_firm(session))


def test_a_file_of_schema_4(tmp_path: Path) -> None:
    path = tmp_path / "firm.db"
    path.write_bytes(lzma.decompress((DATA / "firm_of_schema_4.db.xz").read_bytes()))
    path.chmod(0o600)
    with opening.open_firm(str(path), "ana") as session:
        version = session.engine.sql("PRAGMA user_version").fetchone()[0]
        assert sqlite_header.schema(version) == sqlite.SCHEMA_VERSION
        assert_upgraded(session)


def test_a_server_of_schema_4(server: Server) -> None:
    name = server.create_database()
    owners = server.url(name)
    try:
        with psycopg.connect(owners, autocommit=True) as owner:
            owner.execute(lzma.decompress((DATA / "firm_of_schema_4.sql.xz").read_bytes()).decode())
        server.login("ana", "primary_admin")
        server.let_in("ana", name)
        with psycopg.connect(owners.replace(OWNER, "ana")) as member:
            member.execute("SET search_path = clientdesk")
            member.execute(RUN)
            member.execute(ROW)
        upgraded = opening.upgrade_firm(owners)
        assert (upgraded.before, upgraded.after) == (4, postgres_rules.SCHEMA_VERSION)
        with opening.open_firm(owners.replace(OWNER, "ana")) as session:
            assert_upgraded(session)
    finally:
        server.drop_database(name)

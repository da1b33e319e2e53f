"""The schema: models and migrations agree, an upgrade equals a fresh firm, the triggers hold by themselves."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from peewee import IntegrityError
from playhouse.schema_diff import diff_models

from clientdesk.desk import checking, clients, history, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.fields import FIELDS, Kind
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store import history as rows
from clientdesk.store.engines import sqlite
from clientdesk.store.models import MODELS

ADDED_LATER = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE client ADD COLUMN nickname TEXT NOT NULL DEFAULT ''")
"""


def schema(path: str) -> list[tuple[str, str, str]]:
    with sqlite3.connect(path) as connection:
        sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'schema_migration%'"
        return sorted(connection.execute(sql))


def test_models_and_migrations_agree(session: Session) -> None:
    difference = diff_models(session.engine.db, list(MODELS))
    partial = {"client_inactive", "client_on_plan"}
    assert not difference.create_tables
    assert not difference.add_columns
    assert not difference.drop_columns
    assert not difference.add_indexes
    assert {index.name for index in difference.drop_indexes} <= partial


def test_every_field_has_its_column(session: Session) -> None:
    columns = {row[1] for row in session.engine.sql("PRAGMA table_info(client)").fetchall()}
    for field in FIELDS:
        wanted = f"{field.name}_id" if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER) else field.name
        assert wanted in columns
        assert not field.folded or f"{field.name}_sort" in columns


def test_the_schema_has_the_number_of_its_last_migration() -> None:
    numbers = sorted(int(name[:4]) for name in os.listdir(sqlite.MIGRATIONS) if name[0].isdigit())
    assert numbers[-1] == sqlite.SCHEMA_VERSION


def test_an_older_firm_is_upgraded_with_its_rows_and_triggers(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    session.close()
    folder = tmp_path / "migrations"
    shutil.copytree(sqlite.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "9999_nickname.py").write_text(ADDED_LATER)
    monkeypatch.setattr(sqlite, "MIGRATIONS", str(folder))
    monkeypatch.setattr(sqlite, "SCHEMA_VERSION", 9999)
    with opening.open_firm(session.location, "ana") as upgraded:
        assert clients.get(upgraded, client.id).values["display_name"] == "Peña SA"
        clients.set_status(upgraded, [client.id], False)
        assert [change.kind for change in history.of_client(upgraded, client.id)] == [
            "client.deactivated",
            "client.added",
        ]
    fresh = str(tmp_path / "fresh.db")
    opening.create_firm(fresh, "Fresh", "Ana", "ana").close()
    assert schema(session.location) == schema(fresh)
    backup = f"{session.location}.before-9999"
    assert os.stat(backup).st_mode & 0o777 == 0o600
    with sqlite3.connect(backup) as connection:
        assert connection.execute("SELECT display_name FROM client").fetchall() == [("Peña SA",)]
    monkeypatch.undo()
    with pytest.raises(FirmUnusable) as refusal:
        opening.open_firm(session.location, "ana")
    assert refusal.value.code == "newer"


WRITES_FROM_OUTSIDE = (
    "UPDATE client SET display_name = 'x', version = version + 1",
    "UPDATE client SET display_name = 'x'",
    "INSERT INTO client (company_id, display_name, number_sort, display_name_sort, search_text) VALUES ('9', 'x', '', '', '')",
    "DELETE FROM client",
    "UPDATE team_member SET access = 'basic', version = version + 1 WHERE login = 'bob'",
    "DELETE FROM team_member",
    "UPDATE firm SET name = 'Mine', version = version + 1",
    "DELETE FROM firm",
    "UPDATE history SET new = '{}'",
    "DELETE FROM history",
    "UPDATE change_set SET kind = 'x'",
    "DELETE FROM change_set",
)


@pytest.mark.parametrize("statement", WRITES_FROM_OUTSIDE)
def test_another_program_cannot_write_past_the_history(session: Session, statement: str) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    team.add_member(session, "Bob", "", "bob", Access.FULL)
    before = history.of_firm(session)
    connection = sqlite3.connect(session.location, isolation_level=None)
    with pytest.raises(sqlite3.Error):
        connection.execute(statement)
    connection.close()
    assert history.of_firm(session) == before


OWN_WRITES = (
    ("UPDATE client SET notes = 'x' WHERE id = 1", "count up the version"),
    ("UPDATE client SET company_id = 'x', version = version + 1", "never changes"),
    ("UPDATE team_member SET active = 0, version = version + 1 WHERE id = 1", "always an active primary admin"),
    ("UPDATE firm SET primary_admin_id = 2, version = version + 1", "always an active primary admin"),
    ("UPDATE client SET number_key = 'c-1', client_number = 'C-1', version = version + 1 WHERE id = 2", "UNIQUE"),
    ("UPDATE client SET client_number = 'C-9', version = version + 1 WHERE id = 2", "CHECK"),
    ("DELETE FROM client WHERE id = 1", "preconditions"),
    ("DELETE FROM client_type WHERE id = 1", "FOREIGN KEY"),
)


@pytest.mark.parametrize(("statement", "reason"), OWN_WRITES)
def test_the_database_refuses_what_the_rules_refuse(session: Session, statement: str, reason: str) -> None:
    clients.add(session, {"display_name": "One", "client_number": "C-1", "client_type": "Business",
                          "subscription": "plus", "billed_to": "firm"})  # fmt: skip
    clients.add(session, {"display_name": "Two"})
    team.add_member(session, "Bob", "", "bob", Access.BASIC)

    def write() -> None:
        with session.engine.writing():
            rows.begin(session.engine, 1, "client.edited", "primary_admin")
            session.engine.sql(statement)

    with pytest.raises(IntegrityError, match=reason):
        write()
    assert clients.totals(session).all == 2


def test_tampering_with_the_history_is_seen(session: Session) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    assert all(finding.sound for finding in checking.check_firm(session))
    connection = sqlite3.connect(session.location, isolation_level=None)
    connection.execute("DROP TRIGGER history_is_fixed")
    connection.execute("UPDATE history SET new = replace(new, 'Peña', 'Pena') WHERE entity = 'client'")
    connection.close()
    unsound = [finding.name for finding in checking.check_firm(session) if not finding.sound]
    assert unsound == ["history"]


def test_a_search_index_that_does_not_fit_is_seen(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    session.engine.sql(
        "INSERT INTO client_search (client_search, rowid, search_text) VALUES ('delete', ?, 'pena sa  ')", (client.id,)
    )
    assert [finding.name for finding in checking.check_firm(session) if not finding.sound] == ["search"]

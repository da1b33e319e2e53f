"""The schema: models and migrations agree, an upgraded file equals a fresh one, the triggers hold by themselves."""

import os
import sqlite3
from pathlib import Path

import pytest
from peewee import PeeweeException
from playhouse.schema_diff import diff_models

from clientdesk.desk import checking, clients, history, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Kind
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store import history as rows
from clientdesk.store.all_models import MODELS, TABLES
from clientdesk.store.engines import postgres_making, sqlite
from clientdesk.store.entities import ENTITIES
from clientdesk.store.order_keys import Form, order_indexes
from tests.next_schema import NEXT, become_next
from tests.store.both import REFUSED_BY_DATABASE, bare, on_a_file, on_server, tamper


def schema(path: str) -> list[tuple[str, str, str]]:
    with sqlite3.connect(path) as connection:
        sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'schema_migration%'"
        return sorted(connection.execute(sql))


PARTIAL = {"change_set_of_job", "change_set_begun", "change_set_rest", "change_set_undone"}
EXPRESSIONS = {index.name for index in order_indexes() if index.key.form is not Form.WHOLE}
# An entry of a server's index holds at most 2.7 kB: that of the names ends before the search text, which has indexes of
# its own. `change_set_open` finds the one change set of a write at once; the entries of one are read in their order,
# which a file's index has by itself.
SHORTER = {"client_by_name": "client (display_name_sort, id, status, client_type_id, lead_id, billed_to)"}
SERVERS_OWN = {
    *("client_search", "client_pairs", "deleted_client_search", "change_set_open", "history_of_change_set"),
}


# The indexes as a firm has them, which no query names. Partial ones, and those of expressions, are compared by name.
INDEXES = [
    *(
        (
            "client",
            (
                *(index.key.column, *index.then, *index.also),
                *(("search_text",) if index.name == "client_by_name" else ()),
            ),
            False,
        )
        for index in order_indexes()
        if index.key.form is Form.WHOLE
    ),
    ("client_own", ("field_id", "sort_key", "client_id"), False),
    ("client_own", ("field_id", "unique_key"), True),
    *(("client_work", ("template_id", name, "client_id"), False) for name in ("due", "state", "open_items", "who1_id")),
    ("client_work", ("client_id",), False),
    ("template_item", ("section_id",), False),
    ("template_item", ("client_id",), False),
    ("client_account", ("client_id",), False),
    ("change_set", ("actor_id", "id"), False),
    ("change_set", ("latest", "id"), False),
    ("change_set", ("actor_id", "latest", "id"), False),
    ("history", ("entity", "key", "id"), False),
]
for _table, _names, _unique in INDEXES:
    TABLES[_table].add_index(*(TABLES[_table]._meta.columns[name] for name in _names), unique=_unique)


def test_models_and_migrations_agree(session: Session) -> None:
    difference = diff_models(session.engine.db, list(MODELS))
    assert not difference.create_tables
    assert not difference.add_columns
    assert not difference.drop_columns
    left = {index.name: f"{index.table} ({', '.join(index.columns or ())})" for index in difference.drop_indexes}
    if not on_server(session.location):
        assert not difference.add_indexes
        assert set(left) == PARTIAL | EXPRESSIONS
        return
    assert {name: columns for name, columns in left.items() if name in SHORTER} == SHORTER
    assert set(left) == {*PARTIAL, *EXPRESSIONS, *SHORTER, *SERVERS_OWN}
    # What is missing are the same indexes as a file has them.
    missing = {index.columns for index in difference.add_indexes} - {("change_set_id",)}
    assert [columns[0] for columns in missing] == ["display_name_sort"]
    assert all(not index.unique for index in difference.add_indexes)


def test_what_is_declared_unique_has_a_unique_index(session: Session) -> None:
    for entity in ENTITIES.values():
        indexes = session.engine.db.get_indexes(entity.name)
        unique = {index.columns[0] for index in indexes if index.unique and len(index.columns) == 1}
        assert unique - {"id"} == set(entity.unique), entity.name


def test_every_field_has_its_column(session: Session) -> None:
    columns = {column.name for column in session.engine.db.get_columns("client")}
    for field in BUILT_IN.fields:
        wanted = f"{field.name}_id" if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER) else field.name
        assert wanted in columns
        assert not field.folded or f"{field.name}_sort" in columns


def test_every_field_has_the_index_of_its_order(session: Session) -> None:
    short = {"display_name": "name", "client_number": "number", "client_type": "type"}
    indexes = {name for kind, _table, name in session.engine.expected_schema() if kind == "index"}
    assert {f"client_by_{short.get(field.name, field.name)}" for field in BUILT_IN.fields} <= indexes


def test_what_must_be_there_comes_from_the_declarations(session: Session) -> None:
    expected = session.engine.expected_schema()
    for entity in ENTITIES.values():
        for column in (*(attribute.column for attribute in entity.attributes), *entity.identity, "version"):
            assert ("column", entity.name, column) in expected
        for event in ("insert", "update", "delete"):
            assert ("trigger", entity.name, f"{entity.name}_history_{event}") in expected
        for attribute in entity.attributes:
            right = f"UPDATE ({attribute.column}) ON TABLE {entity.name} TO clientdesk_full"
            granted = ("grant", "", right) in expected
            assert granted == (on_server(session.location) and attribute.column not in entity.fixed), right
    assert not list(session.engine.differences())


def test_both_engines_have_the_same_scripts() -> None:
    on_file, served = (
        sorted(name for name in os.listdir(folder) if name[0].isdigit() and name.endswith(".py"))
        for folder in (sqlite.MIGRATIONS, postgres_making.MIGRATIONS)
    )
    assert on_file == served


def test_the_sql_for_an_administrator_ends_each_statement_of_a_script(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    become_next(monkeypatch, tmp_path / "scripts")
    listed = [statement for _name, statements in postgres_making.scripts() for statement in statements]
    assert listed[-1].startswith("ALTER TABLE client ADD COLUMN nickname")
    assert [statement for statement in listed if not statement.endswith(";") or statement.endswith(";;")] == []


def test_the_history_keeps_every_field(session: Session) -> None:
    values = {"email": "a@b.es", "fiscal_year_end": "03-31", "client_type": "Trust", "lead": "Ana García"}
    client = clients.add(session, {"display_name": "Peña SA"})
    for field in (field for field in BUILT_IN.fields if field.editor == "form"):
        value = field.choices[1].value if field.choices else values.get(field.name, "Ñ 'x' \\ 1")
        edited = clients.edit(session, client, {field.name: value})
        entry = history.of_client(session, client.id)[0]
        shown = field.display(edited.values[field.name])
        assert [(field.field, field.new) for field in entry.fields] == [(field.name, shown)]
        assert clients.edit(session, edited, {field.name: value}) == edited
        client = edited


@on_a_file
def test_an_older_file_is_upgraded_with_its_rows_and_triggers(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    session.close()
    become_next(monkeypatch, tmp_path / "scripts")
    older = Path(f"{session.location}.before-{NEXT}")
    older.write_bytes(b"an older backup")
    with opening.open_firm(session.location, "ana") as upgraded:
        (notice,) = upgraded.notices
        assert clients.get(upgraded, client.id).values["display_name"] == "Peña SA"
        clients.set_status(upgraded, [client.id], False)
        assert [change.kind for change in history.of_client(upgraded, client.id)] == [
            "client.deactivated",
            "client.added",
        ]
    fresh = str(tmp_path / "fresh.db")
    opening.create_firm(fresh, "Fresh", "Ana", "ana").close()
    assert schema(session.location) == schema(fresh)
    backup = f"{session.location}.before-{NEXT}-2"
    assert older.read_bytes() == b"an older backup"
    assert (notice.code, backup in notice.message) == ("upgraded", True)
    assert not list(tmp_path.glob(".clientdesk*"))
    assert os.stat(backup).st_mode & 0o777 == 0o600
    with sqlite3.connect(backup) as connection:
        assert connection.execute("SELECT display_name FROM client").fetchall() == [("Peña SA",)]
    monkeypatch.undo()
    with pytest.raises(FirmUnusable) as refusal:
        opening.open_firm(session.location, "ana")
    assert refusal.value.code == "newer"


ADMIN_STAYS = "always an active primary admin"
WRITES_FROM_OUTSIDE = (
    "UPDATE client SET display_name = 'x', version = version + 1",
    "UPDATE client SET display_name = 'x'",
    "INSERT INTO client (id, company_id, display_name, number_sort, display_name_sort, search_text) VALUES (9, '9', 'x', '', '', '')",
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
    with bare(session.location) as connection, pytest.raises(REFUSED_BY_DATABASE):
        connection.execute(statement)
    assert history.of_firm(session) == before
    assert all(finding.sound for finding in checking.check_firm(session))


# What a write in a change set of ours meets: why a file refuses it, and why a server does.
OWN_WRITES = (
    ("UPDATE client SET notes = 'x' WHERE id = 1", "count up the version", "count up the version"),
    ("UPDATE client SET company_id = 'x', version = version + 1", "never changes", "permission denied"),
    ("UPDATE team_member SET active = 0, version = version + 1 WHERE id = 1", ADMIN_STAYS, ADMIN_STAYS),
    ("UPDATE firm SET primary_admin_id = 2, version = version + 1", ADMIN_STAYS, "offered to"),
    (
        "UPDATE client SET number_key = 'c-1', client_number = 'C-1', version = version + 1 WHERE id = 2",
        "UNIQUE",
        "client_number_key",
    ),
    ("UPDATE client SET client_number = 'C-9', version = version + 1 WHERE id = 2", "CHECK", "check constraint"),
    ("UPDATE client SET status = 'gone', version = version + 1 WHERE id = 2", "CHECK", "check constraint"),
    ("DELETE FROM client WHERE id = 1", "preconditions", "preconditions"),
    ("DELETE FROM client_type WHERE id = 1", "FOREIGN KEY", "foreign key"),
    ("DELETE FROM team_member WHERE id = 2", "never deleted", "permission denied"),
    ("DELETE FROM firm", "never deleted", "permission denied"),
    ("DELETE FROM history", "never deleted", "permission denied"),
    ("UPDATE change_set SET kind = 'firm.x' WHERE seal IS NOT NULL", "never changes", "permission denied"),
)


@pytest.mark.parametrize(("statement", "on_file", "served"), OWN_WRITES)
def test_the_database_refuses_what_the_rules_refuse(
    session: Session, statement: str, on_file: str, served: str
) -> None:
    clients.add(session, {"display_name": "One", "client_number": "C-1", "client_type": "Business",
                          "subscription": "plus", "billed_to": "firm"})  # fmt: skip
    clients.add(session, {"display_name": "Two"})
    team.add_member(session, "Bob", "", "bob", Access.BASIC)

    def write() -> None:
        with session.engine.writing():
            rows.begin(session.engine, 1, "primary_admin", rows.new_change("client.edited"))
            session.engine.sql(statement)

    with pytest.raises(PeeweeException, match=served if on_server(session.location) else on_file):
        write()
    assert clients.totals(session).all == 2
    assert not session.engine.inside
    assert clients.add(session, {"display_name": "Three"}).active


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET new = replace(new, 'Peña', 'Pena') WHERE entity = 'client'",
        "DELETE FROM history WHERE entity = 'client'",
        "UPDATE history SET operation = 'update' WHERE entity = 'client'",
        "INSERT INTO history (id, change_set_id, entity, key, operation) VALUES (99, 1, 'client', '1', 'delete')",
    ],
)
def test_tampering_with_the_history_is_seen(session: Session, statement: str) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    assert all(finding.sound for finding in checking.check_firm(session))
    tamper(session.location, "history", statement)
    unsound = {finding.name for finding in checking.check_firm(session) if not finding.sound}
    assert "history" in unsound
    assert unsound <= {"history", "rows"}


@on_a_file
def test_a_search_index_that_does_not_fit_is_seen(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    session.engine.sql(
        "INSERT INTO client_search (client_search, rowid, search_text) VALUES ('delete', ?, 'pena sa  ')", (client.id,)
    )
    assert [finding.name for finding in checking.check_firm(session) if not finding.sound] == ["search"]

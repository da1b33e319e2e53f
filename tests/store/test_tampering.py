"""What somebody wrote past the program: `check` notices every column, every row, every change set and every rule."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from clientdesk.desk import (
    checking,
    client_types,
    clients,
    firm_settings,
    history,
    opening,
    own_fields,
    pricing_plan,
    seen_history_heads,
    tags,
    team,
    view_changes,
)
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.own_fields import OwnKind, Tag
from clientdesk.domain.problems import FirmUnusable
from clientdesk.domain.views import Layout
from clientdesk.store import history as store
from clientdesk.store import history_replay, patches
from clientdesk.store.derived_columns import DERIVED
from clientdesk.store.entities import ENTITIES
from tests.conftest import ADMIN
from tests.many import add_many
from tests.servers import OWNER
from tests.store.both import bare, on_a_file, on_a_server, on_server, someone_writes, tamper
from tests.worked import changed_once, work_for

pytestmark = pytest.mark.thorough("many")

WORKING = {
    "firm": 1,
    "team_member": 2,
    "client_type": 2,
    "client": 1,
    "view": 1,
    "own_field": 2,
    "own_choice": 1,
    "tag": 1,
    **dict.fromkeys(("template", "template_section", "template_item", "client_account"), 2),
}
"""The row of each table that is tampered with, where it has a number; of the others it is the only one."""
OTHER: dict[str, str] = {
    "client_notice": "7",
    "primary_admin_id": "2",
    "offered_to_id": "2",
    "upload_limit": "0",
    "access": "'full'",
    "active": "0",
    "client_type_id": "2",
    "lead_id": "2",
    "status": "'inactive'",
    "billed_to": "'firm'",
    "primary_admin": "'firm'",
    "fiscal_year_end": "'06-30'",
    "kind": "'date'",
    "section": "'notes'",
    "width": "21",
    "required": "1",
    "is_unique": "1",
    "place": "7",
    "retired": "1",
    "field_id": "2",
    "uid": "'0123456789abcdef'",
    "version": "version - 1",
    "id": "99",
    "content": """'{"version":1}'""",
    "origin": "1",
    "soon_days": "3",
    "closing": "1",
    **dict.fromkeys(("client_id", "template_id", "section_id", "item_id", "account_id"), "2"),
    **dict.fromkeys(("who1_id", "who2_id", "who3_id", "by_id", "assignee_id"), "2"),
    "work.state": "5",
}
"""What stands in a column in the place of what stood there; of a text, the same with an x."""


@pytest.fixture
def full(session: Session) -> Session:
    """A firm with a changed row in each table."""
    team.add_member(session, "Bob", "", "bob", Access.BASIC)
    bob = team.member_by_key(session, "bob")
    team.save_member(session, bob, {"email": "bob@norte.es"})
    firm_settings.save(session, session.firm, {"client_notice": "500"})
    kind = next(client_type for client_type in client_types.all_types(session) if client_type.id == 2)
    client_types.rename_type(session, kind, "Persona")
    view_changes.save(session, view_changes.add_to_firm(session, "Vigo", Layout()), Layout(ClientQuery(find="vigo")))
    field = own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["High"])
    fax = own_fields.add_field(session, "Fax", OwnKind.TEXT)
    own_fields.save_field(session, fax, {"width": 20})
    own_fields.rename_choice(session, field.id, field.choices[0], "Very high")
    (tag_id,) = tags.add_tags(session, ["VIP"])
    tags.rename_tag(session, Tag(tag_id, "VIP"), "Gold")
    values = {"display_name": "Peña SA", "client_number": "C-1", "city": "Vigo", "lead": "Ana García"}
    client = clients.add(session, values | {"client_type": "Business"})
    clients.edit(session, client, {"email": "a@b.es", "fiscal_year_end": "12-31"})
    changed_once(session, client.id, work_for(session, client.id))
    clients.add(session, {"display_name": "Vino SL", "client_number": "C-2"})
    return session


def unsound(session: Session) -> dict[str, str]:
    """What `check` finds, by name: all its sentences."""
    sentence_by_name: dict[str, str] = {}
    for each in checking.check_firm(session):
        if not each.sound:
            sentence_by_name[each.name] = sentence_by_name.get(each.name, "") + each.sentence + "\n"
    return sentence_by_name


def deviating(session: Session) -> set[tuple[str, str, str]]:
    """What the history does not say, or what does not follow from the row: kind, table and field."""
    with session.engine.reading():
        return {(each.kind, each.entity, each.name) for each in history_replay.deviations(session.engine)}


@pytest.mark.long("many")
def test_every_column_that_is_written_past_the_program_is_noticed(full: Session) -> None:
    """One at a time; each is put back in the breath in which the next one is written."""
    assert unsound(full) == {}
    for table, entity in ENTITIES.items():
        missed, back = [], list[str]()
        names = {attribute.column: attribute.name for attribute in entity.attributes}
        kept = ["id"] if entity.counted else []
        where = f"id = {WORKING[table]}" if table in WORKING else "1 = 1"
        for column in (*names, *DERIVED.get(table, ()), "version", *kept):
            if (table, column) == ("client", "id"):
                where = "id = 2"  # nothing refers to that one
            (present,) = full.engine.sql(f"SELECT {column} FROM {table} WHERE {where}").fetchone()
            value = OTHER.get(f"{table}.{column}", OTHER.get(column, f"coalesce({column}, '') || 'x'"))
            tamper(full.location, table, *back, f"UPDATE {table} SET {column} = {value} WHERE {where}")
            kind = "gone" if column in entity.identity else {"version": "version"}.get(column, "differs")
            kind = "derived" if column in DERIVED.get(table, ()) else kind
            if (kind, table, "" if kind == "gone" else names.get(column, column)) not in deviating(full):
                missed.append((column, value))
            changed = "id = 99" if column == "id" else where
            back = [f"UPDATE {table} SET {column} = {literal(present)} WHERE {changed}"]
        assert missed == [], table
        sentence = unsound(full)["rows"]  # of the last one: `check` says all that is found so
        assert NAMES.get(table, "Peña SA") in sentence
        tamper(full.location, table, *back)
    assert unsound(full) == {}


NAMES = {
    "firm": "Ríos y Asociados",
    "team_member": "Bob",
    "client_type": "Persona",
    "client": "Vino SL",
    "view": "Vigo",
    "own_field": "Fax",
    "own_choice": "Very high",
    "tag": "Gold",
    "template": "Payroll",
    "template_section": "Payroll",
    "template_item": "File it",
    "client_account": "Caja",
}
"""How the row that is tampered with is called; of the others by their client."""


def literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


DELETED_ENTRIES = "DELETE FROM history WHERE change_set_id = (SELECT max(id) FROM change_set)"
DELETED_SET = "DELETE FROM change_set WHERE id = (SELECT max(id) FROM change_set)"
TAMPERED_ROWS: list[tuple[str, list[tuple[str, str]], str, str]] = [
    ("a client is deleted", [("client", "DELETE FROM client WHERE id = 2")], "rows", "Vino SL"),
    (
        "a client comes from nowhere",
        [
            (
                "client",
                "INSERT INTO client (id, company_id, display_name, number_sort, display_name_sort, search_text)"
                " VALUES (77, 'L1', 'Nadie', '\U0010ffff', 'nadie', 'nadie L1')",
            )
        ],
        "rows",
        "Nadie",
    ),
    (
        "the newest change set is deleted",
        [
            ("history", DELETED_ENTRIES),
            ("change_set", DELETED_SET),
        ],
        "rows",
        "Vino SL",
    ),
    ("a change set is emptied", [("history", DELETED_ENTRIES)], "history", ""),
    (
        "an entry goes to another change set",
        [("history", "UPDATE history SET change_set_id = 1 WHERE id = (SELECT max(id) FROM history)")],
        "history",
        "",
    ),
    (
        "a change set in the middle is deleted",
        [("history", "DELETE FROM history WHERE change_set_id = 3"), ("change_set", "DELETE FROM change_set WHERE id = 3")],
        "history",
        "Change set 3 is missing",
    ),
    (
        "entries in the middle are deleted",
        [("history", "DELETE FROM history WHERE id BETWEEN 3 AND 4")],
        "history",
        "Entry 3 of the history is missing",
    ),
    ("all history is deleted", [("history", "DELETE FROM history"), ("change_set", "DELETE FROM change_set")],
     "head", "No history is left"),
    ("an entry is garbage", [("history", "UPDATE history SET new = '[1' WHERE id = 3")], "rows", "cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "done", "name", "said"), TAMPERED_ROWS, ids=[row[0] for row in TAMPERED_ROWS])
def test_rows_and_history_that_do_not_belong_together_are_noticed(
    full: Session, what: str, done: list[tuple[str, str]], name: str, said: str
) -> None:
    checking.check_firm(full)
    for table, statement in done:
        tamper(full.location, table, statement)
    sentences = unsound(full)
    assert said in sentences[name], sentences
    assert "rules" not in sentences


def take_the_latest_away(session: Session) -> None:
    """The client that was added last goes with its change set, so that all that is left agrees."""
    searched = () if on_server(session.location) else ("INSERT INTO client_search (client_search) VALUES ('rebuild')",)
    tamper(session.location, "client", "DELETE FROM client WHERE id = 2", *searched)
    tamper(session.location, "history", DELETED_ENTRIES)
    tamper(session.location, "change_set", DELETED_SET)


def test_a_shortened_history_is_seen_by_who_saw_it_whole(full: Session) -> None:
    assert unsound(full) == {}
    take_the_latest_away(full)
    assert list(unsound(full)) == ["head"]
    (warning,) = seen_history_heads.warnings(full)
    assert warning.code == "history_cut"
    clients.add(full, {"display_name": "Another one"})
    assert "the history was replaced" in unsound(full)["head"]  # of the same number, with another seal
    assert all(finding.sound for finding in checking.check_firm(full, accept_head=True))
    assert unsound(full) == {}
    assert seen_history_heads.warnings(full) == ()


@pytest.mark.parametrize("looked", [True, False], ids=["looked before", "never looked"])
def test_who_put_a_backup_back_is_said_until_it_is_accepted(full: Session, looked: bool) -> None:
    """Whoever never looked has lost nothing that they saw, but is told of it all the same."""
    if looked:
        assert unsound(full) == {}
    left = full.engine.sql("SELECT id, seal FROM change_set ORDER BY id DESC").fetchone()
    taken = full.engine.sql("SELECT id, seal FROM change_set ORDER BY id DESC LIMIT 1 OFFSET 1").fetchone()
    take_the_latest_away(full)
    with full.engine.writing():
        change_set = store.begin(full.engine, 1, "primary_admin", store.new_change("firm.restored"))
        full.engine.note_change(json.dumps({"left": list(left), "taken": list(taken)}))
        patches.update(full.engine, "firm", [patches.Write(1, {"client_notice": 501}, {})])
        store.seal(full.engine, change_set)
    sentence = seen_history_heads.verdict(full).sentence
    assert "Ana García put a backup back on" in sentence
    assert f"change set {left[0]} of before is gone" in sentence
    assert ("check --accept-head" in sentence) is looked
    assert list(unsound(full)) == (["head"] if looked else [])
    assert all(finding.sound for finding in checking.check_firm(full, accept_head=True))
    assert unsound(full) == {}
    assert "put a backup back" not in seen_history_heads.verdict(full).sentence


def test_a_copy_that_goes_on_by_itself_is_not_shortened(full: Session, tmp_path: Any) -> None:
    from clientdesk.desk import copying

    there = str(tmp_path / "along.db")
    copying.copy_firm(full, there)
    with opening.open_firm(there, ADMIN) as copy:
        assert unsound(copy) == unsound(full) == {}
        clients.add(copy, {"display_name": "On the way"})
        clients.add(full, {"display_name": "At home"})
        assert unsound(copy) == unsound(full) == {}


# --- the rules


DROPPED: list[tuple[str, str, str]] = [
    ("client_history_update", "DROP TRIGGER client_history_update", "DROP TRIGGER client_history_update ON client"),
    ("client_by_name", "DROP INDEX client_by_name", "DROP INDEX client_by_name"),
    ("import_mapping", "DROP TABLE import_mapping", "DROP TABLE import_mapping"),
    ("mine", "CREATE VIEW mine AS SELECT * FROM client", "CREATE VIEW mine AS SELECT * FROM client"),
    (
        "loud",
        "CREATE TRIGGER loud AFTER UPDATE ON client BEGIN SELECT 1; END",
        "CREATE TRIGGER loud AFTER UPDATE ON client FOR EACH STATEMENT EXECUTE FUNCTION tell()",
    ),
]
ON_A_SERVER: list[tuple[str, str]] = [
    ("client_history_update (client) is switched off", "ALTER TABLE client DISABLE TRIGGER client_history_update"),
    ("client_type_name (client_type) is not as", "DROP INDEX client_type_name; CREATE INDEX client_type_name ON client_type (name_key)"),
    ("change_set_undone (change_set) is not as", "DROP INDEX change_set_undone; CREATE INDEX change_set_undone ON change_set (undoes) WHERE undoes IS NULL"),
    ("client_by_email (client) is not as", "DROP INDEX client_by_email; CREATE INDEX client_by_email ON client (email, display_name_sort, id)"),
    ("client_pairs (client) is missing", "DROP INDEX client_pairs"),
    ("letter_pairs(text) is not as", "CREATE OR REPLACE FUNCTION letter_pairs(text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END'"),
    ("me() is not as", "CREATE OR REPLACE FUNCTION me() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clientdesk, pg_temp AS $$ SELECT 1::bigint $$"),
    ("me() is not as", "ALTER FUNCTION me() SECURITY INVOKER"),
    ("me() is not as", "ALTER FUNCTION me() RESET search_path"),
    ("DELETE ON TABLE history TO clientdesk_basic is none", "GRANT DELETE ON history TO clientdesk_basic"),
    ("UPDATE (access) ON TABLE team_member TO PUBLIC is none", "GRANT UPDATE (access) ON team_member TO PUBLIC"),
    ("EXECUTE ON FUNCTION seal_change() TO PUBLIC is none", "GRANT EXECUTE ON FUNCTION seal_change() TO PUBLIC"),
    ("UPDATE (name) ON TABLE firm TO clientdesk_full is missing", "REVOKE UPDATE (name) ON firm FROM clientdesk_full"),
    ("USAGE ON SCHEMA clientdesk TO PUBLIC is none", "GRANT USAGE ON SCHEMA clientdesk TO PUBLIC"),
    ("CHECK (access) basic, full (team_member) is missing", "ALTER TABLE team_member DROP CONSTRAINT team_member_access_check"),
    ("CHECK (status) active, gone, inactive (client) is none", "ALTER TABLE client DROP CONSTRAINT client_status_check; ALTER TABLE client ADD CHECK (status IN ('active', 'inactive', 'gone'))"),
    ("FOREIGN KEY (lead_id)", "ALTER TABLE client DROP CONSTRAINT client_lead_id_fkey"),
    ("email (team_member) is not as", "ALTER TABLE team_member ALTER email DROP NOT NULL"),
    ("status (client) is not as", "ALTER TABLE client ALTER status SET DEFAULT 'inactive'"),
    ("nobody (client) is none", "CREATE POLICY nobody ON client USING (false)"),
    ("ROW LEVEL SECURITY (client) is none", "ALTER TABLE client ENABLE ROW LEVEL SECURITY"),
    ("hush (client) is none", "CREATE RULE hush AS ON DELETE TO client DO INSTEAD NOTHING"),
    ("sneak() is none", "CREATE FUNCTION sneak() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "on_file", "served"), DROPPED)
def test_what_was_dropped_or_added_is_named_with_its_cure(
    session: Session, name: str, on_file: str, served: str
) -> None:
    with bare(session.location, OWNER) as owner:
        owner.execute(served if on_server(session.location) else on_file)
    sentence = unsound(session)["rules"]
    assert f" {name}" in sentence
    assert "firm upgrade --repair" in sentence or "firm restore BACKUP" in sentence or "takes it away" in sentence


@pytest.fixture
def owner(location: str) -> Iterator[Any]:
    with bare(location, OWNER) as owner:
        yield owner


@pytest.mark.long("many")
@on_a_server
def test_every_kind_of_rule_of_a_server_is_compared(session: Session, owner: Any) -> None:
    assert unsound(session) == {}
    missed = []
    for said, statement in ON_A_SERVER:
        owner.execute(statement)
        if said not in unsound(session).get("rules", ""):
            missed.append((said, statement, unsound(session).get("rules")))
    assert missed == []
    opening.repair_firm(session.location.replace(f"//{ADMIN}@", f"//{OWNER}@"))
    left = unsound(session)["rules"]
    assert [line.partition(" ")[2].partition(" is ")[0] for line in left.splitlines()] == [
        "column email (team_member)",
        "column status (client)",
        "constraint CHECK (status) active, gone, inactive (client)",
    ]


def test_a_rule_that_an_earlier_build_made_is_told_and_set_right(session: Session, owner: Any) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    if on_server(session.location):
        ((made,),) = owner.execute("SELECT pg_get_functiondef('clientdesk.me()'::regprocedure)").fetchall()
        owner.execute(made.replace("active = 1", "active <> 0"))
        name = "The function me()"
    else:
        of_trigger = "SELECT sql FROM sqlite_schema WHERE name = 'client_bounds_insert'"
        ((made,),) = owner.execute(of_trigger).fetchall()
        owner.execute("DROP TRIGGER client_bounds_insert")
        owner.execute(made.replace("WHEN NOT (", "WHEN NOT (1 AND ", 1))
        name = "The trigger client_bounds_insert (client)"
    clients.edit(session, client, {"city": "Lugo"})
    assert unsound(session) == {
        "rules": f"{name} is not as this clientdesk makes it: an earlier build of it made it, or another program. "
        "“clientdesk firm upgrade --repair” sets it right.\n"
    }
    opening.repair_firm(session.location.replace(f"//{ADMIN}@", f"//{OWNER}@"))
    assert unsound(session) == {}
    assert clients.edit(session, clients.get(session, client.id), {"city": "Vigo"}).values["city"] == "Vigo"


@on_a_file
def test_a_file_is_repaired_after_a_backup(session: Session, owner: Any) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    for statement in (
        "DROP TRIGGER client_history_update",
        "DROP INDEX client_by_name",
        "DROP INDEX client_number_key",
        "CREATE INDEX client_number_key ON client (number_key)",
        "CREATE TRIGGER loud AFTER UPDATE ON client BEGIN SELECT 1; END",
        "CREATE VIEW mine AS SELECT * FROM client",
    ):
        owner.execute(statement)
    assert list(unsound(session)) == ["rules"]
    repaired = opening.repair_firm(session.location)
    assert unsound(session) == {}
    with opening.open_firm(repaired.backup, ADMIN) as before:
        assert clients.totals(before).all == 1
        assert "client_by_name" in unsound(before)["rules"]


@on_a_file
@pytest.mark.parametrize("table", [*ENTITIES, "history", "change_set", "arrival"])
def test_no_row_takes_the_place_of_another_one(full: Session, table: str) -> None:
    """INSERT OR REPLACE deletes without asking the triggers of deleting."""
    with bare(full.location) as other:
        other.execute("BEGIN")
        other.execute("INSERT INTO change_set (at, actor_id, kind, operation) VALUES ('', 1, 'client.edited', 'o')")
        if table == "arrival":
            row = "SELECT 1, max(id), 'L1', 'f', 'Sur', '', '[]', NULL, NULL FROM change_set"
            other.execute(f"INSERT INTO arrival {row}")
        before = other.execute(f"SELECT * FROM {table}").fetchall()
        for statement in (
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} ORDER BY 1 LIMIT 1",
            f"REPLACE INTO {table} SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1",
        ):
            with pytest.raises(Exception, match=r"clientdesk: |no such function: clientdesk_access"):
                other.execute(statement)
        assert other.execute(f"SELECT * FROM {table}").fetchall() == before
        other.execute("ROLLBACK")


# --- a write whose history is not written


def test_a_write_without_its_history_is_refused(full: Session) -> None:
    """Each trigger that writes the history is taken away, and each use case that needs it is tried."""

    def member() -> None:
        bob = team.member_by_key(full, "bob")
        team.save_member(full, bob, {"email": "b@norte.es"})

    def edit() -> None:
        client = clients.by_key(full, "C-1")
        clients.edit(full, client, {"city": "Lugo"})

    def delete() -> None:
        client = clients.by_key(full, "C-2")
        clients.delete(full, client)

    cases: dict[str, list[Any]] = {
        "client_history_update": [
            edit,
            lambda: clients.set_status(full, [1, 2], False),
            lambda: pricing_plan.put_on_plan(full, 1, "plus"),
        ],
        "client_history_insert": [
            lambda: clients.add(full, {"display_name": "New"}),
            lambda: add_many(full, [{"display_name": f"New {n}"} for n in range(300)]),
        ],
        "client_history_delete": [delete],
        "team_member_history_update": [member],
        "team_member_history_insert": [lambda: team.add_member(full, "Eve", "", "eve", Access.BASIC)],
        "firm_history_update": [
            lambda: firm_settings.save(full, full.firm, {"name": "Otra"}),
            lambda: (
                team.deactivate_member(full, 2)
                if full.firm.offered_to
                else firm_settings.save(full, full.firm, {"upload_limit": "no"})
            ),
        ],
        "client_type_history_insert": [lambda: client_types.add_type(full, "Otro")],
        "client_type_history_update": [
            lambda: client_types.rename_type(
                full, next(client_type for client_type in client_types.all_types(full) if client_type.id == 3), "Otro"
            )
        ],
        "client_type_history_delete": [lambda: client_types.remove_type(full, 4)],
    }
    before = history.of_firm(full), _rows(full)
    for trigger, writes in cases.items():
        table = trigger.partition("_history")[0]
        with bare(full.location, OWNER) as owner:
            if on_server(full.location):
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
            else:
                ((sql,),) = owner.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (trigger,)).fetchall()
                owner.execute(f"DROP TRIGGER {trigger}")
            for write in writes:
                with pytest.raises(FirmUnusable) as refusal:
                    write()
                assert refusal.value.code == "history_unwritten", trigger
                assert "clientdesk check" in refusal.value.message
                assert (history.of_firm(full), _rows(full)) == before
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}" if on_server(full.location) else sql)
    # What is written as it was needs no history, and is no failure.
    assert firm_settings.save(full, full.firm, {"client_notice": "500"}).client_notice == 500
    edit()
    assert unsound(full) == {}


def _rows(session: Session) -> list[Any]:
    key = {name: ", ".join(entity.identity) for name, entity in ENTITIES.items()}
    return [session.engine.sql(f"SELECT * FROM {table} ORDER BY {key[table]}").fetchall() for table in ENTITIES]


@on_a_server
def test_a_write_that_nobody_would_seal_is_refused(full: Session, owner: Any) -> None:
    owner.execute("ALTER TABLE change_set DISABLE TRIGGER seal")
    with pytest.raises(FirmUnusable) as refusal:
        clients.add(full, {"display_name": "New"})
    assert refusal.value.code == "history_unwritten"
    owner.execute("ALTER TABLE change_set ENABLE TRIGGER seal")
    assert clients.add(full, {"display_name": "New"}).active


# --- refusals that are no findings


@on_a_file
def test_check_does_not_take_a_refusal_for_damage(full: Session) -> None:
    with someone_writes(full), pytest.raises(FirmUnusable) as refusal:
        checking.check_firm(full)
    assert refusal.value.code == "locked"
    full.engine.sql("PRAGMA query_only = 1")
    with pytest.raises(FirmUnusable) as refusal:
        checking.check_firm(full)
    assert refusal.value.code == "read_only"
    full.engine.sql("PRAGMA query_only = 0")
    assert unsound(full) == {}


@on_a_server
def test_a_server_is_checked_while_others_write(full: Session) -> None:
    with someone_writes(full):
        assert unsound(full) == {}

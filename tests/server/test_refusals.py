"""What the server refuses, whatever program connects: role x statement, with bare psycopg and no code of ours."""

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from clientdesk.desk import checking, history, opening
from clientdesk.desk.session import Session
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.entities import ENTITIES
from tests.server.machinery import MACHINERY
from tests.server.people import ROLES, Firm, attacked
from tests.server.statements import ALLOWED, EVERYBODY, IN, LOGINS, REFUSED, Try
from tests.servers import Server

pytestmark = pytest.mark.thorough("servers")

GROUPS = ("clientdesk_primary_admin", "clientdesk_full", "clientdesk_basic")
_EDIT = "UPDATE client SET notes = '{}', version = version + 1 WHERE id = 1"


def sound(session: Session) -> bool:
    """Whether `check` finds nothing but the sort keys and search texts, also of who was deleted with them, and what follows
    from work, which bare SQL leaves as they were."""
    left = ("keys", "missing", "work")
    return all(finding.sound for finding in checking.check_firm(session) if finding.name not in left)


@pytest.fixture(scope="module")
def firm(server: Server) -> Iterator[Firm]:
    """A firm on which everybody tries everything; nothing they try may stay."""
    firm = Firm.make(server)
    yield firm
    firm.drop()


@pytest.fixture
def own(firm: Firm) -> Iterator[Firm]:
    """A firm of a test's own, whose rows may change."""
    own = firm.copy()
    yield own
    own.drop()


def tried_by(what: Try) -> tuple[str, ...]:
    """The roles that try a statement: the owner too, where more than grants stand in the way."""
    return (*EVERYBODY, "owner") if what.guard in ("trigger", "both") else EVERYBODY


@pytest.mark.parametrize("what", [*ALLOWED, *REFUSED, *MACHINERY], ids=lambda what: what.name)
def test_who_may_and_who_may_not(firm: Firm, what: Try) -> None:
    before, firm.seen = firm.seen or firm.state(), {}
    assert [said for role in tried_by(what) if (said := firm.complaint(role, what))] == []
    firm.seen = firm.state()
    assert {name: value for name, value in firm.seen.items() if before[name] != value} == {}
    assert not attacked()


_GUARDED = (
    *ENTITIES,
    "import_run",
    "import_refusal",
    "import_mapping",
    "arrival",
    "id_counter",
)
_UNCHECKED = """
DO $$ DECLARE each record; BEGIN FOR each IN
    SELECT conrelid::regclass AS place, conname FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'clientdesk'::regnamespace
LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', each.place, each.conname); END LOOP;
FOR each IN SELECT tgrelid::regclass AS place, tgname FROM pg_trigger WHERE starts_with(tgname::text, 'bounds_of_')
LOOP EXECUTE format('DROP TRIGGER %I ON %s', each.tgname, each.place); END LOOP; END $$
"""
WRONG = {
    "trigger": [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in _GUARDED],
    "grant": [
        f"GRANT ALL ON ALL {kind} IN SCHEMA clientdesk TO clientdesk_basic"
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS")
    ],
    "check": [_UNCHECKED],
}
"""How to build a server wrongly, by what is missing then."""
WRONG["both"] = [*WRONG["trigger"], *WRONG["grant"]]


@pytest.mark.long("servers")
@pytest.mark.parametrize("guard", list(WRONG))
def test_on_a_server_built_wrongly_the_same_look_finds_every_hole(firm: Firm, guard: str) -> None:
    wrong = firm.copy(*WRONG[guard])
    try:
        for what in (*REFUSED, *MACHINERY):
            if what.guard == guard or (guard == "both" and what.guard in ("trigger", "grant")):
                assert any(wrong.complaint(role, what) for role in LOGINS), f"{what.name} is refused all the same"
    finally:
        wrong.drop()


# --- what may be done is done, under one's own name


def _newest(firm: Firm) -> tuple[Any, ...] | None:
    connection = firm.connection("root")
    row = connection.execute(
        "SELECT m.login, s.kind, s.note, s.seal, h.entity, h.operation, h.old, h.new FROM clientdesk.history h"
        " JOIN clientdesk.change_set s ON s.id = h.change_set_id JOIN clientdesk.team_member m ON m.id = s.actor_id"
        " ORDER BY h.id DESC LIMIT 1"
    ).fetchone()
    connection.rollback()
    return row


@pytest.mark.parametrize("prelude", ["", "SET ROLE clientdesk_full; ", "SET ROLE clientdesk_basic; RESET ROLE; "])
def test_the_history_names_who_logged_in(own: Firm, prelude: str) -> None:
    for role in ("admin", "full", "offered", "misplaced"):
        connection = own.connection(role)
        connection.execute((prelude + IN + _EDIT.format(role) + "; SELECT note_change('why')").encode())
        connection.commit()
        row = _newest(own)
        assert row is not None
        assert row[:3] == (ROLES[role][0], "client.edited", "why")
        assert row[4:6] == ("client", "update")
        assert row[7] == f'{{"notes":"{role}"}}'
    with opening.open_firm(own.server.url(own.database, "ana")) as session:
        assert sound(session)
        assert len(history.of_client(session, 1)) == 5


def test_a_change_set_of_nothing_leaves_nothing(own: Firm) -> None:
    before = own.state()
    for role in ("admin", "full", "basic"):
        for sql in (IN, f"{IN}SET CONSTRAINTS ALL IMMEDIATE", f"{IN}SET CONSTRAINTS ALL IMMEDIATE; {IN}"):
            connection = own.connection(role)
            connection.execute(sql.encode())
            connection.commit()
    assert own.state() == before


@pytest.mark.parametrize(
    "games",
    [
        f"{IN}{_EDIT.format(1)}; SAVEPOINT a; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK TO a; {_EDIT.format(2)}",
        f"{IN}{_EDIT.format(1)}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; {IN}{_EDIT.format(2)}",
        f"SAVEPOINT a; {IN}{_EDIT.format(0)}; ROLLBACK TO a; {IN}{_EDIT.format(1)}; {_EDIT.format(2)}",
        f"SET CONSTRAINTS seal DEFERRED; {IN}{_EDIT.format(1)}; {_EDIT.format(2)}",
        f"SET plpgsql.variable_conflict = use_column; {IN}{_EDIT.format(1)}; SELECT note_change('x'); {_EDIT.format(2)}",
        "SET standard_conforming_strings = off; SET transform_null_equals = on; SET datestyle = 'German'; SET timezone ="
        f" 'Asia/Tokyo'; SET enable_indexscan = off; {IN}{_EDIT.format(1)}; {_EDIT.format(2)}",
    ],
)
def test_no_game_leaves_a_change_unsealed_or_breaks_the_chain(own: Firm, games: str) -> None:
    connection = own.connection("full")
    connection.execute(games.encode())
    connection.commit()
    row = _newest(own)
    assert row is not None
    assert (row[0], row[7]) == ("rosa", '{"notes":"2"}')
    root = own.connection("root")
    assert root.execute("SELECT count(*) FROM clientdesk.change_set WHERE seal IS NULL").fetchone() == (0,)
    with opening.open_firm(own.server.url(own.database, "ana")) as session:
        assert sound(session)


def test_a_look_from_before_does_not_undo_what_was_decided_since(own: Firm) -> None:
    """Whoever looked before the role was handed over makes nobody inactive who has it now."""
    late, taker = own.connection("full"), own.connection("offered")
    late.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    late.execute("SELECT count(*) FROM firm")
    taker.execute(f"{IN}UPDATE firm SET primary_admin_id = 3, offered_to_id = NULL, version = version + 1".encode())
    taker.commit()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        late.execute(f"{IN}UPDATE team_member SET active = 0, version = version + 1 WHERE id = 3".encode())
    late.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="always an active primary admin"):
        late.execute(f"{IN}UPDATE team_member SET active = 0, version = version + 1 WHERE id = 3".encode())


SHADOWS = """
CREATE FUNCTION public.me() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION public.my_access() RETURNS text LANGUAGE sql AS $$SELECT 'primary_admin'::text$$;
CREATE FUNCTION public.now_text() RETURNS text LANGUAGE sql AS $$SELECT 'yesterday'::text$$;
CREATE FUNCTION public.open_change() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION public.quote(text) RETURNS text LANGUAGE sql AS $$SELECT 'x'::text$$;
CREATE FUNCTION public.replace(text, text, text) RETURNS text LANGUAGE sql AS $$SELECT 'x'::text$$;
CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE sql AS $$SELECT$$;
CREATE FUNCTION public.take_turn() RETURNS void LANGUAGE sql AS $$SELECT$$;
CREATE FUNCTION public.yes(text, name) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION public.no(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = name, FUNCTION = public.yes);
CREATE OPERATOR public.<> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = public.no);
CREATE TEMPORARY TABLE firm AS SELECT id, name, 2::bigint AS primary_admin_id, 2::bigint AS offered_to_id FROM clientdesk.firm;
CREATE TEMPORARY TABLE team_member AS SELECT 2::bigint AS id, session_user::text AS login, 1 AS active, 'full'::text AS access;
CREATE TEMPORARY TABLE history AS SELECT * FROM clientdesk.history WHERE false;
CREATE TEMPORARY TABLE change_set AS SELECT * FROM clientdesk.change_set WHERE false;
INSERT INTO change_set (id, at, actor_id, kind) VALUES (99, 'now', 1, 'client.edited');
SET search_path = pg_temp, public, clientdesk, pg_catalog;
"""
"""All that the functions of the schema use, once more, in places that are looked at first."""


def test_nothing_that_stands_in_front_is_taken_for_the_real_thing(own: Firm) -> None:
    # Where others may create something: a server that was once of version 14, or an owner who gave more than was asked.
    lax = own.copy("GRANT CREATE ON SCHEMA public TO PUBLIC")
    try:
        with lax.server.connect(lax.database) as root:
            root.execute(f"GRANT TEMPORARY ON DATABASE {lax.database} TO PUBLIC")
        connection = lax.connection("full")
        connection.execute(SHADOWS.encode())
        connection.commit()
        for sql, state in (
            ("DELETE FROM clientdesk.client WHERE id = 1", "42501"),
            ("UPDATE clientdesk.client SET notes = 'x' WHERE id = 1", "40001"),
            ("UPDATE clientdesk.firm SET primary_admin_id = 2, version = 3", "42501"),
            ("UPDATE clientdesk.team_member SET login = 'x', version = 2 WHERE id = 1", "42501"),
            ("UPDATE clientdesk.client SET company_id = 'x', version = 2 WHERE id = 1", "42501"),
        ):
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(f"SELECT clientdesk.begin_change('client.edited'); {sql}".encode())
            connection.rollback()
            assert caught.value.sqlstate == state, sql
        with pytest.raises(psycopg.Error) as caught:  # it opens no change set by having one of its own
            connection.execute("UPDATE clientdesk.client SET notes = 'x', version = 2 WHERE id = 1")
        connection.rollback()
        assert caught.value.sqlstate == "42501"
        connection.execute(
            b"SELECT clientdesk.begin_change('client.edited');"
            b"UPDATE clientdesk.client SET notes = 'it''s', version = 2 WHERE id = 1; SELECT clientdesk.note_change('it''s')"
        )
        connection.commit()
        row = _newest(lax)
        assert row is not None
        assert (row[0], row[2], row[7]) == ("rosa", "it's", '{"notes":"it\'s"}')
        stranger = lax.connection("stranger")
        stranger.execute(SHADOWS.replace("public", "pg_temp").encode().replace(b"pg_temp, pg_temp", b"pg_temp"))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.execute("SELECT clientdesk.begin_change('client.edited')")
        with lax.server.connect(lax.database) as root:
            root.execute(f"REVOKE TEMPORARY ON DATABASE {lax.database} FROM PUBLIC")
        with opening.open_firm(lax.server.url(lax.database, "ana")) as session:
            assert sound(session)
    finally:
        lax.drop()


def test_functions_of_the_schema_look_nowhere_else_and_serve_nobody_by_default(firm: Firm) -> None:
    root = firm.connection("root")
    rows = root.execute(
        "SELECT p.proname, p.prosecdef, p.proconfig, has_function_privilege('nil', p.oid, 'EXECUTE'), o.rolname"
        " FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner WHERE p.pronamespace = 'clientdesk'::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    ).fetchall()
    root.rollback()
    assert len(rows) > 20
    for name, definer, settings, anybody, owner in rows:
        assert not anybody, name
        assert owner == ROLES["owner"][0], name
        assert not definer or settings == ["search_path=clientdesk, pg_temp"], name


# --- roles


def test_no_role_of_ours_has_more_rights_than_it_needs(firm: Firm) -> None:
    root = firm.connection("root")
    mighty = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
    rows = root.execute(f"SELECT rolname, {mighty}, rolcanlogin FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)'")
    roles = {name: (strong, login) for name, strong, login in rows.fetchall()}
    root.rollback()
    assert {name for name, (strong, _login) in roles.items() if strong} == set()
    assert all(roles[name] == (False, False) for name in GROUPS)
    assert all(roles[login] == (False, True) for login, _group in ROLES.values())
    for role in ("admin", "full", "basic"):
        with opening.open_firm(firm.server.url(firm.database, ROLES[role][0])) as session:
            assert {finding.name: finding.sound for finding in checking.check_firm(session)}["rights"]


@pytest.mark.long("servers")
def test_an_owner_who_may_make_no_roles_is_told_what_an_administrator_runs() -> None:
    server = Server()
    try:
        server.run_as_superuser("postgres", f"DROP ROLE {', '.join(GROUPS)}")
        url = server.url(server.create_database())
        with pytest.raises(FirmUnusable) as caught:
            opening.make_firm(url, "Norte SL", "Ana García", "ana")
        assert caught.value.code == "roles_missing"
        sql = str(caught.value.problems[0].values["sql"])
        assert sql in caught.value.message
        with server.connect("postgres") as root:
            assert root.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'clientdesk%'").fetchone() == (0,)
            root.execute(sql.encode())
        grants = opening.make_firm(url, "Norte SL", "Ana García", "ana")
        with server.connect("postgres") as root:
            root.execute(("CREATE ROLE ana LOGIN;" + grants).encode())
        with opening.open_firm(url.replace("firm_owner", "ana")) as session:
            assert session.firm.name == "Norte SL"
            assert sound(session)
    finally:
        server.close()


def test_the_sql_by_hand_makes_the_same_rules(firm: Firm, server: Server) -> None:
    database = server.create_database()
    try:
        with psycopg.connect(server.url(database), autocommit=True) as connection:
            script = opening.creation_sql("Norte SL", "Ana García", "ana")
            connection.execute(script.rpartition("COMMIT;")[0].encode() + b"COMMIT;")
        rules = {name: _rules(server, name) for name in (database, firm.database)}
        assert rules[database] == rules[firm.database]
    finally:
        server.drop_database(database)


def _rules(server: Server, database: str) -> str:
    """A checksum of functions, triggers, constraints and rights of a firm."""
    with server.connect(database) as root:
        rows = root.execute(
            "SELECT concat(proname, prosrc, proacl, proconfig, prosecdef) FROM pg_proc"
            " WHERE pronamespace = 'clientdesk'::regnamespace"
            " UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT concat(conname, conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint"
            " WHERE connamespace = 'clientdesk'::regnamespace"
            " UNION ALL SELECT concat(relname, relacl) FROM pg_class WHERE relnamespace = 'clientdesk'::regnamespace"
            " UNION ALL SELECT concat(attrelid::regclass, attname, attacl) FROM pg_attribute WHERE attacl IS NOT NULL"
            " UNION ALL SELECT concat(nspname, nspacl) FROM pg_namespace WHERE nspname IN ('clientdesk', 'public')"
            " ORDER BY 1"
        ).fetchall()
    return hashlib.sha256("\n".join(str(text) for (text,) in rows).encode()).hexdigest()

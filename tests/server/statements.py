"""What people with a login and psql may try on a firm's server: the statements, who may, and what the others are told.

The firm they try it on is made by tests.server.people.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

FORBIDDEN = "42501"
STALE = "40001"
CHECK = "23514"
NOT_JSON = "22P02"
NOTHING = ""
"""In place of an SQLSTATE: the statement is obeyed, and changes nothing at all."""

WRITERS = ("admin", "full", "offered", "misplaced")
"""The roles who are active team members with full access, whatever group their login has besides."""
MEMBERS = (*WRITERS, "basic")
LOGINS = (*MEMBERS, "inactive", "stranger")
"""All roles whose login is in a group."""
EVERYBODY = (*LOGINS, "nobody")


class Try(NamedTuple):
    """A statement: who may run it, and the SQLSTATE that the other writers get, or others by role.

    Whoever is not named gets "42501". `guard` says what refuses it: "grant" if grants alone do it, "trigger" if
    triggers alone do it, "both" if each of them does it, "check" for a constraint, "server" for what PostgreSQL or a
    function refuses whatever triggers and grants there are.
    """

    name: str
    sql: str
    guard: str
    may: tuple[str, ...] = ()
    state: str = FORBIDDEN
    states: Mapping[str, str] = {}


IN = "SELECT begin_change('client.edited'); "
"""What a write stands in."""
_NEW = (
    "(id, company_id, display_name, number_sort, display_name_sort, search_text)"
    " VALUES (next_ids('client', 1), 'L9', 'N', '~', 'n', 'n')"
)
_TYPE = "INSERT INTO client_type (id, name, name_key) VALUES (next_ids('client_type', 1), 'X', 'x')"
_VIEW = "INSERT INTO view (id, name, name_key, content) VALUES (next_ids('view', 1), 'X', 'x', '{\"version\": 1}')"
_MEMBER = (
    "INSERT INTO team_member (id, name, name_key, login, access)"
    " VALUES (next_ids('team_member', 1), 'X', 'x', 'x', '{}')"
)
_UP = "version = version + 1"
_RUN = (
    "INSERT INTO import_run (id, actor_id, kind, file, total) VALUES (next_ids('import_run', 1), {}, 'numbers', 'f', 1)"
)
_REFUSE = "INSERT INTO import_refusal (run_id, place, line, cells, problem) VALUES"
_COMING = "INSERT INTO arrival (client_id, change_set_id, company_id, from_uid, from_firm, state, entries)"
_ARRIVES = _COMING + " SELECT {}, max(id), '{}', 'uid', 'Elsewhere', 's', '[]' FROM change_set"

_BEGIN = "INSERT INTO work (client_id, template_id, period) VALUES"
_BEGIN_DUE = "INSERT INTO work (client_id, template_id, period, due) VALUES"

ALLOWED = (
    Try("look", "SELECT * FROM client", "grant", LOGINS),
    Try("look at the history", "SELECT * FROM history", "grant", LOGINS),
    Try("edit", f"{IN}UPDATE client SET notes = 'x', {_UP} WHERE id = 1", "both", WRITERS),
    Try("deactivate", f"{IN}UPDATE client SET status = 'inactive', {_UP} WHERE id = 1", "both", WRITERS),
    Try("add", f"{IN}INSERT INTO client {_NEW}", "both", WRITERS),
    Try(
        "an arrival",
        f"{IN}INSERT INTO client {_NEW}; " + _ARRIVES.format("(SELECT max(id) FROM client)", "L9"),
        "both",
        WRITERS,
    ),
    Try("delete", f"{IN}DELETE FROM client WHERE id = 1", "both", ("admin",)),
    Try("add a type", f"{IN}{_TYPE}", "both", WRITERS),
    Try("add a view", f"{IN}{_VIEW}", "both", WRITERS),
    Try("rename a view", f"{IN}{_VIEW}; UPDATE view SET name = 'Y', {_UP}", "both", WRITERS),
    Try("delete a view", f"{IN}{_VIEW}; DELETE FROM view", "both", WRITERS),
    Try("rename a type", f"{IN}UPDATE client_type SET name = 'X', name_key = 'x', {_UP} WHERE id = 4", "both", WRITERS),
    Try("remove a type", f"{IN}DELETE FROM client_type WHERE id = 4", "both", WRITERS),
    Try(
        "add a member",
        IN + _MEMBER.format("basic"),
        "both",
        WRITERS,
    ),
    Try("a member's e-mail", f"{IN}UPDATE team_member SET email = 'a@b.es', {_UP} WHERE id = 4", "both", WRITERS),
    Try("a member inactive", f"{IN}UPDATE team_member SET active = 0, {_UP} WHERE id = 4", "both", WRITERS),
    Try("the admin's e-mail", f"{IN}UPDATE team_member SET email = 'a@b.es', {_UP} WHERE id = 1", "both", ("admin",)),
    Try("the firm's name", f"{IN}UPDATE firm SET name = 'X', {_UP}", "both", WRITERS),
    Try("withdraw an offer", f"{IN}UPDATE firm SET offered_to_id = NULL, {_UP}", "both", WRITERS),
    Try("offer the role", f"{IN}UPDATE firm SET offered_to_id = 2, {_UP}", "both", ("admin",)),
    Try(
        "accept the role",
        f"{IN}UPDATE firm SET primary_admin_id = me(), offered_to_id = NULL, {_UP}",
        "both",
        ("offered", "admin"),  # who has the role already takes the offer back by this
    ),
    Try("note an import", _RUN.format("me()"), "both", WRITERS),
    Try("a run's counts", "UPDATE import_run SET added = 1, state = 'done'", "both", WRITERS),
    Try("a refused row", f"{_REFUSE} (1, 2, 2, '[]', '[]')", "both", WRITERS),
    Try(
        "a refused row tried again",
        "UPDATE import_refusal SET verdict = 'new', retried_by = me()",
        "both",
        WRITERS,
    ),
    Try("keep a mapping", "INSERT INTO import_mapping VALUES ('x', 'X', '{}')", "both", WRITERS),
    Try(
        "keep a setting",
        "SELECT keep_setting('columns', '[]')",
        "server",
        MEMBERS,
        states={"inactive": "23502", "stranger": "23502"},
    ),
    Try("reserve ids", "SELECT next_ids('client', 2)", "both", WRITERS),
    Try("take the turn to write", "SELECT take_turn()", "grant", LOGINS),
    Try(
        "request a hand-over", f"{IN}UPDATE client SET primary_admin = 'requested', {_UP} WHERE id = 3", "both", WRITERS
    ),
    *(
        Try(
            f"a hand-over that is {end}",
            f"{IN}UPDATE client SET primary_admin = 'requested', {_UP} WHERE id = 3;"
            f" UPDATE client SET primary_admin = '{to}', {_UP} WHERE id = 3",
            "both",
            WRITERS,
        )
        for end, to in (("accepted", "client"), ("taken back", "firm"))
    ),
    Try("an import away that cannot be read", "DELETE FROM import_refusal; DELETE FROM import_run", "both", ("admin",)),
    Try("begin work", f"{IN}{_BEGIN} (2, 1, '2026-07')", "both", MEMBERS),
    Try("how far work is", f"{IN}UPDATE work SET state = 2, note = 'x', {_UP}", "both", MEMBERS),
    Try("begin work with another due date", f"{IN}{_BEGIN_DUE} (2, 1, '2026-07', '2026-08-01')", "both", WRITERS),
    Try("when work is due", f"{IN}UPDATE work SET due = '2026-08-01', {_UP}", "both", WRITERS),
    Try("who does work", f"{IN}UPDATE work SET who1_id = 1, {_UP}", "both", WRITERS),
    Try("tick", f"{IN}UPDATE work_item SET state = 'done', by_id = me(), {_UP}", "both", MEMBERS),
    Try("work away", f"{IN}DELETE FROM work_item; DELETE FROM work", "both", ("admin",)),
    Try("what follows from work", "UPDATE client_work SET open_items = 0", "both", MEMBERS),
    Try(
        "that it is made anew",
        "INSERT INTO work_renewal VALUES (1, 1, '2026-08-03T09:00:00.000+00:00', 0, 0)",
        "both",
        WRITERS,
    ),
    Try("rename a template", f"{IN}UPDATE template SET name = 'X', name_key = 'x', {_UP}", "both", WRITERS),
    Try("take a group's role", "SET ROLE clientdesk_basic", "server", LOGINS),
    Try("the admin's group", "SET ROLE clientdesk_primary_admin", "server", ("admin", "misplaced")),
)

_WITH_ID = "INSERT INTO client " + _NEW.replace("next_ids('client', 1)", "{}")

_OUTSIDE = {
    "add a client": f"INSERT INTO client {_NEW}",
    "edit a client": f"UPDATE client SET notes = 'x', {_UP} WHERE id = 1",
    "edit what is derived": f"UPDATE client SET search_text = '', {_UP} WHERE id = 1",
    "delete a client": "DELETE FROM client WHERE id = 1",
    "copy clients in": f"WITH x AS (INSERT INTO client {_NEW} RETURNING 1) SELECT * FROM x",
    "merge": "MERGE INTO client USING firm ON true WHEN MATCHED THEN UPDATE SET notes = 'x', version = client.version + 1",
    "add a type": _TYPE,
    "add a view": _VIEW,
    "rename a type": f"UPDATE client_type SET name = 'X', {_UP} WHERE id = 4",
    "remove a type": "DELETE FROM client_type WHERE id = 4",
    "add a member": _MEMBER.format("full"),
    "edit a member": f"UPDATE team_member SET email = 'x', {_UP} WHERE id = 4",
    "edit the firm": f"UPDATE firm SET name = 'X', {_UP}",
    "count the firm's version up": f"UPDATE firm SET {_UP}",
}
_BLIND = {
    "client": "notes = 'x'",
    "team_member": "email = 'x'",
    "client_type": "name = 'X'",
    "firm": "name = 'X'",
}
_VERSIONS = ("", ", version = version", ", version = version + 2", ", version = version - 1", ", version = 1")
_BLIND_WRITES = [
    Try(f"{table}{version}", f"{IN}UPDATE {table} SET {change}{version} WHERE {key}", "trigger", state=STALE)
    for table, change in _BLIND.items()
    for version in _VERSIONS
    for key in [f"id = {4 if table in ('team_member', 'client_type') else 1}"]
]
_CHANGE_SETS = (
    *(Try(f"outside: {name}", sql, "trigger") for name, sql in _OUTSIDE.items()),
    Try("two at once", f"{IN}{IN}", "server", states={"basic": FORBIDDEN}),
    Try("after the seal", f"{IN}SET CONSTRAINTS ALL IMMEDIATE; {_OUTSIDE['edit a client']}", "trigger"),
    Try(
        "after a real seal",
        f"{IN}{_OUTSIDE['edit a client']}; SET CONSTRAINTS ALL IMMEDIATE; UPDATE client SET notes = 'y', {_UP}",
        "trigger",
    ),
    Try("sealed at once", f"SET CONSTRAINTS ALL IMMEDIATE; {IN}{_OUTSIDE['edit a client']}", "trigger"),
    Try("no trace", f"{IN}{_OUTSIDE['edit what is derived']}", "trigger"),
    Try("no trace, twice", f"{IN}{_OUTSIDE['edit what is derived']}; {_OUTSIDE['edit what is derived']}", "trigger"),
    Try("no trace in the firm", f"{IN}{_OUTSIDE[list(_OUTSIDE)[-1]]}", "trigger"),
    Try("an old look", f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {IN}", "server"),
    Try("an old look, too", f"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; {IN}", "server"),
    Try(
        "an old look without a change set",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; "
        + _RUN.format("me()").replace("next_ids('import_run', 1)", "0"),
        "trigger",
    ),
    Try("a kind of its own", "SELECT begin_change('Client Edited')", "server", state=CHECK, states={"basic": CHECK}),
    Try(
        "an operation once more",
        "SELECT begin_change('a.b', 'taken')",
        "server",
        state="23505",
        states={"basic": "23505"},
    ),
    Try("a note on what is sealed", "SELECT note_change('x')", "server"),
    Try("a second note", f"{IN}SELECT note_change('x'); SELECT note_change('y')", "server"),
    Try("no note", f"{IN}SELECT note_change('')", "server"),
)
_HISTORY = (
    *(
        Try(f"{table}: {what}", sql, "grant")
        for table, what, sql in [
            (
                "history",
                "add",
                "INSERT INTO history (id, change_set_id, entity, key, operation) VALUES (99, 1, 'x', '1', 'insert')",
            ),
            ("history", "add in a change", f"{IN}INSERT INTO history SELECT * FROM history"),
            ("history", "change", "UPDATE history SET new = '{}'"),
            ("history", "delete", "DELETE FROM history"),
            ("history", "truncate", "TRUNCATE history"),
            ("change_set", "add", "INSERT INTO change_set (id, at, actor_id, kind) VALUES (99, 't', 1, 'a.b')"),
            ("change_set", "another actor", "UPDATE change_set SET actor_id = 1"),
            (
                "change_set",
                "another actor of an open one",
                f"{IN}UPDATE change_set SET actor_id = 1 WHERE seal IS NULL",
            ),
            ("change_set", "another time", "UPDATE change_set SET at = 'yesterday'"),
            ("change_set", "seal by hand", f"{IN}UPDATE change_set SET seal = 'x' WHERE seal IS NULL"),
            ("change_set", "delete", "DELETE FROM change_set"),
            ("arrival", "change", "UPDATE arrival SET from_firm = 'X'"),
            ("arrival", "delete", "DELETE FROM arrival"),
        ]
    ),
    Try("arrival: outside", _ARRIVES.format(1, "L1"), "trigger"),
    Try("arrival: in an old change set", f"{IN}{_COMING} VALUES (1, 1, 'L1', 'u', 'f', 's', '[]')", "trigger"),
    Try("arrival: of who is there", IN + _ARRIVES.format(1, "L1"), "trigger"),
    Try("arrival: of nobody", IN + _ARRIVES.format(99, "L9"), "trigger"),
    Try(
        "arrival: under another Company ID",
        f"{IN}INSERT INTO client {_NEW}; " + _ARRIVES.format("(SELECT max(id) FROM client)", "L1"),
        "trigger",
    ),
)
_CLIENTS = (
    Try("delete who is on the plan", f"{IN}DELETE FROM client WHERE id = 2", "trigger"),
    Try("delete who has no admin", f"{IN}DELETE FROM client WHERE id = 3", "trigger"),
    Try("delete all", f"{IN}DELETE FROM client", "trigger"),
    Try("truncate", "TRUNCATE client", "grant"),
    Try("truncate all", "TRUNCATE client CASCADE", "grant"),
    Try("another Company ID", f"{IN}UPDATE client SET company_id = 'L5', {_UP} WHERE id = 1", "both"),
    Try("work of another period", f"{IN}UPDATE work SET period = '2026-08', {_UP}", "both"),
    Try("another id", f"{IN}UPDATE client SET id = 50, {_UP} WHERE id = 1", "both"),
    *(
        Try(f"an id that {what}", IN + _WITH_ID.format(value), "trigger")
        for what, value in (("nobody has reserved", 99), ("is none", 0), ("a client that is gone had", 4))
    ),
    Try(
        "a number of an import that nobody has reserved",
        _RUN.format("me()").replace("next_ids('import_run', 1)", "9"),
        "trigger",
    ),
    Try("rows of one's own", f"{IN}INSERT INTO client SELECT * FROM client", "grant"),
    Try(
        "a version of one's own",
        f"{IN}INSERT INTO client (id, version, company_id) VALUES (next_ids('client', 1), 9, 'L9')",
        "grant",
    ),
    Try("count ids back", "UPDATE id_counter SET next = 1", "both"),
    Try("count no ids any more", "DELETE FROM id_counter", "both"),
    *(
        Try(f"{what} ids", f"SELECT next_ids({of})", "server")
        for what, of in (
            ("too many", "'client', 10000001"),
            ("no", "'client', 0"),
            ("used", "'client', -1"),
            ("the firm's", "'firm', 1"),
            ("unknown", "'x', 1"),
        )
    ),
    *(
        Try(f"a job of {whose}", f"SELECT begin_change('a.b', 'x', {job})", "server", may)
        for whose, job, may in (
            ("nobody's", 99, ()),
            ("no number", 0, ()),
            ("another's", 1, ("admin",)),
        )
    ),
    Try(
        "to undo what was never done",
        "SELECT begin_change('a.b', 'x', NULL, 99)",
        "server",
        state=CHECK,
        states={"basic": CHECK},
    ),
    Try(
        "one number twice",
        f"{IN}UPDATE client SET number_key = 'c1', client_number = 'C1', {_UP} WHERE id = 2",
        "server",
        state="23505",
    ),
    Try(
        "a type that is not there",
        f"{IN}UPDATE client SET client_type_id = 99, {_UP} WHERE id = 1",
        "server",
        state="23503",
    ),
    Try("remove a type that is used", f"{IN}DELETE FROM client_type WHERE id = 1", "server", state="23001"),
    Try(
        "NUL",
        f"{IN}UPDATE client SET notes = E'a\\x00', {_UP} WHERE id = 1",
        "server",
        state="22021",
        states=dict.fromkeys(("basic", "inactive", "stranger", "nobody"), "22021"),
    ),
)
_NASTY = {
    "ESC": "\x1b",
    "line": "\n",
    "CSI": "\x9b",
    "NEL": "\x85",
    "DEL": "\x7f",
    "LS": "\u2028",
    "RLO": "\u202e",
    "LRI": "\u2066",
}
_NAMES = tuple(
    Try(
        f"{name} in {table}.{column}",
        f"{IN}UPDATE {table} SET {column} = 'a{sign}b', {_UP} WHERE id = {key}",
        "check",
        state=CHECK,
    )
    for table, column, key in (
        *(("client", column, 1) for column in ("display_name", "client_number", "email", "street", "tax_id")),
        ("team_member", "name", 4),
        ("team_member", "login", 4),
        ("client_type", "name", 4),
        ("firm", "name", 1),
    )
    for name, sign in (_NASTY.items() if column == "display_name" else [("ESC", "\x1b"), ("RLO", "\u202e")])
)
_HAND_OVERS = tuple(
    Try(
        f"a hand-over from {before} to {after}",
        f"{IN}UPDATE client SET primary_admin = '{after}', {_UP} WHERE id = {key}",
        "trigger",
    )
    for before, after, key in (("firm", "client", 3), ("client", "firm", 1), ("client", "requested", 1))
)
_LONG = {
    "client": {"display_name": 200, "client_number": 100, "notes": 20_000, "fiscal_year_end": 5},
    "team_member": {"name": 200, "email": 200, "login": 200},
    "client_type": {"name": 100},
    "firm": {"name": 100},
}
_FOR_ALL = re.compile("note_change|UPDATE work_item")
_BOUNDS = (
    *(
        Try(
            f"{table}.{column} too long",
            f"{IN}UPDATE {table} SET {column} = repeat('x', {limit + 1}), {_UP}"
            f" WHERE id = {4 if table in ('team_member', 'client_type') else 1}",
            "server" if column == "client_number" else "check",
            state=CHECK,
        )
        for table, columns in _LONG.items()
        for column, limit in columns.items()
    ),
    *(
        Try(name, sql, "check", state=state, states={"basic": state} if _FOR_ALL.search(sql) else {})
        for name, sql, state in (
            ("ESC in notes", f"{IN}UPDATE client SET notes = E'a\x1bb', {_UP} WHERE id = 1", CHECK),
            (
                "ESC in a new client's notes",
                IN + "INSERT INTO client (notes, " + _NEW[1:].replace("(next_ids", "('\x1b', next_ids"),
                CHECK,
            ),
            ("a letter that nobody sees", f"{IN}UPDATE client SET tax_id = 'a\u200bb', {_UP} WHERE id = 1", CHECK),
            ("ESC in an e-mail", f"{IN}UPDATE team_member SET email = E'a\x1b@b.es', {_UP} WHERE id = 4", CHECK),
            (
                "a subscription that there is none",
                f"{IN}UPDATE client SET subscription = 'x', {_UP} WHERE id = 1",
                CHECK,
            ),
            ("a state of an item that there is none", f"{IN}UPDATE work_item SET state = 'x', {_UP}", CHECK),
            ("ESC in the note of a change", f"{IN}SELECT note_change(E'\x1b')", CHECK),
            ("a long note of a change", f"{IN}SELECT note_change(repeat('x', 1001))", CHECK),
            ("rows left by what takes nothing back", f"{IN}SELECT note_change('x', 1)", CHECK),
            ("a mapping that is no JSON", "INSERT INTO import_mapping VALUES ('x', 'X', '{')", NOT_JSON),
            ("a mapping that is no object", "INSERT INTO import_mapping VALUES ('x', 'X', '[]')", CHECK),
            ("a saved mapping made no JSON", "UPDATE import_mapping SET fields = ''", NOT_JSON),
            ("choices that are no JSON", "UPDATE import_run SET setup = 'x'", NOT_JSON),
            ("a count of less than nothing", "UPDATE import_run SET refused = -1", CHECK),
            ("an import of a strange kind", _RUN.format("me()").replace("numbers", "x"), CHECK),
            ("a refused row that is no JSON", f"{_REFUSE} (1, 2, 2, '[', '[]')", NOT_JSON),
            ("a refusal that is no list", f"{_REFUSE} (1, 2, 2, '[]', '{{}}')", CHECK),
            (
                "an arrival that is no JSON",
                f"{IN}INSERT INTO client {_NEW}; "
                + _ARRIVES.format("(SELECT max(id) FROM client)", "L9").replace("'[]'", "'['"),
                NOT_JSON,
            ),
        )
    ),
    Try(
        "a setting that is no JSON",
        "SELECT keep_setting('columns', '[')",
        "server",
        states=dict.fromkeys(LOGINS, NOT_JSON),
    ),
    Try("a run's time", "UPDATE import_run SET at = 'x'", "grant"),
    Try("a run's last touch", "UPDATE import_run SET touched = 'x'", "grant"),
    Try("when a row was tried again", "UPDATE import_refusal SET retried_at = 'x', retried_by = me()", "grant"),
    *(
        Try(
            f"a new {table} of the last version",
            f"{IN}INSERT INTO {table} (id, {columns}, version) VALUES (next_ids('{table}', 1), {values}, 2147483647)",
            "both",
        )
        for table, columns, values in (
            ("client_type", "name, name_key", "'X', 'x'"),
            ("team_member", "name, name_key, login, access", "'X', 'x', 'x', 'basic'"),
        )
    ),
)
_ROLE = (
    *(
        Try(
            f"who holds the offer: {change}", f"{IN}UPDATE team_member SET {change}, {_UP} WHERE id = 3", "trigger", may
        )
        for change, may in (("login = 'x'", ("admin",)), ("active = 0", ("admin",)), ("access = 'basic'", ("admin",)))
    ),
    *(
        Try(f"the admin's {change}", f"{IN}UPDATE team_member SET {change}, {_UP} WHERE id = 1", "trigger")
        for change in ("active = 0", "access = 'basic'", "login = 'x'", "active = 0, access = 'basic', login = 'x'")
    ),
    Try("everybody inactive", f"{IN}UPDATE team_member SET active = 0, {_UP}", "trigger"),
    Try("the admin's name", f"{IN}UPDATE team_member SET name = 'X', {_UP} WHERE id = 1", "trigger", ("admin",)),
    Try("take the role", f"{IN}UPDATE firm SET primary_admin_id = 2, {_UP}", "trigger"),
    Try("take and offer", f"{IN}UPDATE firm SET primary_admin_id = 2, offered_to_id = 2, {_UP}", "trigger"),
    Try("offer to oneself", f"{IN}UPDATE firm SET offered_to_id = me(), {_UP}", "trigger", ("admin",)),
    Try("give it away", f"{IN}UPDATE firm SET primary_admin_id = 3, {_UP}", "trigger", ("offered",)),
    Try("give it to nobody", f"{IN}UPDATE firm SET primary_admin_id = 99, {_UP}", "trigger"),
    Try("no admin", f"{IN}UPDATE firm SET primary_admin_id = NULL, {_UP}", "server", state="23502"),
    Try(
        "accept and step down",
        f"{IN}WITH taken AS (UPDATE firm SET primary_admin_id = 3, {_UP} RETURNING 1)"
        f" UPDATE team_member SET access = 'basic', {_UP} FROM taken WHERE team_member.id = 3",
        "trigger",
    ),
    Try(
        "step down and accept",
        f"{IN}WITH down AS (UPDATE team_member SET access = 'basic', {_UP} WHERE id = 3 RETURNING 1)"
        f" UPDATE firm SET primary_admin_id = 3, {_UP} FROM down",
        "trigger",
    ),
    Try("one's own login", f"{IN}UPDATE team_member SET login = 'x', {_UP} WHERE login = session_user", "trigger"),
    Try("oneself inactive", f"{IN}UPDATE team_member SET active = 0, {_UP} WHERE login = session_user", "trigger"),
    Try(
        "the admin's login for another",
        f"{IN}UPDATE team_member SET login = 'ana', {_UP} WHERE id = 4",
        "server",
        state="23505",
    ),
    Try("delete a member", f"{IN}DELETE FROM team_member WHERE id = 6", "grant"),
    Try("a member's id", f"{IN}UPDATE team_member SET id = 60, {_UP} WHERE id = 6", "both"),
    Try("the firm's uid", f"{IN}UPDATE firm SET uid = 'x', {_UP}", "both"),
    Try("the firm's origin", f"{IN}UPDATE firm SET origin = 1, {_UP}", "both"),
    Try("the firm's id", f"{IN}UPDATE firm SET id = 2, {_UP}", "both"),
    Try("a second firm", f"{IN}INSERT INTO firm (id, name, primary_admin_id) VALUES (2, 'X', 2)", "grant"),
    Try("no firm", f"{IN}DELETE FROM firm", "grant"),
    Try("another's import", _RUN.format(1), "trigger", ("admin",)),
    Try("another's retry", "UPDATE import_refusal SET verdict = 'new', retried_by = 1", "trigger", ("admin",)),
    Try(
        "a row that was never refused", "INSERT INTO import_refusal VALUES (1, 2, 2, '[]', '[]', 'new', 't', 1)", "both"
    ),
    Try(
        "a settled row refused again",
        "UPDATE import_refusal SET verdict = 'new', retried_by = me();"
        " UPDATE import_refusal SET verdict = 'refused', retried_by = me()",
        "trigger",
    ),
    Try("an import of nobody's", _RUN.format("NULL"), "trigger"),
    Try("a run's actor", "UPDATE import_run SET actor_id = 2", "grant"),
    Try("another's setting", "INSERT INTO member_setting VALUES (4, 'columns', '[]')", "grant"),
    Try("change settings", "UPDATE member_setting SET value = ''", "grant"),
    Try("settings away", "DELETE FROM member_setting", "grant"),
)
REFUSED: tuple[Try, ...] = (
    *_CLIENTS,
    *_BLIND_WRITES,
    *_CHANGE_SETS,
    *_HISTORY,
    *_NAMES,
    *_BOUNDS,
    *_HAND_OVERS,
    *_ROLE,
)

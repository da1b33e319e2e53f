"""A firm on a server on which people with all kinds of logins try things, with bare psycopg."""

import os
from typing import Any

import psycopg

from tests.server.statements import FORBIDDEN, NOTHING, WRITERS, Try
from tests.servers import OWNER, Server

ROLES = {
    "admin": ("ana", "primary_admin"),
    "full": ("rosa", "full"),
    "offered": ("hugo", "full"),
    "misplaced": ("ivan", "primary_admin"),
    "basic": ("ines", "basic"),
    "inactive": ("raul", "full"),
    "stranger": ("marc", "full"),
    "nobody": ("nil", None),
    "owner": (OWNER, None),
}
"""Login and group of each role. The primary admin; one with full access; one to whom the role is offered; one who is in
the admin's group but has full access only; basic access; a member who is inactive; a login in a group without a member;
a login in no group; the owner of the database, who is no member."""
UNSEEN = ("42P01", "42883")
"""What someone gets who may not even see the schema: no such table, no such function."""
_TEAM = (("Rosa", "rosa", "full"), ("Hugo", "hugo", "full"), ("Ines", "ines", "basic"), ("Raul", "raul", "full"),
         ("Ivan", "ivan", "full"))  # fmt: skip
_FILLED = f"""
SELECT begin_change('team.added', 'taken', next_ids('job', 1));
SELECT next_ids('client', 4), next_ids('import_run', 1);
{"".join(f"INSERT INTO team_member (id, name, name_key, login, access) VALUES (next_ids('team_member', 1), '{n}', '{lo}', '{lo}', '{a}');" for n, lo, a in _TEAM)}
UPDATE team_member SET active = 0, version = 2 WHERE login = 'raul';
UPDATE firm SET offered_to_id = 3, version = version + 1;
INSERT INTO client (id, company_id, client_number, number_key, display_name, client_type_id, billed_to, primary_admin,
    number_sort, display_name_sort, search_text) VALUES
    (1, 'L1', 'C1', 'c1', 'Peña SA', 1, '', 'client', 'c1', 'pena sa', 'pena sa'),
    (2, 'L2', 'C2', 'c2', 'On the plan', NULL, 'firm', 'client', 'c2', 'on the plan', 'on the plan'),
    (3, 'L3', 'C3', 'c3', 'Ours', NULL, '', 'firm', 'c3', 'ours', 'ours'),
    (4, 'L4', '', NULL, 'Gone', NULL, '', 'client', '', 'gone', 'gone');
DELETE FROM client WHERE id = 4;
INSERT INTO arrival (client_id, change_set_id, company_id, from_uid, from_firm, state, entries) SELECT 3, max(id), 'L3', 'uid', 'Elsewhere', 's', '[]' FROM change_set;
INSERT INTO import_run (id, actor_id, kind, file, total) VALUES (1, 1, 'numbers', 'f', 2);
INSERT INTO import_refusal (run_id, place, line, cells, problem) VALUES (1, 1, 1, '[]', '["no_name", "", {{}}]');
INSERT INTO import_mapping VALUES ('m', 'M', '{{"columns": {{}}}}');
SELECT keep_setting('columns', '[]');
INSERT INTO template (id, name, name_key, period) VALUES (next_ids('template', 1), 'Review', 'review', 'month');
INSERT INTO template_section (id, template_id, name, name_key) VALUES (next_ids('template_section', 1), 1, 'S', '1 s');
INSERT INTO template_item (id, section_id, title) VALUES (next_ids('template_item', 1), 1, 'I');
INSERT INTO work (client_id, template_id, period) VALUES (3, 1, '2026-07');
INSERT INTO work_item (client_id, template_id, period, item_id) VALUES (3, 1, '2026-07', 1);
INSERT INTO client_work VALUES (1, 3, 1, '2026-07', '2026-08-10', 0, 1, 0);
"""
_TABLES = (
    *("team_member", "firm", "client_type", "client", "id_counter", "member_setting", "change_set", "history"),
    *("import_run", "import_refusal", "import_mapping", "arrival", "schema_migration"),
    *("template", "template_section", "template_item", "work", "work_item", "client_work", "work_renewal"),
)
_CATALOGS = (
    *("pg_trigger", "pg_constraint", "pg_rewrite", "pg_policy", "pg_authid", "pg_auth_members", "pg_extension"),
    *("pg_default_acl", "pg_event_trigger", "pg_db_role_setting", "pg_largeobject_metadata", "pg_operator"),
    *("pg_publication", "pg_description", "pg_type", "pg_language"),
)
# Rights that are granted in vain are written once more as they were: here what stands in the rows counts.
_RIGHTS = {
    "pg_database": "",
    "pg_namespace": "",
    "pg_class": "WHERE oid >= 16384",
    "pg_attribute": "WHERE attrelid >= 16384 OR attacl IS NOT NULL",
    "pg_proc": "WHERE oid >= 16384",
}
_STATE = " UNION ALL ".join(
    [f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM clientdesk.{table} t" for table in _TABLES]
    + [
        f"SELECT '{right}', md5(string_agg((to_jsonb(t) - 'relhastriggers')::text, '|' ORDER BY t::text)) FROM {right} t {rows}"
        for right, rows in _RIGHTS.items()
    ]
    + [f"SELECT '{table}', concat(count(*), ' ', sum(xmin::text::bigint)) FROM {table}" for table in _CATALOGS]
)


class Firm:
    """A firm on a server, filled, with a connection for each role that is kept."""

    def __init__(self, server: Server, database: str) -> None:
        self.server = server
        self.database = database
        self.seen: dict[str, str] = {}
        """The state that was looked at last."""
        self._connections: dict[str, psycopg.Connection[Any]] = {}

    @classmethod
    def make(cls, server: Server) -> "Firm":
        """A new firm in a database of its own, made as the owner makes it, with rows in every table."""
        from clientdesk.desk import opening

        database = server.create_database()
        opening.make_firm(server.url(database), "Norte SL", "Ana García", "ana")
        for login, group in ROLES.values():
            if login != OWNER:
                server.login(login, group)
                server.let_in(login, database)
        server.login("olga", "full")
        firm = cls(server, database)
        firm.connection("admin").execute(_FILLED)
        firm.connection("admin").commit()
        return firm

    def copy(self, *changes: str) -> "Firm":
        """A copy in which an administrator has run some SQL: what is granted on the database is not copied."""
        self.close()
        firm = Firm(self.server, self.server.create_database(self.database))
        with firm.server.connect(firm.database) as connection:
            connection.execute("SET search_path = clientdesk, public")
            for sql in changes:
                connection.execute(sql)
        return firm

    def connection(self, role: str) -> "psycopg.Connection[Any]":
        """The bare connection of a role; "root" is the server's superuser."""
        connection = self._connections.get(role)
        if connection is None or connection.closed:
            login = ROLES[role][0] if role in ROLES else "postgres"
            connection = psycopg.connect(
                self.server.url(self.database, login), options="-c search_path=clientdesk,public -c lock_timeout=2s"
            )
            self._connections[role] = connection
        return connection

    def state(self) -> dict[str, str]:
        """Checksums of everything: all rows, and what wrote what stands in the catalogs last."""
        connection = self.connection("root")
        rows = connection.execute(_STATE).fetchall()
        connection.rollback()
        return dict(rows)

    def complaint(self, role: str, what: Try) -> str:
        """Tries a statement as a role and takes it back; "" if it ended as it should, else what happened instead."""
        expected = wanted(role, what)
        connection = self.connection(role)
        if expected == "23001" and connection.info.server_version < 180_000:
            expected = "23503"  # what restricts a deletion got a state of its own then
        try:
            cursor = connection.execute(what.sql.encode())
            while cursor.nextset():
                pass
            touched = cursor.rowcount
            if expected == NOTHING and role not in what.may:
                connection.commit()
            else:
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            if role not in what.may and (error.sqlstate == expected or (role == "nobody" and error.sqlstate in UNSEEN)):
                return ""
            return f"{role}: {what.name}: {error.sqlstate} {error}"
        finally:
            connection.rollback()
        if role in what.may:
            return "" if touched else f"{role}: {what.name}: no row"
        return "" if expected == NOTHING else f"{role}: {what.name}: allowed"

    def close(self) -> None:
        """Closes all connections."""
        for connection in self._connections.values():
            connection.close()

    def drop(self) -> None:
        """Takes the database away."""
        self.close()
        self.server.drop_database(self.database)


def wanted(role: str, what: Try) -> str:
    """The SQLSTATE that a role is to get for a statement that it may not run."""
    if role in what.states:
        return what.states[role]
    return what.state if role in WRITERS else FORBIDDEN


def attacked(path: str = "/tmp/clientdesk-attack") -> bool:
    """Whether a statement wrote a file on the server."""
    return os.path.exists(path)

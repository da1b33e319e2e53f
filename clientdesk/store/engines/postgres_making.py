"""Making a firm on a server, upgrading it, and the SQL of it for an administrator who runs that by hand."""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from peewee import PeeweeException

from clientdesk.domain.firm_settings import DEFAULTS
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import (
    Founding,
    Repaired,
    Upgraded,
    gone_names,
    id_counters,
    postgres_roles,
    postgres_rules,
    postgres_script,
    versions,
    work_dates,
)
from clientdesk.store.engines.quoting import identifier, literal

if TYPE_CHECKING:
    from clientdesk.store.engines.postgres_connection import ServerConnection

_WHO_WORKS = """
SELECT DISTINCT coalesce(m.name, a.usename::text) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    JOIN pg_stat_activity a ON a.pid = l.pid LEFT JOIN clientdesk.team_member m ON m.login = a.usename::text
WHERE c.relnamespace = 'clientdesk'::regnamespace AND a.datname = current_database() AND l.granted
    AND l.pid <> pg_backend_pid() ORDER BY 1
"""
"""The team members who hold a lock on one of the firm's tables, and the logins of those who are none."""
_EXISTS_ALREADY = ("42P06", "23505")
"""What a server says where a schema of that name is there, or has been made just now."""
MIGRATIONS = os.path.join(os.path.dirname(__file__), "postgres_schema")


def make(connection: "ServerConnection") -> None:
    """Makes roles, schema and tables, inside a transaction of the caller's."""
    if connection.schema:
        raise FirmUnusable(problem("firm_on_server", place=connection.location))
    _make_roles(connection)
    with _forbidden("owner_needed", place=connection.location):
        postgres_script.run(connection.db, postgres_roles.CLOSED + postgres_roles.PLACE)
    _find_trigrams(connection)
    with _forbidden("owner_needed", place=connection.location):
        _migrate(connection)
        _remember_server(connection)


def is_made(connection: "ServerConnection") -> bool:
    """Whether a firm stands there whose making was cut off at its end. Whoever makes one holds the schema's name until
    then: the server answers when it is free, or the firm there for good."""
    from clientdesk.store.engines.postgres_errors import found_in

    if connection.schema:
        return True
    try:
        with connection.db.atomic() as trial:
            connection.db.execute_sql("CREATE SCHEMA clientdesk")
            trial.rollback()
    except PeeweeException as error:
        cause = found_in(error)
        if cause is not None and cause.sqlstate in _EXISTS_ALREADY:
            return True
        raise
    return False


def _make_roles(connection: "ServerConnection") -> None:
    with _forbidden("roles_missing", login=connection.login, sql=postgres_roles.ROLES_BY_HAND):
        postgres_script.run(connection.db, postgres_roles.ROLES)


def _find_trigrams(connection: "ServerConnection") -> None:
    with _forbidden("no_trigrams", "0A000", "58P01", place=connection.location):
        postgres_script.run(connection.db, postgres_roles.TRIGRAMS)


def upgrade(connection: "ServerConnection") -> Upgraded:
    """Brings the schema up to date; the tables as they were are kept in a schema beside it."""
    before = connection.schema
    if not before:
        raise FirmUnusable(problem("no_firm_on_server", place=connection.location))
    versions.check(before, connection.location)
    if before == versions.SCHEMA_VERSION:
        return Upgraded(before, before, "")
    done = upgraded(before)
    backup = done.backup
    with _told_who_works(connection), _forbidden("owner_needed", place=connection.location), connection.db.atomic():
        tables = _lock_tables(connection)
        connection.db.execute_sql(f"CREATE SCHEMA {backup}")
        for name in tables:
            connection.db.execute_sql(f"CREATE TABLE {backup}.{name} AS TABLE clientdesk.{name}")
        _find_trigrams(connection)
        _migrate(connection)
        _remember_server(connection)
    return done


def _lock_tables(connection: "ServerConnection") -> list[str]:
    """Has everybody wait who writes, whatever program they use; the names of the firm's tables."""
    rows = connection.db.execute_sql(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'clientdesk'::regnamespace AND relkind = 'r'"
        " ORDER BY relname <> 'change_set', relname"  # who writes has written there first
    ).fetchall()
    tables = [name for (name,) in rows]
    connection.db.execute_sql(f"LOCK TABLE {', '.join(f'clientdesk.{name}' for name in tables)} IN EXCLUSIVE MODE")
    return tables


def upgraded(before: int) -> Upgraded:
    """What an upgrade from a version has done once it is committed; its backup is a schema of that name."""
    return Upgraded(before, versions.SCHEMA_VERSION, f"clientdesk_before_{versions.SCHEMA_VERSION}")


def repair(connection: "ServerConnection") -> Repaired:
    """Makes everything anew that keeps the firm: groups, functions, triggers, grants, and who may connect."""
    connection.look_inside()
    from clientdesk.store.engines import postgres_present_schema  # it reads the scripts, which stand here

    with _told_who_works(connection), connection.db.atomic():
        with _forbidden("owner_needed", place=connection.location):
            postgres_script.run(connection.db, postgres_roles.OWNED)
            _lock_tables(connection)
        _make_roles(connection)
        _find_trigrams(connection)
        with _forbidden("owner_needed", place=connection.location):
            postgres_script.run(connection.db, postgres_roles.CLOSED)
            postgres_script.run(connection.db, postgres_rules.CLEAR)
            id_counters.mend(connection.db)
            gone_names.fill(connection.db)
            work_dates.note(connection.db)
            postgres_rules.make_anew(connection.db)
            postgres_present_schema.mend(connection.db)
            _remember_server(connection)
            return Repaired(_let_in(connection))


def _let_in(connection: "ServerConnection") -> str:
    """Lets the logins of the active members connect; the SQL of those that need an administrator, too, and that which
    shuts out who is no active member."""
    members = connection.db.execute_sql(
        "SELECT m.login, CASE WHEN m.id = f.primary_admin_id THEN 'primary_admin' ELSE m.access END, r.oid IS NOT NULL"
        " FROM team_member m CROSS JOIN firm f LEFT JOIN pg_roles r ON r.rolname = m.login"
        " WHERE m.active = 1 AND m.login <> '' ORDER BY m.id"
    ).fetchall()
    missing = []
    for login, access, exists in members:
        if exists:
            place = identifier(connection.database)
            name = identifier(login)
            connection.db.execute_sql(f"GRANT CONNECT ON DATABASE {place} TO {name}".replace("%", "%%"))
        group = postgres_roles.GROUPS[access]
        sql = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s, 'MEMBER'))"
        if not connection.db.execute_sql(sql, (login, group)).fetchone()[0]:
            missing.append(postgres_roles.grant(login, access, connection.database))
    strangers = connection.db.execute_sql(postgres_roles.STRANGERS).fetchall()
    missing += [postgres_roles.grant(login, None, connection.database) for login, _is_inactive in strangers]
    return "\n".join(missing)


def _remember_server(connection: "ServerConnection") -> None:
    if connection.address:
        comment = _safe_literal(postgres_roles.SERVED_AT + connection.address).replace("%", "%%")
        connection.db.execute_sql(f"COMMENT ON TABLE clientdesk.firm IS {comment}")


@contextmanager
def _forbidden(code: str, *states: str, **values: object) -> Iterator[None]:
    """Says in a sentence what it needs where the login may not do it; `reason` is the server's word for it."""
    from clientdesk.store.engines.postgres_errors import found_in  # the driver is not needed to print the SQL

    try:
        yield
    except PeeweeException as error:
        cause = found_in(error)
        if cause is None or cause.sqlstate not in ("42501", *states):
            raise
        reason = (cause.diag.message_primary or str(cause)).removeprefix("clientdesk: ")
        raise FirmUnusable(Problem(code, "", {**values, "reason": reason})) from error


@contextmanager
def _told_who_works(connection: "ServerConnection") -> Iterator[None]:
    """Says who holds the firm's tables where they are not to be had in time: whoever reads keeps them, too."""
    from clientdesk.store.engines.postgres_errors import found_in

    try:
        yield
    except PeeweeException as error:
        cause = found_in(error)
        if cause is None or cause.sqlstate != "55P03":
            raise
        names = [name for (name,) in connection.db.execute_sql(_WHO_WORKS).fetchall()]
        if not names:
            raise
        raise FirmUnusable(problem("worked_in", path=connection.location, who=", ".join(names))) from error


def _migrate(connection: "ServerConnection") -> None:
    from playhouse.migrations import Runner

    postgres_script.run(connection.db, postgres_rules.CLEAR)
    Runner(connection.db, MIGRATIONS).up()
    postgres_rules.make_anew(connection.db)
    postgres_script.run(connection.db, f"COMMENT ON SCHEMA clientdesk IS '{_comment(versions.SCHEMA_VERSION)}';")


def _comment(version: int) -> str:
    return f"clientdesk schema {version}"


class _Listed:
    """Takes a script's statements down instead of running them."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute_sql(self, statement: str, parameters: object = None) -> None:
        """Takes a statement down, with the semicolon that it needs beside others."""
        self.statements.append(statement.replace("%%", "%").rstrip().removesuffix(";") + ";")


def scripts() -> Iterator[tuple[str, list[str]]]:
    """Name and statements of each numbered script."""
    for file in sorted(os.listdir(MIGRATIONS)):
        if file[0].isdigit() and file.endswith(".py"):
            spec = importlib.util.spec_from_file_location(file[:-3], os.path.join(MIGRATIONS, file))
            assert spec is not None
            assert spec.loader is not None
            module: Any = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            listed = _Listed()
            module.up(None, listed)
            yield file[:-3], listed.statements


def creation_sql(founding: Founding) -> str:
    """All the SQL that makes a firm, in one transaction, with the group of its primary admin's login."""
    parts = [
        "-- For a PostgreSQL server, by the owner of the firm's database: psql -v ON_ERROR_STOP=1 -f THIS_FILE DATABASE"
    ]
    parts += ["SET client_encoding = 'UTF8';", "BEGIN;", "SET LOCAL client_min_messages = error;"]
    place = (postgres_roles.FITS, postgres_roles.ROLES, postgres_roles.CLOSED, postgres_roles.PLACE)
    parts += postgres_script.statements("".join((*place, postgres_roles.TRIGRAMS)))
    # The list of the scripts that have run, as playhouse.migrations keeps it.
    parts.append(
        'CREATE TABLE schema_migration (id serial NOT NULL PRIMARY KEY, "name" varchar(255) NOT NULL,'
        ' "applied" timestamp NOT NULL);'
    )
    parts.append('CREATE UNIQUE INDEX schema_migration_name ON schema_migration ("name");')
    for name, listed in scripts():
        parts += [f"-- {name}", *listed]
        parts.append(f"INSERT INTO schema_migration (name, applied) VALUES ('{name}', now() AT TIME ZONE 'UTC');")
    parts += ["-- rules", *postgres_script.statements(postgres_rules.script())]
    parts.append(f"COMMENT ON SCHEMA clientdesk IS '{_comment(versions.SCHEMA_VERSION)}';")
    parts += [*_rows(founding), *postgres_script.statements(postgres_roles.SERVED_HERE)]
    parts += ["COMMIT;", *_rights(founding.login), ""]
    return "\n\n".join(parts)


def _rights(login: str) -> Iterator[str]:
    """Lets the primary admin's login in, and lets the server speak English; who may not do one of it is told so."""
    name = identifier(login).replace("%", "%%")
    for statement in (
        f"GRANT CONNECT ON DATABASE %I TO {name}",
        f"GRANT {postgres_roles.GROUPS['primary_admin']} TO {name}",
        "ALTER DATABASE %I SET lc_messages = 'C'",
    ):
        command = f"format({_safe_literal(statement)}, current_database())"
        yield (
            f"DO $grant$\nBEGIN\n    EXECUTE {command};\n"
            "EXCEPTION WHEN insufficient_privilege OR undefined_object THEN\n"
            f"    RAISE WARNING 'An administrator still has to run: %', {command};\nEND\n$grant$;"
        )


def _rows(founding: Founding) -> Iterator[str]:
    yield "INSERT INTO change_set (id, at, actor_id, kind) VALUES (1, now_text(), 1, 'firm.created');"
    for name in founding.types:
        yield f"INSERT INTO client_type (id, name, name_key) VALUES (next_ids('client_type', 1), {_safe_literal(name)}, {_safe_literal(fold(name))});"
    yield (
        "INSERT INTO team_member (id, name, name_key, login, access)"
        f" VALUES (next_ids('team_member', 1), {_safe_literal(founding.admin)},"
        f" {_safe_literal(fold(founding.admin))}, {_safe_literal(founding.login)}, 'full');"
    )
    settings = {**DEFAULTS, "name": founding.firm}
    values = ("NULL" if value is None else _safe_literal(str(value)) for value in settings.values())
    yield (
        f"INSERT INTO firm (id, {', '.join(settings)}, primary_admin_id, uid) VALUES"
        f" (1, {', '.join(values)}, 1, '{os.urandom(8).hex()}');"
    )


def _safe_literal(text: str) -> str:
    """A text as a literal, whatever the server's standard_conforming_strings says."""
    return " E" + literal(text.replace("\\", "\\\\")) if "\\" in text else literal(text)

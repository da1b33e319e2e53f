"""A real PostgreSQL server for tests, started when the first test wants it, and firms on it that are copied."""

import contextlib
import itertools
import os
import shutil
import socket
import tempfile
import warnings
from typing import Any
from urllib.parse import quote

import psycopg

from tests import installed, quick_place
from tests.kept import Databases

OWNER = "firm_owner"
"""Owns the databases of the firms; no superuser, and no member of any team."""
EVERYBODY = "everybody"
"""The logins that tests make: they may connect to every firm that is copied, whatever they may do there."""
_QUICK = """
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
shared_buffers = 64MB
max_connections = 200
"""
"""Settings for firms that nobody will miss."""
_PLACE = """
listen_addresses = '127.0.0.1'
port = {port}
lc_messages = 'C'
"""


def free_port() -> int:
    """A port of this computer at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server of its own in a temporary folder; people are let in by their name alone (trust).

    Its `kind` is one of `installed.KINDS`: by default the one that the tests are run for (`--server`). One that `keeps`
    has copies of firms used again by the next test (see `kept`).
    """

    usual_kind = installed.EMBEDDED

    def __init__(
        self, settings: str = _QUICK, place: str | None = None, kind: str = "", *, keeps: bool = False
    ) -> None:
        self.kind = kind or self.usual_kind
        self.folder = tempfile.mkdtemp(prefix="clientdesk-pg-", dir=place or quick_place.in_memory())
        self._beside = tempfile.mkdtemp(prefix="clientdesk-pg-", dir=place or quick_place.in_memory())
        self.programs = installed.programs(self.kind, self._beside)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
            self.programs.initdb(self.folder)
        self.port = free_port()
        with open(os.path.join(self.folder, "postgresql.conf"), "a", encoding="ascii") as file:
            where = _PLACE.format(port=self.port)
            file.write(settings + where + installed.settings(self.kind, self._beside))
        self._kept = Databases(self.port, self.connect) if keeps else None
        self.start()
        self._numbers = itertools.count(1)
        self._templates: dict[tuple[str, str, str], str] = {}
        self._logins: set[str] = set()
        self._administrator: psycopg.Connection[Any] | None = None
        self._administer(f"CREATE ROLE {OWNER} LOGIN; CREATE ROLE {EVERYBODY} NOLOGIN", self.roles_sql())

    @property
    def certificate(self) -> str:
        """The certificate of a server that has one."""
        return os.path.join(self._beside, "server.crt")

    @staticmethod
    def roles_sql() -> str:
        """The group roles, as an administrator makes them."""
        from clientdesk.store.engines.postgres_roles import ROLES

        return ROLES

    def start(self) -> None:
        """Starts the server after `stop`."""
        log = os.path.join(self.folder, "log")
        self.programs.control(self.folder, "-l", log, "-o", f"-k {self.folder}", "start")

    def leave(self) -> None:
        """Closes the tests' own connections, for which a server that shuts down would wait."""
        if self._kept is not None:
            self._kept.leave_all()
        if self._administrator is not None:
            self._administrator.close()

    def stop(self, mode: str = "immediate") -> None:
        """Stops the server: "immediate" is as if the power had gone."""
        self.leave()
        self.programs.control(self.folder, "-m", mode, "stop")

    def close(self) -> None:
        """Stops the server and forgets it."""
        with contextlib.suppress(Exception):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self._beside, ignore_errors=True)

    def url(self, database: str, user: str = OWNER, port: int | None = None) -> str:
        """The URL of a database for a login; through another port in plain text, so that a wire can read along."""
        plain = "?sslmode=disable" if port and self.kind == installed.SPANISH else ""
        return f"postgresql://{quote(user)}@127.0.0.1:{port or self.port}/{database}{plain}"

    def connect(self, database: str, user: str = "postgres") -> "psycopg.Connection[Any]":
        """A bare connection that commits every statement."""
        return psycopg.connect(self.url(database, user), autocommit=True)

    def run_as_superuser(self, database: str, sql: str) -> None:
        """Runs statements as an administrator does."""
        with self.connect(database) as connection:
            connection.execute(sql)

    def _administer(self, *statements: str) -> None:
        """Runs statements, each a transaction, on a connection that stays: to connect costs as much as most of them."""
        if self._administrator is None or self._administrator.closed:
            self._administrator = self.connect("postgres")
        for statement in statements:
            self._administrator.execute(statement)

    def leave_database(self, name: str) -> None:
        """Ends the connections to a database that are kept: one that somebody is connected to cannot be copied."""
        if self._kept is not None:
            self._kept.leave(name)

    def create_database(self, template: str | None = None) -> str:
        """A new database of the owner's, empty or a copy of another one; its name."""
        if template:
            self.leave_database(template)
        name = f"firm_{next(self._numbers)}"
        copied = f"TEMPLATE {template} STRATEGY file_copy" if template else ""
        self._administer(f"CREATE DATABASE {name} OWNER {OWNER} {copied}")
        if template:  # a copied firm becomes what a repaired one is: closed, but to the logins that tests make
            self._administer(
                f"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {EVERYBODY}"
            )
        return name

    def drop_database(self, name: str) -> None:
        """Takes a database away, whoever is connected."""
        self.leave_database(name)
        self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def copy(self, original: str) -> str:
        """A copy of a database that stays as it is: a new one, or one that was given back; its name."""
        if self._kept is None:
            return self.create_database(original)
        name = self._kept.lend(original)
        if name is None:
            name = self.create_database(original)
            self._kept.is_new(name, original)
        return name

    def give_back(self, name: str) -> None:
        """A test is ready with a database: what cannot be used again is dropped."""
        if self._kept is None or not self._kept.take_back(name):
            self.drop_database(name)

    def let_in(self, name: str, database: str) -> None:
        """Lets a login connect to a database that is closed to strangers."""
        from clientdesk.store.engines.quoting import identifier

        self._administer(f"GRANT CONNECT ON DATABASE {identifier(database)} TO {identifier(name)}")

    def login(self, name: str, access: str | None) -> None:
        """Makes a login, if there is none, and puts it into the group of an access and no other (None: into none)."""
        from clientdesk.store.engines.postgres_roles import GROUPS
        from clientdesk.store.engines.quoting import identifier

        if name not in self._logins:
            self._logins.add(name)
            self._administer(f"CREATE ROLE {identifier(name)} LOGIN IN ROLE {EVERYBODY}")
        groups = [EVERYBODY] if access is None else [EVERYBODY, GROUPS[access]]
        if self._groups(name) == sorted(groups):
            return  # who changes rights makes every connection look at all of them again
        into = f"GRANT {GROUPS[access]} TO {identifier(name)}" if access is not None else ""
        self._administer(f"REVOKE {', '.join(GROUPS.values())} FROM {identifier(name)}; {into}")

    def _groups(self, name: str) -> list[str]:
        sql = "SELECT roleid::regrole::text FROM pg_auth_members JOIN pg_roles r ON r.oid = member WHERE rolname = %s"
        self._administer()
        assert self._administrator is not None
        try:
            rows = self._administrator.execute(sql, (name,)).fetchall()
        except psycopg.OperationalError:  # a test has ended the server's processes
            self._administrator = self.connect("postgres")
            rows = self._administrator.execute(sql, (name,)).fetchall()
        return sorted(group for (group,) in rows)

    def firm(self, name: str = "Ríos y Asociados", admin: str = "Ana García", login: str = "ana") -> str:
        """A new firm in a database of its own; the database's name."""
        key = (name, admin, login)
        if key not in self._templates:
            from clientdesk.desk import opening

            made = self.create_database()
            opening.make_firm(self.url(made), name, admin, login)
            self._templates[key] = made
        self.login(login, "primary_admin")
        return self.copy(self._templates[key])

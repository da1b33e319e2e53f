"""Databases and connections of a test's server that the next test uses again. With a new copy of a firm and a new
connection, a test that adds one client costs the server nearly three times as much of the processor's time.

A database is kept where a test changed nothing but rows (`_BUILD` tells), and few of those; else it is dropped as ever.
A connection is kept where it ends as it began; it forgets what a session had set, held and heard.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import pq
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn

_BUILT_OF = {
    "pg_class": "oid >= 16384",
    "pg_attribute": "attrelid >= 16384",
    "pg_attrdef": "true",
    "pg_index": "indrelid >= 16384",
    "pg_constraint": "oid >= 16384",
    "pg_trigger": "true",
    "pg_policy": "true",
    "pg_rewrite": "oid >= 16384",
    "pg_proc": "true",
    "pg_namespace": "nspname NOT LIKE '%\\_temp\\_%'",
    "pg_default_acl": "true",
    "pg_description": "objoid >= 16384",
    "pg_extension": "true",
    "pg_statistic": "true",
}
"""The server's own tables of what a database is made of, each with the rows that count: temporary ones do not."""
_BUILD = f"""
SELECT (SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'clientdesk'::regnamespace),
(SELECT ROW(datacl, datdba, datallowconn, datconnlimit)::text FROM pg_database WHERE datname = current_database()),
(SELECT count(*) FROM pg_db_role_setting),
{", ".join(f"(SELECT ROW(count(*), max(xmin::text::bigint))::text FROM {name} WHERE {own})" for name, own in _BUILT_OF.items())}
"""  # noqa: S608 - the server's own names
"""How large a firm is; then how many parts the database has, and which transaction changed one last."""
_TABLES = """
SELECT c.relname::text, array_agg(quote_ident(attname) ORDER BY attnum) FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
WHERE relnamespace = 'clientdesk'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY c.oid, 1 ORDER BY c.oid
"""
"""Each table of a firm with its columns."""
_COUNTERS = """
SELECT c.relname::text FROM pg_class c WHERE relnamespace = 'clientdesk'::regnamespace AND relkind = 'S' ORDER BY oid
"""
_END_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND NOT pid = ANY(%s)
"""
_PATIENCE = 5.0
"""Seconds in which connections that a test has left must be gone."""
_ROOM = 1 << 20
"""By so many bytes a database may have grown: rows that are gone keep their room."""
_FORGET = b"""
RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); CLOSE ALL; DEALLOCATE ALL;
DISCARD SEQUENCES; DISCARD TEMP
"""
_MAY_CONNECT = b"""
SELECT FROM pg_roles WHERE rolname = session_user AND rolcanlogin AND has_database_privilege(current_database(), 'CONNECT')
AND NOT EXISTS (SELECT FROM pg_db_role_setting)
"""
"""One row where the server would let the login in anew, and with the same settings."""
_ENDED = pq.PGconn.connect_start(b"host=/nowhere")
_ENDED.finish()

Place = tuple[int | str, ...]
"""The port of a server and the name of a database."""
Key = tuple[object, ...]


class _Original(NamedTuple):
    """A database that is copied."""

    build: tuple[Any, ...]
    put_back: str
    """The statements that put back the rows and sequences of a copy, all at once and past every trigger."""


class Databases:
    """The databases of one server that are kept, by the name of the one that they are copies of."""

    def __init__(self, port: int, connect: Callable[[str], "psycopg.Connection[Any]"]) -> None:
        self._port = port
        self._connect = connect
        self._originals: dict[str, _Original] = {}
        self._lent: dict[str, str] = {}
        self._clean: dict[str, list[str]] = defaultdict(list)
        self._within: dict[str, psycopg.Connection[Any]] = {}

    def lend(self, original: str) -> str | None:
        """A kept copy of a database; None where there is none."""
        if not self._clean[original]:
            return None
        name = self._clean[original].pop()
        self._lent[name] = original
        return name

    def is_new(self, name: str, original: str) -> None:
        """A new copy of a database is lent, which may be kept after its test; and so may connections to it."""
        self._within[name] = self._connect(name)
        if original not in self._originals:
            self._originals[original] = _read(self._within[name])
        self._lent[name] = original
        connections.places.add((self._port, name))

    def take_back(self, name: str) -> bool:
        """Puts the rows of a lent database back; whether it is kept. One that is not is ready to be dropped."""
        original = self._lent.pop(name, None)
        kept = False
        with suppress(psycopg.Error):
            kept = original is not None and self._put_back(name, original)
        if kept and original is not None:
            self._clean[original].append(name)
        else:
            self.leave(name)
        return kept

    def leave_all(self) -> None:
        """Closes every connection to what is kept, and forgets it: the server goes."""
        for name in [*self._within, *(name for names in self._clean.values() for name in names)]:
            self.leave(name)
        self._clean.clear()

    def leave(self, name: str) -> None:
        """Closes the connections to a database, and keeps none any more."""
        self._lent.pop(name, None)
        if name in self._within:
            self._within.pop(name).close()
        connections.end(self._port, name)

    def _put_back(self, name: str, original: str) -> bool:
        """Puts back rows where nothing else was changed."""
        kept, connection = self._originals[original], self._within[name]
        pids = [connection.info.backend_pid, *connections.pids(self._port, name)]
        until = time.monotonic() + _PATIENCE
        while connection.execute(_END_OTHERS, (pids,)).fetchone() != (0,):
            if time.monotonic() > until:
                return False
            time.sleep(0.001)
        size, *build = _build(connection)
        if build != [*kept.build[1:]] or size > kept.build[0] + _ROOM:
            return False
        connection.execute(kept.put_back)
        return True


def _build(connection: "psycopg.Connection[Any]") -> tuple[Any, ...]:
    row = connection.execute(_BUILD).fetchone()
    assert row is not None
    return tuple(row)


def _read(connection: "psycopg.Connection[Any]") -> _Original:
    """What stands in a new copy of a firm."""
    statements = ["BEGIN", "SET LOCAL session_replication_role = replica"]
    tables = connection.execute(_TABLES).fetchall()
    statements += [f"DELETE FROM clientdesk.{table}" for table, _columns in tables]  # noqa: S608 - the program's own names
    for table, columns in tables:
        values = " || ', ' || ".join(f"quote_nullable({column}::text)" for column in columns)
        rows = connection.execute(f"SELECT {values} FROM clientdesk.{table}").fetchall()  # noqa: S608
        if rows:
            into = f"clientdesk.{table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"
            statements.append(f"INSERT INTO {into} VALUES {', '.join(f'({row})' for (row,) in rows)}")  # noqa: S608
    for (counter,) in connection.execute(_COUNTERS).fetchall():
        row = connection.execute(f"SELECT last_value, is_called FROM clientdesk.{counter}").fetchone()  # noqa: S608
        assert row is not None
        statements.append(f"SELECT setval('clientdesk.{counter}', {row[0]}, {row[1]})")
    return _Original(_build(connection), "; ".join([*statements, "COMMIT"]))


class _Connections:
    """The ended connections of this process that can be used again: by their place and settings."""

    def __init__(self) -> None:
        self.places: set[Place] = set()
        """The databases to which connections are kept."""
        self._lock = threading.Lock()
        self._ended: dict[Key, list[PGconn]] = defaultdict(list)

    def take(self, key: Key) -> PGconn | None:
        """One that the server would let in again."""
        while True:
            with self._lock:
                if not self._ended[key]:
                    return None
                pgconn = self._ended[key].pop()
            result = pgconn.exec_(_MAY_CONNECT)
            if result.status == ExecStatus.TUPLES_OK and result.ntuples == 1:
                return pgconn
            pgconn.finish()

    def put(self, key: Key, pgconn: PGconn) -> None:
        """One that has forgotten its session."""
        with self._lock:
            self._ended[key].append(pgconn)

    def pids(self, *place: int | str) -> list[int]:
        """The processes of the server behind those to a database."""
        with self._lock:
            return [
                pgconn.backend_pid for several in self._ended.values() for pgconn in several if _at(pgconn) == place
            ]

    def end(self, *place: int | str) -> None:
        """Ends those to a database, and keeps none any more."""
        with self._lock:
            self.places.discard(place)
            for several in self._ended.values():
                for pgconn in [pgconn for pgconn in several if _at(pgconn) == place]:
                    several.remove(pgconn)
                    pgconn.finish()


def _at(pgconn: PGconn) -> Place:
    return int(pgconn.port), pgconn.db.decode()


connections = _Connections()


class _Connection(psycopg.Connection[Any]):
    """A connection of the program's that is not ended with it, unless it was interrupted or is in the midst of work."""

    key: Key = ()

    @classmethod
    def made(cls, location: str, parameters: dict[str, Any]) -> "_Connection":
        """A kept connection to the place, or a new one."""
        key = (location, *sorted(parameters.items()))
        pgconn = connections.take(key)
        if pgconn is None:
            connection = cls.connect(location, **parameters)
        else:
            connection = cls(pgconn)
            connection._autocommit = bool(parameters.get("autocommit", False))
        connection.key = key
        return connection

    def cancel_safe(self, **how: Any) -> None:
        """As ever; what comes late would stop another session."""
        self.key = ()
        super().cancel_safe(**how)

    def close(self) -> None:
        """Keeps the connection where it can be used again."""
        pgconn = self.pgconn
        as_begun = pgconn.status == ConnStatus.OK and pgconn.transaction_status == TransactionStatus.IDLE
        if not (self.key and as_begun and _at(pgconn) in connections.places and _forgets(pgconn)):
            super().close()
            return
        self.pgconn, self._closed = _ENDED, True
        connections.put(self.key, pgconn)


def _forgets(pgconn: PGconn) -> bool:
    return pgconn.exec_(_FORGET).status == ExecStatus.COMMAND_OK


def keep_connections(patch: pytest.MonkeyPatch) -> None:
    """From now on a connection that the program ends is used for the next one to the same place."""
    from clientdesk.store.engines.postgres_driver import PsycopgAdapter

    patch.setattr(
        PsycopgAdapter, "connect", lambda _adapter, db, **parameters: _Connection.made(db.database, parameters)
    )

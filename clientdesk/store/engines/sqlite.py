"""SQLite: a firm in a file."""

import errno
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import cast

from peewee import DatabaseError, SqliteDatabase

from clientdesk.config import log
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import Cursor, Interrupted, Matches, OverBudget, R, Upgraded, sqlite_file, sqlite_search

APPLICATION_ID = 0x434C4B44  # "CLKD": tells a firm from any other SQLite file
SCHEMA_VERSION = 5
MIGRATIONS = os.path.join(os.path.dirname(__file__), "sqlite_schema")

# kB of the file that are kept in memory; a great many rows are written to many places of the file.
_READING_CACHE, _WRITING_CACHE, _BULK_CACHE = 2_000, 16_000, 128_000
_MEMORIES = 4
_CHECKPOINT = 20_000  # pages of the log before it is moved into the file: many rows touch the same pages again
_PATIENCE = 5  # seconds to wait for another one who writes
_STEPS = 500  # virtual machine steps between two looks at the clock (about 0.03 ms)

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_CODES = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "unreadable",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "not_a_firm",
    "SQLITE_IOERR": "disk_error",
}


class SqliteEngine:
    """The engine of a firm in a file. Made by `open` or `create`."""

    def __init__(self, path: str, stands_at: str | None = None) -> None:
        self.location = path
        self.login: str | None = None
        self._stands_at = stands_at or path
        self._access = ""
        self._over_budget = False
        self._interrupted = False
        self._memory: dict[object, object] = {}
        self._memory_version = 0
        self._seen_version = 0
        self._connection: sqlite3.Connection | None = None
        self.upgraded = Upgraded(SCHEMA_VERSION, SCHEMA_VERSION, "")
        """What opening the file did to its schema."""
        self.db = SqliteDatabase(
            sqlite_file.uri(self._stands_at, "rw"),
            uri=True,
            lock_type="IMMEDIATE",
            autoconnect=False,
            thread_safe=False,
            check_same_thread=False,
            # The order matters: first the patience, then what may need it.
            pragmas=(
                ("busy_timeout", _PATIENCE * 1000),
                ("journal_mode", "wal"),
                ("synchronous", "full"),
                ("foreign_keys", 1),
                ("wal_autocheckpoint", _CHECKPOINT),
            ),
        )
        self.db.register_function(lambda: self._access, "clientdesk_access", 0)

    @classmethod
    def open(cls, path: str) -> "SqliteEngine":
        """Opens the firm at `path`; refuses in one sentence what is not a firm or cannot be used."""
        try:
            sqlite_file.look_before_opening(path)
            if sqlite_file.closed_beside(path):
                from clientdesk.store.engines import sqlite_sharing  # seldom needed: not at every start

                sqlite_sharing.look_beside(path)
        except FirmUnusable as error:
            from clientdesk.store.engines import sqlite_sharing

            refusal = sqlite_sharing.explained(error, path)
            if refusal.code not in ("firm_missing", "folder_missing"):
                log().error("%s: %s", path, refusal.code, exc_info=error)
            raise refusal from error
        engine = cls(path)
        try:
            with engine.errors():
                engine._connect()
                engine.upgraded = engine._look_inside()
                engine._seen_version = engine._version()
        except BaseException:
            engine.close()
            raise
        return engine

    @classmethod
    def upgrade(cls, path: str) -> Upgraded:
        """See `engines.upgrade`: opening a file does it."""
        engine = cls.open(path)
        engine.close()
        return engine.upgraded

    @classmethod
    def create(cls, path: str) -> "SqliteEngine":
        """Makes an empty firm (mode 0600) with the present schema; it stands at `path` after `publish` only."""
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise FirmUnusable(problem("folder_missing", path=folder))
        if os.path.lexists(path):
            raise FirmUnusable(problem("firm_exists", path=path))
        engine = cls(path, f"{path}.new-{os.getpid()}")
        try:
            os.close(os.open(engine._stands_at, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with engine.errors():
                engine._connect()
                engine.db.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                engine._migrate()
        except BaseException as error:
            engine.discard()
            if isinstance(error, OSError):
                code = "disk_full" if error.errno in _NO_SPACE else "read_only"
                raise FirmUnusable(problem(code, path=path)) from error
            raise
        return engine

    def publish(self) -> None:
        """See Engine: the firm gets its name whole or not at all, and is closed."""
        with self.errors():
            self.sql("PRAGMA wal_checkpoint(TRUNCATE)")
            self.close()
        try:
            os.link(self._stands_at, self.location)
        except OSError as error:
            code = "firm_exists" if isinstance(error, FileExistsError) else "read_only"
            raise FirmUnusable(problem(code, path=self.location)) from error
        finally:
            self.discard()
        sqlite_file.sync_folder(self.location)

    def discard(self) -> None:
        """See Engine."""
        self.close()
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                os.remove(self._stands_at + ending)

    def _connect(self) -> None:
        self.db.connect()
        self._connection = self.db.connection()
        if self.sql("PRAGMA journal_mode").fetchone()[0] != "wal":
            raise FirmUnusable(problem("read_only", path=self.location))

    def _look_inside(self) -> Upgraded:
        """Whose file is it, and of which version; upgrades an older one after a backup."""
        application_id = self.sql("PRAGMA application_id").fetchone()[0]
        version = self.sql("PRAGMA user_version").fetchone()[0]
        if application_id != APPLICATION_ID or version == 0:
            raise FirmUnusable(problem("not_a_firm", path=self.location))
        if version > SCHEMA_VERSION:
            raise FirmUnusable(problem("newer", path=self.location))
        backup = ""
        if version < SCHEMA_VERSION:
            backup = f"{self.location}.before-{SCHEMA_VERSION}"
            self.back_up(backup)
            self._migrate()
        return Upgraded(version, SCHEMA_VERSION, backup)

    def _migrate(self) -> None:
        from playhouse.migrations import Runner  # only a new or an older file needs it

        with self.db.atomic("IMMEDIATE"):
            Runner(self.db, MIGRATIONS).up()
            self.sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def back_up(self, path: str) -> None:
        """Copies the firm to `path` while others may go on working, and checks the copy before it is named so."""
        partial = path + ".part"
        with suppress(FileNotFoundError):
            os.remove(partial)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        copy = sqlite3.connect(partial)
        try:
            self.db.connection().backup(copy)
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        finally:
            copy.close()
        if not sound:
            os.remove(partial)
            raise FirmUnusable(problem("damaged", path=self.location))
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
        sqlite_file.sync_folder(path)

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """See Engine."""
        if self._interrupted:
            raise Interrupted
        cursor: Cursor = self.db.execute_sql(statement, parameters)
        return cursor

    @contextmanager
    def errors(self) -> Iterator[None]:
        """See Engine."""
        try:
            yield
        except (DatabaseError, sqlite3.Error) as error:
            name = _error_name(error)
            if name == "SQLITE_INTERRUPT":
                raise (OverBudget if self._over_budget else Interrupted) from None
            for start, code in _CODES.items():
                if name.startswith(start):
                    if code == "disk_error" and sqlite_file.is_full(self.location):
                        code = "disk_full"
                    log().error("%s: %s (%s)", self.location, code, name, exc_info=error)
                    raise FirmUnusable(problem(code, path=self.location)) from error
            if self.db.is_closed():
                raise FirmUnusable(problem("closed")) from error
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See Engine."""
        with self.db.atomic("DEFERRED"):
            yield

    @contextmanager
    def writing(self, bulk: bool = False) -> Iterator[None]:
        """See Engine."""
        try:
            self._keep(*(_BULK_CACHE, "memory") if bulk else (_WRITING_CACHE, "default"))
            with sqlite_file.turn(self._stands_at, _PATIENCE), self.db.atomic("IMMEDIATE"):
                yield
        finally:
            self._memory.clear()
            self._keep(_READING_CACHE, "default")

    def _keep(self, cache: int, temporary: str) -> None:
        """How much of the file is kept in memory (kB), and where temporary tables are."""
        self.db.execute_sql(f"PRAGMA cache_size = -{cache}")
        self.db.execute_sql(f"PRAGMA temp_store = {temporary}")

    @property
    def inside(self) -> bool:
        """See Engine."""
        return bool(self.db.in_transaction())

    def begin_change(self, at: str, actor_id: int, kind: str, access: str, operation: str) -> int:
        """See Engine."""
        self._access = access
        sql = "INSERT INTO change_set (at, actor_id, kind, operation) VALUES (?, ?, ?, ?) RETURNING id"
        return int(self.sql(sql, (at, actor_id, kind, operation)).fetchone()[0])

    def note_change(self, note: str) -> None:
        """See Engine."""
        self.sql("UPDATE change_set SET note = ? WHERE seal IS NULL", (note,))

    def seal_change(self, change_set_id: int, seal: Callable[[], str]) -> None:
        """See Engine."""
        self.sql("UPDATE change_set SET seal = ? WHERE id = ?", (seal(), change_set_id))

    def settle(self, operation: str) -> bool:
        """See Engine: between the program and its file no commit is ever in flight, but it can be asked."""
        return self.sql("SELECT 1 FROM change_set WHERE operation = ?", (operation,)).fetchone() is not None

    def keep_setting(self, member_id: int, name: str, value: str) -> None:
        """See Engine."""
        self.sql(
            "INSERT INTO member_setting (member_id, name, value) VALUES (?, ?, ?)"
            " ON CONFLICT (member_id, name) DO UPDATE SET value = excluded.value",
            (member_id, name, value),
        )

    def news(self) -> bool:
        """See Engine: SQLite counts up when another connection has written."""
        before, self._seen_version = self._seen_version, self._version()
        return self._seen_version != before

    def renew(self) -> None:
        """See Engine: a file is always there, or its errors say why not."""

    def grant_sql(self, login: str, access: str | None) -> str:
        """See Engine."""
        return ""

    @contextmanager
    def loading(self) -> Iterator[None]:
        """See Engine: without its triggers, of which those of the search index are made up for at the end."""
        with self.writing(bulk=True):
            triggers = self.sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _sql in triggers:
                self.sql(f"DROP TRIGGER {name}")
            yield
            self.sql("INSERT INTO client_search (client_search) VALUES ('rebuild')")
            for _name, sql in triggers:
                self.sql(sql)

    def aside(self, column: str) -> str:
        """See Engine."""
        return f"+{column}"

    def _version(self) -> int:
        return int(self.sql("PRAGMA data_version").fetchone()[0])

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """See Engine."""
        if self._interrupted:
            raise Interrupted
        assert self._connection is not None
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def stage(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """See Engine.

        A statement on a table with triggers keeps a journal of every page it touches, and has FTS5 write to
        the disk before it: dear for each row, cheap for one statement that moves many staged ones.
        """
        names = ", ".join(columns)
        self.sql(f"CREATE TEMP TABLE IF NOT EXISTS staged_{table} AS SELECT {names} FROM {table} LIMIT 0")
        self.insert_many(f"temp.staged_{table}", columns, rows)

    def move_staged(self, table: str, columns: Sequence[str], order: str) -> None:
        """See Engine."""
        names, staged = ", ".join(columns), f"temp.staged_{table}"
        # In the order of the largest index: its pages, and those of others, are then met one after the other.
        self.sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM {staged} ORDER BY {order}, rowid")
        self.sql(f"DELETE FROM {staged}")

    def remembered(self, key: object, make: Callable[[], R]) -> R:
        """See Engine."""
        version = self._version()
        if version != self._memory_version:
            self._memory_version = version
            self._memory.clear()
        if key not in self._memory:
            made = make()
            while len(self._memory) >= _MEMORIES:
                del self._memory[next(iter(self._memory))]
            self._memory[key] = made
        return cast(R, self._memory[key])

    def contains(self, words: Sequence[str]) -> tuple[str, tuple[object, ...]]:
        """See Engine."""
        return sqlite_search.contains(words)

    def matches(self, words: Sequence[str]) -> Matches:
        """See Engine."""
        return self.remembered(("matches", tuple(words)), lambda: sqlite_search.find(self, words))

    def tally(self, matches: Matches) -> int:
        """See Engine."""
        return sqlite_search.tally(self, matches)

    @contextmanager
    def budget(self, seconds: float) -> Iterator[None]:
        """See Engine."""
        assert self._connection is not None
        until = time.monotonic() + seconds
        self._over_budget = False

        def over() -> bool:
            self._over_budget = time.monotonic() > until
            return self._over_budget

        self._connection.set_progress_handler(over, _STEPS)
        try:
            with self.errors():
                yield
        finally:
            self._connection.set_progress_handler(None, 0)
            self._over_budget = False

    def any_of(self, ids: Sequence[int]) -> tuple[str, tuple[object, ...]]:
        """See Engine."""
        return "id IN (SELECT value FROM json_each(?))", ("[" + ",".join(map(str, ids)) + "]",)

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """See Engine."""
        try:
            found = [row[0] for row in self.sql("PRAGMA integrity_check(20)").fetchall()]
        except (DatabaseError, sqlite3.Error) as error:
            found = [str(error)]
        yield "file", found == ["ok"], "; ".join(found)
        if found != ["ok"]:
            return
        orphans = self.sql("PRAGMA foreign_key_check").fetchall()
        yield "references", not orphans, f"{len(orphans)}"
        try:
            self.sql("INSERT INTO client_search (client_search, rank) VALUES ('integrity-check', 1)")
            yield "search", True, ""
        except (DatabaseError, sqlite3.Error) as error:
            yield "search", False, str(error)
        mode = stat.S_IMODE(os.stat(self.location).st_mode)
        yield "permissions", mode & 0o007 == 0, f"{mode:04o}"
        from clientdesk.store.engines import sqlite_sharing

        if sqlite_sharing.is_meant(self.location):
            reasons = sqlite_sharing.missing(self.location)
            group = sqlite_sharing.group_of(self.location)
            yield "sharing", not reasons, " ".join(each.message for each in reasons) or group
        yield "place", not sqlite_file.on_network(self.location), ""

    def interrupt(self) -> None:
        """See Engine."""
        self._interrupted = True  # for a job that is between two statements now
        if self._connection is not None:
            with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                self._connection.interrupt()

    def resume(self) -> None:
        """See Engine."""
        self._interrupted = False

    def close(self) -> None:
        """See Engine."""
        self._connection = None
        if not self.db.is_closed():
            self.db.close()


def _error_name(error: BaseException) -> str:
    """The name of SQLite's own error code, which may stand some levels down in the chain of contexts."""
    found, seen = "", 0
    current: BaseException | None = error
    while current is not None and seen < 10:
        found = getattr(current, "sqlite_errorname", None) or found
        current, seen = current.__cause__ or current.__context__, seen + 1
    return found

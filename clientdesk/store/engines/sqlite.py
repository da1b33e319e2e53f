"""SQLite: a firm in a file."""

import os
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, cast

from peewee import OP, SQL, BaseQuery, DatabaseError, Expression, Field, SqliteDatabase

from clientdesk import temporary
from clientdesk.config import log
from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import (
    ROOM,
    Cursor,
    Difference,
    Interrupted,
    Keep,
    Loading,
    Matches,
    OverBudget,
    R,
    Repaired,
    Schema,
    Statement,
    Upgraded,
    sqlite_file,
    sqlite_header,
    sqlite_search,
    sqlite_text,
    versions,
)
from clientdesk.store.engines.sqlite_errors import CODES, error_name, is_id_again, not_made
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.store.engines.sqlite_marking import Marking

FILE_NAME = "firm.db"
"""How a firm is called in the folder in which it is made."""
MIGRATIONS = os.path.join(os.path.dirname(__file__), "sqlite_schema")

# kB of the file that are kept in memory; a great many rows are written to many places of the file.
_READING_CACHE, _WRITING_CACHE, _BULK_CACHE = 2_000, 16_000, 128_000
_MEMORIES = 4
_CHECKPOINT = 20_000  # pages of the log before it is moved into the file: many rows touch the same pages again
_PATIENCE = 5  # seconds to wait for another one who writes
_STEPS = 500  # virtual machine steps between two looks at the clock (about 0.03 ms)

_TOO_GREAT = re.compile(r"too large to convert to SQLite INTEGER|cannot store REAL value in INTEGER column")
_LACKING = re.compile(r"no such (table|column|index)|table \S+ has no column")


class SqliteEngine:
    """The engine of a firm in a file. Made by `open` or `create`."""

    def __init__(self, path: str, made_in: temporary.Folder | None = None, file: FirmFile | None = None) -> None:
        self.location = path
        self.notices: tuple[Problem, ...] = ()
        self._file = file
        """The file that was opened; None for one that is being made, which nobody else knows."""
        self.login: str | None = None
        self._made_in = made_in
        """Where a new firm is until it has its name."""
        self.stands_at = path if made_in is None else os.path.join(made_in.path, FILE_NAME)
        self.rows_written: Counter[str] = Counter()
        self.change_set = 0
        self.entries_told: Sequence[Any] | None = None
        self._access = ""
        self._over_budget = False
        self._interrupted = False
        self._memory: dict[object, object] = {}
        self._memory_version = 0
        self._seen_version = 0
        self._connection: sqlite3.Connection | None = None
        self.upgraded = Upgraded(versions.SCHEMA_VERSION, versions.SCHEMA_VERSION, "")
        """What opening the file did to its schema."""
        self.db = SqliteDatabase(
            sqlite_file.uri(self.stands_at, "rw"),
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
        self._marking = Marking(self.db, file)
        self.db.register_function(lambda: self._access, "clientdesk_access", 0)

    @classmethod
    def open(cls, path: str) -> "SqliteEngine":
        """Opens the firm at `path`; refuses in one sentence what is not a firm or cannot be used.

        Where its disk has no room for what SQLite keeps beside it, it is opened to be read.
        """
        try:
            return cls._opened(path)
        except FirmUnusable as error:
            if error.code != "disk_full":
                raise
            try:
                return cls._opened(path, no_room=True)
            except FirmUnusable:  # its latest changes stand beside it, or it is to be brought up to date
                raise error from None

    @classmethod
    def _opened(cls, path: str, no_room: bool = False) -> "SqliteEngine":
        try:
            file, way, notices = sqlite_file.look_before_opening(path, no_room)
        except FirmUnusable as error:
            from clientdesk.store.engines import sqlite_sharing

            refusal = sqlite_sharing.explained(error, path)
            if refusal.code not in ("firm_missing", "folder_missing"):
                log().error("%s: %s", path, refusal.code, exc_info=error)
            if refusal is error:
                raise
            raise refusal from error
        temporary.sweep_folder(os.path.dirname(os.path.abspath(path)))
        if way.reason:
            from clientdesk.store.engines import sqlite_sharing
            from clientdesk.store.engines.sqlite_reading import ReadOnlyEngine

            half_shared = sqlite_sharing.half_shared(path)
            hint = "" if half_shared is None else half_shared.message
            engine: SqliteEngine = ReadOnlyEngine(path, file, way, hint)
            notices += half_shared.problems if half_shared is not None else ()
        else:
            engine = cls(path, file=file)
        engine.notices = (*way.notice(path), *notices)
        try:
            with engine.errors():
                engine._connect()
                file.check_path()  # SQLite has opened what stood there when it looked
                file.remember()
                engine.upgraded = engine._look_inside()
                engine._seen_version = engine._version()
        except BaseException as error:
            engine.close()
            if isinstance(error, FirmUnusable):
                error.problems += notices
            raise
        return engine

    @classmethod
    def upgrade(cls, path: str) -> Upgraded:
        """See `engines.upgrade`: opening a file does it."""
        engine = cls.open(path)
        engine.close()
        notices = (each for each in engine.notices if each.code not in ("upgraded", "opened_read_only"))
        return engine.upgraded._replace(notices=tuple(notices))

    @classmethod
    def repair(cls, path: str) -> Repaired:
        """See `engines.repair`."""
        from clientdesk.store.engines import sqlite_expected

        engine = cls.open(path)
        try:
            if engine.read_only is not None:
                raise FirmUnusable(engine.read_only._replace(code="repair_read_only"))
            with engine.errors():
                backup = engine.back_up(f"{path}.before-repair")
                with engine.writing():
                    sqlite_expected.mend(engine.db, MIGRATIONS)
        finally:
            engine.close()
        return Repaired("", backup)

    @classmethod
    def create(cls, path: str) -> "SqliteEngine":
        """Makes an empty firm (mode 0600) with the present schema; it stands at `path` after `publish` only."""
        sqlite_file.look_before_making(path)
        folder = os.path.dirname(os.path.abspath(path))
        try:
            engine = cls(path, temporary.Folder(folder))
        except OSError as error:
            raise not_made(error, path) from error
        try:
            os.close(os.open(engine.stands_at, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with engine.errors():
                engine._connect()
                engine.db.execute_sql(f"PRAGMA application_id = {sqlite_header.APPLICATION_ID}")
                engine._migrate()
        except BaseException as error:
            engine.discard()
            if isinstance(error, OSError):
                raise not_made(error, path) from error
            raise
        return engine

    @classmethod
    def of_copy(cls, path: str, made_in: temporary.Folder) -> "SqliteEngine":
        """The firm in the file `FILE_NAME` of a folder, which nobody else knows and which shall stand at `path`: with the
        present schema and a generation of its own. The folder is gone with `discard`."""
        engine = cls(path, made_in)
        try:
            with engine.errors():
                engine._connect()
                if sqlite_header.schema(engine._marking.version) < versions.SCHEMA_VERSION:
                    engine._migrate()
                else:
                    engine._marking.version = sqlite_header.new_version(versions.SCHEMA_VERSION)
        except BaseException:
            engine.discard()
            raise
        return engine

    def publish(self) -> None:
        """See Engine: the firm gets its name whole or not at all, and is closed."""
        with self.errors():
            self.sql("PRAGMA wal_checkpoint(TRUNCATE)")
            self.close()
        try:
            temporary.give_name(self.stands_at, self.location)
        except OSError as error:
            code = "firm_exists" if isinstance(error, FileExistsError) else "read_only"
            raise FirmUnusable(problem(code, path=self.location)) from error
        finally:
            self.discard()
        sqlite_file.sync_folder(self.location)

    def discard(self) -> None:
        """See Engine."""
        self.close()
        if self._made_in is not None:
            self._made_in.discard()

    def _connect(self) -> None:
        self._use_connection()
        if self.sql("PRAGMA journal_mode").fetchone()[0] != "wal":
            raise FirmUnusable(problem("read_only", path=self.location))

    def _use_connection(self) -> None:
        """Connects; what another program left that is no UTF-8 is read with a mark in its place (see `text`)."""
        self.db.connect()
        self._connection = self.db.connection()
        self._connection.text_factory = sqlite_text.decoded

    def _look_inside(self) -> Upgraded:
        """Of which version is it; upgrades an older one after a backup."""
        version = sqlite_header.schema(self._marking.version)
        versions.look(version, self.location)
        backup = ""
        if version < versions.SCHEMA_VERSION:
            if self.read_only is not None:
                raise FirmUnusable(problem("older_read_only", path=self.location))
            backup = self.back_up(f"{self.location}.before-{versions.SCHEMA_VERSION}")
            self._migrate()
            self.notices = (*self.notices, problem("upgraded", path=self.location, backup=backup))
        return Upgraded(version, versions.SCHEMA_VERSION, backup)

    def _migrate(self) -> None:
        from playhouse.migrations import Runner  # only a new or an older file needs it

        from clientdesk.store.engines import sqlite_rules

        before = self._marking.version
        if before:  # a -wal that begins with what the file says belongs to it, wherever this is broken off
            self._marking.version = before
        with self.db.atomic("IMMEDIATE"):
            sqlite_rules.clear(self.db)
            Runner(self.db, MIGRATIONS).up()
            sqlite_rules.make_anew(self.db)
            self._marking.version = sqlite_header.new_version(versions.SCHEMA_VERSION)
        self._marking.checkpoint()

    @property
    def version(self) -> int:
        """Schema and generation as SQLite sees them: what the -wal says counts."""
        return self._marking.version

    def back_up(self, path: str) -> str:
        """See Engine."""
        from clientdesk.store.engines import sqlite_backup

        return sqlite_backup.back_up(self, path)

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """See Engine."""
        if self._interrupted:
            raise Interrupted
        cursor: Cursor = self.db.execute_sql(statement, parameters)
        return cursor

    def execute(self, query: BaseQuery) -> Cursor:
        """See Engine."""
        if self._interrupted:
            raise Interrupted
        cursor: Cursor = self.db.execute(query)
        return cursor

    def together(self, *statements: Statement) -> list[list[Any]]:
        """See Engine."""
        return [
            self.sql(*statement).fetchall() if isinstance(statement, tuple) else self.db.execute(statement).fetchall()
            for statement in statements
        ]

    def begins(
        self, kind: str, operation: str, job: int | None = None, undoes: int | None = None
    ) -> tuple[str, Sequence[object]]:
        """See Engine: a file tells no reader from a writer."""
        return "NULL", ()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """See Engine."""
        try:
            yield
        except (DatabaseError, sqlite3.Error, OverflowError) as error:
            if _TOO_GREAT.search(str(error)):
                raise FirmUnusable(problem("number_too_great")) from error
            if isinstance(error, OverflowError):
                raise
            if is_id_again(error):
                raise FirmUnusable(problem("ids_uncounted", path=self.location)) from error
            name = error_name(error)
            if name == "SQLITE_INTERRUPT":
                raise (OverBudget if self._over_budget else Interrupted) from None
            for start, code in CODES.items():
                if name.startswith(start):
                    if code != "locked":
                        self._marking.check()
                    if code == "disk_error" and sqlite_file.is_full(self.location):
                        code = "disk_full"
                    log().error("%s: %s (%s)", self.location, code, name, exc_info=error)
                    raise FirmUnusable(problem(code, path=self.location)) from error
            if name == "SQLITE_ERROR" and _LACKING.match(str(error)):
                log().error("%s: %s", self.location, name, exc_info=error)
                raise FirmUnusable(problem("not_as_made", path=self.location, reason=str(error))) from error
            if self.db.is_closed():
                raise FirmUnusable(problem("closed")) from error
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See Engine."""
        with self.db.atomic("DEFERRED"):
            yield

    @contextmanager
    def writing(self, bulk: bool = False, asks: Sequence[Statement] = ()) -> Iterator[list[list[Any]]]:
        """See Engine. Raises FirmUnusable, too, where the file is not the one any more that was opened."""
        self._marking.check()
        try:
            self._keep(*(_BULK_CACHE, "memory") if bulk else (_WRITING_CACHE, "default"))
            if not bulk and not self.inside:
                # SQLite counts a commit in the file's header only where it has read the first page anew; by that count
                # an older copy is known. Many rows are known by the file's length, and need what is in memory.
                self.sql("PRAGMA shrink_memory")
            with sqlite_file.turn(self.stands_at, _PATIENCE):
                self._marking.claim()
                with self._marking.transaction(_PATIENCE):
                    yield self.together(*asks)
            self._marking.check()  # what went into another file, or into none, is not saved
        finally:
            self._memory.clear()
            if self._file is None or not self._file.is_another:
                self._keep(_READING_CACHE, "default")

    def _keep(self, cache: int, temporary: str) -> None:
        """How much of the file is kept in memory (kB), and where temporary tables are."""
        self.db.execute_sql(f"PRAGMA cache_size = -{cache}")
        self.db.execute_sql(f"PRAGMA temp_store = {temporary}")

    @property
    def read_only(self) -> Problem | None:
        """See Engine."""
        return None

    @property
    def inside(self) -> bool:
        """See Engine."""
        return bool(self.db.in_transaction())

    def begin_change(
        self,
        at: str,
        actor_id: int,
        kind: str,
        access: str,
        operation: str,
        job: int | None = None,
        undoes: int | None = None,
    ) -> int:
        """See Engine."""
        self._access = access
        columns = "at, actor_id, kind, operation, job, undoes"
        sql = f"INSERT INTO change_set ({columns}) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        return int(self.sql(sql, (at, actor_id, kind, operation, job, undoes)).fetchone()[0])

    def next_ids(self, entity: str, count: int) -> range:
        """See Engine."""
        sql = "SELECT coalesce((SELECT origin FROM firm), 0), (SELECT next FROM id_counter WHERE entity = ?)"
        origin, counted = self.sql(sql, (entity,)).fetchone()
        first = max(origin * ROOM + 1, counted or 0)
        if first + count - 1 > (origin + 1) * ROOM:
            raise FirmUnusable(problem("ids_uncounted", path=self.location))
        if counted is None:
            self.sql("INSERT INTO id_counter (next, entity) VALUES (?, ?)", (first + count, entity))
        else:
            self.sql("UPDATE id_counter SET next = ? WHERE entity = ?", (first + count, entity))
        return range(first, first + count)

    def clocked(self, *columns: str) -> dict[str, str]:
        """See Engine."""
        return dict.fromkeys(columns, datetime.now(UTC).isoformat(timespec="milliseconds"))

    def note_change(self, note: str) -> None:
        """See Engine."""
        self.sql("UPDATE change_set SET note = ? WHERE seal IS NULL", (note,))

    def entries_asked(self) -> Statement:
        """See Engine."""
        return "SELECT entity, count(*) FROM history WHERE change_set_id = ? GROUP BY entity", (self.change_set,)

    def entries_written(self, told: Sequence[Any]) -> Mapping[str, int]:
        """See Engine."""
        return dict(told)

    def seal_change(self, change_set_id: int, entries: int, seal: Callable[[Keep], str]) -> None:
        """See Engine."""
        before = "SELECT s.total FROM change_set s WHERE s.job = change_set.job AND s.id < change_set.id"
        self.sql(
            f"UPDATE change_set SET seal = ?1, entries = ?2, total = ?2 + coalesce(({before}"
            " ORDER BY s.id DESC LIMIT 1), 0) WHERE id = ?3",
            (seal(self._keep_digests), entries, change_set_id),
        )

    def _keep_digests(self, digests: Sequence[tuple[str, str, int]]) -> None:
        assert self._connection is not None
        self._connection.executemany("UPDATE history SET salt = ?, digest = ? WHERE id = ?", digests)

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
        """See Engine: SQLite counts up when another connection has written. A file that stays open is claimed."""
        self._marking.check()
        with suppress(DatabaseError, sqlite3.Error):  # the first write says what is wrong
            self._marking.claim()
        before, self._seen_version = self._seen_version, self._version()
        return self._seen_version != before

    def renew(self) -> None:
        """See Engine: a file is always there, or its errors say why not."""

    def grant_sql(self, login: str, access: str | None) -> str:
        """See Engine."""
        return ""

    def loading(self) -> AbstractContextManager[Loading]:
        """See Engine."""
        from clientdesk.store.engines import sqlite_loading  # only a copy of a firm needs it

        return sqlite_loading.loading(self)

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

    def move_staged(self, table: str, columns: Sequence[str], order: str, deals: bool) -> None:
        """See Engine."""
        names, staged = ", ".join(columns), f"temp.staged_{table}"
        # In the order of the largest index: its pages, and those of others, are then met one after the other. The ids
        # are dealt out in it, as the table and its history are in their order.
        dealt = f"(SELECT min(id) FROM {staged}) + row_number() OVER (ORDER BY {order}, rowid) - 1"
        values = ", ".join(dealt if name == "id" and deals else name for name in columns)
        self.sql(f"INSERT INTO {table} ({names}) SELECT {values} FROM {staged} ORDER BY {order}, rowid")
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

    def one_of(self, column: Field, ids: Sequence[int]) -> Expression:
        """See Engine."""
        return Expression(column, OP.IN, SQL("(SELECT value FROM json_each(?))", ["[" + ",".join(map(str, ids)) + "]"]))

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """See Engine."""
        from clientdesk.store.engines import sqlite_check

        return sqlite_check.check(self)

    def expected_schema(self) -> Schema:
        """See Engine."""
        from clientdesk.store.engines import sqlite_expected

        return sqlite_expected.expected_schema(MIGRATIONS)

    def differences(self) -> Iterator[Difference]:
        """See Engine."""
        from clientdesk.store.engines import sqlite_expected

        return sqlite_expected.differences(self.db, MIGRATIONS)

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
        """See Engine. What is not committed is rolled back: a signal may come at the beginning of a transaction."""
        self._connection = None
        if not self.db.is_closed():
            connection = self.db.connection()
            if self._file is not None and self._file.is_another:
                connection.interrupt()  # else closing the last connection moves its -wal into the other file
            connection.close()
            self.db.dispose()  # Peewee's own closing refuses where a transaction has begun
        if self._file is not None:
            self._file.release()

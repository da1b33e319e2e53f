"""SQLite: a firm in a file."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, cast

from peewee import OP, SQL, EnclosedNodeList, Expression, Field, Node, NodeList, fn

from clientdesk import temporary
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import (
    ROOM,
    Change,
    Difference,
    Interrupted,
    Keep,
    Loading,
    Matches,
    R,
    Schema,
    Upgraded,
    sqlite_file,
    sqlite_header,
    sqlite_search,
    versions,
)
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.store.engines.sqlite_transactions import FileTransactions

FILE_NAME = "firm.db"
"""How a firm is called in the folder in which it is made."""
MIGRATIONS = os.path.join(os.path.dirname(__file__), "sqlite_schema")

_MEMORIES = 16
_STEPS = 500  # virtual machine steps between two looks at the clock (about 0.03 ms)


class SqliteEngine(FileTransactions):
    """The engine of a firm in a file. See `sqlite_making`."""

    entries = "SELECT entity, count(*), 1 FROM history WHERE change_set_id = ? GROUP BY entity"
    begins = ""
    ids_along = 50_000

    def __init__(self, path: str, made_in: temporary.Folder | None = None, file: FirmFile | None = None) -> None:
        super().__init__(path, path if made_in is None else os.path.join(made_in.path, FILE_NAME), file)
        self.notices: tuple[Problem, ...] = ()
        self.login: str | None = None
        self._made_in = made_in
        """Where a new firm is until it has its name."""
        self.catalogue: Catalogue = BUILT_IN
        self.rows_written: Counter[str] = Counter()
        self.change_set = 0
        self.entries_told: Sequence[Any] | None = None
        self._access = ""
        self._memory_version = 0
        self.upgraded = Upgraded(versions.SCHEMA_VERSION, versions.SCHEMA_VERSION, "")
        """What opening the file did to its schema."""
        self.db.register_function(lambda: self._access, "clientdesk_access", 0)

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

    def look_inside(self) -> Upgraded:
        """Of which version it is; upgrades an older one after a backup."""
        version = sqlite_header.schema(self.version)
        versions.check(version, self.location)
        backup = ""
        if version < versions.SCHEMA_VERSION:
            if self.read_only is not None:
                raise FirmUnusable(problem("older_read_only", path=self.location))
            backup = self.back_up(f"{self.location}.before-{versions.SCHEMA_VERSION}")
            self.migrate()
            self.notices = (*self.notices, problem("upgraded", path=self.location, backup=backup))
        self._seen_version = self._version()
        return Upgraded(version, versions.SCHEMA_VERSION, backup)

    def migrate(self) -> None:
        """Gives a new or an older file the present schema."""
        from playhouse.migrations import Runner  # only a new or an older file needs it

        from clientdesk.store.engines import sqlite_rules

        if before := self.version:  # a -wal that begins with what the file says belongs to it, wherever this breaks off
            self.version = before
        with self.db.atomic("IMMEDIATE"):
            sqlite_rules.clear(self.db)
            Runner(self.db, MIGRATIONS).up()
            sqlite_rules.make_anew(self.db)
            self.version = sqlite_header.new_version(versions.SCHEMA_VERSION)
        self.checkpoint()

    def back_up(self, path: str) -> str:
        """See Engine."""
        from clientdesk.store.engines import sqlite_backup

        return sqlite_backup.back_up(self, path)

    @property
    def read_only(self) -> Problem | None:
        """See Engine."""
        return None

    def begin_change(self, actor_id: int, access: str, change: Change) -> int:
        """See Engine."""
        self._access = access
        sql = (
            "INSERT INTO change_set (at, actor_id, kind, operation, job, undoes)"
            " VALUES (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), ?, ?, ?, ?, ?) RETURNING id"
        )
        return int(self.sql(sql, (actor_id, *change)).fetchone()[0])

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

    def clock(self) -> tuple[timedelta, tzinfo | None]:
        """See Engine."""
        return timedelta(0), None

    def clocked(self, *columns: str) -> dict[str, str]:
        """See Engine."""
        return dict.fromkeys(columns, datetime.now(UTC).isoformat(timespec="milliseconds"))

    def note_change(self, note: str, stayed: int = 0) -> None:
        """See Engine."""
        self.sql("UPDATE change_set SET note = ?, stayed = ? WHERE seal IS NULL", (note, stayed))

    def seal_change(self, change_set_id: int, entries: int, seal: Callable[[Keep], str]) -> None:
        """See Engine."""
        assert self._connection is not None
        keep = partial(self._connection.executemany, "UPDATE history SET salt = ?, digest = ? WHERE id = ?")
        before = "SELECT s.total FROM change_set s WHERE s.job = change_set.job AND s.id < change_set.id"
        self.sql(
            f"UPDATE change_set SET seal = ?, entries = ?, total = ? + coalesce(({before}"
            " ORDER BY s.id DESC LIMIT 1), 0) WHERE id = ?",
            (seal(keep), entries, entries, change_set_id),
        )

    def begin_import(self, number: int) -> None:
        """See Engine."""
        if self._file is not None:
            self._file.begin_import(number)

    def end_import(self, number: int) -> None:
        """See Engine."""
        if self._file is not None:
            self._file.end_import(number)

    def imports_at_work(self, numbers: Sequence[int]) -> set[int]:
        """See Engine: a lock tells it, which ends with whoever holds it."""
        return set() if self._file is None else set(filter(self._file.has_import, numbers))

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

    def grant_sql(self, login: str, access: str | None) -> str:
        """See Engine."""
        return ""

    def loading(self) -> AbstractContextManager[Loading]:
        """See Engine."""
        from clientdesk.store.engines import sqlite_loading  # only a copy of a firm needs it

        return sqlite_loading.loading(self)

    def aside(self, condition: Expression) -> Expression:
        """See Engine."""
        return cast(Expression, NodeList((SQL("+"), EnclosedNodeList((condition,))), glue=""))

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
            value = make()
            while len(self._memory) >= _MEMORIES:
                del self._memory[next(iter(self._memory))]
            self._memory[key] = value
        return cast(R, self._memory[key])

    def contains(self, column: Field, words: Sequence[str]) -> Expression:
        """See Engine."""
        return sqlite_search.contains(column, words)

    def any_of(self, column: Field, pieces: Sequence[str]) -> Expression:
        """See Engine."""
        return sqlite_search.any_of(column, pieces)

    def matches(self, column: Field, words: Sequence[str]) -> Matches:
        """See Engine."""
        return self.remembered(("matches", tuple(words)), lambda: sqlite_search.find(self, column, words))

    def sweep(self, column: Field, words: Sequence[str], matches: Matches) -> Expression:
        """See Engine."""
        return self.remembered(("sweep", tuple(words)), lambda: sqlite_search.sweep(self, column, words, matches))

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

    def one_of(self, column: Field, ids: Sequence[int]) -> Expression:
        """See Engine."""
        return Expression(column, OP.IN, SQL("(SELECT value FROM json_each(?))", ["[" + ",".join(map(str, ids)) + "]"]))

    def recorded(self, entity: str, row: str) -> Node:
        """See Engine."""
        from clientdesk.store.engines import sqlite_history_triggers  # only an undo needs it
        from clientdesk.store.entities import ENTITIES

        return SQL(sqlite_history_triggers.values(ENTITIES[entity], row))

    def holds(self, text: Node, part: str) -> Expression:
        """See Engine."""
        return Expression(fn.INSTR(text, part), OP.GT, 0)

    def beyond_ascii(self, column: Field) -> Expression:
        """See Engine."""
        return Expression(fn.LENGTH(column), OP.NE, fn.LENGTH(column.cast("BLOB")))

    def may_hold(self, column: Field, text: str) -> Expression:
        """See Engine."""
        return column.contains(text) | self.beyond_ascii(column)

    def number_in(self, column: Field) -> Node:
        """See Engine."""
        return column.cast("INTEGER")

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """See Engine."""
        from clientdesk.store.engines import sqlite_check

        return sqlite_check.check(self)

    def expected_schema(self) -> Schema:
        """See Engine."""
        from clientdesk.store.engines import sqlite_expected_schema

        return sqlite_expected_schema.expected_schema(MIGRATIONS)

    def differences(self) -> Iterator[Difference]:
        """See Engine."""
        from clientdesk.store.engines import sqlite_expected_schema

        return sqlite_expected_schema.differences(self.db, MIGRATIONS)

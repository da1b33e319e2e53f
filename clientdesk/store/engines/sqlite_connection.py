"""The connection to a firm's file: made, asked, interrupted, closed; and its transactions, each of which looks before and
behind whether the file is still the one that was opened.

Every commit carries the file's generation, see `sqlite_header`.
"""

import codecs
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any

from peewee import BaseQuery, DatabaseError, SqliteDatabase

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.log_file import log
from clientdesk.store.engines import (
    Cursor,
    Interrupted,
    OverBudget,
    Statement,
    sqlite_file,
    sqlite_header,
)
from clientdesk.store.engines.peewee_text import Wording
from clientdesk.store.engines.sqlite_errors import CODES, error_name, is_id_again
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.text import UNREADABLE

# kB of the file that are kept in memory. With 16 MB an import into a firm of 100,000 takes the same processor time.
_CACHE, _BULK_CACHE = 2_500, 128_000
_CHECKPOINT = 20_000  # pages of the log before it is moved into the file: many rows touch the same pages again
_PATIENCE = 5  # seconds to wait for another one who writes

_REFERRED_TO = "FOREIGN KEY constraint failed"
_TOO_GREAT = re.compile(r"too large to convert to SQLite INTEGER|cannot store REAL value in INTEGER column")
_LACKING = re.compile(r"no such (table|column|index)|table \S+ has no column")
_BETWEEN_TRIES = 0.01  # seconds
_MARKED = "clientdesk.marked"


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNREADABLE, error.end


codecs.register_error(_MARKED, _mark)


_DECODED = partial(str, encoding="utf-8", errors=_MARKED)
"""A text as it is kept, whatever program wrote it; each piece that is no UTF-8 is one mark, which `check` finds."""


_turns: dict[str, threading.RLock] = {}
"""By path the lock of whoever of this program writes to the file."""


class FileConnection:
    """One connection to the file of a firm."""

    def __init__(self, location: str, stands_at: str, file: FirmFile | None) -> None:
        self.location = location
        self.stands_at = stands_at
        """Where the file is by now: a new firm gets its name when it is whole."""
        self._file = file
        """The file that was opened; None for one that is being made, which nobody else knows."""
        self._over_budget = False
        self._interrupted = False
        self._memory: dict[object, object] = {}
        self._seen_version = 0
        self._connection: sqlite3.Connection | None = None
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
                ("cache_size", -_CACHE),
            ),
        )
        self.db.context_class = Wording
        self._claimed = False
        """Whether the file has a generation that was given to it here."""
        self._turn = _turns.setdefault(os.path.abspath(stands_at), threading.RLock())

    def connect(self) -> None:
        """Connects, to write as well."""
        self._use_connection()
        if self.sql("PRAGMA journal_mode").fetchone()[0] != "wal":
            raise FirmUnusable(problem("read_only", path=self.location))

    def _use_connection(self) -> None:
        """Connects; what another program left that is no UTF-8 is read with a mark in its place."""
        self.db.connect()
        self._connection = self.db.connection()
        self._connection.text_factory = _DECODED

    @property
    def version(self) -> int:
        """Schema and generation as SQLite sees them: what the -wal says counts."""
        return int(self.db.execute_sql("PRAGMA user_version").fetchone()[0])

    @version.setter
    def version(self, number: int) -> None:
        self.db.execute_sql(f"PRAGMA user_version = {number}")

    def check_file(self) -> None:
        """Raises FirmUnusable where the file at the firm's place is not the one any more that was opened."""
        if self._file is not None:
            self._file.check()

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
            if _REFERRED_TO in str(error):
                raise FirmUnusable(problem("referred_to_meanwhile")) from error
            if is_id_again(error):
                raise FirmUnusable(problem("ids_uncounted", path=self.location)) from error
            name = error_name(error)
            if name == "SQLITE_INTERRUPT":
                raise (OverBudget if self._over_budget else Interrupted) from None
            for start, code in CODES.items():
                if name.startswith(start):
                    if code != "locked":
                        self.check_file()
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
        """See Engine. Raises FirmUnusable, too, where the file is not the one any more that was opened.

        One writer of this program at a time: SQLite lets a waiting one look now and then whether the file is free, and
        beside an import that writes batch after batch it would seldom find it so. A thread that waits for its turn is
        woken as soon as the batch is written. After some seconds SQLite's own waiting takes over.
        """
        if bulk:
            self._keep(_BULK_CACHE, "memory")
        elif not self.inside:
            # SQLite counts a commit in the file's header only where it has read the first page anew; by that count
            # an older copy is known. Many rows are known by the file's length, and need what is in memory.
            self.sql("PRAGMA shrink_memory")
        is_mine = self._turn.acquire(timeout=_PATIENCE)
        try:
            if not self._claimed:
                self._claim()
            with self._transaction():
                yield self.together(*asks)
        finally:
            if is_mine:
                self._turn.release()
            self._memory.clear()
            if bulk and (self._file is None or not self._file.is_another):
                self._keep(_CACHE, "default")
        self.check_file()  # what went into another file, or into none, is not saved

    def _claim(self) -> None:
        """Gives the file a new generation before it is written to for the first time, where nobody else has it open.

        Whoever has given it one keeps it open: all who open the file beside them find it, and it stays.
        """
        if self._file is None or self.inside or self._file.in_use:
            return
        with self.db.atomic("IMMEDIATE"):
            version = self.version
            if self._file.check() != version:
                return
            self.version = sqlite_header.new_version(sqlite_header.schema(version))
        self._claimed = True
        self.checkpoint()
        self.check_file()  # from now on the file without that generation is another one

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A transaction with the right to write, whose commit carries the first page and so the file's generation.

        It waits for some seconds until the file's own header has the generation that SQLite sees, which the -wal may
        have given to it: only then may a commit be added to that -wal.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            with ExitStack() as stack:
                stack.enter_context(self.db.atomic("IMMEDIATE"))
                version = self.version
                if self._file is None or self._file.check() == version:
                    self.version = version
                    with stack.pop_all():
                        yield
                    return
            if time.monotonic() > until:
                raise FirmUnusable(problem("locked", path=self._file.path))
            self.checkpoint()

    def checkpoint(self) -> None:
        """Moves what is committed from the -wal into the file, as far as others' reading allows."""
        if self.db.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0]:
            time.sleep(_BETWEEN_TRIES)

    def _keep(self, cache: int, temporary: str) -> None:
        """How much of the file is kept in memory (kB), and where temporary tables are."""
        self.db.execute_sql(f"PRAGMA cache_size = -{cache}")
        self.db.execute_sql(f"PRAGMA temp_store = {temporary}")

    @property
    def inside(self) -> bool:
        """See Engine."""
        return bool(self.db.in_transaction())

    def news(self) -> bool:
        """See Engine: SQLite counts up when another connection has written. A file that stays open is claimed."""
        self.check_file()
        with suppress(DatabaseError, sqlite3.Error):  # the first write says what is wrong
            if not self._claimed:
                self._claim()
        before, self._seen_version = self._seen_version, self._version()
        return self._seen_version != before

    def renew(self) -> None:
        """See Engine: a file is always there, or its errors say why not."""

    def _version(self) -> int:
        return int(self.sql("PRAGMA data_version").fetchone()[0])

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

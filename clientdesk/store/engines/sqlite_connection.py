"""The connection to a firm's file: made, asked, interrupted, closed. Its transactions are `sqlite_transactions`."""

import codecs
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
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
)
from clientdesk.store.engines.peewee_text import Wording
from clientdesk.store.engines.sqlite_errors import CODES, error_name, is_id_again
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.text import UNREADABLE

CACHE = 2_500  # kB of the file that are kept in memory
_CHECKPOINT = 20_000  # pages of the log before it is moved into the file: many rows touch the same pages again
PATIENCE = 5  # seconds to wait for another one who writes

_REFERRED_TO = "FOREIGN KEY constraint failed"
# Patterns of failures, which are made when one comes: most starts have none.
_TOO_GREAT = r"too large to convert to SQLite INTEGER|cannot store REAL value in INTEGER column"
_LACKING = r"no such (table|column|index)|table \S+ has no column"
_BETWEEN_TRIES = 0.01  # seconds
_MARKED = "clientdesk.marked"


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNREADABLE, error.end


codecs.register_error(_MARKED, _mark)


_DECODED = partial(str, encoding="utf-8", errors=_MARKED)
"""A text as it is kept, whatever program wrote it; each piece that is no UTF-8 is one mark, which `check` finds."""


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
                ("busy_timeout", PATIENCE * 1000),
                ("journal_mode", "wal"),
                ("synchronous", "full"),
                ("foreign_keys", 1),
                ("wal_autocheckpoint", _CHECKPOINT),
                ("cache_size", -CACHE),
            ),
        )
        self.db.context_class = Wording

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
            if re.search(_TOO_GREAT, str(error)):
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
            if name == "SQLITE_ERROR" and re.match(_LACKING, str(error)):
                log().error("%s: %s", self.location, name, exc_info=error)
                raise FirmUnusable(problem("not_as_made", path=self.location, reason=str(error))) from error
            if self.db.is_closed():
                raise FirmUnusable(problem("closed")) from error
            raise

    def checkpoint(self) -> None:
        """Moves what is committed from the -wal into the file, as far as others' reading allows."""
        if self.db.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0]:
            time.sleep(_BETWEEN_TRIES)

    @property
    def inside(self) -> bool:
        """See Engine."""
        return bool(self.db.in_transaction())

    def renew(self) -> None:
        """See Engine: a file is always there, or its errors say why not."""

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

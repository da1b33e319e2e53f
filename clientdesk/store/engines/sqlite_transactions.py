"""Transactions on a firm's file, in which one writes at a time: the lock. Each looks before and behind whether the file is
still the one that was opened.

Every commit carries the file's generation, see `sqlite_header`.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from peewee import DatabaseError

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import Statement, sqlite_header
from clientdesk.store.engines.sqlite_connection import CACHE, PATIENCE, FileConnection
from clientdesk.store.engines.sqlite_identity import FirmFile

# kB of the file that are kept in memory while many rows are written. With 16 MB an import into a firm of 100,000 takes the
# same processor time.
_BULK_CACHE = 128_000

_turns: dict[str, threading.RLock] = {}
"""By path the lock of whoever of this program writes to the file."""


class FileTransactions(FileConnection):
    """The connection to a firm's file, with its transactions."""

    def __init__(self, location: str, stands_at: str, file: FirmFile | None) -> None:
        super().__init__(location, stands_at, file)
        self._seen_version = 0
        self._claimed = False
        """Whether the file has a generation that was given to it here."""
        self._turn = _turns.setdefault(os.path.abspath(stands_at), threading.RLock())

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
        is_mine = self._turn.acquire(timeout=PATIENCE)
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
                self._keep(CACHE, "default")
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
        until = time.monotonic() + PATIENCE
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

    def _keep(self, cache: int, temporary: str) -> None:
        """How much of the file is kept in memory (kB), and where temporary tables are."""
        self.db.execute_sql(f"PRAGMA cache_size = -{cache}")
        self.db.execute_sql(f"PRAGMA temp_store = {temporary}")

    def news(self) -> bool:
        """See Engine: SQLite counts up when another connection has written. A file that stays open is claimed."""
        self.check_file()
        with suppress(DatabaseError, sqlite3.Error):  # the first write says what is wrong
            if not self._claimed:
                self._claim()
        before, self._seen_version = self._seen_version, self._version()
        return self._seen_version != before

    def _version(self) -> int:
        return int(self.sql("PRAGMA data_version").fetchone()[0])

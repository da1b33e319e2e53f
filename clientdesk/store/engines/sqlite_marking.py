"""Writing to an open firm's file so that every commit carries its generation, see `sqlite_header`."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from peewee import SqliteDatabase

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import sqlite_header
from clientdesk.store.engines.sqlite_identity import FirmFile

_BETWEEN_TRIES = 0.01  # seconds


class Marking:
    """The generation of the firm that `db` has open. `file` is None for a firm that is being made: nobody else knows it."""

    def __init__(self, db: SqliteDatabase, file: FirmFile | None) -> None:
        self._db = db
        self._file = file
        self._claimed = False

    @property
    def version(self) -> int:
        """The `user_version`, schema and generation, as SQLite sees it: what the -wal says counts."""
        return int(self._db.execute_sql("PRAGMA user_version").fetchone()[0])

    @version.setter
    def version(self, number: int) -> None:
        self._db.execute_sql(f"PRAGMA user_version = {number}")

    def check(self) -> None:
        """Raises FirmUnusable where the file at the firm's place is not the one any more that was opened."""
        if self._file is not None:
            self._file.check()

    def claim(self) -> None:
        """Gives the file a new generation before it is written to for the first time, where nobody else has it open.

        Whoever has given it one keeps it open: all who open the file beside them find it, and it stays.
        """
        if self._claimed or self._file is None or self._db.in_transaction() or self._file.in_use:
            return
        with self._db.atomic("IMMEDIATE"):
            version = self.version
            if not self._file.agrees(version):
                return
            self.version = sqlite_header.new_version(sqlite_header.schema(version))
        self._claimed = True
        self.checkpoint()
        self._file.check()  # from now on the file without that generation is another one

    @contextmanager
    def transaction(self, patience: float) -> Iterator[None]:
        """A transaction with the right to write, whose commit carries the first page and so the file's generation.

        It waits for at most `patience` seconds until the file's own header has that generation, see `FirmFile.agrees`.
        """
        until = time.monotonic() + patience
        while True:
            with ExitStack() as stack:
                stack.enter_context(self._db.atomic("IMMEDIATE"))
                version = self.version
                if self._file is None or self._file.agrees(version):
                    self.version = version
                    with stack.pop_all():
                        yield
                    return
            if time.monotonic() > until:
                raise FirmUnusable(problem("locked", path=self._file.path))
            self.checkpoint()

    def checkpoint(self) -> None:
        """Moves what is committed from the -wal into the file, as far as others' reading allows."""
        if self._db.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0]:
            time.sleep(_BETWEEN_TRIES)

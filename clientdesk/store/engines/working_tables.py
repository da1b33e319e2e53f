"""Working tables in a temporary database: kept on the disk, so that they may be long, and gone with the program."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from clientdesk.domain.problems import FirmUnusable, problem

_CACHE = 4_000  # kB of the tables that are kept in memory
_PAGE = 16_384
"""Bytes of a page: a row of a list is long, and many of them in a page are written more quickly."""


class Scratch:
    """A database that only this object sees. One thread uses it at a time.

    A full disk is `FirmUnusable` ("disk_full"): nothing of the firm is touched.
    """

    def __init__(self, script: str) -> None:
        # The empty name: SQLite makes a file that has no name on the disk, and only when it needs one.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.sql(f"PRAGMA page_size = {_PAGE}")
        self.sql(f"PRAGMA cache_size = -{_CACHE}")
        self.sql("PRAGMA synchronous = off")
        self.script(script)

    def script(self, script: str) -> None:
        """Runs several statements."""
        with _told():
            self._connection.executescript(script)

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """Runs one statement, at once; the rows of its answer are read as they are wanted."""
        with _told():
            return _rows(self._connection.execute(statement, parameters))

    def all(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of the answer."""
        with _told():
            return self._connection.execute(statement, parameters).fetchall()

    def one(self, statement: str, parameters: Sequence[object] = ()) -> Any:
        """The first value of the first row; None where there is none."""
        row = next(self.sql(statement, parameters), None)
        return row[0] if row is not None else None

    def many(self, *work: tuple[str, Iterable[Sequence[object]]]) -> None:
        """Runs each statement for each of its rows, all in one transaction."""
        self.sql("BEGIN")
        try:
            with _told():
                for statement, rows in work:
                    self._connection.executemany(statement, rows)
        finally:
            if self._connection.in_transaction:
                self.sql("COMMIT")

    def close(self) -> None:
        """Forgets everything."""
        self._connection.close()


def _rows(cursor: sqlite3.Cursor) -> Iterator[Any]:
    while True:
        with _told():
            row = cursor.fetchone()
        if row is None:
            return
        yield row


@contextmanager
def _told() -> Iterator[None]:
    """Says of a disk that takes no more that it is full; everything else is passed on."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise FirmUnusable(problem("disk_full")) from error
        raise

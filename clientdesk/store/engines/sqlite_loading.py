"""Filling a new firm's file with the rows of another firm: the rows first, then indexes, search and triggers.

An index that takes its rows in their own order is written once from end to end. One that stands while a great many rows
come in any order is written to at a place of its own for each of them, which takes the longer the larger it is.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import sqlite_rules

if TYPE_CHECKING:
    from clientdesk.store.engines.sqlite import SqliteEngine

_PIECE = 20_000  # clients that the search index takes at a time


class FileLoading:
    """See `engines.Loading`."""

    def __init__(self, engine: "SqliteEngine") -> None:
        self._engine = engine
        indexes = engine.sql(
            "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name <> 'schema_migration' ORDER BY rowid"
        )
        self._later: list[tuple[str, str, str]] = indexes.fetchall()
        self.indexes = (*(table for _name, table, _sql in self._later), "client")
        sqlite_rules.clear(engine.db)
        for name, _table, _sql in self._later:
            engine.sql(f"DROP INDEX {name}")

    def build(self, rows: Mapping[str, int]) -> Iterator[tuple[str, int]]:
        """See `engines.Loading`."""
        for _name, table, sql in self._later:
            yield table, 0
            self._engine.sql(sql)
            yield table, rows[table]
        yield "client", 0
        for last, until, row_count in self._pieces():
            self._engine.sql(
                "INSERT INTO client_search (rowid, search_text)"
                " SELECT id, search_text FROM client WHERE id > ? AND id <= ? ORDER BY id",
                (last, until),
            )
            yield "client", row_count
        sqlite_rules.make_anew(self._engine.db)

    def _pieces(self) -> Iterator[tuple[int, int, int]]:
        """The clients a good many at a time: the id before the first of them, the last, and how many they are."""
        sql, last = "SELECT max(id), count(*) FROM (SELECT id FROM client WHERE id > ? ORDER BY id LIMIT ?)", 0
        while (piece := self._engine.sql(sql, (last, _PIECE)).fetchone()) != (None, 0):
            yield last, *piece
            last = piece[0]


@contextmanager
def loading(engine: "SqliteEngine") -> Iterator[FileLoading]:
    """See `Engine.loading`.

    A file that nobody has opened and that has no name yet needs no log to be whole again after a fall: it is written
    straight, once, and is on the disk before it gets its log back.
    """
    engine.sql("PRAGMA synchronous = off")
    engine.sql("PRAGMA journal_mode = memory").fetchall()
    with engine.writing(bulk=True):
        engine.sql("PRAGMA temp_store = default")  # what an index sorts may be larger than the memory that is there
        yield FileLoading(engine)
    try:
        with open(engine.sql("PRAGMA database_list").fetchone()[2], "rb") as written:
            os.fsync(written.fileno())
    except OSError as error:
        code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "disk_error"
        raise FirmUnusable(problem(code, path=engine.location)) from error
    engine.sql("PRAGMA synchronous = full")
    engine.sql("PRAGMA journal_mode = wal").fetchall()

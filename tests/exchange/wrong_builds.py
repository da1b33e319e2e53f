"""Builds of clientdesk that are wrong on purpose: tests of what happens when a server is killed must find them out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import cast

import pytest

from clientdesk.store import import_runs as run_rows
from clientdesk.store.engines.postgres import PostgresEngine

Patch = pytest.MonkeyPatch
FIRST = 40
"""So many new clients of a batch are committed before the others by a build that is wrong."""


def without_transactions(patch: Patch) -> None:
    """Each statement is a transaction, which the server does not let pass."""

    @contextmanager
    def writing(engine: PostgresEngine, bulk: bool = False) -> Iterator[None]:
        engine.renew()
        yield

    patch.setattr(PostgresEngine, "writing", writing)


def in_two_transactions(patch: Patch) -> None:
    """What was written of a batch is committed before the rest."""
    insert_many = PostgresEngine.insert_many

    def insert(engine: PostgresEngine, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if table == "client":
            rest = iter(rows)
            insert_many(engine, table, columns, list(islice(rest, FIRST)))
            engine.sql("COMMIT")
            engine.sql("BEGIN")
            engine.sql("SELECT begin_change('client.imported', NULL)")
            rows = cast(Sequence[Sequence[object]], rest)
        insert_many(engine, table, columns, rows)

    patch.setattr(PostgresEngine, "insert_many", insert)


def with_counts_at_the_end(patch: Patch) -> None:
    """What a run has written is noted when it ends, and not with each batch."""
    patch.setattr(run_rows, "add_counts", lambda *_: None)


def without_connecting_again(patch: Patch) -> None:
    """A connection that was lost stays lost."""
    patch.setattr(PostgresEngine, "renew", lambda _engine: None)


def with_raw_errors(patch: Patch) -> None:
    """The database's errors go through as they are."""
    patch.setattr(PostgresEngine, "errors", lambda _engine: nullcontext())


def without_asking(patch: Patch) -> None:
    """A save in doubt counts as not saved, whatever the server knows."""

    def settle(engine: PostgresEngine, operation: str) -> bool:
        engine.renew()
        return False

    patch.setattr(PostgresEngine, "settle", settle)

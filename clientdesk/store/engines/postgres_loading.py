"""Filling a new firm on a server with the rows of another firm: the rows first, then indexes, references and triggers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientdesk.store.engines.postgres import PostgresEngine

_OF_THE_FIRM = "= 'clientdesk'::regnamespace"
_REFERENCES = f"""
SELECT conname::text, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace {_OF_THE_FIRM} AND contype = 'f' ORDER BY oid
"""
_INDEXES = f"""
SELECT c.relname::text, t.relname::text, pg_get_indexdef(c.oid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace {_OF_THE_FIRM} AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid AND contype <> 'f')
AND t.relname <> 'schema_migration' ORDER BY c.oid
"""
_TABLES = f"""
SELECT c.relname::text FROM pg_class c WHERE c.relnamespace {_OF_THE_FIRM} AND c.relkind = 'r' ORDER BY c.oid
"""
_SORTING = "128MB"


class ServerLoading:
    """See `engines.Loading`."""

    def __init__(self, engine: "PostgresEngine") -> None:
        self._engine = engine
        self._tables = engine.sql(_TABLES).fetchall()
        self._references = engine.sql(_REFERENCES).fetchall()
        self._later = engine.sql(_INDEXES).fetchall()
        self.indexes = tuple(table for _name, table, _sql in (*self._later, *self._references))
        for (name,) in self._tables:
            engine.sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for name, table, _sql in self._references:
            engine.sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _table, _sql in self._later:
            engine.sql(f"DROP INDEX {name}")

    def build(self, rows: Mapping[str, int]) -> Iterator[tuple[str, int]]:
        """See `engines.Loading`."""
        engine = self._engine
        engine.sql(f"SET LOCAL maintenance_work_mem = '{_SORTING}'")
        for _name, table, sql in self._later:
            yield table, 0
            engine.sql(sql)
            yield table, rows[table]
        for name, table, definition in self._references:
            yield table, 0
            engine.sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
            yield table, rows[table]
        engine.sql("SET CONSTRAINTS ALL IMMEDIATE")
        for (name,) in self._tables:
            engine.sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
            engine.sql(f"ANALYZE {name}")  # so that the server knows at once how to go through it


@contextmanager
def loading(engine: "PostgresEngine") -> Iterator[ServerLoading]:
    """See `Engine.loading`."""
    with engine.writing(bulk=True):
        yield ServerLoading(engine)

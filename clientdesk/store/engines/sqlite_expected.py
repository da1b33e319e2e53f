"""What a firm's file is made of: all that the scripts and the rules make, against what stands in the file."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from peewee import Database, SqliteDatabase

from clientdesk.store.engines import Difference, sqlite_rules

_HOLD_ROWS = ("table", "column")
_VIRTUAL = "CREATE VIRTUAL TABLE"
_INDEXES = ("client_search",)
"""Virtual tables with tables of their own, all of which follows from the clients."""
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
_COLUMNS = (
    "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table' AND s.sql NOT LIKE"
    " 'CREATE VIRTUAL%' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


class Made(NamedTuple):
    """An object of a schema: the table it belongs to, the SQL that makes it, that SQL as it is compared, and a
    table's columns."""

    table: str
    sql: str
    text: str
    columns: tuple[str, ...] = ()


Schema = Mapping[tuple[str, str], Made]
"""The objects of a database by type and name."""


@cache
def expected_schema(migrations: str) -> Schema:
    """What the scripts and the rules make of an empty database."""
    from playhouse.migrations import Runner  # only a new or older file, and a check, need it

    db = SqliteDatabase(":memory:", thread_safe=False)
    try:
        db.connect()
        Runner(db, migrations).up()
        sqlite_rules.make_anew(db)
        return present_schema(db)
    finally:
        db.close()


def present_schema(db: Database) -> Schema:
    """What stands in a database; what SQLite makes for itself is left out."""
    columns: dict[str, list[str]] = {}
    for table, column in db.execute_sql(_COLUMNS).fetchall():
        columns.setdefault(table, []).append(column)
    found = db.execute_sql(_OBJECTS).fetchall()
    return {
        (kind, name): Made(table, sql or "", _text(sql or ""), tuple(columns.get(name, ())) if kind == "table" else ())
        for kind, name, table, sql in found
    }


def _text(sql: str) -> str:
    """SQL without the way it is laid out, outside of what it quotes."""
    parts = sql.split("'")
    return "'".join(" ".join(part.split()) if place % 2 == 0 else part for place, part in enumerate(parts))


def differences(db: Database, migrations: str) -> Iterator[Difference]:
    """What is not as it is made. With a table that is missing all that stands on it is missing; it alone is told."""
    expected, present = expected_schema(migrations), present_schema(db)
    gone = {name for kind, name in expected if kind == "table" and (kind, name) not in present}
    for (kind, name), made in expected.items():
        there = present.get((kind, name))
        mended = kind not in _HOLD_ROWS or made.sql.startswith(_VIRTUAL)
        if there is None:
            if not _stands_on(kind, name, made, gone):
                yield Difference(kind, name, _apart(made.table, name), "missing", mended)
        elif there.text != made.text or there.table != made.table:
            lost = [column for column in made.columns if column not in there.columns]
            for column in lost:
                yield Difference("column", column, name, "missing", False)
            if not lost:
                yield Difference(kind, name, _apart(made.table, name), "changed", kind not in _HOLD_ROWS)
    for (kind, name), made in present.items():
        if (kind, name) not in expected:
            yield Difference(kind, name, _apart(made.table, name), "extra", kind not in _HOLD_ROWS)


def _stands_on(kind: str, name: str, made: Made, gone: set[str]) -> bool:
    """Whether an object is missing because its table is, or the virtual table that keeps its rows in it."""
    if kind != "table":
        return made.table in gone
    return any(name.startswith(f"{table}_") and table in _INDEXES for table in gone)


def _apart(table: str, name: str) -> str:
    return "" if table == name else table


def mend(db: Database, migrations: str) -> None:
    """Makes triggers, indexes, views and the search as they are made, whichever there are; inside a transaction.

    Tables hold rows: one that is missing, changed or somebody else's stays as it is.
    """
    sqlite_rules.clear(db)
    for each in list(differences(db, migrations)):
        if not each.mended or each.kind == "trigger":
            continue
        if each.what != "missing":
            db.execute_sql(f"DROP {each.kind} {_quoted(each.name)}")
        if each.what != "extra":
            db.execute_sql(expected_schema(migrations)[each.kind, each.name].sql)
    db.execute_sql("INSERT INTO client_search (client_search, rank) VALUES ('hashsize', 8000000)")
    db.execute_sql("INSERT INTO client_search (client_search) VALUES ('rebuild')")
    sqlite_rules.make_anew(db)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

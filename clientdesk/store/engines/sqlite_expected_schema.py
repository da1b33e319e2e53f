"""What a firm's file is made of: all that the scripts and the rules make, against what stands in the file."""

from collections.abc import Iterator
from functools import cache

from peewee import Database, SqliteDatabase

from clientdesk.store.engines import Difference, Schema, SchemaObject, gone_names, id_counters, sqlite_rules, work_dates
from clientdesk.store.engines.quoting import identifier

_HOLD_ROWS = ("table", "column")
_VIRTUAL = "CREATE VIRTUAL TABLE"
_INDEXES = ("client_search",)
"""Virtual tables with tables of their own, all of which follows from the clients."""
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
_COLUMNS = (
    "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table' AND s.sql NOT LIKE"
    " 'CREATE VIRTUAL%' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


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
    objects = {
        (kind, table, name): SchemaObject(_text(sql or ""), sql or "")
        for kind, name, table, sql in db.execute_sql(_OBJECTS).fetchall()
    }
    return objects | {("column", table, name): SchemaObject("") for table, name in db.execute_sql(_COLUMNS).fetchall()}


def _text(sql: str) -> str:
    """SQL without the way it is laid out, outside of what it quotes."""
    parts = sql.split("'")
    return "'".join(" ".join(part.split()) if place % 2 == 0 else part for place, part in enumerate(parts))


def differences(db: Database, migrations: str) -> Iterator[Difference]:
    """What is not as it is made. With a table that is missing all that stands on it is missing; it alone is told."""
    expected, present = expected_schema(migrations), present_schema(db)
    missing_tables = {
        table for kind, table, _name in expected if kind == "table" and (kind, table, table) not in present
    }
    lost = {key[1] for key in expected if key[0] == "column" and key not in present}
    for key, schema_object in expected.items():
        if key not in present:
            if not _stands_on(key, missing_tables):
                yield _difference(key, "missing", schema_object.sql.startswith(_VIRTUAL))
        elif present[key].text != schema_object.text and not (key[0] == "table" and key[1] in lost):
            yield _difference(key, "changed")
    for key in present:
        if key not in expected and key[0] != "column":  # one more of these is told as a change of the table
            yield _difference(key, "extra")


def _difference(key: tuple[str, str, str], what: str, is_derived: bool = False) -> Difference:
    kind, table, name = key
    return Difference(kind, name, "" if table == name else table, what, is_derived or kind not in _HOLD_ROWS)


def _stands_on(key: tuple[str, str, str], missing_tables: set[str]) -> bool:
    """Whether an object is missing because its table is, or the virtual table that keeps its rows in it."""
    kind, table, name = key
    if kind != "table":
        return table in missing_tables
    return any(name.startswith(f"{table}_") and table in _INDEXES for table in missing_tables)


def mend(db: Database, migrations: str) -> None:
    """Makes triggers, indexes, views and the search as they are made, whichever there are; inside a transaction.

    Tables hold rows: one that is missing, changed or somebody else's stays as it is.
    """
    sqlite_rules.clear(db)
    id_counters.mend(db)
    expected = expected_schema(migrations)
    wrong = [wrong for wrong in differences(db, migrations) if wrong.mended and wrong.kind != "trigger"]
    for difference in wrong:
        if difference.what != "missing":
            db.execute_sql(f"DROP {difference.kind} {identifier(difference.name)}")
    for difference in wrong:
        if difference.what != "extra":
            db.execute_sql(expected[difference.kind, difference.table or difference.name, difference.name].sql)
    db.execute_sql("INSERT INTO client_search (client_search, rank) VALUES ('hashsize', 8000000)")
    db.execute_sql("INSERT INTO client_search (client_search) VALUES ('rebuild')")
    if not any(left.kind in _HOLD_ROWS and left.what == "missing" for left in differences(db, migrations)):
        gone_names.fill(db)
        work_dates.note(db)
    sqlite_rules.make_anew(db)

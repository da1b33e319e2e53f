"""What the schema's scripts share: the triggers that write the history, and scripts cut into statements."""

import sqlite3
from collections.abc import Iterator, Sequence


def history_triggers(table: str, columns: Sequence[str]) -> str:
    """The triggers that write a table's history and refuse a write that does not count up the version.

    A write outside a change set has no number to give to its history entry, and is refused for that.
    An update keeps only the columns that differ: `json_remove` takes the equal ones out.
    """

    def values(row: str) -> str:
        return "json_object(" + ", ".join(f"'{column}', {row}.{column}" for column in columns) + ")"

    def differing(row: str) -> str:
        paths = ", ".join(f"CASE WHEN OLD.{c} IS NEW.{c} THEN '$.{c}' ELSE '$.-' END" for c in columns)
        return f"json_remove({values(row)}, {paths})"

    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    into = "INSERT INTO history (change_set_id, entity, entity_id, operation, old, new)"
    into += " VALUES ((SELECT max(id) FROM change_set WHERE seal IS NULL),"
    return f"""
CREATE TRIGGER {table}_history_insert AFTER INSERT ON {table} BEGIN
    {into} '{table}', NEW.id, 'insert', NULL, {values("NEW")});
END;
CREATE TRIGGER {table}_history_update AFTER UPDATE ON {table} WHEN {changed} BEGIN
    {into} '{table}', NEW.id, 'update', {differing("OLD")}, {differing("NEW")});
END;
CREATE TRIGGER {table}_history_delete AFTER DELETE ON {table} BEGIN
    {into} '{table}', OLD.id, 'delete', {values("OLD")}, NULL);
END;
CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} WHEN NEW.version <> OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a write must count up the version of the row it read');
END;
"""


def without_history(table: str) -> str:
    """Takes the triggers of `history_triggers` away, so that they can be made anew for other columns."""
    names = [f"{table}_history_{operation}" for operation in ("insert", "update", "delete")]
    return "".join(f"DROP TRIGGER {name};\n" for name in [*names, f"{table}_version"])


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time (`executescript` would commit)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""

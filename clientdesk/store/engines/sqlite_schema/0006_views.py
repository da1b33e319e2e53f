"""The firm has views of the list."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

TABLES = """
CREATE TABLE view (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL,
    content TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX view_name ON view (name_key);
"""


def up(migrator: object, db: Database) -> None:
    """Makes their table."""
    for statement in statements(TABLES):
        db.execute_sql(statement)

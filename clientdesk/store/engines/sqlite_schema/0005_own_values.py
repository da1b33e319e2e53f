"""Clients have values in the firm's own fields, and tags; the table beside them is their index."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

TABLES = """
ALTER TABLE client ADD COLUMN own TEXT NOT NULL DEFAULT '{}';
ALTER TABLE client ADD COLUMN own_keys TEXT NOT NULL DEFAULT '{}';

CREATE TABLE client_own (
    field_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    unique_key TEXT,
    PRIMARY KEY (field_id, client_id, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX client_own_by_key ON client_own (field_id, sort_key, client_id);
CREATE UNIQUE INDEX client_own_unique ON client_own (field_id, unique_key);
"""


def up(migrator: object, db: Database) -> None:
    """Make the columns and the table."""
    for statement in statements(TABLES):
        db.execute_sql(statement)

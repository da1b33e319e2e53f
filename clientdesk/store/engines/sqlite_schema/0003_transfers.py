"""Transfers between firms: an identity for the firm, notes on change sets, where a client came from."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

SCRIPT = """
ALTER TABLE firm ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE firm SET uid = lower(hex(randomblob(8))), version = version + 1;

ALTER TABLE change_set ADD COLUMN note TEXT NOT NULL DEFAULT '';

CREATE TABLE arrival (
    client_id INTEGER NOT NULL,
    change_set_id INTEGER NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    company_id TEXT NOT NULL,
    from_uid TEXT NOT NULL,
    from_firm TEXT NOT NULL,
    state TEXT NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (client_id, change_set_id)
) STRICT;
CREATE INDEX arrival_of_change_set ON arrival (change_set_id);
"""


def up(migrator: object, db: Database) -> None:
    """Add the columns, and the table."""
    for statement in statements(SCRIPT):
        db.execute_sql(statement)

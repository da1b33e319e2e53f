"""Clients have values in the firm's own fields, and tags; the table beside them is their index."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
ALTER TABLE client ADD COLUMN own {TEXT} NOT NULL DEFAULT '{{}}';
ALTER TABLE client ADD COLUMN own_keys {TEXT} NOT NULL DEFAULT '{{}}';

CREATE TABLE client_own (
    field_id bigint NOT NULL,
    client_id bigint NOT NULL,
    value {TEXT} NOT NULL,
    sort_key {TEXT} NOT NULL,
    unique_key {TEXT},
    PRIMARY KEY (field_id, client_id, value)
);

CREATE INDEX client_own_by_key ON client_own (field_id, sort_key, client_id);
CREATE UNIQUE INDEX client_own_unique ON client_own (field_id, unique_key);
"""


def up(migrator: object, db: Database) -> None:
    """Make the columns and the table."""
    run(db, TABLES)

"""The firm has views of the list."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run, without_controls

TABLES = f"""
CREATE TABLE view (
    id bigint PRIMARY KEY,
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    name_key {TEXT} NOT NULL,
    content {TEXT} NOT NULL,
    version bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX view_name ON view (name_key);
"""


def up(migrator: object, db: Database) -> None:
    """Makes their table."""
    run(db, TABLES)

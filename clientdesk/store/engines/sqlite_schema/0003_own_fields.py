"""A firm has fields of its own, with their choices, and tags."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

TABLES = """
CREATE TABLE own_field (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    section TEXT NOT NULL DEFAULT 'main',
    width INTEGER NOT NULL DEFAULT 16,
    required INTEGER NOT NULL DEFAULT 0,
    is_unique INTEGER NOT NULL DEFAULT 0,
    place INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE own_choice (
    id INTEGER PRIMARY KEY,
    field_id INTEGER NOT NULL REFERENCES own_field (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    place INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE UNIQUE INDEX own_field_name ON own_field (name_key);
CREATE UNIQUE INDEX own_choice_name ON own_choice (name_key);
CREATE UNIQUE INDEX tag_name ON tag (name_key);
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables."""
    for statement in statements(TABLES):
        db.execute_sql(statement)

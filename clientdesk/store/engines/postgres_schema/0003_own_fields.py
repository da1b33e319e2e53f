"""A firm has fields of its own, with their choices, and tags."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
CREATE TABLE own_field (
    id bigint PRIMARY KEY,
    name {TEXT} NOT NULL,
    name_key {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    section {TEXT} NOT NULL DEFAULT 'main',
    width bigint NOT NULL DEFAULT 16,
    required bigint NOT NULL DEFAULT 0,
    is_unique bigint NOT NULL DEFAULT 0,
    place bigint NOT NULL DEFAULT 0,
    retired bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE own_choice (
    id bigint PRIMARY KEY,
    field_id bigint NOT NULL REFERENCES own_field (id) ON DELETE RESTRICT,
    name {TEXT} NOT NULL,
    name_key {TEXT} NOT NULL,
    place bigint NOT NULL DEFAULT 0,
    retired bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE tag (
    id bigint PRIMARY KEY,
    name {TEXT} NOT NULL,
    name_key {TEXT} NOT NULL,
    version bigint NOT NULL DEFAULT 1
);

CREATE UNIQUE INDEX own_field_name ON own_field (name_key);
CREATE UNIQUE INDEX own_choice_name ON own_choice (name_key);
CREATE UNIQUE INDEX tag_name ON tag (name_key);
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables."""
    run(db, TABLES)

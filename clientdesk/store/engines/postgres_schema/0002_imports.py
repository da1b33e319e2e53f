"""Imports: their runs, the rows they refused, saved mappings, the firm's upload limit."""

from peewee import Database

from clientdesk.store.engines.postgres_script import ID, TEXT, run

TABLES = f"""
ALTER TABLE firm ADD COLUMN upload_limit integer NOT NULL DEFAULT 1 CHECK (upload_limit IN (0, 1));

CREATE TABLE import_run (
    id {ID},
    at {TEXT} NOT NULL,
    touched {TEXT} NOT NULL,
    actor_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    kind {TEXT} NOT NULL CHECK (kind <> ''),
    file {TEXT} NOT NULL,
    total integer NOT NULL,
    added integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,
    state {TEXT} NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped'))
);

CREATE TABLE import_refusal (
    run_id bigint NOT NULL REFERENCES import_run (id) ON DELETE RESTRICT,
    place integer NOT NULL,
    line integer NOT NULL,
    cells {TEXT} NOT NULL,
    problem {TEXT} NOT NULL,
    PRIMARY KEY (run_id, place)
);

CREATE TABLE import_mapping (
    name_key {TEXT} NOT NULL PRIMARY KEY,
    name {TEXT} NOT NULL CHECK (name <> ''),
    fields {TEXT} NOT NULL
);
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables."""
    run(db, TABLES)

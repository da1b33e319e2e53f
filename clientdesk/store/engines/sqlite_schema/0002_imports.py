"""Imports: their runs, the rows they refused, saved mappings, the firm's upload limit; an index for search."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

TABLES = """
ALTER TABLE firm ADD COLUMN upload_limit INTEGER NOT NULL DEFAULT 1 CHECK (upload_limit IN (0, 1));

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    touched TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind <> ''),
    file TEXT NOT NULL,
    total INTEGER NOT NULL,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped'))
) STRICT;

CREATE TABLE import_refusal (
    run_id INTEGER NOT NULL REFERENCES import_run (id) ON DELETE RESTRICT,
    place INTEGER NOT NULL,
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (run_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_mapping (
    name_key TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    fields TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

SEARCH = """
CREATE INDEX IF NOT EXISTS client_by_id
    ON client (id, status, client_type_id, lead_id, billed_to, display_name_sort);
DROP TABLE client_search_terms;
CREATE VIRTUAL TABLE client_search_terms USING fts5vocab (client_search, 'instance');
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables, the column and the index."""
    for script in (TABLES, SEARCH):
        for statement in statements(script):
            db.execute_sql(statement)

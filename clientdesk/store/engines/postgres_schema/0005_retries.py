"""Refused rows of a kept import can be tried again: what was chosen for the import, and what became of each row."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
ALTER TABLE import_run ADD COLUMN setup {TEXT} NOT NULL DEFAULT '';
ALTER TABLE import_refusal ADD COLUMN verdict {TEXT} NOT NULL DEFAULT 'refused'
    CHECK (verdict IN ('refused', 'new', 'changed', 'unchanged', 'skipped'));
ALTER TABLE import_refusal ADD COLUMN retried_at {TEXT};
ALTER TABLE import_refusal ADD COLUMN retried_by bigint REFERENCES team_member (id) ON DELETE RESTRICT;
"""


def up(migrator: object, db: Database) -> None:
    """Add the columns."""
    run(db, TABLES)

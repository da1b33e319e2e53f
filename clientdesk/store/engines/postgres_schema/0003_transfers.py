"""Transfers between firms: an identity for the firm, notes on change sets, where a client came from."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
ALTER TABLE firm ADD COLUMN uid {TEXT} NOT NULL DEFAULT '';

ALTER TABLE change_set ADD COLUMN note {TEXT} NOT NULL DEFAULT '';

CREATE TABLE arrival (
    client_id bigint NOT NULL,
    change_set_id bigint NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    company_id {TEXT} NOT NULL,
    from_uid {TEXT} NOT NULL,
    from_firm {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    entries {TEXT} NOT NULL,
    PRIMARY KEY (client_id, change_set_id)
);
CREATE INDEX arrival_of_change_set ON arrival (change_set_id);
"""


def up(migrator: object, db: Database) -> None:
    """Add the columns and the table."""
    run(db, TABLES)

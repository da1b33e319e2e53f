"""What deleted clients and refused rows were called has an index of its own: why a client is missing is told by it."""

from peewee import Database

from clientdesk.store.engines.gone_names import fill
from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
CREATE TABLE deleted_client (
    client_id bigint PRIMARY KEY,
    search_text {TEXT} NOT NULL
);

CREATE INDEX deleted_client_search ON deleted_client USING gin (search_text gin_trgm_ops);

ALTER TABLE import_refusal ADD COLUMN search_text {TEXT} NOT NULL DEFAULT '';
CREATE INDEX import_refusal_search ON import_refusal USING gin (search_text gin_trgm_ops);
"""


def up(migrator: object, db: Database) -> None:
    """Make them, and write what is known of earlier deletions and refusals."""
    run(db, TABLES)
    if isinstance(db, Database):  # a firm whose SQL is only written down has nobody yet
        fill(db)

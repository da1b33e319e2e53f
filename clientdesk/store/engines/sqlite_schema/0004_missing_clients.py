"""What deleted clients and refused rows were called has an index of its own: why a client is missing is told by it."""

from peewee import Database

from clientdesk.store.engines.gone_names import fill
from clientdesk.store.engines.sqlite_script import statements

TABLES = """
CREATE TABLE deleted_client (
    client_id INTEGER PRIMARY KEY,
    search_text TEXT NOT NULL
) STRICT;

ALTER TABLE import_refusal ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
CREATE INDEX import_refusal_search ON import_refusal (search_text);
"""


def up(migrator: object, db: Database) -> None:
    """Make them, and write what is known of earlier deletions and refusals."""
    for statement in statements(TABLES):
        db.execute_sql(statement)
    fill(db)

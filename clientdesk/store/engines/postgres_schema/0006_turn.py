"""What stands for the turn to write; versions that no row runs out of."""

from peewee import Database

from clientdesk.store.engines.postgres_script import run

# Nothing is ever written into `turn`: whoever writes to the firm locks it. An advisory lock would be anybody's.
TABLES = """
CREATE TABLE turn ();

ALTER TABLE firm ALTER COLUMN version TYPE bigint;
ALTER TABLE team_member ALTER COLUMN version TYPE bigint;
ALTER TABLE client_type ALTER COLUMN version TYPE bigint;
ALTER TABLE client ALTER COLUMN version TYPE bigint;
"""


def up(migrator: object, db: Database) -> None:
    """Make the table, and the columns larger."""
    run(db, TABLES)

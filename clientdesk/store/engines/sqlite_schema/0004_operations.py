"""A name by chance for each write, by which is found out whether it is in the firm."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

SCRIPT = """
ALTER TABLE change_set ADD COLUMN operation TEXT;
CREATE UNIQUE INDEX change_set_operation ON change_set (operation);
"""


def up(migrator: object, db: Database) -> None:
    """Add the column and its index."""
    for statement in statements(SCRIPT):
        db.execute_sql(statement)

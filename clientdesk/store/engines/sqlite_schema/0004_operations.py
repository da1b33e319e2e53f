"""A name by chance for each write, by which is found out whether it is in the firm."""

from peewee import Database

from clientdesk.store.engines.sqlite_triggers import statements

SCRIPT = """
ALTER TABLE change_set ADD COLUMN operation TEXT;
CREATE UNIQUE INDEX change_set_operation ON change_set (operation);
DROP TRIGGER change_set_is_fixed;
CREATE TRIGGER change_set_is_fixed BEFORE UPDATE ON change_set
WHEN OLD.seal IS NOT NULL OR (NEW.seal IS NULL) <> (NEW.note <> OLD.note) OR (OLD.note <> '' AND NEW.note <> OLD.note)
    OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor_id <> OLD.actor_id OR NEW.kind <> OLD.kind
    OR NEW.operation IS NOT OLD.operation BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;
"""


def up(migrator: object, db: Database) -> None:
    """Add the column, its index, and the trigger that keeps it as it is."""
    for statement in statements(SCRIPT):
        db.execute_sql(statement)

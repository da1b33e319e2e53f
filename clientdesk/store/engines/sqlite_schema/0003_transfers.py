"""Transfers between firms: an identity for the firm, notes on change sets, where a client came from."""

from peewee import Database

from clientdesk.store.engines.sqlite_triggers import statements

# A note is written once, before the seal. The firm's uid is the firm's for ever: its clients are known by it.
SCRIPT = """
ALTER TABLE firm ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE firm SET uid = lower(hex(randomblob(8))), version = version + 1;
CREATE TRIGGER firm_uid_stays BEFORE UPDATE OF uid ON firm WHEN OLD.uid <> NEW.uid BEGIN
    SELECT RAISE(ABORT, 'clientdesk: the identity of a firm never changes');
END;

ALTER TABLE change_set ADD COLUMN note TEXT NOT NULL DEFAULT '';
DROP TRIGGER change_set_is_fixed;
CREATE TRIGGER change_set_is_fixed BEFORE UPDATE ON change_set
WHEN OLD.seal IS NOT NULL OR (NEW.seal IS NULL) <> (NEW.note <> OLD.note) OR (OLD.note <> '' AND NEW.note <> OLD.note)
    OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor_id <> OLD.actor_id OR NEW.kind <> OLD.kind BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;

CREATE TABLE arrival (
    client_id INTEGER NOT NULL,
    change_set_id INTEGER NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    company_id TEXT NOT NULL,
    from_uid TEXT NOT NULL,
    from_firm TEXT NOT NULL,
    state TEXT NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (client_id, change_set_id)
) STRICT;
CREATE INDEX arrival_of_change_set ON arrival (change_set_id);
CREATE TRIGGER arrival_in_change_set BEFORE INSERT ON arrival
WHEN NEW.change_set_id IS NOT (SELECT max(id) FROM change_set WHERE seal IS NULL) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a client arrives within a change set');
END;
CREATE TRIGGER arrival_stays BEFORE DELETE ON arrival BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history is never deleted');
END;
CREATE TRIGGER arrival_is_fixed BEFORE UPDATE ON arrival BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;
"""


def up(migrator: object, db: Database) -> None:
    """Add the columns, the table and their triggers."""
    for statement in statements(SCRIPT):
        db.execute_sql(statement)

"""What a file refuses, whatever program writes to it, and what writes its history: the triggers of the schema.

They are one declared set, most of it made from the declarations of the entities, and made anew behind the numbered
scripts: a script makes tables and moves data only.
"""

from peewee import Database

from clientdesk.domain.pricing_plan_steps import HAND_OVER
from clientdesk.store.engines import (
    order_indexes,
    own_values_index,
    sqlite_bounds,
    sqlite_history_triggers,
    sqlite_row_triggers,
    undo_in_triggers,
)
from clientdesk.store.engines.quoting import identifier
from clientdesk.store.engines.sqlite_script import statements
from clientdesk.store.entities import CLIENT, ENTITIES

# A note is written once, before the seal, and with it how many rows stayed as they were.
_STEPS = " OR ".join(
    f"(OLD.primary_admin = '{step.before}' AND NEW.primary_admin = '{step.after}')" for step in HAND_OVER
)
_OPEN = "(SELECT undoes FROM change_set WHERE id = (SELECT max(id) FROM change_set WHERE seal IS NULL))"
"""The change set that the open one takes back."""
_BACKWARDS = f"""EXISTS (
        SELECT 1 FROM history WHERE change_set_id = {_OPEN} AND entity = 'client' AND key = CAST(OLD.id AS TEXT)
            AND json_extract(old, '$.primary_admin') = NEW.primary_admin
            AND json_extract(new, '$.primary_admin') = OLD.primary_admin
    )"""
"""Whether the open change set takes back the one that made the primary admin what it is."""
TRIGGERS = f"""
CREATE TRIGGER client_search_insert AFTER INSERT ON client BEGIN
    INSERT INTO client_search (rowid, search_text) VALUES (NEW.id, NEW.search_text);
END;
CREATE TRIGGER client_search_delete AFTER DELETE ON client BEGIN
    INSERT INTO client_search (client_search, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
END;
CREATE TRIGGER client_search_update AFTER UPDATE OF search_text ON client
WHEN OLD.search_text <> NEW.search_text BEGIN
    INSERT INTO client_search (client_search, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
    INSERT INTO client_search (rowid, search_text) VALUES (NEW.id, NEW.search_text);
END;

CREATE TRIGGER client_is_deleted AFTER DELETE ON client BEGIN
    INSERT OR REPLACE INTO deleted_client (client_id, search_text) VALUES (OLD.id, OLD.search_text);
END;
CREATE TRIGGER client_is_back AFTER INSERT ON client BEGIN
    DELETE FROM deleted_client WHERE client_id = NEW.id;
END;

CREATE TRIGGER client_delete_rules BEFORE DELETE ON client
WHEN (clientdesk_access() <> 'primary_admin' OR OLD.primary_admin <> 'client' OR OLD.billed_to = 'firm')
    AND NOT ({sqlite_row_triggers.may_be_taken_back(CLIENT)}) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: the preconditions of deleting a client are not met');
END;

CREATE TRIGGER client_primary_admin_steps BEFORE UPDATE OF primary_admin ON client
WHEN OLD.primary_admin <> NEW.primary_admin AND NOT ({_STEPS}) AND NOT {_BACKWARDS} BEGIN
    SELECT RAISE(ABORT, 'clientdesk: the primary admin of a client changes by the steps of the hand-over');
END;

CREATE TRIGGER primary_admin_stays_active BEFORE UPDATE OF active, access ON team_member
WHEN (NEW.active = 0 OR NEW.access <> 'full') AND NEW.id = (SELECT primary_admin_id FROM firm) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: there is always an active primary admin');
END;
CREATE TRIGGER primary_admin_is_guarded BEFORE UPDATE ON team_member
WHEN clientdesk_access() <> 'primary_admin' AND OLD.id = (SELECT primary_admin_id FROM firm) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: only the primary admin changes the primary admin');
END;
CREATE TRIGGER offer_stays_where_it_is BEFORE UPDATE OF login, access, active ON team_member
WHEN clientdesk_access() <> 'primary_admin' AND OLD.id = (SELECT offered_to_id FROM firm)
    AND (NEW.login <> OLD.login OR NEW.access <> OLD.access OR NEW.active <> OLD.active) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: only the primary admin changes who holds the offer of the role');
END;
CREATE TRIGGER primary_admin_is_active BEFORE UPDATE OF primary_admin_id ON firm
WHEN NOT EXISTS (SELECT 1 FROM team_member WHERE id = NEW.primary_admin_id AND active = 1 AND access = 'full') BEGIN
    SELECT RAISE(ABORT, 'clientdesk: there is always an active primary admin');
END;

CREATE TRIGGER history_stays BEFORE DELETE ON history BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history is never deleted');
END;
CREATE TRIGGER history_is_fixed BEFORE UPDATE ON history
WHEN OLD.digest IS NOT NULL OR NEW.id <> OLD.id OR NEW.change_set_id <> OLD.change_set_id OR NEW.entity <> OLD.entity
    OR NEW.key <> OLD.key OR NEW.operation <> OLD.operation OR NEW.old IS NOT OLD.old OR NEW.new IS NOT OLD.new BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;
CREATE TRIGGER change_set_stays BEFORE DELETE ON change_set BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history is never deleted');
END;
CREATE TRIGGER change_set_is_fixed
BEFORE UPDATE OF id, at, actor_id, kind, note, operation, job, undoes, stayed, entries, total, seal ON change_set
WHEN OLD.seal IS NOT NULL OR (NEW.seal IS NULL) <> (NEW.note <> OLD.note) OR (OLD.note <> '' AND NEW.note <> OLD.note)
    OR (NEW.stayed <> OLD.stayed AND NEW.note = OLD.note)
    OR (NEW.seal IS NULL AND (NEW.entries <> OLD.entries OR NEW.total <> OLD.total))
    OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor_id <> OLD.actor_id OR NEW.kind <> OLD.kind
    OR NEW.operation IS NOT OLD.operation OR NEW.job IS NOT OLD.job OR NEW.undoes IS NOT OLD.undoes BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;
CREATE TRIGGER change_set_is_latest AFTER UPDATE OF seal ON change_set WHEN NEW.job IS NOT NULL BEGIN
    {undo_in_triggers.LATEST};
END;
CREATE TRIGGER change_set_takes_back AFTER UPDATE OF seal ON change_set WHEN NEW.undoes IS NOT NULL BEGIN
    {undo_in_triggers.STANDING};
END;

CREATE TRIGGER history_is_new BEFORE INSERT ON history
WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;
CREATE TRIGGER change_set_is_new BEFORE INSERT ON change_set
WHEN EXISTS (SELECT 1 FROM change_set WHERE id = NEW.id OR operation = NEW.operation) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;
CREATE TRIGGER arrival_is_new BEFORE INSERT ON arrival
WHEN EXISTS (SELECT 1 FROM arrival WHERE client_id = NEW.client_id AND change_set_id = NEW.change_set_id) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: history never changes');
END;

CREATE TRIGGER id_counter_stays BEFORE DELETE ON id_counter BEGIN
    SELECT RAISE(ABORT, 'clientdesk: an id is never given again');
END;
CREATE TRIGGER id_counter_counts_up BEFORE UPDATE ON id_counter WHEN NEW.entity <> OLD.entity OR NEW.next <= OLD.next BEGIN
    SELECT RAISE(ABORT, 'clientdesk: an id is never given again');
END;
CREATE TRIGGER id_counter_is_new BEFORE INSERT ON id_counter
WHEN EXISTS (SELECT 1 FROM id_counter WHERE entity = NEW.entity) BEGIN
    SELECT RAISE(ABORT, 'clientdesk: an id is never given again');
END;

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

CREATE TRIGGER import_run_stays BEFORE DELETE ON import_run WHEN {sqlite_bounds.row_fits("import_run", "OLD")} BEGIN
    SELECT RAISE(ABORT, 'clientdesk: an import that can be read is never deleted');
END;
"""


def script() -> str:
    """All the triggers, and the indexes of orders, as the statements that make them."""
    sql = TRIGGERS + own_values_index.OF_FILE
    for entity in ENTITIES.values():
        sql += sqlite_history_triggers.script(entity) + sqlite_row_triggers.script(entity)
    return sql + sqlite_bounds.script() + order_indexes.of_file()


def clear(db: Database) -> None:
    """Takes every trigger away, so that tables can be made and rows moved without them."""
    for (name,) in db.execute_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute_sql(f"DROP TRIGGER {identifier(name)}")


def make_anew(db: Database) -> None:
    """Makes the triggers, whichever there were, and the indexes of orders that are not there."""
    clear(db)
    for statement in statements(script()):
        db.execute_sql(statement)

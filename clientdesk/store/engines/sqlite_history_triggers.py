"""What a file makes of the declaration of an entity: the triggers that write its history, and what its rows keep to."""

from clientdesk.store.engines import undo_in_triggers
from clientdesk.store.engines.sqlite_errors import NEVER_AGAIN
from clientdesk.store.entities import Entity


def script(entity: Entity) -> str:
    """All of its triggers."""
    return _history(entity) + _no_replacing(entity)


def values(entity: Entity, row: str) -> str:
    """The values of a row as the history keeps them."""
    pairs = ", ".join(f"'{attribute.name}', {row}.{attribute.column}" for attribute in entity.attributes)
    return f"json_object({pairs})"


_OPEN = "(SELECT max(id) FROM change_set WHERE seal IS NULL)"


def may_be_taken_back(entity: Entity) -> str:
    """See `undo_in_triggers`."""
    present = values(entity, "OLD")  # mostly the same text, which is compared much sooner than its values are
    is_as_added = f"""(a.new = {present}
                OR NOT EXISTS (SELECT 1 FROM json_each(a.new) added, json_each({present}) present
                WHERE added.key = present.key AND added.value IS NOT present.value))"""
    return undo_in_triggers.may_be_taken_back(entity, _OPEN, "clientdesk_access()", is_as_added)


def _history(entity: Entity) -> str:
    """The triggers that write an entity's history and refuse a write that does not count up the version.

    A write outside a change set has no number to give to its history entry, and is refused for that.
    An update keeps only the fields that differ: `json_remove` takes the equal ones out.
    """
    table, attributes = entity.name, entity.attributes

    def differing(row: str) -> str:
        paths = ", ".join(
            f"CASE WHEN OLD.{attribute.column} IS NEW.{attribute.column} THEN '$.{attribute.name}' ELSE '$.-' END"
            for attribute in attributes
        )
        return f"json_remove({values(entity, row)}, {paths})"

    changed = " OR ".join(f"OLD.{attribute.column} IS NOT NEW.{attribute.column}" for attribute in attributes)
    into = f"INSERT INTO history (change_set_id, entity, key, operation, old, new) VALUES ({_OPEN},"
    return f"""
CREATE TRIGGER {table}_history_insert AFTER INSERT ON {table} BEGIN
    {into} '{table}', {entity.key_sql("NEW")}, 'insert', NULL, {values(entity, "NEW")});
END;
CREATE TRIGGER {table}_history_update AFTER UPDATE ON {table} WHEN {changed} BEGIN
    {into} '{table}', {entity.key_sql("NEW")}, 'update', {differing("OLD")}, {differing("NEW")});
END;
CREATE TRIGGER {table}_history_delete AFTER DELETE ON {table} BEGIN
    {into} '{table}', {entity.key_sql("OLD")}, 'delete', {values(entity, "OLD")}, NULL);
END;
CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} WHEN NEW.version <> OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a write must count up the version of the row it read');
END;
CREATE TRIGGER {table}_first_version BEFORE INSERT ON {table} WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a new row has the version 1');
END;
"""


def _no_replacing(entity: Entity) -> str:
    """The triggers that refuse OR REPLACE, which takes the row that stands there away without asking the triggers of
    deleting, an id that was not reserved or was given before, and another value of what never changes."""
    table = entity.name
    same_row = " AND ".join(f"{column} = NEW.{column}" for column in entity.identity)
    new = " OR ".join(f"{column} = NEW.{column}" for column in entity.unique) or "FALSE"
    refused = "SELECT RAISE(ABORT, 'clientdesk: a UNIQUE value never takes the place of another row');"
    fixed_differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in entity.fixed)
    sql = f"""
CREATE TRIGGER {table}_is_new BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE ({same_row}) OR {new}) BEGIN
    SELECT RAISE(ABORT, '{NEVER_AGAIN}') WHERE EXISTS (SELECT 1 FROM {table} WHERE {same_row});
    {refused}
END;
CREATE TRIGGER {table}_stays_the_same BEFORE UPDATE OF {", ".join(entity.fixed)} ON {table} WHEN {fixed_differs} BEGIN
    SELECT RAISE(ABORT, 'clientdesk: what identifies a row of {table} never changes');
END;
"""
    if entity.counted:
        unreserved = undo_in_triggers.has_no_right_to_its_id(
            entity, "NEW", _OPEN, lambda once: f"json_extract(d.old, '$.{once.name}') IS NEW.{once.column}"
        )
        sql += f"""
CREATE TRIGGER {table}_id_is_reserved BEFORE INSERT ON {table}
WHEN {unreserved} BEGIN
    SELECT RAISE(ABORT, '{NEVER_AGAIN}');
END;
"""
    for column in entity.unique:
        sql += f"""
CREATE TRIGGER {table}_{column}_is_free BEFORE UPDATE OF {column} ON {table}
WHEN OLD.{column} IS NOT NEW.{column} AND EXISTS (SELECT 1 FROM {table} WHERE {column} = NEW.{column}) BEGIN
    {refused}
END;
"""
    if entity.deleted_by is None:
        sql += f"""
CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a row of {table} is never deleted');
END;
"""
    return sql

"""What a file refuses of each row of an entity, made from its declaration: the version, what never changes, ids."""

from clientdesk.domain.access import Access, reaches
from clientdesk.store.engines import undo_in_triggers
from clientdesk.store.engines.quoting import literal
from clientdesk.store.engines.sqlite_errors import NEVER_AGAIN
from clientdesk.store.engines.sqlite_history_triggers import OPEN, values
from clientdesk.store.entities import Attribute, Entity


def script(entity: Entity) -> str:
    """The triggers that refuse a write that does not count up the version, OR REPLACE, which takes the row that stands
    there away without asking the triggers of deleting, an id that was not reserved or was given before, and another
    value of what never changes."""
    table = entity.name
    same_row = " AND ".join(f"{column} = NEW.{column}" for column in entity.identity)
    new = " OR ".join(f"{column} = NEW.{column}" for column in entity.unique) or "FALSE"
    refused = "SELECT RAISE(ABORT, 'clientdesk: a UNIQUE value never takes the place of another row');"
    fixed_differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in entity.fixed)
    sql = f"""
CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} WHEN NEW.version <> OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a write must count up the version of the row it read');
END;
CREATE TRIGGER {table}_first_version BEFORE INSERT ON {table} WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'clientdesk: a new row has the version 1');
END;
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
            entity, "NEW", OPEN, lambda once: f"json_extract(d.old, '$.{once.name}') IS NEW.{once.column}"
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
    if entity.added_by is Access.BASIC:
        sql += _of_everyone(entity)
    return sql


def _of_everyone(entity: Entity) -> str:
    """The triggers of a row that every member may add: who may not write some of its columns leaves them, and who may not
    delete rows takes back what they have added."""
    assert entity.deleted_by is not None
    refused = "SELECT RAISE(ABORT, 'clientdesk: your access does not allow this');"
    may_delete = ", ".join(f"'{access.value}'" for access in Access if reaches(access, entity.deleted_by))
    sql = f"""
CREATE TRIGGER {entity.name}_may_go BEFORE DELETE ON {entity.name}
WHEN clientdesk_access() NOT IN ({may_delete}) AND NOT ({may_be_taken_back(entity)}) BEGIN
    {refused}
END;
"""
    free = entity.writable(Access.BASIC)
    kept = [attribute for attribute in entity.attributes if attribute not in free and not attribute.once]
    if kept:
        differs = " OR ".join(f"OLD.{attribute.column} IS NOT NEW.{attribute.column}" for attribute in kept)
        filled = " OR ".join(f"NEW.{attribute.column} IS NOT {_default(attribute)}" for attribute in kept)
        sql += f"""
CREATE TRIGGER {entity.name}_is_managed BEFORE UPDATE ON {entity.name}
WHEN clientdesk_access() = 'basic' AND ({differs}) BEGIN
    {refused}
END;
CREATE TRIGGER {entity.name}_is_added_plain BEFORE INSERT ON {entity.name}
WHEN clientdesk_access() = 'basic' AND ({filled}) BEGIN
    {refused}
END;
"""
    return sql


def _default(attribute: Attribute) -> str:
    """What a column has in a new row that does not say it, in SQL."""
    default = attribute.default
    return "NULL" if default is None else literal(default) if isinstance(default, str) else str(default)


def may_be_taken_back(entity: Entity) -> str:
    """See `undo_in_triggers`."""
    present = values(entity, "OLD")  # mostly the same text, which is compared much sooner than its values are
    is_as_added = f"""(a.new = {present}
                OR NOT EXISTS (SELECT 1 FROM json_each(a.new) added, json_each({present}) present
                WHERE added.key = present.key AND added.value IS NOT present.value))"""
    return undo_in_triggers.may_be_taken_back(entity, OPEN, "clientdesk_access()", is_as_added)

"""The triggers of a file that write the history, made from the declaration of each entity."""

from clientdesk.store.entities import Entity

OPEN = "(SELECT max(id) FROM change_set WHERE seal IS NULL)"
"""The open change set."""


def values(entity: Entity, row: str) -> str:
    """The values of a row as the history keeps them."""
    pairs = ", ".join(f"'{attribute.name}', {row}.{attribute.column}" for attribute in entity.attributes)
    return f"json_object({pairs})"


def script(entity: Entity) -> str:
    """The triggers that write an entity's history.

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
    into = f"INSERT INTO history (change_set_id, entity, key, operation, old, new) VALUES ({OPEN},"
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
"""

"""The triggers of a server that write the history, made from the declaration of each entity."""

from clientdesk.store.engines import undo_in_triggers
from clientdesk.store.engines.id_counters import REFUSED
from clientdesk.store.engines.postgres_script import owners_function
from clientdesk.store.entities import Attribute, Entity


def _value(row: str, attribute: Attribute) -> str:
    return f"'\"{attribute.name}\":' || coalesce(to_json({row}.{attribute.column})::text, 'null')"


def values(entity: Entity, row: str) -> str:
    """The values of a row as the history keeps them."""
    return "'{' || concat_ws(',', " + ", ".join(_value(row, attribute) for attribute in entity.attributes) + ") || '}'"


def script(entity: Entity) -> str:
    """The function and triggers that write an entity's history.

    They look at all rows of a statement at once, which is what makes a long import quick. The values stand as SQLite's
    json_object writes them; an update keeps only the fields that differ.
    """
    table, attributes = entity.name, entity.attributes

    def differing(row: str) -> str:
        cases = [
            f"CASE WHEN o.{attribute.column} IS DISTINCT FROM n.{attribute.column} THEN {_value(row, attribute)} END"
            for attribute in attributes
        ]
        return "'{' || concat_ws(',', " + ", ".join(cases) + ") || '}'"

    def entries(row: str, operation: str, old: str, new: str) -> str:
        order = ", ".join(f"{row}.{column}" for column in entity.identity)
        return f"""INSERT INTO history (id, change_set_id, entity, key, operation, old, new, salt, digest)
        SELECT w.number, change, '{table}', w.key, '{operation}', w.was, w.made, w.salt,
            digest_of(w.salt, quote(w.was) || ',' || quote(w.made))
        FROM (SELECT last_entry + row_number() OVER (ORDER BY {order}) AS number, {entity.key_sql(row)} AS key,
            {old} AS was, {new} AS made, salt() AS salt"""

    same_row = " AND ".join(f"n.{column} = o.{column}" for column in entity.identity)
    changed = " OR ".join(f"o.{attribute.column} IS DISTINCT FROM n.{attribute.column}" for attribute in attributes)
    return f"""
{owners_function(f"{table}_history()")}
DECLARE
    change bigint := open_change();
    last_entry bigint := coalesce((SELECT max(id) FROM history), 0);
BEGIN
    IF TG_OP = 'INSERT' THEN{_reserved(entity) if entity.counted else ""}
        {entries("n", "insert", "NULL::text", values(entity, "n"))}
        FROM added n) AS w;
    ELSIF TG_OP = 'UPDATE' THEN
        {entries("n", "update", differing("o"), differing("n"))}
        FROM gone o JOIN added n ON {same_row} WHERE {changed}) AS w;
    ELSE
        {entries("o", "delete", values(entity, "o"), "NULL::text")}
        FROM gone o) AS w;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER {table}_history_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_history();
CREATE TRIGGER {table}_history_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_history();
CREATE TRIGGER {table}_history_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_history();
"""


def _reserved(entity: Entity) -> str:
    """The part of the function that looks at the ids of new rows, before their history is written."""
    unreserved = undo_in_triggers.has_no_right_to_its_id(
        entity, "n", "change", lambda once: f"d.old::jsonb ->> '{once.name}' IS NOT DISTINCT FROM n.{once.column}::text"
    )
    return f"""
        IF EXISTS (SELECT FROM added n WHERE {unreserved}) THEN
            RAISE EXCEPTION 'clientdesk: an id is reserved before it is given, and never given again'
                USING ERRCODE = '42501', CONSTRAINT = '{REFUSED}';
        END IF;"""

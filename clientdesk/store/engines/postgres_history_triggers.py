"""What a server makes of the declaration of an entity: what writes its history, what its rows keep to, and its grants."""

from clientdesk.domain.access import Access
from clientdesk.store.derived import DERIVED
from clientdesk.store.engines import undo_in_triggers
from clientdesk.store.engines.counters import REFUSED
from clientdesk.store.entities import Attribute, Entity


def _value(row: str, attribute: Attribute) -> str:
    return f"'\"{attribute.name}\":' || coalesce(to_json({row}.{attribute.column})::text, 'null')"


def values(entity: Entity, row: str) -> str:
    """The values of a row as the history keeps them."""
    return "'{' || concat_ws(',', " + ", ".join(_value(row, attribute) for attribute in entity.attributes) + ") || '}'"


def may_be_taken_back(entity: Entity) -> str:
    """See `undo_in_triggers`."""
    present = values(entity, "OLD")  # mostly the same text, which is compared much sooner than its values are
    is_as_added = f"(a.new = {present} OR ({present})::jsonb @> a.new::jsonb)"
    return undo_in_triggers.may_be_taken_back(entity, "open_change()", "my_access()", is_as_added)


def history(entity: Entity) -> str:
    """The function and triggers that write an entity's history, the one that wants the version counted up, and the one
    that keeps what never changes.

    They look at all rows of a statement at once, which is what makes a long import quick. The values stand as SQLite's
    json_object writes them; an update keeps only the fields that differ. A write that leaves no trace in
    the history (of what is derived only) is let through where another one of the same row follows in its transaction.
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
        FROM (SELECT last + row_number() OVER (ORDER BY {order}) AS number, {entity.key_sql(row)} AS key,
            {old} AS was, {new} AS made, salt() AS salt"""

    same_row = " AND ".join(f"n.{column} = o.{column}" for column in entity.identity)
    itself = " AND ".join(f"{column} = NEW.{column}" for column in entity.identity)
    changed = " OR ".join(f"o.{attribute.column} IS DISTINCT FROM n.{attribute.column}" for attribute in attributes)
    fixed_differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in entity.fixed)
    old, new = (", ".join(f"{row}.{attribute.column}" for attribute in attributes) for row in ("OLD", "NEW"))
    return f"""
CREATE OR REPLACE FUNCTION {table}_history() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = clientdesk, pg_temp AS $$
DECLARE
    change bigint := open_change();
    last bigint := coalesce((SELECT max(id) FROM history), 0);
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
CREATE OR REPLACE FUNCTION {table}_leaves_a_trace() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = clientdesk, pg_temp AS $$
BEGIN
    IF NEW.version = (SELECT version FROM {table} WHERE {itself}) THEN
        RAISE EXCEPTION 'clientdesk: a write changes something that the history keeps' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER {table}_leaves_a_trace AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (({old}) IS NOT DISTINCT FROM ({new})) EXECUTE FUNCTION {table}_leaves_a_trace();
CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION version_counts_up();
CREATE TRIGGER {table}_first_version BEFORE INSERT ON {table} FOR EACH ROW
    WHEN (NEW.version <> 1) EXECUTE FUNCTION version_counts_up();
CREATE TRIGGER {table}_stays_the_same BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN ({fixed_differs}) EXECUTE FUNCTION stays_the_same();
"""


def _reserved(entity: Entity) -> str:
    """The part of the function that looks at the ids of new rows, before their history is written."""
    unreserved = undo_in_triggers.has_no_right_to_its_id(
        entity, "n", "change", lambda once: f"d.old::jsonb ->> '{once.name}' = n.{once.column}::text"
    )
    return f"""
        IF EXISTS (SELECT FROM added n WHERE {unreserved}) THEN
            RAISE EXCEPTION 'clientdesk: an id is reserved before it is given, and never given again'
                USING ERRCODE = '42501', CONSTRAINT = '{REFUSED}';
        END IF;"""


def grants(entity: Entity) -> str:
    """What the groups may write of an entity, column by column."""
    of_row = (*(attribute.column for attribute in entity.attributes), *DERIVED.get(entity.name, ()))
    admins_columns = {attribute.column for attribute in entity.attributes if attribute.writers is Access.PRIMARY_ADMIN}
    changing = ", ".join((*(column for column in of_row if column not in {*entity.fixed, *admins_columns}), "version"))
    adding = ", ".join(dict.fromkeys((*entity.identity, *of_row)))
    rights = ([] if entity.single else [f"INSERT ({adding})"]) + [f"UPDATE ({changing})"]
    sql = f"GRANT {', '.join(rights)} ON {entity.name} TO clientdesk_full;\n"
    if admins_columns:
        sql += f"GRANT UPDATE ({', '.join(sorted(admins_columns))}) ON {entity.name} TO clientdesk_primary_admin;\n"
    if entity.deleted_by is not None:  # who may not delete a row for good takes back what they added
        sql += f"GRANT DELETE ON {entity.name} TO clientdesk_full;\n"
    return sql

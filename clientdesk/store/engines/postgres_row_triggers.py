"""What a server refuses of each row of an entity, made from its declaration: a write without a trace, the version, what
never changes."""

from clientdesk.domain.access import Access, reaches
from clientdesk.store.engines import undo_in_triggers
from clientdesk.store.engines.postgres_history_triggers import values
from clientdesk.store.engines.postgres_script import owners_function
from clientdesk.store.entities import Entity


def script(entity: Entity) -> str:
    """The triggers that want the version counted up, and keep what never changes.

    A write that leaves no trace in the history (of what is derived only) is let through where another one of the same row
    follows in its transaction.
    """
    table, attributes = entity.name, entity.attributes
    itself = " AND ".join(f"{column} = NEW.{column}" for column in entity.identity)
    fixed_differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in entity.fixed)
    old, new = (", ".join(f"{row}.{attribute.column}" for attribute in attributes) for row in ("OLD", "NEW"))
    return f"""
{owners_function(f"{table}_leaves_a_trace()")}
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
{_of_everyone(entity) if entity.added_by is Access.BASIC else ""}"""


def _of_everyone(entity: Entity) -> str:
    """The trigger of a row that every member may add: who may not delete rows takes back what they have added."""
    assert entity.deleted_by is not None
    may_delete = ", ".join(f"'{access.value}'" for access in Access if reaches(access, entity.deleted_by))
    return f"""
{owners_function(f"{entity.name}_may_go()")}
BEGIN
    IF coalesce(my_access(), 'nobody') NOT IN ({may_delete}) AND NOT {may_be_taken_back(entity)} THEN
        RAISE EXCEPTION 'clientdesk: the access of % does not allow this', session_user USING ERRCODE = '42501';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER {entity.name}_may_go BEFORE DELETE ON {entity.name} FOR EACH ROW EXECUTE FUNCTION {entity.name}_may_go();
"""


def may_be_taken_back(entity: Entity) -> str:
    """See `undo_in_triggers`."""
    present = values(entity, "OLD")  # mostly the same text, which is compared much sooner than its values are
    is_as_added = f"(a.new = {present} OR ({present})::jsonb @> a.new::jsonb)"
    return undo_in_triggers.may_be_taken_back(entity, "open_change()", "my_access()", is_as_added)

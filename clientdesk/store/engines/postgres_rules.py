"""What a server refuses, whatever program connects: functions, triggers and grants of the schema's scripts.

The tables belong to whoever made the firm. A person's own login is in one of three groups; what a group may is granted
column by column, and the triggers look besides who the person is: the active team member whose login is `session_user`,
which no `SET ROLE` changes. Functions that write what nobody may write run as their owner.

They are one declared set, most of it made from the declarations of the entities, and made anew behind the numbered
scripts: a script makes tables and moves data only.
"""

from peewee import Database

from clientdesk.domain.access import Access
from clientdesk.domain.pricing_plan_steps import HAND_OVER
from clientdesk.store.engines import (
    order_indexes,
    own_values_index,
    postgres_bounds,
    postgres_change_sets,
    postgres_grants,
    postgres_history_triggers,
    postgres_row_triggers,
    postgres_script,
    postgres_search,
)
from clientdesk.store.engines.id_counters import REFUSED
from clientdesk.store.engines.postgres_script import function, owners_function
from clientdesk.store.entities import CLIENT, ENTITIES

_GUARDS = f"""
{owners_function("writer_is_allowed()")}
BEGIN
    IF NOT EXISTS (SELECT FROM firm) THEN
        RETURN NULL;
    END IF;
    PERFORM see_the_latest();
    IF coalesce(my_access(), 'nobody') NOT IN ('primary_admin', 'full') THEN
        RAISE EXCEPTION 'clientdesk: the access of % does not allow this', session_user USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END
$$;

{owners_function("member_is_allowed()")}
BEGIN
    PERFORM see_the_latest();
    IF my_access() IS NULL THEN
        RAISE EXCEPTION 'clientdesk: the access of % does not allow this', session_user USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END
$$;

{function("version_counts_up()")}
BEGIN
    RAISE EXCEPTION 'clientdesk: a write must count up the version of the row it read' USING ERRCODE = '40001';
END
$$;

{function("stays_the_same()")}
BEGIN
    RAISE EXCEPTION 'clientdesk: what identifies a row of % never changes', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

{function("ids_count_up()")}
BEGIN
    RAISE EXCEPTION 'clientdesk: an id is never given again' USING ERRCODE = '42501', CONSTRAINT = '{REFUSED}';
END
$$;

{owners_function("not_by_a_step()")}
BEGIN
    IF EXISTS (
        SELECT FROM history h JOIN change_set o ON o.id = open_change() AND h.change_set_id = o.undoes
        WHERE h.entity = 'client' AND h.key = OLD.id::text AND h.old::jsonb ->> 'primary_admin' = NEW.primary_admin
            AND h.new::jsonb ->> 'primary_admin' = OLD.primary_admin
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'clientdesk: the primary admin of a client changes by the steps of the hand-over' USING ERRCODE = '42501';
END
$$;

{owners_function("client_may_go()")}
BEGIN
    IF (my_access() IS DISTINCT FROM 'primary_admin' OR OLD.primary_admin <> 'client' OR OLD.billed_to = 'firm'
            OR NOT pg_has_role(session_user, 'clientdesk_primary_admin', 'USAGE'))
        AND NOT {postgres_row_triggers.may_be_taken_back(CLIENT)} THEN
        RAISE EXCEPTION 'clientdesk: the preconditions of deleting a client are not met' USING ERRCODE = '42501';
    END IF;
    RETURN OLD;
END
$$;

{owners_function("member_is_guarded()")}
BEGIN
    IF OLD.id = (SELECT primary_admin_id FROM firm) THEN
        IF NEW.active = 0 OR NEW.access <> 'full' THEN
            RAISE EXCEPTION 'clientdesk: there is always an active primary admin' USING ERRCODE = '42501';
        END IF;
        IF my_access() IS DISTINCT FROM 'primary_admin' THEN
            RAISE EXCEPTION 'clientdesk: only the primary admin changes the primary admin' USING ERRCODE = '42501';
        END IF;
    END IF;
    IF OLD.id = (SELECT offered_to_id FROM firm) AND my_access() IS DISTINCT FROM 'primary_admin'
        AND (NEW.login <> OLD.login OR NEW.access <> OLD.access OR NEW.active <> OLD.active) THEN
        RAISE EXCEPTION 'clientdesk: only the primary admin changes who holds the offer of the role' USING ERRCODE = '42501';
    END IF;
    IF OLD.id = me() AND (NEW.login <> OLD.login OR NEW.active <> OLD.active) THEN
        RAISE EXCEPTION 'clientdesk: nobody changes their own login, or makes themselves inactive' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;

{owners_function("firm_is_guarded()")}
BEGIN
    IF NEW.primary_admin_id <> OLD.primary_admin_id THEN
        IF OLD.offered_to_id IS DISTINCT FROM me() OR NEW.primary_admin_id IS DISTINCT FROM me()
            OR my_access() IS DISTINCT FROM 'full' THEN
            RAISE EXCEPTION 'clientdesk: the role goes to the one it was offered to, who takes it' USING ERRCODE = '42501';
        END IF;
    ELSIF NEW.offered_to_id IS NOT NULL AND NEW.offered_to_id IS DISTINCT FROM OLD.offered_to_id
        AND my_access() IS DISTINCT FROM 'primary_admin' THEN
        RAISE EXCEPTION 'clientdesk: only the primary admin offers the role' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;

{owners_function("deleted_clients()")}
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO deleted_client (client_id, search_text) SELECT id, search_text FROM gone
            ON CONFLICT (client_id) DO UPDATE SET search_text = excluded.search_text;
    ELSE
        DELETE FROM deleted_client d USING added a WHERE d.client_id = a.id;
    END IF;
    RETURN NULL;
END
$$;

{owners_function("arrival_in_change()")}
BEGIN
    IF NEW.change_set_id <> open_change() OR NOT EXISTS (
        SELECT FROM history h JOIN client c ON c.id = NEW.client_id AND c.company_id = NEW.company_id
        WHERE h.entity = 'client' AND h.key = NEW.client_id::text AND h.operation = 'insert'
            AND h.change_set_id = NEW.change_set_id
    ) THEN
        RAISE EXCEPTION 'clientdesk: a client arrives in the change set that adds it' USING ERRCODE = '42501';
    END IF;
    NEW.salt := salt();
    NEW.digest := digest_of(NEW.salt, quote(NEW.entries));
    RETURN NEW;
END
$$;

{owners_function("run_is_mine()")}
BEGIN
    IF NEW.id >= coalesce((SELECT next FROM id_counter WHERE entity = 'import_run'), 0) THEN
        RAISE EXCEPTION 'clientdesk: an id is reserved before it is given, and never given again'
            USING ERRCODE = '42501', CONSTRAINT = '{REFUSED}';
    END IF;
    IF NEW.actor_id IS DISTINCT FROM me() THEN
        RAISE EXCEPTION 'clientdesk: an import is noted under the name of who does it' USING ERRCODE = '42501';
    END IF;
    NEW.at := now_text();
    RETURN NEW;
END
$$;

{owners_function("run_is_touched()")}
BEGIN
    NEW.touched := now_text();
    RETURN NEW;
END
$$;

{owners_function("run_may_go()")}
BEGIN
    IF my_access() IS DISTINCT FROM 'primary_admin' THEN
        RAISE EXCEPTION 'clientdesk: only the primary admin takes an import away' USING ERRCODE = '42501';
    END IF;
    RETURN OLD;
END
$$;

{owners_function("retry_is_mine()")}
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.verdict <> 'refused' OR NEW.retried_by IS NOT NULL THEN
            RAISE EXCEPTION 'clientdesk: a row is refused before it is tried again' USING ERRCODE = '42501';
        END IF;
    ELSIF NEW.retried_by IS DISTINCT FROM me() OR OLD.verdict <> 'refused' THEN
        RAISE EXCEPTION 'clientdesk: a refused row is tried again under the name of who does it' USING ERRCODE = '42501';
    ELSE
        NEW.retried_at := now_text();
    END IF;
    RETURN NEW;
END
$$;
"""


_STEPS = " OR ".join(
    f"(OLD.primary_admin = '{step.before}' AND NEW.primary_admin = '{step.after}')" for step in HAND_OVER
)
_WORK = (*(entity.name for entity in ENTITIES.values() if entity.added_by is Access.BASIC), "client_work")
"""What every member may write."""
_WRITTEN = {
    **dict.fromkeys((*ENTITIES, "import_run", "import_refusal", "import_mapping", "arrival", "work_renewal"), "writer"),
    **dict.fromkeys(_WORK, "member"),
}
_ANNOUNCED = ("import_run", "import_mapping", "work_renewal")

TRIGGERS = "".join(
    f"""
CREATE TRIGGER a_writer_is_allowed BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {who}_is_allowed();
"""
    for table, who in _WRITTEN.items()
) + "".join(
    f"""
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell();
"""
    for table in _ANNOUNCED
)
TRIGGERS += f"""
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON change_set DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.seal IS NULL) EXECUTE FUNCTION seal_change();
CREATE TRIGGER id_counter_stays BEFORE DELETE OR TRUNCATE ON id_counter FOR EACH STATEMENT EXECUTE FUNCTION ids_count_up();
CREATE TRIGGER id_counter_counts_up BEFORE UPDATE ON id_counter FOR EACH ROW
    WHEN (NEW.entity <> OLD.entity OR NEW.next <= OLD.next) EXECUTE FUNCTION ids_count_up();
CREATE TRIGGER primary_admin_steps BEFORE UPDATE ON client FOR EACH ROW
    WHEN (NEW.primary_admin <> OLD.primary_admin AND NOT ({_STEPS})) EXECUTE FUNCTION not_by_a_step();
CREATE TRIGGER client_may_go BEFORE DELETE ON client FOR EACH ROW EXECUTE FUNCTION client_may_go();
CREATE TRIGGER client_is_deleted AFTER DELETE ON client REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION deleted_clients();
CREATE TRIGGER client_is_back AFTER INSERT ON client REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION deleted_clients();
CREATE TRIGGER member_is_guarded BEFORE UPDATE ON team_member FOR EACH ROW EXECUTE FUNCTION member_is_guarded();
CREATE TRIGGER firm_is_guarded BEFORE UPDATE ON firm FOR EACH ROW EXECUTE FUNCTION firm_is_guarded();
CREATE TRIGGER arrival_in_change BEFORE INSERT ON arrival FOR EACH ROW EXECUTE FUNCTION arrival_in_change();
CREATE TRIGGER run_is_mine BEFORE INSERT ON import_run FOR EACH ROW EXECUTE FUNCTION run_is_mine();
CREATE TRIGGER run_is_touched BEFORE INSERT OR UPDATE ON import_run FOR EACH ROW EXECUTE FUNCTION run_is_touched();
CREATE TRIGGER run_may_go BEFORE DELETE ON import_run FOR EACH ROW EXECUTE FUNCTION run_may_go();
CREATE TRIGGER retry_is_mine BEFORE INSERT OR UPDATE ON import_refusal FOR EACH ROW EXECUTE FUNCTION retry_is_mine();
"""

CLEAR = """
DO $$
DECLARE made record;
BEGIN
    FOR made IN SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'clientdesk'::regnamespace AND NOT t.tgisinternal
    LOOP
        EXECUTE format('DROP TRIGGER %I ON clientdesk.%I', made.tgname, made.relname);
    END LOOP;
END
$$;
"""
"""Takes every trigger away, so that tables can be made and rows moved without them."""


def script() -> str:
    """All the functions, triggers, indexes of orders and grants, as the statements that make them."""
    of_entities = "".join(
        postgres_history_triggers.script(entity) + postgres_row_triggers.script(entity) for entity in ENTITIES.values()
    )
    return (
        postgres_change_sets.FUNCTIONS
        + postgres_search.FUNCTIONS
        + _GUARDS
        + postgres_bounds.FUNCTION
        + of_entities
        + TRIGGERS
        + own_values_index.OF_SERVER
        + postgres_bounds.triggers()
        + order_indexes.of_server()
        + postgres_grants.GRANTS
    )


def make_anew(db: Database) -> None:
    """Makes functions, triggers and grants, whichever there were, and the indexes of orders that are not there. For
    the owner, in the schema's search path."""
    postgres_script.run(db, CLEAR)
    postgres_script.run(db, script())

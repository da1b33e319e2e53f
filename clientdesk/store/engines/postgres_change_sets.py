"""What a server does for whoever writes, whatever program connects: it knows who that is, lets one write at a time, gives
ids, begins change sets, notes and seals them. The functions of `postgres_rules` that refuse stand on these.
"""

from clientdesk.store.engines import ROOM, undo_in_triggers
from clientdesk.store.engines.id_counters import COUNTED, REFUSED
from clientdesk.store.engines.postgres_script import function, owners_function

TAKE_TURN = "SELECT clientdesk.take_turn()"
"""Whoever writes to the firm runs this first: one writer at a time, as the rules look at several rows."""

CHANNEL = "clientdesk"
"""What a change of the firm is told on (NOTIFY)."""

_AT_ONCE = 10_000_000
"""So many ids are reserved at a time, at most."""
_COUNTED = ", ".join(f"'{name}'" for name in COUNTED)

FUNCTIONS = f"""
{function("quote(text)", "text", language="sql", traits="IMMUTABLE PARALLEL SAFE")}
    SELECT CASE WHEN $1 IS NULL THEN 'NULL' ELSE '''' || replace($1, '''', '''''') || '''' END
$$;

{owners_function("me()", "bigint", language="sql", traits="STABLE")}
    SELECT id FROM team_member WHERE login = session_user AND active = 1
$$;

{owners_function("my_access()", "text", language="sql", traits="STABLE")}
    SELECT CASE WHEN m.id = f.primary_admin_id THEN 'primary_admin' ELSE m.access END
    FROM team_member m, firm f WHERE m.login = session_user AND m.active = 1
$$;

{function("now_text()", "text", language="sql")}
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+00:00"')
$$;

{owners_function("open_change()", "bigint")}
DECLARE open_id bigint := (SELECT max(id) FROM change_set WHERE seal IS NULL);
BEGIN
    IF open_id IS NULL THEN
        RAISE EXCEPTION 'clientdesk: a write stands in a change set: begin_change comes first' USING ERRCODE = '42501';
    END IF;
    RETURN open_id;
END
$$;

{owners_function("take_turn()", "void")}
BEGIN
    LOCK TABLE turn IN EXCLUSIVE MODE;
END
$$;

{owners_function("see_the_latest()", "void")}
BEGIN
    PERFORM take_turn();
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION 'clientdesk: who writes must see what others wrote before: READ COMMITTED' USING ERRCODE = '42501';
    END IF;
END
$$;

{owners_function("begin_change(kind text, operation text DEFAULT NULL, job bigint DEFAULT NULL, undoes bigint DEFAULT NULL)", "bigint")}
DECLARE
    actor bigint;
    new_id bigint;
BEGIN
    PERFORM see_the_latest();
    actor := me();
    IF actor IS NULL THEN
        RAISE EXCEPTION 'clientdesk: % is no active team member', session_user USING ERRCODE = '42501';
    END IF;
    IF EXISTS (SELECT FROM change_set WHERE seal IS NULL) THEN
        RAISE EXCEPTION 'clientdesk: a change set is open already' USING ERRCODE = '42501';
    END IF;
    IF NOT begin_change.job BETWEEN 1 AND coalesce((SELECT next FROM id_counter WHERE entity = 'job'), 1) - 1
        OR EXISTS (SELECT FROM change_set c WHERE c.job = begin_change.job AND c.actor_id <> actor) THEN
        RAISE EXCEPTION 'clientdesk: a job has a number that was reserved, and one who does it'
            USING ERRCODE = '42501', CONSTRAINT = '{REFUSED}';
    END IF;
    INSERT INTO change_set (id, at, actor_id, kind, operation, job, undoes)
    SELECT coalesce(max(id), 0) + 1, now_text(), actor, begin_change.kind, begin_change.operation, begin_change.job,
        begin_change.undoes
    FROM change_set RETURNING id INTO new_id;
    RETURN new_id;
END
$$;

{owners_function("next_ids(entity text, count bigint)", "bigint")}
DECLARE
    first_id bigint := coalesce((SELECT origin FROM firm), 0) * {ROOM} + 1;
    last bigint := first_id + {ROOM} - 1;
BEGIN
    IF EXISTS (SELECT FROM firm) THEN
        PERFORM see_the_latest();
        IF coalesce(my_access(), 'nobody') NOT IN ('primary_admin', 'full')
            AND (my_access() IS NULL OR next_ids.entity <> 'job') THEN -- work of many clients is a job, too
            RAISE EXCEPTION 'clientdesk: the access of % does not allow this', session_user USING ERRCODE = '42501';
        END IF;
    END IF;
    IF next_ids.count < 1 OR next_ids.count > {_AT_ONCE} OR next_ids.entity NOT IN ({_COUNTED}) THEN
        RAISE EXCEPTION 'clientdesk: % ids of % are not to be had', next_ids.count, next_ids.entity USING ERRCODE = '42501';
    END IF;
    first_id := greatest(first_id, (SELECT c.next FROM id_counter c WHERE c.entity = next_ids.entity));
    IF first_id > last - next_ids.count + 1 THEN
        RAISE EXCEPTION 'clientdesk: no id of % is left', next_ids.entity
            USING ERRCODE = '42501', CONSTRAINT = '{REFUSED}';
    END IF;
    INSERT INTO id_counter (entity, next) VALUES (next_ids.entity, first_id + next_ids.count)
    ON CONFLICT ON CONSTRAINT id_counter_pkey DO UPDATE SET next = excluded.next;
    RETURN first_id;
END
$$;

{owners_function("note_change(note text, stayed bigint DEFAULT 0)", "void")}
BEGIN
    UPDATE change_set SET note = note_change.note, stayed = note_change.stayed
    WHERE id = open_change() AND change_set.note = '';
    IF NOT FOUND OR note_change.note = '' THEN
        RAISE EXCEPTION 'clientdesk: history never changes' USING ERRCODE = '42501';
    END IF;
END
$$;

{owners_function("keep_setting(name text, value text)", "void")}
BEGIN
    INSERT INTO member_setting (member_id, name, value) VALUES (me(), keep_setting.name, keep_setting.value)
    ON CONFLICT ON CONSTRAINT member_setting_pkey DO UPDATE SET value = excluded.value;
END
$$;

{function("salt()", "text", language="sql")}
    SELECT replace(gen_random_uuid()::text, '-', '')
$$;

{function("digest_of(salt text, texts text)", "text", language="sql", traits="IMMUTABLE PARALLEL SAFE")}
    SELECT encode(sha256(convert_to($1 || ',' || $2, 'UTF8')), 'hex')
$$;

{owners_function("seal_of(number bigint)", "text", traits="STABLE")}
DECLARE
    before text := (SELECT seal FROM change_set WHERE id < number ORDER BY id DESC LIMIT 1);
    told text;
    entries text;
    arrivals text;
BEGIN
    SELECT concat_ws(',', quote(coalesce(before, '')), s.id, quote(s.at), s.actor_id, quote(s.kind), quote(s.note),
        quote(s.operation), coalesce(s.job::text, 'NULL'), coalesce(s.undoes::text, 'NULL'), s.stayed) || E'\\n'
        INTO told FROM change_set s WHERE s.id = number;
    SELECT string_agg(concat_ws(',', h.id, quote(h.entity), quote(h.key), quote(h.operation), quote(h.digest)) || E'\\n',
        '' ORDER BY h.id) INTO entries FROM history h WHERE h.change_set_id = number;
    SELECT string_agg(concat_ws(',', 'arrival', a.client_id, quote(a.company_id), quote(a.from_uid), quote(a.from_firm),
        quote(a.state), quote(a.digest)) || E'\\n', '' ORDER BY a.client_id)
        INTO arrivals FROM arrival a WHERE a.change_set_id = number;
    RETURN encode(sha256(convert_to(told || coalesce(entries, '') || coalesce(arrivals, ''), 'UTF8')), 'hex');
END
$$;

{owners_function("seal_change()")}
DECLARE
    written bigint := (SELECT count(*) FROM history WHERE change_set_id = NEW.id);
    before bigint := (SELECT c.total FROM change_set c WHERE c.job = NEW.job AND c.id < NEW.id ORDER BY c.id DESC LIMIT 1);
BEGIN
    IF written = 0 THEN
        DELETE FROM change_set WHERE id = NEW.id;
        RETURN NULL;
    END IF;
    UPDATE change_set SET seal = seal_of(NEW.id), entries = written, total = written + coalesce(before, 0)
    WHERE id = NEW.id;
    IF NEW.job IS NOT NULL THEN
        {undo_in_triggers.LATEST};
    END IF;
    IF NEW.undoes IS NOT NULL THEN
        {undo_in_triggers.STANDING};
    END IF;
    PERFORM pg_notify('{CHANNEL}', '');
    RETURN NULL;
END
$$;

{function("tell()")}
BEGIN
    PERFORM pg_notify('{CHANNEL}', '');
    RETURN NULL;
END
$$;
"""

"""The triggers that keep the index of what clients have in the firm's own fields (`client_own`), on either engine.

It follows from the client's columns `own` and `own_keys` in the statement that writes them, whatever program that is. What
it refuses: a field or a tag that the firm has not, a value that another client has where the field is unique, what
`store.bounds` says of its columns; and that a field, a choice or a tag goes which clients have.
"""

from clientdesk.store.engines.postgres_script import owners_function

NO_FIELD = "clientdesk: a client has a value of a field, or a tag, that is not there"
IN_USE = "clientdesk: clients have a value of it"

_FILL_FILE = f"""
    SELECT RAISE(ABORT, '{NO_FIELD}') WHERE EXISTS (
        SELECT 1 FROM json_each(NEW.own) v WHERE v.key <> 'tags'
            AND NOT EXISTS (SELECT 1 FROM own_field f WHERE CAST(f.id AS TEXT) = v.key)
    ) OR EXISTS (
        SELECT 1 FROM json_each(NEW.own, '$.tags') t WHERE NOT EXISTS (SELECT 1 FROM tag WHERE tag.id = t.value)
    );
    INSERT INTO client_own (field_id, client_id, value, sort_key, unique_key)
        SELECT f.id, NEW.id, CAST(v.value AS TEXT), coalesce(k.value, CAST(v.value AS TEXT)),
            CASE WHEN f.is_unique THEN coalesce(k.value, CAST(v.value AS TEXT)) END
        FROM json_each(NEW.own) v JOIN own_field f ON f.id = CAST(v.key AS INTEGER)
            LEFT JOIN json_each(NEW.own_keys) k ON k.key = v.key
        WHERE v.key <> 'tags';
    INSERT INTO client_own (field_id, client_id, value, sort_key)
        SELECT 0, NEW.id, CAST(t.value AS TEXT), CAST(t.value AS TEXT) FROM json_each(NEW.own, '$.tags') t;"""
_CLEAR_FILE = """
    DELETE FROM client_own WHERE client_id = OLD.id
        AND field_id IN (SELECT CAST(key AS INTEGER) FROM json_each(OLD.own));"""
OF_FILE = f"""
CREATE TRIGGER client_own_insert AFTER INSERT ON client WHEN NEW.own <> '{{}}' BEGIN{_FILL_FILE}
END;
CREATE TRIGGER client_own_update AFTER UPDATE OF own, own_keys ON client
WHEN NEW.own <> OLD.own OR NEW.own_keys <> OLD.own_keys BEGIN{_CLEAR_FILE}{_FILL_FILE}
END;
CREATE TRIGGER client_own_delete AFTER DELETE ON client WHEN OLD.own <> '{{}}' BEGIN{_CLEAR_FILE}
END;
CREATE TRIGGER own_field_is_unique AFTER UPDATE OF is_unique ON own_field WHEN NEW.is_unique <> OLD.is_unique BEGIN
    UPDATE client_own SET unique_key = CASE WHEN NEW.is_unique THEN sort_key END WHERE field_id = NEW.id;
END;
CREATE TRIGGER own_field_in_use BEFORE DELETE ON own_field
WHEN EXISTS (SELECT 1 FROM client_own WHERE field_id = OLD.id) BEGIN
    SELECT RAISE(ABORT, '{IN_USE}');
END;
CREATE TRIGGER own_choice_in_use BEFORE DELETE ON own_choice
WHEN EXISTS (SELECT 1 FROM client_own WHERE field_id = OLD.field_id AND sort_key = CAST(OLD.id AS TEXT)) BEGIN
    SELECT RAISE(ABORT, '{IN_USE}');
END;
CREATE TRIGGER tag_in_use BEFORE DELETE ON tag
WHEN EXISTS (SELECT 1 FROM client_own WHERE field_id = 0 AND sort_key = CAST(OLD.id AS TEXT)) BEGIN
    SELECT RAISE(ABORT, '{IN_USE}');
END;
"""

_REFUSE_IN_USE = f"RAISE EXCEPTION '{IN_USE}' USING ERRCODE = '42501';"
OF_SERVER = f"""
{owners_function("index_own_values()")}
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM client_own WHERE client_id = OLD.id
            AND field_id IN (SELECT CASE key WHEN 'tags' THEN 0 ELSE key::bigint END FROM json_object_keys(OLD.own::json) key);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM json_object_keys(NEW.own::json) key WHERE key <> 'tags'
            AND NOT EXISTS (SELECT FROM own_field f WHERE f.id::text = key))
        OR EXISTS (SELECT FROM json_array_elements_text(coalesce(NEW.own::json -> 'tags', '[]')) t
            WHERE NOT EXISTS (SELECT FROM tag WHERE tag.id::text = t)) THEN
        RAISE EXCEPTION '{NO_FIELD}' USING ERRCODE = '23514';
    END IF;
    INSERT INTO client_own (field_id, client_id, value, sort_key, unique_key)
        SELECT f.id, NEW.id, v.value, coalesce(NEW.own_keys::json ->> v.key, v.value),
            CASE WHEN f.is_unique = 1 THEN coalesce(NEW.own_keys::json ->> v.key, v.value) END
        FROM json_each_text(NEW.own::json) v JOIN own_field f ON f.id::text = v.key;
    INSERT INTO client_own (field_id, client_id, value, sort_key)
        SELECT 0, NEW.id, t, t FROM json_array_elements_text(coalesce(NEW.own::json -> 'tags', '[]')) t;
    RETURN NULL;
END
$$;
CREATE TRIGGER client_own_insert AFTER INSERT ON client FOR EACH ROW
    WHEN (NEW.own <> '{{}}') EXECUTE FUNCTION index_own_values();
CREATE TRIGGER client_own_update AFTER UPDATE ON client FOR EACH ROW
    WHEN (NEW.own <> OLD.own OR NEW.own_keys <> OLD.own_keys) EXECUTE FUNCTION index_own_values();
CREATE TRIGGER client_own_delete AFTER DELETE ON client FOR EACH ROW
    WHEN (OLD.own <> '{{}}') EXECUTE FUNCTION index_own_values();

{owners_function("own_field_is_unique()")}
BEGIN
    UPDATE client_own SET unique_key = CASE WHEN NEW.is_unique = 1 THEN sort_key END WHERE field_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER own_field_is_unique AFTER UPDATE ON own_field FOR EACH ROW
    WHEN (NEW.is_unique <> OLD.is_unique) EXECUTE FUNCTION own_field_is_unique();

{owners_function("own_field_in_use()")}
BEGIN
    IF EXISTS (SELECT FROM client_own WHERE field_id = OLD.id) THEN
        {_REFUSE_IN_USE}
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER own_field_in_use BEFORE DELETE ON own_field FOR EACH ROW EXECUTE FUNCTION own_field_in_use();
{owners_function("own_choice_in_use()")}
BEGIN
    IF EXISTS (SELECT FROM client_own WHERE field_id = OLD.field_id AND sort_key = OLD.id::text) THEN
        {_REFUSE_IN_USE}
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER own_choice_in_use BEFORE DELETE ON own_choice FOR EACH ROW EXECUTE FUNCTION own_choice_in_use();
{owners_function("tag_in_use()")}
BEGIN
    IF EXISTS (SELECT FROM client_own WHERE field_id = 0 AND sort_key = OLD.id::text) THEN
        {_REFUSE_IN_USE}
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER tag_in_use BEFORE DELETE ON tag FOR EACH ROW EXECUTE FUNCTION tag_in_use();
"""

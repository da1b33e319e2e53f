"""Refused rows of a kept import can be tried again: what was chosen for the import, and what became of each row."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
ALTER TABLE import_run ADD COLUMN setup {TEXT} NOT NULL DEFAULT '';
ALTER TABLE import_refusal ADD COLUMN verdict {TEXT} NOT NULL DEFAULT 'refused'
    CHECK (verdict IN ('refused', 'new', 'changed', 'unchanged', 'skipped'));
ALTER TABLE import_refusal ADD COLUMN retried_at {TEXT};
ALTER TABLE import_refusal ADD COLUMN retried_by bigint REFERENCES team_member (id) ON DELETE RESTRICT;
"""

# Who has tried a row again is who is connected; a row is refused first, and one that is settled stays so.
RULES = """
CREATE FUNCTION retry_is_mine() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = clientdesk, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.verdict <> 'refused' OR NEW.retried_by IS NOT NULL THEN
            RAISE EXCEPTION 'clientdesk: a row is refused before it is tried again' USING ERRCODE = '42501';
        END IF;
    ELSIF NEW.retried_by IS DISTINCT FROM me() OR OLD.verdict <> 'refused' THEN
        RAISE EXCEPTION 'clientdesk: a refused row is tried again under the name of who does it' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION retry_is_mine() FROM PUBLIC;
CREATE TRIGGER retry_is_mine BEFORE INSERT OR UPDATE ON import_refusal
    FOR EACH ROW EXECUTE FUNCTION retry_is_mine();
GRANT INSERT (setup), UPDATE (setup) ON import_run TO clientdesk_full;
GRANT UPDATE (cells, problem, verdict, retried_at, retried_by) ON import_refusal TO clientdesk_full;
"""


def up(migrator: object, db: Database) -> None:
    """Add the columns, then the trigger and the grants."""
    run(db, TABLES)
    run(db, RULES)

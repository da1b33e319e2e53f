"""What people may try on the server itself: its objects, roles, files and settings, and the functions of the schema."""

from tests.server.statements import FORBIDDEN, IN, LOGINS, NOTHING, Try

_SQL = "RETURNS integer LANGUAGE sql AS 'SELECT 1'"
_SERVER = {
    **{f"drop {what}": f"DROP {what}" for what in ("TABLE history", "SCHEMA clientdesk CASCADE", "FUNCTION me() CASCADE", "TRIGGER client_version ON client", "ROLE rosa", "EXTENSION pg_trgm CASCADE")},
    **{f"alter table {how}": f"ALTER TABLE client {how}" for how in ("DISABLE TRIGGER ALL", "DISABLE TRIGGER client_version", "ADD COLUMN x integer", "OWNER TO session_user", "DROP CONSTRAINT client_without_control_characters", "RENAME TO x", "ENABLE ROW LEVEL SECURITY", "INHERIT firm")},
    **{f"become {who}": f"SET ROLE {who}" for who in ("postgres", "firm_owner", "pg_write_all_data", "pg_execute_server_program")},
    **{f"log in as {who}": f"SET SESSION AUTHORIZATION {who}" for who in ("postgres", "firm_owner", "olga")},
    **{f"set {what}": f"SET {what}" for what in ("session_replication_role = replica", "lo_compat_privileges = on", "session_preload_libraries = 'x'")},
    "set_config": "SELECT set_config('session_replication_role', 'replica', false)",
    **{f"create {what}": f"CREATE {what}" for what in (
        *(f"FUNCTION {place}f() {_SQL}" for place in ("", "public.", "pg_temp.", "pg_catalog.")),
        f"OR REPLACE FUNCTION me() {_SQL}",
        *(f"TABLE {place}t (i integer)" for place in ("", "public.", "pg_temp.")),
        "TEMPORARY TABLE t (i integer)",
        "TEMPORARY VIEW v AS SELECT 1",
        "SCHEMA s",
        "VIEW public.v AS SELECT 1",
        "OPERATOR public.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)",
        "TYPE public.t AS (i integer)",
        "RULE r AS ON INSERT TO history DO INSTEAD NOTHING",
        "POLICY p ON client",
        "INDEX ON client (notes)",
        "EXTENSION dblink",
        "ROLE x",
        "SEQUENCE public.s",
        "EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION tell()",
        "PUBLICATION p",
    )},
    "a password for another": "ALTER ROLE olga PASSWORD 'x'",
    "more rights": "ALTER ROLE session_user CREATEROLE SUPERUSER BYPASSRLS",
    "the admin's group for oneself": "GRANT clientdesk_primary_admin TO session_user",
    "a group for another": "GRANT clientdesk_full TO olga",
    "a group away": "REVOKE clientdesk_full FROM hugo",
    "settings of another": "ALTER ROLE olga SET search_path = public",
    "settings of a group": "ALTER ROLE clientdesk_full SET search_path = public",
    "another schema number": "COMMENT ON SCHEMA clientdesk IS 'clientdesk schema 99'",
    "another function": "ALTER FUNCTION me() SECURITY INVOKER",
    "another function's path": "ALTER FUNCTION me() SET search_path = public",
    "take over": "REASSIGN OWNED BY firm_owner TO session_user",
    "drop all that is the owner's": "DROP OWNED BY firm_owner CASCADE",
    "to a program": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "from a program": "COPY import_mapping FROM PROGRAM 'cat /etc/passwd'",
    "to a file": "COPY (SELECT 1) TO '/tmp/clientdesk-attack'",
    "from a file": "COPY import_mapping FROM '/etc/passwd'",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "list files": "SELECT pg_ls_dir('/')",
    "a file as a large object": "SELECT lo_import('/etc/passwd')",
    "a large object as a file": "SELECT lo_export(1, '/tmp/clientdesk-attack')",
    "end others": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "a library": "LOAD 'dblink'",
    "the server's settings": "SELECT pg_reload_conf()",
}  # fmt: skip
_FUNCTIONS = (
    *(
        "seal_change",
        "tell",
        "writer_is_allowed",
        "client_history",
        "firm_history",
        "client_may_go",
        "run_is_mine",
        "retry_is_mine",
    ),
    *("member_is_guarded", "firm_is_guarded", "arrival_in_change", "open_change", "now_text", "see_the_latest"),
)
MACHINERY: tuple[Try, ...] = (
    *(Try(name, sql, "server") for name, sql in _SERVER.items()),
    *(Try(f"call {name}", f"{IN}SELECT {name}()", "grant") for name in _FUNCTIONS),
    Try("a trigger", "CREATE TRIGGER zz BEFORE INSERT ON client FOR EACH ROW EXECUTE FUNCTION tell()", "grant"),
    Try("lock all out", "LOCK TABLE client, history", "grant"),
    *(
        Try(sql.lower(), sql, "server", state=NOTHING, states={**dict.fromkeys(LOGINS, NOTHING), **others})
        for sql, others in (
            ("GRANT ALL ON client TO PUBLIC", {}),
            ("GRANT EXECUTE ON FUNCTION me() TO PUBLIC", {}),
            ("REVOKE SELECT ON client FROM clientdesk_basic", {}),
            ("DROP OWNED BY clientdesk_basic", {}),
            ("DROP OWNED BY clientdesk_full CASCADE", {"basic": FORBIDDEN}),
        )
    ),
)

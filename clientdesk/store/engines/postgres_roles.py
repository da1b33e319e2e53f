"""The group roles of a server, who is in them, and the place of a firm in its database."""

from clientdesk.store.engines.quoting import identifier, literal

GROUPS = {"primary_admin": "clientdesk_primary_admin", "full": "clientdesk_full", "basic": "clientdesk_basic"}
"""The group role of each access; each may what the next one may, too."""

ROLES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clientdesk_basic') THEN
        CREATE ROLE clientdesk_basic NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clientdesk_full') THEN
        CREATE ROLE clientdesk_full NOLOGIN;
        GRANT clientdesk_basic TO clientdesk_full;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clientdesk_primary_admin') THEN
        CREATE ROLE clientdesk_primary_admin NOLOGIN;
        GRANT clientdesk_full TO clientdesk_primary_admin;
    END IF;
END
$$;
"""
"""The group roles, which belong to the whole server: made where they are missing, by someone who may make roles."""

ROLES_BY_HAND = (
    "CREATE ROLE clientdesk_basic NOLOGIN; CREATE ROLE clientdesk_full NOLOGIN IN ROLE clientdesk_basic;"
    " CREATE ROLE clientdesk_primary_admin NOLOGIN IN ROLE clientdesk_full;"
)
"""The same in a line, to be shown."""

FITS = """
DO $$
BEGIN
    IF current_setting('server_version_num')::integer < 150000 THEN
        RAISE EXCEPTION 'clientdesk needs PostgreSQL 15 or newer, this is %.', current_setting('server_version');
    ELSIF getdatabaseencoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'clientdesk needs a database in UTF8, % is in %. Make one with ENCODING ''UTF8'' TEMPLATE template0.',
            current_database(), getdatabaseencoding();
    ELSIF to_regnamespace('clientdesk') IS NOT NULL THEN
        RAISE EXCEPTION 'There is a firm in % already.', current_database();
    END IF;
END
$$;
"""
"""Ends a script with a sentence where no firm can be made."""

OPEN_TO_ALL = """
ARRAY(SELECT a.privilege_type FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE d.datname = current_database() AND a.grantee = 0 ORDER BY a.privilege_type)::text[]
"""
"""What every login of the server may do with the database, as an expression. A restored or copied one has lost what
`CLOSED` took away."""

STRANGERS = """
SELECT r.rolname::text, EXISTS (SELECT FROM clientdesk.team_member m WHERE m.login = r.rolname::text)
FROM pg_database d, aclexplode(d.datacl) a, pg_roles r
WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT' AND r.oid = a.grantee AND r.oid <> d.datdba
    AND r.rolcanlogin AND NOT r.rolsuper
    AND NOT EXISTS (SELECT FROM clientdesk.team_member m WHERE m.login = r.rolname::text AND m.active = 1)
ORDER BY 1
"""
"""The logins that were let in by name and are no active member's, and whether they are an inactive one's."""

CLOSED = """
DO $$
BEGIN
    EXECUTE format('REVOKE CONNECT, TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
    IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public'
        AND pg_has_role(current_user, nspowner, 'USAGE')) THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
END
$$;
"""
"""Closes the database to all who are not let in by name."""

OWNED = """
DO $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
        RAISE EXCEPTION 'clientdesk: the database is not owned by %', current_user USING ERRCODE = '42501';
    END IF;
END
$$;
"""
"""Ends with 42501 where the database is somebody else's: PostgreSQL only warns who may grant nothing."""

SERVED_AT = "The firm's server: "
"""What the comment on the table `firm` begins with; host and port follow. A replica has it, too."""

SERVED_HERE = f"""
DO $$
BEGIN
    IF inet_server_addr() IS NOT NULL THEN
        EXECUTE format('COMMENT ON TABLE clientdesk.firm IS %L',
            {literal(SERVED_AT)} || host(inet_server_addr()) || ':' || inet_server_port());
    END IF;
END
$$;
"""
"""Keeps beside the firm where its server is, as the one who runs this has reached it."""

PLACE = "CREATE SCHEMA clientdesk;\nSET LOCAL search_path = clientdesk, public;\n"
"""Where the firm stands in its database, before the numbered scripts."""

TRIGRAMS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DO $$
DECLARE place name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_trgm');
BEGIN
    IF NOT has_schema_privilege(place, 'USAGE') THEN
        RAISE EXCEPTION 'clientdesk: % may not use the schema %', current_user, place USING ERRCODE = '42501';
    END IF;
    PERFORM set_config('search_path', format('clientdesk, %I, public', place), true);
END
$$;
"""
"""What the search needs, used from whichever schema it stands in."""


def grant(login: str, access: str | None, database: str) -> str:
    """The SQL that lets a login into a firm's database with the group of an access (None: that shuts it out).

    The groups belong to the whole server, and one login may work in several firms there: each firm looks itself at who
    may do what in it, and which database a login may connect to is what keeps firms apart. So taking a group away is
    only told, in a comment.
    """
    name, place = identifier(login), identifier(database)
    shown = name if login.isprintable() else "…"  # a line end would leave the comment
    if access is None:
        all_groups = ", ".join(GROUPS.values())
        return (
            f"REVOKE CONNECT ON DATABASE {place} FROM {name};\n"
            f"-- where the login is in no other firm of this server: REVOKE {all_groups} FROM {shown};"
        )
    lines = [
        f"-- where the login does not exist yet: CREATE ROLE {shown} LOGIN;",
        f"GRANT CONNECT ON DATABASE {place} TO {name};",
        f"GRANT {GROUPS[access]} TO {name};",
    ]
    if higher_groups := [
        group for least, group in GROUPS.items() if list(GROUPS).index(least) < list(GROUPS).index(access)
    ]:
        lines.append(
            f"-- where the login had more, and no other firm here needs it: REVOKE {', '.join(higher_groups)} FROM {shown};"
        )
    return "\n".join(lines)

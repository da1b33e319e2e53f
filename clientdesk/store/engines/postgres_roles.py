"""The group roles of a server, who is in them, and the place of a firm in its database."""

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

PLACE = """
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO clientdesk_basic', current_database());
    IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public'
        AND pg_has_role(current_user, nspowner, 'USAGE')) THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
END
$$;
CREATE SCHEMA clientdesk;
SET LOCAL search_path = clientdesk, public;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
"""
"""Where the firm stands in its database, before the numbered scripts."""


def grant(login: str, access: str | None) -> str:
    """The SQL that gives a login the group of an access and no other (None: none at all)."""
    name = '"' + login.replace('"', '""') + '"'
    lines = [f"REVOKE {', '.join(GROUPS.values())} FROM {name};"]
    if access is not None:
        if login.isprintable():  # a line end would leave the comment
            lines.insert(0, f"-- where the login does not exist yet: CREATE ROLE {name} LOGIN;")
        lines.append(f"GRANT {GROUPS[access]} TO {name};")
    return "\n".join(lines)

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
    EXECUTE format('REVOKE CONNECT, TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
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


def grant(login: str, access: str | None, database: str) -> str:
    """The SQL that lets a login into a firm's database with the group of an access (None: that shuts it out).

    The groups belong to the whole server, and one login may work in several firms there: each firm looks itself at who
    may do what in it, and which database a login may connect to is what keeps firms apart. So taking a group away is
    only told, in a comment.
    """
    name, place = quoted(login), quoted(database)
    shown = name if login.isprintable() else "…"  # a line end would leave the comment
    if access is None:
        taken = ", ".join(GROUPS.values())
        return (
            f"REVOKE CONNECT ON DATABASE {place} FROM {name};\n"
            f"-- where the login is in no other firm of this server: REVOKE {taken} FROM {shown};"
        )
    lines = [
        f"-- where the login does not exist yet: CREATE ROLE {shown} LOGIN;",
        f"GRANT CONNECT ON DATABASE {place} TO {name};",
        f"GRANT {GROUPS[access]} TO {name};",
    ]
    if more := [group for each, group in GROUPS.items() if list(GROUPS).index(each) < list(GROUPS).index(access)]:
        lines.append(
            f"-- where the login had more, and no other firm here needs it: REVOKE {', '.join(more)} FROM {shown};"
        )
    return "\n".join(lines)


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'

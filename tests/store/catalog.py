"""What a firm on a server is made of, as its database's own catalog tells it."""

import psycopg

_QUESTIONS = {
    "columns": (
        "SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,"
        " (SELECT collname FROM pg_collation WHERE oid = a.attcollation), pg_get_expr(d.adbin, d.adrelid), a.attacl"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d"
        " ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = 'clientdesk'::regnamespace AND a.attnum > 0"
        " AND NOT a.attisdropped AND c.relkind = 'r'"
    ),
    "constraints": (
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, condeferred FROM pg_constraint"
        " WHERE connamespace = 'clientdesk'::regnamespace"
    ),
    "indexes": (
        "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'clientdesk'::regnamespace"
    ),
    "triggers": (
        "SELECT pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = 'clientdesk'::regnamespace AND NOT t.tgisinternal"
    ),
    "functions": (
        "SELECT p.oid::regprocedure, pg_get_functiondef(p.oid), p.proacl, p.proowner::regrole FROM pg_proc p"
        " WHERE p.pronamespace = 'clientdesk'::regnamespace AND p.prokind = 'f'"
    ),
    "relations": "SELECT relname, relkind, relacl, relowner::regrole FROM pg_class WHERE relnamespace = 'clientdesk'::regnamespace",
    "schema": (
        "SELECT nspname, nspacl, nspowner::regrole, obj_description(oid, 'pg_namespace') FROM pg_namespace"
        " WHERE nspname IN ('clientdesk', 'public')"
    ),
    "database": "SELECT datacl, datdba::regrole FROM pg_database WHERE datname = current_database()",
    "extensions": "SELECT extname, extnamespace::regnamespace FROM pg_extension",
    "scripts": "SELECT id, name FROM clientdesk.schema_migration",
}


def catalog(url: str) -> dict[str, list[str]]:
    """Everything a firm is made of but its rows, by kind; each thing a line."""
    with psycopg.connect(url) as connection:
        connection.execute("SET search_path = pg_catalog")
        return {
            kind: sorted(str(tuple(map(str, row))) for row in connection.execute(question).fetchall())
            for kind, question in _QUESTIONS.items()
        }

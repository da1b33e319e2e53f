"""What a firm on a server is made of, as its catalog tells it, against what the scripts and the rules make."""

from collections.abc import Callable, Iterator

from peewee import Database

from clientdesk.store.engines import (
    Cursor,
    Difference,
    Schema,
    SchemaObject,
    postgres_making,
    postgres_rules,
    postgres_script,
)
from clientdesk.store.engines import postgres_expected_schema as meaning
from clientdesk.store.engines.quoting import identifier

Ask = Callable[[str], Cursor]
_IN_OUR_SCHEMA = "= 'clientdesk'::regnamespace"
_NO_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"
_RELATIONS = {"r": "table", "v": "view", "m": "view", "p": "table", "f": "table", "S": "sequence"}

_TABLES = (
    f"SELECT relkind::text, relname::text, relrowsecurity OR relforcerowsecurity FROM pg_class c WHERE relnamespace {_IN_OUR_SCHEMA}"
    f" AND relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND {_NO_EXTENSION.format('c')}"
)
_COLUMNS = (
    "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), l.collname::text, a.attnotnull,"
    " a.attidentity <> '', coalesce(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    f" LEFT JOIN pg_collation l ON l.oid = a.attcollation WHERE c.relnamespace {_IN_OUR_SCHEMA} AND c.relkind = 'r'"
    " AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'schema_migration'"
)
_CONSTRAINTS = (
    "SELECT c.relname::text, t.contype::text, ARRAY(SELECT a.attname::text FROM unnest(t.conkey) WITH ORDINALITY k (n, i)"
    " JOIN pg_attribute a ON a.attrelid = t.conrelid AND a.attnum = k.n ORDER BY k.i), pg_get_constraintdef(t.oid),"
    " t.conname::text, EXISTS (SELECT FROM pg_trigger g WHERE g.tgconstraint = t.oid AND g.tgisinternal"
    " AND g.tgenabled NOT IN ('O', 'A')) FROM pg_constraint t JOIN pg_class c ON c.oid = t.conrelid"
    f" WHERE t.connamespace {_IN_OUR_SCHEMA} AND t.contype IN ('c', 'f', 'p', 'u', 'x') AND c.relname <> 'schema_migration'"
)
_INDEXES = (
    "SELECT pg_get_indexdef(i.indexrelid), n.relname::text, c.relname::text FROM pg_index i"
    " JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid"
    f" WHERE n.relnamespace {_IN_OUR_SCHEMA} AND c.relname <> 'schema_migration'"
    " AND NOT EXISTS (SELECT FROM pg_constraint t WHERE t.conindid = i.indexrelid AND t.contype IN ('p', 'u', 'x'))"
)
_TRIGGERS = (
    "SELECT pg_get_triggerdef(t.oid), t.tgenabled IN ('O', 'A'), c.relname::text, t.tgname::text FROM pg_trigger t"
    f" JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace {_IN_OUR_SCHEMA} AND NOT t.tgisinternal"
)
_FUNCTIONS = (
    "SELECT p.proname::text, oidvectortypes(p.proargtypes), p.prorettype::regtype::text, l.lanname::text,"
    " p.provolatile::text, p.prosecdef, p.proconfig, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
    f" WHERE p.pronamespace {_IN_OUR_SCHEMA} AND {_NO_EXTENSION.format('p')}"
)
_ACL = (
    " CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE e.grantee::regrole::text END, e.privilege_type::text, e.is_grantable"
    " FROM {}, LATERAL aclexplode({}) e WHERE {} AND e.grantee <> {}"
)
_GRANTS = (
    "SELECT 'TABLE ' || c.relname,"
    + _ACL.format("pg_class c", "c.relacl", f"c.relnamespace {_IN_OUR_SCHEMA} AND c.relkind <> 'S'", "c.relowner"),
    "SELECT 'SEQUENCE ' || c.relname,"
    + _ACL.format("pg_class c", "c.relacl", f"c.relnamespace {_IN_OUR_SCHEMA} AND c.relkind = 'S'", "c.relowner"),
    "SELECT 'FUNCTION ' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')',"
    + _ACL.format(
        "pg_proc p",
        "coalesce(p.proacl, acldefault('f', p.proowner))",
        f"p.pronamespace {_IN_OUR_SCHEMA} AND {_NO_EXTENSION.format('p')}",
        "p.proowner",
    ),
    "SELECT 'SCHEMA ' || n.nspname,"
    + _ACL.format("pg_namespace n", "n.nspacl", f"n.oid {_IN_OUR_SCHEMA}", "n.nspowner"),
)
_COLUMN_GRANTS = "SELECT c.relname::text, a.attname::text," + _ACL.format(
    "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid",
    "a.attacl",
    f"c.relnamespace {_IN_OUR_SCHEMA} AND NOT a.attisdropped",
    "c.relowner",
)
_OTHER_OWNERS = (
    "SELECT CASE WHEN c.relkind = 'i' THEN 'index' WHEN c.relkind = 'S' THEN 'sequence' ELSE 'table' END,"
    f" c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.oid {_IN_OUR_SCHEMA}"
    " AND c.relowner <> n.nspowner UNION ALL SELECT 'function', p.proname || '(' || oidvectortypes(p.proargtypes) || ')'"
    f" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.oid {_IN_OUR_SCHEMA} AND p.proowner <> n.nspowner"
    f" AND {_NO_EXTENSION.format('p')}"
)
_POLICIES = (
    "SELECT 'policy', c.relname::text, p.polname::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    f" WHERE c.relnamespace {_IN_OUR_SCHEMA} UNION ALL SELECT 'rule', c.relname::text, r.rulename::text FROM pg_rewrite r"
    f" JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace {_IN_OUR_SCHEMA} AND r.rulename <> '_RETURN'"
)
SECURED = "ROW LEVEL SECURITY"
"""What stands for the switch of a table's row security."""
_COUNTER = "schema_migration_id_seq"
"""The sequence of the library that runs the scripts."""
_VOLATILE = {"i": "IMMUTABLE", "s": "STABLE", "v": "VOLATILE"}
_KINDS = {"c": "CHECK", "f": "FOREIGN KEY", "p": "PRIMARY KEY", "u": "UNIQUE", "x": "EXCLUDE"}
_MENDED = ("index", "constraint", "trigger", "function", "grant", "policy", "rule")


def expected_schema() -> Schema:
    """What the scripts and the rules make."""
    scripts = [statement for _name, listed in postgres_making.scripts() for statement in listed]
    return meaning.expected_schema((*scripts, *postgres_script.statements(postgres_rules.script())))


def differences(ask: Ask) -> Iterator[Difference]:
    """What is not as it is made; `ask` runs a statement. With a table that is missing all that stands on it is, too."""
    expected, off = expected_schema(), set[tuple[str, str, str]]()
    present = dict(_present(ask, off))
    missing_tables = {key[1] for key in expected if key[0] == "table" and key not in present}
    for key, schema_object in expected.items():
        if key not in present:
            if key[0] == "table" or not _stands_on(key, missing_tables):
                yield _difference(key, "missing")
        elif present[key] != schema_object.text:
            yield _difference(key, "changed")
    for key in present:
        if key not in expected and key[:2] != ("sequence", _COUNTER):
            yield _difference(key, "extra")
    for key in sorted(off):
        yield _difference(key, "off")
    for kind, name in ask(_OTHER_OWNERS).fetchall():
        yield Difference(kind, name, "", "lent", False)


def _difference(key: tuple[str, str, str], what: str) -> Difference:
    kind, table, name = key
    mended = kind in _MENDED and not (kind == "constraint" and what in ("extra", "off"))
    return Difference(kind, name, "" if table == name else table, what, mended)


def _stands_on(key: tuple[str, str, str], tables: set[str]) -> bool:
    return key[1] in tables or (key[0] == "grant" and any(f" ON TABLE {table} " in key[2] for table in tables))


def _present(ask: Ask, off: set[tuple[str, str, str]]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """What the catalog tells, in the words of `expected_schema`; what is there and does nothing goes into `off`, too."""
    for kind, name, secured in ask(_TABLES).fetchall():
        yield (_RELATIONS[kind], name, name), ""
        if secured:
            yield ("policy", name, SECURED), ""
    for kind, table, name in ask(_POLICIES).fetchall():
        yield (kind, table, name), ""
    for table, name, kind, collation, needed, counted, default in ask(_COLUMNS).fetchall():
        typed = f'{kind} "{collation}"' if collation else kind
        yield ("column", table, name), meaning.column(typed, needed, counted, default)
    for table, kind, columns, definition, _name, silent in ask(_CONSTRAINTS).fetchall():
        body = definition.removesuffix(" NOT VALID")
        details = body.partition(") ")[2] if kind == "f" else body
        key = ("constraint", table, meaning.constraint(_KINDS[kind], columns, details))
        yield key, ""
        if silent:
            off.add(key)
    for definition, name, table in ask(_INDEXES).fetchall():
        yield ("index", table, name), meaning.index_of(definition)
    for definition, on, table, name in ask(_TRIGGERS).fetchall():
        yield ("trigger", table, name), meaning.trigger_of(definition)
        if not on:
            off.add(("trigger", table, name))
    yield from _functions_and_rights(ask)


def _functions_and_rights(ask: Ask) -> Iterator[tuple[tuple[str, str, str], str]]:
    for name, arguments, returns, language, volatile, definer, settings, body in ask(_FUNCTIONS).fetchall():
        traits = [language, _VOLATILE[volatile], *["SECURITY DEFINER"] * definer, *(settings or ())]
        yield ("function", "", f"{name}({arguments})"), meaning.function(arguments, returns, traits, body)
    for question in _GRANTS:
        for object_name, group, right, lends in ask(question).fetchall():
            yield _right(right, object_name, group, lends), ""
    for table, name, group, right, lends in ask(_COLUMN_GRANTS).fetchall():
        yield _right(f"{right} ({name})", f"TABLE {table}", group, lends), ""


def _right(right: str, object_name: str, group: str, lends: bool) -> tuple[str, str, str]:
    grant = meaning.grant(right, object_name, group.strip('"'))
    return ("grant", "", f"{grant} WITH GRANT OPTION" if lends else grant)


def mend(db: Database) -> None:
    """Makes what holds no rows as it is made, for the owner, inside a transaction.

    Functions, triggers and the groups' grants are made anew before, by `postgres_rules.make_anew`.
    """
    expected = expected_schema()
    for difference in list(differences(db.execute_sql)):
        schema_object = expected.get(
            (difference.kind, difference.table or difference.name, difference.name), SchemaObject("")
        )
        for statement in _mends(difference, schema_object.sql):
            db.execute_sql(statement.replace("%", "%%"))


def _mends(difference: Difference, sql: str) -> Iterator[str]:
    """The statements that make an object as it is made; `sql` makes it where it is missing."""
    table, name = f"clientdesk.{identifier(difference.table)}", identifier(difference.name)
    if difference.kind == "grant" and difference.what == "extra":
        right, _, group = difference.name.rpartition(" TO ")
        group = group.removesuffix(" WITH GRANT OPTION")
        yield f"REVOKE {right} FROM {group if group == 'PUBLIC' else identifier(group)} CASCADE"
    elif difference.kind in ("policy", "rule"):
        off = f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"
        yield off if difference.name == SECURED else f"DROP {difference.kind.upper()} {name} ON {table}"
    elif difference.kind == "function" and difference.what == "extra":
        yield f"DROP FUNCTION clientdesk.{difference.name}"
    elif difference.kind == "index" and difference.what in ("changed", "extra"):
        yield f"DROP INDEX clientdesk.{name}"
    if sql and difference.what in ("missing", "changed"):
        yield sql

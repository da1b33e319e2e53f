"""What a firm on a server is made of: read from the scripts and the rules that make it.

Servers of different versions say the same thing in different words, so that no text of theirs is compared but what they
keep verbatim (the bodies of functions). Everything else is taken apart, here and in `postgres_present_schema`, to what it
means.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from clientdesk.store.engines import Schema, SchemaObject

Objects = dict[tuple[str, str, str], str]
"""Objects by kind, table ("" for none) and name, each with what is compared of it."""

_WORD = r"[a-z_][a-z0-9_]*"
_TYPES = "bigint|integer|text|smallint|boolean"
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_CAST = re.compile(r"::(?:\"char\"|[a-z_ ]+?)(?:\[\])?(?=[\s),=<>~|\]]|$)")
_FUNCTION = re.compile(
    rf"CREATE (?:OR REPLACE )?FUNCTION ({_WORD})\((.*?)\)\s+RETURNS ({_WORD}(?:\[\])?)\s+(.*?)\s*AS \$\$(.*)\$\$;?\s*$",
    re.DOTALL,
)
_TRIGGER = re.compile(
    rf"CREATE (CONSTRAINT )?TRIGGER ({_WORD}) (BEFORE|AFTER) (.*?)\s+ON (?:clientdesk\.)?({_WORD})\s+(.*?)"
    rf"FOR EACH (ROW|STATEMENT)\s*(?:WHEN \((.*)\)\s*)?EXECUTE FUNCTION (?:clientdesk\.)?({_WORD})\(\);?\s*$",
    re.DOTALL,
)
_INDEX = re.compile(
    rf"CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?({_WORD}) ON (?:clientdesk\.)?\"?({_WORD})\"? (?:USING ({_WORD}) )?\((.*?)\)\s*(?:WHERE (.*?))?;?\s*$",
    re.DOTALL,
)
_PLACE_OF_OPERATORS = re.compile(rf"(?:{_WORD}|\"(?:[^\"]|\"\")+\")\.(?={_WORD}_ops)")
_TABLE = re.compile(rf"CREATE TABLE ({_WORD}) \((.*)\);?\s*$", re.DOTALL)
_ALTER = re.compile(rf"ALTER TABLE ({_WORD}) (.*?);?\s*$", re.DOTALL)
_RIGHT = re.compile(r"(GRANT|REVOKE) (.*?) ON (.*?) (?:TO|FROM) (.*?);?\s*$", re.DOTALL)
_RIGHTS_OF = {
    "TABLE": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"),
    "SEQUENCE": ("USAGE", "SELECT", "UPDATE"),
    "FUNCTION": ("EXECUTE",),
    "SCHEMA": ("USAGE", "CREATE"),
}
_OWN_TABLE = "schema_migration"
"""Which scripts have run; the library that runs them makes it."""


# --- what means the same is the same text


def plain(sql: str) -> str:
    """A simple expression without its casts, brackets and blanks: servers put them in as they like."""
    return re.sub(r"[\s()]+", "", _CAST.sub("", sql)).lower()


def values(sql: str) -> str:
    """The values that an expression names, texts and numbers, each once."""
    values = {literal[1:-1].replace("''", "'") for literal in _LITERAL.findall(sql)}
    values |= set(re.findall(r"(?<![\w.])\d+(?![\w.])", _LITERAL.sub(" ", sql)))
    return ", ".join(sorted(value.lstrip("-") for value in values))


def condition(sql: str) -> str:
    """A condition by what it looks at, how it compares, and the values it names.

    Servers turn conditions about as they like: BETWEEN becomes two comparisons, IN one with an array.
    """
    bare = _LITERAL.sub(" ", re.sub(r"\bBETWEEN\b", ">= <=", sql)).lower()
    columns = sorted(set(re.findall(r"\b(?:old|new)\.\w+", bare)))
    signs = set(re.findall(r"(?<![<>!~=:-])(?:<>|<=|>=|!~|=|<|>|~|\+)(?![<>=~])", re.sub(r"\bin \(", "= (", bare)))
    return f"{' '.join(columns)} {' '.join(sorted(signs))} {values(sql)}".strip()


def constraint(kind: str, columns: Iterable[str], sql: str) -> str:
    """A constraint by its kind, its columns and, of a check, the values it names; `sql` is its expression or what
    follows its columns."""
    names = sorted(columns) if kind == "CHECK" else list(columns)
    name = f"{kind} ({', '.join(names)})"
    if kind == "CHECK":
        return f"{name} {values(sql)}".rstrip()
    if kind == "FOREIGN KEY":
        target = " ".join(re.sub(r"clientdesk\.|\"", "", sql).replace(" (", "(").replace("(", " (").split())
        return f"{name} {target}"
    return name


def index(unique: bool, method: str, columns: str, predicate: str) -> str:
    """An index by what it holds."""
    order = " ".join(_PLACE_OF_OPERATORS.sub("", columns).split())
    where = f" WHERE {plain(predicate)}" if predicate else ""
    return f"{'UNIQUE ' if unique else ''}{method or 'btree'} ({order}){where}"


def index_of(definition: str) -> str:
    """The same from the statement that makes an index; the statement itself where it is of another form."""
    parts = _INDEX.match(definition.strip())
    return index(bool(parts[1]), parts[4], parts[5], parts[6] or "") if parts else definition


def trigger_of(definition: str) -> str:
    """What a trigger does, from the statement that makes it; the statement itself where it is of another form."""
    return trigger(definition)[2] if _TRIGGER.match(definition.strip()) else definition


def trigger(definition: str) -> tuple[str, str, str]:
    """Table and name of a trigger, and what it does, from the statement that makes it."""
    parts = _TRIGGER.match(definition.strip())
    if parts is None:
        raise ValueError(definition)
    constrains, name, time, events, table, options, level, when, function = parts.groups()
    occasions = " OR ".join(sorted(" ".join(event.split()) for event in events.split(" OR ")))
    text = (
        f"{constrains or ''}{time} {occasions} {' '.join(options.split())} {level} {condition(when or '')} {function}"
    )
    return table, name, text


def function(arguments: str, returns: str, traits: Sequence[str], body: str) -> str:
    """A function by all that it is; `traits` are its language, volatility, SECURITY DEFINER and settings."""
    return "\n".join((arguments, returns, *sorted(traits), body.replace("\r\n", "\n")))


def column(kind: str, needed: bool, counted: bool, default: str) -> str:
    """A column by its type, whether it must have a value, whether it is counted up, and its default."""
    written = plain(default)
    return f"{kind}{' NOT NULL' if needed else ''}{' IDENTITY' if counted else ''} {written}".rstrip()


# --- reading the scripts


@cache
def expected_schema(statements: tuple[str, ...]) -> Schema:
    """What the statements of the scripts and the rules make, read one after the other."""
    reading = _Reading()
    for statement in statements:
        reading.read(re.sub(r"^\s*--.*$", "", statement, flags=re.MULTILINE).strip())
    return {key: SchemaObject(text, reading.sql.get(key, "")) for key, text in reading.objects.items()}


class _Reading:
    """Takes statements as a server would, and notes what there is then."""

    def __init__(self) -> None:
        self.objects: Objects = {("table", _OWN_TABLE, _OWN_TABLE): ""}
        self.sql: dict[tuple[str, str, str], str] = {}
        self._names: dict[tuple[str, str], tuple[str, str, str]] = {}

    def read(self, statement: str) -> None:
        if match := _TABLE.match(statement):
            self.objects["table", match[1], match[1]] = ""
            for part in _parts(match[2]):
                self._add(match[1], part)
        elif match := _ALTER.match(statement):
            for part in _parts(match[2]):
                self._alter(match[1], part)
        elif match := _INDEX.match(statement):
            unique, name, table, method, columns, predicate = match.groups()
            key = ("index", table, name)
            self.objects[key], self.sql[key] = index(bool(unique), method, columns, predicate or ""), statement
        elif match := re.match(rf"DROP INDEX (?:IF EXISTS )?({_WORD})", statement):
            self._forget("index", match[1])
        elif match := _FUNCTION.match(statement):
            self._function(*match.groups())
        elif statement.startswith(("CREATE TRIGGER", "CREATE CONSTRAINT TRIGGER")):
            table, name, text = trigger(statement)
            self.objects["trigger", table, name] = text
        elif match := _RIGHT.match(statement):
            self._right(*match.groups())

    def _forget(self, kind: str, name: str) -> None:
        for key in [key for key in self.objects if key[0] == kind and key[2] == name]:
            del self.objects[key]

    def _add(self, table: str, part: str) -> None:
        """A column, or a constraint of the whole table."""
        if re.match(r"(CONSTRAINT|CHECK|PRIMARY KEY|FOREIGN KEY|UNIQUE)\b", part):
            self._constraint(table, part)
            return
        name, _, definition = part.partition(" ")
        kind = re.match(rf"({_TYPES})\b", definition)
        if kind is None:
            raise ValueError(part)
        needed = bool(re.search(r"NOT NULL|PRIMARY KEY", definition))
        default = re.search(r"\bDEFAULT ('(?:[^']|'')*'|\d+)", definition)
        collated = kind[1] + (' "C"' if 'COLLATE "C"' in definition else "")
        self.objects["column", table, name] = column(collated, needed, False, default[1] if default else "")
        if "PRIMARY KEY" in definition:
            self._note(table, "", "PRIMARY KEY", [name], "", f"PRIMARY KEY ({name})")
        if match := re.search(r"REFERENCES (.*?)(?: CHECK|$)", definition, re.DOTALL):
            sql = f"REFERENCES {match[1]}"
            self._note(table, "", "FOREIGN KEY", [name], sql, f"FOREIGN KEY ({name}) {sql}")
        for check in _checks(definition):
            self._check(table, "", check)

    def _constraint(self, table: str, part: str) -> None:
        named = re.match(rf"CONSTRAINT ({_WORD}) (.*)$", part, re.DOTALL)
        name, definition = (named[1], named[2]) if named else ("", part)
        if definition.startswith("CHECK"):
            self._check(table, name, _checks(definition)[0])
            return
        kind = re.match(r"(PRIMARY KEY|FOREIGN KEY|UNIQUE) \((.*?)\)\s*(.*)$", definition, re.DOTALL)
        if kind is None:
            raise ValueError(part)
        self._note(table, name, kind[1], [column.strip() for column in kind[2].split(",")], kind[3], definition)

    def _check(self, table: str, name: str, expression: str) -> None:
        words = set(re.findall(rf"\b{_WORD}\b(?!\s*\()", _LITERAL.sub(" ", expression)))
        columns = [key[2] for key in self.objects if key[:2] == ("column", table) and key[2] in words]
        self._note(table, name, "CHECK", columns, expression, f"CHECK ({expression})")

    def _note(self, table: str, name: str, kind: str, columns: Sequence[str], details: str, sql: str) -> None:
        key = ("constraint", table, constraint(kind, columns, details))
        self.objects[key] = ""
        self.sql[key] = f"ALTER TABLE {table} ADD {f'CONSTRAINT {name} ' if name else ''}{sql}"
        ending = {"CHECK": "check", "PRIMARY KEY": "pkey", "FOREIGN KEY": "fkey", "UNIQUE": "key"}[kind]
        of = f"_{columns[0]}" if len(columns) == 1 and kind != "PRIMARY KEY" else ""
        self._names[table, name or f"{table}{of}_{ending}"] = key

    def _alter(self, table: str, part: str) -> None:
        if match := re.match(r"ADD (?:COLUMN )?(.*)$", part, re.DOTALL):
            self._add(table, match[1])
        elif match := re.match(rf"DROP CONSTRAINT (?:IF EXISTS )?({_WORD})", part):
            self.objects.pop(self._names.get((table, match[1]), ("", "", "")), None)
        elif match := re.match(rf"DROP COLUMN (?:IF EXISTS )?({_WORD})", part):
            self.objects.pop(("column", table, match[1]), None)
        elif match := re.match(rf"ALTER (?:COLUMN )?({_WORD}) TYPE ({_TYPES})$", part):
            key = ("column", table, match[1])
            self.objects[key] = re.sub(r"^\w+", match[2], self.objects[key])
        else:
            raise ValueError(part)

    def _function(self, name: str, arguments: str, returns: str, traits: str, body: str) -> None:
        kinds = [re.sub(r"\s+DEFAULT .*", "", argument).split()[-1] for argument in _parts(arguments)]
        setting = re.search(r"SET (search_path) = ([^\n]*?)(?=\s*$|\s+(?:AS|LANGUAGE)\b)", traits)
        traits_told = re.findall(r"LANGUAGE (\w+)", traits)  # every function says one
        traits_told.append(next((trait for trait in ("IMMUTABLE", "STABLE") if trait in traits), "VOLATILE"))
        traits_told += ["SECURITY DEFINER"] * ("SECURITY DEFINER" in traits)
        traits_told += [f"{setting[1]}={setting[2].strip()}"] if setting else []
        told_arguments = ", ".join(kinds)
        key = ("function", "", f"{name}({told_arguments})")
        self.objects[key] = function(told_arguments, returns, traits_told, body)
        self._give(("EXECUTE", f"FUNCTION {key[2]}", "PUBLIC"), True)

    def _right(self, verb: str, rights: str, on: str, groups: str) -> None:
        for kind, name in self._granted_on(" ".join(on.split())):
            for right in _parts(rights):
                word, _, columns = right.partition(" (")
                words = _RIGHTS_OF[kind] if word == "ALL" else (word,)
                named = [f" ({column.strip()})" for column in columns.rstrip(")").split(",")] if columns else [""]
                for group in groups.split(","):
                    for part in (part + column for part in words for column in named):
                        self._give((part, f"{kind} {name}", group.strip()), verb == "GRANT")
                if verb == "REVOKE" and word == "ALL" and kind == "TABLE":
                    self._take_columns(name, [group.strip() for group in groups.split(",")])

    def _take_columns(self, table: str, groups: Sequence[str]) -> None:
        """Who takes all rights in a table takes those in its columns, too."""
        for key in [key for key in self.objects if key[0] == "grant" and f" ON TABLE {table} TO " in key[2]]:
            if key[2].rpartition(" TO ")[2] in groups:
                del self.objects[key]

    def _granted_on(self, on: str) -> Iterator[tuple[str, str]]:
        """The objects that a GRANT speaks of: kind and name."""
        if match := re.match(r"ALL (TABLE|SEQUENCE|FUNCTION)S IN SCHEMA", on):
            kind = match[1].lower()
            yield from ((match[1], key[2]) for key in list(self.objects) if key[0] == kind)
        elif on.startswith("FUNCTION "):
            yield from (("FUNCTION", function) for function in _parts(on.removeprefix("FUNCTION ")))
        elif on.startswith("SCHEMA "):
            yield "SCHEMA", on.removeprefix("SCHEMA ")
        else:
            yield from (("TABLE", table.strip()) for table in on.removeprefix("TABLE ").split(","))

    def _give(self, right: tuple[str, str, str], is_granted: bool) -> None:
        key = ("grant", "", grant(*right))
        if is_granted:
            self.objects[key] = ""
        else:
            self.objects.pop(key, None)


def grant(right: str, object_name: str, group: str) -> str:
    """A right as it is told: what one may on what, and who."""
    return f"{right} ON {object_name} TO {group}"


def _parts(text: str) -> list[str]:
    """A text cut at the commas that stand in no brackets and no quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
        elif not quoted and character == "," and not depth:
            parts.append(text[start:place])
            start = place + 1
    return [" ".join(part.split()) for part in (*parts, text[start:]) if part.strip()]


def _checks(text: str) -> list[str]:
    """The expressions of the checks in a definition."""
    checks = []
    for start in (check.end() for check in re.finditer(r"\bCHECK \(", text)):
        depth, quoted = 1, False
        for place in range(start, len(text)):
            if text[place] == "'":
                quoted = not quoted
            elif not quoted and text[place] in "()":
                depth += 1 if text[place] == "(" else -1
                if not depth:
                    checks.append(text[start:place])
                    break
    return checks

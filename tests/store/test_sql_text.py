"""SQL text stands with the engines. Elsewhere a query is an expression over the models, the same on both engines, or it
has the measurement beside it that asks for text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import clientdesk

ROOT = Path(clientdesk.__file__).parent
_SQL = re.compile(
    r"\b(SELECT|INSERT INTO|INSERT OR|UPDATE|DELETE FROM|PRAGMA|TRUNCATE|VACUUM|VALUES \(|(CREATE|DROP|ALTER) (TEMP )?(TABLE|INDEX|TRIGGER|VIEW)"
    r"|FROM|WHERE|ORDER BY|GROUP BY|(LEFT )?JOIN|ON CONFLICT)\b"
)
_FIGURE = re.compile(r"\d(\.\d+)? ?(ms|s|%)\b")

RUN_BY = frozenset(["sql", "execute", "execute_sql", "executemany", "executescript"])
"""What runs a text as SQL, however it is written."""
WORKING_TABLES = frozenset(["store/judged_rows.py", "store/row_packing.py"])
"""The rows of a list while they are judged: their tables are of no firm, and have no models. The figures that ask for
text stand in what the modules say of themselves."""
SENTENCES = frozenset([("desk/checking.py", "_CURES"), ("cli/firm.py", "copy")])
"""What tells a person what an administrator does; a command whose arguments are FROM and TO."""
MEASURED = frozenset[tuple[str, str]]()
"""File and name of what is text because its expression is slower than it may be; the figures are in its comments."""


def texts(source: str) -> Iterator[tuple[str, str, str]]:
    """The SQL in a module: the outermost name that it belongs to, the text, and that name's source with its comments."""
    for statement in ast.parse(source).body:
        named = getattr(statement, "name", None) or ast.unparse(getattr(statement, "targets", [statement])[0])
        documents = {id(node.value) for node in ast.walk(statement) if isinstance(node, ast.Expr)}
        run = {id(node) for call in ast.walk(statement) for node in _texts_run(call)}
        for node in ast.walk(statement):
            if (text := _text(node)) and id(node) not in documents and (id(node) in run or _SQL.search(text)):
                lines = source.splitlines()[statement.lineno - 1 : statement.end_lineno]
                yield named, text, "\n".join(lines)


def _texts_run(node: ast.AST) -> Iterator[ast.AST]:
    """The pieces of the text that a call runs as SQL."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUN_BY and node.args:
        text = node.args[0]
        if isinstance(text, ast.Constant | ast.JoinedStr | ast.BinOp):
            yield from ast.walk(text)


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_sql_text_stands_with_the_engines() -> None:
    strays, measured = [], set()
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("store/engines/") or name in WORKING_TABLES:
            continue
        for named, text, source in texts(path.read_text()):
            if (name, named) in MEASURED and _FIGURE.search(source):
                measured.add((name, named))
            elif (name, named) not in SENTENCES:
                strays.append((name, named, text))
    for name in WORKING_TABLES:
        assert len(_FIGURE.findall(ast.get_docstring(ast.parse((ROOT / name).read_text())) or "")) >= 2, name
    assert strays == []
    assert measured == MEASURED, "what is no text any more needs no leave"


@pytest.mark.parametrize(
    ("line", "is_sql"),
    [
        ('run("SELECT 1")', True),
        ('run(f"UPDATE {table} SET x = 1")', True),
        ('run(f"{columns} FROM client")', True),
        ('"""SELECT in a document."""', False),
        ('db.execute("with x as (values (1)) table x")', True),
        ('say("Select a client, or delete it from the list.")', False),
    ],
)
def test_what_counts_as_sql_text(line: str, is_sql: bool) -> None:
    assert bool(list(texts(f"def read():\n    {line}\n"))) == is_sql

"""What the scripts of a server's schema share: types, a condition on names, how functions begin, and scripts cut into
statements."""

from collections.abc import Iterator
from typing import Any

TEXT = 'text COLLATE "C"'

_CONTROLS = r"[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]"


def without_controls(*columns: str) -> str:
    """The condition that nothing in these columns steers a terminal, breaks a line or turns the reading order."""
    text = columns[0] if len(columns) == 1 else f"concat({', '.join(columns)})"
    return f"{text} !~ '{_CONTROLS}'"


def function(signature: str, returns: str = "trigger", language: str = "plpgsql", traits: str = "VOLATILE") -> str:
    """How a function begins, up to its body, which ends with $$."""
    return f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns}\nLANGUAGE {language} {traits} AS $$"


def owners_function(
    signature: str, returns: str = "trigger", language: str = "plpgsql", traits: str = "VOLATILE"
) -> str:
    """How a function begins that may write what the person who calls it may not, and finds its names in the firm's schema
    alone."""
    return function(signature, returns, language, f"{traits} SECURITY DEFINER SET search_path = clientdesk, pg_temp")


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time; a function's body stands between $$."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and statement.count("$$") % 2 == 0:
            yield statement.strip()
            statement = ""


def run(db: Any, script: str) -> None:
    """Runs a script's statements one after the other; they have no parameters, so that a % is a %."""
    for statement in statements(script):
        db.execute_sql(statement.replace("%", "%%"))

"""Tests know of the screens what a person sees and what other parts of the program may ask, not how they are made."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
KNOWN = {"_replace", "_asdict", "_exit"}
"""Names that are public for all their underscore: of named tuples, of `os`."""
EXCEPTIONS = {
    ("screen.py", "_compositor"): "Textual has no other way to what is sent to the terminal",
    ("screen.py", "_background_screens"): "nor to the screens that are seen behind a dialog",
    ("painting.py", "_dirty_regions"): "what is drawn for nobody is left out",
    ("late.py", "_tick"): "nor to a timer's moment",
    ("late.py", "_dispatch_message"): "nor to the moment in which a message is handled",
    ("forms.py", "_notifications"): "a sentence in a corner is broken over lines on the screen",
}
"""By file and name, what is read all the same, each in one place, and why."""


def private_names(source: str) -> Iterator[str]:
    """The private names of others that a module reads or sets, also by `getattr` and the like."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls", "super()"):
            names = [node.attr]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")).endswith("attr"):
            names = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        else:
            continue
        yield from (name for name in names if name.startswith("_") and not name.startswith("__") and name not in KNOWN)


def test_tests_read_no_private_name_of_a_widget() -> None:
    found = {
        (str(path.relative_to(FOLDER)), name)
        for path in FOLDER.rglob("*.py")
        for name in private_names(path.read_text(encoding="utf-8"))
    }
    assert found == EXCEPTIONS.keys(), "ask for what is seen, or give the widget a public name"


@pytest.mark.parametrize(
    "line", ["table._cache.get(1)", "app.screen._filter(find='')", "screen._query = None", "getattr(table, '_cache')"]
)
def test_they_would_be_seen(line: str) -> None:
    assert len(list(private_names(line))) == 1

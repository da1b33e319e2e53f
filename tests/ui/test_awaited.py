"""What a test expects on a screen is waited for: a screen comes in parts, later on a slower machine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
LOOKS = {"text_of", "lines_of", "notices"}
"""What is on the screen at this moment."""
FOCUS = {"focused", "has_focus"}
"""Which part has the keys at this moment."""


def read_at_once(source: str) -> Iterator[str]:
    """What a module asserts to be on the screen at this moment. That something is not there can only be asserted so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert) and not _denies(node.test) and _looks(node.test):
            yield ast.unparse(node.test)


def _denies(test: ast.expr) -> bool:
    return isinstance(test, ast.UnaryOp) or (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn))


def _looks(test: ast.expr) -> bool:
    if any(isinstance(part, ast.Attribute) and part.attr in FOCUS for part in ast.walk(test)):
        return True
    calls = (part for part in ast.walk(test) if isinstance(part, ast.Call) and part.args)
    return any(ast.unparse(call.func) in LOOKS and ast.unparse(call.args[0]).endswith("app") for call in calls)


def test_what_is_expected_on_a_screen_is_waited_for() -> None:
    at_once = {
        f"{path.relative_to(FOLDER)}: {words}"
        for path in FOLDER.rglob("*.py")
        for words in read_at_once(path.read_text(encoding="utf-8"))
    }
    assert not at_once, "wait_for, wait_for_lines or noticed wait for it"


@pytest.mark.parametrize(
    ("line", "is_seen"),
    [
        ("assert 'Saved' in text_of(app)", True),
        ("assert lines_of(app)[0].startswith(' Ríos')", True),
        ("assert notices(pilot.app) == ['Saved']", True),
        ("assert all(words in text_of(app) for words in ('Name', 'Save'))", True),
        ("assert screen.focused is line", True),
        ("assert 'Saved' not in text_of(app)", False),
        ("assert not notices(app)[1:]", False),
        ("assert table.rows.marks == set()", False),
    ],
)
def test_they_would_be_seen(line: str, is_seen: bool) -> None:
    assert bool(list(read_at_once(line))) == is_seen

"""Tests know of the program what a person sees and what its other parts may ask, not how a module or a widget is made."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

FOLDER = Path(__file__).parent
KNOWN = {"_replace", "_asdict", "_fields", "_field_defaults", "_make", "_exit", "_meta", "_"}
"""Names that are public for all their underscore: of named tuples, of `os`, of Peewee's models; what translates."""
EXCEPTIONS = {
    ("cli/test_cures.py", "_protected_args"): "click calls it so until its next version",
    ("cli/test_one_declaration.py", "_compositor"): "as in `ui/screen.py`, in a program of its own",
    ("installed.py", "_commands"): "the wheel of the server has no other way to stop one",
    ("kept.py", "_autocommit"): "psycopg asks the server before it takes the public one",
    ("packaging/check_wheel.py", "_compositor"): "as in `ui/screen.py`, in a program of its own",
    ("ui/screen.py", "_compositor"): "Textual has no other way to what is sent to the terminal",
    ("ui/screen.py", "_background_screens"): "nor to the screens that are seen behind a dialog",
    ("ui/painting.py", "_dirty_regions"): "what is drawn for nobody is left out",
    ("ui/late.py", "_tick"): "nor to a timer's moment",
    ("ui/late.py", "_dispatch_message"): "nor to the moment in which a message is handled",
    ("ui/forms.py", "_notifications"): "a sentence in a corner is broken over lines on the screen",
    ("ui/terminal/test_failures.py", "_driver"): "what fails is what Textual itself writes",
    (
        "ui/terminal/test_failures.py",
        "_enable_bracketed_paste",
    ): "what fails is in the midst of Textual's own beginning",
    ("ui/terminal/test_failures.py", "_loop"): "what fails is in the loop itself",
    ("ui/terminal/test_signals.py", "_current_frames"): "whether a thread waits is not told otherwise",
    ("ui/test_timers.py", "_time"): "Textual's clock, with which it says when a timer goes off",
    **dict.fromkeys(
        (
            ("ui/test_textual_private.py", name)
            for name in ("_ansi_sequences", "_compositor", "_context", "_keyboard_protocol", "_path", "_xterm_parser")
        ),
        "what is Textual's own, and used all the same, is tested there",
    ),
}
"""By file and name, what is read all the same, each in one place, and why: nothing of clientdesk."""


def private_names(source: str) -> Iterator[str]:
    """The private names of others that a module reads, sets or imports, also by `getattr` and the like, and in programs
    that stand in it as text."""
    for node in ast.walk(ast.parse(source)):
        yield from (name for name in names_in(node) if name[:1] == "_" and name[:2] != "__" and name not in KNOWN)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "._" in node.value:
            yield from private_names_of_program(node.value)


def names_in(node: ast.AST) -> list[str]:
    """The names that a piece of a program takes from something else."""
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls", "super()"):
        return [node.attr]
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")).endswith("attr"):
        # Of a text with values in it, what stands behind the last one.
        whole = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        ends = [argument.values[-1] for argument in node.args if isinstance(argument, ast.JoinedStr)]
        parts = [end.value for end in ends if isinstance(end, ast.Constant) and "." in str(end.value)]
        return [text.rpartition(".")[2] for text in (*whole, *parts) if isinstance(text, str)]
    return []


def private_names_of_program(text: str) -> Iterator[str]:
    """Of a text that is a program, its private names; of another one nothing."""
    try:
        yield from private_names(dedent(text))
    except SyntaxError:
        return


def test_tests_read_no_private_name() -> None:
    names = {
        (path.relative_to(FOLDER).as_posix(), name)
        for path in FOLDER.rglob("*.py")
        if path != Path(__file__)
        for name in private_names(path.read_text(encoding="utf-8"))
    }
    assert names == EXCEPTIONS.keys(), "test what is seen, or give it a public name"


@pytest.mark.parametrize(
    "line",
    [
        "table._cache.get(1)",
        "screen._query = None",
        "getattr(table, '_cache')",
        "monkeypatch.setattr('clientdesk.store.listing._FEW', 1)",
        "monkeypatch.setattr(f'clientdesk.store.{module}._FEW', 1)",
        "from clientdesk.store.listing import _FEW",
        "PROGRAM = '''\n    listing._FEW = 1\n'''",
    ],
)
def test_they_would_be_seen(line: str) -> None:
    assert len(set(private_names(line))) == 1

"""The private names of Textual that the program uses: each is there, and no other module uses one."""

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from textual import _ansi_sequences, _compositor, _context, _keyboard_protocol, _path, _xterm_parser
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widget import Widget

import clientdesk.ui
from clientdesk.ui import textual_private

OF_CLASSES: tuple[tuple[type[Any], str], ...] = (
    (MessagePump, "_dispatch_message"),
    (MessagePump, "_on_message"),
    (MessagePump, "_parent"),
    (MessagePump, "_close_messages_no_wait"),
    (Timer, "_skip"),
    (DOMNode, "_bindings"),
    (Widget, "_scroll_update"),
    (MessagePump, "_running"),
    (MessagePump, "_closed"),
    (App, "_background_screens"),
    (App, "_display"),
    (App, "_batch_count"),
    (App, "_sync_available"),
    (App, "_register"),
    (App, "_handle_exception"),
    (App, "_check_bindings"),
    (App, "_exit"),
    (App, "_driver"),
    (App, "_exception"),
    (App, "_exception_event"),
    (App, "_return_code"),
    (Driver, "_app"),
    (Driver, "_loop"),
    (LinuxDriver, "_file"),
    (LinuxDriver, "_writer_thread"),
    (LinuxDriver, "_get_terminal_size"),
    (LinuxDriver, "_query_in_band_window_resize"),
    (_xterm_parser.XTermParser, "_sequence_to_key_events"),
)
OF_MODULES: tuple[tuple[ModuleType, str], ...] = (
    (_ansi_sequences, "ANSI_SEQUENCES_KEYS"),
    (_compositor, "ChopsUpdate"),
    (_compositor, "LayoutUpdate"),
    (_context, "active_message_pump"),
    (_keyboard_protocol, "FUNCTIONAL_KEYS"),
    (_path, "CSSPathType"),
    (_xterm_parser, "XTermParser"),
)


@pytest.mark.parametrize(("owner", "name"), OF_CLASSES, ids=lambda part: getattr(part, "__name__", part))
def test_textual_still_has(owner: type[Any], name: str) -> None:
    # A class's attribute, or one that its own methods give to `self`.
    assert name in own_names(owner)


@pytest.mark.parametrize(("module", "name"), OF_MODULES, ids=lambda part: getattr(part, "__name__", part))
def test_textual_still_has_in_a_module(module: ModuleType, name: str) -> None:
    assert hasattr(module, name)


def test_each_name_that_is_used_is_tried_above() -> None:
    tried = {name for _owner, name in OF_CLASSES}
    used = set(private_attributes(ast.parse(inspect.getsource(textual_private))))
    defined = {
        node.name
        for node in ast.walk(ast.parse(inspect.getsource(textual_private)))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and is_private(node.name)
    }
    assert used | defined == tried


def test_no_other_module_uses_a_private_name_of_textual() -> None:
    users = []
    for part in pkgutil.walk_packages(clientdesk.ui.__path__, "clientdesk.ui."):
        module = importlib.import_module(part.name)
        if module is textual_private:
            continue
        source = inspect.getsource(module)
        users += [f"{part.name}: {name}" for name in private_modules(source)]
        for owner in vars(module).values():
            if inspect.isclass(owner) and owner.__module__ == part.name:
                of_textual = {
                    name for base in owner.__mro__ if base.__module__.startswith("textual.") for name in own_names(base)
                }
                written = classes(part.name)[owner.__qualname__]
                names = {*private_attributes(written), *methods(written)}
                users += [f"{part.name}.{owner.__name__}: {name}" for name in names & of_textual]
    assert users == []


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def private_attributes(tree: ast.AST) -> Iterator[str]:
    """The private names that are read from something or given to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.attr


def methods(tree: ast.AST) -> Iterator[str]:
    """The private methods that are declared."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and is_private(node.name):
            yield node.name


def private_modules(source: str) -> Iterator[str]:
    """The private modules of Textual that are imported."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual._"):
            yield str(node.module)


@cache
def classes(module: str) -> dict[str, ast.ClassDef]:
    """The classes that a module declares, by their names; it is read once for all of them."""
    declared: dict[str, ast.ClassDef] = {}

    def note(body: list[ast.stmt], inside: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                declared[inside + node.name] = node
                note(node.body, f"{inside}{node.name}.")

    note(ast.parse(inspect.getsource(sys.modules[module])).body, "")
    return declared


_OWN_NAMES: dict[type[Any], frozenset[str]] = {}


def own_names(owner: type[Any]) -> frozenset[str]:
    """The private names that a class of Textual declares, or that its methods give to `self`."""
    if owner not in _OWN_NAMES:
        assigned = {
            node.attr
            for node in ast.walk(classes(owner.__module__)[owner.__qualname__])
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_private(node.attr)
        }
        _OWN_NAMES[owner] = frozenset(assigned | {name for name in vars(owner) if is_private(name)})
    return _OWN_NAMES[owner]

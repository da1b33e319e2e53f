"""A signal at any point of the start ends the program: where its exception is caught, and where Python can only print it
(in the callback of a weak reference, as those behind an import are)."""

import signal
import sys
from contextlib import ExitStack
from itertools import cycle

import pytest

from tests.terminal import Terminal
from tests.ui.terminal.conftest import assert_whole

pytestmark = pytest.mark.long("terminals")

PROGRAM = """
import os, sys, threading, weakref

class Vanishing:
    pass

def signal_comes():
    os.kill(os.getpid(), {number})

def signal_comes_and_is_lost():
    vanishing = Vanishing()
    weak = weakref.ref(vanishing, lambda _weak: signal_comes())
    del vanishing

def look(frame, event, _argument):
    module, name = {point!r}.split(":")
    if event == "call" and frame.f_code.co_qualname == name and frame.f_globals.get("__name__") == module:
        sys.setprofile(None)
        {comes}()

sys.argv = ["clientdesk", "--firm", {firm!r}]
sys.setprofile(look)
from clientdesk.__main__ import run
from clientdesk.cli import main

def open_app(location):
    from clientdesk.ui.start import run_app
    return run_app(location, "ana")

main.open_screens = open_app
run()
"""
"""The program, to which a signal comes when a function begins, or a module."""

BEFORE_ANYTHING_IS_OPENED = ("clientdesk.cli.main:<module>", "clientdesk.cli.screens:<module>")
"""Where nobody hears signals yet, and nothing is there to be ended in order."""
POINTS = (
    *BEFORE_ANYTHING_IS_OPENED,
    "clientdesk.cli.screens:firm_alone",
    "clientdesk.ui.start:<module>",
    "clientdesk.ui.start:run_app",
    "textual.app:<module>",
    "clientdesk.ui.app:<module>",
    "clientdesk.ui.app:ClientdeskApp.__init__",
    "textual.app:App.run_async",
    "clientdesk.ui.terminal.driver:TerminalDriver.__init__",
    "clientdesk.ui.terminal.driver:TerminalDriver.start_application_mode",
    "clientdesk.ui.screens.clients:<module>",
    "clientdesk.ui.app:ClientdeskApp.on_mount",
    "clientdesk.ui.leaving:Leaving.hear_signals",
    "clientdesk.ui.watching:Watch.start",
)
NUMBERS = dict(zip(POINTS, cycle((signal.SIGINT, signal.SIGTERM, signal.SIGHUP)), strict=False))


@pytest.mark.parametrize("point", POINTS)
def test_a_signal_at_any_point_of_the_start_ends_it(firm: str, point: str) -> None:
    with ExitStack() as programs:
        for comes, number in (("signal_comes", NUMBERS[point]), ("signal_comes_and_is_lost", signal.SIGINT)):
            program = PROGRAM.format(number=int(number), point=point, comes=comes, firm=firm)
            # With an option of Python's it is not forked from a process that has imported everything.
            terminal = programs.enter_context(Terminal([sys.executable, "-u", "-c", program], 80, 24))
            code = terminal.wait_for_end(30)
            assert code == (None if point in BEFORE_ANYTHING_IS_OPENED else 128 + number), terminal.lines()
            assert_whole(terminal)
            assert "Traceback" not in "\n".join(terminal.lines())

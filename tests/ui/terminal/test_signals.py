"""Signals from outside: SIGTERM and SIGHUP end it at once, SIGINT asks where something is typed."""

import os
import signal

import pytest

from tests.terminal import Terminal
from tests.ui.terminal.conftest import Started, assert_whole, shows

pytestmark = pytest.mark.long("terminals")

READY = shows("8 of 9 clients")
HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
ASKS = shows("y Discard and quit")
DIALOG = ("Discard what was typed, and quit?", "Not saved: Display name", "n Keep editing", "y Discard and quit")


def ends(terminal: Terminal, number: signal.Signals) -> None:
    """It ends with the signal's code, and the terminal is as it was."""
    assert terminal.wait_for_end() == 128 + number
    assert_whole(terminal)


def typed(terminal: Terminal) -> None:
    """A form in which something is typed."""
    terminal.wait(READY)
    terminal.send("aNueva SL")
    terminal.wait(shows("Nueva SL"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(started: Started, number: signal.Signals) -> None:
    with started(HEARD) as terminal:
        terminal.wait(READY)
        os.kill(terminal.pid, number)
        ends(terminal, number)


def test_an_interruption_asks_where_something_is_typed(started: Started) -> None:
    with started(HEARD) as terminal:
        typed(terminal)
        os.kill(terminal.pid, signal.SIGINT)
        terminal.wait(lambda lines: all(shows(text)(lines) for text in DIALOG))
        terminal.send("\r")
        terminal.wait(lambda lines: not ASKS(lines) and shows("Nueva SL")(lines))
        os.kill(terminal.pid, signal.SIGINT)
        terminal.wait(ASKS)
        terminal.send("y")
        ends(terminal, signal.SIGINT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_one_ends_it(started: Started, number: signal.Signals) -> None:
    with started(HEARD) as terminal:
        typed(terminal)
        os.kill(terminal.pid, signal.SIGINT)
        terminal.wait(ASKS)
        os.kill(terminal.pid, number)
        ends(terminal, number)


def test_sigterm_asks_nothing(started: Started) -> None:
    with started(HEARD) as terminal:
        typed(terminal)
        os.kill(terminal.pid, signal.SIGTERM)
        ends(terminal, signal.SIGTERM)


@pytest.mark.parametrize("keys", ["/peña", "?", "x"], ids=["Find", "help", "a dialog"])
def test_where_nothing_would_be_lost_it_ends(started: Started, keys: str) -> None:
    with started(HEARD) as terminal:
        terminal.wait(READY)
        terminal.send(keys)
        terminal.settle(patience=5)
        os.kill(terminal.pid, signal.SIGINT)
        ends(terminal, signal.SIGINT)


OPENING = """
import signal, sys, threading, time
from clientdesk.cli.main import main
from clientdesk.desk import opening
def opens_for_long(*_):
    {first}
    threading.Event().wait(60)
opening.open_firm = opens_for_long
main = main(["--firm", sys.argv[1]])
sys.stdout.flush()
import os
os._exit(main)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_the_firm_is_being_opened(started: Started, number: signal.Signals) -> None:
    with started(HEARD + OPENING.format(first="print('opening', flush=True)")) as terminal:
        terminal.wait(shows("opening"))
        os.kill(terminal.pid, number)
        assert terminal.wait_for_end(30) == 128 + number
        assert terminal.is_cooked()


HEARS = """
    while sys._current_frames()[threading.main_thread().ident].f_code is not threading.Condition.wait.__code__:
        time.sleep(0.01)
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
"""
"""The thread that opens the firm gets the signal when the main one waits, and nobody is woken: as by one that comes a
moment before the waiting begins."""


def test_a_signal_that_wakes_nobody_is_heard(started: Started) -> None:
    with started(HEARD + OPENING.format(first=HEARS)) as terminal:
        assert terminal.wait_for_end(30) == 128 + signal.SIGINT
        assert terminal.is_cooked()


SAVING = (
    HEARD
    + """
import threading
from clientdesk.desk import clients
def slow(*_): threading.Event().wait(3)
clients.save = slow
"""
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_something_is_being_saved(started: Started, number: signal.Signals) -> None:
    with started(SAVING) as terminal:
        typed(terminal)
        terminal.send("\x13")
        terminal.wait(shows("Working"))
        os.kill(terminal.pid, number)
        if number is signal.SIGINT:
            terminal.wait(ASKS)
            terminal.send("y")
        ends(terminal, number)

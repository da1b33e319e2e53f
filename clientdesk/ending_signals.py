"""Signals that end the program (ctrl+c from outside, SIGTERM, SIGHUP), until the screens or a long command hear them
in their own way.

Python raises an exception where a signal comes, and where nobody can catch one (in what tidies up behind an import, in
`__del__`) it only prints it. So a signal is remembered as well, and whoever goes on behind imports asks for it.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_last_number = 0
"""The signal that came last; 0 for none."""


def _raise(number: int) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


def _came(number: int, _frame: object) -> None:
    global _last_number
    _last_number = number
    _raise(number)


def last_number() -> int:
    """The signal that came last, 0 for none, while `raised` lasts."""
    return _last_number


def demand_none() -> None:
    """Raises once more what a signal has raised: KeyboardInterrupt, or SystemExit with its exit code."""
    if _last_number:
        _raise(_last_number)


@contextmanager
def raised() -> Iterator[None]:
    """As long as this lasts, a signal that ends the program raises KeyboardInterrupt or SystemExit, and is remembered;
    nothing is printed of one that was raised where nobody could catch it."""
    global _last_number
    _last_number = 0
    print_lost = sys.unraisablehook

    def lost(failure: "sys.UnraisableHookArgs") -> None:
        if not (_last_number and isinstance(failure.exc_value, (KeyboardInterrupt, SystemExit))):
            print_lost(failure)

    sys.unraisablehook = lost
    try:
        with signals_to(_came, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            yield
    finally:
        sys.unraisablehook = print_lost


@contextmanager
def signals_to(handler: Callable[[int, Any], None], *numbers: signal.Signals) -> Iterator[None]:
    """What is done when one of the signals comes, but for those that are ignored: see `heard_signals`."""
    before = {number: signal.signal(number, handler) for number in heard_signals(*numbers)}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def heard_signals(*numbers: signal.Signals) -> list[signal.Signals]:
    """Those of the signals that are not ignored by the wish of whoever started the program (nohup, a background job);
    none outside the main thread, which alone may say what they do."""
    if threading.current_thread() is not threading.main_thread():
        return []
    return [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]

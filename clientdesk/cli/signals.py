"""What a signal does that ends a command: nothing half written stays behind."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def orderly_end() -> Iterator[None]:
    """A signal that ends the program takes away what is half written, as ctrl+c does; one that is ignored stays so."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    with signals_to(end, signal.SIGTERM, signal.SIGHUP):
        yield


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

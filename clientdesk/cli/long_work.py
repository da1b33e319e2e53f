"""What takes a while on the command line: a bar that shows how far it is, and signals that stop it between two batches."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from clientdesk.cli.frame import heard_signals

_MANY = 5_000


class Signals:
    """The person, or the system, wants the program to end. Until rows are written that happens at once; then what
    writes them is asked to stop, so that it can keep what it has done."""

    def __init__(self) -> None:
        self.number = 0
        self.writing = False

    def came(self, number: int, _frame: object) -> None:
        """What is done when a signal comes."""
        self.number = number
        if not self.writing:
            raise KeyboardInterrupt

    def stopped(self) -> bool:
        """Whether one came."""
        return self.number != 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Ctrl+c, SIGTERM and a terminal that goes away come here."""
        heard = heard_signals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self.came) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def rows_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """On a terminal, a bar for what takes a while."""
    shown: list[Any] = []

    def progress(done: int, rows: int) -> None:
        if not shown:
            if rows < _MANY or not sys.stderr.isatty():
                return
            shown.append(bars.enter_context(click.progressbar(length=rows, label=label, file=sys.stderr)))
        shown[0].update(done - shown[0].pos)

    with ExitStack() as bars:
        yield progress

"""What takes a while on the command line: signals that stop it between two batches, and how far back was looked."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import click

from clientdesk.ending_signals import signals_to
from clientdesk.text import _, local_time


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
        """Ctrl+c, SIGTERM and a terminal that goes away come here; one that ends what is done ends the program with its
        exit code."""
        with signals_to(self.came, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            try:
                yield
            except (KeyboardInterrupt, click.Abort):  # click gives the second where it has asked something
                raise SystemExit(128 + (self.number or signal.SIGINT)) from None


class FarBack:
    """On a terminal, a line that says how far back the history was looked through, while nothing more is found there; it
    goes before something is printed."""

    _AFTER = 1.0
    """So many seconds are looked for before it is worth a word."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._shown = 0

    def show(self, at: str) -> None:
        """How far back was looked (ISO 8601, UTC); "" where something is going to be printed, or nothing is left."""
        if not at:
            self.wipe()
            return
        self._since = time.monotonic() if self._since is None else self._since
        if time.monotonic() - self._since < self._AFTER or not sys.stderr.isatty():
            return
        line = _("Looking further back: {day}").format(day=local_time(at)[:10])
        sys.stdout.flush()
        sys.stderr.write("\r" + line.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(line)

    def wipe(self) -> None:
        """The line goes."""
        self._since = None
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()
            self._shown = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.wipe()

"""Stopping the process as a shell expects, and coming back."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from clientdesk.text import _

_AT_ONCE, _A_MOMENT = 0.02, 0.2
"""A process that was not stopped goes on within so many seconds; one that was has noticed it after so many."""


def stop(terminal: int, everyone: bool) -> None:
    """Stop until somebody brings the process back into the foreground of its terminal, a file number.

    `everyone` stops all processes that were started with it in one command, as ctrl+z does. Call it in the main
    thread, with the terminal as the shell left it.
    """
    if not _stops(0 if everyone else os.getpid(), signal.SIGTSTP):
        _stop_without_a_shell(terminal)
    wait_for_foreground(terminal)


def wait_for_foreground(terminal: int) -> None:
    """Stop as long as somebody else has the terminal (it was brought back by `bg`)."""
    with suppress(OSError):
        # All of the command stops, as when the system does it: else the shell takes it for running.
        while os.tcgetpgrp(terminal) != os.getpgrp() and _stops(0, signal.SIGTTOU):
            pass


def _stops(pid: int, number: int) -> bool:
    """Send a signal that stops this process, until it is continued; False if the system has taken no notice of it,
    as it does where no shell waits."""
    with _noticing() as continued:
        began = time.monotonic()
        os.kill(pid, number)
        if time.monotonic() - began > _AT_ONCE:
            return True
        # The signal that continues it may have gone to another thread, which tells a moment later.
        until = time.monotonic() + _A_MOMENT
        while not continued and time.monotonic() < until:
            time.sleep(_AT_ONCE)
        return bool(continued)


@contextmanager
def _noticing() -> Iterator[list[int]]:
    """Stopping signals do what they do by themselves; the list has an entry once the process was continued."""
    continued: list[int] = []

    def notice(number: int, _frame: FrameType | None) -> None:
        continued.append(number)

    before = [
        (number, signal.signal(number, handler) or signal.SIG_DFL)
        for number, handler in (
            (signal.SIGTSTP, signal.SIG_DFL),
            (signal.SIGTTOU, signal.SIG_DFL),
            (signal.SIGCONT, notice),
        )
    ]
    try:
        yield continued
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _stop_without_a_shell(terminal: int) -> None:
    """Stop although no shell is there that could bring the process back (`ssh host clientdesk`): enter does.

    The system has not stopped it for that reason: its process group has nobody who waits for it.
    """
    sentence = _("clientdesk is suspended, and no shell is waiting: enter brings it back.")
    with suppress(OSError):
        os.write(terminal, f"{sentence}\r\n".encode())
    reader = subprocess.Popen(
        ["/bin/sh", "-c", 'read -r _; kill -CONT "$1"', "sh", str(os.getpid())],
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.kill(os.getpid(), signal.SIGSTOP)
    reader.kill()
    reader.wait()

"""Stopping the process as a shell expects, and coming back."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from clientdesk.text import _


def stop(terminal: int, everyone: bool) -> None:
    """Stop until somebody brings the process back into the foreground of its terminal, a file number.

    `everyone` stops all processes that were started with it in one command, as ctrl+z does. Call it in the main
    thread, with the terminal as the shell left it.
    """
    with _noticing() as continued:
        os.kill(0 if everyone else os.getpid(), signal.SIGTSTP)
        if not continued:
            _stop_without_a_shell(terminal)
    wait_for_foreground(terminal)


def wait_for_foreground(terminal: int) -> None:
    """Stop as long as somebody else has the terminal (it was brought back by `bg`)."""
    with suppress(OSError), _noticing() as continued:
        while os.tcgetpgrp(terminal) != os.getpgrp():
            continued.clear()
            os.kill(0, signal.SIGTTOU)  # all of the command, as the system does, else the shell takes it for running
            if not continued:
                return  # nobody would bring it back


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

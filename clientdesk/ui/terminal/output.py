"""The way out to the terminal."""

import os
import select
from collections.abc import Callable

from clientdesk.ui.capabilities import STAND_INS


class TerminalOutput:
    """Writes to a terminal and never raises: Textual's writer thread would die of it, and the program wait for it.

    What the terminal's encoding does not have gets its stand-in. When the terminal has gone away, `lost` is called once,
    and what is written afterwards goes nowhere.
    """

    def __init__(self, fileno: int, encoding: str, lost: Callable[[OSError], None]) -> None:
        self._fileno = fileno
        self._encoding = encoding
        self._lost = lost
        self._gone = False
        self._waiting = bytearray()

    def fileno(self) -> int:
        """The terminal's file number."""
        return self._fileno

    def write(self, text: str) -> None:
        """Keep a text until `flush`."""
        if not self._gone:
            self._waiting += text.encode(self._encoding, STAND_INS)

    def flush(self) -> None:
        """Write what waits; returns when the terminal has taken it."""
        data, self._waiting = memoryview(bytes(self._waiting)), bytearray()
        try:
            while data and not self._gone:
                try:
                    data = data[os.write(self._fileno, data) :]
                except BlockingIOError:  # somebody who shares the terminal has made it so
                    select.select([], [self._fileno], [])
        except OSError as error:
            self._gone = True
            self._lost(error)

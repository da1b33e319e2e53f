"""The way out to the terminal."""

import os
import select
from collections.abc import Callable
from typing import TextIO


class TerminalOutput:
    """Writes to the terminal of a text stream and never raises: Textual's writer thread would die of it, and the
    program wait for it.

    What the stream's encoding does not have becomes what the stream says, else "?". When the terminal has gone away,
    `lost` is called once, and what is written afterwards goes nowhere.
    """

    def __init__(self, stream: TextIO, lost: Callable[[OSError], None]) -> None:
        self.encoding = stream.encoding
        # Python's own ways would raise, or write more columns than there is room for.
        self._errors = "replace" if stream.errors in (None, "strict", "backslashreplace") else stream.errors
        self._fileno = stream.fileno()
        self._lost = lost
        self._gone = False
        self._waiting = bytearray()

    def fileno(self) -> int:
        """The terminal's file number."""
        return self._fileno

    def write(self, text: str) -> None:
        """Keep a text until `flush`."""
        if not self._gone:
            self._waiting += text.encode(self.encoding, self._errors)

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

"""Textual's driver for our terminal: its input taken apart by us, its output never failing, and stopping."""

import os
import select
import signal
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Protocol, cast

from textual import constants, events
from textual.app import App
from textual.geometry import Size

from clientdesk.ui.terminal.splitter import Kind, Splitter, Token
from clientdesk.ui.terminal.stopping import stop, wait_for_foreground
from clientdesk.ui.terminal.terminal_file import TerminalOutput
from clientdesk.ui.terminal.token_events import TerminalMessages
from clientdesk.ui.textual_private import OpenDriver

_LOOK_UP = 0.1
"""So many seconds the reading thread waits at most before it looks whether it shall end."""
_READ = 65_536
_ALL_OFF = (
    b"\x1b[?2004l\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l"
    b"\x1b[?2026l\x1b[0m\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
"""Pastes, sizes, mouse, focus, painting held back, colours, cut lines, kitty's keys, second screen, hidden cursor."""


_POINTER = "\x1b]22;"
"""Begins what says which shape the mouse's pointer has."""


class UsesTerminal(Protocol):
    """What the driver tells the app."""

    def input_failed(self, error: BaseException) -> None:
        """The thread that reads the terminal has ended."""
        ...

    def terminal_lost(self, error: OSError) -> None:
        """The terminal has gone away."""
        ...

    def repaint(self) -> None:
        """Nobody knows what the terminal shows: all of it is to be painted."""
        ...


class TerminalDriver(OpenDriver):
    """Reads and writes the terminal. Where either fails, the app is told (`terminal_lost`, `input_failed`)."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.output = TerminalOutput(self.output, self._lost)
        self._taken = False
        """Whether the terminal is not as it was before."""
        self._pointer = f"{_POINTER}default\x07"
        self.loop.add_signal_handler(signal.SIGTSTP, self.suspend, False)
        signal.signal(signal.SIGCONT, self._on_sigcont)

    # --- what comes in

    def run_input_thread(self) -> None:
        """Read the terminal until the driver stops."""
        try:
            self._read_on()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the app ends in order
            self._in_loop(cast(UsesTerminal, self.app).input_failed, error)

    def _read_on(self) -> None:
        splitter = Splitter(constants.ESCAPE_DELAY, self.output.encoding)
        messages = TerminalMessages()
        quiet = 0.0
        while not self.exit_event.is_set():
            patience = splitter.patience
            seconds = _LOOK_UP if patience is None else min(_LOOK_UP, patience - quiet)
            try:
                data = self._read(seconds)
            except OSError as error:
                self._lost(error)
                return
            # Only a look that finds nothing counts as silence: a thread that comes late has missed nothing.
            quiet = 0.0 if data else quiet + seconds
            tokens = splitter.feed(data) if data else splitter.silence(quiet)
            if tokens or splitter.patience is None:
                quiet = 0.0
            for token in tokens:
                self._hand_on(messages, token)

    def _read(self, seconds: float) -> bytes:
        """What comes within so many seconds; nothing if nothing does. Raises OSError when the terminal is gone."""
        if not select.select([self.fileno], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fileno, _READ)
        except BlockingIOError:  # somebody who shares the terminal was quicker
            return b""
        if not data:
            raise OSError("the terminal is closed")
        return data

    def _hand_on(self, messages: TerminalMessages, token: Token) -> None:
        try:
            translated = list(messages.of(token))
        except Exception:  # whatever it is, one sequence is dropped and the log has it
            if token.kind is not Kind.SEQUENCE:
                raise
            from clientdesk.log_file import log

            log().error("unreadable sequence", exc_info=True)  # dropped like one that nobody knows
            return
        for message in translated:
            self.process_message(message)

    # --- failures

    def _lost(self, error: OSError) -> None:
        """The terminal has gone away, as far as reading or writing can tell."""
        self._in_loop(cast(UsesTerminal, self.app).terminal_lost, error)

    def _in_loop(self, function: Callable[..., None], *args: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended: so has the program
            self.loop.call_soon_threadsafe(function, *args)

    def release(self) -> None:
        """Give the terminal back as it was, if a failure has kept Textual from it."""
        if not self._taken:
            return
        self._taken = False
        self.close()
        with suppress(OSError, termios.error):
            os.write(self.output.fileno(), _ALL_OFF)
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def write(self, data: str) -> None:
        """Write to the terminal while it is ours: nobody waits for a writer that has ended. That the mouse's pointer has
        the shape that it has already is not written."""
        if data.startswith(_POINTER):
            if data == self._pointer:
                return
            self._pointer = data
        if self.is_writing:
            super().write(data)

    # --- taking the terminal and giving it back

    def start_application_mode(self) -> None:
        """Take the terminal; of its focus nobody wants to know."""
        self._taken = True
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
        self.write("\x1b[?1004l")

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was, also what Textual leaves on: the mouse in pixels, colours."""
        self.write("\x1b[?1016l\x1b[0m")
        super().stop_application_mode()
        self._taken = False

    def suspend(self, everyone: bool) -> None:
        """Stop the process (with `everyone` its whole group, as ctrl+z does); when it is back, paint everything."""
        if self.app.is_running:
            self.suspend_application_mode()
            stop(self.fileno, everyone)
            self._come_back()
        else:  # it is ending: the terminal is, or is about to be, as it was
            stop(self.fileno, everyone)

    def _on_sigcont(self, _number: int, _frame: FrameType | None) -> None:
        self._in_loop(self._continued)

    def _continued(self) -> None:
        """Something that could not be noticed (SIGSTOP) stopped the process, and who knows what used the terminal."""
        if self.app.is_running:
            wait_for_foreground(self.fileno)
            self.suspend_application_mode()
            self._come_back()

    def terminal_size(self) -> tuple[int, int]:
        """The terminal's own size: COLUMNS and LINES only say what it was when a shell started the program."""
        try:
            columns, rows = os.get_terminal_size(self.output.fileno())
        except OSError:
            return 80, 24
        return columns or 80, rows or 24

    def look_at_size(self) -> None:
        """Tell the app the size that the terminal has now."""
        size = Size(*self.terminal_size())
        self.send_message(events.Resize(size, size))

    def _come_back(self) -> None:
        self.resume_application_mode()
        if self.is_writing:
            cast(UsesTerminal, self.app).repaint()
        else:
            self._lost(OSError("the terminal cannot be used any more"))

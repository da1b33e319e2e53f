"""A program in a real pseudo-terminal: what it writes is kept with the moment it came, and drawn afterwards.

Drawing (pyte is slow) never competes with the program that is watched.
"""

import os
import select
import signal
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

import pyte
from ptyprocess.ptyprocess import PtyProcess

from tests import programs

PAINT = b"\x1b[?2026h"
"""What a program writes before what shall be shown together."""
Condition = Callable[[list[str]], bool]
"""What is looked for on a screen, given as its lines."""


class _Forked:
    """A program of the fork server in a terminal, as ptyprocess has one of its own."""

    def __init__(self, argv: Sequence[str], size: tuple[int, int], environment: Mapping[str, str]) -> None:
        self.fd, its_own = os.openpty()
        self.setwinsize(*size)
        self._program = programs.Forked(argv, [its_own] * 3, environment, terminal=True)
        os.close(its_own)
        self.pid = self._program.pid

    def setwinsize(self, rows: int, columns: int) -> None:
        termios.tcsetwinsize(self.fd, (rows, columns))

    def isalive(self) -> bool:
        return self._program.wait(0) is None

    def kill(self, number: int) -> None:
        with suppress(ProcessLookupError):  # it has ended, and the fork server has not told yet
            os.kill(self.pid, number)

    def wait(self) -> None:
        self._program.wait(None)

    def close(self) -> None:
        if self.fd != -1:
            os.close(self.fd)
        self.fd = -1

    @property
    def exitstatus(self) -> int | None:
        code = self._program.exit_code
        return None if code is None or code < 0 else code


class Terminal:
    """Runs `argv` in a terminal of `columns` x `rows`; leaves it with a hang-up."""

    def __init__(
        self, argv: Sequence[str], columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
    ) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._waiting: list[tuple[float, bytes]] = []
        self.written = 0
        self.last = time.perf_counter()
        """When the last byte came."""
        self.paints = 0
        """So many paints have begun, where the program was told (`hold_paints`) that the terminal holds them together."""
        self._end = b""
        self.sent = time.perf_counter()
        size = (rows, columns)
        if programs.can_fork(argv, environment):
            self._process: Any = _Forked(argv, size, environment)
        else:
            self._process = PtyProcess.spawn(list(argv), dimensions=size, env=environment)  # type: ignore[no-untyped-call]
        self.pid: int = self._process.pid

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self, signal_number: int = signal.SIGHUP, seconds: float = 30.0) -> int | None:
        """Sends a signal, waits for the end (then kills); the exit code, None if a signal ended it."""
        if self._process.isalive():
            self._process.kill(signal_number)
        until = time.perf_counter() + seconds
        while self._process.isalive() and time.perf_counter() < until:
            self._read(0.02)
        if self._process.isalive():
            self._process.kill(signal.SIGKILL)
        self._process.wait()
        self._process.close()
        status: int | None = self._process.exitstatus
        return status

    def _read(self, seconds: float) -> bool:
        """Takes what was written within so many seconds; False if nothing was."""
        ready, _, _ = select.select([self._process.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._process.fd, 65_536)
        except OSError:  # the program has ended
            return False
        if data:
            self.last = time.perf_counter()
            self._waiting.append((self.last, data))
            self.written += len(data)
            self.paints += (self._end + data).count(PAINT)
            self._end = data[-len(PAINT) + 1 :]
        return bool(data)

    def hold_paints(self) -> None:
        """Tells the program that the terminal shows a paint whole (synchronised output), as if it had been asked."""
        self.send("\x1b[?2026;2$y")

    def send(self, keys: str | bytes) -> None:
        """Presses keys, or sends what a terminal sends; times are counted from here."""
        self.sent = time.perf_counter()
        os.write(self._process.fd, keys.encode() if isinstance(keys, str) else keys)

    def interrupt(self) -> None:
        """Presses ctrl+c when the program sleeps: one that comes just before it waits for a line is kept until the line
        is there (Python's `input` looks for signals only before and after)."""
        while not self._is_asleep():
            self._read(0.01)
        self.send("\x03")

    def _is_asleep(self) -> bool:
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as file:
                return file.read().rpartition(")")[2].split()[0] == "S"
        except OSError:  # no Linux, or it has ended
            return True

    def settle(self, quiet: float = 0.3, at_most: float = 60.0, patience: float = 0.0) -> None:
        """Reads until nothing has come for `quiet` seconds; with `patience`, waits so long for a beginning."""
        until = time.perf_counter() + at_most
        if patience:
            self._read(patience)
        while self._read(quiet) and time.perf_counter() < until:
            pass

    def lines(self) -> list[str]:
        """The screen now."""
        for _moment, data in self._waiting:
            self._stream.feed(data)
        self._waiting.clear()
        buffer = self._screen.buffer  # `display` raises where half of a wide character is overwritten
        rows = ("".join(buffer[y][x].data for x in range(self._screen.columns)) for y in range(self._screen.lines))
        return [row.rstrip() for row in rows]

    def moments(self, *conditions: Condition) -> list[float | None]:
        """When each condition first held on the screen, in seconds after the last `send` (or the start); None if
        it never did. Draws everything that has come."""
        seconds: list[float | None] = [0.0 if condition(self._now()) else None for condition in conditions]
        for moment, data in self._waiting:
            self._stream.feed(data)
            lines = self._now()
            for place, condition in enumerate(conditions):
                if seconds[place] is None and condition(lines):
                    seconds[place] = moment - self.sent
        self._waiting.clear()
        return seconds

    def _now(self) -> list[str]:
        buffer = self._screen.buffer  # `display` raises where half of a wide character is overwritten
        rows = ("".join(buffer[y][x].data for x in range(self._screen.columns)) for y in range(self._screen.lines))
        return [row.rstrip() for row in rows]

    def wait(self, condition: Condition, seconds: float = 60.0) -> None:
        """Reads until a condition holds on the screen. Raises AssertionError with the screen."""
        until = time.perf_counter() + seconds
        while not condition(lines := self.lines()):
            if time.perf_counter() > until:
                raise AssertionError("\n".join(lines))
            self._read(0.1)

    def wait_for_end(self, seconds: float = 60.0) -> int | None:
        """The exit code of a program that ends by itself, None if a signal ended it; the terminal stays open, to be looked at.

        Raises AssertionError with the screen."""
        until = time.perf_counter() + seconds
        while self._process.isalive():
            assert time.perf_counter() < until, "\n".join(self.lines())
            self._read(0.02)
        while self._read(0.1):
            pass
        status: int | None = self._process.exitstatus
        return status

    def resize(self, columns: int, rows: int) -> None:
        """Gives the terminal another size, as a window that is dragged."""
        self._screen.resize(rows, columns)
        self._process.setwinsize(rows, columns)

    def modes(self) -> set[int]:
        """The private modes that are on, as far as they are drawn: 1049 the second screen, 25 the cursor, 1000 the mouse."""
        return {mode >> 5 for mode in self._screen.mode if mode >= 1 << 5}

    def is_cooked(self) -> bool:
        """Whether the terminal shows what is typed and takes it in whole lines, as a shell's commands expect."""
        wanted = termios.ECHO | termios.ICANON | termios.ISIG
        flags: int = termios.tcgetattr(self._process.fd)[3]
        return flags & wanted == wanted

    def spoil(self) -> None:
        """Empties the screen behind the program's back, as another program does."""
        self._screen.erase_in_display(2)

    def resident(self, peak: bool = False) -> float:
        """The program's resident memory in MB; with `peak`, the most it ever had."""
        wanted = "VmHWM:" if peak else "VmRSS:"
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(wanted)) / 1024

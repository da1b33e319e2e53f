"""Python programs that tests start, in processes of their own: as `subprocess` does it, from a process that has
imported clientdesk already (see `fork_server`). A start takes a tenth of the processor's time that it takes otherwise.

What a program is from its very beginning (its command line, what it imports, an encoding of its own) is tried with
`subprocess` itself.
"""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import fork_server

ROOT = Path(__file__).parents[1]
_PYTHONS_OWN = ("PYTHON", "LC_", "LANG")
"""How the variables begin that Python itself reads when it starts."""
Surroundings = tuple[tuple[str, str], ...]
_also_served: set[Surroundings] = set()


class _ForkServer:
    """A process from which programs are forked, and the socket on which it is asked for them."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.fork_server", str(theirs.fileno())]
        environment = {**os.environ, **dict(surroundings)}
        descriptors = [theirs.fileno()]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=descriptors, stdin=subprocess.DEVNULL
        )
        theirs.close()

    def end(self) -> None:
        """Nothing is asked of it any more; what it has started goes on."""
        self.socket.close()
        self._process.wait(60)


_servers: dict[Surroundings, _ForkServer] = {}
"""Those that were needed so far."""


def _end() -> None:
    while _servers:
        _servers.popitem()[1].end()


atexit.register(_end)


def _surroundings(environment: Mapping[str, str]) -> Surroundings:
    return tuple(sorted(item for item in environment.items() if item[0].startswith(_PYTHONS_OWN)))


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[None]:
    """As long as this lasts, programs in the surroundings of an environment have a fork server, too."""
    surroundings = _surroundings(environment)
    _also_served.add(surroundings)
    try:
        yield
    finally:
        _also_served.remove(surroundings)
        if surroundings in _servers:
            _servers.pop(surroundings).end()


def can_fork(command: Sequence[str], environment: Mapping[str, str] | None) -> bool:
    """Whether a program can come from a fork server: Python code or a module, in Python's surroundings of now."""
    is_python = command[0] == sys.executable and command[1] in ("-c", "-m")
    own = None if environment is None else _surroundings(environment)
    return sys.platform == "linux" and is_python and own in (None, _surroundings(os.environ), *_also_served)


class Forked:
    """A program that was forked: its process, and how that has ended."""

    def __init__(
        self,
        command: Sequence[str],
        streams: Sequence[int],
        environment: Mapping[str, str] | None = None,
        folder: str | os.PathLike[str] | None = None,
        terminal: bool = False,
    ) -> None:
        """Starts it with these three standard streams; in a `terminal` these are its controlling one."""
        _python, option, what, *arguments = command
        variables = dict(os.environ if environment is None else environment)
        request = {
            "code": what if option == "-c" else "",
            "module": what if option == "-m" else "",
            "arguments": [option if option == "-c" else what, *arguments],
            "environment": variables,
            "folder": os.fspath(folder or os.getcwd()),
            "terminal": terminal,
            "modules": fork_server.SCREENS if terminal else (),
        }
        self._answers, answering = os.pipe()
        surroundings = _surroundings(variables)
        if surroundings not in _servers:
            _servers[surroundings] = _ForkServer(surroundings)
        socket.send_fds(_servers[surroundings].socket, [json.dumps(request).encode()], [*streams, answering])
        os.close(answering)
        self._lines = b""
        while b"\n" not in self._lines:
            self._read()
        pid, _end, self._lines = self._lines.partition(b"\n")
        self.pid = int(pid)
        self.exit_code: int | None = None
        """As in `subprocess`: below zero the signal that ended it; None while it runs."""

    def _read(self) -> None:
        part = os.read(self._answers, 64)
        assert part, "the fork server has gone"
        self._lines += part

    def wait(self, seconds: float | None) -> int | None:
        """The exit code, if the program ends within so many seconds (None: however long it takes)."""
        while self.exit_code is None and b"\n" not in self._lines:  # it may have come with the number of the process
            if not select.select([self._answers], [], [], seconds)[0]:
                return None
            self._read()
        if self.exit_code is None:
            self.exit_code = os.waitstatus_to_exitcode(int(self._lines))
            os.close(self._answers)
        return self.exit_code


class Popen(subprocess.Popen[Any]):
    """As `subprocess.Popen`, which makes the pipes and reads from them; only the process comes from elsewhere, where it
    can (see `can_fork`). `subprocess` has no public way to that: the names of its own stand here, and nowhere else, and
    `is_forked` tells whether they are still asked for."""

    _forked: Forked | None = None

    @property
    def is_forked(self) -> bool:
        """Whether it came from a fork server."""
        return self._forked is not None

    def _execute_child(self, *arguments: Any) -> None:
        (args, executable, preexec_fn, _close_fds, pass_fds, cwd, env, *_windows), pipes = (
            arguments[:9],
            arguments[10:16],
        )
        if executable or preexec_fn or pass_fds or not can_fork(args, env):
            super()._execute_child(*arguments)  # type: ignore[misc]  # Popen's own
            return
        streams = [pipes[0], pipes[3], pipes[5]]
        standard = [place if descriptor == -1 else descriptor for place, descriptor in enumerate(streams)]
        try:
            self._forked = Forked(args, standard, env, cwd)
        finally:
            self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]  # Popen's own
        self.pid = self._forked.pid
        self._child_created = True

    def _internal_poll(self, *more: Any, **also: Any) -> int | None:
        if self._forked is None:
            return super()._internal_poll(*more, **also)  # type: ignore[misc,no-any-return]  # Popen's own
        self.returncode = self._forked.wait(0)
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        if self._forked is None:
            return super()._wait(timeout)  # type: ignore[misc,no-any-return]  # Popen's own
        if (code := self._forked.wait(timeout)) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        self.returncode = code
        return code


def run(
    command: Sequence[str],
    *,
    input: str | bytes | None = None,
    capture_output: bool = False,
    check: bool = False,
    timeout: float | None = None,
    **how: Any,
) -> "subprocess.CompletedProcess[Any]":
    """As `subprocess.run`."""
    if capture_output:
        how = {**how, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if input is not None:
        how = {**how, "stdin": subprocess.PIPE}
    with Popen(command, **how) as process:
        try:
            out, err = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
        ended = subprocess.CompletedProcess(command, process.wait(), out, err)
    if check:
        ended.check_returncode()
    return ended

"""The process from which `programs` forks the programs that tests start: it has imported clientdesk, and nothing else
has happened in it. Run as `python -m tests.fork_server DESCRIPTOR`, with a socket to whoever asks.

A program that is forked is one like any other (a process with its own streams, folder, variables and end), only that
its imports cost it nothing; it is told apart by nobody who looks from outside but by its command line.
"""

import fcntl
import gc
import importlib
import io
import json
import os
import runpy
import signal
import socket
import sys
import termios
import types
from contextlib import suppress
from typing import Any

USUAL = (
    "clientdesk.cli.main",
    "clientdesk.cli.program",
    "clientdesk.cli.import_commands",
    "clientdesk.cli.export",
    "clientdesk.desk.checking",
)
"""What every program needs."""
SCREENS = ("clientdesk.ui.start", "clientdesk.ui.app", "clientdesk.ui.screens.clients")
"""What a program in a terminal may need besides."""
LARGEST = 1 << 20
"""So many bytes a request has at most."""
_STANDARD = 3


def _reap(running: dict[int, int]) -> None:
    """Tells the end of each program that has ended to whoever asked for it."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        descriptor = running.pop(pid)
        with suppress(BrokenPipeError):
            os.write(descriptor, f"{status}\n".encode())
        os.close(descriptor)


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """Makes this process, which was just forked, look as one that was started by itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if request["terminal"]:
        os.setsid()
        fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
    for place, descriptor in enumerate(streams):
        os.dup2(descriptor, place)
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(_STANDARD, most if 0 < most < LARGEST else LARGEST)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = request["arguments"]
    for place, name in enumerate(("stdin", "stdout", "stderr")):
        setattr(sys, name, _stream(place))
        setattr(sys, f"__{name}__", getattr(sys, name))


def _stream(place: int) -> io.TextIOWrapper:
    """A standard stream as Python makes it at its start."""
    raw = io.FileIO(place, "rb" if place == 0 else "wb", closefd=False)
    buffer = io.BufferedReader(raw) if place == 0 else io.BufferedWriter(raw)
    was = (sys.__stdin__, sys.__stdout__, sys.__stderr__)[place]
    assert was is not None
    by_line = place == 2 or (place == 1 and os.isatty(1))
    return io.TextIOWrapper(buffer, was.encoding, was.errors, line_buffering=by_line, write_through=was.write_through)


def _serve(asked: socket.socket) -> dict[str, Any]:
    """Forks a program for each request until nobody asks any more; returns in each of them what it is to run."""
    running: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda _number, _frame: _reap(running))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(asked, LARGEST, 4)
        if not message:
            sys.exit()
        request: dict[str, Any] = json.loads(message)
        for module in request["modules"]:
            importlib.import_module(module)
        *streams, ending = descriptors
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        pid = os.fork()
        if not pid:
            asked.detach()
            _become(request, streams)
            return request
        running[pid] = ending
        os.write(ending, f"{pid}\n".encode())
        for descriptor in streams:
            os.close(descriptor)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])


def main() -> None:
    """Serves, and runs in each forked process what it is for."""
    for module in USUAL:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    request = _serve(socket.socket(fileno=int(sys.argv[1])))
    if request["module"]:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        return
    program = types.ModuleType("__main__")
    sys.modules["__main__"] = program
    exec(compile(request["code"], "<string>", "exec"), vars(program))


if __name__ == "__main__":
    main()

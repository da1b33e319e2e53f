"""What do screens write? Bytes and paints of each act, in a real terminal of the installed program.

    python tests/bench/bench_paints.py [--sizes 100x30,120x40] [--clients 2000] [--firms FOLDER] [--program clientdesk]
                                       [--sshd /usr/sbin/sshd]

Bytes and paints do not depend on how fast the computer is, as long as an act is over when nothing was written for a
second. Where `sshd` is installed the same goes over `ssh` once more, on a line with 100 ms each way and 256 kbit/s: there
the seconds are told, too, from the key until the last byte is here.
"""

import argparse
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from tests.terminal import Terminal  # noqa: E402 - found only from the checkout's top

SLOW_LINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "slow_line.py")
MILLISECONDS, KBIT = 100, 256
QUIET = 1.5
"""After so many seconds without a byte an act is over: longer than anything on a screen waits by itself."""
WHOLE, KEY, SAME, FOCUS, PAGE, MOVE = 8_000, 8_500, 1_500, 1_000, 8_000, 1_500
"""At most so many bytes for a whole screen, a key in Find after which all rows differ, one after which they are the
same, a focus, a page and a move of the cursor."""
SCREENS = (WHOLE, FOCUS)
"""These are painted once."""


class Act(NamedTuple):
    """A key, what it does, and how many bytes it may write."""

    name: str
    keys: str
    most: int


DOWN, PAGE_DOWN, ESC, ENTER = "\x1b[B", "\x1b[6~", "\x1b", "\r"
ACTS = (
    Act("the cursor a row down", DOWN, MOVE),
    Act("a page down", PAGE_DOWN, PAGE),
    Act("to the first row", "g", PAGE),
    Act("/ (Find has the keys)", "/", FOCUS),
    Act("a letter after which other rows match", "g", KEY),
    Act("another such letter", "a", KEY),
    Act("a letter more", "r", KEY),
    Act("a letter after which the rows are the same", "c", KEY),
    Act("a letter after which the rows are the same", "i", SAME),
    Act("a letter after which the rows are the same", "a", SAME),
    Act("esc (the list has the keys)", ESC, FOCUS),
    Act("esc (no search)", ESC, KEY),
    Act("enter (a client's page)", ENTER, WHOLE),
    Act("its history", "h", WHOLE),
    Act("its fields again", "h", WHOLE),
    Act("the next client", "n", WHOLE),
    Act("back to the list", ESC, WHOLE),
    Act("the firm's history", "H", WHOLE),
    Act("a change's rows", ENTER, WHOLE),
    Act("back to the history", ESC, WHOLE),
    Act("back to the list", ESC, WHOLE),
    Act("a form", "e", WHOLE),
    Act("back to the list", ESC, WHOLE),
    Act("help", "?", WHOLE),
    Act("back to the list", ESC, WHOLE),
    Act("the palette", ":", WHOLE),
    Act("back to the list", ESC, WHOLE),
)


def act(terminal: Terminal, keys: str) -> tuple[int, int, float]:
    """Presses keys; the bytes, the paints and the seconds until nobody writes any more."""
    written, paints = terminal.written, terminal.paints
    terminal.lines()
    terminal.send(keys)
    terminal.settle(QUIET)
    return terminal.written - written, terminal.paints - paints, terminal.last - terminal.sent


def measure(argv: list[str], columns: int, rows: int, tells_seconds: bool) -> None:
    """Each act, in its order."""
    with Terminal(argv, columns, rows) as terminal:
        terminal.settle(QUIET, patience=20.0)
        print(f"| {'the start (the terminal has not said yet what it can do)':<56} | {terminal.written:>7,} B | | |")
        terminal.hold_paints()
        terminal.settle(QUIET)
        for name, keys, most in ACTS:
            size, paints, seconds = act(terminal, keys)
            is_good = size <= most and (paints <= 1 or most not in SCREENS)
            took = f" {seconds:5.2f} s |" if tells_seconds else ""
            print(
                f"| {name:<56} | {size:>7,} B | {most:>6,} B | {paints} |{took} {'' if is_good else 'NO'}", flush=True
            )


@contextmanager
def far_away(sshd: str) -> Iterator[list[str]]:
    """An sshd of our own behind the slow line; how a command is run through it."""
    with tempfile.TemporaryDirectory() as folder:
        for key in ("host", "own"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{key}"], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {
            "Port": port,
            "ListenAddress": "127.0.0.1",
            "HostKey": f"{folder}/host",
            "AuthorizedKeysFile": f"{folder}/own.pub",
            "StrictModes": "no",
            "UsePAM": "no",
            "PidFile": "none",
        }
        with open(f"{folder}/sshd_config", "w") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        server = subprocess.Popen([sshd, "-D", "-e", "-f", f"{folder}/sshd_config"], stderr=subprocess.DEVNULL)
        argv = [sys.executable, SLOW_LINE, str(port), str(MILLISECONDS), str(KBIT)]
        line = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        try:
            assert line.stdout is not None
            slow_port = line.stdout.readline().strip()
            time.sleep(0.5)
            if server.poll() is not None:
                raise SystemExit(f"{sshd} ends with {server.returncode}")
            options = [
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
                "LogLevel=ERROR",
                "IdentitiesOnly=yes",
            ]
            yield [
                *("ssh", "-tt", "-F", "/dev/null", "-i", f"{folder}/own", "-p", slow_port),
                *(word for option in options for word in ("-o", option)),
                f"{getuser()}@127.0.0.1",
            ]
        finally:
            for process in (line, server):
                process.terminate()
                process.wait()


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100x30,120x40")
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--firms", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default=os.path.join(os.path.dirname(sys.executable), "clientdesk"))
    parser.add_argument("--sshd", default=shutil.which("sshd", path=f"{os.environ.get('PATH')}:/usr/sbin"))
    options = parser.parse_args()
    os.makedirs(options.firms, exist_ok=True)
    firm = os.path.join(options.firms, f"demo-{options.clients}.db")
    if not os.path.exists(firm):
        subprocess.run([options.program, "demo", "--clients", str(options.clients), "--keep", firm], check=True)
    argv = [options.program, "--firm", firm]
    sizes = [tuple(map(int, size.split("x"))) for size in options.sizes.split(",")]
    for columns, rows in sizes:
        print(f"\n{columns}x{rows}, {options.clients:,} clients")
        measure(argv, columns, rows, tells_seconds=False)
    if not options.sshd:
        print("\nsshd is not installed: nothing over ssh")
        return
    with far_away(options.sshd) as ssh:
        for columns, rows in sizes:
            print(f"\n{columns}x{rows}, over ssh, {MILLISECONDS} ms each way, {KBIT} kbit/s")
            measure([*ssh, f"env COLORTERM=truecolor {shlex.join(argv)}"], columns, rows, tells_seconds=True)


if __name__ == "__main__":
    main()

"""What do screens write? Bytes and paints of each act, in a real terminal of the installed program.

    python tests/bench/bench_paints.py [--size 100x30] [--clients 2000] [--firms FOLDER] [--program clientdesk]

Nothing here depends on how fast the computer is, as long as an act is over when nothing was written for a second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from tests.terminal import Terminal  # noqa: E402 - found only from the checkout's top

QUIET = 1.2
"""After so many seconds without a byte an act is over: longer than anything on a screen waits by itself."""
WHOLE, KEY, SAME, FOCUS, PAGE, MOVE = 8_000, 8_500, 1_500, 1_000, 8_000, 1_500
"""At most so many bytes for a whole screen, a key in Find after which all rows differ, one after which they are the
same, a focus, a page and a move of the cursor."""


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


def act(terminal: Terminal, keys: str) -> tuple[int, int]:
    """Presses keys; the bytes and the paints that follow until nobody writes any more."""
    written, paints = terminal.written, terminal.paints
    terminal.send(keys)
    terminal.settle(QUIET)
    return terminal.written - written, terminal.paints - paints


def measure(argv: list[str], columns: int, rows: int) -> None:
    """Each act, in its order."""
    with Terminal(argv, columns, rows) as terminal:
        terminal.settle(QUIET, patience=10.0)
        print(f"| {'the start (before the terminal has said what it can do)':<60} | {terminal.written:>7,} B | |")
        terminal.hold_paints()
        terminal.settle(QUIET)
        for name, keys, most in ACTS:
            size, paints = act(terminal, keys)
            verdict = "" if size <= most and paints <= 1 else "NO"
            print(f"| {name:<60} | {size:>7,} B | {most:>6,} B | {paints} | {verdict}", flush=True)
            if os.environ.get("SHOW"):
                print("\n".join(terminal.lines()))


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="100x30,120x40")
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--firms", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default=os.path.join(os.path.dirname(sys.executable), "clientdesk"))
    given = parser.parse_args()
    os.makedirs(given.firms, exist_ok=True)
    firm = os.path.join(given.firms, f"demo-{given.clients}.db")
    if not os.path.exists(firm):
        subprocess.run([given.program, "demo", "--clients", str(given.clients), "--keep", firm], check=True)
    for size in given.size.split(","):
        columns, rows = map(int, size.split("x"))
        print(f"\n{size}, {given.clients:,} clients")
        measure([given.program, "--firm", firm], columns, rows)


if __name__ == "__main__":
    main()

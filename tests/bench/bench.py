"""How fast is it? Drives the installed program in a real terminal and prints ratios to a bare Textual app.

    python tests/bench/bench.py [--sizes 2000,100000,1000000] [--runs 11] [--firms FOLDER] [--program clientdesk]

The demo firms are made once in FOLDER and used again. Give it an otherwise idle computer: the runs of the program
and of the yardstick take turns, and medians are compared.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from tests.terminal import Condition, Terminal  # noqa: E402 - found only from the checkout's top

BARE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare.py")
COLUMNS, ROWS = 120, 40
# Rare words, common ones, one that stands at the end of the list, two letters, one letter; each is typed key by key.
TERMS = ("zubizarreta", "c-00044", "garcia", "smith", "山田", "br", "s")


def report(name: str, value: str, limit: str, good: bool) -> None:
    """One line of the result."""
    print(f"| {name:<58} | {value:>18} | {limit:>10} | {'yes' if good else 'NO':>4} |", flush=True)


def take_turns(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure; they run in turns, so that a slow moment hits all of them."""
    for measure in measures:
        measure()
    times: list[list[float]] = [[] for _ in measures]
    for _ in range(runs):
        for values, measure in zip(times, measures, strict=True):
            values.append(measure())
    return [statistics.median(values) for values in times]


def shows(text: str) -> Condition:
    """The text is somewhere on the screen."""
    return lambda lines: any(text in line for line in lines)


def echoes_in(line: int, text: str) -> Condition:
    """The text is on that line of the screen."""
    return lambda lines: text in lines[line]


def paint(argv: Sequence[str], text: str) -> float:
    """Seconds from the start of a program until a text is on its screen."""
    with Terminal(argv, COLUMNS, ROWS) as terminal:
        terminal.settle(0.8, patience=10.0)
        (moment,) = terminal.moments(shows(text))
        if moment is None:
            raise SystemExit("\n".join(terminal.lines()))
        return moment


def memory(argv: Sequence[str], text: str) -> float:
    """Resident memory in MB, two seconds after the first screen."""
    with Terminal(argv, COLUMNS, ROWS) as terminal:
        terminal.wait(shows(text))
        terminal.settle(2.0)
        return terminal.resident()


def seconds(argv: Sequence[str]) -> float:
    """How long a command takes."""
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def first_names(program: str, firm: str, find: str, n: int = 12) -> list[str]:
    """The display names with which the list begins for what is typed into Find."""
    argv = [program, "list", "--firm", firm, "--find", find, "--json", "--columns", "display_name"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        names = [json.loads(line)["display_name"] for _, line in zip(range(n), process.stdout, strict=False)]
        process.stdout.close()
    return names


def window_is(names: Sequence[str], top: int) -> Condition:
    """The list shows these names from line `top` on, and nothing after them where they are fewer than asked for."""

    def holds(lines: list[str]) -> bool:
        if len(names) < 12 and any(each.strip() for each in lines[top + len(names) : top + 12]):
            return False
        return all(name[:14] in lines[top + place] for place, name in enumerate(names))

    return holds


def find_key_by_key(program: str, firm: str, start: list[str]) -> None:
    """Types each term, measuring from each key to its echo and to the right window."""
    echoes, windows = [], []
    for term in TERMS:
        with Terminal([program, "--firm", firm], COLUMNS, ROWS) as terminal:
            terminal.wait(shows(start[0][:14]))
            terminal.settle(0.6)
            top = next(place for place, line in enumerate(terminal.lines()) if start[0][:14] in line)
            terminal.send("/")
            terminal.settle(0.4)
            terminal.lines()
            slowest = 0.0
            for end in range(1, len(term) + 1):
                names = first_names(program, firm, term[:end])
                if not names:
                    break
                terminal.send(term[end - 1])
                terminal.settle(0.4)
                typed = term[:end]
                echo, window = terminal.moments(echoes_in(1, typed), window_is(names, top))
                if window is None:
                    terminal.settle(1.0, patience=3.0)
                    (window,) = terminal.moments(window_is(names, top))
                if echo is not None:
                    echoes.append(echo)
                if window is None:
                    raise SystemExit(f"find {typed!r}: {names}\n" + "\n".join(terminal.lines()))
                if window:  # the window of the key before may have been right already
                    windows.append(window)
                    slowest = max(slowest, window)
            report(
                f"Find “{term}”: slowest key until the window is right",
                f"{slowest * 1000:.0f} ms",
                "60 ms",
                slowest < 0.06,
            )
    report(
        "Find: the box echoes a key (median, slowest)",
        f"{statistics.median(echoes) * 1000:.0f}, {max(echoes) * 1000:.0f} ms",
        "20 ms",
        max(echoes) < 0.02,
    )
    report(
        "Find: window after a key (median)",
        f"{statistics.median(windows) * 1000:.0f} ms",
        "60 ms",
        statistics.median(windows) < 0.06,
    )


def find_typed_fast(program: str, firm: str, start: list[str], term: str = "garcia") -> None:
    """Types a term with 30 ms between keys; from the last key until the window is right."""
    names = first_names(program, firm, term)
    with Terminal([program, "--firm", firm], COLUMNS, ROWS) as terminal:
        terminal.wait(shows(start[0][:14]))
        terminal.settle(0.6)
        top = next(place for place, line in enumerate(terminal.lines()) if start[0][:14] in line)
        terminal.send("/")
        terminal.settle(0.4)
        for key in term:
            terminal.send(key)
            terminal.settle(0.03, 0.03)
        terminal.settle(0.5)
        (moment,) = terminal.moments(window_is(names, top))
    assert moment is not None
    moment = max(moment, 0.0)  # the letters before the last may have found the same already
    report(f"Find “{term}” typed fast: last key until right", f"{moment * 1000:.0f} ms", "120 ms", moment < 0.12)


def bytes_of(program: str, firm: str, start: list[str]) -> None:
    """What a cursor move and a page write to the terminal."""
    with Terminal([program, "--firm", firm], COLUMNS, ROWS) as terminal:
        terminal.wait(shows(start[0][:14]))
        terminal.settle(1.0)
        for name, key, limit, times in (("cursor move", "\x1b[B", 1500, 60), ("page", "\x1b[6~", 8000, 8)):
            most = 0
            for _ in range(times):
                before = terminal.written
                terminal.send(key)
                terminal.settle(0.25)
                most = max(most, terminal.written - before)
            report(f"bytes a {name} writes (most of {times})", f"{most:,} B", f"{limit:,} B", most <= limit)


def measure(program: str, firm: str, runs: int) -> None:
    """Everything for one firm."""
    start = first_names(program, firm, "")
    app, bare = [program, "--firm", firm], [sys.executable, BARE]
    ours, theirs = take_turns(runs, lambda: paint(app, start[0][:14]), lambda: paint(bare, "hello line"))
    report(
        "first paint of a filled list : bare app",
        f"{ours / theirs:.2f} ({ours * 1000:.0f} ms)",
        "1.4",
        ours / theirs <= 1.4,
    )
    ours, theirs = take_turns(3, lambda: memory(app, start[0][:14]), lambda: memory(bare, "hello line"))
    report("resident memory : bare app", f"{ours / theirs:.2f} ({ours:.0f} MB)", "1.6", ours / theirs <= 1.6)
    find_key_by_key(program, firm, start)
    find_typed_fast(program, firm, start)
    bytes_of(program, firm, start)
    listing = [program, "list", "--firm", firm, "--find", "zubizarreta", "--json"]
    ours, theirs = take_turns(runs, lambda: seconds(listing), lambda: seconds([sys.executable, "-c", "import peewee"]))
    report(
        "list --find X --json : import peewee", f"{ours / theirs:.2f} ({ours * 1000:.0f} ms)", "2.0", ours / theirs <= 2
    )


def make(program: str, folder: str, size: int) -> str:
    """The demo firm with so many clients, made now if it is not there."""
    firm = os.path.join(folder, f"demo-{size}.db")
    if not os.path.exists(firm):
        took = seconds([program, "demo", "--clients", str(size), "--keep", firm])
        report(
            f"making {size:,} clients", f"{took:.1f} s", "15 s" if size == 100_000 else "", size > 100_000 or took < 15
        )
    return firm


def main() -> None:
    """Measures every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="2000,100000,1000000", help="clients, comma-separated")
    parser.add_argument("--runs", type=int, default=11, help="runs of each timed start")
    parser.add_argument("--firms", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default=os.path.join(os.path.dirname(sys.executable), "clientdesk"))
    options = parser.parse_args()
    os.makedirs(options.firms, exist_ok=True)
    for size in map(int, options.sizes.split(",")):
        firm = make(options.program, options.firms, size)
        print(f"\n{size:,} clients, {COLUMNS}x{ROWS}")
        print(f"| {'what':<58} | {'measured':>18} | {'at most':>10} | good |")
        print(f"|{'-' * 60}|{'-' * 20}|{'-' * 12}|------|")
        measure(options.program, firm, options.runs)


if __name__ == "__main__":
    main()

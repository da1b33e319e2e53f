"""How fast is it with the firm on a server? Drives the installed program in a real terminal.

    python tests/bench/bench_server.py [--clients 100000] [--runs 11] [--delay 2] [--copies 100000,500000]
        [--firms FOLDER] [--program clientdesk]

A PostgreSQL server with its ordinary settings is started for it, on the disk of the firms' folder. The demo firm is
copied there with `clientdesk firm copy`, and the program works over a line that delays everything by so many
milliseconds each way; saves are also measured without it. Starts of the program and saves on the file and on the server
take turns, and medians are compared. With `--copies`, firms of two sizes are copied in all directions, and what they need for it is compared.
"""

import argparse
import itertools
import os
import pwd
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import clients, opening  # noqa: E402 - found only from the checkout's top
from tests.bench.bench import (  # noqa: E402
    COLUMNS,
    ROWS,
    TERMS,
    echoes_in,
    first_names,
    make,
    paint,
    report,
    seconds,
    shows,
    take_turns,
    window_is,
)
from tests.servers import OWNER, Server  # noqa: E402
from tests.terminal import Condition, Terminal  # noqa: E402

LINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "slow_line.py")


def find(program: str, firm: str, names_of: str, start: list[str]) -> None:
    """Types each term: how soon the box echoes a key, how soon the window is right."""
    echoes: list[float] = []
    windows: list[float] = []
    for term in TERMS:
        with Terminal([program, "--firm", firm], COLUMNS, ROWS) as terminal:
            terminal.wait(shows(start[0][:14]))
            terminal.settle(0.6)
            top = next(place for place, line in enumerate(terminal.lines()) if start[0][:14] in line)
            terminal.send("/")
            terminal.settle(0.4)
            terminal.lines()
            for end in range(1, len(term) + 1):
                typed = term[:end]
                names = first_names(program, names_of, typed)
                terminal.send(term[end - 1])
                terminal.settle(0.4)
                echo, window = terminal.moments(echoes_in(1, typed), window_is(names, top))
                if echo is not None:
                    echoes.append(echo)
                if window and names:
                    windows.append(window)
    report(
        "Find: the box echoes a key (median, slowest)",
        f"{statistics.median(echoes) * 1000:.0f}, {max(echoes) * 1000:.0f} ms",
        "20 ms",
        max(echoes) < 0.02,
    )
    report(
        "Find: the right window after a key (median, slowest)",
        f"{statistics.median(windows) * 1000:.0f}, {max(windows) * 1000:.0f} ms",
        "",
        True,
    )


def saves(program: str, firms: Sequence[str], runs: int) -> list[float]:
    """The median of a save in the form in each of the firms, from ctrl+s until the program says so."""
    took: list[list[float]] = [[] for _ in firms]
    with ExitStack() as terminals:
        opened = [terminals.enter_context(Terminal([program, "--firm", firm], COLUMNS, ROWS)) for firm in firms]
        names = [first_names(program, firm, "", 1)[0] for firm in firms]
        for name, terminal in zip(names, opened, strict=True):
            terminal.wait(shows(name[:14]))
            terminal.settle(1.0)
        typed = [len(name) - len(name.rstrip("x")) for name in names]  # by saves that were measured before
        for run in range(1, runs + 2):
            for values, terminal, before in zip(took, opened, typed, strict=True):
                for keys in ("e", "x", "\x13"):
                    terminal.lines()
                    terminal.send(keys)
                    terminal.settle(0.6)
                (moment,) = terminal.moments(saved(before + run))
                if moment is None:
                    raise SystemExit("\n".join(terminal.lines()))
                values.append(moment)
    return [statistics.median(values[1:]) for values in took]


def saved(letters: int) -> Condition:
    """The program says that the client, whose name ends in so many letters typed here, is saved."""
    name = re.compile(rf"Saved: .*(?<!x)x{{{letters}}}\b")
    return lambda lines: any(name.search(line) for line in lines)


def edits(program: str, firms: Sequence[str], runs: int) -> list[float]:
    """The median of a save on the command line in each of the firms."""

    def edit(firm: str) -> Callable[[], float]:
        numbers = itertools.count(1000)
        argv = [program, "edit", "C-00044", "--firm", firm]
        return lambda: seconds([*argv, f"phone=+1 415 555 {next(numbers)}"])

    return take_turns(runs, *map(edit, firms))


def bare_saves(firms: Sequence[str], runs: int) -> list[float]:
    """The median of a save by itself in each of the firms, with neither screen nor start of the program."""

    def save(firm: str) -> Callable[[], float]:
        session, numbers = opening.open_firm(firm), itertools.count(1000)
        client = clients.by_key(session, "C-00044").id

        def once() -> float:
            before = clients.get(session, client)
            start = time.perf_counter()
            clients.edit(session, before, {"phone": f"+1 415 555 {next(numbers)}"})
            return time.perf_counter() - start

        return once

    return take_turns(20 * runs, *map(save, firms))


def copies(options: argparse.Namespace, server: Server, me: str) -> None:
    """Copies firms of two sizes in all directions: what the larger takes, against what it takes if all grows evenly."""
    sizes = [int(size) for size in options.copies.split(",")]
    took: dict[str, list[float]] = {"file to server": [], "server to file": [], "file to file": []}
    for size in sizes:
        file, database = make(options.program, options.firms, size), server.create_database()
        copy = os.path.join(options.firms, "copy.db")
        for direction, start, end in (
            ("file to server", file, server.url(database, OWNER)),
            ("server to file", server.url(database, me), copy),
            ("file to file", file, copy),
        ):
            took[direction].append(seconds([options.program, "firm", "copy", start, end]))
            server.let_in(me, database)
            if os.path.exists(copy):
                os.remove(copy)
        server.drop_database(database)
    even = sizes[-1] / sizes[0]
    for direction, (few, many) in took.items():
        name = f"copying {direction}, {sizes[-1]:,} : {sizes[0]:,} clients"
        report(name, f"{many / few:.2f} ({many:.1f} s)", f"{1.2 * even:g}", many / few <= 1.2 * even)


def compared(name: str, limit: float | None, times: Sequence[float]) -> None:
    """One line of the result: the server's time against the file's."""
    on_file, on_server = times
    measured, ratio = f"{on_server / on_file:.2f} ({on_server * 1000:.0f} ms)", on_server / on_file
    report(f"{name}, server : file", measured, f"{limit or ''}", limit is None or ratio <= limit)


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=11, help="runs of each timed start")
    parser.add_argument("--copies", default="", help="two sizes, such as 100000,500000")
    parser.add_argument("--delay", type=float, default=2.0, help="milliseconds each way")
    parser.add_argument("--firms", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default=os.path.join(os.path.dirname(sys.executable), "clientdesk"))
    options = parser.parse_args()
    os.makedirs(options.firms, exist_ok=True)
    file = make(options.program, options.firms, options.clients)
    server = Server(settings="", place=options.firms)
    line = None
    try:
        database = server.create_database()
        me = pwd.getpwuid(os.getuid()).pw_name
        server.login(me, "primary_admin")
        if options.copies:
            copies(options, server, me)
        copying = [options.program, "firm", "copy", file, server.url(database, OWNER)]
        report(f"copying {options.clients:,} clients to the server", f"{seconds(copying):.1f} s", "", True)
        server.let_in(me, database)
        line = subprocess.Popen(
            [sys.executable, LINE, str(server.port), str(options.delay)], stdout=subprocess.PIPE, text=True
        )
        assert line.stdout is not None
        firm = server.url(database, me, int(line.stdout.readline()))
        start = first_names(options.program, file, "")
        print(f"\n{options.clients:,} clients, {COLUMNS}x{ROWS}, {options.delay:g} ms each way")
        print(f"| {'what':<58} | {'measured':>18} | {'at most':>10} | good |")
        print(f"|{'-' * 60}|{'-' * 20}|{'-' * 12}|------|")
        compared(
            "first paint of a filled list",
            1.5,
            take_turns(
                options.runs,
                lambda: paint([options.program, "--firm", file], start[0][:14]),
                lambda: paint([options.program, "--firm", firm], start[0][:14]),
            ),
        )
        beside = server.url(database, me)
        for place, where, limit in ((beside, "beside it", 1.3), (firm, "over the line", None)):
            form = saves(options.program, (file, place), options.runs)
            compared(f"a save in the form until it is said, {where}", limit, form)
            compared(f"`clientdesk edit`, {where}", limit, edits(options.program, (file, place), options.runs))
        on_file, on_server = bare_saves((file, beside), options.runs)
        times = f"{on_file * 1000:.1f}, {on_server * 1000:.1f} ms"
        report("a save by itself, file and server beside it", times, "", True)
        find(options.program, firm, file, start)
    finally:
        if line is not None:
            line.kill()
            line.wait()
        server.close()


if __name__ == "__main__":
    main()

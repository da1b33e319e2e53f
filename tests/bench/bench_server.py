"""How fast is it with the firm on a server? Drives the installed program in a real terminal.

    python tests/bench/bench_server.py [--clients 100000] [--runs 11] [--delay 2] [--firm demo.db] [--program clientdesk]

A PostgreSQL server with its ordinary settings is started for it, the demo firm is copied there with `clientdesk firm
copy`, and the program works over a line that delays everything by so many milliseconds each way. Starts of the program
on the file and on the server take turns, and medians are compared.
"""

import argparse
import os
import pwd
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from tests.bench.bench import (  # noqa: E402 - found only from the checkout's top
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
from tests.terminal import Terminal  # noqa: E402

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


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=11, help="runs of each timed start")
    parser.add_argument("--delay", type=float, default=2.0, help="milliseconds each way")
    parser.add_argument("--firms", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default=os.path.join(os.path.dirname(sys.executable), "clientdesk"))
    options = parser.parse_args()
    os.makedirs(options.firms, exist_ok=True)
    file = make(options.program, options.firms, options.clients)
    server = Server(settings="")
    line = None
    try:
        database = server.create_database()
        me = pwd.getpwuid(os.getuid()).pw_name
        server.login(me, "primary_admin")
        copying = [options.program, "firm", "copy", file, server.url(database, OWNER)]
        report(f"copying {options.clients:,} clients to the server", f"{seconds(copying):.1f} s", "", True)
        line = subprocess.Popen(
            [sys.executable, LINE, str(server.port), str(options.delay)], stdout=subprocess.PIPE, text=True
        )
        assert line.stdout is not None
        firm = server.url(database, me, int(line.stdout.readline()))
        start = first_names(options.program, file, "")
        print(f"\n{options.clients:,} clients, {COLUMNS}x{ROWS}, {options.delay:g} ms each way")
        print(f"| {'what':<58} | {'measured':>18} | {'at most':>10} | good |")
        print(f"|{'-' * 60}|{'-' * 20}|{'-' * 12}|------|")
        on_file, on_server = take_turns(
            options.runs,
            lambda: paint([options.program, "--firm", file], start[0][:14]),
            lambda: paint([options.program, "--firm", firm], start[0][:14]),
        )
        report(
            "first paint of a filled list, server : file",
            f"{on_server / on_file:.2f} ({on_server * 1000:.0f} ms)",
            "1.5",
            on_server / on_file <= 1.5,
        )
        find(options.program, firm, file, start)
    finally:
        if line is not None:
            line.kill()
            line.wait()
        server.close()


if __name__ == "__main__":
    main()

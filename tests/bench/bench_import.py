"""How fast are imports, and their undo and redo? Drives the installed program, on the command line and in a real terminal.

    python tests/bench/bench_import.py [--clients 100000] [--runs 3] [--only upload,import,undo,wizard]
        [--folder FOLDER] [--program clientdesk]

Files and firms are made once in FOLDER and used again. Give it an otherwise idle computer.
"""

import argparse
import csv
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import demo, opening, team  # noqa: E402 - the checkout's own where there is one
from clientdesk.desk.clients import pages  # noqa: E402
from clientdesk.domain.access import Access  # noqa: E402
from clientdesk.domain.catalogue import BUILT_IN  # noqa: E402
from clientdesk.domain.client_query import ClientQuery  # noqa: E402
from clientdesk.domain.fold import fold  # noqa: E402
from tests.bench.bench import COLUMNS, ROWS, echoes_in, report, shows  # noqa: E402
from tests.terminal import Terminal  # noqa: E402

UPLOAD = 1_000
FEW = ("client_number", "display_name", "email", "company_id")
"""The columns of a narrow list."""
PARTS = ("upload", "import", "undo", "wizard")
TYPED = "garcia lopez"


def write_lists(folder: str, clients: int) -> tuple[str, str, str]:
    """An empty firm with a team, a client list of so many clients in our own columns, a firm of them for uploads."""
    empty, listed, full = (os.path.join(folder, name) for name in ("empty.db", f"list-{clients}.csv", "full.db"))
    if not os.path.exists(empty):
        with opening.create_firm(empty, "Ríos y Asociados", demo.YOU) as session:
            for name, access in demo.TEAM:
                team.add_member(session, name, "", f"demo-{fold(name.split()[0])}", Access(access))
    if not os.path.exists(listed):
        with open(listed, "w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow([field.headings[0] for field in BUILT_IN.fields])
            for client in demo.made_up_clients(clients):
                writer.writerow([client[field.name] and field.display(client[field.name]) for field in BUILT_IN.fields])
    if not os.path.exists(full):
        demo.write_demo(full, 2_000)
    return empty, listed, full


def fresh(firm: str) -> str:
    """A copy of a firm, to be written to."""
    path = f"{firm}.copy"
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(path + ending):
            os.unlink(path + ending)
    shutil.copy(firm, path)
    return path


def run_import(program: str, firm: str, listed: str) -> tuple[float, float]:
    """Seconds and greatest resident memory (MB) of an import on the command line, plan and all."""
    argv = [program, "import", "clients", listed, "--firm", firm, "--json"]
    start, most = time.perf_counter(), 0.0
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, greatest(process.pid))
            time.sleep(0.05)
        took = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(argv)} failed")
    return took, most


def greatest(pid: int) -> float:
    """The greatest resident memory of a process so far, in MB; 0 where it has ended."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:")), 0.0)
    except OSError:
        return 0.0


def bare(firm: str, folder: str, indexes: bool) -> float:
    """Seconds of an executemany of a firm's clients into the same table, with its indexes or none: no plan, no rules,
    no search index, no history."""
    path = os.path.join(folder, "bare.db")
    source = sqlite3.connect(f"file:{firm}?mode=ro", uri=True)
    rows = source.execute("SELECT * FROM client ORDER BY company_id").fetchall()  # as they stand in the list
    made = "type = 'table'" if not indexes else "type IN ('table', 'index')"
    schema = source.execute(
        f"SELECT sql FROM sqlite_schema WHERE tbl_name = 'client' AND sql IS NOT NULL AND {made} ORDER BY type DESC"  # noqa: S608
    ).fetchall()
    source.close()
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(path + ending):
            os.unlink(path + ending)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    for (statement,) in schema:
        connection.execute(statement)
    marks = ", ".join("?" * len(rows[0]))
    start = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO client VALUES ({marks})", rows)  # noqa: S608 - question marks only
    connection.execute("COMMIT")
    took = time.perf_counter() - start
    connection.close()
    os.unlink(path)
    return took


def import_many(program: str, folder: str, empty: str, listed: str, clients: int, runs: int) -> None:
    """The time of a whole import beside bare inserts, in turns; and what it needs of memory."""
    times: dict[str, list[float]] = {"import": [], "indexed": [], "plain": []}
    most = 0.0
    for _run in range(runs):
        firm = fresh(empty)
        took, memory = run_import(program, firm, listed)
        times["import"].append(took)
        times["indexed"].append(bare(firm, folder, True))
        times["plain"].append(bare(firm, folder, False))
        most = max(most, memory)
    median = {name: statistics.median(each) for name, each in times.items()}
    ratio = median["import"] / median["indexed"]
    what = f"{clients:,} new clients : executemany into the same table"
    report(what, f"{ratio:.2f} ({median['import']:.1f} s)", "4.5", ratio <= 4.5)
    plain = median["import"] / median["plain"]
    report("  the same : executemany into the table without its indexes", f"{plain:.2f}", "", True)
    report("  its greatest memory on the command line", f"{most:.0f} MB", "", True)


def narrow(listed: str) -> str:
    """The same list with a few of its columns only."""
    path = f"{listed.removesuffix('.csv')}-few.csv"
    if not os.path.exists(path):
        headings = [field.headings[0] for field in BUILT_IN.fields if field.name in FEW]
        with (
            open(listed, newline="", encoding="utf-8-sig") as source,
            open(path, "w", newline="", encoding="utf-8-sig") as file,
        ):
            writer = csv.DictWriter(file, headings, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(csv.DictReader(source))
    return path


def processor_seconds(argv: Sequence[str], asked: bool = False) -> float:
    """What a command needs of the processor, which hardly depends on what else the computer does; one that is `asked` in
    a terminal is told to go on."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if asked:
        with Terminal(argv, COLUMNS, ROWS) as terminal:
            terminal.wait(lambda lines: any("[y/N]" in line for line in lines), 600)
            terminal.send("y\r")
            code = terminal.wait_for_end(1_800)
    else:
        code = subprocess.run(argv, stdout=subprocess.DEVNULL, check=False).returncode
    if code:
        raise SystemExit(f"{' '.join(argv)} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def undo_many(program: str, empty: str, listed: str, what: str, runs: int, *options: str) -> None:
    """An import (by default of clients; `options` are the words behind `import`) that is taken back and done again: asked
    first, so that all of it is looked at, and with nobody who looks."""
    times: dict[str, list[float]] = {}
    commands = ("undo", "redo", "undo --yes", "redo --yes")
    for _run in range(runs):
        firm = fresh(empty)
        imported = processor_seconds([program, "import", *(options or ("clients",)), listed, "--json", "--firm", firm])
        times.setdefault("import", []).append(imported)
        for command in commands:
            took = processor_seconds([program, *command.split(), "--firm", firm], asked="--yes" not in command)
            times.setdefault(command, []).append(took)
    median = {name: statistics.median(each) for name, each in times.items()}
    for command in commands:
        ratio = median[command] / median["import"]
        name = f"{command} : import of {what} (processor)"
        report(name, f"{ratio:.2f} ({median[command]:.1f} s)", "1.0", ratio <= 1)


def in_the_wizard(program: str, empty: str, listed: str, clients: int) -> None:
    """The same import in the terminal: memory, and how fast Find echoes while it runs."""
    firm = fresh(empty)
    with Terminal([program, "--firm", firm], COLUMNS, ROWS) as terminal:
        terminal.wait(shows("Ríos"))
        terminal.settle(1.0)
        idle = terminal.resident()
        plan(terminal, listed, f"{clients:,} new")
        terminal.settle(0.8)  # a plan has to have been in sight
        terminal.send("\x13")
        terminal.wait(shows("Writing"), 20)
        terminal.send("\x1b")
        terminal.settle(0.1, at_most=0.5)
        terminal.lines()
        terminal.send("/")
        terminal.settle(0.1, at_most=0.5)
        line = next(at for at, text in enumerate(terminal.lines()) if "Find" in text)
        echoes = []
        for end in range(1, len(TYPED) + 1):
            terminal.send(TYPED[end - 1])
            terminal.settle(0.15, at_most=0.3)
            (moment,) = terminal.moments(echoes_in(line, f"Find {TYPED[:end]}".rstrip()))
            if moment is not None:
                echoes.append(1000 * moment)
        busy = any("Importing" in text for text in terminal.lines())
        terminal.wait(shows("imported"), 120)
        most = terminal.resident(peak=True)
    name = "Find echoes a key while an import runs (median, slowest)"
    report(name, f"{statistics.median(echoes):.0f}, {max(echoes):.0f} ms", "50 ms", max(echoes) <= 50 and busy)
    report("greatest memory of the import above the idle program", f"{most - idle:.0f} MB", "60 MB", most - idle <= 60)


def plan(terminal: Terminal, path: str, text: str) -> float:
    """Opens a file in the wizard up to its plan; seconds from enter to the plan."""
    terminal.send("I")
    terminal.wait(shows("File"))
    terminal.settle(0.3)
    terminal.send(path)
    terminal.settle(0.6)
    terminal.send("\r")
    terminal.settle(0.5, patience=5)
    start = time.perf_counter()
    if shows("Columns")(terminal.lines()) and not shows(text)(terminal.lines()):
        terminal.send("\x13")
    terminal.wait(shows(text), 120)
    return time.perf_counter() - start


def numbers_of_all(firm: str, path: str) -> None:
    """A list that gives every client of a firm another number."""
    with opening.open_firm(firm) as session, open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["Company ID", "Display name", "Client number"])
        rows = (row for page in pages(session, ClientQuery(), ("company_id", "display_name")) for row in page)
        writer.writerows([*row.values, f"K-{number:06}"] for number, row in enumerate(rows))


def upload(program: str, folder: str, full: str, runs: int) -> None:
    """An upload of a thousand numbers in the wizard: from enter to the plan, and from ctrl+s to the report."""
    path = os.path.join(folder, "numbers.csv")
    with opening.open_firm(full) as session, open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["Company ID", "Display name", "Client number"])
        rows = (row for page in pages(session, ClientQuery(), ("company_id", "display_name")) for row in page)
        for number, row in zip(range(UPLOAD), rows, strict=False):
            writer.writerow([*row.values, f"K-{number:05}"])
    times = []
    for _run in range(runs):
        with Terminal([program, "--firm", fresh(full)], COLUMNS, ROWS) as terminal:
            terminal.settle(1.0, patience=10)
            terminal.send("I")
            terminal.wait(shows("File"))
            terminal.settle(0.3)
            terminal.send(path)
            terminal.settle(0.8)
            terminal.send("\r")
            planned = first(terminal, f"{UPLOAD:,} changed")
            terminal.settle(0.8)  # a plan has to have been in sight
            terminal.send("\x13")
            times.append(planned + first(terminal, "Every row is in"))
    took = statistics.median(times)
    report(f"an upload of {UPLOAD:,} numbers, enter to report", f"{took:.2f} s", "1 s", took <= 1)


def first(terminal: Terminal, text: str) -> float:
    """Seconds from the last key until a text is on the screen."""
    terminal.settle(0.6, patience=5)
    (moment,) = terminal.moments(shows(text))
    if moment is None:
        raise SystemExit("\n".join(terminal.lines()))
    return moment


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench-import"))
    parser.add_argument("--program", default=os.path.join(os.path.dirname(sys.executable), "clientdesk"))
    options = parser.parse_args(arguments)
    os.makedirs(options.folder, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    empty, listed, full = write_lists(options.folder, options.clients)
    parts = options.only.split(",")
    if "upload" in parts:
        upload(options.program, options.folder, full, options.runs)
    if "import" in parts:
        import_many(options.program, options.folder, empty, listed, options.clients, options.runs)
    if "undo" in parts:
        undo_many(options.program, empty, listed, f"{options.clients:,} clients", options.runs)
        undo_many(
            options.program, empty, narrow(listed), f"{options.clients:,} clients, {len(FEW)} columns", options.runs
        )
        numbered, numbers = (
            os.path.join(options.folder, f"{name}-{options.clients}") for name in ("firm.db", "numbers.csv")
        )
        if not os.path.exists(numbers):
            demo.write_demo(numbered, options.clients)
            numbers_of_all(numbered, numbers)
        undo_many(
            options.program,
            numbered,
            numbers,
            f"{options.clients:,} client numbers",
            options.runs,
            "numbers",
            "--batch",
        )
    if "wizard" in parts:
        in_the_wizard(options.program, empty, listed, options.clients)


if __name__ == "__main__":
    main()

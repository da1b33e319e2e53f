"""How fast is a change of all clients, beside an import of the same rows, and its undo? Drives the installed program.

    python tests/bench/bench_bulk.py [--clients 100000] [--folder FOLDER] [--program clientdesk]

The firm is made once in FOLDER and used again. Give it an otherwise idle computer.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import demo, opening  # noqa: E402 - the checkout's own where there is one
from clientdesk.desk.clients import pages  # noqa: E402
from clientdesk.domain.client_query import EVERYONE  # noqa: E402
from tests.bench.bench import report  # noqa: E402
from tests.bench.bench_import import fresh, greatest  # noqa: E402


def made(folder: str, clients: int) -> tuple[str, str]:
    """A firm of so many clients, and a list that gives each of them, by Company ID, another city."""
    firm, listed = (os.path.join(folder, f"bulk-{clients}.{ending}") for ending in ("db", "csv"))
    if not os.path.exists(firm):
        demo.write_demo(firm, clients)
    with opening.open_firm(firm) as session, open(listed, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Company ID", "Display name", "City"))
        for page in pages(session, EVERYONE, ("company_id", "display_name")):
            writer.writerows((*row.values, "Lugo") for row in page)
    return firm, listed


class Took(NamedTuple):
    """What a command took: seconds by the clock and of the processor, and its greatest resident memory (MB)."""

    clock: float
    processor: float
    memory: float


def timed(argv: Sequence[str]) -> Took:
    """Runs a command to its end."""
    before, start, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, greatest(process.pid))
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(argv)} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - start, processor, most)


def main() -> None:
    """Measures, and prints a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default="clientdesk")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    firm, listed = made(options.folder, options.clients)
    imported = timed([options.program, "import", "clients", listed, "--firm", fresh(firm), "--json"])
    present = fresh(firm)
    edit = [options.program, "edit", "--status", "all", "city=Lugo", "--firm", present, "--json"]
    edited = timed([*edit, "--yes"])
    undone = timed([options.program, "undo", "--yes", "--firm", present, "--json"])
    planned = timed([*edit, "--dry-run"])
    what = f"the city of {options.clients:,} clients : an import of the same rows"
    ratio = edited.clock / imported.clock
    report(what, f"{ratio:.2f} ({edited.clock:.1f} s : {imported.clock:.1f} s)", "1", ratio <= 1)
    ratio = edited.processor / imported.processor
    report("  in processor time", f"{ratio:.2f} ({edited.processor:.1f} s)", "1", ratio <= 1)
    report("  its plan alone, as JSON with every change", f"{planned.clock:.1f} s", "", True)
    report("  greatest memory : that of the import", f"{edited.memory:.0f} : {imported.memory:.0f} MB", "", True)
    report("  its undo", f"{undone.clock:.1f} s, {undone.memory:.0f} MB", "", True)


if __name__ == "__main__":
    main()

"""How fast is a change of all clients, beside an import of the same rows, and its undo? Drives the installed program.

    python tests/bench/bench_bulk.py [--clients 100000] [--folder FOLDER] [--program clientdesk]

The firm is made once in FOLDER and used again. Give it an otherwise idle computer.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

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


def timed(argv: Sequence[str]) -> tuple[float, float]:
    """Seconds and greatest resident memory (MB) of a command."""
    start, most = time.perf_counter(), 0.0
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, greatest(process.pid))
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(argv)} failed")
    return time.perf_counter() - start, most


def main() -> None:
    """Measures, and prints a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "clientdesk-bench"))
    parser.add_argument("--program", default="clientdesk")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    firm, listed = made(options.folder, options.clients)
    imported, imported_memory = timed([options.program, "import", "clients", listed, "--firm", fresh(firm), "--json"])
    present = fresh(firm)
    edit = [options.program, "edit", "--status", "all", "city=Lugo", "--firm", present, "--json"]
    planned, _memory = timed([*edit, "--dry-run"])
    edited, edited_memory = timed([*edit, "--yes"])
    undone, undone_memory = timed([options.program, "undo", "--yes", "--firm", present, "--json"])
    what = f"the city of {options.clients:,} clients : an import of the same rows"
    report(what, f"{edited / imported:.2f} ({edited:.1f} s : {imported:.1f} s)", "1", edited <= imported)
    report("  its plan alone, on the command line, as JSON", f"{planned:.1f} s", "", True)
    report("  greatest memory : that of the import", f"{edited_memory:.0f} : {imported_memory:.0f} MB", "", True)
    report("  its undo", f"{undone:.1f} s, {undone_memory:.0f} MB", "", True)


if __name__ == "__main__":
    main()

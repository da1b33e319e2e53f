"""Is the history read in constant work? Times its first page (200 lines) in a short and in a long history.

    python tests/bench/bench_history.py [--entries 5000,5000000] [--runs 30] [--folder FOLDER]

The entries are planted past the rules, one in each change set, in copies of one demo firm; the pages are read in turns,
and medians are compared.
"""

import argparse
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import change_sets, demo, opening  # noqa: E402 - found only from the checkout's top
from clientdesk.desk.session import Session  # noqa: E402

CLIENTS, LINES = 5_000, 200
AT_MOST = 1.2
"""The first page of the long history may take so many times as long as that of the short one."""


def plant(path: str, entries: int) -> None:
    """So many edits of clients, each in a change set of its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {entries})"
        first_set, first = connection.execute(
            "SELECT (SELECT max(id) FROM change_set), (SELECT max(id) FROM history)"
        ).fetchone()
        connection.execute("BEGIN")
        connection.execute(
            f"{numbers} INSERT INTO change_set (id, at, actor_id, kind, note, seal)"
            f" SELECT {first_set} + i, '2026-11-29T12:00:00.000+00:00', 1 + i % 3, 'client.edited', '', 'x' FROM n"
        )
        connection.execute(
            f"{numbers} INSERT INTO history (id, change_set_id, entity, key, operation, old, new)"
            f" SELECT {first} + i, {first_set} + i, 'client', CAST(1 + i % {CLIENTS} AS TEXT), 'update',"
            ' \'{"phone":"1"}\', \'{"phone":"\' || i || \'"}\' FROM n'
        )
        connection.execute("COMMIT")


def first_page(session: Session) -> float:
    """How many seconds the first page takes."""
    start = time.perf_counter()
    found = change_sets.find(session, change_sets.EVERYTHING, limit=LINES)
    assert len(change_sets.lines(session, found.keys)) == LINES
    return time.perf_counter() - start


def main() -> None:
    """Makes the firms and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", default="5000,5000000", help="a short and a long history")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--folder", help="where the firms are made (a long one takes 1 GB)")
    options = parser.parse_args()
    short, long = map(int, options.entries.split(","))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        origin = os.path.join(folder, "origin.db")
        demo.write_demo(origin, CLIENTS)
        sessions = []
        for entries in (short, long):
            path = os.path.join(folder, f"{entries}.db")
            shutil.copy(origin, path)
            plant(path, entries)
            sessions.append(opening.open_firm(path))
        times = [[first_page(session) for session in sessions] for _run in range(options.runs)]
        few, many = (statistics.median(column) for column in zip(*times, strict=True))
        good = "yes" if many / few <= AT_MOST else "NO"
        said = f"{many / few:.2f} ({many * 1000:.1f} and {few * 1000:.1f} ms)"
        print(f"history's first page, {long:,} : {short:,} entries: {said}, at most {AT_MOST}: {good}")
        for session in sessions:
            session.close()


if __name__ == "__main__":
    main()

"""Is the history read in constant work? Times its first page (200 lines) in a short and in a long history.

    python tests/bench/bench_history.py [--entries 5000,5000000] [--runs 30] [--folder FOLDER]

The entries are planted past the rules, one in each change set, in copies of one demo firm; 1,000 of the newest 2,000
change sets are of one job, which is one line. The pages are read in turns, and medians of processor time are compared.
Then the first pages that filters leave, which may need the whole history: those of its oldest entries do. By a person or
a client an index leads there.
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
from clientdesk.domain.history_filter import HistoryFilter  # noqa: E402

CLIENTS, LINES = 5_000, 200
OLDEST = 10
OF_JOB = 1_000
"""So many change sets are of one job, every second one at the end."""
YEARS = 300_000_000
"""From the oldest entry to the newest, in seconds."""
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
        # The oldest entries are by another person, of another kind and of another field; the rest of one like another.
        connection.execute(
            f"{numbers} INSERT INTO change_set (id, at, actor_id, kind, note, seal, entries, total)"
            f" SELECT {first_set} + i, strftime('%Y-%m-%dT%H:%M:%S.000+00:00', 1262304000 + i * {YEARS / entries}, 'unixepoch'),"
            f" CASE WHEN i > {OLDEST} THEN 1 + i % 3 ELSE 4 END,"
            f" CASE WHEN i > {OLDEST} THEN 'client.edited' ELSE 'team.edited' END, '', 'x', 1, 1 FROM n"
        )
        connection.execute(
            f"{numbers} INSERT INTO history (id, change_set_id, entity, key, operation, old, new)"
            f" SELECT {first} + i, {first_set} + i, 'client', CAST(1 + i % {CLIENTS} AS TEXT), 'update', '{{}}',"
            f" json_object(CASE WHEN i > {OLDEST} THEN 'phone' ELSE 'email' END, CAST(i AS TEXT) || ' changed') FROM n"
        )
        of_job = f"job = 1 WHERE id > {first_set + entries - 2 * OF_JOB} AND id % 2 = 0"
        connection.execute(f"UPDATE change_set SET latest = 0, {of_job}")
        connection.execute("UPDATE change_set SET latest = 1 WHERE id = (SELECT max(id) FROM change_set WHERE job = 1)")
        connection.execute("COMMIT")


ASKED = {
    "everything": HistoryFilter(),
    "a person": HistoryFilter(member=2),
    "a person of old": HistoryFilter(member=4),
    "a client": HistoryFilter(client=7),
    "a kind": HistoryFilter(kind="client"),
    "a kind of old": HistoryFilter(kind="team.edited"),
    "a field": HistoryFilter(field="phone"),
    "a field of old": HistoryFilter(field="email"),
    "days": HistoryFilter(since="2018-01-01", until="2018-12-31"),
    "days of old": HistoryFilter(until="2010-01-01"),
    "words": HistoryFilter(find="changed"),
    "words of old": HistoryFilter(find="e-mail changed"),
    "a word that nothing has": HistoryFilter(find="quince"),
}


def first_page(session: Session, asked: HistoryFilter) -> tuple[float, int]:
    """How many seconds of the processor the first page takes, which may need the whole history, and of how many lines it is."""
    start = time.process_time()
    found = change_sets.find(session, asked, limit=LINES)
    lines = change_sets.lines(session, found.keys)
    return time.process_time() - start, len(lines)


def main() -> None:
    """Makes the firms and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", default="5000,5000000", help="a short and a long history")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--filtered-runs", type=int, default=3, help="runs with each filter")
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
        for name, asked in ASKED.items():
            runs = options.runs if name == "everything" else options.filtered_runs
            pages = [[first_page(session, asked) for session in sessions] for _run in range(runs)]
            few, many = (statistics.median(took for took, _lines in column) for column in zip(*pages, strict=True))
            sizes = " and ".join(
                f"{took * 1000:.1f} ms ({lines} lines)"
                for took, (_took, lines) in zip((many, few), pages[0][::-1], strict=True)
            )
            print(f"{name}: {sizes}", flush=True)
            if name == "everything":
                good = "yes" if many / few <= AT_MOST else "NO"
                print(
                    f"first page, {long:,} : {short:,} entries: {many / few:.2f}, at most {AT_MOST}: {good}", flush=True
                )
        for session in sessions:
            session.close()


if __name__ == "__main__":
    main()

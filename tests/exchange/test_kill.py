"""Imports that are killed, at any moment: each batch is whole or absent, and running the import again completes it.

CLIENTDESK_KILLS says how often (30): `CLIENTDESK_KILLS=200 python -m pytest tests/exchange/test_kill.py`.
"""

import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from clientdesk.desk import imports, opening
from clientdesk.desk.checking import check_firm
from tests.exchange.firms import copy_firm, make_firm

KILLS = int(os.environ.get("CLIENTDESK_KILLS", "30"))
ROWS, BATCH = 20_000, 1_000
PROGRAM = f"""
import sys
from clientdesk.exchange import importing
importing.BATCH = {BATCH}
from clientdesk.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm without clients, closed."""
    return make_firm(tmp_path_factory.mktemp("empty") / "empty.db", [])


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of 20,000 clients."""
    path = tmp_path_factory.mktemp("list") / "clients.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Company ID", "Display name", "Client number"])
        writer.writerows([f"92{n:08}", f"Öztürk {n * 7919 % ROWS:05} & Söhne", f"K-{n:05}"] for n in range(ROWS))
    return path


def fresh_copy(empty: Path, folder: Path) -> str:
    """A firm without clients in the place of the one before."""
    for ending in ("-wal", "-shm"):
        (folder / f"firm.db{ending}").unlink(missing_ok=True)
    return copy_firm(empty, folder)


def started(firm: str, path: Path) -> "subprocess.Popen[bytes]":
    """An import that is on its way."""
    command = [sys.executable, "-c", PROGRAM, "import", "--firm", firm, "clients", str(path), "--json"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def checked(firm: str) -> int:
    """How many clients are in a firm that was left in a hurry, after a look at everything that must hold."""
    with opening.open_firm(firm) as session:
        assert [each.name for each in check_firm(session) if not each.sound] == []
        runs = imports.runs(session)
    with closing(sqlite3.connect(firm)) as connection:

        def one(sql: str) -> int:
            return int(connection.execute(sql).fetchone()[0])

        count = one("SELECT count(*) FROM client")
        assert count == one("SELECT count(DISTINCT client_number) FROM client")
        assert count == one("SELECT count(*) FROM history WHERE entity = 'client'")
        assert count == one("SELECT count(DISTINCT entity_id) FROM history WHERE entity = 'client'")
        batches = one("SELECT count(*) FROM change_set WHERE kind = 'client.imported'")
        per_batch = connection.execute(
            "SELECT DISTINCT count(*) FROM history WHERE entity = 'client' GROUP BY change_set_id"
        ).fetchall()
    # A batch whose rows are all there already leaves no change set.
    assert count == batches * BATCH
    assert per_batch in ([], [(BATCH,)])
    assert sum(run.new for run in runs) == count
    return count


@pytest.mark.parametrize("half", [0, 1])  # so that two processors can share the work
def test_killing_an_import_at_random_moments(half: int, empty: Path, clients: Path, tmp_path: Path) -> None:
    firm = copy_firm(empty, tmp_path)
    began = time.perf_counter()
    assert started(firm, clients).wait(60) == 0
    whole = time.perf_counter() - began
    assert checked(firm) == ROWS

    moments = random.Random()
    present, parts = ROWS, 0
    for _kill in range(half, KILLS, 2):
        before = present
        if before == ROWS or moments.random() < 0.5:
            firm, before = fresh_copy(empty, tmp_path), 0
        process = started(firm, clients)
        time.sleep(moments.uniform(0, whole))
        process.kill()
        killed = process.wait(10) == -signal.SIGKILL
        present = checked(firm)
        assert present >= before
        assert killed or present == ROWS
        parts += 0 < present < ROWS
    if present < ROWS:
        assert started(firm, clients).wait(60) == 0
        assert checked(firm) == ROWS
    print(f"{parts} of the kills left a part of the clients")
    assert parts or KILLS < 30


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ending_an_import_in_an_orderly_way(number: signal.Signals, empty: Path, clients: Path, tmp_path: Path) -> None:
    firm = copy_firm(empty, tmp_path)
    process = started(firm, clients)
    with closing(sqlite3.connect(f"file:{firm}?mode=ro", uri=True)) as connection:
        until = time.monotonic() + 30
        while not connection.execute("SELECT count(*) FROM client").fetchone()[0]:
            assert time.monotonic() < until
            time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    present = checked(firm)
    assert BATCH <= present < ROWS
    with opening.open_firm(firm) as session:
        (run,) = imports.runs(session)
    assert (run.state, run.rows, run.new, run.skipped) == ("stopped", ROWS, present, ROWS - present)
    assert started(firm, clients).wait(60) == 0
    assert checked(firm) == ROWS

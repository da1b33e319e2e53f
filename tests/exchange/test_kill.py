"""Imports that are killed, at any moment: each batch is whole or absent, and running the import again completes it.

Each engine is killed between two batches, and at random as often as CLIENTDESK_KILLS says (1):
`CLIENTDESK_KILLS=200 python -m pytest -s tests/exchange/test_kill.py`.
"""

import csv
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import imports, opening
from clientdesk.desk.checking import check_firm
from clientdesk.desk.imports import applying
from tests import kills, programs
from tests.exchange.firms import Firms, await_end_of_connections, count, query

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills()
ROWS, BATCH = 800, 100
PROGRAM = f"""
import sys
from clientdesk.desk.imports import applying
applying.BATCH = {BATCH}
from clientdesk.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of so many clients."""
    path = tmp_path_factory.mktemp("list") / "clients.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Company ID", "Display name", "Client number"])
        writer.writerows([f"92{n:08}", f"Öztürk {n * 7919 % ROWS:05} & Söhne", f"K-{n:05}"] for n in range(ROWS))
    return path


BEGUN = """
from clientdesk.desk.imports.applying import Applying
apply = Applying.apply
def begun(*arguments):
    print("begin", flush=True)
    return apply(*arguments)
Applying.apply = begun
"""
"""The program says when it begins to write what it has read and judged."""
SLOWLY = """
from clientdesk.desk import jobs
jobs.BREATH = 0.5
"""
"""Between two batches is time enough to be noticed there, however slow the machine is."""
WRONG = """
import pytest
from tests.exchange import wrong_builds
wrong_builds.with_counts_at_the_end(pytest.MonkeyPatch())
"""
"""Makes the program a build that is wrong."""


def started(firm: str, path: Path, program: str = PROGRAM) -> "subprocess.Popen[bytes]":
    """An import that is on its way."""
    command = [sys.executable, "-c", program, "import", "--firm", firm, "clients", str(path), "--json"]
    root = Path(__file__).parents[2]
    return programs.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def completed(firm: str, path: Path) -> None:
    """Runs the import once more, to its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(applying, "BATCH", BATCH)
        assert main(["import", "--firm", firm, "clients", str(path), "--json"]) == 0
    assert checked(firm) == ROWS


def checked(firm: str) -> int:
    """How many clients are in a firm that was left in a hurry, after a look at everything that must hold."""
    await_end_of_connections(firm)
    with opening.open_firm(firm) as session:
        assert [finding.name for finding in check_firm(session) if not finding.sound] == []
        runs = imports.runs(session)
    written = count(firm, "SELECT count(*) FROM client")
    assert written == count(firm, "SELECT count(DISTINCT client_number) FROM client")
    assert written == count(firm, "SELECT count(*) FROM history WHERE entity = 'client'")
    assert written == count(firm, "SELECT count(DISTINCT key) FROM history WHERE entity = 'client'")
    batches = count(firm, "SELECT count(*) FROM change_set WHERE kind = 'client.imported'")
    per_batch = "SELECT DISTINCT count(*) FROM history WHERE entity = 'client' GROUP BY change_set_id"
    # A batch whose rows are all there already leaves no change set.
    assert written == batches * BATCH
    assert query(firm, per_batch) in ([], [(BATCH,)])
    assert sum(run.new for run in runs) == written
    return written


def test_killing_an_import_at_random_moments(firms: Firms, clients: Path) -> None:
    firm = firms.copy("empty")
    whole = kills.run(BEGUN + PROGRAM, "import", "--firm", firm, "clients", str(clients), "--json").seconds
    assert checked(firm) == ROWS

    present, parts, moments = ROWS, 0, kills.Moments(KILLS, whole)
    for moment in moments:
        before = present
        if before == ROWS or random.random() < 0.5:
            firm, before = firms.copy("empty"), 0
        command = ["import", "--firm", firm, "clients", str(clients), "--json"]
        ended = kills.run(BEGUN + PROGRAM, *command, kill_after=moment * (ROWS - before) / ROWS)
        present = checked(firm)
        assert present >= before
        report = json.loads(ended.said[-1]) if ended.said else {"left_out": ROWS}
        reported = report["left_out"] == 0 and report["refusal"] is None
        assert present == ROWS or not reported
        parts += before < present < ROWS
        if reported:
            moments.too_late()
    if present < ROWS:
        completed(firm, clients)
    print(f"{parts} of {KILLS} kills left a part of the clients; {moments.late} more came too late")
    assert parts or KILLS < 6


def test_killing_an_import_after_its_first_batch(firms: Firms, clients: Path) -> None:
    """The moment that so few kills may miss: some batches are in, and others are not."""
    firm = firms.copy("empty")
    process = started(firm, clients, SLOWLY + PROGRAM)
    await_first_batch(firm)
    assert state(firm) == "running"
    process.kill()
    process.wait(10)
    assert BATCH <= checked(firm) < ROWS
    assert state(firm) == "stopped", "that is known at once"
    completed(firm, clients)


def state(firm: str) -> str:
    """What others are told of the only import of a firm."""
    with opening.open_firm(firm) as session:
        (run,) = imports.runs(session)
    return run.state


def test_a_wrong_build_is_found_out(firms: Firms, clients: Path) -> None:
    firm = firms.copy("empty")
    process = started(firm, clients, WRONG + SLOWLY + PROGRAM)
    await_first_batch(firm)
    process.kill()
    process.wait(10)
    with pytest.raises(AssertionError):
        checked(firm)


def await_first_batch(firm: str) -> None:
    """Waits until an import has written something."""
    until = time.monotonic() + 60
    while not count(firm, "SELECT count(*) FROM client"):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ending_an_import_in_an_orderly_way(number: signal.Signals, firms: Firms, clients: Path) -> None:
    firm = firms.copy("empty")
    process = started(firm, clients, SLOWLY + PROGRAM)
    await_first_batch(firm)
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    present = checked(firm)
    assert BATCH <= present < ROWS
    with opening.open_firm(firm) as session:
        (run,) = imports.runs(session)
    assert (run.state, run.rows, run.new, run.left_out) == ("stopped", ROWS, present, ROWS - present)
    completed(firm, clients)

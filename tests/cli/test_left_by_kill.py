"""Commands that are killed while they write files: what they leave is whole, or gone after the next start.

CLIENTDESK_KILLS says how often (3): `CLIENTDESK_KILLS=200 python -m pytest -s tests/cli/test_left_by_kill.py`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import checking, opening
from clientdesk.desk.demo import write_demo
from tests import kills, programs

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills(3)
NAMELESS = "import sys\nfrom clientdesk.cli.main import main\nsys.exit(main(sys.argv[1:]))"
NAMED = "import os\nif hasattr(os, 'O_TMPFILE'):\n    del os.O_TMPFILE\n" + NAMELESS
"""The program on a file system on which every file has a name."""

COMMANDS = {
    "xlsx": ("export", "{out}/clients.xlsx"),
    "csv": ("export", "{out}/clients.csv"),
    "copy": ("firm", "copy", "{firm}", "{out}/copy.db"),
    "quickbooks": ("export", "--for-quickbooks", "--overwrite", "{out}/numbers.csv"),
    "restore": ("firm", "restore", "{firm}", "{out}/put back.db"),
    "create": ("firm", "create", "{out}/new.db", "--name", "New", "--admin", "Ana"),
    "dry run": ("import", "clients", "--dry-run", "{out}/../clients.csv"),
    "workbook": ("import", "clients", "--dry-run", "{out}/../clients.xlsx"),
    "demo": ("demo", "--clients", "3000", "--keep", "{out}/demo.db"),
}


def started(tmp_path: Path, firm: str, name: str, program: str) -> "subprocess.Popen[bytes]":
    """A command on its way; it works in the folder `out`, and in `temporary`."""
    command = [each.format(firm=firm, out=tmp_path / "out") for each in COMMANDS[name]]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "CLIENTDESK_FIRM": firm}
    if name in ("copy", "demo", "create", "restore"):
        del environment["CLIENTDESK_FIRM"]
    argv = [sys.executable, "-c", program, *command]
    return programs.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def left(tmp_path: Path) -> list[str]:
    """The names of what is there only meanwhile."""
    names = [*os.listdir(tmp_path / "out"), *os.listdir(tmp_path / "temporary")]
    return [name for name in names if not name.endswith((".csv", ".xlsx", ".db"))]


def test_killed_commands_leave_nothing_behind(tmp_path: Path) -> None:
    for name in ("out", "temporary"):
        (tmp_path / name).mkdir()
    firm = str(tmp_path / "firm.db")
    write_demo(firm, 3_000)
    for ending in ("csv", "xlsx"):
        assert main(["export", "--firm", firm, f"{tmp_path}/clients.{ending}"]) == 0
    moments, seen, ended_first = random.Random(), 0, 0
    whole: dict[str, float] = {}
    for kill in range(KILLS):
        name, program = list(COMMANDS)[kill % len(COMMANDS)], (NAMELESS, NAMED)[kill % 2]
        for path in (tmp_path / "out").iterdir():
            path.unlink()
        if name not in whole:
            began = time.perf_counter()
            assert started(tmp_path, firm, name, program).wait(120) == 0, name
            whole[name] = time.perf_counter() - began
            assert left(tmp_path) == []
            for path in (tmp_path / "out").iterdir():
                path.unlink()
        process = started(tmp_path, firm, name, program)
        time.sleep(moments.uniform(whole[name] / 3, whole[name]))
        process.send_signal(signal.SIGKILL)
        ended_first += process.wait() != -signal.SIGKILL
        seen += bool(left(tmp_path))
        programs.run([sys.executable, "-c", NAMELESS, "--version"], check=True, stdout=subprocess.DEVNULL)
        assert left(tmp_path) == [], name
        for path in (tmp_path / "out").glob("*.db"):
            with opening.open_firm(str(path)) as session:
                assert all(each.sound for each in checking.check_firm(session, accept_head=True))
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]
    print(f"{seen} of {KILLS} kills left something for the next start; {ended_first} had ended before the kill")

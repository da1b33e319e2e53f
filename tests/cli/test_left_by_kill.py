"""Commands that are killed while they write files: what they leave is whole, or gone after the next start.

CLIENTDESK_KILLS says how often (3): `CLIENTDESK_KILLS=200 python -m pytest -s tests/cli/test_left_by_kill.py`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import checking, opening
from clientdesk.desk.demo import write_demo
from tests import kills, programs

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills(3)
BEGINS = f"import atexit\natexit.register(print, 'end', flush=True)\nprint({kills.BEGIN!r}, flush=True)\n"
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


def run(tmp_path: Path, firm: str, name: str, program: str, kill_after: float | None = None) -> kills.Ended:
    """Runs a command, or kills it on its way; it works in the folder `out`, and in `temporary`."""
    command = [word.format(firm=firm, out=tmp_path / "out") for word in COMMANDS[name]]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "CLIENTDESK_FIRM": firm}
    if name in ("copy", "demo", "create", "restore"):
        del environment["CLIENTDESK_FIRM"]
    return kills.run(BEGINS + program, *command, kill_after=kill_after, environment=environment)


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
    seen = late = 0
    for place, name in enumerate(COMMANDS):
        here = len(range(place, KILLS, len(COMMANDS)))
        if not here:
            continue
        moments = kills.Moments(here, run(tmp_path, firm, name, NAMELESS).seconds)
        assert left(tmp_path) == []
        for number, moment in enumerate(moments):
            for path in (tmp_path / "out").iterdir():
                path.unlink()
            ended = run(tmp_path, firm, name, (NAMELESS, NAMED)[(place + number) % 2], moment)
            if ended.code == 0:
                moments.too_late()
            seen += bool(left(tmp_path))
            programs.run([sys.executable, "-c", NAMELESS, "--version"], check=True, stdout=subprocess.DEVNULL)
            assert left(tmp_path) == [], name
            for path in (tmp_path / "out").glob("*.db"):
                with opening.open_firm(str(path)) as session:
                    assert all(finding.sound for finding in checking.check_firm(session, accept_head=True))
        late += moments.late
        for path in (tmp_path / "out").iterdir():
            path.unlink()
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]
    print(f"{seen} of {KILLS} kills left something for the next start; {late} more came too late")

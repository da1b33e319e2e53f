"""What the program imports before its list is painted: each module costs a start its part of a millisecond."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

START = """
import os
import sys
from clientdesk.cli.main import main
from clientdesk.desk import opening
from clientdesk.ui.watching import Watch

def painted(watch):
    with open(sys.argv[2], "w") as file:
        print(*sys.modules, file=file)
    os._exit(0)

opening.account_login = lambda: "ana"
Watch.start = painted  # the app begins to watch when it has painted
main(["--firm", sys.argv[1]])
"""
DRIVERS = {"psycopg", "psycopg2", "pymysql"}
JUDGES = {"phonenumbers", "stdnum", "email_validator"}
COMMAND_LINE = {"click", "clientdesk.cli.program", "clientdesk.cli.frame"}
PROBLEMS = {"clientdesk.domain.problem_catalogue"}
LATER = {
    "ssl",
    "hashlib",
    "clientdesk.store.history_models",
    "clientdesk.store.import_models",
    "clientdesk.desk.seen_history_heads",
    "clientdesk.store.history",
    "clientdesk.store.seals",
}
WRITES = {
    "clientdesk.desk.patches",
    "clientdesk.desk.client_rules",
    "clientdesk.desk.firm_rules",
    "clientdesk.desk.history",
    "clientdesk.desk.imports",
    "clientdesk.desk.undoing",
    "clientdesk.domain.deletion",
    "clientdesk.domain.mappings",
    "clientdesk.store.patches",
    "clientdesk.store.clients",
    "clientdesk.exchange",
}
SCREENS = {
    "acting",
    "base",
    "bulk_editing",
    "clients",
    "clients_beside",
    "clients_marks",
    "clients_openers",
    "clients_words",
    "ending",
    "finding",
    "import_notice",
    "list_screen",
    "marking",
    "pricing_plan",
    "shown_clients",
    "shown_views",
    "undoable",
}
"""The modules of screens without which there is no list."""


NAMED = "from clientdesk.named_tuple import NamedTuple"
OURS = 165
"""So many modules of ours a start imports at most. One more has to be worth its part of a millisecond: what a later key
needs is imported by what the key does."""


def source_of(module: str) -> str:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text()


@pytest.fixture
def loaded(firm: str, tmp_path: Path) -> set[str]:
    """What the program has imported when its list is painted, in a terminal."""
    program, names = tmp_path / "start.py", tmp_path / "modules"
    program.write_text(START)
    with Terminal([sys.executable, str(program), firm, str(names)], 80, 24) as terminal:
        assert terminal.wait_for_end() == 0, terminal.lines()
    modules = set(names.read_text().split())
    assert "clientdesk.ui.screens.clients" in modules
    return modules


@pytest.mark.thorough("programs")
def test_a_start_imports_only_what_the_list_needs(loaded: set[str]) -> None:
    assert loaded & (DRIVERS | JUDGES | COMMAND_LINE | PROBLEMS | LATER | WRITES) == set()
    before = "clientdesk.ui.screens."
    assert {name.removeprefix(before) for name in loaded if name.startswith(before)} <= SCREENS
    ours = sorted(name for name in loaded if name.startswith("clientdesk"))
    assert len(ours) <= OURS, ours
    plain = [name for name in ours if "NamedTuple" in (source := source_of(name)) and NAMED not in source]
    assert plain == ["clientdesk.named_tuple"], "a class of typing.NamedTuple costs ten times as much"


def test_nothing_looks_for_garbage_among_what_is_imported_but_a_command_does() -> None:
    code = (
        "import gc, clientdesk.__main__ as program, clientdesk.cli.main as cli\n"
        "print(gc.isenabled())\n"
        "import clientdesk.cli.program as commands\n"
        "cli.open_screens = commands.open_screens = lambda location: print(gc.isenabled()) or 0\n"
        "cli.main(['--firm', 'x'])\n"
        "cli.main(['--firm', 'x', '--firm', 'x'])  # click reads what is more than one firm\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "False", "True"]

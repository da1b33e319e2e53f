"""What the program imports before its list is painted: each module costs a start its part of a millisecond."""

import subprocess
import sys

import pytest

START = """
import sys
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.gateway import Gateway
import asyncio

class Painted(ClientdeskApp):
    def _painted(self):
        print(*sys.modules)
        super()._painted()

async def main(gateway):
    async with Painted(gateway).run_test():
        pass

gateway = Gateway()
try:
    gateway.open(sys.argv[1], "ana", rows=40).result()
    asyncio.run(main(gateway))
finally:
    gateway.close()
"""
DRIVERS = {"psycopg", "psycopg2", "pymysql"}
JUDGES = {"phonenumbers", "stdnum", "email_validator"}
LATER = {"ssl", "clientdesk.desk.seen_history_heads", "clientdesk.store.history", "clientdesk.store.seals"}
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
    "shown_clients",
    "shown_views",
    "undoable",
}
"""The modules of screens without which there is no list."""


@pytest.mark.thorough("programs")
def test_a_start_imports_no_driver_no_writing_and_no_other_screen(firm: str) -> None:
    ended = subprocess.run([sys.executable, "-c", START, firm], capture_output=True, text=True, check=True)
    loaded = set(ended.stdout.split())
    assert loaded & (DRIVERS | JUDGES | LATER | WRITES) == set()
    before = "clientdesk.ui.screens."
    assert {name.removeprefix(before) for name in loaded if name.startswith(before)} <= SCREENS


def test_nothing_looks_for_garbage_among_what_is_imported_but_a_command_does() -> None:
    code = (
        "import gc, clientdesk.__main__ as program, clientdesk.cli.main as cli\n"
        "print(gc.isenabled())\n"
        "cli.open_screens = lambda location: print(gc.isenabled()) or 0\n"
        "cli.main([])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "True"]

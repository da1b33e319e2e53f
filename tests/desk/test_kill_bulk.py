"""A change of many clients that is killed leaves whole batches: one line of the history, which one undo takes back."""

import getpass

import pytest

from clientdesk.desk import chosen_clients, opening, team, undoing
from clientdesk.desk.change_sets import all_lines
from clientdesk.desk.checking import check_firm
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.selection import Selection
from tests import kills
from tests.conftest import ADMIN
from tests.exchange.firms import await_end_of_connections
from tests.many import add_many

pytestmark = pytest.mark.long("kills")

MANY, BATCH = 500, 100
PROGRAM = f"""
import sys, time
from clientdesk.cli.main import main
from clientdesk.desk import bulk_changes, client_status
from clientdesk.store import history
bulk_changes.BATCH = client_status.BATCH = {BATCH}
seal, sealed = history.seal, []
def late(engine, change_set):
    sealed.append(change_set)
    if len(sealed) == 3:
        print("third", flush=True)
        time.sleep(60)
    return seal(engine, change_set)
history.seal = late
print({kills.BEGIN!r}, flush=True)
sys.exit(main(sys.argv[1:]))
"""
"""The program, which stands still in its third batch, when all of it is written and nothing of it committed."""


@pytest.mark.parametrize("command", [("edit", "city=Lugo"), ("deactivate",)])
def test_it_leaves_whole_batches_and_one_undo(location: str, engine_name: str, command: tuple[str, ...]) -> None:
    with opening.open_firm(location, ADMIN) as session:
        if engine_name == "sqlite":  # the program runs as who runs the tests
            team.add_member(session, "Tester", "", getpass.getuser(), Access.FULL)
        add_many(session, [{"display_name": f"Client {number:03}", "city": "Vigo"} for number in range(MANY)])
    kills.killed_at("third", PROGRAM, *command, "--status", "active", "--yes", "--firm", location)
    await_end_of_connections(location)
    with opening.open_firm(location) as session:
        assert all(finding.sound for finding in check_firm(session))
        ids = chosen_clients.settle(session, Selection(EVERYONE))
        rows = chosen_clients.rows(session, ids, ("city",))
        changed = sum(not row.active or row.values[0] == "Lugo" for row in rows)
        assert changed == 2 * BATCH
        line = next(all_lines(session))
        assert line.rows == 2 * BATCH
        plan = undoing.latest(session)
        assert plan is not None
        assert undoing.undo(session, plan).rows == 2 * BATCH
        rows = chosen_clients.rows(session, ids, ("city",))
        assert all(row.active and row.values[0] == "Vigo" for row in rows)

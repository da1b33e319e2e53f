"""A program that is killed while the clients' work is made anew after a change of a template leaves what the next one ends."""

import getpass

import pytest

from clientdesk.desk import opening, team, work_renewal
from clientdesk.desk.checking import check_firm
from clientdesk.domain.access import Access
from clientdesk.store import client_work
from tests import kills
from tests.conftest import ADMIN
from tests.desk.worked_on import with_template
from tests.exchange.firms import await_end_of_connections
from tests.many import add_many

pytestmark = pytest.mark.long("kills")

MANY, BATCH = 300, 100
PROGRAM = f"""
import sys, time
from clientdesk.cli.main import main
from clientdesk.desk import work_renewal
from clientdesk.store import client_work
work_renewal.BATCH = {BATCH}
note, noted = client_work.note_done, []
def late(engine, template_ids, client_id):
    note(engine, template_ids, client_id)
    noted.append(client_id)
    if len(noted) == 2:
        print("second", flush=True)
        time.sleep(60)
client_work.note_done = late
print({kills.BEGIN!r}, flush=True)
sys.exit(main(sys.argv[1:]))
"""
"""The program, which stands still in its second batch, when all of it is written and nothing of it committed."""


def test_the_next_one_ends_it(location: str, engine_name: str) -> None:
    with opening.open_firm(location, ADMIN) as session:
        if engine_name == "sqlite":  # the program runs as who runs the tests
            team.add_member(session, "Tester", "", getpass.getuser(), Access.FULL)
        add_many(session, [{"display_name": f"Client {number:03}"} for number in range(MANY)])
        with_template(session, {})
    kills.killed_at(
        "second", PROGRAM, "templates", "edit", "Books review", "--due", "1 month", "--yes", "--firm", location
    )
    await_end_of_connections(location)
    with opening.open_firm(location) as session:
        told = work_renewal.renewing(session)
        assert told is not None, "the change is there, and what is still to be done of it"
        assert told.done == BATCH
        assert all(finding.sound for finding in check_firm(session))
        assert work_renewal.go_on_renewing(session)
        assert client_work.renewed(session.engine) == {}
        assert list(work_renewal.untrue_rows(session)) == []
        assert all(finding.sound for finding in check_firm(session))

"""Many people who edit the same clients at the same time: no edit is lost, and the history tells all of them.

CLIENTDESK_EDITS says how many edits each of them makes (20, of so few clients that they often meet):
`CLIENTDESK_EDITS=500 python -m pytest tests/server/test_together.py`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from clientdesk.desk import checking, clients, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from tests import programs
from tests.servers import Server

pytestmark = pytest.mark.long("servers")

CLIENTS = 4
EDITS = int(os.environ.get("CLIENTDESK_EDITS", "20"))
"""So many edits each person makes."""


def firm_of_many(session: Session, logins: Sequence[str]) -> None:
    """Fills a firm with clients, and with people who may edit them."""
    for number in range(CLIENTS):
        clients.add(session, {"display_name": f"Client {number:02}"})
    for login in logins:
        team.add_member(session, login.title(), "", login, Access.FULL)


def edit_together(locations: Sequence[tuple[str, str]], edits: int, *wrong: str) -> list[str]:
    """Lets a process edit at each location as its login, all at the same time; what they wrote to stderr."""
    processes = [
        programs.Popen(
            [sys.executable, "-m", "tests.server.editing", location, login, str(edits), *wrong],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for location, login in locations
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate()[1]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=600)[1] for process in processes]
    finally:
        for process in processes:
            process.kill()


def faults(session: Session, edits: int) -> list[str]:
    """What is wrong with a firm in which so many edits were made."""
    sentences = [finding.sentence for finding in checking.check_firm(session) if not finding.sound]
    rows = session.engine.sql(
        "SELECT CAST(key AS bigint), old, new FROM history WHERE entity = 'client' AND operation = 'update' ORDER BY id"
    ).fetchall()
    if len(rows) != edits:
        sentences.append(f"{len(rows)} entries of {edits} edits")
    before: dict[int, dict[str, str]] = {}
    counted: dict[int, int] = {}
    marks = []
    for client_id, old, new in rows:
        was, is_now = json.loads(old), json.loads(new)
        present = before.setdefault(client_id, {"notes": "", "phone": ""})
        if any(present[name] != value for name, value in was.items()):
            sentences.append(f"{client_id}: {was} does not follow {present}")
        counted[client_id] = counted.get(client_id, 0) + 1
        if int(is_now["notes"].split()[0]) != counted[client_id]:
            sentences.append(f"{client_id}: {is_now['notes']} is edit {counted[client_id]}")
        marks.append(is_now["notes"].split()[-1])
        present.update(is_now)
    if len(set(marks)) != edits:
        sentences.append(f"{len(set(marks))} different edits of {edits}")
    for row in clients.window(session, ClientQuery(), (), 0, 100):
        client = clients.get(session, row.id)
        if client.version - 1 != counted.get(row.id, 0):
            sentences.append(f"{row.id}: version {client.version} after {counted.get(row.id, 0)} entries")
        if {name: client.values[name] for name in ("notes", "phone")} != before.get(row.id, {"notes": "", "phone": ""}):
            sentences.append(f"{row.id} is not as its last entry says")
    return sentences


def on_server(server: Server, database: str, people: int) -> list[tuple[str, str]]:
    logins = [f"p{number}" for number in range(people)]
    for login in logins:
        server.login(login, "full")
    return [(server.url(database, login), login) for login in logins]


@pytest.mark.parametrize("lost", [False, True], ids=["", "a wrong build"])
def test_four_people_on_a_server(server: Server, lost: bool) -> None:
    database = server.firm()
    people, edits = on_server(server, database, 3 if lost else 4), 20 if lost else EDITS
    try:
        with opening.open_firm(server.url(database, "ana")) as session:
            firm_of_many(session, [login for _url, login in people])
            outputs = edit_together(people, edits, *(["unguarded"] if lost else []))
            assert outputs == [""] * len(people)
            failures = faults(session, len(people) * edits)
            assert bool(failures) == lost, failures[:5]
    finally:
        server.drop_database(database)


@pytest.mark.parametrize("lost", [False, True], ids=["", "a wrong build"])
def test_three_people_on_a_file(tmp_path: Path, lost: bool) -> None:
    location = os.fspath(tmp_path / "firm.db")
    people = [(location, f"p{number}") for number in range(2 if lost else 3)]
    edits = 20 if lost else EDITS
    with opening.create_firm(location, "Norte SL", "Ana García", "ana") as session:
        firm_of_many(session, [login for _location, login in people])
        outputs = edit_together(people, edits, *(["unguarded"] if lost else []))
        assert outputs == [""] * len(people)
        failures = faults(session, len(people) * edits)
        assert bool(failures) == lost, failures[:5]

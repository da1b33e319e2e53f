"""Transfers that something stops, and what is sealed: nothing lost, nothing doubled, tampering seen.

CLIENTDESK_KILLS says how often a move is killed at random (2): `CLIENTDESK_KILLS=200 python -m pytest
tests/desk/test_transfer_faults.py`. What a kill meets is tried at each step of writing besides.
"""

import itertools
import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from clientdesk.desk import checking, history, opening, transfer
from clientdesk.desk.session import Session
from clientdesk.desk.transfer import Transferred
from clientdesk.domain.problems import FirmUnusable, Refused
from clientdesk.store import seals
from tests import kills, programs
from tests.desk.between_firms import COPY, MOVE, add, everyone, names, send, sound
from tests.many import add_many
from tests.store.both import REFUSED_BY_DATABASE, bare, room, someone_writes, tamper
from tests.store.test_faults import as_nobody

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills(2)


# --- what may happen to the files


def test_a_locked_firm_changes_nothing(session: Session, other: Session) -> None:
    add(session, "Peña SA")
    for held, how in ((other, COPY), (other, MOVE), (session, MOVE)):
        with someone_writes(held), pytest.raises(FirmUnusable) as unusable:
            transfer.transfer(session, other, everyone(session), how)
        assert (unusable.value.code, held.location in unusable.value.message) == ("locked", True)
        assert (names(session), names(other)) == (["Peña SA"], [])
    with someone_writes(session):
        assert send(session, other).new == 1  # a copy only reads here


@pytest.mark.skipif(os.getuid() != 0, reason="needs a folder of somebody else")
def test_a_firm_that_may_not_be_written_changes_nothing() -> None:
    def check() -> int:
        with opening.open_firm("mine/firm.db", "ana") as mine:
            try:
                transfer.open_other(mine, "theirs/firm.db").demand_writable()
            except FirmUnusable as unusable:
                return 1 if unusable.code == "firm_read_only" and "theirs/firm.db" in unusable.message else 2
        return 0

    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name, owner in (("mine", 65534), ("theirs", 0)):
            os.mkdir(f"{folder}/{name}", 0o755)
            opening.create_firm(f"{folder}/{name}/firm.db", name, "Ana", "ana").close()
            os.chmod(f"{folder}/{name}/firm.db", 0o644)
            for path in (f"{folder}/{name}", f"{folder}/{name}/firm.db"):
                os.chown(path, owner, owner)
        before = Path(f"{folder}/theirs/firm.db").read_bytes()
        assert as_nobody(folder, check) == 1
        assert Path(f"{folder}/theirs/firm.db").read_bytes() == before


def test_a_full_disk_there_changes_nothing(session: Session, other: Session) -> None:
    add_many(session, [{"display_name": f"C {n}", "notes": "x" * 500} for n in range(200)])
    room(other, 2)
    with pytest.raises(FirmUnusable) as unusable:
        transfer.transfer(session, other, everyone(session), MOVE)
    assert unusable.value.code == "disk_full"
    assert (len(names(session)), names(other)) == (200, [])
    room(other, -1)
    assert sound(session, other)
    assert send(session, other, MOVE).moved == 200


def test_a_full_disk_here_is_told_and_the_move_can_be_finished(session: Session, other: Session) -> None:
    add_many(session, [{"display_name": f"C {n}", "notes": "x" * 500} for n in range(200)])
    room(session, 2)
    chosen = everyone(session)
    with pytest.raises(Refused) as refused:
        transfer.transfer(session, other, chosen, MOVE)
    assert refused.value.code == "move_unfinished"
    assert "Norte SL" in refused.value.message
    assert len(names(session)) == len(names(other)) == 200
    with pytest.raises(FirmUnusable):  # nothing new, and still no room
        transfer.transfer(session, other, chosen, MOVE)
    room(session, -1)
    assert send(session, other, MOVE) == Transferred(rows=200, unchanged=200, moved=200)
    assert (names(session), len(names(other))) == ([], 200)
    assert sound(session, other)


MOVING = """
import sys
from clientdesk.desk import opening, transfer
from clientdesk.domain.client_query import ClientQuery
transfer.AT_ONCE = 40
session = opening.open_firm(sys.argv[1], "ana")
other = transfer.open_other(session, sys.argv[2])
chosen = transfer.in_list(session, ClientQuery(filters=()))
print("begin", flush=True)
transfer.transfer(session, other, chosen, transfer.How(move=True))
print("done", flush=True)
"""


def test_kill_9_at_any_moment_is_finished_by_the_next_run(session: Session, other: Session) -> None:
    """Runs between two firms, there and back, each killed after a moment and then finished."""
    add_many(session, [{"display_name": f"C {n}", "client_number": f"{n:04}", "notes": "x"} for n in range(300)])
    company_ids = sorted(row.key for row in everyone(session))
    firms = itertools.cycle([(other, session), (session, other)])
    moments = kills.Moments(KILLS, kills.run(MOVING, session.location, other.location).seconds)
    for moment, (here, there) in zip(moments, firms, strict=False):
        ended = kills.run(MOVING, here.location, there.location, kill_after=moment)
        assert (len(names(here)), len(names(there))) in ((300, 0), (300, 300), (0, 300))
        assert names(here) == [] or not ended.said
        if ended.said:
            moments.too_late()
        send(here, there, MOVE)
        assert names(here) == []
        assert sorted(row.key for row in everyone(there)) == company_ids
        assert sound(here, there)


KILLED_AT = """
import os, signal
from clientdesk.store import history, patches as rows, transfers

def killing(module, name):
    whole = getattr(module, name)
    def killed(*arguments, **more):
        whole(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(module, name, killed)

killing({module}, "{name}")
"""


@pytest.mark.parametrize(
    ("module", "name", "there"),
    [("rows", "insert", 0), ("transfers", "receive", 0), ("history", "seal", 0), ("rows", "delete", 100)],
)
def test_kill_9_in_the_midst_of_writing(session: Session, other: Session, module: str, name: str, there: int) -> None:
    add_many(session, [{"display_name": f"C {n}", "client_number": f"{n}"} for n in range(100)])
    program = KILLED_AT.format(module=module, name=name) + MOVING
    ended = programs.run([sys.executable, "-c", program, session.location, other.location], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (len(names(session)), len(names(other))) == (100, there)
    assert send(session, other, MOVE) == Transferred(rows=100, new=100 - there, unchanged=there, moved=100)
    assert (len(names(session)), len(names(other))) == (0, 100)
    assert len(history.of_key(other, "7")) == 2
    assert sound(session, other)


# --- what is sealed


def test_another_program_cannot_write_where_clients_came_from(session: Session, other: Session) -> None:
    add(session, "Peña SA", "C-1")
    send(session, other)
    with bare(other.location) as connection:
        for statement in (
            "UPDATE arrival SET entries = '[]'",
            "DELETE FROM arrival",
            "INSERT INTO arrival SELECT 9, change_set_id, company_id, from_uid, from_firm, state, entries, salt, digest FROM arrival",
            "UPDATE change_set SET note = 'x'",
            "UPDATE firm SET uid = 'x', version = version + 1",
        ):
            with pytest.raises(REFUSED_BY_DATABASE):
                connection.execute(statement)
    assert sound(other)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("arrival", "UPDATE arrival SET entries = replace(entries, 'Ana', 'Eve')"),
        ("arrival", "DELETE FROM arrival"),
        ("change_set", "UPDATE change_set SET note = 'Elsewhere' WHERE note <> ''"),
    ],
)
def test_tampering_is_seen(session: Session, other: Session, table: str, statement: str) -> None:
    add(session, "Peña SA", "C-1")
    send(session, other)
    assert sound(other)
    tamper(other.location, table, statement)
    assert [finding.name for finding in checking.check_firm(other) if not finding.sound] == ["history"]


def test_the_seal_survives_that_what_was_brought_along_is_erased(session: Session, other: Session) -> None:
    add(session, "Peña SA", "C-1")
    send(session, other)
    salt, digest, entries = other.engine.sql("SELECT salt, digest, entries FROM arrival").fetchone()
    assert seals.digest(salt, entries) == digest
    tamper(other.location, "arrival", "UPDATE arrival SET entries = NULL, salt = NULL")
    (finding,) = (finding for finding in checking.check_firm(other) if not finding.sound)
    assert finding.name == "rows"  # the chain holds
    assert "“Peña SA” (" in finding.sentence
    assert "what it brought along from another firm in change set" in finding.sentence
    received, erased = history.of_key(other, "C-1")
    assert received.kind == "client.received"
    assert erased.title == "What this client brought along from another firm was erased."

"""A firm's file that cannot be used: one sentence, nothing lost, nothing left behind."""

import logging.handlers  # noqa: F401 - another account may not read the interpreter's own files
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from clientdesk.desk import checking, clients, opening
from clientdesk.desk.session import Interrupted, Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import sqlite_file
from tests import kills
from tests.many import add_many
from tests.store.both import on_a_file, room, someone_writes


def refusal(path: str | Path) -> FirmUnusable:
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(os.fspath(path), "ana")
    assert "\n" not in caught.value.message
    assert len(caught.value.problems) == 1
    return caught.value


def test_what_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "typo.db").code == "firm_missing"
    assert refusal(tmp_path / "no folder" / "firm.db").code == "folder_missing"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"Company ID,Display name\r\n", b"\x00" * 5000, b"SQLite format 3\x00"])
def test_what_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    assert refusal(path).code == "not_a_firm"
    assert path.read_bytes() == content


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE client (id)")
    connection.commit()
    connection.close()
    assert refusal(path).code == "not_a_firm"


def test_a_folder_a_pipe_and_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path).code in ("not_a_file", "unreadable")
    assert refusal(tmp_path / "pipe").code == "not_a_file"
    assert refusal("/dev/null").code == "not_a_file"


@on_a_file
def test_a_truncated_and_a_scratched_file(session: Session, tmp_path: Path) -> None:
    session.close()
    short = tmp_path / "short.db"
    shutil.copy(session.location, short)
    os.truncate(short, 20_000)
    assert refusal(short).code == "damaged"
    scratched = tmp_path / "scratched.db"
    content = bytearray(Path(session.location).read_bytes())
    content[100:4000] = b"\xff" * 3900
    scratched.write_bytes(content)
    assert refusal(scratched).code in ("damaged", "not_a_firm")


def as_nobody(folder: str, check: Callable[[], int]) -> int:
    """The exit status of `check`, run in a folder by an account that owns nothing (if you are root)."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            os.chdir(folder)
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            status = check()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@on_a_file
def test_a_file_without_permission(session: Session) -> None:
    session.close()
    folder, name = os.path.split(session.location)
    os.chmod(folder, 0o755)
    os.chmod(session.location, 0)

    def check() -> int:
        try:
            opening.open_firm(name, "ana")
        except FirmUnusable as refusal:
            return 1 if refusal.code == "unreadable" else 2
        return 0

    assert as_nobody(folder, check) == 1


@pytest.mark.skipif(os.getuid() != 0, reason="needs a folder of somebody else")
def test_a_folder_without_permission() -> None:
    def check() -> int:
        try:
            opening.create_firm("new.db", "Ríos", "Ana", "ana")
        except FirmUnusable as refusal:
            return 1 if refusal.code == "read_only" else 2
        return 0

    with tempfile.TemporaryDirectory() as folder:
        opening.create_firm(f"{folder}/firm.db", "Ríos", "Ana", "ana").close()
        os.chmod(folder, 0o755)
        os.chmod(f"{folder}/firm.db", 0o666)
        assert as_nobody(folder, check) == 1


def test_someone_else_holds_the_lock(session: Session) -> None:
    with someone_writes(session):
        with pytest.raises(FirmUnusable) as caught:
            clients.add(session, {"display_name": "Peña SA"})
        assert caught.value.code == "locked"
        assert "\n" not in caught.value.message
        assert clients.totals(session).all == 0  # reading goes on
    assert clients.add(session, {"display_name": "Peña SA"}).values["display_name"] == "Peña SA"


@pytest.mark.thorough("many")
def test_a_full_disk_loses_nothing(session: Session) -> None:
    kept = clients.add(session, {"display_name": "Kept", "notes": "x" * 1000})
    room(session, 2)
    with pytest.raises(FirmUnusable) as caught:
        add_many(session, [{"display_name": f"Client {line}"} for line in range(3000)])
    assert caught.value.code == "disk_full"
    assert clients.totals(session).all == 1
    room(session, -1)
    clients.edit(session, kept, {"notes": ""})
    assert all(finding.sound for finding in checking.check_firm(session))


def test_a_firm_is_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "firm.db"

    def fail(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("clientdesk.store.firm.insert_firm", fail)
        with pytest.raises(KeyboardInterrupt):
            opening.create_firm(str(path), "Ríos", "Ana", "ana")
    assert os.listdir(tmp_path) == []
    opening.create_firm(str(path), "Ríos", "Ana", "ana").close()
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["firm.db"]
    with pytest.raises(FirmUnusable) as caught:
        opening.create_firm(str(path), "Mine", "Eve", "eve")
    assert caught.value.code == "firm_exists"
    with opening.open_firm(str(path), "ana") as session:
        assert session.firm.name == "Ríos"


ADDING = """
import sys
from clientdesk.desk import opening
from tests.many import add_many
session = opening.open_firm(sys.argv[1], "ana")
print("begin", flush=True)
batch = 0
while True:
    add_many(session, [{"display_name": f"{batch} {line}"} for line in range(400)])
    print("a batch", flush=True)
    batch += 1
"""


@pytest.mark.long("kills")
def test_kill_9_leaves_whole_batches(location: str) -> None:
    kills.killed_at("a batch", ADDING, location)  # the next one is on its way
    with opening.open_firm(location, "ana") as session:
        there = clients.totals(session).all
        assert (there > 0, there % 400) == (True, 0)
        assert all(finding.sound for finding in checking.check_firm(session))
        clients.add(session, {"display_name": "After"})


def test_a_read_is_stopped_from_another_thread(session: Session) -> None:
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    timer = threading.Timer(0.05, session.interrupt)
    timer.start()
    with pytest.raises(Interrupted), session.engine.errors():
        session.engine.sql(slow).fetchone()
    timer.join()
    with pytest.raises(Interrupted):
        clients.count(session, ClientQuery())  # it might have been between two statements
    session.resume()
    assert clients.count(session, ClientQuery()) == 0


def test_network_file_systems_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not sqlite_file.on_network(str(tmp_path))
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / / rw - ext4 disk rw\n2 1 0:2 / {tmp_path} rw shared:1 - nfs4 server:/x rw\n")
    monkeypatch.setattr(sqlite_file, "MOUNTS", str(mounts))
    assert sqlite_file.on_network(str(tmp_path / "firm.db"))
    assert not sqlite_file.on_network("/elsewhere/firm.db")


@on_a_file
def test_the_log_has_what_stood_behind_the_sentence(session: Session, tmp_path: Path) -> None:
    session.close()
    Path(session.location).write_bytes(Path(session.location).read_bytes()[:100] + b"\xff" * 9000)
    refusal(session.location)
    assert "Traceback" in (tmp_path / "clientdesk.log").read_text()


@on_a_file
def test_a_disk_without_a_byte_left_is_full_not_broken(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
        with session.engine.errors():
            raise error

    for full, code in ((True, "disk_full"), (False, "disk_error")):
        monkeypatch.setattr(sqlite_file, "is_full", lambda _path, full=full: full)
        with pytest.raises(FirmUnusable) as caught:
            fail()
        assert caught.value.code == code


@on_a_file
def test_a_firm_is_closed_where_a_signal_came_at_the_beginning_of_a_transaction(session: Session) -> None:
    before = clients.totals(session).all
    transaction = session.engine.db.atomic("IMMEDIATE")
    transaction.__enter__()
    session.close()
    with opening.open_firm(session.location, "ana") as again:
        clients.add(again, {"display_name": "After"})
        assert clients.totals(again).all == before + 1

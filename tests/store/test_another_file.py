"""A firm's file that is not what it was: replaced, overwritten, gone, or beside the -wal of another one."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clientdesk.desk import checking, clients, opening, watching
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import sqlite_header, versions
from tests import programs
from tests.store.both import on_a_file

pytestmark = [on_a_file, pytest.mark.thorough("programs")]

WORKING = """
import sys
from clientdesk.desk import clients, opening
session = opening.open_firm(sys.argv[1], "ana")
for name in sys.argv[2:]:
    clients.add(session, {"display_name": name})
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def elsewhere(location: str) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Another clientdesk that has added some clients and keeps the firm open until its input is closed, or it is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*names: str) -> "subprocess.Popen[str]":
        process = programs.Popen(
            [sys.executable, "-c", WORKING, location, *names], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def names(location: str) -> list[str]:
    """The clients of the firm, which is sound."""
    with opening.open_firm(location, "ana") as session:
        assert [finding for finding in checking.check_firm(session) if not finding.sound] == []
        rows = session.engine.sql("SELECT display_name FROM client ORDER BY id").fetchall()
    return [name for (name,) in rows]


def mark(location: str) -> int:
    head = sqlite_header.header(Path(location).read_bytes()[:100])
    assert head is not None
    return sqlite_header.generation(head.version)


def add(location: str, *added: str) -> None:
    with opening.open_firm(location, "ana") as session:
        for name in added:
            clients.add(session, {"display_name": name})


def test_what_was_committed_before_a_kill_is_there(
    location: str, elsewhere: Callable[..., "subprocess.Popen[str]"]
) -> None:
    kill(elsewhere("One", "Two"))
    assert os.path.getsize(location + "-wal") > 0
    assert names(location) == ["One", "Two"]
    assert not [name for name in os.listdir(os.path.dirname(location)) if "aside" in name]


def test_a_backup_over_a_killed_firm_is_the_backup(
    location: str, tmp_path: Path, elsewhere: Callable[..., "subprocess.Popen[str]"]
) -> None:
    add(location, "Kept")
    backup = tmp_path / "backup.db"
    shutil.copy(location, backup)
    kill(elsewhere("Lost"))
    shutil.copy(backup, location)
    with opening.open_firm(location, "ana") as session:
        (notice,) = session.notices
        assert notice.code == "wal_aside"
    aside = str(notice.values["aside"])
    assert aside.startswith(f"{location}-wal.aside-")
    assert os.path.getsize(aside) > 0
    assert aside in notice.message
    assert names(location) == ["Kept"]
    # with the file that it belongs to it is worth something still
    add(location, "After")
    assert names(location) == ["Kept", "After"]


def test_the_wal_of_another_firm_is_not_joined(location: str, new_firm: Callable[..., str]) -> None:
    other = new_firm("Norte SL")
    add(other, "Northern")
    child = os.fork()
    if child == 0:
        try:
            clients.add(opening.open_firm(other, "ana"), {"display_name": "Foreign"})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    shutil.move(other + "-wal", location + "-wal")
    add(location, "Ours")
    assert names(location) == ["Ours"]
    assert names(other) == ["Northern"]


def test_a_wal_that_does_not_say_whose_it_is_is_told_as_that(location: str) -> None:
    """Another program has written it: its commits have no first page."""
    add(location, "Ours")
    child = os.fork()
    if child == 0:
        try:
            sqlite3.connect(location, isolation_level=None).execute("INSERT INTO member_setting VALUES (1, 'x', '[]')")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.path.getsize(location + "-wal") > 0
    with opening.open_firm(location, "ana") as session:
        (notice,) = session.notices
    assert notice.code == "wal_unmarked"
    assert os.path.getsize(str(notice.values["aside"])) > 0
    assert names(location) == ["Ours"]


@pytest.mark.parametrize("how", ["cp", "mv", "rm", "folder"])
def test_an_open_firm_notices_and_writes_nothing(location: str, tmp_path: Path, how: str) -> None:
    add(location, "Kept")
    backup = tmp_path / "backup.db"
    shutil.copy(location, backup)
    session = opening.open_firm(location, "ana")
    for name in ("Lost", "Lost too"):
        clients.add(session, {"display_name": name})
    if how == "folder":
        inside = tmp_path / "inside"
        inside.mkdir()
        session.close()
        moved = str(shutil.move(location, inside / "firm.db"))
        session = opening.open_firm(moved, "ana")
        os.rename(inside, tmp_path / "renamed")
        now, code, kept = str(tmp_path / "renamed" / "firm.db"), "firm_gone", ["Kept", "Lost", "Lost too"]
    elif how == "rm":
        os.remove(location)
        now, code, kept = "", "firm_gone", []
    else:
        shutil.copy(backup, location) if how == "cp" else shutil.move(backup, location)
        now, code, kept = location, {"cp": "firm_overwritten", "mv": "firm_replaced"}[how], ["Kept"]
    for attempt in (lambda: watching.news(session), lambda: clients.add(session, {"display_name": "Never"})):
        with pytest.raises(FirmUnusable) as caught:
            attempt()
        assert caught.value.code == code
        assert caught.value.another_file
    session.close()
    if now:
        assert names(now) == kept
    else:
        assert not os.path.exists(location)


def test_a_file_that_is_overwritten_while_it_is_written(location: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    shutil.copy(location, backup)
    session = opening.open_firm(location, "ana")
    with pytest.raises(FirmUnusable) as caught, session.engine.errors(), session.engine.writing():
        shutil.copy(backup, location)
    assert caught.value.code == "firm_overwritten"
    session.close()


def test_a_backup_over_the_open_file_is_noticed_before_anything_is_saved(location: str, tmp_path: Path) -> None:
    backup = shutil.copy(location, tmp_path / "backup.db")
    with opening.open_firm(location, "ana") as session:
        watching.news(session)
        shutil.copy(backup, location)
        with pytest.raises(FirmUnusable) as caught:
            watching.news(session)
        assert caught.value.code == "firm_overwritten"


@pytest.mark.parametrize("by_another", [True, False])
def test_a_copy_of_the_open_file_over_it_is_noticed(location: str, tmp_path: Path, by_another: bool) -> None:
    def moved_into_the_file() -> None:
        connection = sqlite3.connect(location)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        connection.close()

    copy = tmp_path / "copy.db"
    with opening.open_firm(location, "ana") as session:
        clients.add(session, {"display_name": "In the copy"})
        moved_into_the_file()
        shutil.copy(location, copy)
        if by_another:
            with opening.open_firm(location, "ana") as other:
                clients.add(other, {"display_name": "Later"})
        else:
            clients.add(session, {"display_name": "Later"})
        moved_into_the_file()
        watching.news(session)
        assert mark(location) == mark(str(copy))
        shutil.copy(copy, location)
        with pytest.raises(FirmUnusable) as caught:
            clients.add(session, {"display_name": "Never"})
        assert caught.value.code == "firm_overwritten"


def test_a_copy_over_the_file_is_noticed_though_nobody_has_looked_since_a_checkpoint(
    location: str, tmp_path: Path
) -> None:
    """What was written after the copy was made is moved into the file, and the copy put there, between two looks."""
    copy = tmp_path / "copy.db"
    with opening.open_firm(location, "ana") as session:
        clients.add(session, {"display_name": "In the copy"})
        with sqlite3.connect(location) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
        clients.add(session, {"display_name": "Later"})
        shutil.copy(location, copy)
        with sqlite3.connect(location) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
        shutil.copy(copy, location)
        for attempt in (lambda: watching.news(session), lambda: clients.add(session, {"display_name": "Never"})):
            with pytest.raises(FirmUnusable) as caught:
                attempt()
            assert caught.value.code == "firm_overwritten"
    assert names(location) == ["In the copy"]


def test_nobody_joins_while_another_has_the_overwritten_firm_open(
    location: str, tmp_path: Path, elsewhere: Callable[..., "subprocess.Popen[str]"]
) -> None:
    backup = tmp_path / "backup.db"
    shutil.copy(location, backup)
    other = elsewhere("Lost")
    shutil.copy(backup, location)
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(location, "ana")
    assert caught.value.code == "wal_in_use"
    other.communicate("")
    assert names(location) == []


def test_two_that_have_the_firm_open_know_each_other(
    location: str, elsewhere: Callable[..., "subprocess.Popen[str]"]
) -> None:
    with opening.open_firm(location, "ana") as session:
        elsewhere("Theirs").communicate("")
        clients.add(session, {"display_name": "Ours"})
        elsewhere("Theirs again").communicate("")
        watching.news(session)
        clients.add(session, {"display_name": "Ours again"})
    assert names(location) == ["Theirs", "Ours", "Theirs again", "Ours again"]


def test_a_generation_is_new_with_the_first_write_and_in_every_copy(location: str, tmp_path: Path) -> None:
    made = mark(location)
    with opening.open_firm(location, "ana"):
        pass
    assert mark(location) == made
    add(location, "One")
    written = mark(location)
    copy = tmp_path / "copy.db"
    with opening.open_firm(location, "ana") as session:
        session.engine.back_up(str(copy))
    assert len({made, written, mark(str(copy)), 0}) == 4


def test_a_generation_that_another_program_has_just_given_is_in_the_file_before_anything_is_written(
    location: str,
) -> None:
    with opening.open_firm(location, "ana") as session:
        clients.add(session, {"display_name": "One"})
        version = sqlite_header.new_version(versions.SCHEMA_VERSION)
        other = sqlite3.connect(location, isolation_level=None)
        other.execute(f"PRAGMA user_version = {version}")
        assert mark(location) != sqlite_header.generation(version)  # it is in the -wal only
        clients.add(session, {"display_name": "Two"})
        assert mark(location) == sqlite_header.generation(version)
        other.close()
    assert names(location) == ["One", "Two"]


MANY = """
import sys
from clientdesk.desk import clients, opening
for line in range(int(sys.argv[3])):
    with opening.open_firm(sys.argv[1], "ana") as session:
        clients.add(session, {"display_name": f"{sys.argv[2]} {line}"})
"""


def test_programs_that_open_and_close_beside_each_other_lose_nothing(location: str) -> None:
    started = [programs.Popen([sys.executable, "-c", MANY, location, str(number), "8"]) for number in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert len(names(location)) == 24


# --- files of others


def other_file(path: Path, *statements: str, wal: bool = False) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {'wal' if wal else 'delete'}")
    for statement in ("CREATE TABLE notes (text)", *statements):
        connection.execute(statement)
    connection.close()


OF_A_GENERATION = 6 << 8
OURS = f"PRAGMA application_id = {sqlite_header.APPLICATION_ID}"


@pytest.mark.parametrize("wal", [False, True])
@pytest.mark.parametrize(
    ("statements", "code"),
    [
        ((), "not_a_firm"),
        (("PRAGMA user_version = 6",), "not_a_firm"),
        (
            ("PRAGMA application_id = 77", f"PRAGMA user_version = {OF_A_GENERATION + versions.SCHEMA_VERSION}"),
            "not_a_firm",
        ),
        ((OURS,), "not_a_firm"),
        ((OURS, "PRAGMA user_version = 3"), "earlier_build"),
        ((OURS, f"PRAGMA user_version = {OF_A_GENERATION + versions.OLDEST - 1}"), "earlier_build"),
        ((OURS, f"PRAGMA user_version = {OF_A_GENERATION + versions.SCHEMA_VERSION + 1}"), "newer"),
        ((OURS, "PRAGMA user_version = 200"), "newer"),
    ],
)
def test_what_is_not_ours_stays_as_it_is(
    engine_name: str, tmp_path: Path, statements: tuple[str, ...], code: str, wal: bool
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    path = folder / "other.db"
    other_file(path, *statements, wal=wal)
    content, about = path.read_bytes(), path.stat()
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(str(path), "ana")
    assert caught.value.code == code
    assert path.read_bytes() == content
    assert path.stat().st_mtime_ns == about.st_mtime_ns
    assert os.listdir(folder) == ["other.db"]

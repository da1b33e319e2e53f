"""A backup is put back: checked, the present file kept with all that was in it, nobody in it meanwhile.

CLIENTDESK_KILLS says how often a restore is killed (3): `CLIENTDESK_KILLS=200 python -m pytest tests/desk/test_restoring.py`.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from clientdesk.desk import checking, clients, history, opening, restoring
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import sqlite_header, versions
from tests import kills, programs
from tests.store.both import on_a_file, on_a_server

pytestmark = pytest.mark.thorough("programs")

KILLS = kills.kills(3)


def add(location: str, *names: str) -> None:
    with opening.open_firm(location, "ana") as session:
        for name in names:
            clients.add(session, {"display_name": name})


def head(location: str) -> list[object]:
    with opening.open_firm(location, "ana") as session:
        return list(session.engine.sql("SELECT id, seal FROM change_set ORDER BY id DESC LIMIT 1").fetchone())


def names(location: str) -> list[str]:
    """The clients of the firm, which is sound."""
    with opening.open_firm(location, "ana") as session:
        assert session.notices == ()
        assert [finding for finding in checking.check_firm(session, accept_head=True) if not finding.sound] == []
        return [name for (name,) in session.engine.sql("SELECT display_name FROM client ORDER BY id").fetchall()]


@pytest.fixture
def backup(location: str, tmp_path: Path) -> str:
    """A backup with one client; the firm has had another one since."""
    add(location, "Kept")
    path = str(shutil.copy(location, tmp_path / "backup.db"))
    add(location, "Lost")
    return path


@on_a_file
def test_what_stood_there_is_kept_with_the_changes_that_a_kill_has_left_beside_it(location: str, backup: str) -> None:
    child = os.fork()
    if child == 0:
        try:
            clients.add(opening.open_firm(location, "ana"), {"display_name": "Lost too"})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.path.getsize(location + "-wal")
    os.chmod(location, 0o640)
    content = Path(backup).read_bytes()
    restored = restoring.restore_firm(backup, location, "ana")
    assert (restored.firm, restored.clients) == ("Ríos y Asociados", 1)
    assert restored.kept.startswith(f"{location}.aside-")
    assert names(location) == ["Kept"]
    assert names(restored.kept) == ["Kept", "Lost", "Lost too"]
    assert Path(backup).read_bytes() == content
    assert os.stat(location).st_mode & 0o777 == 0o640
    assert [name for name in os.listdir(os.path.dirname(location)) if name.endswith(("-wal", "-shm"))] == []


@on_a_file
def test_the_history_names_both_heads_and_who_has_done_it(location: str, backup: str) -> None:
    left, taken = head(location), head(backup)
    restored = restoring.restore_firm(backup, location, "ana")
    assert [list(restored.left), list(restored.taken)] == [left, taken]
    with opening.open_firm(location, "ana") as session:
        newest = history.of_firm(session, 1)[0]
        assert (newest.title, newest.who, newest.subject) == ("Backup put back", "Ana García", "Ríos y Asociados")
        ((kind, note),) = session.engine.sql("SELECT kind, note FROM change_set ORDER BY id DESC LIMIT 1").fetchall()
        assert (kind, json.loads(note)) == ("firm.restored", {"left": left, "taken": taken})
        assert session.engine.sql(
            "SELECT entity, key FROM history WHERE change_set_id = (SELECT max(id) FROM change_set)"
        ).fetchall() == [("firm", "1")]


@on_a_file
def test_somebody_whom_the_firm_does_not_know_is_named(location: str, backup: str) -> None:
    restoring.restore_firm(backup, location, "operator")
    with opening.open_firm(location, "ana") as session:
        note = session.engine.sql("SELECT note FROM change_set ORDER BY id DESC LIMIT 1").fetchone()[0]
        assert json.loads(note)["by"] == "operator"


@on_a_file
def test_the_restored_firm_has_a_generation_of_its_own(location: str, backup: str) -> None:
    restoring.restore_firm(backup, location, "ana")
    marks = [sqlite_header.header(Path(path).read_bytes()[:100]) for path in (location, backup)]
    assert marks[0] != marks[1]


@on_a_file
def test_where_nothing_stands_the_backup_is_simply_put(location: str, backup: str, tmp_path: Path) -> None:
    to = str(tmp_path / "new.db")
    Path(to + "-wal").write_bytes(b"left by a firm that is gone")
    restored = restoring.restore_firm(backup, to, "ana")
    assert (restored.kept, restored.left) == ("", (0, ""))
    assert names(to) == ["Kept"]
    assert names(location) == ["Kept", "Lost"]
    assert os.stat(to).st_mode & 0o777 == 0o600


@on_a_file
def test_a_damaged_firm_is_put_back(location: str, backup: str) -> None:
    os.truncate(location, 30_000)
    restored = restoring.restore_firm(backup, location, "ana")
    assert os.path.getsize(restored.kept) == 30_000
    assert names(location) == ["Kept"]


def spoilt(backup: str, how: str) -> None:
    if how == "cut":
        os.truncate(backup, 40_000)
    elif how == "text":
        Path(backup).write_text("Company ID,Display name\n")
    elif how == "scratched":
        with open(backup, "r+b") as file:
            file.seek(3 * 4096)
            file.write(os.urandom(4 * 4096))
    else:
        with sqlite3.connect(backup) as other:
            newer = f"PRAGMA user_version = {versions.SCHEMA_VERSION + 1}"
            other.execute("PRAGMA application_id = 77" if how == "other" else newer)
        other.close()


@on_a_file
@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("cut", "backup_damaged"),
        ("scratched", "backup_damaged"),
        ("text", "not_a_firm"),
        ("other", "not_a_firm"),
        ("newer", "newer"),
    ],
)
def test_what_is_no_whole_backup_is_refused(location: str, backup: str, how: str, code: str) -> None:
    spoilt(backup, how)
    before = Path(location).read_bytes(), sorted(os.listdir(os.path.dirname(location)))
    with pytest.raises(FirmUnusable) as caught:
        restoring.restore_firm(backup, location, "ana")
    assert caught.value.code == code
    after = Path(location).read_bytes(), sorted(set(os.listdir(os.path.dirname(location))) - {"clientdesk.log"})
    assert after == (before[0], [name for name in before[1] if name != "clientdesk.log"])


@on_a_file
def test_files_that_are_none_of_ours_are_not_replaced(location: str, backup: str, tmp_path: Path) -> None:
    letter, other = tmp_path / "letter.txt", tmp_path / "other.db"
    letter.write_text("Dear Ana")
    sqlite3.connect(other).execute("CREATE TABLE notes (text)").connection.close()
    for path in (letter, other):
        content = path.read_bytes()
        with pytest.raises(FirmUnusable) as caught:
            restoring.restore_firm(backup, str(path), "ana")
        assert caught.value.code == "restore_over_other"
        assert path.read_bytes() == content
    with pytest.raises(FirmUnusable) as caught:
        restoring.restore_firm(location, location, "ana")
    assert caught.value.code == "restore_same"


OPEN = """
import sys
from clientdesk.desk import opening
session = opening.open_firm(sys.argv[1], "ana")
print("ready", flush=True)
sys.stdin.read()
"""


@on_a_file
def test_nobody_may_have_the_firm_open(location: str, backup: str) -> None:
    with opening.open_firm(location, "ana"), pytest.raises(FirmUnusable) as caught:
        restoring.restore_firm(backup, location, "ana")
    assert caught.value.code == "firm_in_use"
    with programs.Popen(
        [sys.executable, "-c", OPEN, location], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(FirmUnusable) as caught:
            restoring.restore_firm(backup, location, "ana")
        assert caught.value.code == "firm_in_use"
        other.communicate("")
    assert names(location) == ["Kept", "Lost"]
    restoring.restore_firm(backup, location, "ana")
    assert names(location) == ["Kept"]


RESTORING = """
import sys
from clientdesk.desk import restoring
print("begin", flush=True)
restoring.restore_firm(sys.argv[1], sys.argv[2], "ana")
print("restored", flush=True)
"""


@pytest.mark.long("kills")
@on_a_file
def test_a_restore_that_is_killed_leaves_the_firm_as_it_was_or_as_it_shall_be(location: str, backup: str) -> None:
    moments, restored = kills.Moments(KILLS, kills.run(RESTORING, backup, location).seconds), 0
    assert names(location) == ["Kept"]
    for moment in moments:
        if names(location) == ["Kept"]:
            add(location, "Lost")
        ended = kills.run(RESTORING, backup, location, kill_after=moment)
        there = names(location)
        assert there in (["Kept"], ["Kept", "Lost"])
        assert there == ["Kept"] or not ended.said
        restored += there == ["Kept"] and not ended.said
        if ended.said:
            moments.too_late()
        for name in os.listdir(os.path.dirname(location)):
            if ".aside-" in name or ".new-" in name:
                os.remove(os.path.join(os.path.dirname(location), name))
    print(f"{restored} of {KILLS} kills left the restored firm; {moments.late} more came too late")


@on_a_server
def test_a_server_is_not_restored_from_a_file(location: str, tmp_path: Path) -> None:
    for backup, to in ((location, str(tmp_path / "firm.db")), (str(tmp_path / "backup.db"), location)):
        with pytest.raises(FirmUnusable) as caught:
            restoring.restore_firm(backup, to)
        assert caught.value.code == "restore_server"
        assert "clientdesk firm copy" in caught.value.message

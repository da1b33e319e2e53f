"""A firm in a file that can only be read: an account without rights, a folder, a disk that is mounted so."""

import logging.handlers  # noqa: F401 - another account may not read the interpreter's own files
import os
import shutil
import sqlite3
import subprocess
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clientdesk.desk import checking, clients, history, list_columns, opening, restoring, save_copy, watching
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import sqlite_opening, versions
from tests.disks import fill, mounted

pytestmark = pytest.mark.thorough("programs")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account can come to, with a firm of one client in it."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        path = f"{name}/firm.db"
        with opening.create_firm(path, "Ríos", "Ana", "ana") as session:
            clients.add(session, {"display_name": "Peña SA"})
        os.chmod(path, 0o644)
        yield Path(name)


def as_another(check: Callable[[], None]) -> None:
    """Runs a check in a process of an account that owns nothing, where you are root; else in one of yours."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            check()
            status = 0
        except BaseException:  # noqa: BLE001 - the parent sees the status
            traceback.print_exc()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs a second account")


def names(session: Session) -> list[str]:
    return [row.values[0] for row in clients.window(session, ClientQuery(), ["display_name"], 0, 50)]


def refusal(open_it: Callable[[], object]) -> FirmUnusable:
    with pytest.raises(FirmUnusable) as caught:
        open_it()
    assert len(caught.value.problems) == 1
    assert "\n" not in caught.value.message
    return caught.value


def assert_only_read(session: Session) -> None:
    """Everything can be looked at, nothing changed."""
    assert names(session) == ["Peña SA"]
    assert clients.count(session, ClientQuery(find="peña")) == 1
    assert history.of_firm(session)
    (notice,) = session.notices
    assert (notice.code, notice.warning) == ("opened_read_only", True)
    assert "read only" in notice.message
    columns = list_columns.columns(session)
    writes: tuple[Callable[[], object], ...] = (
        lambda: clients.add(session, {"display_name": "X"}),
        lambda: list_columns.save_columns(session, columns[:2]),
        session.demand_writable,
    )
    for write in writes:
        assert refusal(write).code == "firm_read_only"
    findings = checking.check_firm(session)
    assert [finding.name for finding in findings if not finding.looked_at] == ["search"]
    assert [finding.name for finding in findings if not finding.sound] in (
        [],
        ["permissions"],
        ["permissions", "sharing"],
    )


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "reason"), [(0o444, 0o555, "file"), (0o444, 0o755, "file"), (0o666, 0o555, "folder")]
)
def test_without_the_right_to_write(folder: Path, file_mode: int, folder_mode: int, reason: str) -> None:
    os.chmod(folder / "firm.db", file_mode)
    os.chmod(folder, folder_mode)
    before = (folder / "firm.db").read_bytes()

    def check() -> None:
        assert sqlite_opening.way_in(f"{folder}/firm.db", lambda: False) == ("immutable", reason)
        with opening.open_firm(f"{folder}/firm.db", "ana") as session:
            assert_only_read(session)
            assert os.listdir(folder) == ["firm.db"]

    as_another(check)
    assert ((folder / "firm.db").read_bytes(), os.listdir(folder)) == (before, ["firm.db"])
    os.chmod(folder, 0o755)


@as_root
def test_what_another_account_writes_meanwhile_is_seen(folder: Path) -> None:
    """Through the -wal while that account has the firm open, and from the file when it has closed it."""
    path = f"{folder}/firm.db"
    ready, go = os.pipe(), os.pipe()

    def step() -> None:
        os.write(ready[1], b".")
        assert os.read(go[0], 1) == b"."

    def check() -> None:
        with opening.open_firm(path, "ana") as session:
            assert names(session) == ["Peña SA"]
            assert not watching.news(session).changed
            step()
            assert watching.news(session).changed
            assert names(session) == ["Open", "Peña SA"]
            assert not watching.news(session).changed
            step()
            assert names(session) == ["Closed", "Open", "Peña SA"]
            assert watching.news(session).changed
            step()
        with opening.open_firm(path, "ana") as session:
            assert names(session) == ["Closed", "Open", "Peña SA"]

    child = os.fork()
    for descriptor in (ready[0], go[1]) if child == 0 else (ready[1], go[0]):
        os.close(descriptor)  # so that each hears when the other ends
    if child == 0:
        try:
            as_another(check)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.read(ready[0], 1) == b"."
    with opening.open_firm(path, "ana") as writer:
        clients.add(writer, {"display_name": "Open"})
        os.write(go[1], b".")
        assert os.read(ready[0], 1) == b"."
        clients.add(writer, {"display_name": "Closed"})
    os.write(go[1], b".")
    assert os.read(ready[0], 1) == b"."
    os.write(go[1], b".")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.fixture
def left_open(folder: Path) -> Path:
    """The firm as a process that was killed leaves it: the latest client stands in the -wal only."""
    writer = opening.open_firm(f"{folder}/firm.db", "ana")
    clients.add(writer, {"display_name": "In the -wal"})
    left = folder / "left"
    left.mkdir(mode=0o755)
    for ending in ("", "-wal", "-shm"):
        shutil.copy(f"{folder}/firm.db{ending}", f"{left}/firm.db{ending}")
        os.chmod(f"{left}/firm.db{ending}", 0o644)
    writer.close()
    return left


@as_root
def test_the_latest_changes_beside_the_file_are_read_or_it_is_refused(left_open: Path) -> None:
    path = f"{left_open}/firm.db"

    def reads_all() -> None:
        with opening.open_firm(path, "ana") as session:
            assert names(session) == ["In the -wal", "Peña SA"]

    def cannot_read_all() -> None:
        refused = refusal(lambda: opening.open_firm(path, "ana"))
        assert (refused.code, f"{path}-wal" in refused.message) == ("changes_beside", True)

    as_another(reads_all)
    os.remove(f"{path}-shm")
    as_another(cannot_read_all)
    assert sorted(os.listdir(left_open)) == ["firm.db", "firm.db-wal"]


@as_root
def test_a_wal_of_another_file_is_neither_read_nor_in_the_way(left_open: Path, folder: Path) -> None:
    path = f"{left_open}/firm.db"
    with opening.open_firm(f"{folder}/firm.db", "ana") as session:
        clients.add(session, {"display_name": "Of another file"})
        session.engine.back_up(f"{folder}/backup.db")
    shutil.copyfile(f"{folder}/backup.db", path)
    before = Path(f"{path}-wal").read_bytes()

    def check() -> None:
        with opening.open_firm(path, "ana") as session:
            assert names(session) == ["In the -wal", "Of another file", "Peña SA"]

    as_another(check)
    assert Path(f"{path}-wal").read_bytes() == before


@as_root
def test_a_wal_of_somebody_else_is_named_with_its_owner(left_open: Path) -> None:
    path = f"{left_open}/firm.db"
    os.chmod(f"{path}-wal", 0o600)

    def check() -> None:
        refused = refusal(lambda: opening.open_firm(path, "ana"))
        assert (refused.code, "root" in refused.message) == ("beside_of_another", True)
        assert f"{path}-wal" in refused.message

    as_another(check)
    os.chmod(left_open, 0o777)
    os.chmod(path, 0o666)
    as_another(check)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    (tmp_path / "there.db").symlink_to(tmp_path / "back.db")
    (tmp_path / "back.db").symlink_to(tmp_path / "there.db")
    for path, code in {
        str(loop): "path_loop",
        str(tmp_path / "there.db"): "path_loop",
        str(loop / "firm.db"): "path_loop",
        str(tmp_path / ("n" * 300)): "path_too_long",
        "f/" * 3000: "path_too_long",
        "a\0b": "no_path",
    }.items():
        assert refusal(lambda path=path: opening.open_firm(path, "ana")).code == code  # type: ignore[misc]
    with pytest.raises(FirmUnusable) as caught:
        opening.make_firm(str(tmp_path / ("n" * 300)), "Ríos", "Ana", "ana")
    assert caught.value.code == "path_too_long"
    assert not list(tmp_path.glob(".clientdesk*"))


# --- a disk that is mounted read only, and written where it is mounted otherwise


@pytest.fixture
def both_mounts(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A firm's path where it can be written, and its path on the same disk mounted read only."""
    with mounted(tmp_path / "disk", "size=20m") as disk:
        seen = tmp_path / "seen"
        seen.mkdir()
        subprocess.run(["mount", "--bind", str(disk), str(seen)], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", str(seen)], check=True)
        try:
            with opening.create_firm(f"{disk}/firm.db", "Ríos", "Ana", "ana") as session:
                clients.add(session, {"display_name": "Peña SA"})
            yield f"{disk}/firm.db", f"{seen}/firm.db"
        finally:
            subprocess.run(["umount", "--lazy", str(seen)], check=True)


def test_a_disk_that_is_mounted_read_only(both_mounts: tuple[str, str]) -> None:
    written, seen = both_mounts
    with opening.open_firm(seen, "ana") as session:
        assert_only_read(session)
        assert "mounted" in session.notices[0].message
        assert os.listdir(os.path.dirname(written)) == ["firm.db"]
    made = refusal(lambda: opening.make_firm(f"{os.path.dirname(seen)}/new.db", "Ríos", "Ana", "ana"))
    assert made.code == "disk_read_only"


def test_what_was_read_while_somebody_wrote_is_read_again(both_mounts: tuple[str, str]) -> None:
    written, seen = both_mounts
    tries: list[int] = []

    @reads
    def slowly(session: Session) -> list[str]:
        """Somebody writes, and closes the firm, between two parts of the first try."""
        before = clients.totals(session).all
        tries.append(before)
        if len(tries) == 1:
            with opening.open_firm(written, "ana") as writer:
                clients.add(writer, {"display_name": "Meanwhile"})
        with session.engine.reading():
            return names(session)

    with opening.open_firm(seen, "ana") as session:
        assert slowly(session) == ["Meanwhile", "Peña SA"]

        def half() -> None:
            with session.engine.errors(), session.engine.reading():
                clients.totals(session)
                with opening.open_firm(written, "ana") as writer:
                    clients.add(writer, {"display_name": "Once more"})

        assert refusal(half).code == "changed_while_read"


def test_an_older_firm_is_not_brought_up_to_date(both_mounts: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "SCHEMA_VERSION", versions.SCHEMA_VERSION + 1)
    refused = refusal(lambda: opening.open_firm(both_mounts[1], "ana"))
    assert (refused.code, "read only" in refused.message) == ("older_read_only", True)


def test_a_firm_that_is_read_only_can_be_copied(both_mounts: tuple[str, str], tmp_path: Path) -> None:
    from clientdesk.desk.copying import copy_firm

    with opening.open_firm(both_mounts[1], "ana") as session:
        copy_firm(session, str(tmp_path / "copy.db"))
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT display_name FROM client").fetchall() == [("Peña SA",)]


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_what_stands_beside_a_firm_is_no_place_for_one(folder: Path, ending: str) -> None:
    place = f"{folder}/other.db{ending}"
    with opening.open_firm(f"{folder}/firm.db", "ana") as session:
        for attempt in (
            lambda: opening.make_firm(place, "Ríos", "Ana"),
            lambda: restoring.restore_firm(f"{folder}/firm.db", place),
            lambda: save_copy.save_copy(session, place),
        ):
            with pytest.raises(FirmUnusable) as caught:
                attempt()
            assert caught.value.code == "name_of_sqlite"
    assert os.listdir(folder) == ["firm.db"]


def test_a_name_that_leaves_no_room_for_what_stands_beside_it_is_too_long(folder: Path) -> None:
    location = str(folder / "firm.db")
    long = str(folder / ("n" * 253))
    for attempt in (
        lambda: opening.make_firm(long, "Ríos", "Ana"),
        lambda: restoring.restore_firm(location, long),
        lambda: restoring.restore_firm(location, str(folder / ("n" * 300))),
        lambda: opening.open_firm(shutil.copy(location, long), "ana"),
        lambda: restoring.restore_firm(location, shutil.copy(location, str(folder / ("n" * 240)))),
    ):
        with pytest.raises(FirmUnusable) as caught:
            attempt()
        assert caught.value.code == "path_too_long"


def test_on_a_full_disk_everything_can_be_looked_at(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=3m") as disk:
        path = str(disk / "firm.db")
        with opening.create_firm(path, "Ríos", "Ana", "ana") as session:
            clients.add(session, {"display_name": "Peña SA"})
        fill(disk)
        with opening.open_firm(path, "ana") as session:
            assert_only_read(session)
            assert "free some space" in session.notices[0].message
        assert refusal(lambda: opening.repair_firm(path)).code == "repair_read_only"
        (disk / "filling").unlink()
        with opening.open_firm(path, "ana") as session:
            assert session.notices == ()
            clients.add(session, {"display_name": "Norte SL"})


def test_on_a_full_disk_the_latest_changes_beside_the_file_are_not_passed_over(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=3m") as disk:
        path = str(disk / "firm.db")
        opening.make_firm(path, "Ríos", "Ana", "ana")
        child = os.fork()
        if child == 0:
            try:
                clients.add(opening.open_firm(path, "ana"), {"display_name": "Peña SA"})
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        (disk / "firm.db-shm").unlink()
        fill(disk)
        assert refusal(lambda: opening.open_firm(path, "ana")).code == "disk_full"
        (disk / "filling").unlink()
        with opening.open_firm(path, "ana") as session:
            assert names(session) == ["Peña SA"]

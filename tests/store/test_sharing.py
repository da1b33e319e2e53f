"""A firm's file that a group of accounts shares: two of them at work, what is missing where they cannot, what is refused."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from clientdesk import log_file
from clientdesk.desk import checking, clients, opening, restoring, team
from clientdesk.desk.session import Session
from clientdesk.desk.watching import news
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable, Problem, Refused
from tests.founding import Originals

pytestmark = pytest.mark.thorough("programs")

TEAM = 54_400
"""The group that shares: a number, as no computer need know it by a name."""


class Account(NamedTuple):
    """An account of the computer: its number (its own group's, too), and the groups it is in."""

    number: int
    groups: tuple[int, ...] = ()


ANA, BOB, EVE = Account(54_321, (TEAM,)), Account(54_322, (TEAM,)), Account(54_323)
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can work as other accounts")


@contextmanager
def working_as(account: Account) -> Iterator[None]:
    """The process is another account's, and root's again afterwards."""
    groups = os.getgroups()
    os.setgroups(account.groups)
    os.setresgid(account.number, account.number, 0)
    os.setresuid(account.number, account.number, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)


@pytest.fixture
def file(files: Originals) -> Iterator[str]:
    """The firm of Ana's account, in a folder of its own, with Bob in the team; nobody else gets there yet."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        own = f"{place}/firm"
        os.mkdir(own, 0o700)
        path = files.copy("shared", _make, f"{own}/firm.db")
        # What is imported later than this, an account that may not read root's Python cannot import.
        log_file.log()
        opening.share_firm(path, str(os.getegid()))
        with opening.open_firm(path, "ana") as session:
            checking.check_firm(session)
        os.chmod(path, 0o600)
        os.chmod(own, 0o700)
        for each in (own, path):
            os.chown(each, ANA.number, ANA.number)
        yield path


def _make(path: str) -> None:
    with opening.create_firm(path, "Ríos y Asociados", "Ana García", "ana") as session:
        team.add_member(session, "Bob Test", "", "bob", Access.FULL)
        clients.add(session, {"display_name": "Peña SA"})


def names(session: Session) -> list[str]:
    """The display names of all clients."""
    return [row.values[0] for row in clients.window(session, ClientQuery(), ("display_name",), 0, 10)]


def not_shared_for(account: Account, path: str, login: str) -> Problem:
    """What keeps an account away: from the firm, or, where it can read it, from changing it."""
    with working_as(account):
        try:
            session = opening.open_firm(path, login)
        except FirmUnusable as refusal:
            return refusal.problems[0]
        with session:
            with pytest.raises(FirmUnusable, match="clientdesk firm share"):
                session.demand_writable()
            return session.notices[-1]


def refused_to(account: Account, path: str, login: str) -> Refused:
    """Why an account cannot open the firm."""
    with working_as(account), pytest.raises(FirmUnusable) as caught:
        opening.open_firm(path, login).close()
    return caught.value


def sharing_finding(path: str) -> str:
    """What `check` says to Ana about the group; "" where it says that nothing is wrong."""
    with working_as(ANA), opening.open_firm(path, "ana") as session:
        (finding,) = (finding for finding in checking.check_firm(session) if finding.name == "sharing")
    return "" if finding.sound else finding.sentence


@as_root
def test_two_accounts_work_in_one_file(file: str) -> None:
    assert refused_to(BOB, file, "bob").code == "unreadable"
    with working_as(ANA):
        shared = opening.share_firm(file, str(TEAM))
        assert (shared.group, shared.warnings) == (str(TEAM), ())
        ana = opening.open_firm(file, "ana")
    with working_as(BOB):
        bob = opening.open_firm(file, "bob")
        clients.add(bob, {"display_name": "Ríos SL"})
    with working_as(ANA):
        assert news(ana).changed
        assert names(ana) == ["Peña SA", "Ríos SL"]
        clients.add(ana, {"display_name": "Sol SL"})
    with working_as(BOB):
        assert news(bob).changed
        assert names(bob) == ["Peña SA", "Ríos SL", "Sol SL"]
    beside = [file + ending for ending in ("", "-wal", "-shm")]
    assert [(os.stat(each).st_gid, stat.S_IMODE(os.stat(each).st_mode)) for each in beside] == [(TEAM, 0o660)] * 3
    with working_as(ANA):
        ana.close()
    with working_as(BOB):
        bob.close()
    assert os.listdir(os.path.dirname(file)) == ["firm.db"]
    assert sharing_finding(file) == ""
    assert refused_to(EVE, file, "eve").code == "not_in_group"


@as_root
@pytest.mark.parametrize(
    ("lacks", "mode", "word"),
    [
        ("", 0o770, "no setgid bit"),
        ("", 0o2750, "not the group's to write (mode 2750)"),
        ("", 0o2700, "not the group's to write (mode 2700)"),
        ("/firm.db", 0o600, "mode 0600"),
        ("/firm.db", 0o640, "mode 0640"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(file: str, lacks: str, mode: int, word: str) -> None:
    with working_as(ANA):
        opening.share_firm(file, str(TEAM))
    os.chmod(os.path.dirname(file) + lacks, mode)
    with working_as(ANA):
        held = opening.open_firm(file, "ana")  # what stands beside the file now is Ana's
        clients.add(held, {"display_name": "Ríos SL"})
    try:
        refusal = not_shared_for(BOB, file, "bob")
        assert refusal.code == "not_shared"
        assert word in refusal.message
        assert f"clientdesk firm share {TEAM}" in refusal.message
        assert word in sharing_finding(file)
        assert "clientdesk firm share" in sharing_finding(file)
        with working_as(ANA):
            opening.share_firm(file, str(TEAM))
        with working_as(BOB), opening.open_firm(file, "bob") as bob:
            assert names(bob) == ["Peña SA", "Ríos SL"]
    finally:
        with working_as(ANA):
            held.close()


@as_root
def test_only_the_owner_in_the_group_shares_it(file: str) -> None:
    def refusal(account: Account, group: int = TEAM) -> str:
        with working_as(account), pytest.raises(FirmUnusable) as caught:
            opening.share_firm(file, str(group))
        return caught.value.code

    os.chmod(os.path.dirname(file), 0o755)
    os.chmod(file, 0o666)
    assert refusal(BOB) == "share_not_owner"
    assert refusal(Account(ANA.number)) == "share_not_member"
    os.chown(os.path.dirname(file), 0, 0)
    assert refusal(ANA) == "share_not_owner"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o666


def test_what_else_the_group_would_reach_is_refused(
    files: Originals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "firm"
    folder.mkdir(0o700)
    path = files.copy("shared", _make, folder / "firm.db")
    group = str(os.getegid())

    def refusal(place: str = path, group: str = group) -> Refused:
        with pytest.raises(FirmUnusable) as caught:
            opening.share_firm(place, group)
        return caught.value

    for other in ("notes.txt", "letters"):
        (folder / other).touch()
    assert refusal().code == "share_others"
    assert "(2): letters, notes.txt." in refusal().message
    for other in ("notes.txt", "letters"):
        (folder / other).unlink()
    monkeypatch.setenv("HOME", str(folder))
    assert refusal().code == "share_home"
    monkeypatch.setenv("HOME", str(tmp_path))
    folder.chmod(0o1777)
    assert refusal().code == "share_open_folder"
    folder.chmod(0o700)
    assert refusal(group="no such group").code == "share_no_group"
    assert refusal(group=str(TEAM)).code == "share_not_member"
    assert refusal("postgresql://host/firm").code == "share_server"
    assert refusal(str(tmp_path / "none.db")).code == "firm_missing"
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0" + bytes(200))
    assert refusal(str(tmp_path / "other.db")).code == "not_a_firm"
    assert (folder.stat().st_mode & 0o7777, os.stat(path).st_mode & 0o777) == (0o700, 0o600)
    backup = folder / "firm.db.before-4"
    backup.touch(0o600)
    os.symlink(path, tmp_path / "link.db")
    shared = opening.share_firm(str(tmp_path / "link.db"), group)
    assert shared.path == os.path.realpath(path)
    assert [notice.code for notice in shared.warnings] == ["share_closed_above"]  # pytest's folders are for one account
    assert (folder.stat().st_mode & 0o7777, os.stat(path).st_mode & 0o777) == (0o2770, 0o660)
    assert backup.stat().st_mode & 0o777 == 0o600


@as_root
@pytest.mark.parametrize("whose", ["firm.db", "backup.db"])
def test_a_wal_that_one_may_not_read_is_named_when_a_backup_is_put_back(file: str, whose: str) -> None:
    with working_as(ANA):
        opening.share_firm(file, str(TEAM))
    folder = os.path.dirname(file)
    backup = str(shutil.copy(file, f"{folder}/backup.db"))
    os.chown(backup, BOB.number, TEAM)
    wal = f"{folder}/{whose}-wal"
    Path(wal).write_bytes(b"a commit")
    os.chmod(wal, 0o600)
    with working_as(BOB), pytest.raises(FirmUnusable) as caught:
        restoring.restore_firm(backup, file, "bob")
    assert (caught.value.code, caught.value.problems[0].values["path"]) == ("beside_of_another", wal)
    assert sorted(os.listdir(folder)) == sorted({"firm.db", "backup.db", f"{whose}-wal"})


@as_root
def test_the_group_works_on_in_what_one_of_it_has_put_back(file: str) -> None:
    with working_as(ANA):
        opening.share_firm(file, str(TEAM))
    backup = f"{os.path.dirname(os.path.dirname(file))}/backup.db"
    shutil.copy(file, backup)
    os.chmod(backup, 0o644)
    with working_as(BOB):
        restoring.restore_firm(backup, file, "bob")
    about = os.stat(file)
    assert (about.st_uid, about.st_gid, stat.S_IMODE(about.st_mode)) == (BOB.number, TEAM, 0o660)
    with working_as(ANA):
        opening.share_firm(file, str(TEAM))
    os.chmod(file, 0o600)
    with working_as(ANA), pytest.raises(FirmUnusable) as caught:
        opening.share_firm(file, str(TEAM))
    assert (caught.value.code, caught.value.problems[0].values["path"]) == ("share_not_owner", file)
    with working_as(BOB):
        opening.share_firm(file, str(TEAM))
    with working_as(ANA), opening.open_firm(file, "ana") as ana:
        clients.add(ana, {"display_name": "Ríos SL"})
    os.chmod(file, 0o600)
    opening.share_firm(file, str(TEAM))  # as root
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o660

"""What is on the disk only meanwhile is gone afterwards, however the program ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clientdesk import folders, temporary
from clientdesk.temporary import Folder, Unfinished
from tests import programs

HOLDER = """
import os, sys, time
from clientdesk import temporary
os.__dict__.pop("O_TMPFILE", None)  # so the file has a name from the beginning
made = [temporary.Folder(sys.argv[1]), temporary.Unfinished.in_folder(sys.argv[1])]
open(made[0].path + "/firm.db-wal", "w").write("a client")
print("ready", flush=True)
time.sleep(600)
"""
"""A process that has a folder and a file with a name under way."""


def started(program: str, *arguments: str) -> "subprocess.Popen[str]":
    process = programs.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def in_folder(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def put(unfinished: Unfinished, content: bytes) -> None:
    os.write(unfinished.descriptor, content)


def without_nameless(patch: pytest.MonkeyPatch) -> None:
    """A file system on which every file has a name."""
    patch.delattr(os, "O_TMPFILE", raising=False)


@pytest.mark.parametrize("named", [False, True])
def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    if named:
        without_nameless(monkeypatch)
    folder = tmp_path / "out"
    folder.mkdir()
    unfinished = Unfinished.in_folder(str(folder))
    put(unfinished, b"all")
    assert len(in_folder(folder)) == named
    unfinished.give_name(str(folder / "x"))
    unfinished.discard()
    assert in_folder(folder) == ["x"]
    assert (folder / "x").stat().st_mode & 0o777 == 0o600

    second = Unfinished.in_folder(str(folder))
    put(second, b"more")
    with pytest.raises(FileExistsError):
        second.give_name(str(folder / "x"))
    (folder / "x").chmod(0o664)
    second.take_after((folder / "x").stat())
    second.give_name(str(folder / "x"), replace=True)
    second.discard()
    Unfinished.in_folder(str(folder)).discard()
    assert in_folder(folder) == ["x"]
    assert ((folder / "x").read_bytes(), (folder / "x").stat().st_mode & 0o777) == (b"more", 0o664)
    assert os.listdir(folders.state_folder() + "/temporary") == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files to others")
def test_the_owner_of_a_replaced_file_stays(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("old")
    os.chown(tmp_path / "x", 65534, 65534)
    unfinished = Unfinished.in_folder(str(tmp_path))
    unfinished.take_after((tmp_path / "x").stat())
    unfinished.give_name(str(tmp_path / "x"), replace=True)
    unfinished.discard()
    assert ((tmp_path / "x").stat().st_uid, (tmp_path / "x").stat().st_gid) == (65534, 65534)


@pytest.mark.parametrize("sweep", [lambda _folder: temporary.sweep(), temporary.sweep_folder])
def test_what_a_killed_process_has_left_is_taken_away_and_nothing_else(
    tmp_path: Path, sweep: Callable[[str], None]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    holder = started(HOLDER, str(folder))
    try:
        (folder / "clients.csv").write_text("mine")
        (folder / ".clientdesk-1-theirs.part").write_text("not a name of ours")
        os.symlink(tmp_path, folder / f".clientdesk-1-{'a' * 16}.part")
        before = in_folder(folder)
        sweep(str(folder))
        assert in_folder(folder) == before  # somebody is at work with it
        assert len(before) == 5
        mine = Folder(str(folder))
        sweep(str(folder))
        assert os.path.isdir(mine.path)
        mine.discard()
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    sweep(str(folder))
    assert in_folder(folder) == [".clientdesk-1-" + "a" * 16 + ".part", ".clientdesk-1-theirs.part", "clients.csv"]
    assert tmp_path.is_dir()
    if sweep is not temporary.sweep_folder:
        assert os.listdir(folders.state_folder() + "/temporary") == []


@pytest.mark.skipif(os.getuid() != 0, reason="needs a file of somebody else")
def test_what_another_account_has_left_is_not_ours_to_take(tmp_path: Path) -> None:
    left = tmp_path / f".clientdesk-1-{'a' * 16}.part"
    left.write_text("theirs")
    os.chown(left, 65534, 65534)
    temporary.sweep_folder(str(tmp_path))
    assert left.exists()


def test_nothing_is_said_where_nothing_can_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("in the way")
    monkeypatch.setenv("CLIENTDESK_STATE", str(tmp_path / "state"))
    temporary.sweep()
    with temporary.folder(str(tmp_path)) as folder:
        assert os.path.isdir(folder)
    assert in_folder(tmp_path) == ["state"]


def test_the_next_start_of_the_program_clears_up(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    holder = started(HOLDER, str(folder))
    holder.kill()
    holder.wait()
    assert len(in_folder(folder)) == 2
    subprocess.run([sys.executable, "-m", "clientdesk", "--version"], check=True, stdout=subprocess.DEVNULL)
    assert in_folder(folder) == []

"""The log: only its owner reads it, and where it cannot be written nobody hears of it."""

import logging
import os
import stat
import sys
from pathlib import Path

import pytest

from clientdesk import log_file
from clientdesk.desk.demo import write_demo
from tests import programs
from tests.cli.conftest import Desk
from tests.disks import fill, mounted


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_owner_reads_the_log_that_was_there_too(tmp_path: Path) -> None:
    log, older = Path(log_file.log_path()), Path(log_file.log_path() + ".1")
    for path in (log, older):
        path.write_text("before\n")
        path.chmod(0o644)
    log_file.log().error("now")
    assert (mode(log), mode(older)) == (0o600, 0o600)
    assert "before" in log.read_text()
    assert not log_file.log_failed()
    log.unlink()
    log_file.log.cache_clear()
    log_file.log().error("now")
    assert mode(log) == 0o600


@pytest.mark.parametrize("place", ["/dev/full", "folder", "pipe", "text/log", "n" * 300])
def test_a_log_that_cannot_be_written_is_silent(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "text").write_text("")
    monkeypatch.setenv("CLIENTDESK_LOG", os.path.join(tmp_path, place))
    monkeypatch.setattr(logging, "raiseExceptions", True)
    log_file.log().error("lost", exc_info=RuntimeError("why"))
    assert log_file.log_failed()
    assert capfd.readouterr() == ("", "")


def test_what_could_not_be_logged_is_not_said_to_be_in_the_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("clientdesk.desk.opening.open_firm", fail)
    monkeypatch.setenv("CLIENTDESK_LOG", "/dev/full")
    log_file.log.cache_clear()
    ended = desk("list")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "Something went wrong that should not have, and the log cannot be written (/dev/full).\n"


def test_one_sentence_on_a_disk_that_is_full_with_its_log(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=2m") as disk:
        write_demo(str(disk / "firm.db"), 20)
        environment = {**os.environ, "CLIENTDESK_LOG": str(disk / "log"), "CLIENTDESK_FIRM": str(disk / "firm.db")}
        for full in (False, True):
            if full:
                fill(disk)
            ended = programs.run(
                [sys.executable, "-m", "clientdesk", "edit", "C-00001", "notes=" + "x" * 10_000],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ended.returncode == full
        assert ended.stderr == (
            f"{disk / 'firm.db'} is read only, so nothing was changed. Its disk is full: to change something, free some"
            " space, then open it again.\n"
        )
        assert ended.stdout == ""

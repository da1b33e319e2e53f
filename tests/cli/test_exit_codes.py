"""The exit code tells the truth about what was saved, whatever becomes of the output."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clientdesk.cli import exit_codes
from clientdesk.cli.main import main
from clientdesk.desk.imports import run_log
from clientdesk.domain.problems import FirmUnusable, problem
from tests import programs
from tests.cli.conftest import Desk, Put
from tests.store.both import on_a_file

pytestmark = pytest.mark.thorough("programs")

CLIENTDESK = [sys.executable, "-m", "clientdesk"]
HEAD = "Company ID,Display name,Client number\n"
WRITES: Sequence[tuple[str, ...]] = (
    ("add", "display_name=B"),
    ("edit", "91", "phone=600 123 456", "--json"),
    ("edit", "--status", "all", "city=Lugo", "--yes"),
    ("deactivate", "91"),
    ("activate", "91"),
    ("settings", "set", "client_notice=7"),
    ("settings", "types", "add", "Club"),
    ("fields", "add", "Acta", "--kind", "date"),
    ("fields", "set", "Acta", "width=9", "--json"),
    ("team", "add", "Luis", "--login", "luis"),
    ("team", "edit", "Luis", "access=full", "--json"),
    ("team", "offer", "Luis"),
    ("team", "withdraw"),
    ("plan", "on", "91", "--subscription", "Essentials"),
    ("plan", "off", "91"),
    ("plan", "hand-over", "91"),
    ("plan", "accept", "91"),
    ("import", "numbers", "{numbers}", "--json"),
    ("import", "clients", "{clients}"),
    ("import", "mappings", "save", "own", "--map-file", "{mapping}"),
    ("import", "mappings", "delete", "own"),
    ("firm", "create", "{folder}/other.db", "--name", "Other", "--admin", "Ana"),
    ("firm", "copy", "{firm}", "{folder}/copy.db", "--json"),
    ("transfer", "91", "--to", "{folder}/other.db", "--yes"),
    ("check", "--accept-head"),
    ("demo", "--keep", "{folder}/demo.db", "--clients", "1"),
    ("delete", "91", "--yes"),
)
READS: Sequence[tuple[str, ...]] = (
    ("list",),
    ("show", "91"),
    ("export",),
    ("history", "--json"),
    ("check",),
    ("team",),
    ("fields",),
    ("import", "numbers", "{numbers}", "--dry-run"),
    ("edit", "91", "phone="),  # as it is already
)


@pytest.fixture
def places(desk: Desk, firm: str, put: Put, tmp_path: Path) -> dict[str, str]:
    """A firm with one client, whose primary admin it is, and the files that the commands name."""
    head = HEAD.replace("\n", ",Client's primary admin\n")
    first = put(head + "91,Peña SA,C-1,firm\n", "first.csv")
    assert desk("import", "clients", first).code == 0
    return {
        "firm": firm,
        "folder": str(tmp_path),
        "numbers": put(HEAD + "91,Peña SA,C-7\n", "numbers.csv"),
        "clients": put(HEAD + "93,Ana SL,C-3\n94,Luz SL,C-1\n", "clients.csv"),
        "mapping": put('{"columns": {"Name": "display_name"}}', "own.json"),
    }


Broken = Callable[[Sequence[str]], int]


@pytest.fixture
def broken(places: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Runs a command whose output has no room; its exit code."""

    def run(words: Sequence[str]) -> int:
        full = open("/dev/full", "w")  # noqa: SIM115 - closing it fails, as there is no room
        try:
            with monkeypatch.context() as patch:
                patch.setattr(sys, "stdout", full)
                return main([word.format(**places) for word in words])
        finally:
            with suppress(OSError):
                full.close()

    return run


@pytest.mark.long("programs")
def test_a_write_whose_output_cannot_be_written_is_saved(
    broken: Broken, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {}
    for words in WRITES:
        code = broken(words)
        if code != 3 or "It is saved, but the output cannot be written: No space" not in capsys.readouterr().err:
            wrong[words] = code
    assert wrong == {}


def test_a_read_whose_output_cannot_be_written_is_refused(broken: Broken) -> None:
    assert {words: broken(words) for words in READS} == dict.fromkeys(READS, 1)


def test_a_build_that_notes_nothing_fails_the_same(broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exit_codes, "saved", SimpleNamespace(anything=False))
    assert broken(("edit", "91", "phone=600 123 456")) == 1


@pytest.mark.long("programs")
@pytest.mark.parametrize(
    ("closed", "code"), [(">&-", 3), ("2>&-", 0), (">&- 2>&- <&-", 3), ("| true", 3), ("> /dev/full", 3)]
)
def test_a_stream_that_is_closed_or_full(places: dict[str, str], desk: Desk, closed: str, code: int) -> None:
    command = f'"$0" -m clientdesk edit 91 "phone=600 123 456" {closed}; echo "code ${{PIPESTATUS[0]}}" >&3'
    numbers = os.pipe()
    argv = ["bash", "-c", f"exec 3>&{numbers[1]}; {command}", sys.executable]
    ended = subprocess.run(argv, capture_output=True, text=True, pass_fds=[numbers[1]], check=False)
    os.close(numbers[1])
    with open(numbers[0]) as stream:
        assert stream.read() == f"code {code}\n"
    assert "Traceback" not in ended.stderr
    assert desk("show", "91", "--json").records[0]["phone"] == "600 123 456"


@on_a_file
def test_a_read_with_a_closed_output_is_a_sentence(places: dict[str, str]) -> None:
    argv = ["bash", "-c", '"$0" -m clientdesk list >&-', sys.executable]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "The output cannot be written: Bad file descriptor\n")


@on_a_file
def test_messages_that_cannot_be_written_stop_no_import(places: dict[str, str], desk: Desk) -> None:
    with open("/dev/full", "w") as full:
        argv = [*CLIENTDESK, "import", "clients", places["clients"]]
        ended = programs.run(argv, stdout=subprocess.PIPE, stderr=full, text=True, check=False)
        assert (ended.returncode, "1 new, 1 refused" in ended.stdout) == (3, True)
        dry = programs.run([*argv, "--dry-run"], stdout=subprocess.PIPE, stderr=full, check=False)
    assert dry.returncode == 1
    assert desk("show", "C-3").code == 0


@pytest.mark.long("programs")
@on_a_file
def test_an_export_is_saved_as_soon_as_its_file_is_whole(places: dict[str, str]) -> None:
    def export(name: str, limit: str = "") -> int:
        argv = ["bash", "-c", f'{limit} "$0" -m clientdesk export "$1" 2>/dev/full', sys.executable, name]
        return subprocess.run(argv, check=False).returncode

    whole, half = (os.path.join(places["folder"], name) for name in ("whole.csv", "half.csv"))
    assert (export(whole), os.path.exists(whole)) == (3, True)
    assert (export(half, "ulimit -f 0;"), os.path.exists(half)) == (1, False)


@on_a_file
@pytest.mark.parametrize("closed", [">/dev/full", ">&-"])
def test_an_export_that_prints_nothing_needs_no_output(places: dict[str, str], closed: str) -> None:
    name = os.path.join(places["folder"], "whole.csv")
    argv = ["bash", "-c", f'"$0" -m clientdesk export "$1" {closed}', sys.executable, name]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (ended.returncode, "whole.csv" in ended.stderr) == (0, True)


def test_an_import_whose_log_cannot_be_kept_is_saved(
    places: dict[str, str], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any) -> None:
        raise FirmUnusable(problem("disk_full"))

    monkeypatch.setattr(run_log, "end_run", full)
    ended = desk("import", "clients", places["clients"])
    assert (ended.code, "Nothing was changed" in ended.err) == (3, False)
    assert "could not be kept in the firm" in ended.err
    assert desk("show", "C-3").code == 0
    assert desk("import", "clients", places["clients"]).code == 2  # nothing of it is new any more


def test_a_log_that_cannot_be_written_after_a_retry(places: dict[str, str], desk: Desk, tmp_path: Path) -> None:
    assert desk("import", "clients", places["clients"]).code == 1
    assert desk("edit", "91", "client_number=").code == 0
    (run, _first) = desk("imports", "--json").records
    missing = str(tmp_path / "out.csv")

    def full(*_arguments: Any) -> None:
        raise FirmUnusable(problem("disk_full"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_log, "keep_retried", full)
        ended = desk("imports", "--run", str(run["id"]), "--retry", "--errors", missing)
    assert (ended.code, "is saved all the same" in ended.err) == (3, True)


def test_a_surprise_after_a_save_is_no_refusal(
    places: dict[str, str], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_arguments: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("clientdesk.cli.edit.record_of", surprise)
    assert desk("edit", "91", "phone=600 123 456", "--json").code == 3
    assert desk("edit", "91", "phone=600 123 456", "--json").code == 1


def test_the_table_names_every_code(desk: Desk) -> None:
    text = " ".join(desk("--help").out.split())
    for code in ("0 done", "1 refused", "2 wrong usage", "3 saved", "4 perhaps saved", "130", "143", "141"):
        assert code in text
    assert exit_codes.SAVED_UNTOLD == 3

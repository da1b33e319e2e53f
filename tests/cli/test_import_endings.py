"""How an import on the command line ends before its time: signals, failures; and its bar in a terminal."""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clientdesk.desk.imports import applying, importing
from tests.cli.conftest import Desk, Put, numbers, record, rows_of
from tests.terminal import Terminal

pytestmark = pytest.mark.thorough("programs")

HEAD = "Company ID,Display name,Client number"
LIST = f"{HEAD}\n91,Peña SA,007\n92,Íñigo,\n93,Ødegård AS,C-3\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_ctrl_c_while_it_writes(
    number: signal.Signals, code: int, desk: Desk, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(f"{HEAD}\n" + "".join(f"{n},Client {n},\n" for n in range(40)))
    monkeypatch.setattr(applying, "BATCH", 10)
    apply = importing.Import.apply

    def ends(self: importing.Import, session: Any, progress: Any, stopped: Any) -> Any:
        def told(done: int, rows: int) -> None:
            progress(done, rows)
            if done == 20:
                signal.raise_signal(number)

        return apply(self, session, told, stopped)

    monkeypatch.setattr(importing.Import, "apply", ends)
    ended = desk("import", "clients", path, "--json")
    assert ended.code == code
    summary = record(ended)
    assert (summary["refusal"]["code"], summary["new"], summary["left_out"]) == ("import_stopped", 20, 20)
    assert "Run the same command again" in ended.err
    assert len(numbers(desk)) == 20
    (run,) = desk("imports", "--json").records
    assert (run["state"], run["new"]) == ("stopped", 20)
    monkeypatch.undo()


def test_ctrl_c_where_the_same_file_would_add_its_rows_twice_names_the_lines_that_are_in(
    desk: Desk, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put("Display name\n" + "".join(f"Client {n}\n" for n in range(40)))
    monkeypatch.setattr(applying, "BATCH", 10)
    apply = importing.Import.apply

    def ends(self: importing.Import, session: Any, progress: Any, stopped: Any) -> Any:
        def told(done: int, rows: int) -> None:
            progress(done, rows)
            if done == 20:
                signal.raise_signal(signal.SIGINT)

        return apply(self, session, told, stopped)

    monkeypatch.setattr(importing.Import, "apply", ends)
    ended = desk("import", "clients", path, "--key", "none", "--duplicates", "add")
    assert "Rows 1 to 20 of the file (lines 2 to 21) are in: take them out" in ended.err


def test_ctrl_c_while_the_report_is_written_tells_what_is_in(
    desk: Desk, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_arguments: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("clientdesk.exchange.file_writing.save_csv", ends)
    path = put(f"{HEAD}\n91,Peña SA,007\n92,,\n")
    ended = desk("import", "clients", path, "--json", "--errors", str(tmp_path / "bad.csv"))
    assert ended.code == 130
    summary = record(ended)
    assert (summary["rows"], summary["new"], summary["refused"]) == (2, 1, 1)
    assert "1 of 2 rows are in" in ended.err
    assert len(numbers(desk)) == 1
    (run,) = desk("imports", "--json").records
    assert (run["state"], run["new"], run["refused"]) == ("done", 1, 1)


def test_ctrl_c_while_it_looks(desk: Desk, firm: str, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    before, handler = rows_of(firm), signal.getsignal(signal.SIGTERM)

    def ends(*_arguments: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(importing.Import, "judge", ends)
    ended = desk("import", "clients", put(LIST), "--json")
    assert (ended.code, record(ended)["refusal"]["code"]) == (143, "import_stopped")
    assert "0 rows are in" in ended.err
    assert "The dry run was stopped. It writes nothing." in desk("import", put(LIST), "--dry-run").err
    assert rows_of(firm) == before
    assert signal.getsignal(signal.SIGTERM) is handler


def test_a_firm_that_fails_half_way(desk: Desk, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    from clientdesk.desk.imports import batch_writing
    from clientdesk.domain.problems import FirmUnusable, problem

    path = put(f"{HEAD}\n" + "".join(f"{n},Client {n},\n" for n in range(30)))
    monkeypatch.setattr(applying, "BATCH", 10)
    write, calls = batch_writing.write_batch, []

    def full(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise FirmUnusable(problem("disk_full"))
        return write(*arguments)

    monkeypatch.setattr(batch_writing, "write_batch", full)
    ended = desk("import", "clients", path, "--json")
    assert ended.code == 1
    summary = record(ended)
    assert (summary["refusal"]["code"], summary["new"], summary["left_out"]) == ("disk_full", 10, 20)
    assert len(numbers(desk)) == 10


def test_a_bar_in_a_terminal(firm: str, put: Put) -> None:
    path = put(f"{HEAD}\n" + "".join(f"{n},Client {n},\n" for n in range(6000)))
    argv = [sys.executable, "-m", "clientdesk", "import", "clients", path, "--firm", firm]
    with Terminal(argv, 200, 24) as terminal:
        terminal.wait(lambda lines: any("6,000 rows: 6,000 new" in line for line in lines))
        text = "\n".join(terminal.lines())
    assert "Looking at rows" in text
    assert "Writing rows" in text
    assert text.count("100%") == 2


def test_a_full_disk_beneath_the_plan(firm: str, put: Put) -> None:
    path = put("Display name,Notes\n" + "".join(f"Client {n},{'x' * 300}\n" for n in range(12_000)))
    room = 4_500_000  # the copy of the file fits, the plan does not

    def smaller() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    argv = [sys.executable, "-m", "clientdesk", "import", "clients", path, "--json", "--firm", firm]
    before = rows_of(firm)
    ended = subprocess.run(argv, capture_output=True, text=True, preexec_fn=smaller, check=False)
    assert ended.returncode == 2
    (summary,) = map(json.loads, ended.stdout.splitlines())
    assert (summary["refusal"]["code"], summary["new"]) == ("disk_full", 0)
    assert ended.stderr == "The disk is full. Nothing was changed; free some space and try again.\n"
    assert rows_of(firm) == before


@pytest.mark.parametrize("json_too", [True, False])
def test_a_report_that_cannot_be_written_after_the_rows(
    json_too: bool, desk: Desk, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clientdesk.domain.problems import refuse

    def full(*_arguments: object) -> None:
        raise refuse("disk_full")

    monkeypatch.setattr("clientdesk.exchange.file_writing.save_csv", full)
    path = put(f"{HEAD}\n91,Peña SA,007\n92,,8\n")
    more = ["--json"] if json_too else []
    dry = desk("import", "clients", path, "--errors", path + ".bad.csv", "--dry-run", *more)
    assert (dry.code, "Nothing was changed" in dry.err) == (2, True)
    ended = desk("import", "clients", path, "--errors", path + ".bad.csv", *more)
    assert ended.code == 3
    assert "Nothing was changed" not in ended.err
    assert "“clientdesk imports --run 1 --errors OUT.csv” writes it again." in ended.err
    if json_too:
        summary = record(ended)
        assert (summary["refusal"]["code"], summary["new"], summary["refused"]) == ("report_not_written", 1, 1)
        assert len(summary["errors"]) == 1

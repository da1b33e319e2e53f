"""How `clientdesk undo` and `redo` end where others are quicker, where they are stopped, and where nothing is written."""

import signal

import pytest

from clientdesk import saved
from clientdesk.cli import undoing as command
from clientdesk.cli.long_work import Signals
from clientdesk.desk import opening, undoing
from tests.cli.conftest import Desk, Put
from tests.cli.test_undo import edited as edited
from tests.store.both import tamper


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_who_is_too_late_to_undo_is_told_so(
    desk: Desk, firm: str, edited: int, monkeypatch: pytest.MonkeyPatch, as_json: tuple[str, ...]
) -> None:
    take_back = undoing.undo

    def late(*arguments: object) -> object:
        monkeypatch.setattr(undoing, "undo", take_back)
        with saved.apart(), opening.open_firm(firm) as other:
            take_back(other, undoing.plan(other, edited))
        return take_back(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(undoing, "undo", late)
    ended = desk("undo", str(edited), *as_json)
    assert ended.code == 1
    assert ended.err.startswith(f"Change {edited} was undone already, by Ana García (")
    if as_json:
        assert [(each["change"], each["refused"]) for each in ended.records] == [(edited, "undone_already")]
    else:
        assert ended.out == ""


def test_an_import_that_runs_is_not_undone(desk: Desk, firm: str, put: Put) -> None:
    path = put("Display name\nPeña SA\nGil SL\n")
    assert desk("import", "clients", path).code == 0
    tamper(firm, "import_run", "UPDATE import_run SET state = 'running', added = 1")
    (line,) = desk("history", "--sets", "--limit", "1", "--json").records
    with opening.open_firm(firm) as elsewhere:
        elsewhere.engine.begin_import(1)
        for command in (["undo"], ["undo", str(line["change"])], ["undo", "--dry-run"]):
            ended = desk(*command, "--json")
            assert ended.code == 1
            assert [each["refused"] for each in ended.records] == ["import_at_work"], command
            assert (
                "is still being imported by Ana García. Undo when it has ended, or stop it where it runs." in ended.err
            )
    assert desk("undo", "--yes").code == 0


def test_what_is_stopped_before_anything_was_written_says_so(
    desk: Desk, edited: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Signals):
        def stopped(self) -> bool:
            self.number = signal.SIGINT
            return True

    assert desk("undo").code == 0
    monkeypatch.setattr(command, "Signals", Stopped)
    ended = desk("redo")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == "It was stopped before anything was written. The same command begins anew.\n"

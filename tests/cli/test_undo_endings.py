"""How `clientdesk undo` and `redo` end where others are quicker, where they are stopped, and where nothing is written."""

import signal
from typing import Any

import pytest

from clientdesk import saved
from clientdesk.cli import printing
from clientdesk.cli import undoing as command
from clientdesk.cli.long_work import Signals
from clientdesk.desk import opening, undoing
from clientdesk.desk.imports import applying
from clientdesk.desk.undoing import inverse_patches, undo_plan, undo_tally
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
        assert [(record["change"], record["refused"]) for record in ended.records] == [(edited, "undone_already")]
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
            assert [record["refused"] for record in ended.records] == ["import_at_work"], command
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


@pytest.mark.thorough("steps")
def test_what_stays_is_told_once_with_how_many_more_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"C-{n}" for n in range(4)]
    for key in keys:
        desk("add", f"display_name=Client {key}", f"client_number={key}")
    assert desk("deactivate", *keys).code == 0
    number = str(desk("history", "--sets", "--limit", "1", "--json").records[0]["change"])
    assert desk("activate", *keys[1:]).code == 0
    monkeypatch.setattr(undo_tally, "LISTED", 1)
    monkeypatch.setattr(command, "can_ask", lambda: True)
    monkeypatch.setattr(command, "answer", lambda _question: True)
    planned = desk("undo", number, "--dry-run")
    assert planned.lines[-1] == "  … and 2 more rows"
    undone = desk("undo", number)
    assert undone.code == 1
    assert undone.err.count("is “Active” already") == 1
    assert undone.err.count("3 rows cannot be taken back, at least not whole:") == 1
    assert "  … and 2 more rows\n" in undone.err
    again = desk("undo", number, "--dry-run", "--json").records[0]
    assert (again["left"], len(again["conflicts"])) == (3, 1)


def test_the_end_of_the_input_is_a_no(
    desk: Desk, edited: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ends(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(printing, "can_ask", lambda: True)
    monkeypatch.setattr(command, "can_ask", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", ends)
    ended = desk("undo")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith("City\n\nNothing was changed.\n")


def test_what_a_stopped_undo_has_not_reached_is_left(desk: Desk, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    class StoppedThen(Signals):
        def stopped(self) -> bool:
            self.number = signal.SIGINT if len(reached) > 1 else 0  # the first was only looked at
            return super().stopped()

    reached: list[int] = []
    monkeypatch.setattr(applying, "BATCH", 10)
    path = put("Display name\n" + "".join(f"Client {n}\n" for n in range(30)))
    assert desk("import", "clients", path).code == 0
    take_back = inverse_patches.take_back

    def noted(*of: Any) -> None:
        take_back(*of)
        reached.append(1)

    monkeypatch.setattr(undo_plan, "take_back", noted)
    monkeypatch.setattr(command, "Signals", StoppedThen)
    ended = desk("undo", "--yes", "--json")
    (record,) = ended.records
    assert (ended.code, record["rows"], record["left"], record["whole"]) == (130, 10, 20, False)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("undo", "x"), "“x” is no whole number from 1 on."),
        (("undo", "0"), "“0” is no whole number from 1 on."),
        (("history", "--change", "1,234"), "“1,234” is no whole number from 1 on."),
        (("demo", "--clients", "1000001"), "“1000001” is no whole number from 0 to 1,000,000."),
    ],
)
def test_what_is_no_number_is_told_in_plain_words(desk: Desk, typed: tuple[str, ...], sentence: str) -> None:
    ended = desk(*typed)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(f"{sentence}\n")

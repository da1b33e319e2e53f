"""`clientdesk transfer`: the plan, the question, the clashes, the exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clientdesk.desk import opening
from tests import programs
from tests.cli.conftest import Desk
from tests.store.both import bare, on_a_file, soon
from tests.terminal import Terminal

CLIENTDESK = [sys.executable, "-m", "clientdesk"]


@pytest.fixture
def other(firm: str, tmp_path: Path) -> str:
    """The path of another firm, of which you are the primary admin too."""
    path = str(tmp_path / "other [b].db")
    opening.create_firm(path, "Norte \x07[b] SL", "Ana García").close()
    return path


def names(desk: Desk, firm: str) -> list[str]:
    return [record["display_name"] for record in desk("list", "--status", "all", "--json", "--firm", firm).records]


@pytest.mark.thorough("steps")
def test_a_copy_shows_its_plan_first(desk: Desk, firm: str, other: str) -> None:
    desk("settings", "types", "add", "Club")
    desk("add", "display_name=Peña \x1b[2J SA", "client_number=C-1", "client_type=Club", "notes=hola")
    desk("add", "display_name=Two", "client_number=C-2")
    ended = desk("transfer", "--to", other, "--status", "all", "--dry-run")
    assert ended.code == 0
    assert ended.lines == [
        "Copy to Norte [b] SL: 2 chosen",
        "          2 new",
        "Client types created there: Club (1)",
    ]
    assert names(desk, other) == []
    ended = desk("transfer", "--to", other, "--status", "all")
    assert (ended.code, ended.err) == (2, "Nothing was written. Add --yes to go on.\n")
    assert names(desk, other) == []
    ended = desk("transfer", "--to", other, "--status", "all", "--yes")
    assert (ended.code, ended.lines[-1]) == (0, "2 clients copied to Norte [b] SL.")
    assert names(desk, other) == names(desk, firm)
    ended = desk("transfer", "--to", other, "C-1", "C-2")  # nothing to write: nothing to ask
    assert (ended.code, ended.lines[1:]) == (0, ["          2 there already"])
    shown = desk("show", "C-1", "--history", "--firm", other).out
    assert "Received from Ríos y Asociados" in shown
    assert "Ana García (Ríos y Asociados)  Client added" in shown
    assert desk("check", "--firm", other).code == 0


@pytest.mark.thorough("steps")
def test_a_move_takes_them_out(desk: Desk, firm: str, other: str) -> None:
    for n in range(4):
        desk("add", f"display_name=Client {n}", f"client_number=C-{n}")
    desk("deactivate", "C-3")
    ended = desk("transfer", "--to", other, "--move", "C-1", "C-3", "--yes")
    assert (ended.code, ended.lines) == (
        0,
        ["Move to Norte [b] SL: 2 chosen", "          2 new", "2 clients moved to Norte [b] SL."],
    )
    assert names(desk, firm) == ["Client 0", "Client 2"]
    assert names(desk, other) == ["Client 1", "Client 3"]
    assert "Moved to Norte [b] SL" in desk("history", "C-1").out
    assert "Moved to Norte [b] SL: Client 3" in desk("history").out
    ended = desk("transfer", "--to", other, "--move", "C-1", "C-3", "--yes")
    assert (ended.code, ended.lines[1:]) == (0, ["          2 there already"])
    ended = desk("transfer", "--to", other, "--move", "--find", "client", "--yes")
    assert (ended.code, ended.lines[-1]) == (0, "2 clients moved to Norte [b] SL.")
    ended = desk("transfer", "--to", other, "--move", "--find", "client", "--yes")
    assert (ended.code, ended.out, ended.err) == (0, "", "No client is in this list.\n")
    assert desk("check").code == desk("check", "--firm", other).code == 0


def test_clashes_are_listed_and_the_others_go_on(desk: Desk, firm: str, other: str) -> None:
    company_id = json.loads(desk("add", "display_name=Peña", "client_number=C-1", "--json").out)["company_id"]
    desk("add", "display_name=Two", "client_number=C-2")
    desk("add", "display_name=Three")
    desk("add", "display_name=PENA", "client_number=c-1", "--firm", other)
    ended = desk("transfer", "--to", other, "--status", "active", "--yes")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        f"{company_id} “Peña”: Client number C-1 belongs to “PENA”. Choose another one.",
        f"{company_id} “Peña”: Display name: Norte [b] SL has a client “PENA” (c-1) already."
        " Rename one of the two. --same-names takes it all the same.",
    ]
    assert ended.lines[-1] == "2 clients copied to Norte [b] SL."
    assert names(desk, other) == ["PENA", "Three", "Two"]
    ended = desk("transfer", "--to", other, "--status", "active", "--yes", "--same-names", "--json")
    assert ended.code == 1
    assert ended.records == [
        {
            "to": other,
            "rows": 3,
            "new": 0,
            "unchanged": 2,
            "refused": 1,
            "moved": 0,
            "refusal": None,
            "errors": [
                {
                    "key": company_id,
                    "field": "client_number",
                    "code": "number_taken",
                    "message": "Client number C-1 belongs to “PENA”. Choose another one.",
                }
            ],
        }
    ]


def test_json_writes_only_with_a_yes(desk: Desk, firm: str, other: str) -> None:
    desk("add", "display_name=A")
    for arguments, code in ((["--dry-run"], 0), ([], 2), (["--yes"], 0)):
        ended = desk("transfer", "--to", other, "--status", "all", "--move", "--json", *arguments)
        assert (ended.code, len(ended.records)) == (code, 1)
        counts = {name: ended.records[0][name] for name in ("rows", "new", "moved", "refused")}
        assert counts == {"rows": 1, "new": 1, "moved": 1, "refused": 0}
        assert names(desk, other) == (["A"] if "--yes" in arguments else [])


@on_a_file
def test_wrong_usage(desk: Desk, firm: str, other: str) -> None:
    desk("add", "display_name=A", "client_number=1")
    for arguments in (
        ["1"],
        ["--to", other],
        ["--to", other, "--yes", "--move"],
        ["--to", other, "1", "--find", "A"],
        ["--to", other, "1", "--status", "active"],
        ["--to", "", "1"],
    ):
        assert desk("transfer", *arguments).code == 2, arguments
    assert names(desk, other) == []


def test_what_is_refused_as_a_whole(desk: Desk, firm: str, other: str, tmp_path: Path) -> None:
    desk("add", "display_name=A", "client_number=1")
    (tmp_path / "text.db").write_text("no firm")
    for path, code in (
        (firm, "same_firm"),
        (str(tmp_path / "none.db"), "firm_missing"),
        (str(tmp_path / "text.db"), "not_a_firm"),
        (str(tmp_path), "not_a_file"),
        ("mysql://ana:secret@host/db", "bad_location"),
    ):
        ended = desk("transfer", "--to", path, "1", "--json")
        assert ended.code == 1
        assert ended.records[0]["refusal"]["code"] == code
        assert len(ended.err.splitlines()) == 1
        assert "secret" not in ended.out + ended.err
        assert (ended.records[0]["rows"], ended.records[0]["errors"]) == (0, [])
    for arguments in (["7"], ["--type", "Nonsense"], ["--lead", "Nobody"]):
        ended = desk("transfer", "--to", other, *arguments)
        assert (ended.code, len(ended.err.splitlines()), ended.out) == (1, 1, "")


@pytest.mark.thorough("terminals")
@pytest.mark.parametrize(("answer", "code", "there"), [("y", 0, ["A"]), ("n", 1, []), ("ctrl+c", 130, [])])
def test_a_terminal_is_asked(desk: Desk, firm: str, other: str, answer: str, code: int, there: list[str]) -> None:
    desk("add", "display_name=A", "client_number=1")
    with Terminal([*CLIENTDESK, "transfer", "--to", other, "1"], 80, 24) as terminal:
        terminal.wait(lambda lines: any("Go on?" in line for line in lines))
        assert any("1 new" in line for line in terminal.lines())
        terminal.settle(0.2)  # until it waits for the answer: Python misses a ctrl+c just before
        if answer == "ctrl+c":
            terminal.interrupt()
        else:
            terminal.send(answer + "\r")
        if code == 1:
            terminal.wait(lambda lines: any("Nothing was written." in line for line in lines))
        assert terminal.wait_for_end() == code
    assert names(desk, other) == there


IN_PARTS = """
from clientdesk.desk import transfer
transfer.AT_ONCE = 100
from clientdesk.cli.main import run
run()
"""
"""The program, which takes few clients at once."""


@pytest.mark.long("kills")
@on_a_file
def test_kill_9_of_the_command_is_finished_by_the_same_command(desk: Desk, other: str, tmp_path: Path) -> None:
    """It is killed where clients are there already, and here still."""
    demo = str(tmp_path / "demo.db")
    desk("demo", "--clients", "700", "--keep", demo)
    command = [
        "transfer",
        "--firm",
        demo,
        "--to",
        other,
        "--status",
        "all",
        "--same-names",
        "--move",
        "--yes",
    ]
    everyone = sorted(names(desk, demo))

    def arrived() -> bool:
        with bare(other) as there:
            return there.execute("SELECT EXISTS (SELECT 1 FROM client)").fetchone() == (1,)

    in_parts = [sys.executable, "-c", IN_PARTS, *command]
    with programs.Popen(in_parts, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        assert soon(arrived, 60)
        process.kill()
    assert desk(*command).code == 1  # those on the firm's plan stay
    assert sorted(names(desk, demo) + names(desk, other)) == everyone
    assert names(desk, other)
    assert desk("check", "--firm", demo).code == desk("check", "--firm", other).code == 0

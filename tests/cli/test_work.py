"""`clientdesk work` on both engines."""

import json
from pathlib import Path

import pytest

from clientdesk.desk import clients, opening, work_managing
from clientdesk.desk import work as desk_work
from tests.cli.conftest import Demoted, Desk
from tests.desk.worked_on import period, with_template

SHOWN = """\
Norte SL · Books review · July 2026
To do · 1 of 4 settled · 2026-07-01 – 2026-07-31 · due 2026-08-10 (WORDS) · Preparer: Ana García
Setup (1 of 2)
  [✓] Ask for statements · Ana García, AT
  [ ] Open the year
Review (0 of 2)
  [?] Match the bank · Waiting for client: Which bank? (2026-08-02)
  [ ] Look at the payees · due 2026-08-09 · seen
"""


@pytest.fixture
def worked(firm: str) -> str:
    """A firm with a template and two clients whose work begins with July 2026."""
    with opening.open_firm(firm) as session:
        with_template(session, {})
        template = desk_work.template_by_name(session, "Books review")
        for number, name in (("C-1", "Norte SL"), ("C-2", "Sur SL")):
            values = {"display_name": name, "client_number": number, "lead": session.me.name}
            work_managing.set_start(session, [clients.add(session, values).id], template, period("2026-07"))
    return firm


def test_the_work_of_one_client(worked: str, desk: Desk, demoted: Demoted, tmp_path: Path) -> None:
    assert desk("work", "tick", "C-1", "--item", "ask for").code == 0
    asked = ("work", "waiting", "C-1", "Which bank?", "--item", "Review: Match the bank", "--asked", "2026-08-02")
    assert desk(*asked).code == 0
    assert (
        desk("work", "item", "C-1", "--item", "Look at the payees", "--due", "2026-08-09", "--note", "seen").code == 0
    )
    at = json.loads(desk("work", "show", "C-1", "--json").out)["sections"][0]["items"][0]["at"]
    shown = desk("work", "show", "C-1", "--template", "books review", "--period", "2026-07").out
    first, second, *rest = shown.splitlines()
    second = second.partition(" (")[0] + " (WORDS)" + second.partition(")")[2]
    assert "\n".join([first, second, *rest, ""]).replace(rest[1].rpartition(", ")[2], "AT") == SHOWN
    assert at.endswith("+00:00")

    refused = desk("work", "complete", "C-1")
    assert (refused.code, refused.err) == (
        1,
        "Norte SL, Books review, July 2026 has open items (3): Open the year, Match the bank, Look at the payees."
        " Settle them, or complete it anyway. --anyway does so.\n",
    )
    assert desk("work", "assign", "C-1", "--to", "Ana García").code == 0
    assert desk("work", "move", "C-1", "--due", "2026-09-01").code == 0
    demoted()
    assert desk("work", "complete", "C-1", "--anyway").code == 0
    assert desk("work", "reopen", "C-1", "A late invoice").code == 1
    assert desk("work", "note", "C-1", "Ask Ana", "--period", "2026-07").out.splitlines()[2] == "Note: Ask Ana"
    evidence = tmp_path / "evidence.csv"
    assert desk("work", "evidence", "C-1", str(evidence), "--period", "2026-07").code == 0
    assert "Work completed,,State,To do,Completed" in evidence.read_text()
    assert "# Books review of Norte SL, July 2026" in desk("work", "evidence", "C-1", "--period", "2026-07").out
    undone = desk("undo", "--yes")
    assert undone.code == 0, undone.err


def test_the_work_of_many(worked: str, desk: Desk) -> None:
    listed = [json.loads(line) for line in desk("work", "list", "--json").out.splitlines()]
    assert [(line["display_name"], line["period"], line["open_items"]) for line in listed] == [
        ("Norte SL", "2026-07", 4),
        ("Sur SL", "2026-07", 4),
    ]
    tick = ("work", "tick", "--status", "all", "--item", "Match the bank")
    dry = desk(*tick, "--dry-run")
    assert "Match the bank" in dry.out
    assert "To do → Done" in dry.out
    assert desk(*tick).code == 2
    assert desk(*tick, "--yes").out == "The work of 2 clients was changed.\n"
    moved = json.loads(desk("work", "move", "C-1", "C-2", "--due", "2026-09-01", "--yes", "--json").out)
    assert (moved["changed"], moved["refused"]) == (2, 0)
    state = desk("work", "complete", "C-1", "C-2", "--yes")
    assert (state.code, state.err.count("has open items (3)")) == (1, 2)
    assert {line.split("  ")[0] for line in desk("work", "list", "--period", "2026-07").out.splitlines()[1:]} == {
        "Norte SL",
        "Sur SL",
    }
    assert desk("work", "list", "--waiting").err == "No work is in this list.\n"
    assert desk("work", "list", "--mine", "--template", "Nothing").code == 1


def test_what_one_client_alone_has(worked: str, desk: Desk) -> None:
    assert desk("work", "start", "C-1", "--template", "Books review").out == "2026-07 (set)\n"
    assert desk("work", "start", "C-1", "--template", "Books review", "--from-period", "2026-08").code == 0
    assert "August 2026" in desk("work", "show", "C-1").out
    assert "only of this client" in desk("work", "own", "C-1", "Setup", "Count the till").out
    assert "Count the safe" in desk("work", "own", "C-1", "setup", "Count the till", "--rename", "Count the safe").out
    assert "Count the safe" not in desk("work", "own", "C-1", "setup", "Count the safe", "--end").out
    odd = desk("work", "period", "C-1", "2026-08", "--first", "2026-08-01", "--last", "2026-09-15")
    assert (odd.out, odd.err) == ("2026-08  2026-08-01 – 2026-09-15\n", "")
    assert "2026-08-01 – 2026-09-15, 2 months · due 2026-09-25" in desk("work", "show", "C-1").out
    assert desk("work", "period", "C-1", "2026-08", "--remove").out == "No period has days of its own.\n"
    assert desk("work", "note", "C-1", "Begun").code == 0
    moved = desk("work", "period", "C-1", "2026-08", "--first", "2026-08-01", "--last", "2026-09-15")
    assert moved.err == "Books review, August 2026 has other days now: due 2026-09-25 instead of 2026-09-10.\n"
    back = desk("work", "period", "C-1", "2026-08", "--remove")
    assert back.err == "Books review, August 2026 has other days now: due 2026-09-10 instead of 2026-09-25.\n"
    assert desk("work", "account", "add", "C-1", "Banco", "--currency", "eur").out == "Added: Banco\n"
    said = desk("work", "account", "reconcile", "C-1", "banco", "--balance", "1,234.5", "--difference", "0")
    assert "  [ ] Banco · balance 1234.50 EUR · difference 0.00 EUR\n" in said.out
    assert desk("work", "account", "edit", "C-1", "Banco", "--name", "Bank").out == "Saved: Bank\n"
    assert desk("work", "account", "retire", "C-1", "Bank").code == 0
    assert desk("work", "account", "restore", "C-1", "Bank").code == 0
    assert json.loads(desk("work", "account", "list", "C-1", "--json").out)["name"] == "Bank"
    assert desk("work", "tick", "C-1", "C-2", "--item", "a", "--item", "b").code == 2
    assert "is no date" in desk("work", "move", "C-1", "--due", "tomorrow").err

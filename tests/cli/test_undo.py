"""`clientdesk undo` and `redo`: what they print and do, and how they end."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

from clientdesk.desk import change_words, clients, opening, undoing
from clientdesk.desk.imports import applying
from tests.cli.conftest import Desk, Put
from tests.store.both import on_server


def city(desk: Desk) -> str:
    (record,) = desk("show", "C-1", "--json").records
    return str(record["city"])


@pytest.fixture
def edited(firm: str) -> int:
    """A client whose city and street were changed; the number of that change."""
    with opening.open_firm(firm) as session:
        client = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1"})
        clients.edit(session, client, {"city": "Vigo", "street": "Rúa 1"})
        return session.engine.change_set


def test_undo_and_redo_say_what_they_did(desk: Desk, edited: int) -> None:
    planned = desk("undo", "--dry-run")
    assert planned.code == 0
    assert planned.lines[0].startswith("Client edited by Ana García, ")
    assert planned.lines[0].endswith(f"(change {edited})")
    assert planned.lines[1:] == ["  Peña SA: Street: (empty) → Rúa 1, City", "1 of 1 row can be taken back."]
    assert city(desk) == "Vigo"
    undone = desk("undo")
    assert (undone.code, undone.err) == (0, "")
    assert undone.out.startswith("Taken back: Client edited by Ana García, ")
    assert undone.lines[0].endswith(f"(change {edited}), 1 row.")
    assert undone.lines[1:] == ["  Peña SA: Street: Rúa 1 → (empty), City"]
    assert city(desk) == ""
    (line,) = desk("history", "--sets", "--limit", "1", "--json").records
    assert (line["title"], line["undoes"]) == ("Undone: Client edited", edited)
    again = desk("redo", "--json")
    (record,) = again.records
    assert (again.code, record["redo"], record["title"], record["rows"], record["left"]) == (
        0,
        True,
        "Client edited",
        1,
        0,
    )
    assert (record["subject"], record["what"]) == ("Peña SA", "Peña SA: Street: (empty) → Rúa 1, City")
    assert record["fields"][0] == {"field": "street", "old": "", "new": "Rúa 1"}
    assert city(desk) == "Vigo"


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_a_signal_when_all_is_taken_back_does_not_keep_it_from_being_told(
    command: str, desk: Desk, edited: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"undo": [], "redo": ["undo"]}[command]
    assert [desk(earlier, "--yes").code for earlier in before] == [0] * len(before)
    undo, named = undoing.undo, change_words.named
    done = []

    def noted(*arguments: Any) -> Any:
        done.append(undo(*arguments))
        return done[-1]

    def ends(*arguments: Any) -> Any:
        if done:
            signal.raise_signal(signal.SIGTERM)
        return named(*arguments)

    monkeypatch.setattr(undoing, "undo", noted)
    monkeypatch.setattr(change_words, "named", ends)
    ended = desk(command, "--yes")
    assert (len(done), ended.code) == (1, 0)
    assert "1 row." in ended.out


def test_a_signal_before_anything_is_taken_back_ends_with_its_own_code(
    desk: Desk, edited: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_arguments: Any) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(undoing, "latest", ends)
    ended = desk("undo", "--yes")
    assert (ended.code, ended.out) == (143, "")
    assert city(desk) == "Vigo"


def test_a_change_is_named_by_its_number(desk: Desk, edited: int) -> None:
    assert desk("undo", str(edited)).code == 0
    refused = desk("undo", str(edited))
    assert refused.code == 1
    assert refused.err.startswith(f"Change {edited} was undone already, by Ana García (")
    assert refused.err.endswith("): Peña SA.\n")
    assert desk("undo", str(edited + 1)).out.startswith("Done again: Client edited")
    assert (desk("undo", "999").code, desk("undo", "999", "--json").records[0]["refused"]) == (1, "change_gone")
    assert desk("undo", "0").code == 2


def test_what_stands_in_the_way_is_said_and_the_rest_is_taken_back(desk: Desk, edited: int) -> None:
    desk("edit", "C-1", "city=Lugo")
    planned = desk("undo", str(edited), "--dry-run", "--json").records[0]
    assert (planned["rows"], planned["can"], planned["undone"]) == (1, 1, None)
    (conflict,) = planned["conflicts"]
    assert (conflict["subject"], conflict["label"], conflict["theirs"], conflict["who"]) == (
        "Peña SA",
        "City",
        "Lugo",
        "Ana García",
    )
    in_part = "1 of 1 row can be taken back, in part."
    assert desk("undo", str(edited), "--dry-run").lines[2] == in_part
    undone = desk("undo", str(edited))
    assert undone.code == 1
    assert "1 row cannot be taken back, at least not whole:" in undone.err
    assert "  Peña SA: City is “Lugo” now, by Ana García (" in undone.err
    assert city(desk) == "Lugo"
    last = desk("history", "C-1", "--limit", "1", "--json").records[0]
    assert last["fields"] == [{"field": "street", "old": "Rúa 1", "new": ""}]


def test_what_stands_in_the_way_of_redo_is_not_done_again(desk: Desk, edited: int) -> None:
    assert desk("undo").code == 0
    desk("edit", "C-1", "city=Lugo")
    redone = desk("undo", str(edited + 1))
    assert redone.code == 1
    assert redone.lines[1] == "  Peña SA: Street: (empty) → Rúa 1"
    assert redone.err.startswith("1 row cannot be done again, at least not whole:\n  Peña SA: City is “Lugo” now")
    assert "taken back" not in redone.out + redone.err


def test_where_nothing_can_be_taken_back_nothing_is_done(desk: Desk, edited: int) -> None:
    added = edited - 1
    refused = desk("undo", str(added))
    assert refused.code == 1
    assert refused.lines[2] == "0 of 1 row can be taken back."
    assert refused.lines[3].startswith("  Peña SA was changed since it was added, by Ana García (")
    assert city(desk) == "Vigo"


def test_what_is_not_undone_says_what_to_do_instead(desk: Desk, firm: str, edited: int) -> None:
    desk("delete", "C-1", "--yes")
    refused = desk("undo")
    assert refused.code == 1
    assert refused.err == (
        "Peña SA: “Client deleted permanently” is not taken back by undo. It is for good: add the client anew, "
        "or put a backup back. Its history stays. What else you did to Peña SA stays with it.\n"
    )
    (refusal,) = desk("undo", "--json").records
    assert (refusal["refused"], refusal["why"] + "\n", refusal["before"]) == ("not_undone", refused.err, None)
    assert refusal["change"] == edited + 1
    assert desk("redo").code == 1
    (nothing,) = desk("redo", "--json").records
    assert (nothing["refused"], nothing["undone"]) == ("nothing_to_undo", None)
    with opening.open_firm(firm) as session:
        assert not clients.totals(session).all


def test_behind_what_stays_the_change_before_it_is_named(desk: Desk, edited: int) -> None:
    desk("add", "display_name=Gone", "client_number=C-2")
    desk("delete", "C-2", "--yes")
    for command in (["undo"], ["undo", "--yes"], ["undo", "--dry-run"]):
        refused = desk(*command)
        assert refused.code == 1
        first, before, what = refused.err.splitlines()
        assert first.startswith("Gone: “Client deleted permanently” is not taken back by undo. It is for good")
        assert before.startswith("Before it: Client edited by Ana García, ")
        assert before.endswith(f"(change {edited}). “clientdesk undo {edited}” takes that back.")
        assert what == "  Peña SA: Street: (empty) → Rúa 1, City"
    (refusal,) = desk("undo", "--json").records
    assert (refusal["refused"], refusal["undone"], refusal["before"]) == ("not_undone", None, edited)
    assert city(desk) == "Vigo"
    assert desk("undo", str(edited)).code == 0
    assert city(desk) == ""


def test_what_was_left_is_taken_back_later(desk: Desk, edited: int) -> None:
    desk("edit", "C-1", "city=Lugo")
    later = edited + 1
    assert desk("undo", str(edited)).code == 1
    (line,) = [record for record in desk("history", "--sets", "--json").records if record["change"] == edited]
    assert line["undone"] == "in part"
    assert f"(change {edited}, undone in part)" in desk("history", "--sets").out
    refused = desk("undo", str(edited))
    assert refused.code == 1
    assert refused.lines[0].startswith("the rest of Client edited by Ana García")
    assert refused.lines[1:3] == ["  Peña SA: City: (empty) → Vigo", "0 of 1 row can be taken back."]
    assert desk("undo", str(later)).code == 0
    assert city(desk) == "Vigo"
    undone = desk("undo")
    assert undone.code == 0
    assert undone.out.startswith("Taken back: the rest of Client edited by Ana García, ")
    assert city(desk) == ""
    assert f"(change {edited}, undone)" in desk("history", "--sets").out


def test_there_is_nothing_to_take_back_in_a_new_firm(desk: Desk, firm: str) -> None:
    ended = desk("undo")
    assert ended.code == 1
    assert ended.err.startswith("There is no change of yours to take back.")


def _noting(seen: list[int]) -> Callable[[int, int], None]:
    """Notes how many rows are done, each time that it is told."""
    return lambda done, _rows: seen.append(done)


def test_an_import_is_taken_back_whole_under_the_number_of_its_line(
    desk: Desk, put: Put, firm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 10)
    path = put("Display name,Client type\n" + "".join(f"Client {n},New\n" for n in range(30)))
    assert desk("import", "clients", path, "--types", "create").code == 0
    (line,) = (record for record in desk("history", "--sets", "--json").records if record["file"])
    planned = desk("undo", "--dry-run")
    assert planned.lines[0].endswith(f"(change {line['change']})")
    assert planned.lines[1].startswith(f"  31 rows from {line['file']}: Client ")
    assert planned.lines[1].endswith(", 28 more")
    assert f"Clients imported: 31 rows from {line['file']}" in desk("history", "--sets").out
    assert [record["change"] for record in desk("history", "--find", line["file"], "--sets", "--json").records] == [
        line["change"]
    ]
    seen: list[int] = []
    with opening.open_firm(firm) as session:  # stopped between two batches
        part = undoing.undo(
            session, undoing.plan(session, line["change"]), _noting(seen), lambda: max(seen, default=0) > 10
        )
    assert 0 < part.rows < 31
    assert not part.whole
    assert desk("undo", "--dry-run").lines[0].endswith(f"(change {line['change']}), undone in part")
    undone = desk("undo", "--yes", "--json").records[0]
    assert (undone["title"], undone["rows"], undone["whole"]) == ("Clients imported", 31 - part.rows, True)
    assert (undone["change"], undone["file"]) == (line["change"], line["file"])
    (back,) = desk("history", "--sets", "--limit", "1", "--json").records
    assert (back["change"], back["undoes"], back["file"]) == (undone["undone"], line["change"], line["file"])
    assert f"Undone: Clients imported: 31 rows from {line['file']}" in desk("history", "--sets", "--limit", "1").out
    assert desk("list", "--json").out == ""
    assert "New" not in desk("settings", "types", "list").out
    again = desk("redo", "--yes", "--json").records[0]
    assert (again["change"], again["file"]) == (back["change"], line["file"])
    assert desk("history", "--sets", "--limit", "1", "--json").records[0]["file"] == line["file"]
    assert len(desk("list", "--json").records) == 30
    assert desk("check").code == 0


def test_a_server_is_told_of_a_login_by_its_administrator(desk: Desk, firm: str) -> None:
    desk("team", "add", "Bob Test", "--login", "bob")
    plan = desk("undo", "--dry-run").out
    assert ("bob" in plan) == on_server(firm)
    assert ("An administrator of the server runs this SQL" in desk("undo").out) == on_server(firm)
    assert "Inactive" in next(line for line in desk("team", "list").lines if line.startswith("Bob"))


def test_what_was_changed_since_and_set_back_is_said(desk: Desk, edited: int) -> None:
    desk("edit", "C-1", "city=Lugo")
    desk("edit", "C-1", "city=Vigo")
    sentence = "  Peña SA: City was changed since, and set back by Ana García ("
    assert sentence in desk("undo", str(edited), "--dry-run").out
    (record,) = desk("undo", str(edited), "--dry-run", "--json").records
    assert [field["label"] for field in record["overruled"]] == ["City"]
    undone = desk("undo", str(edited))
    assert (undone.code, sentence in undone.err) == (0, True)
    assert city(desk) == ""

"""`edit`, `delete` and `plan` of many clients, and `--from FILE`: the plan, what is written, and the exit codes."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from clientdesk.desk import client_keys, opening
from tests.cli.conftest import Desk
from tests.cli.test_filters import firm_of_four as firm_of_four
from tests.cli.test_filters import names
from tests.store.both import on_a_file
from tests.terminal import Terminal


def test_an_edit_of_many_shows_its_plan_and_needs_a_yes(firm_of_four: Desk) -> None:
    desk = firm_of_four
    chosen = ("edit", "--where", "city=a coruna", "city=Lugo")
    planned = desk(*chosen, "--dry-run")
    assert planned.code == 0
    assert planned.lines == [
        "Dry run: nothing was written.",
        "2 clients: 2 to change",
        "  Inigo Arias (C-2)",
        "      City: a coruna → Lugo",
        "  Íñigo SL (C-10)",
        "      City: A Coruña → Lugo",
    ]
    unasked = desk(*chosen)
    assert (unasked.code, unasked.err) == (2, "Nothing was changed. Add --yes to go on.\n")
    assert names(desk, "--where", "city=Lugo") == []

    done = desk(*chosen, "--yes")
    assert (done.code, done.out, done.err) == (0, "2 clients changed.\n", "")
    assert names(desk, "--where", "city=Lugo") == ["Inigo Arias", "Íñigo SL"]
    again = desk("edit", "--where", "city=Lugo", "city=Lugo", "--yes")
    assert (again.code, again.lines) == (0, ["2 clients: 2 unchanged"])
    assert desk("undo", "--yes").code == 0
    assert names(desk, "--where", "city=Lugo") == []


def test_texts_are_added_removed_and_replaced(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert desk("edit", "--status", "all", "--add", "notes=Call in May", "--yes").code == 0
    assert desk("edit", "--find", "igo", "--replace", "notes=Call", "Write", "--remove", "city=coru", "--yes").code == 0
    assert desk("edit", "C-3", "--add", "notes=VIP").out == "1 client changed.\n"
    client_by_name = {client["display_name"]: client for client in desk("list", "--status", "all", "--json").records}
    assert client_by_name["Íñigo SL"]["notes"] == "Write in May"
    assert client_by_name["Íñigo SL"]["city"] == "A Coruña", "case and accents count"
    assert client_by_name["Peña | Hijos"]["notes"] == "Call in May\nVIP"
    assert desk("edit", "--find", "igo", "notes=", "--yes").code == 0
    assert names(desk, "--where", "notes=Write in May") == []


def test_refused_clients_are_told_and_the_others_go_on(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert desk("plan", "on", "C-2", "--subscription", "plus").code == 0
    ended = desk("edit", "--status", "active", "subscription=", "--json", "--yes")
    assert ended.code == 1
    (record,) = ended.records
    assert (record["clients"], record["changed"], record["unchanged"], record["refused"]) == (3, 0, 2, 1)
    (error,) = record["errors"]
    assert (error["client_number"], error["code"]) == ("C-2", "plan_without_subscription")
    ended = desk("edit", "--status", "active", "subscription=", "--yes")
    assert ended.code == 1
    assert ended.err.startswith("Inigo Arias (C-2): The client is billed to the firm's plan")
    assert desk("edit", "--where", "city=Vigo", "--status", "all", "status=active", "--yes").code == 1
    ended = desk("edit", "--status", "all", "client_number=7", "--yes")
    assert (ended.code, ended.err[:50]) == (1, "Client number: only one client can have “7”, and 4")
    assert desk("edit", "C-3", "client_number=7").code == 0


def test_keys_come_from_a_file(firm_of_four: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, keys = firm_of_four, tmp_path / "keys.txt"
    company_id = str(desk("show", "C-2", "--json").records[0]["company_id"])
    keys.write_text(f"\ufeffc-10\r\n\r\n  {company_id}\nzoe\npeña | hijos\nnobody\nC-10\n", encoding="utf-8")
    wrong = "line 6: No client has this client number, Company ID or name: “nobody”. Correct it.\n"
    listed = desk("list", "--json", "--from", str(keys))
    assert [client["display_name"] for client in listed.records] == ["Inigo Arias", "Íñigo SL", "Peña | Hijos", "Zoë"]
    assert (listed.code, listed.err) == (1, wrong)
    assert names_in(desk("export", "--columns", "display_name", "--no-bom", "--from", str(keys)).lines) == 4

    ended = desk("edit", "--from", str(keys), "--where", "status=active", "region=Galicia", "--yes", "--json")
    (record,) = ended.records
    assert (ended.code, record["changed"], record["unknown_keys"]) == (1, 3, 1)
    assert [(key["line"], key["key"], key["code"]) for key in record["keys"]] == [(6, "nobody", "key_unknown")]
    assert desk("deactivate", "--from", str(keys), "--yes").out.endswith("3 clients deactivated.\n")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Zoë\n".encode())))
    assert desk("activate", "--from", "-", "--yes").out.endswith("1 client activated.\n")
    assert names(desk) == ["Zoë"]
    other = str(tmp_path / "other.db")
    opening.create_firm(other, "Norte", "Ana García").close()
    assert desk("transfer", "--to", other, "--from", str(keys), "--yes").code == 1
    assert len(names(desk, "--firm", other, "--status", "all")) == 4


def names_in(lines: list[str]) -> int:
    return len(lines) - 1


def test_what_is_no_file_of_keys_is_a_sentence(firm_of_four: Desk, tmp_path: Path) -> None:
    desk, keys = firm_of_four, tmp_path / "keys.txt"
    assert desk("list", "--from", "").code == 2
    assert desk("deactivate", "C-2", "--from", str(keys)).code == 2
    assert "keys.txt" in desk("list", "--from", str(keys)).err
    keys.write_bytes(b"Pe\xf1a\n")
    ended = desk("edit", "--from", str(keys), "city=Lugo", "--yes")
    assert (ended.code, ended.err) == (1, f"{keys} is no text in UTF-8. Save it as UTF-8, one client a line.\n")


def test_a_name_of_several_is_told(firm_of_four: Desk, firm: str) -> None:
    firm_of_four("add", "display_name=ZOE")
    with opening.open_firm(firm) as session:
        named = client_keys.named(session, [(1, "zoë"), (2, "C-2")])
    assert len(named.client_ids) == 1
    assert named.wrong[0].problem.message.startswith("2 clients are called “zoë”.")


WRONG: Sequence[tuple[str, ...]] = (
    ("edit",),
    ("edit", "C-2"),
    ("edit", "city=Lugo"),
    ("edit", "--status", "all"),
    ("edit", "--status", "all", "C-2", "city=Lugo"),
    ("edit", "C-2", "--add", "notes"),
    ("edit", "C-2", "--remove", "notes="),
    ("edit", "C-2", "--replace", "town=a", "b"),
    ("delete",),
    ("delete", "C-2", "--where", "city=Vigo"),
    ("plan", "off"),
    ("plan", "off", "C-2", "--status", "all"),
)


@on_a_file
def test_wrong_usage_is_told(firm_of_four: Desk) -> None:
    for words in WRONG:
        assert firm_of_four(*words).code == 2, words


def test_many_are_deleted_that_meet_the_conditions(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert desk("plan", "on", "C-2", "--subscription", "plus").code == 0
    planned = desk("delete", "--status", "all")
    assert planned.code == 2
    assert "4 clients: 3 to delete permanently, 1 refused" in planned.lines
    assert planned.lines[-1].startswith("Each of them meets the conditions: ✓ You are the firm's primary admin. ✓ ")
    assert "Inigo Arias" in planned.err
    assert "Take the client off the plan" in planned.err
    assert len(names(desk, "--status", "all")) == 4
    done = desk("delete", "--status", "all", "--yes")
    assert (done.code, done.out) == (1, "3 clients deleted permanently.\n")
    assert names(desk, "--status", "all") == ["Inigo Arias"]
    assert desk("check").code == 0


def test_the_plan_takes_its_steps_with_many(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert desk("plan", "on", "--status", "active", "--subscription", "plus", "--yes").out == "3 clients changed.\n"
    ended = desk("plan", "off", "--status", "all", "--yes")
    assert (ended.code, ended.out) == (1, "3 clients changed.\n")
    assert "Peña | Hijos" in ended.err
    assert names(desk, "--where", "billed_to=client") == ["Inigo Arias", "Íñigo SL", "Zoë"]


@pytest.mark.thorough("terminals")
@on_a_file
def test_who_deletes_many_types_how_many(firm_of_four: Desk, firm: str) -> None:
    argv = [sys.executable, "-m", "clientdesk", "--firm", firm, "delete", "--status", "all"]
    for typed, code, left in (("3\n", 1, 4), ("4\n", 0, 0)):
        with Terminal(argv, 100, 30) as terminal:
            terminal.wait(lambda lines: any("deleted permanently (4)" in line for line in lines))
            terminal.send(typed)
            assert terminal.wait_for_end() == code
        assert len(names(firm_of_four, "--status", "all")) == left

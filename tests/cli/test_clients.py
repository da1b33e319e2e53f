"""The clients on the command line: every command, its exit codes, and names that mean harm."""

import csv
import io
import json
from pathlib import Path

import click
import pytest

from clientdesk.cli.filters import FILTERS, filter_options
from clientdesk.desk import clients, history, opening
from clientdesk.domain.catalogue import BUILT_IN
from tests.cli.conftest import Desk
from tests.store.both import on_a_file

HOSTILE = [
    "Smith [/] Co",
    "[ACME] Ltd",
    "[bold red]Co[/]",
    "esc \x1b]0;owned\x07 \x1b[2J",
    "c1 \x9b31m",
    "bidi \u202eevil\u2066",
    "zero\u200bwidth",
    "tags \U000e0041\U000e0042",
    "line\u2028break\nand\rreturn",
    "山田 株式会社",
    "👩‍👩‍👧 & Söhne",
    "e\u0301\u0301\u0301",
    "می‌خواهم",
    "=1+1",
    "'; DROP TABLE client; --",
    "-x",
]


def added(desk: Desk, *values: str) -> str:
    """Adds a client; its Company ID."""
    ended = desk("add", *values, "--json")
    assert ended.code == 0, ended.err
    return str(ended.records[0]["company_id"])


def test_a_client_through_its_whole_life(desk: Desk) -> None:
    company_id = added(desk, "display_name=Peña SA", "client_number=C-7", "client_type=business")
    assert desk("edit", "c-7", "phone=+34 600 123 456", "subscription=QuickBooks Plus").code == 0
    client = desk("show", company_id, "--json").records[0]
    assert list(client) == list(BUILT_IN.names)
    assert client["phone"] == "+34 600 123 456"
    assert (client["client_type"], client["subscription"], client["lead"]) == ("Business", "plus", "Ana García")

    assert desk("deactivate", "C-7").out == "1 client deactivated.\n"
    assert desk("list", "--json").out == ""
    assert desk("list", "--status", "inactive", "--json").records[0]["company_id"] == company_id
    assert desk("activate", "C-7").code == 0

    kinds = [change["kind"] for change in desk("history", "C-7", "--json").records]
    assert kinds == ["client.activated", "client.deactivated", "client.edited", "client.added"]

    assert desk("delete", "C-7", "--yes").code == 0
    assert desk("show", "C-7").code == 1
    assert desk("check").code == 0


def test_what_stands_there_already_is_not_saved(desk: Desk) -> None:
    added(desk, "display_name=Peña SA", "client_number=C-7", "phone=+34 600 123 456")
    own = desk("team", "list", "--json").records[0]["login"]
    firm_name = json.loads(desk("settings", "show", "--json").out)["name"]
    same = (
        ("edit", "C-7", "phone= +34 600 123 456", "client_number=C-7"),
        ("team", "edit", str(own), f"login={own}"),
        ("settings", "set", f"name={firm_name}"),
        ("settings", "types", "rename", "Trust", "Trust"),
    )
    for words in same:
        ended = desk(*words)
        assert (ended.code, ended.out, ended.err) == (0, "Nothing was changed.\n", ""), words
    assert len(desk("history", "C-7", "--json").records) == 1
    assert desk("edit", "C-7", "city=Vigo").out.startswith("Saved: ")


def test_delete_asks_for_yes_and_names_what_is_missing(desk: Desk) -> None:
    added(desk, "display_name=A", "client_number=1")
    ended = desk("delete", "1")
    assert ended.code == 2
    assert "--yes" in ended.err
    assert ended.err.count("✓") == 3
    added(desk, "display_name=B", "client_number=2", "primary_admin=firm")
    ended = desk("delete", "2", "--yes")
    assert ended.code == 1
    assert "✗ not met: The client has its own primary admin. Request the hand-over" in ended.err
    assert desk("show", "2").code == 0


def test_an_unknown_key_is_refused_and_nothing_changes(desk: Desk) -> None:
    added(desk, "display_name=A", "client_number=1")
    for command in (["show"], ["edit"], ["deactivate"], ["activate"], ["delete"], ["history"]):
        ended = desk(*command, "none", *(["phone=1"] if command == ["edit"] else []))
        assert (ended.code, ended.out) == (1, ""), command
        assert "“none”" in ended.err
    assert desk("deactivate", "1", "none").code == 1
    assert len(desk("list", "--json").records) == 1
    assert desk("show", "\x00\x1b").code == 1


@on_a_file
def test_bytes_that_are_no_text_are_wrong_usage(desk: Desk) -> None:
    for arguments in (
        ["show", "a\udcff"],
        ["add", "display_name=a\udcff"],
        ["list", "--find", "\udcff"],
        ["team", "offer", "\udcff"],
    ):
        ended = desk(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "UTF-8" in ended.err


def test_refusals_name_every_field_at_once(desk: Desk) -> None:
    ended = desk("add", "email=nope", "fiscal_year_end=13-40", "client_type=Spy", "lead=Nobody")
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 5
    assert "Display name is required." in ended.err
    assert "Fiscal year end: “13-40” is no year's end. Write the month" in ended.err
    assert "“nope” is not an e-mail address" in ended.err
    assert desk("list", "--status", "all", "--json").out == ""


def test_warnings_are_told_and_do_not_stop(desk: Desk) -> None:
    added(desk, "display_name=Peña")
    ended = desk("add", "display_name=PEÑA", "tax_id=zzz")
    assert ended.code == 0
    assert ended.err.count("Warning:") == 2
    assert desk("edit", "nothing", "tax_id=zzz").code == 1


@on_a_file
@pytest.mark.parametrize("values", [["phone"], ["nope=1"], ["phone=1", "Phone=2"], []])
def test_wrong_usage_ends_with_2(desk: Desk, values: list[str]) -> None:
    assert desk("add", *values).code == 2
    assert desk("edit", "1", *values).code == 2


def test_an_unknown_field_lists_the_fields(desk: Desk) -> None:
    assert "display_name, business_name" in desk("add", "nope=1").err
    assert desk("list", "--columns", "nope").code == 2
    assert desk("list", "--sort", "nope").code == 2
    assert desk("list", "--columns", " , ").code == 2
    assert desk("list", "--json", "--csv").code == 2


@pytest.mark.parametrize("field", ["status=inactive", "company_id=91"])
def test_fields_with_a_use_case_of_their_own_are_not_typed(desk: Desk, field: str) -> None:
    assert desk("add", "display_name=A", field).code == 1
    added(desk, "display_name=B", "client_number=1")
    assert desk("edit", "1", field).code == 1


def test_the_list_filters_sorts_and_chooses_columns(desk: Desk) -> None:
    for name, number, kind in [("Íñigo SL", "C-10", "Business"), ("Inigo Arias", "C-2", "Trust"), ("Zoë", "", "")]:
        added(desk, f"display_name={name}", f"client_number={number}", f"client_type={kind}", "lead=")
    desk("edit", "C-2", "lead=Ana García")

    def names(*options: str) -> list[str]:
        return [client["display_name"] for client in desk("list", "--json", *options).records]

    assert names() == ["Inigo Arias", "Íñigo SL", "Zoë"]
    assert names("--find", "INIGO sl") == ["Íñigo SL"]
    assert names("--sort", "client_number") == ["Inigo Arias", "Íñigo SL", "Zoë"]
    assert names("--sort", "-client_number") == ["Íñigo SL", "Inigo Arias", "Zoë"]
    assert names("--type", "business") == ["Íñigo SL"]
    assert names("--type", "none") == ["Zoë"]
    assert names("--lead", "unassigned") == ["Íñigo SL", "Zoë"]
    assert names("--lead", "ana garcia") == ["Inigo Arias"]
    assert desk("list", "--lead", "Nobody").code == 1
    assert desk("list", "--type", "Nothing").code == 1
    assert desk("list", "--json", "--columns", "status,client-number").records[0] == {
        "status": "active",
        "client_number": "C-2",
    }
    rows = list(csv.reader(io.StringIO(desk("list", "--csv", "--columns", "display_name,status").out)))
    assert rows == [["display_name", "status"], ["Inigo Arias", "active"], ["Íñigo SL", "active"], ["Zoë", "active"]]


def test_an_empty_list_is_no_failure(desk: Desk) -> None:
    ended = desk("list")
    assert (ended.code, ended.out) == (0, "")
    assert desk("list", "--csv").lines == [",".join(BUILT_IN.names)]


@pytest.mark.long("many")
def test_a_long_list_is_whole_and_aligned(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    rows = "".join(f"9{i:08},Client {i:05} {'株' * (i % 7)},N-{i}\n" for i in range(6_000))
    path.write_text("Company ID,Display name,Client number\n" + rows)
    assert desk("import", "clients", str(path)).code == 0
    records = desk("list", "--json", "--columns", "client_number").records
    assert [each["client_number"] for each in records] == [f"N-{i}" for i in range(6_000)]
    lines = desk("list", "--columns", "display_name,status").lines
    assert len(lines) == 6_001
    assert {line.count("株") * 2 + len(line) - line.count("株") - len("Active") for line in lines[1:]} == {32}


@pytest.mark.thorough("many")
@on_a_file
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_reach_no_terminal(desk: Desk, name: str) -> None:
    ended = desk("add", f"display_name={name}", f"notes={name}")
    assert ended.code == 0
    key = desk("list", "--json").records[0]["company_id"]
    for arguments in (
        ["list"],
        ["list", "--csv"],
        ["list", "--json"],
        ["list", "--find", name],
        ["show", key],
        ["show", key, "--json", "--history"],
        ["show", key, "--history"],
        ["history"],
        ["history", key, "--json"],
        ["edit", key, "phone=1"],
        ["delete", key],
        ["show", name],
        ["team", "add", name, "--login", f"x{name}"],
        ["list", "--columns", name],
        ["import", name],
    ):
        ended = desk(*arguments)
        assert ended.code in (0, 1, 2), arguments
        assert "Something went wrong" not in ended.err
        for text in (ended.out, ended.err):
            assert not set(text) & set("\x1b\x9b\x07\r\u202e\u2066\u2028")
            if "--csv" not in arguments:
                assert not set(text) & set("\u200b\U000e0041")


def test_a_client_of_ten_thousand_characters_is_refused(desk: Desk) -> None:
    ended = desk("add", "display_name=" + "x" * 10_000)
    assert ended.code == 1
    assert len(ended.err) < 200


def test_json_escapes_what_a_terminal_would_obey() -> None:
    from clientdesk.cli.printing import json_text

    value = "é山 \x1b\x9b\u202e\u200b\udcff\U000e0041\u3164"
    line = json_text({"name": value})
    assert json.loads(line)["name"] == value
    assert line.startswith('{"name": "é山 ')
    assert line.isprintable()
    assert "\u3164" not in line


def test_the_blanks_are_all_that_print_nothing() -> None:
    from clientdesk.cli.printing import BLANKS
    from clientdesk.text import is_invisible

    # Beyond are variation selectors: they choose the form of a Chinese character.
    assert set(BLANKS) == {chr(code) for code in range(0x10000) if chr(code).isprintable() and is_invisible(chr(code))}


@on_a_file
def test_the_help_lists_the_fields_of_the_catalogue(desk: Desk) -> None:
    for command in ("list", "add", "edit"):
        text = desk(command, "--help").out
        assert all(field.name in text for field in BUILT_IN.form_fields)


def test_the_history_is_printed_whole(desk: Desk, firm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is longer than what is read at once."""
    monkeypatch.setattr(history, "AT_ONCE", 10)
    with opening.open_firm(firm) as session:
        client = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1"})
        for number in range(25):
            client = clients.edit(session, client, {"notes": f"note {number}"})
    assert len(desk("history", "--json").records) > 25
    assert len(desk("history", "C-1", "--json").records) == 26
    assert sum("Client edited" in line for line in desk("history", "C-1").lines) == 25
    assert len(desk("show", "C-1", "--json", "--history").records[0]["history"]) == 26
    assert [record["fields"][0]["new"] for record in desk("history", "--json", "--limit", "2").records] == [
        "note 24",
        "note 23",
    ]


def test_every_filter_is_a_field_of_the_options() -> None:
    command = click.command()(filter_options(lambda options: None))
    assert {option.name for option in command.params} == set(FILTERS)

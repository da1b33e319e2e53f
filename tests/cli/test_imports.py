"""`import` and `imports` on the command line."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Demoted, Desk, Put, numbers, record, rows_of
from tests.store.both import bare, on_a_file

HEAD = "Company ID,Display name,Client number"
LIST = f"{HEAD}\n91,Peña SA,007\n92,Íñigo,\n93,Ødegård AS,C-3\n"
UPLOAD = f"{HEAD}\n91,Peña SA,A-1\n92,Íñigo,A-2\n"


def test_a_client_list_then_an_upload(desk: Desk, put: Put) -> None:
    path = put(LIST)
    ended = desk("import", "clients", path)
    assert (ended.code, ended.out) == (0, f"{path}: 3 rows: 3 new\n")
    assert "Company ID → Company ID" in ended.err
    assert numbers(desk) == {"91": "007", "92": "", "93": "C-3"}
    assert desk("import", "clients", path).out == f"{path}: 3 rows: 3 unchanged\n"

    ended = desk("import", "numbers", put(UPLOAD))
    assert (ended.code, ended.out, ended.err) == (0, f"{path}: 2 rows: 2 changed\n", "")
    assert numbers(desk) == {"91": "A-1", "92": "A-2", "93": "C-3"}
    kinds = [record["kind"] for record in desk("history", "91", "--json").records]
    assert kinds == ["client.numbers", "client.imported"]


def test_the_object_that_json_prints(desk: Desk, put: Put) -> None:
    desk("import", "clients", put(LIST))
    text = UPLOAD.replace("A-2", "=1").replace(HEAD, f"{HEAD},Extra").replace("A-1", "A-1,x").replace("=1", "=1,")
    path = put(text + "99,Nobody,\x1b[2J,\n")
    ended = desk("import", "numbers", path, "--json")
    assert ended.code == 1
    assert ended.err == ""
    assert ended.out.count("\n") == 1
    assert record(ended) == {
        "file": path,
        "kind": "numbers",
        "rows": 3,
        "new": 0,
        "changed": 2,
        "unchanged": 0,
        "refused": 1,
        "skipped": 0,
        "left_out": 0,
        "refusal": None,
        "errors": [
            {
                "line": 4,
                "field": "client_number",
                "code": "control_character",
                "message": "Client number “␛[2J” has a control character (U+001B). Type the cell anew.",
                "cells": ["99", "Nobody", "\x1b[2J", ""],
            }
        ],
        "notices": [
            {
                "line": None,
                "field": "",
                "code": "unknown_column_ignored",
                "message": "These columns are not read: “Extra”.",
            },
            {
                "line": 3,
                "field": "client_number",
                "code": "formula_like",
                "message": "Client number “=1” looks like a formula; it is kept as text.",
            },
        ],
    }


def test_refused_rows_in_words(desk: Desk, put: Put) -> None:
    desk("import", "clients", put(LIST))
    path = put(f"{HEAD}\n91,Peña SA,A-1\n92,{'x' * 5000},A-2\n93,Ødegård AS,\x1b]0;x\x07\n{'9' * 500},A,1\n")
    ended = desk("import", "numbers", path)
    assert (ended.code, ended.out) == (1, f"{path}: 4 rows: 1 changed, 3 refused\n")
    lines = ended.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["line 3", "line 4", "line 5"]
    assert all(len(line) < 300 for line in lines)
    assert "\x1b" not in ended.err
    assert numbers(desk)["91"] == "A-1"


def test_a_dry_run_writes_nothing_and_shows_every_change(desk: Desk, firm: str, put: Put) -> None:
    desk("import", "clients", put(LIST))
    before = rows_of(firm)
    path = put(f"{HEAD},Phone\n91,Peña SA,A-1,+34 912 345 678\n94,New SL,B\n95,Ñu,C,\n93,Ødegård AS,,\n")
    ended = desk("import", "clients", path, "--dry-run")
    assert ended.code == 1
    assert rows_of(firm) == before
    assert ended.out.splitlines() == [
        "Dry run: nothing was written.",
        f"{path}: 4 rows: 1 new, 1 changed, 1 unchanged, 1 refused",
        "  line 4  new  Ñu",
        "      Company ID: 95",
        "      Client number: C",
        "  line 2  changed  Peña SA",
        "      Client number: 007 → A-1",
        "      Phone: – → +34 912 345 678",
    ]
    assert ended.err.splitlines()[-1].startswith("line 3: The row has fewer cells (3)")
    assert desk("import", "clients", path, "--dry-run", "--json").code == 1
    assert rows_of(firm) == before
    many = put(f"{HEAD}\n" + "".join(f"{n},Client {n},\n" for n in range(25)))
    assert "  … and 5 more; --all shows them" in desk("import", "clients", many, "--dry-run").out
    assert len(desk("import", "clients", many, "--dry-run", "--all").out.splitlines()) == 2 + 2 * 25


def test_a_plain_import_guesses_and_says_what(desk: Desk, put: Put) -> None:
    ended = desk("import", put(LIST), "--json")
    assert record(ended)["kind"] == "clients"
    assert "client list" in ended.err
    ended = desk("import", "--json", put(UPLOAD))
    assert record(ended)["kind"] == "numbers"
    assert "client numbers" in ended.err
    assert record(desk("import", "--key", "client_number", "--json", put(UPLOAD)))["kind"] == "clients"
    assert "client numbers" in desk("import", put(UPLOAD)).err
    assert "client list" in desk("import", put("Name,Email\nX,x@example.org\n")).err


def test_of_very_many_columns_some_are_named(desk: Desk, put: Put) -> None:
    ended = desk("import", "clients", put(f"Display name{',Bill to/Street' * 3_000}\nSol{',a' * 3_000}\n"))
    (said,) = (line for line in ended.err.splitlines() if line.startswith("Columns: "))
    assert said.startswith("Columns: Display name → Display name, Bill to/Street → ")
    assert said.endswith(", 2,901 more")
    assert said.count("→") == 100


@pytest.mark.thorough("steps")
def test_files_that_are_called_like_commands(
    desk: Desk, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("numbers", "clients", "mappings", "-list", "FILE", "--json"):
        put(LIST, name)
        for arguments in (["import", "--json", "--", name], ["import", "--json", f"./{name}"]):
            assert record(desk(*arguments))["file"] in (name, f"./{name}")
    assert record(desk("import", "clients", "--json", "--", "-list"))["unchanged"] == 3
    assert record(desk("import", "--json", "--dry-run", "clients", "clients"))["unchanged"] == 3
    assert record(desk("import", "--encoding", "utf-8", "clients", "clients", "--json"))["unchanged"] == 3
    assert record(desk("import", "FILE", "--json"))["rows"] == 3


@on_a_file
def test_wrong_usage(desk: Desk, firm: str, put: Put) -> None:
    path = put(LIST)
    before = rows_of(firm)
    for arguments in (
        ["import"],
        ["import", "numbers"],
        ["import", "--json"],
        ["import", path, path],
        ["import", "numbers", path, "--key", "none"],
        ["import", "clients", path, "--key", "nope"],
        ["import", "clients", path, "--batch"],
        ["import", "clients", path, "--map", "a", "--map-file", "b"],
        ["import", "clients", path, "--encoding", "utf-7"],
        ["import", "clients", path, "--errors", path],
        ["import", "clients", path, "--errors", ""],
        ["import", "clients", ""],
        ["imports", "--errors", "x.csv"],
        ["imports", "--run", "0"],
        ["import", "mappings", "save", "x"],
    ):
        ended = desk(*arguments)
        assert (ended.code, ended.out) == (2, ""), arguments
    assert rows_of(firm) == before
    for arguments in (["import"], ["import", "numbers"], ["import", "clients"], ["import", "mappings"], ["imports"]):
        ended = desk(*arguments, "--help")
        assert ended.code == 0
        assert "--firm" in ended.out
    assert "FILE" in desk("import", "--help").out
    assert desk("import", path, "--help").out.startswith("Usage: clientdesk import [OPTIONS] FILE")


def test_the_firm_is_named_in_any_place(desk: Desk, firm: str, put: Put, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    desk("demo", "--clients", "0", "--keep", other)
    path = put(LIST)
    assert desk("--firm", other, "import", "clients", path).code == 0
    for arguments in (
        ["import", "--firm", other, "clients", path],
        ["import", "--firm", other, path],
        ["import", path, "--firm", other],
        ["import", "clients", path, "--firm", other],
    ):
        assert desk(*arguments, "--dry-run").code in (0, 1)
    assert numbers(desk) == {}
    assert len(desk("imports", "--firm", other, "--json").records) == 1
    ended = desk("import", "clients", path, "--firm", str(tmp_path / "none.db"), "--json")
    assert (ended.code, record(ended)["refusal"]["code"]) == (2, "firm_missing")


@pytest.mark.long("many")
def test_a_file_over_quickbooks_limit(desk: Desk, firm: str, put: Put) -> None:
    clients = put(f"{HEAD}\n" + "".join(f"{n},Client {n},\n" for n in range(1001)))
    assert desk("import", "clients", clients).code == 0
    before = rows_of(firm)
    many = put(f"{HEAD}\n" + "".join(f"{n},Client {n},K-{n}\n" for n in range(1001)))
    ended = desk("import", "numbers", many)
    assert (ended.code, ended.out) == (2, "")
    assert "1,001 rows" in ended.err
    assert "--batch" in ended.err
    assert record(desk("import", "numbers", many, "--json", "--dry-run"))["refusal"]["code"] == "too_many_rows"
    assert rows_of(firm) == before
    assert desk("import", "numbers", many, "--batch", "--dry-run").code == 0
    assert desk("import", "numbers", many, "--batch").out == f"{many}: 1,001 rows: 1,001 changed\n"
    with bare(firm) as connection:
        sql = "SELECT count(*) FROM history JOIN change_set c ON c.id = change_set_id WHERE kind = 'client.numbers'"
        assert connection.execute(f"{sql} GROUP BY c.id ORDER BY c.id").fetchall() == [(1000,), (1,)]

    large = put(f"{HEAD}\n" + "".join(f"{n},Client {n},{'é' * 60}-{n}\n" for n in range(900)))
    ended = desk("import", "numbers", large)
    assert ended.code == 2
    assert "100 KB" in ended.err
    assert record(desk("import", "numbers", large, "--json"))["refusal"]["code"] == "too_large"
    assert desk("import", "numbers", large, "--batch").code == 0
    with bare(firm) as connection:
        latest = connection.execute(f"{sql} GROUP BY c.id ORDER BY c.id").fetchall()[2:]
    assert len(latest) == 2
    assert latest[0][0] > latest[1][0]

    assert desk("settings", "set", "upload_limit=no").code == 0
    assert desk("settings", "show", "--json").records[0]["upload_limit"] is False
    assert desk("import", "numbers", many).code == 0
    assert desk("settings", "set", "upload_limit=maybe").code == 1
    assert desk("settings", "set", "upload_limit=yes").code == 0
    assert "upload_limit   yes" in desk("settings").out


def test_the_refused_rows_in_a_file(desk: Desk, firm: str, put: Put, tmp_path: Path) -> None:
    desk("import", "clients", put(LIST))
    bad = put(f"{HEAD}\n91,Peña SA,A-1\n92,Íñigo,\n93,Wrong,A-3\n")
    out = str(tmp_path / "errors.csv")
    assert desk("import", "numbers", bad, "--errors", out, "--dry-run").code == 1
    text = Path(out).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == f"{HEAD},Line,Reason"
    assert text.splitlines()[1].startswith("92,Íñigo,,3,")
    assert os.stat(out).st_mode & 0o777 == 0o600

    before = rows_of(firm)
    for place, code in (
        (out, "file_exists"),
        (firm, "firm_file"),
        (str(tmp_path / "no" / "x.csv"), "folder_missing"),
        (str(tmp_path), "not_regular_file"),
    ):
        more = [] if code == "file_exists" else ["--overwrite"]
        ended = desk("import", "numbers", bad, "--errors", place, "--json", *more)
        assert (ended.code, record(ended)["refusal"]["code"]) == (2, code)
    assert rows_of(firm) == before, "told before anything is written"

    ended = desk("import", "numbers", bad, "--errors", out, "--overwrite")
    assert out in ended.err
    Path(out).write_text(Path(out).read_text().replace("Íñigo,", "Íñigo,A-2").replace("Wrong", "Ødegård AS"))
    assert desk("import", out, "--json").code == 0
    assert numbers(desk) == {"91": "A-1", "92": "A-2", "93": "A-3"}
    ended = desk("import", "numbers", bad.replace("list", "list"), "--errors", str(tmp_path / "again.csv"))
    assert ended.code == 1
    fine = put(f"{HEAD}\n91,Peña SA,A-1\n")
    ended = desk("import", "numbers", fine, "--errors", str(tmp_path / "none.csv"))
    assert ended.code == 0
    assert "not written" in ended.err
    assert not (tmp_path / "none.csv").exists()


def test_the_imports_that_are_kept(desk: Desk, put: Put, tmp_path: Path) -> None:
    ended = desk("imports")
    assert (ended.code, ended.out) == (0, "")
    desk("import", "clients", put(LIST))
    path = put(f"{HEAD}\n91,Peña SA,A-1\n92,Íñigo,\n", "second.csv")
    desk("import", "numbers", path)
    desk("import", "numbers", put("nonsense\n1\n", "third.csv"))
    (second, first) = desk("imports", "--json").records
    assert (first["kind"], first["new"], first["state"]) == ("clients", 3, "done")
    assert {name: second[name] for name in ("id", "kind", "file", "who", "rows", "changed", "refused")} == {
        "id": 2,
        "kind": "numbers",
        "file": path,
        "who": "Ana García",
        "rows": 2,
        "changed": 1,
        "refused": 1,
    }
    lines = desk("imports").lines
    assert len(lines) == 3
    assert "second.csv" in lines[1]
    assert desk("imports", "--run", "2").out.startswith("line 3: The client number is missing.")
    shown = record(desk("imports", "--run", "2", "--json"))
    assert (shown["id"], shown["errors"][0]["line"], shown["errors"][0]["cells"]) == (2, 3, ["92", "Íñigo", ""])
    out = tmp_path / "log.csv"
    assert desk("imports", "--run", "2", "--errors", str(out)).code == 0
    assert "92,Íñigo,,3," in out.read_text(encoding="utf-8-sig")
    assert desk("imports", "--run", "2", "--errors", str(out)).code == 1
    assert "No row" in desk("imports", "--run", "1").err
    ended = desk("imports", "--run", "9")
    assert ended.code == 1
    assert "9" in ended.err


def test_encoding_and_delimiter_can_be_chosen(desk: Desk, put: Put) -> None:
    path = put(LIST.replace(",", "|").encode("utf-16-le"))
    assert desk("import", "clients", path).code == 2
    ended = desk("import", "clients", path, "--encoding", "utf-16", "--delimiter", "|")
    assert ended.code == 0
    assert numbers(desk)["91"] == "007"
    path = put(UPLOAD.replace(",", ";").encode("windows-1252"))
    assert desk("import", "numbers", path, "--encoding", "utf-8").code == 2
    assert desk("import", "numbers", path, "--delimiter", "comma").code == 2
    ended = desk("import", "numbers", path, "--delimiter", "semicolon")
    assert ended.code == 0
    assert "Windows-1252" in ended.err
    assert desk("import", "numbers", path, "--delimiter", "xx").code == 2


def test_whoever_may_not_import(desk: Desk, firm: str, put: Put, demoted: Demoted) -> None:
    demoted()
    before = rows_of(firm)
    for command in (["numbers"], ["clients"], []):
        ended = desk("import", *command, put(LIST), "--json")
        assert (ended.code, record(ended)["refusal"]["code"]) == (2, "not_allowed")
        assert "Boss" in ended.err
    assert rows_of(firm) == before

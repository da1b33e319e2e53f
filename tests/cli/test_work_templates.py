"""`clientdesk templates`."""

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Desk


def test_a_template_from_the_first_word_to_the_last(desk: Desk, tmp_path: Path) -> None:
    assert "clientdesk templates add books-review" in desk("templates").out
    desk("add", "display_name=Mar SL", "client_type=Business", "fiscal_year_end=06-30")
    desk("add", "display_name=Pena SL")
    added = desk("templates", "add", "books-review")
    assert (added.code, added.out.strip()) == (0, "Added: Books review")
    assert "applies to every active client (2)" in added.err
    assert desk("templates", "add", "books-revue").code == 1
    rules = [
        "--where",
        "client_type=Business",
        "--due",
        "day 20 of month 1",
        "--state",
        "Doing",
        "--begins",
        "FY2099-Q1",
    ]
    payroll = ["--period", "fiscal_quarter", *rules, "--role", "Preparer=lead", "--role", "Boss=Ana García"]
    assert desk("templates", "add", "Payroll", *payroll).code == 0
    listed = {record["name"]: record for record in desk("templates", "list", "--json").records}
    assert {name: record["clients"] for name, record in listed.items()} == {"Books review": 2, "Payroll": 1}
    assert listed["Payroll"]["states"] == ["To do", "Doing", "Completed"]
    assert listed["Payroll"]["roles"] == ["Preparer (lead accountant)", "Boss (Ana García)"]
    shown = desk("templates", "show", "payroll").out
    assert "on day 20 of the month after the period" in shown
    assert "client_type=Business" in shown
    (applied,) = desk("templates", "apply", "payroll", "--dry-run", "--json").records
    assert applied["first"] == [{"client": "Mar SL", "period": "FY2099-Q1", "due": "2098-10-20"}]
    assert (applied["clients"], applied["of"]) == (1, 2)
    assert "1 of 2 active clients" in desk("templates", "apply", "payroll", "--dry-run").out

    dry = desk("templates", "edit", "payroll", "--due", "5 days", "--everyone", "--dry-run")
    assert "Due: on day 20 of the month after the period → 5 days after the period." in dry.out
    assert "It applied to 1 client, and applies to 2." in dry.out
    assert desk("templates", "edit", "payroll", "--everyone").code == 2, "nobody can be asked"
    assert desk("templates", "edit", "payroll", "--everyone", "--where", "city=Vigo").code == 2
    assert desk("templates", "edit", "payroll", "--due", "never").code == 1
    assert desk("templates", "edit", "payroll", "--due", "5 days", "--everyone", "--yes").code == 0
    assert desk("templates", "edit", "payroll", "--name", "Wages").code == 0
    file = tmp_path / "wages.toml"
    assert desk("templates", "export", "wages", str(file)).code == 0
    assert desk("templates", "export", "wages", str(file)).code != 0
    text = file.read_text(encoding="utf-8")
    assert desk("templates", "export", "wages").out.rstrip() == text.rstrip()
    assert "Nothing was changed." in desk("templates", "import", str(file)).out
    file.write_text(text + '\n[[sections]]\nname = "Pay"\nitems = ["Pay them"]\n', encoding="utf-8")
    assert "Item “Pay them” is added." in desk("templates", "import", str(file), "--dry-run").out
    (taken,) = desk("templates", "import", str(file), "--json").records
    assert taken["sections"] == [{"name": "Pay", "retired": False, "items": [{"title": "Pay them", "retired": False}]}]
    file.write_text(text.replace("5 days", "one day"), encoding="utf-8")
    wrong = desk("templates", "import", str(file))
    assert wrong.code == 1
    assert "wages.toml, line 3: “one day” does not say when work is due." in wrong.err
    assert desk("templates", "import", str(tmp_path / "none.toml")).code == 1

    assert "Retired: Wages" in desk("templates", "retire", "wages").out
    assert "Nothing was changed." in desk("templates", "retire", "wages").out
    assert "Brought back: Wages" in desk("templates", "restore", "wages").out
    assert "In order: Wages, Books review" in desk("templates", "order", "wages").out
    assert desk("undo", "--yes").code == 0
    assert [record["name"] for record in desk("templates", "list", "--json").records] == ["Books review", "Wages"]
    assert desk("templates", "show", "nope").code == 1
    assert desk("check").code == 0


@pytest.mark.parametrize("written", ["\udc80", "name = 'x'\nperiod = 'month'\n\ufeff"])
def test_a_file_that_is_none_is_a_sentence(desk: Desk, tmp_path: Path, written: str) -> None:
    file = tmp_path / "none.toml"
    file.write_bytes(written.encode(errors="surrogateescape"))
    ended = desk("templates", "import", str(file))
    assert ended.code == 1
    assert "none.toml" in ended.err


def test_what_is_wrong_with_a_template_is_said_in_a_sentence(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk("add", "display_name=Mar SL", "client_number=1")
    four = [part for name in "ABCD" for part in ("--role", name)]
    new = ["templates", "add", "TB", "--period", "month"]
    assert "A template has one to 3 roles, not 4." in desk(*new, *four).err
    assert "“9999-12” is too early or too late" in desk(*new, "--begins", "9999-12").err
    assert "“2026-Q1” is no period of the kind Month" in desk(*new, "--begins", "2026-Q1").err
    desk(*new)
    assert "TB has no item “x”: it has none yet." in desk("work", "tick", "1", "--item", "x").err
    file = tmp_path / "t.toml"
    for line in ('begins = "9999-12"', 'states = ["Doing", "doing"]', 'applies = ["lead=@me"]', 'calendar = "moon"'):
        file.write_text(f'name = "New"\nperiod = "month"\n{line}\n', encoding="utf-8")
        assert f"{file}, line 3: " in desk("templates", "import", str(file)).err
    said = 'name = "From a pipe"\nperiod = "month"\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    assert desk("templates", "import", "-").out.strip() == "Added: From a pipe"

"""`clientdesk history`: the screen's filters, rows or lines, to the end, as text, JSON and CSV."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, Put
from tests.cli.test_clients import added
from tests.store.both import tamper


@pytest.mark.thorough("steps")
def test_filters_rows_and_lines(desk: Desk, tmp_path: Path) -> None:
    added(desk, "display_name=Peña SA", "client_number=1", "phone=944 111")
    added(desk, "display_name=Müller GmbH", "client_number=2")
    desk("edit", "2", "email=new@mueller.example")
    desk("edit", "1", "phone=944 222", "notes=\x1b[31mred")
    names = tmp_path / "clients.csv"
    names.write_text("Display name,Notes\n" + "".join(f"Client {n},n\n" for n in range(30)))
    assert desk("import", "clients", str(names)).code == 0

    def subjects(*options: str) -> list[str]:
        return [record["subject"] for record in desk("history", *options, "--json").records]

    assert subjects("--field", "phone", "--kind", "client.edited") == ["Peña SA"]
    assert subjects("--find", "muller") == ["Müller GmbH"] * 2
    assert subjects("--find", "muller", "--kind", "client.edited", "--who", "Ana García") == ["Müller GmbH"]
    assert subjects("--to", "2001") == []
    assert len(subjects("--kind", "client.imported")) == 30
    assert [record["kind"] for record in desk("history", "1", "--field", "phone", "--json").records] == [
        "client.edited",
        "client.added",
    ]

    lines = desk("history", "--sets", "--json").records
    imported = next(line for line in lines if line["kind"] == "client.imported")
    assert (imported["rows"], imported["subject"]) == (30, "")
    assert sum(line["kind"] == "client.imported" for line in lines) == 1
    assert len(desk("history", "--change", str(imported["change"]), "--json").records) == 30
    assert f"30 rows from clients.csv  (change {imported['change']})" in desk("history", "--sets").out
    assert [record["subject"] for record in desk("history", "2", "--sets", "--json").records] == ["Müller GmbH"] * 2

    written = list(csv.DictReader(io.StringIO(desk("history", "1", "--csv").out)))
    assert [each["new"] for each in written if each["field"] == "phone"] == ["944 222", "944 111"]
    assert "\x1b" not in json.dumps(written, ensure_ascii=False)
    of_lines = list(csv.DictReader(io.StringIO(desk("history", "--sets", "--csv").out)))
    assert [line["change"] for line in of_lines] == [str(line["change"]) for line in lines]


def test_an_entry_that_was_erased_says_so(desk: Desk, firm: str) -> None:
    added(desk, "display_name=Peña SA", "client_number=1")
    desk("edit", "1", "city=Lugo")
    tamper(firm, "history", "UPDATE history SET old = NULL, new = NULL, salt = NULL WHERE operation = 'update'")
    assert [(record["erased"], record["fields"] == []) for record in desk("history", "1", "--json").records] == [
        (True, True),
        (False, False),
    ]
    for command in (("history", "1"), ("history",)):
        assert "    What it said was erased." in desk(*command).lines


def test_two_clients_of_one_name_are_told_apart(desk: Desk) -> None:
    for number in ("1", "2"):
        added(desk, "display_name=Peña SA", f"client_number={number}")
        desk("edit", number, "phone=944 111")
    ids = [desk("show", number, "--json").records[0]["company_id"] for number in ("1", "2")]
    for sets in ((), ("--sets",)):
        rows = desk("history", "--kind", "client", *sets, "--json").records
        assert [(row["subject"], row["entity"], row["company_id"]) for row in rows] == [
            ("Peña SA", "client", company_id) for company_id in (ids[1], ids[1], ids[0], ids[0])
        ]
        assert [row["key"] for row in rows] == [rows[0]["key"]] * 2 + [rows[2]["key"]] * 2
    assert rows[0]["key"] != rows[2]["key"]
    for asked in ((), ("--field", "phone")):
        (row, *_older) = desk("history", "2", *asked, "--json").records
        assert (row["subject"], row["company_id"], row["kind"]) == ("Peña SA", ids[1], "client.edited")
    (written, *_more) = csv.DictReader(io.StringIO(desk("history", "2", "--csv").out))
    assert (written["subject"], written["company_id"]) == ("Peña SA", ids[1])
    assert desk("history", "--kind", "team", "--json").records == []
    assert desk("history", "--kind", "firm.created", "--json").records[0]["company_id"] == ""
    assert "Peña SA" not in desk("history", "2", "--field", "phone").out, "of one client its name is no news"
    (shown,) = desk("show", "2", "--history", "--json").records
    assert [each["subject"] for each in shown["history"]] == ["Peña SA"] * 2


def test_what_is_no_filter_is_wrong_usage(desk: Desk) -> None:
    for options in (
        ["--field", "nowhere"],
        ["--kind", "nowhere"],
        ["--from", "2026-02-30"],
        ["--to", "2026 2027"],
        ["--json", "--csv"],
        ["--sets", "--change", "1"],
    ):
        assert desk("history", *options).code == 2, options
    for option, value in (("--kind", "client"), ("--field", "phone"), ("--from", "2026"), ("--who", "Ana García")):
        refused = desk("history", option, value, "--sets", f"{option}={value}")
        assert (refused.code, refused.out) == (2, "")
        assert f"{option} can be given once." in refused.err
    for day in ("1899", "0001-01-01", "9999-12-31"):
        refused = desk("history", "--from", day)
        assert refused.code == 2
        assert "The years 1900 to 2999 can be named." in refused.err
    refused = desk("history", "--from", "2026", "--to", "2025")
    assert refused.code == 2
    assert "--from 2026-01-01 is after --to 2025-12-31" in refused.err
    assert desk("history", "--from", "2026", "--to", "2026").code == 0
    assert desk("history", "--who", "nobody").code == 1
    assert desk("history", "--change", "999", "--field", "phone").code == 1


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**20])
def test_a_number_may_be_as_great_as_it_likes(desk: Desk, put: Put, number: int) -> None:
    added(desk, "display_name=Peña SA")
    assert len(desk("history", "--limit", str(number), "--json").records) > 1
    for command in (("history", "--change"), ("undo",)):
        refused = desk(*command, str(number))
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.startswith(f"There is no change {number} in this firm")
    for more in ((), ("--retry",), ("--remove-unreadable",)):
        refused = desk("imports", "--run", str(number), *more)
        assert (refused.code, refused.out) == (1, "")
        assert f" {number}." in refused.err, "as it is typed"
        assert "“clientdesk imports” lists all" in refused.err
    assert "no row begins in line" in desk("import", "clients", put("A\nB\n"), "--heading-row", str(number)).err
    assert desk("demo", "--clients", str(number), "--keep", "there").code == 2


def test_it_says_that_nothing_matches(desk: Desk) -> None:
    for form in ((), ("--sets",)):
        nothing = desk("history", "--from", "2999", *form)
        assert (nothing.code, nothing.out, nothing.err) == (0, "", "No change matches.\n")
    assert desk("history", "--from", "2999", "--json").err == ""

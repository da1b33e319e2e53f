"""`import clients`: mappings, names that the firm does not know, likely duplicates, keys."""

import json

import pytest

from tests.cli.conftest import Desk, Put, record

HEAD = "Company ID,Display name,Client number"
LIST = f"{HEAD}\n91,Peña SA,007\n92,Íñigo,\n93,Ødegård AS,C-3\n"


@pytest.mark.thorough("steps")
def test_mappings(desk: Desk, put: Put) -> None:
    listed = [record["name"] for record in desk("import", "mappings", "list", "--json").records]
    assert "xero" in listed
    ours = put(json.dumps({"columns": {"Kunde": "display_name", "Nr": "client_number", "Tel": ""}}), "ours.json")
    assert desk("import", "mappings", "save", "Ours", "--map-file", ours).code == 0
    assert desk("import", "mappings").lines[1].startswith("Ours")
    path = put("Nr,Tel,Kunde\nK-1,600,Müller\n")
    ended = desk("import", "clients", path, "--map", "OURS", "--json")
    assert (ended.code, record(ended)["new"]) == (0, 1)
    assert desk("show", "K-1", "--json").records[0]["display_name"] == "Müller"
    path = put("Nr,Tel,Kunde\nK-1,600,Müller GmbH\n")
    by_number = ["--map-file", ours, "--key", "client_number"]
    assert record(desk("import", "clients", path, *by_number, "--json"))["changed"] == 1
    assert desk("import", "mappings", "show", "ours").records[0]["columns"]["Kunde"] == "display_name"
    assert desk("import", "mappings", "delete", "ours").code == 0
    for arguments in (["delete", "ours"], ["show", "ours"]):
        assert desk("import", "mappings", *arguments).code == 1
    assert "xero, google" in desk("import", "mappings", "show", "ours").err
    xero = put(desk("import", "mappings", "show", "Xero").out, "xero.json")
    assert desk("import", "mappings", "save", "Our Xero", "--map-file", xero).code == 0
    ended = desk("import", "clients", path, "--map", "ours", "--json")
    assert (ended.code, record(ended)["refusal"]["code"]) == (2, "mapping_gone")
    for text in ("{", "[]", '{"columns": {"Kunde": "nope"}}', "[" * 100_000, '{"columns": 1}'):
        ended = desk("import", "clients", path, "--map-file", put(text, "bad.json"), "--json")
        assert (ended.code, record(ended)["refusal"]["code"]) == (2, "bad_mapping"), text[:40]
        assert desk("import", "mappings", "save", "x", "--map-file", put(text, "bad.json")).code == 1
    contacts = put("*ContactName,EmailAddress\nX SL,x@example.org\n", "xero.csv")
    assert record(desk("import", "clients", contacts, "--map", "xero", "--json"))["new"] == 1
    assert record(desk("import", "clients", contacts, "--map", "our xero", "--duplicates", "add", "--json"))["new"] == 1


def test_names_that_the_firm_does_not_know(desk: Desk, put: Put) -> None:
    path = put("Display name,Client type,Lead accountant\nA,Estate,Zoë\nB,estate,Ana García\nC,Trust,\n")
    ended = desk("import", "clients", path, "--json", "--dry-run")
    assert [(refusal["line"], refusal["code"]) for refusal in record(ended)["errors"]] == [
        (2, "unknown_client_type"),
        (3, "unknown_client_type"),
    ]
    ended = desk("import", "clients", path, "--json", "--dry-run", "--types", "empty")
    assert [(refusal["line"], refusal["code"]) for refusal in record(ended)["errors"]] == [(2, "unknown_lead")]
    ended = desk("import", "clients", path, "--types", "create", "--leads", "empty")
    assert ended.code == 0
    by_name = {record["display_name"]: record for record in desk("list", "--json").records}
    assert [(each["client_type"], each["lead"]) for each in by_name.values()] == [
        ("Estate", ""),
        ("Estate", "Ana García"),
        ("Trust", ""),
    ]


def test_likely_duplicates(desk: Desk, put: Put) -> None:
    desk("add", "display_name=Construcciones Peña SL", "email=hola@example.org")
    path = put("Display name,E-mail\nConstrucciones Pena,\nOther,HOLA@example.org\nNew,\n")
    ended = desk("import", "clients", path)
    assert ended.code == 0
    assert "1 new, 2 skipped" in ended.out
    assert "--duplicates add" in ended.err
    assert record(desk("import", "clients", path, "--duplicates", "add", "--json"))["new"] == 3


def test_the_key_by_which_clients_are_found(desk: Desk, put: Put) -> None:
    desk("import", "clients", put(LIST))
    changed = put(f"{HEAD},Phone\n91,Peña SA,007,+34 912 345 678\n")
    assert record(desk("import", "clients", changed, "--key", "none", "--json"))["errors"][0]["code"] in (
        "company_id_taken",
        "number_taken",
    )
    assert record(desk("import", "clients", changed, "--key", "display_name", "--json"))["changed"] == 1
    ended = desk("import", "clients", put("Display name\nX\n"), "--key", "company_id", "--json")
    assert (ended.code, record(ended)["refusal"]["code"]) == (2, "missing_column")


def test_the_order_of_dates_is_said_on_the_command_line_or_in_a_mapping(desk: Desk, put: Put) -> None:
    path = put("Display name,Fiscal year end\nSol SL,5/6\nMar SL,30 de junio\n")
    ended = desk("import", "clients", path, "--json", "--dry-run")
    assert [(refusal["line"], refusal["code"]) for refusal in record(ended)["errors"]] == [(2, "ambiguous_date")]
    assert "--dates dmy or --dates mdy" in record(ended)["errors"][0]["message"]
    mapping = {"columns": {"Display name": "display_name", "Fiscal year end": "fiscal_year_end"}, "dates": "mdy"}
    for options, kept in ((["--dates", "dmy"], "06-05"), (["--map-file", put(json.dumps(mapping), "m.json")], "05-06")):
        assert desk("import", "clients", path, *options, "--duplicates", "add").code == 0
        year_ends = [record["fiscal_year_end"] for record in desk("list", "--find", "Sol", "--json").records]
        assert kept in year_ends
    assert desk("import", "clients", path, "--dates", "ymd").code == 2
    bad = put(json.dumps({**mapping, "dates": "ymd"}), "bad.json")
    ended = desk("import", "clients", path, "--map-file", bad, "--json")
    assert record(ended)["refusal"]["code"] == "bad_mapping"


def test_the_line_of_the_headings_is_said(desk: Desk, put: Put) -> None:
    path = put("Name,Since\nCliente,Correo\nSol SL,a@sol.example\n")
    ended = desk("import", "clients", path, "--heading-row", "2", "--json")
    assert (record(ended)["new"], record(ended)["errors"]) == (1, [])
    assert desk("list", "--json").records[0]["email"] == "a@sol.example"
    ended = desk("import", "clients", path, "--heading-row", "7", "--json")
    assert (ended.code, record(ended)["refusal"]["code"]) == (2, "no_heading_row")
    assert desk("import", "clients", path, "--heading-row", "0").code == 2


def test_what_is_found_at_the_end_of_the_file_is_said(desk: Desk, put: Put) -> None:
    path = put("Clientes\nCliente,Correo,Ciudad\nSol SL,a@sol.example,Lugo\nTotal: 1,,\n")
    ended = desk("import", "clients", path)
    assert ended.code == 0
    assert "Warning: " in ended.err
    assert "the headings are in line 2" in ended.err
    assert "4 “Total: 1”" in ended.err


def test_no_more_than_twenty_refused_rows_are_printed_unless_all_are_asked_for(desk: Desk, put: Put) -> None:
    path = put("Display name,Client type\nPeña SA,\n" + "".join(f"Client {n},Estate\n" for n in range(22)))
    for options, more in (
        (["--dry-run"], "2 more rows are refused; --all shows them all."),
        (["--dry-run", "--all"], ""),
        ([], "2 more rows are refused; “clientdesk imports --run 1” prints them all."),
    ):
        ended = desk("import", "clients", path, *options)
        lines = ended.err.splitlines()
        assert sum(line.startswith("line ") for line in lines) == (20 if more else 22)
        assert [line for line in lines if "more row" in line] == ([more] if more else [])
    assert sum(line.startswith("line ") for line in desk("imports", "--run", "1").lines) == 22

"""`import clients`: mappings, names that the firm does not know, likely duplicates, keys."""

import json

from tests.cli.conftest import Desk, Put, record

HEAD = "Company ID,Display name,Client number"
LIST = f"{HEAD}\n91,Peña SA,007\n92,Íñigo,\n93,Ødegård AS,C-3\n"


def test_mappings(desk: Desk, put: Put) -> None:
    listed = [each["name"] for each in desk("import", "mappings", "list", "--json").records]
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
    assert [(each["line"], each["code"]) for each in record(ended)["errors"]] == [
        (2, "unknown_client_type"),
        (3, "unknown_client_type"),
    ]
    ended = desk("import", "clients", path, "--json", "--dry-run", "--types", "empty")
    assert [(each["line"], each["code"]) for each in record(ended)["errors"]] == [(2, "unknown_lead")]
    ended = desk("import", "clients", path, "--types", "create", "--leads", "empty")
    assert ended.code == 0
    found = {each["display_name"]: each for each in desk("list", "--json").records}
    assert [(each["client_type"], each["lead"]) for each in found.values()] == [
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

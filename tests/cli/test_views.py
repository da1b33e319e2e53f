"""`clientdesk views`, and --view of every command that works on a list, on both engines."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from clientdesk.desk import client_types, clients, opening
from tests.cli.conftest import Demoted, Desk


@pytest.fixture
def firm_of_four(firm: str, desk: Desk) -> Desk:
    """A firm with four clients, of whom one is inactive, and a view of those in A Coruña, downwards."""
    fields = ("display_name", "client_number", "city", "lead")
    with opening.open_firm(firm) as session:
        added = [
            clients.add(session, dict(zip(fields, values, strict=True)))
            for values in (
                ("Íñigo SL", "C-10", "A Coruña", "Ana García"),
                ("Inigo Arias", "C-2", "a coruna", ""),
                ("Peña SA", "C-3", "Vigo", ""),
                ("Zoë", "", "A Coruña", "Ana García"),
            )
        ]
        clients.set_status(session, [added[2].id], active=False)
    options = ("--where", "city=A Coruña", "--sort=-display_name", "--columns", "display_name,city")
    assert desk("views", "save", "Coruña", *options).lines == ["Saved: Coruña (yours)"]
    return desk


def names(desk: Desk, *options: str) -> list[str]:
    ended = desk("list", "--json", *options)
    assert ended.code == 0, ended.err
    return [client["display_name"] for client in ended.records]


def test_a_list_by_a_view_and_narrowed(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert names(desk, "--view", "coruna") == ["Zoë", "Íñigo SL", "Inigo Arias"]
    assert desk("list", "--view", "Coruña", "--json").records[0] == {"display_name": "Zoë", "city": "A Coruña"}
    assert names(desk, "--view", "Coruña", "--where", "lead=@me") == ["Zoë", "Íñigo SL"]
    assert names(desk, "--view", "Coruña", "--lead", "unassigned") == ["Inigo Arias"]
    assert names(desk, "--view", "Coruña", "--where", "city=Vigo") == [], "it narrows, it does not replace"
    assert names(desk, "--view", "Coruña", "--find", "iñ", "--sort", "client_number") == ["Inigo Arias", "Íñigo SL"]
    assert names(desk, "--view", "my clients") == ["Íñigo SL", "Zoë"]
    assert names(desk, "--view", "Without a number") == ["Zoë"]
    assert names(desk, "--view", "All active", "--status", "inactive") == ["Peña SA"]
    refused = desk("list", "--view", "nobody")
    assert (refused.code, "There is no view “nobody”." in refused.err, "“clientdesk views” lists" in refused.err) == (
        1,
        True,
        True,
    )


def test_an_export_of_a_view(firm_of_four: Desk, tmp_path: Path) -> None:
    desk, path = firm_of_four, tmp_path / "list.csv"

    def exported(*options: str) -> list[list[str]]:
        ended = desk("export", str(path), "--overwrite", *options)
        assert ended.code == 0, ended.err
        return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))

    assert exported("--view", "Coruña") == [
        ["Display name", "City"],
        ["Zoë", "A Coruña"],
        ["Íñigo SL", "A Coruña"],
        ["Inigo Arias", "a coruna"],
    ]
    assert exported("--view", "Coruña", "--where", "client_number=") == [["Display name", "City"], ["Zoë", "A Coruña"]]
    assert exported("--view", "My clients")[0][:2] == ["Client number", "Display name"], "in your own columns"
    assert [len(exported("--view", word)) for word in ("all", "list")] == [5, 4]
    assert len(exported()) == 5
    heads, first, *_rest = exported("--view", "Recently changed")
    assert (heads[2], first[2]) == ("Last change", datetime.now().astimezone().date().isoformat())
    assert "changed" not in desk("export", "--format", "jsonl").out, "a file of all fields has what clients have"
    last = desk("list", "--columns", "display_name,changed", "--json").records[0]
    assert last == {"display_name": "Inigo Arias", "changed": first[2]}


def test_clients_are_chosen_by_a_view(firm_of_four: Desk, tmp_path: Path) -> None:
    desk, other = firm_of_four, str(tmp_path / "other.db")
    opening.make_firm(other, "Otra", "Ana García")
    moved = desk("transfer", "--to", other, "--view", "Coruña", "--yes", "--json")
    assert (moved.code, moved.records[0]["new"]) == (0, 3)
    assert desk("deactivate", "--view", "Coruña", "--find", "zo", "--yes").lines[-1] == "1 client deactivated."
    assert names(desk) == ["Inigo Arias", "Íñigo SL"]
    activated = desk("activate", "--view", "Coruña", "--yes")
    assert "Instead of what the view Coruña says of the status: Inactive." in activated.err
    assert activated.lines[-1] == "1 client activated."


def test_one_name_of_yours_and_the_firms_means_yours(firm_of_four: Desk) -> None:
    desk = firm_of_four
    steps = ("rename Coruña Mine", "save CORUÑA --for-firm --find peña", "delete CORUÑA", "rename Mine Coruña")
    assert [desk("views", *step.split()).code for step in steps] == [0, 0, 0, 0]
    assert desk("undo", "--yes").code == 0  # the firm's is back, and yours has its name by now
    listed = [view["name"] for view in desk("views", "list", "--json").records]
    assert listed[-3:-1] == ["CORUÑA (the firm's)", "Coruña"]
    assert len(names(desk, "--view", "coruña")) == 3, "what was chosen before is chosen still"
    assert names(desk, "--view", "Coruña (the firm's)") == []
    assert desk("views", "rename", "Coruña (the firm's)", "Norte").lines == ["Saved: Norte (the firm's)"]


def test_views_are_listed_shown_and_saved_anew(firm_of_four: Desk) -> None:
    desk = firm_of_four
    listed = desk("views", "list", "--json").records
    assert [view["name"] for view in listed][-2:] == ["Coruña", "Preferred pricing plan"]
    assert [view["key"] for view in listed] == [str(number) for number in range(1, len(listed) + 1)]
    shown = desk("views", "show", "CORUÑA", "--json").records[0]
    assert shown == listed[-2]
    assert shown["where"] == ["status=active", "city=A Coruña"]
    assert (shown["owner"], shown["sort"], shown["find"]) == ("own", "-display_name", "")
    assert shown["columns"] == [
        {"field": "display_name", "width": 30, "format": ""},
        {"field": "city", "width": 16, "format": ""},
    ]
    assert "city=A Coruña" in desk("views", "show", "Coruña").out
    assert "yours" in desk("views").out
    again = ("views", "save", "coruna", "--view", "Coruña", "--where", "lead=")
    refused = desk(*again)
    assert (refused.code, "There is a view “Coruña” already (yours), and nothing is saved." in refused.err) == (1, True)
    assert "--replace" in refused.err
    assert desk(*again, "--replace").code == 0
    assert desk("views", "show", "Coruña", "--json").records[0]["columns"] == shown["columns"], "it keeps its columns"
    assert names(desk, "--view", "Coruña") == ["Inigo Arias"]
    assert "built in" in desk("views", "save", "My clients", "--where", "city=Vigo").err
    assert "says whose line it is" in desk("views", "save", "X", "--columns", "city,notes").err
    assert desk("views", "save", "X", "--where", "nickname=x").code == 2
    assert desk("views", "show", "X").code == 1


@pytest.mark.thorough("steps")
def test_views_are_renamed_given_hidden_ordered_and_deleted(firm_of_four: Desk, demoted: Demoted) -> None:
    desk = firm_of_four
    assert desk("views", "rename", "Coruña", "Norte").lines == ["Saved: Norte (yours)"]
    assert "“My clients” already" in desk("views", "rename", "Norte", "my CLIENTS").err
    assert desk("views", "give", "Norte").lines == ["The firm's now: Norte"]
    assert desk("views", "save", "Sur", "--for-firm", "--status", "all").lines == ["Saved: Sur (the firm's)"]
    assert desk("views", "save", "Ost", "--from", "keys.txt").code == 2, "a view is no list of clients"
    assert desk("views", "hide", "All active").code == 0
    assert desk("views", "order", "Sur", "Norte").lines[:3] == ["1  Sur", "2  Norte", "3  My clients"]
    record = desk("views", "show", "all active", "--json").records[0]
    assert (record["hidden"], record["key"]) == (True, "")
    assert desk("views", "unhide", "All active").code == 0
    assert desk("views", "delete", "Sur").lines == ["Deleted: Sur"]
    assert desk("undo", "--yes").code == 0
    assert desk("views", "show", "Sur").code == 0, "what is the firm's is undone"
    assert "hide" in desk("views", "delete", "All active").err
    history = desk("history", "--json").records
    assert {"view.added", "view.deleted"} <= {change["kind"] for change in history}
    demoted()
    assert "full" in desk("views", "delete", "Sur").err or "access" in desk("views", "delete", "Sur").err
    assert desk("views", "save", "Mine", "--find", "zo").lines == ["Saved: Mine (yours)"], "with basic access, too"
    assert names(desk, "--view", "Mine") == ["Zoë"]


def test_no_client_is_chosen_by_a_view_of_which_a_part_is_left_out(desk: Desk, firm: str) -> None:
    with opening.open_firm(firm) as session:
        charity = client_types.add_type(session, "Charity")
        assert desk("add", "display_name=Zoë").code == 0
        assert desk("views", "save", "Charities", "--type", "Charity").code == 0
        client_types.remove_type(session, charity.id)
    listed = desk("list", "--view", "Charities", "--json")
    assert (listed.code, len(listed.records), "which is not there any more" in listed.err) == (0, 1, True)
    exported = desk("export", "--view", "Charities")
    assert (exported.code, exported.out, "Change the view first" in exported.err) == (1, "", True)
    refused = desk("deactivate", "--view", "Charities", "--yes")
    assert (refused.code, "no clients are chosen" in refused.err) == (1, True)
    assert names(desk) == ["Zoë"]


def test_missing_by_a_view_names_the_view_that_hides_a_client(firm_of_four: Desk) -> None:
    desk = firm_of_four
    add = desk("add", "display_name=Hidden SL", "city=Vigo")
    assert add.code == 0
    told = desk("missing", "hidden sl", "--view", "coruna")
    assert "Hidden SL: It is hidden by the view “Coruña” (“City is A Coruña”).\n" in told.out
    (record,) = desk("missing", "hidden sl", "--view", "coruna", "--json").records
    assert (record["cause"], record["filters"], record["view"]) == ("hidden", ["city=A Coruña"], "Coruña")
    both = desk("missing", "hidden sl", "--view", "coruna", "--where", "email~x").out
    assert "by the view “Coruña” (“City is A Coruña”), “E-mail contains “x””." in both
    assert "It is in the list." in desk("missing", "zoe", "--view", "coruna").out


def test_a_view_of_an_own_field_is_told_as_it_is_typed(firm_of_four: Desk) -> None:
    desk = firm_of_four
    assert desk("fields", "add", "Risk level").code == 0
    save = ("--where", "Risk level=high", "--sort=-Risk level", "--columns", "display_name,Risk level")
    assert desk("views", "save", "Risky", *save).code == 0
    shown = desk("views", "show", "Risky").out
    assert "Risk level=high" in shown
    assert "-Risk level" in shown
    assert "display_name,Risk level" in shown
    (record,) = desk("views", "show", "Risky", "--json").records
    assert ("Risk level=high" in record["where"], record["sort"]) == (True, "-Risk level")
    columns = ",".join(column["field"] for column in record["columns"])
    again = ("--where", record["where"][-1], "--sort=" + record["sort"], "--columns", columns)
    assert desk("views", "save", "Again", *again).code == 0

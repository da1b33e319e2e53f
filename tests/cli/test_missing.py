"""`clientdesk missing`: each cause with the command that clears it or goes there."""

import shlex

import pytest

from tests.cli.conftest import Desk


def add(desk: Desk, name: str, number: str, city: str = "") -> str:
    """The Company ID of a new client."""
    values = (f"display_name={name}", f"client_number={number}", f"city={city}")
    return str(desk("add", *values, "--json").records[0]["company_id"])


def test_each_command_that_is_named_goes_there(desk: Desk) -> None:
    key = add(desk, "Peña SA", "C-12", "Madrid")
    inactive = add(desk, "Inactiva SL", "C-13")
    desk("deactivate", inactive)
    gone = add(desk, "Borrada SL", "C-14")
    assert desk("delete", gone, "--yes").code == 0
    command_by_text = {
        "pena": f"show {key}",
        "C-21": f"show {key}",
        "inactiva": f"activate {inactive}",
        "borrada": f"history {gone}",
        "nobody's": 'add "display_name=nobody\'s"',
    }
    for text, command in command_by_text.items():
        done = desk("missing", text)
        assert done.code == 0, done.err
        line = next(line.strip() for line in done.lines if line.startswith("    "))
        assert shlex.split(line) == ["clientdesk", *shlex.split(command)]
        again = desk(*shlex.split(line)[1:])
        assert again.code == 0, again.err
    assert desk("show", inactive, "--json").records[0]["status"] == "active"


def test_the_list_is_the_one_that_is_asked_for(desk: Desk) -> None:
    add(desk, "Peña SA", "C-12", "Madrid")
    assert "It is in the list." in desk("missing", "peña").out
    done = desk("missing", "peña", "--where", "city=Lugo", "--find", "zqzq")
    assert "It is hidden by “City is Lugo”, the search “zqzq”." in done.out


def test_json_has_an_object_for_each_cause(desk: Desk) -> None:
    key = add(desk, "[/] Peña\u200f", "C-12", "Madrid")
    (record,) = desk("missing", "C-12", "--where", "city=Lugo", "--json").records
    about = {"cause": "hidden", "company_id": key, "client_number": "C-12", "status": "active"}
    assert about.items() <= record.items()
    assert record["filters"] == ["city=Lugo"]
    assert record["by_search"] is False
    assert record["command"] == f"clientdesk show {key}"
    (record,) = desk("missing", "zzz", "--json").records
    assert (record["cause"], record["clients"], record["command"]) == (
        "never_seen",
        1,
        "clientdesk add display_name=zzz",
    )


@pytest.mark.parametrize(("text", "sentence"), [("", "Nothing is looked for."), ("x" * 10_000, "10,000 characters")])
def test_wrong_usage_is_a_sentence(desk: Desk, text: str, sentence: str) -> None:
    done = desk("missing", text)
    assert done.code == 2
    assert sentence in done.err


def test_an_empty_search_offers_it(desk: Desk) -> None:
    add(desk, "Peña SA", "C-12")
    ended = desk("list", "--find", "no such")
    assert ended.err == "No client is in this list.\n“clientdesk missing 'no such'” says where it is.\n"
    assert desk("show", "C-21").err.endswith("“clientdesk missing KEY” says what became of this one.\n")


def test_a_text_that_begins_like_an_option_is_looked_for(desk: Desk) -> None:
    add(desk, "--servers SL", "C-12")
    assert "It is in the list." in desk("missing", "--", "--servers").out
    assert desk("missing", "--", "-x").code == 0

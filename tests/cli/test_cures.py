"""What the command line says to do: options and commands stand there, and nowhere in what the screens show."""

import re

import pytest

from clientdesk.cli.cures import CURES, IMPORTS, with_cure
from clientdesk.domain.problems import CATALOGUE, problem
from tests.cli.conftest import Desk, Put, record
from tests.store.both import on_a_file

OPTION = re.compile(r"(?<!\w)--[a-z]")


def test_no_screen_names_an_option() -> None:
    assert [code for code, (sentence, _warning) in CATALOGUE.items() if OPTION.search(sentence)] == []


def test_every_cure_belongs_to_a_problem() -> None:
    assert {*CURES, *IMPORTS} <= set(CATALOGUE)


def test_a_file_that_is_there_names_the_option(desk: Desk, put: Put, tmp_path: object) -> None:
    there = put("x", "there.csv")
    desk("add", "display_name=Peña SA")
    assert (
        f"There is a file at {there} already. Name another one. --overwrite replaces it." in desk("export", there).err
    )
    ended = desk("import", "clients", put("Name\nA\n"), "--errors", there, "--json")
    assert record(ended)["refusal"]["message"].endswith("--overwrite replaces it.")


@on_a_file
def test_an_option_is_named_only_by_a_command_that_has_it(desk: Desk, put: Put) -> None:
    both = "Fiscal year end “5/6” may be 06-05 (day first) or 05-06 (month first). Write MM-DD."
    imported = desk("import", "clients", put("Name,Fiscal year end\nSol SL,5/6\n"))
    assert f"{both} --dates dmy or --dates mdy says which for the whole file." in imported.err
    kept = desk("imports", "--run", "1", "--retry")
    assert both in kept.out
    assert "--dates" not in kept.out + kept.err
    for words in (("add", "display_name=Sol SL"), ("add", "display_name=Luz SL", "fiscal_year_end=31/12")):
        desk(*words)
    (sol, luz) = (desk("list", "--find", name, "--json").records[0] for name in ("Sol", "Luz"))
    assert luz["fiscal_year_end"] == "12-31"
    edited = desk("edit", str(sol["company_id"]), "fiscal_year_end=5/6")
    assert (edited.code != 0, both in edited.err, "--dates" in edited.err) == (True, True, False)


@on_a_file
def test_a_firm_that_is_not_there_names_the_command(desk: Desk, tmp_path: object) -> None:
    desk("add", "display_name=Peña SA", "client_number=C-1")
    missing = f"{tmp_path}/norte.db"
    ended = desk("transfer", "--to", missing, "C-1", "--dry-run")
    assert ended.code == 1
    assert f"“clientdesk firm create {missing}” makes one." in ended.err
    ended = desk("transfer", "--to", missing, "C-1", "--json")
    assert "clientdesk firm create" in record(ended)["refusal"]["message"]
    assert "clientdesk firm create" in desk("--firm", missing, "list").err


def test_the_readme_s_transfer_is_whole(desk: Desk, tmp_path: object) -> None:
    desk("add", "display_name=Peña SA", "client_number=C-00043")
    to = f"{tmp_path}/norte.db"
    assert desk("firm", "create", to, "--name", "Norte SL", "--admin", "Ana García").code == 0
    assert desk("transfer", "--to", to, "C-00043", "--yes").code == 0


def test_an_import_names_value_field_and_client(desk: Desk, put: Put) -> None:
    desk("add", "display_name=Peña SA", "email=p@pena.example")
    rows = (
        "Gil SL,B999,,+1,Coop\n"  # warnings, and an unknown type
        "Ríos SL,,no date,,\n"
        "Vega SL,B999,,+1,\n"
    )
    ended = desk("import", "clients", put("Name,VAT number,Year end,Phone,Type\n" + rows))
    assert ended.code == 1
    lines = ended.err.splitlines()
    assert "line 2: There is no client type “Coop”." in ended.err
    assert any(line.startswith("line 3: Fiscal year end: “no date” is no year's end.") for line in lines)
    assert any(line.startswith("line 3: ") and line.endswith("(“Ríos SL”)") for line in lines)
    assert (
        "Warning: line 4: Tax id “B999” does not look like a tax id. Check it, and the client's country. (“Vega SL”)"
        in lines
    )
    assert "Warning: line 4: Phone “+1” does not look like a phone number. Check its digits. (“Vega SL”)" in lines
    assert sum("--types create" in line for line in lines) == 1


def test_add_and_edit_name_value_and_field(desk: Desk) -> None:
    ended = desk("add", "display_name=Peña SA", "client_number=C-1", "tax_id=B1", "phone=+1")
    assert ended.code == 0
    assert "Warning: Tax id “B1” does not look like a tax id." in ended.err
    assert "Warning: Phone “+1” does not look like a phone number." in ended.err
    assert "“C-2”. “clientdesk list --find” looks for clients by name." in desk("show", "C-2").err


@pytest.mark.parametrize("value", ["x" * 5_000, "\x1b[2J" * 50, "Smith [/] {name} %s"])
def test_a_value_is_shown_safely_and_not_at_length(value: str) -> None:
    for code, fields in (("unknown_client", ("key",)), ("tax_id", ("value",)), ("name_mismatch", ("name", "given"))):
        said = with_cure(problem(code, **dict.fromkeys(fields, value)))
        assert said.isprintable()
        assert len(said) < 400


def test_a_long_list_of_choices_ends() -> None:
    said = problem("unknown_client_type", "client_type", value="x", choices=", ".join(map(str, range(5_000)))).message
    assert len(said) < 1_200
    assert said.endswith("….")


def test_a_problem_that_an_older_clientdesk_kept_can_be_read() -> None:
    assert problem("email", "email", reason="Why.").message == "“…” is not an e-mail address: Why."

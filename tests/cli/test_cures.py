"""What the command line says to do: options and commands stand there, and nowhere in what the screens show."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import clientdesk
from clientdesk.cli.cures import CURES, IMPORTS, with_cure
from clientdesk.cli.program import program
from clientdesk.domain.mappings import KEYS
from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.domain.problems import problem
from tests.cli.conftest import Desk, Put, record
from tests.store.both import on_a_file

OPTION = re.compile(r"(?<!\w)--[a-z]")


def test_no_screen_names_an_option() -> None:
    assert [code for code, (sentence, _warning) in CATALOGUE.items() if OPTION.search(sentence)] == []


def test_every_cure_belongs_to_a_problem() -> None:
    assert {*CURES, *IMPORTS} <= set(CATALOGUE)


COMMAND = re.compile(r"[“(]clientdesk ([a-z][^”)]*)[”)]")
REPLACED = {"N": "1", "SUBSCRIPTION": "plus", "NAME": "plus", "GROUP": "staff"}
"""What a person writes, or the program, where it stands in a command that is told."""


def told_commands() -> Iterator[str]:
    """The commands that the program's sentences tell, wherever they stand."""
    for path in sorted(Path(clientdesk.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from (told for told in COMMAND.findall(node.value) if not told.startswith("is "))


def test_a_command_that_is_told_works_as_it_stands() -> None:
    commands = sorted(set(told_commands()))
    assert len(commands) > 25
    whole = program()
    wrong = []
    for command in commands:
        words = [REPLACED.get(word, word) for word in shlex.split(command.replace("{step}", "off KEY"))]
        words = [re.sub(r"{(\w+)}", "1", word) for word in words]
        if problem_of_usage := read_as_typed(whole, words):
            wrong.append(f"{command}: {problem_of_usage}")
    assert not wrong


def read_as_typed(command: click.Command, words: list[str]) -> str:
    """What is wrong with a command line of the whole program, without running it; "" where nothing is."""
    context: click.Context | None = None
    try:
        while True:
            context = command.make_context(command.name or "", list(words), parent=context)
            rest = [*context._protected_args, *context.args]
            if not isinstance(command, click.Group) or not rest:
                return ""
            _name, inner, words = command.resolve_command(context, rest)
            assert inner is not None
            command = inner
    except click.exceptions.Exit:  # --help
        return ""
    except click.ClickException as error:
        return error.format_message()


OPTION_WITH_VALUE = re.compile(r"(?<![\w-])(--[a-z-]+)(?: ([^ .,;”]+))?")


def test_an_option_that_is_told_has_its_value() -> None:
    options: dict[str, list[click.Option]] = {}
    for command in commands_in(program()):
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for name in parameter.opts:
                    options.setdefault(name, []).append(parameter)
    for cure in [*CURES.values(), *IMPORTS.values()]:
        for name, value in OPTION_WITH_VALUE.findall(COMMAND.sub("", cure)):
            assert name in options, cure
            has_value = value.isupper() or "=" in value or value in ("dmy", "mdy", "create", "empty", *KEYS)
            assert has_value == (not options[name][0].is_flag), cure


def commands_in(group: click.Command) -> Iterator[click.Command]:
    """A command, and those below it."""
    yield group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            inner = group.get_command(context, name)
            assert inner is not None
            yield from commands_in(inner)


@on_a_file
def test_the_cure_of_a_missing_firm_can_be_typed(desk: Desk, tmp_path: Path) -> None:
    missing = f"{tmp_path}/los ríos.db"
    (command,) = COMMAND.findall(desk("--firm", missing, "list").err)
    assert desk(*shlex.split(command)).code == 0
    assert desk("--firm", missing, "list").code == 0


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
    assert (
        f"“clientdesk firm create {missing} --name FIRM --admin YOU” makes one, with your names for FIRM and YOU."
        in ended.err
    )
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
    assert "“C-2”. “clientdesk list --status all --find WORDS” looks for clients by name." in desk("show", "C-2").err


@pytest.mark.parametrize("value", ["x" * 5_000, "\x1b[2J" * 50, "Smith [/] {name} %s"])
def test_a_value_is_shown_safely_and_not_at_length(value: str) -> None:
    for code, fields in (("unknown_client", ("key",)), ("tax_id", ("value",)), ("name_mismatch", ("name", "given"))):
        sentence = with_cure(problem(code, **dict.fromkeys(fields, value)))
        assert sentence.isprintable()
        assert len(sentence) < 400


def test_a_long_list_of_choices_ends() -> None:
    sentence = problem(
        "unknown_client_type", "client_type", value="x", choices=", ".join(map(str, range(5_000)))
    ).message
    assert len(sentence) < 1_200
    assert sentence.endswith("….")


def test_a_problem_that_an_older_clientdesk_kept_can_be_read() -> None:
    assert problem("email", "email", reason="Why.").message == "“…” is not an e-mail address: Why."

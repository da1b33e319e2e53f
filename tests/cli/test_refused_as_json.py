"""What is refused is an object, too, wherever --json is."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from clientdesk.cli.main import main
from clientdesk.cli.program import program
from tests.cli.conftest import Desk

_ARGUMENTS = {
    "add": ["display_name=Peña SA"],
    "edit": ["C-1", "city=Vigo"],
    "delete": ["C-1"],
    "plan on": ["C-1", "--subscription", "Plus"],
    "plan off": ["C-1"],
    "plan hand-over": ["C-1"],
    "plan accept": ["C-1"],
    "plan cancel": ["C-1"],
    "team add": ["Bob", "--login", "bob"],
    "team edit": ["Bob", "email=bob@rios.example"],
    "fields set": ["Risk", "width=9"],
    "transfer": ["C-1", "--to", "other.db"],
    "work tick": ["C-1", "--item", "Ask"],
    "work item": ["C-1", "--item", "Ask", "--note", "by mail"],
    "work state": ["C-1", "--to", "Checked"],
    "work complete": ["C-1"],
    "work assign": ["C-1", "--to", "Ana"],
    "work move": ["C-1", "--due", "2026-08-31"],
    "work account reconcile": ["C-1", "Bank", "--state", "done"],
    "templates apply": ["Books review", "--dry-run"],
}
"""By command what is wanted behind it, where that is not one word for each argument."""
_OTHERWISE = ("run", "firm copy")
"""What runs the other commands, and what takes no --firm."""


def with_json() -> Iterator[tuple[str, list[str]]]:
    """The words of every command that has --json, and what stands behind them."""

    def below(group: click.Group, words: list[str]) -> Iterator[tuple[str, list[str]]]:
        context = click.Context(group)
        for name in group.list_commands(context):
            if " ".join([*words, name]) in _OTHERWISE:
                continue
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                yield from below(command, [*words, name])
            if any(parameter.name == "as_json" for parameter in command.params):
                arguments = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
                needed = ["x" for argument in arguments if argument.required]
                options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
                needed += [word for option in options if option.required for word in (option.opts[-1], "x")]
                path = " ".join([*words, name])
                yield path, _ARGUMENTS.get(path, needed)

    group = program()
    yield from below(group, [])


def test_every_command_with_json_says_so_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = []
    commands = dict(with_json())
    for path, arguments in commands.items():
        code = main([*path.split(), *arguments, "--json", "--firm", "gone/firm.db"])
        printed = capsys.readouterr()
        try:
            record = json.loads(printed.out)
        except ValueError:
            wrong.append((path, code, printed))
            continue
        refusal = record.get("refusal") or {"code": record.get("refused")}
        if code not in (1, 2) or not refusal["code"] or not printed.err.strip():
            wrong.append((path, code, printed))
    assert "\n".join(map(str, wrong)) == ""
    assert len(commands) > 25


def test_what_is_refused_before_the_plan_is_said_once(desk: Desk) -> None:
    for name in ("Uno", "Dos"):
        desk("add", f"display_name={name}")
    refused = desk("edit", "--status", "all", "client_number=7", "--yes", "--json")
    (record,) = refused.records
    assert refused.code == 1
    assert record["refusal"]["code"] == record["refusal"]["errors"][0]["code"] == "number_for_many"
    assert record["refusal"]["errors"][0]["field"] == "client_number"
    assert record["refusal"]["message"] in refused.err
    assert desk("edit", "--status", "all", "client_number=7", "--yes").out == ""

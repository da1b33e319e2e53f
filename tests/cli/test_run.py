"""`clientdesk run`: the commands of the screens by their ids, done by what the command line has for them."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from clientdesk.cli.program import program
from clientdesk.commands import BY_ID, COMMANDS, person_keys
from clientdesk.own_settings import own_settings
from tests.cli.conftest import Desk
from tests.store.both import on_a_file


def status_by_number(desk: Desk) -> dict[str, str]:
    """The status of each client by its number."""
    records = desk("list", "--status", "all", "--json").records
    return {record["client_number"]: record["status"] for record in records}


def test_the_status_of_those_that_filters_choose_changes_as_by_its_key(desk: Desk) -> None:
    for number, city in (("1", "Madrid"), ("2", "Madrid"), ("3", "Vigo")):
        desk("add", f"display_name=C{number}", f"client_number={number}", f"city={city}")
    in_madrid = ("run", "client.status", "--where", "city=Madrid")
    assert desk(*in_madrid).code == 2  # nobody can answer the question
    assert desk(*in_madrid, "--yes").code == 0
    assert status_by_number(desk) == {"1": "inactive", "2": "inactive", "3": "active"}
    desk("run", "client.status", "2")
    assert "1 client to deactivate" in desk(*in_madrid, "--dry-run").out
    desk(*in_madrid, "--yes")  # where one is active, they all become inactive
    assert desk(*in_madrid, "--yes").lines[-1] == "2 clients activated."
    assert status_by_number(desk) == {"1": "active", "2": "active", "3": "active"}


@on_a_file
def test_it_reads_and_changes_as_the_command_lines_own_command_does(desk: Desk) -> None:
    assert desk("run", "client.add", "display_name=Peña", "client_number=7", "email=p@e.es").code == 0
    assert desk("run", "client.edit", "7", "city=Vigo").code == 0
    assert desk("run", "list.find", "--find", "pena", "--json").out == desk("list", "--find", "pena", "--json").out
    assert desk("run", "client.copy").lines == ["client_number,display_name,email", "7,Peña,p@e.es"]
    assert desk("run", "change.undo", "--yes").code == 0
    assert desk("show", "7", "--json").records[0]["city"] == ""
    wrong = desk("run", "client.open")
    assert (wrong.code, "clientdesk run client.open" in wrong.err) == (2, True)


def test_what_a_declaration_names_is_a_command_with_those_options() -> None:
    for words in [words for command in COMMANDS for words in command.command_lines]:
        named: click.Command = program()
        rest = words.split()[1:]
        while rest and not rest[0].startswith("-"):
            assert isinstance(named, click.Group)
            below = named.get_command(click.Context(named), rest.pop(0))
            assert below is not None, words
            named = below
        options = {option for parameter in named.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} <= options, words


@on_a_file
def test_what_is_of_the_screens_alone_says_so_with_your_own_key(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"list.mark" = "f9"\n')
    own_settings.cache_clear()
    person_keys.cache_clear()
    try:
        ended = desk("run", "list.mark", "--where", "city=Madrid")
    finally:
        own_settings.cache_clear()
        person_keys.cache_clear()
    assert (ended.code, ended.out) == (2, "")
    assert "“list.mark” is of the screens alone: there it is the key f9 (The client list)." in ended.err


@on_a_file
def test_each_that_is_of_the_screens_alone_says_so(desk: Desk) -> None:
    for command in COMMANDS:
        if not command.cli:
            ended = desk("run", command.id)
            assert (ended.code, f"“{command.id}” is of the screens alone" in ended.err) == (2, True)


@on_a_file
def test_several_that_do_it_are_named(desk: Desk) -> None:
    assert "“clientdesk team deactivate” | “clientdesk team activate”" in desk("run", "team.status", "Ana").err


@pytest.mark.parametrize(
    ("typed", "near"), [("client.stat", "client.status"), ("clint.status", "client.status"), ("undo", "change.undo")]
)
@on_a_file
def test_an_unknown_id_is_told_with_those_near_to_it(desk: Desk, typed: str, near: str) -> None:
    ended = desk("run", typed)
    assert ended.code == 2
    assert f"“{typed}” is no command. Near it: " in ended.err
    assert near in ended.err


@on_a_file
def test_an_id_that_would_steer_the_terminal_does_not(desk: Desk) -> None:
    ended = desk("run", "\x1b]0;x\x07")
    assert (ended.code, "\x1b" in ended.err, "is no command" in ended.err) == (2, False, True)


@on_a_file
def test_all_are_listed_with_their_keys_and_what_they_do(desk: Desk) -> None:
    records = desk("run", "--list", "--json").records
    assert [record["id"] for record in records] == [command.id for command in COMMANDS]
    status = next(record for record in records if record["id"] == "client.status")
    assert (status["keys"], status["command_lines"]) == (["x"], ["clientdesk status"])
    lines = desk("run", "--list").lines
    assert len(lines) == len(COMMANDS) + 1
    assert any(line.startswith("client.status ") and " x " in line for line in lines)
    assert desk("run", "--list", "client.status").code == 2


def test_ids_are_completed_and_then_the_options_of_what_is_run() -> None:
    shell = ShellComplete(program(), {}, "clientdesk", "_CLIENTDESK_COMPLETE")
    ids = [item.value for item in shell.get_completions(["run"], "client.")]
    assert "client.status" in ids
    assert set(ids) <= set(BY_ID)
    assert "--where" in [item.value for item in shell.get_completions(["run", "client.status"], "--w")]


def test_the_ids_are_known_without_the_screens() -> None:
    loaded = "from clientdesk.cli import run; import sys; print({'textual', 'rich'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"

"""The commands of the command line, as `--help` tells them: a page, and a man page."""

import inspect
from collections.abc import Iterator
from typing import NamedTuple

import click

from clientdesk.cli.exit_codes import ENDINGS
from clientdesk.cli.field_values import FieldCommand
from clientdesk.cli.program import program
from clientdesk.cli.run import CommandsById


class CommandHelp(NamedTuple):
    """A command as its help tells it: its whole name, what it does, what is typed behind it, its options with their words
    (but `--help` and `--firm`, which all have), and the page that lists the names that it takes ("" for none)."""

    name: str
    does: str
    usage: str
    options: tuple[tuple[str, str], ...]
    names_on: str


def command_helps() -> Iterator[CommandHelp]:
    """All commands, each group before what is in it, in the order of the help."""
    root = program()
    yield from _helps(
        root, click.Context(root, info_name="clientdesk", max_content_width=10_000, terminal_width=10_000)
    )


def _helps(command: click.Command, context: click.Context) -> Iterator[CommandHelp]:
    records = [
        parameter.get_help_record(context)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not {"--firm", "--help", "--version"} & set(parameter.opts)
    ]
    yield CommandHelp(
        context.command_path,
        inspect.cleandoc(command.help or ""),
        " ".join(command.collect_usage_pieces(context)).replace("[OPTIONS] ", "").replace("[OPTIONS]", "").strip(),
        tuple(record for record in records if record is not None),
        _page_of_names(command),
    )
    if isinstance(command, click.Group) and not isinstance(command, CommandsById):  # those are told in a table
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _helps(below, click.Context(below, parent=context, info_name=name))


def _page_of_names(command: click.Command) -> str:
    if not isinstance(command, FieldCommand):
        return ""
    return "settings.md" if command.heading == "Settings" else "fields.md"


def firm_option() -> tuple[str, str]:
    """The option that every command has."""
    root = program()
    (option,) = (option for option in root.params if "--firm" in option.opts)
    record = option.get_help_record(click.Context(root))
    assert record is not None
    return record


def exit_codes() -> list[tuple[str, str]]:
    """The exit codes, with all that there is to know about them."""
    return [(codes, f"{meaning}. {more}".rstrip()) for codes, meaning, more in ENDINGS]

"""`clientdesk run`: the commands of the screens by their ids, each done by what the command line has for it."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from clientdesk.cli.frame import LazyGroup
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.commands import BY_ID, COMMANDS, Command, keys_of
from clientdesk.commands.scopes import PARTS, SCREENS
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from click import HelpFormatter

NEAR = 3
"""So many ids are told that an unknown one may be meant for."""


class CommandsById(LazyGroup):
    """The declared commands by their ids: each is the command of the command line that does the same."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All ids, in the order in which the help of the screens tells them."""
        return [command.id for command in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """What the command line has for an id; for a command of the screens alone, what says so. None for an unknown
        id."""
        command = BY_ID.get(cmd_name)
        if command is None:
            return None
        return _of_screens(command) if len(command.command_lines) != 1 else self._resolved(ctx, command)[0]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What is run for the id that was typed, with the options that make it the same. Wrong usage where there is no
        such id."""
        name, *rest = args
        command = BY_ID.get(name)
        if command is None:
            if ctx.resilient_parsing:
                return None, None, rest
            raise click.UsageError(_unknown(name), ctx)
        if len(command.command_lines) != 1:
            return name, _of_screens(command), rest
        twin, options = self._resolved(ctx, command)
        return name, twin, [*options, *rest]

    def _resolved(self, ctx: click.Context, command: Command) -> tuple[click.Command, list[str]]:
        """The command of the command line that a declaration names, and the options that it names with it."""
        from clientdesk.cli.program import program

        words = command.cli.split()
        twin: click.Command = program()
        while words and not words[0].startswith("-"):
            assert isinstance(twin, click.Group)
            below = twin.get_command(ctx, words.pop(0))
            assert below is not None, command.cli
            twin = below
        return twin, words

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The ids that begin with what was typed, and the options."""
        ids = [
            CompletionItem(command.id, help=_(command.help))
            for command in COMMANDS
            if command.id.startswith(incomplete)
        ]
        return [*ids, *super(click.Group, self).shell_complete(ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: "HelpFormatter") -> None:
        """Says where the ids are: they are more than a help can list."""
        with formatter.section(_("Commands")):
            formatter.write_text(_("“clientdesk run --list” prints the ids, their keys and what is run for them."))


def _of_screens(command: Command) -> click.Command:
    """What says that a command is of the screens alone, by which key it is done there; or which commands there are for
    it here, where they are several."""

    def tell(context: click.Context) -> None:
        raise click.UsageError(_where_else(command), context.parent)

    return click.Command(
        command.id,
        callback=click.pass_context(tell),
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED, expose_value=False)],
        context_settings={"ignore_unknown_options": True},
        help=f"{_(command.help)} {_where_else(command)}",
    )


def _where_else(command: Command) -> str:
    if command.command_lines:
        names = " | ".join(f"“{words}”" for words in command.command_lines)
        return _("“{id}” is one of several here: {names}.").format(id=command.id, names=names)
    keys = " ".join(keys_of(command))
    return _("“{id}” is of the screens alone: there it is the key {key} ({screen}). “clientdesk” opens them.").format(
        id=command.id, key=keys, screen=", ".join(_shown_in(command))
    )


def _shown_in(command: Command) -> list[str]:
    return [_((SCREENS | PARTS)[scope]) for scope in command.scopes]


def _unknown(name: str) -> str:
    """That there is no such id, and which ones are near to it."""
    has_it = [command_id for command_id in BY_ID if name.casefold() in command_id] if name else []
    near = dict.fromkeys((*has_it, *get_close_matches(name.casefold(), BY_ID, NEAR)))
    sentence = _("“{id}” is no command.").format(id=display_text(name))
    if near:
        sentence += " " + _("Near it: {ids}.").format(ids=", ".join([*near][:NEAR]))
    return sentence + " " + _("“clientdesk run --list” prints all ids.")


def _run(context: click.Context, as_list: bool, as_json: bool) -> None:
    """Prints the commands; where one is named, it is run instead."""
    if context.invoked_subcommand is not None:
        if as_list or as_json:
            raise click.UsageError(_("--list and --json stand without a command."), context)
        return
    if as_json:
        for command in COMMANDS:
            say(json_text(_record(command)))
        return
    say_table(
        [_("Id"), _("Key"), _("What it does"), _("Command line")],
        [[command.id, " ".join(keys_of(command)), _(command.help), _in_words(command)] for command in COMMANDS],
    )


def _in_words(command: Command) -> str:
    return " | ".join(command.command_lines) or _("the screens alone")


def _record(command: Command) -> dict[str, object]:
    return {
        "id": command.id,
        "keys": keys_of(command),
        "title": _(command.title),
        "help": _(command.help),
        "screens": list(command.scopes),
        "command_lines": list(command.command_lines),
    }


def _options() -> Sequence[click.Option]:
    return (
        click.Option(["--list", "as_list"], is_flag=True, help=_("Print all ids, with keys and what they do.")),
        click.Option(["--json", "as_json"], is_flag=True, help=_("One object a line, as --list.")),
    )


run = CommandsById(
    "run",
    params=[*_options()],
    invoke_without_command=True,
    callback=click.pass_context(_run),
    subcommand_metavar="COMMAND_ID [ARGS]…",
    help=_(
        "Run a command of the screens by its id, with what the command line has for it: “clientdesk run client.status "
        "--where city=Madrid”. What is of the screens alone says so."
    ),
)

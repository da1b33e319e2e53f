"""What is typed behind `clientdesk`, read by click: the commands' names, and what runs them."""

import gc
import os
from collections.abc import Sequence

import click

from clientdesk import __version__, text
from clientdesk.cli import exit_codes
from clientdesk.cli.firm_location import located
from clientdesk.cli.frame import LazyGroup, asked_firm
from clientdesk.cli.screens import open_screens
from clientdesk.text import _

COMMANDS = {
    "list": "clientdesk.cli.clients:list_clients",
    "missing": "clientdesk.cli.missing:missing",
    "show": "clientdesk.cli.clients:show",
    "add": "clientdesk.cli.changes:add",
    "edit": "clientdesk.cli.edit:edit",
    "deactivate": "clientdesk.cli.client_status:deactivate",
    "activate": "clientdesk.cli.client_status:activate",
    "status": "clientdesk.cli.client_status:status",
    "delete": "clientdesk.cli.changes:delete",
    "work": "clientdesk.cli.work:work",
    "views": "clientdesk.cli.views:views",
    "plan": "clientdesk.cli.pricing_plan:plan_command",
    "team": "clientdesk.cli.team:team",
    "settings": "clientdesk.cli.firm_settings:settings_command",
    "fields": "clientdesk.cli.own_fields:fields",
    "tags": "clientdesk.cli.tags:tags",
    "templates": "clientdesk.cli.work_templates:templates",
    "undo": "clientdesk.cli.undoing:undo",
    "redo": "clientdesk.cli.undoing:redo",
    "history": "clientdesk.cli.history:history",
    "check": "clientdesk.cli.check:check",
    "import": "clientdesk.cli.import_commands:import_list",
    "imports": "clientdesk.cli.kept_imports:list_imports",
    "export": "clientdesk.cli.export:export",
    "transfer": "clientdesk.cli.transfer:transfer",
    "firm": "clientdesk.cli.firm:firm",
    "run": "clientdesk.cli.run:run",
    "demo": "clientdesk.cli.demo:demo",
}


def _open(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        context.exit(open_screens(located(asked_firm())))


def program() -> click.Group:
    """The command `clientdesk`, in the language that is installed."""
    group = LazyGroup(
        "clientdesk",
        lazy=COMMANDS,
        invoke_without_command=True,
        callback=click.pass_context(_open),
        help=_("The client list of an accounting practice. Without a command, it opens in the terminal."),
        epilog=exit_codes.table(),
    )
    return click.version_option(__version__, message="clientdesk %(version)s")(group)


_NEW_OBJECTS = 20_000
"""So many new objects there are before garbage is looked for among them: what a command imports stays, too."""


def run_typed(arguments: Sequence[str]) -> int:
    """Runs what was typed; its exit code. Wrong usage is told."""
    group = program()
    if "_CLIENTDESK_COMPLETE" in os.environ:
        group.main(list(arguments), "clientdesk")  # click answers the shell and exits
    try:
        with group.make_context("clientdesk", list(arguments)) as context:
            gc.freeze()
            gc.set_threshold(_NEW_OBJECTS)
            gc.enable()  # see `__main__`
            group.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        return exit_codes.INTERRUPTED
    except click.ClickException as error:
        return _wrong_usage(error)
    return exit_codes.DONE


def _wrong_usage(error: click.ClickException) -> int:
    """Says what is wrong with the command line; what was typed is shown safely."""
    context = getattr(error, "ctx", None)
    if context is not None:
        help_name = f"{context.command_path} --help"
        exit_codes.tell_last(context.get_usage())
        exit_codes.tell_last(_("See: {command}").format(command=help_name))
    exit_codes.tell_last(text.display_lines(error.format_message()))
    return error.exit_code

"""The program `clientdesk`: the commands' names, and how each of them may end."""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from clientdesk import __version__, ending_signals, log_file, server_passwords, temporary, text
from clientdesk.cli import exit_codes
from clientdesk.cli.exit_codes import DONE, INTERRUPTED
from clientdesk.cli.frame import LazyGroup, asked_firm, bad_location, located
from clientdesk.domain.problems import Refused, refuse
from clientdesk.own_settings import OwnSettingsError, own_settings, settings_path
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
    "views": "clientdesk.cli.views:views",
    "plan": "clientdesk.cli.pricing_plan:plan_command",
    "team": "clientdesk.cli.team:team",
    "settings": "clientdesk.cli.firm_settings:settings_command",
    "fields": "clientdesk.cli.own_fields:fields",
    "tags": "clientdesk.cli.tags:tags",
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


def open_app(location: str) -> int:
    """Opens the screens on the firm at `location`; the exit code."""
    from clientdesk.ui.start import run_app

    return run_app(location)


def _open(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        context.exit(open_app(located(asked_firm())))


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


def _install_language() -> None:
    """Translates where there is a catalogue; the settings are read only then."""
    if os.path.isdir(os.path.join(os.path.dirname(text.__file__), "locale")):
        text.install_language(own_settings().language or None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; every ending is an exit code, every failure a sentence on standard error."""
    exit_codes.begin()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    code = DONE
    try:
        with ending_signals.raised():
            code = _run(_typed() if arguments is None else arguments)
        sys.stdout.flush()
        return exit_codes.of_output(code)
    except BrokenPipeError as error:
        # Whoever read us has gone. Python flushes once more at its end: let that go nowhere, quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _output_failed(code, error)
    except SystemExit as end:  # a signal
        return end.code if isinstance(end.code, int) else DONE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        return _wrong_usage(error)
    except Refused as error:
        return _refused(error)
    except server_passwords.LocationError as error:
        return _refused(bad_location(error))
    except OwnSettingsError as error:
        return _refused(refuse("settings", path=settings_path(), reason=str(error)))
    except OSError as error:
        if error.errno not in _OUTPUT:
            return _unforeseen()
        return _output_failed(code, error)
    except Exception:  # noqa: BLE001 - the last resort, of what nobody foresaw: the log has it, the person a sentence
        return _unforeseen()


def _typed() -> list[str]:
    """What was typed behind the program's name.

    Where it holds a password the program starts again without: everybody on the computer can see its command line.
    """
    if not server_passwords.take_passwords(os.environ):  # else this is the second start
        harmless = server_passwords.without_passwords(sys.orig_argv)
        if server_passwords.passwords_known():
            os.execve(sys.executable, harmless, server_passwords.hand_passwords(os.environ))
    return sys.argv[1:]


def _run(typed: Sequence[str]) -> int:
    _install_language()
    arguments = server_passwords.without_passwords(typed)  # whoever shows what was typed can show no password
    group = program()
    if "_CLIENTDESK_COMPLETE" in os.environ:
        group.main(arguments, "clientdesk")  # click answers the shell and exits
    temporary.sweep()
    try:
        with group.make_context("clientdesk", arguments) as context:
            gc.enable()  # see `__main__`
            group.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return DONE


_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def _output_failed(code: int, error: OSError) -> int:
    """Says that the output of a command that would end with `code` cannot be written; a reader who went away from one
    that saves nothing is told nothing."""
    ended = exit_codes.of_output(code, error)
    if ended == exit_codes.SAVED_UNTOLD:
        exit_codes.tell_last(_("It is saved, but the output cannot be written: {reason}").format(reason=error.strerror))
    elif ended != exit_codes.PIPE_CLOSED:
        exit_codes.tell_last(_("The output cannot be written: {reason}").format(reason=error.strerror))
    return ended


def _wrong_usage(error: click.ClickException) -> int:
    """Says what is wrong with the command line; what was typed is shown safely."""
    context = getattr(error, "ctx", None)
    if context is not None:
        help_name = f"{context.command_path} --help"
        exit_codes.tell_last(context.get_usage())
        exit_codes.tell_last(_("See: {command}").format(command=help_name))
    exit_codes.tell_last(text.display_lines(error.format_message()))
    return error.exit_code


def _refused(error: Refused) -> int:
    from clientdesk.cli.printing import tell_problems

    tell_problems(error.problems)
    code = exit_codes.of_refusal(error)
    if code == exit_codes.SAVED_UNTOLD:
        exit_codes.tell_last(_("What was asked for is saved all the same; only what follows it failed."))
    return code


def _unforeseen() -> int:
    """Writes the exception that is being handled to the log, and one sentence for the person."""
    log_file.log().exception("unexpected")
    sentence = (
        _("Something went wrong that should not have, and the log cannot be written ({path}).")
        if log_file.log_failed()
        else _("Something went wrong that should not have. What happened is written in {path}")
    )
    exit_codes.tell_last(text.display_text(sentence.format(path=log_file.log_path())))
    if (code := exit_codes.of_failure()) == exit_codes.SAVED_UNTOLD:
        exit_codes.tell_last(_("What was asked for is saved all the same; only what follows it failed."))
    return code


def run() -> None:
    """The console script. It ends at once: the firm is closed and temporary folders are gone, and letting Python
    take a thousand modules apart costs a short command a seventh of its time."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # as in `exit_codes.tell_last`; `main` has told what failed
            stream.flush()
    os._exit(code)

"""The program `clientdesk`, and how whatever is typed behind it may end."""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from clientdesk import ending_signals, log_file, server_passwords, temporary, text
from clientdesk.cli import exit_codes
from clientdesk.cli.exit_codes import DONE, INTERRUPTED
from clientdesk.cli.firm_location import bad_location, located
from clientdesk.cli.screens import firm_alone, open_screens
from clientdesk.domain.problems import Refused, refuse
from clientdesk.own_settings import OwnSettingsError, own_settings, settings_path
from clientdesk.text import _


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
    except KeyboardInterrupt:
        return INTERRUPTED
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
    if "_CLIENTDESK_COMPLETE" not in os.environ:  # else click answers the shell
        temporary.sweep()
        if (firm := firm_alone(arguments)) is not None:
            return open_screens(located(firm or None))
    from clientdesk.cli.program import run_typed  # click takes a tenth of the time in which the screens open

    return run_typed(arguments)


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


def _refused(error: Refused) -> int:
    from clientdesk.cli.printing import tell_refused

    tell_refused(error)
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

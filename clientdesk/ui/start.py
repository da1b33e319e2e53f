"""Starts the program with its screens."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from clientdesk import ending_signals
from clientdesk.domain.problems import Refused, refuse
from clientdesk.own_settings import OwnSettingsError, own_settings, settings_path
from clientdesk.text import _
from clientdesk.ui.capabilities import lacking, notice, refusal_of_terminal, terminal_encoding, write_in
from clientdesk.ui.gateway import Gateway

if TYPE_CHECKING:
    from clientdesk.ui.app import ClientdeskApp


def run_app(location: str, login: str | None = None) -> int:
    """Open the firm at `location` and show its clients; the exit code (0 done, 1 refused, 128 + a signal).

    The firm is opened, and the list's first rows are read, while Textual is being imported.
    """
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        return _refused(_("clientdesk needs a terminal. Without one, use its commands: clientdesk --help"))
    no_screens = refusal_of_terminal()
    if no_screens is not None:
        return _refused(no_screens)
    if not os.environ.get("NO_COLOR", "-"):
        del os.environ["NO_COLOR"]  # empty means nothing (no-color.org); Textual looks only whether it is there
    try:
        own_settings()
    except OwnSettingsError as error:
        return _refused(refuse("settings", path=settings_path(), reason=str(error)).message)
    # How often Textual paints: a letter typed into Find shows within 8 ms instead of 17.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # How long Textual waits whether esc is the beginning of another key: who types on at once means esc.
    os.environ.setdefault("ESCDELAY", "50")
    # What is imported stays: looking for garbage among it would be a tenth of the start. The app begins
    # to look when it has painted.
    gc.disable()
    gateway = Gateway()
    abandon = True  # a signal before the app hears it
    try:
        opening = gateway.open(location, login, rows=os.get_terminal_size(sys.__stderr__.fileno()).lines)
        from clientdesk.ui.app import ClientdeskApp
        from clientdesk.ui.colours import check_theme
        from clientdesk.ui.commands import demand_own_keys

        check_theme(own_settings().theme)
        demand_own_keys()
        notices = _tell_encoding()
        missing = None
        ending_signals.demand_none()
        try:
            gateway.wait_for_opening(opening)
        except Refused as refusal:
            if refusal.code != "firm_missing":
                raise
            missing = location
        app = ClientdeskApp(gateway, missing, notices)
        ending_signals.demand_none()
        code = _run(app)
        abandon = code > 128
    except Refused as refusal:
        abandon = False
        return _refused(refusal.message)
    finally:
        gateway.close(abandon)
    return code


def _run(app: "ClientdeskApp") -> int:
    """Show the app until it ends; its exit code. Raises Failed, with the terminal as it was, however it has failed."""
    answer = None
    try:
        with _no_tracebacks(app):
            answer = app.run()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BaseException as error:  # noqa: BLE001 - SystemExit too: nothing of the app's ends with it
        if isinstance(error, SystemExit) and isinstance(error.code, int) and error.code > 128:
            return error.code  # a signal, before the app hears it or after
        app.fail(error)
    finally:
        app.release_terminal()
    if app.failure is None and answer is None:
        app.fail(RuntimeError("the app has ended without an answer"))
    if app.failure is not None:
        raise app.failure
    assert answer is not None
    return answer


@contextmanager
def _no_tracebacks(app: "ClientdeskApp") -> Iterator[None]:
    """What nobody catches goes to the log: in a thread it ends the app in order, elsewhere it changes nothing."""
    from clientdesk.log_file import log

    def thread_failed(failure: threading.ExceptHookArgs) -> None:
        app.call_later(app.fail, failure.exc_value)

    def lost(failure: "sys.UnraisableHookArgs") -> None:
        log().error("nobody could be told: %r", failure.object, exc_info=failure.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = thread_failed, lost
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


def _tell_encoding() -> Sequence[str]:
    """Where the terminal's encoding cannot show the frames: ASCII stands in for them, and what to say about it."""
    encoding = terminal_encoding()
    if not lacking(encoding):
        return ()
    write_in(encoding)
    sentence = notice(encoding)
    print(sentence, file=sys.stderr)
    return (sentence,)


def _refused(sentence: str) -> int:
    with suppress(OSError, ValueError):  # the terminal may be what has failed
        print(sentence, file=sys.stderr)
    return 1

"""How a command ends: the exit codes, and which of them is true where something fails after a write."""

import os
import sys
from contextlib import suppress

from clientdesk import saved
from clientdesk.domain.problems import Refused
from clientdesk.text import N_

DONE, REFUSED, WRONG_USAGE, SAVED_UNTOLD, PERHAPS_SAVED = range(5)
INTERRUPTED, PIPE_CLOSED = 130, 141

TABLE = N_(
    "Exit codes: 0 done, 1 refused (nothing was changed), 2 wrong usage, 3 saved, but the output or the error log could "
    "not be written, 4 perhaps saved (the server went away; the number of the change is printed), 129, 130 and 143 "
    "ended by a signal (SIGHUP, ctrl+c, SIGTERM), 141 the reader of a pipe went away and nothing was to be saved."
)

_DOUBTS = frozenset(("save_unknown", "kept_unknown", "made_unknown", "upgrade_unknown"))
_IN_PART = frozenset(("move_unfinished",))
"""What was refused half-way says so itself; it is no failure of the output."""

_untold: list[OSError] = []
"""Why messages could not be written."""


def begin() -> None:
    """A command begins: nothing is saved yet, and what is written can be read as far as known."""
    saved.forget()
    _untold.clear()
    _stand_in_for_closed_streams()


def _stand_in_for_closed_streams() -> None:
    """A standard stream that was closed gets its number back, so that no file of ours is opened under it; to write to
    it fails, like to a disk that is full."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDONLY)  # it takes the lowest number that is free
            buffering = 1 if name == "stderr" else -1
            setattr(sys, name, open(number, mode, buffering, errors="backslashreplace", closefd=False))  # noqa: SIM115


def note_untold(error: OSError) -> None:
    """A message could not be written; the work goes on, and the exit code tells it."""
    _untold.append(error)


def tell_last(sentence: str) -> None:
    """Writes one sentence, safe to show, to standard error, if that can be written."""
    with suppress(OSError, ValueError):
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()


def of_refusal(refusal: Refused) -> int:
    """The exit code of what was refused: whether it was saved all the same, perhaps, or not."""
    cause: BaseException | None = refusal
    seen: list[BaseException] = []
    while cause is not None and cause not in seen:  # a chain of causes may lead back to itself
        if isinstance(cause, Refused) and cause.code in _DOUBTS:
            return PERHAPS_SAVED
        seen.append(cause)
        cause = cause.__cause__
    return SAVED_UNTOLD if saved.anything() and refusal.code not in _IN_PART else REFUSED


def of_failure() -> int:
    """The exit code of what nobody foresaw."""
    return SAVED_UNTOLD if saved.anything() else REFUSED


def of_output(code: int, error: OSError | None = None) -> int:
    """The exit code of a command that would end with `code`, whose output (`error`) or messages could not be written.

    A signal and a doubt say more than that.
    """
    wrong = error or next(iter(_untold), None)
    if wrong is None or code > WRONG_USAGE:
        return code
    if saved.anything():
        return SAVED_UNTOLD
    if isinstance(wrong, BrokenPipeError):
        return PIPE_CLOSED
    return code or REFUSED

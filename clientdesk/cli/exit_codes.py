"""How a command ends: the exit codes, and which of them is true where something fails after a write."""

import os
import sys
from contextlib import suppress

from clientdesk import saved
from clientdesk.domain.problems import Refused
from clientdesk.text import N_, _

DONE, REFUSED, WRONG_USAGE, SAVED_UNTOLD, PERHAPS_SAVED = range(5)
INTERRUPTED, PIPE_CLOSED = 130, 141

ENDINGS: tuple[tuple[str, str, str], ...] = (
    ("0", N_("done"), ""),
    (
        "1",
        N_("refused (nothing was changed)"),
        N_(
            "The reason is on standard error. By import, transfer and what changes "
            "many clients: rows are refused, some or all; the others are in. By undo and "
            "redo: some rows, or fields, stay as they are. By check: something is wrong. The screens end with 1 where "
            "they cannot go on, and what only prints (list, export) where its output cannot be written."
        ),
    ),
    ("2", N_("wrong usage"), N_("By import also: the file is refused as a whole. Nothing was changed.")),
    (
        "3",
        N_("saved, but the output or the error log could not be written"),
        N_("A full disk, a closed output, a reader who went away."),
    ),
    (
        "4",
        N_("perhaps saved (the server went away; the number of the change is printed)"),
        N_(
            "The server went away just while it was being saved, and did not answer for 10 seconds. Of a firm that was being "
            "made or copied, the number is that of its latest change. “clientdesk history --change N” says whether it is "
            "there. What is no change of the firm's data (a saved mapping, the note that an import began or was tried "
            "again) has no number: do it once more, which harms nothing."
        ),
    ),
    (
        "129, 130, 143",
        N_("ended by a signal (SIGHUP, ctrl+c, SIGTERM)"),
        N_("What was being saved is there whole or not at all; half files are taken away."),
    ),
    ("141", N_("the reader of a pipe went away and nothing was to be saved"), ""),
)
"""Exit codes as they are written, what they mean in a few words, and what more there is to know about them."""


def table() -> str:
    """The exit codes in one sentence."""
    return _("Exit codes: {codes}.").format(
        codes=", ".join(f"{codes} {_(meaning)}" for codes, meaning, _more in ENDINGS)
    )


_DOUBTS = frozenset(("save_unknown", "kept_unknown", "made_unknown", "upgrade_unknown"))
_IN_PART = frozenset(("move_unfinished",))
"""What was refused half-way says so itself; it is no failure of the output."""

_untold: list[OSError] = []
"""Why messages could not be written."""


def begin() -> None:
    """A command begins: nothing is saved yet, and what is written can be read as far as known."""
    saved.anything = False
    _untold.clear()
    expect_json(False)
    _stand_in_for_closed_streams()


def _stand_in_for_closed_streams() -> None:
    """A standard stream that was closed gets its number back, so that no file of ours is opened under it; to write to
    it fails, like to a disk that is full."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDONLY)  # it takes the lowest number that is free
            buffering = 1 if name == "stderr" else -1
            setattr(sys, name, open(number, mode, buffering, errors="backslashreplace", closefd=False))  # noqa: SIM115


_json_due = False
"""Whether whoever started the command waits for JSON, and has none of it yet."""


def expect_json(wanted: bool) -> None:
    """What the command prints is JSON, if that is wanted."""
    global _json_due
    _json_due = wanted


def json_begun() -> None:
    """The command prints JSON of its own now, or has told in it what was refused."""
    expect_json(False)


def json_is_due() -> bool:
    """Whether a refusal has to be told as JSON, too: that is wanted, and nothing was printed."""
    return _json_due


def note_untold(error: OSError) -> None:
    """A message could not be written; the work goes on, and the exit code tells it."""
    _untold.append(error)


def tell_last(sentence: str) -> None:
    """Writes one sentence, safe to show, to standard error, if that can be written."""
    with suppress(OSError, ValueError):  # a full disk, a reader who went away; a stream that is closed already
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
    return SAVED_UNTOLD if saved.anything and refusal.code not in _IN_PART else REFUSED


def of_failure() -> int:
    """The exit code of what nobody foresaw."""
    return SAVED_UNTOLD if saved.anything else REFUSED


def of_output(code: int, error: OSError | None = None) -> int:
    """The exit code of a command that would end with `code`, whose output (`error`) or messages could not be written.

    A signal and a doubt say more than that.
    """
    wrong = error or next(iter(_untold), None)
    if wrong is None or code > WRONG_USAGE:
        return code
    if saved.anything:
        return SAVED_UNTOLD
    if isinstance(wrong, BrokenPipeError):
        return PIPE_CLOSED
    return code or REFUSED

"""Programs that are killed at moments spread over their work: how often, when, and what they had said by then.

A program says `BEGIN` on a line of its own where the work begins, and a line behind each thing that it reports as done.
CLIENTDESK_KILLS asks for more kills than the few of every run: `CLIENTDESK_KILLS=200 python -m pytest -s TEST`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests import programs

BEGIN = "begin"
ROOT = Path(__file__).parents[1]


def kills(usual: int = 1) -> int:
    """How often a test kills what it kills."""
    return int(os.environ.get("CLIENTDESK_KILLS", usual))


class Moments:
    """Moments by chance for so many kills that meet a work on its way, spread evenly over the seconds that it takes.

    A kill that was `too_late` is not counted: its turn comes again, and the work counts as quicker, as it was measured
    once, on a machine that may have been busy.
    """

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds, self._last_was_late = count, seconds, False
        self.late = 0

    def __iter__(self) -> Iterator[float]:
        met = 0
        while met < self._count:
            self._last_was_late = False
            yield (met + random.random()) / self._count * self._seconds
            met += not self._last_was_late

    def too_late(self) -> None:
        """The work had ended before the last kill came."""
        self._last_was_late = True
        self.late += 1
        self._seconds *= 0.95
        assert self.late < 3 * self._count + 100, "kills do not meet the work"


Kill = Callable[["subprocess.Popen[str]"], object]
"""Puts an end to a program, or to what works for it."""
_USUAL = (0, -signal.SIGKILL)


class Ended(NamedTuple):
    """How a program ended: the lines that it had said behind `BEGIN`, its exit code, and how many seconds passed between
    `BEGIN` and the last line."""

    said: list[str]
    code: int
    seconds: float


def run(
    program: str,
    *arguments: str,
    kill_after: float | None = None,
    kill: Kill = subprocess.Popen.kill,
    codes: Collection[int] = _USUAL,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Runs a program to its end, or kills it so many seconds after it has begun its work; it ends with one of `codes`."""
    process = started(program, *arguments, environment=environment)
    assert process.stdout is not None
    began = last = time.perf_counter()
    if kill_after is not None:
        time.sleep(kill_after)
        kill(process)
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        last = time.perf_counter()
    process.stdout.close()
    code = process.wait(60)
    assert code in codes, f"the program ended with {code}"
    return Ended(lines, code, last - began)


def killed_at(word: str, program: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a program until it says a word, and kills it then."""
    process = started(program, *arguments, environment=environment)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1] == word:
            process.kill()
    process.stdout.close()
    code = process.wait(60)
    assert code == -signal.SIGKILL, f"it ended with {code}, and did not say {word}"
    return Ended(lines, code, 0.0)


def started(program: str, *arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """A program that has just begun its work."""
    command = [sys.executable, "-c", program, *arguments]
    process = programs.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first == f"{BEGIN}\n", first
    return process


# --- the controls: builds that are wrong on purpose, each a few lines before a program

TOO_SOON = """
import time
from clientdesk.store import history
seal = history.seal
def saying(engine, change_set):
    sealed = seal(engine, change_set)
    print(SAID or name, flush=True)
    time.sleep(60)
    return sealed
history.seal = saying
"""
"""What is written is reported before it is committed: the text SAID, or else the name that is saved."""

IN_HALVES = """
import time
from clientdesk.desk import patches
from clientdesk.store import history
apply, bring_back = patches.apply, patches.bring_back
def break_off(session):
    history.seal(session.engine, session.engine.change_set)
    session.engine.sql("COMMIT")
    print("half", flush=True)
    time.sleep(60)
def half_applied(session, wanted, *more, write=True, **options):
    wanted = list(wanted)
    yield from apply(session, wanted[: len(wanted) // 2] if write else wanted, *more, write=write, **options)
    if write:
        break_off(session)
def half_brought_back(session, wanted):
    bring_back(session, wanted[: len(wanted) // 2])
    break_off(session)
patches.apply, patches.bring_back = half_applied, half_brought_back
"""
"""A part of what belongs together is committed, sealed and all, before the rest."""

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
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BEGIN = "begin"
ROOT = Path(__file__).parents[1]


def kills(usual: int = 1) -> int:
    """How often a test kills what it kills."""
    return int(os.environ.get("CLIENTDESK_KILLS", usual))


def moments(count: int, seconds: float) -> Iterator[float]:
    """So many moments by chance, spread evenly over some seconds."""
    for place in range(count):
        yield (place + random.random()) / count * seconds


class Ended(NamedTuple):
    """How a program ended: the lines that it had said behind `BEGIN`, whether it was killed, and how many seconds
    passed between `BEGIN` and the last line."""

    said: list[str]
    killed: bool
    seconds: float


def run(program: str, *arguments: str, kill_after: float | None = None) -> Ended:
    """Runs a program to its end, or kills it (SIGKILL) so many seconds after it has begun its work."""
    process = started(program, *arguments)
    assert process.stdout is not None
    began = last = time.perf_counter()
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    said = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        last = time.perf_counter()
    code = process.wait(60)
    process.stdout.close()
    assert code in (0, -signal.SIGKILL), f"the program failed with {code}"
    return Ended(said, code != 0, last - began)


def killed_at(word: str, program: str, *arguments: str) -> Ended:
    """Runs a program until it says a word, and kills it then."""
    process = started(program, *arguments)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if said[-1] == word:
            process.kill()
    process.stdout.close()
    assert process.wait(60) == -signal.SIGKILL, f"it ended without saying {word}"
    return Ended(said, True, 0.0)


def started(program: str, *arguments: str) -> "subprocess.Popen[str]":
    """A program that has just begun its work."""
    command = [sys.executable, "-c", program, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
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
apply = patches.apply
def halved(session, wanted, *more):
    wanted = list(wanted)
    yield from apply(session, wanted[: len(wanted) // 2], *more)
    history.seal(session.engine, session.engine.change_set)
    session.engine.sql("COMMIT")
    print("half", flush=True)
    time.sleep(60)
patches.apply = halved
"""
"""A part of what belongs together is committed, sealed and all, before the rest."""

"""Keys as a test presses them, one after the other: the next comes when the program has done what the last one asks for.

Textual's pilot waits until the processor has had nothing to do for a moment, at most a second, twice for each key; on a
slow or busy computer that is most of a test's time, and too little.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual import app, pilot
from textual._context import active_app
from textual.app import App

_PATIENCE = 60.0
"""Seconds after which a key that is still not obeyed is a failure."""
_TURNS = 5
"""So often everything that runs has its turn: a key goes from the terminal into the app's queue."""
_held: list[None] = []


@contextmanager
def unanswered() -> Iterator[None]:
    """Keys that are pressed meanwhile are not obeyed before the test itself has let something go on: nobody waits."""
    _held.append(None)
    try:
        yield
    finally:
        _held.pop()


async def _wait_until_obeyed(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Until the program has taken in what was pressed and obeys no key any more, or has ended."""
    for _turn in range(_TURNS):
        await asyncio.sleep(0)
    program = active_app.get()
    came = asyncio.Event()
    if _held or not program.call_later(came.set):
        return
    until = time.monotonic() + _PATIENCE
    while program.is_running and not (came.is_set() and _rests(program)):
        if time.monotonic() > until:
            raise AssertionError(f"a key is not obeyed within {_PATIENCE} s; see `unanswered` of {__name__}")
        await asyncio.sleep(0.002 if came.is_set() else 0)


def _rests(program: App[Any]) -> bool:
    return not getattr(program, "obeying", False)


def wait_for_what_keys_ask_for(patch: pytest.MonkeyPatch) -> None:
    """From now on a key that is pressed is followed by the next one as soon as it has been obeyed."""
    patch.setattr(app, "wait_for_idle", _wait_until_obeyed)
    patch.setattr(pilot, "wait_for_idle", _wait_until_obeyed)

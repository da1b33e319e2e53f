"""Keys as a test presses them, one after the other: the next comes when the program has done what the last one asks for.

Textual's pilot waits until the processor has had nothing to do for a moment, twice for each key; on a slow or busy
computer that is most of a test's time.
"""

import asyncio
import time

import pytest
from textual import app, pilot
from textual._context import active_app

_TURNS = 10
"""So often everything that runs has its turn: a key goes from the terminal to the screen, and from there to its part."""


async def _wait_until_obeyed(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Until the program obeys no key any more; as Textual does, it waits no longer than so many seconds."""
    until = time.monotonic() + max_sleep
    for _turn in range(_TURNS):
        await asyncio.sleep(0)
    program = active_app.get()
    while getattr(program, "obeying", False) and time.monotonic() < until:
        await asyncio.sleep(0.002)


def wait_for_what_keys_ask_for(patch: pytest.MonkeyPatch) -> None:
    """From now on a key that is pressed is followed by the next one as soon as it has been obeyed."""
    patch.setattr(app, "wait_for_idle", _wait_until_obeyed)
    patch.setattr(pilot, "wait_for_idle", _wait_until_obeyed)

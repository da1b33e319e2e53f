"""A slower machine, to hunt for tests that read the screen before it has come.

`CLIENTDESK_LATE="answers=0.3" python -m pytest tests/ui`: each answer of another thread (the store's, an import's)
comes 0.3 s late. `timers=0.05` delays what Textual does by a timer (it lays out and draws again by one), `keys=0.1` a
key on its way into the program, `messages=0.01` each message that a part of a screen handles. `answers=0..0.3` delays
by chance, for one test always alike; several are parted by spaces. Programs in a terminal of their own are delayed, too.
Where the variable is not set, nothing is changed.
"""

import asyncio
import os
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.message_pump import MessagePump
from textual.timer import Timer

LATE = "CLIENTDESK_LATE"
KINDS = ("answers", "timers", "keys", "messages")

IN_A_PROGRAM = "from tests.ui import late; late.arrange_for_good()"
"""Python for a program that a test starts."""

Delay = Callable[[], float]


def delays(chance: random.Random) -> dict[str, Delay]:
    """By how many seconds what comes late, as the environment asks for it. Raises UsageError for what is no delay."""
    wanted = {}
    for words in os.environ.get(LATE, "").split():
        kind, _equals, seconds = words.partition("=")
        least, _dots, most = seconds.rpartition("..")
        if kind not in KINDS:
            raise pytest.UsageError(f"{LATE}: {kind!r} is none of {', '.join(KINDS)}")
        wanted[kind] = _between(chance, float(least or most), float(most))
    return wanted


def _between(chance: random.Random, least: float, most: float) -> Delay:
    return lambda: chance.uniform(least, most)


def arrange(patch: pytest.MonkeyPatch, test: str) -> None:
    """From now on everything that is asked for comes late; by the same chance whenever the same test runs."""
    wanted = delays(random.Random(test))
    if "answers" in wanted:
        patch.setattr(asyncio.BaseEventLoop, "call_soon_threadsafe", _from_threads(wanted["answers"]))
    if "timers" in wanted:
        patch.setattr(Timer, "_tick", _after(wanted["timers"], Timer._tick))
    if "messages" in wanted:
        patch.setattr(MessagePump, "_dispatch_message", _after(wanted["messages"], MessagePump._dispatch_message))
    if "keys" in wanted:
        from clientdesk.ui.app import ClientdeskApp

        patch.setattr(ClientdeskApp, "on_event", _keys(wanted["keys"], ClientdeskApp.on_event))


def arrange_for_good() -> None:
    """The same for a whole program."""
    arrange(pytest.MonkeyPatch(), "")


def _from_threads(delay: Delay) -> Callable[..., Any]:
    original = asyncio.BaseEventLoop.call_soon_threadsafe

    def call_soon_threadsafe(loop: asyncio.BaseEventLoop, *args: Any, **kwargs: Any) -> Any:
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # it is another thread's, whose later answers wait behind this one
            time.sleep(delay())
            if loop.is_closed():  # asyncio looks for that just before this, and drops the answer
                return None
        return original(loop, *args, **kwargs)

    return call_soon_threadsafe


def _after(delay: Delay, original: Callable[..., Any]) -> Callable[..., Any]:
    async def after(part: Any, *args: Any, **kwargs: Any) -> None:
        await asyncio.sleep(delay())
        await original(part, *args, **kwargs)

    return after


def _keys(delay: Delay, original: Callable[..., Any]) -> Callable[..., Any]:
    async def on_event(app: Any, event: events.Event) -> None:
        if isinstance(event, events.Key):
            await asyncio.sleep(delay())
        await original(app, event)

    return on_event

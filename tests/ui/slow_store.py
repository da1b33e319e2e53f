"""A store whose answers come when the test lets them: however slow, without a clock.

A whole run on a slower machine, with a clock, to hunt for tests that look too early: see `late`.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import peewee
import pytest
from textual import events
from textual.app import App
from textual.widget import Widget

from clientdesk.ui.app import ClientdeskApp
from tests.ui.screen import wait_until

CHARACTERS = {"slash": "/", "space": " ", "comma": ",", "colon": ":", "question_mark": "?", "asterisk": "*"}
THREAD = "clientdesk-gateway"


class Store:
    """Statements of the program's own thread wait while the store is `held`."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self.waiting = threading.Event()
        """A statement waits."""
        self.refusal: Callable[[], Exception] | None = None
        """What every statement raises, where it is not None."""

    @property
    def is_open(self) -> bool:
        """Whether statements are answered."""
        return self._open.is_set()

    def hold(self) -> None:
        """Nothing is answered from now on."""
        self.waiting.clear()
        self._open.clear()

    def answer(self) -> None:
        """Everything is answered again."""
        self._open.set()

    def slowed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """peewee's way to the database, which waits while the store is held."""

        def execute_sql(db: Any, *args: Any, **kwargs: Any) -> Any:
            if threading.current_thread().name == THREAD and not self._open.is_set():
                self.waiting.set()
                assert self._open.wait(60)
            if self.refusal is not None and threading.current_thread().name == THREAD:
                raise self.refusal()
            return original(db, *args, **kwargs)

        return execute_sql


@contextmanager
def a_slow_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that can be held."""
    store = Store()
    monkeypatch.setattr(peewee.Database, "execute_sql", store.slowed(peewee.Database.execute_sql))
    yield store
    store.answer()


@asynccontextmanager
async def busy(part: Widget) -> AsyncIterator[None]:
    """A part of the screen that handles nothing meanwhile."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await over.wait()

    part.call_later(work)
    await begun.wait()
    try:
        yield
    finally:
        over.set()


def arrive(app: App[int], *keys: str) -> None:
    """Keys that come in one go, as a slow line or a fast typist brings them: names, or "=text" for its letters."""
    for key in keys:
        for name in key[1:] if len(key) > 1 and key[0] == "=" else (key,):
            character = CHARACTERS.get(name, name if len(name) == 1 else None)
            name = {value: name for name, value in CHARACTERS.items()}.get(name, name)
            app.post_message(events.Key(name, character))


def app_of(app: App[int]) -> ClientdeskApp:
    """The program as what it is."""
    assert isinstance(app, ClientdeskApp)
    return app


async def taken_in(app: App[int]) -> None:
    """Every key that was sent so far has come to the program: it is obeyed by now, or waits for its turn."""
    came = asyncio.Event()
    app.call_later(came.set)
    await asyncio.wait_for(came.wait(), 60)


async def settled(app: App[int]) -> None:
    """Every key has been obeyed, and what the last one opened is ready."""
    await wait_until(lambda: not app_of(app).obeying)

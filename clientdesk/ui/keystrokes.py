"""Keys in the order in which they were typed, each to what has the focus when its turn comes.

Textual hands a key to the focused widget as soon as it arrives, and a key that moves the focus or opens a screen is
only obeyed when it has come up to the app. Keys that arrive together (a slow line, a pasted word, a fast typist) would
go to where the focus was. Here a key waits until the one before it has been obeyed.
"""

import time
from collections import deque
from functools import partial
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from clientdesk.ui.screens.base import Commanding

LOST_AFTER = 0.1
"""After so many seconds a key is taken for obeyed whose widget has gone with it."""
PATIENCE = 0.3
"""A key waits at most so many seconds for what the one before it opens."""
_LOOK_AGAIN = 0.005


class Obeyed(Message):
    """Follows a key on its way up; when it arrives, the key has been obeyed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class KeysInOrder(App[int]):
    """An app that obeys one key after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: deque[events.Event] = deque()
        self._number = 0
        self._obeying = False
        self._begun: frozenset[str] = frozenset()
        self._until = 0.0
        self._seen: Screen[Any] | None = None
        """The screen that has been laid out, as far as it was asked for."""
        self._asked: Screen[Any] | None = None

    @property
    def obeying(self) -> bool:
        """Whether a key has not been obeyed yet."""
        return self._obeying

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes wait for their turn; everything else goes its way."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._keys.append(event)
            if not self._obeying:
                await self._next_key()
        else:
            await super().on_event(event)

    async def _next_key(self) -> None:
        if not self._keys:
            self._obeying = False
            return
        self._obeying = True
        self._number += 1
        self._begun = self._under_way()
        target = self.focused or self.screen
        await super().on_event(self._keys.popleft())
        self._until = time.monotonic() + PATIENCE
        target.post_message(Obeyed(self._number))
        self.set_timer(LOST_AFTER, partial(self._obeyed, self._number))

    def on_obeyed(self, message: Obeyed) -> None:
        """The key has been obeyed: what it asked to be done next (a new focus) stands before what is posted now."""
        message.stop()
        self.call_later(self._obeyed, message.number)

    async def _obeyed(self, number: int) -> None:
        if number != self._number or not self._obeying:
            return
        if time.monotonic() < self._until and self._is_opening():
            self.set_timer(_LOOK_AGAIN, partial(self._obeyed, number))
            return
        self._number += 1  # whatever still comes of this key is late
        await self._next_key()

    def _is_laid_out(self, screen: Screen[Any]) -> bool:
        """Whether a screen has been laid out once: before, its parts cannot obey."""
        if screen is self._seen:
            return True
        if screen is not self._asked:
            self._asked = screen
            screen.call_after_refresh(self._note_seen, screen)
        return False

    def _note_seen(self, screen: Screen[Any]) -> None:
        self._seen = screen

    def _under_way(self) -> frozenset[str]:
        """The commands of the screen that have not ended yet."""
        screen: Any = self.screen
        return screen.under_way if isinstance(screen, Commanding) else frozenset()

    def _is_opening(self) -> bool:
        """Whether the key has begun something that is about to open a screen, or one is being opened."""
        screen = self.screen
        if not screen.is_mounted or self._under_way() - self._begun or not self._is_laid_out(screen):
            return True
        if isinstance(screen, Commanding) and screen.is_opening:
            return True
        wanted = screen.AUTO_FOCUS if screen.AUTO_FOCUS is not None else self.AUTO_FOCUS
        return bool(wanted) and screen.focused is None and bool(screen.focus_chain)

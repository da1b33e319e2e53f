"""The bar that shows how far the copy of a firm is."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from clientdesk.text import _

if TYPE_CHECKING:
    from clientdesk.desk.copying import Progress

_MUCH = 300_000
"""So much work is done without a bar: about a second."""
_TICK = 0.5
"""Seconds after which the bar is drawn again, though nothing was told: one large index takes a while."""


class CopyBar:
    """Shows what a copy does, how much of it is done, and for how long it has been at it; from its own thread, too."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._begun = time.monotonic()
        self._drawing = threading.Lock()
        self._ended = threading.Event()
        self._ticking = threading.Thread(target=self._tick, name="clientdesk-bar", daemon=True)

    def __call__(self, done: int, whole: int, doing: str) -> None:
        """Progress: draws the bar, where there is much to do."""
        if self._bar is None:
            if whole < _MUCH:
                return
            self._bar = click.progressbar(
                length=whole, width=0, show_eta=False, item_show_func=self._time, file=sys.stderr
            )
            self._ticking.start()
        with self._drawing:
            self._bar.label = _(doing)
            self._bar.update(done - self._bar.pos)

    def _time(self, _item: object) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
        return f"{minutes}:{seconds:02}"

    def _tick(self) -> None:
        while not self._ended.wait(_TICK):
            with self._drawing:
                self._bar.render_progress()

    def close(self) -> None:
        """Leaves the bar as it is, and the cursor on the line below."""
        if self._bar is not None:
            self._ended.set()
            self._ticking.join()
            self._bar.render_finish()


@contextmanager
def copy_bar() -> "Iterator[Progress | None]":
    """On a terminal, a bar for what takes a while."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = CopyBar()
    try:
        yield bar
    finally:
        bar.close()

"""The bar that shows on a terminal how far a long piece of work is."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from clientdesk.text import _

_MANY_ROWS = 5_000
"""Fewer rows are done without a bar: they take less than a second."""
TICK = 0.5
"""Seconds after which the bar is drawn again, though no step was done: one large index takes a while."""


class ProgressBar:
    """Shows what is being done, how much of it is done, and for how long: it is a `Progress` of `desk.jobs` and of
    `desk.copying`. It draws itself from a thread of its own, too."""

    def __init__(self, label: str, least: int) -> None:
        self._label = label
        self._least = least
        self._terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._begun = time.monotonic()
        self._drawing = threading.Lock()
        self._ended = threading.Event()
        self._ticking = threading.Thread(target=self._tick, name="clientdesk-bar", daemon=True)

    def __call__(self, done: int, total: int, step: str = "") -> None:
        """Draws how much is done, of how much; `step`, a word to be translated, takes the label's place."""
        if not self._terminal or total < self._least:
            return
        with self._drawing:
            if self._bar is None:
                self._bar = click.progressbar(
                    length=total, label=self._label, width=0, show_eta=False, item_show_func=self._time, file=sys.stderr
                )
                self._ticking.start()
            if step:
                self._bar.label = _(step)
            self._bar.update(done - self._bar.pos)

    def _time(self, _item: object) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
        return f"{minutes}:{seconds:02}"

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            with self._drawing:
                self._bar.render_progress()

    def close(self) -> None:
        """Leaves the bar as it is, and the cursor on the line below."""
        if self._bar is not None:
            self._ended.set()
            self._ticking.join()
            self._bar.render_finish()


@contextmanager
def progress_bar(label: str = "", least: int = _MANY_ROWS) -> Iterator[ProgressBar]:
    """On a terminal, a bar for work of at least so many rows, or steps of another kind."""
    bar = ProgressBar(label, least)
    try:
        yield bar
    finally:
        bar.close()

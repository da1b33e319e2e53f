"""Looking at a screen in a test: as plain text, against a kept picture, and waiting for something to show."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "CLIENTDESK_UPDATE_SNAPSHOTS"
"""With this in the environment, snapshots are written instead of compared."""
STILL = 12
"""A screen that is written was the same so many times, at least a hundredth of a second apart."""


def strips_of(app: App[Any]) -> list[Strip]:
    """The lines of the screen as they are sent to the terminal."""
    visible_screen_stack.set(app._background_screens)  # what is seen behind a dialog
    return app.screen._compositor.render_strips(app.size)


def lines_of(app: App[Any]) -> list[str]:
    """The lines of the screen without their colours."""
    return [strip.text.rstrip() for strip in strips_of(app)]


def text_of(app: App[Any]) -> str:
    """The screen as a person reads it."""
    return "\n".join(lines_of(app))


async def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Let the program work until `condition` holds; fails after so many seconds."""
    until, pause = time.monotonic() + seconds, 0.01
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"it did not come true within {seconds} s")
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, 0.05)  # whoever waits longer looks more seldom: drawing the whole screen is not free


async def wait_for(app: App[Any], text: str, seconds: float = 30.0) -> None:
    """Let the program work until `text` is on the screen; the failure shows the screen."""
    try:
        await wait_until(lambda: text in text_of(app), seconds)
    except AssertionError:
        raise AssertionError(f"no {text!r} on\n{text_of(app)}") from None


async def assert_snapshot(app: App[Any], name: str) -> None:
    """The screen comes to look as in `snapshots/<name>.txt`, however late the last of it arrives."""
    path = SNAPSHOTS / f"{name}.txt"

    def drawn() -> str:
        if app.screen.is_modal:
            app.screen.refresh()  # the screen under it is drawn too, whoever drew last
        return text_of(app) + "\n"

    if os.environ.get(UPDATE):
        await _stillness(drawn)
        path.write_text(drawn(), encoding="utf-8")
    assert path.exists(), f"no snapshot {name}: run once with {UPDATE}=1"
    kept = path.read_text(encoding="utf-8")
    with suppress(AssertionError):
        await wait_until(lambda: drawn() == kept)
    assert drawn() == kept


async def _stillness(drawn: Callable[[], str]) -> None:
    """Nothing moves on the screen any more."""
    looks: list[str] = []

    def is_still() -> bool:
        looks.append(drawn())
        return len(looks) > STILL and len(set(looks[-STILL:])) == 1

    await wait_until(is_still)

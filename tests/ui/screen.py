"""Looking at a screen in a test: as plain text, against a kept picture, and waiting for something to show."""

import asyncio
import os
import re
import time
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

from textual._context import visible_screen_stack
from textual.app import App
from textual.css.query import NoMatches
from textual.strip import Strip

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "CLIENTDESK_UPDATE_SNAPSHOTS"
"""With this in the environment, snapshots are written instead of compared."""


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


async def wait_until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Let the program work until `condition` holds; fails after so many seconds.

    While a part that it asks for is still to come, it does not hold.
    """

    def holds() -> object:
        try:
            return condition()
        except NoMatches:
            return False

    until, pause = time.monotonic() + seconds, 0.01
    while True:
        begun = time.monotonic()
        if holds():
            return
        now = time.monotonic()
        if now > until:
            raise AssertionError(f"it did not come true within {seconds} s")
        # Drawing the whole screen is not free: it takes at most a tenth of the time, and whoever waits longer looks
        # more seldom.
        await asyncio.sleep(min(max(pause, 9 * (now - begun)), 0.2))
        pause = min(pause * 1.2, 0.05)


async def wait_for(app: App[Any], *texts: str, seconds: float = 60.0) -> None:
    """Let the program work until all `texts` are on the screen together; the failure shows the screen."""

    def missing() -> list[str]:
        text = text_of(app)
        return [wanted for wanted in texts if wanted not in text]

    try:
        await wait_until(lambda: not missing(), seconds)
    except AssertionError:
        raise AssertionError(f"no {missing()} on\n{text_of(app)}") from None


async def wait_words(app: App[Any], sentence: str, seconds: float = 60.0) -> None:
    """Let the program work until a sentence is on the screen, wherever its lines and the lines of a box break; what
    stands left and right of a box is not read."""
    words = str.maketrans("│┃║▌▐", "     ")

    def shown() -> str:
        inside = (re.sub(r"^[^│]*│(.*)│[^│]*$", r"\1", line) for line in text_of(app).splitlines())
        return " ".join(" ".join(inside).translate(words).split())

    try:
        await wait_until(lambda: sentence in shown(), seconds)
    except AssertionError:
        raise AssertionError(f"no {sentence!r} on\n{text_of(app)}") from None


async def wait_for_lines(app: App[Any], holds: Callable[[list[str]], object], seconds: float = 60.0) -> None:
    """Let the program work until `holds` is true of the screen's lines; the failure shows the screen.

    A screen comes in parts: whoever has waited for one part does not know that another is there.
    """
    try:
        await wait_until(lambda: holds(lines_of(app)), seconds)
    except AssertionError:
        raise AssertionError(f"not so on\n{text_of(app)}") from None


async def handled(app: App[Any]) -> None:
    """Until every part of the screen has handled what it was sent so far, and the screen is drawn again."""
    app.screen.refresh()
    parts = [app, *app.screen.walk_children(with_self=True)]
    await asyncio.gather(*(part.wait_for_refresh() for part in parts if part.is_running))


async def still_picture(app: App[Any]) -> str:
    """What the screen shows as soon as nothing moves on it: it looks the same after all parts had their turn."""
    before, text = "", text_of(app)
    while text != before:
        before = text
        for _turn in range(3):  # a size tells a part, the part asks for its bar, the bar asks for a new layout
            await handled(app)
        visible_screen_stack.set(app._background_screens)
        text = text_of(app)
    return text + "\n"


async def assert_snapshot(app: App[Any], name: str, seconds: float = 60.0) -> None:
    """The screen looks as in `snapshots/<name>.txt` as soon as it stands still, whatever it still has to read."""
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get(UPDATE):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(await still_picture(app), encoding="utf-8")
    assert path.exists(), f"no snapshot {name}: run once with {UPDATE}=1"
    expected, until = path.read_text(encoding="utf-8"), time.monotonic() + seconds
    while (text := await still_picture(app)) != expected:
        if time.monotonic() > until:
            raise AssertionError("\n".join(unified_diff(expected.splitlines(), text.splitlines(), lineterm="")))
        await asyncio.sleep(0.02)

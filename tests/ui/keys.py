"""Keys as a slow line or a fast typist brings them: many at once."""

import asyncio

from textual import events
from textual.app import App

from tests.ui.screen import wait_until

DOWN = "↓"
NAMES = {" ": "space", "-": "minus", "+": "plus", "$": "dollar_sign", "\r": "enter", DOWN: "down"}


async def arrive(app: App[int], text: str) -> None:
    """Keys that come in one go, with no time between them; returns when all are obeyed."""
    for letter in text:
        app.post_message(events.Key(NAMES.get(letter, letter), letter if letter != DOWN else None))
    arrived = asyncio.Event()
    app.call_later(arrived.set)
    await arrived.wait()
    await wait_until(lambda: not app.obeying)  # type: ignore[attr-defined]

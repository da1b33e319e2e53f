"""The slower machine of `late`: what is asked for comes late, and nothing else."""

import asyncio
import random
import threading
import time

import pytest
from textual.app import App
from textual.message import Message

from clientdesk.ui.keystrokes import LOOK_AGAIN
from tests.ui import late
from tests.ui.conftest import Running
from tests.ui.screen import wait_for, wait_until

DELAY = 0.2


async def answered(monkeypatch: pytest.MonkeyPatch, words: str) -> float:
    """How many seconds an answer is on its way from another thread."""
    with monkeypatch.context() as patch:
        patch.setenv(late.LATE, words)
        late.arrange(patch, "a test")
        is_awaited = threading.Event()

        def work() -> float:
            is_awaited.wait(60)
            return time.monotonic()

        asyncio.get_running_loop().call_later(0.01, is_awaited.set)
        sent = await asyncio.to_thread(work)
        return time.monotonic() - sent


async def test_answers_of_other_threads_come_late(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await answered(monkeypatch, f"answers={DELAY}") >= DELAY


def test_the_same_test_is_delayed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(late.LATE, "keys=0.1..0.3 timers=0.5")
    first, second = (late.delays(random.Random("a test")) for _run in range(2))
    delays = [first["keys"]() for _key in range(10)]
    assert delays == [second["keys"]() for _key in range(10)]
    assert all(0.1 <= delay <= 0.3 for delay in delays)
    assert first["timers"]() == 0.5


def test_what_cannot_be_late_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(late.LATE, "mice=1")
    with pytest.raises(pytest.UsageError, match="'mice' is none of answers, timers, keys, messages"):
        late.delays(random.Random(0))


async def test_a_screen_that_opens_comes_to_what_it_is_asked(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a message takes as long as the time between two looks, the looks do not ask for more than it can answer."""
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        monkeypatch.setenv(late.LATE, f"messages={LOOK_AGAIN}")
        late.arrange(monkeypatch, "a test")
        await pilot.press("question_mark")
        await wait_for(pilot.app, "Open the client's page.")
        await pilot.press("escape")
        await wait_for(pilot.app, "8 of 9 clients")


class Waiting(App[None]):
    """Notes when a timer's moment has come, and when its message is handled."""

    class Sent(Message):
        """Something to be handled."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, float] = {}

    def ring(self) -> None:
        self.came["timer"] = time.monotonic()

    def on_waiting_sent(self) -> None:
        self.came["message"] = time.monotonic()


async def test_timers_and_messages_come_late_by_names_that_textual_keeps_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails with a Textual that has other names for what `late` reaches for."""
    app = Waiting()
    async with app.run_test():
        for kind, ask in (
            ("timers", lambda: app.set_timer(0.001, app.ring)),
            ("messages", lambda: app.post_message(Waiting.Sent())),
        ):
            app.came.clear()
            with monkeypatch.context() as patch:
                patch.setenv(late.LATE, f"{kind}={DELAY}")
                late.arrange(patch, "a test")
                asked = time.monotonic()
                ask()
                await wait_until(lambda: app.came)
            assert min(app.came.values()) - asked >= DELAY, kind

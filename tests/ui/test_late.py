"""The slower machine of `late`: what is asked for comes late, and nothing else."""

import asyncio
import random
import threading
import time

import pytest

from tests.ui import late

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

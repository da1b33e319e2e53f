"""A computer so busy that a timer's moment has passed before it is waited for."""

import asyncio
from itertools import count

import pytest
from textual import _time

from clientdesk.ui.timers import LateTimers
from tests.ui.conftest import Running


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two looks at the clock more time passes than the terminal's new size waits (1/120 s)."""
    looks, clock = count(), _time.get_time
    monkeypatch.setattr(_time, "get_time", lambda: clock() + 0.01 * next(looks))


async def _comes(running: Running, firm: str, seconds: float) -> None:
    async with running(firm) as pilot:
        came = asyncio.Event()
        for target in (pilot.app, pilot.app.screen):
            came.clear()
            target.set_timer(1 / 120, came.set)
            await asyncio.wait_for(came.wait(), seconds)


async def test_a_timer_comes_late(firm: str, running: Running, busy: None) -> None:
    await _comes(running, firm, 60)


async def test_without_them_it_never_comes(
    firm: str, running: Running, busy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(LateTimers, "set_timer")
    with pytest.raises(TimeoutError):
        await _comes(running, firm, 1)

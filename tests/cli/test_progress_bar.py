"""The bar that shows how far a long piece of work is."""

import sys
import threading
import time
from io import StringIO
from itertools import count

import pytest

from clientdesk.cli import progress_bar
from clientdesk.desk.copying import BUILDING, COMPARING


class _Screen(StringIO):
    """Counts how often a word is drawn on it."""

    def __init__(self, word: str, is_terminal: bool = True) -> None:
        super().__init__()
        self.drawn = threading.Semaphore(0)
        self._word = word
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        if self._word in text:
            self.drawn.release()
        return super().write(text)


@pytest.mark.parametrize(("rows", "is_terminal"), [(4_999, True), (5_000, False)])
def test_few_rows_and_a_file_get_no_bar(monkeypatch: pytest.MonkeyPatch, rows: int, is_terminal: bool) -> None:
    screen = _Screen("Writing rows", is_terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_bar.progress_bar("Writing rows") as progress:
        progress(1_000, rows)
    assert screen.getvalue() == ""


def test_many_rows_get_a_bar_with_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen("Writing rows")
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_bar.progress_bar("Writing rows") as progress:
        progress(1_000, 5_000)
        assert "20%" in screen.getvalue()
        progress(5_000, 5_000)
    assert "Writing rows" in screen.getvalue()
    assert "100%" in screen.getvalue()
    assert screen.getvalue().endswith("\n")


def test_a_step_takes_the_place_of_the_label(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen(BUILDING)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_bar.progress_bar(least=10) as progress:
        progress(1, 10, BUILDING)
        progress(10, 10, COMPARING)
    assert "Building the indexes" in screen.getvalue()
    assert "Comparing" in screen.getvalue().rpartition("\r")[2]


def test_the_bar_lives_though_no_step_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, seconds = _Screen("Building"), count()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress_bar, "TICK", 0.001)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(seconds)))
    with progress_bar.progress_bar() as progress:
        progress(1, 1_000_000, BUILDING)
        for _ in range(3):  # once for the step, twice by itself
            assert screen.drawn.acquire(timeout=30)
    assert screen.getvalue().endswith("\n")

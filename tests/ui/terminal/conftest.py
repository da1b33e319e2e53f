"""The real program in a real terminal."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.ui import late

START = "import sys; from clientdesk.ui.start import run_app; sys.exit(run_app(sys.argv[1], 'ana'))"
Started = Callable[..., Terminal]


@pytest.fixture
def started(firm: str, tmp_path: Path) -> Started:
    """The program over the firm: `with started() as terminal`; `before` is Python that is run in it at first."""

    def start(before: str = "", columns: int = 80, rows: int = 24, **environment: str) -> Terminal:
        late_too = late.IN_A_PROGRAM if late.LATE in os.environ else ""
        argv = [sys.executable, "-c", f"{late_too}\n{before}\n{START}", firm]
        return Terminal(argv, columns, rows, {"CLIENTDESK_LOG": str(tmp_path / "log"), **environment})

    return start


def shows(text: str) -> Callable[[list[str]], bool]:
    """Whether a text stands on the screen."""
    return lambda lines: any(text in line for line in lines)


def assert_whole(terminal: Terminal) -> None:
    """The terminal is as it was before the program."""
    terminal.lines()
    assert not terminal.modes() & {1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004}
    assert terminal.modes() >= {7, 25}  # long lines are wrapped, the cursor is seen
    assert terminal.is_cooked()

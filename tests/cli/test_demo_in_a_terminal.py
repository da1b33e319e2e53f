"""The throwaway demo in a real terminal: however it ends, nothing of it stays."""

import signal
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.long("terminals")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_the_throwaway_firm_is_gone_when_the_terminal_is(tmp_path: Path, number: int) -> None:
    environment = {"TMPDIR": str(tmp_path), "CLIENTDESK_LOG": str(tmp_path / "log")}
    with Terminal([sys.executable, "-m", "clientdesk", "demo", "--clients", "20"], 80, 24, environment) as terminal:
        terminal.wait(lambda lines: any("20 clients" in line for line in lines))
        assert [path for path in tmp_path.iterdir() if path.name.startswith(".clientdesk-")]
        terminal.end(number)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".clientdesk-")]


def test_a_progress_bar_is_drawn_in_a_terminal(tmp_path: Path) -> None:
    kept = str(tmp_path / "demo.db")
    argv = [sys.executable, "-m", "clientdesk", "demo", "--clients", "6000", "--keep", kept]
    with Terminal(argv, 80, 24, {"CLIENTDESK_LOG": str(tmp_path / "log")}) as terminal:
        terminal.wait(lambda lines: any("6000 clients written" in line for line in lines))
        assert any("100%" in line for line in terminal.lines())


def test_a_demo_that_is_ended_while_it_is_written_leaves_nothing(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "clientdesk", "demo", "--clients", "200000", "--keep", str(tmp_path / "demo.db")]
    with Terminal(argv, 80, 24, {"CLIENTDESK_LOG": str(tmp_path / "log")}) as terminal:
        terminal.wait(lambda lines: any("Making clients" in line for line in lines))
        assert terminal.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert not [path for path in tmp_path.iterdir() if "demo" in path.name or path.name.startswith(".clientdesk-")]

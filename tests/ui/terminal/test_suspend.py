"""Stopping the program and bringing it back, from a shell and without one; painting everything again."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.ui.conftest import Running
from tests.ui.screen import wait_for, wait_until
from tests.ui.terminal.conftest import START, Started, assert_whole, shows

pytestmark = pytest.mark.long("terminals")

READY = shows("8 of 9 clients")
CTRL_Z, CTRL_L, CTRL_UNDERSCORE = "\x1a", "\x0c", "\x1f"


def state(pid: int) -> str:
    """What the system says of a process: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def wait_stopped(terminal: Terminal, pid: int) -> None:
    """Takes what is written until the process is stopped."""
    until = time.monotonic() + 20
    while state(pid) != "T":
        assert time.monotonic() < until, terminal.lines()
        terminal.settle(0.02)


def painted(lines: list[str]) -> Callable[[list[str]], bool]:
    return lambda now: now == lines


@contextmanager
def in_a_shell(firm: str, tmp_path: Path, wrapped: bool = False) -> Iterator[Terminal]:
    """The program, started in a shell with job control; `wrapped` in a command that waits for it."""
    command = shlex.join([sys.executable, "-c", START, firm])
    environment = {"CLIENTDESK_LOG": str(tmp_path / "log"), "PS1": "$ ", "ENV": ""}
    with Terminal(["/bin/sh", "-i"], 80, 24, environment) as terminal:
        terminal.wait(shows("$"))
        terminal.send(f"clear; sh -c {shlex.quote(command + '; echo after')}\r" if wrapped else f"clear; {command}\r")
        terminal.wait(READY)
        terminal.settle()
        yield terminal


@pytest.mark.parametrize("wrapped", [False, True], ids=["alone", "in a command"])
def test_ctrl_z_goes_to_the_shell_and_fg_paints_everything(firm: str, tmp_path: Path, wrapped: bool) -> None:
    with in_a_shell(firm, tmp_path, wrapped) as terminal:
        before = terminal.lines()
        # the list, a text that is typed, a screen above
        for opening, text in (("", "8 of 9 clients"), ("/pe", "find “pe”"), ("\r?", "On this screen")):
            terminal.send(opening)
            terminal.wait(shows(text))
            terminal.settle()
            before = terminal.lines()
            terminal.spoil()
            terminal.send(CTRL_Z)
            terminal.wait(shows("Stopped"))
            terminal.settle()
            assert_whole(terminal)
            terminal.send("echo $((6 * 7))\r")
            terminal.wait(shows("42"))
            terminal.spoil()
            terminal.send("fg\r")
            terminal.wait(painted(before))
            assert terminal.modes() >= {1000, 1049, 2004}
            assert 25 not in terminal.modes()


def test_it_comes_back_in_the_size_that_the_terminal_has_then(firm: str, tmp_path: Path) -> None:
    with in_a_shell(firm, tmp_path) as terminal:
        terminal.send(CTRL_Z)
        terminal.wait(shows("Stopped"))
        terminal.resize(100, 30)
        terminal.spoil()
        terminal.send("fg\r")
        terminal.wait(lambda lines: lines[-1].startswith(" enter Open") and "admin" in lines[0][-12:])
        assert len(terminal.lines()[0]) > 90


def test_brought_back_into_the_background_it_waits(firm: str, tmp_path: Path) -> None:
    with in_a_shell(firm, tmp_path) as terminal:
        before = terminal.lines()
        terminal.send(CTRL_Z)
        terminal.wait(shows("Stopped"))
        terminal.send("bg; sleep 0.3; echo $((6 * 7))\r")
        terminal.wait(shows("42"))
        terminal.settle()
        assert_whole(terminal)
        terminal.send("fg\r")
        terminal.wait(painted(before))


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_signal_stops_it_too(started: Started, number: signal.Signals) -> None:
    with started() as terminal:
        terminal.wait(READY)
        terminal.settle()
        before = terminal.lines()
        for _time in range(2):
            os.kill(terminal.pid, number)
            wait_stopped(terminal, terminal.pid)
            terminal.settle()
            if number == signal.SIGTSTP:
                assert_whole(terminal)
            terminal.spoil()
            os.kill(terminal.pid, signal.SIGCONT)
            terminal.wait(painted(before))
        terminal.send("?")
        terminal.wait(shows("On this screen"))


def test_where_no_shell_waits_enter_brings_it_back(started: Started) -> None:
    with started() as terminal:
        terminal.wait(READY)
        terminal.settle()
        before = terminal.lines()
        for _time in range(2):
            terminal.send(CTRL_Z)
            terminal.wait(shows("no shell is waiting: enter brings it back."))
            wait_stopped(terminal, terminal.pid)
            assert_whole(terminal)
            terminal.spoil()
            terminal.send("\r")
            terminal.wait(painted(before))
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_a_stopped_program_ends_with_its_terminal(started: Started) -> None:
    with started() as terminal:
        terminal.wait(READY)
        terminal.send(CTRL_Z)
        wait_stopped(terminal, terminal.pid)
        for number in (signal.SIGHUP, signal.SIGCONT):  # as the system sends them together
            os.kill(terminal.pid, number)
        assert terminal.wait_for_end() == 128 + signal.SIGHUP


def test_ctrl_l_paints_everything(started: Started) -> None:
    with started() as terminal:
        terminal.wait(READY)
        # a text in the list, a form, a field, a dialog
        for keys, text in (("/c", "find “c”"), ("\ra", "Business name"), ("xyz", "xyz"), ("\x1b", "Leave without")):
            terminal.send(keys)
            terminal.wait(shows(text))
            terminal.settle()
            before = terminal.lines()
            terminal.spoil()
            terminal.send(CTRL_L)
            terminal.wait(painted(before))


async def test_the_keys_can_be_others(firm: str, running: Running, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"app.repaint" = "f5"\n')
    painted_again = []
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        pilot.app.command_app_repaint = lambda: painted_again.append(True)  # type: ignore[attr-defined]
        await pilot.press("a")
        await wait_for(pilot.app, "Business name")
        await pilot.press("f5")
        await wait_until(lambda: painted_again)


async def test_typing_in_the_notes_is_taken_back(firm: str, running: Running) -> None:
    from clientdesk.ui.widgets.field_lines import NotesArea

    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("a")
        await wait_for(pilot.app, "Business name")
        await pilot.press("f2")
        await wait_until(lambda: pilot.app.screen.query(NotesArea))
        notes = pilot.app.screen.query_one(NotesArea)
        notes.focus()
        await wait_until(lambda: notes.has_focus)
        await pilot.press("o")  # what is typed later than two seconds afterwards would be taken back by itself
        await wait_until(lambda: notes.text == "o")
        await pilot.press("ctrl+z")
        await pilot.press("ctrl+underscore")
        await wait_until(lambda: notes.text == "")

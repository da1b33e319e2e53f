"""Whatever fails while the program is shown: it goes on, or ends with a sentence, not with 0, the terminal as it was."""

import signal
from pathlib import Path

import pytest

from tests.ui.terminal.conftest import Started, assert_whole, shows

pytestmark = pytest.mark.long("terminals")

SENTENCE = "Something went wrong; the log file at"
READY = shows("8 of 9 clients")

# What is run in the program before it starts; its "Read the list again" (f5) then is the failure.
REFRESH = """
from clientdesk.ui.screens.clients import ClientList
{fault}
ClientList.command_list_refresh = fault
"""
DRIVER = """
from clientdesk.ui.terminal.driver import TerminalDriver
def fault(self, message): raise {error}
TerminalDriver.process_message = fault
"""
FATAL = {
    "reading": DRIVER.format(error="ValueError('reading')"),
    "reading, SystemExit": DRIVER.format(error="SystemExit(0)"),
    "a key": """
from clientdesk.ui.terminal.token_events import TerminalMessages
def fault(self, sequence): raise ValueError('a key')
TerminalMessages.keys_of = fault
""",
    "a command, SystemExit": REFRESH.format(fault="def fault(self): raise SystemExit(0)"),
    "a thread": REFRESH.format(
        fault="def fault(self):\n    import threading\n    threading.Thread(target=lambda: 1 / 0).start()"
    ),
    "Textual's panic": REFRESH.format(fault="def fault(self): self.app.panic('told by Textual')"),
    "an end without an answer": REFRESH.format(fault="def fault(self): self.app.exit()"),
    "taking the terminal": """
from textual.drivers.linux_driver import LinuxDriver
def fault(self): raise ValueError('taking')
LinuxDriver._enable_bracketed_paste = fault
""",
}


# What a dialog tells; the same once more ends it.
TOLD = {
    "painting": REFRESH.format(
        fault="""
def fault(self):
    from textual.widget import Widget
    def broken(widget, y): raise ValueError('painting')
    type(self.focused).render_line = broken
    self.focused.refresh()
"""
    ),
    "a command": REFRESH.format(fault="def fault(self): raise ValueError('a command')"),
    "a worker": REFRESH.format(fault="async def fault(self): raise ValueError('a worker')"),
    "the loop": REFRESH.format(fault="def fault(self): self.app._loop.call_soon(lambda: 1 / 0)"),
}


@pytest.mark.parametrize("before", TOLD.values(), ids=TOLD)
def test_a_failure_is_told_and_the_next_one_ends_it(started: Started, before: str, tmp_path: Path) -> None:
    with started(before, columns=200) as terminal:
        terminal.wait(READY)
        terminal.send("\x1b[15~")
        terminal.wait(lambda lines: shows("Go on?")(lines) and shows(SENTENCE)(lines))
        assert not shows("Traceback")(terminal.lines())
        terminal.send("\r")
        if "painting" not in before:  # else it fails again as soon as it is seen
            terminal.wait(READY)
            terminal.send("\x1b[15~")
        assert terminal.wait_for_end() == 1
        assert shows(SENTENCE)(terminal.lines())
        assert "Traceback" not in "".join(terminal.lines())
        assert_whole(terminal)
    assert "unexpected failure" in (tmp_path / "log").read_text()


@pytest.mark.parametrize("before", FATAL.values(), ids=FATAL)
def test_a_failure_ends_with_a_sentence(started: Started, before: str, tmp_path: Path) -> None:
    with started(before, columns=200) as terminal:
        if "taking" not in before:
            terminal.wait(READY)
            terminal.send("r" if "keys_of" in before else "\x1b[15~")
        assert terminal.wait_for_end() == 1
        assert shows(SENTENCE)(terminal.lines())
        assert "Traceback" not in "".join(terminal.lines())
        assert_whole(terminal)
    assert "unexpected failure" in (tmp_path / "log").read_text()


def test_an_interruption_ends_it_like_the_signal(started: Started) -> None:
    with started(REFRESH.format(fault="def fault(self): raise KeyboardInterrupt")) as terminal:
        terminal.wait(READY)
        terminal.send("\x1b[15~")
        assert terminal.wait_for_end() == 128 + signal.SIGINT
        assert_whole(terminal)


def test_a_log_that_cannot_be_written_prints_nothing(started: Started) -> None:
    before = FATAL["an end without an answer"]  # it is told when the screens are gone
    with started(before, columns=200, CLIENTDESK_LOG="/dev/full") as terminal:
        terminal.wait(READY)
        terminal.send("\x1b[15~")
        assert terminal.wait_for_end() == 1
        assert shows("Something went wrong, and the log file at /dev/full cannot be written.")(terminal.lines())
        assert not shows("Traceback")(terminal.lines())


def test_what_is_typed_is_read_in_the_encoding_of_the_terminal(started: Started) -> None:
    with started(PYTHONIOENCODING="iso8859-1") as terminal:
        terminal.wait(READY)
        terminal.send("/peña".encode("latin-1"))
        terminal.wait(shows("1 of 9"))


def test_letters_that_the_terminal_cannot_show_end_nothing(started: Started) -> None:
    with started(REFRESH.format(fault="def fault(self): self.app._driver.write('\\ud800')")) as terminal:
        terminal.wait(READY)
        terminal.send("r?")
        terminal.wait(shows("On this screen"))
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_a_terminal_that_is_made_not_to_block_ends_nothing(started: Started) -> None:
    fault = """
def fault(self):
    import os
    os.set_blocking(0, False)
    os.set_blocking(2, False)
    for _ in range(20):
        self.app._driver.write('x' * 20_000 + '\\x1b[H')
    self.app.refresh()
"""
    with started(REFRESH.format(fault=fault)) as terminal:
        terminal.wait(READY)
        terminal.send("r?")
        terminal.wait(shows("On this screen"))
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_a_terminal_that_cannot_be_written_to_is_one_that_went_away(started: Started) -> None:
    fault = """
def fault(self):
    from clientdesk.ui.terminal import terminal_file
    class Gone:
        def write(self, *_): raise OSError(5, 'Input/output error')
    terminal_file.os = Gone()
    self.app.repaint()
"""
    with started(REFRESH.format(fault=fault)) as terminal:
        terminal.wait(READY)
        terminal.send("\x1b[15~")
        assert terminal.wait_for_end() == 128 + signal.SIGHUP
        assert terminal.is_cooked()

"""Replies of the terminal while the real program runs: screen, firm and field stay, the key behind them counts."""

import time

import pytest

from clientdesk.desk import clients, history
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.terminal.splitter import SILENCE
from tests.terminal import Condition
from tests.ui.forms import at_work
from tests.ui.terminal.conftest import Started, shows
from tests.ui.terminal.replies import REPLIES

pytestmark = pytest.mark.long("terminals")

PAUSE = 0.08
"""Longer than esc waits for the rest of a sequence."""
CURSOR = "▌"


def content(firm: str) -> object:
    with at_work(firm) as session:
        everyone = clients.window(session, ClientQuery(filters=()), ("display_name", "status"), 0, 100)
        return everyone, history.of_firm(session)


def on_row(name: str, *, like: list[str]) -> Condition:
    """Whether the cursor is on a client, and the rest of the screen as it was."""

    def condition(lines: list[str]) -> bool:
        plain = [line.replace(CURSOR, " ").rstrip() for line in lines]
        return plain == like and any(line.startswith(CURSOR) and name in line for line in lines)

    return condition


def test_in_the_list_no_reply_is_a_key(started: Started, firm: str) -> None:
    with started() as terminal:
        terminal.wait(shows("8 of 9 clients"))
        terminal.settle()
        like = [line.replace(CURSOR, " ").rstrip() for line in terminal.lines()]
        before = content(firm)
        here, there = on_row("[ACME]", like=like), on_row("Construcciones Íñigo", like=like)
        terminal.send(b"".join(b"j" + reply + b"k" + reply for reply in REPLIES.values()) + b"j")
        terminal.wait(there)
        for number, reply in enumerate(REPLIES.values()):
            cut = 2 + number % (len(reply) - 2)  # behind the introducer, elsewhere each time
            terminal.send((b"k" if number % 2 == 0 else b"j") + reply[:cut])
            time.sleep(PAUSE)
            terminal.send(reply[cut:])
            if number % 9 == 0 or number == len(REPLIES) - 1:
                terminal.wait(here if number % 2 == 0 else there)
        assert content(firm) == before


def test_in_a_form_no_reply_is_text(started: Started, firm: str) -> None:
    replies = list(REPLIES.values())
    with started() as terminal:
        terminal.wait(shows("8 of 9 clients"))
        before = content(firm)
        terminal.send("a")
        terminal.wait(shows("Business name"))
        terminal.settle()
        for some in (replies[::2], replies[1::2]):  # as many as letters fit into a field
            letters = "".join(chr(ord("a") + number) for number in range(len(some)))
            terminal.send(b"".join(letter.encode() + reply for letter, reply in zip(letters, some, strict=True)))
            terminal.send("!")
            terminal.wait(shows(f" {letters}!"))
            terminal.send("\t")
        assert content(firm) == before


def test_a_reply_that_never_ends_is_given_up(started: Started) -> None:
    with started() as terminal:
        terminal.wait(shows("8 of 9 clients"))
        terminal.send(b"/x\x1b]11;rgb:jjjj")
        for _attempt in range(5):  # where the program gets no processor, its silence begins later
            time.sleep(SILENCE * 1.3)
            terminal.send("z")
            terminal.settle(patience=0.5)
            if shows("Find x")(terminal.lines()) and shows("Find xz")(terminal.lines()):
                break
        assert shows("Find xz")(terminal.lines())


def test_bytes_that_are_not_utf8_end_nothing(started: Started) -> None:
    with started() as terminal:
        terminal.wait(shows("8 of 9 clients"))
        terminal.send(b"\x1b[M\x20\xa5\xf1/Pe\xf1a")
        terminal.wait(shows("Find Pe\ufffda"))
        terminal.send(b"\x15\x1b[200~Pe\xf1a \x1b[C\xff\x1b[201~")
        terminal.wait(shows("Pe\ufffda"))
        terminal.send(bytes(range(0x80, 0x100)) + b"!")
        terminal.wait(shows("!"))
        terminal.send(b"\x11")
        assert terminal.wait_for_end() == 0

"""`delete`: it asks in a terminal, and never elsewhere."""

import sys

import pytest

from clientdesk.desk import clients, opening
from tests.cli.conftest import Desk
from tests.planned import arrange
from tests.store.both import on_a_file
from tests.terminal import Terminal

KEY = "C-1"


@pytest.fixture
def company_id(desk: Desk) -> str:
    """The Company ID of a client that can be deleted."""
    desk("add", "display_name=Peña [/] SA", f"client_number={KEY}")
    return str(desk("show", KEY, "--json").records[0]["company_id"])


def is_there(desk: Desk) -> bool:
    """Whether the client is in the firm."""
    return desk("show", KEY).code == 0


def ours(firm: str) -> None:
    """The firm is the primary admin of the client's books."""
    with opening.open_firm(firm) as session:
        arrange(session, clients.by_key(session, KEY).id, primary_admin="firm")


def in_a_terminal(firm: str) -> Terminal:
    """`delete` in a real terminal."""
    return Terminal([sys.executable, "-m", "clientdesk", "--firm", firm, "delete", KEY], 100, 24)


@pytest.mark.thorough("terminals")
@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("y\n", 0, "Deleted permanently: Peña [/] SA"),
        ("n\n", 1, "Nothing was deleted."),
        ("\n", 1, "Nothing was deleted."),
    ],
)
def test_it_asks_in_a_terminal(desk: Desk, firm: str, company_id: str, typed: str, code: int, said: str) -> None:
    with in_a_terminal(firm) as terminal:
        terminal.wait(lambda lines: any("[y/N]" in line for line in lines))
        text = "\n".join(terminal.lines())
        assert f"Delete “Peña [/] SA” (client number C-1, Company ID {company_id}) permanently?" in text
        assert text.count("✓") == 3
        terminal.send(typed)
        terminal.wait(lambda lines: any(said in line for line in lines))
        assert terminal.end(0) == code
    assert is_there(desk) == bool(code)


def test_ctrl_c_is_a_no(desk: Desk, firm: str, company_id: str) -> None:
    with in_a_terminal(firm) as terminal:
        terminal.wait(lambda lines: any("[y/N]" in line for line in lines))
        terminal.interrupt()
        assert terminal.end(0) == 130
    assert is_there(desk)


@on_a_file
def test_what_is_not_possible_is_not_asked(desk: Desk, firm: str, company_id: str) -> None:
    ours(firm)
    with in_a_terminal(firm) as terminal:
        terminal.wait(lambda lines: any("cannot be deleted" in line for line in lines))
        assert terminal.end(0) == 1
        text = "\n".join(terminal.lines())
    assert "[y/N]" not in text
    assert "✗ not met: The client has its own primary admin." in text
    assert is_there(desk)


@on_a_file
def test_without_a_terminal_it_says_whether_it_is_possible(desk: Desk, firm: str, company_id: str) -> None:
    ended = desk("delete", KEY)
    assert ended.code == 2
    assert "[y/N]" not in ended.err
    assert f"“Peña [/] SA” (client number C-1, Company ID {company_id}) can be deleted" in ended.err
    assert "--yes" in ended.err
    ours(firm)
    ended = desk("delete", KEY)
    assert ended.code == 2
    assert "cannot be deleted" in ended.err
    assert "✗ not met: The client has its own primary admin." in ended.err
    assert is_there(desk)

"""Starting and ending in a real terminal: refusals before the screen is taken, signals, failures."""

import signal
import sys
from pathlib import Path

import pytest

from clientdesk.ui.screens.clients import ClientList
from tests.terminal import Terminal
from tests.ui.conftest import Running
from tests.ui.screen import wait_for

START = "import sys; from clientdesk.ui.start import run_app; sys.exit(run_app(sys.argv[1], 'ana'))"


def started(firm: str, **env: str) -> Terminal:
    return Terminal([sys.executable, "-c", START, firm], 80, 24, env)


def ends_with(terminal: Terminal, sentence: str) -> bool:
    """The program says the sentence (wrapped by the terminal) and ends by itself."""
    code = terminal.wait_for_end()
    text = "".join("".join(terminal.lines()).split())  # where the terminal broke the lines, blanks are gone
    return "".join(sentence.split()) in text and code == 1


@pytest.mark.thorough("terminals")
def test_what_is_no_firm_is_told_before_the_screen_is_taken(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("nothing like a firm")
    with started(str(other)) as terminal:
        assert ends_with(terminal, "is not a clientdesk firm. Nothing was changed; name another file.")


@pytest.mark.thorough("terminals")
def test_a_key_for_an_unknown_command_is_told(firm: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('[keys]\n"client.opn" = "f"\n')
    with started(firm, CLIENTDESK_SETTINGS=str(settings)) as terminal:
        assert ends_with(terminal, "there is no command “client.opn” to give a key to.")


@pytest.mark.thorough("terminals")
def test_settings_that_cannot_be_read_are_told(firm: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("theme = [")
    with started(firm, CLIENTDESK_SETTINGS=str(settings)) as terminal:
        assert ends_with(terminal, "cannot be read as settings")


@pytest.mark.long("terminals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_restores_the_terminal(firm: str, number: signal.Signals) -> None:
    with started(firm) as terminal:
        terminal.wait(lambda lines: any("8 of 9 clients" in line for line in lines))
        assert terminal.end(number) == 128 + number


async def test_an_unexpected_failure_goes_to_the_log(
    firm: str, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_list: ClientList) -> None:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(ClientList, "command_list_refresh", broken)

    async def use() -> None:
        async with running(firm) as pilot:
            await wait_for(pilot.app, "8 of 9 clients")
            await pilot.press("f5")
            await wait_for(pilot.app, "Go on?")

    with pytest.raises(ZeroDivisionError):  # Textual's driver of tests raises what the program has told
        await use()
    assert "ZeroDivisionError: of all things" in (tmp_path / "clientdesk.log").read_text()

"""The palette: commands and clients in one box, recent ones first."""

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients
from clientdesk.desk.opening import open_firm
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.palette import Palette
from tests.ui.conftest import Running
from tests.ui.screen import lines_of, text_of, wait_for, wait_until
from tests.ui.slow_store import Store, a_slow_store, arrive, settled


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that answers when the test lets it."""
    with a_slow_store(monkeypatch) as slow:
        yield slow


async def opened(pilot: Pilot[int]) -> None:
    """The palette, and all that it shows."""
    await settled(pilot.app)
    await pilot.press("colon")
    await wait_until(lambda: isinstance(pilot.app.screen, Palette) and not pilot.app.screen.is_unfinished)


def shown(pilot: Pilot[int]) -> list[str]:
    """The words of the lines in the palette, from the top."""
    lines = [line.split("│")[1].replace("▌", " ") for line in lines_of(pilot.app) if line.count("│") == 2]
    return [" ".join(line.split()) for line in lines if line.startswith("     ") and line.strip()]


async def test_a_client_is_found_beside_commands_and_opened(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press(*"acme")
        await wait_until(lambda: [line for line in shown(pilot) if line.endswith("client")] != [])
        assert shown(pilot)[0] == "C-00021 [ACME] Ltd client"
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientPageScreen) and pilot.app.screen.client is not None)
        assert isinstance(pilot.app.screen, ClientPageScreen)
        assert pilot.app.screen.title_text() == "[ACME] Ltd"


async def test_a_command_whose_title_is_typed_stands_before_clients_with_its_key(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press(*"add")
        await wait_for(pilot.app, "Add a client.")
        assert shown(pilot)[0] == "Add Add a client. a"


async def test_what_was_used_last_stands_first_also_at_the_next_start(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        assert shown(pilot)[0].startswith("Open ")
        await pilot.press(*"refresh", "enter")
        await wait_until(lambda: not isinstance(pilot.app.screen, Palette))
        await settled(pilot.app)
        await pilot.press("enter")  # the page of the first client
        await wait_until(lambda: isinstance(pilot.app.screen, ClientPageScreen) and pilot.app.screen.client is not None)
        assert isinstance(pilot.app.screen, ClientPageScreen)
        client_id = pilot.app.screen.client_id
        await settled(pilot.app)
        await pilot.press("escape")
        await opened(pilot)
        assert shown(pilot)[:3] == ["Refresh Read the list again. f5", "C-00021 [ACME] Ltd client", shown(pilot)[2]]
        assert shown(pilot)[2].startswith("Open ")
    async with running(firm) as pilot:
        await opened(pilot)
        assert shown(pilot)[:2] == ["Refresh Read the list again. f5", "C-00021 [ACME] Ltd client"]
    with open_firm(firm, "ana") as session:
        clients.delete(session, clients.get(session, client_id))
    async with running(firm) as pilot:
        await opened(pilot)
        assert not [line for line in shown(pilot) if line.endswith("client")]


async def test_no_letter_waits_for_the_clients_and_a_late_answer_is_dropped(
    firm: str, running: Running, store: Store
) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        store.hold()
        arrive(pilot.app, "=acm")
        await wait_until(lambda: "acm" in text_of(pilot.app))
        arrive(pilot.app, "backspace", "backspace", "backspace", "=pena", "enter")
        await wait_until(lambda: "pena" in text_of(pilot.app))
        store.answer()  # enter has waited for it
        await wait_until(lambda: isinstance(pilot.app.screen, ClientPageScreen) and pilot.app.screen.client is not None)
        assert isinstance(pilot.app.screen, ClientPageScreen)
        assert pilot.app.screen.title_text() == "Construcciones Peña SA"


async def test_a_command_that_is_certain_does_not_wait_for_the_clients(
    firm: str, running: Running, store: Store
) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        store.hold()
        arrive(pilot.app, "=help", "enter")
        await wait_for(pilot.app, "Open the client's page.")
        assert not store.is_open
        store.answer()


async def test_where_the_clients_cannot_be_read_the_commands_are_there(
    firm: str, running: Running, store: Store
) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        store.refusal = lambda: FirmUnusable(problem("server_away", place="db.example"))
        await pilot.press(*"deact")
        await wait_for(pilot.app, "The clients cannot be read now.")
        store.refusal = None
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))


async def test_the_neighbours_of_a_client_are_those_of_the_list_that_is_shown(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press(*"acme")
        await wait_until(lambda: [line for line in shown(pilot) if line.endswith("client")] != [])
        await pilot.press("enter")
        await wait_for(pilot.app, "1 of 8")  # eight are active, of nine

"""Clients go into another firm from the list: the plan is seen first, refused ones with their reasons, then they are there."""

from pathlib import Path

from clientdesk.desk import clients, opening
from clientdesk.domain.client_query import EVERYONE
from clientdesk.ui.screens.ask_path import PathDialog
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.widgets.path_input import PathInput
from tests.ui.conftest import Running
from tests.ui.people import counted, told
from tests.ui.screen import wait_for, wait_until


def in_firm(path: str) -> list[str]:
    with opening.open_firm(path, "ana") as session:
        return [row.values[0] for row in clients.window(session, EVERYONE, ("display_name",), 0, 50)]


async def test_marked_clients_are_moved_after_their_plan(firm: str, running: Running, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    opening.make_firm(other, "Otra", "Ana García", "ana")
    with opening.open_firm(other, "ana") as session:
        clients.add(session, {"display_name": "Peña", "client_number": "C-00002"})
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        await pilot.press("space", "space", "space", "X")  # the third has a number that is taken there
        await wait_for(pilot.app, "Transfer 3 clients into another firm?")
        await pilot.press("down", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog), 15)
        pilot.app.screen.query_one(PathInput).value = str(tmp_path / "none.db")
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "There is no firm")
        pilot.app.screen.query_one(PathInput).value = other
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm), 15)
        await wait_for(pilot.app, "Move to Otra: 3 chosen", "2 new", "1 refused", "C-00002")
        assert in_firm(other) == ["Peña"], "nothing is written yet"
        await pilot.press("y")
        await told(pilot, "2 clients moved to Otra.")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList), 15)
    assert in_firm(other) == ["[ACME] Ltd", "Construcciones Íñigo SL", "Peña"]
    assert "[ACME] Ltd" not in in_firm(firm)

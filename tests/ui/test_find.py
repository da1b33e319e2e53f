"""Find while the database is slow: no letter is lost, none changes its place, and the last word counts."""

import time
from typing import cast

import pytest

from clientdesk.store import listing
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.widgets.filter_bar import Find
from tests.ui.conftest import Running
from tests.ui.screen import wait_for, wait_until


async def test_letters_stay_as_they_were_typed(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    found = listing.ids

    def slow(*arguments: object) -> object:
        time.sleep(0.08)
        return found(*arguments)  # type: ignore[arg-type]  # what the desk passes

    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        find = cast(ClientList, pilot.app.screen).query_one(Find)
        find.focus()
        await wait_until(lambda: find.has_focus)
        monkeypatch.setattr(listing, "ids", slow)
        for letter in "muller":
            pilot.app.simulate_key(letter)
            await pilot.pause(0.02)
        assert find.value == "muller"
        await wait_for(pilot.app, "1 of 9 clients · find “muller”")
        assert (find.value, find.cursor_position) == ("muller", 6)

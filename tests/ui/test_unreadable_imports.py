"""An import that another program left unreadable: the list shows the others, says so, and lets it be taken away."""

import pytest

from clientdesk.desk import imports
from clientdesk.store.engines import sqlite_rules
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.imports import ImportsScreen, KeptLogScreen
from tests.store.both import tamper
from tests.ui.conftest import Running
from tests.ui.forms import at_work, notices
from tests.ui.screen import text_of, wait_for, wait_until
from tests.ui.watching import the_list


@pytest.fixture
def spoiled(firm: str) -> str:
    """A firm with an import that can be read, and a later one that cannot."""
    with at_work(firm, "ana") as session:
        for name in ("good.csv", "bad.csv"):
            run_id = imports.begin_run(session, "clients", name, 0)
            imports.end_run(session, run_id, "done", {}, ())
        tamper(firm, "import_run", "UPDATE import_run SET at = 'gar\x1bbage' WHERE file = 'bad.csv'")
        sqlite_rules.make_anew(session.engine.db)
    return firm


async def test_it_is_shown_told_and_taken_away(spoiled: str, running: Running) -> None:
    async with running(spoiled, "ana") as pilot:
        await the_list(pilot)
        await pilot.press("L")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen))
        await wait_for(pilot.app, "1 cannot be read as it is kept")
        await wait_for(pilot.app, "gar␛bage")
        await wait_for(pilot.app, "good.csv")
        await pilot.press("enter")
        await wait_until(lambda: any("cannot be read as it is kept (at)" in notice for notice in notices(pilot.app)))
        await pilot.press("x")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused is not None)
        await pilot.press("right", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen) and "bad.csv" not in text_of(pilot.app))
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))

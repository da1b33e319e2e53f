"""A terminal that is made wide and narrow again and again, with keys in between, over a slow store: nothing ends it.

CLIENTDESK_STORM says how often (36): `CLIENTDESK_STORM=300 python -m pytest tests/ui/test_resize_storm.py`.
"""

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen

from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.download import Download
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.help import HelpScreen
from clientdesk.ui.screens.history import HistoryScreen
from clientdesk.ui.screens.imports import ImportsScreen
from clientdesk.ui.screens.list_columns import ColumnsScreen
from clientdesk.ui.screens.own_fields import OwnFieldsScreen
from clientdesk.ui.screens.reassign import ReassignScreen
from clientdesk.ui.screens.tags import TagsScreen
from clientdesk.ui.screens.team import TeamScreen
from tests.ui.conftest import Running
from tests.ui.forms import named
from tests.ui.people import member
from tests.ui.screen import wait_for, wait_until
from tests.ui.slow_store import Store, a_slow_store, app_of, arrive, settled
from tests.ui.watching import fill, the_list

pytestmark = [pytest.mark.painted, pytest.mark.long("chance")]

SIZES = (Size(80, 24), Size(200, 24))
STORM = int(os.environ.get("CLIENTDESK_STORM", "36"))
"""So often the terminal is resized."""
KEYS = (
    "j",
    "j",
    "k",
    "G",
    "g",
    "x",
    "enter",
    "h",
    "n",
    "p",
    "m",
    "o",
    "w",
    "slash",
    "z",
    "f2",
    "question_mark",
    "escape",
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with a_slow_store(monkeypatch) as store:
        yield store


async def storm(app: App[int], store: Store, keys: tuple[str, ...], count: int) -> None:
    """Resizes with a key after each; the store answers now and then. The program lives, and obeys, at the end."""
    chance = random.Random(count + len(keys))
    for number in range(count):
        size = SIZES[number % 2]
        app.post_message(events.Resize(size, size))
        arrive(app, chance.choice(keys))
        (store.hold if chance.random() < 0.5 else store.answer)()
        for _turn in range(chance.randrange(12)):
            await asyncio.sleep(0)
        if number % 10 == 0:
            await asyncio.sleep(0.001)  # the store's thread has its turn
        assert app.is_running
    store.answer()
    await settled(app)
    assert app.is_running


async def test_the_list_with_the_client_beside_it(firm: str, running: Running, store: Store) -> None:
    fill(firm, 60)
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await storm(pilot.app, store, ("j", "k", "j", "G", "g", "pagedown"), STORM)
        arrive(pilot.app, "g")
        await wait_until(lambda: screen.table.rows.cursor_row == 0)
        wide = SIZES[1]
        pilot.app.post_message(events.Resize(wide, wide))
        await wait_for(pilot.app, "Company ID")  # the panel is there, and shows the cursor's client


async def test_whatever_screens_the_keys_open(firm: str, running: Running, store: Store) -> None:
    fill(firm, 60)
    async with running(firm) as pilot:
        await the_list(pilot)
        await storm(pilot.app, store, KEYS, STORM // 3)


def screens(firm: str) -> dict[str, Callable[[], Screen[Any]]]:
    """Each screen, as it is opened."""
    client = named(firm, "Müller").id
    return {
        "page": lambda: ClientPageScreen(client, ClientQuery()),
        "form": lambda: ClientFormScreen(client),
        "new client": ClientFormScreen,
        "team": TeamScreen,
        "reassign": lambda: ReassignScreen(member(firm, "luis")),
        "settings": SettingsScreen,
        "fields": OwnFieldsScreen,
        "tags": TagsScreen,
        "history": HistoryScreen,
        "imports": ImportsScreen,
        "columns": ColumnsScreen,
        "help": lambda: HelpScreen(("list",)),
        "download": lambda: Download(ClientQuery(), ("display_name",), frozenset()),
    }


NAMES = (
    *("page", "form", "new client", "team", "reassign"),
    *("settings", "fields", "tags", "history", "imports", "columns", "help", "download"),
)


@pytest.mark.parametrize("name", NAMES)
async def test_a_screen_that_comes_and_goes(firm: str, running: Running, store: Store, name: str) -> None:
    """It is opened and left in the middle of everything, while the firm changes under it and the server goes away."""
    make = screens(firm)[name]
    async with running(firm) as pilot:
        app = app_of(pilot.app)
        screen = await the_list(pilot)
        chance = random.Random(7)
        for number in range(STORM // 12):
            above = make()
            (store.hold if number % 2 else store.answer)()
            app.push_screen(above)
            for turn in range(chance.randrange(40)):
                size = SIZES[turn % 2]
                app.post_message(events.Resize(size, size))
                await asyncio.sleep(0)
                if turn % 5 == number % 5:
                    for each in app.screen_stack:
                        each.firm_changed()  # type: ignore[attr-defined]
                    app.watcher.show_away()
                    app.import_wrote()
            if app.screen is above:
                above.dismiss(None)
        store.answer()
        await wait_until(lambda: app.screen is screen)
        arrive(app, "question_mark")
        await wait_until(lambda: isinstance(app.screen, HelpScreen))
        assert isinstance(app.screen_stack[0], ClientList)

"""Keys that arrive together are obeyed one after the other, wherever the focus goes meanwhile."""

import asyncio

import pytest
from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input

from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Buttons, Confirm
from clientdesk.ui.widgets.dialog_box import DialogBox
from clientdesk.ui.widgets.filter_bar import Find
from tests.ui.conftest import Running
from tests.ui.people import counted
from tests.ui.screen import wait_until
from tests.ui.slow_store import taken_in
from tests.ui.watching import the_list

NAMES = {"/": "slash", " ": "space"}


def arrive(app: App[int], text: str) -> None:
    """Keys that come in one go, as a slow line brings them."""
    for letter in text:
        app.post_message(events.Key(NAMES.get(letter, letter), letter))


@pytest.mark.parametrize("text", ["/pena", "/xx", "/dma i"])
async def test_what_is_typed_after_the_key_of_find_goes_into_find(firm: str, running: Running, text: str) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        arrive(pilot.app, text)
        await wait_until(lambda: pilot.app.screen.query_one(Find).value == text[1:])
        assert isinstance(pilot.app.screen, ClientList)


async def test_what_is_typed_after_the_key_of_a_form_goes_into_the_form(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        arrive(pilot.app, "axyzw")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))
        await wait_until(lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == "xyzw")
        assert len(pilot.app.screen_stack) == 2


async def test_the_path_of_an_import_may_be_typed_at_once(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        arrive(pilot.app, "Igood.csv")
        await wait_until(lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == "good.csv")
        pilot.app.post_message(events.Key("escape", None))
        arrive(pilot.app, "/smith")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await wait_until(lambda: pilot.app.screen.query_one(Find).value == "smith")


BACKSPACE = "⌫"


async def test_letters_and_backspaces_keep_their_order(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        for letter in "aZaf⌫e Lu⌫na":
            key = "backspace" if letter == BACKSPACE else NAMES.get(letter, letter)
            pilot.app.post_message(events.Key(key, None if letter == BACKSPACE else letter))
        await wait_until(lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == "Zae Lna")


async def test_what_is_typed_behind_an_answer_does_not_go_to_the_dialog_that_is_going(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slowly(_part: Widget, _event: Message) -> None:
        for _turn in range(50):  # the loop comes round to all others so often while the answer is on its way up
            await asyncio.sleep(0)

    for part, handler in ((Buttons, "on_button_pressed"), (DialogBox, "on_button_pressed"), (DialogBox, "on_key")):
        monkeypatch.setattr(part, handler, slowly, raising=False)
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        pilot.app.push_screen(Confirm("Go on?", yes="Yes"))
        await wait_until(lambda: isinstance(pilot.app.focused, Button))
        pilot.app.post_message(events.Key("enter", "\r"))
        arrive(pilot.app, "axy")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))
        await wait_until(lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == "xy")


@pytest.mark.painted
@pytest.mark.parametrize(
    "keys", [("e", "f2"), ("e", "f2", "f2"), ("p", "a", "down"), ("colon", "pagedown"), ("m", "a", "tab")]
)
async def test_keys_that_come_before_a_screen_is_there_end_nothing(
    firm: str, running: Running, keys: tuple[str, ...]
) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        for key in keys:
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await taken_in(pilot.app)
        await wait_until(lambda: not pilot.app.obeying)  # type: ignore[attr-defined]
        assert len(pilot.app.screen_stack) > 1
        assert pilot.app.is_running


async def test_a_key_that_comes_when_the_screens_have_gone_is_for_nobody(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
    assert not pilot.app.screen_stack
    await pilot.app.on_event(events.Key("j", "j"))
    assert not pilot.app.obeying  # type: ignore[attr-defined]

"""Messages: none is cut without a word, and the last ones can be read again."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from textual.app import App
from textual.pilot import Pilot

from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.domain.problems import refuse
from clientdesk.ui.kept_messages import KEPT, Telling
from clientdesk.ui.screens import base
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.messages import MessagesScreen
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_colours import WARNING
from tests.ui.conftest import Running
from tests.ui.imports import numbers_file, report_step
from tests.ui.screen import lines_of, text_of, wait_for, wait_for_lines, wait_until

SIZES = [(80, 24), (40, 12), (120, 40)]


def told(app: App[int], sentence: str) -> None:
    """The screen tells a sentence."""
    screen = app.screen
    assert isinstance(screen, Commanding)
    screen.tell(sentence)


def words(count: int) -> str:
    """A message of so many words, each of which can be looked for."""
    return " ".join(f"word{number}" for number in range(count)) + "."


def on_screen(pilot: Pilot[int], count: int) -> bool:
    """Whether every word of such a message is on the screen."""
    text = " ".join(text_of(pilot.app).split())
    return all(f"word{number} " in text or f"word{number}." in text for number in range(count))


@pytest.mark.parametrize(
    ("size", "counts"), [((80, 24), (*range(30, 45, 2), 160)), ((40, 12), range(16, 23)), ((120, 40), (60,))]
)
async def test_a_message_of_some_lines_is_whole(
    firm: str, running: Running, size: tuple[int, int], counts: Sequence[int]
) -> None:
    async with running(firm, size=size) as pilot:
        await wait_for(pilot.app, "8 of 9")
        for count in counts:
            told(pilot.app, words(count))
            await wait_until(lambda count=count: on_screen(pilot, count))  # type: ignore[misc]
            await wait_for_lines(  # the bars below stay to be read
                pilot.app, lambda lines: lines[-2].strip().startswith("8 of 9") and "enter Open" in lines[-1]
            )


@pytest.mark.parametrize("size", SIZES)
async def test_a_message_longer_than_the_screen_says_which_key_shows_it_whole(
    firm: str, running: Running, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        await wait_for(pilot.app, "8 of 9")
        told(pilot.app, words(800))
        await wait_for(pilot.app, "ctrl+g shows the whole")
        await wait_for(pilot.app, "word0 ")
        await pilot.press("ctrl+g")
        await wait_until(lambda: isinstance(pilot.app.screen, MessagesScreen))
        await wait_for(pilot.app, "word0 ")
        await pilot.press("G")
        await wait_for(pilot.app, "word799.")


async def test_the_last_messages_are_read_again_the_latest_first(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9")
        told(pilot.app, "The first one.")
        told(pilot.app, "The second \x1b[31mone[/].")
        await pilot.press("ctrl+g")
        await wait_for(pilot.app, "Messages", "The first one.", "The second")
        lines = [line.strip() for line in lines_of(pilot.app)]
        second = next(place for place, line in enumerate(lines) if line.endswith("The second ␛[31mone[/]."))
        first = next(place for place, line in enumerate(lines) if line.endswith("The first one."))
        assert second < first
        hour, minute, second_of = lines[first].split()[0].split(":")
        assert (hour + minute + second_of).isdigit()
        await pilot.press("ctrl+g")
        await wait_for(pilot.app, "8 of 9")
        assert not isinstance(pilot.app.screen, MessagesScreen)


async def test_that_work_goes_on_is_shown_and_not_kept(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "SLOW", 0.01)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9")
        done = asyncio.Event()
        cast(ClientList, pilot.app.screen).begin("wait", done.wait())
        await wait_for(pilot.app, "Working…")
        done.set()
        await pilot.press("ctrl+g")
        await wait_until(lambda: isinstance(pilot.app.screen, MessagesScreen))
        await wait_for(pilot.app, "Nothing was told yet.")
        assert "Working" not in text_of(pilot.app)


async def test_a_refusal_is_kept_and_so_many_are(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9")
        app = pilot.app
        assert isinstance(app, Telling)
        assert list(app.messages()) == []
        screen = app.screen
        assert isinstance(screen, Commanding)
        screen.tell(refuse("unknown_client", key="C-9"))
        assert [message.warning for message in app.messages()] == [True]
        for number in range(KEPT + 5):
            screen.tell(f"Number {number}.")
        texts = [message.text for message in app.messages()]
        assert len(texts) == KEPT
        assert texts[0] == f"Number {KEPT + 4}."


@pytest.mark.parametrize("keys", [("a",), ("a", "ctrl+s"), ("D",), ("d",), ("I",)])
async def test_they_open_from_forms_and_dialogs_too(firm: str, running: Running, keys: tuple[str, ...]) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9")
        before = pilot.app.screen
        await pilot.press(*keys)
        await wait_until(lambda: pilot.app.screen is not before and pilot.app.screen.is_mounted)
        under = pilot.app.screen
        await pilot.press("ctrl+g")
        await wait_until(lambda: isinstance(pilot.app.screen, MessagesScreen))
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is under)


@pytest.mark.parametrize("size", SIZES)
async def test_what_a_screen_says_at_length_is_kept_whole(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        await wait_for(pilot.app, "8 of 9")
        await pilot.press("I")
        await wait_for(pilot.app, "tab completes")
        said = pilot.app.screen.query_one(Said)
        if size[1] >= 24:
            said.say([("Short.", WARNING), (words(60), WARNING)])
            await wait_until(lambda: on_screen(pilot, 60))
        said.say([("First.", WARNING), (words(800), WARNING)])
        await wait_for(pilot.app, "ctrl+g shows the whole")
        app = pilot.app
        assert isinstance(app, Telling)
        await wait_until(lambda: any(message.text.endswith("word799.") for message in app.messages()))


async def test_a_refused_row_says_its_whole_reason(
    firm: str, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, (_sentence, warning) in list(CATALOGUE.items()):
        monkeypatch.setitem(CATALOGUE, code, (words(60), warning))
    async with running(firm) as pilot:
        await report_step(pilot, numbers_file(firm, tmp_path))
        await wait_until(lambda: on_screen(pilot, 60))

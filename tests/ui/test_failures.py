"""Failures that nobody has foreseen: a dialog tells the first, and the program goes on; the next in a row ends it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from clientdesk.desk import clients
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm, FailureDialog
from clientdesk.ui.screens.help import HelpScreen
from clientdesk.ui.screens.history import HistoryScreen
from clientdesk.ui.watching import Watch
from clientdesk.ui.widgets.client_table import ClientTable
from clientdesk.ui.widgets.field_lines import FieldLine, TextLine
from tests.ui.conftest import Running
from tests.ui.forms import line, open_form, put
from tests.ui.screen import text_of, wait_for, wait_until

pytestmark = pytest.mark.painted  # drawing fails, too

LOG = "Something went wrong"


class Once:
    """Fails the first time it is called, and so many times more; then it does what it stands for."""

    def __init__(self, instead: Callable[..., Any] | None = None, more: int = 0) -> None:
        self._instead, self._left = instead, more + 1

    def __get__(self, part: object, kind: type | None = None) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if self._left:
                self._left -= 1
                raise ValueError("injected")
            return self._instead(part, *arguments, **named) if self._instead is not None else None

        return call


@pytest.fixture(autouse=True)
def _go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a failure does not fail the test."""
    monkeypatch.setattr(ClientdeskApp, "raise_in_test", lambda app, error: None)


def failing(function: Callable[..., Any], times: int) -> Callable[..., Any]:
    """A function that fails so many times before it does what it shall."""
    left = [ValueError("injected")] * times

    def call(*arguments: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return function(*arguments, **named)

    return call


def press(pilot: Pilot[int], key: str) -> None:
    """A key, without waiting for what becomes of it."""
    pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def told(pilot: Pilot[int]) -> None:
    """The dialog stands, with a sentence and the log's path."""
    await wait_until(lambda: isinstance(pilot.app.screen, FailureDialog))
    await wait_for(pilot.app, "Go on", LOG)
    assert "injected" not in text_of(pilot.app)


async def go_on(pilot: Pilot[int]) -> None:
    """The person goes on; the list is there, and obeys."""
    press(pilot, "enter")
    await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
    await wait_for(pilot.app, "Construcciones Peña SA")
    table = pilot.app.screen.query_one(ClientTable)
    before = table.rows.cursor_id
    press(pilot, "j")
    await wait_until(lambda: table.rows.cursor_id != before)


def by_worker(screen: ClientList) -> None:
    async def fails() -> None:
        raise ValueError("injected")

    screen.run_worker(fails())


def by_timer(screen: ClientList) -> None:
    screen.set_timer(0.001, lambda: [][0])


def by_next_callback(screen: ClientList) -> None:
    screen.call_next(lambda: [][0])


def in_the_app(screen: ClientList) -> None:
    screen.app.call_later(lambda: [][0])


def in_a_widget(screen: ClientList) -> None:
    screen.query_one(ClientTable).call_later(lambda: [][0])


def at_once(screen: ClientList) -> None:
    raise ValueError("injected")


async def by_coroutine(screen: ClientList) -> None:
    raise ValueError("injected")


@pytest.mark.parametrize(
    "fault", [by_worker, by_timer, by_next_callback, in_the_app, in_a_widget, at_once, by_coroutine]
)
async def test_what_fails_is_told_and_the_list_goes_on(
    fault: Callable[[ClientList], Any], firm: str, running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ClientList, "command_list_refresh", fault)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "Construcciones Peña SA")
        press(pilot, "f5")
        await told(pilot)
        await go_on(pilot)
        press(pilot, "f1")
        await wait_until(lambda: isinstance(pilot.app.screen, HelpScreen))
    assert "ValueError" in (log := (tmp_path / "clientdesk.log").read_text()) or "IndexError" in log


def fault_in(part: type, name: str, monkeypatch: pytest.MonkeyPatch, more: int = 0) -> None:
    """A method of a part of the program fails once."""
    monkeypatch.setattr(part, name, Once(getattr(part, name, None), more), raising=False)


@pytest.mark.parametrize(
    ("part", "name", "keys"),
    [
        (ClientTable, "render_line", "j"),
        (ClientTable, "on_key", "j"),
        (ClientList, "on_key", "z"),
        (HelpScreen, "compose", "f1"),
        (HelpScreen, "on_mount", "f1"),
        (HistoryScreen, "body", "H"),
        (ClientFormScreen, "on_mount", "a"),
        (FieldLine, "compose", "a"),
        (Confirm, "compose", "x"),
    ],
)
async def test_a_part_that_fails_once_leads_back_to_the_list(
    part: type, name: str, keys: str, firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "Construcciones Peña SA")
        if part is Confirm:
            monkeypatch.setattr(
                ClientList, "command_list_refresh", lambda screen: screen.app.push_screen(Confirm("?", yes="Yes"))
            )
            keys = "f5"
            compose = Confirm.compose
            monkeypatch.setattr(FailureDialog, "compose", lambda dialog: compose(dialog), raising=False)
        fault_in(part, name, monkeypatch)
        press(pilot, keys)
        await told(pilot)
        await go_on(pilot)


async def test_the_first_screen_that_cannot_be_composed_is_made_once_more(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault_in(ClientList, "body", monkeypatch)
    async with running(firm) as pilot:
        await told(pilot)
        await go_on(pilot)


async def test_a_first_window_that_cannot_be_read_is_told_and_read_once_more(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "window", failing(clients.window, 1))
    async with running(firm) as pilot:
        await told(pilot)
        await go_on(pilot)


async def test_a_first_window_that_cannot_be_read_again_ends_it(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "window", failing(clients.window, 2))
    async with running(firm) as pilot:
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await told(pilot)
        assert app.failure is None
        press(pilot, "enter")
        await wait_until(lambda: app.failure is not None)
        assert app.return_code == 1


async def test_what_was_typed_in_a_form_stays(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(firm) as pilot:
        form, _answers = await open_form(pilot)
        put(form, display_name="New Client")
        fault_in(TextLine, "on_blur", monkeypatch)
        press(pilot, "tab")
        await told(pilot)
        press(pilot, "enter")
        await wait_until(lambda: pilot.app.screen is form)
        assert line(form, "display_name").value == "New Client"
        press(pilot, "X")
        await wait_until(lambda: "X" in line(form, "business_name").value)


async def test_the_second_in_a_row_ends_it(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClientList, "command_list_refresh", by_worker)
    async with running(firm) as pilot:
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await wait_for(app, "Construcciones Peña SA")
        for _ in range(2):  # each follows upon something that has worked
            press(pilot, "f5")
            await told(pilot)
            await go_on(pilot)
        press(pilot, "f5")
        await told(pilot)
        press(pilot, "enter")
        await wait_until(lambda: isinstance(app.screen, ClientList))
        assert app.failure is None
        press(pilot, "f5")
        await wait_until(lambda: app.failure is not None)
        assert app.return_code == 1


async def test_a_failure_while_one_is_told_ends_it(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClientList, "command_list_refresh", by_worker)
    async with running(firm) as pilot:
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await wait_for(app, "Construcciones Peña SA")
        press(pilot, "f5")
        await told(pilot)
        app.screen.set_timer(0.001, lambda: [][0])
        await wait_until(lambda: app.failure is not None)


async def test_the_person_may_quit(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClientList, "command_list_refresh", at_once)
    async with running(firm) as pilot:
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await wait_for(app, "Construcciones Peña SA")
        press(pilot, "f5")
        await told(pilot)
        press(pilot, "y")
        await wait_until(lambda: app.failure is not None)
        assert app.return_code == 1


@pytest.fixture
def _looking(monkeypatch: pytest.MonkeyPatch) -> None:
    from clientdesk.ui import watching

    monkeypatch.setattr(watching, "LOOK_EVERY", 0.01)


@pytest.mark.usefixtures("_looking")
async def test_the_watch_goes_on(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    fails = Once(lambda watch: looked(watch))

    async def looked(_watch: Watch) -> None:
        looks.append(1)

    monkeypatch.setattr(Watch, "look", fails)
    async with running(firm) as pilot:
        await told(pilot)
        assert not looks
        await go_on(pilot)
        await wait_until(lambda: looks)

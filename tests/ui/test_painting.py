"""What a key writes to the terminal: one paint of what is new, in so many bytes, and nothing afterwards."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pyte
import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.pilot import Pilot

from clientdesk.desk import clients
from clientdesk.desk.opening import create_firm
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui import painting
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.leaving import Leaving
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.textual_private import Piece
from tests.founding import Originals
from tests.ui.forms import at_work
from tests.ui.screen import lines_of, wait_for, wait_until

pytestmark = [pytest.mark.painted, pytest.mark.thorough("terminals")]

COLUMNS, ROWS = 120, 40
WHOLE, KEY, SAME, FOCUS, PAGE, MOVE = 8_000, 8_500, 1_500, 1_000, 8_000, 1_000
_QUIET = 12
"""So many rounds of the screen's painting without one byte, and nobody does anything more by itself."""
NAMES = ("Garcia Hermanos", "Gamma Logistik", "Garciaga Imports", "Galway Fisheries", "Ōtsuka 山田", "Müller & Söhne")


class Recorded(HeadlessDriver):
    """A terminal of which only what is written to it is kept."""

    paints: list[str]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.paints = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        if not data.startswith(
            "\x1b]22;"
        ):  # the shape of the mouse's pointer, of which the real driver has its own idea
            self.paints.append(data)


class RecordedApp(ClientdeskApp):
    """The program in it."""

    drawn = 0
    """So often something was drawn, whether or not it became another."""

    def paint(self, pieces: Iterable[Piece]) -> None:
        self.drawn += 1
        super().paint(pieces)

    def get_driver_class(self) -> type[Recorded]:
        return Recorded


class Acts:
    """What is done in the program, and what that writes."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot, self.app = pilot, pilot.app
        self.shown = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self.shown)
        self._stream.feed("\x1b[?7l")
        self.size, self.last = 0, [""]
        """The bytes and the paints of what was done last."""

    @property
    def paints(self) -> list[str]:
        assert isinstance(self.app, ClientdeskApp)
        driver = self.app.driver
        assert isinstance(driver, Recorded)
        return driver.paints

    async def rest(self) -> None:
        """Until nothing is written any more."""
        quiet, seen = 0, len(self.paints)
        while quiet < _QUIET:
            turn = asyncio.Event()
            self.app.screen.call_after_refresh(turn.set)
            await asyncio.wait_for(turn.wait(), 60)
            assert isinstance(self.app, ClientdeskApp)
            await asyncio.sleep(0.01)
            is_still = seen == len(self.paints) and not self.app.obeying and not self.app.is_painting
            quiet, seen = quiet + 1 if is_still else 0, len(self.paints)

    def take(self) -> None:
        """Show what was written, and count it."""
        self.size = sum(len(paint.encode()) for paint in self.paints)
        for paint in self.paints:
            self._stream.feed(paint)
        self.last = self.paints[:]
        self.paints.clear()

    async def press(self, key: str, *texts: str) -> None:
        """Press a key until all these texts are seen."""
        await self.pilot.press(key)
        await wait_for(self.app, *texts)
        await self.rest()
        self.take()

    def is_shown(self) -> bool:
        """Whether the terminal shows what the screen says; both are at rest."""
        rows = range(ROWS)
        shown = ["".join(self.shown.buffer[y][x].data for x in range(COLUMNS)).rstrip() for y in rows]
        return shown == lines_of(self.app)


def _make_many(path: str) -> None:
    session = create_firm(path, "Ríos y Asociados", "Ana García", "ana")
    for number in range(90):
        name = f"{NAMES[number % len(NAMES)]} {number:03}"
        clients.add(session, {"client_number": f"C-{number:05}", "display_name": name, "email": f"{number}@x.example"})
    session.close()


@pytest.fixture
def many(tmp_path: Any, files: Originals) -> str:
    """A firm whose list has more clients than a screen has lines."""
    return files.copy("painted", _make_many, tmp_path / "firm.db")


@asynccontextmanager
async def at_screen(firm: str, patch: pytest.MonkeyPatch) -> AsyncIterator[Acts]:
    """The program in a terminal of which all is kept, once its list stands."""
    patch.setattr(Leaving, "hear_signals", lambda leaving: None)
    patch.setattr(painting, "KEY_HELD", 3_600.0)  # however slow the machine is
    patch.setattr(painting, "SCREEN_HELD", 3_600.0)
    gateway = Gateway()
    try:
        gateway.open(firm, "ana", rows=ROWS).result(timeout=20)
        app = RecordedApp(gateway)
        async with app.run_test(headless=False, size=(COLUMNS, ROWS), notifications=True) as pilot:
            acts = Acts(pilot)
            await wait_for(app, "90 clients")
            await acts.rest()
            acts.take()
            yield acts
    finally:
        gateway.close()


async def test_the_list_writes_what_becomes_another(many: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_screen(many, monkeypatch) as acts:
        assert acts.size <= WHOLE
        for key, texts, most in (
            ("down", (), MOVE),
            ("pagedown", (), PAGE),
            ("slash", ("Back to the list",), FOCUS),
            ("g", ("find “g”",), KEY),
            ("a", ("find “ga”",), KEY),
            ("r", ("find “gar”",), KEY),
            ("c", ("find “garc”",), SAME),
            ("escape", ("clears",), FOCUS),
        ):
            await acts.press(key, *texts)
            assert 0 < acts.size <= most, (key, acts.size)
            assert acts.is_shown()


async def test_a_screen_is_painted_once(many: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_screen(many, monkeypatch) as acts:
        for key, texts, most in (
            ("slash", ("Back to the list",), FOCUS),
            ("escape", (), FOCUS),
            ("enter", ("1 of 90", "Company ID"), WHOLE),
            ("h", ("Client added",), WHOLE),
            ("h", ("Company ID",), WHOLE),
            ("escape", ("90 clients",), WHOLE),
            ("H", ("91 changes", "Client added"), WHOLE),
            ("escape", ("90 clients",), WHOLE),
            ("e", ("Display name",), WHOLE),
            ("escape", ("90 clients",), WHOLE),
            ("question_mark", ("On this screen",), WHOLE),
            ("escape", ("90 clients",), WHOLE),
        ):
            await acts.press(key, *texts)
            assert (len(acts.last), acts.size <= most) == (1, True), (key, acts.last)
            assert acts.is_shown()


async def test_a_colleagues_save_writes_one_row(many: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_screen(many, monkeypatch) as acts:
        with at_work(many, "ana") as session:
            shown = clients.window(session, ClientQuery(), ("display_name",), 3, 1)[0]
            client = clients.get(session, shown.id)
            clients.save(session, client, {"email": "new@x.example"})
        screen = acts.app.screen
        assert isinstance(screen, ClientList)
        screen.firm_changed()
        await wait_for(acts.app, "new@x.example")
        await acts.rest()
        acts.take()
        assert 0 < acts.size <= SAME
        assert acts.is_shown()
        await acts.press("enter", "1 of 90")
        app = acts.app
        assert isinstance(app, RecordedApp)
        drawn = app.drawn
        screen.refresh()  # a page hides it
        await acts.rest()
        assert app.drawn == drawn


async def test_all_is_written_where_nobody_knows_what_is_shown(many: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_screen(many, monkeypatch) as acts:
        for spoilt in ("ctrl+l", "a window that was dragged"):
            acts.shown.reset()
            if spoilt == "ctrl+l":
                await acts.press(spoilt)
            else:
                size = Size(COLUMNS, ROWS)
                acts.app.post_message(events.Resize(size, size))
                await wait_until(lambda: acts.paints)
                await acts.rest()
                acts.take()
            assert acts.is_shown(), spoilt
            assert acts.size <= WHOLE, spoilt

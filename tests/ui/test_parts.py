"""A terminal that is resized twice at once; parts of a screen that are wanted again before they are gone."""

from datetime import UTC, datetime

from textual import events
from textual.geometry import Size
from textual.widget import Widget

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.ui.screens.client_form_news import FormNote
from clientdesk.ui.widgets.bars import Part
from clientdesk.ui.widgets.details import ClientDetails
from clientdesk.ui.widgets.note_lines import AwayLine
from tests.ui.conftest import Running
from tests.ui.forms import open_form
from tests.ui.screen import wait_for, wait_until
from tests.ui.slow_store import app_of, busy
from tests.ui.watching import PLACE, the_list


async def test_a_terminal_resized_twice_at_once_comes_to_rest(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, widths = await the_list(pilot), list[int]()
        screen.screen_layout_refresh_signal.subscribe(
            pilot.app, lambda _screen: widths.append(screen.outer_size.width), immediate=True
        )
        earlier, latest = Size(120, 24), Size(100, 24)
        async with busy(screen):
            screen.post_message(events.Resize(earlier, earlier))
            screen.call_later(lambda: None)
            waiting = screen.message_queue_size
            pilot.app.post_message(events.Resize(latest, latest))
            await wait_until(lambda: screen.message_queue_size > waiting)
        await wait_until(lambda: 100 in widths)
        for _turn in range(20):
            async with busy(screen):
                pass
        assert set(widths[widths.index(100) :]) == {100}


async def gone(part: Widget) -> None:
    """A part that was taken away is no part of its screen any more."""
    await wait_until(lambda: not part.is_attached)


async def test_the_client_beside_the_list(firm: str, running: Running) -> None:
    async with running(firm, size=(150, 24)) as pilot:
        screen = await the_list(pilot)
        await wait_for(pilot.app, "Company ID")
        before = screen.query_one(ClientDetails)
        for width in (100, 150):  # a window that is dragged
            size = Size(width, 24)
            screen.on_resize(events.Resize(size, size))
        await gone(before)
        await wait_for(pilot.app, "Company ID")


async def test_lines_above_the_footer(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot)
        gateway = app_of(pilot.app).gateway
        away = FirmUnusable(problem("server_away", place=PLACE))

        def show(is_shown: bool) -> None:
            gateway.away, gateway.away_since = (away, datetime.now(UTC)) if is_shown else (None, None)
            form.write_away()
            form.note([Part("Luis changed this client.")] if is_shown else [])

        show(True)
        await wait_for(pilot.app, "No answer from the firm's server", "Luis changed this client.")
        before = (form.query_one(AwayLine), form.query_one(FormNote))
        show(False)
        show(True)
        for line in before:
            await gone(line)
        await wait_for(pilot.app, "No answer from the firm's server", "Luis changed this client.")

"""The firm's history: when, who, what, and the fields of the change under the cursor."""

import time
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, history, team
from clientdesk.text import local_time
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.history import HistoryScreen
from tests.many import add_many
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, change, named, plant
from tests.ui.people import counted, member, plant_name
from tests.ui.screen import lines_of, text_of, wait_for, wait_until


@pytest.fixture
def in_madrid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The computer stands in Madrid."""
    monkeypatch.setenv("TZ", "Europe/Madrid")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def opened(pilot: Pilot[int]) -> HistoryScreen:
    """The history, read."""
    screen = HistoryScreen()
    await pilot.app.push_screen(screen)
    await counted(screen)
    await wait_until(lambda: screen.table.count)
    return screen


@pytest.mark.usefixtures("in_madrid")
def test_moments_are_local_and_have_one_form() -> None:
    assert local_time("2031-01-05T23:30:00.125+00:00") == "2031-01-06 00:30"
    assert local_time("2031-07-05T22:03:00+00:00") == "2031-07-06 00:03"


async def test_a_change_with_its_fields(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), email="new@mueller.example", notes="")
    async with running(firm) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Client edited: Müller & Söhne GmbH")
        first = lines_of(pilot.app)[2]
        assert "Client edited" in first
        assert "Müller & Söhne" in first
        assert "Luis Ortega" in first
        await wait_for(pilot.app, "E-mail                  info@mueller.example → new@mueller.example")


async def test_team_changes_are_told_in_words(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        luis = member(firm, "luis")
        team.edit_member(session, luis, {"email": "luis@rios.example"})
        team.offer_primary_admin(session, luis.id)
    async with running(firm) as pilot:
        screen = await opened(pilot)
        await wait_for(pilot.app, "Primary admin's role offered: Ríos y Asociados")
        await wait_for(pilot.app, "(empty) → Luis Ortega")
        screen.table.move_to(1)
        await wait_for(pilot.app, "(empty) → luis@rios.example")


async def test_what_was_added_is_told_without_arrows(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        screen.table.move_to(1)
        await wait_for(pilot.app, "Client added: Zoë Lefèvre")
        assert "→" not in text_of(pilot.app)


async def test_capital_h_opens_it_and_esc_goes_back(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await pilot.press("H")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryScreen))
        await counted(pilot.app.screen)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


async def test_enter_goes_to_the_fields_and_esc_back_to_the_list(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), notes="\n".join(f"line {number}" for number in range(200)))
    async with running(firm) as pilot:
        screen = await opened(pilot)
        fields = screen.query_one("#fields")
        await wait_until(lambda: fields.max_scroll_y > 0)
        await pilot.press("enter")
        await wait_until(lambda: fields.has_focus)
        await pilot.press("end")
        await wait_until(lambda: fields.scroll_y == fields.max_scroll_y)
        await pilot.press("escape")
        await wait_until(lambda: screen.table.has_focus)
        assert pilot.app.screen is screen


async def test_the_list_reaches_to_the_first_change_and_is_read_in_windows(firm: str, running: Running) -> None:
    mueller = named(firm, "Müller")
    with at_work(firm, "ana") as session:
        add_many(session, ({"display_name": f"Client {number:04}"} for number in range(2_500)))
        before = history.count(session)
    async with running(firm) as pilot:
        screen = await opened(pilot)
        await wait_for(pilot.app, f"{before:,} changes")
        await wait_for(pilot.app, "Client 2499")
        await pilot.press("G")
        await wait_until(lambda: screen.table.cursor_row == before - 1)
        await wait_for(pilot.app, "Firm created")
        screen.table.move_to(1_234)
        await wait_for(pilot.app, "Client 1265")
        assert len(screen.table._cache) < 500, "what is far away is not read"
        change(firm, mueller, email="new@mueller.example")
        await pilot.press("r")
        await wait_for(pilot.app, f"{before + 1:,} changes")
        await wait_until(lambda: screen.table.cursor_row == 1_235)  # the cursor stays on its change


async def test_r_reads_what_came_since(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        change(firm, named(firm, "Müller"), email="new@mueller.example")
        await pilot.press("r")
        await wait_for(pilot.app, "Client edited")


async def test_a_deleted_client_keeps_its_name(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        acme = named(firm, "[ACME]")
        clients.delete(session, acme)
    async with running(firm) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Client deleted permanently: [ACME] Ltd")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(firm: str, running: Running, name: str) -> None:
    plant_name(firm, "luis", name)
    plant(firm, named(firm, "Müller"), display_name=name, notes=name)
    async with running(firm, size=(120, 40)) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Client edited: ")
        assert_clean(pilot.app)

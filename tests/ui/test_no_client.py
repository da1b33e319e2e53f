"""Where there is no client for a command, it says so and what helps; and what is copied is told as it was sent."""

from typing import cast

import pytest
from textual.pilot import Pilot

from clientdesk.desk import chosen_clients, clients
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens import clipboard
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.imports import ImportsScreen
from clientdesk.ui.screens.reassign import ReassignScreen
from tests.ui.conftest import Running
from tests.ui.forms import at_work, named, noticed, notices, plant, shown
from tests.ui.people import member, told
from tests.ui.screen import lines_of, wait_for, wait_until

ON_THE_LIST = ("enter", "e", "x", "D", "y", "space")
"""The keys of the list that act on a client."""


async def says(pilot: Pilot[int], key: str, sentence: str) -> None:
    """The key opens nothing and says this."""
    screen = pilot.app.screen
    pilot.app.clear_notifications()
    await pilot.press(key)
    await noticed(pilot.app, [sentence])
    assert pilot.app.screen is screen


async def test_in_an_empty_firm(empty_firm: str, running: Running) -> None:
    async with running(empty_firm) as pilot:
        await wait_for(pilot.app, "No clients yet.")
        for key in ON_THE_LIST:
            await says(pilot, key, "No client here. a adds one.")


async def test_where_filters_leave_none(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = cast(ClientList, pilot.app.screen)
        await wait_for(pilot.app, "8 of 9 clients")
        screen.shown.filter_by(find="nobody")
        await wait_for(pilot.app, "0 of 9 clients")
        for key in ON_THE_LIST:
            await says(pilot, key, "No client here. esc takes the search and the filters off.")


async def test_where_all_are_inactive(firm: str, running: Running) -> None:
    with at_work(firm) as session:
        everyone = [row.id for row in clients.window(session, ClientQuery(), (), 0, 50)]
        clients.set_status(session, everyone, False)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "No active clients.")
        await says(pilot, "x", "No client here. s shows the inactive ones.")


async def test_on_an_empty_plan(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await pilot.press("p")
        await wait_for(pilot.app, "+ puts a client on the firm's plan.")
        for key in ("minus", "R", "A", "C", "dollar_sign"):
            await says(pilot, key, "No client here. + puts one on the plan.")


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_on_new_leads_of_nobody(firm: str, running: Running, key: str) -> None:
    async with running(firm) as pilot:
        screen = ReassignScreen(member(firm, "olga"))
        await shown(pilot, screen, lambda: screen.table.rows.count == 0)
        await says(pilot, key, "No client here. ctrl+s makes Olga Nowak inactive.")


async def test_an_import_that_is_not_there(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = ImportsScreen()
        await shown(pilot, screen, lambda: screen.table.rows.count == 0)
        await says(pilot, "enter", "No import here. I on the list imports a file.")


# --- new leads of the marked clients


async def test_the_footer_of_new_leads_says_for_how_many(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = ReassignScreen(member(firm, "luis"))
        await shown(pilot, screen, lambda: screen.table.rows.count == 2)
        await pilot.press("space", "space")
        await wait_until(lambda: "enter New lead for 2 marked" in lines_of(pilot.app)[-1])
        await wait_for(pilot.app, "2 marked")
        await pilot.press("enter")
        await wait_for(pilot.app, "Who takes the 2 marked clients?")


async def test_who_has_another_lead_by_now_is_marked_no_more(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = ReassignScreen(member(firm, "luis"))
        await shown(pilot, screen, lambda: screen.table.rows.count == 2)
        await pilot.press("space", "space")
        screen.table.lead_of[named(firm, "Smith").id] = "Olga Nowak"
        with at_work(firm, "ana") as session:
            smith = named(firm, "Smith")
            clients.edit(session, smith, {"lead": "Ana García"})
        screen.firm_changed()
        await wait_until(lambda: screen.table.rows.marks == {named(firm, "[ACME]").id})
        assert screen.table.lead_of == {}
        await told(pilot, "1 client has another lead by now and is left out.")
        await wait_for(pilot.app, "1 client · 1 marked · 1 without a new lead")


# --- what is sent to the clipboard


async def test_from_the_page(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = ClientPageScreen(named(firm, "Müller").id, ClientQuery())
        await shown(pilot, screen, lambda: screen.place is not None)
        await pilot.press("y")
        await told(pilot, "Sent to the terminal's clipboard: C-00003, Müller & Söhne GmbH, info@mueller.example")
        assert pilot.app.clipboard == "C-00003\tMüller & Söhne GmbH\tinfo@mueller.example"


async def test_what_is_long_or_hostile_is_told_shortly_and_sent_whole(firm: str, running: Running) -> None:
    name = "Evil \x1b]0;title\x07 " + "long " * 500
    client = plant(firm, named(firm, "Müller"), display_name=name)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        screen = cast(ClientList, pilot.app.screen)
        screen.table.rows.mark({client.id})
        await pilot.press("y")
        await told(pilot, "clipboard: C-00003, Evil ␛]0;title␇ long")
        assert not [sentence for sentence in notices(pilot.app) if len(sentence) >= 140]
        assert name in pilot.app.clipboard


async def test_more_than_a_clipboard_takes_is_refused(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "MOST_BYTES", 100)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        screen = cast(ClientList, pilot.app.screen)
        with at_work(firm) as session:
            screen.table.rows.mark({row.id for row in clients.window(session, ClientQuery(), (), 0, 50)})
        await pilot.press("y")
        await told(pilot, "8 clients are more than a terminal's clipboard takes. d writes them into a file.")


async def test_so_many_that_no_clipboard_takes_them_are_refused_unread(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(chosen_clients, "rows")
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        cast(ClientList, pilot.app.screen).table.rows.mark(range(1, 37_499))
        await pilot.press("y")
        await told(pilot, "37,498 clients are more than a terminal's clipboard takes. d writes them into a file.")
        assert pilot.app.clipboard == ""


async def test_a_marked_client_that_is_gone_is_not_copied(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        cast(ClientList, pilot.app.screen).table.rows.mark({999})
        await pilot.press("y")
        await told(pilot, "deleted meanwhile")
        assert pilot.app.clipboard == ""

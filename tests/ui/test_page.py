"""A client's page: the fields, the history, the way through the list, and what is done with the client."""

from typing import Any

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients
from clientdesk.desk.change_words import field_values
from clientdesk.desk.records import Change, FieldChange
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import Kind
from clientdesk.text import local_time
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.widgets.client_sections import lines_of
from clientdesk.ui.widgets.history_view import HistoryView, first_lines
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, change, named, noticed, notices, plant, shown
from tests.ui.people import told
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until


async def _page(
    pilot: Pilot[int], firm: str, start: str, query: ClientQuery | None = None
) -> tuple[ClientPageScreen, list[Any]]:
    """The page of the client whose name begins so."""
    screen = ClientPageScreen(named(firm, start).id, query or ClientQuery())
    answers = await shown(pilot, screen, lambda: screen.place is not None)
    return screen, answers


async def test_all_fields_are_there(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), notes="First\nsecond [/]", subscription="plus")
    async with running(firm, size=(80, 60)) as pilot:
        await _page(pilot, firm, "Müller")
        await wait_for(pilot.app, "second [/]", "QuickBooks Plus", *(field.title for field in BUILT_IN.fields))


async def test_h_shows_the_history_and_the_fields_again(firm: str, running: Running) -> None:
    client = change(firm, named(firm, "Müller"), phone="+49 30 999999", notes="new")
    async with running(firm) as pilot:
        screen, _answers = await _page(pilot, firm, "Müller")
        await pilot.press("h")
        await wait_for(pilot.app, "+49 30 2345678 → +49 30 999999")
        await wait_for(pilot.app, "Client edited · Luis Ortega")
        await wait_for(pilot.app, "(empty) → new")
        with at_work(firm) as session:
            from clientdesk.desk import history

            await wait_for(pilot.app, local_time(history.of_client(session, client.id)[0].at))
        await pilot.press("h")
        await wait_for(pilot.app, "Display name            Müller & Söhne GmbH")
        await wait_until(lambda: screen.focused is screen.query_one("#fields"))


async def test_n_and_p_go_through_the_list_as_it_was_opened(firm: str, running: Running) -> None:
    query = ClientQuery().sorted_by("display_name", descending=True)
    async with running(firm) as pilot:
        await _page(pilot, firm, "Müller", query)
        await pilot.press("n")
        await wait_for(pilot.app, "› Fundación Árbol")
        await pilot.press("p")
        await wait_for(pilot.app, "› Müller")


async def test_at_both_ends_a_sentence_says_so(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _page(pilot, firm, "[ACME]")
        await pilot.press("p")
        await wait_until(lambda: notices(pilot.app) == ["This is the first client of the list."])
        assert screen.client_id == named(firm, "[ACME]").id


async def test_a_client_that_leaves_the_list_is_followed_by_the_next(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _page(pilot, firm, "Fundación")
        with at_work(firm) as session:
            clients.set_status(session, [screen.client_id], False)
        await pilot.press("n")
        await wait_for(pilot.app, "› Müller")


async def test_back_puts_the_lists_cursor_on_the_last_client_shown(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ClientList)
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("enter")
        await wait_for(pilot.app, "1 of 8")
        await pilot.press("n")
        await wait_for(pilot.app, "2 of 8")
        await pilot.press("escape")
        await wait_until(lambda: screen.table.rows.cursor_id == named(firm, "Construcciones Í").id)


async def test_x_deactivates_and_activates_again(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await _page(pilot, firm, "Müller")
        await pilot.press("x")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await wait_for(pilot.app, "Deactivate Müller & Söhne GmbH?")
        await wait_for(pilot.app, "Subscription, plan and history stay as they are.")
        await pilot.press("y")
        await wait_for(pilot.app, "x Activate")
        await wait_for(pilot.app, "not in the list any more")
        assert not named(firm, "Müller").active
        await pilot.press("x")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("y")
        await wait_for(pilot.app, "x Deactivate")
        assert named(firm, "Müller").active


async def test_e_opens_the_form_and_the_page_shows_what_was_saved(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _page(pilot, firm, "Müller")
        await pilot.press("e")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen) and pilot.app.screen.focused)
        await pilot.press("X", "ctrl+s")
        await wait_until(lambda: pilot.app.screen is screen)
        await wait_for(pilot.app, "› Müller & Söhne GmbHX")


async def test_y_copies_number_name_and_email(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await _page(pilot, firm, "Müller")
        await pilot.press("y")
        await wait_until(lambda: pilot.app.clipboard == "C-00003\tMüller & Söhne GmbH\tinfo@mueller.example")


async def test_b_offers_the_steps_of_the_plan(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _page(pilot, firm, "Müller")
        await pilot.press("b")
        await wait_for(pilot.app, "The client is their own primary admin · no subscription")
        assert "Hand over" not in text_of(pilot.app), "the firm does not have the role"
        await pilot.press("enter")
        await wait_for(pilot.app, "What does the firm's plan pay for Müller & Söhne GmbH?")
        await pilot.press("enter")
        await told(pilot, "Müller & Söhne GmbH is on the firm's plan now.")
        assert pilot.app.screen is screen
        await wait_until(lambda: screen.client is not None and screen.client.values["billed_to"] == "firm")
        await pilot.press("minus")
        await wait_for(pilot.app, "Take Müller & Söhne GmbH off the firm's plan?")


async def test_basic_access_reads_and_is_told_whom_to_ask(firm: str, running: Running) -> None:
    async with running(firm, login="olga") as pilot:
        screen, _answers = await _page(pilot, firm, "Müller")
        await pilot.press("e")
        await wait_until(lambda: any("Ask Ana García" in notice for notice in notices(pilot.app)))
        assert pilot.app.screen is screen


async def test_a_client_deleted_meanwhile_closes_its_page(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        _screen, answers = await _page(pilot, firm, "Müller")
        with at_work(firm, "ana") as session:
            clients.delete(session, client)
        await pilot.press("h")
        await wait_until(lambda: answers)
        await noticed(pilot.app, ["Müller & Söhne GmbH was deleted by you."])
        assert answers == [named(firm, "Nguyễn").id]


async def test_the_tabs_can_be_clicked(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await _page(pilot, firm, "Müller")
        await pilot.click("#tabs", offset=(15, 0))
        await wait_for(pilot.app, "Client added · Ana García")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_values(firm: str, running: Running, name: str) -> None:
    client = named(firm, "Müller")
    limits = {
        field_of_client.name: field_of_client.limit
        for field_of_client in BUILT_IN.fields
        if field_of_client.kind in (Kind.TEXT, Kind.NOTES) and field_of_client.folded
    }
    plant(firm, client, notes=name, **{each: name[:limit] for each, limit in limits.items()})
    async with running(firm, size=(120, 40)) as pilot:
        screen = ClientPageScreen(client.id, ClientQuery())
        await shown(pilot, screen, lambda: screen.place is not None)
        assert_clean(pilot.app)
        await pilot.press("h")
        await wait_for(pilot.app, "Client edited")
        assert_clean(pilot.app)
        await pilot.press("x")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        assert_clean(pilot.app)


def test_wide_pages_have_two_columns_and_no_line_is_too_long(firm: str) -> None:
    from rich.cells import cell_len

    client = plant(firm, named(firm, "Müller"), display_name="山田" * 200, notes="word " * 300, street="x" * 500)
    for width in (40, 76, 96, 117, 200):
        lines = ["".join(text for text, _style in line) for line in lines_of(BUILT_IN, client, width)]
        assert max(map(cell_len, lines)) <= width
    assert len(lines_of(BUILT_IN, client, 95)) > len(lines_of(BUILT_IN, client, 96))


async def test_the_history_pages_on_to_the_first_change(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    with at_work(firm, "ana") as session:
        for number in range(150):
            client = clients.edit(session, client, {"notes": f"note {number}"})
    async with running(firm) as pilot:
        screen, _answers = await _page(pilot, firm, "Müller")
        await pilot.press("h")
        await wait_for(pilot.app, "note 149")
        view = screen.query_one(HistoryView)
        view.scroll_to(y=2 * 150, animate=False)
        view.command_read_first()
        await pilot.press("G")  # once: what is not read yet is read on the way
        await wait_for(pilot.app, "Client added")
        assert "older ones follow" not in text_of(pilot.app)
        change(firm, client, notes="later")
        screen.firm_changed()
        await wait_until(lambda: len(screen.changes) == 152)
        await wait_for(pilot.app, "note 0")  # the reader stays where they are


def test_a_long_value_is_shortened_in_the_history() -> None:
    assert first_lines("word " * 10_000, 20)[-1] == "…"
    assert first_lines("two\nlines", 20) == ["two", "lines"]
    change = Change(1, "2026-11-24T08:30:00.000+00:00", "Ana", "client.added", "Client added", "insert", ())
    assert field_values(change, FieldChange("email", "E-mail", "", "a@b.example")) == "a@b.example"


def test_moments_are_shown_by_this_computers_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Madrid")
    time.tzset()
    try:
        assert local_time("2026-11-24T23:30:00.000+00:00") == "2026-11-25 00:30"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_it_looks(firm: str, running: Running, size: tuple[int, int]) -> None:
    client = named(firm, "Smith")
    change(firm, client, notes="Sends papers late. [/]", subscription="plus", billed_to="firm", city="Boise")
    async with running(firm, size=size) as pilot:
        await _page(pilot, firm, "Smith")
        await wait_for(pilot.app, "Company ID")
        await assert_snapshot(pilot.app, f"page_{size[0]}x{size[1]}")


async def test_how_the_history_looks(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.ui.widgets.history_view.local_time", lambda at: "2026-11-24 09:30")
    change(firm, named(firm, "Smith"), notes="Sends papers late. " * 30, subscription="plus", city="Boise")
    async with running(firm) as pilot:
        await _page(pilot, firm, "Smith")
        await pilot.press("h")
        await wait_for(pilot.app, "Client edited")
        await assert_snapshot(pilot.app, "page_history_80x24")

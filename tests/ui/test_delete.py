"""Deleting permanently, and deactivating: what the dialogs say and what the keys do."""

from typing import Any

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, work_doing
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.deletion import conditions
from clientdesk.domain.problems import Refused
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.client_status import change_status
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.delete_client import DeleteDialog
from clientdesk.ui.screens.dialogs import Confirm
from tests.desk.worked_on import ids, read, with_template
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, change, named, noticed, notices, plant, shown
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until


async def _ask(pilot: Pilot[int], firm: str, start: str) -> tuple[ClientPageScreen, list[Any]]:
    """D on the page of a client."""
    screen = ClientPageScreen(named(firm, start).id, ClientQuery())
    answers = await shown(pilot, screen, lambda: screen.place is not None)
    await pilot.press("D")
    await wait_until(lambda: isinstance(pilot.app.screen, DeleteDialog) and pilot.app.focused)
    await wait_for(pilot.app, "permanently")
    return screen, answers


def _gone(firm: str, start: str) -> bool:
    try:
        named(firm, start)
    except StopIteration:
        return True
    return False


async def test_a_precondition_that_is_not_met_says_what_to_do_and_offers_to_deactivate(
    firm: str, running: Running
) -> None:
    change(firm, named(firm, "Müller"), primary_admin="requested", subscription="plus", billed_to="firm")
    async with running(firm) as pilot:
        await _ask(pilot, firm, "Müller")
        await wait_for(pilot.app, "✓ met      You are the firm's primary admin.")
        await wait_for(pilot.app, "✗ not met  The client has its own primary admin.")
        await wait_for(pilot.app, "The hand-over is requested: mark it accepted")
        await wait_for(pilot.app, "✗ not met  The client is off the firm's plan.")
        assert not pilot.app.screen.query("#delete")
        await wait_until(lambda: pilot.app.focused is pilot.app.screen.query_one("#no"))
        await pilot.press("right", "enter")
        await wait_until(lambda: notices(pilot.app) == ["Müller & Söhne GmbH is inactive now. u undoes it."])
    assert not named(firm, "Müller").active


async def test_no_has_the_focus_and_keeps_the_client(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _ask(pilot, firm, "Müller")
        await wait_for(pilot.app, "will be lost")
        await wait_for(pilot.app, "The history keeps")
        await pilot.press("enter")
        await wait_until(lambda: pilot.app.screen is screen)
    assert not _gone(firm, "Müller")


async def test_esc_is_no(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await _ask(pilot, firm, "Müller")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
    assert not _gone(firm, "Müller")


async def test_yes_deletes_and_the_page_closes_at_the_next_client(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        with_template(session, {})
        review = read(session, named(firm, "Müller").id)
        work_doing.tick(session, review, ids(review))
    async with running(firm) as pilot:
        _screen, answers = await _ask(pilot, firm, "Müller")
        await wait_for(pilot.app, "The work goes along (1 work).")
        await pilot.press("right", "enter")
        await wait_until(lambda: answers)
        assert answers == [named(firm, "Nguyễn").id]
        await noticed(pilot.app, ["Müller & Söhne GmbH was deleted permanently."])
    assert _gone(firm, "Müller")


@pytest.mark.parametrize(("login", "access"), [("luis", "full"), ("olga", "basic")])
async def test_who_may_never_delete_is_not_offered_it_and_told_so_at_the_key(
    firm: str, running: Running, login: str, access: str
) -> None:
    async with running(firm, login=login) as pilot:
        screen = ClientPageScreen(named(firm, "Müller").id, ClientQuery())
        await shown(pilot, screen, lambda: screen.place is not None)
        assert "D Delete" not in text_of(pilot.app)
        await pilot.press("D")
        sentence = f"Your access ({access}) does not allow this: delete clients permanently. Ask Ana García."
        await noticed(pilot.app, [sentence])
        await pilot.press("question_mark")
        await wait_for(pilot.app, "Help")
        assert "client.delete" not in text_of(pilot.app)


async def test_an_inactive_client_is_not_offered_to_be_deactivated(firm: str, running: Running) -> None:
    change(firm, named(firm, "Zoë"), primary_admin="firm")
    async with running(firm) as pilot:
        await _ask(pilot, firm, "Zoë")
        assert not pilot.app.screen.query("#deactivate")


async def test_a_change_meanwhile_asks_again(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await _ask(pilot, firm, "Müller")
        first = pilot.app.screen
        change(firm, named(firm, "Müller"), primary_admin="firm")
        await pilot.press("right", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, DeleteDialog) and pilot.app.screen is not first)
        await wait_for(pilot.app, "cannot be deleted permanently yet")
    assert not _gone(firm, "Müller")


async def test_a_client_that_someone_else_deleted_is_gone_too(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        _screen, answers = await _ask(pilot, firm, "Müller")
        client = named(firm, "Müller")
        with at_work(firm, "ana") as session:
            clients.delete(session, client)
        await pilot.press("right", "enter")
        await wait_until(lambda: answers == [named(firm, "Nguyễn").id])


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_in_the_dialogs(firm: str, running: Running, name: str) -> None:
    client = plant(firm, named(firm, "Müller"), display_name=name)
    async with running(firm) as pilot:
        dialog = DeleteDialog(client, (), True)
        await shown(pilot, dialog, lambda: dialog.focused)
        assert_clean(pilot.app)
        dialog.dismiss("")
        screen = pilot.app.screen_stack[0]
        assert isinstance(screen, ClientList)
        screen.run_worker(change_status(screen, [client.id]))
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        assert_clean(pilot.app)
        await pilot.press("y")
        await wait_until(lambda: notices(pilot.app))
        assert_clean(pilot.app)


async def test_the_marked_clients_are_named_and_changed_together(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ClientList)
        await wait_for(pilot.app, "8 of 9 clients")
        screen.table.rows.mark({named(firm, start).id for start in ("Müller", "Smith", "Zoë")})
        await pilot.press("x")
        await wait_for(pilot.app, "Deactivate 2 clients?", "Smith [/] Co")
        assert "Zoë" not in text_of(pilot.app)
        await pilot.press("y")
        await wait_for(pilot.app, "6 of 9 clients")
        await noticed(pilot.app, ["2 clients are inactive now. u undoes it."])


async def test_a_deleted_client_leaves_no_mark(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ClientList)
        await wait_for(pilot.app, "8 of 9 clients")
        screen.table.rows.mark({named(firm, "Müller").id})
        await pilot.press("D")
        await wait_for(pilot.app, "Delete Müller & Söhne GmbH permanently?")
        await pilot.press("right", "enter")
        await wait_for(pilot.app, "7 of 8 clients")
        await wait_until(lambda: not screen.table.rows.marks and not screen.under_way)
        assert "marked" not in text_of(pilot.app)


async def test_many_clients_are_named_by_the_first(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ClientList)
        with at_work(firm) as session:
            everyone = [row.id for row in clients.window(session, ClientQuery(), (), 0, 50)]
        worker = screen.run_worker(change_status(screen, [*everyone, 999]))
        await wait_for(pilot.app, "Deactivate 8 clients?")
        await wait_for(pilot.app, "and 3 more")
        await pilot.press("escape")
        assert await worker.wait() == 0


async def test_one_client_that_is_gone_is_refused(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ClientList)
        with pytest.raises(Refused, match="deleted meanwhile"):
            await change_status(screen, [999])


@pytest.mark.parametrize("met", [True, False])
async def test_how_it_looks(firm: str, running: Running, met: bool) -> None:
    client = named(firm, "Smith")
    if not met:
        client = change(firm, client, primary_admin="firm", subscription="plus", billed_to="firm")
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        dialog = DeleteDialog(client, conditions(Access.PRIMARY_ADMIN, client.values), True)
        await shown(pilot, dialog, lambda: dialog.focused)
        await wait_for(pilot.app, "permanently")
        await assert_snapshot(pilot.app, f"delete_{'met' if met else 'not_met'}_80x24")

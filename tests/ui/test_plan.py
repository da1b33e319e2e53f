"""The view of the preferred pricing plan: what its keys do to one client and to several, and what it says."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, pricing_plan
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens.bulk_plan import BulkPlanScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.find_client import FindClient
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.client_table import ClientTable
from clientdesk.ui.widgets.line_input import LineInput
from tests.planned import arrange
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, named, notices, plant
from tests.ui.people import counted, refused, told, values_of
from tests.ui.screen import assert_snapshot, lines_of, still_picture, text_of, wait_for, wait_for_lines, wait_until


@pytest.fixture
def planned(firm: str) -> str:
    """The firm with three clients on its plan: Peña, Müller (hand-over requested) and Nguyễn (the firm's)."""
    with at_work(firm) as session:
        rows = clients.window(session, ClientQuery(), ("display_name",), 0, 50)
        ids = {row.values[0].split()[-1]: row.id for row in rows}
        for name, subscription in (("SA", "plus"), ("GmbH", "simple_start"), ("Mai", "ledger")):
            pricing_plan.put_on_plan(session, ids[name], subscription)
        for name in ("GmbH", "Mai"):
            arrange(session, ids[name], primary_admin="firm")
        pricing_plan.request_hand_over(session, ids["GmbH"])
    return firm


async def opened(pilot: Pilot[int], name: str = "", clients_there: int = 3) -> ClientList:
    """The view of the plan, its cursor on a client."""
    await counted(pilot.app.screen)
    await pilot.press("p")
    await wait_for(pilot.app, "› Preferred pricing plan")
    await wait_for(pilot.app, f"{clients_there} of 9 clients")
    return await at(pilot, name)


async def at(pilot: Pilot[int], name: str) -> ClientList:
    """The list, its cursor on a client."""
    screen = pilot.app.screen
    assert isinstance(screen, ClientList)
    if name:
        place = next(place for place, values in enumerate(values_of(screen.table)) if values[1].startswith(name))
        screen.table.rows.move_to(place)
    return screen


def names(screen: ClientList) -> list[str]:
    """The display names in the list."""
    return [values[1] for values in values_of(screen.table)]


def values(firm: str, name: str) -> dict[str, str]:
    """How it stands with a client."""
    return dict(named(firm, name).values)


async def dialog(pilot: Pilot[int], kind: type[object]) -> None:
    """A dialog of this kind is on top and has the focus."""
    await wait_until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None)


# --- what it shows


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_who_is_on_the_plan(planned: str, running: Running, size: tuple[int, int]) -> None:
    async with running(planned, size=size) as pilot:
        screen = await opened(pilot, "Müller")
        assert names(screen) == ["Construcciones Peña SA", "Müller & Söhne GmbH", "Nguyễn Thị Mai"]
        await wait_for(pilot.app, "Simple Start Requested")
        await assert_snapshot(pilot.app, f"plan_{size[0]}x{size[1]}")


async def test_an_empty_plan_says_how_to_begin(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, clients_there=0)
        await wait_for(pilot.app, "+ puts a client on the firm's plan.")
        await assert_snapshot(pilot.app, "plan_empty_80x24")


async def test_it_is_a_view_with_its_commands(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await counted(pilot.app.screen)
        assert "Hand over" not in lines_of(pilot.app)[-1]
        await pilot.press("p")
        await wait_for_lines(pilot.app, lambda lines: "+ Put on  - Take off  R Hand over" in lines[-1])
        await pilot.press("z")
        await wait_for(pilot.app, "› All active")
        await pilot.press("6")
        await wait_for(pilot.app, "› Preferred pricing plan")


# --- what it does


async def test_plus_finds_a_client_and_puts_it_on(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot)
        await pilot.press("plus")
        await dialog(pilot, FindClient)
        finder = pilot.app.screen
        finder.query_one(LineInput).value = "c-0002"
        table = finder.query_one(ClientTable)
        await wait_until(lambda: table.rows.count == 3)
        await assert_snapshot(pilot.app, "plan_find_80x24")
        await pilot.press("down", "down", "enter")
        await dialog(pilot, Choose)
        await wait_for(pilot.app, "What does the firm's plan pay for Smith [/] Co?")
        assert "None" not in text_of(pilot.app)
        await pilot.press("enter")
        await told(pilot, "Smith [/] Co is on the firm's plan now.")
        await wait_until(lambda: len(names(screen)) == 4)
        await wait_until(lambda: screen.table.rows.current and screen.table.rows.current.values[1] == "Smith [/] Co")
    assert values(planned, "Smith")["subscription"] == "ledger"


async def test_among_all_clients_plus_takes_the_cursors(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await counted(pilot.app.screen)
        screen = await at(pilot, "[ACME]")
        await pilot.press("plus")
        await dialog(pilot, Choose)
        await wait_for(pilot.app, "What does the firm's plan pay for [ACME] Ltd?")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        await pilot.press("minus")
        await told(pilot, "[ACME] Ltd is not on the firm's plan.")
    assert values(planned, "[ACME]")["billed_to"] == ""


async def test_marked_clients_take_a_step_together_after_its_plan(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot)
        await pilot.press("asterisk")
        await wait_until(lambda: len(screen.rows.marks) == 3)
        await pilot.press("A")
        await dialog(pilot, BulkPlanScreen)
        await wait_for(pilot.app, "1 changes · 1 unchanged · 1 refused")
        await pilot.press("ctrl+s")
        await told(pilot, "1 client is changed.")
        await pilot.press("plus")
        await wait_for(pilot.app, "What does the firm's plan pay for 3 clients?")
        await pilot.press("end", "enter")
        await dialog(pilot, BulkPlanScreen)
        await pilot.press("ctrl+s")
        await told(pilot, "3 clients are changed.")
    assert values(planned, "Müller")["primary_admin"] == "client"
    assert values(planned, "Nguyễn")["subscription"] == "advanced"


async def test_minus_takes_a_client_off_after_a_question(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot, "Construcciones Peña")
        await pilot.press("minus")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Take Construcciones Peña SA off the firm's plan?")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        assert values(planned, "Construcciones Peña")["billed_to"] == "firm"
        await pilot.press("minus")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await told(pilot, "Construcciones Peña SA is off the plan and billed to the client now.")
        await wait_until(lambda: len(names(screen)) == 2)
    assert values(planned, "Construcciones Peña")["billed_to"] == "client"
    assert values(planned, "Construcciones Peña")["subscription"] == "plus"


async def test_the_subscription_is_another_one_and_who_pays_stays(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await counted(pilot.app.screen)
        for name in ("[ACME] Ltd", "Müller & Söhne GmbH"):
            await at(pilot, name)
            await pilot.press("dollar_sign")
            await dialog(pilot, Choose)
            await pilot.press("end", "enter")
            await told(pilot, f"The subscription of {name} is changed.")
    assert (values(planned, "[ACME]")["subscription"], values(planned, "[ACME]")["billed_to"]) == ("advanced", "")
    assert (values(planned, "Müller")["subscription"], values(planned, "Müller")["billed_to"]) == ("advanced", "firm")


async def test_r_requests_a_hand_over_and_c_takes_it_back(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, "Nguyễn")
        await pilot.press("R")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Request the hand-over of the primary admin's role to Nguyễn Thị Mai?")
        assert values(planned, "Nguyễn")["primary_admin"] == "firm"
        await pilot.click("#yes")
        await told(pilot, "Hand-over requested. When Nguyễn Thị Mai has accepted: A")
        assert values(planned, "Nguyễn")["primary_admin"] == "requested"
        await pilot.press("C")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Take back the hand-over request to Nguyễn Thị Mai?")
        assert values(planned, "Nguyễn")["primary_admin"] == "requested"
        await pilot.press("y")
        await told(pilot, "The firm stays the primary admin of Nguyễn Thị Mai.")
    assert values(planned, "Nguyễn")["primary_admin"] == "firm"


async def test_a_marks_the_hand_over_accepted_after_a_question(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, "Müller")
        await pilot.press("A")
        await dialog(pilot, Confirm)
        await wait_until(lambda: pilot.app.focused is not None and pilot.app.focused.id == "no")
        await pilot.press("right", "enter")
        await told(pilot, "Müller & Söhne GmbH is their own primary admin now.")
    assert values(planned, "Müller")["primary_admin"] == "client"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("R", "The firm is not the primary admin of Construcciones Peña SA."),
        ("A", "No hand-over is under way for Construcciones Peña SA."),
        ("C", "No hand-over is under way for Construcciones Peña SA."),
    ],
)
async def test_a_step_out_of_order_is_a_sentence(planned: str, running: Running, key: str, sentence: str) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot, "Construcciones Peña")
        await pilot.press(key)
        await told(pilot, sentence)
        assert pilot.app.screen is screen


async def test_basic_access_sees_and_changes_nothing(planned: str, running: Running) -> None:
    async with running(planned, "olga") as pilot:
        screen = await opened(pilot, "Müller")
        await refused(pilot, ("plus", "minus", "dollar_sign", "R", "A", "C"))
        assert pilot.app.screen is screen


# --- hostile names


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(planned: str, running: Running, name: str) -> None:
    plant(planned, named(planned, "Müller"), display_name=name)
    with at_work(planned) as session:
        client_id = clients.by_key(session, "C-00003").id
    async with running(planned) as pilot:
        screen = await opened(pilot)
        screen.table.rows.move_to(
            next(row for row, cells in enumerate(values_of(screen.table)) if cells[0] == "C-00003")
        )
        await wait_until(lambda: screen.table.rows.cursor_id == client_id)
        assert_clean(pilot.app)
        for key, kind in (("minus", Confirm), ("A", Confirm), ("dollar_sign", Choose)):
            await pilot.press(key)
            await wait_until(lambda kind=kind: isinstance(pilot.app.screen, kind))  # type: ignore[misc]
            await still_picture(pilot.app)
            assert_clean(pilot.app)
            pilot.app.screen.dismiss(None)
            await wait_until(lambda: pilot.app.screen is screen)
        assert not notices(pilot.app)

"""The preferred pricing plan: what its keys do, and what it says."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, pricing_plan
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.find_client import FindClient
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.pricing_plan import PlanScreen
from clientdesk.ui.widgets.client_table import ClientTable
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.line_input import LineInput
from tests.planned import arrange
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, named, notices, plant
from tests.ui.people import counted, refused, told, values_of
from tests.ui.screen import assert_snapshot, still_picture, text_of, wait_for, wait_until


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


async def opened(pilot: Pilot[int], name: str = "", client_id: int | None = None) -> PlanScreen:
    """The plan's screen, its cursor on a client."""
    screen = PlanScreen(client_id)
    await pilot.app.push_screen(screen)
    table = await counted(screen)
    if name:
        table.rows.move_to(next(place for place, values in enumerate(values_of(table)) if values[1].startswith(name)))
    return screen


def names(screen: PlanScreen) -> list[str]:
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
        await wait_for(pilot.app, "3 clients on the firm's plan")
        await wait_for(pilot.app, "Hand-over requested (A: accepted) · QuickBooks Simple Start")
        assert names(screen) == ["Construcciones Peña SA", "Müller & Söhne GmbH", "Nguyễn Thị Mai"]
        find = screen.query_one(Find)
        assert find.background_colors[1] == screen.background_colors[1], "it looks as on the client list"
        await assert_snapshot(pilot.app, f"plan_{size[0]}x{size[1]}")


async def test_an_empty_plan_says_how_to_begin(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "a puts one on; t shows all clients.")
        await assert_snapshot(pilot.app, "plan_empty_80x24")


async def test_p_opens_the_plan_and_esc_goes_back(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await pilot.press("p")
        await wait_until(lambda: isinstance(pilot.app.screen, PlanScreen))
        await counted(pilot.app.screen)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


async def test_t_shows_all_clients_and_the_plan_again(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot, "Müller")
        await pilot.press("t")
        await wait_for(pilot.app, "9 clients")
        assert screen.table.rows.current is not None
        assert screen.table.rows.current.values[1] == "Müller & Söhne GmbH"
        await wait_for(pilot.app, "QuickBooks Simple Start on the firm's plan")
        await assert_snapshot(pilot.app, "plan_all_80x24")
        await pilot.press("t")
        await wait_for(pilot.app, "3 clients on the firm's plan")


async def test_it_begins_at_a_client_on_the_plan_or_among_all(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot, client_id=named(planned, "Nguyễn").id)
        await wait_until(lambda: screen.table.rows.current and screen.table.rows.current.values[1] == "Nguyễn Thị Mai")
        await wait_until(lambda: len(names(screen)) == 3)
    async with running(planned) as pilot:
        screen = await opened(pilot, client_id=named(planned, "Zoë").id)
        await wait_until(lambda: screen.table.rows.current and screen.table.rows.current.values[1] == "Zoë Lefèvre")
        await wait_until(lambda: len(names(screen)) == 9)


async def test_find_narrows_and_esc_clears(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash")
        await wait_until(lambda: screen.query_one(Find).has_focus)
        screen.query_one(Find).value = "muller"
        await wait_for(pilot.app, "1 client on the firm's plan · find “muller”")
        assert names(screen) == ["Müller & Söhne GmbH"]
        await pilot.press("escape", "escape")
        await wait_until(lambda: len(names(screen)) == 3)
        assert pilot.app.screen is screen


async def test_o_sorts(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot)
        await pilot.press("o")
        await dialog(pilot, Choose)
        await pilot.press("s", "enter")
        await wait_until(lambda: names(screen)[0] == "Nguyễn Thị Mai")


# --- what it does


async def test_a_finds_a_client_and_puts_it_on(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot)
        await pilot.press("a")
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
        assert screen.table.rows.current is not None
        assert screen.table.rows.current.values[1] == "Smith [/] Co"
    assert values(planned, "Smith")["subscription"] == "ledger"


async def test_a_among_all_clients_takes_the_cursors(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, client_id=named(planned, "[ACME]").id)
        await pilot.press("a")
        await dialog(pilot, Choose)
        await wait_for(pilot.app, "What does the firm's plan pay for [ACME] Ltd?")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, PlanScreen))
    assert values(planned, "[ACME]")["billed_to"] == ""


async def test_x_takes_a_client_off_after_a_question(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        screen = await opened(pilot, "Construcciones Peña")
        await pilot.press("x")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Take Construcciones Peña SA off the firm's plan?")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        assert values(planned, "Construcciones Peña")["billed_to"] == "firm"
        await pilot.press("x")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await told(pilot, "Construcciones Peña SA is off the plan and billed to the client now. t shows all clients.")
        await wait_until(lambda: len(names(screen)) == 2)
    assert values(planned, "Construcciones Peña")["billed_to"] == "client"
    assert values(planned, "Construcciones Peña")["subscription"] == "plus"


async def test_s_changes_the_subscription_and_not_who_pays(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, client_id=named(planned, "[ACME]").id)
        await pilot.press("s")
        await dialog(pilot, Choose)
        await pilot.press("end", "enter")
        await told(pilot, "The subscription of [ACME] Ltd is changed.")
    assert (values(planned, "[ACME]")["subscription"], values(planned, "[ACME]")["billed_to"]) == ("advanced", "")


async def test_s_on_the_plan_stays_on_it(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, "Müller")
        await pilot.press("s")
        await dialog(pilot, Choose)
        await pilot.press("end", "enter")
        await told(pilot, "The subscription of Müller & Söhne GmbH is changed.")
    assert (values(planned, "Müller")["subscription"], values(planned, "Müller")["billed_to"]) == ("advanced", "firm")


async def test_r_requests_a_hand_over_and_c_takes_it_back(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, "Nguyễn")
        await wait_for(pilot.app, "The firm is the client's primary admin")
        await pilot.press("r")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Request the hand-over of the primary admin's role to Nguyễn Thị Mai?")
        assert values(planned, "Nguyễn")["primary_admin"] == "firm"
        await pilot.click("#yes")
        await told(pilot, "Hand-over requested. When Nguyễn Thị Mai has accepted: A")
        assert values(planned, "Nguyễn")["primary_admin"] == "requested"
        pilot.app.clear_notifications()  # it stands before the line
        await wait_for(pilot.app, "Hand-over requested (A: accepted)")
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
        ("r", "The firm is not the primary admin of Construcciones Peña SA."),
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


async def test_taking_off_who_is_not_on_it_is_a_sentence(planned: str, running: Running) -> None:
    async with running(planned) as pilot:
        await opened(pilot, client_id=named(planned, "[ACME]").id)
        await pilot.press("x")
        await told(pilot, "[ACME] Ltd is not on the firm's plan.")


async def test_basic_access_sees_and_changes_nothing(planned: str, running: Running) -> None:
    async with running(planned, "olga") as pilot:
        screen = await opened(pilot, "Müller")
        await refused(pilot, ("a", "x", "s", "r", "A", "C"))
        assert pilot.app.screen is screen


# --- hostile names


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(planned: str, running: Running, name: str) -> None:
    plant(planned, named(planned, "Müller"), display_name=name)
    with at_work(planned) as session:
        client_id = clients.by_key(session, "C-00003").id
    async with running(planned) as pilot:
        screen = await opened(pilot, client_id=client_id)
        await wait_until(lambda: screen.table.rows.cursor_id == client_id)
        assert_clean(pilot.app)
        for key, kind in (("x", Confirm), ("A", Confirm), ("s", Choose), ("a", FindClient)):
            await pilot.press(key)
            await wait_until(lambda kind=kind: isinstance(pilot.app.screen, kind))  # type: ignore[misc]
            await still_picture(pilot.app)
            assert_clean(pilot.app)
            pilot.app.screen.dismiss(None)
            await wait_until(lambda: pilot.app.screen is screen)
        assert not notices(pilot.app)

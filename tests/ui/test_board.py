"""The board on the screen: clients beside periods, a cursor in two directions, and a month of reviews by keys alone."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, work, work_doing
from clientdesk.desk.work_records import WorkOf
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.ui.screens.board import BoardScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.picker import Choose
from tests.desk.worked_on import period, with_template
from tests.ui.conftest import Running
from tests.ui.forms import at_work
from tests.ui.people import counted, go_to, refused, told
from tests.ui.reviews import at_noon, begun, client_id_of, review_of, reviewing, with_reviews
from tests.ui.screen import assert_snapshot, wait_for, wait_until

SHORT = {"Review": ("Match the bank", "Look at the payees", "Write the note")}


async def boarded(pilot: Pilot[int]) -> BoardScreen:
    """The board, from the list by b, as soon as its rows are known."""
    at_noon(pilot)
    await counted(pilot.app.screen)
    await pilot.press("b")
    return await board_of(pilot)


async def board_of(pilot: Pilot[int]) -> BoardScreen:
    await wait_until(lambda: isinstance(pilot.app.screen, BoardScreen))
    screen = pilot.app.screen
    assert isinstance(screen, BoardScreen)
    await counted(screen)
    return screen


@pytest.fixture
def reviews(firm: str) -> str:
    """A firm whose clients' reviews of June and July stand in every way."""
    with_reviews(firm, SHORT)
    ids = {name: client_id_of(firm, name) for name in ("[ACME]", "Construcciones Í", "Construcciones P", "Fund")}
    with at_work(firm) as session:
        june, july = (review_of(firm, ids["[ACME]"], key) for key in ("2026-06", "2026-07"))
        work_doing.complete(session, june, anyway=True)
        work_doing.tick(session, july, [july.items[0].id])
        for name in ("Construcciones Í", "Construcciones P"):
            review = review_of(firm, ids[name], "2026-07")
            work_doing.set_waiting(session, review, [review.items[1].id], "Which?")
    return firm


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_board(reviews: str, running: Running, size: tuple[int, int]) -> None:
    async with running(reviews, size=size) as pilot:
        await boarded(pilot)
        await wait_for(pilot.app, "July 2026 · 1 of 3 settled, in 5 days")
        await assert_snapshot(pilot.app, f"board_{size[0]}x{size[1]}")


async def test_the_cursor_goes_in_two_directions_and_enter_opens_that_review(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        board = await boarded(pilot)
        await pilot.press("down", "left", "enter")
        review = await reviewing(pilot)
        assert (review.of.client_id, review.of.period.key) == (client_id_of(reviews, "Construcciones Í"), "2026-06")
        await pilot.press("space", "n", "escape")
        await board_of(pilot)
        await wait_until(lambda: board.rows.cursor_id == client_id_of(reviews, "Construcciones P"))
        await wait_until(lambda: board.period == period("2026-06"))
        await pilot.press("left", "left")
        assert board.period == period("2026-04")
        await pilot.press("right", "right", "right", "right", "right")
        assert board.period == period("2026-09")  # one period ahead, and no more
        await wait_for(pilot.app, "2026-09")


async def test_a_client_without_such_a_review_opens_none(reviews: str, running: Running) -> None:
    async with running(reviews, size=(120, 40)) as pilot:
        await boarded(pilot)
        await pilot.press("left", "left", "enter")
        await told(pilot, "[ACME] Ltd has no such review in May 2026.")


async def test_filters_and_marks_are_those_of_the_list(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        at_noon(pilot)
        table = await counted(pilot.app.screen)
        await pilot.press("slash", *"con", "enter")
        await wait_until(lambda: table.rows.count == 2)
        await pilot.press("space", "b")
        board = await board_of(pilot)
        assert board.rows.count == 2
        await wait_for(pilot.app, "1 marked")
        await pilot.press("g", "space", "space", "escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        assert table.rows.marks == {client_id_of(reviews, "Construcciones P")}


async def test_another_template_is_chosen_and_shown_again_next_time(reviews: str, running: Running) -> None:
    with_reviews(reviews, {"Payroll": ("File it",)}, "Payroll")
    async with running(reviews) as pilot:
        board = await boarded(pilot)
        await pilot.press("t")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose))
        await pilot.press(*"pay", "enter")
        await wait_for(pilot.app, "Board · Payroll", "0 of 1 settled")
        await pilot.press("escape", "b")
        assert (await board_of(pilot)).template_id == board.template_id


async def test_what_somebody_else_does_appears(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        board = await boarded(pilot)
        with at_work(reviews) as session:
            review = review_of(reviews, client_id_of(reviews, "[ACME]"), "2026-07")
            work_doing.complete(session, review, anyway=True)
        board.firm_changed()
        await wait_for(pilot.app, "July 2026 · completed")


async def test_a_firm_without_templates_takes_one_in_use(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        await pilot.press("b")
        await board_of(pilot)
        await wait_for(pilot.app, "The firm has no template of work in use.", "A template says", "n takes one in use")
        await pilot.press("enter", "t")
        await told(pilot, "no template of work in use")
        await pilot.press("n")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose))
        await pilot.press("enter")
        await wait_for(
            pilot.app, "Board · Books review", "· to do", " settled, "
        )  # the cursor is where the work begins
        await told(pilot, "The template Books review is added.")


async def test_with_basic_access_it_is_said_whom_to_ask(firm: str, running: Running) -> None:
    async with running(firm, login="olga") as pilot:
        await boarded(pilot)
        await wait_for(pilot.app, "Ask Ana García to take one in use, such as Books review.")
        await refused(pilot, ["n"])


KEYS_OF_A_MONTH = 161
"""So many keys are pressed for a month of reviews of 40 clients, each of two items: two to the first review, one for each item, one
that completes the review, and one that goes on to the next."""


@pytest.mark.thorough("steps")
async def test_a_month_of_reviews_of_40_clients_by_keys_alone(empty_firm: str, running: Running) -> None:
    with at_work(empty_firm, "ana") as session:
        for number in range(40):
            clients.add(session, {"display_name": f"Client {number:02}"})
        with_template(session, {}, sections={"Review": ("Match the bank", "Look at the payees")})
        begun(session)
    keys = ["b", "enter"]
    for _client in range(40):
        keys += ["space", "space", "C", "n"]
    keys.pop()  # there is no next one behind the last
    async with running(empty_firm) as pilot:
        at_noon(pilot)
        table = await counted(pilot.app.screen)
        await go_to(table, "")
        await pilot.press(*keys)
        await told(pilot, "Completed.")
    with at_work(empty_firm, "ana") as session:
        template = work.template_by_name(session, "Books review")
        rows = clients.window(session, EVERYONE, (), 0, 100)
        reviews = [work.read(session, WorkOf(row.id, template.id, period("2026-07"))) for row in rows]
    assert [review.state.number for review in reviews] == [COMPLETED] * 40
    assert {item.state for review in reviews for item in review.items} == {"done"}
    assert len(keys) == KEYS_OF_A_MONTH

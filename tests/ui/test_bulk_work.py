"""Work of many clients changed from the list: what is asked, the plan with who is refused, one undo, and the change repeated."""

from textual.pilot import Pilot

from clientdesk.desk import work, work_managing, work_templates
from tests.desk.worked_on import period, states
from tests.ui.conftest import Running
from tests.ui.forms import at_work, named
from tests.ui.people import told
from tests.ui.reviews import at_noon, review_of, with_reviews
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until
from tests.ui.test_bulk import choose, the_plan
from tests.ui.test_marks import ACTIVE, mark, the_list

ITEM = "Ask for the bank's statements"


def of_item(firm: str, *clients: str) -> list[str]:
    """How the item stands in the review of June of some clients."""
    return [states(review_of(firm, named(firm, name).id))[ITEM] for name in clients]


async def begin(pilot: Pilot[int], *typed: str) -> None:
    """Begins a change of work and answers some questions."""
    await pilot.press("E")
    await wait_for(pilot.app, "Change what of")
    await choose(pilot, *typed)


async def test_an_item_is_ticked_undone_and_ticked_again(firm: str, running: Running) -> None:
    with_reviews(firm)
    with at_work(firm) as session:
        template = work.template_by_name(session, "Books review")
        work_managing.set_start(session, [named(firm, ACTIVE[2]).id], template, period("2026-07"))
    async with running(firm, size=(80, 24)) as pilot:
        at_noon(pilot)
        screen = await mark(pilot, firm, *ACTIVE)
        await begin(pilot, "work tick", "june", "bank's", "done")
        await the_plan(pilot)
        await wait_for(pilot.app, "3 clients · 2 change · 1 refused", "Books review · June 2026")
        await wait_for(pilot.app, "ctrl+s changes the work of 2 clients.")
        await assert_snapshot(pilot.app, "bulk_work_plan_80x24")
        await pilot.press("ctrl+s")
        await told(pilot, "The work of 2 clients is changed. u undoes it.")
        await wait_until(lambda: pilot.app.screen is screen)
        assert of_item(firm, *ACTIVE[:2]) == ["done", "done"]
        await pilot.press("u")
        await wait_for(pilot.app, "Undo “Items ticked”?")
        await pilot.press("y")
        await told(pilot, "Undone")
        assert of_item(firm, *ACTIVE[:2]) == ["todo", "todo"]
        await pilot.press("full_stop")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await told(pilot, "The work of 2 clients is changed.")
    assert of_item(firm, *ACTIVE[:2]) == ["done", "done"]


async def test_work_is_assigned_moved_given_a_state_and_completed(firm: str, running: Running) -> None:
    with_reviews(firm, name="Books close")
    with_reviews(firm)
    async with running(firm, size=(80, 24)) as pilot:
        at_noon(pilot)
        screen = await mark(pilot, firm, *ACTIVE[:2])
        await begin(pilot, "work assign", "books review", "first open", "luis")
        await the_plan(pilot)
        await wait_for(
            pilot.app, "Preparer: Luis Ortega", "Books review · first open period", "June 2026: Preparer: (empty)"
        )
        await pilot.press("ctrl+s")
        await told(pilot, "The work of 2 clients is changed.")
        await begin(pilot, "work move", "books review", "first open")
        await wait_for(pilot.app, "When is it due?")
        await pilot.press(*"2026-13-01", "enter")
        await wait_for(pilot.app, "“2026-13-01” is no date.")
        await pilot.press(*["backspace"] * 10, *"2026-09-01", "enter")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await told(pilot, "The work of 2 clients is changed.")
        await begin(pilot, "work complete", "books review", "june", "also where")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await told(pilot, "The work of 2 clients is changed.")
        await wait_until(lambda: pilot.app.screen is screen)
        await begin(pilot, "work set", "books review", "june", "to do")
        await the_plan(pilot)
        await wait_for(pilot.app, "State: To do", "2 clients · 2 refused")
        await pilot.press("enter")
        await wait_for(pilot.app, "is completed. Reopen it")
    done = review_of(firm, named(firm, ACTIVE[0]).id)
    assert (done.is_completed, done.people[0].member.name, done.due.isoformat()) == (True, "Luis Ortega", "2026-09-01")


async def test_basic_access_ticks_and_completes_and_changes_nothing_else(firm: str, running: Running) -> None:
    async with running(firm, login="olga") as pilot:
        await the_list(pilot)
        await pilot.press("E")
        await told(pilot, "edit clients")
    with_reviews(firm)
    async with running(firm, login="olga") as pilot:
        at_noon(pilot)
        await mark(pilot, firm, *ACTIVE)
        await pilot.press("E")
        await wait_for(
            pilot.app, "Change what of 3 clients?", "Work: set a state", "Work: tick an item", "Work: complete"
        )
        shown = text_of(pilot.app)
        assert [word for word in ("assign", "due date", "City") if word in shown] == []
        await choose(pilot, "tick", "june", "bank's", "not applicable")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await told(pilot, "The work of 3 clients is changed.")
    assert of_item(firm, *ACTIVE) == ["not_applicable"] * 3


async def test_a_template_that_is_retired_meanwhile_is_not_repeated(firm: str, running: Running) -> None:
    with_reviews(firm)
    async with running(firm) as pilot:
        at_noon(pilot)
        screen = await mark(pilot, firm, *ACTIVE)
        await begin(pilot, "work tick", "june", "bank's", "done")
        await the_plan(pilot)
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        with at_work(firm) as session:
            work_templates.retire_template(session, work.template_by_name(session, "Books review").id)
        await pilot.press("full_stop")
        await told(pilot, "is not in use any more. Choose it anew.")

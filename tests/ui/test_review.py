"""A client's review on the screen: what its keys do, alone and while somebody else works on the same."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, work_accounts, work_doing
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.store import patches
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.board import BoardScreen
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.review import ReviewScreen
from clientdesk.ui.screens.review_dialogs import AccountDialog, CommentDialog, ReadingDialog
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.field_lines import NotesArea
from tests.desk.worked_on import states
from tests.planned import past_the_rules
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, named, plant
from tests.ui.people import counted, refused, told
from tests.ui.reviews import SECTIONS, at_noon, begun, client_id_of, here, review_of, reviewing, with_reviews
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until

STATEMENTS, MATCH, PAYEES = (title for titles in SECTIONS.values() for title in titles)


@pytest.fixture
def reviews(firm: str) -> str:
    """A firm with a review of each month for each client; one of them has two accounts, and a question open."""
    with_reviews(firm)
    client_id = client_id_of(firm, "Construcciones Peña")
    with at_work(firm) as session:
        bank = work_accounts.add_account(session, client_id, "Banco Ñ", "EUR")
        work_accounts.add_account(session, client_id, "Caja", "EUR")
        review = review_of(firm, client_id)
        values = {"through": "2026-06-30", "balance": "1,234.50", "difference": "-0.10"}
        work_accounts.reconcile(session, review, [bank.id], values)
        asked = {item.title: item.id for item in review.items}
        work_doing.set_waiting(session, review, [asked[MATCH]], "Which bank line is the refund?", "2026-08-01")
        work_doing.save_item(session, review, [asked[PAYEES]], {"note": "three\nof them are new", "due": "2026-08-07"})
    return firm


async def opened(pilot: Pilot[int], name: str) -> ReviewScreen:
    """The review of a client, from the list by r."""
    at_noon(pilot)
    rows = (await counted(pilot.app.screen)).rows
    rows.move_to([row.values[1] for row in map(rows.row_at, range(rows.total)) if row is not None].index(name))
    await pilot.press("r")
    return await reviewing(pilot)


async def on_top(pilot: Pilot[int], kind: type[object]) -> None:
    await wait_until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None)


PENA, INIGO = "Construcciones Peña SA", "Construcciones Íñigo SL"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_review(reviews: str, running: Running, size: tuple[int, int]) -> None:
    async with running(reviews, size=size) as pilot:
        screen = await opened(pilot, PENA)
        assert here(screen).values[1] == STATEMENTS  # the first item that is open
        await pilot.press("down", "down")
        await assert_snapshot(pilot.app, f"review_{size[0]}x{size[1]}")


async def test_items_have_the_room_that_nothing_else_needs_again_after_other_sizes(
    reviews: str, running: Running
) -> None:
    async with running(reviews) as pilot:
        await opened(pilot, INIGO)
        await pilot.press("down", "down")
        await wait_for(pilot.app, f"To do    {MATCH[:48]}", f"Item             {MATCH[:40]}")
        before = text_of(pilot.app)
        for size in ((20, 5), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
        await wait_until(lambda: text_of(pilot.app) == before, 10)


async def test_space_ticks_and_goes_on_and_u_takes_it_back(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, INIGO)
        await pilot.press("space", "minus")
        await wait_until(lambda: here(screen).values[1] == PAYEES)
        stands = review_of(reviews, screen.of.client_id)
        assert states(stands) == {STATEMENTS: "done", MATCH: "not_applicable", PAYEES: "todo"}
        assert stands.items[0].by.name == "Ana García"
        await wait_for(pilot.app, "2 of 3", "✓ Done", "- N/A")
        await pilot.press("up", "up", "up", "space")  # over the section's line
        await wait_until(lambda: review_of(reviews, screen.of.client_id).items[0].state == "todo")
        await pilot.press("u", "u")
        await wait_until(lambda: states(review_of(reviews, screen.of.client_id))[MATCH] == "todo")
        assert states(review_of(reviews, screen.of.client_id))[STATEMENTS] == "done"


async def test_w_asks_the_question_and_c_takes_a_comment(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, INIGO)
        await pilot.press("w")
        await on_top(pilot, AskAndSave)
        await pilot.press("enter")
        await wait_for(pilot.app, "Write")  # what is refused stands below, and the dialog stays
        await pilot.press(*"Which?", "enter")
        await wait_for(pilot.app, "? Waiting", "1 waits for the client")
        item = review_of(reviews, screen.of.client_id).items[0]
        assert (item.question, str(item.asked)) == ("Which?", "2026-08-05")
        await wait_until(lambda: here(screen).values[1] == MATCH)
        await pilot.press("up", "up", "enter")
        await on_top(pilot, ReadingDialog)
        await wait_for(pilot.app, "since 2026-08-05", "Items wait for the")
        await pilot.press("escape", "c")
        await on_top(pilot, CommentDialog)
        pilot.app.screen.query_one(NotesArea).text = "one\ntwo"
        await pilot.press("ctrl+s")
        await on_top(pilot, ReviewScreen)
        assert review_of(reviews, screen.of.client_id).items[0].note == "one\ntwo"
        await pilot.press("g", "c")
        await on_top(pilot, CommentDialog)
        await pilot.press(*"all", "ctrl+s")
        await on_top(pilot, ReviewScreen)
        assert review_of(reviews, screen.of.client_id).note == "all"


async def test_who_until_when_and_how_far(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, INIGO)
        await pilot.press("a")
        await on_top(pilot, Choose)
        await pilot.press(*"olga", "enter")
        await on_top(pilot, ReviewScreen)
        await pilot.press("d")
        await on_top(pilot, AskAndSave)
        await pilot.press(*"soon", "enter")
        await wait_for(pilot.app, "soon")
        pilot.app.screen.query_one(Answer).value = "2026-08-09"
        await pilot.press("enter")
        await wait_for(pilot.app, "Olga Nowak", "in 4 days")
        await pilot.press("g", "a")
        await on_top(pilot, Choose)
        await pilot.press(*"luis", "enter")
        await on_top(pilot, ReviewScreen)
        await pilot.press("d")
        await on_top(pilot, AskAndSave)
        pilot.app.screen.query_one(Answer).value = "2026-08-02"
        await pilot.press("enter")
        await wait_for(pilot.app, "3 days late", "(moved)", "Preparer: Luis Ortega")
        stands = review_of(reviews, screen.of.client_id)
        assert (stands.items[0].assignee.name, str(stands.items[0].due)) == ("Olga Nowak", "2026-08-09")
        assert (stands.people[0].member.name, str(stands.due)) == ("Luis Ortega", "2026-08-02")


async def test_complete_says_what_is_open_and_reopening_asks_why(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, INIGO)
        await pilot.press("O")
        await told(pilot, "It is not completed.")
        await pilot.press("C")
        await on_top(pilot, Confirm)
        await wait_for(pilot.app, "has open items (3)")
        await pilot.press("y")
        await told(pilot, "Completed. n goes to the next client.")
        assert review_of(reviews, screen.of.client_id).state.number == COMPLETED
        await pilot.press("space")
        await told(pilot, "Reopen it first")
        await pilot.press("O")
        await on_top(pilot, AskAndSave)
        await pilot.press(*"late bill", "enter")
        await on_top(pilot, ReviewScreen)
        stands = review_of(reviews, screen.of.client_id)
        assert (stands.state.number, stands.reason) == (0, "late bill")


async def test_an_account_is_reconciled(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, PENA)
        await pilot.press("G", "enter")
        await on_top(pilot, AccountDialog)
        assert pilot.app.screen.query_one("#through", Answer).value == "2026-06-30"
        pilot.app.screen.query_one("#balance", Answer).value = "much"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "much")
        pilot.app.screen.query_one("#balance", Answer).value = "50"
        await pilot.press("ctrl+s")
        await on_top(pilot, ReviewScreen)
        await pilot.press("space")
        await wait_for(pilot.app, "balance 50.00 EUR")
        account = review_of(reviews, screen.of.client_id).accounts[1]
        assert (account.state, str(account.balance), str(account.through)) == ("done", "50.00", "2026-06-30")


async def test_what_one_client_alone_has(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, INIGO)
        await pilot.press("e")
        await told(pilot, "All clients of Books review have this item")
        await pilot.press("A")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        await on_top(pilot, AskAndSave)
        await pilot.press(*"Count [/] till", "enter")
        await wait_for(pilot.app, "Count [/] till (this client)")
        await pilot.press("down", "e")
        await on_top(pilot, AskAndSave)
        await pilot.press("end", *"s", "enter")
        await wait_for(pilot.app, "Count [/] tills (this client)")
        await pilot.press("A")
        await on_top(pilot, Choose)
        await pilot.press(*"account", "enter", *"Caja", "enter", *"eur", "enter")
        await wait_for(pilot.app, "Accounts", "Caja")
        await wait_until(lambda: here(screen).account is not None)
        await pilot.press("R")
        await told(pilot, "Retired; what was done of it stays.")
        await wait_until(lambda: "Caja" not in text_of(pilot.app).split("Retired")[0])
        assert [item.title for item in review_of(reviews, screen.of.client_id, "2026-07").sections[0].items] == [
            STATEMENTS,
            "Count [/] tills",
        ]


async def test_from_client_to_client_and_from_period_to_period(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        with at_work(reviews) as session:  # one of the list has no work any more
            clients.set_status(session, [client_id_of(reviews, PENA)], False)
        screen = await opened(pilot, INIGO)
        await pilot.press("n")
        await wait_for(pilot.app, "› Fundación Árbol")  # Peña's is passed over
        await pilot.press("p", "p")
        await wait_for(pilot.app, "› [ACME] Ltd")
        await pilot.press("p")
        await told(pilot, "This is the first client of the list")
        await pilot.press("left_square_bracket")
        await told(pilot, "begins with June 2026")
        await pilot.press("right_square_bracket", "i")
        await on_top(pilot, ReadingDialog)
        await wait_for(pilot.app, "What is new since June 2026", "Nothing changed since June 2026.")
        await pilot.press("escape", "escape")
        await on_top(pilot, ClientList)
        assert pilot.app.screen.query_one("ClientTable").rows.cursor_id == screen.of.client_id  # type: ignore[attr-defined]


async def test_two_people_tick_one_review(reviews: str, running: Running) -> None:
    async with running(reviews) as pilot:
        screen = await opened(pilot, INIGO)
        review = review_of(reviews, screen.of.client_id)
        with at_work(reviews) as session:
            work_doing.tick(session, review, [review.items[0].id])
            work_doing.set_not_applicable(session, review, [review.items[1].id])
        await pilot.press("space")  # nothing is lost: who ticked it first has ticked it
        await told(pilot, "Luis Ortega has done it already.")
        await wait_until(lambda: here(screen).values[1] == MATCH)
        with at_work(reviews) as session:
            now = review_of(reviews, screen.of.client_id)
            work_doing.set_waiting(session, now, [now.items[2].id], "Whose?")
        await pilot.press("down", "space")
        await told(pilot, "Luis Ortega")
        await wait_for(pilot.app, "? Waiting", "- N/A", "✓ Done")
        assert states(review_of(reviews, screen.of.client_id)) == {
            STATEMENTS: "done",
            MATCH: "not_applicable",
            PAYEES: "waiting",
        }
        with at_work(reviews) as session:
            now = review_of(reviews, screen.of.client_id)
            work_doing.set_to_do(session, now, [now.items[0].id])
        cursor = here(screen).id
        screen.firm_changed()
        await wait_until(lambda: screen.lines[1].item is not None and screen.lines[1].item.state == "todo")
        await counted(screen)
        assert here(screen).id == cursor


async def test_basic_access_does_work_and_nothing_else(reviews: str, running: Running) -> None:
    async with running(reviews, login="olga") as pilot:
        screen = await opened(pilot, INIGO)
        await pilot.press("space", "s")
        await on_top(pilot, Choose)
        await pilot.press("escape")
        await refused(pilot, ["A", "R", "O"])
        await pilot.press("g", "d")
        await told(pilot, "Ask Ana García.")
        await pilot.press("u")
        await wait_until(lambda: review_of(reviews, screen.of.client_id).items[0].state == "todo")


async def test_the_evidence_goes_into_a_file(reviews: str, running: Running, tmp_path: object) -> None:
    async with running(reviews) as pilot:
        await opened(pilot, PENA)
        await pilot.press("E")
        await wait_for(pilot.app, "Where is the evidence saved?")
        pilot.app.screen.query_one("PathInput").value = f"{tmp_path}/proof.md"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await told(pilot, "Saved: ")
    with open(f"{tmp_path}/proof.md", encoding="utf-8") as file:
        assert "Which bank line is the refund?" in file.read()


async def test_hostile_names(firm: str, running: Running) -> None:
    with_reviews(firm)
    client_id = client_id_of(firm, "[ACME]")
    plant(firm, named(firm, "[ACME]"), display_name=HOSTILE[0])
    with at_work(firm) as session:
        review = review_of(firm, client_id)
        changes = {("template", review.of.template_id): "name", ("template_section", review.sections[0].id): "name"}
        changes |= {("template_item", item.id): "title" for item in review.items}
        for (entity, row_id), field in changes.items():
            with past_the_rules(session, "template.changed", f"{entity}_bounds_update"):
                name = HOSTILE[0] if entity != "template_item" else f"{row_id} {HOSTILE[0]}"
                whole = patches.stored(session.engine, entity, [row_id])[0][row_id].values
                write = patches.Write(row_id, {field: name}, {**whole, field: name})
                assert patches.update(session.engine, entity, [write])
    async with running(firm) as pilot:
        at_noon(pilot)
        await counted(pilot.app.screen)
        await pilot.press("r")
        await reviewing(pilot)
        assert_clean(pilot.app)
        await pilot.press("enter")
        await on_top(pilot, ReadingDialog)
        assert_clean(pilot.app)
        await pilot.press("escape", "space", "escape", "b")
        await on_top(pilot, BoardScreen)
        await counted(pilot.app.screen)
        assert_clean(pilot.app)


async def test_the_page_shows_the_work_past_and_present(reviews: str, running: Running) -> None:
    client_id = client_id_of(reviews, INIGO)
    with at_work(reviews) as session:
        work_doing.complete(session, review_of(reviews, client_id), anyway=True)
    async with running(reviews, size=(120, 60)) as pilot:
        at_noon(pilot)
        pilot.app.screen.query_one("ClientTable").rows.move_to(1)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await on_top(pilot, ClientPageScreen)
        await wait_for(pilot.app, "Books review · July 2026", "in 5 days · To do · 3 left", "Books review · June 2026")
        await pilot.press("enter")
        await on_top(pilot, Choose)
        await pilot.press(*"june", "enter")
        screen = await reviewing(pilot)
        assert screen.of.period.key == "2026-06"
        await pilot.press("escape")
        await on_top(pilot, ClientPageScreen)
        await pilot.press("r")
        assert (await reviewing(pilot)).of.period.key == "2026-07"


async def test_which_template_is_asked_where_several_apply(reviews: str, running: Running) -> None:
    with_reviews(reviews, {"Payroll": ("File it",)}, "Payroll")
    with at_work(reviews) as session:
        begun(session, "Payroll")
    async with running(reviews) as pilot:
        at_noon(pilot)
        await counted(pilot.app.screen)
        await pilot.press("r")
        await on_top(pilot, Choose)
        await pilot.press(*"pay", "enter")
        assert (await reviewing(pilot)).seen.work.template == "Payroll"  # type: ignore[union-attr]


async def test_without_a_template_it_is_said_what_to_do(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await counted(pilot.app.screen)
        await pilot.press("r")
        await told(pilot, "The firm has no template of work in use.")

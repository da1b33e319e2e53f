"""The team: what its keys do, new leads for the clients of who leaves, and handing the role over."""

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from clientdesk.desk import clients, team, work_managing
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.handover import HandOverDialog
from clientdesk.ui.screens.member_form import MemberForm
from clientdesk.ui.screens.reassign import ReassignScreen
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.widgets.answers import Answer
from tests.desk.worked_on import read, with_template
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work
from tests.ui.people import counted, go_to, member, plant_name, refused, told
from tests.ui.screen import assert_snapshot, lines_of, still_picture, text_of, wait_for, wait_until, wait_words
from tests.ui.watching import looked


async def opened(pilot: Pilot[int], first_value: str = "") -> TeamScreen:
    """The team's screen, its cursor on a member."""
    screen = TeamScreen()
    await pilot.app.push_screen(screen)
    table = await counted(screen)
    if first_value:
        await go_to(table, first_value)
    return screen


def answer(app: App[int], name: str) -> Answer:
    """A field of the dialog on top."""
    return app.screen.query_one(f"#{name}", Answer)


async def dialog(pilot: Pilot[int], kind: type[object]) -> None:
    """A dialog of this kind is on top and has the focus."""
    await wait_until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None)


# --- the list


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_who_is_in_the_team(firm: str, running: Running, size: tuple[int, int]) -> None:
    with at_work(firm, "ana") as session:
        luis, olga = (next(m for m in team.members(session) if m.login == login) for login in ("luis", "olga"))
        team.save_member(session, luis, {"email": "luis@rios-asociados.example"})
        team.offer_primary_admin(session, luis.id)
        team.deactivate_member(session, olga.id)
    async with running(firm, size=size) as pilot:
        await opened(pilot)
        await wait_for(pilot.app, "Ana García (you)")
        await wait_for(pilot.app, "3 active members · 1 inactive · primary admin's role offered to Luis Ortega")
        await wait_for(pilot.app, "full, offered")
        await assert_snapshot(pilot.app, f"team_{size[0]}x{size[1]}")


async def test_m_opens_the_team_and_esc_goes_back(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await pilot.press("m")
        await wait_until(lambda: isinstance(pilot.app.screen, TeamScreen))
        await counted(pilot.app.screen)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


# --- adding and changing


async def test_a_adds_a_member(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await dialog(pilot, MemberForm)
        answer(pilot.app, "name").value = "Zoë [/] Núñez"
        answer(pilot.app, "email").value = "zoe@rios.example"
        answer(pilot.app, "login").value = "zoe"
        answer(pilot.app, "access").value = "full"
        await pilot.press("ctrl+s")
        await told(pilot, "Zoë [/] Núñez is in the team now.")
        await wait_until(lambda: lines_of(pilot.app)[6].startswith("▌ Zoë [/] Núñez"))
    assert member(firm, "zoe").access is Access.FULL


async def test_everything_wrong_is_said_under_its_field_and_stays_typed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await dialog(pilot, MemberForm)
        answer(pilot.app, "name").value = "luis ORTEGA"
        answer(pilot.app, "email").value = "nobody"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "Another team member is called Luis Ortega.")
        await wait_for(pilot.app, "“nobody” is not an e-mail address")
        await wait_for(pilot.app, "Login is required.")
        assert answer(pilot.app, "email").value == "nobody"
        await assert_snapshot(pilot.app, "team_form_80x24")


async def test_e_changes_access(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Luis")
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        await wait_for(pilot.app, "everything but deleting permanently")
        pilot.app.screen.query_one("OneOf").focus()
        await pilot.press("right")
        await wait_for(pilot.app, "looks at everything, changes nothing")
        await pilot.press("ctrl+s")
        await told(pilot, "Luis Ortega is saved.")
    assert member(firm, "luis").access is Access.BASIC


async def test_your_own_login_stays(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Ana")
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        assert not pilot.app.screen.query("#access")
        answer(pilot.app, "login").value = "anna"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "You cannot do this to yourself.")


async def test_esc_asks_only_when_something_was_changed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Luis")
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        answer(pilot.app, "name").value = "Luis O."
        await pilot.press("escape")
        await dialog(pilot, Confirm)
        await pilot.press("escape")
        await dialog(pilot, MemberForm)
        assert answer(pilot.app, "name").value == "Luis O."
        assert await pilot.click("#no")  # the button leaves as its key does
        await dialog(pilot, Confirm)
        await pilot.press("escape")
        await dialog(pilot, MemberForm)
        answer(pilot.app, "name").value = "Luis Ortega"
        assert await pilot.click("#no")
        await wait_until(lambda: isinstance(pilot.app.screen, TeamScreen))


async def test_a_change_that_came_too_late_keeps_both(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Luis")
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        with at_work(firm, "juergen") as session:
            luis = member(firm, "luis")
            edited = {"email": "luis@new.example", "name": "Luis Ortega Paz", "login": "lop", "access": "basic"}
            team.save_member(session, luis, edited)
        answer(pilot.app, "name").value = "Luis O."
        answer(pilot.app, "login").value = "lo"
        for _twice in range(2):
            pilot.app.post_message(events.Key("ctrl+s", None))
        await wait_for(pilot.app, "was changed by Jürgen")
        await wait_until(lambda: not pilot.app.obeying)  # type: ignore[attr-defined]
        assert member(firm, "lop").name == "Luis Ortega Paz"
        await wait_words(
            pilot.app, "It said Luis Ortega and says Luis Ortega Paz now. Yours stands here: ctrl+s replaces"
        )
        await wait_words(pilot.app, "What only they changed stands in its field now.")
        await wait_for(pilot.app, "looks at everything", "It said luis and says lop now.")
        assert answer(pilot.app, "email").value == "luis@new.example"
        answer(pilot.app, "email").value = "nowhere"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "not an e-mail address", "It said luis and says lop now.")
        answer(pilot.app, "email").value = "luis@new.example"
        await pilot.press("down", "ctrl+t")  # in the login
        await wait_for(pilot.app, "Theirs stands here now.")
        assert (answer(pilot.app, "login").value, answer(pilot.app, "name").value) == ("lop", "Luis O.")
        await pilot.press("ctrl+s")
        await told(pilot, "Luis O. is saved.")
    assert (member(firm, "lop").name, member(firm, "lop").email) == ("Luis O.", "luis@new.example")


async def test_what_else_was_changed_meanwhile_is_told_and_inactive_is_asked(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Luis")
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        with at_work(firm, "juergen") as session:
            team.save_member(session, member(firm, "luis"), {"access": "basic"})
        answer(pilot.app, "email").value = "luis@new.example"
        await pilot.press("ctrl+s")
        await told(
            pilot, "Luis Ortega is saved. u undoes it.\nJürgen Müller changed meanwhile, and it stays so: Access"
        )
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        with at_work(firm, "juergen") as session:
            team.deactivate_member(session, member(firm, "luis").id, everyone_to="")
        answer(pilot.app, "email").value = "luis@newer.example"
        await pilot.press("ctrl+s")
        await wait_words(pilot.app, "ctrl+s saves what you typed, and the member stays inactive.")
        assert isinstance(pilot.app.screen, MemberForm)
        assert member(firm, "luis").email == "luis@new.example"
        await pilot.press("ctrl+s")
        await told(pilot, "Luis Ortega is saved.")
    assert (member(firm, "luis").email, member(firm, "luis").active) == ("luis@newer.example", False)


async def test_an_open_form_says_at_once_what_a_colleague_changed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Luis")
        await pilot.press("e")
        await dialog(pilot, MemberForm)
        answer(pilot.app, "name").value = "Luis O."
        with at_work(firm, "juergen") as session:
            team.save_member(session, member(firm, "luis"), {"access": "basic"})
        await looked(pilot)
        await wait_for(pilot.app, "Jürgen Müller changed meanwhile: Access: full → basic; ctrl+s asks")
        await wait_for(pilot.app, "if the two clash.")
        with at_work(firm, "juergen") as session:
            team.deactivate_member(session, member(firm, "luis").id, everyone_to="")
        await looked(pilot)
        await wait_for(pilot.app, "Active → Inactive; ctrl+s asks before saving.")
        assert answer(pilot.app, "name").value == "Luis O."
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "was made inactive by Jürgen")
        await wait_until(lambda: "changed meanwhile" not in text_of(pilot.app))


# --- inactive and active


async def test_x_makes_inactive_and_active_again(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Olga")
        await pilot.press("x")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Make Olga Nowak inactive?")
        await pilot.press("y")
        await told(pilot, "Olga Nowak is inactive now.")
        assert not member(firm, "olga").active
        await wait_for(pilot.app, "x Make active")
        await pilot.press("x")
        await told(pilot, "Olga Nowak is active again.")
    assert member(firm, "olga").active


@pytest.mark.parametrize(
    ("login", "who", "sentence"),
    [("ana", "Ana", "is the firm's primary admin"), ("luis", "Luis", "You cannot do this to yourself.")],
)
async def test_who_cannot_be_made_inactive(firm: str, running: Running, login: str, who: str, sentence: str) -> None:
    async with running(firm, login) as pilot:
        await opened(pilot, who)
        await pilot.press("x")
        await told(pilot, sentence)
        assert isinstance(pilot.app.screen, TeamScreen)


async def reassigning(pilot: Pilot[int], who: str) -> ReassignScreen:
    """The clients of who is made inactive."""
    await opened(pilot, who)
    await pilot.press("x")
    await wait_until(lambda: isinstance(pilot.app.screen, ReassignScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ReassignScreen)
    await counted(screen)
    return screen


def leads(firm: str) -> dict[str, str]:
    """The lead accountant of each client."""
    with at_work(firm, "ana") as session:
        rows = clients.window(session, ClientQuery(filters=()), ("display_name", "lead"), 0, 50)
        return {row.values[0]: row.values[1] for row in rows}


async def test_one_new_lead_for_all(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        with_template(session, {})
        review = read(session, clients.window(session, ClientQuery(), (), 0, 1)[0].id)
        work_managing.assign(session, review, {1: member(firm, "luis").id})
    async with running(firm) as pilot:
        await reassigning(pilot, "Luis")
        await wait_for(pilot.app, "2 clients · 2 without a new lead")
        await assert_snapshot(pilot.app, "reassign_80x24")
        await pilot.press("a")
        await wait_for(pilot.app, "Who takes all 2 clients?")
        await pilot.press("j", "enter")
        await wait_for(pilot.app, "2 clients · for all: Jürgen Müller")
        assert leads(firm)["Smith [/] Co"] == "Luis Ortega"  # nothing happens before it is confirmed
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "Who takes over 1 open work?")
        await pilot.press("enter")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "2 clients to Jürgen Müller.")
        await pilot.press("y")
        await told(pilot, "Luis Ortega is inactive now.")
    assert leads(firm)["Smith [/] Co"] == leads(firm)["[ACME] Ltd"] == "Jürgen Müller"
    with at_work(firm, "ana") as session:
        assert read(session, review.of.client_id).people[0].member.name == "Ana García"


async def test_no_client_is_left_without_an_answer(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await reassigning(pilot, "Luis")
        await pilot.press("enter")
        await wait_for(pilot.app, "Who takes [ACME] Ltd?")
        await pilot.press("u", "enter")
        await wait_for(pilot.app, "1 chosen singly · 1 without a new lead")
        await pilot.press("ctrl+s")
        await told(pilot, "has no new lead yet")
        assert member(firm, "luis").active


async def test_each_client_by_itself(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await reassigning(pilot, "Luis")
        assert screen.table.rows.cursor_id is not None
        screen.table.lead_of[screen.table.rows.cursor_id] = ""
        screen.table.rows.move_to(1)
        await pilot.press("space", "e")
        await wait_for(pilot.app, "Who takes the marked client?")
        await pilot.press("o", "enter", "ctrl+s")
        await wait_for(pilot.app, "1 client to nobody.")
        await wait_for(pilot.app, "1 client to Olga Nowak.")
        await pilot.press("y")
        await wait_until(lambda: not member(firm, "luis").active)
    assert (leads(firm)["Smith [/] Co"], leads(firm)["[ACME] Ltd"]) == ("Olga Nowak", "")


async def test_esc_leaves_all_as_it_is(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await reassigning(pilot, "Luis")
        screen.table.everyone_to = ""
        await pilot.press("escape")
        await dialog(pilot, Confirm)
        await pilot.press("escape")  # keep editing
        await wait_until(lambda: pilot.app.screen is screen and not screen.is_obeying)
        await pilot.press("escape")
        await dialog(pilot, Confirm)
        await pilot.press("right", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, TeamScreen))
    assert member(firm, "luis").active
    assert leads(firm)["[ACME] Ltd"] == "Luis Ortega"


async def test_new_leads_that_came_too_late_can_be_saved_again(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await reassigning(pilot, "Luis")
        screen.table.everyone_to = "Olga Nowak"
        with at_work(firm, "juergen") as session:
            olga = member(firm, "olga")
            team.deactivate_member(session, olga.id, everyone_to="Jürgen Müller")
        await pilot.press("ctrl+s")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await told(pilot, "“Olga Nowak”")
        assert leads(firm)["[ACME] Ltd"] == "Luis Ortega"
        await wait_until(lambda: not screen.is_obeying)
        with at_work(firm, "juergen") as session:
            team.activate_member(session, olga.id)
        await pilot.press("ctrl+s")
        await dialog(pilot, Confirm)
        await pilot.press("y")
        await wait_until(lambda: leads(firm)["[ACME] Ltd"] == "Olga Nowak")


# --- the role


async def test_o_offers_the_role_and_takes_it_back(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Luis")
        await pilot.press("o")
        await dialog(pilot, Confirm)
        await wait_for(pilot.app, "Offer the primary admin's role to Luis Ortega?")
        await assert_snapshot(pilot.app, "team_offer_80x24")
        await pilot.press("right", "enter")
        await wait_for(pilot.app, "full, offered")
        await wait_for(pilot.app, "o Take the offer back")
        await pilot.press("o")
        await told(pilot, "Luis Ortega is no longer offered the role.")
        await wait_for(pilot.app, "o Offer the role")


async def test_basic_access_cannot_be_offered_the_role(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, "Olga")
        await pilot.press("o")
        await told(pilot, "Olga Nowak has not.")


async def test_basic_access_sees_and_changes_nothing(firm: str, running: Running) -> None:
    async with running(firm, "olga") as pilot:
        screen = await opened(pilot, "Luis")
        await refused(pilot, ("a", "e", "x", "o"))
        assert pilot.app.screen is screen


def offer_to_luis(firm: str) -> None:
    with at_work(firm, "ana") as session:
        team.offer_primary_admin(session, member(firm, "luis").id)


async def test_full_access_does_nothing_about_the_offer(firm: str, running: Running) -> None:
    offer_to_luis(firm)
    with at_work(firm, "ana") as session:
        team.add_member(session, "Rosa Gil", "", "rosa", Access.FULL)
    async with running(firm, "rosa") as pilot:
        await opened(pilot, "Luis")
        await refused(pilot, ("o",))
        assert "Offer the role" not in text_of(pilot.app)
        await pilot.press("x")
        await told(pilot, "only Ana García changes their login, access or state now.")


async def test_who_is_offered_the_role_accepts_at_the_next_start(firm: str, running: Running) -> None:
    offer_to_luis(firm)
    async with running(firm, "luis") as pilot:
        await dialog(pilot, HandOverDialog)
        await wait_until(lambda: pilot.app.focused is not None and pilot.app.focused.id == "later")
        await wait_for(pilot.app, "Ana García offers you the primary admin's role of Ríos y Asociados.")
        await pilot.press("right", "enter")
        await wait_for(pilot.app, "Luis Ortega · primary admin")
    assert member(firm, "luis").access is Access.PRIMARY_ADMIN
    assert member(firm, "ana").access is Access.FULL


async def test_what_the_role_means(firm: str, running: Running) -> None:
    async with running(firm, "luis") as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.app.push_screen(HandOverDialog())
        await dialog(pilot, HandOverDialog)
        await wait_for(pilot.app, "when you accept, Ana")
        await assert_snapshot(pilot.app, "handover_80x24")


@pytest.mark.parametrize(("keys", "offered"), [(("enter",), True), (("escape",), True), (("left", "enter"), False)])
async def test_not_now_keeps_the_offer_and_decline_ends_it(
    firm: str, running: Running, keys: tuple[str, ...], offered: bool
) -> None:
    offer_to_luis(firm)
    async with running(firm, "luis") as pilot:
        await dialog(pilot, HandOverDialog)
        await pilot.press(*keys)
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        if not offered:
            await told(pilot, "Ana García stays the primary admin.")
    with at_work(firm, "ana") as session:
        assert (session.firm.offered_to is not None) == offered
    assert member(firm, "ana").access is Access.PRIMARY_ADMIN


async def test_an_offer_that_was_taken_back_meanwhile(firm: str, running: Running) -> None:
    offer_to_luis(firm)
    async with running(firm, "luis") as pilot:
        await dialog(pilot, HandOverDialog)
        with at_work(firm, "ana") as session:
            team.withdraw_offer(session)
        await pilot.press("right", "enter")
        await told(pilot, "Nobody has offered you")


# --- hostile names


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(firm: str, running: Running, name: str) -> None:
    plant_name(firm, "luis", name)
    plant_name(firm, "olga", f"Olga {name}")
    async with running(firm) as pilot:
        screen = await opened(pilot)
        screen.table.rows.move_to(
            next(place for place in range(4) if getattr(screen.table.rows.row_at(place), "id", None) == 2)
        )
        await wait_until(lambda: screen.table.rows.cursor_id == 2)
        assert_clean(pilot.app)
        for key, kind in (("e", MemberForm), ("x", ReassignScreen), ("o", Confirm)):
            await pilot.press(key)
            await wait_until(lambda kind=kind: isinstance(pilot.app.screen, kind))  # type: ignore[misc]
            await still_picture(pilot.app)
            assert_clean(pilot.app)
            pilot.app.screen.dismiss(None)
            await wait_until(lambda: pilot.app.screen is screen)

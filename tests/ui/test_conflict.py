"""A save over what someone else changed meanwhile: both sides, chosen field by field."""

import pytest
from textual import events
from textual.pilot import Pilot

from clientdesk.desk import clients, pricing_plan
from clientdesk.desk.records import Client, Stale
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.problems import problem
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.save_conflict import ConflictScreen, sides_of
from clientdesk.ui.widgets.theirs_and_yours import Sides
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, change, line, named, notices, open_form, plant, put, shown
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until, wait_words
from tests.ui.slow_store import settled


async def _conflict(
    pilot: Pilot[int], firm: str, theirs: dict[str, str], yours: dict[str, str]
) -> tuple[ClientFormScreen, ConflictScreen, list[int | None]]:
    """You and Luis change Müller; yours is saved after his."""
    client = named(firm, "Müller")
    form, answers = await open_form(pilot, client.id)
    put(form, **yours)
    change(firm, client, **theirs)
    await pilot.press("ctrl+s")
    await wait_until(lambda: isinstance(pilot.app.screen, ConflictScreen))
    await settled(pilot.app)  # keys before that are forgotten
    screen = pilot.app.screen
    assert isinstance(screen, ConflictScreen)
    await wait_until(lambda: "Luis Ortega changed this client on" in text_of(pilot.app))
    return form, screen, answers


async def test_each_field_is_chosen_for_itself(firm: str, running: Running) -> None:
    theirs = {"email": "his@mueller.example", "phone": "+49 30 1111111", "business_name": "Müller KG"}
    yours = {"email": "my@mueller.example", "phone": "+49 30 2222222", "display_name": "Mueller"}
    async with running(firm) as pilot:
        _form, _screen, answers = await _conflict(pilot, firm, theirs, yours)
        await wait_for(pilot.app, "his@mueller.example")
        await wait_for(pilot.app, "my@mueller.example")
        await wait_for(pilot.app, "Business name: (empty) → Müller KG")
        await pilot.press("down", "right", "up", "left", "ctrl+s")
        await wait_until(lambda: answers)
    saved = named(firm, "Mueller").values
    assert saved["email"] == "his@mueller.example"
    assert saved["phone"] == "+49 30 2222222"
    assert saved["business_name"] == "Müller KG"


async def test_keys_typed_before_the_question_is_seen_do_not_answer_it(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        put(form, email="my@mueller.example", display_name="Mueller")
        change(firm, client, email="his@mueller.example")
        for key in ("ctrl+s", "Y", "ctrl+s", "enter"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await wait_until(lambda: isinstance(pilot.app.screen, ConflictScreen) and not pilot.app.obeying)  # type: ignore[attr-defined]
        assert isinstance(pilot.app.screen, ConflictScreen)
        sides = pilot.app.screen.query_one(Sides)
        assert sides.chosen == {"display_name": True}
        await pilot.press("down", "ctrl+s")
        await wait_until(lambda: any("Choose theirs or yours: E-mail" in notice for notice in notices(pilot.app)))
        assert sides.current == "email"
        assert not answers
    assert named(firm, "Müller").values["email"] == "his@mueller.example"


async def test_what_is_saved_says_what_it_warns_of(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        theirs, yours = {"email": "his@m.example"}, {"email": "my@m.example", "phone": "12"}
        _form, _screen, answers = await _conflict(pilot, firm, theirs, yours)
        change(firm, named(firm, "Müller"), city="Berlin")
        await pilot.press("Y", "ctrl+s")
        await wait_until(lambda: answers)
        await wait_until(lambda: any("does not look like a phone number" in notice for notice in notices(pilot.app)))
        await wait_until(
            lambda: any(
                "u undoes it.\nLuis Ortega changed meanwhile, and it stays so: City" in notice
                for notice in notices(pilot.app)
            )
        )


async def test_your_own_other_window_is_not_someone_else(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        put(form, email="my@m.example")
        with at_work(firm, "ana") as session:
            clients.edit(session, client, {"email": "first@m.example", "city": "Berlin"})
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "You changed this client in another window on")
        await settled(pilot.app)  # keys that come before it is seen are forgotten
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is form)
        put(form, email=client.values["email"], phone="+49 30 1111111")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers == [client.id])
        sentence = "You changed in another window, and it stays so: E-mail, City"
        await wait_until(lambda: any(sentence in notice for notice in notices(pilot.app)))


async def test_what_another_window_of_yours_changed_is_said_whole_at_80_columns(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm, size=(80, 24)) as pilot:
        form, _answers = await open_form(pilot, client.id)
        with at_work(firm, "ana") as session:
            clients.edit(session, client, {"email": "first@m.example"})
        form.firm_changed()
        sentence = "You changed this client in another window; ctrl+s asks if the two clash."
        await wait_for(pilot.app, sentence)


async def test_their_side_for_everything_is_no_save(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        theirs, yours = {"email": "his@m.example"}, {"email": "my@m.example"}
        _form, _screen, answers = await _conflict(pilot, firm, theirs, yours)
        await pilot.press("T", "ctrl+s")
        await wait_until(lambda: answers)
        sentence = "Nothing was changed: Müller & Söhne GmbH says so already."
        await wait_until(lambda: notices(pilot.app) == [sentence])


async def test_enter_goes_to_what_is_open_and_says_how_it_is_chosen(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        theirs = {"email": "his@m.example", "phone": "+49 30 1111111"}
        yours = {"email": "my@m.example", "phone": "+49 30 2222222"}
        _form, screen, answers = await _conflict(pilot, firm, theirs, yours)
        sides = screen.query_one(Sides)
        first = sides.current
        await pilot.press("enter")
        await wait_until(lambda: "← takes theirs, → yours." in notices(pilot.app))
        assert (sides.current, dict(sides.chosen)) == (first, {})
        await pilot.press("right", "enter")
        await wait_until(lambda: sides.current != first)
        await pilot.press("left", "enter")
        await wait_until(lambda: "Every field is chosen; ctrl+s saves." in notices(pilot.app))
        assert not answers


@pytest.mark.parametrize(("key", "email"), [("T", "his@mueller.example"), ("Y", "my@mueller.example")])
async def test_one_key_takes_a_whole_side(firm: str, running: Running, key: str, email: str) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        theirs, yours = {"email": "his@mueller.example"}, {"email": "my@mueller.example"}
        _form, screen, answers = await _conflict(pilot, firm, theirs, yours)
        screen.query_one(Sides).take(["email"], key == "T")
        await pilot.press(key, "ctrl+s")
        await wait_until(lambda: answers == [client.id])
    assert named(firm, "Müller").values["email"] == email


async def test_what_changes_again_is_asked_again(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        theirs, yours = {"email": "his@mueller.example"}, {"email": "my@mueller.example"}
        _form, screen, answers = await _conflict(pilot, firm, theirs, yours)
        change(firm, named(firm, "Müller"), email="third@mueller.example", phone="+49 30 3333333")
        await pilot.press("Y", "ctrl+s")
        await wait_until(lambda: "third@mueller.example" in text_of(pilot.app))
        assert pilot.app.screen is screen
        await wait_for(pilot.app, "Phone: +49 30 2345678 → +49 30 3333333")
        await pilot.press("ctrl+s")  # what was chosen before was not between these two
        await wait_until(lambda: any("Choose theirs or yours: E-mail" in notice for notice in notices(pilot.app)))
        await pilot.press("Y", "ctrl+s")
        await wait_until(lambda: answers)
    saved = named(firm, "Müller").values
    assert (saved["email"], saved["phone"]) == ("my@mueller.example", "+49 30 3333333")


async def test_esc_goes_back_to_the_form_with_everything_typed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        form, _screen, answers = await _conflict(pilot, firm, {"email": "his@m.example"}, {"email": "my@m.example"})
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is form)
        assert line(form, "email").value == "my@m.example"
        assert not answers
    assert named(firm, "Müller").values["email"] == "his@m.example"


async def test_a_client_deleted_meanwhile_is_a_sentence(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        form, screen, _answers = await _conflict(pilot, firm, {"email": "his@m.example"}, {"email": "my@m.example"})
        client = named(firm, "Müller")
        with at_work(firm, "ana") as session:
            clients.delete(session, client)
        await pilot.press("Y", "ctrl+s")
        await wait_until(lambda: "Müller & Söhne GmbH was deleted by you." in notices(pilot.app))
        assert pilot.app.screen is screen
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is form)
        assert line(form, "email").value == "my@m.example"


async def test_a_refused_choice_keeps_both_sides(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        client = named(firm, "Müller")
        theirs = change(firm, client, email="his@m.example")
        yours = {"email": "no address", "display_name": "Mueller"}  # a form would not have let it pass
        screen = ConflictScreen(client, Stale(theirs, problem("stale", name="x")), yours)
        answers = await shown(pilot, screen, lambda: screen.query(Sides))
        await pilot.press("down")  # the key that comes before the question was laid out is forgotten
        await wait_until(lambda: not pilot.app.obeying)  # type: ignore[attr-defined]
        await pilot.press("Y", "ctrl+s")
        await wait_until(lambda: any("not an e-mail address" in notice for notice in notices(pilot.app)))
        assert pilot.app.screen is screen
        assert not answers


async def test_the_same_change_by_both_needs_no_choice(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        put(form, email="same@mueller.example")
        change(firm, client, email="same@mueller.example")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers == [client.id])


async def test_clicks_choose_too(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        _form, screen, _answers = await _conflict(pilot, firm, {"email": "his@m.example"}, {"email": "my@m.example"})
        sides = screen.query_one(Sides)
        await pilot.click(Sides, offset=(30, 1))
        await wait_until(lambda: sides.chosen == {"email": False})
        await pilot.click(Sides, offset=(70, 1))
        await wait_until(lambda: sides.yours == {"email"})


async def test_other_fields_merge_and_the_message_says_so(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        put(form, email="my@mueller.example")
        change(firm, client, phone="+49 30 1111111", city="Berlin")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers == [client.id])
        sentence = "Luis Ortega changed meanwhile, and it stays so: Phone, City"
        await wait_until(lambda: any(sentence in notice for notice in notices(pilot.app)))
    saved = named(firm, "Müller").values
    assert (saved["email"], saved["phone"], saved["city"]) == ("my@mueller.example", "+49 30 1111111", "Berlin")


async def test_a_rule_that_only_both_changes_break_says_that_it_is_the_two(firm: str, running: Running) -> None:
    client = change(firm, named(firm, "Müller"), tax_id="", country="US")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        await form.command_form_more()
        put(form, tax_id="12-3456789")
        change(firm, client, country="ES")
        await pilot.press("ctrl+s")
        sentence = "Each of the two changes is right, but not both together: Tax id “12-3456789” does not look like"
        await wait_until(lambda: sentence in " ".join(text_of(pilot.app).split()))
        assert not answers


async def test_a_rule_of_the_plan_that_both_break_says_that_yours_cannot_be_saved(firm: str, running: Running) -> None:
    client = change(firm, named(firm, "Müller"), subscription="QuickBooks Plus")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        await form.command_form_more()
        put(form, subscription="")
        with at_work(firm) as session:
            pricing_plan.put_on_plan(session, client.id, "QuickBooks Plus")
        await pilot.press("ctrl+s")
        await wait_words(pilot.app, "Yours cannot be saved as long as that is so: take theirs, or esc goes back to")
        assert not answers


async def test_a_client_made_inactive_meanwhile_asks(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        form, answers = await open_form(pilot, client.id)
        put(form, phone="+49 30 1111111")
        with at_work(firm) as session:
            clients.set_status(session, [client.id], False)
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ConflictScreen))
        await settled(pilot.app)  # keys before that are forgotten
        await wait_until(lambda: "was made inactive by Luis Ortega" in " ".join(text_of(pilot.app).split()))
        await pilot.press("ctrl+s")
        await wait_until(lambda: any("Choose theirs or yours: Phone" in notice for notice in notices(pilot.app)))
        await pilot.press("y", "ctrl+s")
        await wait_until(lambda: answers == [client.id])
    saved = named(firm, "Müller").values
    assert (saved["phone"], saved["status"]) == ("+49 30 1111111", "inactive")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_values_on_both_sides(firm: str, running: Running, name: str) -> None:
    client = named(firm, "Müller")
    theirs = plant(firm, client, display_name=name, notes=name * 2, city=name, business_name=name + "x")
    async with running(firm) as pilot:
        screen = ConflictScreen(
            client,
            Stale(theirs, problem("stale", name="x")),
            {"display_name": "Mine", "business_name": name, "city": "León"},
        )
        await pilot.app.push_screen(screen)
        await wait_until(lambda: screen.query(Sides) and "Luis Ortega" in text_of(pilot.app))
        await pilot.press("down")
        assert_clean(pilot.app)


def test_the_sides_are_what_differs_from_theirs() -> None:
    base = Client(1, 1, {"email": "a", "phone": "1", "city": "X"})
    theirs = Client(1, 2, {"email": "b", "phone": "1", "city": "Y"})
    sides = sides_of(BUILT_IN, base, theirs, {"phone": "2", "email": "c", "city": " Y "})
    assert [(side.field.name, side.theirs, side.yours, side.both) for side in sides] == [
        ("email", "b", "c", True),
        ("phone", "1", "2", False),
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_it_looks(
    firm: str, running: Running, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientdesk.ui.screens.save_conflict.local_time", lambda at: "2026-11-24 09:30")
    theirs = {"email": "his@mueller.example", "city": "Berlin", "business_name": "Müller und Söhne GmbH & Co. KG"}
    yours = {"email": "my@mueller.example", "display_name": "Mueller [/] Söhne", "business_name": "Müller KG, " * 9}
    async with running(firm, size=size) as pilot:
        await _conflict(pilot, firm, theirs, yours)
        await pilot.press("down")
        await assert_snapshot(pilot.app, f"conflict_{size[0]}x{size[1]}")

"""The form: what its keys do, what it says, and that nothing typed is lost."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from clientdesk.desk import clients, team
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import FORM_FIRST
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.help import HelpScreen
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.field_lines import Chooser, FieldLine, FixedLine, MoreHeader, TextLine
from tests.ui.conftest import Running
from tests.ui.forms import (
    HOSTILE,
    assert_clean,
    at_work,
    change,
    chooser,
    line,
    named,
    noticed,
    notices,
    open_form,
    plant,
    put,
    told,
)
from tests.ui.pressing import unanswered
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until
from tests.ui.slow_store import arrive, settled
from tests.ui.watching import quiet


async def _busy_for(pilot: Pilot[int], milliseconds: int) -> None:
    """How long the program waits for another one that writes."""
    gateway = pilot.app.gateway  # type: ignore[attr-defined]
    await gateway.call(lambda session: session.engine.sql(f"PRAGMA busy_timeout = {milliseconds}"))


async def test_adding_takes_what_was_typed_and_you_as_lead(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot)
        await wait_until(lambda: screen.focused is line(screen, "display_name").editor)
        put(screen, display_name="  New   Client ", email="new@client.example")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers)
        with at_work(firm) as session:
            values = clients.get(session, answers[0]).values
        assert (values["display_name"], values["email"]) == ("New Client", "new@client.example")
        assert (values["lead"], values["status"]) == ("Ana García", "active")
        await noticed(pilot.app, ["Saved: New Client. u undoes it."])


async def test_keys_typed_at_once_are_not_lost(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await pilot.press("a", "X", "y", "?")
        screen = pilot.app.screen
        assert isinstance(screen, ClientFormScreen)
        assert line(screen, "display_name").value == "Xy?"


async def test_a_refused_save_tells_all_errors_at_once_and_goes_to_the_first(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot)
        put(screen, email="not an address", display_name=" ")
        await pilot.press("ctrl+s")
        await wait_until(lambda: told(screen, "email"))
        assert told(screen, "display_name") == "Display name is required."
        assert told(screen, "email").startswith("“not an address” is not an e-mail address")
        await wait_until(lambda: screen.focused is line(screen, "display_name").editor)
        assert not answers
        assert line(screen, "email").value == "not an address"


async def test_the_closed_part_opens_for_an_error_in_it(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        await pilot.press("f2")
        await wait_until(lambda: screen.focused is line(screen, "client_number").editor)
        put(screen, display_name="New", client_number="c-00001", fiscal_year_end="13-40")
        await pilot.press("f2")
        await wait_until(lambda: isinstance(screen.focused, MoreHeader))
        assert "3 fields filled in" not in text_of(pilot.app)
        await wait_for(pilot.app, "2 fields filled in")
        await pilot.press("ctrl+s")
        await wait_until(lambda: screen.focused is line(screen, "client_number").editor)
        assert (
            told(screen, "client_number")
            == "Client number c-00001 belongs to “Construcciones Íñigo SL”. Choose another one."
        )
        assert "MM-DD" in told(screen, "fiscal_year_end")


async def test_warnings_are_told_in_words_and_do_not_stop(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot)
        put(screen, display_name="[ACME] Ltd", phone="+1")
        await pilot.press("down")
        await wait_until(lambda: told(screen, "display_name"))
        assert told(screen, "display_name") == "Warning: Another client is called “[ACME] Ltd” (C-00021)."
        assert told(screen, "phone") == ""
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers)
        await noticed(
            pilot.app,
            [
                "Saved: [ACME] Ltd. u undoes it.\nWarning: Phone “+1” does not look like a phone number. Check its digits."
            ],
        )


async def test_what_is_wrong_is_told_when_the_field_is_left_and_goes_when_it_is_mended(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Mapping[str, str]] = []
    check = clients.check

    def noted(session: Session, values: Mapping[str, str], client_id: int | None) -> Any:
        checked.append(values)
        return check(session, values, client_id)

    monkeypatch.setattr(clients, "check", noted)
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        line(screen, "email").editor.focus()
        put(screen, email="ana@")
        await wait_until(lambda: any(values["email"] == "ana@" for values in checked))
        await quiet(pilot)
        assert told(screen, "email") == ""
        await pilot.press("tab")
        await wait_until(lambda: told(screen, "email"))
        put(screen, email="ana@example.org")
        await wait_until(lambda: not told(screen, "email"))


async def test_enter_and_arrows_walk_through_the_fields(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        await pilot.press("enter", "down")
        await wait_until(lambda: screen.focused is line(screen, "client_type").editor)
        await pilot.press("up")
        await wait_until(lambda: screen.focused is line(screen, "business_name").editor)


async def test_a_choice_opens_with_enter_and_goes_on_to_the_next_field(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        chooser(screen, "client_type").focus()
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose))
        await pilot.press("t", "enter")
        await wait_until(lambda: pilot.app.screen is screen)
        assert chooser(screen, "client_type").value == "Trust"
        await wait_until(lambda: screen.focused is line(screen, "lead").editor)


def test_a_choice_that_is_gone_is_still_shown() -> None:
    gone = Chooser("Trust", [("", "None"), ("Business", "Business")])
    assert gone.choices[-1] == ("Trust", "Trust")
    assert Chooser("", [("", "None")]).choices == [("", "None")]


async def test_a_lead_who_was_made_inactive_meanwhile_is_an_error_below_the_field(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot)
        put(screen, display_name="New")
        chooser(screen, "lead").choose("Jürgen Müller")
        with at_work(firm, "ana") as session:
            juergen = team.member_by_key(session, "juergen")
            team.deactivate_member(session, juergen.id, everyone_to="")
        await pilot.press("ctrl+s")
        await wait_until(lambda: told(screen, "lead"))
        assert (
            told(screen, "lead")
            == "There is no active team member “Jürgen Müller”. Name one who is, or leave it empty."
        )
        assert not answers


async def test_leaving_an_untouched_form_asks_nothing(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        _screen, answers = await open_form(pilot, named(firm, "Müller").id)
        await pilot.press("escape")
        await wait_until(lambda: answers == [None])


async def test_leaving_a_changed_form_asks_and_keeps_by_default(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot)
        put(screen, display_name="Half a na")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused)
        await wait_for(pilot.app, "Leave without saving?")
        await wait_for(pilot.app, "Not saved: Display name")
        await pilot.press("enter")
        await wait_until(lambda: pilot.app.screen is screen)
        assert line(screen, "display_name").value == "Half a na"
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused)
        await pilot.press("right", "enter")
        await wait_until(lambda: answers == [None])


async def test_saving_without_a_change_just_leaves(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot, client.id)
        put(screen, email=client.values["email"] + "  ")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers == [None])
    assert named(firm, "Müller").version == client.version


async def test_only_what_was_changed_is_written(firm: str, running: Running) -> None:
    client = named(firm, "Fundación")
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot, client.id)
        await pilot.press("f2")
        await wait_until(lambda: screen.query("#field-notes"))
        put(screen, notes="First line\n\nthird line", city="León")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers == [client.id])
    saved = named(firm, "Fundación")
    assert {name for name in saved.values if saved.values[name] != client.values[name]} == {"notes", "city"}
    assert saved.values["notes"] == "First line\n\nthird line"


async def test_a_save_while_another_program_writes_keeps_what_was_typed(firm: str, running: Running) -> None:
    other = sqlite3.connect(firm, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        async with running(firm) as pilot:
            screen, answers = await open_form(pilot)
            await _busy_for(pilot, 50)
            put(screen, display_name="Patient")
            await pilot.press("ctrl+s")
            await wait_until(
                lambda: any(notice.startswith("Another program is writing to") for notice in notices(pilot.app))
            )
            assert line(screen, "display_name").value == "Patient"
            other.execute("ROLLBACK")
            await pilot.press("ctrl+s")
            await wait_until(lambda: answers)
    finally:
        other.close()


async def test_a_save_that_fails_unforeseen_is_told_and_the_text_stays(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("injected")

    monkeypatch.setattr(clients, "save", fails)
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        put(screen, display_name="New Client")
        await pilot.press("ctrl+s")
        await wait_until(lambda: "Something went wrong" in text_of(pilot.app))
        assert line(screen, "display_name").value == "New Client"


async def test_nothing_is_left_or_changed_while_it_is_saved(firm: str, running: Running) -> None:
    saving = "One moment: it is being saved."
    other = sqlite3.connect(firm, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        async with running(firm) as pilot:
            screen, answers = await open_form(pilot)
            put(screen, display_name="Quick")
            with unanswered():
                await pilot.press("ctrl+s")
            await wait_until(lambda: screen.is_saving)
            for key in ("escape", "ctrl+q"):
                pilot.app.clear_notifications()
                arrive(pilot.app, key)
                await wait_until(lambda: saving in notices(pilot.app))
            pilot.app.clear_notifications()
            chooser = line(screen, "client_type").editor.region
            for press in (events.MouseDown, events.MouseUp):
                pilot.app.post_message(press(None, chooser.x, chooser.y, 0, 0, 1, False, False, False))
            await wait_until(lambda: saving in notices(pilot.app))
            assert pilot.app.screen is screen
            other.execute("ROLLBACK")
            await wait_until(lambda: answers)
    finally:
        other.close()
    assert named(firm, "Quick")


async def test_what_was_typed_for_a_client_deleted_meanwhile_can_be_copied(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot, client.id)
        put(screen, email="late@mueller.example")
        with at_work(firm, "ana") as session:
            clients.delete(session, client)
        await pilot.press("ctrl+s")
        await wait_until(lambda: "Müller & Söhne GmbH was deleted by you." in text_of(pilot.app))
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await settled(pilot.app)  # keys that come before it is seen are forgotten
        await pilot.press("right", "enter")
        await wait_until(lambda: notices(pilot.app) == ["Sent to the terminal's clipboard: E-mail"])
        assert pilot.app.clipboard == "E-mail: late@mueller.example"
        assert line(screen, "email").value == "late@mueller.example"
        assert not answers


async def test_a_client_that_is_gone_opens_no_form(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        answers: list[int | None] = []
        await pilot.app.push_screen(ClientFormScreen(999), answers.append)
        await wait_until(lambda: answers == [None])
        await wait_until(lambda: notices(pilot.app) == ["This client was deleted meanwhile."])


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_is_stripped_or_refused_when_it_is_pasted(firm: str, running: Running, name: str) -> None:
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot)
        await pilot.press("f2")
        await wait_until(lambda: screen.query("#field-notes"))
        for field in ("display_name", "notes", "client_number"):
            line(screen, field).editor.post_message(events.Paste(f"{name}\n{name}"))
        await wait_until(lambda: all(line(screen, each).value for each in ("display_name", "notes", "client_number")))
        assert "\n" in line(screen, "notes").value
        assert_clean(pilot.app)
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers or told(screen, "client_number") or told(screen, "display_name"))
        assert_clean(pilot.app)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_client_can_be_edited(firm: str, running: Running, name: str) -> None:
    client = named(firm, "Müller")
    plant(firm, client, display_name=name, notes=name, city=name, lead="Luis Ortega")
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot, client.id)
        await pilot.press("f2")
        await wait_until(lambda: screen.query("#field-notes"))
        assert_clean(pilot.app)
        assert not screen.unsaved()
        put(screen, region="Somewhere")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers == [client.id])
        assert_clean(pilot.app)


async def test_every_field_of_the_catalogue_has_its_line(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        await pilot.press("f2")
        await wait_until(lambda: len(screen.query(FieldLine)) > len(FORM_FIRST))
        names = [widget.field.name for widget in screen.query(FieldLine)]
        assert names[: len(FORM_FIRST)] == list(FORM_FIRST)
        assert sorted(names) == sorted(field.name for field in BUILT_IN.new_fields)
        assert all(isinstance(widget.editor, TextLine) or not widget.field.hint for widget in screen.query(FieldLine))


async def test_of_a_client_that_is_there_the_form_points_to_the_plan(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), primary_admin="requested", subscription="plus", billed_to="firm")
    async with running(firm) as pilot:
        screen, answers = await open_form(pilot, named(firm, "Müller").id)
        await pilot.press("f2")
        await wait_until(lambda: len(screen.query(FieldLine)) > len(FORM_FIRST))
        assert sorted(widget.field.name for widget in screen.query(FieldLine)) == sorted(
            field_of_client.name for field_of_client in BUILT_IN.form_fields
        )
        for fixed, value in zip(screen.query(FixedLine), ("Firm's plan", "Firm (hand-over requested)"), strict=True):
            text = " ".join(str(widget.render()) for widget in fixed.query(Static))
            assert value in text
            assert "Use the preferred pricing plan." in text
        put(screen, city="Vigo")
        await pilot.press("ctrl+s")
        await wait_until(lambda: bool(answers))
    assert named(firm, "Müller").values["primary_admin"] == "requested"


async def test_f1_shows_the_keys_and_a_question_mark_is_a_letter(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        await pilot.press("question_mark", "f1")
        await wait_until(lambda: line(screen, "display_name").value == "?")
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_ctrl_q_asks_for_a_changed_form(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        put(screen, display_name="Half")
        await pilot.press("ctrl+q")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))


async def test_the_focused_field_and_its_error_are_in_view(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        await pilot.press("f2")
        await wait_until(lambda: screen.query("#field-fiscal-year-end"))
        put(screen, display_name="New", fiscal_year_end="99-99")
        await pilot.press("ctrl+s")
        await wait_until(lambda: screen.focused is line(screen, "fiscal_year_end").editor)
        await wait_until(lambda: "“99-99” is no year's end." in text_of(pilot.app))
        await wait_for(pilot.app, "99-99")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_it_looks(firm: str, running: Running, size: tuple[int, int]) -> None:
    client = change(firm, named(firm, "Construcciones Íñigo"), city="Bilbao", country="ES", subscription="plus")
    async with running(firm, size=size) as pilot:
        screen, _answers = await open_form(pilot, client.id)
        put(screen, email="hola@", display_name="Smith [/] Co")
        if size[0] > 80:
            await pilot.press("f2")
            await wait_until(lambda: screen.query("#field-notes"))
        await pilot.press("ctrl+s")
        await wait_until(lambda: told(screen, "email") and told(screen, "display_name"))
        await wait_until(lambda: screen.focused is line(screen, "email").editor)
        await assert_snapshot(pilot.app, f"form_{size[0]}x{size[1]}")


async def test_the_field_that_is_typed_in_stays_in_sight_where_there_is_less_room(firm: str, running: Running) -> None:
    client = named(firm, "Müller")
    async with running(firm, size=(80, 24)) as pilot:
        form, _answers = await open_form(pilot, client.id)
        await pilot.press("f2")
        lines, more = form.query_one("#form"), form.query_one("#more")
        await wait_until(lambda: form.focused and more in form.focused.ancestors)  # f2 goes to the first of them
        country = line(form, "country").editor
        country.focus()

        def is_low_down() -> bool:
            lines.scroll_to_widget(country, animate=False)
            return form.focused is country and lines.region.contains_region(country.region)

        await wait_until(is_low_down)
        await pilot.resize_terminal(80, 10)
        await wait_until(lambda: lines.region.height == 8 and lines.region.contains_region(country.region), 20)

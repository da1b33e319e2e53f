"""Questions with two answers: the safe one has the focus, two keys answer, and what is typed is never an answer."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button

from clientdesk.domain.access import Access
from clientdesk.domain.deletion import conditions
from clientdesk.ui.screens.ask_path import PathDialog
from clientdesk.ui.screens.delete_client import DeleteDialog
from clientdesk.ui.screens.dialogs import SAFE, Ask, Confirm, Discard
from clientdesk.ui.screens.handover import HandOverDialog
from clientdesk.ui.screens.login_grant import SqlDialog
from clientdesk.ui.screens.member_form import MemberForm
from clientdesk.ui.widgets.line_input import LineInput
from tests.ui.conftest import Running
from tests.ui.forms import change, named, shown
from tests.ui.screen import text_of, wait_for, wait_until
from tests.ui.slow_store import settled


async def asked(pilot: Pilot[int], dialog: Screen[Any]) -> list[Any]:
    """The dialog has the focus; the list gets its answer."""
    await wait_for(pilot.app, "8 of 9 clients")
    return await shown(pilot, dialog, lambda: dialog.focused)


def confirm() -> Confirm:
    return Confirm("Leave the house?", yes="Leave", no="Stay")


@pytest.mark.parametrize("make", [confirm, Discard, lambda: Confirm("Really?", yes="Delete", danger=True)])
@pytest.mark.parametrize(
    ("key", "answer"), [("enter", False), ("n", False), ("escape", False), ("y", True), ("right,enter", True)]
)
async def test_the_safe_answer_has_the_focus_and_two_keys_answer(
    firm: str, running: Running, make: Callable[[], Confirm], key: str, answer: bool
) -> None:
    async with running(firm) as pilot:
        answers = await asked(pilot, make())
        await wait_until(lambda: pilot.app.focused is pilot.app.screen.query_one(f"#{SAFE}"))
        await pilot.press(*key.split(","))
        await wait_until(lambda: answers == [answer])


async def test_the_buttons_name_their_keys(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await asked(pilot, Discard("Not saved: Notes"))
        await wait_for(pilot.app, "Leave without saving?", "n Keep editing", "y Discard changes")


@pytest.mark.parametrize(
    ("met", "key", "answer"),
    [(True, "y", "delete"), (True, "n", ""), (True, "enter", ""), (False, "y", "deactivate"), (False, "n", "")],
)
async def test_the_two_answers_about_deleting(firm: str, running: Running, met: bool, key: str, answer: str) -> None:
    client = named(firm, "Smith")
    if not met:
        client = change(firm, client, primary_admin="firm", subscription="plus", billed_to="firm")
    async with running(firm) as pilot:
        answers = await asked(pilot, DeleteDialog(client, conditions(Access.PRIMARY_ADMIN, client.values), True))
        await pilot.press(key)
        await wait_until(lambda: answers == [answer])


async def test_where_there_is_one_answer_y_is_none(firm: str, running: Running) -> None:
    client = named(firm, "Smith")
    async with running(firm) as pilot:
        dialog = DeleteDialog(client, conditions(Access.BASIC, client.values), False)
        answers = await asked(pilot, dialog)
        await pilot.press("y", "n")
        await settled(pilot.app)
        assert pilot.app.screen is dialog
        await pilot.press("enter")
        await wait_until(lambda: answers == [""])


async def test_the_sql_is_closed_with_n_and_copied_with_y(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        answers = await asked(pilot, SqlDialog("Done.", "GRANT x TO y;"))
        await pilot.press("y")
        await wait_until(lambda: pilot.app.clipboard == "GRANT x TO y;")
        await pilot.press("n")
        await wait_until(lambda: answers == [None])


async def _unwritten(path: str, overwrite: bool) -> None:
    raise AssertionError(path)


@pytest.mark.parametrize("make", [lambda: Ask("Name?"), lambda: PathDialog("Where?", "", _unwritten)])
async def test_y_and_n_typed_into_a_text_are_letters(
    firm: str, running: Running, make: Callable[[], Screen[Any]]
) -> None:
    async with running(firm) as pilot:
        answers = await asked(pilot, make())
        await pilot.press("y", "n")
        await wait_until(lambda: getattr(pilot.app.focused, "value", None) == "yn")
        assert answers == []
        await pilot.press("escape")
        await wait_until(lambda: answers == [None])


async def test_on_the_buttons_of_a_form_they_answer(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        answers = await asked(pilot, Ask("Name?", "Peña"))
        pilot.app.screen.query_one("#yes", Button).focus()
        await pilot.press("y")
        await wait_until(lambda: answers == ["Peña"])


@pytest.mark.parametrize(("key", "left"), [("y", True), ("n", False), ("enter", False)])
async def test_a_members_form_asks_before_changes_are_lost(firm: str, running: Running, key: str, left: bool) -> None:
    async with running(firm) as pilot:
        form = MemberForm(None)
        answers = await asked(pilot, form)
        await pilot.press(*"Eva", "escape")
        await wait_for(pilot.app, "Leave without saving?")
        await wait_for(pilot.app, "Not saved: Name")
        await pilot.press(key)
        await wait_until(lambda: pilot.app.screen is not form if left else pilot.app.screen is form)
        await settled(pilot.app)
        await wait_until(lambda: answers == ([None] if left else []))


def undeletable(firm: str) -> DeleteDialog:
    client = change(firm, named(firm, "Smith"), primary_admin="firm", subscription="plus", billed_to="firm")
    return DeleteDialog(client, conditions(Access.BASIC, client.values), True, "It is marked and outside this list.")


def long_question(firm: str) -> Confirm:
    return Confirm("Really? " * 12, "A word. " * 60 + "The end of it.", yes="Do it")


@pytest.mark.parametrize(
    ("make", "shown_always", "last"),
    [
        (undeletable, ("Smith [/] Co cannot be deleted", "n Close", "y Deactivate instead"), "keeps everything."),
        (long_question, ("Really?", "n Cancel", "y Do it"), "end of it."),
        (lambda _firm: SqlDialog("Done.", "GRANT x TO y;\n" * 20 + "-- the end"), ("Done.", "n Close"), "-- the end"),
        (lambda _firm: HandOverDialog(), ("Not now", "Accept the role", "Decline"), "next start."),
    ],
)
async def test_in_a_low_terminal_the_text_scrolls_and_the_buttons_stay(
    firm: str,
    running: Running,
    make: Callable[[str], Screen[Any]],
    shown_always: tuple[str, ...],
    last: str,
) -> None:
    dialog = make(firm)
    async with running(firm, size=(40, 12)) as pilot:
        await wait_for(pilot.app, "9 clients")
        await shown(pilot, dialog, lambda: dialog.focused)
        await wait_for(pilot.app, *shown_always)
        if not isinstance(dialog, HandOverDialog):  # of which all has room
            await wait_for(pilot.app, "↓ more")
            await pilot.press("down")
            await wait_for(pilot.app, "↑")
        await pilot.press("end")
        await wait_for(pilot.app, last)
        await wait_until(lambda: "↓" not in text_of(pilot.app))
        await wait_for(pilot.app, *shown_always)


async def test_of_a_text_longer_than_its_line_the_part_with_the_cursor_is_seen(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "9 clients")
        dialog = Ask("Which days?", "begins " + "x" * 90 + " ends")
        await shown(pilot, dialog, lambda: dialog.focused)
        await wait_for(pilot.app, "xx ends")
        line = dialog.query_one(LineInput)
        with_focus = line.background_colors
        await pilot.press("tab")
        await wait_for(pilot.app, "begins xx")
        await wait_until(lambda: line.background_colors != with_focus)
        await pilot.press("shift+tab")
        await wait_for(pilot.app, "xx ends")


async def test_in_a_low_terminal_the_field_with_the_focus_is_seen(firm: str, running: Running) -> None:
    async with running(firm, size=(40, 12)) as pilot:
        await wait_for(pilot.app, "9 clients")
        await pilot.press("m", "a")
        await wait_until(lambda: isinstance(pilot.app.screen, MemberForm))
        await wait_for(pilot.app, "↓ more")
        await wait_for(pilot.app, "Name", "Cancel", "Save")
        await pilot.press("enter", "enter", "enter")
        await wait_for(pilot.app, "Access")
        await wait_for(pilot.app, "Cancel", "Save")

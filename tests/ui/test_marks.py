"""Marked clients: what will happen to them is said before it happens, also to those that cannot be seen."""

import threading
from collections.abc import Callable, Sequence
from typing import cast

import pytest
from textual import events
from textual.pilot import Pilot

from clientdesk.desk import chosen_clients, client_status, clients
from clientdesk.desk.client_status import StatusChange
from clientdesk.desk.records import Standing
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.screens import clients_marks, long_work
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.delete_client import DeleteDialog
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.download import Download
from tests.ui.conftest import Running
from tests.ui.forms import at_work, change, named, notices
from tests.ui.people import told
from tests.ui.screen import lines_of, text_of, wait_for, wait_until

ACTIVE = ("Müller", "Smith", "[ACME]")
"""Three active clients of the firm; Zoë is the inactive one."""


async def the_list(pilot: Pilot[int]) -> ClientList:
    screen = cast(ClientList, pilot.app.screen_stack[0])
    await wait_for(pilot.app, " of 9 clients")
    await wait_until(lambda: screen.table.rows.current is not None)
    return screen


async def mark(pilot: Pilot[int], firm: str, *names: str) -> ClientList:
    """Marks the clients whose names begin so, with the key, each where the list shows it."""
    screen = await the_list(pilot)
    for name in names:
        client = named(firm, name)
        screen.shown.filter_by(
            filters=ClientQuery().with_value("status", "active" if client.active else "inactive").filters
        )
        screen.table.rows.read_again(FirmChange(row_id=client.id))
        await wait_until(lambda client=client: getattr(screen.table.rows.current, "id", None) == client.id)  # type: ignore[misc]
        await pilot.press("space")
        await wait_until(lambda client=client: client.id in screen.table.rows.marks)  # type: ignore[misc]
    return screen


def footer(pilot: Pilot[int]) -> str:
    return lines_of(pilot.app)[-1]


def status(pilot: Pilot[int]) -> str:
    return lines_of(pilot.app)[-2]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_marks_that_cannot_be_seen_are_told(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        screen = await mark(pilot, firm, *ACTIVE, "Zoë")  # the list shows the inactive ones now
        await wait_for(pilot.app, "4 marked, 3 outside this list")
        assert "x Deactivate 3 marked" in footer(pilot)
        await pilot.press("x")
        await wait_for(pilot.app, "Deactivate 3 clients?")
        await wait_for(pilot.app, "All 3 are outside this list.")
        await wait_for(pilot.app, "1 marked client is inactive already and stays as it is.", *ACTIVE)
        await wait_until(lambda: pilot.app.focused is pilot.app.screen.query_one("#no"))
        await pilot.press("y")
        await told(pilot, "3 clients are inactive now.")
        assert not screen.table.rows.marks
        await wait_until(lambda: "x Activate" in footer(pilot) and "marked" not in footer(pilot))
    assert [named(firm, name).active for name in (*ACTIVE, "Zoë")] == [False] * 4


async def test_some_are_outside_the_view(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, *ACTIVE)
        screen.shown.filter_by(find="smith")
        await wait_for(pilot.app, "3 marked, 2 outside this list")
        await pilot.press("x")
        await wait_for(pilot.app, "2 of them are outside this list.")
        await pilot.press("n")
        await wait_until(lambda: pilot.app.screen is screen)
        assert len(screen.table.rows.marks) == 3


async def test_the_footer_follows_marks_and_filters(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        screen = await mark(pilot, firm, "Zoë")
        await wait_until(lambda: "x Activate 1 marked" in footer(pilot))
        assert "e Edit 1 marked" in footer(pilot)
        assert "y Copy 1 marked" in footer(pilot)
        await mark(pilot, firm, "Smith")
        await wait_until(lambda: "x Deactivate 1 marked" in footer(pilot))
        await wait_for(pilot.app, "2 marked, 1 outside this list")
        assert "e Edit" not in footer(pilot)  # which of the two could not be told
        assert "E Change 2 marked" in footer(pilot)
        assert "enter Open this one" in footer(pilot)
        await pilot.press("space")
        await pilot.press("U")
        await wait_until(lambda: "x Deactivate" in footer(pilot) and "marked" not in text_of(pilot.app))
        assert not screen.table.rows.marks


async def test_what_a_colleague_does_shows_in_footer_and_status(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, "Müller", "Smith")
        assert "x Deactivate 2 marked" in footer(pilot)
        with at_work(firm) as session:
            clients.set_status(session, [named(firm, "Müller").id], False)
        screen.firm_changed()
        await wait_for(pilot.app, "2 marked, 1 outside this list")
        await wait_until(lambda: "x Deactivate 1 marked" in footer(pilot))
        with at_work(firm, "ana") as session:
            smith = named(firm, "Smith")
            clients.delete(session, smith)
        screen.firm_changed()
        await wait_for(pilot.app, "2 marked, 1 outside this list, 1 deleted")
        await wait_until(lambda: "x Activate 1 marked" in footer(pilot))
        await pilot.press("x")
        await wait_for(pilot.app, "Activate Müller & Söhne GmbH?")
        await wait_for(pilot.app, "1 marked client was deleted meanwhile and is left out.")


async def test_only_those_of_the_question_are_changed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, *ACTIVE, "Zoë")
        await pilot.press("x")
        await wait_for(pilot.app, "Deactivate 3 clients?")
        with at_work(firm) as session:  # while the question stands
            clients.set_status(session, [named(firm, "Zoë").id], True)
            clients.set_status(session, [named(firm, "Smith").id], False)
        await pilot.press("y")
        await told(pilot, "2 clients are inactive now. 1 was changed or deleted meanwhile.")
        screen.table.rows.mark(named(firm, name).id for name in ("Müller", "Smith"))
        await pilot.press("x")
        await wait_for(pilot.app, "Activate 2 clients?")
        with at_work(firm) as session:
            clients.set_status(session, [named(firm, name).id for name in ACTIVE], True)
        await pilot.press("y")
        await told(pilot, "No client was activated: all 2 were changed or deleted meanwhile.")
        with at_work(firm) as session:
            clients.set_status(session, [named(firm, name).id for name in ACTIVE], False)
    assert named(firm, "Zoë").active
    assert not named(firm, "Müller").active


async def test_a_single_one_that_a_colleague_had_changed_already(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await mark(pilot, firm, "Smith")
        await pilot.press("x")
        await wait_for(pilot.app, "Deactivate Smith [/] Co?")
        with at_work(firm) as session:
            clients.set_status(session, [named(firm, "Smith").id], False)
        await pilot.press("y")
        await told(pilot, "Smith [/] Co was inactive already.")


async def test_the_marked_one_is_deleted_and_edited_not_the_cursors(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, "Smith")
        screen.table.rows.move_to(0)
        await wait_until(lambda: screen.table.rows.cursor_id != named(firm, "Smith").id)
        await pilot.press("D")
        await wait_until(lambda: isinstance(pilot.app.screen, DeleteDialog))
        await wait_for(pilot.app, "Delete Smith [/] Co permanently?")
        await wait_for(pilot.app, "It is the marked client; the cursor is on another one.")
        await pilot.press("n")
        await wait_until(lambda: pilot.app.screen is screen and not screen.under_way)
        await pilot.press("e")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))
        assert cast(ClientFormScreen, pilot.app.screen).client_id == named(firm, "Smith").id
        await told(pilot, "It is the marked client; the cursor is on another one.")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen and not screen.under_way)
        await pilot.press("x")
        await wait_for(pilot.app, "Deactivate Smith [/] Co?")
        await wait_for(pilot.app, "It is the marked client; the cursor is on another one.")


async def test_a_mark_in_an_empty_view_leaves_in_the_footer_what_acts_on_it(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, "Smith")
        screen.shown.filter_by(find="nobody")
        await wait_for(pilot.app, "1 marked, 1 outside this list")
        await wait_until(lambda: "Open" not in footer(pilot) and "space Mark" not in footer(pilot))
        assert "x Deactivate 1 marked" in footer(pilot)
        await pilot.press("e")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))
        await told(pilot, "It is marked and outside this list.")


async def test_an_empty_view_without_marks_offers_nothing_that_needs_a_client(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        assert all(words in footer(pilot) for words in ("enter Open", "e Edit", "space Mark", "x Deactivate"))
        screen.shown.filter_by(find="nobody")
        idle = ("Open", "Edit", "Mark", "Deactivate", "Delete", "Copy")
        await wait_until(lambda: not any(words in footer(pilot) for words in idle))
        assert "a Add" in footer(pilot)


async def test_for_one_client_several_marks_are_too_many(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, "Smith", "Müller")
        await pilot.press("e")
        await told(pilot, "2 clients are marked, and “Edit” is for one. U takes the marks away.")
        assert pilot.app.screen is screen


async def test_y_copies_the_marked_clients(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await mark(pilot, firm, "Smith", "Müller", "Zoë")
        await pilot.press("y")
        await told(pilot, "clipboard: 3 clients: Müller & Söhne GmbH, Smith [/] Co, Zoë Lefèvre")
        assert pilot.app.clipboard == (
            "C-00003\tMüller & Söhne GmbH\tinfo@mueller.example\n"
            "C-00020\tSmith [/] Co\tsmith@co.example\n"
            "C-00030\tZoë Lefèvre\tzoe@lefevre.example"
        )


async def test_the_download_says_who_is_not_seen(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await mark(pilot, firm, "Smith", "Müller", "Zoë")
        await pilot.press("d")
        await wait_until(lambda: isinstance(pilot.app.screen, Download))
        await wait_for(pilot.app, "3 clients, 2 of them outside this list")


async def test_esc_takes_marks_away_where_nothing_else_is_to_be_cleared(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await mark(pilot, firm, "Smith")
        await wait_until(lambda: status(pilot).endswith("esc unmarks"))
        await pilot.press("escape")
        await wait_until(lambda: not screen.table.rows.marks)
        await wait_until(lambda: "esc" not in status(pilot))


async def test_nothing_to_unmark_is_a_sentence(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.press("U")
        await told(pilot, "No client is marked. space marks one.")


async def test_the_buttons_stay_on_the_screen_with_all_there_is_to_say(firm: str, running: Running) -> None:
    long = "山田 " * 40
    with at_work(firm) as session:
        made = [clients.add(session, {"display_name": f"{long}{number}"}).id for number in range(8)]
        gone = clients.add(session, {"display_name": "Gone"})
    with at_work(firm, "ana") as session:
        clients.delete(session, gone)
    async with running(firm) as pilot:
        screen = cast(ClientList, pilot.app.screen_stack[0])
        await wait_for(pilot.app, "of 17 clients")
        screen.table.rows.mark({*made, gone.id, named(firm, "Zoë").id})
        screen.shown.filter_by(find="山田 3")
        screen.table.focus()
        await pilot.press("x")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        for words in (
            "Deactivate 8 clients?",
            "and 3 more",
            "of them are outside this list",
            "inactive already",
            "deleted",
            "y Deactivate",
        ):
            await wait_for(pilot.app, words)
        assert not notices(pilot.app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_that_match_are_marked_until_the_question_is_asked(
    firm: str, running: Running, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        screen = await the_list(pilot)
        await pilot.press("asterisk")
        await wait_for(pilot.app, "8 marked")
        await pilot.press("space")  # the cursor's client is taken out
        await wait_for(pilot.app, "7 marked")
        left_out = screen.rows.row_at(0)
        assert left_out is not None
        screen.shown.filter_by(find="müller")
        await wait_for(pilot.app, "outside this list")
        with at_work(firm) as session:
            clients.add(session, {"display_name": "Müller the late one"})
        screen.firm_changed()
        await wait_for(pilot.app, "Müller the late one", "8 marked")
        change(firm, named(firm, "Smith"), city="Vigo")
        await pilot.press("x")
        await wait_for(pilot.app, "Deactivate 8 clients?", "and 3 more", "are outside this list.")
        await wait_until(lambda: pilot.app.focused is pilot.app.screen.query_one("#no"))
        with at_work(firm) as session:
            clients.add(session, {"display_name": "Müller the later one"})
        await pilot.press("y")
        await told(pilot, "8 clients are inactive now.")
    assert not named(firm, "Müller the late one").active
    assert named(firm, "Müller the later one").active, "who comes to match after the question is not touched"
    with at_work(firm) as session:
        assert clients.get(session, left_out.id).active


async def test_the_others_and_a_range(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        first = screen.rows.cursor_id
        await pilot.press("space", "tilde")
        await wait_for(pilot.app, "7 marked")
        assert first not in screen.rows.marks
        await pilot.press("U", "g", "V", "down", "down")
        await wait_for(pilot.app, "range of 3", "esc gives up")
        await pilot.press("escape")
        await wait_until(lambda: "range" not in text_of(pilot.app))
        assert not screen.rows.marks
        await pilot.press("V", "G")
        await wait_for(pilot.app, "range of 6")
        await pilot.press("space")
        await wait_for(pilot.app, "6 marked")
        await pilot.press("U", "g", "space", "V", "down", "down")
        await wait_for(pilot.app, "1 marked, range of 3", "x Deactivate 4 marked", "E Change 4 marked")
        await pilot.press("escape", "U", "G", "V", "up", "x")  # a command acts on the range that is seen as marked
        await wait_for(pilot.app, "Deactivate 2 clients?")
        await pilot.press("n")
        await wait_until(lambda: pilot.app.screen is screen and len(screen.rows.marks) == 2)


async def test_while_it_is_counted_who_is_outside_no_number_is_said(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, standing = threading.Event(), chosen_clients.standing

    def counted(session: Session, client_ids: Sequence[int], query: ClientQuery | None = None) -> Standing:
        assert counts.wait(60)
        return standing(session, client_ids, query)

    monkeypatch.setattr(chosen_clients, "standing", counted)
    monkeypatch.setattr(clients_marks, "PIECE", 2)
    counts.set()
    async with running(firm, size=(120, 24)) as pilot:
        screen = await the_list(pilot)
        counts.clear()
        await pilot.press("asterisk")
        await wait_for(pilot.app, "8 marked, … outside this list")
        await wait_until(lambda: "x Deactivate " in footer(pilot) and "Deactivate 8" not in footer(pilot))
        counts.set()
        await wait_until(lambda: "x Deactivate 8 marked" in footer(pilot) and "outside" not in status(pilot))
        screen.shown.filter_by(find="smith")
        await wait_for(pilot.app, "8 marked, 7 outside this list")
        counts.clear()
        screen.shown.filter_by(find="")
        await wait_for(pilot.app, "8 marked, … outside this list")
        assert "x Deactivate 8 marked" in footer(pilot), "another list changes nothing in what happens to them"
        counts.set()
        await wait_until(lambda: "8 marked" in status(pilot) and "outside" not in status(pilot))
        counts.clear()
        screen.firm_changed(BY_YOU)
        await wait_for(pilot.app, "8 marked, … outside this list")
        await wait_until(lambda: "Deactivate 8" not in footer(pilot))
        counts.set()
        await wait_until(lambda: "x Deactivate 8 marked" in footer(pilot))


async def test_a_change_of_many_shows_how_far_it_is_and_can_be_stopped(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_half, may_end = threading.Event(), threading.Event()

    def change(
        session: Session,
        client_ids: Sequence[int],
        active: bool,
        progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> StatusChange:
        at_half.wait(0.4)  # long enough that it is said how long it still takes
        progress(20, 2_000)
        while not stopped():
            at_half.wait(0.01)
        may_end.wait(60)
        return StatusChange(5, whole=False)

    monkeypatch.setattr(long_work, "SHOWN_AFTER", 0.0)
    monkeypatch.setattr(client_status, "set_status_of_many", change)
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await pilot.press("asterisk", "x")
        await wait_for(pilot.app, "Deactivate 8 clients?")
        await wait_until(lambda: pilot.app.focused is pilot.app.screen.query_one("#no"))
        await pilot.press("y")
        await wait_for(pilot.app, "Deactivating…", "20 of 2,000 rows", "seconds left")
        for key in ("ctrl+c", "ctrl+q"):
            pilot.app.clear_notifications()
            await pilot.press(key)
            await told(pilot, "esc stops it: finished batches stay, nothing of the one under way is written.")
        await pilot.press("escape")
        await wait_for(pilot.app, "Stopping…", "Finished batches stay.", "20 of 2,000 rows")
        await wait_until(lambda: "seconds left" not in text_of(pilot.app))
        may_end.set()
        await told(pilot, "Stopped: 5 of 8 clients are inactive now.")
        await wait_until(lambda: pilot.app.screen is screen)
        assert len(screen.rows.marks) == 8, "what is left can follow"


async def test_who_leaves_before_it_is_shown_how_far_it_is_stops_it(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), list[bool]()

    def change(
        session: Session,
        client_ids: Sequence[int],
        active: bool,
        progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> StatusChange:
        begun.set()
        for _look in range(500):
            if stopped():
                break
            threading.Event().wait(0.01)
        ended.append(stopped())
        return StatusChange(5, whole=False)

    monkeypatch.setattr(long_work, "SHOWN_AFTER", 60.0)
    monkeypatch.setattr(client_status, "set_status_of_many", change)
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.press("asterisk", "x")
        await wait_for(pilot.app, "Deactivate 8 clients?")
        await wait_until(lambda: pilot.app.focused is pilot.app.screen.query_one("#no"))
        pilot.app.post_message(events.Key("y", "y"))
        await wait_until(begun.is_set)
        pilot.app.post_message(events.Key("ctrl+q", None))
        await wait_until(lambda: ended == [True])

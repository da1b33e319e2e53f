"""Undo and redo by keys: what is done at once, what is asked first, what is told, and what stands in the way."""

import threading
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, firm_settings, team, undoing
from clientdesk.desk.change_words import Named
from clientdesk.desk.session import Session
from clientdesk.desk.undoing import Conflict, Plan, Undone
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens import long_work
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.history import HistoryScreen
from clientdesk.ui.screens.long_work import StoppableWork
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.screens.undo_dialogs import UndoDialog
from clientdesk.ui.screens.undo_words import about, done, in_the_way, overruled, question
from clientdesk.ui.widgets.filter_bar import Find
from tests.many import add_many
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, change, line, named, notices, open_form, plant, put, shown
from tests.ui.keys import arrive
from tests.ui.people import counted, member, told
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until
from tests.ui.watching import Server, a_server, goes, the_list

SIZES = [(80, 24), (120, 40)]


async def edit(pilot: Pilot[int], firm: str, start: str, **values: str) -> None:
    """Saves other values of a client in the form, as the person would."""
    below = pilot.app.screen
    form, answers = await open_form(pilot, named(firm, start).id)
    put(form, **values)
    await pilot.press("ctrl+s")
    await wait_until(lambda: answers and pilot.app.screen is below)


async def asked(pilot: Pilot[int]) -> UndoDialog:
    """The question, as soon as it can be answered."""
    await wait_until(lambda: isinstance(pilot.app.screen, UndoDialog) and pilot.app.screen.focused is not None)
    assert isinstance(pilot.app.screen, UndoDialog)
    return pilot.app.screen


def phone(firm: str, start: str) -> str:
    """The client's phone as it stands now."""
    return named(firm, start).values["phone"]


# --- your own changes, by u and ctrl+r


async def test_u_goes_back_over_your_changes_and_ctrl_r_forward_again(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        await told(pilot, "Saved: Müller & Söhne GmbH. u undoes it.")
        await edit(pilot, firm, "Smith", phone="+1 2")
        change(firm, named(firm, "[ACME]"), phone="+1 9")  # Luis's, which is not yours
        await pilot.press("u")
        await told(pilot, "Undone: Client edited, Smith [/] Co: Phone: +1 2 → (empty)")
        await pilot.press("u")
        await told(pilot, "Undone: Client edited, Müller & Söhne GmbH: Phone: +49 30 1 → +49 30 2345678")
        assert (phone(firm, "Smith"), phone(firm, "Müller"), phone(firm, "[ACME]")) == ("", "+49 30 2345678", "+1 9")
        await pilot.press("ctrl+r")
        await told(pilot, "Redone: Client edited, Müller & Söhne GmbH: Phone: +49 30 2345678 → +49 30 1")
        assert phone(firm, "Müller") == "+49 30 1"
        await edit(pilot, firm, "[ACME]", phone="+1 10")
        await pilot.press("ctrl+r")
        await told(pilot, "There is no undo of yours to redo, or you have changed something since.")
        assert phone(firm, "Smith") == ""


async def test_two_keys_at_once_undo_two_changes(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        await edit(pilot, firm, "Smith", phone="+1 2")
        await arrive(pilot.app, "uu")
    assert (phone(firm, "Smith"), phone(firm, "Müller")) == ("", "+49 30 2345678")


async def test_nothing_of_yours_is_said(firm: str, running: Running) -> None:
    async with running(firm, "luis") as pilot:
        await the_list(pilot)
        await pilot.press("u")
        await told(pilot, "There is nothing of yours to undo.")


async def test_on_a_page_the_client_is_shown_as_it_is_then(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        page = ClientPageScreen(named(firm, "Müller").id, ClientQuery())
        await shown(pilot, page, lambda: page.place is not None)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        page.firm_changed()
        await wait_for(pilot.app, "+49 30 1")
        await pilot.press("u")
        await told(pilot, "Undone: Client edited")
        await wait_for(pilot.app, "+49 30 2345678")


async def test_the_page_of_a_client_whose_adding_is_undone_closes_and_redo_brings_it_back(
    firm: str, running: Running
) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await pilot.press("a")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))
        await pilot.press(*"Aardvark", "ctrl+s")
        await wait_for(pilot.app, "9 of 10 clients")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientPageScreen) and pilot.app.screen.client)
        await pilot.press("u")
        await told(pilot, "Undone: Client added, Aardvark")
        await wait_until(lambda: pilot.app.screen is screen)
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("ctrl+r")
        await told(pilot, "Redone: Client added, Aardvark")
        await wait_for(pilot.app, "9 of 10 clients")


async def test_team_and_settings_show_what_was_undone(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        session = pilot.app.gateway.session  # type: ignore[attr-defined]
        await pilot.press("m")
        await wait_until(lambda: isinstance(pilot.app.screen, TeamScreen))
        await counted(pilot.app.screen)
        call = pilot.app.gateway.call  # type: ignore[attr-defined]
        await call(team.save_member, member(firm, "luis"), {"name": "Luis Prado"})
        await call(firm_settings.save, session.firm, {"name": "Ríos y Compañía"})
        assert session.firm.name == "Ríos y Compañía"
        await pilot.press("u")
        await told(pilot, "Undone: Firm settings changed")
        await wait_for(pilot.app, " Ríos y Asociados › Team")
        await pilot.press("u")
        await told(pilot, "Undone: Team member changed, Luis Ortega: Name: Luis Prado → Luis Ortega")
        await wait_for(pilot.app, "Luis Ortega  ")


async def test_cursor_and_marks_stay(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        smith = named(firm, "Smith").id
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        screen.table.rows.mark({named(firm, "山田").id})
        screen.table.rows.move_to(6)
        await wait_until(lambda: screen.table.rows.cursor_id == smith)
        await pilot.press("u")
        await told(pilot, "Undone: ")
        await wait_until(lambda: not screen.table.rows.is_reading)
        assert screen.table.rows.cursor_id == smith
        assert screen.table.rows.marks == {named(firm, "山田").id}


async def test_a_u_that_is_typed_is_no_command(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        await pilot.press("slash", "u", "escape")
        await wait_until(lambda: screen.query_one(Find).value == "u")
        form, _answers = await open_form(pilot, named(firm, "Smith").id)
        form.set_focus(line(form, "phone").editor)
        await pilot.press("u")
        await wait_until(lambda: line(form, "phone").value == "u")
    assert phone(firm, "Müller") == "+49 30 1"


# --- what is asked first


@pytest.mark.parametrize("key", ["n", "y"])
async def test_what_is_older_than_the_start_is_asked_about(firm: str, running: Running, key: str) -> None:
    with at_work(firm, "ana") as session:
        clients.edit(session, clients.get(session, named(firm, "Müller").id), {"phone": "+49 30 1"})
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.press("u")
        await asked(pilot)
        await wait_for(pilot.app, "Undo “Client edited”?")
        await wait_for(pilot.app, "  Müller & Söhne GmbH  ")
        await wait_for(pilot.app, "Phone: +49 30 2345678 → +49 30 1")
        await wait_for(pilot.app, "It was done in another window, or before this one was started.")
        await wait_for(pilot.app, "Ana García")
        await wait_until(lambda: pilot.app.screen.focused is pilot.app.screen.query_one("#no"))
        await pilot.press(key)
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and not pilot.app.screen.is_obeying)
    assert phone(firm, "Müller") == ("+49 30 1" if key == "n" else "+49 30 2345678")


async def test_several_rows_are_asked_about_with_their_number(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        screen.table.rows.mark({named(firm, start).id for start in ("Müller", "Smith")})
        await pilot.press("x", "y")
        await told(pilot, "2 clients are inactive now. u undoes it.")
        await pilot.press("u")
        await asked(pilot)
        await wait_for(pilot.app, "2 rows; all can be undone.")
        await wait_for(pilot.app, "y Undo 2 rows")
        await pilot.press("y")
        await told(pilot, "Undone: Client deactivated, 2 rows: Müller & Söhne GmbH, Smith [/] Co")
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("ctrl+r")
        await asked(pilot)
        await pilot.press("y")
        await told(pilot, "Redone: Client deactivated, 2 rows")
        await wait_for(pilot.app, "6 of 9 clients")


async def test_of_a_client_that_another_changed_since_the_rest_is_undone(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1", email="new@mueller.example")
        change(firm, named(firm, "Müller"), phone="+49 30 9")
        await pilot.press("u")
        await asked(pilot)
        await wait_for(pilot.app, "y Undo the rest")
        await wait_for(pilot.app, "▌ Müller & Söhne Gm… Phone      +49 30 9    Luis Ortega")
        await pilot.press("y")
        await told(pilot, "Undone: Client edited, Müller & Söhne GmbH: E-mail: new@mueller.example → info@mueller.exam")
    assert phone(firm, "Müller") == "+49 30 9"
    assert named(firm, "Müller").values["email"] == "info@mueller.example"


# --- any change, in the history


@pytest.mark.parametrize("size", SIZES)
async def test_u_in_the_history_shows_what_stands_in_the_way_and_undoes_the_rest(
    firm: str, running: Running, size: tuple[int, int]
) -> None:
    with at_work(firm, "luis") as session:
        add_many(session, ({"display_name": f"Client {number:04}"} for number in range(40)))
    with at_work(firm, "ana") as session:
        for start in ("Client 0003", "Client 0017"):
            clients.edit(session, clients.get(session, named(firm, start).id), {"phone": "+34 944 555 626"})
    async with running(firm, size=size) as pilot:
        await the_list(pilot)
        await pilot.press("H")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryScreen))
        history = pilot.app.screen
        table = await counted(history)
        table.rows.move_to(2)
        await wait_for(pilot.app, "Clients imported: 40 rows")
        await pilot.press("u")
        await asked(pilot)
        await wait_for(pilot.app, "y Undo 38 of 40")
        await wait_for(pilot.app, "Undo “Clients imported”?")
        await wait_for(pilot.app, "Luis Ortega")
        await wait_for(pilot.app, "40 rows; 38 can be undone.")
        await wait_for(pilot.app, "Client 0017")
        await pilot.press("down")
        await wait_until(lambda: "▌ Client 0003" in text_of(pilot.app))
        await pilot.press("y")
        await told(pilot, "Undone: Clients imported, 38 rows: Client ")
        await told(pilot, ", 35 more\n2 rows stay as they are")
        await wait_until(lambda: pilot.app.screen is history)
        await wait_for(pilot.app, "  undone in part · ")
        await pilot.press("escape")
        await wait_for(pilot.app, "10 of 11 clients")


async def test_a_kind_that_is_not_undone_says_what_to_do_instead(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        clients.delete(session, named(firm, "[ACME]"))
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.press("H")
        await wait_until(lambda: isinstance(pilot.app.screen, HistoryScreen))
        await counted(pilot.app.screen)
        await pilot.press("u")
        await told(pilot, "Client deleted permanently")
        assert not isinstance(pilot.app.screen, UndoDialog)
        await told(pilot, "add the client anew")


async def test_u_says_once_why_a_deletion_stays_and_then_passes_it_over(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        await edit(pilot, firm, "[ACME]", phone="+1 2")
        await pilot.app.gateway.call(clients.delete, named(firm, "[ACME]"))  # type: ignore[attr-defined]
        await pilot.press("u")
        await told(pilot, "[ACME] Ltd: “Client deleted permanently” is not taken back by undo. It is for good: add the")
        await told(
            pilot, "Its history stays. What else you did to [ACME] Ltd stays with it. u again passes it over, to"
        )
        await pilot.press("u")
        await told(pilot, "Undone: Client edited, Müller & Söhne GmbH")
    assert phone(firm, "Müller") == "+49 30 2345678"


async def test_where_nothing_can_be_undone_only_close_is_offered_and_the_next_u_passes_it_over(
    firm: str, running: Running
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Smith", phone="+1 2")
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        change(firm, named(firm, "Müller"), phone="+49 30 9")
        await pilot.press("u")
        dialog = await asked(pilot)
        await wait_for(pilot.app, "“Client edited” cannot be undone now.")
        await wait_for(pilot.app, "+49 30 9")
        assert len(dialog.query("Button")) == 1
        await wait_for(pilot.app, "u again passes it over, to what you did before it.")
        await pilot.press("enter", "u")
        await told(pilot, "Undone: Client edited, Smith [/] Co: Phone: +1 2 → (empty)")
    assert phone(firm, "Müller") == "+49 30 9"


# --- long, stopped, refused, away


async def test_an_undo_of_many_shows_how_far_it_is_and_is_stopped_by_esc(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_half = threading.Event()

    def undo(session: Session, plan: Plan, progress: Callable[[int, int], None], stopped: Callable[[], bool]) -> Undone:
        progress(1_000, 2_000)
        at_half.set()
        while not stopped():
            at_half.wait(0.01)
        return Undone(0, 1_000, 0, whole=False)

    monkeypatch.setattr(long_work, "SHOWN_AFTER", 0.0)
    monkeypatch.setattr(undoing, "latest", lambda session, progress: many(2_000, 2_000))
    monkeypatch.setattr(undoing, "undo", undo)
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.press("u")
        await asked(pilot)
        await pilot.press("y")
        await wait_until(lambda: isinstance(pilot.app.screen, StoppableWork))
        await wait_for(pilot.app, "1,000 of 2,000 rows")
        await pilot.press("ctrl+q")
        await told(pilot, "esc stops it: finished batches stay, nothing of the one under way is written.")
        await pilot.press("escape")
        await told(pilot, "Stopped: Clients imported, 1,000 of 2,000 rows. u goes on.")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


async def test_looking_at_what_can_be_undone_can_be_left(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def latest(session: Session, progress: Callable[[int, int], None]) -> Plan | None:
        """Looks until it is interrupted."""
        progress(1_000, 2_000)
        while True:
            clients.count(session, ClientQuery())

    monkeypatch.setattr(undoing, "latest", latest)
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await pilot.press("u")
        await wait_for(pilot.app, "Looking at what was changed since…")
        await wait_for(pilot.app, "1,000 of 2,000 rows")
        for key in ("ctrl+c", "ctrl+q"):
            pilot.app.clear_notifications()
            await pilot.press(key)
            await told(pilot, "esc leaves it; nothing is changed.")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen and not screen.is_obeying)
        assert not notices(pilot.app)


async def test_while_an_import_writes_nothing_is_undone(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        importing = pilot.app.importing = Importing(firm, "ana")  # type: ignore[attr-defined]
        importing.path, importing.at_work = "list.csv", True
        await pilot.press("u")
        await told(pilot, "list.csv is being imported. Undo when it has ended, or stop it.")
        importing.at_work = False
    assert phone(firm, "Müller") == "+49 30 1"


async def test_a_basic_member_has_nothing_to_undo_but_the_work_they_did(firm: str, running: Running) -> None:
    async with running(firm, "olga") as pilot:
        await the_list(pilot)
        for key, sentence in (("u", "There is nothing of yours to undo."), ("ctrl+r", "There is no undo of yours")):
            pilot.app.clear_notifications()
            await pilot.press(key)
            await told(pilot, sentence)


async def test_while_the_server_is_away_nothing_is_called_undone(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_server(monkeypatch) as server:
        async with running(firm) as pilot:
            await the_list(pilot)
            await edit(pilot, firm, "Müller", phone="+49 30 1")
            await _goes_and_u(pilot, server)
    assert phone(firm, "Müller") == "+49 30 1"


async def _goes_and_u(pilot: Pilot[int], server: Server) -> None:
    await goes(pilot, server)
    await pilot.press("u")
    await wait_until(lambda: any("does not answer" in notice for notice in notices(pilot.app)))
    assert not any("Undone" in notice for notice in notices(pilot.app))


# --- how it looks


def many(rows: int, can: int, *conflicts: Conflict) -> Plan:
    """An import of many rows."""
    at = "2026-11-24T12:00:00+00:00"
    return Plan(7, 3, "Clients imported", at, "Ana García", True, rows, can, conflicts, fresh=True)


def conflict(number: int, name: str = "") -> Conflict:
    """A row that somebody changed since."""
    subject = name or f"Construcciones {number:02} SL"
    sentence = f"{subject}: Luis Ortega changed Phone to +34 944 555 6{number:02}. Change it by hand."
    return Conflict(subject, "Phone", f"+34 944 555 6{number:02}", "Luis Ortega", "2026-11-25T09:30:00+00:00", sentence)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("what", ["many", "conflicts", "nothing"])
async def test_how_it_looks(
    firm: str, running: Running, size: tuple[int, int], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientdesk.ui.screens.undo_words.local_time", _in_utc)
    monkeypatch.setattr("clientdesk.ui.screens.undo_dialogs.local_time", _in_utc)
    plan = {
        "many": many(400, 400),
        "conflicts": many(400, 398, conflict(1), conflict(2)),
        "nothing": many(30, 0, *(conflict(number) for number in range(30))),
    }[what]
    async with running(firm, size=size) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await shown(pilot, UndoDialog(plan), lambda: pilot.app.screen.focused is not None)
        await wait_for(pilot.app, "SL: Luis Ortega changed Phone" if plan.conflicts else "Undo 400 rows")
        await assert_snapshot(pilot.app, f"undo_{what}_{size[0]}x{size[1]}")


@pytest.mark.parametrize(
    ("redo", "can", "sentence"),
    [
        (False, 2, "Undo the rest of “Clients imported”?"),
        (True, 2, "Redo the rest of “Clients imported”?"),
        (False, 0, "The rest of “Clients imported” cannot be undone now."),
        (True, 0, "The rest of “Clients imported” cannot be redone now."),
    ],
)
def test_what_is_left_is_called_the_rest(redo: bool, can: int, sentence: str) -> None:
    plan = many(2, can)._replace(redo=redo, begun=True)
    assert question(plan) == sentence
    already = "A part of it is redone already." if redo else "A part of it is undone already."
    assert already in list(about(plan, None))


def test_what_was_added_by_somebody_else_is_not_called_done_since() -> None:
    plan = many(1_000, 0, conflict(1), conflict(2))._replace(more=998)
    assert in_the_way(plan) == "What was done since stands in the way of these rows, and of 998 more:"
    added = plan._replace(conflicts=(conflict(1), conflict(2)._replace(at=plan.at)))
    assert in_the_way(added) == "These rows stay as they are, and 998 more:"
    assert in_the_way(added._replace(more=0)) == "What stays as it is:"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Ríos SL", "Mar SL", "Sol SL"], "Ríos SL, Mar SL, Sol SL, 24,994 more"),
        (
            ["Imp 029999 vvvSL", "Imp 029998 uuuSL", "Imp 029997 tttSL"],
            "Imp 029999 vvvSL, Imp 029998 uuuSL, 24,995 more",
        ),
        (["x" * 200, "y", "z"], "x" * 46 + "…, 24,996 more"),
        (["山" * 200, "y", "z"], "山" * 23 + "…, 24,996 more"),
    ],
)
def test_how_many_more_there_are_is_never_cut(names: list[str], words: str) -> None:
    of_many = Named(7, 24_997, names=tuple(names), file="clients.csv")
    assert words in list(about(many(24_997, 24_997), of_many))
    message = done(many(24_997, 24_997), Undone(8, 24_997, 0), of_many)
    assert message == f"Undone: Clients imported, 24,997 rows from clients.csv: {words}"
    assert of_many.parts[1].endswith(", 24,994 more"), "where there is room"


@pytest.mark.parametrize(
    ("redo", "sentence"),
    [
        (False, "Stopped: nothing of “Clients imported” was undone. u undoes it."),
        (True, "Stopped: nothing of “Clients imported” was redone. ctrl+r redoes it."),
    ],
)
def test_stopped_before_its_first_batch_nothing_was_done(redo: bool, sentence: str) -> None:
    plan = many(2_000, 2_000)._replace(redo=redo)
    assert done(plan, Undone(0, 0, 0, whole=False), None) == sentence


def test_of_as_many_fields_as_are_listed_there_may_be_more() -> None:
    assert overruled([conflict(1)] * 499)[1:] == ["498 more fields were, too."]
    assert overruled([conflict(1)] * 500)[1:] == ["At least 499 more fields were, too."]


def _in_utc(at: str) -> str:
    return at[:16].replace("T", " ")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_steer_nothing(firm: str, running: Running, name: str) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await edit(pilot, firm, "Müller", phone="+49 30 1")
        await shown(pilot, UndoDialog(many(3, 2, conflict(1, name))), lambda: pilot.app.screen.focused is not None)
        await wait_for(pilot.app, "Phone")
        assert_clean(pilot.app)
        await pilot.press("escape")
        plant(firm, named(firm, "Müller"), display_name=name, phone=name)
        await pilot.press("u")
        await wait_until(lambda: pilot.app.screen.is_modal or notices(pilot.app))
        assert_clean(pilot.app)

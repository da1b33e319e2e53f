"""Fresh lists: what someone else changes shows by itself, and disturbs nothing."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from clientdesk.desk import client_types, clients, firm_settings, team, watching
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery, clients_where
from clientdesk.domain.filters import Filter, Op
from clientdesk.ui import gateway as gateways
from clientdesk.ui import watching as watch
from clientdesk.ui.firm_change import FirmChange
from clientdesk.ui.screens import clients_beside
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.client_form_news import FormNote
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.history import HistoryScreen
from clientdesk.ui.screens.save_conflict import ConflictScreen
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.widgets.details import ClientDetails
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.long_text import Reading
from tests.ui.conftest import Running
from tests.ui.forms import at_work, change, line, named, noticed, notices, open_form, put, shown
from tests.ui.people import counted, member, values_of
from tests.ui.screen import assert_snapshot, lines_of, text_of, wait_for, wait_for_lines, wait_until
from tests.ui.slow_store import settled
from tests.ui.watching import comes, fill, look_often, looked, quiet, the_list


@pytest.fixture
def watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the program looks for what others do; the control does not and must not see it."""
    wanted = bool(getattr(request, "param", True))
    if wanted:
        look_often(monkeypatch)
    return wanted


BOTH = pytest.mark.parametrize("watched", [True, False], ids=["watched", "control"], indirect=True)


@contextmanager
def busy(firm: str, pause: float) -> Iterator[list[int]]:
    """Someone changes a client again and again; how often so far."""
    done: list[int] = []
    stop = threading.Event()

    def work() -> None:
        with at_work(firm) as session:
            present = clients.get(session, 1)
            while not stop.wait(pause):
                present = clients.edit(session, present, {"notes": f"change {len(done)}"})
                done.append(len(done))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()


# --- the list


@BOTH
async def test_a_colleagues_change_shows_in_the_list(firm: str, running: Running, watched: bool) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        change(firm, named(firm, "Müller"), display_name="Mueller und Kinder")
        await comes(pilot, lambda: "Mueller und Kinder" in text_of(pilot.app), watched)


@BOTH
async def test_a_new_client_is_counted(firm: str, running: Running, watched: bool) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        with at_work(firm) as session:
            clients.add(session, {"display_name": "Águila Nueva"})
        await comes(
            pilot, lambda: "9 of 10 clients" in text_of(pilot.app) and "Águila Nueva" in text_of(pilot.app), watched
        )


async def _stays(pilot: Pilot[int], firm: str) -> None:
    """Cursor, marks and scroll position after someone else has put a client above and renamed the cursor's."""
    table = (await the_list(pilot)).table
    table.rows.move_to(150, top=141)
    await wait_until(lambda: table.rows.cursor_id is not None and table.rows.current is not None)
    table.rows.toggle_mark(145)
    table.rows.toggle_mark(150)
    before = (table.rows.cursor_id, frozenset(table.rows.marks), table.rows.cursor_row - table.top)
    with at_work(firm) as session:
        clients.add(session, {"display_name": "A client that comes first"})
        assert table.rows.cursor_id is not None
        clients.edit(session, clients.get(session, table.rows.cursor_id), {"phone": "+34 944 123 456"})
    await wait_until(lambda: table.rows.count == 309)
    await quiet(pilot)
    assert (table.rows.cursor_id, frozenset(table.rows.marks), table.rows.cursor_row - table.top) == before
    assert (table.rows.cursor_row, table.top) == (151, 142)


@pytest.mark.usefixtures("watched")
async def test_cursor_marks_and_scroll_position_stay(firm: str, running: Running) -> None:
    fill(firm, 300)
    async with running(firm) as pilot:
        await _stays(pilot, firm)


@pytest.mark.usefixtures("watched")
async def test_the_control_goes_to_the_top(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def wrong(screen: ClientList, _change: FirmChange) -> None:
        screen.table.rows.read_again()
        screen.table.rows.move_to(0)

    monkeypatch.setattr(ClientList, "freshen", wrong)
    fill(firm, 300)
    async with running(firm) as pilot:
        with pytest.raises(AssertionError):
            await _stays(pilot, firm)


@BOTH
async def test_the_fields_beside_the_list_follow(
    firm: str, running: Running, watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients_beside, "DETAILS_AFTER", 0.0)
    async with running(firm, size=(150, 40)) as pilot:
        screen = await the_list(pilot)
        screen.table.rows.move_to(2)
        client = named(firm, "Construcciones P")
        await wait_until(lambda: [widget.client_id for widget in screen.query(ClientDetails)] == [client.id])
        await quiet(pilot)  # nothing reads them any more because the cursor was moved
        change(firm, client, city="Bilbao")
        await comes(pilot, lambda: "Bilbao" in text_of(pilot.app), watched)


@pytest.mark.usefixtures("watched")
async def test_nothing_typed_into_find_is_disturbed(firm: str, running: Running) -> None:
    fill(firm, 300)
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        with busy(firm, 0.1) as done:
            await wait_until(lambda: len(done) > 2)
            await pilot.press("slash", *"t 0123")
            await wait_until(lambda: screen.table.rows.count == 1)
            assert screen.query_one(Find).value == "t 0123"
            await wait_until(lambda: screen.query_one(Find).has_focus)
        await wait_for(pilot.app, "1 of 309 clients · find “t 0123”")
        assert not notices(pilot.app)


@pytest.mark.usefixtures("watched")
async def test_moving_is_not_disturbed(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(firm, 300)
    read: list[int] = []
    window = clients.window

    def counting(session: Session, *args: Any, **more: Any) -> Any:
        read.append(1)
        return window(session, *args, **more)

    monkeypatch.setattr(clients, "window", counting)
    async with running(firm) as pilot:
        table = (await the_list(pilot)).table
        with busy(firm, 0.1) as done:
            await wait_until(lambda: len(done) > 2)
            await pilot.press(*["j"] * 8)
            await wait_until(lambda: table.rows.cursor_row == 8)
            table.scroll_to(y=60, animate=False, force=True)  # as the wheel does
            top = table.top
            before = len(done)
            await wait_until(lambda: len(done) > before + 3)
            await quiet(pilot)
            assert (table.rows.cursor_row, table.top) == (8, top)
        await wait_until(lambda: "…" not in "\n".join(lines_of(pilot.app)[3:-2]))


async def test_many_changes_are_one_reading(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    window = clients.window

    def counting(session: Session, *args: object) -> object:
        read.append(len(done))
        return window(session, *args)  # type: ignore[arg-type]

    async with running(firm) as pilot:
        screen = await the_list(pilot)
        with busy(firm, 0.01) as done:
            await wait_until(lambda: len(done) > 10)
            monkeypatch.setattr(clients, "window", counting)
            for number in range(3):
                seen = len(done)
                await wait_until(lambda seen=seen: len(done) > seen + 10)  # type: ignore[misc]
                assert len(read) == number
                await looked(pilot)
                await wait_until(lambda number=number: len(read) == number + 1 and not screen.is_freshening)  # type: ignore[misc]


async def test_a_look_that_takes_long_holds_no_key_up(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_often(monkeypatch)
    at_once: list[int] = []
    going_on, end = threading.Event(), threading.Event()

    def slow(session: Session) -> watching.News:
        at_once.append(1)
        assert len(at_once) == 1, "two looks at once"
        going_on.set()
        assert end.wait(60)
        at_once.pop()
        return watching.News(False)

    async with running(firm) as pilot:
        screen = await the_list(pilot)
        monkeypatch.setattr(watching, "news", slow)
        try:
            find = screen.query_one(Find)
            find.focus()
            await wait_until(going_on.is_set)
            await pilot.press("m")
            await wait_until(lambda: find.value == "m")
            await wait_for(pilot.app, "find “m”")
            assert at_once, "the look is still under way"
        finally:
            end.set()


async def test_a_look_that_does_not_end_does_not_hold_the_program_up(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_often(monkeypatch)
    monkeypatch.setattr(gateways, "END_WITHIN", 0.2)
    begun, end = threading.Event(), threading.Event()

    def hanging(session: Session) -> watching.News:
        begun.set()
        assert end.wait(60)
        return watching.News(False)

    monkeypatch.setattr(watching, "news", hanging)
    try:
        async with running(firm) as pilot:
            await the_list(pilot)
            await wait_until(begun.is_set)
        assert not end.is_set()
    finally:
        end.set()


async def test_looking_stops_with_the_program(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    look_often(monkeypatch)
    looks: list[int] = []

    def look(session: Session) -> watching.News:
        looks.append(1)
        return watching.News(False)

    monkeypatch.setattr(watching, "news", look)
    async with running(firm) as pilot:
        await wait_until(lambda: len(looks) > 2)
        app = pilot.app
    assert app.gateway.lost is None  # type: ignore[attr-defined]
    seen = len(looks)
    with pytest.raises(AssertionError):
        await wait_until(lambda: len(looks) > seen, 0.3)


async def test_something_unexpected_is_told_once(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    look_often(monkeypatch)
    monkeypatch.setattr(watch, "AFTER_FAILURE", 0.0)
    looks: list[int] = []

    def broken(session: Session) -> watching.News:
        looks.append(1)
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(watching, "news", broken)
    async with running(firm) as pilot:
        await wait_until(lambda: any("Something went wrong" in notice for notice in notices(pilot.app)))
        looks.clear()
        await wait_until(lambda: len(looks) > 5)
        assert not notices(pilot.app)[1:]
        await pilot.press("j")
        await settled(pilot.app)
        assert pilot.app.is_running


# --- you, and the firm


@BOTH
async def test_a_new_name_of_the_firm_shows(firm: str, running: Running, watched: bool) -> None:
    async with running(firm, "olga") as pilot:
        await the_list(pilot)
        with at_work(firm, "ana") as session:
            firm_settings.save(session, session.firm, {"name": "Ríos e Hijas"})
        await comes(pilot, lambda: lines_of(pilot.app)[0].startswith(" Ríos e Hijas"), watched)


@BOTH
async def test_your_new_access_shows(firm: str, running: Running, watched: bool) -> None:
    async with running(firm, "olga") as pilot:
        await the_list(pilot)
        with at_work(firm, "ana") as session:
            olga = member(firm, "olga")
            team.save_member(session, olga, {"access": Access.FULL})
        await comes(pilot, lambda: "Olga Nowak · full" in text_of(pilot.app), watched)


@BOTH
async def test_who_is_made_inactive_is_told_once_and_reads_on(firm: str, running: Running, watched: bool) -> None:
    async with running(firm, "olga") as pilot:
        await the_list(pilot)
        with at_work(firm, "ana") as session:
            olga = member(firm, "olga")
            team.deactivate_member(session, olga.id)
        await comes(pilot, lambda: notices(pilot.app) == ["You are inactive in this firm. Ask Ana García."], watched)
        change(firm, named(firm, "Müller"), display_name="Mueller")
        await comes(pilot, lambda: "Mueller" in text_of(pilot.app), watched)
        assert not notices(pilot.app)[int(watched) :]


@BOTH
async def test_a_filter_shows_what_a_colleague_calls_its_type_now(firm: str, running: Running, watched: bool) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        screen = await the_list(pilot)
        screen.shown.filter_by(filters=(*ClientQuery().filters, Filter("city", Op.CONTAINS, ("[/] i",))))
        await wait_for(pilot.app, "City contains “[/] i”")
        await wait_until(lambda: "City with “[/] i”" in lines_of(pilot.app)[1])
        screen.shown.filter_by(filters=clients_where("client_type", "1").filters)
        await wait_until(lambda: "Type Business" in lines_of(pilot.app)[1])
        with at_work(firm, "ana") as session:
            client_types.rename_type(session, client_types.all_types(session)[0], "Company")
        await comes(pilot, lambda: "Type Company" in lines_of(pilot.app)[1], watched)
        await comes(pilot, lambda: "Type is Company" in text_of(pilot.app), watched)


# --- a client's page


async def _page(pilot: Pilot[int], firm: str, start: str) -> ClientPageScreen:
    await the_list(pilot)
    screen = ClientPageScreen(named(firm, start).id, ClientQuery())
    await shown(pilot, screen, lambda: screen.place is not None)
    return screen


@BOTH
async def test_an_open_page_shows_what_a_colleague_saves(firm: str, running: Running, watched: bool) -> None:
    async with running(firm) as pilot:
        await _page(pilot, firm, "Müller")
        change(firm, named(firm, "Müller"), city="Leipzig")
        await comes(pilot, lambda: "Leipzig" in text_of(pilot.app), watched)


@BOTH
async def test_a_page_scrolled_down_stays_there_with_its_history(firm: str, running: Running, watched: bool) -> None:
    client = named(firm, "Müller")
    for number in range(12):
        client = change(firm, client, phone=f"+49 30 23456{number:02}")
    async with running(firm) as pilot:
        screen = await _page(pilot, firm, "Müller")
        await pilot.press("h")
        history = screen.query_one("#history", Reading)
        await wait_until(lambda: history.max_scroll_y > 12)
        history.scroll_to(y=11, animate=False)
        await wait_until(lambda: history.scroll_offset.y == 11)
        longest = history.max_scroll_y
        change(firm, client, phone="+49 30 9999999")
        await comes(pilot, lambda: history.max_scroll_y > longest, watched)
        assert history.scroll_offset.y == 11


@BOTH
async def test_a_client_deleted_elsewhere_closes_its_page(firm: str, running: Running, watched: bool) -> None:
    change(firm, named(firm, "Müller"), subscription="", billed_to="client")
    async with running(firm) as pilot:
        await _page(pilot, firm, "Müller")
        client = named(firm, "Müller")
        with at_work(firm, "ana") as session:
            clients.delete(session, client)
        await comes(pilot, lambda: isinstance(pilot.app.screen, ClientList), watched)
        if watched:
            await noticed(pilot.app, ["Müller & Söhne GmbH was deleted by you."])


@BOTH
async def test_the_list_below_a_page_is_fresh_when_it_is_seen(firm: str, running: Running, watched: bool) -> None:
    async with running(firm) as pilot:
        table = (await the_list(pilot)).table
        await pilot.app.push_screen(ClientPageScreen(named(firm, "Müller").id, ClientQuery()))
        await wait_for(pilot.app, "5 of 8")
        change(firm, named(firm, "[ACME]"), display_name="Acme [new]")
        await comes(pilot, lambda: list_is_stale(pilot), watched)
        await pilot.press("escape")
        await comes(pilot, lambda: "Acme [new]" in text_of(pilot.app), watched)
        await wait_until(lambda: table.rows.count == 8)


def list_is_stale(pilot: Pilot[int]) -> bool:
    """Whether the list knows that it must be read when it is seen."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, ClientList)
    return screen.is_stale


# --- an open form


@BOTH
async def test_an_open_form_says_at_once_that_its_client_was_changed(
    firm: str, running: Running, watched: bool
) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot, client.id)
        put(form, email="my@mueller.example")
        change(firm, client, email="his@mueller.example")
        sentence = "Luis Ortega changed this client meanwhile; ctrl+s asks if the two clash."
        await comes(pilot, lambda: sentence in text_of(pilot.app), watched)
        assert line(form, "email").value == "my@mueller.example"
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ConflictScreen))
        await settled(pilot.app)  # keys before that are forgotten
        await wait_for(pilot.app, "his@mueller.example")


@BOTH
async def test_an_open_form_says_that_its_client_is_inactive_now(firm: str, running: Running, watched: bool) -> None:
    client = named(firm, "Müller")
    async with running(firm) as pilot:
        await the_list(pilot)
        await open_form(pilot, client.id)
        with at_work(firm) as session:
            clients.set_status(session, [client.id], False)
        await comes(pilot, lambda: "Luis Ortega made this client inactive meanwhile" in text_of(pilot.app), watched)


@BOTH
async def test_an_open_form_says_that_its_client_is_deleted(firm: str, running: Running, watched: bool) -> None:
    client = change(firm, named(firm, "Müller"), subscription="", billed_to="client")
    async with running(firm) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot, client.id)
        put(form, email="my@mueller.example")
        with at_work(firm, "ana") as session:
            clients.delete(session, client)
        await comes(pilot, lambda: "was deleted by you. What you typed cannot" in text_of(pilot.app), watched)
        if watched:
            await wait_until(lambda: "ctrl+s Copy" in text_of(pilot.app))
        assert line(form, "email").value == "my@mueller.example"


@pytest.mark.usefixtures("watched")
async def test_a_change_of_another_client_says_nothing_in_the_form(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        form, _answers = await open_form(pilot, named(firm, "Müller").id)
        change(firm, named(firm, "[ACME]"), display_name="Acme [new]")
        await wait_until(lambda: screen.is_stale)
        await wait_until(lambda: not form.is_freshening and not form.is_stale)
        assert not form.query(FormNote)


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_the_forms_line_looks(firm: str, running: Running, size: tuple[int, int]) -> None:
    client = named(firm, "Müller")
    async with running(firm, size=size) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot, client.id)
        put(form, email="my@mueller.example")
        change(firm, client, email="his@mueller.example")
        await wait_for(pilot.app, "changed this client meanwhile")
        await assert_snapshot(pilot.app, f"form_changed_{size[0]}x{size[1]}")


# --- the other screens


@BOTH
async def test_team_and_settings_are_fresh_too(firm: str, running: Running, watched: bool) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        for screen, text in ((TeamScreen(), "Rosa Sanz"), (SettingsScreen(), "Farm")):
            await pilot.app.push_screen(screen)
            await counted(screen)
            with at_work(firm) as session:
                if isinstance(screen, TeamScreen):
                    team.add_member(session, "Rosa Sanz", "", "rosa", Access.BASIC)
                else:
                    client_types.add_type(session, "Farm")
            await comes(pilot, lambda text=text: text in text_of(pilot.app), watched)  # type: ignore[misc]
            await pilot.press("escape")
            await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


@BOTH
async def test_the_history_goes_on_below_what_is_read(firm: str, running: Running, watched: bool) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        screen = HistoryScreen()
        await pilot.app.push_screen(screen)
        table = await counted(screen)
        table.rows.move_to(4)
        chosen = table.rows.cursor_id
        change(firm, named(firm, "Müller"), city="Leipzig")
        await comes(pilot, lambda: table.rows.cursor_row == 5, watched)
        assert table.rows.cursor_id == chosen


@pytest.mark.usefixtures("watched")
async def test_what_is_typed_in_a_dialog_over_a_screen_stays(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        screen = SettingsScreen()
        await pilot.app.push_screen(screen)
        await counted(screen)
        await pilot.press("e")
        await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave) and pilot.app.screen.focused is not None)
        pilot.app.screen.query_one(LineInput).value = "Ríos e Hijas"
        with at_work(firm) as session:
            client_types.add_type(session, "Farm")
        await wait_until(lambda: any("Farm" in values for values in values_of(screen.table)))
        assert pilot.app.screen.query_one(LineInput).value == "Ríos e Hijas"
        await pilot.press("ctrl+s")
        await wait_until(lambda: pilot.app.screen is screen)
        await wait_for_lines(pilot.app, lambda lines: lines[0].startswith(" Ríos e Hijas"))


async def test_of_two_looks_at_once_one_waits(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """One would be dropped otherwise, and the news that it has read with it."""
    async with running(firm) as pilot:
        await the_list(pilot)
        at_once, most = 0, 0
        ask = pilot.app.gateway.ask  # type: ignore[attr-defined]

        async def counting(*arguments: Any) -> Any:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            try:
                return await ask(*arguments)
            finally:
                at_once -= 1

        monkeypatch.setattr(pilot.app.gateway, "ask", counting)  # type: ignore[attr-defined]
        await asyncio.gather(looked(pilot), looked(pilot))
        assert most == 1

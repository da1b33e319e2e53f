"""Keys that come at once, over a store that takes as long as it likes: each is obeyed by what the person thinks of."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from clientdesk.desk import clients, pricing_plan
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import FORM_FIRST
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.client_page import ClientPageScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.delete_client import DeleteDialog
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.download import Download
from clientdesk.ui.screens.help import HelpScreen
from clientdesk.ui.screens.history import HistoryFieldsScreen
from clientdesk.ui.screens.member_form import MemberForm
from clientdesk.ui.screens.palette import Palette
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.path_input import PathInput
from tests.planned import arrange
from tests.ui.conftest import Running
from tests.ui.forms import at_work, line, named, notices, open_form
from tests.ui.screen import text_of, wait_for, wait_until
from tests.ui.slow_store import Store, a_slow_store, app_of, arrive, settled, taken_in
from tests.ui.watching import the_list


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with a_slow_store(monkeypatch) as store:
        yield store


@pytest.fixture
def planned(firm: str) -> str:
    """The firm with three clients on its plan, which is the primary admin of the third."""
    with at_work(firm, "ana") as session:
        for number, kind in (("C-00002", "plus"), ("C-00003", "simple_start"), ("C-00010", "ledger")):
            pricing_plan.put_on_plan(session, clients.by_key(session, number).id, kind)
        arrange(session, clients.by_key(session, "C-00010").id, primary_admin="firm")
    return firm


def top(app: App[Any], kind: type[object], *texts: str) -> bool:
    """Whether a screen of this kind is on top and says this."""
    words = " ".join(text_of(app).replace("│", " ").split())
    return isinstance(app.screen, kind) and all(text in words for text in texts)


def says(app: App[Any], sentence: str) -> bool:
    """Whether a notification says this."""
    return any(sentence in notice for notice in notices(app))


def answer(app: App[Any], name: str) -> str:
    """What stands in an answer of the screen on top."""
    return app.screen.query_one(f"#{name}", Answer).value


def find(app: App[Any]) -> str:
    """What stands in Find."""
    return app.screen_stack[0].query_one(Find).value


class Burst(NamedTuple):
    """Keys that come at once, and what is so at the end."""

    keys: str
    holds: Callable[[App[Any]], object]


LIST = {
    "what is found": Burst("/ =pena enter x", lambda app: top(app, Confirm, "Deactivate Construcciones Peña SA?")),
    "what is found, its page": Burst("/ =muller down enter", lambda app: top(app, ClientPageScreen, "› Müller")),
    "what is found, its form": Burst(
        "/ =smith escape e =!", lambda app: top(app, ClientFormScreen) and value(app, "display_name") == "Smith [/] Co!"
    ),
    "another status": Burst("s down enter x", lambda app: top(app, Confirm, "Activate Zoë Lefèvre?")),
    "another lead": Burst("w down enter x", lambda app: top(app, Confirm, "Deactivate 山田商店?")),
    "another order": Burst("o up enter j x", lambda app: top(app, Confirm, "Deactivate")),
    "rows further down": Burst("j j j x", lambda app: top(app, Confirm, "Deactivate Fundación Árbol?")),
    "marks": Burst("space space x", lambda app: top(app, Confirm, "Deactivate 2 clients?")),
    "the last row": Burst("G x", lambda app: top(app, Confirm, "Deactivate 山田商店?")),
    "after a question": Burst("x escape j x", lambda app: top(app, Confirm, "Deactivate Construcciones Í")),
    "deleting": Burst("j D", lambda app: top(app, DeleteDialog, "Construcciones Íñigo SL")),
    "add": Burst("a =axyz", lambda app: top(app, ClientFormScreen) and value(app, "display_name") == "axyz"),
    "F2": Burst("e f2 =600", lambda app: top(app, ClientFormScreen) and value(app, first_more()) == "C-00021600"),
    "F2 of another": Burst("j j j j e f2 =77 up up escape", lambda app: top(app, Confirm, "Leave without saving?")),
    "a choice in the form": Burst("a down down enter", lambda app: top(app, Choose, "Nonprofit")),
    "page": Burst("enter n n x", lambda app: top(app, Confirm, "Deactivate Construcciones Peña SA?")),
    "history of a page": Burst("enter n h", lambda app: top(app, ClientPageScreen, "Client added", "Íñigo")),
    "form from a page": Burst("enter n e =!", lambda app: value(app, "display_name") == "Construcciones Íñigo SL!"),
    "team": Burst("m down o", lambda app: top(app, Confirm, "Offer the primary admin's role to Jürgen Müller?")),
    "member": Burst("m j e =X", lambda app: top(app, MemberForm) and answer(app, "name") == "Jürgen MüllerX"),
    "new leads": Burst("m j j x a", lambda app: top(app, Choose, "Who takes all 2 clients?")),
    "a new lead": Burst("m j j x j enter", lambda app: top(app, Choose, "Smith [/] Co")),
    "new member": Burst(
        "m a =Rosa tab =rosa@x", lambda app: (answer(app, "name"), answer(app, "email")) == ("Rosa", "rosa@x")
    ),
    "settings": Burst(", e =!", lambda app: top(app, AskAndSave) and answer(app, "answer") == "Ríos y Asociados!"),
    "client type": Burst(", G e", lambda app: top(app, AskAndSave, "What is the type Trust called?")),
    "settings further down": Burst(", j j e", lambda app: top(app, Choose, "Keep to QuickBooks' limit")),
    "firm's history": Burst("H enter enter", lambda app: top(app, HistoryFieldsScreen)),
    "imports": Burst("L escape j x", lambda app: top(app, Confirm, "Deactivate Construcciones Í")),
    "columns": Burst("c space escape", lambda app: top(app, Confirm, "Leave without saving?")),
    "download": Burst("d up up up =x", lambda app: top(app, Download)),
    "import": Burst("I =clients.csv", lambda app: app.screen.query_one(PathInput).value == "clients.csv"),
    "help": Burst("? escape j x", lambda app: top(app, Confirm, "Deactivate Construcciones Í")),
    "palette": Burst(": =deactivate down enter", lambda app: top(app, Confirm, "Deactivate [ACME] Ltd?")),
    "palette over what is read": Burst(
        "/ =pena ctrl+p =deactivate down enter", lambda app: top(app, Confirm, "Deactivate Construcciones Peña SA?")
    ),
}

PLAN = {
    "rows": Burst("p j j minus", lambda app: top(app, Confirm, "Take Nguyễn Thị Mai off the firm's plan?")),
    "hand over": Burst("p j j R", lambda app: top(app, Confirm, "Request the hand-over", "to Nguyễn Thị Mai?")),
    "subscription": Burst(
        "p j dollar_sign", lambda app: top(app, Choose, "Which subscription has Müller & Söhne GmbH?")
    ),
    "find": Burst("p / =nguy enter minus", lambda app: top(app, Confirm, "Take Nguyễn Thị Mai off the firm's plan?")),
    "all": Burst("p escape g minus", lambda app: says(app, "[ACME] Ltd is not on the firm's plan.")),
    "put on": Burst(
        "p plus =acme enter", lambda app: top(app, Choose, "What does the firm's plan pay for [ACME] Ltd?")
    ),
    "put on the second": Burst(
        "p plus =c-0002 down enter", lambda app: top(app, Choose, "What does the firm's plan pay for F")
    ),
    "page": Burst("p j enter n x", lambda app: top(app, Confirm, "Deactivate Nguyễn Thị Mai?")),
    "from a page": Burst(
        "/ =muller enter enter R", lambda app: says(app, "The firm is not the primary admin of Müller & Söhne GmbH.")
    ),
    "back": Burst("p j z j x", lambda app: top(app, Confirm, "Deactivate Nguyễn Thị Mai?")),
}


def value(app: App[Any], name: str) -> str:
    """What stands in a field of the form on top."""
    assert isinstance(app.screen, ClientFormScreen)
    return line(app.screen, name).value


def first_more() -> str:
    """The field to which F2 goes."""
    return next(field.name for field in BUILT_IN.new_fields if field.name not in FORM_FIRST)


async def obeyed(pilot: Pilot[int], store: Store, burst: Burst) -> None:
    """The store is held while the keys come, and answers afterwards."""
    await the_list(pilot)
    await settled(pilot.app)
    store.hold()
    arrive(pilot.app, *burst.keys.split())
    await taken_in(pilot.app)
    await wait_until(lambda: store.waiting.is_set() or not app_of(pilot.app).obeying)
    store.answer()
    await settled(pilot.app)
    try:
        await wait_until(lambda: burst.holds(pilot.app), 10.0)
    except AssertionError:
        raise AssertionError(f"{pilot.app.screen} {notices(pilot.app)}\n{text_of(pilot.app)}") from None


@pytest.mark.parametrize("name", LIST)
async def test_keys_wait_for_what_they_open(firm: str, running: Running, store: Store, name: str) -> None:
    async with running(firm) as pilot:
        await obeyed(pilot, store, LIST[name])


@pytest.mark.parametrize("name", PLAN)
async def test_keys_wait_for_the_plan(planned: str, running: Running, store: Store, name: str) -> None:
    async with running(planned) as pilot:
        await obeyed(pilot, store, PLAN[name])


# --- whoever does not wait


async def held(pilot: Pilot[int], store: Store, *keys: str) -> ClientList:
    """The list, while the store is held and these keys wait for it."""
    screen = await the_list(pilot)
    await settled(pilot.app)
    store.hold()
    arrive(pilot.app, *keys)
    await wait_until(store.waiting.is_set)
    return screen


@pytest.mark.parametrize("keys", ["m", "w", "t", "x", "D", "e", "enter", "c", "H", ",", "L", "d"])
async def test_esc_gives_up_what_is_being_opened(firm: str, running: Running, store: Store, keys: str) -> None:
    async with running(firm) as pilot:
        screen = await held(pilot, store, keys)
        arrive(pilot.app, "escape")
        await wait_until(lambda: pilot.app.screen is screen)
        arrive(pilot.app, "escape")  # whatever the list reads then is given up, too
        await wait_until(lambda: not app_of(pilot.app).obeying)
        store.answer()
        await settled(pilot.app)
        arrive(pilot.app, "j", "x")  # nothing opens any more, and the list obeys as before
        await wait_until(lambda: top(pilot.app, Confirm, "Deactivate Construcciones Íñigo SL?"))
        assert len(pilot.app.screen_stack) == 2


async def test_esc_after_other_keys_waits_for_its_turn(planned: str, running: Running, store: Store) -> None:
    async with running(planned) as pilot:
        await held(pilot, store, "p", "j", "minus", "escape")
        store.answer()
        await settled(pilot.app)
        await wait_until(lambda: top(pilot.app, ClientList, "› Preferred pricing plan"))
        assert not notices(pilot.app)


async def test_esc_pressed_twice_forgets_what_was_typed_before(planned: str, running: Running, store: Store) -> None:
    async with running(planned) as pilot:
        screen = await held(pilot, store, "m", "j", "x", "enter")
        arrive(pilot.app, "escape", "escape")
        await wait_until(lambda: pilot.app.screen is screen)
        assert not store.is_open
        store.answer()
        await settled(pilot.app)
        assert pilot.app.screen is screen


@pytest.mark.parametrize("keys", ["m", "w", "m j x ctrl+q", "/ =z enter j ctrl+q"])
async def test_whoever_waits_can_leave_the_program(firm: str, running: Running, store: Store, keys: str) -> None:
    async with running(firm) as pilot:
        await held(pilot, store, *keys.split())
        arrive(pilot.app, "ctrl+q")
        await wait_until(lambda: pilot.app.return_code == 0)
        assert not store.is_open
        store.answer()


async def test_how_to_leave_is_said_at_once(firm: str, running: Running, store: Store) -> None:
    async with running(firm) as pilot:
        await held(pilot, store, "m", "j")
        arrive(pilot.app, "ctrl+c")
        await wait_until(lambda: says(pilot.app, "ctrl+q leaves clientdesk."))
        assert not store.is_open
        store.answer()  # else the end of the program waits for it


AFTER_A_SAVE = {
    "a new client": Burst("a =AAA ctrl+s x", lambda app: top(app, Confirm, "Deactivate AAA?")),
    "a client": Burst("j e =Z ctrl+s j x", lambda app: top(app, Confirm, "Deactivate Construcciones Peña SA?")),
    "a page's client": Burst("enter e =Z ctrl+s n x", lambda app: top(app, Confirm, "Deactivate Construcciones Í")),
    "a member": Burst("m j e =Z ctrl+s up x", lambda app: top(app, TeamScreen) and says(app, "Ana García")),
    "a type": Burst(", G e =Z ctrl+s up e =!", lambda app: top(app, AskAndSave) and answer(app, "answer")[-1:] == "!"),
    "a refused client": Burst(
        "a down =x ctrl+s =y", lambda app: top(app, ClientFormScreen) and value(app, "display_name") == "y"
    ),
    "a refused member": Burst("m a =AAA ctrl+s =z", lambda app: answer(app, "login") == "z"),
    "columns": Burst("c space ctrl+s j x", lambda app: top(app, Confirm, "Deactivate Construcciones Í")),
    "a download": Burst("d ctrl+s j x", lambda app: top(app, Confirm, "Deactivate Construcciones Í")),
}


@pytest.mark.parametrize("name", AFTER_A_SAVE)
async def test_keys_wait_for_what_a_save_opens(
    firm: str, running: Running, store: Store, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where the download goes
    async with running(firm) as pilot:
        await obeyed(pilot, store, AFTER_A_SAVE[name])


async def test_what_is_typed_while_a_form_is_saved_is_obeyed_by_the_list(
    firm: str, running: Running, store: Store
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot)
        arrive(pilot.app, "=AAA")
        await wait_until(lambda: value(pilot.app, "display_name") == "AAA")
        await settled(pilot.app)
        store.hold()
        arrive(pilot.app, "ctrl+s")
        await wait_until(store.waiting.is_set)
        arrive(pilot.app, "x")
        pilot.app.post_message(events.Paste("never lost"))
        assert pilot.app.screen is form
        store.answer()
        await wait_until(lambda: top(pilot.app, Confirm, "Deactivate [ACME] Ltd?"))
    assert named(firm, "AAA")


async def test_what_is_typed_behind_a_save_that_is_refused_goes_into_the_form(
    firm: str, running: Running, store: Store
) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot)
        arrive(pilot.app, "=AAA")
        await wait_until(lambda: value(pilot.app, "display_name") == "AAA")
        await settled(pilot.app)
        store.hold()
        arrive(pilot.app, "ctrl+s", "=B")
        await wait_until(store.waiting.is_set)
        store.refusal = REFUSALS["away"]
        store.answer()
        await wait_until(lambda: pilot.app.screen is form and value(pilot.app, "display_name") == "AAAB")
        store.refusal = None


async def test_no_count_is_told_while_other_rows_are_read(firm: str, running: Running, store: Store) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        await settled(pilot.app)
        store.hold()
        arrive(pilot.app, "slash", "=pena")
        await wait_for(pilot.app, "… of 9 clients · find “pena”")
        store.answer()
        await wait_for(pilot.app, "1 of 9 clients · find “pena”")


async def chosen_over_what_is_read(pilot: Pilot[int], store: Store) -> ClientList:
    """The list, while a command of the palette waits for what is found."""
    screen = await the_list(pilot)
    await settled(pilot.app)
    store.hold()
    arrive(pilot.app, "slash", "=pena", "ctrl+p", "=deactivate", "enter")
    await wait_until(lambda: isinstance(pilot.app.screen, Palette))
    await wait_until(lambda: pilot.app.screen is screen)
    return screen


async def test_a_command_of_the_palette_waits_for_the_rows_it_acts_on(
    firm: str, running: Running, store: Store
) -> None:
    async with running(firm) as pilot:
        await chosen_over_what_is_read(pilot, store)
        store.answer()
        await wait_until(lambda: top(pilot.app, Confirm, "Deactivate Construcciones Peña SA?"))


async def test_a_command_of_the_palette_that_waits_is_given_up(firm: str, running: Running, store: Store) -> None:
    async with running(firm) as pilot:
        screen = await chosen_over_what_is_read(pilot, store)
        arrive(pilot.app, "escape")
        await wait_until(lambda: not screen.is_obeying)
        store.answer()
        await wait_for(pilot.app, "1 of 9 clients · find “pena”")
        arrive(pilot.app, "question_mark")  # goes into Find: nothing was opened
        await wait_until(lambda: find(pilot.app) == "pena?")


# --- what does not come


REFUSALS = {
    "away": lambda: FirmUnusable(problem("server_away", place="db.example")),
    "unexpected": lambda: ZeroDivisionError("of all things"),
}


@pytest.mark.parametrize(
    ("key", "refusal"),
    [
        *((key, "away") for key in ("m", "w", "x", "e", "enter", "c", "H", ",", "L", "f5", "/ z enter")),
        *((key, "unexpected") for key in ("x", "enter", "/ z enter")),
    ],
)
async def test_keys_are_not_stuck_behind_what_is_refused(
    firm: str, running: Running, store: Store, key: str, refusal: str
) -> None:
    async with running(firm) as pilot:
        screen = await held(pilot, store, *key.split(), "j", "escape")
        store.refusal = REFUSALS[refusal]
        store.answer()
        await settled(pilot.app)
        store.refusal = None
        assert pilot.app.is_running
        arrive(pilot.app, "escape", "escape", "escape")
        await wait_until(lambda: pilot.app.screen is screen)
        await settled(pilot.app)
        arrive(pilot.app, "?")
        await wait_until(lambda: isinstance(pilot.app.screen, HelpScreen))


async def test_keys_that_wait_go_on_when_their_screen_is_taken_away(firm: str, running: Running, store: Store) -> None:
    async with running(firm) as pilot:
        screen = await held(pilot, store, "m", "j")
        await wait_until(lambda: isinstance(pilot.app.screen, TeamScreen))
        arrive(pilot.app, "?")
        pilot.app.screen.dismiss(None)
        store.answer()
        await wait_until(lambda: isinstance(pilot.app.screen, HelpScreen))
        assert screen.table.rows.cursor_row == 1


async def test_keys_that_wait_go_on_when_the_widget_with_the_focus_is_taken_away(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        form, _answers = await open_form(pilot)
        field = line(form, "display_name")
        arrive(pilot.app, "=xyz")
        field.remove()
        await wait_until(lambda: not field.is_attached)
        await settled(pilot.app)
        arrive(pilot.app, "f1")
        await wait_until(lambda: isinstance(pilot.app.screen, HelpScreen))

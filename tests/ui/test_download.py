"""Downloading the client list: the form, its sentence, what is written, what stands in the way."""

import csv
import threading
import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import NO_NAMES, Names
from clientdesk.domain.problems import refuse
from clientdesk.exchange.export import Export, Watch, Written
from clientdesk.ui.screens import download
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.download import Download
from clientdesk.ui.screens.help import HelpScreen
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.path_input import PathInput
from clientdesk.ui.widgets.progress import ProgressLines
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, notices
from tests.ui.people import told
from tests.ui.pressing import unanswered
from tests.ui.screen import assert_snapshot, still_picture, text_of, wait_for, wait_until

COLUMNS = ("client_number", "display_name")
TYPES = {"client_type": {"1": "Business", "2": "Individual"}}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


async def opened(
    pilot: Pilot[int], query: ClientQuery | None = None, marked: frozenset[int] = frozenset(), names: Names = NO_NAMES
) -> Download:
    """The form, counted."""
    screen = Download(query or ClientQuery(), COLUMNS, marked, names)
    await pilot.app.push_screen(screen)
    await wait_until(lambda: pilot.app.screen is screen and "… clients" not in text_of(pilot.app))
    return screen


def choose(screen: Download, **values: str) -> None:
    """Answers questions."""
    for name, value in values.items():
        screen.query_one(f"#{name}", Answer).value = value


def rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


async def written(pilot: Pilot[int], screen: Download) -> None:
    """Saves, and waits until the form has gone."""
    await pilot.press("ctrl+s")
    await wait_until(lambda: pilot.app.screen is not screen)


async def said(pilot: Pilot[int], sentence: str) -> None:
    """The screen says this, over however many lines."""
    await wait_until(lambda: sentence in " ".join(text_of(pilot.app).split()))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_form(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        screen = await opened(
            pilot,
            ClientQuery(find="co").with_value("client_type", "1").sorted_by("email", True),
            names=Names(BUILT_IN, TYPES),
        )
        choose(screen, path="/home/ana/clients.csv")
        await wait_for(pilot.app, "3 clients → /home/ana/clients.csv")
        await wait_for(pilot.app, "3 clients · active · Type is Business · find “co”")
        await assert_snapshot(pilot.app, f"download_{size[0]}x{size[1]}")
        choose(screen, format="quickbooks")
        await wait_for(pilot.app, "each with at most")
        await wait_until(lambda: "Delimiter" not in text_of(pilot.app))
        await assert_snapshot(pilot.app, f"download_quickbooks_{size[0]}x{size[1]}")


async def test_d_downloads_what_the_list_shows(firm: str, running: Running, here: Path) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        list_screen = pilot.app.screen
        assert isinstance(list_screen, ClientList)
        list_screen.shown.filter_by(filters=ClientQuery().with_value("client_type", "2").filters)
        await pilot.press("d")
        await wait_until(lambda: isinstance(pilot.app.screen, Download))
        await wait_for(pilot.app, "1 client →")
        await pilot.press("ctrl+s")
        await told(pilot, f"1 client written to {here / 'clients.csv'}.")
        assert pilot.app.screen is list_screen
    head, *people = rows(here / "clients.csv")
    assert head[:2] == ["Client number", "Display name"]
    assert [row[1] for row in people] == ["Nguyễn Thị Mai"]


async def test_every_choice_is_kept_to(firm: str, running: Running, here: Path) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        choose(screen, what="all", delimiter=";", mark="no", formulas="no", language="es", path="all.csv")
        await written(pilot, screen)
    assert not (here / "all.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    head, *people = rows(here / "all.csv", ";")
    assert head[:2] == ["Número de cliente", "Nombre para mostrar"]
    assert (len(head), len(people)) == (24, 9)
    assert "+34 944 555 626" in people[1]


async def test_the_marked_ones_are_offered_first(firm: str, running: Running, here: Path) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("space", "down", "space", "d")
        await wait_until(lambda: isinstance(pilot.app.screen, Download))
        await wait_for(pilot.app, "2 clients · by Display name")
        await pilot.press("ctrl+s")
        await told(pilot, "2 clients written")
    assert len(rows(here / "clients.csv")) == 3


async def test_the_questions_and_the_ending_fit_the_format(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        path = screen.query_one("#path", Answer)
        asked = {
            "csv": ({"delimiter", "mark", "formulas", "language"}, "clients.csv"),
            "xlsx": ({"language"}, "clients.xlsx"),
            "jsonl": (set(), "clients.jsonl"),
            "quickbooks": ({"mark", "formulas", "language"}, "clients.csv"),
        }
        for kind, (questions, name) in reversed(asked.items()):
            choose(screen, format=kind)

            def fits(questions: set[str] = questions, name: str = name) -> bool:
                shown = {each for each in asked["csv"][0] if screen.query_one(f"#{each}").display}
                return (path.value, shown) == (name, questions)

            await wait_until(fits)
        path.value = "kept.txt"
        choose(screen, format="xlsx")
        await wait_for(pilot.app, "kept.txt")
        await still_picture(pilot.app)
        assert path.value == "kept.txt"


async def test_for_quickbooks(firm: str, running: Running, here: Path) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("d")
        await wait_until(lambda: isinstance(pilot.app.screen, Download))
        screen = pilot.app.screen
        assert isinstance(screen, Download)
        choose(screen, format="quickbooks", language="es")
        await pilot.press("ctrl+s")
        await told(pilot, "7 clients written to")
        await told(pilot, "1 client without a client number was left out.")
    assert rows(here / "clients-1.csv")[0] == ["Id. de la empresa", "Nombre para mostrar", "Número de cliente"]


@pytest.mark.parametrize("kind", ["csv", "quickbooks"])
async def test_a_file_that_is_there_is_asked_about(firm: str, running: Running, here: Path, kind: str) -> None:
    name = {"csv": "clients.csv", "quickbooks": "clients-1.csv"}[kind]
    (here / name).write_text("old")
    async with running(firm) as pilot:
        screen = await opened(pilot)
        choose(screen, format=kind)
        await wait_for(pilot.app, "you will be asked before it is replaced")
        for key, kept in (("escape", True), ("enter", True), ("right,enter", False)):
            await pilot.press("ctrl+s")
            await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)
            await wait_for(pilot.app, f"Replace {name}?")
            await pilot.press(*key.split(","))
            await wait_until(lambda: not isinstance(pilot.app.screen, Confirm))
            if kept:
                await wait_until(lambda: not screen.is_obeying)
                assert (here / name).read_text() == "old"
        await wait_until(lambda: pilot.app.screen is not screen)
    assert len(rows(here / name)) > 7


async def test_what_cannot_be_written_is_said_below_the_path(firm: str, running: Running, here: Path) -> None:
    (here / "folder").mkdir()
    async with running(firm) as pilot:
        screen = await opened(pilot)
        for path, sentence in (
            ("none/x.csv", "does not exist."),
            ("folder", "is not a regular file."),
            ("", "Type the path of a file."),
            (firm, "is the firm's own file."),
        ):
            choose(screen, path=path)
            await pilot.press("ctrl+s")
            await said(pilot, sentence)
            await wait_until(lambda: not screen.is_obeying)
            assert pilot.app.screen is screen
            assert screen.query_one("#path", Answer).value == path
    assert [path.name for path in here.iterdir()] == ["folder"]


async def test_it_goes_by_the_keyboard_and_tab_completes_the_path(firm: str, running: Running, here: Path) -> None:
    (here / "folder").mkdir()
    async with running(firm) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "right", "right", "down")
        await wait_until(lambda: screen.query_one("#format", Answer).value == "jsonl")
        await wait_until(lambda: isinstance(screen.focused, PathInput))  # it asks nothing more
        await pilot.press("up", "up", "right", "right")  # all clients, and round again
        screen.query_one("#path", Answer).value = "fol"
        screen.query_one("#path", Answer).enter()
        await pilot.press("tab")
        await wait_until(lambda: screen.query_one("#path", Answer).value == "folder/")
        await pilot.press("x", "enter")
        await wait_until(lambda: pilot.app.screen is not screen)
    assert (here / "folder" / "x").read_text("utf-8").count("\n") == 8


async def test_esc_leaves(firm: str, running: Running, here: Path) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is not screen)
    assert list(here.iterdir()) == []


def slow(session: object, export: Export, path: str, overwrite: bool, watch: Watch) -> Written:
    """A download that goes on until it is stopped."""
    watch.progress(4)
    while not watch.stopped():
        time.sleep(0.01)
    raise refuse("download_stopped")


async def test_a_long_download_shows_how_far_it_is_and_esc_stops_it(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "write_clients", slow)
    async with running(firm) as pilot:
        screen = await opened(pilot)
        with unanswered():
            await pilot.press("ctrl+s")
            await wait_for(pilot.app, "4 of 8 rows")
            assert screen.query_one(ProgressLines).display
            await wait_for(pilot.app, "esc Stop")
            await pilot.press("ctrl+s", "x", "escape", "escape")  # nothing is begun twice, nothing is typed
        await wait_until(lambda: "The download was stopped; nothing was written." in notices(pilot.app))
        await wait_until(lambda: not screen.is_obeying)
        assert pilot.app.screen is screen
        assert screen.query_one("#path", Answer).value == "clients.csv"
        await wait_until(lambda: screen.focused is not None)
        assert not screen.query_one(ProgressLines).display


async def test_what_is_written_while_another_screen_stands_over_it_closes_the_form_afterwards(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    written = download.write_clients

    def held(session: Session, export: Export, path: str, overwrite: bool, watch: Watch) -> Written:
        may_end.wait(60)
        return written(session, export, path, overwrite, watch)

    monkeypatch.setattr(download, "write_clients", held)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("d")
        await wait_until(lambda: isinstance(pilot.app.screen, Download))
        screen = pilot.app.screen
        assert isinstance(screen, Download)
        with unanswered():
            await pilot.press("ctrl+s")
        await wait_until(lambda: screen.under_way)
        pilot.app.push_screen(HelpScreen(()))  # keys wait, but a click or news may open something
        await wait_until(lambda: pilot.app.screen is not screen)
        over = pilot.app.screen
        may_end.set()
        await wait_until(lambda: not screen.is_obeying)
        assert pilot.app.screen is over
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await wait_until(lambda: any("clients.csv" in notice for notice in notices(pilot.app)))


async def test_leaving_the_program_stops_it(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    def watched(session: object, export: Export, path: str, overwrite: bool, watch: Watch) -> Written:
        try:
            return slow(session, export, path, overwrite, watch)
        finally:
            ended.append(path)

    monkeypatch.setattr(download, "write_clients", watched)
    async with running(firm) as pilot:
        await opened(pilot)
        with unanswered():
            await pilot.press("ctrl+s")
        await wait_for(pilot.app, "4 of 8 rows")
        await pilot.press("ctrl+q")
        await wait_until(lambda: not pilot.app.is_running)
    assert len(ended) == 1


async def test_basic_access_may_download(firm: str, running: Running, here: Path) -> None:
    async with running(firm, "olga") as pilot:
        screen = await opened(pilot)
        await written(pilot, screen)
    assert len(rows(here / "clients.csv")) == 9


async def test_hostile_words_do_no_harm(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        for text in HOSTILE:
            screen = await opened(pilot, ClientQuery(find=text).with_value("city", text))
            choose(screen, path=text[:100] + ".csv")
            await wait_for(pilot.app, "0 clients")
            assert_clean(pilot.app)
            screen.dismiss(None)
            await wait_until(lambda: not isinstance(pilot.app.screen, Download))

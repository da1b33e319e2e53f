"""An import while it is being written: progress, stopping, leaving, and the list behind it."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk.desk import imports, jobs
from clientdesk.desk.imports import applying as engine
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.import_under_way import Importing, Progress, Stage
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.import_apply import ImportApplyStep
from clientdesk.ui.screens.import_report import ImportReportStep
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.progress import in_words, percent
from tests.ui.conftest import Running
from tests.ui.forms import at_work
from tests.ui.imports import app_of, everyone, plain_clients, plan_step
from tests.ui.screen import text_of, wait_for, wait_until

ROWS = 60


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two rows, and a pause before each: an import that takes three seconds."""
    monkeypatch.setattr(engine, "BATCH", 2)
    monkeypatch.setattr(jobs, "BREATH", 0.1)


async def applying(pilot: Pilot[int], path: str) -> Importing:
    """An import that is being written, with its screen."""
    await plan_step(pilot, path)
    await pilot.press("ctrl+s")
    await wait_until(lambda: isinstance(pilot.app.screen, ImportApplyStep))
    importing = app_of(pilot).importing
    assert importing is not None
    return importing


async def asked(pilot: Pilot[int]) -> None:
    """A question stands there."""
    await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)


def present(firm: str) -> int:
    """How many clients the firm has at this moment."""
    connection = sqlite3.connect(firm)
    try:
        return int(connection.execute("SELECT count(*) FROM client").fetchone()[0])
    finally:
        connection.close()


@pytest.fixture
def nobody_writes() -> Callable[[], None]:
    """Fails unless every thread that this test has begun, and that could write, ends."""
    earlier = {*threading.enumerate()}

    def ended() -> None:
        for thread in {*threading.enumerate()} - earlier:
            if thread.name == "clientdesk-gateway":
                thread.join(30)
                assert not thread.is_alive()

    return ended


def test_progress_in_words() -> None:
    assert in_words(Progress()) == "Beginning…"
    assert percent(Progress(1, 3)) == "33 %"
    assert in_words(Progress(5_000, 20_000, 0.1)) == "5,000 of 20,000 rows"
    assert in_words(Progress(5_000, 20_000, 2.0)) == "5,000 of 20,000 rows · 2,500 rows a second · about 6 seconds left"


@pytest.mark.usefixtures("slow")
async def test_a_bar_with_rows_and_rate_then_the_report(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        importing = await applying(pilot, plain_clients(tmp_path, 20))
        await wait_for(pilot.app, "of 20 rows")
        await wait_for(pilot.app, " %")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
        await wait_for(pilot.app, "20 new")
        assert importing.stage is Stage.ENDED
    assert len(everyone(firm)) == 29


@pytest.mark.usefixtures("slow")
async def test_esc_goes_to_the_list_which_stays_usable_and_says_how_far_it_is(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        await applying(pilot, plain_clients(tmp_path, ROWS))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await wait_for(pilot.app, "Importing plain.csv")
        table = pilot.app.screen.query_one("ClientTable")
        await pilot.press("space", "slash", "n", "u", "e", "v")
        await wait_until(lambda: pilot.app.screen.query_one(Find).value == "nuev")
        await wait_for(pilot.app, "Nuevo 00000 SL")
        await wait_for(pilot.app, "1 marked")
        assert table.is_attached
        await pilot.press("escape", "I")
        await wait_until(lambda: isinstance(pilot.app.screen, (ImportApplyStep, ImportReportStep)))


@pytest.mark.usefixtures("slow")
async def test_the_list_is_read_again_when_the_import_has_ended(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await applying(pilot, plain_clients(tmp_path, 16))
        await pilot.press("escape")
        await wait_for(pilot.app, "plain.csv is imported · I Report")
        await wait_for(pilot.app, "24 of 25 clients")
        await pilot.press("I")
        await wait_for(pilot.app, "16 new")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)
        assert "is imported" not in text_of(pilot.app)


@pytest.mark.usefixtures("slow")
async def test_x_stops_it_after_a_question(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await applying(pilot, plain_clients(tmp_path, ROWS))
        await pilot.press("x")
        await asked(pilot)
        await wait_until(lambda: pilot.app.focused is not None and pilot.app.focused.id == "no")
        await pilot.press("right", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
        await wait_for(pilot.app, f"of {ROWS} rows are in.")
        await wait_for(pilot.app, "rows were left out.")
        importing = app_of(pilot).importing
        assert importing is not None
        assert importing.counts is not None
        assert (importing.counts.skipped, importing.counts.left_out) == (0, ROWS - importing.counts.new)
    with at_work(firm) as session:
        run = imports.runs(session)[0]
    assert run.state == "stopped"
    assert 0 < run.new < ROWS
    assert run.new + run.left_out == ROWS
    assert len(everyone(firm)) == 9 + run.new


@pytest.mark.usefixtures("slow")
async def test_the_list_says_that_an_import_was_stopped_and_how_many_rows_are_in(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        importing = await applying(pilot, plain_clients(tmp_path, ROWS))
        await wait_until(lambda: importing.progress.done > 0)
        await pilot.press("escape")
        await wait_for(pilot.app, "Importing plain.csv")
        importing.break_off()
        await wait_until(lambda: not importing.is_applying)
        assert importing.counts is not None
        written = importing.counts.new
        assert 0 < written < ROWS
        await wait_for(pilot.app, f"plain.csv was stopped, {written} of {ROWS} rows are in · I Report")
        assert "is imported" not in text_of(pilot.app)


@pytest.mark.usefixtures("slow")
async def test_quitting_asks_and_nothing_is_written_afterwards(
    firm: str, running: Running, tmp_path: Path, nobody_writes: Callable[[], None]
) -> None:
    async with running(firm) as pilot:
        await applying(pilot, plain_clients(tmp_path, ROWS))
        await pilot.press("escape")
        await wait_for(pilot.app, "Importing plain.csv")
        await pilot.press("q")
        await asked(pilot)
        await wait_for(pilot.app, "Stop the import and quit?")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await pilot.press("q")
        await asked(pilot)
        await pilot.press("right", "enter")
        await wait_until(lambda: not pilot.app.is_running)
    left = present(firm)
    assert 9 < left < 9 + ROWS
    with at_work(firm) as session:
        run = imports.runs(session)[0]
    assert (run.state, run.new) == ("stopped", left - 9)
    nobody_writes()


@pytest.mark.usefixtures("slow")
async def test_a_signal_ends_it_at_once(
    firm: str, running: Running, tmp_path: Path, nobody_writes: Callable[[], None]
) -> None:
    async with running(firm) as pilot:
        await applying(pilot, plain_clients(tmp_path, ROWS))
        assert isinstance(pilot.app, ClientdeskApp)
        pilot.app.leaving.at_once(15)
        await wait_until(lambda: not pilot.app.is_running)
    assert present(firm) < 9 + ROWS
    nobody_writes()

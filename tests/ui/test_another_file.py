"""The firm's file is replaced while the screens are open: nothing is said to be saved, nothing typed is lost."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clientdesk.desk import clients, opening
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.screens.ask_path import PathDialog
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.widgets.note_lines import AnotherFileLine
from clientdesk.ui.widgets.path_input import PathInput
from tests.many import add_many
from tests.ui.conftest import Running
from tests.ui.forms import line, notices, open_form, put
from tests.ui.screen import wait_for, wait_until
from tests.ui.watching import looked, the_list


def names(firm: str) -> set[str]:
    with opening.open_firm(firm, "ana") as session:
        return {row.values[0] for row in clients.window(session, ClientQuery(), ("display_name",), 0, 100)}


@pytest.mark.parametrize("how", ["cp", "mv", "rm", "folder"])
async def test_a_save_into_another_file_offers_a_copy_and_goes_on_in_it(
    firm: str, running: Running, tmp_path: Path, how: str
) -> None:
    backup, copy = tmp_path / "backup.db", tmp_path / "copy.db"
    shutil.copy(firm, backup)
    inside = tmp_path / "inside"
    inside.mkdir()
    place = str(shutil.copy(firm, inside / "firm.db"))
    async with running(place) as pilot:
        await the_list(pilot)
        await looked(pilot)
        form, _answers = await open_form(pilot)
        put(form, display_name="First")
        await pilot.press("ctrl+s")
        await wait_until(lambda: any("Saved: First" in notice for notice in notices(pilot.app)))
        if how == "folder":
            os.rename(inside, tmp_path / "renamed")
        elif how == "rm":
            os.remove(place)
        else:
            shutil.copy(backup, place) if how == "cp" else shutil.move(backup, place)

        form, _answers = await open_form(pilot)
        put(form, display_name="Second")
        pilot.app.clear_notifications()
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await wait_for(pilot.app, "Save a copy as…")
        assert pilot.app.screen_stack[-2] is form
        assert not any("Saved" in notice for notice in notices(pilot.app))
        assert form.query(AnotherFileLine)

        await pilot.press("y")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog) and pilot.app.screen.query_one(PathInput))
        pilot.app.screen.query_one(PathInput).value = str(copy)
        await pilot.press("enter")
        await wait_until(lambda: pilot.app.screen is form)
        await wait_until(lambda: any("You work in" in notice for notice in notices(pilot.app)))
        assert line(form, "display_name").value == "Second"
        assert not form.query(AnotherFileLine)
        await pilot.press("ctrl+s")
        await wait_until(lambda: any("Saved: Second" in notice for notice in notices(pilot.app)))
    assert {"First", "Second"} <= names(str(copy))
    assert os.path.exists(place) is (how in ("cp", "mv"))
    if os.path.exists(place):
        assert not {"First", "Second"} & names(place)


@pytest.mark.parametrize("put_over", [shutil.copy, shutil.move])
async def test_leaving_asks_where_another_file_stands_there(
    firm: str, running: Running, tmp_path: Path, put_over: Callable[[str, str], object]
) -> None:
    backup = str(shutil.copy(firm, tmp_path / "backup.db"))
    async with running(firm) as pilot:
        await the_list(pilot)
        await looked(pilot)
        put_over(backup, firm)
        await looked(pilot)
        await wait_for(pilot.app, "Nothing is saved any more")
        await pilot.press("q")
        await wait_for(pilot.app, "Leave without a copy of the firm?")


async def test_a_look_notices_it_and_that_the_file_is_back(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await the_list(pilot)
        os.rename(firm, tmp_path / "elsewhere.db")
        await looked(pilot)
        await wait_for(pilot.app, "Nothing is saved any more: the firm's file is gone.")
        await wait_until(lambda: any("is not there any more" in notice for notice in notices(pilot.app)))
        await pilot.press("q")
        await wait_for(pilot.app, "Leave without a copy of the firm?")
        await pilot.press("n")
        await wait_until(lambda: len(pilot.app.screen_stack) == 1)
        shutil.copy(tmp_path / "elsewhere.db", firm)
        await looked(pilot)
        await wait_for(pilot.app, "Nothing is saved any more: another file is there.")
        os.rename(tmp_path / "elsewhere.db", firm)
        await looked(pilot)
        await wait_until(lambda: not pilot.app.screen.query(AnotherFileLine))


async def test_the_start_tells_of_a_wal_that_was_put_aside(firm: str, running: Running, tmp_path: Path) -> None:
    backup = str(shutil.copy(firm, tmp_path / "backup.db"))
    child = os.fork()
    if child == 0:
        try:
            clients.add(opening.open_firm(firm, "ana"), {"display_name": "Lost"})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    shutil.copy(backup, firm)
    async with running(firm) as pilot:
        await wait_until(lambda: any("belongs to another file" in notice for notice in notices(pilot.app)))
    assert "Lost" not in names(firm)


async def test_a_copy_is_saved_at_any_time_and_leaves_the_firm_open(
    firm: str, running: Running, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    async with running(firm) as pilot:
        await the_list(pilot)
        await pilot.press("f4")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog))
        await wait_until(lambda: pilot.app.screen.query_one(PathInput).value == f"{firm}.copy")
        pilot.app.screen.query_one(PathInput).value = firm
        await pilot.press("enter")
        await wait_for(pilot.app, "There is a file at")
        pilot.app.screen.query_one(PathInput).value = "/nonexistent/copy.db"
        await pilot.press("enter")
        await wait_for(pilot.app, "The folder /nonexistent does not exist")
        pilot.app.screen.query_one(PathInput).value = str(copy)
        await pilot.press("enter")
        await wait_until(lambda: any("A copy of the firm is in" in notice for notice in notices(pilot.app)))
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        assert app.gateway.session.location == firm
    assert names(str(copy)) == names(firm)


async def test_nothing_is_saved_from_what_was_overwritten_by_an_older_state(
    firm: str, running: Running, tmp_path: Path
) -> None:
    """Half of the open firm is gone then: no copy could be told from the whole."""
    old, copy = tmp_path / "old.db", tmp_path / "copy.db"
    shutil.copy(firm, old)
    with opening.open_firm(firm, "ana") as session:
        add_many(session, ({"display_name": f"Client {number}"} for number in range(300)))
    async with running(firm) as pilot:
        await the_list(pilot)
        await looked(pilot)
        form, _answers = await open_form(pilot)
        put(form, display_name="First")
        await pilot.press("ctrl+s")
        await wait_until(lambda: any("Saved: First" in notice for notice in notices(pilot.app)))
        shutil.copy(old, firm)
        await pilot.press("f4")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog) and pilot.app.screen.query_one(PathInput))
        pilot.app.screen.query_one(PathInput).value = str(copy)
        await pilot.press("enter")
        await wait_for(pilot.app, "No copy was saved")
    assert not copy.exists()
    assert ClientFormScreen is type(form)

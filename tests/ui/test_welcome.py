"""The first start: nothing is made before it is said so, and what stands in the way is a sentence."""

import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk import folders
from clientdesk.desk import opening, team
from clientdesk.desk.opening import open_firm
from clientdesk.domain.access import Access
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.widgets.answers import Answer
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until

Starting = Callable[..., AbstractAsyncContextManager[Pilot[int]]]


@pytest.fixture
def starting(monkeypatch: pytest.MonkeyPatch) -> Starting:
    """The program at a place where there is no firm; your account is `ana` of Ana García."""
    monkeypatch.setattr(opening, "account_login", lambda: "ana")
    monkeypatch.setattr(opening, "account_full_name", lambda: "Ana García")

    @asynccontextmanager
    async def start(location: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[int]]:
        gateway = Gateway()
        try:
            async with ClientdeskApp(gateway, location).run_test(size=size, notifications=True) as pilot:
                yield pilot
        finally:
            gateway.close()

    return start


def answer(pilot: Pilot[int], name: str) -> Answer:
    return pilot.app.screen_stack[0].query_one(f"#{name}", Answer)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_names_the_place_and_asks(starting: Starting, size: tuple[int, int]) -> None:
    async with starting("/srv/office/rios.db", size) as pilot:
        await wait_for(pilot.app, "There is no firm at /srv/office/rios.db yet. Create one there?")
        await wait_for(pilot.app, "mode 0600: only you can read")
        await wait_for(pilot.app, "primary admin")
        assert answer(pilot, "name").value == "Ana García"
        await assert_snapshot(pilot.app, f"welcome_{size[0]}x{size[1]}")


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_leaving_creates_nothing(tmp_path: Path, starting: Starting, key: str) -> None:
    path = tmp_path / "mistyped.db"
    async with starting(str(path)) as pilot:
        await wait_for(pilot.app, "nothing is created")
        answer(pilot, "firm").value = "Ríos"
        await pilot.press(key)
        await wait_until(lambda: pilot.app.return_code == 0)
    assert os.listdir(tmp_path) == []


async def test_typing_replaces_the_name_that_is_proposed(starting: Starting) -> None:
    async with starting("/srv/office/rios.db") as pilot:
        await wait_for(pilot.app, "nothing is created")
        await pilot.press(*"Smith", "enter")
        await wait_until(lambda: answer(pilot, "name").query_one("LineInput").has_focus)
        await pilot.press(*"Eva")
        await wait_until(lambda: answer(pilot, "name").value == "Eva")


async def test_enter_twice_creates_the_firm_for_you_alone(tmp_path: Path, starting: Starting) -> None:
    path = tmp_path / "firm.db"
    async with starting(str(path)) as pilot:
        await wait_for(pilot.app, "nothing is created")
        answer(pilot, "firm").value = "Smith [/] & [b]Co"
        await pilot.press("down")
        await wait_until(lambda: answer(pilot, "name").query_one("LineInput").has_focus)
        await pilot.press("up")
        await wait_until(lambda: answer(pilot, "firm").query_one("LineInput").has_focus)
        await pilot.press("enter")
        await wait_until(lambda: answer(pilot, "name").query_one("LineInput").has_focus)
        await pilot.press("enter")
        await wait_for(pilot.app, "No clients yet.")
        await wait_for(pilot.app, "Smith [/] & [b]Co")
        await wait_for(pilot.app, "Ana García · primary admin")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    session = open_firm(str(path), "ana")
    assert [(member.name, member.access) for member in team.members(session)] == [("Ana García", Access.PRIMARY_ADMIN)]
    session.close()


async def test_what_is_missing_is_said_under_each_field(tmp_path: Path, starting: Starting) -> None:
    async with starting(str(tmp_path / "firm.db")) as pilot:
        await wait_for(pilot.app, "nothing is created")
        answer(pilot, "name").value = "  "
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "The firm's name is required.")
        await wait_for(pilot.app, "Your name is required.")
    assert os.listdir(tmp_path) == []


async def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, starting: Starting) -> None:
    async with starting(str(tmp_path / "nowhere" / "firm.db"), size=(200, 24)) as pilot:
        await wait_for(pilot.app, "nothing is created")
        answer(pilot, "firm").value = "Ríos"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "Make it first")
        assert answer(pilot, "firm").value == "Ríos"
    assert os.listdir(tmp_path) == []


async def test_a_file_that_came_meanwhile_is_not_touched(tmp_path: Path, starting: Starting) -> None:
    path = tmp_path / "firm.db"
    async with starting(str(path), size=(200, 24)) as pilot:
        await wait_for(pilot.app, "nothing is created")
        path.write_text("hers")
        answer(pilot, "firm").value = "Ríos"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "There is a file at")
    assert path.read_text() == "hers"


async def test_the_programs_own_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starting: Starting
) -> None:
    folder = tmp_path / "data" / "clientdesk"
    monkeypatch.setattr(folders, "user_folder", {"data": str(folder)}.get)
    async with starting(str(folder / "firm.db")) as pilot:
        await wait_for(pilot.app, "nothing is created")
        assert not folder.exists()
        answer(pilot, "firm").value = "Ríos"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "No clients yet.")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_place_with_a_hostile_name(starting: Starting) -> None:
    async with starting("/srv/a[/]\x1b[31m\u202eb.db") as pilot:
        await wait_for(pilot.app, "There is no firm at /srv/a[/]␛[31m⇄b.db yet.")
        assert "\x1b" not in text_of(pilot.app)

"""The screens on a firm that can only be read: they open, say so, and refuse what writes before anything is typed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk.desk import clients, opening
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.list_columns import ColumnsScreen
from clientdesk.ui.widgets.row_table import RowTable
from tests.disks import mounted, remount
from tests.ui.conftest import Running
from tests.ui.forms import notices
from tests.ui.screen import wait_for, wait_for_lines, wait_until


@pytest.fixture
def seen(firm: str, tmp_path: Path) -> Iterator[Path]:
    """The firm on a disk that is mounted read only."""
    with mounted(tmp_path / "disk", "size=10m") as disk:
        shutil.copy(firm, disk / "firm.db")
        remount(disk, "ro")
        yield disk / "firm.db"


async def test_the_screens_say_it_and_refuse_what_writes(seen: Path, running: Running) -> None:
    async with running(str(seen)) as pilot:

        def refused() -> bool:
            return any("is read only, so nothing was changed" in notice for notice in notices(pilot.app))

        await wait_for(pilot.app, "Construcciones Íñigo SL")
        await wait_for_lines(pilot.app, lambda lines: lines[0].endswith("Ana García · primary admin · read only"))
        await wait_until(
            lambda: any("is read only: you can look at everything" in notice for notice in notices(pilot.app))
        )
        for key in ("a", "e", "x", "D", "I", "u", "ctrl+r"):
            await pilot.press(key)
            await wait_until(refused)
            assert isinstance(pilot.app.screen, ClientList), key
        await pilot.press("c")
        await wait_until(lambda: isinstance(pilot.app.screen, ColumnsScreen))
        columns = pilot.app.screen
        await wait_until(lambda: columns.query_one(RowTable).rows.cursor_id is not None)
        await wait_for_lines(pilot.app, lambda lines: lines[0].endswith("read only"))
        await pilot.press("space", "ctrl+s")
        await wait_until(refused)
        assert pilot.app.screen is columns  # with what was chosen
        await wait_for(pilot.app, "[ ]     Client number")
    assert [path.name for path in seen.parent.iterdir()] == ["firm.db"]


async def test_what_is_written_where_it_can_be_is_shown(seen: Path, running: Running) -> None:
    async with running(str(seen)) as pilot:
        await wait_for(pilot.app, "Construcciones Íñigo SL")
        remount(seen.parent, "rw")
        with opening.open_firm(str(seen), "ana") as writer:
            clients.add(writer, {"display_name": "AAA First SL"})
        remount(seen.parent, "ro")
        await pilot.app.watcher.look()  # type: ignore[attr-defined]
        await wait_for(pilot.app, "AAA First SL")

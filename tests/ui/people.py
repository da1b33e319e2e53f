"""What the tests of team, plan, settings and history share."""

from collections.abc import Sequence
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from clientdesk.desk import team
from clientdesk.desk.records import Member
from clientdesk.store import patches
from clientdesk.ui.widgets.row_table import RowTable
from tests.planned import past_the_rules
from tests.ui.forms import at_work, notices
from tests.ui.screen import wait_until


def member(firm: str, login: str) -> Member:
    """A member as they stand now."""
    with at_work(firm, "ana") as session:
        return next(member for member in team.members(session) if member.login == login)


def plant_name(firm: str, login: str, name: str) -> None:
    """Gives a member a name past the rules, as another program might."""
    present = member(firm, login)
    with at_work(firm, "ana") as session, past_the_rules(session, "team.edited", "team_member_bounds_update"):
        assert patches.update(
            session.engine, "team_member", [patches.Write(present.id, {"name": name}, {"name": name})]
        )


async def told(pilot: Pilot[int], sentence: str) -> None:
    """A notification says this (it may be broken over lines on the screen)."""
    await wait_until(lambda: any(sentence in notice for notice in notices(pilot.app)))


async def refused(pilot: Pilot[int], keys: Sequence[str]) -> None:
    """Each of the keys is answered with whom to ask."""
    for key in keys:
        pilot.app.clear_notifications()
        await pilot.press(key)
        await wait_until(lambda: [notice.endswith("Ask Ana García.") for notice in notices(pilot.app)] == [True])


async def counted(screen: Screen[Any]) -> RowTable:
    """The screen's table, as soon as all its rows are known."""
    await wait_until(lambda: screen.query_one(RowTable))
    table = screen.query_one(RowTable)
    await wait_until(
        lambda: table.rows.is_loaded and table.rows.count is not None and (table.rows.count == 0 or table.rows.current)
    )
    return table


async def go_to(table: RowTable, first_value: str) -> None:
    """Puts the cursor on the row that begins so."""
    await wait_until(lambda: _row(table, first_value) is not None)
    row = _row(table, first_value)
    assert row is not None
    table.rows.move_to(row)
    await wait_until(lambda: table.rows.cursor_id is not None)


def _row(table: RowTable, first_value: str) -> int | None:
    rows = map(table.rows.row_at, range(table.rows.total))
    return next(
        (number for number, row in enumerate(rows) if row is not None and row.values[0].startswith(first_value)), None
    )


def values_of(table: RowTable) -> list[Sequence[str]]:
    """The values of the table's rows that are at hand, from the top."""
    return [row.values for row in map(table.rows.row_at, range(table.rows.total)) if row is not None]

"""The SQL that a server's administrator runs for a team member, shown where a member is changed."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.handover import HandOverDialog
from clientdesk.ui.screens.login_grant import SqlDialog
from clientdesk.ui.screens.member_form import MemberForm
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.widgets.answers import Answer
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, notices, shown
from tests.ui.people import counted, go_to, member, told
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_until


@pytest.fixture
def on_a_server(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The firm's engine has SQL for every login; what it was asked."""
    asked: list[tuple[str, str]] = []

    def grant_sql(session: Session, login: str, access: Access | None) -> str:
        asked.append((login, "" if access is None else access.value))
        lines = ["REVOKE clientdesk_basic, clientdesk_full, clientdesk_primary_admin FROM {name};"]
        lines += [] if access is None else [f"GRANT clientdesk_{access.value} TO {{name}};"]
        return "\n".join(lines).format(name=f'"{login}"')

    monkeypatch.setattr(team, "grant_sql", grant_sql)
    return asked


async def _team(pilot: Pilot[int], first_value: str = "") -> TeamScreen:
    screen = TeamScreen()
    await pilot.app.push_screen(screen)
    table = await counted(screen)
    if first_value:
        await go_to(table, first_value)
    return screen


async def _on_top(pilot: Pilot[int], kind: type[object]) -> None:
    await wait_until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None)


async def _save(pilot: Pilot[int], **values: str) -> None:
    await _on_top(pilot, MemberForm)
    for name, value in values.items():
        pilot.app.screen.query_one(f"#{name}", Answer).value = value
    await pilot.press("ctrl+s")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_who_joins_gets_rights_from_the_server(
    firm: str, running: Running, on_a_server: list[tuple[str, str]], size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        await _team(pilot)
        await pilot.press("a")
        await _save(pilot, name="Rosa Sanz", login="rosa", access="full")
        await _on_top(pilot, SqlDialog)
        assert on_a_server == [("rosa", "full")]
        await assert_snapshot(pilot.app, f"team_sql_{size[0]}x{size[1]}")
        await pilot.press("y")
        await wait_until(lambda: "Sent to the terminal's clipboard: " in text_of(pilot.app))
        assert pilot.app.clipboard.splitlines()[-1] == 'GRANT clientdesk_full TO "rosa";'
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, TeamScreen))
    assert member(firm, "rosa").access is Access.FULL


async def test_a_firm_in_a_file_has_no_sql(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await _team(pilot)
        await pilot.press("a")
        await _save(pilot, name="Rosa Sanz", login="rosa")
        await told(pilot, "Rosa Sanz is in the team now.")
        assert isinstance(pilot.app.screen, TeamScreen)


async def test_another_login_takes_the_rights_of_the_old_one(
    firm: str, running: Running, on_a_server: list[tuple[str, str]]
) -> None:
    async with running(firm) as pilot:
        await _team(pilot, "Luis")
        await pilot.press("e")
        await _save(pilot, login="lortega")
        await _on_top(pilot, SqlDialog)
        assert on_a_server == [("luis", ""), ("lortega", "full")]


async def test_another_access_is_other_rights(firm: str, running: Running, on_a_server: list[tuple[str, str]]) -> None:
    async with running(firm) as pilot:
        await _team(pilot, "Luis")
        await pilot.press("e")
        await _save(pilot, access="basic")
        await _on_top(pilot, SqlDialog)
        assert on_a_server == [("luis", "basic")]


async def test_a_new_address_changes_no_rights(firm: str, running: Running, on_a_server: list[tuple[str, str]]) -> None:
    async with running(firm) as pilot:
        await _team(pilot, "Luis")
        await pilot.press("e")
        await _save(pilot, email="luis@rios.example")
        await told(pilot, "Luis Ortega is saved.")
        assert not on_a_server


async def test_who_becomes_inactive_loses_the_rights_and_gets_them_back(
    firm: str, running: Running, on_a_server: list[tuple[str, str]]
) -> None:
    async with running(firm) as pilot:
        screen = await _team(pilot, "Olga")
        await pilot.press("x")
        await _on_top(pilot, Confirm)
        await pilot.press("y")
        await _on_top(pilot, SqlDialog)
        await wait_for(pilot.app, "Olga Nowak is inactive now.")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen and screen.member is not None)
        await go_to(screen.table, "Olga")
        await wait_until(lambda: screen.member is not None and not screen.member.active)
        await pilot.press("x")
        await _on_top(pilot, SqlDialog)
        assert on_a_server == [("olga", ""), ("olga", "basic")]


async def test_who_takes_the_role_takes_its_rights(
    firm: str, running: Running, on_a_server: list[tuple[str, str]]
) -> None:
    with at_work(firm, "ana") as session:
        team.offer_primary_admin(session, member(firm, "luis").id)
    async with running(firm, "luis") as pilot:
        await _on_top(pilot, HandOverDialog)
        pilot.app.screen.query_one("#accept").focus()
        await pilot.press("enter")
        await _on_top(pilot, SqlDialog)
        assert on_a_server == [("luis", "primary_admin"), ("ana", "full")]
        await wait_for(pilot.app, "You are the primary admin of Ríos y Asociados now.")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await wait_for(pilot.app, "Luis Ortega · primary admin")
        assert not notices(pilot.app)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_logins_steer_nothing(firm: str, running: Running, name: str) -> None:
    async with running(firm) as pilot:
        screen = SqlDialog(f"{name} is saved.", f'GRANT clientdesk_full TO "{name}";')
        await shown(pilot, screen, lambda: screen.focused is not None)
        assert_clean(pilot.app)

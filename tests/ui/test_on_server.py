"""The screens on a real PostgreSQL server: fresh lists over its notices, and the server stopped under an open form."""

import asyncio
from collections.abc import Iterator

import pytest

from clientdesk.desk import clients, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui import watching
from clientdesk.ui.firm_change import BY_OTHERS
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.login_grant import SqlDialog
from tests.servers import Server
from tests.ui.conftest import Running
from tests.ui.forms import line, notices, open_form, put
from tests.ui.screen import lines_of, wait_for, wait_until
from tests.ui.watching import comes, line_is_there, look_often, looked, the_list

pytestmark = pytest.mark.long("servers")

EVERY = watching.LOOK_EVERY
"""So many seconds pass between two looks in the program."""


@pytest.fixture
def url(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A firm on the server with three clients and Luis in the team; where it is for Ana."""
    look_often(monkeypatch)
    database = server.firm()
    url = server.url(database, "ana")
    with opening.open_firm(url) as session:
        team.add_member(session, "Luis Ortega", "", "luis", Access.FULL)
        for name in ("Müller & Söhne GmbH", "[ACME] Ltd", "Zoë Lefèvre"):
            clients.add(session, {"display_name": name})
    server.login("luis", "full")
    yield url
    server.drop_database(database)


def luis_at(url: str) -> Session:
    """The firm as Luis has it open."""
    return opening.open_firm(url.replace("//ana@", "//luis@"))


def numbered(session: Session, text: str) -> int:
    """The id of the only client that is found by a text."""
    (row,) = clients.window(session, ClientQuery(find=text), (), 0, 2)
    return row.id


async def test_what_a_colleague_saves_shows_within_two_seconds(url: str, running: Running) -> None:
    assert EVERY <= 1.0
    with luis_at(url) as luis:
        client = clients.get(luis, numbered(luis, "muller"))
        async with running(url) as pilot:
            await the_list(pilot)
            saved = clients.edit(luis, client, {"display_name": "Mueller und Kinder"})
            await looked(pilot)  # the next look, a second later at most, shows it
            await wait_for(pilot.app, "Mueller und Kinder")
            form, _answers = await open_form(pilot, client.id)
            put(form, email="my@mueller.example")
            clients.edit(luis, saved, {"phone": "+49 30 1111111"})
            await looked(pilot)
            await wait_for(pilot.app, "Luis Ortega changed this client meanwhile")
            assert line(form, "email").value == "my@mueller.example"


async def test_what_you_save_yourself_is_no_news(url: str, running: Running) -> None:
    async with running(url) as pilot:
        screen = await the_list(pilot)
        changed: list[int] = []
        screen.firm_changed = lambda change=BY_OTHERS: changed.append(1)  # type: ignore[method-assign]
        form, answers = await open_form(pilot)
        put(form, display_name="Águila Nueva")
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers)
        await comes(pilot, lambda: changed, watched=False)
        with luis_at(url) as luis:
            clients.add(luis, {"display_name": "Bodegas Ruiz"})
        await comes(pilot, lambda: changed, watched=True)


async def test_a_connection_that_is_killed_is_not_even_noticed(url: str, server: Server, running: Running) -> None:
    async with running(url) as pilot:
        await the_list(pilot)
        form, answers = await open_form(pilot)
        put(form, display_name="Águila Nueva")
        server.run_as_superuser(
            "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ana'"
        )
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers)
        await wait_for(pilot.app, "Águila Nueva")
        assert not line_is_there(pilot.app)
    with luis_at(url) as luis:
        assert clients.count(luis, ClientQuery(find="aguila")) == 1


async def test_the_server_stopped_under_an_open_form(url: str, server: Server, running: Running) -> None:
    async with running(url) as pilot:
        await the_list(pilot)
        form, answers = await open_form(pilot)
        put(form, display_name="Águila Nueva", email="aguila@nueva.example")
        await asyncio.to_thread(server.stop, "fast")
        try:
            await wait_for(pilot.app, "No answer from the firm's server since ")
            await pilot.press("ctrl+s")
            await wait_until(
                lambda: any("does not answer. Nothing more was changed" in notice for notice in notices(pilot.app))
            )
            assert pilot.app.screen is form
        finally:
            await asyncio.to_thread(server.start)
        await wait_until(lambda: not line_is_there(pilot.app))
        assert line(form, "email").value == "aguila@nueva.example"
        await pilot.press("ctrl+s")
        await wait_until(lambda: answers)
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
        await wait_for(pilot.app, "4 clients")
        await wait_for(pilot.app, "Águila Nueva")
        assert "postgres" not in "\n".join(lines_of(pilot.app)[:2])
    with luis_at(url) as luis:
        assert clients.count(luis, ClientQuery(find="aguila")) == 1


async def test_the_sql_of_an_undone_team_change_is_shown(url: str, running: Running) -> None:
    async with running(url) as pilot:
        await the_list(pilot)
        gateway = pilot.app.gateway  # type: ignore[attr-defined]
        luis = next(member for member in await gateway.call(team.members) if member.login == "luis")
        await gateway.call(team.deactivate_member, luis.id)
        await pilot.press("u")
        await wait_until(lambda: isinstance(pilot.app.screen, SqlDialog))
        await wait_for(pilot.app, "Undone: Team member made inactive, Luis Ortega: Status: Inactive → Active")
        await wait_for(pilot.app, 'GRANT clientdesk_full TO "luis";')

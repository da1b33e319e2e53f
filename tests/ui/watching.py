"""What the tests of fresh lists and of a server that goes away share."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import peewee
import pytest
from textual.app import App
from textual.pilot import Pilot

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import InDoubt, Statement
from clientdesk.store.engines.sqlite import SqliteEngine
from clientdesk.ui import watching
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.widgets.note_lines import AwayLine
from tests.many import add_many
from tests.ui.forms import at_work, notices
from tests.ui.screen import handled, wait_until

OFTEN = 0.05
"""So many seconds between two looks while a test waits for one."""
PLACE = "db.example"


def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program looks many times a second for what others do."""
    monkeypatch.setattr(watching, "LOOK_EVERY", OFTEN)


async def comes(pilot: Pilot[int], condition: Callable[[], object], watched: bool) -> None:
    """`condition` comes true; in a program that does not watch, it must not, whatever else it still has to do."""
    if watched:
        await wait_until(condition)
    else:
        await quiet(pilot)
        with pytest.raises(AssertionError, match="did not come true"):
            await wait_until(condition, 0)


def fill(firm: str, count: int) -> None:
    """So many clients more, "Client 0000" and so on."""
    with at_work(firm, "ana") as session:
        add_many(session, ({"display_name": f"Client {number:04}"} for number in range(count)))


async def the_list(pilot: Pilot[int]) -> ClientList:
    """The client list, as soon as it is counted."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, ClientList)
    await wait_until(lambda: screen.table.rows.count is not None and screen.totals is not None)
    return screen


class Server:
    """A firm's file that behaves like a server: it can go away, at once or in the middle of a commit."""

    def __init__(self) -> None:
        self.down = False
        self.cut: str = ""
        """What becomes of the next write, in whose commit the server goes away: "saved" or "lost"."""
        self.reached_by: int | None = None
        """The only thread that reaches the server while it is down for the others."""

    def execute(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """peewee's way to the database, which fails while the server is down."""

        def execute_sql(db: Any, *args: Any, **kwargs: Any) -> Any:
            if self.down and threading.get_ident() != self.reached_by:
                raise FirmUnusable(problem("server_away", place=PLACE))
            return original(db, *args, **kwargs)

        return execute_sql

    def writing(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A transaction whose commit may be cut."""

        @contextmanager
        def writing(engine: SqliteEngine, bulk: bool = False, asks: Sequence[Statement] = ()) -> Iterator[Any]:
            cut, self.cut = self.cut, ""
            try:
                with original(engine, bulk, asks) as answers:
                    yield answers
                    if cut == "lost":
                        raise InDoubt
            except InDoubt:
                self.down = True
                raise
            if cut:
                self.down = True
                raise InDoubt

        return writing


@contextmanager
def a_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The firm's server; the program looks whether it is there when it `goes` and when it `comes_back`."""
    server = Server()
    monkeypatch.setattr(peewee.Database, "execute_sql", server.execute(peewee.Database.execute_sql))
    monkeypatch.setattr(SqliteEngine, "writing", server.writing(SqliteEngine.writing))
    yield server
    server.down = False


def line_is_there(app: App[Any]) -> bool:
    """Whether the screen says that the server is away."""
    return bool(app.screen_stack[-1].query(AwayLine))


async def looked(pilot: Pilot[int]) -> None:
    """The program looks once for what others did and whether the server is there."""
    watcher: watching.Watch = pilot.app.watcher  # type: ignore[attr-defined]
    await pilot.app.run_worker(watcher.look(), group="watch").wait()


async def goes(pilot: Pilot[int], server: Server) -> None:
    """The server goes away, and the program has noticed."""
    server.down = True
    await looked(pilot)
    await wait_until(lambda: pilot.app.gateway.away is not None)  # type: ignore[attr-defined]


async def comes_back(pilot: Pilot[int], server: Server) -> None:
    """The server is back, and the program has noticed."""
    server.down = False
    await looked(pilot)
    await wait_until(lambda: pilot.app.gateway.away is None)  # type: ignore[attr-defined]


async def told_away(pilot: Pilot[int]) -> None:
    """The sentence that the server is away is told as a notification."""
    await wait_until(lambda: any(f"({PLACE}) does not answer" in notice for notice in notices(pilot.app)))


async def quiet(pilot: Pilot[int]) -> None:
    """Nothing is being read or opened any more."""
    gateway: Gateway = pilot.app.gateway  # type: ignore[attr-defined]
    for _turn in range(4):  # what is read leads to other reads
        await gateway.run(int)  # comes last
        await handled(pilot.app)

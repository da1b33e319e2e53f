"""What the tests of review and board share: a firm with a template in use, and the program on a certain day."""

from collections.abc import Mapping, Sequence

from textual.pilot import Pilot

from clientdesk.desk import clients, work, work_managing
from clientdesk.desk.session import Session
from clientdesk.desk.work_records import Work, WorkOf
from clientdesk.domain.client_query import EVERYONE
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.screens.review import ReviewScreen
from clientdesk.ui.screens.review_rows import ReviewRow
from tests.desk.worked_on import TODAY, period, with_template
from tests.ui.forms import at_work
from tests.ui.people import counted
from tests.ui.screen import wait_until

SECTIONS: Mapping[str, Sequence[str]] = {
    "Setup": ("Ask for the bank's statements",),
    "Review": (
        "Match every bank line to a transaction, and say in a note which of them stay open and why that is so",
        "[/] Payees",
    ),
}


def with_reviews(firm: str, sections: Mapping[str, Sequence[str]] = SECTIONS, name: str = "Books review") -> str:
    """The firm with a template by which each client has a review of each month from June 2026 on."""
    with at_work(firm) as session:
        with_template(session, {}, name, sections)
        begun(session, name)
    return firm


def begun(session: Session, name: str = "Books review") -> None:
    """The work of all clients begins in June 2026."""
    client_ids = [row.id for row in clients.window(session, EVERYONE, (), 0, 1_000)]
    work_managing.set_start(session, client_ids, work.template_by_name(session, name), period("2026-06"))


def review_of(firm: str, client_id: int, key: str = "2026-06", name: str = "Books review") -> Work:
    """A client's review as it stands now."""
    with at_work(firm) as session:
        return work.read(session, WorkOf(client_id, work.template_by_name(session, name).id, period(key)))


def client_id_of(firm: str, name: str) -> int:
    """The id of the client whose name begins so."""
    with at_work(firm) as session:
        rows = clients.window(session, EVERYONE, ("display_name",), 0, 1_000)
        return next(row.id for row in rows if row.values[0].startswith(name))


def at_noon(pilot: Pilot[int]) -> None:
    """It is 5 August 2026."""
    assert isinstance(pilot.app, ClientdeskApp)
    pilot.app.gateway.session.today = lambda: TODAY


async def reviewing(pilot: Pilot[int]) -> ReviewScreen:
    """The review on top, as soon as its rows are known."""
    await wait_until(lambda: isinstance(pilot.app.screen, ReviewScreen) and pilot.app.screen.seen is not None)
    screen = pilot.app.screen
    assert isinstance(screen, ReviewScreen)
    await counted(screen)
    return screen


def here(screen: ReviewScreen) -> ReviewRow:
    """The line under the cursor."""
    row = screen.row
    assert row is not None
    return row

"""A second firm beside the first, and the server's logins."""

from collections.abc import Callable, Iterator

import pytest

from clientdesk.desk import opening
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from tests.conftest import NewFirm
from tests.servers import Server


@pytest.fixture
def other(session: Session, new_firm: NewFirm) -> Iterator[Session]:
    """Another firm, Norte SL, where Ana is the primary admin too."""
    other = opening.open_firm(new_firm("Norte SL"), session.login)
    yield other
    other.close()


Known = Callable[[str, Access | None], None]


@pytest.fixture
def known_to_server(engine_name: str, request: pytest.FixtureRequest) -> Known:
    """Gives a login the group of an access on the server (None: of nobody), as its administrator does; a file knows
    no logins."""

    def give(login: str, access: Access | None) -> None:
        if engine_name == "postgres":
            server: Server = request.getfixturevalue("server")
            server.login(login, access)

    return give

"""A server that tests may stop, and people who work on it, at the other end of a line that can be cut."""

from collections.abc import Iterator

import pytest

from clientdesk.desk import clients, opening
from clientdesk.desk.session import Session
from tests.server.wire import Wire
from tests.servers import Server


@pytest.fixture(scope="session")
def alone() -> Iterator[Server]:
    """A server that these tests may stop, whose commits are kept."""
    server = Server("fsync = off\nautovacuum = off\nshared_buffers = 64MB\n")
    yield server
    server.close()


@pytest.fixture
def database(alone: Server) -> Iterator[str]:
    """The database of a firm with one client."""
    database = alone.firm()
    with opening.open_firm(alone.url(database, "ana")) as session:
        clients.add(session, {"display_name": "Peña SA"})
    yield database
    alone.drop_database(database)


@pytest.fixture
def ana(alone: Server, database: str) -> Iterator[Session]:
    """The firm's primary admin at work."""
    with opening.open_firm(alone.url(database, "ana")) as session:
        yield session


@pytest.fixture
def wire(alone: Server) -> Iterator[Wire]:
    """A line to the server that can be cut."""
    wire = Wire(alone.port)
    yield wire
    wire.close()


@pytest.fixture
def far(alone: Server, database: str, wire: Wire) -> Iterator[Session]:
    """The firm's primary admin at the other end of a line that can be cut."""
    with opening.open_firm(alone.url(database, "ana", wire.port)) as session:
        yield session

"""A firm of made-up clients on either engine, for a whole file of tests; with all its clients in memory where wanted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from clientdesk.desk import client_filters, clients, copying, opening
from clientdesk.desk.demo import write_demo
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.filter_words import Names
from tests.servers import Server


class FirmInMemory(NamedTuple):
    """A firm, its clients by id as values by field, and the names that its filters may say."""

    session: Session
    everything: dict[int, dict[str, str]]
    names: Names

    def __repr__(self) -> str:
        return "Firm"


@contextmanager
def demo_firm(
    request: pytest.FixtureRequest,
    paths: pytest.TempPathFactory,
    clients_made: int,
    clients_besides: Sequence[Mapping[str, str]] = (),
) -> Iterator[Session]:
    """A demo firm on the engine that is the fixture's parameter, with some clients besides the made-up ones, open."""
    location = str(paths.mktemp(request.param) / "demo.db")
    write_demo(location, clients_made, login="ana")
    with opening.open_firm(location, "ana") as demo:
        for values in clients_besides:
            clients.add(demo, values)
        if request.param == "postgres":
            server: Server = request.getfixturevalue("server")
            server.login("ana", "primary_admin")
            database = server.create_database()
            copying.copy_firm(demo, server.url(database))
            server.let_in("ana", database)
            location = server.url(database, "ana")
    with opening.open_firm(location, "ana") as session:
        yield session


def in_memory(session: Session) -> FirmInMemory:
    """The firm with all its clients in memory."""
    fields = session.catalogue.names
    rows = clients.window(session, EVERYONE, fields, 0, 1_000)
    everything = {row.id: dict(zip(fields, row.values, strict=True)) for row in rows}
    return FirmInMemory(session, everything, client_filters.names(session))

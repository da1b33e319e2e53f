"""Firms for the tests of imports on each engine: made once, then copied; and what stands in them, read past us."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from clientdesk.desk import opening
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.store.engines.postgres_change_sets import TAKE_TURN
from tests.many import add_many
from tests.servers import Server

HEAD = "Company ID,Display name,Client number"
HOSTILE = Path(__file__).parent.parent / "data" / "hostile_csv"
ADMIN = "ana"
"""The login of the primary admin on a server; of a firm in a file, who runs the tests is its primary admin."""

# --- a firm for uploads of client numbers

PEOPLE = {
    **{str(n): (f"Client {n}", f"N-{n}") for n in range(1, 9)},
    "20": ("Nobody Yet", ""),
    "21": ("Sin Número", ""),
    "22": ("می\u200cخواهم", ""),
    "23": ("بيت", ""),
    "0024": ("👩\u200d👩\u200d👧 Zoo", ""),
    "25": ("-Minus", ""),
    "26": ("A & B", "N-26"),
}
INACTIVE = "8"

Clients = Iterable[Mapping[str, str]]


def _people() -> Clients:
    for company_id, (name, number) in PEOPLE.items():
        status = "inactive" if company_id == INACTIVE else "active"
        yield {"company_id": company_id, "display_name": name, "client_number": number, "status": status}


def _hostile(name: str) -> Clients:
    for each in json.loads((HOSTILE / name).read_text()):
        yield {
            "company_id": each["company_id"],
            "display_name": each["display_name"],
            "client_number": each["client_number"] or "",
            "status": "active" if each["active"] else "inactive",
        }


# --- copies


class Originals:
    """The firms that tests copy, made when the first one wants them: by engine and name, closed."""

    _CLIENTS: Mapping[str, Callable[[], Clients]] = {
        "empty": lambda: (),
        "people": _people,
        "base.json": lambda: _hostile("base.json"),
        "base_large.json": lambda: _hostile("base_large.json"),
    }

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[Server | None, str], str] = {}

    def of(self, name: str, server: Server | None) -> str:
        """The path of a firm's file, or the name of its database on a server."""
        if (server, name) not in self._made:
            if server is None:
                made = location = str(self._folder / f"{name}.db")
                opening.make_firm(location, "Ríos y Asociados", "Ana García")
            else:
                made = server.firm(login=ADMIN)
                location = server.url(made, ADMIN)
            with opening.open_firm(location) as session:
                add_many(session, self._CLIENTS[name]())
            self._made[server, name] = made
        return self._made[server, name]


class Firms:
    """The firms of one test, on one engine. Those on a server are gone after it."""

    def __init__(self, originals: Originals, folder: Path, server: Server | None) -> None:
        self._originals, self._folder, self._server = originals, folder, server
        self._copies: list[str] = []

    def copy(self, name: str) -> str:
        """Where a new copy of a firm is: "empty", "people", or the list of clients of a hostile file."""
        original = self._originals.of(name, self._server)
        if self._server is None:
            return self._copied(original)
        self._copies.append(self._server.copy(original))
        return self._server.url(self._copies[-1], ADMIN)

    def copy_of(self, location: str) -> str:
        """Where a new copy of a firm is that nobody has open."""
        return self._copied(location if self._server is None else location.rpartition("/")[2])

    def _copied(self, original: str) -> str:
        """A copy of the file at a path, or of the database of a name."""
        if self._server is not None:
            self._copies.append(self._server.create_database(original))
            return self._server.url(self._copies[-1], ADMIN)
        self._copies.append(shutil.copy(original, str(self._folder / f"firm {len(self._copies)}.db")))
        return self._copies[-1]

    def of(self, clients: Clients) -> str:
        """Where a new firm with these clients is."""
        location = self.copy("empty")
        with opening.open_firm(location) as session:
            add_many(session, clients)
        return location

    def close(self) -> None:
        """Takes the copies away."""
        for each in self._copies:
            if self._server is not None:
                self._server.give_back(each)


# --- what stands in a firm, whoever is asked


@contextmanager
def bare(location: str) -> Iterator[Any]:
    """A connection to a firm past the program, as one who may everything; each statement is a transaction."""
    if on_server(location):
        found = psycopg.connect(location, user="postgres", autocommit=True, options="-c search_path=clientdesk")
        with closing(found) as connection:
            yield connection
    else:
        with closing(sqlite3.connect(f"file:{location}?mode=rw", uri=True, isolation_level=None)) as file:
            yield file


def on_server(location: str) -> bool:
    """Whether a firm is on a server."""
    return location.startswith("postgresql:")


def query(location: str, sql: str) -> list[tuple[Any, ...]]:
    """The answer to a statement, past the program."""
    with bare(location) as connection:
        return [tuple(row) for row in connection.execute(sql).fetchall()]


def count(location: str, sql: str) -> int:
    """The number that a statement answers."""
    return int(query(location, sql)[0][0])


def state(location: str) -> list[object]:
    """Everything that is kept in a firm: each row of each of its tables."""
    if on_server(location):
        tables, order = (
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'clientdesk'::regnamespace",
            " t ORDER BY t::text",
        )
        tables += " AND relkind = 'r'"
    else:
        tables, order = "SELECT name FROM sqlite_master WHERE type = 'table'", ""
    with bare(location) as connection:
        names = sorted(row[0] for row in connection.execute(tables).fetchall())
        kept = [name for name in names if not name.startswith(("sqlite_", "client_search"))]
        return [(name, connection.execute(f'SELECT * FROM "{name}"{order}').fetchall()) for name in kept]  # noqa: S608 - its own names


def numbers(location: str) -> dict[str, str]:
    """The client number of each Company ID."""
    return {row[0]: row[1] for row in query(location, "SELECT company_id, client_number FROM client")}


@contextmanager
def held(session: Session) -> Iterator[None]:
    """The right to write to a firm is another's, and the session does not wait for it."""
    server = on_server(session.location)
    session.engine.sql("SET lock_timeout = 20" if server else "PRAGMA busy_timeout = 20")
    with bare(session.location) as other:
        other.execute(f"BEGIN; {TAKE_TURN}" if server else "BEGIN IMMEDIATE")
        yield


def await_end_of_connections(location: str) -> None:
    """Waits until a server has noticed that programs which were killed are gone, and has undone what they began."""
    if not on_server(location):
        return
    until = time.monotonic() + 60
    others = (  # what is idle has nothing to undo: connections that are kept for the next test
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    while count(location, others):
        assert time.monotonic() < until, "the server still works for a program that is gone"
        time.sleep(0.01)


# --- what an upload did


def row(company_id: str, number: str, name: str | None = None) -> list[str]:
    """A row for a client, with the name that the firm has unless another one is given."""
    return [company_id, PEOPLE[company_id][0] if name is None else name, number]


def reasons(job: Import) -> dict[int, str]:
    """The code of each refused row by its line."""
    return {refusal.line: refusal.problem.code for refusal in job.refusals() if refusal.problem}


def numbers_of(session: Session, *company_ids: str) -> dict[str, str]:
    """The client numbers that clients have now."""
    number_by_id = numbers(session.location)
    return {row_id: number_by_id[row_id] for row_id in company_ids}


def changed(session: Session) -> dict[str, str]:
    """The client numbers that are not those of the beginning."""
    number_by_id = numbers(session.location)
    return {each: number for each, number in number_by_id.items() if number != PEOPLE[each][1]}

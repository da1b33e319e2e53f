"""What tests need that look behind the program: the same on a firm's file and on a firm's server."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from clientdesk.desk.session import Session
from clientdesk.store.engines.postgres_change_sets import TAKE_TURN
from tests.conftest import ADMIN
from tests.servers import OWNER

on_a_file = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""For tests of what only a file has: its permissions, its disk, its pages."""
on_one_engine = on_a_file
"""For tests of many wrong words, which are refused by rules before anything is asked of the database."""
on_a_server = pytest.mark.parametrize("engine_name", ["postgres"], indirect=True)
"""For tests of what only a server has: its logins, its connections."""

REFUSED_BY_DATABASE = (sqlite3.Error, psycopg.Error)


def on_server(location: str) -> bool:
    """Whether a test's firm is on the server."""
    return location.startswith("postgresql://")


def seen_by(location: str, login: str) -> str:
    """Where the firm is for another login: a file is where it is."""
    return location.replace(f"//{ADMIN}@", f"//{quote(login)}@")


@contextmanager
def bare(location: str, login: str = ADMIN) -> "Iterator[sqlite3.Connection | psycopg.Connection[Any]]":
    """Another program that speaks to the database, each statement by itself; as a login where there are any."""
    if on_server(location):
        with psycopg.connect(seen_by(location, login), autocommit=True) as served:
            served.execute("SET search_path = clientdesk, public")
            yield served
        return
    filed = sqlite3.connect(location, isolation_level=None)
    try:
        yield filed
    finally:
        filed.close()


@contextmanager
def someone_writes(session: Session) -> Iterator[None]:
    """Another program is in the midst of a write, and the session does not wait long for it."""
    served = on_server(session.location)
    session.engine.sql("SET lock_timeout = '50ms'" if served else "PRAGMA busy_timeout = 50")
    with bare(session.location) as other:
        other.execute("BEGIN" if served else "BEGIN IMMEDIATE")
        if served:
            other.execute(TAKE_TURN)
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def reserved(session: Session, entity: str) -> int:
    """An id for a row that a statement of another program adds."""
    with session.engine.writing():
        return session.engine.next_ids(entity, 1).start


def tamper(location: str, table: str, *statements: str) -> None:
    """Whoever owns the file or the database switches the triggers of a table off, changes what they guard, and leaves
    them as they were."""
    with bare(location, OWNER) as owner:
        made = []
        if on_server(location):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            owner.execute("BEGIN IMMEDIATE")
            sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
            made = owner.execute(sql, (table,)).fetchall()
            for name, _sql in made:
                owner.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            owner.execute(statement)
        for _name, sql in made:
            owner.execute(sql)
        if on_server(location):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            owner.execute("COMMIT")


def keep_from_all(location: str, table: str, operation: str) -> None:
    """The database passes every UPDATE or DELETE of a table over without an error, as row security does it."""
    with bare(location, OWNER) as owner:
        if not on_server(location):
            owner.execute(f"CREATE TRIGGER hush BEFORE {operation} ON {table} BEGIN SELECT RAISE(IGNORE); END")
            return
        owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for allowed, clause in (
            ("SELECT", "USING (true)"),
            ("INSERT", "WITH CHECK (true)"),
            ("UPDATE", "USING (true)"),
        ):
            if allowed != operation:
                owner.execute(f"CREATE POLICY may_{allowed} ON {table} FOR {allowed} {clause}")


def room(session: Session, pages: int) -> None:
    """Leaves so many pages of room on the disk of the session's firm; -1 for as many as it likes.

    The tests' server cannot have its disk filled: there a trigger says what the server says when that happens.
    """
    if not on_server(session.location):
        present = session.engine.sql("PRAGMA page_count").fetchone()[0]
        session.engine.sql(f"PRAGMA max_page_count = {present + pages if pages >= 0 else 1_000_000}")
        return
    with bare(session.location, OWNER) as owner:
        owner.execute("DROP TRIGGER IF EXISTS z_full ON client")
        owner.execute("DROP FUNCTION IF EXISTS is_full()")
        if pages >= 0:
            owner.execute(
                "CREATE OR REPLACE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
            )
            owner.execute(
                "CREATE TRIGGER z_full BEFORE INSERT OR DELETE ON client FOR EACH ROW EXECUTE FUNCTION is_full()"
            )


def soon(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether a condition comes true within some seconds: a server's news take a moment."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True

"""What answers at a location: a server that a firm can stand on, or a pooler in between, a replica, one that is too old."""

from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import postgres_silence
from clientdesk.store.engines.postgres_roles import OPEN_TO_ALL, SERVED_AT

OLDEST_RELEASE = 15
PATIENCE = 10.0  # seconds in which a pooler must have a session free
_TURN = 1.0  # seconds in which a second session is there, or the first one is not lent
_GREETING = f"""
SELECT pg_backend_pid(), session_user::text, current_database()::text,
    current_setting('server_version_num')::integer / 10000, pg_encoding_to_char(d.encoding), pg_is_in_recovery(),
    coalesce(obj_description(n.oid, 'pg_namespace'), ''), coalesce(has_schema_privilege(n.oid, 'USAGE'), false),
    {OPEN_TO_ALL}
FROM pg_database d LEFT JOIN pg_namespace n ON n.nspname = 'clientdesk' WHERE d.datname = current_database()
"""
# The first two are shown to few logins; the last is kept by the firm itself, see `postgres_roles`.
_PRIMARY = """
SELECT (SELECT sender_host || ':' || sender_port FROM pg_stat_wal_receiver),
    (SELECT setting FROM pg_settings WHERE name = 'primary_conninfo'),
    obj_description(to_regclass('clientdesk.firm'), 'pg_class')
"""
_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")


class Greeting(NamedTuple):
    """What a server says of itself, of the firm in the database, and of who has connected.

    `pid` is the process that serves the session, whoever passes it on; `comment` that of the firm's schema, `usable`
    whether the login may look into it; `open_to_all` what every login of the server may do with the database.
    """

    pid: int
    login: str
    database: str
    release: int
    encoding: str
    replica: bool
    comment: str
    usable: bool
    open_to_all: list[str]


def greet(
    connection: "psycopg.Connection[Any]", location: str, again: "Callable[[], psycopg.Connection[Any]]"
) -> Greeting:
    """Asks a new connection what it leads to, before anything is set on it; `again` makes another one like it.

    Raises FirmUnusable ("server_full", "pooled", "replica", "server_too_old", "not_utf8") where no firm can be used.
    """
    try:
        with postgres_silence.within(connection, PATIENCE):
            row = connection.execute(_GREETING).fetchone()
    except TimeoutError:
        raise FirmUnusable(problem("server_full", place=location)) from None
    assert row is not None
    greeting = Greeting(*row)
    if greeting.pid != connection.info.backend_pid and _shares_sessions(connection, again):
        raise FirmUnusable(problem("pooled", place=location))
    if greeting.release < OLDEST_RELEASE:
        raise FirmUnusable(problem("server_too_old", place=location, version=str(greeting.release)))
    if greeting.replica:
        primary = _primary(connection)
        raise FirmUnusable(problem("replica" if primary else "replica_unnamed", place=location, primary=primary))
    if greeting.encoding != "UTF8":
        raise FirmUnusable(problem("not_utf8", place=location))
    return greeting


def _shares_sessions(first: "psycopg.Connection[Any]", again: "Callable[[], psycopg.Connection[Any]]") -> bool:
    """Whether a pooler lends the server's sessions for a transaction or a statement only, not for as long as it is held.

    Then one that lies idle is lent to the next who asks, or each question goes to another one.
    """
    with again() as second:
        pids: dict[psycopg.Connection[Any], set[int]] = {first: set(), second: set()}
        for connection in (first, first, second, second, first):
            if connection.closed:
                continue
            try:
                with postgres_silence.within(connection, PATIENCE if connection is first else _TURN):
                    row = connection.execute("SELECT pg_backend_pid()").fetchone()
            except TimeoutError:
                if connection is first:
                    return True  # somebody else has got the session
                continue  # the pooler has no other session, and does not lend this one
            assert row is not None
            pids[connection].add(row[0])
    return len(pids[first]) > 1 or len(pids[second]) > 1 or bool(pids[first] & pids[second])


def _primary(connection: "psycopg.Connection[Any]") -> str:
    """Host and port of the server that a replica copies, as far as one may know; "" where nobody says."""
    row = connection.execute(_PRIMARY).fetchone()
    assert row is not None
    sender, conninfo, comment = row
    if not sender and conninfo:
        words = conninfo_to_dict(conninfo)  # a password may be among them
        sender = f"{words['host']}:{words.get('port') or 5432}" if words.get("host") else ""
    if not sender and comment and comment.startswith(SERVED_AT):
        sender = comment.removeprefix(SERVED_AT)
        if sender.rpartition(":")[0] in _THIS_COMPUTER and connection.info.host not in _THIS_COMPUTER:
            return ""  # of another computer than this one
    return sender or ""

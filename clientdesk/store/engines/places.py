"""Firms by the place where they are, a file or a server's database: opened, made, brought up to date, shared."""

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import Engine, Founding, Repaired, Shared, Upgraded

if TYPE_CHECKING:
    from clientdesk.store.engines.postgres import PostgresEngine
    from clientdesk.store.engines.sqlite_restore import Restoring


def open_engine(location: str) -> Engine:
    """The engine of an existing firm. Raises FirmUnusable ("firm_missing", "no_firm_on_server" where there is none)."""
    if is_server(location):
        return _server(location).open(location)
    from clientdesk.store.engines import sqlite_making

    return sqlite_making.open_firm(location)


def open_to_read(location: str) -> Engine:
    """The engine of an existing firm that shall only be read; of a file nothing is made beside it. Raises
    FirmUnusable."""
    if is_server(location):
        return open_engine(location)
    from clientdesk.store.engines import sqlite_making

    return sqlite_making.open_to_read(location)


def takes_long(location: str) -> bool:
    """Whether a look into a firm may take long: it is on a server, or in a file on a network."""
    if is_server(location):
        return True
    from clientdesk.store.engines import sqlite_file

    return sqlite_file.on_network(location)


def create_engine(location: str) -> Engine:
    """The engine of a new firm with an empty schema. Raises FirmUnusable where one stands already."""
    if is_server(location):
        return _server(location).create(location)
    from clientdesk.store.engines import sqlite_making

    return sqlite_making.create(location)


def upgrade(location: str) -> Upgraded:
    """Brings a firm's schema up to date, after a backup. Raises FirmUnusable."""
    if is_server(location):
        return _server(location).upgrade(location)
    from clientdesk.store.engines import sqlite_making

    return sqlite_making.upgrade(location)


def repair(location: str) -> Repaired:
    """Makes anew what keeps the firm's rules: triggers, functions, grants, who may connect, and indexes that are
    missing. What holds rows stays as it is. Raises FirmUnusable."""
    if is_server(location):
        return _server(location).repair(location)
    from clientdesk.store.engines import sqlite_making

    return sqlite_making.repair(location)


def share(location: str, group: str) -> Shared:
    """Lets a group of this computer's accounts work in a firm's file. Raises FirmUnusable."""
    if is_server(location):
        raise FirmUnusable(problem("share_server", location=location))
    from clientdesk.store.engines import sqlite_group_rights

    return sqlite_group_rights.share(location, group)


def look_before_making(path: str) -> None:
    """Raises FirmUnusable where something stands at `path`, or no firm's file can be made there."""
    from clientdesk.store.engines import sqlite_file

    sqlite_file.look_before_making(path)


def restoring(backup: str, to: str) -> "AbstractContextManager[Restoring]":
    """A backup on its way back into a file, see `sqlite_restore.restoring`. Raises FirmUnusable ("restore_server")."""
    if is_server(backup) or is_server(to):
        raise FirmUnusable(problem("restore_server"))
    from clientdesk.store.engines import sqlite_restore

    return sqlite_restore.restoring(backup, to)


def is_same_firm(location: str, other_location: str) -> bool:
    """Whether two locations are one firm."""
    if is_server(location) or is_server(other_location):
        return location == other_location
    try:
        return os.path.samefile(location, other_location)
    except OSError:
        return False


def is_server(location: str) -> bool:
    """Whether a location is a server's URL rather than a file's path."""
    return location.startswith(("postgresql://", "postgres://"))


def creation_sql(founding: Founding) -> str:
    """All the SQL that makes a firm on a server, for an administrator who runs it by hand."""
    from clientdesk.store.engines import postgres_making

    return postgres_making.creation_sql(founding)


def _server(location: str) -> "type[PostgresEngine]":
    try:
        import psycopg  # noqa: F401  (it comes with clientdesk[postgres] only)
    except ImportError as error:
        raise FirmUnusable(problem("no_driver", place=location)) from error
    from clientdesk.store.engines.postgres import PostgresEngine

    return PostgresEngine

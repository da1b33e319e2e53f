"""The seam between the store and the databases it can stand on.

Nothing outside this folder asks which engine it is: the store is given an `Engine` and works with it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol, TypeVar

from peewee import Database

from clientdesk.domain.problems import FirmUnusable, problem

R = TypeVar("R")


class Interrupted(Exception):
    """A running read was stopped from another thread: its answer is no longer wanted."""


class OverBudget(Exception):
    """A read took longer than it was given; the caller has another way."""


class Matches(NamedTuple):
    """How to find the clients in whose search text all words occur.

    `ids` is the whole answer where it is small (None where it is not). Else `lookup` is a condition, with its
    parameters, that finds all of them at once ("" where the engine has no quicker way than `contains`); `table`
    is from where such a list by name is read most quickly. `dense` says that so many match that walking is quicker than looking all of them up, wherever in the list they stand.
    """

    ids: Sequence[int] | None
    lookup: str = ""
    lookup_parameters: tuple[object, ...] = ()
    dense: bool = False
    table: str = "client"


class Cursor(Protocol):
    """The answer to a statement (PEP 249)."""

    rowcount: int

    def fetchone(self) -> Any:
        """The next row, None after the last."""

    def fetchmany(self, size: int) -> list[Any]:
        """The next rows, at most `size`."""

    def fetchall(self) -> list[Any]:
        """All rows that are left. An unfinished cursor keeps its lock: fetch all of a page."""


class Engine(Protocol):
    """An open database of one firm. One thread uses it at a time; only `interrupt` may come from another."""

    location: str

    @property
    def db(self) -> Database:
        """The database on which the models' queries are executed."""

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """Runs one statement whose parameters are marked `?`."""

    def errors(self) -> AbstractContextManager[None]:
        """Turns the database's errors into `FirmUnusable` (one sentence) or `Interrupted`."""

    def reading(self) -> AbstractContextManager[None]:
        """A transaction that only reads: all of it sees the database as it was at the first look."""

    def writing(self, bulk: bool = False) -> AbstractContextManager[None]:
        """A transaction that holds the right to write from its beginning; rolled back by an exception.

        With `bulk` it may take much memory to write many thousand rows faster.
        """

    def work_as(self, access: str) -> None:
        """Tells the triggers the access of the person whose writes are coming."""

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Writes some rows."""

    def stage(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Puts rows of a long list aside; `move_staged` writes them all at once, much faster than some at a time."""

    def move_staged(self, table: str, columns: Sequence[str], order: str) -> None:
        """Writes the staged rows in the order of a column, which makes it quicker where an index begins with it."""

    def contains(self, words: Sequence[str]) -> tuple[str, tuple[object, ...]]:
        """The condition that all the folded `words` occur, with its parameters: quick while walking the list."""

    def matches(self, words: Sequence[str]) -> Matches:
        """How to find the clients in whose search text all the folded `words` occur (at least one word)."""

    def tally(self, matches: Matches) -> int:
        """How many clients the condition `lookup` finds, without any filter: quickly counted."""

    def remembered(self, key: object, make: Callable[[], R]) -> R:
        """What `make` gives, kept under `key` until anything in the database changes (the latest few keys)."""

    def budget(self, seconds: float) -> AbstractContextManager[None]:
        """Raises `OverBudget` from a read that takes longer than `seconds`."""

    def any_of(self, ids: Sequence[int]) -> tuple[str, tuple[object, ...]]:
        """The condition `id is one of ids`, for any number of ids."""

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """Looks at the whole database: name of the check, whether it is sound, details."""

    def publish(self) -> None:
        """Makes a firm that was just created and filled visible under its name, and closes it."""

    def discard(self) -> None:
        """Takes away a firm that was created and not published."""

    def interrupt(self) -> None:
        """Stops what is running: it raises `Interrupted`, as does every statement until `resume`."""

    def resume(self) -> None:
        """Ends an interrupt: statements run again."""

    def close(self) -> None:
        """Closes the database."""


def open_engine(location: str) -> Engine:
    """The engine of an existing firm. Raises FirmUnusable ("firm_missing" where there is none)."""
    _refuse_servers(location)
    from clientdesk.store.engines.sqlite import SqliteEngine

    return SqliteEngine.open(location)


def create_engine(location: str) -> Engine:
    """The engine of a new firm with an empty schema. Raises FirmUnusable where a file stands already."""
    _refuse_servers(location)
    from clientdesk.store.engines.sqlite import SqliteEngine

    return SqliteEngine.create(location)


def sound(location: str) -> bool:
    """Whether the firm's file is whole, looked at by a connection of its own (call it from any thread)."""
    from clientdesk.store.engines import sqlite_file

    return sqlite_file.sound(location)


def _refuse_servers(location: str) -> None:
    if "://" in location:
        raise FirmUnusable(problem("postgres_later", path=location.partition("://")[0] + "://…"))

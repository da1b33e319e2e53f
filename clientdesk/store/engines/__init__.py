"""The seam between the store and the databases it can stand on.

Nothing outside this folder asks which engine it is: the store is given an `Engine` and works with it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta, tzinfo
from typing import Any, Protocol, TypeVar

from peewee import BaseQuery, Database, Expression, Field, Node, Query

from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.problems import Problem
from clientdesk.named_tuple import NamedTuple

R = TypeVar("R")
Keep = Callable[[Sequence[tuple[str, str, int]]], object]
"""Keeps salt and digest of entries of the history, by their numbers."""

Statement = Query | tuple[str, Sequence[object]]
"""A query of Peewee's, or a statement whose parameters are marked `?`, with them. It answers with rows."""

ROOM = 2**40
"""So many ids each origin has: those of a firm begin behind its origin times this."""

EVERY = 2**62
"""A limit that no table reaches: "all rows" on every engine."""


class Interrupted(Exception):
    """A running read was stopped from another thread: its answer is no longer wanted."""


class OverBudget(Exception):
    """A read took longer than it was given; the caller has another way."""


class InDoubt(Exception):
    """The connection was lost while a write was being committed; `Engine.settle` finds out what became of it."""


class Matches(NamedTuple):
    """How to find the clients in whose search text all words occur.

    `ids` is the whole answer where it is small (None where it is not). Else `lookup` is the condition by which an index
    finds all of them at once (None where the engine has no quicker way than `contains`).
    """

    ids: Sequence[int] | None
    lookup: Expression | None = None


class Upgraded(NamedTuple):
    """An upgrade of a firm's schema: the version before and after, and where the backup is ("" if none was needed).

    `notices` are what was noticed when the firm was opened for it.
    """

    before: int
    after: int
    backup: str
    notices: tuple[Problem, ...] = ()


class Difference(NamedTuple):
    """An object of the schema that is not as it is made.

    `kind` is "table", "index", "trigger" and the like, `name` tells it from others of its kind, `table` is where it
    belongs to ("" for nowhere). `what` says how it differs: "missing", "extra", "changed", "off" (it is there and does
    nothing), "lent" (another one than the firm's owner has it). `mended` says that `repair` sets it right: what
    holds rows is not made anew.
    """

    kind: str
    name: str
    table: str
    what: str
    mended: bool


class SchemaObject(NamedTuple):
    """An object of the schema: what is compared of it, and the SQL that makes it anew ("" where it holds rows)."""

    text: str
    sql: str = ""


Schema = Mapping[tuple[str, str, str], SchemaObject]
"""The objects of a schema by kind, table ("" for none) and name."""


class Repaired(NamedTuple):
    """What `repair` leaves to do, the SQL that an administrator of the server still has to run ("" for nothing), and
    where the backup of before is ("" where none was made)."""

    sql: str
    backup: str = ""


class Shared(NamedTuple):
    """A firm's file that a group shares: the file, its folder, the group's name, and what keeps the group away yet."""

    path: str
    folder: str
    group: str
    warnings: tuple[Problem, ...]


class Change(NamedTuple):
    """A change set that is to be opened: its kind, a name by chance by which `Engine.settle` knows the write, the number
    (of `next_ids("job", 1)`) of the job that it is a part of, and that of the change set which it takes back."""

    kind: str
    operation: str
    job: int | None = None
    undoes: int | None = None


class Founding(NamedTuple):
    """The first rows of a firm: its name, its primary admin's name and login, its client types."""

    firm: str
    admin: str
    login: str
    types: Sequence[str]


class Cursor(Protocol):
    """The answer to a statement (PEP 249)."""

    rowcount: int

    def fetchone(self) -> Any:
        """The next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """All rows that are left. An unfinished cursor keeps its lock: fetch all of a page."""


class Loading(Protocol):
    """What waits until a new firm's rows are all there: indexes, references, triggers, and what counts ids."""

    @property
    def indexes(self) -> Sequence[str]:
        """The table of each index, and of whatever else goes through a whole table, that is made at the end."""

    def build(self, rows: Mapping[str, int]) -> Iterator[tuple[str, int]]:
        """Makes all of it, given how many rows each table has. Tells of which table how many rows have got into one more
        index: 0 before the work on it begins, and for each of `indexes`, in the end, all rows of its table."""


class Engine(Protocol):
    """An open database of one firm. One thread uses it at a time; only `interrupt` may come from another."""

    location: str
    login: str | None
    """Who the server authenticated; None where there is none, and the operating system's account counts."""
    catalogue: Catalogue
    """The fields of the firm's clients, as they were when the firm was read last."""
    rows_written: Counter[str]
    """How many rows of each table the open change set has written, each of which its history must tell of."""
    change_set: int
    """The number of the open change set, or of the latest."""
    entries: str
    """Asks how many entries of a change set (of this number) stand in the history: table, count, and whether the change
    set is going to be sealed."""
    entries_told: Sequence[Any] | None
    """What `entries` has answered behind the latest write; None where it was not asked."""
    begins: str
    """The server's function that begins a change set (see `Change`) and is its number; "" where only `begin_change`
    does it."""
    ids_along: int
    """With so many ids a statement is quicker than by looking at each client in the order of a list."""

    @property
    def notices(self) -> Sequence[Problem]:
        """What whoever opens the firm should be told of its database: warnings, each with its cure."""

    @property
    def read_only(self) -> Problem | None:
        """The refusal of all that writes, where the firm can only be read; None where it can be written."""

    @property
    def inside(self) -> bool:
        """Whether a transaction is under way."""

    @property
    def db(self) -> Database:
        """The database on which the models' queries are executed."""

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """Runs one statement whose parameters are marked `?`."""

    def execute(self, query: BaseQuery) -> Cursor:
        """Runs a query over the models: what it selects comes as plain rows."""

    def errors(self) -> AbstractContextManager[None]:
        """Turns the database's errors into `FirmUnusable` (one sentence, "server_away" for a lost connection),
        `InDoubt` or `Interrupted`."""

    def reading(self) -> AbstractContextManager[None]:
        """A transaction that only reads: all of it sees the database as it was at the first look."""

    def together(self, *statements: Statement) -> list[list[Any]]:
        """Runs statements one behind the other, and gives the rows of each: a server far away is asked once."""

    def writing(self, bulk: bool = False, asks: Sequence[Statement] = ()) -> AbstractContextManager[list[list[Any]]]:
        """A transaction that holds the right to write from its beginning; rolled back by an exception.

        With `bulk` it may take much memory to write many thousand rows faster. `asks` is asked as it begins: it gives
        their rows.
        """

    def begin_change(self, actor_id: int, access: str, change: Change) -> int:
        """Opens a change set in the transaction, to which the triggers write the history of what its actor does with an
        access; its number. A server knows its actor by itself."""

    def next_ids(self, entity: str, count: int) -> range:
        """Reserves so many ids (at least one) for new rows of an entity, inside a transaction that writes. They are
        never given again, but where the transaction is rolled back."""

    def clock(self) -> tuple[timedelta, tzinfo | None]:
        """How far the clock of the database's computer is ahead of this one's, and its time zone (None: this one's)."""

    def clocked(self, *columns: str) -> dict[str, str]:
        """Columns that hold the present moment (ISO 8601, UTC), with it; none where the database writes them itself."""

    def note_change(self, note: str, stayed: int = 0) -> None:
        """Gives the open change set its note: a few words of data that its kind's title shows. Once, and not empty.
        `stayed` is how many rows it has left as they were, at least in a part, where it takes another one back."""

    def seal_change(self, change_set_id: int, entries: int, seal: Callable[[Keep], str]) -> None:
        """Closes a change set with the count of its entries and the seal that is computed, while the digests of its
        entries are kept. A server counts and seals by itself when it commits."""

    def begin_import(self, number: int) -> None:
        """Shows to all who have the firm open that an import is at work here, until `end_import` or the end of this
        program, however that comes."""

    def end_import(self, number: int) -> None:
        """The import is not at work any more; nothing where it is not."""

    def imports_at_work(self, numbers: Sequence[int]) -> set[int]:
        """Which of these imports are at work, in whichever program."""

    def settle(self, operation: str) -> bool:
        """Whether a write whose commit was in flight when the connection was lost is in the firm, once and for all.

        Raises FirmUnusable ("server_away") as long as that cannot be known.
        """

    def keep_setting(self, member_id: int, name: str, value: str) -> None:
        """Keeps something of a member's own under a name."""

    def news(self) -> bool:
        """Whether someone else has changed anything since this was asked last. Raises FirmUnusable."""

    def renew(self) -> None:
        """Connects again where the connection was lost. Raises FirmUnusable ("server_away") where it cannot."""

    def grant_sql(self, login: str, access: str | None) -> str:
        """The SQL by which an administrator gives a login the rights of an access (None: of nobody); "" for a file."""

    def loading(self) -> AbstractContextManager["Loading"]:
        """A transaction that fills a firm that was just created row by row, as another firm has them.

        No trigger adds to the rows, and ids are given with them. When they are all there, `Loading.build` comes.
        """

    def aside(self, condition: Expression) -> Expression:
        """A condition that is not to choose the index."""

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Writes some rows."""

    def stage(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Puts rows of a long list aside; `move_staged` writes them all at once, much faster than some at a time. Their
        ids follow one another; which row gets which of them is seen when they are written."""

    def move_staged(self, table: str, columns: Sequence[str], order: str, deals: bool) -> None:
        """Writes the staged rows in the order of a column, which makes it quicker where an index begins with it. Where
        it `deals`, they get their ids, the lowest one and those behind it, in that order."""

    def contains(self, column: Field, words: Sequence[str]) -> Expression:
        """The condition that all the folded `words` occur in a search text: quick while walking the list."""

    def any_of(self, column: Field, pieces: Sequence[str]) -> Expression:
        """The condition that a search text has at least one of some folded pieces, each of three letters or more: by the
        index that there is of the column."""

    def matches(self, column: Field, words: Sequence[str]) -> Matches:
        """How to find the clients in whose search text all the folded `words` occur (at least one word)."""

    def sweep(self, column: Field, words: Sequence[str], matches: Matches) -> Expression:
        """The condition by which all of many matches are gone through most quickly, in whatever order."""

    def remembered(self, key: object, make: Callable[[], R]) -> R:
        """What `make` gives, kept under `key` until anything in the database changes (the latest few keys)."""

    def budget(self, seconds: float) -> AbstractContextManager[None]:
        """Raises `OverBudget` from a read that takes longer than `seconds`."""

    def one_of(self, column: Field, ids: Sequence[int]) -> Expression:
        """The condition that what stands in a column is one of `ids`, however many there are."""

    def recorded(self, entity: str, row: str) -> Node:
        """What the history would keep of a row (the name of a table in the query) of an entity if it were added as it
        stands."""

    def holds(self, text: Node, part: str) -> Expression:
        """The condition that a text has another one in it, letter for letter."""

    def beyond_ascii(self, column: Field) -> Expression:
        """The condition that what stands in a column has signs beyond ASCII."""

    def may_hold(self, column: Field, text: str) -> Expression:
        """The condition that what stands in a column may have a text of small letters (ASCII), without case and accents:
        it has it, but for its case, or has signs beyond ASCII."""

    def number_in(self, column: Field) -> Node:
        """The number that a text is; of any other text, one that no row has, or NULL."""

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """Looks at the whole database: name of the check, whether it is sound, details.

        A database that cannot be looked at just now (locked, read only, full) raises, it is not unsound.
        """

    def expected_schema(self) -> Schema:
        """All that the firm must be made of, from the scripts and the declarations of the entities: what `check`
        compares with what is there, and `repair` makes anew."""

    def differences(self) -> Iterator[Difference]:
        """What of the schema is not as `expected_schema` says, object by object."""

    def back_up(self, path: str) -> str:
        """Copies the firm into a file at `path`, whole; where one stands there, the copy gets the first free name with a
        number behind it. The path of the copy. Raises FirmUnusable ("copy_of_server": not from a server)."""

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

"""Transactions on a firm's server, in which one writes at a time, with their change sets; and statements that are sent
several at once."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from peewee import BaseQuery, PeeweeException

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.log_file import log
from clientdesk.store.engines import (
    Change,
    Cursor,
    InDoubt,
    Interrupted,
    Keep,
    Statement,
    postgres_errors,
)
from clientdesk.store.engines.postgres_change_sets import TAKE_TURN
from clientdesk.store.engines.postgres_connection import LONG, ServerConnection

_READ = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ", ()
_WRITE = f"BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED; {TAKE_TURN}", ()
"""How transactions begin: what is asked first goes with it, as a server may be far away."""


class ServerTransactions(ServerConnection):
    """The connection to a firm's server, with its transactions."""

    # The trigger that seals the change set when it commits is looked for in the same breath.
    entries = (
        "SELECT entity, count(*), EXISTS (SELECT FROM pg_trigger WHERE tgname = 'seal' AND tgenabled IN ('O', 'A')"
        " AND tgrelid = 'clientdesk.change_set'::regclass) FROM history WHERE change_set_id = ? GROUP BY entity"
    )
    begins = "begin_change"

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.catalogue: Catalogue = BUILT_IN
        self.rows_written: Counter[str] = Counter()
        self.change_set = 0
        self.entries_told: Sequence[Any] | None = None
        self.making: Any = None
        """The transaction in which a new firm is being made; None for one that is there."""
        self._memory: dict[object, object] = {}
        """What is remembered until something changes."""

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """See Engine."""
        cursor: Cursor = self.db.execute_sql(*self._for_psycopg((statement, parameters)))
        return cursor

    def execute(self, query: BaseQuery) -> Cursor:
        """See Engine."""
        cursor: Cursor = self.db.execute_sql(*self._for_psycopg(query))
        return cursor

    def together(self, *statements: Statement) -> list[list[Any]]:
        """See Engine: their parameters are written out, as several are sent at once."""
        if not statements:
            return []
        texts = []
        for statement in statements:
            sql, parameters = self._for_psycopg(statement)
            assert self._raw is not None
            texts.append(psycopg.ClientCursor(self._raw).mogrify(sql, parameters).replace("%", "%%"))
        cursor = self.db.execute_sql("; ".join(texts))
        answers = []
        while True:
            if cursor.description is not None:
                answers.append(cursor.fetchall())
            if not cursor.nextset():
                return answers

    def _for_psycopg(self, statement: Statement | BaseQuery) -> tuple[str, list[object]]:
        """A statement that is about to be sent in psycopg's words, and its parameters: a server knows no NUL in text, so
        what has one is something that is nowhere."""
        if self._interrupted:
            raise Interrupted
        if self._lost:
            raise self._away()
        if isinstance(statement, tuple):
            sql, parameters = statement[0].replace("%", "%%").replace("?", "%s"), statement[1]
        else:
            sql, parameters = self.db.get_sql_context().sql(statement).query()
        return sql, [value.replace("\x00", "\ufffd") if isinstance(value, str) else value for value in parameters]

    def _begin(self, *statements: Statement) -> tuple[Any, list[list[Any]]]:
        """A transaction that begins with some statements, on a new connection if the old one turns out to be lost, and
        their answers. One writer at a time: the others wait here, in their order. Refused ("locked") with who does not
        end."""
        if self._is_lost():
            self.renew()
        for attempt in (1, 2):
            transaction = self.db.transaction()
            self.db.push_transaction(transaction)
            try:
                return transaction, self.together(*statements)
            except BaseException as error:  # whatever ends it, it is rolled back
                self._end(transaction)
                cause = postgres_errors.found_in(error)
                if cause is not None and cause.sqlstate == "55P03" and (holder := self._whose_turn()):
                    raise FirmUnusable(problem("locked", path=self.location, who=holder)) from error
                if attempt == 2 or not isinstance(error, (PeeweeException, psycopg.Error)) or not self._is_lost():
                    raise
            self.renew()
        raise AssertionError("unreachable")

    def _whose_turn(self) -> str:
        """The name of the team member who writes just now, or of the login where it is nobody's; "" for nobody."""
        row = self.db.execute_sql(
            "SELECT coalesce(m.name, a.usename::text) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
            " LEFT JOIN clientdesk.team_member m ON m.login = a.usename::text"
            " WHERE l.relation = 'clientdesk.turn'::regclass AND l.mode = 'ExclusiveLock' AND l.granted"
            " AND a.datname = current_database()"
        ).fetchone()
        return str(row[0]) if row else ""

    def _end(self, transaction: Any) -> None:
        """Rolls back. Where that cannot be said any more the connection is given up, and the server does it."""
        if self._raw is None:
            return
        try:
            transaction.__exit__(*sys.exc_info())
        except (PeeweeException, psycopg.Error):
            self._forget()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See Engine."""
        if self.inside:
            yield
            return
        transaction, _nothing = self._begin(_READ)
        try:
            yield
        except BaseException:  # whatever ends it, it is rolled back
            self._end(transaction)
            raise
        transaction.__exit__(None, None, None)

    @contextmanager
    def writing(self, bulk: bool = False, asks: Sequence[Statement] = ()) -> Iterator[list[list[Any]]]:
        """See Engine. Raises InDoubt when the connection is lost while it commits."""
        if self.inside:
            part = self.db.atomic()
            part.__enter__()
            try:
                yield self.together(*asks)
            except BaseException:  # whatever ends it, it is rolled back
                self._end(part)
                raise
            part.__exit__(None, None, None)
            return
        transaction, (_turn, *answers) = self._begin(_WRITE, *asks)
        try:
            if bulk:
                self.db.execute_sql(f"SET LOCAL statement_timeout = '{LONG}'")
            yield answers
        except BaseException:  # whatever ends it, it is rolled back
            self._end(transaction)
            raise
        finally:
            self._memory.clear()
        try:
            transaction.__exit__(None, None, None)
        except (PeeweeException, psycopg.Error) as error:
            if not self._is_lost():
                raise
            log().error("%s: the connection was lost in a commit", self.location, exc_info=error)
            self._lost = True
            raise InDoubt from error

    def begin_change(self, actor_id: int, access: str, change: Change) -> int:
        """See Engine: the server looks at its own clock, and knows who you are."""
        if self.making is None:
            return int(self.sql("SELECT begin_change(?, ?, ?, ?)", change).fetchone()[0])
        sql = "INSERT INTO change_set (id, at, actor_id, kind, operation) VALUES (1, now_text(), ?, ?, ?) RETURNING id"
        return int(self.sql(sql, (actor_id, change.kind, change.operation)).fetchone()[0])

    def note_change(self, note: str, stayed: int = 0) -> None:
        """See Engine."""
        self.sql("SELECT note_change(?, ?)", (note, stayed))

    def seal_change(self, change_set_id: int, entries: int, seal: Callable[[Keep], str]) -> None:
        """See Engine: a trigger does it when the transaction commits."""

    def settle(self, operation: str) -> bool:
        """See Engine.

        Whoever wrote held the turn until the end: once the turn is ours, the write is there or never will be.
        """
        try:
            with self.errors():
                transaction, _turn = self._begin(_WRITE)
                try:
                    sql = "SELECT EXISTS (SELECT FROM change_set WHERE operation = ?)"
                    return bool(self.sql(sql, (operation,)).fetchone()[0])
                finally:
                    self._end(transaction)
        except FirmUnusable as refusal:
            if refusal.code == "locked":
                raise self._away() from refusal
            raise

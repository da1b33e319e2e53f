"""Transactions on a firm's server, in which one writes at a time, and statements that are sent several at once."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from peewee import BaseQuery, PeeweeException

from clientdesk.config import log
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import (
    Cursor,
    InDoubt,
    Interrupted,
    Statement,
    postgres_errors,
)
from clientdesk.store.engines.postgres_line import LONG, Line
from clientdesk.store.engines.postgres_rules import TAKE_TURN


class Turns(Line):
    """The connection to a firm's server, with its transactions."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self._turn_answers: list[list[Any]] = []
        self._memory: dict[object, object] = {}
        """What is remembered until something changes."""

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """See Engine."""
        return self._run((statement, parameters))

    def execute(self, query: BaseQuery) -> Cursor:
        """See Engine."""
        return self._run(query)

    def _run(self, statement: Statement | BaseQuery) -> Cursor:
        self._demand_line()
        cursor: Cursor = self.db.execute_sql(*self._for_psycopg(statement))
        return cursor

    def together(self, *statements: Statement) -> list[list[Any]]:
        """See Engine."""
        self._demand_line()
        return self._answers([self._text(statement) for statement in statements]) if statements else []

    def _demand_line(self) -> None:
        if self._interrupted:
            raise Interrupted
        if self._lost:
            raise self._away()

    def _for_psycopg(self, statement: Statement | BaseQuery) -> tuple[str, list[object]]:
        """A statement in psycopg's words, and its parameters."""
        if isinstance(statement, tuple):
            sql, parameters = statement[0].replace("%", "%%").replace("?", "%s"), statement[1]
        else:
            sql, parameters = self.db.get_sql_context().sql(statement).query()
        return sql, [_sendable(value) for value in parameters]

    def _text(self, statement: Statement) -> str:
        """A statement with its parameters written out, as several are sent at once."""
        assert self._raw is not None
        written: str = psycopg.ClientCursor(self._raw).mogrify(*self._for_psycopg(statement))
        return written.replace("%", "%%")

    def _answers(self, texts: Sequence[str]) -> list[list[Any]]:
        """The rows of statements, each of which has some or none to give, sent at once."""
        cursor = self.db.execute_sql("; ".join(texts))
        answers = []
        while True:
            if cursor.description is not None:
                answers.append(cursor.fetchall())
            if not cursor.nextset():
                return answers

    def _begin(self, isolation: str = "READ COMMITTED", turn: bool = False, asks: Sequence[Statement] = ()) -> Any:
        """A transaction that has begun, on a new connection if the old one turns out to be lost; with a turn to write
        `_turn_answers` has what is asked along with it."""
        self.renew()
        for attempt in (1, 2):
            transaction = self.db.transaction(isolation)
            try:
                self.db.waits_to_begin = turn
                transaction.__enter__()
                if turn:
                    self._take_turn(transaction, asks)
                return transaction
            except (PeeweeException, psycopg.Error):
                if attempt == 2 or not self._is_lost():
                    raise
                self.renew()
        raise AssertionError("unreachable")

    def _take_turn(self, transaction: Any, asks: Sequence[Statement]) -> None:
        """One writer at a time: the others wait here, in their order. Refused ("locked") with who does not end."""
        try:
            self._turn_answers = self._answers([TAKE_TURN, *map(self._text, asks)])[1:]
        except BaseException as error:
            self._end(transaction)
            cause = postgres_errors.found_in(error)
            if cause is not None and cause.sqlstate == "55P03" and (holder := self._whose_turn()):
                raise FirmUnusable(problem("locked", path=self.location, who=holder)) from error
            raise

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
        transaction = self._begin("REPEATABLE READ")
        try:
            yield
        except BaseException:
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
            except BaseException:
                self._end(part)
                raise
            part.__exit__(None, None, None)
            return
        transaction = self._begin(turn=True, asks=asks)
        try:
            if bulk:
                self.db.execute_sql(f"SET LOCAL statement_timeout = '{LONG}'")
            yield self._turn_answers
        except BaseException:
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

    def settle(self, operation: str) -> bool:
        """See Engine.

        Whoever wrote held the turn until the end: once the turn is ours, the write is there or never will be.
        """
        try:
            with self.errors():
                transaction = self._begin(turn=True)
                try:
                    sql = "SELECT EXISTS (SELECT FROM change_set WHERE operation = ?)"
                    return bool(self.sql(sql, (operation,)).fetchone()[0])
                finally:
                    self._end(transaction)
        except FirmUnusable as refusal:
            if refusal.code == "locked":
                raise self._away() from refusal
            raise


def _sendable(value: object) -> object:
    """A parameter as the server takes it: it knows no NUL in text, so what has one is something that is nowhere."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) and "\x00" in value else value

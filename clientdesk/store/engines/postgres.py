"""PostgreSQL: a firm on a server."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import cast

from peewee import OP, SQL, Case, Cast, Expression, Field, Node, Value, fn

from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import (
    Difference,
    Interrupted,
    Loading,
    Matches,
    R,
    Repaired,
    Schema,
    Upgraded,
    postgres_search,
)
from clientdesk.store.engines.postgres_connection import LONG, SHOW_IMPORT
from clientdesk.store.engines.postgres_roles import OPEN_TO_ALL, STRANGERS, grant
from clientdesk.store.engines.postgres_transactions import ServerTransactions
from clientdesk.store.entities import ENTITIES

LOOK_FOR, _LOOK_AGAIN = 10.0, 0.25
"""So many seconds a firm that was being made is looked for where the line was cut, and so many are between two looks."""
_MEMORIES = 16


class PostgresEngine(ServerTransactions):
    """The engine of a firm on a server. Made by `open` or `create`."""

    ids_along = 10_000

    @property
    def read_only(self) -> Problem | None:
        """See Engine: a server that can only be read is refused when it is opened."""
        return None

    def heard(self) -> None:
        """Others have changed something: what is remembered may be wrong."""
        super().heard()
        self._memory.clear()

    @classmethod
    def open(cls, location: str) -> "PostgresEngine":
        """Opens the firm in a database; refuses in one sentence what is none or cannot be used."""
        engine = cls(location)
        try:
            engine.connect()
            engine.look_inside()
        except BaseException:  # whatever ends it, no connection stays open
            engine.close()
            raise
        return engine

    @classmethod
    def create(cls, location: str) -> "PostgresEngine":
        """Makes an empty firm with the present schema, which is there for others after `publish` only."""
        from clientdesk.store.engines import postgres_making

        engine = cls(location)
        try:
            engine.connect(LONG)
            with engine.errors():
                engine.making = engine.db.transaction()
                engine.making.__enter__()
                postgres_making.make(engine)
        except BaseException:  # whatever ends it, half a firm does not stay
            engine.discard()
            raise
        return engine

    @classmethod
    def upgrade(cls, location: str) -> Upgraded:
        """See `engines.upgrade`."""
        from clientdesk.store.engines import postgres_making

        engine = cls(location)
        before = 0
        try:
            engine.connect(LONG)
            before = engine.schema
            with engine.errors():
                return postgres_making.upgrade(engine)
        except FirmUnusable as lost:
            if lost.code != "server_away" or not before:
                raise
            if not engine._look_after_commit(lambda: engine.schema != before, problem("upgrade_unknown")):
                raise
            return postgres_making.upgraded(before)
        finally:
            engine.close()

    @classmethod
    def repair(cls, location: str) -> Repaired:
        """See `engines.repair`."""
        from clientdesk.store.engines import postgres_making

        engine = cls(location)
        try:
            engine.connect(LONG)
            with engine.errors():
                return postgres_making.repair(engine)
        finally:
            engine.close()

    @property
    def notices(self) -> Sequence[Problem]:
        """See Engine."""
        if not self.open_to_all:
            return ()
        return (problem("open_to_all", rights=", ".join(self.open_to_all)),)

    def back_up(self, path: str) -> str:
        """See Engine."""
        raise FirmUnusable(problem("copy_of_server"))

    def publish(self) -> None:
        """See Engine: what was made is there from the commit on."""
        from clientdesk.store.engines import postgres_making

        with self.errors():
            latest = self.sql("SELECT coalesce(max(id), 0) FROM change_set").fetchone()[0]
        making, self.making = self.making, None
        try:
            with self.errors():
                making.__exit__(None, None, None)
        except FirmUnusable as lost:
            if lost.code != "server_away":
                raise
            unknown = problem("made_unknown", place=self.location, change=latest)
            if not self._look_after_commit(lambda: postgres_making.is_made(self), unknown):
                raise FirmUnusable(problem("not_saved")) from lost
        self.close()

    def _look_after_commit(self, look: Callable[[], bool], unknown: Problem) -> bool:
        """Connects again, as long as `LOOK_FOR` says, to see what became of a commit in which the line was cut: what
        `look` finds.

        Raises FirmUnusable with the problem `unknown` where nobody answers, or it is not known yet.
        """
        until = time.monotonic() + LOOK_FOR
        while True:
            self._forget()
            try:
                self.connect()
                self._lost = False
                with self.errors():
                    return look()
            except FirmUnusable as away:
                if time.monotonic() >= until:
                    raise FirmUnusable(unknown) from away
                time.sleep(_LOOK_AGAIN)

    def discard(self) -> None:
        """See Engine: what was not committed goes with the connection."""
        self.making = None
        self.close()

    # --- statements

    def next_ids(self, entity: str, count: int) -> range:
        """See Engine: a function of the owner's counts."""
        first = int(self.sql("SELECT next_ids(?, ?)", (entity, count)).fetchone()[0])
        return range(first, first + count)

    def clock(self) -> tuple[timedelta, tzinfo | None]:
        """See Engine."""
        moment = self.sql("SELECT clock_timestamp()").fetchone()[0]
        return moment - datetime.now(UTC), moment.tzinfo

    def clocked(self, *columns: str) -> dict[str, str]:
        """See Engine: triggers write them, by the server's clock."""
        return {}

    def keep_setting(self, member_id: int, name: str, value: str) -> None:
        """See Engine: of your own, whatever number is given."""
        self.sql("SELECT keep_setting(?, ?)", (name, value))

    def begin_import(self, number: int) -> None:
        """See Engine: by a lock of the connection, which is taken again where that is made anew."""
        self.sql(f"SELECT {SHOW_IMPORT}".replace("%s", "?"), (number,))
        self.imports.add(number)

    def end_import(self, number: int) -> None:
        """See Engine: a connection that was lost has let it go."""
        if number in self.imports:
            self.imports.discard(number)
            if not self._is_lost():
                self.sql("SELECT pg_advisory_unlock_shared(?)", (number,))

    def imports_at_work(self, numbers: Sequence[int]) -> set[int]:
        """See Engine."""
        sql = (
            "SELECT classid::bigint << 32 | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return {row[0] for row in self.sql(sql).fetchall()}.intersection(numbers) if numbers else set()

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """See Engine."""
        if self._interrupted:
            raise Interrupted
        assert self._raw is not None
        with self._raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def stage(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """See Engine: a server takes long lists as they come."""
        self.insert_many(table, columns, rows)

    def move_staged(self, table: str, columns: Sequence[str], order: str, deals: bool) -> None:
        """See Engine: they are there."""

    def loading(self) -> AbstractContextManager[Loading]:
        """See Engine."""
        from clientdesk.store.engines import postgres_loading  # only a copy of a firm needs it

        return postgres_loading.loading(self)

    # --- search

    def aside(self, condition: Expression) -> Expression:
        """See Engine: the server weighs its indexes by itself."""
        return condition

    def contains(self, column: Field, words: Sequence[str]) -> Expression:
        """See Engine."""
        return postgres_search.contains(column, words)

    def any_of(self, column: Field, pieces: Sequence[str]) -> Expression:
        """See Engine."""
        return postgres_search.any_of(column, pieces)

    def matches(self, column: Field, words: Sequence[str]) -> Matches:
        """See Engine."""
        return self.remembered(("matches", tuple(words)), lambda: postgres_search.find(self, column, words))

    def sweep(self, column: Field, words: Sequence[str], matches: Matches) -> Expression:
        """See Engine."""
        return self.contains(column, words) if matches.lookup is None else matches.lookup

    def remembered(self, key: object, make: Callable[[], R]) -> R:
        """See Engine."""
        self._listen()
        if key not in self._memory:
            value = make()
            while len(self._memory) >= _MEMORIES:
                del self._memory[next(iter(self._memory))]
            self._memory[key] = value
        return cast(R, self._memory[key])

    @contextmanager
    def budget(self, seconds: float) -> Iterator[None]:
        """See Engine: the server has chosen its way beforehand, and keeps to it."""
        with self.errors():
            yield

    def one_of(self, column: Field, ids: Sequence[int]) -> Expression:
        """See Engine."""
        return Expression(column, OP.EQ, fn.ANY(Cast(Value(list(ids), unpack=False), "bigint[]")))

    def recorded(self, entity: str, row: str) -> Node:
        """See Engine."""
        from clientdesk.store.engines import postgres_history_triggers  # only an undo needs it

        return SQL(postgres_history_triggers.values(ENTITIES[entity], row))

    def holds(self, text: Node, part: str) -> Expression:
        """See Engine."""
        return Expression(fn.STRPOS(text, part), OP.GT, 0)

    def beyond_ascii(self, column: Field) -> Expression:
        """See Engine."""
        return Expression(fn.OCTET_LENGTH(column), OP.NE, fn.LENGTH(column))

    def may_hold(self, column: Field, text: str) -> Expression:
        """See Engine."""
        return self.holds(fn.LOWER(column), text) | self.beyond_ascii(column)

    def number_in(self, column: Field) -> Node:
        """See Engine."""
        is_number = Expression(column, OP.REGEXP, Value("^[0-9]{1,18}$"))
        return Case(None, [(is_number, column.cast("bigint"))])

    # --- the firm as a whole

    def grant_sql(self, login: str, access: str | None) -> str:
        """See Engine."""
        return grant(login, access, self.database)

    def expected_schema(self) -> Schema:
        """See Engine."""
        from clientdesk.store.engines import postgres_present_schema  # only a check needs it

        return postgres_present_schema.expected_schema()

    def differences(self) -> Iterator[Difference]:
        """See Engine."""
        from clientdesk.store.engines import postgres_present_schema  # only a check needs it

        return postgres_present_schema.differences(self.sql)

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """See Engine."""
        missing = {difference.kind for difference in self.differences() if difference.what == "missing"}
        if not missing.isdisjoint({"table", "column", "function"}):
            return  # what asks them would stumble over that; `differences` tells it
        broken = self.sql(
            "SELECT count(*) FROM pg_constraint WHERE connamespace = 'clientdesk'::regnamespace AND NOT convalidated"
        ).fetchone()[0]
        yield "references", not broken, str(broken)
        bad = self.sql(
            "SELECT coalesce(string_agg(c.relname, ', '), '') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relnamespace = 'clientdesk'::regnamespace AND NOT i.indisvalid"
        ).fetchone()[0]
        yield "search", not bad, bad
        mighty, group = self.sql(
            "SELECT rolsuper OR rolcreaterole OR rolbypassrls OR EXISTS (SELECT FROM pg_class"
            " WHERE relnamespace = 'clientdesk'::regnamespace AND pg_has_role(session_user, relowner, 'USAGE')),"
            " pg_has_role(session_user, 'clientdesk_' || my_access(), 'USAGE')"
            " FROM pg_roles WHERE rolname = session_user"
        ).fetchone()
        self.open_to_all = self.sql(f"SELECT {OPEN_TO_ALL}").fetchone()[0]
        yield "closed", not self.open_to_all, ", ".join(self.open_to_all)
        strangers = self.sql(STRANGERS).fetchall()
        if inactive_logins := [login for login, is_inactive in strangers if is_inactive]:
            yield "closed_left", False, ", ".join(inactive_logins)
        if unknown_logins := [login for login, is_inactive in strangers if not is_inactive]:
            yield "closed_strangers", True, ", ".join(unknown_logins)
        yield "group", bool(group), self.login or ""
        yield "rights", not mighty, self.login or ""

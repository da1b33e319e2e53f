"""The beginning of a transaction sent along with its first statement: a server that is far away is asked once less."""

from typing import Any

from peewee import PostgresqlDatabase


class Database(PostgresqlDatabase):
    """Peewee's database, which can wait with BEGIN until there is a statement to send behind it."""

    waits_to_begin = False
    """Whether the next transaction begins with its first statement, which has no parameters."""
    _waiting = ""

    def begin(self, isolation_level: str | None = None) -> None:
        """Begins, or remembers how to."""
        if not self.waits_to_begin:
            super().begin(isolation_level)
            return
        self.waits_to_begin = False
        self._waiting = f"BEGIN TRANSACTION ISOLATION LEVEL {isolation_level}; "

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Runs a statement, behind the BEGIN that waits for it."""
        beginning, self._waiting = self._waiting, ""
        return super().execute_sql(beginning + sql, params)  # type: ignore[no-untyped-call]  # Peewee

"""Queries that are asked again and again, put into SQL once: for a small one that takes Peewee longer than the database
takes for its answer."""

from peewee import Context, Node, Query, Value

from clientdesk.store.engines import Statement


class _Slot(str):
    """The name of a value that is still to come."""

    __slots__ = ()


def slot(name: str) -> Node:
    """The place of a value in a prepared query."""
    return Value(_Slot(name), converter=False)


class Prepared:
    """A query with slots, the same on every engine."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._in_sql: tuple[str, list[object]] | None = None

    def __call__(self, **values: object) -> Statement:
        """The statement, its slots filled."""
        if self._in_sql is None:
            self._in_sql = Context().sql(self._query).query()
        sql, parameters = self._in_sql
        return sql, [values[parameter] if isinstance(parameter, _Slot) else parameter for parameter in parameters]

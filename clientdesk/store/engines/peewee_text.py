"""How a query becomes text: as Peewee does it, but for what takes long there. A column of a table, which is most of a query,
is written at once instead of through four nodes that are made and forgotten; so are long lists of values; and queries
that are asked again and again are put into SQL once, which for a small one takes longer than the database's answer."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from peewee import SCOPE_VALUES, SQL, Context, Field, FieldAlias, Node, NodeList, Query, Value

from clientdesk.store.engines import Statement
from clientdesk.store.engines.quoting import literal


class Wording(Context):
    """A query on its way to text; `context_class` of both engines' databases."""

    __slots__ = ()

    def sql(self, obj: Any) -> Any:
        """Adds a part of a query."""
        if not isinstance(obj, Field) or isinstance(obj, FieldAlias):
            return super().sql(obj)  # type: ignore[no-untyped-call]  # Peewee
        state = self.state
        quote = state.settings.get("quote") or '""'
        column = f"{quote[0]}{obj.column_name}{quote[1]}"
        if state.scope != SCOPE_VALUES:
            table = obj.model._meta.table
            column = f"{quote[0]}{self.alias_manager[table]}{quote[1]}.{column}"
        return self.literal(column)


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


def word(text: str) -> Node:
    """A word of the program that stands in the statement itself, so that the partial indexes on it are seen."""
    return SQL(literal(text))


class Values(Node):
    """The values of some lines, each of as many, written at once. One by one Peewee takes 0.4 s for 20,000 clients of 13
    columns, a tenth of what their import takes in all."""

    def __init__(self, lines: Sequence[Sequence[object]]) -> None:
        self._lines = lines

    def __sql__(self, ctx: Context) -> Context:
        line = ", ".join([ctx.state.param or "?"] * len(self._lines[0]))
        ctx._values.extend(chain.from_iterable(self._lines))  # type: ignore[attr-defined]  # as `Context.value` does
        return ctx.literal("), (".join([line] * len(self._lines)))


_EVEN = 100


def among(values: Sequence[object]) -> Node:
    """Values (at least one) behind IN. Of many the last one stands there more than once: so lists of about the same
    length are one statement, where each one that the database keeps prepared takes a third of a megabyte."""
    listed = list(values)
    if len(listed) > _EVEN:
        listed += listed[-1:] * (-len(listed) % _EVEN)
    return NodeList([Values([listed])], parens=True)

"""What the index of a table beside the clients (`order_parts.Beside`) says by itself about a list that is sorted by it: how many
clients stand in each part, and who stands at a row. No client is read for it: which of them are in the list is told as a set
of ids.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import Any, cast

from peewee import SQL, Expression, NodeList, fn

from clientdesk.domain.client_query import ClientQuery
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel
from clientdesk.store.order_parts import Beside, Key, Order

_ID = ClientModel._meta.columns["id"]


def at_once(engine: Engine, is_one_of: Expression) -> Expression:
    """The condition that an id is one of those that a query has, asked of each client on the way: the query is run once,
    and neither are its clients sorted instead, nor chooses it another index."""
    return engine.aside(cast(Expression, NodeList((is_one_of, SQL("IS TRUE")))))


class BesideIndex:
    """The index of the table beside by which a list is sorted. `conditions` are those of the list; `count` tells how many
    clients it has, `everyone` how many the firm has."""

    def __init__(
        self,
        engine: Engine,
        query: ClientQuery,
        order: Order,
        beside: Beside,
        conditions: Sequence[Expression],
        count: Callable[[], int],
        everyone: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._query = query
        self._order = order
        self.conditions = conditions
        self._count = count
        self._everyone = everyone
        self.beside = beside

    def sizes(self) -> list[int]:
        """How many clients of the list each part has; the last one has those who have nothing in the field."""

        def counted() -> dict[object, int]:
            if self._order.parts[0].value is None:
                return {None: self.number()}
            key, client, table = self.beside.key, self.beside.client, self.beside.table
            query = table.select(key, fn.COUNT(client)).where(*self._where()).group_by(key)
            return dict(self._engine.execute(query).fetchall())

        # Of either direction they are the same.
        key = ("sizes beside", self.beside.name, self._query.filters, self._query.find)
        number = self._engine.remembered(key, counted)
        *parts, _nothing = self._order.parts
        return [*(number.get(part.value, 0) for part in parts), self._count() - sum(number.values())]

    def at(self, key: Key, skip: int) -> tuple[object, int] | None:
        """Who stands behind `skip` clients of those who have something: by what it is sorted, and the client's id, by
        which those who have the same stand here."""
        client = self.beside.client
        query = self.beside.table.select(self.beside.key, client).where(*self._where())
        query = query.order_by(key.ordering(), Key(client, key.descending).ordering()).limit(1).offset(skip)
        row: tuple[object, int] | None = self._engine.execute(query).fetchone()
        return row

    def number(self, *conditions: Expression) -> int:
        """How many clients of the list have something beside that meets these conditions."""
        query = self.beside.table.select(fn.COUNT(self.beside.client)).where(*self._where(), *conditions)
        return int(self._engine.execute(query).fetchone()[0])

    def _where(self) -> list[Any]:
        """That a row is one of the table beside, and of a client of the list: who is in the list, or who is not, whichever are
        fewer, is looked up at once."""
        if not self.conditions or (lacking := self._everyone() - self._count()) == 0:
            return [self.beside.condition]
        met = reduce(and_, self.conditions)
        if lacking >= self._count():
            return [
                self.beside.condition,
                at_once(self._engine, self.beside.client.in_(ClientModel.select(_ID).where(met))),
            ]
        others = ClientModel.select(_ID).where(NodeList((met, SQL("IS NOT TRUE"))))
        return [self.beside.condition, at_once(self._engine, self.beside.client.not_in(others))]

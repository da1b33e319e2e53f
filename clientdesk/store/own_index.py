"""What the index of an own field says by itself about a list that is sorted by the field: how many clients stand in each
part, and who stands at a row. No client is read for it: which of them are in the list is told as a set of ids.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import Any, cast

from peewee import SQL, Expression, NodeList, fn

from clientdesk.domain.client_query import ClientQuery
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel
from clientdesk.store.order_parts import Key, Order

_CLIENT, _KEY = ClientOwnModel.client_id, ClientOwnModel.sort_key
_ID = ClientModel._meta.columns["id"]


def at_once(engine: Engine, is_one_of: Expression) -> Expression:
    """The condition that an id is one of those that a query has, asked of each client on the way: the query is run once,
    and neither are its clients sorted instead, nor chooses it another index."""
    return engine.aside(cast(Expression, NodeList((is_one_of, SQL("IS TRUE")))))


class OwnIndex:
    """The index of the own field by which a list is sorted. `conditions` are those of the list; `count` tells how many
    clients it has, `everyone` how many the firm has."""

    def __init__(
        self,
        engine: Engine,
        query: ClientQuery,
        order: Order,
        conditions: Sequence[Expression],
        count: Callable[[], int],
        everyone: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._query = query
        self._order = order
        self._conditions = conditions
        self._count = count
        self._everyone = everyone
        self.field = order.own_field or 0
        self._of_field = ClientOwnModel.field_id == self.field

    def sizes(self) -> list[int]:
        """How many clients of the list each part has; the last one has those who have nothing in the field."""

        def counted() -> dict[str | None, int]:
            if self._order.parts[0].own_value is None:
                return {None: self.number()}
            query = ClientOwnModel.select(_KEY, fn.COUNT(_CLIENT)).where(*self._where()).group_by(_KEY)
            return dict(self._engine.execute(query).fetchall())

        # Of either direction they are the same.
        key = ("own sizes", self.field, self._query.filters, self._query.find)
        number = self._engine.remembered(key, counted)
        *parts, _nothing = self._order.parts
        return [*(number.get(part.own_value, 0) for part in parts), self._count() - sum(number.values())]

    def at(self, key: Key, skip: int) -> tuple[str, int] | None:
        """Who stands behind `skip` clients of those who have something: by what it is sorted, and the client's id, by
        which those who have the same stand here."""
        query = ClientOwnModel.select(_KEY, _CLIENT).where(*self._where())
        query = query.order_by(key.ordering(), Key(_CLIENT, key.descending).ordering()).limit(1).offset(skip)
        row: tuple[str, int] | None = self._engine.execute(query).fetchone()
        return row

    def number(self, *conditions: Expression) -> int:
        """How many clients of the list have something in the field that meets these conditions."""
        query = ClientOwnModel.select(fn.COUNT(_CLIENT)).where(*self._where(), *conditions)
        return int(self._engine.execute(query).fetchone()[0])

    def _where(self) -> list[Any]:
        """That a value is of the field, and of a client of the list: who is in the list, or who is not, whichever are
        fewer, is looked up at once."""
        if not self._conditions or (lacking := self._everyone() - self._count()) == 0:
            return [self._of_field]
        met = reduce(and_, self._conditions)
        if lacking >= self._count():
            return [self._of_field, at_once(self._engine, _CLIENT.in_(ClientModel.select(_ID).where(met)))]
        others = ClientModel.select(_ID).where(NodeList((met, SQL("IS NOT TRUE"))))
        return [self._of_field, at_once(self._engine, _CLIENT.not_in(others))]

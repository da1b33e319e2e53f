"""Going through a list along the index of its order: from its beginning, from its end, or from a page that was read
before, whichever is nearest."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from peewee import Expression, fn

from clientdesk.domain.client_query import ClientQuery
from clientdesk.named_tuple import NamedTuple
from clientdesk.store.beside_index import BesideIndex
from clientdesk.store.engines import EVERY, Engine
from clientdesk.store.models import ClientModel
from clientdesk.store.order_parts import Beside
from clientdesk.store.orders import COLUMNS, ID, NAME, Key, Order, Part, before

NEAR = 500
"""So many rows are passed over without asking whether there is a shorter way."""
_PAGE = 1_000
"""Longer windows are no pages: where they begin and end is not remembered."""
_GROUPS = 3
"""So many groups of clients that are alike in the first key are read by themselves for a page."""
_PLACES = 40
"""So many places of a list are remembered."""


class Place(NamedTuple):
    """Where a client stands: its row in the list, its part of the order, and its keys there."""

    row: int
    part: int
    keys: tuple[object, ...]


class _Way(NamedTuple):
    """A way to a window: so many rows lie between it and where the way begins, an end of the list or beyond a place."""

    skip: int
    backwards: bool = False
    beyond: Place | None = None


class Walk:
    """The clients of a list that meet all `conditions`, in an order. `count` tells how many there are, `everyone` how many
    the firm has. Of a single client `of_one` is asked, which says the same."""

    def __init__(
        self,
        engine: Engine,
        query: ClientQuery,
        order: Order,
        conditions: Sequence[Expression],
        count: Callable[[], int],
        of_one: Sequence[Expression],
        everyone: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._query = query
        self._order = order
        self._conditions = conditions
        self._count = count
        self._of_one = of_one
        self.beside: BesideIndex | None = None
        if order.beside is not None:
            self.beside = BesideIndex(engine, query, order, order.beside, conditions, count, everyone)

    @property
    def is_straight(self) -> bool:
        """Whether the index has the clients just as the order wants them; else those with the same value are sorted."""
        return len({key.descending for part in self._order.parts for key in part.keys}) == 1

    def window(self, offset: int, limit: int) -> list[int]:
        """The ids of `limit` clients from row `offset` on (EVERY: all of them)."""
        if limit > _PAGE:
            return [row[0] for _part, row in self._take(range(len(self._order.parts)), offset, limit)]
        places: list[Place] = self._engine.remembered(("places", self._query), list)
        # from the index of a table beside a page is as soon read as from a place
        ways = [_Way(offset), *(_way(place, offset, limit) for place in places if self.beside is None)]
        if min(way.skip for way in ways) > NEAR:
            limit = min(limit, self._count() - offset)
            if limit <= 0:
                return []
            if self.beside is not None:
                read = self._land(self.beside.sizes(), offset, limit)
                return self._ids(places, offset, read)
            ways.append(_Way(self._count() - offset - limit, backwards=True))
        skip, backwards, beyond = min(ways, key=lambda way: way.skip)
        parts = range(len(self._order.parts))[::-1] if backwards else range(len(self._order.parts))
        if beyond is not None:
            parts = parts[parts.index(beyond.part) :]
        read = self._take(parts, skip, limit, beyond, backwards=backwards)[:: -1 if backwards else 1]
        return self._ids(places, offset, read)

    @staticmethod
    def _ids(places: list[Place], offset: int, read: Sequence[tuple[int, Sequence[Any]]]) -> list[int]:
        """The ids in rows that were read from row `offset` on; where they begin and end is remembered."""
        if read:
            del places[: max(0, len(places) + 2 - _PLACES)]
            for row in {0, len(read) - 1}:
                part, values = read[row]
                places.append(Place(offset + row, part, tuple(values[1:])))
        return [values[0] for _part, values in read]

    def first(self, find_words: Sequence[str], most: int, limit: int) -> list[int]:
        """The ids of the first clients with all words, `limit` or fewer: the first `most` of the order's first part are
        looked at, and no others."""
        part = self._order.parts[0]
        passed = _from(part, ID, COLUMNS["search_text"]).where(*self._where(part))
        passed = passed.order_by(*(key.ordering() for key in part.keys)).limit(most).alias("passed")
        has_words = self._engine.contains(passed.c.search_text, find_words)
        query = ClientModel.select(passed.c.id).from_(passed).where(has_words).limit(limit)
        return [row[0] for row in self._engine.execute(query).fetchall()]

    def _land(self, sizes: Sequence[int], offset: int, limit: int) -> list[tuple[int, Sequence[Any]]]:
        """`limit` rows from row `offset` on, from the nearer end of each part that they are in."""
        taken: list[tuple[int, Sequence[Any]]] = []
        for number, size in enumerate(sizes):
            if offset >= size:
                offset -= size
                continue
            part = self._order.parts[number]
            wanted = min(limit - len(taken), size - offset)
            behind = size - offset - wanted
            if behind < offset:
                rows = self._read(part, [key.turned() for key in part.keys], None, behind, wanted)[::-1]
            else:
                rows = self._read(part, part.keys, None, offset, wanted)
            taken += [(number, row) for row in rows]
            offset = 0
            if len(taken) == limit:
                break
        return taken

    def _take(
        self, parts: Iterable[int], skip: int, limit: int, beyond: Place | None = None, *, backwards: bool = False
    ) -> list[tuple[int, Sequence[Any]]]:
        """`limit` rows from part to part, `skip` of them passed over at first; `beyond` a place in the first part."""
        taken: list[tuple[int, Sequence[Any]]] = []
        begun, passed = set[tuple[object, ...]](), set[tuple[object, ...]]()
        for number in parts:
            part, group = self._order.parts[number], self._group(number)
            may_pass = skip > NEAR and self._order.groups and beyond is None and group not in begun
            if may_pass and (size := self._sizes().get(group, 0)) <= skip:
                skip -= size
                passed.add(group)
            begun.add(group)
            if group in passed:
                continue
            keys = tuple(key.turned() for key in part.keys) if backwards else part.keys
            condition = None if beyond is None else before([key.turned() for key in keys], beyond.keys)
            rows = self._read(part, keys, condition, skip, limit - len(taken))
            taken += [(number, row) for row in rows]
            if len(taken) == limit:
                break
            if rows:
                skip = 0
            elif skip:
                skip = max(0, skip - self._size(number, condition))
            beyond = None
        return taken

    def _read(
        self, part: Part, keys: Sequence[Key], condition: Expression | None, skip: int, limit: int
    ) -> list[Sequence[Any]]:
        """`limit` clients of a part behind `skip` of them, each with the keys."""
        if part.beside is not None and condition is None and self.beside is not None and limit <= _PAGE:
            if skip > NEAR:
                return self._read_far(self.beside, part, keys, skip, limit)
            return self._read_near(part.beside, part, keys, skip, limit)
        if limit > _PAGE or len({key.descending for key in keys}) == 1:
            return self._read_straight(part, keys, keys, condition, skip, limit)
        # The index has those who are alike in the first key in the order of the others, or turned: they need not be sorted.
        first, others = keys[0], keys[1:]
        has_others = len(others) == 2 and others[0].expression is NAME
        along = [first, *(Key(key.expression, first.descending) for key in others if has_others)]
        nth = _from(part, *(key.expression for key in along)).where(*self._where(part, condition))
        nth = nth.order_by(*(key.ordering() for key in along)).limit(1).offset(skip)
        at = self._engine.execute(nth).fetchone()
        if at is None:
            return []
        if skip and has_others:
            is_alike = _also(condition, first.expression == at[0])
            skip = self._number(part, *self._where(part, is_alike), before(along[1:], at[1:]))
        elif skip:
            skip -= self._number(part, *self._where(part, condition), before([first], at))
        alike = _also(condition, first.expression == at[0])
        read = self._read_straight(part, keys, others, alike, skip, limit)
        if len(read) < limit:
            behind = _also(condition, before([first.turned()], at[:1]))
            read += self._read_straight(part, keys, keys, behind, 0, limit - len(read))
        return read

    def _read_near(self, beside: Beside, part: Part, keys: Sequence[Key], skip: int, limit: int) -> list[Sequence[Any]]:
        """The same of those who have something in a table beside, from its near end. Many may have the same there: they stand
        where the other keys say, and are not put in order for a page."""
        from clientdesk.store import beside_orders

        first, others = keys[0], tuple(keys[1:])
        read: list[Sequence[Any]] = []
        for _group in range(_GROUPS):
            nth = _from(part, first.expression).where(*self._where(part)).order_by(first.ordering())
            at = self._engine.execute(nth.limit(1).offset(skip + len(read))).fetchone()
            alike = None if at is None else beside_orders.part_of(self._engine, beside, at[0], others)
            if alike is None:
                return read
            within = 0
            if skip and not read:
                within = skip - self._number(part, *self._where(part), before([first], at))
            rows = self._read_straight(alike, others, others, None, within, limit - len(read))
            read += [(client_id, at[0], *values) for client_id, *values in rows]
            if len(read) == limit or not rows:
                return read
        behind = before([first.turned()], (read[-1][1],))
        return read + self._read_straight(part, keys, keys, behind, 0, limit - len(read))

    def _read_far(
        self, index: BesideIndex, part: Part, keys: Sequence[Key], skip: int, limit: int
    ) -> list[Sequence[Any]]:
        """The same of those who have something in a table beside: its index passes over the others. Who has the same as the
        first of them stands where the other keys say."""
        from clientdesk.store import beside_orders  # the only lists that know it are by such a table

        first, others = keys[0], tuple(keys[1:])
        at = index.at(first, skip)
        if at is None:
            return []
        alike = beside_orders.part_of(self._engine, index.beside, at[0], others)
        if alike is None:
            return []  # somebody else has just taken it away
        if alike.swept is None:
            skip = self._number(alike, *self._where(alike, before([Key(ID, first.descending)], at[1:])))
        else:
            by_id = before([Key(index.beside.client, first.descending)], at[1:])
            skip = index.number(first.expression == at[0], by_id)
        rows = self._read_straight(alike, others, others, None, skip, limit)
        read: list[Sequence[Any]] = [(client_id, at[0], *values) for client_id, *values in rows]
        if len(read) < limit:
            behind = before([first.turned()], at[:1])
            read += self._read_straight(part, keys, keys, behind, 0, limit - len(read))
        return read

    def _read_straight(
        self,
        part: Part,
        keys: Sequence[Key],
        order: Sequence[Key],
        condition: Expression | None,
        skip: int,
        limit: int,
    ) -> list[Sequence[Any]]:
        also = [key.expression for key in keys] if limit <= _PAGE else []
        query = _from(part, ID, *also).where(*self._where(part, condition, is_far=skip > NEAR))
        query = query.order_by(*(key.ordering() for key in order))
        if limit < EVERY:
            query = query.limit(limit)
        if skip:
            query = query.limit(limit).offset(skip)
        return self._engine.execute(query).fetchall()

    def _where(self, part: Part, condition: Expression | None = None, *, is_far: bool = False) -> list[Expression]:
        """What the clients of a part meet, and of these those that meet a condition; told so that it is soon answered for
        the first of them, or for many (`is_far`)."""
        everyone = ID > 0 if part.beside is None else part.beside.condition
        of_part = part.condition if part.swept is None or not is_far else part.swept
        return [also for also in (of_part, condition, *self._conditions) if also is not None] or [everyone]

    def _size(self, number: int, condition: Expression | None = None) -> int:
        """How many clients a part has; those that meet a condition, with one."""
        part = self._order.parts[number]
        if condition is not None:
            return self._number(part, *self._where(part, condition, is_far=True))
        if self.beside is not None:
            return self.beside.sizes()[number]
        return self._engine.remembered(
            ("size", self._query, number),
            lambda: self._number(part, *self._where(part)),
        )

    def _number(self, part: Part, *conditions: Expression) -> int:
        return int(self._engine.execute(_from(part, fn.COUNT(ID)).where(*conditions)).fetchone()[0])

    def _group(self, number: int) -> tuple[object, ...]:
        """The values that the clients of a part, and of others beside it, have in the columns by which there are parts."""
        return self._order.parts[number].values[: self._order.groups]

    def _sizes(self) -> dict[tuple[object, ...], int]:
        """How many clients have each of these values."""

        def counted() -> dict[tuple[object, ...], int]:
            columns = self._order.placing[: self._order.groups]
            query = ClientModel.select(*columns, fn.COUNT(ID)).group_by(*columns)
            rows = self._engine.execute(query.where(*self._conditions) if self._conditions else query).fetchall()
            return {tuple(row[:-1]): row[-1] for row in rows}

        return self._engine.remembered(("sizes", self._query), counted)

    def position(self, client_id: int) -> int | None:
        """The row of a client, from 0; None if it is none of the list."""
        one = [*self._of_one, client_id == ID]
        placed = self._engine.execute(ClientModel.select(ID, *self._order.placing).where(*one)).fetchone()
        places = {part.values: number for number, part in enumerate(self._order.parts)}
        if placed is None or (number := places.get(tuple(placed[1:]))) is None:
            return None  # not in the list; or somebody else has just given it a value that nobody had
        keys = self._order.parts[number].keys
        query = _from(self._order.parts[number], *(key.expression for key in keys)).where(*one)
        values = self._engine.execute(query).fetchone()
        earlier = range(number)
        if self._order.groups:
            groups = {self._group(part): None for part in earlier} | {self._group(number): None}
            *groups_before, group = groups
            earlier_in_group = [part for part in earlier if self._group(part) == group]
            passed = sum(self._sizes().get(before, 0) for before in groups_before) + sum(
                map(self._size, earlier_in_group)
            )
        else:
            passed = sum(map(self._size, earlier))
        if self.beside is not None and self._order.parts[number].beside is not None:
            first, value = keys[:1], values[:1]
            alike = (keys[0].expression == values[0]) & before(keys[1:], values[1:])
            return passed + self.beside.number(before(first, value)) + self._size(number, alike)
        return passed + self._size(number, before(keys, values))


def _from(part: Part, *columns: Any) -> Any:
    """Selects of clients, beside which another table has what a part is sorted by."""
    query = ClientModel.select(*columns)
    if part.beside is None:
        return query
    return query.join(part.beside.table, on=(part.beside.client == ID) & part.beside.condition)


def _way(place: Place, offset: int, limit: int) -> _Way:
    """The way from a place to a window; none is longer than where the place is within it."""
    if place.row < offset:
        return _Way(offset - place.row - 1, False, place)
    skip = place.row - offset - limit
    return _Way(skip if skip >= 0 else EVERY, True, place)


def _also(condition: Expression | None, other: Expression) -> Expression:
    """Both conditions, where there are two."""
    return other if condition is None else condition & other

"""The orders of the list by what clients have in a table beside theirs (`order_parts.Beside`): in a firm's own fields, or of work.

What is anything has an index, which a part of the order walks. What is one of a few is a part for each of these, in an order that
is given. Who has nothing there comes last either way.
"""

from collections.abc import Sequence
from typing import Any, cast

from peewee import Case, Expression, fn

from clientdesk.store.beside_index import at_once
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel
from clientdesk.store.order_parts import Beside, Key, Order, Part

_ID = ClientModel._meta.columns["id"]
FEW_ALIKE = 2_000
"""So many clients that have the same there are put in order by themselves; more are met along the index of the names."""


def order(engine: Engine, beside: Beside, values: Sequence[object] | None, down: bool, rest: tuple[Key, ...]) -> Order:
    """The order by it: by its key, or in the order of its few `values`. Who has nothing in it comes last, and those who have the
    same stand as `rest` says."""
    held = _held(beside)
    nothing = engine.aside(held == beside.nothing)
    has_nothing = at_once(engine, _ID.not_in(beside.table.select(beside.client).where(beside.condition)))
    if values is not None:
        parts = [part_of(engine, beside, value, rest) for value in (values[::-1] if down else values)]
        there = [part for part in parts if part is not None]
        return Order((*there, Part((beside.nothing,), nothing, rest, swept=has_nothing)), (held,), beside=beside)
    of_index = Part((False,), None, (Key(beside.key, down), *rest), beside)
    last = Part((True,), nothing, rest, swept=has_nothing)
    return Order((of_index, last), (held == beside.nothing,), beside=beside)


def part_of(engine: Engine, beside: Beside, value: object, rest: tuple[Key, ...]) -> Part | None:
    """The clients that have the same there, in the order of `rest`; None where nobody has it."""
    other = beside.alias()
    having = other.table.select(other.client).where(other.condition, other.key == value)
    some = having.limit(FEW_ALIKE + 1).alias("some")
    number_of_some = engine.execute(beside.table.select(fn.COUNT(some.c.client_id)).from_(some)).fetchone()[0]
    if not number_of_some:
        return None
    has_value = _ID.in_(having)
    if number_of_some <= FEW_ALIKE:
        return Part((value,), has_value, rest, value=value)
    has_one = cast(Expression, fn.EXISTS(having.where(other.client == _ID)))
    return Part((value,), engine.aside(has_one), rest, value=value, swept=at_once(engine, has_value))


def keys(beside: Beside, values: Sequence[object] | None, down: bool) -> tuple[Key, ...]:
    """The keys that it adds to an order of all that is found."""
    held = _held(beside)
    if values is None:
        return Key(held == beside.nothing), Key(held, down)
    places = [(value, place) for place, value in enumerate(values)]
    return Key(held == beside.nothing), Key(Case(held, places, len(places)) if places else held, down)


def _held(beside: Beside) -> Any:
    """What a client has there; `nothing` for nothing."""
    other = beside.alias()
    return fn.COALESCE(other.table.select(other.key).where(other.condition, other.client == _ID), beside.nothing)

"""The orders of the list by a firm's own field, or by the tags.

Texts, numbers and days have an index, which a part of the order walks. What is one of a few (a choice, a team member, yes
or no) is a part for each of these, in the order in which the firm has them, or of their names. By the tags, which are
several of a client, the list is sorted as a whole, by the names of each client's first one.
"""

from collections.abc import Sequence
from typing import Any, cast

from peewee import Case, Expression, fn

from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_values import field_id
from clientdesk.store import own_values
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel
from clientdesk.store.order_parts import Key, Order, Part
from clientdesk.store.own_index import at_once

_ID = ClientModel._meta.columns["id"]
FEW_ALIKE = 2_000
"""So many clients that have the same in a field are put in order by themselves; more are met along the index of the names."""


def order(engine: Engine, field: Field, down: bool, rest: tuple[Key, ...]) -> Order:
    """The order by a field; who has nothing in it comes last, and those who have the same stand as `rest` says."""
    held = _held(field)
    if field.kind is Kind.TAGS:
        first = keys(engine, field, down)
        return Order((Part((), None, (*first, *rest)),), ())
    number = field_id(field.name)
    nothing = engine.aside(held == "")
    having = ClientOwnModel.select(ClientOwnModel.client_id).where(ClientOwnModel.field_id == number)
    has_nothing = at_once(engine, _ID.not_in(having))
    if (values := _in_order(engine, field)) is not None:
        parts = [part_of(engine, number, value, rest) for value in (values[::-1] if down else values)]
        there = [part for part in parts if part is not None]
        return Order((*there, Part(("",), nothing, rest, swept=has_nothing)), (held,), own_field=number)
    of_index = Part((False,), None, (Key(ClientOwnModel.sort_key, down), *rest), number)
    return Order((of_index, Part((True,), nothing, rest, swept=has_nothing)), (held == "",), own_field=number)


def part_of(engine: Engine, number: int, value: str, rest: tuple[Key, ...]) -> Part | None:
    """The clients that have the same in an own field, in the order of `rest`; None where nobody has it."""
    own = ClientOwnModel.alias()
    having = own.select(own.client_id).where(own.field_id == number, own.sort_key == value)
    some = having.limit(FEW_ALIKE + 1).alias("some")
    number_of_some = engine.execute(ClientOwnModel.select(fn.COUNT(some.c.client_id)).from_(some)).fetchone()[0]
    if not number_of_some:
        return None
    has_value = _ID.in_(having)
    if number_of_some <= FEW_ALIKE:
        return Part((value,), has_value, rest, own_value=value)
    has_one = cast(Expression, fn.EXISTS(having.where(own.client_id == _ID)))
    return Part((value,), engine.aside(has_one), rest, own_value=value, swept=at_once(engine, has_value))


def keys(engine: Engine, field: Field, down: bool) -> tuple[Key, ...]:
    """The keys that a field adds to an order of all that is found."""
    held = _held(field)
    values = _in_order(engine, field)
    if values is None:
        return Key(held == ""), Key(held, down)
    places = [(value, place) for place, value in enumerate(values)]
    return Key(held == ""), Key(Case(held, places, len(places)) if places else held, down)


def _held(field: Field) -> Any:
    """The key of what a client has in a field, "" for nothing; of the tags the name of the first one."""
    own = ClientOwnModel.alias()
    of_client = (own.field_id == field_id(field.name), own.client_id == _ID)
    if field.kind is not Kind.TAGS:
        return fn.COALESCE(own.select(own.sort_key).where(*of_client), "")
    tag = TABLES["tag"].alias()
    query = own.select(fn.MIN(tag.name_key)).join(tag, on=(tag.id.cast("text") == own.sort_key))
    return fn.COALESCE(query.where(*of_client), "")


def _in_order(engine: Engine, field: Field) -> Sequence[str] | None:
    """The keys of what a field may have, in their order, where that is one of a few; None where it is anything."""
    if field.choices:
        return [choice.value for choice in field.choices if choice.value]
    if field.kind is Kind.OWN_CHOICE:
        return [str(row_id) for row_id in field.called]
    if field.kind is Kind.MEMBER:
        names = own_values.member_names(engine)
        return [
            str(member_id) for member_id in sorted(names, key=lambda member_id: (fold(names[member_id]), member_id))
        ]
    return None

"""The orders of the list by a firm's own field, or by the tags.

Texts, numbers and days have an index, which a part of the order walks. What is one of a few (a choice, a team member, yes
or no) is a part for each of these, in the order in which the firm has them, or of their names. By the tags, which are
several of a client, the list is sorted as a whole, by the names of each client's first one.
"""

from collections.abc import Sequence
from typing import Any

from peewee import Case, fn

from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_values import field_id
from clientdesk.store import own_values
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel
from clientdesk.store.order_parts import Key, Order, Part

_ID = ClientModel._meta.columns["id"]


def order(engine: Engine, field: Field, down: bool, rest: tuple[Key, ...]) -> Order:
    """The order by a field; who has nothing in it comes last, and those who have the same stand as `rest` says."""
    held = _held(field)
    if field.kind is Kind.TAGS:
        first = keys(engine, field, down)
        return Order((Part((), None, (*first, *rest)),), ())
    if (values := _in_order(engine, field)) is not None:
        values = values[::-1] if down else values
        parts = [
            Part((value,), engine.aside(_has(field, value)), rest)
            for value in values
            if _is_there(engine, field, value)
        ]
        return Order((*parts, Part(("",), engine.aside(held == ""), rest)), (held,))
    of_index = (Key(ClientOwnModel.sort_key, down), *rest)
    parts = [Part((False,), None, of_index, field_id(field.name)), Part((True,), engine.aside(held == ""), rest)]
    return Order(tuple(parts), (held == "",))


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


def _has(field: Field, value: str) -> Any:
    own = ClientOwnModel.alias()
    of_client = (own.field_id == field_id(field.name), own.client_id == _ID, own.sort_key == value)
    return fn.EXISTS(own.select(own.client_id).where(*of_client))


def _is_there(engine: Engine, field: Field, value: str) -> bool:
    own = ClientOwnModel
    query = own.select(own.client_id).where(own.field_id == field_id(field.name), own.sort_key == value).limit(1)
    return bool(engine.execute(query).fetchall())


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

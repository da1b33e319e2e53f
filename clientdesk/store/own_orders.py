"""The orders of the list by a firm's own field, or by the tags.

Texts, numbers and days have an index. What is one of a few (a choice, a team member, yes or no) stands in the order in which the
firm has these, or of their names. By the tags, which are several of a client, the list is sorted as a whole, by the names of
each client's first one.
"""

from collections.abc import Sequence
from typing import Any

from peewee import fn

from clientdesk.domain.catalogue import NO_TAGS
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.own_values import field_id
from clientdesk.store import beside_orders, own_values
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel
from clientdesk.store.order_parts import Beside, Key, Order, Part

_ID = ClientModel._meta.columns["id"]


def order(engine: Engine, field: Field, down: bool, rest: tuple[Key, ...]) -> Order:
    """The order by a field; who has nothing in it comes last, and those who have the same stand as `rest` says."""
    if field.kind is Kind.TAGS:
        return Order((Part((), None, (*keys(engine, field, down), *rest)),), ())
    return beside_orders.order(engine, _beside(field), _in_order(engine, field), down, rest)


def keys(engine: Engine, field: Field, down: bool) -> tuple[Key, ...]:
    """The keys that a field adds to an order of all that is found."""
    if field.kind is Kind.TAGS:
        first = _first_tag()
        return Key(first == ""), Key(first, down)
    return beside_orders.keys(_beside(field), _in_order(engine, field), down)


def _beside(field: Field) -> Beside:
    """The index of what clients have in a field."""
    number = field_id(field.name)
    return Beside(("own", number), ClientOwnModel, lambda own: own.sort_key, lambda own: own.field_id == number)


def _first_tag() -> Any:
    """The key of the name of a client's first tag, "" for none."""
    own, tag = ClientOwnModel.alias(), TABLES["tag"].alias()
    query = own.select(fn.MIN(tag.name_key)).join(tag, on=(tag.id.cast("text") == own.sort_key))
    return fn.COALESCE(query.where(own.field_id == field_id(NO_TAGS.name), own.client_id == _ID), "")


def _in_order(engine: Engine, field: Field) -> Sequence[str] | None:
    """The keys of what a field may have, in their order, where that is one of a few; None where it is anything."""
    if field.choices:
        return [choice.value for choice in field.choices if choice.value]
    if field.kind is Kind.OWN_CHOICE:
        return [str(row_id) for row_id in field.called]
    if field.kind is Kind.MEMBER:
        return [str(member_id) for member_id in own_values.members_by_name(engine)]
    return None

"""The list as plain Python over dictionaries: which clients hold a filter, and in which order they stand."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import REFERENCES, Filter, Op
from clientdesk.domain.fold import bare, fold, number_sort, search_text, words
from clientdesk.domain.own_values import is_own
from clientdesk.text import one_line, strip_controls

Values = Mapping[str, str]


def matches(values: Values, on: Filter, names: Names) -> bool:
    """Whether a client with these values (types and people by name) holds a filter."""
    field = names.catalogue.by_name[on.field]
    value, wanted = values[on.field], list(on.value)
    if on.op is Op.EMPTY or on.op is Op.FILLED:
        return (value == "") == (on.op is Op.EMPTY)
    if field.kind is Kind.TAGS:
        called = names.of(on.field)
        held = set(value.split(", ")) if value else {""}
        has_one = not held.isdisjoint(called.get(tag_id, "?") if tag_id else "" for tag_id in wanted)
        return has_one != (on.op is Op.IS_NOT)
    if field.kind in REFERENCES:
        wanted = [names.of(on.field).get(client_id, "?") if client_id else "" for client_id in wanted]
    elif on.op in (Op.BEFORE, Op.AFTER, Op.BETWEEN):
        if not value:
            return False
        if field.ordered == "number":
            value, wanted = number_sort(value), [number_sort(text) for text in wanted]
        if field.ordered == "decimal":
            return _in_order(Decimal(value), on.op, [Decimal(text) for text in wanted])
        if on.op is Op.BETWEEN and field.ordered == "day" and wanted[0] > wanted[1]:
            return not wanted[1] < value < wanted[0]
        return _in_order(value, on.op, wanted)
    elif not field.choices:
        plain = fold if field.folded else bare
        typed = [strip_controls(one_line(text) if field.folded else text, keep_lines=True) for text in wanted]
        value, wanted = plain(value), [plain(text) for text in typed]
    if on.op is Op.CONTAINS:
        return wanted[0] in value
    if on.op is Op.STARTS:
        return value.startswith(wanted[0])
    if on.op in (Op.IS, Op.IS_NOT, Op.ONE_OF):
        return (value in wanted) == (on.op is not Op.IS_NOT)
    raise ValueError(on.op)


def _in_order(value: Any, op: Op, ends: Sequence[Any]) -> bool:
    if op is Op.BEFORE:
        return bool(value < ends[0])
    if op is Op.AFTER:
        return bool(value > ends[0])
    return bool(ends[0] <= value <= ends[1])


def listed(everything: Mapping[int, Values], query: ClientQuery, names: Names) -> list[int]:
    """The ids of the clients of a list, in its order."""

    def key(client_id: int, name: str) -> Any:
        field, value = names.catalogue.by_name[name], everything[client_id][name]
        if is_own(name):
            return own_key(field, value)
        if name == "client_number":
            return number_sort(value)
        return fold(value) if field.folded or field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER) else value.lower()

    shown = [
        client_id
        for client_id, values in everything.items()
        if all(matches(values, on, names) for on in query.filters)
        and all(word in search_text(values) for word in words(query.find))
    ]
    # Each sort keeps what those before it have made, so the last key comes first.
    sorted_by = [sort_key.field for sort_key in query.sort]
    named = next((sort_key for sort_key in query.sort if sort_key.field == "display_name"), None)
    shown.sort(reverse=named is not None and named.descending)
    if sorted_by != ["client_number"]:
        shown.sort(key=lambda client_id: key(client_id, "display_name"))
    for name, descending in reversed(query.sort):
        shown.sort(key=lambda client_id: key(client_id, name), reverse=descending)
        shown.sort(key=lambda client_id: not everything[client_id][name])
    return shown


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?")


def own_key(field: Field, value: str) -> Any:
    """By what the values of a firm's own field stand in their order."""
    if not value:
        return ()
    if field.kind is Kind.OWN_CHOICE:
        return (list(field.called.values()).index(value),)
    if field.choices:
        return ([choice.value for choice in field.choices].index(value),)
    if field.kind is Kind.TAGS:
        return (min(map(fold, value.split(", "))),)
    text = fold(value)
    return (0, Decimal(text), "") if _NUMBER.fullmatch(text) else (1, Decimal(0), text)

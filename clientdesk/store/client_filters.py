"""Filters as conditions on the table of clients: the one place where a filter becomes SQL.

What has a folded column is compared there. Of the other texts the databases compare those in ASCII, as there case is all
that folding takes away; the few that have other signs are folded by the program, as neither database can do that alike.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, Expression, fn

from clientdesk.domain.fields import BY_NAME, Field, Kind
from clientdesk.domain.filters import REFERENCES, Filter, Op, compared, holds, in_order
from clientdesk.store.engines import Engine
from clientdesk.store.engines.query_to_sql import among, word
from clientdesk.store.models import ClientModel

_CLIENT: Any = ClientModel  # the catalogue of fields gives it its columns
_COLUMNS = {Kind.CLIENT_TYPE: "client_type_ref", Kind.MEMBER: "lead_ref"}


def conditions(engine: Engine, filters: Sequence[Filter], *, loose: bool = False) -> list[Expression]:
    """A condition for each of the filters, which make sense and hold no moments any more; `loose` keeps the status from
    choosing the index."""
    return [_condition(engine, BY_NAME[on.field], on.op, on.value, loose) for on in filters]


def _condition(engine: Engine, field: Field, op: Op, value: Sequence[str], loose: bool) -> Any:
    if field.kind in REFERENCES:
        return _of_reference(getattr(_CLIENT, _COLUMNS[field.kind]), op, value)
    column = getattr(_CLIENT, field.name)
    if op is Op.EMPTY or op is Op.FILLED:
        return _equal(column, op is Op.EMPTY, [""])
    if field.choices:
        if loose and field.name == "status":
            column = SQL(engine.aside("status"))
        return _equal(column, op is not Op.IS_NOT, value)
    if op in (Op.BEFORE, Op.AFTER, Op.BETWEEN):
        return (column != "") & _in_order(field, op, [in_order(field, text) for text in value])
    keys = [compared(field, text) for text in value]
    if op is Op.IS_NOT:
        return ~_of_text(engine, field, Op.IS, keys)
    return _of_text(engine, field, op, keys)


def _equal(column: Any, equal: bool, choices: Sequence[str]) -> Any:
    """Whether a column is one of some words of the program."""
    if len(choices) == 1:
        return Expression(column, "=" if equal else "<>", word(choices[0]))
    return Expression(column, "IN", among(choices))


def _of_reference(column: Any, op: Op, value: Sequence[str]) -> Any:
    ids, nothing = [int(text) for text in value if text], column.is_null()
    if op is Op.FILLED or (op is Op.IS_NOT and not ids):
        return column.is_null(False)
    if op is Op.IS_NOT:
        return nothing | (column != ids[0])
    if not ids:
        return nothing
    led = column == ids[0] if len(ids) == 1 else column.in_(among(ids))
    return led if len(ids) == len(value) else nothing | led


def _in_order(field: Field, op: Op, keys: Sequence[str]) -> Any:
    column = _CLIENT.number_sort if field.ordered == "number" else getattr(_CLIENT, field.name)
    if op is Op.BEFORE:
        return column < keys[0]
    if op is Op.AFTER:
        return column > keys[0]
    first, last = keys
    if field.ordered == "day" and first > last:  # over New Year
        return (column >= first) | (column <= last)
    return (column >= first) & (column <= last)


def _of_text(engine: Engine, field: Field, op: Op, keys: Sequence[str]) -> Any:
    column = getattr(_CLIENT, field.name)
    if field.folded:
        return _of_key(engine, getattr(_CLIENT, f"{field.name}_sort"), op, keys)
    if field.ordered == "day":
        return _of_key(engine, column, op, keys)
    ways = [~engine.beyond_ascii(column) & _of_key(engine, fn.LOWER(column), op, keys)]
    if client_ids := _beyond_ascii(engine, field, op, keys):
        ways.append(engine.one_of(_CLIENT.id, client_ids))
    return reduce(or_, ways)


def _of_key(engine: Engine, key: Any, op: Op, keys: Sequence[str]) -> Any:
    """A comparison of what is folded already."""
    if op is Op.CONTAINS:
        return engine.holds(key, keys[0])
    if op is Op.STARTS:
        return Expression(fn.SUBSTR(key, 1, len(keys[0])), "=", keys[0])
    if len(keys) == 1:
        return Expression(key, "=", keys[0])
    return Expression(key, "IN", among(keys))


def _beyond_ascii(engine: Engine, field: Field, op: Op, keys: Sequence[str]) -> Sequence[int]:
    """The ids of the clients for whom a comparison holds among those whose text has signs beyond ASCII."""

    def look() -> list[int]:
        column = getattr(_CLIENT, field.name)
        rows = engine.execute(_CLIENT.select(_CLIENT.id, column).where(engine.beyond_ascii(column))).fetchall()
        return [client_id for client_id, text in rows if holds(op, compared(field, text), keys)]

    return engine.remembered(("beyond ASCII", field.name, op, tuple(keys)), look)

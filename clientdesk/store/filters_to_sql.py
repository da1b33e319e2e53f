"""Filters as conditions on the table of clients: the one place where a filter becomes SQL.

What has a folded column is compared there. The other texts are compared by the database without the case of ASCII, which
is never wrong where it says yes; for those that have other signs, where it may say no too often, the program folds them,
as no database can do that like another. At 100,000 clients (SQLite) that takes 50 ms more until somebody writes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import Expression, fn

from clientdesk.domain.fields import CHANGED, OF_WORK, Field, Kind
from clientdesk.domain.filters import REFERENCES, Filter, Op, compared, holds, in_order
from clientdesk.domain.own_values import FIRST_OF_TEXTS, field_id, is_own, sort_key
from clientdesk.store.derived_columns import LAST
from clientdesk.store.engines import Engine
from clientdesk.store.engines.peewee_text import among, word
from clientdesk.store.models import ClientModel, ClientOwnModel

_CLIENT: Any = ClientModel  # the catalogue of fields gives it its columns
_FEW = 2_000
_EQUAL = (Op.IS, Op.IS_NOT, Op.ONE_OF)
_COLUMNS = {Kind.CLIENT_TYPE: "client_type_ref", Kind.MEMBER: "lead_ref"}


def conditions(engine: Engine, filters: Sequence[Filter]) -> list[Expression]:
    """A condition for each of the filters, which make sense and hold no moments any more."""
    return [_condition(engine, engine.catalogue.by_name[on.field], on.op, on.value, filters) for on in filters]


def _condition(engine: Engine, field: Field, op: Op, value: Sequence[str], filters: Sequence[Filter]) -> Any:
    if field.name in OF_WORK:
        from clientdesk.store import listed_work  # few lists ask for it

        return listed_work.condition(engine, field, op, value, listed_work.subject(engine, filters))
    if field.name == CHANGED.name:
        from clientdesk.store import last_changes  # few lists ask for it

        return last_changes.condition(engine, op, value)
    if is_own(field.name):
        return _of_own(field, op, value, engine)
    if field.kind in REFERENCES:
        return _of_reference(getattr(_CLIENT, _COLUMNS[field.kind]), op, value)
    column = getattr(_CLIENT, field.name)
    if op is Op.EMPTY or op is Op.FILLED:
        return _equal(column, op is Op.EMPTY, [""])
    if field.choices and op in _EQUAL:
        return _equal(column, op is not Op.IS_NOT, value)
    if op in (Op.BEFORE, Op.AFTER, Op.BETWEEN):
        return (column != "") & _in_order(field, op, [in_order(field, text) for text in value])
    keys = [compared(field, text) for text in value]
    if op is Op.IS_NOT:
        return ~_of_text(engine, field, Op.IS, keys)
    return _of_text(engine, field, op, keys)


def _of_own(field: Field, op: Op, value: Sequence[str], engine: Engine) -> Any:
    """A condition on a firm's own field, or on the tags, by their index."""
    own = ClientOwnModel.alias()
    of_field, of_client = own.field_id == field_id(field.name), own.client_id == _CLIENT.id

    def having(*conditions: Any) -> Any:
        return _CLIENT.id.in_(own.select(own.client_id).where(of_field, *conditions))

    def lacking(*conditions: Any) -> Any:
        return ~fn.EXISTS(own.select(own.client_id).where(of_field, of_client, *conditions))

    if op is Op.EMPTY:
        return lacking()
    if op is Op.FILLED:
        return having()
    if op in (Op.BEFORE, Op.AFTER, Op.BETWEEN):
        return having(_between(own.sort_key, op, [in_order(field, text) for text in value]))
    if op in (Op.CONTAINS, Op.STARTS):
        (key,) = (compared(field, text) for text in value)
        is_number = Expression(own.sort_key, "<", FIRST_OF_TEXTS)  # what looks like one is compared as it is written
        in_key, in_value = (_of_key(engine, column, op, [key]) for column in (own.sort_key, own.value))
        return having((~is_number & in_key) | (is_number & in_value))
    if op not in _EQUAL:
        raise ValueError(op)
    is_text = not (field.choices or field.kind in REFERENCES)
    keys = [sort_key(text) if is_text else text for text in value if text]
    if op is Op.IS_NOT:
        return lacking(own.sort_key == keys[0]) if keys else having()
    if not keys:
        return lacking()
    has_one = having(_of_key(engine, own.sort_key, Op.ONE_OF, keys))
    return has_one if len(keys) == len(value) else has_one | lacking()


def _between(column: Any, op: Op, keys: Sequence[str]) -> Any:
    if op is Op.BEFORE:
        return column < keys[0]
    if op is Op.AFTER:
        return column > keys[0]
    return (column >= keys[0]) & (column <= keys[1])


def _equal(column: Any, equal: bool, choices: Sequence[str]) -> Any:
    """Whether a column is one of some words of the program."""
    if len(choices) == 1:
        return Expression(column, "=" if equal else "<>", word(choices[0]))
    return Expression(column, "IN", among(choices))


def _of_reference(column: Any, op: Op, value: Sequence[str]) -> Any:
    ids, nothing = [int(text) for text in value if text], column.is_null()
    if op not in (*_EQUAL, Op.EMPTY, Op.FILLED):
        raise ValueError(op)
    if op is Op.FILLED or (op is Op.IS_NOT and not ids):
        return column.is_null(False)
    if op is Op.IS_NOT:
        return nothing | (column != ids[0])
    if not ids:
        return nothing
    led = column == ids[0] if len(ids) == 1 else column.in_(among(ids))
    return led if len(ids) == len(value) else nothing | led


def _in_order(field: Field, op: Op, keys: Sequence[str]) -> Any:
    column = _CLIENT.number_sort if field.ordered == "number" else fn.LOWER(getattr(_CLIENT, field.name))
    if op is Op.BEFORE:
        return column < keys[0]
    if op is Op.AFTER:
        return column > keys[0]
    first, last = keys  # BETWEEN
    if field.ordered == "day" and first > last:  # over New Year
        return (column >= first) | (column <= last)
    return (column >= first) & (column <= last)


def _of_text(engine: Engine, field: Field, op: Op, keys: Sequence[str]) -> Any:
    column = getattr(_CLIENT, field.name)
    if field.folded:
        return _of_key(engine, getattr(_CLIENT, f"{field.name}_sort"), op, keys)
    key = fn.LOWER(column)
    if field.ordered == "day":
        return _of_key(engine, key, op, keys)
    condition = _of_key(engine, key, op, keys)
    client_ids = [client_id for client_id, text in _beyond_ascii(engine, field) if holds(op, text, keys)]
    if client_ids:
        condition |= engine.one_of(_CLIENT.id, client_ids)
    if field.ordered == "number" and op in (Op.IS, Op.ONE_OF):
        # Numbers that are the same have one key to be sorted by, and that has an index.
        sort_keys = [in_order(field, number) if number else LAST for number in keys]
        return _of_key(engine, _CLIENT.number_sort, op, sort_keys) & condition
    return condition


def _of_key(engine: Engine, key: Any, op: Op, keys: Sequence[str]) -> Any:
    """A comparison of what is folded already. IS_NOT is the opposite of IS, which is asked instead of it."""
    if op is Op.CONTAINS:
        return engine.holds(key, keys[0])
    if op is Op.STARTS:
        begin, end = keys[0], _behind(keys[0])
        from_there = Expression(key, ">=", begin)
        return from_there & Expression(key, "<", end) if end else from_there
    if op not in (Op.IS, Op.ONE_OF):
        raise ValueError(op)
    if len(keys) == 1:
        return Expression(key, "=", keys[0])
    return Expression(key, "IN", among(keys))


def _behind(begin: str) -> str:
    """The first text behind all that begin so, in the order of the columns; "" where there is none."""
    kept = begin.rstrip(LAST)
    if not kept:
        return ""
    code = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if code == 0xD800 else code)  # there is no text with a surrogate


def _beyond_ascii(engine: Engine, field: Field) -> Iterable[tuple[int, str]]:
    """The ids and folded texts of the clients whose text has signs beyond ASCII; not many are remembered."""
    column = getattr(_CLIENT, field.name)
    query = _CLIENT.select(_CLIENT.id, column).where(engine.beyond_ascii(column))

    def read_few() -> list[tuple[int, str]]:
        rows = engine.execute(query.limit(_FEW + 1)).fetchall()
        return [(client_id, compared(field, text)) for client_id, text in rows]

    few = engine.remembered(("beyond ASCII", field.name), read_few)
    if len(few) <= _FEW:
        return few
    return ((client_id, compared(field, text)) for client_id, text in engine.execute(query).fetchall())

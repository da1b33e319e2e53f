"""The rows of every entity, read and written set-wise, in the names of their fields.

Whoever calls holds the right to write from the beginning of the transaction, so that what was read in it still stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import chain, islice, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import Cast, Expression, Field, Tuple, Value, ValuesList, fn

from clientdesk.domain.fold import number_key
from clientdesk.domain.own_values import gathered
from clientdesk.domain.patch import RowId, Stored
from clientdesk.domain.patch import Value as Held
from clientdesk.store import history, own_values
from clientdesk.store.all_models import TABLES
from clientdesk.store.derived_columns import DERIVED, FOLLOWED_BY_NOTHING
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.engines.peewee_text import Prepared, Values, among, slot
from clientdesk.store.entities import CLIENT, ENTITIES, REFERRED_BY

TOGETHER = 1_000
"""So many rows are read or written by one statement."""
_FEW = 200  # new rows that are written as they are; more are staged and moved at once
_AT_ONCE, _STAGED = 1_000, 25_000
_PARKED = "\x01"
_ORDER = {"client": "display_name_sort"}
"""By entity the column in whose order many staged rows are written."""


class Write(NamedTuple):
    """New values of some fields of a row; `whole` has all its values with them."""

    id: RowId
    after: Mapping[str, Held]
    whole: Mapping[str, Held]


@cache
def _selection(entity: str) -> Any:
    """Id (0 where the key is of several parts), version, all fields, and the names of the rows that they refer to."""
    model, columns, identity = TABLES[entity], TABLES[entity]._meta.columns, _identity(entity)
    selected: list[Any] = [identity[0] if len(identity) == 1 else Value(0), columns["version"]]
    selected += [columns[attribute.column] for attribute in ENTITIES[entity].attributes]
    for attribute in ENTITIES[entity].references:
        to = TABLES[attribute.refers_to].alias()
        name = getattr(to, ENTITIES[attribute.refers_to].called_by)
        selected.append(to.select(name).where(to.id == columns[attribute.column]))
    selected += [columns[column] for column in _keys(entity)]
    return model.select(*selected).order_by(*identity)


@cache
def _identity(entity: str) -> tuple[Field, ...]:
    """The columns that make the key of a row."""
    return tuple(TABLES[entity]._meta.columns[column] for column in ENTITIES[entity].identity)


def stored(
    engine: Engine, entity: str, ids: Iterable[RowId], *also: Statement
) -> tuple[dict[RowId, Stored], Sequence[Sequence[Any]]]:
    """Those of the rows with these ids that are there, by id; and the answers to what is asked along with them."""
    wanted = sorted(ids)
    if not wanted:
        return {}, engine.together(*also)
    queries: list[Statement] = []
    if len(wanted) == 1 and not ENTITIES[entity].key_attributes:
        queries.append(_stored_of_one(entity)(id=wanted[0]))
    else:
        queries += [_selection(entity).where(_among(entity, part)) for part in _parts(wanted)]
    answers = engine.together(*queries, *also)
    rows = list(_stored(engine, entity, chain.from_iterable(answers[: len(queries)])))
    names = [attribute.name for attribute in ENTITIES[entity].key_attributes]
    if names:
        keyed: dict[RowId, Stored] = {tuple(row.values[name] or "" for name in names): row for row in rows}
        return keyed, answers[len(queries) :]
    return {row.id: row for row in rows}, answers[len(queries) :]


def stored_where(engine: Engine, entity: str, condition: Expression) -> list[Stored]:
    """The rows that meet a condition, by id."""
    return list(_stored(engine, entity, engine.together(_selection(entity).where(condition))[0]))


def _stored(engine: Engine, entity: str, rows: Iterable[Sequence[Any]]) -> Iterator[Stored]:
    """What `_selection` selects, as rows are known."""
    names, keys = tuple(ENTITIES[entity].by_name), _keys(entity)
    references = [reference.name for reference in ENTITIES[entity].references]
    of_names = 2 + len(names)
    of_keys = of_names + len(references)
    for row in rows:
        values, of_row = dict(zip(names, row[2:of_names], strict=True)), dict(zip(keys, row[of_keys:], strict=True))
        called = {to: name for to, name in zip(references, row[of_names:of_keys], strict=True) if name is not None}
        if entity == CLIENT.name:
            called |= own_values.spread(engine, values)
        yield Stored(row[0], row[1], values, called, of_row)


@cache
def _keys(entity: str) -> tuple[str, ...]:
    """The columns of which no two rows have the same, and which follow from a field."""
    return tuple(column for column in ENTITIES[entity].unique if column in DERIVED.get(entity, {}))


def _among(entity: str, ids: Sequence[RowId]) -> Expression:
    identity = _identity(entity)
    if len(identity) > 1:
        one_of: Expression = Tuple(*identity).in_(ValuesList(list(ids)))
        return one_of
    return identity[0].in_(among(ids))


@cache
def _stored_of_one(entity: str) -> Prepared:
    """The row with an `id`."""
    return Prepared(_selection(entity).where(TABLES[entity].id == slot("id")))


@cache
def _deletion_of_one(entity: str) -> Prepared:
    """Removes the row with an `id`."""
    model = TABLES[entity]
    return Prepared(model.delete().where(model.id == slot("id")).returning(model.id))


@lru_cache(maxsize=256)
def _update_of_one(entity: str, names: tuple[str, ...]) -> Prepared:
    """Writes some columns of the row with an `id`."""
    model, columns, version = TABLES[entity], TABLES[entity]._meta.columns, TABLES[entity]._meta.columns["version"]
    query = model.update({**{columns[name]: slot(name) for name in names}, version: version + 1})
    return Prepared(query.where(model.id == slot("id")).returning(model.id, version))


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), TOGETHER):
        yield rows[start : start + TOGETHER]


# --- adding


def insert(
    engine: Engine,
    entity: str,
    rows: Iterable[Mapping[str, Held]],
    progress: Callable[[int], None] | None = None,
    ids: Iterable[int] | None = None,
) -> int:
    """Writes new rows; how many. `progress` is told how many are written.

    All of them name the fields that the first one names; of the others the table knows what a new row has. Without `ids`
    they get the next ones (where their key is no other one), a long list in the order in which it is written, that of the
    largest index, so that its pages are met one after the other.

    Many are staged and moved into the table by one statement, which is much quicker.
    """
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    waiting = chain([first], waiting)
    if entity == CLIENT.name:
        first = gathered(first)
        waiting = map(gathered, waiting)
    keyed, deals = bool(ENTITIES[entity].key_attributes), ids is None
    known_ids: Iterator[RowId] = iter(ids or ())
    attributes = [attribute for attribute in ENTITIES[entity].attributes if attribute.name in first]
    names, follows = [attribute.name for attribute in attributes], DERIVED.get(entity, {})
    values_of = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    columns = [*([] if keyed else ["id"]), *(attribute.column for attribute in attributes), *follows]
    move = partial(engine.move_staged, entity, columns, _ORDER.get(entity, "id") if deals else "id", deals)
    written = staged = 0
    while coming := list(islice(waiting, _AT_ONCE)):
        if keyed:
            heads: Iterable[tuple[RowId, ...]] = repeat((), len(coming))
        else:
            heads = zip(engine.next_ids(entity, len(coming)) if deals else islice(known_ids, len(coming)))
        part = [
            (*head, *values_of(row), *[follow(row) for follow in follows.values()])
            for head, row in zip(heads, coming, strict=True)
        ]
        if keyed or (not written and len(part) < _FEW):
            engine.insert_many(entity, columns, part)
        else:
            engine.stage(entity, columns, part)
            staged += len(part)
            if staged >= _STAGED:
                move()
                staged = 0
        written += len(part)
        if progress is not None:
            progress(written)
    if staged:
        move()
    history.wrote(engine, entity, written)
    return written


# --- changing


def update(engine: Engine, entity: str, writes: Sequence[Write]) -> dict[RowId, int]:
    """Writes new values of rows; the versions of those that are written, by id.

    Clients may swap their numbers: those whose number another one of them takes give it up first, for a mark that
    no number can be. That is no change of a field and leaves no entry in the history.
    """
    if entity == "client" and len(writes) > 1:
        _park(engine, writes)
    attributes, columns = ENTITIES[entity].by_name, dict[str, object]()
    follows, alone = DERIVED.get(entity, {}), FOLLOWED_BY_NOTHING.get(entity, frozenset())
    alike: dict[tuple[str, ...], list[tuple[RowId, tuple[object, ...]]]] = {}
    for write in map(_gathered, writes) if entity == CLIENT.name else writes:
        columns = {attributes[name].column: value for name, value in write.after.items()}
        if not alone.issuperset(write.after):
            columns |= {column: follow(write.whole) for column, follow in follows.items()}
        alike.setdefault(tuple(columns), []).append((write.id, tuple(columns.values())))
    if len(writes) == 1 and not ENTITIES[entity].key_attributes:
        query = _update_of_one(entity, tuple(columns))(**columns, id=writes[0].id)
        written = history.write(engine, entity, query)
    else:
        queries = [_of_alike(entity, names, part) for names, rows in alike.items() for part in _parts(rows)]
        written = [row for query in queries for row in engine.together(query)[0]]
        history.wrote(engine, entity, len(written))
    return dict(written) if len(_identity(entity)) == 1 else {tuple(row[:-1]): row[-1] for row in written}


def _gathered(write: Write) -> Write:
    """A write of a client with its own fields in the one column that has them."""
    whole = gathered(write.whole)
    after = {name: value for name, value in write.after.items() if name in CLIENT.by_name}
    if len(after) < len(write.after):
        after["own"] = whole["own"]
    return write._replace(after=after, whole=whole)


def _of_alike(entity: str, names: Sequence[str], rows: Sequence[tuple[RowId, tuple[object, ...]]]) -> Any:
    """Writes the same columns of some rows (id, values) in one statement, as a server may be far away."""
    model, columns = TABLES[entity], TABLES[entity]._meta.columns
    identity, version = _identity(entity), columns["version"]
    first = rows[0][1]
    if all(values == first for _id, values in rows):
        query = model.update(
            {**{columns[name]: value for name, value in zip(names, first, strict=True)}, version: version + 1}
        ).where(_among(entity, [row_id for row_id, _values in rows]))
    else:
        written = (*identity, *(columns[name] for name in names))
        kinds = ["text" if column.field_type == "TEXT" else "bigint" for column in written]
        if len(identity) == 1:
            lines = [(row_id, *values) for row_id, values in rows]
        else:
            lines = [(*row_id, *values) for row_id, values in rows]  # type: ignore[misc]  # it has several parts
        typed = tuple(Cast(Value(value), kind) for value, kind in zip(lines[0], kinds, strict=True))
        listed = ValuesList(
            [typed, (Values(lines[1:]),)], alias="given"
        )  # the first line tells the types of the others
        (*same,) = (column == getattr(listed.c, f"column{at}") for at, column in enumerate(identity, 1))
        taken = {columns[name]: getattr(listed.c, f"column{at}") for at, name in enumerate(names, len(same) + 1)}
        query = model.update({**taken, version: version + 1}).from_(listed).where(*same)
    return query.returning(*identity, version)


def _park(engine: Engine, writes: Sequence[Write]) -> None:
    """Makes the clients give their number up whose number another one of them takes."""
    moving = {
        write.id: number_key(str(write.after["client_number"])) for write in writes if "client_number" in write.after
    }
    wanted = {key: client_id for client_id, key in moving.items() if key}
    if not wanted:
        return  # nobody of them can take what another one of them has
    client = TABLES["client"]
    columns = client._meta.columns
    bearers: list[int] = []
    for part in _parts(sorted(wanted)):
        held = client.select(columns["number_key"], columns["id"]).where(columns["number_key"].in_(part))
        bearers += [
            client_id for key, client_id in held.tuples().execute(engine.db)
            if client_id in moving and wanted[key] != client_id
        ]  # fmt: skip
    for part in _parts(bearers):
        mark = Value(_PARKED).concat(Cast(columns["id"], "text"))
        given_up = {columns["number_key"]: mark, columns["version"]: columns["version"] + 1}
        client.update(given_up).where(_among("client", part)).execute(engine.db)


# --- deleting


class Referring(NamedTuple):
    """So many rows of an entity refer to a row by one of their fields."""

    entity: str
    field: str
    rows: int


def referring_asked(entity: str, ids: Sequence[int]) -> list[Statement]:
    """Asks which rows refer to those with these ids: one statement for each field that may."""
    asked: list[Statement] = []
    for referring, attribute in REFERRED_BY.get(entity, ()):
        to = TABLES[referring.name]._meta.columns[attribute.column]
        asked.append(to.model.select(to, fn.COUNT(to)).where(to.in_(among(ids))).group_by(to))
    return asked


def referring_rows(entity: str, answers: Sequence[Sequence[Any]]) -> dict[int, list[Referring]]:
    """What refers to rows, by their id, from the answers; a row that nothing refers to is not among them."""
    by_id: dict[int, list[Referring]] = {}
    for (referring, attribute), counted in zip(REFERRED_BY.get(entity, ()), answers, strict=True):
        for row_id, count in counted:
            by_id.setdefault(row_id, []).append(Referring(referring.name, attribute.name, count))
    return by_id


def referring_to(engine: Engine, entity: str, ids: Sequence[int]) -> dict[int, list[Referring]]:
    """What refers to the rows with these ids, by id; one statement for each field that may."""
    asked = referring_asked(entity, ids)
    return referring_rows(entity, engine.together(*asked)) if asked else {}


def delete(engine: Engine, entity: str, ids: Sequence[RowId]) -> set[RowId]:
    """Removes rows for good; what the identity of those that are gone held."""
    model, identity = TABLES[entity], _identity(entity)
    if len(ids) == 1 and not ENTITIES[entity].key_attributes:
        rows = history.write(engine, entity, _deletion_of_one(entity)(id=ids[0]))
    else:
        queries = [model.delete().where(_among(entity, part)).returning(*identity) for part in _parts(ids)]
        rows = [row for query in queries for row in engine.together(query)[0]]
        history.wrote(engine, entity, len(rows))
    return {row[0] for row in rows} if len(identity) == 1 else {tuple(row) for row in rows}

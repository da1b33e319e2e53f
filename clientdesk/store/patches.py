"""The rows of every entity, read and written set-wise, in the names of their fields.

Whoever calls holds the right to write from the beginning of the transaction, so that what was read in it still stands.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import Cast, Expression, Field, Model, ModelSelect, Query, Tuple, Value, ValuesList

from clientdesk.domain.fold import number_key
from clientdesk.domain.patch import RowId, Stored
from clientdesk.domain.patch import Value as Held
from clientdesk.store import history
from clientdesk.store.derived import DERIVED, derived
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.entities import ENTITIES, Attribute
from clientdesk.store.models import MODELS
from clientdesk.store.values import Values, among

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
def _model(entity: str) -> type[Model]:
    return next(model for model in MODELS if model._meta.table_name == entity)


@cache
def _selection(entity: str) -> ModelSelect:
    """Id (0 where the key is of several parts), version, all fields, and the names of the rows that they refer to."""
    model, columns, identity = _model(entity), _model(entity)._meta.columns, _identity(entity)
    selected: list[Any] = [identity[0] if len(identity) == 1 else Value(0), columns["version"]]
    selected += [columns[attribute.column] for attribute in ENTITIES[entity].attributes]
    for attribute in ENTITIES[entity].references:
        to = _model(attribute.refers_to).alias()
        name = getattr(to, ENTITIES[attribute.refers_to].called_by)
        selected.append(to.select(name).where(to.id == columns[attribute.column]))
    selected += [columns[column] for column in _keys(entity)]
    return model.select(*selected).order_by(*identity)


@cache
def _identity(entity: str) -> tuple[Field, ...]:
    """The columns that make the key of a row."""
    return tuple(_model(entity)._meta.columns[column] for column in ENTITIES[entity].identity)


def stored(
    engine: Engine, entity: str, ids: Iterable[RowId], *also: Statement
) -> tuple[dict[RowId, Stored], Sequence[Sequence[Any]]]:
    """Those of the rows with these ids that are there, by id; and the answers to what is asked along with them."""
    queries = [_selection(entity).where(_among(entity, part)) for part in _parts(sorted(ids))]
    answers = engine.together(*queries, *also)
    found = [_stored(entity, row) for rows in answers[: len(queries)] for row in rows]
    names = [attribute.name for attribute in ENTITIES[entity].key_attributes]
    if names:
        keyed: dict[RowId, Stored] = {tuple(row.values[name] or "" for name in names): row for row in found}
        return keyed, answers[len(queries) :]
    return {row.id: row for row in found}, answers[len(queries) :]


def stored_where(engine: Engine, entity: str, condition: Expression) -> list[Stored]:
    """The rows that meet a condition, by id."""
    return [_stored(entity, row) for row in engine.together(_selection(entity).where(condition))[0]]


def _stored(entity: str, row: Sequence[Any]) -> Stored:
    names, references = ENTITIES[entity].by_name, ENTITIES[entity].references
    end = 2 + len(names)
    values = dict(zip(names, row[2:end], strict=True))
    called = {to.name: name for to, name in zip(references, row[end:], strict=False) if name is not None}
    keys = dict(zip(_keys(entity), row[end + len(references) :], strict=True))
    return Stored(row[0], row[1], values, called, keys)


@cache
def _keys(entity: str) -> tuple[str, ...]:
    """The columns of which no two rows have the same, and which follow from a field."""
    return tuple(column for column in ENTITIES[entity].unique if column in DERIVED.get(entity, {}))


def _among(entity: str, ids: Sequence[RowId]) -> Expression:
    identity = _identity(entity)
    if len(identity) > 1:
        one_of: Expression = Tuple(*identity).in_(ValuesList(list(ids)))
        return one_of
    condition: Expression = identity[0] == ids[0] if len(ids) == 1 else identity[0].in_(among(ids))
    return condition


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), TOGETHER):
        yield rows[start : start + TOGETHER]


# --- adding


class _Additions:
    """New rows of an entity on their way into its table, all of them with the same fields.

    Many are staged and moved there by one statement, which is much quicker; so they are in the table once `finish` was
    called.
    """

    def __init__(self, engine: Engine, entity: str, fields: Collection[str], order: str = "id", deals: bool = False):
        """They are moved in the `order` of a column, in which they get their ids where it `deals` (see `move_staged`)."""
        attributes = [attribute for attribute in ENTITIES[entity].attributes if attribute.name in fields]
        self._engine, self.entity = engine, entity
        self._values = itemgetter(*(attribute.name for attribute in attributes))
        self._one = len(attributes) == 1
        self._follows = tuple(DERIVED.get(entity, {}).values())
        self._columns = ["id", *(attribute.column for attribute in attributes), *DERIVED.get(entity, {})]
        self._order, self._deals, self._staged = order, deals, 0

    def add(self, ids: Iterable[int], rows: Sequence[Mapping[str, Held]], few: bool) -> None:
        """Takes rows with their ids; a `few` are written as they are."""
        part = [self._row(row_id, values) for row_id, values in zip(ids, rows, strict=True)]
        history.wrote(self._engine, self.entity, len(part))
        if few and not self._staged:
            self._engine.insert_many(self.entity, self._columns, part)
            return
        self._engine.stage(self.entity, self._columns, part)
        self._staged += len(part)
        if self._staged >= _STAGED:
            self.finish()

    def _row(self, row_id: int, values: Mapping[str, Held]) -> tuple[object, ...]:
        held = self._values(values)
        return (row_id, *((held,) if self._one else held), *[follow(values) for follow in self._follows])

    def finish(self) -> None:
        """Moves what is staged."""
        if self._staged:
            self._engine.move_staged(self.entity, self._columns, self._order, self._deals)
            self._staged = 0


def add(engine: Engine, entity: str, ids: Iterable[int], rows: Sequence[Mapping[str, Held]]) -> None:
    """Writes new rows (at least one) with their ids. All of them name the fields that the first one names."""
    additions = _Additions(engine, entity, rows[0])
    additions.add(ids, rows, few=len(rows) < _FEW)
    additions.finish()


def insert(
    engine: Engine,
    entity: str,
    rows: Iterable[Mapping[str, Held]],
    progress: Callable[[int], None] | None = None,
) -> int:
    """Writes new rows; how many. `progress` is told how many are written.

    All of them name the fields that the first one names; of the others the table knows what a new row has. They say
    their "id", or none of them does: then they get the next ones, a long list in the order in which it is written, that
    of the largest index, so that its pages are met one after the other.
    """
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    waiting = chain([first], waiting)
    if ENTITIES[entity].key_attributes:
        return _insert_keyed(
            engine, entity, [each for each in ENTITIES[entity].attributes if each.name in first], waiting
        )
    deals = "id" not in first
    additions = _Additions(engine, entity, first, _ORDER.get(entity, "id"), deals)
    written = 0
    while coming := list(islice(waiting, _AT_ONCE)):
        ids = engine.next_ids(entity, len(coming)) if deals else [int(values["id"] or 0) for values in coming]
        additions.add(ids, coming, few=not written and len(coming) < _FEW)
        written += len(coming)
        if progress is not None:
            progress(written)
    additions.finish()
    return written


def _insert_keyed(
    engine: Engine, entity: str, attributes: Sequence[Attribute], rows: Iterator[Mapping[str, Held]]
) -> int:
    """Writes new rows whose keys are made of their values; how many."""
    follows, written = DERIVED.get(entity, {}), 0
    columns = [*(attribute.column for attribute in attributes), *follows]
    while coming := list(islice(rows, _AT_ONCE)):
        part = [
            (*(row[each.name] for each in attributes), *(follow(row) for follow in follows.values())) for row in coming
        ]
        engine.insert_many(entity, columns, part)
        written += len(part)
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
    columns_of = {attribute.name: attribute.column for attribute in ENTITIES[entity].attributes}
    alike: dict[tuple[str, ...], list[tuple[RowId, tuple[object, ...]]]] = {}
    for write in writes:
        columns: dict[str, object] = {columns_of[name]: value for name, value in write.after.items()}
        columns |= derived(entity, write.whole, write.after)
        alike.setdefault(tuple(columns), []).append((write.id, tuple(columns.values())))
    queries = [_of_alike(entity, names, part) for names, rows in alike.items() for part in _parts(rows)]
    if len(writes) == 1:
        return _versions(entity, history.write(engine, entity, queries[0]))
    versions: dict[RowId, int] = {}
    for query in queries:
        versions |= _versions(entity, engine.together(query)[0])
    history.wrote(engine, entity, len(versions))
    return versions


def _versions(entity: str, rows: Sequence[Any]) -> dict[RowId, int]:
    """The versions of rows that were written, by what their identity holds."""
    return dict(rows) if len(_identity(entity)) == 1 else {tuple(row[:-1]): row[-1] for row in rows}


def _of_alike(entity: str, names: Sequence[str], rows: Sequence[tuple[RowId, tuple[object, ...]]]) -> Query:
    """Writes the same columns of some rows (id, values) in one statement, as a server may be far away."""
    model, columns = _model(entity), _model(entity)._meta.columns
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
        given = ValuesList([typed, (Values(lines[1:]),)], alias="given")  # the first line tells the types of the others
        (*same,) = (column == getattr(given.c, f"column{at}") for at, column in enumerate(identity, 1))
        taken = {columns[name]: getattr(given.c, f"column{at}") for at, name in enumerate(names, len(same) + 1)}
        query = model.update({**taken, version: version + 1}).from_(given).where(*same)
    return query.returning(*identity, version)


def _park(engine: Engine, writes: Sequence[Write]) -> None:
    """Makes the clients give their number up whose number another one of them takes."""
    moving = {
        write.id: number_key(str(write.after["client_number"])) for write in writes if "client_number" in write.after
    }
    wanted = {key: client_id for client_id, key in moving.items() if key}
    if not wanted:
        return  # nobody of them can take what another one of them has
    client = _model("client")
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


def delete(engine: Engine, entity: str, ids: Sequence[RowId]) -> set[RowId]:
    """Removes rows for good; what the identity of those that are gone held."""
    model, identity = _model(entity), _identity(entity)
    queries = [model.delete().where(_among(entity, part)).returning(*identity) for part in _parts(ids)]
    if len(ids) == 1:
        rows = history.write(engine, entity, queries[0])
    else:
        rows = [row for query in queries for row in engine.together(query)[0]]
        history.wrote(engine, entity, len(rows))
    return {row[0] for row in rows} if len(identity) == 1 else {tuple(row) for row in rows}

"""Rows of the entities of work, read by the values of some of their columns."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from peewee import Expression, fn

from clientdesk.domain.patch import Stored, Value
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.store import patches
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine
from clientdesk.store.entities import ENTITIES
from clientdesk.store.history import Entry, entry_of, entry_query, values_of
from clientdesk.store.history_models import ChangeSetModel, HistoryModel

_AT_ONCE = 500
OF_WORK = ("work_item", "reconciliation")
"""The entities whose rows are parts of a work."""


def rows(engine: Engine, entity: str, /, **wanted: Value | Collection[int]) -> list[Stored]:
    """The rows of an entity whose columns hold what is wanted: a value, one of some numbers, or nothing (None)."""
    columns = TABLES[entity]._meta.columns
    conditions = [_condition(engine, columns[name], value) for name, value in wanted.items()]
    first, *others = conditions or [columns["version"] > 0]
    for condition in others:
        first &= condition
    return patches.stored_where(engine, entity, first)


def _condition(engine: Engine, column: Any, value: Value | Collection[int]) -> Expression:
    if value is None:
        return column.is_null()  # type: ignore[no-any-return]  # Peewee's fields are untyped
    if isinstance(value, (str, int)):
        return column == value  # type: ignore[no-any-return]
    return engine.one_of(column, list(value))


def added_at(engine: Engine, entity: str, keys: Sequence[str]) -> dict[str, str]:
    """When rows were added (ISO 8601, UTC), by key."""
    entry = HistoryModel
    query = (
        entry.select(entry.key, ChangeSetModel.at)
        .join(ChangeSetModel, on=(ChangeSetModel.id == entry.change_set))
        .where(entry.entity == entity, entry.key.in_(list(keys)), entry.operation == "insert")
        .order_by(entry.id)
    )
    return dict(engine.execute(query).fetchall()) if keys else {}


def last_set(engine: Engine, entity: str, key: str, field: str, value: Value) -> str:
    """When a field of a row became a value last (ISO 8601, UTC); "" for never."""
    entry = HistoryModel
    query = (
        entry.select(entry.new, ChangeSetModel.at)
        .join(ChangeSetModel, on=(ChangeSetModel.id == entry.change_set))
        .where(entry.entity == entity, entry.key == key, entry.operation != "delete")
        .order_by(entry.id.desc())
    )
    for new, at in engine.execute(query).fetchall():
        values = values_of(new)
        if values.get(field) == value:
            return str(at)
    return ""


def entries_of(engine: Engine, key: str) -> list[Entry]:
    """All entries of the history about a work with this key, and about its items and accounts, oldest first."""
    entry = HistoryModel
    is_part = entry.entity.in_(OF_WORK) & (entry.key > f"{key}/") & (entry.key < f"{key}0")  # 0 comes behind /
    query = entry_query().where(((entry.entity == "work") & (entry.key == key)) | is_part).order_by(entry.id)
    return [entry_of(row) for row in engine.execute(query).fetchall()]


def had_amounts(engine: Engine, client_id: int, account_id: int) -> bool:
    """Whether an amount was ever written of an account of a client, whatever became of it."""
    entry = HistoryModel
    query = entry.select(entry.key, entry.new).where(
        entry.entity == "reconciliation",
        entry.key > f"{client_id}/",
        entry.key < f"{client_id}0",  # 0 comes behind /
        entry.operation != "delete",
    )
    return any(
        key.endswith(f"/{account_id}") and any(values_of(new).get(name) for name in ("balance", "difference"))
        for key, new in engine.execute(query).fetchall()
    )


GO_ALONG = (*OF_WORK, "work", "work_start", "odd_period", "client_account", "template_item")
"""The entities whose rows go along with a client that is deleted, in that order."""


def going_along(
    engine: Engine, client_ids: Sequence[int], entities: Sequence[str] = GO_ALONG
) -> Iterator[tuple[str, str]]:
    """The rows of clients' work, of some entities: entity and key of each, in the order in which they can be deleted."""
    for entity in entities:
        declared, columns = ENTITIES[entity], TABLES[entity]._meta.columns
        key = [columns[column] for column in declared.identity]
        query = TABLES[entity].select(*key).where(engine.one_of(columns["client_id"], client_ids)).order_by(*key)
        for row in engine.execute(query).fetchall():
            yield entity, "/".join(map(str, row))


def count_going_along(engine: Engine, client_ids: Sequence[int]) -> dict[str, int]:
    """How many rows of each entity go along with clients; those of which there are any."""
    counts = {}
    for entity in GO_ALONG:
        of_client = TABLES[entity]._meta.columns["client_id"]
        query = TABLES[entity].select(fn.COUNT(of_client)).where(engine.one_of(of_client, client_ids))
        if count := engine.execute(query).fetchone()[0]:
            counts[entity] = int(count)
    return counts


class OfMember(NamedTuple):
    """A field of a row that names a team member: the entity, the row's key, and the field."""

    entity: str
    key: str
    field: str


_NAMING = {"work": ("who1", "who2", "who3"), "work_item": ("assignee",), "reconciliation": ("assignee",)}
_SETTLED = ("done", "not_applicable")


def open_work_of(engine: Engine, member_id: int) -> list[OfMember]:
    """Where a member is named for work that is not completed: its roles, and items and accounts that are not settled."""
    named = []
    of_work = TABLES["work"]._meta.columns
    for entity, fields in _NAMING.items():
        columns = TABLES[entity]._meta.columns
        key = [columns[column] for column in ENTITIES[entity].identity]
        for field in fields:
            query = TABLES[entity].select(*key).where(columns[f"{field}_id"] == member_id).order_by(*key)
            if entity == "work":
                query = query.where(columns["state"] != COMPLETED)
            else:
                same = [of_work[column] == columns[column] for column in ENTITIES["work"].identity]
                done = TABLES["work"].select(of_work["state"]).where(*same, of_work["state"] == COMPLETED)
                query = query.where(columns["state"].not_in(_SETTLED), ~fn.EXISTS(done))
            named += [OfMember(entity, "/".join(map(str, row)), field) for row in engine.execute(query).fetchall()]
    return named


def count_open_work_of(engine: Engine, member_id: int) -> int:
    """In how many works a member is named so."""
    return len({tuple(of.key.split("/")[:3]) for of in open_work_of(engine, member_id)})


def entries_of_clients(engine: Engine, client_ids: Sequence[int]) -> dict[int, list[Entry]]:
    """The entries of the history about the work of clients, of that which is there, by client and oldest first."""
    keys: dict[str, list[str]] = {}
    for entity, key in going_along(engine, client_ids, ("work", *OF_WORK)):
        keys.setdefault(entity, []).append(key)
    by_client: dict[int, list[Entry]] = {}
    for entity, of_entity in keys.items():
        for start in range(0, len(of_entity), _AT_ONCE):
            part = of_entity[start : start + _AT_ONCE]
            query = entry_query().where(HistoryModel.entity == entity, HistoryModel.key.in_(part))
            for row in engine.execute(query).fetchall():
                entry = entry_of(row)
                by_client.setdefault(int(entry.key.partition("/")[0]), []).append(entry)
    return {client_id: sorted(entries, key=lambda entry: entry.id) for client_id, entries in by_client.items()}

"""A whole firm, table by table: read in pages, written as it is, and summed up to see that two are the same."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from peewee import SQL, Tuple, fn

from clientdesk.domain.problems import Refused, refuse
from clientdesk.log_file import log
from clientdesk.store import seals
from clientdesk.store.all_models import MODELS, TABLES
from clientdesk.store.engines import Engine, Interrupted, Loading
from clientdesk.store.engines.id_counters import wrong
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import IdCounterModel, TeamMemberModel

AT_ONCE = 1_000
"""So many rows are in memory at a time."""


class Table(NamedTuple):
    """A table: its columns, and those of its primary key, by which its rows are in order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class Sum(NamedTuple):
    """What a table holds: how many rows, and the SHA-256 over all of them in the order of the primary key."""

    rows: int
    sha256: str


def tables() -> tuple[Table, ...]:
    """All tables of a firm, each behind those that it refers to."""
    all_tables = []
    for model in MODELS:
        meta = model._meta
        key = tuple(field.column_name for field in meta.get_primary_keys())
        all_tables.append(Table(meta.table_name, tuple(field.column_name for field in meta.sorted_fields), key))
    return tuple(all_tables)


def count(engine: Engine, table: Table) -> int:
    """How many rows a table has."""
    return int(engine.execute(TABLES[table.name].select(fn.COUNT(SQL("*")))).fetchone()[0])


def pages(engine: Engine, table: Table) -> Iterator[list[Sequence[Any]]]:
    """All rows of a table in the order of its key, page by page. Errors are the engine's, each in its own words."""
    key = [TABLES[table.name]._meta.columns[name] for name in table.key]
    places = [table.columns.index(name) for name in table.key]
    page = query = _all_columns(table).order_by(*key).limit(AT_ONCE)
    while True:
        with engine.errors():
            rows = engine.execute(page).fetchall()
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        page = query.where(Tuple(*key) > Tuple(*(rows[-1][place] for place in places)))


COUNTERS = "id_counter"
"""The table of what counts ids."""


def counters(engine: Engine) -> Sequence[Sequence[Any]]:
    """The rows of `COUNTERS` as they must be, in their order: a counter that gives an id again, or one that is not the
    firm's to give, is not copied as it is."""
    following = dict(engine.execute(IdCounterModel.select(IdCounterModel.entity, IdCounterModel.next)).fetchall())
    for counter in wrong(engine.db):
        following[counter.entity] = counter.least
        if counter.kind == "extra":
            del following[counter.entity]
    return [(entity, following[entity]) for entity in sorted(following)]


def _all_columns(table: Table) -> Any:
    """All columns of a table."""
    model = TABLES[table.name]
    return model.select(*(model._meta.columns[name] for name in table.columns))


def with_logins(table: Table, rows: Sequence[Sequence[Any]], logins: Mapping[str, str]) -> Sequence[Sequence[Any]]:
    """The rows as they are, but for team members whose login is a key of `logins`: they have its value, which is a
    change as any other and counts up their version."""
    if not logins or table.name != "team_member":
        return rows
    login, version = table.columns.index("login"), table.columns.index("version")

    def changed(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        values[login], values[version] = logins[row[login]], row[version] + 1
        return values

    return [changed(row) if logins.get(row[login], row[login]) != row[login] else row for row in rows]


def tell_logins(engine: Engine, actor_id: int, logins: Mapping[str, str]) -> dict[str, Sequence[Sequence[object]]]:
    """Writes a change set that tells of other logins, behind all that was loaded; its rows, by table.

    Call it inside `engine.loading()`, where no trigger does it.
    """
    old_logins = {new: old for old, new in logins.items() if old != new}
    member = TeamMemberModel
    team = engine.execute(member.select(member.id, member.login).order_by(member.id)).fetchall()
    before = seals.head(engine)
    number = before.number + 1 if before is not None else 1
    first = engine.execute(HistoryModel.select(fn.COALESCE(fn.MAX(HistoryModel.id), 0) + 1)).fetchone()[0]
    entries = [
        (first + place, number, "team_member", str(row_id), "update", _login(old_logins[login]), _login(login))
        for place, (row_id, login) in enumerate(row for row in team if row[1] in old_logins)
    ]
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    counts = dict.fromkeys(("entries", "total"), len(entries))
    change_set = {"id": number, "at": at, "actor_id": actor_id, "kind": "firm.copied", "note": "", **counts}
    engine.insert_many("change_set", list(change_set), [tuple(change_set.values())])
    engine.insert_many("history", ("id", "change_set_id", "entity", "key", "operation", "old", "new"), entries)

    def keep(digests: Sequence[tuple[str, str, int]]) -> None:
        for digest in digests:
            salt, value, entry_id = digest
            query = HistoryModel.update(salt=salt, digest=value).where(HistoryModel.id == entry_id)
            engine.execute(query)

    sealed = ChangeSetModel.update(seal=seals.seal(engine, number, keep)).where(ChangeSetModel.id == number)
    engine.execute(sealed)
    written = {"change_set": ChangeSetModel.id, "history": HistoryModel.change_set}
    return {
        table.name: engine.execute(_all_columns(table).where(written[table.name] == number)).fetchall()
        for table in tables()
        if table.name in written
    }


def _login(login: str) -> str:
    return json.dumps({"login": login}, ensure_ascii=False, separators=(",", ":"))


def write(engine: Engine, table: Table, rows: Sequence[Sequence[object]]) -> None:
    """Writes rows as they are, inside `engine.loading()`. Refused ("copy_refused") where the database takes one not."""
    try:
        with engine.errors():
            engine.insert_many(table.name, table.columns, rows)
    except (Refused, Interrupted):
        raise
    except Exception as error:  # the engines' errors have no type in common
        raise _refused(engine, table.name, error) from error


def build(engine: Engine, loading: Loading, rows: Mapping[str, int]) -> Iterator[int]:
    """Makes what has waited for the rows (so many in each table), and tells how many more are in an index.

    Refused ("copy_refused") where the rows of a table do not fit what it allows.
    """
    table = ""
    try:
        with engine.errors():
            for step in loading.build(rows):
                table = step[0]
                yield step[1]
    except (Refused, Interrupted):
        raise
    except Exception as error:  # the engines' errors have no type in common
        raise _refused(engine, table, error) from error


def _refused(engine: Engine, table: str, error: Exception) -> Refused:
    log().error("%s: a row of %s", engine.location, table, exc_info=error)
    return refuse("copy_refused", location=engine.location, table=table, reason=str(error).partition("\n")[0])


class Summing:
    """Sums up a table's rows as they are read. The same rows give the same sum, whichever database they stand in."""

    def __init__(self) -> None:
        self._rows = 0
        self._digest = hashlib.sha256()

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """Takes the next rows: each counts as a line of JSON."""
        self._rows += len(rows)
        self._digest.update("".join([json.dumps(list(row), separators=(",", ":")) + "\n" for row in rows]).encode())

    def total(self) -> Sum:
        """The sum of all rows so far."""
        return Sum(self._rows, self._digest.hexdigest())

"""The runs of imports, the rows that they refused, and the mappings that were saved."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from clientdesk.domain.fold import fold
from clientdesk.store.engines import EVERY, Engine
from clientdesk.store.models import ImportMappingModel, ImportRefusalModel, ImportRunModel

_AT_ONCE = 500
COUNTS = ("added", "changed", "unchanged", "refused", "skipped")


class RunRow(NamedTuple):
    """A run with the name of who imported; `touched` is when it was last written to (both ISO 8601, UTC)."""

    id: int
    at: str
    touched: str
    kind: str
    file: str
    who: str
    total: int
    added: int
    changed: int
    unchanged: int
    refused: int
    skipped: int
    state: str


class RefusalRow(NamedTuple):
    """A refused row: its place among the rows of the file, its line, headings with cells, code, field and values."""

    place: int
    line: int
    cells: Sequence[Sequence[str]]
    problem: tuple[str, str, Mapping[str, object]]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def insert_run(engine: Engine, actor_id: int, kind: str, file: str, total: int) -> int:
    """Writes a new run; its id."""
    now = _now()
    query = ImportRunModel.insert(at=now, touched=now, actor=actor_id, kind=kind, file=file, total=total)
    return int(query.execute(engine.db))


def add_counts(engine: Engine, run_id: int, counts: Mapping[str, int]) -> None:
    """Adds to the counts of a run (names of COUNTS)."""
    added = "".join(f", {name} = {name} + ?" for name in counts)
    engine.sql(f"UPDATE import_run SET touched = ?{added} WHERE id = ?", (_now(), *counts.values(), run_id))


def end_run(engine: Engine, run_id: int, state: str, counts: Mapping[str, int]) -> None:
    """Writes how a run ended, with its final counts."""
    set_counts = "".join(f", {name} = ?" for name in counts)
    engine.sql(
        f"UPDATE import_run SET touched = ?, state = ?{set_counts} WHERE id = ?",
        (_now(), state, *counts.values(), run_id),
    )


def runs(engine: Engine, limit: int | None) -> list[RunRow]:
    """The latest runs (None: all of them), newest first."""
    cursor = engine.sql(
        "SELECT r.id, r.at, r.touched, r.kind, r.file, m.name, r.total, r.added, r.changed, r.unchanged, r.refused,"
        " r.skipped, r.state FROM import_run r JOIN team_member m ON m.id = r.actor_id ORDER BY r.id DESC LIMIT ?",
        (EVERY if limit is None else limit,),
    )
    return [RunRow(*row) for row in cursor.fetchall()]


def forget_refusals(engine: Engine, run_id: int) -> None:
    """Takes the log of a run away, to write it anew."""
    ImportRefusalModel.delete().where(ImportRefusalModel.run == run_id).execute(engine.db)


def insert_refusals(engine: Engine, run_id: int, refusals: Iterable[RefusalRow]) -> None:
    """Writes refused rows of a run."""
    rows = ((run_id, each.place, each.line, _text(each.cells), _text(each.problem)) for each in refusals)
    while part := list(islice(rows, _AT_ONCE)):
        engine.insert_many("import_refusal", ("run_id", "place", "line", "cells", "problem"), part)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def refusals(engine: Engine, run_id: int) -> list[RefusalRow]:
    """The log of a run, in the order of the file."""
    cursor = engine.sql(
        "SELECT place, line, cells, problem FROM import_refusal WHERE run_id = ? ORDER BY place", (run_id,)
    )
    return [RefusalRow(row[0], row[1], json.loads(row[2]), json.loads(row[3])) for row in cursor.fetchall()]


def mappings(engine: Engine) -> list[tuple[str, str]]:
    """Name and content (JSON) of the saved mappings, by name."""
    query = ImportMappingModel.select().order_by(ImportMappingModel.name_key)
    return [(row.name, row.fields) for row in query.execute(engine.db)]


def save_mapping(engine: Engine, name: str, content: str) -> None:
    """Keeps a mapping (JSON) under a name, in the place of one that has it."""
    engine.sql(
        "INSERT INTO import_mapping (name_key, name, fields) VALUES (?, ?, ?)"
        " ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, fields = excluded.fields",
        (fold(name), name, content),
    )


def delete_mapping(engine: Engine, name: str) -> bool:
    """Forgets a mapping. False if there is none of that name."""
    query = ImportMappingModel.delete().where(ImportMappingModel.name_key == fold(name))
    return bool(query.execute(engine.db))

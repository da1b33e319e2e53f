"""The runs of imports, the rows that they refused, and the mappings that were saved."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from clientdesk.domain.bounds import json_to_keep, parsed
from clientdesk.domain.fold import fold
from clientdesk.domain.kept import is_cells, is_problem
from clientdesk.store.engines import Engine
from clientdesk.store.history import LAST
from clientdesk.store.models import ImportMappingModel, ImportRefusalModel
from clientdesk.text import display_text

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
    """A refused row: its place among the rows of the file, its line, headings with cells, code, field and values (of
    one that is kept, None for what cannot be read).

    `verdict` is "refused" until it was tried again and is in ("new", "changed", "unchanged") or was left out as a
    likely duplicate ("skipped"); `retried_at` (ISO 8601, UTC) and `retried_by` (a name) say who tried it last, if
    anybody did.
    """

    place: int
    line: int
    cells: Sequence[Sequence[str]] | None
    problem: tuple[str, str, Mapping[str, object]] | None
    verdict: str = "refused"
    retried_at: str | None = None
    retried_by: str | None = None


def insert_run(engine: Engine, actor_id: int, kind: str, file: str, total: int) -> int:
    """Writes a new run; its id."""
    (run_id,) = engine.next_ids("import_run", 1)
    columns = {
        "id": run_id,
        "actor_id": actor_id,
        "kind": kind,
        "file": file,
        "total": total,
        **engine.clocked("at", "touched"),
    }
    engine.sql(f"INSERT INTO import_run ({', '.join(columns)}) VALUES ({_marks(columns)})", tuple(columns.values()))
    return run_id


def add_counts(engine: Engine, run_id: int, counts: Mapping[str, int]) -> None:
    """Adds to the counts of a run (names of COUNTS)."""
    clock = engine.clocked("touched")
    changes = ", ".join([*(f"{name} = {name} + ?" for name in counts), *(f"{name} = ?" for name in clock)])
    engine.sql(f"UPDATE import_run SET {changes} WHERE id = ?", (*counts.values(), *clock.values(), run_id))


def end_run(engine: Engine, run_id: int, state: str, counts: Mapping[str, int], setup: str) -> None:
    """Writes how a run ended, with its final counts, and what was chosen for it (JSON)."""
    columns = {"state": state, "setup": setup, **counts, **engine.clocked("touched")}
    changes = ", ".join(f"{name} = ?" for name in columns)
    engine.sql(f"UPDATE import_run SET {changes} WHERE id = ?", (*columns.values(), run_id))


_RUNS = (
    "SELECT r.id, r.at, r.touched, r.kind, r.file, m.name, r.total, r.added, r.changed, r.unchanged, r.refused,"
    " r.skipped, r.state FROM import_run r JOIN team_member m ON m.id = r.actor_id"
)


def runs(engine: Engine) -> list[RunRow]:
    """All runs, newest first."""
    return [RunRow(*row) for row in engine.sql(f"{_RUNS} ORDER BY r.id DESC").fetchall()]


def run(engine: Engine, run_id: int) -> tuple[RunRow, str] | None:
    """A run and what was chosen for it (JSON; "" where that was not kept); None where there is none of that number."""
    row = engine.sql(f"{_RUNS} WHERE r.id = ?", (run_id,)).fetchone() if run_id <= LAST else None
    if row is None:
        return None
    setup = engine.sql("SELECT setup FROM import_run WHERE id = ?", (run_id,)).fetchone()[0]
    return RunRow(*row), setup


def forget_refusals(engine: Engine, run_id: int) -> None:
    """Takes the log of a run away, to write it anew."""
    ImportRefusalModel.delete().where(ImportRefusalModel.run == run_id).execute(engine.db)


def insert_refusals(engine: Engine, run_id: int, refusals: Iterable[RefusalRow]) -> None:
    """Writes refused rows of a run."""
    rows = ((run_id, each.place, each.line, json_to_keep(each.cells), json_to_keep(each.problem)) for each in refusals)
    while part := list(islice(rows, _AT_ONCE)):
        engine.insert_many("import_refusal", ("run_id", "place", "line", "cells", "problem"), part)


def refusals(engine: Engine, run_id: int, after: int, limit: int) -> list[RefusalRow]:
    """Rows of a run's log behind a place, in the order of the file; those that are in by now, too."""
    cursor = engine.sql(
        "SELECT f.place, f.line, f.cells, f.problem, f.verdict, f.retried_at, m.name FROM import_refusal f"
        " LEFT JOIN team_member m ON m.id = f.retried_by WHERE f.run_id = ? AND f.place > ? ORDER BY f.place LIMIT ?",
        (run_id, after, limit),
    )
    return [RefusalRow(row[0], row[1], _cells(row[2]), _problem(row[3]), *row[4:]) for row in cursor.fetchall()]


def _cells(text: str) -> list[tuple[str, str]] | None:
    """Headings with their cells; None where that is not what stands there."""
    found = parsed(text, "array")
    return [(heading, cell) for heading, cell in found] if is_cells(found) else None


def _problem(text: str) -> tuple[str, str, Mapping[str, object]] | None:
    """Code, field and values; None where that is not what stands there."""
    found = parsed(text, "array")
    return (found[0], found[1], found[2]) if is_problem(found) else None


def delete_refusals(engine: Engine, run_id: int, places: Sequence[int]) -> None:
    """Takes rows out of a run's log."""
    for start in range(0, len(places), _AT_ONCE):
        part = places[start : start + _AT_ONCE]
        engine.sql(f"DELETE FROM import_refusal WHERE run_id = ? AND place IN ({_marks(part)})", (run_id, *part))


def delete_run(engine: Engine, run_id: int) -> bool:
    """Takes a run away, whose log is gone already. False if there is none, or the database keeps it."""
    return bool(engine.sql("DELETE FROM import_run WHERE id = ?", (run_id,)).rowcount)


def settled(engine: Engine, run_id: int, places: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Of these rows of a run those that are refused no longer: place -> verdict, when and by whom it was tried."""
    found: dict[int, tuple[str, str, str]] = {}
    for start in range(0, len(places), _AT_ONCE):
        part = places[start : start + _AT_ONCE]
        cursor = engine.sql(
            "SELECT f.place, f.verdict, f.retried_at, m.name FROM import_refusal f JOIN team_member m"
            f" ON m.id = f.retried_by WHERE f.verdict <> 'refused' AND f.run_id = ? AND f.place IN ({_marks(part)})",
            (run_id, *part),
        )
        found |= {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}
    return found


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def settle(engine: Engine, run_id: int, actor_id: int, verdicts: Mapping[str, Sequence[int]]) -> None:
    """Notes who has tried rows again that are refused no longer (verdict -> places), and counts them so."""
    tried = {"retried_by": actor_id, **engine.clocked("retried_at")}
    for verdict, places in verdicts.items():
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            _update_refusals(engine, {"verdict": verdict, **tried}, f"place IN ({_marks(part)})", (run_id, *part))
    counts = {("added" if name == "new" else name): len(places) for name, places in verdicts.items()}
    add_counts(engine, run_id, {"refused": -sum(counts.values()), **counts})


def refuse_again(engine: Engine, run_id: int, actor_id: int, refusals: Iterable[RefusalRow]) -> None:
    """Notes the cells with which rows were tried again, and why they are still refused."""
    tried = {"retried_by": actor_id, **engine.clocked("retried_at")}
    for row in refusals:
        columns = {"cells": json_to_keep(row.cells), "problem": json_to_keep(row.problem), **tried}
        _update_refusals(engine, columns, "place = ? AND verdict = 'refused'", (run_id, row.place))


def _update_refusals(
    engine: Engine, columns: Mapping[str, object], condition: str, parameters: Sequence[object]
) -> None:
    """Writes columns of those rows of a run's log that meet a condition."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    sql = f"UPDATE import_refusal SET {changes} WHERE run_id = ? AND {condition}"
    engine.sql(sql, (*columns.values(), *parameters))


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
    """Forgets the mapping that is shown under a name or is found by it, without case and accents; of two that are shown
    so, the one that is not found by it. False if there is none."""
    model, key = ImportMappingModel, fold(name)
    kept = list(model.select(model.name_key, model.name).order_by(model.name_key).tuples().execute(engine.db))
    fitting = [
        (kept_key == key, fold(kept_name) != key, place)
        for place, (kept_key, kept_name) in enumerate(kept)
        if key in (kept_key, fold(kept_name), fold(display_text(kept_name))) or name == kept_key
    ]
    if not fitting:
        return False
    # By its place: a key that another program left in a file may be no text that can be asked for.
    place = min(fitting)[2]
    at_place = model.alias()
    wanted = at_place.select(at_place.name_key).order_by(at_place.name_key).limit(1).offset(place)
    return bool(model.delete().where(model.name_key == wanted).execute(engine.db))

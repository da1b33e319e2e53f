"""The runs of imports, the rows that they refused, and the mappings that were saved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from peewee import JOIN, Expression

from clientdesk.domain.bounds import json_to_keep, parsed
from clientdesk.domain.fold import cells_text, fold
from clientdesk.domain.kept_json import is_cells, is_problem
from clientdesk.store.engines import Engine
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.history import LAST
from clientdesk.store.import_models import ImportMappingModel, ImportRefusalModel, ImportRunModel
from clientdesk.store.models import TeamMemberModel
from clientdesk.text import display_text

_AT_ONCE = 500
_RUN, _REFUSAL = ImportRunModel, ImportRefusalModel
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
    engine.insert_many("import_run", tuple(columns), [tuple(columns.values())])
    return run_id


def add_counts(engine: Engine, run_id: int, counts: Mapping[str, int]) -> None:
    """Adds to the counts of a run (names of COUNTS)."""
    columns = {name: _RUN._meta.fields[name] + count for name, count in counts.items()}
    engine.execute(_RUN.update({**columns, **engine.clocked("touched")}).where(_RUN.id == run_id))


def end_run(engine: Engine, run_id: int, state: str, counts: Mapping[str, int], setup: str) -> None:
    """Writes how a run ended, with its final counts, and what was chosen for it (JSON)."""
    columns = {"state": state, "setup": setup, **counts, **engine.clocked("touched")}
    engine.execute(_RUN.update(columns).where(_RUN.id == run_id))


def _runs(*more: Any) -> Any:
    """Runs as `RunRow` has them, and more columns behind."""
    columns = (TeamMemberModel.name if name == "who" else _RUN._meta.fields[name] for name in RunRow._fields)
    return _RUN.select(*columns, *more).join(TeamMemberModel, on=(TeamMemberModel.id == _RUN.actor))


def runs(engine: Engine) -> list[RunRow]:
    """All runs, newest first."""
    return [RunRow(*row) for row in engine.execute(_runs().order_by(_RUN.id.desc())).fetchall()]


def run(engine: Engine, run_id: int) -> tuple[RunRow, str] | None:
    """A run and what was chosen for it (JSON; "" where that was not kept); None where there is none of that number."""
    query = _runs(_RUN.setup).where(_RUN.id == run_id)
    row = engine.execute(query).fetchone() if run_id <= LAST else None
    return (RunRow(*row[:-1]), row[-1]) if row is not None else None


def forget_refusals(engine: Engine, run_id: int) -> None:
    """Takes the log of a run away, to write it anew."""
    engine.execute(_REFUSAL.delete().where(_REFUSAL.run == run_id))


def insert_refusals(engine: Engine, run_id: int, refusals: Iterable[RefusalRow]) -> None:
    """Writes refused rows of a run."""
    rows = ((run_id, row.place, row.line, *_kept(row).values()) for row in refusals)
    while part := list(islice(rows, _AT_ONCE)):
        engine.insert_many("import_refusal", ("run_id", "place", "line", "cells", "problem", "search_text"), part)


def _kept(row: RefusalRow) -> dict[str, str]:
    """What is kept of a refused row, with the text by which it is found."""
    return {
        "cells": json_to_keep(row.cells),
        "problem": json_to_keep(row.problem),
        "search_text": cells_text(row.cells or ()),
    }


def refusals(engine: Engine, run_id: int, after: int, limit: int) -> list[RefusalRow]:
    """Rows of a run's log behind a place, in the order of the file; those that are in by now, too."""
    kept = (_REFUSAL.place, _REFUSAL.line, _REFUSAL.cells, _REFUSAL.problem)
    query = (
        _REFUSAL.select(*kept, _REFUSAL.verdict, _REFUSAL.retried_at, TeamMemberModel.name)
        .join(TeamMemberModel, JOIN.LEFT_OUTER, on=(TeamMemberModel.id == _REFUSAL.retried_by))
        .where(_REFUSAL.run == run_id, _REFUSAL.place > after)
        .order_by(_REFUSAL.place)
        .limit(limit)
    )
    rows = engine.execute(query).fetchall()
    return [RefusalRow(row[0], row[1], _cells(row[2]), _problem(row[3]), *row[4:]) for row in rows]


def _cells(text: str) -> list[tuple[str, str]] | None:
    """Headings with their cells; None where that is not what stands there."""
    cells = parsed(text, "array")
    return [(heading, cell) for heading, cell in cells] if is_cells(cells) else None


def _problem(text: str) -> tuple[str, str, Mapping[str, object]] | None:
    """Code, field and values; None where that is not what stands there."""
    kept = parsed(text, "array")
    return (kept[0], kept[1], kept[2]) if is_problem(kept) else None


def delete_refusals(engine: Engine, run_id: int, places: Sequence[int]) -> None:
    """Takes rows out of a run's log."""
    for these in _among(run_id, places):
        engine.execute(_REFUSAL.delete().where(these))


def _among(run_id: int, places: Sequence[int]) -> Iterator[Expression]:
    """That a refused row is one of these of a run, for some of them at a time."""
    for start in range(0, len(places), _AT_ONCE):
        yield (_REFUSAL.run == run_id) & _REFUSAL.place.in_(among(places[start : start + _AT_ONCE]))


def delete_run(engine: Engine, run_id: int) -> bool:
    """Takes a run away, whose log is gone already. False if there is none, or the database keeps it."""
    return bool(engine.execute(_RUN.delete().where(_RUN.id == run_id)).rowcount)


def settled(engine: Engine, run_id: int, places: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Of these rows of a run those that are refused no longer: place -> verdict, when and by whom it was tried."""
    query = _REFUSAL.select(_REFUSAL.place, _REFUSAL.verdict, _REFUSAL.retried_at, TeamMemberModel.name)
    query = query.join(TeamMemberModel, on=(TeamMemberModel.id == _REFUSAL.retried_by))
    verdicts: dict[int, tuple[str, str, str]] = {}
    for these in _among(run_id, places):
        rows = engine.execute(query.where(_REFUSAL.verdict != "refused", these)).fetchall()
        verdicts |= {row[0]: (row[1], row[2], row[3]) for row in rows}
    return verdicts


def settle(engine: Engine, run_id: int, actor_id: int, verdicts: Mapping[str, Sequence[int]]) -> None:
    """Notes who has tried rows again that are refused no longer (verdict -> places), and counts them so."""
    tried = {"retried_by": actor_id, **engine.clocked("retried_at")}
    for verdict, places in verdicts.items():
        for these in _among(run_id, places):
            engine.execute(_REFUSAL.update({"verdict": verdict, **tried}).where(these))
    counts = {("added" if name == "new" else name): len(places) for name, places in verdicts.items()}
    add_counts(engine, run_id, {"refused": -sum(counts.values()), **counts})


def refuse_again(engine: Engine, run_id: int, actor_id: int, refusals: Iterable[RefusalRow]) -> None:
    """Notes the cells with which rows were tried again, and why they are still refused."""
    tried = {"retried_by": actor_id, **engine.clocked("retried_at")}
    refused = (_REFUSAL.run == run_id) & (_REFUSAL.verdict == "refused")
    for row in refusals:
        engine.execute(_REFUSAL.update({**_kept(row), **tried}).where(refused, _REFUSAL.place == row.place))


def mappings(engine: Engine) -> list[tuple[str, str]]:
    """Name and content (JSON) of the saved mappings, by name."""
    query = ImportMappingModel.select().order_by(ImportMappingModel.name_key)
    return [(row.name, row.fields) for row in query.execute(engine.db)]


def save_mapping(engine: Engine, name: str, content: str) -> None:
    """Keeps a mapping (JSON) under a name, in the place of one that has it."""
    model = ImportMappingModel
    query = model.insert(name_key=fold(name), name=name, fields=content)
    engine.execute(query.on_conflict(conflict_target=[model.name_key], preserve=[model.name, model.fields]))


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

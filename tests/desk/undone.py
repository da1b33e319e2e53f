"""What tests of undo and redo press, and a firm whole as they compare it."""

from typing import Any

from clientdesk.desk import undoing
from clientdesk.desk.session import Session
from clientdesk.store import patches as rows
from clientdesk.store.entities import ENTITIES


def firm_of(session: Session) -> dict[str, dict[int, Any]]:
    """Every row of the firm, in the names of its fields."""
    found: dict[str, dict[int, Any]] = {}
    for entity in ENTITIES:
        ids = [row[0] for row in session.engine.sql(f"SELECT id FROM {entity} ORDER BY id").fetchall()]  # noqa: S608  (our tables)
        found[entity] = {row.id: dict(row.values) for row in rows.stored(session.engine, entity, ids)[0].values()}
    return found


def take_back(session: Session) -> undoing.Undone:
    planned = undoing.latest(session)
    assert planned is not None
    assert not planned.redo
    return undoing.undo(session, planned)


def do_again(session: Session) -> undoing.Undone:
    planned = undoing.latest_undone(session)
    assert planned is not None
    assert planned.redo
    return undoing.undo(session, planned)

"""What tests of undo and redo press, and a firm whole as they compare it."""

from typing import Any

from clientdesk.desk import undoing
from clientdesk.desk.session import Session
from clientdesk.store import patches as rows
from clientdesk.store.entities import ENTITIES


def firm_of(session: Session) -> dict[str, dict[Any, Any]]:
    """Every row of the firm, in the names of its fields."""
    found: dict[str, dict[Any, Any]] = {}
    for name, entity in ENTITIES.items():
        identity = ", ".join(entity.identity)
        keys = session.engine.sql(f"SELECT {identity} FROM {name} ORDER BY {identity}").fetchall()  # noqa: S608  (our tables)
        ids = [key[0] if len(key) == 1 else tuple(key) for key in keys]
        found[name] = {key: dict(row.values) for key, row in rows.stored(session.engine, name, ids)[0].items()}
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

"""Clients whose place in the preferred pricing plan is arranged for a test, as it may have come with an import."""

from clientdesk.desk import clients
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.store import history
from clientdesk.store.engines import sqlite_rules


def arrange(session: Session, client_id: int, **values: str) -> Client:
    """Gives a client of a firm in a file these values, in one change and past the steps of the hand-over."""
    engine, present = session.engine, clients.get(session, client_id)
    with engine.writing():
        engine.sql("DROP TRIGGER client_primary_admin_steps")
        change_set = history.begin(engine, session.me.id, "client.edited", session.me.access.value)
        changed = clients.write(session, client_id, present.version, values)
        history.seal(engine, change_set)
        sqlite_rules.make_anew(engine.db)
    return changed

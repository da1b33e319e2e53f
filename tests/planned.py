"""What is arranged for a test past the rules of a firm's file, as an import or another program may have left it."""

from collections.abc import Iterator
from contextlib import contextmanager

from clientdesk.desk import clients, patches
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.domain.patch import Patch
from clientdesk.store import history
from clientdesk.store.engines import sqlite_rules


def arrange(session: Session, client_id: int, **values: str) -> Client:
    """Gives a client of a firm in a file these values, in one change and past the steps of the hand-over."""
    with past_the_rules(session, "client.edited", "client_primary_admin_steps"):
        patches.landed(patches.apply_one(session, Patch("client", str(client_id), {}, values)))
    return clients.get(session, client_id)


@contextmanager
def past_the_rules(session: Session, kind: str, *triggers: str) -> Iterator[None]:
    """A change set of a firm in a file, without some triggers."""
    engine = session.engine
    with engine.writing():
        for trigger in triggers:
            engine.sql(f"DROP TRIGGER {trigger}")
        change_set = history.begin(engine, session.me.id, session.me.access.value, history.new_change(kind))
        yield
        history.seal(engine, change_set)
        sqlite_rules.make_anew(engine.db)

"""What people do and see whose server goes away."""

import time

from clientdesk.desk import clients, watching
from clientdesk.desk.session import Session
from clientdesk.domain.problems import FirmUnusable
from tests.servers import Server


def names(server: Server, database: str) -> list[str]:
    """The clients as the server has them; each has one entry in the history, in a change set that is sealed."""
    with server.connect(database) as root:
        rows = root.execute("SELECT display_name FROM clientdesk.client ORDER BY display_name").fetchall()
        added = root.execute(
            "SELECT h.new::json ->> 'display_name' FROM clientdesk.history h JOIN clientdesk.change_set s"
            " ON s.id = h.change_set_id WHERE h.entity = 'client' AND h.operation = 'insert' AND s.seal IS NOT NULL ORDER BY 1"
        ).fetchall()
        unsealed = root.execute("SELECT count(*) FROM clientdesk.change_set WHERE seal IS NULL").fetchone()
    assert (sorted(name for (name,) in added), unsealed) == (sorted(name for (name,) in rows), (0,))
    return sorted(name for (name,) in rows)


def add(session: Session, name: str = "Nueva SL") -> str:
    """Adds a client; "saved", or the code of the refusal."""
    try:
        clients.add(session, {"display_name": name})
    except FirmUnusable as refusal:
        return refusal.code
    return "saved"


def look_until_it_is_back(session: Session) -> None:
    """Looks again and again, as the program does, until the server is there: then anything may have changed."""
    until = time.monotonic() + 60
    while True:
        try:
            assert watching.news(session).changed
            return
        except FirmUnusable as refusal:
            if not refusal.away:
                raise
            assert time.monotonic() < until
            time.sleep(0.05)

"""The clients that you opened last in this firm, and those that a search finds, for a box that has both."""

from collections.abc import Sequence

from clientdesk import recently_used
from clientdesk.desk.records import Row
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.fold import words
from clientdesk.store import listing, transfers


@reads
def note_opened(session: Session, client_id: int) -> None:
    """Keeps for you that you have opened a client now."""
    recently_used.note_client(transfers.uid(session.engine), client_id)


@reads
def search(session: Session, find: str, columns: Sequence[str], recent: int, limit: int) -> tuple[Row, ...]:
    """The clients with every word of `find` with the raw values of `columns`: first those that you opened last, the
    latest first, then so many more by name; where no word is looked for, only the latest `recent` ones. Who was deleted
    is not among them."""
    opened = recently_used.recent_clients(transfers.uid(session.engine))
    if words(find):
        query = EVERYONE._replace(find=find)
        having_words = listing.among(session.engine, query, opened) if opened else set()
        opened = [client_id for client_id in opened if client_id in having_words]
        by_name = listing.ids(session.engine, query, 0, limit)
        opened = [*opened, *(client_id for client_id in by_name if client_id not in having_words)]
    listed = listing.rows(session.engine, opened, columns)
    rows = tuple(Row(client_id, status == "active", values) for client_id, status, values in listed)
    return rows if words(find) else rows[:recent]

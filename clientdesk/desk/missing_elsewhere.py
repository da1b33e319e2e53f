"""Whether a client that is missing is in another firm of yours."""

from typing import NamedTuple

from clientdesk.desk import opened_firms
from clientdesk.desk.missing import MOST, demand_text
from clientdesk.desk.missing_causes import Answer, Cause, Elsewhere, NotLooked, Unread
from clientdesk.desk.session import Session, reads
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.problems import Refused
from clientdesk.store import listing
from clientdesk.store import missing_clients as store
from clientdesk.store.engines import places

_FIRMS = 10
"""So many firms are looked through, the latest opened ones."""


class LookedElsewhere(NamedTuple):
    """The clients of other firms that have what was typed, and which firms were not looked through, as causes; and how
    many firms were."""

    causes: tuple[Cause, ...] = ()
    firms: int = 0


def look(session: Session, text: str, also_slow: bool = False) -> LookedElsewhere:
    """Looks through the firms that you have opened before, each read only; `also_slow` through those on servers and on a
    network, too. See `missing.demand_text`."""
    line = demand_text(text)
    causes: list[Cause] = []
    slow: list[str] = []
    firms = 0
    for location in opened_firms.others(session)[:_FIRMS]:
        if not also_slow and places.takes_long(location):
            slow.append(location)
            continue
        try:
            with opened_firms.open_to_read(session, location) as other:
                causes += [Elsewhere(client, other.firm.name, location) for client in reads(_called_so)(other, line)]
                firms += 1
        except Refused as refusal:
            causes.append(Unread(location, refusal.problems[0]))
    causes += [NotLooked(tuple(slow))] if slow else []
    return LookedElsewhere(tuple(causes), firms)


def _called_so(session: Session, line: str) -> list[store.Called]:
    client_ids = listing.ids(session.engine, EVERYONE._replace(find=line), 0, MOST)
    called = store.called(session.engine, client_ids)
    return [called[client_id] for client_id in client_ids if client_id in called]


def together(answer: Answer, elsewhere: LookedElsewhere) -> tuple[Cause, ...]:
    """All causes; where none is known, that nobody ever was called so."""
    causes = (*answer.causes, *elsewhere.causes)
    if all(isinstance(cause, NotLooked | Unread) for cause in causes):
        return (answer.looked._replace(firms=elsewhere.firms), *causes)
    return causes

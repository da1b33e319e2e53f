"""What the tests of transfers share."""

from clientdesk.desk import checking, clients, transfer
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.desk.transfer import How, Transferred
from clientdesk.domain.client_query import ClientQuery

EVERYONE = ClientQuery(filters=())
COPY, MOVE = How(), How(move=True)


def add(session: Session, name: str, number: str = "", **values: str) -> Client:
    return clients.add(session, {"display_name": name, "client_number": number, **values})


def everyone(session: Session) -> list[transfer.Chosen]:
    return transfer.in_list(session, EVERYONE)


def send(session: Session, other: Session, how: How = COPY, *keys: str) -> Transferred:
    """A transfer that ends as its plan says."""
    chosen = transfer.named(session, other, keys, how) if keys else everyone(session)
    plan = transfer.plan(session, other, chosen, how)
    outcome = transfer.transfer(session, other, chosen, how)
    assert outcome == plan
    return outcome


def names(session: Session) -> list[str]:
    return [row.values[0] for page in clients.pages(session, EVERYONE, ["display_name"]) for row in page]


def codes(outcome: Transferred) -> list[str]:
    return [clash.problem.code for clash in outcome.clashes]


def sound(*sessions: Session) -> bool:
    return all(finding.sound for session in sessions for finding in checking.check_firm(session))

"""The firm's preferred pricing plan: which clients it pays for, and handing over their primary admin's role."""

from collections.abc import Mapping

from clientdesk.desk import clients, patches
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch, Verdict
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import shown_name


@changes("plan.on", Action.MANAGE_PLAN)
def put_on_plan(session: Session, client_id: int, subscription: str) -> Client:
    """Lets the firm's plan pay for a client's subscription (a value of that field, not empty)."""
    return _write(session, client_id, {}, {"subscription": subscription, "billed_to": "firm"}, "already_on_plan")


@changes("plan.off", Action.MANAGE_PLAN)
def take_off_plan(session: Session, client_id: int) -> Client:
    """Bills the subscription to the client from now on."""
    return _write(session, client_id, {"billed_to": "firm"}, {"billed_to": "client"}, "not_on_plan")


@changes("plan.requested", Action.MANAGE_PLAN)
def request_hand_over(session: Session, client_id: int) -> Client:
    """Asks the client to take the primary admin's role in their books; the first of two steps."""
    return _hand_over(session, client_id, "firm", "requested", "hand_over_not_firm")


@changes("plan.accepted", Action.MANAGE_PLAN)
def accept_hand_over(session: Session, client_id: int) -> Client:
    """Notes that the client has taken the role; the second step."""
    return _hand_over(session, client_id, "requested", "client", "hand_over_not_requested")


@changes("plan.cancelled", Action.MANAGE_PLAN)
def cancel_hand_over(session: Session, client_id: int) -> Client:
    """Takes the request back: the firm stays primary admin of the client's books."""
    return _hand_over(session, client_id, "requested", "firm", "hand_over_not_requested")


def _hand_over(session: Session, client_id: int, before: str, after: str, otherwise: str) -> Client:
    return _write(session, client_id, {"primary_admin": before}, {"primary_admin": after}, otherwise)


def _write(
    session: Session, client_id: int, before: Mapping[str, str], after: Mapping[str, str], otherwise: str
) -> Client:
    """Takes one step; refused with `otherwise` where the client does not stand before it."""
    outcome = patches.apply_one(session, Patch("client", str(client_id), before, after))
    if outcome.present is not None and outcome.verdict in (Verdict.CHANGED, Verdict.UNCHANGED):
        raise refuse(otherwise, name=shown_name(clients.of_row(outcome.present, session.catalogue).values))
    present = patches.landed(outcome).present
    assert present is not None
    return clients.of_row(present, session.catalogue)

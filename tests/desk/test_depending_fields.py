"""What a change of one field means for others of the same client."""

import pytest

from clientdesk.desk import clients, pricing_plan
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.domain.problems import Refused
from tests.store.both import tamper

SPANISH = {"country": "ES", "phone": "911 222 333", "mobile": "612 345 678", "tax_id": "B58378431"}
"""What is right in Spain and nowhere else."""


def test_another_country_has_what_depends_on_it_looked_at_again(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", **SPANISH})
    asked = {"country": "US"}
    wanted = ["phone", "mobile", "tax_id"]
    assert sorted(wrong.field for wrong in clients.check(session, asked, client.id)) == sorted(wanted)
    saved = clients.save(session, client, asked)
    assert sorted(wrong.field for wrong in saved.warnings) == sorted(wanted)
    assert clients.save(session, saved.client, {"city": "Vigo"}).warnings == [], "of what stood there nothing is said"
    at_once = clients.save(session, clients.get(session, client.id), {"country": "ES", "phone": "+1 212 555 0123"})
    assert at_once.warnings == []


@pytest.fixture
def unpaid(session: Session) -> Client:
    """A client that an older program put on the firm's plan, without a subscription."""
    client = clients.add(session, {"display_name": "Peña SA"})
    tamper(session.location, "client", "UPDATE client SET billed_to = 'firm'")
    return clients.get(session, client.id)


def test_a_client_on_the_plan_without_a_subscription_stays_editable(session: Session, unpaid: Client) -> None:
    assert clients.check(session, {**unpaid.values, "city": "Vigo"}, unpaid.id) == []
    edited = clients.edit(session, unpaid, {"city": "Vigo"})
    assert (edited.values["city"], edited.values["billed_to"]) == ("Vigo", "firm")
    assert clients.set_status(session, [unpaid.id], False) == 1
    assert pricing_plan.put_on_plan(session, unpaid.id, "plus").values["subscription"] == "plus"


def test_who_is_on_the_plan_keeps_a_subscription(session: Session, unpaid: Client) -> None:
    client = pricing_plan.put_on_plan(session, unpaid.id, "plus")
    with pytest.raises(Refused) as caught:
        clients.edit(session, client, {"subscription": ""})
    assert [wrong.code for wrong in caught.value.problems] == ["plan_without_subscription"]
    assert clients.get(session, unpaid.id) == client

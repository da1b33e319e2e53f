"""Clients with own fields and tags into another firm: by name, and nothing is lost without a word."""

from collections.abc import Iterator

import pytest

from clientdesk.desk import clients, history, opening, own_fields, tags, transfer
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.own_fields import OwnKind
from tests.conftest import ADMIN, NewFirm


@pytest.fixture
def other(new_firm: NewFirm) -> Iterator[Session]:
    """Another firm."""
    with opening.open_firm(new_firm("Norte"), ADMIN) as opened:
        yield opened


def by_name(session: Session, name: str) -> dict[str, str]:
    (row,) = clients.window(session, ClientQuery((), name), session.catalogue.names, 0, 2)
    return {
        session.catalogue.by_name[field].word: value
        for field, value in zip(session.catalogue.names, row.values, strict=True)
    }


def test_own_values_go_by_name(session: Session, other: Session) -> None:
    own_fields.add_field(other, "Another", OwnKind.TEXT)
    of_risk = own_fields.add_field(other, "Risk", OwnKind.CHOICE, choices=["Low", "High", "Gone"])
    own_fields.retire_choice(other, of_risk.id, of_risk.choices[2].id)
    own_fields.add_field(other, "Code", OwnKind.TEXT, unique=True)
    own_fields.add_field(other, "Since", OwnKind.TEXT)
    tags.add_tags(other, ["Other"])
    risk = own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["High", "Middle", "Gone"])
    code = own_fields.add_field(session, "Code", OwnKind.TEXT)
    since = own_fields.add_field(session, "Since", OwnKind.DATE)
    first = {"display_name": "Uno SL", f"own_{risk.id}": "High", f"own_{code.id}": "A-1", "tags": "VIP, other"}
    uno = clients.add(session, first)
    clients.edit(session, uno, {f"own_{code.id}": "A-2"})
    clients.add(session, {"display_name": "Dos SL", f"own_{risk.id}": "Middle"})
    clients.add(session, {"display_name": "Cinco SL", f"own_{risk.id}": "Gone"})
    clients.add(session, {"display_name": "Tres SL", f"own_{since.id}": "2026-01-01"})
    clients.add(session, {"display_name": "Cuatro SL", f"own_{code.id}": "a-2"})
    chosen = transfer.in_list(session, ClientQuery(filters=()))
    outcome = transfer.transfer(session, other, chosen, transfer.How())
    clashes = {clash.name: clash.problem.message for clash in outcome.clashes}
    assert outcome.new == 1
    assert clashes["Dos SL"] == "Risk has no choice “Middle”. There are: Low, High."
    assert clashes["Cinco SL"].startswith("“Gone” is a retired choice of Risk, and nobody takes it.")
    assert clashes["Tres SL"].startswith("Norte has no field “Since” of the same kind, which says “2026-01-01” here.")
    # of two that want one code there, the first of the list gets it
    assert {*clashes, *(row.values[0] for row in clients.window(other, ClientQuery(()), ["display_name"], 0, 9))} == {
        "Uno SL", "Dos SL", "Tres SL", "Cuatro SL", "Cinco SL",
    }  # fmt: skip
    arrived = by_name(other, "Cuatro")
    assert (arrived["Code"], arrived["tags"]) == ("a-2", "")
    assert clashes["Uno SL"] == "Code “A-2” belongs to “Cuatro SL”. Write another one."
    clients.edit(session, clients.get(session, uno.id), {f"own_{code.id}": "B-1"})
    transfer.transfer(session, other, chosen, transfer.How())
    arrived = by_name(other, "Uno")
    assert (arrived["Risk"], arrived["Code"], arrived["tags"]) == ("High", "B-1", "Other, VIP")
    there = clients.window(other, ClientQuery((), "Uno"), (), 0, 1)[0].id
    differences = [
        (change.label, change.old, change.new) for entry in history.of_client(other, there) for change in entry.fields
    ]
    assert ("Code", "A-1", "A-2") in differences

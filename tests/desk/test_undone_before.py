"""Who is named where a change was undone before, and what an undo of many takes for untouched."""

import pytest

from clientdesk.desk import clients, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from tests.conftest import At
from tests.desk.between_firms import names
from tests.desk.undone import take_back
from tests.many import add_many


def test_who_has_undone_a_change_is_named_though_somebody_has_undone_another_since(
    session: Session, at_work: At
) -> None:
    bob = at_work("bob")
    clients.add(session, {"display_name": "Peña SA"})
    number = session.engine.change_set
    clients.add(bob, {"display_name": "Vino SL"})
    take_back(session)
    take_back(bob)
    with pytest.raises(Refused) as refused:
        undoing.plan(bob, number)
    assert refused.value.code == "undone_already"
    assert "Ana García" in refused.value.message
    assert "Bob Test" not in refused.value.message


def test_a_client_that_was_changed_and_changed_back_since_it_was_added_is_not_untouched(session: Session) -> None:
    add_many(session, [{"display_name": "Peña SA"}, {"display_name": "Vino SL"}])
    number = session.engine.change_set
    client = clients.window(session, ClientQuery(find="vino"), ["company_id"], 0, 1)[0]
    changed = clients.edit(session, clients.get(session, client.id), {"city": "Vigo"})
    clients.edit(session, changed, {"city": ""})
    undoing.undo(session, undoing.plan(session, number))
    assert names(session) == ["Vino SL"]

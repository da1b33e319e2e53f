"""An offer of the primary admin's role and whom it is made to."""

import pytest

from clientdesk.desk import firm_settings, team, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused
from tests.conftest import At


def test_an_offer_does_not_outlive_deactivation(session: Session, at_work: At) -> None:
    bob, carl = at_work("bob"), at_work("carl")
    team.offer_primary_admin(session, bob.me.id)
    team.deactivate_member(session, carl.me.id)
    assert firm_settings.info(session).offered_to == bob.me.id, "an offer to somebody else stays"
    team.deactivate_member(session, bob.me.id)
    assert firm_settings.info(session).offered_to is None
    assert team.activate_member(session, bob.me.id).access is Access.FULL
    with pytest.raises(Refused) as caught:
        team.accept_primary_admin(bob)
    assert caught.value.code == "no_hand_over"


def test_who_is_made_active_again_by_undo_has_the_offer_again(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    team.offer_primary_admin(session, bob.me.id)
    team.deactivate_member(session, bob.me.id)
    deactivated = undoing.latest(session)
    assert deactivated is not None
    undoing.undo(session, deactivated)
    assert firm_settings.info(session).offered_to == bob.me.id
    assert team.accept_primary_admin(bob).primary_admin == "Bob Test"

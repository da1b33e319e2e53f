"""The frame of every use case: a read that loses its connection is tried once more, unless it is part of something
larger, and what a change has read of the firm is forgotten where the change is rolled back."""

import pytest

from clientdesk.desk import clients, firm_settings, patches
from clientdesk.desk.firm_rules import FIRM_KEY
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import FirmUnusable, problem
from tests.conftest import At


class Reading:
    """A use case that loses its connection so many times."""

    def __init__(self, losses: int, code: str = "server_away") -> None:
        self.times, self._losses, self._code = 0, losses, code

    def __call__(self, session: Session) -> int:
        return reads(self._read)(session)

    def _read(self, session: Session) -> int:
        self.times += 1
        if self.times <= self._losses:
            raise FirmUnusable(problem(self._code))
        return clients.totals(session).all


@pytest.mark.parametrize("code", ["server_away", "changed_while_read"])
def test_a_read_is_tried_once_more(session: Session, code: str) -> None:
    once, twice = Reading(1, code), Reading(2, code)
    assert (once(session), once.times) == (0, 2)
    with pytest.raises(FirmUnusable) as caught:
        twice(session)
    assert (caught.value.code, twice.times) == (code, 2)


def test_what_another_try_does_not_help_is_told_at_once(session: Session) -> None:
    damaged = Reading(1, "damaged")
    with pytest.raises(FirmUnusable):
        damaged(session)
    assert damaged.times == 1


def test_nothing_is_tried_again_inside_a_change(session: Session) -> None:
    """What the change had written before it lost its connection is gone: the rest must not be written without it."""
    lost = Reading(1)

    @changes("client.added", Action.ADD_CLIENT)
    def add_and_read(session: Session) -> int:
        patches.landed(patches.apply_one(session, Patch("client", "", None, {"display_name": "Peña SA"})))
        return lost(session)

    with pytest.raises(FirmUnusable):
        add_and_read(session)
    assert lost.times == 1
    assert clients.totals(session).all == 0


def test_what_was_read_behind_a_change_that_is_rolled_back_is_forgotten(session: Session, at_work: At) -> None:
    bob = at_work("bob")

    @changes("firm.offer", Action.HAND_OVER)
    def offer_and_stumble(session: Session) -> None:
        patches.landed(patches.apply_one(session, Patch("firm", FIRM_KEY, {}, {"offered_to": bob.me.id})))
        session.refresh()
        assert session.firm.offered_to == bob.me.id
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        offer_and_stumble(session)
    assert session.firm.offered_to is None
    assert firm_settings.info(session).offered_to is None

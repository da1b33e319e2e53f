"""The chain of seals is the same however many entries are read at a time."""

import pytest

from clientdesk.desk import checking
from clientdesk.desk.session import Session
from clientdesk.store import seals
from tests.many import add_many


def test_a_change_set_of_more_entries_than_are_read_at_once_is_sound(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_many(session, ({"display_name": f"Client {number}"} for number in range(5)))
    monkeypatch.setattr(seals, "AT_ONCE", 2)
    assert [finding.sentence for finding in checking.check_firm(session) if not finding.sound] == []

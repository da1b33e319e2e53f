"""The history from one end to the other: nothing is left out, and what is read at once does not grow with it."""

import pytest

from clientdesk.desk import clients, history
from clientdesk.desk.session import Session
from clientdesk.store import history as rows
from tests.desk.between_firms import send
from tests.many import add_many

MANY = 230


@pytest.fixture
def long(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A firm whose history is longer than what is read at once."""
    monkeypatch.setattr(history, "AT_ONCE", 100)
    add_many(session, ({"display_name": f"Client {number:04}", "company_id": str(number)} for number in range(MANY)))
    return session


def edit(session: Session, key: str, times: int) -> int:
    """Changes a client so many times; its id."""
    client = clients.by_key(session, key)
    for _again in range(times):
        client = clients.edit(session, client.id, client.version, {"notes": f"note {client.version}"})
    return client.id


def test_all_changes_of_the_firm_come_out_newest_first(long: Session) -> None:
    edit(long, "7", 3)
    found = list(history.all_of_firm(long))
    assert len(found) == history.count(long) > MANY
    assert [each.id for each in found] == sorted({each.id for each in found}, reverse=True)
    assert found[:2] == list(history.of_firm(long, 2))
    assert [each.subject for each in found[:4]] == ["Client 0007"] * 3 + ["Client 0229"]
    assert found[-1].kind == "firm.created"


def test_little_is_read_at_once(long: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    latest = rows.latest

    def counting(*arguments: int) -> list[rows.Entry]:
        found = latest(*arguments)  # type: ignore[arg-type]  # as it is called
        read.append(len(found))
        return found

    monkeypatch.setattr(rows, "latest", counting)
    changes = history.all_of_firm(long)
    next(changes)
    assert read == [history.AT_ONCE], "the rest is read when it is wanted"
    assert len(list(changes)) == history.count(long) - 1


def test_a_window_anywhere(long: Session) -> None:
    found = list(history.all_of_firm(long))
    for offset in (0, 1, 98, 99, 100, 101, 200, 229):
        assert history.window(long, offset, 5) == tuple(found[offset : offset + 5])
        assert history.position(long, found[offset].id) == offset


def test_a_window_after_the_firm_was_changed(long: Session) -> None:
    before = history.window(long, 150, 3)
    edit(long, "7", 2)
    assert history.window(long, 152, 3) == before
    assert history.window(long, history.count(long), 3) == ()
    assert history.position(long, 10**12) is None


def test_a_client_changed_more_often_than_is_read_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 4)
    key = clients.add(session, {"display_name": "Peña SA"}).values["company_id"]
    for times in range(6):  # also where a page ends exactly at the beginning
        client_id = edit(session, key, 1)
        for changes in (history.all_of_client(session, client_id), history.all_of_key(session, key)):
            assert [each.kind for each in changes] == ["client.edited"] * (times + 1) + ["client.added"]


@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 5, 7])
def test_what_a_client_brought_along_is_read_page_by_page_too(
    session: Session,
    other: Session,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    key = clients.add(session, {"display_name": "Peña SA"}).values["company_id"]
    edit(session, key, 3)
    send(session, other)
    edit(other, key, 2)
    whole = history.of_key(other, key)
    assert [each.kind for each in whole].count("client.edited") == 5
    monkeypatch.setattr(history, "AT_ONCE", at_once)
    assert tuple(history.all_of_key(other, key)) == whole

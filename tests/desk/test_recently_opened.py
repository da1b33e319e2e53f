"""The clients that were opened last, and those that a search finds with them."""

from pathlib import Path

import pytest

from clientdesk import recently_used
from clientdesk.desk import clients, recently_opened
from clientdesk.desk.session import Session
from clientdesk.folders import recent_path

NAMES = ("Acme Uno", "Acme Dos", "Acme Tres", "Zoë")


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """Four clients by name."""
    return {name: clients.add(session, {"display_name": name, "lead": ""}).id for name in NAMES}


def searched(session: Session, find: str, recent: int = 5, limit: int = 50) -> list[str]:
    """The names of those that the search finds, in their order."""
    return [row.values[0] for row in recently_opened.search(session, find, ("display_name",), recent, limit)]


def test_those_opened_last_come_first_and_a_deleted_one_vanishes(session: Session, ids: dict[str, int]) -> None:
    assert searched(session, "") == []
    for name in ("Zoë", "Acme Uno", "Acme Tres", "Acme Uno"):
        recently_opened.note_opened(session, ids[name])
    assert searched(session, "") == ["Acme Uno", "Acme Tres", "Zoë"]
    assert searched(session, "", recent=2) == ["Acme Uno", "Acme Tres"]
    assert searched(session, "acme") == ["Acme Uno", "Acme Tres", "Acme Dos"]
    assert searched(session, "acme", limit=1) == ["Acme Uno", "Acme Tres", "Acme Dos"]
    assert searched(session, "dos") == ["Acme Dos"]
    clients.save(session, clients.get(session, ids["Zoë"]), {"display_name": "Zoé"})
    assert searched(session, "")[-1] == "Zoé"
    clients.delete(session, clients.get(session, ids["Acme Uno"]))
    assert searched(session, "") == ["Acme Tres", "Zoé"]
    assert searched(session, "acme") == ["Acme Tres", "Acme Dos"]


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"commands": 1}', '{"commands": [1], "clients": {"x": "y"}}'])
def test_what_cannot_be_read_counts_as_nothing_and_is_written_anew(content: str) -> None:
    path = Path(recent_path())
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    assert list(recently_used.recent_commands()) == []
    assert list(recently_used.recent_clients("x")) == []
    recently_used.note_command("client.add")
    recently_used.note_client("x", 7)
    assert recently_used.recent_commands() == ["client.add"]
    assert recently_used.recent_clients("x") == [7]


def test_only_the_last_ones_are_kept_and_of_each_firm_its_own() -> None:
    for number in range(1, 40):
        recently_used.note_client("one", number)
    recently_used.note_client("other", 1)
    assert recently_used.recent_clients("one") == list(range(39, 39 - recently_used.KEPT, -1))
    assert recently_used.recent_clients("other") == [1]
    assert Path(recent_path()).stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_nothing_is_kept() -> None:
    Path(recent_path()).mkdir(parents=True)
    recently_used.note_command("client.add")
    assert recently_used.recent_commands() == ()

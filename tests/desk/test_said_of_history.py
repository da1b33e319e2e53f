"""What is read of an entry whose row is gone or whose entity nobody knows, and of a change set that has a note."""

from clientdesk.desk import change_sets, clients
from clientdesk.desk.change_kinds import title
from clientdesk.desk.session import Session
from clientdesk.domain.history_filter import HistoryFilter
from tests.store.both import tamper


def kinds(session: Session, history_filter: HistoryFilter) -> list[str]:
    """What was done by the rows that a filter finds, newest first."""
    return [row.kind for row in change_sets.all_rows(session, history_filter)]


def test_a_title_has_its_note_where_there_is_one_and_it_has_room_for_that() -> None:
    assert title("client.moved") == "Moved to another firm"
    assert title("client.moved", "Norte SL") == "Moved to Norte SL"
    assert title("client.edited", "a note that it has no room for") == title("client.edited")


def test_what_only_the_values_before_say_is_found(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "city": "Vigo"})
    client = clients.edit(session, client, {"city": "Lugo"})
    assert kinds(session, HistoryFilter(find="vigo")) == ["client.edited", "client.added"]
    clients.delete(session, client)
    assert kinds(session, HistoryFilter(find="lugo")) == ["client.deleted", "client.edited"]
    assert kinds(session, HistoryFilter(field="client.city")) == ["client.deleted", "client.edited", "client.added"]


def test_an_entry_of_an_entity_that_nobody_knows_stops_nobody_who_looks_for_words(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "city": "Vigo"})
    clients.edit(session, client, {"city": "Lugo"})
    tamper(session.location, "history", "UPDATE history SET entity = 'sheet' WHERE operation = 'update'")
    assert kinds(session, HistoryFilter(find="vigo")) == ["client.added"]

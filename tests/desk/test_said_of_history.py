"""What is read of an entry whose row is gone or whose entity nobody knows, and of a change set that has a note."""

from clientdesk.desk import (
    bulk_changes,
    bulk_kinds,
    change_sets,
    change_words,
    clients,
    own_fields,
    undoing,
    work_doing,
)
from clientdesk.desk.change_kinds import title
from clientdesk.desk.session import Session
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.own_fields import OwnKind
from tests.desk.undone import take_back
from tests.desk.worked_on import a_review, ids, review_of
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


def test_what_is_made_along_with_a_row_is_not_what_a_change_is_about(session: Session) -> None:
    client = clients.add(session, {"display_name": "Andrés López"})
    clients.edit(session, client, {"tags": "vip, late payer"})
    own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["low", "high"])
    take_back(session)
    undone, field, edited, *_others = change_sets.all_lines(session)
    assert [(line.change.subject, line.rows, line.about_one) for line in (undone, field, edited)] == [
        ("Risk", 3, True),
        ("Risk", 3, True),
        ("Andrés López", 3, True),
    ]
    assert change_words.named_whole(session, edited.id).words == "1 client and 2 tags: Andrés López"
    assert change_words.named_whole(session, field.id).words == "1 field and 2 choices: Risk"


def test_the_first_tick_of_a_work_is_a_change_of_one_row(session: Session) -> None:
    review = a_review(session)
    work_doing.tick(session, review, ids(review, "Match the bank"))
    words = "Norte SL, Books review, 2026-07, Match the bank"
    for find in (undoing.latest, undoing.latest_undone):
        plan = find(session)
        assert plan is not None
        named = plan.named(session)
        assert (plan.rows, plan.about_one, named.counted, named.words.startswith(words)) == (2, True, "1 row", True)
        undone = undoing.undo(session, plan)
        assert change_words.named(session, undone.number, undone.rows).words.count("Norte SL") == 1
    work_doing.tick(session, review_of(session, *review.of[:2], "2026-08"), ids(review)[:2])
    plan = undoing.latest(session)
    assert plan is not None
    assert not plan.about_one


def test_a_change_of_many_counts_the_tags_that_it_made_and_shows_where_long_texts_differ(session: Session) -> None:
    notes = "called on Monday, " * 20
    ids = [clients.add(session, {"display_name": f"{n} SL", "notes": notes}).id for n in range(3)]
    for edits in ([FieldEdit("notes", How.ADD, "and came")], [FieldEdit("tags", How.ADD, "vip, late")]):
        change = bulk_kinds.wanted(session, edits, len(ids))
        planned = bulk_changes.plan(session, ids, change)
        assert planned is not None
        bulk_changes.BulkJob(planned).run(session)
    tagged, noted = (change_words.named_whole(session, line.id) for line in list(change_sets.all_lines(session))[:2])
    assert tagged.parts == ("3 clients and 2 tags", "0 SL, 1 SL, 2 SL, 2 more")
    assert noted.counted == "3 rows"
    for most in (60, 400):
        example = noted.example(most)
        assert len(example) <= most
        assert example.endswith("and came")
        assert "…onday," in example.partition(" → ")[0]

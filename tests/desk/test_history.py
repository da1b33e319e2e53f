"""The history from one end to the other: nothing is left out, and what is read at once does not grow with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from clientdesk.desk import change_sets, client_types, clients, history, past_clients, team, undoing
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fold import fold
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.problems import Refused
from clientdesk.store import history_pages, history_words
from tests.conftest import At
from tests.desk.between_firms import send
from tests.many import add_in_job, add_many

MANY = 230


@pytest.fixture
def long(session: Session) -> Session:
    """A firm with a long history, of which most is one change set."""
    add_many(session, ({"display_name": f"Client {number:04}", "company_id": str(number)} for number in range(MANY)))
    return session


def edit(session: Session, key: str, times: int) -> int:
    """Changes a client so many times; its id."""
    client = clients.by_key(session, key)
    for _again in range(times):
        client = clients.edit(session, client, {"notes": f"note {client.version}"})
    return client.id


def change(session: Session, key: str, **values: str) -> int:
    """Changes a client; its id."""
    client = clients.by_key(session, key)
    return clients.edit(session, client, values).id


@contextmanager
def counted(session: Session, patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    run: list[str] = []
    execute_sql: Callable[..., Any] = session.engine.db.execute_sql

    def counting(sql: str, *arguments: Any) -> Any:
        run.append(sql)
        return execute_sql(sql, *arguments)

    with patch.context() as only_now:
        only_now.setattr(session.engine.db, "execute_sql", counting)
        yield run


def subjects(session: Session, **asked: Any) -> list[str]:
    """What the lines are about that a filter finds."""
    return [line.change.subject for line in change_sets.all_lines(session, HistoryFilter(**asked))]


def test_every_row_comes_out_once_newest_first(long: Session) -> None:
    edit(long, "7", 3)
    entries = list(change_sets.all_rows(long))
    assert len(entries) > MANY
    assert [entry.id for entry in entries] == sorted({entry.id for entry in entries}, reverse=True)
    assert tuple(entries[:2]) == history.of_firm(long, 2)
    assert [entry.subject for entry in entries[:4]] == ["Client 0007"] * 3 + [f"Client {MANY - 1:04}"]
    assert entries[-1].kind == "firm.created"


def test_a_change_set_is_one_line_and_its_rows_are_read_by_key(long: Session) -> None:
    edit(long, "7", 2)
    lines = list(change_sets.all_lines(long))
    assert [(line.change.kind, line.rows) for line in lines[:3]] == [
        ("client.edited", 1),
        ("client.edited", 1),
        ("client.imported", MANY),
    ]
    entries = list(change_sets.all_rows(long, change_set=lines[2].id))
    assert [entry.subject for entry in entries] == [f"Client {number:04}" for number in reversed(range(MANY))]
    assert {entry.change for entry in entries} == {lines[2].id}


@pytest.mark.thorough("many")
def test_200_lines_and_200_rows_are_three_statements(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    key = clients.add(session, {"display_name": "Peña SA", "lead": "Ana García"}).values["company_id"]
    gone = clients.add(session, {"display_name": "Gone SL"})
    change(session, gone.values["company_id"], phone="1")
    edit(session, key, 210)
    gone = clients.get(session, gone.id)
    clients.delete(session, gone)
    with counted(session, monkeypatch) as statements:
        lines = change_sets.lines(session, change_sets.find(session, HistoryFilter(), limit=200).keys)
    assert len(lines) == 200
    assert len(statements) <= 3, statements
    with counted(session, monkeypatch) as statements:
        keys = change_sets.find_rows(session, HistoryFilter(), limit=200).keys
        rows = change_sets.rows(session, [entry for _change_set, entry in keys])
    assert len(rows) == 200
    assert len(statements) <= 3, statements


def test_a_page_reads_no_more_than_its_lines(long: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    steps = history_pages.steps

    def counting(*arguments: Any, **options: Any) -> Any:
        pieces = steps(*arguments, **options)
        read.append(len(pieces[0]))
        return pieces

    monkeypatch.setattr(history_pages, "steps", counting)
    next(change_sets.all_rows(long))
    assert read == [change_sets.AT_ONCE], "the rest is read when it is wanted"


def test_a_deleted_client_keeps_its_name_in_what_was_done_before(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    change(session, client.values["company_id"], phone="1")
    client = clients.get(session, client.id)
    clients.delete(session, client)
    assert subjects(session)[:3] == ["Peña SA"] * 3


def test_a_deleted_client_stands_before_those_that_its_key_finds(session: Session) -> None:
    gone = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1", "lead": "Ana García"})
    clients.delete(session, clients.get(session, gone.id))
    living = clients.add(session, {"display_name": "Gil SL", "client_number": "C-10"})
    query, columns = ClientQuery(filters=(), find="c-1"), ("client_number", "display_name", "status")
    whole = [(gone.id, ("C-1", "Peña SA", "deleted")), (living.id, ("C-10", "Gil SL", "active"))]
    assert [(row.id, row.values) for row in past_clients.window(session, query, columns, 0, 9)] == whole
    for number, row in enumerate(whole):
        (piece,) = past_clients.window(session, query, columns, number, 1)
        assert (piece.id, piece.values) == row
        assert past_clients.position(session, query, row[0]) == number
    assert past_clients.count(session, query) == 2
    again = clients.add(session, {"display_name": "Bar SL", "client_number": "C-1"})
    assert [row.id for row in past_clients.window(session, query, columns, 0, 9)] == [again.id, living.id]
    assert [past_clients.name(session, each.id) for each in (gone, again)] == ["Peña SA", "Bar SL"]


def test_a_client_that_came_back_is_not_found_by_the_number_with_which_it_went(session: Session) -> None:
    gone = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1"})
    for plan in (undoing.latest, undoing.latest_undone):
        planned = plan(session)
        assert planned is not None
        undoing.undo(session, planned)
    change(session, "C-1", client_number="C-2")
    query = ClientQuery(filters=(), find="C-1")
    assert past_clients.window(session, query, ("client_number",), 0, 9) == ()
    with pytest.raises(Refused) as refusal:
        history.of_key(session, "C-1")
    assert refusal.value.code == "unknown_client"
    kinds = ["client.edited", "change.redone", "change.undone", "client.added"]
    assert [entry.kind for entry in history.of_key(session, "C-2")] == kinds
    assert clients.get(session, gone.id).values["client_number"] == "C-2"


@pytest.fixture
def busy(session: Session, at_work: At) -> Session:
    """A firm in which two people did several things."""
    clients.add(session, {"display_name": "Peña SA", "client_number": "1", "phone": "944 111"})
    clients.add(session, {"display_name": "Müller GmbH", "client_number": "2"})
    bob = at_work("bob", Access.FULL)
    change(bob, "1", lead="Bob Test")
    change(bob, "2", email="new@mueller.example")
    add_many(session, ({"display_name": f"Client {n}", "company_id": f"1{n}"} for n in range(5)))
    team.save_member(session, bob.me, {"email": "bob@rios.example"})
    return session


def test_filters_by_person_client_kind_and_field(busy: Session) -> None:
    bob = next(number for number, name in change_sets.members(busy) if name == "Bob Test")
    assert subjects(busy, member=bob) == ["Müller GmbH", "Peña SA"]
    assert subjects(busy, client=clients.by_key(busy, "1").id) == ["Peña SA", "Peña SA"]
    assert subjects(busy, kind="client.edited") == ["Müller GmbH", "Peña SA"]
    assert subjects(busy, kind="client") == ["Client 4", "Müller GmbH", "Peña SA", "Müller GmbH", "Peña SA"]
    assert subjects(busy, field="lead", kind="client.edited") == ["Peña SA"]
    assert subjects(busy, field="phone") == ["Peña SA"], "what was added has the fields that are filled"
    assert subjects(busy, field="team_member.email") == ["Bob Test"]
    assert subjects(busy, field="email") == ["Bob Test", "Müller GmbH"]
    assert subjects(busy, member=bob, field="email") == ["Müller GmbH"]


def test_filters_by_days(busy: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date, timedelta

    first, last = (date.today() + timedelta(days) for days in (-1, 1))  # midnight may be near
    everything = len(subjects(busy))
    assert len(subjects(busy, since=first.isoformat(), until=last.isoformat())) == everything
    assert subjects(busy, since=(last + timedelta(1)).isoformat()) == []
    assert subjects(busy, until=(first - timedelta(1)).isoformat()) == []


def test_words_are_found_in_names_and_values_as_they_are_read(busy: Session) -> None:
    assert subjects(busy, find="muller") == ["Müller GmbH", "Müller GmbH"], "an edit does not say the name itself"
    assert subjects(busy, find="MÜLLER new@") == ["Müller GmbH"]
    assert subjects(busy, find="bob test", kind="client") == ["Peña SA"], "a lead is found by name"
    assert subjects(busy, find="944") == ["Peña SA"]
    assert subjects(busy, find="phone") == ["Peña SA"], "a field is found by its name, where it was touched"
    assert subjects(busy, find="lead accountant bob") == ["Peña SA"]
    assert subjects(busy, find="E-mail new@mueller") == ["Müller GmbH"]
    assert subjects(busy, find="nowhere") == []
    imported = next(line for line in change_sets.all_lines(busy, HistoryFilter(find="client 3 imported")))
    assert (imported.change.subject, imported.rows) == ("Client 3", 5), "the line says what was found, and of how many"
    entries = change_sets.all_rows(busy, HistoryFilter(find="client 3"), imported.id)
    assert [entry.subject for entry in entries] == ["Client 3"]


def test_a_line_that_is_found_by_many_of_its_rows_is_there_once(long: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(long, "7", 1)
    for at_once in (3, 7, 2_000):
        monkeypatch.setattr(change_sets, "LOOKED_AT", at_once)
        monkeypatch.setattr(change_sets, "AT_ONCE", 1)
        assert subjects(long, find="client", kind="client") == ["Client 0007", f"Client {MANY - 1:04}"]


def test_words_are_shown_as_they_are_found(long: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(long, "7", 1)
    monkeypatch.setattr(change_sets, "LOOKED_AT", 100)
    asked = HistoryFilter(find="Client 0007")
    page = change_sets.find(long, asked, seconds=1e-9)
    assert len(page.keys) == 1, "the newest is there before the rest was looked at"
    assert page.place is not None
    rest = change_sets.find(long, asked, page.place)
    assert [line.rows for line in change_sets.lines(long, rest.keys)] == [MANY]
    assert rest.place is None


def test_what_is_rare_is_found_far_down(long: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(long, "7", 3)
    monkeypatch.setattr(history_pages, "STRIDE", 2)
    assert [line.change.kind for line in change_sets.all_lines(long, HistoryFilter(kind="firm"))] == ["firm.created"]
    entries = change_sets.all_rows(long, HistoryFilter(kind="firm"))
    assert {entry.kind for entry in entries} == {"firm.created"}


def test_a_job_is_one_line_where_its_latest_change_set_is(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with session.engine.writing():
        job = session.engine.next_ids("job", 1).start
    add_in_job(session, job, ["A 1", "Quince", "A 3"])
    between = clients.add(session, {"display_name": "Between"})
    add_in_job(session, job, ["A 4", "A 5"])
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)
    lines = list(change_sets.all_lines(session))
    assert [(line.change.subject, line.rows) for line in lines[:2]] == [("A 5", 5), ("Between", 1)]
    assert sum(line.job == job for line in lines) == 1
    of_job = [entry.subject for entry in change_sets.all_rows(session, change_set=lines[0].id)]
    assert of_job == ["A 5", "A 4", "A 3", "Quince", "A 1"], "and nothing that was done between"
    assert [(line.change.subject, line.rows) for line in change_sets.all_lines(session, HistoryFilter(find="quince"))][
        :1
    ] == [("Quince", 5)]
    assert subjects(session, kind="client") == ["A 5", "Between"]
    assert subjects(session, client=between.id) == ["Between"]


def test_an_unknown_change_is_refused_at_once(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        change_sets.all_rows(session, HistoryFilter(), 999)
    assert refusal.value.code == "change_gone"


def test_a_client_changed_more_often_than_is_read_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 4)
    key = clients.add(session, {"display_name": "Peña SA"}).values["company_id"]
    for times in range(6):  # also where a page ends exactly at the beginning
        client_id = edit(session, key, 1)
        for changes in (history.all_of_client(session, client_id), history.all_of_key(session, key)):
            assert [change.kind for change in changes] == ["client.edited"] * (times + 1) + ["client.added"]


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
    assert [entry.kind for entry in whole].count("client.edited") == 5
    monkeypatch.setattr(history, "AT_ONCE", at_once)
    assert tuple(history.all_of_key(other, key)) == whole


def test_a_filter_means_what_a_client_brought_along_too(session: Session, other: Session) -> None:
    key = clients.add(session, {"display_name": "Peña SA"}).values["company_id"]
    edit(session, key, 2)
    change(session, key, phone="944 111")
    send(session, other)
    change(other, key, phone="944 222")

    def kinds(**asked: Any) -> list[str]:
        return [entry.kind for entry in change_sets.rows_of_key(other, key, HistoryFilter(**asked))]

    assert kinds(field="phone", kind="client.edited") == ["client.edited"] * 2
    assert kinds(find="note") == ["client.received", "client.edited", "client.edited"]
    assert kinds(find="phone 944") == ["client.edited", "client.received", "client.edited"]
    assert kinds(member=other.me.id) == ["client.edited", "client.received"]


@pytest.mark.thorough("many")
def test_whatever_is_read_of_an_entry_finds_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes past entries that have not what is looked for: none of those that have it."""
    team.add_member(session, "Beñat Ruiz", "", "b.ruiz", Access.FULL)
    kind = client_types.add_type(session, "Sociedad Ñ")
    hostile = 'Say "no" \\ [100%_]'
    for name in ("Peña & Søn", "Plain Ltd", hostile, "山田商店"):
        client = clients.add(session, {"display_name": name, "lead": "Beñat Ruiz", "client_type": "Sociedad Ñ"})
        clients.edit(session, client, {"notes": "first\nsecond\ttab", "lead": ""})
    gone = clients.edit(session, clients.add(session, {"display_name": "Gone SL"}), {"city": "A Coruña"})
    clients.delete(session, gone)
    client_types.rename_type(session, kind, "Cooperativa")
    undone = undoing.latest(session)
    assert undone is not None
    undoing.undo(session, undone)
    entries_by_id = {entry.id: entry for entry in change_sets.all_rows(session)}
    texts = [
        (each.title, each.subject, *(part for field in each.fields for part in field[1:]))
        for each in entries_by_id.values()
    ]
    words = {word for row in texts for text in row for word in fold(text).split()} | {"zzz", "%", "_", '"', "\\"}

    def found() -> list[list[int]]:
        return [
            [entry.id for entry in change_sets.all_rows(session, HistoryFilter(find=word))] for word in sorted(words)
        ]

    by_database = found()
    assert all(any(listed) for word, listed in zip(sorted(words), by_database, strict=True) if word not in ("zzz", "_"))
    monkeypatch.setattr(history_words, "saying", lambda _engine, _wanted: [])
    assert by_database == found()


@pytest.mark.thorough("many")
def test_what_is_found_is_given_at_once_and_how_far_back_was_looked_is_told(
    long: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = clients.add(long, {"display_name": "Peña SA"}).values["company_id"]
    edit(long, key, 40)
    change(long, key, phone="944 111")
    monkeypatch.setattr(change_sets, "LOOKED_AT", 10)
    monkeypatch.setattr(change_sets, "PATIENCE", 1e-9)
    told: list[str] = []
    entries = change_sets.all_rows(long, HistoryFilter(find="944"), looking=told.append)
    assert next(entries).fields[0].new == "944 111"
    assert told == [""], "it is not looked further before what was found is given"
    assert not list(entries)
    moments = [moment for moment in told if moment]
    assert len(moments) > 20
    assert moments == sorted(moments, reverse=True)
    assert told[-1] == "", "nothing is left"
    told.clear()
    assert not list(change_sets.all_lines(long, HistoryFilter(field="tax_id", since="2000-01-01"), looking=told.append))
    assert len(set(told)) > 2

"""Clients from one firm into another: copied, moved, refused."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import client_types, clients, firm_settings, history, opening, team, transfer
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.desk.transfer import How, Transferred
from clientdesk.domain.access import Access
from clientdesk.domain.problems import FirmUnusable, Refused
from clientdesk.text import display_text
from tests.conftest import At
from tests.desk.between_firms import COPY, EVERYONE, MOVE, add, codes, everyone, names, send, sound
from tests.many import add_many
from tests.store.both import on_a_file, on_a_server, seen_by


def test_a_copy_has_every_field_and_the_history(session: Session, other: Session) -> None:
    client_types.add_type(session, "Fideicomiso")
    team.add_member(session, "Bob Smith", "", "bob", Access.FULL)
    team.add_member(other, "BOB SMÍTH", "", "robert", Access.BASIC)
    client = add(
        session,
        "Peña [/] SA",
        "0012",
        client_type="Fideicomiso",
        lead="Bob Smith",
        notes="one\ntwo",
        subscription="plus",
        city="Vigo",
    )
    client = clients.edit(session, client, {"display_name": "Peña & Hijos SL"})
    clients.set_status(session, [client.id], False)
    client = clients.get(session, client.id)
    before = history.of_firm(session)
    outcome = send(session, other)
    assert outcome == Transferred(rows=1, new=1, types=(("Fideicomiso", 1),))
    got = clients.by_key(other, client.values["company_id"])
    assert got.values == {**client.values, "lead": "BOB SMÍTH"}
    assert clients.by_key(other, "0012") == got
    assert history.of_firm(session) == before
    received, *past = history.of_client(other, got.id)
    assert (received.kind, received.title, received.who) == (
        "client.received",
        "Received from Ríos y Asociados",
        "Ana García",
    )
    own = history.of_client(session, client.id)
    assert [(entry.at, entry.title, entry.operation, entry.fields) for entry in past] == [
        (each.at, each.title, each.operation, each.fields) for each in own
    ]
    assert {entry.who for entry in past} == {"Ana García (Ríos y Asociados)"}
    assert ("Lead accountant", "", "Bob Smith") in {(field.label, field.old, field.new) for field in past[-1].fields}
    assert len(history.of_client(other, got.id, limit=2)) == 2
    assert sound(session, other)


def test_a_move_leaves_a_note_in_the_old_firm(session: Session, other: Session) -> None:
    stays = add(session, "Stays", "C-1")
    goes = add(session, "Goes", "C-2")
    assert send(session, other, MOVE, "C-2") == Transferred(rows=1, new=1, moved=1)
    assert (names(session), names(other)) == (["Stays"], ["Goes"])
    note = history.of_key(session, "C-2")[0]
    assert (note.kind, note.title, note.operation) == ("client.moved", "Moved to Norte SL", "delete")
    assert history.of_firm(session)[0].title == "Moved to Norte SL"
    assert history.of_firm(session)[0].subject == "Goes"
    assert history.of_key(session, goes.values["company_id"])[0] == note
    # The id of a client that left may be given to the next one, which has no part in that past.
    new = add(session, "New", "C-3")
    assert [entry.title for entry in history.of_client(session, new.id)] == ["Client added"]
    assert history.of_key(session, "C-2")[0] == note
    assert [entry.subject for entry in history.of_firm(session)][:2] == ["New", "Goes"]
    assert [entry.kind for entry in history.of_client(session, stays.id)] == ["client.added"]
    assert sound(session, other)


def test_there_and_back_again_keeps_the_whole_past(session: Session, other: Session) -> None:
    add(session, "Peña SA", "C-1")
    assert send(session, other, MOVE).moved == 1
    assert send(other, session, MOVE).moved == 1
    assert send(session, other, MOVE).moved == 1
    assert names(session) == []
    titles = [entry.title for entry in history.of_key(other, "C-1")]
    received = ["Received from Ríos y Asociados", "Received from Norte SL"]
    assert titles == [*received, received[0], "Client added"]
    assert [entry.who.partition(" (")[2] for entry in history.of_key(other, "C-1")] == [
        "",
        "Ríos y Asociados)",
        "Norte SL)",
        "Ríos y Asociados)",
    ]
    assert sound(session, other)


def test_a_second_run_finds_everything_there(session: Session, other: Session) -> None:
    add(session, "Peña SA", "C-1", lead="Ana García")
    add(session, "Peña SA", "C-2")
    assert send(session, other).new == 2
    before = history.of_firm(other)
    assert send(session, other) == Transferred(rows=2, unchanged=2)
    assert history.of_firm(other) == before
    assert send(session, other, MOVE) == Transferred(rows=2, unchanged=2, moved=2)
    assert names(session) == []
    assert send(session, other, MOVE, "C-1", "C-2", "C-1") == Transferred(rows=2, unchanged=2, moved=0)
    with pytest.raises(Refused) as refused:
        send(session, other, COPY, "C-1")
    assert refused.value.code == "unknown_client"
    assert sound(session, other)


def test_clashes_refuse_their_rows_and_no_others(session: Session, other: Session) -> None:
    taken = add(session, "Taken id", "C-1")
    add(session, "Taken number", "c-2")
    add(session, "TAKEN NÁME", "C-3")
    add(session, "Both taken", "C-4")
    add(session, "Fine", "C-5")
    add_many(other, [{"display_name": "Whose?", "company_id": taken.values["company_id"]}])
    for name, number in (("Theirs", "C-2"), ("Taken name", ""), ("Both taken", "C-4")):
        add(other, name, number)
    outcome = send(session, other)
    assert (outcome.rows, outcome.new, outcome.refused) == (5, 1, 4)
    assert [(clash.name, clash.problem.code, clash.problem.field) for clash in outcome.clashes] == [
        ("Both taken", "number_taken", "client_number"),
        ("Both taken", "name_taken", "display_name"),
        ("Taken id", "company_id_taken", "company_id"),
        ("TAKEN NÁME", "name_taken", "display_name"),
        ("Taken number", "number_taken", "client_number"),
    ]
    assert "“Whose?”" in outcome.clashes[2].problem.message
    assert sorted(names(other)) == ["Both taken", "Fine", "Taken name", "Theirs", "Whose?"]
    outcome = send(session, other, How(same_names=True))
    assert (outcome.new, outcome.unchanged, outcome.refused) == (1, 1, 3)
    assert sound(session, other)


@pytest.mark.parametrize("where", [0, 1])
def test_a_client_that_was_changed_since_is_not_the_same(session: Session, other: Session, where: int) -> None:
    add(session, "Peña SA", "C-1")
    send(session, other)
    changed = (session, other)[where]
    client = clients.by_key(changed, "C-1")
    clients.edit(changed, client, {"notes": "new"})
    for how in (COPY, MOVE):
        outcome = send(session, other, how)
        assert (outcome.refused, codes(outcome)) == (1, ["transferred_and_changed"])
    assert (names(session), names(other)) == (["Peña SA"], ["Peña SA"])


def test_a_field_that_came_to_the_catalogue_since_changes_nobody(
    session: Session, other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(session, "Peña SA", "C-1")
    send(session, other)
    present, nickname = transfer.present_clients, ""

    def with_nickname(session: Session, page: Sequence[transfer.Chosen]) -> list[Client]:
        there = present(session, page)
        return [each._replace(values={**each.values, "nickname": nickname}) for each in there]

    monkeypatch.setattr(transfer, "present_clients", with_nickname)
    assert send(session, other).unchanged == 1
    nickname = "Peñita"
    assert codes(send(session, other)) == ["transferred_and_changed"]


def test_a_state_without_names_is_known_again(
    session: Session, other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(session, "Peña SA", "C-1", notes="one\ntwo", city="Vigo")

    def nameless(client: Client) -> str:
        values = [value for name, value in client.values.items() if name in transfer.NAMELESS]
        return hashlib.sha256(json.dumps([client.version, *values]).encode()).hexdigest()

    with monkeypatch.context() as before:
        before.setattr(transfer, "client_state", nameless)
        send(session, other)
    assert send(session, other).unchanged == 1
    client = clients.by_key(session, "C-1")
    clients.edit(session, client, {"city": "Lugo"})
    assert codes(send(session, other)) == ["transferred_and_changed"]


def test_a_client_that_was_received_deleted_and_added_anew_is_a_stranger(session: Session, other: Session) -> None:
    client = add(session, "Peña SA", "C-1")
    send(session, other)
    got = clients.by_key(other, "C-1")
    clients.delete(other, got)
    add_many(other, [{"display_name": "Else", "company_id": client.values["company_id"]}])
    anew = clients.by_key(other, client.values["company_id"])
    assert anew.id != got.id, "an id never means another row"
    assert codes(send(session, other, MOVE)) == ["company_id_taken"]
    assert names(session) == ["Peña SA"]
    assert [entry.title for entry in history.of_client(other, anew.id)] == ["Clients imported"]


def test_who_may_not_be_deleted_is_not_moved(session: Session, other: Session) -> None:
    on_plan = {"subscription": "plus", "billed_to": "firm", "primary_admin": "firm"}
    add_many(session, [{"display_name": "On plan", **on_plan}, {"display_name": "Free"}])
    outcome = send(session, other, MOVE)
    assert (outcome.new, outcome.moved, outcome.refused, codes(outcome)) == (1, 1, 1, ["cannot_leave"])
    assert "plan" in outcome.clashes[0].problem.message
    assert (names(session), names(other)) == (["On plan"], ["Free"])
    copied = send(session, other)
    assert (copied.new, copied.on_plan) == (1, 1)
    assert codes(send(session, other, MOVE)) == ["cannot_leave"]  # also when it is there already


def test_leads_and_types_that_are_not_there(session: Session, other: Session) -> None:
    bob = team.add_member(session, "Bob", "", "bob", Access.FULL)
    there = team.add_member(other, "Bob", "", "bob", Access.FULL)
    team.deactivate_member(other, there.id)
    client_types.add_type(session, "Fideicomiso")
    kept = client_types.add_type(other, "FIDEICOMISO")
    add(session, "A", lead="Bob", client_type="Fideicomiso")
    add(session, "B", lead="Ana García")
    assert send(session, other) == Transferred(rows=2, new=2, leads=((bob.name, 1),))
    arrived = [clients.get(other, row.id) for row in clients.window(other, EVERYONE, [], 0, 9)]
    assert [(each.values["lead"], each.values["client_type"]) for each in arrived] == [
        ("", kept.name),
        ("Ana García", ""),
    ]


def test_access_counts_in_both_firms(session: Session, other: Session, at_work: At) -> None:
    add(session, "Peña SA")
    for login, access in (("bob", Access.FULL), ("eve", Access.BASIC)):
        team.add_member(other, login, "", login, access)
    bob, eve = at_work("bob"), at_work("eve", Access.BASIC)
    for mine, how, allowed in ((bob, COPY, True), (bob, MOVE, False), (eve, COPY, False)):
        with transfer.open_other(mine, seen_by(other.location, mine.login)) as target:
            assert target.me.login == mine.login
            if allowed:
                assert transfer.plan(mine, target, everyone(mine), how).new == 1
                continue
            for use_case in (transfer.plan, transfer.transfer):
                with pytest.raises(Refused) as refused:
                    use_case(mine, target, everyone(mine), how)
                assert refused.value.code == "not_allowed"
    assert names(other) == []
    stranger = at_work("zoe")
    with pytest.raises(Refused) as refused:
        transfer.open_other(stranger, seen_by(other.location, "zoe"))
    assert refused.value.code == "unknown_account"


def test_the_other_firm_must_be_another(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        transfer.open_other(session, session.location)
    assert refused.value.code == "same_firm"


@on_a_file
def test_the_other_file_must_be_another_and_be_there(session: Session, tmp_path: Path) -> None:
    os.symlink(session.location, tmp_path / "link.db")
    with pytest.raises(Refused) as refused:
        transfer.open_other(session, os.fspath(tmp_path / "link.db"))
    assert refused.value.code == "same_firm"
    with pytest.raises(FirmUnusable) as unusable:
        transfer.open_other(session, os.fspath(tmp_path / "none.db"))
    assert unusable.value.code == "firm_missing"
    assert not (tmp_path / "none.db").exists()


@on_a_server
def test_the_other_firm_on_the_server_must_be_there(session: Session) -> None:
    with pytest.raises(FirmUnusable) as unusable:
        transfer.open_other(session, session.location + "_none")
    assert unusable.value.code == "unknown_database"


@on_a_server
def test_a_firm_met_by_another_url_is_no_danger(session: Session) -> None:
    add(session, "Peña SA", "C-1")
    with opening.open_firm(session.location + "?application_name=other") as again:
        assert codes(send(session, again)) == ["company_id_taken"]
        again.engine.sql("SET lock_timeout = '50ms'")  # the firm is held by the move itself
        with pytest.raises(FirmUnusable) as unusable:
            transfer.transfer(session, again, everyone(session), MOVE)
        assert unusable.value.code == "locked"
    assert names(session) == ["Peña SA"]


@on_a_file
def test_a_copy_of_the_firms_own_file_is_no_danger(session: Session, tmp_path: Path) -> None:
    add(session, "Peña SA", "C-1")
    session.engine.sql("PRAGMA wal_checkpoint(truncate)").fetchall()
    twin = tmp_path / "twin.db"
    twin.write_bytes(Path(session.location).read_bytes())
    with transfer.open_other(session, os.fspath(twin)) as other:
        assert codes(send(session, other, MOVE)) == ["company_id_taken"]
    assert names(session) == ["Peña SA"]


def test_who_is_gone_meanwhile_is_refused(session: Session, other: Session) -> None:
    gone, _stays = add(session, "Gone"), add(session, "Stays")
    chosen = everyone(session)
    clients.delete(session, gone)
    outcome = transfer.transfer(session, other, chosen, MOVE)
    assert (outcome.rows, outcome.new, outcome.moved, outcome.refused) == (2, 1, 1, 1)
    assert codes(outcome) == ["gone_meanwhile"]
    assert outcome.clashes[0].key == gone.values["company_id"]
    assert transfer.transfer(session, other, [], MOVE) == transfer.plan(session, other, [], COPY) == Transferred()


def test_pages_make_no_difference(session: Session, other: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "AT_ONCE", 7)
    client_types.add_type(session, "Z")
    rows = [{"display_name": f"Client {n % 5}", "client_number": f"{n:03}", "client_type": "Z"} for n in range(30)]
    add_many(session, rows)
    add(other, "Foreign", "013")
    progress: list[tuple[int, int]] = []
    outcome = transfer.transfer(session, other, everyone(session), MOVE, lambda *at: progress.append(at))
    assert (outcome.new, outcome.moved, outcome.refused, outcome.types) == (29, 29, 1, (("Z", 29),))
    assert progress == [(7, 30), (14, 30), (21, 30), (28, 30), (30, 30)]
    assert len(names(other)) == 30
    assert sound(session, other)


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(name=HOSTILE, note=HOSTILE, firm=HOSTILE)
def test_hostile_words_arrive_as_they_were(session: Session, other: Session, name: str, note: str, firm: str) -> None:
    unique = len(names(other))
    firm_settings.save(session, session.firm, {"name": f"x{firm}"})
    values = {"display_name": f"{unique}x{name}", "notes": f"n{note}", "client_number": f"{unique}n{name}"}
    client = clients.add(session, values)
    assert send(session, other, MOVE).moved == 1
    got = clients.by_key(other, client.values["company_id"])
    assert got.values == client.values
    past = history.of_client(other, got.id)
    assert past[0].title == display_text(f"Received from {session.firm.name}")
    assert past[1].who == f"Ana García ({session.firm.name})"
    assert {field.field: field.new for field in past[1].fields}["display_name"] == got.values["display_name"]


def test_what_was_taken_by_hostile_words_is_sealed(session: Session, other: Session) -> None:
    firm_settings.save(session, session.firm, {"name": "it's \\ “x” %s $$ {} ñ\U0001f984"})
    for number, words in enumerate(("'", "''", "\\", "E'\\n'", "$$", "%", "?", "\u2029x", '{"a": 1}', "NULL")):
        add(session, f"{number}{words}", f"{number}{words}", notes=f"{words}\n\t{words}")
    assert send(session, other, MOVE).moved == 10
    assert sound(session, other)

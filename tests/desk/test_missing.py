"""Why a client is not in the list: each cause, on both engines."""

from pathlib import Path

import pytest

from clientdesk import folders
from clientdesk.desk import (
    checking,
    client_filters,
    clients,
    copying,
    history,
    imports,
    missing,
    missing_elsewhere,
    missing_words,
    opened_firms,
    opening,
    transfer,
    undoing,
)
from clientdesk.desk.imports.import_records import Logged
from clientdesk.desk.missing_causes import (
    Cause,
    Elsewhere,
    Gone,
    Hidden,
    Inactive,
    Listed,
    Near,
    NeverSeen,
    NotLooked,
    RefusedRow,
    Renamed,
    Unread,
)
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import ACTIVE, Filter, Op
from clientdesk.domain.problems import Refused, problem
from clientdesk.store import missing_clients as store
from tests.conftest import At
from tests.desk.between_firms import MOVE, add, send, sound
from tests.desk.undone import take_back
from tests.servers import OWNER
from tests.store.both import on_one_engine, on_server, seen_by, tamper

LIST = ClientQuery()


def causes(session: Session, text: str, query: ClientQuery = LIST) -> list[Cause]:
    return list(missing.why(session, text, query).causes)


def only(session: Session, text: str, query: ClientQuery = LIST) -> Cause:
    (cause,) = causes(session, text, query)
    return cause


def told(session: Session, cause: Cause, find: str = "") -> str:
    return missing_words.sentence(cause, find, client_filters.names(session))


def refuse_a_row(session: Session, name: str, file: str = "/in/list.csv") -> int:
    run = imports.begin_run(session, "clients", file, 3)
    wrong = Logged(7, (("Display name", name), ("E-mail", "nobody")), problem("email", "email", reason="no @"))
    imports.end_run(session, run, "done", {"refused": 1}, [(4, wrong)])
    return run


def test_one_in_the_list(session: Session) -> None:
    client = add(session, "Construcciones Peña SA", "C-12")
    for text in ("construcciones peña", "C-12", "  c-12\t", client.values["company_id"]):
        cause = only(session, text)
        assert isinstance(cause, Listed)
        assert cause.client.id == client.id


def test_hidden_by_filters_and_by_the_search(session: Session) -> None:
    client = add(session, "Peña SA", "C-12", city="Madrid")
    of_lugo, of_number = Filter("city", Op.IS, ("Lugo",)), Filter("client_number", Op.STARTS, ("C",))
    query = ClientQuery((ACTIVE, of_lugo, of_number), find="zzz")
    cause = only(session, "pena", query)
    assert isinstance(cause, Hidden)
    assert (cause.hiding.filters, cause.hiding.by_search) == ((of_lugo,), True)
    lifted = cause.hiding.lifted(query)
    assert lifted == ClientQuery((ACTIVE, of_number))
    assert clients.position(session, lifted, client.id) == 0
    assert told(session, cause, "zzz") == "It is hidden by “City is Lugo”, the search “zzz”."


def test_inactive_since_when_by_whom(session: Session, at_work: At) -> None:
    client = add(session, "Peña SA", city="Madrid")
    bob = at_work("bob", Access.FULL)
    clients.set_status(bob, [client.id], active=False)
    clients.edit(session, clients.get(session, client.id), {"city": "Lugo"})
    cause = only(session, "peña", LIST.with_another(Filter("city", Op.IS, ("Madrid",))))
    assert isinstance(cause, Inactive)
    assert cause.who == "Bob Test"
    changes = history.of_client(session, client.id)
    assert cause.at == next(change.at for change in changes if change.kind == "client.deactivated")
    assert told(session, cause).endswith("by Bob Test. It is hidden by “City is Madrid”, too.")
    assert cause.hiding.lifted(LIST).filters == ()
    # Who shows inactive clients is not told that it is inactive.
    inactive = ClientQuery((Filter("status", Op.IS, ("inactive",)),))
    assert isinstance(only(session, "peña", inactive), Listed)
    clients.set_status(session, [client.id], active=True)
    assert isinstance(only(session, "peña", inactive), Hidden)


@pytest.mark.parametrize(
    ("typed", "slips"),
    [
        ("Construciones Pena", 1),
        ("cosntrucciones peña", 1),
        ("Construcciones Peñas", 1),
        ("Konstruccionis Peña", 2),
        ("Construcciones Peña Ltd", 0),
        ("Peña, Construcciones S. L.", 0),
        ("Construcciones-Peña SL", 0),
        ("ConstruccionesPeña", 0),
    ],
)
def test_a_near_name(session: Session, typed: str, slips: int) -> None:
    client = add(session, "Construcciones Peña S.A.")
    add(session, "Construcciones Iborra SL")
    cause = only(session, typed)
    assert isinstance(cause, Near)
    assert (cause.client.id, cause.slips, cause.by_number) == (client.id, slips, False)


def test_a_near_name_at_the_beginning_and_of_a_business(session: Session) -> None:
    short = add(session, "Peña")
    business = add(session, "Bar Sol", business_name="Hostelería Iñárritu SL")
    for typed, client in (("peta", short), ("hosteleria inaritu", business)):
        cause = only(session, typed)
        assert isinstance(cause, Near)
        assert cause.client.id == client.id


@pytest.mark.parametrize("typed", ["C-00021", "C-0012", "C-000012", "C00012", "X-00012", "C-00102", "C-12"])
def test_a_near_number(session: Session, typed: str) -> None:
    client = add(session, "Peña", "C-00012")
    add(session, "Other", "D-77777")
    cause = only(session, typed)
    assert isinstance(cause, Near)
    assert (cause.client.id, cause.by_number) == (client.id, True)


def test_the_nearest_number_comes_first(session: Session) -> None:
    for number in ("C-0013", "C-0021", "C-012", "C-0112"):
        add(session, f"Of {number}", number)
    near = [cause.client.number for cause in causes(session, "C-0012") if isinstance(cause, Near)]
    assert near == ["C-012", "C-0021", "C-0013", "C-0112"]


def test_moved_deleted_and_taken_back(session: Session, other: Session) -> None:
    add(session, "Movida SL", "M-1")
    send(session, other, MOVE, "M-1")
    gone = add(session, "Borrada SL", "G-1")
    clients.delete(session, gone)
    undone = add(session, "Deshecha SL", "U-1")
    plan = undoing.latest(session)
    assert plan is not None
    undoing.undo(session, plan)
    moved = only(session, "movida")
    assert isinstance(moved, Gone)
    assert (moved.firm, moved.who, moved.may_be_undone) == ("Norte SL", "Ana García", False)
    deleted = only(session, "G-1")
    assert isinstance(deleted, Gone)
    assert (deleted.firm, deleted.undone, deleted.client.company_id) == ("", "", gone.values["company_id"])
    assert told(session, deleted).startswith("It was deleted permanently on 20")
    back = only(session, "deshecha")
    assert isinstance(back, Gone)
    assert (back.undone, back.may_be_undone, back.client.id) == ("Client added", True, undone.id)
    assert back.undone_change != back.change
    # With a slip in it, too; and an exact one comes first.
    near = only(session, "borada sl")
    assert isinstance(near, Gone)
    assert near.is_near
    undoing.undo(session, undoing.plan(session, back.change))
    assert isinstance(only(session, "deshecha"), Listed), "done again, it is gone no more"
    assert sound(session)


def test_one_that_came_back_from_another_firm_is_not_told_as_gone(session: Session, other: Session) -> None:
    add(session, "Vuelta SL", "V-1")
    send(session, other, MOVE, "V-1")
    assert isinstance(only(session, "vuelta"), Gone)
    send(other, session, MOVE, "V-1")
    assert isinstance(only(session, "vuelta"), Listed)


def test_refused_in_an_import(session: Session) -> None:
    run = refuse_a_row(session, "Rechazada Ñ SL")
    for text in ("rechazada n", "Rechasada"):
        cause = only(session, text)
        assert isinstance(cause, RefusedRow)
        assert (cause.run, cause.line, cause.place, cause.who) == (run, 7, 4, "Ana García")
        assert "list.csv, line 7" in told(session, cause)
        assert cause.problem is not None
        assert cause.problem.message in told(session, cause)
    assert sound(session)


def test_what_is_called_just_so_comes_first_wherever_it_is_and_no_near_one_then(session: Session) -> None:
    for number in ("C-00178", "C-00197", "C-00719", "C-0179", "C-00180", "C-00170"):
        add(session, f"Near {number}", number)
    clients.delete(session, add(session, "Borrada SL", "C-00179"))
    (deleted,) = causes(session, "C-00179")
    assert isinstance(deleted, Gone)
    assert deleted.client.number == "C-00179"
    refuse_a_row(session, "C-00171")
    (refused,) = causes(session, "C-00171")
    assert isinstance(refused, RefusedRow)
    for count in range(missing.MOST + 1):
        add(session, f"Peña {count}", city="Madrid")
    clients.set_status(session, [add(session, "Peña").id], active=False)
    query = LIST.with_another(Filter("city", Op.IS, ("Lugo",)))
    first = causes(session, "peña", query)[0]
    assert isinstance(first, Inactive)
    assert first.client.name == "Peña"


def test_one_that_was_called_so_until_a_moment_ago(session: Session, at_work: At) -> None:
    client = add(session, "Construcciones Íñigo SL", "C-12")
    bob = at_work("bob", Access.FULL)
    clients.edit(bob, client, {"display_name": "Peña e Hijos", "client_number": "K-77"})
    for text, was in (
        ("construcciones inigo sl", "Construcciones Íñigo SL"),
        ("c-12", "C-12"),
        ("Inigo", "Construcciones Íñigo SL"),
    ):
        cause = only(session, text)
        assert isinstance(cause, Renamed), text
        assert (cause.client.name, cause.client.number, cause.was, cause.who) == (
            "Peña e Hijos",
            "K-77",
            was,
            "Bob Test",
        )
        assert told(session, cause).startswith(f"It was called “{was}” until Bob Test changed that on 20")
    of_lugo = Filter("city", Op.IS, ("Lugo",))
    hidden = only(session, "C-12", LIST.with_another(of_lugo))
    assert isinstance(hidden, Renamed)
    assert hidden.hiding.filters == (of_lugo,)
    # Another one that has the number now comes with it, and a near one does not.
    add(session, "Next", "C-12")
    add(session, "Near", "C-21")
    assert [type(cause) for cause in causes(session, "C-12")] == [Listed, Renamed]
    clients.delete(session, clients.get(session, client.id))
    gone = only(session, "Construcciones Íñigo")
    assert isinstance(gone, Gone)
    assert gone.was == "Construcciones Íñigo SL"
    assert told(session, gone).startswith("A client that was called “Construcciones Íñigo SL” before: It was deleted")


def test_where_the_history_is_longer_than_what_is_looked_through_nobody_ever_is_not_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = add(session, "Construcciones Íñigo SL")
    clients.edit(session, client, {"display_name": "Peña"})
    monkeypatch.setattr(store, "LOOKED_BACK", 2)
    assert isinstance(only(session, "construcciones"), Renamed)
    for city in ("Lugo", "Vigo"):
        clients.edit(session, clients.get(session, client.id), {"city": city})
    answer = missing.why(session, "construcciones", LIST)
    assert answer.causes == ()
    assert told(session, answer.looked).startswith(
        "Nobody here is called so, nor was in the last 2 entries of the history. Looked through: 1 client"
    )


def test_never_seen_says_what_was_looked_through(session: Session) -> None:
    add(session, "Peña")
    clients.delete(session, add(session, "Gone"))
    answer = missing.why(session, "zubizarreta", LIST)
    assert missing_words.looked_in_words(answer.looked) == "1 client, 1 that is gone"
    add(session, "Taken back")
    take_back(session)
    answer = missing.why(session, "zubizarreta", LIST)
    assert missing_words.looked_in_words(answer.looked) == "1 client, 2 that are gone"
    refuse_a_row(session, "Refused")
    answer = missing.why(session, "zubizarreta", LIST)
    assert missing_elsewhere.together(answer, missing_elsewhere.look(session, "zubizarreta")) == (
        NeverSeen(1, 2, 1, 0),
    )


def test_many_are_counted_and_the_one_that_is_meant_comes_first(session: Session) -> None:
    for number in range(missing.MOST + 2):
        add(session, f"García {number}", f"N-{number}")
    add(session, "García")
    answer = missing.why(session, "garcía", LIST)
    assert next(cause.client.name for cause in answer.causes if isinstance(cause, Listed)) == "García"
    assert answer.more == {Listed: 3}
    assert missing_words.more_in_words(answer) == "3 more in the list: type more of it."


def test_near_ones_are_counted(session: Session) -> None:
    for number in range(missing.MOST + 2):
        add(session, f"Construcciones Peña {number}")
    answer = missing.why(session, "construciones", LIST)
    assert len(answer.causes) == missing.MOST
    assert answer.more == {Near: 2}
    assert missing_words.more_in_words(answer) == "2 more nearly so called: type more of it."


@on_one_engine
@pytest.mark.parametrize("text", ["", "  ", "\x1b\x00", "\t\n"])
def test_nothing_is_refused_in_a_sentence(session: Session, text: str) -> None:
    with pytest.raises(Refused) as refused:
        missing.why(session, text, LIST)
    assert refused.value.code == "missing_nothing"


def test_too_much_is_refused_and_the_rest_is_looked_for(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        missing.why(session, "a" * 10_000, LIST)
    assert refused.value.code == "missing_too_long"
    add(session, "[/] 山田 «x» 100%_*", "N-1")
    for text in ("[/] 山田", "山", "\x1b山\x07田", "100%_*", "«X»"):
        assert isinstance(only(session, text), Listed), text
    for text in ("%", "_", "*", '"', "'; DROP", "a" * 500, "a b " * 120, "\\"):
        missing.why(session, text, LIST)


def test_in_another_firm_of_yours(session: Session, other: Session, tmp_path: Path) -> None:
    add(other, "Vecina SL", "V-1")
    before = sorted(tmp_path.iterdir())
    opened_firms.remember(other.location)
    opened_firms.remember(session.location)
    looked = missing_elsewhere.look(session, "vecina", also_slow=True)
    (cause,) = looked.causes
    assert isinstance(cause, Elsewhere)
    assert (cause.client.number, cause.firm, looked.firms) == ("V-1", "Norte SL", 1)
    assert sorted(tmp_path.iterdir()) == before, "nothing is made beside a firm that is only looked into"
    left = missing_elsewhere.look(session, "vecina").causes
    assert isinstance(left[0], NotLooked if on_server(session.location) else Elsewhere)


def test_a_firm_that_is_gone_or_not_yours_is_not_looked_through(session: Session, tmp_path: Path) -> None:
    theirs, gone = str(tmp_path / "theirs.db"), str(tmp_path / "gone.db")
    opening.make_firm(theirs, "Theirs", "Zoe", "zoe-of-another-account")
    opening.make_firm(gone, "Gone", "Ana García", session.login)
    for location in (theirs, gone):
        opened_firms.remember(location)
    Path(gone).unlink()
    (cause,) = missing_elsewhere.look(session, "zoe").causes
    assert isinstance(cause, Unread)
    assert cause.problem.code == "unknown_account"


def test_what_another_program_wrote_among_the_opened_firms_is_left_out(session: Session, tmp_path: Path) -> None:
    opened_firms.remember(session.location)
    path = Path(folders.opened_path())
    for content in (b"\xff", b"{}", b'[1, null, ["x"], ""]', b"[" * 100_000):
        path.write_bytes(content)
        assert opened_firms.remembered() == []
        assert missing_elsewhere.look(session, "x").causes == ()


def test_check_tells_of_texts_that_another_program_wrote_and_repair_makes_them_anew(session: Session) -> None:
    clients.delete(session, add(session, "Borrada SL"))
    refuse_a_row(session, "Rechazada")
    location = session.location
    tamper(location, "deleted_client", "UPDATE deleted_client SET search_text = 'x'")
    tamper(location, "import_refusal", "UPDATE import_refusal SET search_text = 'x'")
    wrong = [finding.sentence for finding in checking.check_firm(session) if not finding.sound]
    assert len(wrong) == 2
    assert isinstance(causes(session, "x")[0], Gone)
    session.close()
    opening.repair_firm(seen_by(location, OWNER))
    with opening.open_firm(location, session.login) as repaired:
        assert sound(repaired)
        assert isinstance(only(repaired, "borrada"), Gone)
        assert isinstance(only(repaired, "rechazada"), RefusedRow)


def test_a_copy_tells_the_same(session: Session, tmp_path: Path) -> None:
    clients.delete(session, add(session, "Borrada SL"))
    refuse_a_row(session, "Rechazada")
    copy = str(tmp_path / "copy.db")
    copying.copy_firm(session, copy)
    with opening.open_firm(copy, session.login) as copied:
        assert isinstance(only(copied, "borrada"), Gone)
        assert isinstance(only(copied, "rechazada"), RefusedRow)


def test_a_transfer_that_copies_leaves_it_in_the_list(session: Session, other: Session) -> None:
    add(session, "Copiada SL", "K-1")
    send(session, other, transfer.How(), "K-1")
    assert isinstance(only(session, "copiada"), Listed)
    assert isinstance(only(other, "K-1"), Listed)

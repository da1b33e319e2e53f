"""Who works in a firm on a server: the login that the server authenticated, whatever is said."""

import psycopg
import pytest

from clientdesk.desk import clients, history, list_columns, opening, team
from clientdesk.desk.records import Column
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import FirmUnusable, Refused
from tests.conftest import At
from tests.desk.conftest import Known
from tests.store.both import bare, seen_by

pytestmark = pytest.mark.thorough("servers")


@pytest.fixture
def engine_name() -> str:
    """All of this is about the server."""
    return "postgres"


def test_it_is_the_login_of_the_server_whatever_is_said(session: Session, at_work: At) -> None:
    at_work("bob", Access.BASIC)
    for login in ("ana", "bob", "postgres", None):
        with opening.open_firm(seen_by(session.location, "bob"), login) as bob:
            assert (bob.login, bob.me.name, bob.me.access) == ("bob", "Bob Test", Access.BASIC)
            with pytest.raises(Refused) as caught:
                clients.add(bob, {"display_name": "x"})
            assert caught.value.code == "not_allowed"
    with opening.open_firm(session.location, "bob") as ana:
        client = clients.add(ana, {"display_name": "Peña SA"})
        assert history.of_client(ana, client.id)[0].who == "Ana García"


def test_a_login_that_is_no_member(session: Session, known_to_server: Known) -> None:
    known_to_server("zoe", Access.BASIC)
    with pytest.raises(Refused) as caught:
        opening.open_firm(seen_by(session.location, "zoe"), "ana")
    assert caught.value.message == (
        "Ríos y Asociados does not know the account “zoe”. Ask Ana García to add you to the team."
    )


def test_a_member_without_a_group_and_one_whose_login_is_not_there(session: Session, known_to_server: Known) -> None:
    for name in ("Bruno", "Clara Nowhere"):
        team.add_member(session, name, "", name.lower(), Access.FULL)
    known_to_server("bruno", None)
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(seen_by(session.location, "bruno"))
    assert (caught.value.code, "bruno" in caught.value.message) == ("no_rights", True)
    with pytest.raises(FirmUnusable) as caught:
        opening.open_firm(seen_by(session.location, "clara nowhere"))
    assert caught.value.code == "login_refused"


def test_someone_made_inactive_reads_no_more_at_the_next_start_and_writes_nothing_now(
    session: Session, at_work: At
) -> None:
    bob = at_work("bob")
    client = clients.add(bob, {"display_name": "Peña SA"})
    member = team.member_by_key(session, "bob")
    team.deactivate_member(session, member.id)
    with pytest.raises(Refused) as caught:
        clients.edit(bob, client, {"city": "Vigo"})
    assert caught.value.code == "inactive_member"
    with pytest.raises(Refused) as caught:
        opening.open_firm(seen_by(session.location, "bob"))
    assert caught.value.code == "inactive_member"
    # The login is still in its group until an administrator takes it out; the server refuses its writes all the same.
    with bare(session.location, "bob") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT begin_change('client.edited')")


def test_what_gives_a_login_its_rights_is_sql_for_an_administrator(session: Session, known_to_server: Known) -> None:
    sql = team.grant_sql(session, "bob", Access.FULL)
    assert 'GRANT clientdesk_full TO "bob";' in sql.splitlines()
    assert sum(not line.startswith("--") for line in sql.splitlines()) == 2
    assert "GRANT" not in team.grant_sql(session, "bob", None)
    assert "REVOKE" in team.grant_sql(session, "bob", None)
    hostile = 'x"; DROP ROLE ana; --'
    assert '"x""; DROP ROLE ana; --"' in team.grant_sql(session, hostile, Access.BASIC)
    weird = 'o\'Neil "Ñ" 100%'
    team.add_member(session, "Weird", "", weird, Access.BASIC)
    known_to_server(weird, Access.BASIC)
    with opening.open_firm(seen_by(session.location, weird)) as opened:
        assert (opened.me.login, clients.totals(opened).all) == (weird, 0)


def test_an_operation_is_stored_with_its_change_set(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.store.history.os.urandom", lambda size: b"\xab" * size)
    clients.add(session, {"display_name": "Peña SA"})
    change_set = session.engine.sql(
        "SELECT operation, kind, actor_id FROM change_set ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert change_set == ("ab" * 16, "client.added", session.me.id)
    assert session.engine.settle("ab" * 16)
    assert not session.engine.settle("cd" * 16)
    # It is unique: the same write cannot be in the firm twice, even where somebody sends it again.
    with pytest.raises(Exception, match="change_set_operation"):
        clients.add(session, {"display_name": "Peña SA once more"})
    assert clients.totals(session).all == 1


def test_what_a_member_keeps_is_their_own(session: Session, at_work: At) -> None:
    bob = at_work("bob", Access.BASIC)
    list_columns.save_columns(bob, (Column("display_name", 9),))
    assert list_columns.columns(bob) == (Column("display_name", 9),)
    assert list_columns.columns(session) == list_columns.first_columns()
    with bare(session.location, "bob") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE member_setting SET value = '[]'")


def test_the_role_that_was_handed_over_counts_with_its_group(
    session: Session, at_work: At, known_to_server: Known
) -> None:
    """After a hand-over the two logins swap their groups, as the SQL for the administrator says."""
    client = clients.add(session, {"display_name": "Peña SA"})
    bob = at_work("bob")
    team.offer_primary_admin(session, bob.me.id)
    team.accept_primary_admin(bob)
    with pytest.raises(Refused) as caught:
        clients.delete(session, client)
    assert caught.value.code == "delete_refused"
    with pytest.raises(FirmUnusable) as unusable:  # the administrator has not run the SQL yet
        clients.delete(bob, client)
    assert unusable.value.code == "server_forbids"
    try:
        known_to_server("bob", Access.PRIMARY_ADMIN)
        known_to_server("ana", Access.FULL)
        clients.delete(bob, client)
        assert clients.totals(session).all == 0
        assert clients.add(session, {"display_name": "Ríos"}).active
    finally:
        known_to_server("ana", Access.PRIMARY_ADMIN)

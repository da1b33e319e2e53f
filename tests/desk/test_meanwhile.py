"""A write that touches no row says why: changed, deleted, made inactive, done already, or not allowed."""

from collections.abc import Callable

import pytest

from clientdesk.desk import (
    client_types,
    clients,
    firm_settings,
    history,
    imports,
    opening,
    pricing_plan,
    team,
    transfer,
)
from clientdesk.desk.imports.batch_writing import Work, write_batch
from clientdesk.desk.imports.client_rows import ClientRows
from clientdesk.desk.imports.import_records import ClientSetup, ImportKind
from clientdesk.desk.imports.row_judging import Judging
from clientdesk.desk.jobs import never
from clientdesk.desk.meanwhile import Since
from clientdesk.desk.records import Client, Stale
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.judged_row import JudgedRow
from clientdesk.domain.problems import FirmUnusable, Refused
from clientdesk.store.judged_rows import JudgedRows
from tests.conftest import At
from tests.desk.between_firms import MOVE, everyone, names
from tests.store.both import bare, keep_from_all, on_a_server

Attempt = Callable[[Session, Client], object]
OVER_A_CLIENT: dict[str, Attempt] = {
    "edit": lambda session, client: clients.edit(session, client, {"city": "Vigo"}),
    "delete": lambda session, client: clients.delete(session, client),
}


def refusal(attempt: Attempt, session: Session, client: Client) -> Refused:
    before = history.of_firm(session)
    with pytest.raises(Refused) as caught:
        attempt(session, client)
    assert history.of_firm(session) == before
    assert not session.engine.inside
    return caught.value


@pytest.fixture
def pena(session: Session) -> Client:
    return clients.add(session, {"display_name": "Peña SA", "client_number": "C-1"})


# --- what someone else did


@pytest.mark.parametrize("attempt", OVER_A_CLIENT)
def test_changed(session: Session, at_work: At, pena: Client, attempt: str) -> None:
    theirs = clients.edit(at_work("bob"), pena, {"phone": "+34 911 222 333", "city": "Lugo"})
    stale = refusal(OVER_A_CLIENT[attempt], session, pena)
    assert (stale.code, stale.message) == ("stale", "Peña SA was changed by Bob Test meanwhile.")
    assert isinstance(stale, Stale)
    assert stale.theirs == theirs


def test_what_you_did_yourself_in_another_window_is_not_told_of_someone_else(
    session: Session, at_work: At, pena: Client
) -> None:
    window = at_work("ana", Access.PRIMARY_ADMIN)
    clients.edit(window, pena, {"city": "Lugo", "phone": "+34 911 222 333"})
    stale = refusal(OVER_A_CLIENT["edit"], session, pena)
    assert stale.message == "Peña SA was changed by you in another window meanwhile."
    saved = clients.save(session, pena, {"email": "a@pena.example"})
    assert (set(saved.meanwhile), saved.by) == ({"city", "phone"}, "Ana García")
    clients.delete(window, saved.client)
    assert refusal(OVER_A_CLIENT["edit"], session, pena).message == "Peña SA was deleted by you."
    assert refusal(OVER_A_CLIENT["edit"], at_work("bob"), pena).message == "Peña SA was deleted by Ana García."


def test_who_is_named_made_the_change_that_is_told(session: Session, at_work: At, pena: Client) -> None:
    bob, carl = at_work("bob"), at_work("carl")
    clients.edit(bob, pena, {"city": "Lugo"})
    clients.edit(carl, clients.get(carl, pena.id), {"phone": "+34 911 222 333"})
    assert refusal(OVER_A_CLIENT["edit"], session, pena).message == "Peña SA was changed by Bob Test meanwhile."
    saved = clients.save(session, pena, {"city": "Lugo"})
    assert (saved.written, saved.meanwhile, saved.by) == (False, ("phone",), "Carl Test")


@pytest.mark.parametrize("attempt", OVER_A_CLIENT)
def test_made_inactive(session: Session, at_work: At, pena: Client, attempt: str) -> None:
    bob = at_work("bob")
    clients.set_status(bob, [pena.id], False)
    inactive = clients.get(bob, pena.id)
    stale = refusal(OVER_A_CLIENT[attempt], session, pena)
    assert (stale.code, stale.message) == ("made_inactive", "Peña SA was made inactive by Bob Test meanwhile.")
    assert isinstance(stale, Stale)
    assert stale.theirs == inactive
    OVER_A_CLIENT[attempt](session, inactive)  # who has seen it goes on


def test_made_inactive_among_other_changes(session: Session, at_work: At, pena: Client) -> None:
    bob, carl = at_work("bob"), at_work("carl")
    clients.edit(bob, pena, {"phone": "+34 911 222 333"})
    clients.set_status(carl, [pena.id], False)
    clients.edit(bob, clients.get(bob, pena.id), {"notes": "left"})
    stale = refusal(OVER_A_CLIENT["edit"], session, pena)
    assert (stale.code, "Carl Test" in stale.message) == ("made_inactive", True)
    assert isinstance(stale, Stale)
    assert stale.theirs.values["notes"] == "left"


def test_inactive_before_it_was_read_is_only_changed(session: Session, at_work: At, pena: Client) -> None:
    clients.set_status(session, [pena.id], False)
    seen = clients.get(session, pena.id)
    clients.edit(at_work("bob"), seen, {"city": "Lugo"})
    assert refusal(OVER_A_CLIENT["edit"], session, seen).code == "stale"
    clients.set_status(session, [pena.id], True)
    assert refusal(OVER_A_CLIENT["edit"], session, seen).code == "stale"
    future = seen._replace(version=seen.version + 10)  # a form from before an older state was brought back
    assert refusal(OVER_A_CLIENT["edit"], session, future).code == "stale"


WITHOUT_A_CLIENT: dict[str, Attempt] = {
    **OVER_A_CLIENT,
    "deactivate": lambda session, client: clients.set_status(session, [client.id], False),
    "activate": lambda session, client: clients.set_status(session, [client.id], True),
    "put on plan": lambda session, client: pricing_plan.put_on_plan(session, client.id, "plus"),
    "get": lambda session, client: clients.get(session, client.id),
}


@pytest.mark.parametrize("attempt", WITHOUT_A_CLIENT)
def test_deleted(session: Session, at_work: At, pena: Client, attempt: str) -> None:
    bob = at_work("bob")
    clients.delete(session, pena)
    assert refusal(WITHOUT_A_CLIENT[attempt], bob, pena).code == "client_gone"


def test_of_several_clients_those_that_are_left_get_the_status(session: Session, at_work: At, pena: Client) -> None:
    others = [clients.add(session, {"display_name": name}) for name in ("Ríos", "Mar")]
    bob = at_work("bob")
    chosen = [pena.id, *[each.id for each in others]]
    clients.delete(session, pena)
    clients.set_status(session, [others[0].id], False)
    assert clients.set_status(bob, chosen, False) == 1
    assert clients.set_status(bob, chosen, False) == 0  # all of them have it already
    assert [clients.get(bob, each.id).active for each in others] == [False, False]
    assert clients.set_status(bob, [], False) == 0


def test_a_lead_accountant_whose_client_got_another_one_meanwhile(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    carl = team.add_member(session, "Carl", "", "carl", Access.BASIC)
    one, two = (clients.add(session, {"display_name": name, "lead": "Bob Test"}) for name in ("One", "Two"))
    clients.edit(bob, one, {"lead": "Carl"})
    clients.delete(session, two)
    team.deactivate_member(session, bob.me.id, new_leads={one.id: "Ana García", two.id: ""})
    assert clients.get(session, one.id).values["lead"] == carl.name


def test_settings_types_and_members_say_what_was_read_and_what_stands_there_now(session: Session, at_work: At) -> None:
    bob, eve = at_work("bob"), at_work("eve", Access.BASIC).me
    firm, kind = firm_settings.info(session), client_types.all_types(session)[0]
    member = team.member_by_key(session, "eve")
    firm_settings.save(bob, firm_settings.info(bob), {"upload_limit": "no", "client_notice": ""})
    client_types.rename_type(bob, kind, "Club")
    team.save_member(bob, member, {"email": "eve@rios.example"})
    for attempt, sentence in (
        (
            lambda: firm_settings.save(session, firm, {"client_notice": "3000"}),
            "The notice was changed by Bob Test meanwhile. QuickBooks notice said “2000” when it was read, and says “nothing” now.",
        ),
        (
            lambda: client_types.rename_type(session, kind, "Circle"),
            f"The client type {kind.name} was changed by Bob Test meanwhile. "
            f"Name said “{kind.name}” when it was read, and says “Club” now.",
        ),
        (
            lambda: team.save_member(session, member, {"email": "e@rios.example"}),
            "Eve Test was changed by Bob Test meanwhile. E-mail said “nothing” when it was read, and says “eve@rios.example” now.",
        ),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "stale"
        assert refused.value.message == sentence
    since = firm_settings.changed_since(session, firm, "upload_limit"), team.changed_since(session, member)
    assert [(field.field, field.label) for news in since for field in news.fields] == [
        ("upload_limit", "Upload limit"),
        ("email", "E-mail"),
    ]
    assert ([entry.who for entry in since], since[1].fields[0].new) == (["Bob Test"] * 2, "eve@rios.example")
    assert firm_settings.changed_since(session, firm, "name") == Since()
    saved, meanwhile, by, written = firm_settings.save_settings(session, firm, {"name": "Sur SL"})
    assert written
    assert not firm_settings.save_settings(session, saved, {"name": "Sur SL"}).written
    assert (saved.name, saved.client_notice, saved.upload_limit) == ("Sur SL", None, False), "other settings merge"
    assert (set(meanwhile), by) == ({"client_notice", "upload_limit"}, "Bob Test")
    assert team.save_member(session, member, {"name": "Eva"}).member._replace(version=0)[2:4] == (
        "Eva",
        "eve@rios.example",
    )
    assert eve.id == member.id


# --- what the database keeps from you without an error

SILENTLY: dict[str, tuple[str, str, Callable[[Session, Client], object]]] = {
    "edit": ("client", "UPDATE", OVER_A_CLIENT["edit"]),
    "delete": ("client", "DELETE", OVER_A_CLIENT["delete"]),
    "deactivate": ("client", "UPDATE", WITHOUT_A_CLIENT["deactivate"]),
    "put on plan": ("client", "UPDATE", WITHOUT_A_CLIENT["put on plan"]),
    "lead": ("client", "UPDATE", lambda s, c: _leave(s, "")),
    "member": ("team_member", "UPDATE", lambda s, c: _change_member(s)),
    "leave": ("team_member", "UPDATE", lambda s, c: _leave(s, None)),
    "firm": ("firm", "UPDATE", lambda s, c: firm_settings.save(s, s.firm, {"name": "Norte"})),
    "offer": ("firm", "UPDATE", lambda s, c: team.offer_primary_admin(s, team.member_by_key(s, "bob").id)),
    "rename type": (
        "client_type",
        "UPDATE",
        lambda s, c: client_types.rename_type(s, client_types.all_types(s)[0], "Club"),
    ),
    "remove type": ("client_type", "DELETE", lambda s, c: client_types.remove_type(s, 1)),
}


def _change_member(session: Session) -> None:
    bob = team.member_by_key(session, "bob")
    team.save_member(session, bob, {"email": "bob@rios.example"})


def _leave(session: Session, everyone_to: str | None) -> None:
    bob = team.member_by_key(session, "bob")
    team.deactivate_member(session, bob.id, everyone_to)


@pytest.mark.parametrize("attempt", SILENTLY)
def test_not_allowed(session: Session, attempt: str) -> None:
    team.add_member(session, "Bob", "", "bob", Access.FULL)
    lead = "Bob" if attempt == "lead" else ""
    client = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1", "lead": lead})
    table, operation, write = SILENTLY[attempt]
    keep_from_all(session.location, table, operation)
    refused = refusal(write, session, client)
    assert refused.code == "database_forbids"
    assert not isinstance(refused, Stale)
    assert "Ask Ana García" in refused.message
    assert clients.get(session, client.id) == client


def test_rows_of_an_import_that_are_not_allowed(session: Session, pena: Client) -> None:
    rows, row = JudgedRows(), JudgedRow(1, 2, ("Peña SA", "C-1", "Vigo"))
    setup = ClientSetup(("display_name", "client_number", "city"), key="client_number")
    reader = ClientRows(("Name", "Number", "City"), setup, "list.csv")
    judging = Judging(reader, rows, setup)
    judging.begin(session)
    judging.judge(session, [row])
    keep_from_all(session.location, "client", "UPDATE")
    run = imports.begin_run(session, "clients", "list.csv", 1)
    (outcome,) = write_batch(session, Work(ImportKind.CLIENTS, run, rows, reader), [1], never)
    assert outcome.problem is not None
    assert (outcome.verdict, outcome.problem.code) == ("refused", "database_forbids")
    assert clients.get(session, pena.id) == pena


def test_a_move_that_may_not_take_the_clients_out(session: Session, other: Session, pena: Client) -> None:
    keep_from_all(session.location, "client", "DELETE")
    with pytest.raises(Refused) as refused:
        transfer.transfer(session, other, everyone(session), MOVE)
    assert refused.value.code == "move_unfinished"
    assert (names(session), names(other)) == (["Peña SA"], ["Peña SA"])


@on_a_server
def test_a_login_with_too_small_a_group_is_told_so(
    session: Session, at_work: At, pena: Client, known_to_server: Callable[[str, Access | None], None]
) -> None:
    """Bob has full access in the firm, but the server's administrator has given his login the basic group."""
    at_work("bob").close()
    known_to_server("bob", Access.BASIC)
    with opening.open_firm(session.location.replace("//ana@", "//bob@")) as bob:
        assert bob.me.access is Access.FULL
        for attempt in ("edit", "deactivate"):
            with pytest.raises(FirmUnusable) as caught:
                WITHOUT_A_CLIENT[attempt](bob, pena)
            assert caught.value.code == "server_forbids"
            assert "permission denied" in caught.value.message
        assert clients.get(bob, pena.id) == pena
        assert not bob.engine.inside


def test_the_control_without_the_database_in_the_way(session: Session, pena: Client) -> None:
    """What `test_not_allowed` refuses goes through as soon as nothing keeps it: the refusals are not made up."""
    team.add_member(session, "Bob", "", "bob", Access.FULL)
    for attempt in ("edit", "deactivate", "member", "leave", "firm", "rename type", "remove type"):
        SILENTLY[attempt][2](session, pena._replace(version=clients.get(session, pena.id).version))
    with bare(session.location) as connection:
        assert connection.execute("SELECT name FROM firm").fetchone() == ("Norte",)

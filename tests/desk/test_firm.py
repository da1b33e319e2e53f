"""Team, plan, settings, history and the demo."""

from datetime import UTC, datetime, timedelta

import pytest

from clientdesk.desk import (
    client_types,
    clients,
    demo,
    firm_settings,
    history,
    list_columns,
    opening,
    pricing_plan,
    team,
)
from clientdesk.desk.records import Column, Member
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery, clients_where
from clientdesk.domain.problems import Refused
from tests.conftest import At


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code


def member(session: Session, login: str) -> Member:
    return next(member for member in team.members(session) if member.login == login)


def test_the_team_is_listed_with_who_leads_how_many(session: Session) -> None:
    team.add_member(session, "Bob", "bob@rios.example", "bob", Access.BASIC)
    clients.add(session, {"display_name": "One", "lead": "Bob"})
    inactive = clients.add(session, {"display_name": "Two", "lead": "Bob"})
    clients.set_status(session, [inactive.id], False)
    members = team.members(session)
    assert [(each.name, each.access, each.clients) for each in members] == [
        ("Ana García", Access.PRIMARY_ADMIN, 0),
        ("Bob", Access.BASIC, 1),
    ]


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"name": "ANA GARCIA"}, [("name", "member_name_taken")]),
        ({"login": "ana"}, [("login", "login_taken")]),
        ({"name": "", "login": " "}, [("name", "required"), ("login", "required")]),
        ({"email": "nobody"}, [("email", "email")]),
        ({"access": "primary_admin"}, [("access", "not_a_choice")]),
    ],
)
def test_what_a_team_member_may_not_be(
    session: Session, values: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    whole = {"name": "Bob", "email": "", "login": "bob", "access": "full", **values}
    with pytest.raises(Refused) as caught:
        team.add_member(session, whole["name"], whole["email"], whole["login"], whole["access"])  # type: ignore[arg-type]
    assert [(problem.field, problem.code) for problem in caught.value.problems] == problems
    assert len(team.members(session)) == 1


def test_a_lead_who_leaves_hands_over_all_clients_first(session: Session) -> None:
    bob = team.add_member(session, "Bob", "", "bob", Access.FULL)
    team.add_member(session, "Carla", "", "carla", Access.BASIC)
    one, two, three = (clients.add(session, {"display_name": name, "lead": "Bob"}) for name in ("One", "Two", "Three"))
    clients.set_status(session, [three.id], False)
    assert [row.values[1] for row in team.led_clients(session, bob.id, 9)] == ["One", "Three", "Two"]
    for each in ({}, {one.id: "Carla"}):
        with pytest.raises(Refused) as caught:
            team.deactivate_member(session, bob.id, new_leads=each)
        assert code_of(caught) == "leads_clients"
    with pytest.raises(Refused) as caught:
        team.deactivate_member(session, bob.id, everyone_to="Bob")
    assert code_of(caught) == "unknown_lead"
    assert clients.get(session, one.id).values["lead"] == "Bob"
    gone = team.deactivate_member(session, bob.id, everyone_to="", new_leads={one.id: "Carla"})
    assert (gone.active, gone.clients) == (False, 0)
    assert [clients.get(session, each.id).values["lead"] for each in (one, two, three)] == ["Carla", "", ""]
    assert history.of_client(session, one.id)[0].kind == "team.deactivated"
    assert "Bob" not in clients.lead_names(session)
    back = team.activate_member(session, bob.id)
    assert back.active
    assert "Bob" in clients.lead_names(session)


def test_nobody_sends_the_primary_admin_or_themselves_away(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    ana, me = member(session, "ana"), member(session, "bob")
    with pytest.raises(Refused) as caught:
        team.deactivate_member(bob, ana.id)
    assert code_of(caught) == "primary_admin_stays"
    with pytest.raises(Refused) as caught:
        team.save_member(session, ana, {"access": "basic"})
    assert code_of(caught) == "primary_admin_stays"
    with pytest.raises(Refused) as caught:
        team.save_member(bob, ana, {"login": "bobs-other-account"})
    assert code_of(caught) == "not_allowed"
    with pytest.raises(Refused) as caught:
        team.deactivate_member(bob, me.id)
    assert code_of(caught) == "not_yourself"


def test_the_role_is_handed_over_in_two_steps(session: Session, at_work: At) -> None:
    bob, carl = at_work("bob"), at_work("carl", Access.BASIC)
    with pytest.raises(Refused) as caught:
        team.offer_primary_admin(session, carl.me.id)
    assert code_of(caught) == "hand_over_needs_full"
    with pytest.raises(Refused) as caught:
        team.offer_primary_admin(bob, bob.me.id)
    assert code_of(caught) == "not_allowed"
    assert team.offer_primary_admin(session, bob.me.id).offered_to == bob.me.id
    with pytest.raises(Refused) as caught:
        team.accept_primary_admin(carl)
    assert code_of(caught) == "no_hand_over"
    team.withdraw_offer(session)
    with pytest.raises(Refused):
        team.accept_primary_admin(bob)
    team.offer_primary_admin(session, bob.me.id)
    team.decline_primary_admin(bob)
    assert firm_settings.info(session).offered_to is None
    team.offer_primary_admin(session, bob.me.id)
    assert team.accept_primary_admin(bob).primary_admin == "Bob Test"
    assert bob.me.access is Access.PRIMARY_ADMIN
    assert [(member.login, member.access) for member in team.members(session)] == [
        ("ana", Access.FULL),
        ("bob", Access.PRIMARY_ADMIN),
        ("carl", Access.BASIC),
    ]
    assert [change.kind for change in history.of_firm(session, 2)] == ["firm.accept", "firm.offer"]


def test_the_plan(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "primary_admin": "firm"})
    with pytest.raises(Refused) as caught:
        pricing_plan.put_on_plan(session, client.id, "")
    assert code_of(caught) == "plan_without_subscription"
    pricing_plan.put_on_plan(session, client.id, "plus")
    with pytest.raises(Refused) as caught:
        pricing_plan.put_on_plan(session, client.id, "plus")
    assert code_of(caught) == "already_on_plan"
    assert pricing_plan.put_on_plan(session, client.id, "advanced").values["subscription"] == "advanced"
    on_plan = clients_where("billed_to", "firm")
    assert clients.count(session, on_plan) == 1
    with pytest.raises(Refused) as caught:
        pricing_plan.accept_hand_over(session, client.id)
    assert code_of(caught) == "hand_over_not_requested"
    pricing_plan.request_hand_over(session, client.id)
    pricing_plan.cancel_hand_over(session, client.id)
    pricing_plan.request_hand_over(session, client.id)
    assert pricing_plan.accept_hand_over(session, client.id).values["primary_admin"] == "client"
    with pytest.raises(Refused) as caught:
        pricing_plan.request_hand_over(session, client.id)
    assert code_of(caught) == "hand_over_not_firm"
    assert pricing_plan.take_off_plan(session, client.id).values["billed_to"] == "client"
    with pytest.raises(Refused) as caught:
        pricing_plan.take_off_plan(session, client.id)
    assert code_of(caught) == "not_on_plan"
    assert clients.count(session, on_plan) == 0


def test_settings_and_the_notice(session: Session) -> None:
    assert session.firm.client_notice == 2000
    assert firm_settings.save(session, session.firm, {"client_notice": ""}).client_notice is None
    saved = firm_settings.save(session, session.firm, {"client_notice": "1,500", "name": " Ríos  SL "})
    assert (saved.client_notice, saved.name) == (1500, "Ríos SL")
    for values, code in (
        ({"name": " "}, "required"),
        ({"client_notice": "many"}, "not_a_number"),
        ({"client_notice": "9" * 13}, "number_out_of_bounds"),
    ):
        with pytest.raises(Refused) as caught:
            firm_settings.save(session, saved, values)
        assert code_of(caught) == code
    with pytest.raises(Refused) as caught:
        firm_settings.save(
            session, saved._replace(settings={**saved.settings, "name": "Ríos y Asociados"}), {"name": "x"}
        )
    assert code_of(caught) == "stale"


def test_client_types_are_an_editable_list(session: Session) -> None:
    club = client_types.add_type(session, "Club")
    clients.add(session, {"display_name": "x", "client_type": "Club"})
    with pytest.raises(Refused) as caught:
        client_types.add_type(session, "CLUB ")
    assert code_of(caught) == "type_taken"
    with pytest.raises(Refused) as caught:
        client_types.remove_type(session, club.id)
    assert code_of(caught) == "type_in_use"
    client_types.rename_type(session, club, "Verein")
    assert clients.window(session, ClientQuery(), ("client_type",), 0, 1)[0].values == ("Verein",)
    trust = next(client_type for client_type in client_types.all_types(session) if client_type.name == "Trust")
    client_types.remove_type(session, trust.id)
    with pytest.raises(Refused) as caught:
        client_types.rename_type(session, trust, "Trusts")
    assert caught.value.message.startswith("The client type Trust was removed by ")
    assert caught.value.message.endswith(". Add it again where it is needed.")
    assert [client_type.name for client_type in client_types.all_types(session)] == [
        "Business",
        "Individual",
        "Nonprofit",
        "Verein",
    ]


def test_columns_are_each_members_own(session: Session, at_work: At) -> None:
    bob = at_work("bob", Access.BASIC)
    assert list_columns.columns(bob) == list_columns.first_columns()
    mine = (Column("display_name", 40), Column("city", 2), Column("notes", 999))
    list_columns.save_columns(bob, mine)
    assert list_columns.columns(bob) == (Column("display_name", 40), Column("city", 3), Column("notes", 120))
    assert list_columns.columns(session) == list_columns.first_columns()
    with pytest.raises(Refused):
        list_columns.save_columns(bob, ())


def test_the_history_of_the_firm_names_what_it_is_about(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    clients.edit(session, client, {"city": "Vigo"})
    team.add_member(session, "Bob", "", "bob", Access.FULL)
    latest = history.of_firm(session, 3)
    assert [(entry.title, entry.subject) for entry in latest] == [
        ("Team member added", "Bob"),
        ("Client edited", "Peña SA"),
        ("Client added", "Peña SA"),
    ]
    assert [(field.label, field.new) for field in latest[0].fields] == [
        ("Name", "Bob"),
        ("Login", "bob"),
        ("Access", "full"),
        ("Status", "Active"),
    ]


@pytest.mark.thorough("many")
def test_the_demo_is_the_same_every_time_and_of_many_scripts(tmp_path_factory: pytest.TempPathFactory) -> None:
    seen = []
    for _ in range(2):
        location = str(tmp_path_factory.mktemp("demo") / "demo.db")
        demo.write_demo(location, login="ana")
        with opening.open_firm(location, "ana") as session:
            seen.append(
                clients.window(session, ClientQuery(filters=()), ("company_id", "display_name", "notes"), 0, 300)
            )
            assert clients.totals(session).all == 240
            assert len(team.members(session)) == 6
            assert session.me.access is Access.PRIMARY_ADMIN
            for word in ("García", "Müller", "Nguyễn", "山田", "Παπαδόπουλος", "Шевченко"):
                assert clients.count(session, ClientQuery(filters=(), find=word)), word
            problems = [
                problem
                for row in seen[-1][:60]
                for problem in clients.check(session, clients.get(session, row.id).values)
                if problem.code not in ("number_taken", "same_name", "tax_id")
            ]
            assert problems == []
    assert seen[0] == seen[1]


def test_an_empty_demo_is_an_empty_firm(tmp_path_factory: pytest.TempPathFactory) -> None:
    location = str(tmp_path_factory.mktemp("demo") / "demo.db")
    demo.write_demo(location, 0, login="ana")
    with opening.open_firm(location, "ana") as session:
        assert clients.totals(session) == (0, 0)


def test_a_new_firm_asks_for_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    location = str(tmp_path_factory.mktemp("new") / "firm.db")
    assert [problem.field for problem in opening.check_new(" ", "\x1b")] == ["firm", "name"]
    with pytest.raises(Refused):
        opening.create_firm(location, " ", "Ana", "ana")
    assert opening.account_login()


def test_the_day_is_that_of_the_firms_time_zone(session: Session) -> None:
    def set_zone(typed: str) -> object:
        return firm_settings.save(session, session.firm, {"time_zone": typed}).settings["time_zone"]

    assert set_zone("pacific/kiritimati") == "Pacific/Kiritimati"
    first = session.today()
    assert set_zone(" Pago Pago ") == "Pacific/Pago_Pago"
    assert session.today() < first, "they are 25 hours apart"
    with pytest.raises(Refused, match="“Mars” is no time zone"):
        set_zone("Mars")
    assert set_zone("") == ""
    ahead, zone = session.engine.clock()
    assert abs(ahead) < timedelta(hours=1)
    assert first - timedelta(days=2) <= (datetime.now(UTC) + ahead).astimezone(zone).date() <= first

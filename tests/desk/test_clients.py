"""Clients: adding, editing, deactivating, deleting, as every caller finds it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import (
    client_rules,
    client_types,
    clients,
    firm_settings,
    history,
    imports,
    opening,
    pricing_plan,
    team,
)
from clientdesk.desk.records import Client, Member, Stale
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import Kind
from clientdesk.domain.problems import Refused
from clientdesk.text import is_control
from tests.conftest import At
from tests.desk.conftest import Known
from tests.many import add_many
from tests.store.both import seen_by


def names(session: Session, find: str = "", status: str = "all") -> list[str]:
    query = ClientQuery((), find).with_value("status", None if status == "all" else status)
    rows = clients.window(session, query, ("display_name",), 0, 100)
    return [row.values[0] for row in rows]


def refused(session: Session, **values: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        clients.add(session, values)
    return [(problem.field, problem.code) for problem in caught.value.problems]


def test_a_new_client_has_a_company_id_of_ours(session: Session) -> None:
    client = clients.add(session, {"display_name": "  Peña   SA "})
    assert client.values == {**BUILT_IN.empty, "display_name": "Peña SA", "company_id": client.values["company_id"]}
    assert client.values["company_id"].startswith("L")
    assert len({client_rules.new_company_id() for _ in range(100)}) == 100
    assert clients.new_values(session)["lead"] == "Ana García"


def test_everything_wrong_is_told_at_once_and_nothing_is_written(session: Session) -> None:
    clients.add(session, {"display_name": "Holder", "client_number": "C-1"})
    assert refused(
        session,
        display_name="\t",
        client_number=" ｃ-1 ",
        email="x",
        client_type="Club",
        lead="Nobody",
        billed_to="firm",
    ) == [
        ("client_number", "number_taken"),
        ("display_name", "required"),
        ("client_type", "unknown_client_type"),
        ("lead", "unknown_lead"),
        ("email", "email"),
        ("subscription", "plan_without_subscription"),
    ]
    assert names(session) == ["Holder"]
    assert refused(session, display_name="x", colour="red") == [("", "unknown_field")]


def test_types_leads_and_choices_are_known_in_any_case(session: Session) -> None:
    values = {"display_name": "x", "client_type": "NONPROFIT", "lead": "ana garcia", "subscription": "QuickBooks Plus"}
    client = clients.add(session, values)
    assert (client.values["client_type"], client.values["lead"]) == ("Nonprofit", "Ana García")
    assert client.values["subscription"] == "plus"
    assert clients.edit(session, client, {"lead": "ana"}).values["lead"] == "Ana García"


def test_warnings_do_not_stop(session: Session) -> None:
    clients.add(session, {"display_name": "Peña SA", "client_number": "C-7"})
    problems = clients.check(session, {"display_name": "PENA sa", "phone": "call me", "tax_id": "banana"})
    assert [(each.field, each.code, each.warning) for each in problems] == [
        ("display_name", "same_name", True),
        ("phone", "phone", True),
        ("tax_id", "tax_id", True),
    ]
    assert "C-7" in problems[0].message
    clients.add(session, {"display_name": "PENA sa", "phone": "call me", "tax_id": "banana"})
    assert names(session) == ["Peña SA", "PENA sa"]


def test_a_client_does_not_clash_with_itself(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "client_number": "C-7"})
    assert clients.check(session, {"display_name": "peña sa", "client_number": "c-7"}, client.id) == []
    edited = clients.edit(session, client, {"display_name": "peña sa", "client_number": "c-7"})
    assert edited.values["client_number"] == "c-7"
    assert clients.by_key(session, "C-7").id == client.id


def test_an_edit_writes_what_changed_and_nothing_else(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "client_type": "Trust", "notes": "one\ntwo"})
    same = clients.edit(session, client, {"display_name": "Peña SA", "client_type": "trust"})
    assert same.version == client.version
    edited = clients.edit(session, client, {**_editable(client.values), "city": "Vigo", "client_type": ""})
    assert edited.version == client.version + 1
    latest = history.of_client(session, client.id)[0]
    assert {(field.field, field.old, field.new) for field in latest.fields} == {
        ("client_type", "Trust", ""),
        ("city", "", "Vigo"),
    }
    assert len(history.of_client(session, client.id)) == 2


def _editable(values: Mapping[str, str]) -> dict[str, str]:
    return {field.name: values[field.name] for field in BUILT_IN.form_fields if field.name in values}


@pytest.mark.parametrize(("field", "value"), [("status", "inactive"), ("company_id", "9")])
def test_what_has_a_use_case_of_its_own_is_not_edited(session: Session, field: str, value: str) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    with pytest.raises(Refused) as caught:
        clients.edit(session, client, {field: value})
    assert caught.value.code == "fixed_field"


def test_a_save_over_another_save_is_refused_with_theirs(session: Session, at_work: At) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    bob = at_work("bob")
    clients.edit(bob, client, {"phone": "+34 911 222 333", "email": "bob@pena.example"})
    with pytest.raises(Stale) as caught:
        clients.edit(session, client, {"email": "hola@pena.example"})
    theirs = caught.value.theirs
    assert (theirs.version, theirs.values["phone"], theirs.values["email"]) == (
        2,
        "+34 911 222 333",
        "bob@pena.example",
    )
    saved = clients.edit(session, theirs, {"email": "hola@pena.example"})
    assert (saved.values["phone"], saved.values["email"]) == ("+34 911 222 333", "hola@pena.example")
    assert [change.who for change in history.of_client(session, client.id)] == ["Ana García", "Bob Test", "Ana García"]


def test_what_was_deleted_meanwhile_is_gone(session: Session, at_work: At) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    bob = at_work("bob")
    clients.delete(session, client)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: clients.get(bob, client.id),
        lambda: clients.edit(bob, client, {"city": "x"}),
        lambda: pricing_plan.take_off_plan(bob, client.id),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.code == "client_gone"


def test_deactivate_keeps_everything_and_activate_brings_it_back(session: Session) -> None:
    values = {"display_name": "Peña SA", "subscription": "plus", "billed_to": "firm"}
    one, two = clients.add(session, values), clients.add(session, {"display_name": "Ríos"})
    assert clients.set_status(session, [one.id, two.id], False) == 2
    assert clients.set_status(session, [one.id], False) == 0
    assert names(session, status="active") == []
    inactive = clients.get(session, one.id)
    assert not inactive.active
    assert {**inactive.values, "status": "active"} == one.values
    assert clients.set_status(session, [one.id], True) == 1
    assert [change.title for change in history.of_client(session, one.id)] == [
        "Client activated",
        "Client deactivated",
        "Client added",
    ]
    assert clients.totals(session) == (2, 1)


def test_deleting_needs_all_three_preconditions(session: Session, at_work: At) -> None:
    values = {"display_name": "Peña SA", "subscription": "plus", "billed_to": "firm", "primary_admin": "firm"}
    client = clients.add(session, values)

    def unmet(who: Session) -> list[str]:
        with pytest.raises(Refused) as caught:
            clients.delete(who, clients.get(who, client.id))
        assert caught.value.code == "delete_refused"
        return [condition.code for condition in clients.deletion_conditions(who, client.id) if not condition.met]

    bob = at_work("bob")
    assert unmet(bob) == ["you_are_primary_admin", "client_has_primary_admin", "off_the_plan"]
    assert unmet(session) == ["client_has_primary_admin", "off_the_plan"]
    pricing_plan.take_off_plan(session, client.id)
    pricing_plan.request_hand_over(session, client.id)
    assert unmet(session) == ["client_has_primary_admin"]
    pricing_plan.accept_hand_over(session, client.id)
    assert unmet(bob) == ["you_are_primary_admin"]
    with pytest.raises(Stale):
        clients.delete(session, client)
    clients.delete(session, clients.get(session, client.id))
    assert names(session) == []
    deleted = history.of_key(session, client.values["company_id"])[0]
    with pytest.raises(Refused):
        history.of_key(session, "nobody")
    assert (deleted.kind, deleted.operation) == ("client.deleted", "delete")
    assert ("display_name", "Peña SA", "") in [(field.field, field.old, field.new) for field in deleted.fields]


def test_by_key(session: Session) -> None:
    one = clients.add(session, {"display_name": "One", "client_number": "C-1"})
    assert clients.by_key(session, " c-1 ").id == one.id
    assert clients.by_key(session, one.values["company_id"]).id == one.id
    with pytest.raises(Refused, match="No client has"):
        clients.by_key(session, "C-2")
    clients.add(session, {"display_name": "Two", "client_number": one.values["company_id"]})
    with pytest.raises(Refused) as caught:
        clients.by_key(session, one.values["company_id"])
    assert caught.value.code == "ambiguous_client"


def test_many_keys_take_few_statements_and_are_answered_like_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_many(session, [{"display_name": f"Client {n}", "client_number": f"C-{n}"} for n in range(1_100)])
    one = clients.by_key(session, "C-0")
    asked: list[str] = []
    run: Any = session.engine.db.execute_sql

    def counted(statement: str, *arguments: Any) -> Any:
        asked.append(statement)
        return run(statement, *arguments)

    monkeypatch.setattr(session.engine.db, "execute_sql", counted)
    company_id = one.values["company_id"]
    client_ids = clients.ids_of_keys(session, [f" c-{n} " for n in reversed(range(1_100))] + [company_id])
    assert len(asked) < 20
    assert len(client_ids) == 1_100
    assert client_ids[-1] == one.id
    clients.add(session, {"display_name": "Two", "client_number": company_id})
    for key in ("C-x", company_id, "", "C\udcff"):
        with pytest.raises(Refused) as of_one:
            clients.by_key(session, key)
        with pytest.raises(Refused) as of_many:
            clients.ids_of_keys(session, ["C-0", key, "C-y"])
        assert of_many.value.problems == of_one.value.problems


@pytest.mark.thorough("many")
def test_long_lists_are_written_in_parts(session: Session) -> None:
    progress: list[int] = []
    rows = [{"display_name": f"Client no-{line}x"} for line in range(3_100)]
    assert add_many(session, rows, progress.append) == 3_100
    assert (progress, progress[-1]) == (sorted(progress), 3_100)
    assert len(progress) > 3
    assert clients.count(session, ClientQuery(find="no-29")) == 111
    kinds = [change.kind for change in history.of_firm(session, 3)]
    assert kinds == ["client.imported"] * 3


@given(st.dictionaries(st.sampled_from([f.name for f in BUILT_IN.form_fields]),
                       st.text(st.characters(codec=None, exclude_categories=()), max_size=30)))  # fmt: skip
def test_any_text_is_stored_clean_or_refused(session: Session, values: dict[str, str]) -> None:
    try:
        client = clients.add(session, values)
    except Refused as refusal:
        sentences = [problem.message for problem in refusal.problems if problem.field in BUILT_IN.by_name]
        assert len(sentences) == len(refusal.problems)  # noqa: PT017  (either outcome is right)
        return
    for name, value in client.values.items():
        allowed = "\n" if BUILT_IN.by_name[name].kind is Kind.NOTES else ""
        assert not any(is_control(character) and character not in allowed for character in value)
    assert clients.get(session, client.id) == client


ATTEMPTS: dict[str, Callable[[Session, Client, Member], object]] = {
    "add": lambda s, c, m: clients.add(s, {"display_name": "x"}),
    "edit": lambda s, c, m: clients.edit(s, c, {"city": "x"}),
    "deactivate": lambda s, c, m: clients.set_status(s, [c.id], False),
    "import": lambda s, c, m: imports.begin_run(s, "clients", "x.csv", 1),
    "put_on_plan": lambda s, c, m: pricing_plan.put_on_plan(s, c.id, "plus"),
    "request_hand_over": lambda s, c, m: pricing_plan.request_hand_over(s, c.id),
    "add_member": lambda s, c, m: team.add_member(s, "Eve", "", "eve", Access.FULL),
    "save_member": lambda s, c, m: team.save_member(s, m, {"name": "Eve"}),
    "deactivate_member": lambda s, c, m: team.deactivate_member(s, m.id),
    "settings": lambda s, c, m: firm_settings.save(s, s.firm, {"name": "x"}),
    "add_type": lambda s, c, m: client_types.add_type(s, "Club"),
    "offer": lambda s, c, m: team.offer_primary_admin(s, m.id),
    "withdraw": lambda s, c, m: team.withdraw_offer(s),
}


def test_basic_access_only_reads(session: Session, at_work: At) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "primary_admin": "firm"})
    member = team.add_member(session, "Bob", "", "bob", Access.FULL)
    before = history.of_firm(session)
    basic = at_work("carl", Access.BASIC)
    for name, attempt in ATTEMPTS.items():
        with pytest.raises(Refused) as caught:
            attempt(basic, client, member)
        assert caught.value.code == "not_allowed", name
        assert "Ana García" in caught.value.message, name
        assert names(basic) == ["Peña SA"], name
        assert len(history.of_firm(session)) == len(before) + 1, name  # Carl was added


def test_access_taken_away_counts_at_once(session: Session, at_work: At, known_to_server: Known) -> None:
    bob = at_work("bob")
    member = team.member_by_key(session, "bob")
    team.save_member(session, member, {"access": "basic"})
    with pytest.raises(Refused) as caught:
        clients.add(bob, {"display_name": "x"})
    assert caught.value.code == "not_allowed"
    member = team.member_by_key(session, "bob")
    team.deactivate_member(session, member.id)
    with pytest.raises(Refused) as caught:
        clients.add(bob, {"display_name": "x"})
    assert caught.value.code == "inactive_member"
    with pytest.raises(Refused) as caught:
        opening.open_firm(seen_by(session.location, "bob"), "bob")
    assert caught.value.code == "inactive_member"
    known_to_server("stranger", Access.BASIC)
    with pytest.raises(Refused) as caught:
        opening.open_firm(seen_by(session.location, "stranger"), "stranger")
    assert (
        caught.value.message
        == "Ríos y Asociados does not know the account “stranger”. Ask Ana García to add you to the team."
    )

"""Whatever is refused is refused for the same reason in a file and on a server, to whoever asks."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from clientdesk.desk import client_types, clients, firm_settings, imports, list_columns, opening, pricing_plan, team
from clientdesk.desk.records import Client, Column, Member
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused
from tests.conftest import ENGINES
from tests.servers import Server
from tests.store.both import seen_by

WHO = {"ana": Access.PRIMARY_ADMIN, "bob": Access.FULL, "eve": Access.BASIC}


class Case(NamedTuple):
    """What an attempt is about: a client of which the firm is primary admin, one that is `free`, and a member."""

    session: Session
    client: Client
    free: Client
    member: Member


def _twice(case: Case, attempt: Callable[[Case], object]) -> None:
    attempt(case)
    attempt(case)


def _edit(**values: str) -> Callable[[Case], object]:
    return lambda case: clients.edit(case.session, case.client, values)


def _add(**values: str) -> Callable[[Case], object]:
    return lambda case: clients.add(case.session, {"display_name": "New", **values})


def _member(**values: str) -> Callable[[Case], object]:
    return lambda case: team.save_member(case.session, case.member, values)


def _setting(**values: str) -> Callable[[Case], object]:
    return lambda case: firm_settings.save(case.session, firm_settings.info(case.session), values)


def _on_plan(case: Case) -> None:
    pricing_plan.put_on_plan(case.session, case.client.id, "plus")
    pricing_plan.request_hand_over(case.session, case.client.id)


def _delete(case: Case) -> None:
    clients.delete(case.session, case.free)


def _delete_after_all(case: Case) -> None:
    pricing_plan.request_hand_over(case.session, case.client.id)
    pricing_plan.accept_hand_over(case.session, case.client.id)
    clients.delete(case.session, clients.get(case.session, case.client.id))


ATTEMPTS: dict[str, Callable[[Case], object]] = {
    "add": _add(),
    "add without a name": _add(display_name=" \x00 "),
    "add with a taken number": _add(client_number=" ｃ-1"),
    "add with a long number": _add(client_number="9" * 101),
    "add of no type": _add(client_type="Nonsense"),
    "add led by nobody": _add(lead="Nobody"),
    "add with a bad address": _add(email="nobody"),
    "add on the plan without a subscription": _add(billed_to="firm"),
    "add with everything wrong": _add(client_number="c-1", email="x", client_type="x", lead="x", billed_to="firm"),
    "add with a status": _add(status="inactive"),
    "add with hostile words": _add(notes="'; DROP TABLE client; --\u202e\x1b[0m", website="%s ? $1 \\"),
    "edit": _edit(city="Vigo"),
    "edit nothing": _edit(display_name="Peña SA"),
    "edit to a taken number": _edit(client_number="C-1"),
    "edit to a long text": _edit(business_name="x" * 1_000),
    "edit the company id": _edit(company_id="1"),
    "edit what is no field": _edit(colour="red"),
    "edit an old version": lambda c: _twice(c, _edit(city="Vigo")),
    "edit who is not there": lambda c: clients.edit(c.session, c.client._replace(id=10**9), {"city": "x"}),
    "edit who never can be": lambda c: clients.edit(c.session, c.client._replace(id=2**63 - 1), {"city": "x"}),
    "deactivate": lambda c: clients.set_status(c.session, [c.client.id], False),
    "deactivate twice": lambda c: _twice(c, lambda c: clients.set_status(c.session, [c.client.id], False)),
    "deactivate who is not there": lambda c: clients.set_status(c.session, [10**9], False),
    "edit after a deactivation": lambda c: (clients.set_status(c.session, [c.client.id], False), _edit(city="x")(c)),
    "delete": _delete,
    "delete whom the firm is primary admin of": lambda c: clients.delete(c.session, c.client),
    "delete an old version": lambda c: clients.delete(
        c.session, c.free._replace(values={**c.free.values, "city": "Lugo"})
    ),
    "delete after the hand-over": _delete_after_all,
    "delete twice": lambda c: _twice(c, _delete),
    "plan": _on_plan,
    "plan twice": lambda c: _twice(c, lambda c: pricing_plan.put_on_plan(c.session, c.client.id, "plus")),
    "plan without a subscription": lambda c: pricing_plan.put_on_plan(c.session, c.client.id, ""),
    "plan with no such subscription": lambda c: pricing_plan.put_on_plan(c.session, c.client.id, "gold"),
    "off the plan": lambda c: pricing_plan.take_off_plan(c.session, c.client.id),
    "accept a hand-over": lambda c: pricing_plan.accept_hand_over(c.session, c.client.id),
    "request a hand-over twice": lambda c: _twice(c, lambda c: pricing_plan.request_hand_over(c.session, c.client.id)),
    "cancel a hand-over": lambda c: pricing_plan.cancel_hand_over(c.session, c.client.id),
    "add a member": lambda c: team.add_member(c.session, f"Zed {c.client.id}", "", f"zed{c.client.id}", Access.FULL),
    "add a member of a taken name": lambda c: team.add_member(c.session, "ANA GARCÍA", "", "x", Access.FULL),
    "add a member of a taken login": lambda c: team.add_member(c.session, "X", "", "ana", Access.FULL),
    "add a second primary admin": lambda c: team.add_member(c.session, "X", "", "x", Access.PRIMARY_ADMIN),
    "edit a member": _member(email="m@rios.example", access="full"),
    "edit a member to a taken login": _member(login="bob"),
    "edit an old version of a member": lambda c: _twice(c, _member(email="m@rios.example")),
    "take the primary admin's access": lambda c: team.save_member(
        c.session, team.member_by_key(c.session, "ana"), {"access": "basic"}
    ),
    "rename the primary admin": lambda c: team.save_member(
        c.session, team.member_by_key(c.session, "ana"), {"email": f"ana{c.client.id}@rios.example"}
    ),
    "send a member away": lambda c: team.deactivate_member(c.session, c.member.id),
    "send the primary admin away": lambda c: team.deactivate_member(c.session, 1),
    "send yourself away": lambda c: team.deactivate_member(c.session, c.session.me.id),
    "send a lead accountant away": lambda c: (
        _edit(lead=c.member.name)(c),
        team.deactivate_member(c.session, c.member.id),
    ),
    "bring a member back": lambda c: (
        team.deactivate_member(c.session, c.member.id),
        team.activate_member(c.session, c.member.id),
    ),
    "settings": _setting(client_notice="1,500", upload_limit="no"),
    "settings of an old version": lambda c: firm_settings.save(
        c.session,
        c.session.firm._replace(settings={**c.session.firm.settings, "client_notice": 7}),
        {"client_notice": "1"},
    ),
    "settings without a name": _setting(name=" "),
    "settings with a notice of nothing": _setting(client_notice="-1"),
    "settings with a huge notice": _setting(client_notice="9" * 12),
    "settings with too huge a notice": _setting(client_notice="9" * 13),
    "add a type": lambda c: client_types.add_type(c.session, f"Type {c.client.id}"),
    "add a type that is there": lambda c: client_types.add_type(c.session, "TRUST"),
    "rename a type to another's": lambda c: client_types.rename_type(
        c.session, client_types.all_types(c.session)[0], "Trust"
    ),
    "remove a type": lambda c: client_types.remove_type(
        c.session, client_types.add_type(c.session, f"T {c.client.id}").id
    ),
    "remove a type in use": lambda c: client_types.remove_type(c.session, 2),
    "remove a type that is gone": lambda c: client_types.remove_type(c.session, 10**9),
    "offer the role": lambda c: (team.offer_primary_admin(c.session, 2), team.withdraw_offer(c.session)),
    "offer the role to yourself": lambda c: team.offer_primary_admin(c.session, c.session.me.id),
    "offer the role to someone with basic access": lambda c: team.offer_primary_admin(c.session, 3),
    "withdraw what was not offered": lambda c: team.withdraw_offer(c.session),
    "accept what was not offered": lambda c: team.accept_primary_admin(c.session),
    "decline what was not offered": lambda c: team.decline_primary_admin(c.session),
    "an import": lambda c: imports.end_run(
        c.session, imports.begin_run(c.session, "clients", "ñ.csv", 1), "done", {"added": 1}, []
    ),
    "a mapping": lambda c: imports.save_mapping(c.session, "Ours ñ", {"columns": ["Name"]}),
    "forget a mapping": lambda c: imports.delete_mapping(c.session, "Nobody's"),
    "columns": lambda c: list_columns.save_columns(c.session, (Column("display_name", 9),)),
}


class Firm(NamedTuple):
    """A firm with three people at work in it."""

    people: dict[str, Session]

    def outcome(self, who: str, attempt: str) -> list[tuple[str, str]]:
        """The codes with which an attempt is refused, each with its field; empty where it is done."""
        ana = self.people["ana"]
        client = clients.add(ana, {"display_name": "Peña SA", "primary_admin": "firm"})
        free = clients.add(ana, {"display_name": "Ríos SL"})
        member = team.add_member(ana, f"M {client.id}", "", f"m{client.id}", Access.BASIC)
        try:
            ATTEMPTS[attempt](Case(self.people[who], client, free, member))
        except Refused as refusal:
            return [(problem.code, problem.field) for problem in refusal.problems]
        return []


@pytest.fixture(scope="module")
def firms(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Firm]]:
    """The same firm on each engine."""
    path = os.fspath(tmp_path_factory.mktemp("refusals") / "firm.db")
    opening.make_firm(path, "Ríos y Asociados", "Ana García", "ana")
    for login, access in WHO.items():
        server.login(login, access)
    places = dict(zip(ENGINES, (path, server.url(server.firm(), "ana")), strict=True))
    firms: dict[str, Firm] = {}
    for name, location in places.items():
        ana = opening.open_firm(location, "ana")
        for login in ("bob", "eve"):
            team.add_member(ana, login.title(), "", login, WHO[login])
        others = {login: opening.open_firm(seen_by(location, login), login) for login in ("bob", "eve")}
        firms[name] = Firm({"ana": ana, **others})
        clients.add(ana, {"display_name": "Holder", "client_number": "C-1", "client_type": "Individual"})
    yield firms
    for firm in firms.values():
        for session in firm.people.values():
            session.close()


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_same_is_refused_to_whoever_asks(firms: dict[str, Firm], attempt: str) -> None:
    for who in WHO:
        outcomes = {name: firm.outcome(who, attempt) for name, firm in firms.items()}
        assert outcomes == dict.fromkeys(firms, outcomes["sqlite"]), who
        codes = [code for code, _field in outcomes["sqlite"]]
        # The program refuses it before the server does, which would not know whom to ask.
        assert not {"server_forbids", "database_forbids"} & set(codes), who
        if who == "eve" and attempt not in OPEN_TO_ALL:
            assert codes[0] in ("not_allowed", "delete_refused")
        if who == "ana" and attempt in DONE:
            assert codes == []


OPEN_TO_ALL = ("columns", "accept what was not offered", "decline what was not offered")
DONE = ("add", "edit", "deactivate", "delete", "delete after the hand-over", "plan", "add a member", "edit a member",
        "settings", "add a type", "offer the role", "an import", "a mapping", "columns")  # fmt: skip

"""The team: list, add, change, make inactive and active, hand over the primary admin's role."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.records import FirmInfo, Member, Row
from clientdesk.desk.session import Session, changes, member_record, reads
from clientdesk.domain.access import Access, Action
from clientdesk.domain.bounds import limit
from clientdesk.domain.contact import check_email
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.query import ClientQuery
from clientdesk.domain.rules import tidy
from clientdesk.store import clients as client_rows
from clientdesk.store import firm, listing
from clientdesk.text import N_

LABELS = {"name": N_("Name"), "email": N_("E-mail"), "login": N_("Login"), "access": N_("Access")}
GIVEN = (Access.FULL, Access.BASIC)
"""The access that can be given; the primary admin's is handed over."""


@reads
def members(session: Session) -> tuple[Member, ...]:
    """All team members, the active ones first, by name, with how many active clients each leads."""
    return tuple(member_record(row) for row in firm.members(session.engine))


@reads
def member_by_key(session: Session, key: str) -> Member:
    """The team member of this name or login."""
    found = firm.member_by_login(session.engine, key) or firm.member_by_name(session.engine, key)
    if found is None:
        raise refuse("unknown_member", key=key)
    return member_record(found)


def _member(session: Session, member_id: int) -> Member:
    row = firm.member(session.engine, member_id)
    if row is None:
        raise refuse("member_gone")
    return member_record(row)


def _of_version(session: Session, member_id: int, version: int) -> Member:
    member = _member(session, member_id)
    if member.version != version:
        raise refuse("stale", name=member.name)
    return member


def _tidied(values: Mapping[str, str]) -> dict[str, str]:
    unknown = [name for name in values if name not in LABELS]
    if unknown:
        raise refuse("unknown_field", value=unknown[0], choices=", ".join(LABELS))
    return {name: tidy(BY_NAME["display_name"], value) for name, value in values.items()}


def _problems(session: Session, values: Mapping[str, str], member_id: int | None) -> list[Problem]:
    found = []
    for name in ("name", "login"):
        if name in values and not values[name]:
            found.append(problem("required", name, label=LABELS[name]))
    for name, value in values.items():
        if name != "access" and len(value) > (longest := limit("team_member", name)):
            found.append(problem("too_long", name, label=LABELS[name], value=value, length=len(value), limit=longest))
    if values.get("name"):
        other = firm.member_by_name(session.engine, values["name"])
        if other is not None and other.id != member_id:
            found.append(problem("member_name_taken", "name", name=other.name))
    if values.get("login"):
        other = firm.member_by_login(session.engine, values["login"])
        if other is not None and other.id != member_id:
            found.append(problem("login_taken", "login", login=values["login"], name=other.name))
    if values.get("email") and (wrong := check_email(values["email"])):
        found.append(wrong)
    if "access" in values and values["access"] not in GIVEN:
        choices = ", ".join(GIVEN)
        found.append(problem("not_a_choice", "access", label=LABELS["access"], value=values["access"], choices=choices))
    return found


@reads
def check_member(session: Session, values: Mapping[str, str], member_id: int | None = None) -> list[Problem]:
    """Everything that is wrong with a team member's name, email, login and access, as a save would find it."""
    return _problems(session, _tidied(values), member_id)


@changes("team.added", Action.MANAGE_TEAM)
def add_member(session: Session, name: str, email: str, login: str, access: Access) -> Member:
    """Adds an active team member with full or basic access."""
    values = _tidied({"name": name, "email": email, "login": login, "access": access})
    if found := _problems(session, values, None):
        raise Refused(*found)
    return _member(session, firm.insert_member(session.engine, **values))


@changes("team.edited", Action.MANAGE_TEAM)
def edit_member(session: Session, member_id: int, version: int, changes: Mapping[str, str]) -> Member:
    """Changes name, email, login or access ("full", "basic") of a team member as read at `version`."""
    member = _of_version(session, member_id, version)
    before = {"name": member.name, "email": member.email, "login": member.login, "access": member.access.value}
    values = {name: value for name, value in _tidied(changes).items() if value != before[name]}
    if not values:
        return member
    if member.access is Access.PRIMARY_ADMIN:
        if "access" in values:
            raise refuse("primary_admin_stays", "access", name=member.name)
        if member_id != session.me.id:
            session.demand(Action.HAND_OVER)
    if {"login", "access"} & values.keys():
        _demand_for_offered(session, member)
    if member_id == session.me.id and "login" in values:
        raise refuse("not_yourself", "login")
    if found := _problems(session, values, member_id):
        raise Refused(*found)
    session.landed(firm.update_member(session.engine, member_id, version, values), member.name)
    return _member(session, member_id)


def _demand_for_offered(session: Session, member: Member) -> None:
    """While somebody holds the offer of the primary admin's role, only the primary admin changes their login, access or
    state: whoever did would choose who takes the role."""
    if firm.firm(session.engine).offered_to_id == member.id and not session.allows(Action.HAND_OVER):
        raise refuse("offer_stays", name=member.name, admin=session.firm.primary_admin)


def grant_sql(session: Session, login: str, access: Access | None) -> str:
    """The SQL by which a server's administrator gives a login the rights of an access (None: of nobody any more).

    "" where the firm is a file: who may reach it is the file's permissions.
    """
    return session.engine.grant_sql(login, None if access is None else access.value)


@reads
def led_clients(session: Session, member_id: int, limit: int) -> tuple[Row, ...]:
    """The first so many clients a member leads, inactive ones too, by name: client number and display name of each."""
    name = _member(session, member_id).name
    query = ClientQuery(lead=name, status="all")
    found = listing.rows(
        session.engine, listing.ids(session.engine, query, 0, limit), ("client_number", "display_name")
    )
    return tuple(Row(client_id, status == "active", values) for client_id, status, values in found)


@changes("team.deactivated", Action.MANAGE_TEAM)
def deactivate_member(
    session: Session,
    member_id: int,
    version: int,
    everyone_to: str | None = None,
    each: Mapping[int, str] | None = None,
) -> Member:
    """Makes a team member inactive; the clients they lead get a new lead accountant in the same transaction.

    `everyone_to` names who takes all of them ("" for nobody); `each` names someone for single clients by id
    and comes first. Refused ("leads_clients") if clients would be left without an answer.
    """
    member = _of_version(session, member_id, version)
    if member.access is Access.PRIMARY_ADMIN:
        raise refuse("primary_admin_stays", name=member.name)
    if member_id == session.me.id:
        raise refuse("not_yourself")
    _demand_for_offered(session, member)
    by_lead: dict[str, list[int]] = {}
    for client_id, name in (each or {}).items():
        by_lead.setdefault(name, []).append(client_id)
    for name, client_ids in by_lead.items():
        _pass_on(session, member, name, client_ids)
    if everyone_to is not None:
        _pass_on(session, member, everyone_to)
    if left := firm.clients_led(session.engine, member_id):
        raise refuse("leads_clients", name=member.name, count=left)
    if firm.firm(session.engine).offered_to_id == member_id:
        _update_firm(session, {"offered_to_id": None})
    session.landed(firm.update_member(session.engine, member_id, version, {"active": 0}), member.name)
    return _member(session, member_id)


def _pass_on(session: Session, leaving: Member, to: str, only: Sequence[int] | None = None) -> None:
    """Gives the clients of one who leaves (`only` these, or all of them) to the member who is named; "" for nobody."""
    client_rows.set_lead(session.engine, leaving.id, _new_lead(session, to, leaving), only)
    left = client_rows.led_by(session.engine, leaving.id, only)
    session.landed(left is None, left or "")


def _new_lead(session: Session, name: str, leaving: Member) -> int | None:
    if not name:
        return None
    found = firm.member_by_name(session.engine, name)
    if found is None or not found.active or found.id == leaving.id:
        raise refuse("unknown_lead", "lead", value=name)
    return found.id


@changes("team.activated", Action.MANAGE_TEAM)
def activate_member(session: Session, member_id: int, version: int) -> Member:
    """Makes a team member active again."""
    member = _of_version(session, member_id, version)
    if not member.active:
        session.landed(firm.update_member(session.engine, member_id, version, {"active": 1}), member.name)
    return _member(session, member_id)


def _update_firm(session: Session, values: Mapping[str, object]) -> FirmInfo:
    session.landed(firm.update_firm(session.engine, firm.firm(session.engine).version, values), session.firm.name)
    session.refresh()
    return session.firm


@changes("firm.offer", Action.HAND_OVER)
def offer_primary_admin(session: Session, member_id: int) -> FirmInfo:
    """Offers the primary admin's role to an active member with full access, who accepts at their next start."""
    member = _member(session, member_id)
    if member_id == session.me.id:
        raise refuse("not_yourself")
    if not member.active or member.access is not Access.FULL:
        raise refuse("hand_over_needs_full", name=member.name)
    return _update_firm(session, {"offered_to_id": member_id})


@changes("firm.withdraw", Action.HAND_OVER)
def withdraw_offer(session: Session) -> FirmInfo:
    """Takes the offer of the role back."""
    return _answer(session, {"offered_to_id": None}, to_me=False)


@changes("firm.accept", None)
def accept_primary_admin(session: Session) -> FirmInfo:
    """Takes the role that was offered to you; the one who had it keeps full access."""
    if session.me.access is not Access.FULL and session.firm.offered_to == session.me.id:
        raise refuse("hand_over_needs_full", name=session.me.name)
    return _answer(session, {"primary_admin_id": session.me.id, "offered_to_id": None}, to_me=True)


@changes("firm.decline", None)
def decline_primary_admin(session: Session) -> FirmInfo:
    """Declines the role that was offered to you."""
    return _answer(session, {"offered_to_id": None}, to_me=True)


def _answer(session: Session, values: Mapping[str, object], *, to_me: bool) -> FirmInfo:
    offered = session.firm.offered_to
    if offered is None or (to_me and offered != session.me.id):
        raise refuse("no_hand_over")
    return _update_firm(session, values)

"""The team: list, add, change, make inactive and active, hand over the primary admin's role."""

from collections.abc import Mapping, Sequence

from clientdesk.desk import patches
from clientdesk.desk.firm_rules import FIRM_KEY, LABELS
from clientdesk.desk.meanwhile import Since, since
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.records import FirmInfo, Member, Row, SavedMember
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.work_handover import hand_over
from clientdesk.domain.access import Access, Action
from clientdesk.domain.client_query import clients_where
from clientdesk.domain.patch import Outcome, Patch, Value, Verdict
from clientdesk.domain.problems import Refused, refuse
from clientdesk.store import clients as client_rows
from clientdesk.store import firm, listing

__all__ = ["LABELS"]


@reads
def members(session: Session) -> tuple[Member, ...]:
    """All team members, the active ones first, by name, with how many active clients each leads."""
    return tuple(firm.members(session.engine))


@reads
def member_by_key(session: Session, key: str) -> Member:
    """The team member of this name or login."""
    member = firm.member_by_login(session.engine, key) or firm.member_by_name(session.engine, key)
    if member is None:
        raise refuse("unknown_member", key=key)
    return member


def _member(session: Session, member_id: int) -> Member:
    member = firm.member(session.engine, member_id)
    if member is None:
        raise refuse("member_gone")
    return member


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    unknown = [name for name in values if name not in LABELS]
    if unknown:
        raise refuse("unknown_field", value=unknown[0], choices=", ".join(LABELS))
    return {name: str(value) for name, value in values.items()}


@changes("team.added", Action.MANAGE_TEAM)
def add_member(session: Session, name: str, email: str, login: str, access: Access) -> Member:
    """Adds an active team member with full or basic access."""
    values = {"name": name, "email": email, "login": login, "access": str(access)}
    return _saved(session, patches.apply_one(session, Patch("team_member", "", None, values)))


@changes("team.edited", Action.MANAGE_TEAM)
def save_member(session: Session, member: Member, changes: Mapping[str, str]) -> SavedMember:
    """Changes name, email, login or access ("full", "basic") of a team member as they were read.

    What somebody else changed meanwhile in other fields stays as they have it. Refused where they changed one of the
    same fields ("stale"), or made the member inactive ("made_inactive").
    """
    after, before = _checked(changes), _values_of(member)
    if member.access is Access.PRIMARY_ADMIN:
        del before["access"]
        if after.pop("access", member.access) != member.access:
            raise refuse("primary_admin_stays", "access", name=member.name)
    patch = Patch("team_member", str(member.id), before, after)
    outcome = patches.apply_one(session, patch, version=member.version)
    saved = _saved(session, outcome)
    return SavedMember(saved, outcome.fields, outcome.by, outcome.verdict is Verdict.WRITTEN)


@reads
def changed_since(session: Session, member: Member) -> Since:
    """What somebody did to a team member since they were read."""
    return since(session, "team_member", str(member.id), _values_of(member)) or Since()  # members are never deleted


def _values_of(member: Member) -> dict[str, Value]:
    return {**{name: getattr(member, name) for name in LABELS}, "active": int(member.active)}


def _saved(session: Session, outcome: Outcome) -> Member:
    present = patches.landed(outcome).present
    assert present is not None
    return _member(session, present.id)


def grant_sql(session: Session, login: str, access: Access | None) -> str:
    """The SQL by which a server's administrator gives a login the rights of an access (None: of nobody any more).

    "" where the firm is a file: who may reach it is the file's permissions.
    """
    return session.engine.grant_sql(login, None if access is None else access.value)


@reads
def led_clients(session: Session, member_id: int, limit: int) -> tuple[Row, ...]:
    """The first so many clients a member leads, inactive ones too, by name: client number and display name of each."""
    query = clients_where("lead", str(_member(session, member_id).id))
    led = listing.rows(session.engine, listing.ids(session.engine, query, 0, limit), ("client_number", "display_name"))
    return tuple(Row(client_id, status == "active", values) for client_id, status, values in led)


@changes("team.deactivated", Action.MANAGE_TEAM)
def deactivate_member(
    session: Session,
    member_id: int,
    everyone_to: str | None = None,
    new_leads: Mapping[int, str] | None = None,
    work_to: str | None = None,
) -> Member:
    """Makes a team member inactive; the clients they lead get a new lead accountant in the same transaction, somebody else
    takes over the open work for which they are named and the roles that templates give them, and an offer of the primary admin's role is taken back.

    `everyone_to` names who takes all of the clients ("" for nobody); `new_leads` names someone for single clients by id
    and comes first; `work_to` names who takes the work ("" for nobody). Refused ("leads_clients", "does_work",
    "has_template_roles") if clients or work would be left without an answer.
    """
    names, inactive = Names(session.engine), Patch("team_member", str(member_id), {}, {"active": 0})
    if problems := [wrong for wrong in patches.check(session, inactive, names) if wrong.code not in _ANSWERED]:
        raise Refused(*problems)
    for client_id, name in (new_leads or {}).items():
        _pass_on(session, names, member_id, [client_id], name)
    if everyone_to is not None:
        _pass_on(session, names, member_id, client_rows.led_by(session.engine, member_id), everyone_to)
    if work_to is not None:
        hand_over(session, member_id, _taking_over(names, member_id, work_to))
    if firm.firm(session.engine).offered_to_id == member_id:
        _change_offer(session, {"offered_to": member_id}, {"offered_to": None})
    return _saved(session, patches.apply_one(session, inactive, names))


_ANSWERED = ("leads_clients", "does_work", "has_template_roles")
"""What may stand in the way at first: the answers say who takes over."""


def _taking_over(names: Names, leaving_id: int, to: str) -> int | None:
    """The id of the member who takes over from one who leaves; None for nobody ("")."""
    member_id = names.member_id(to) if to else None
    if to and (member_id is None or member_id == leaving_id or not names.members[member_id].active):
        raise refuse("unknown_lead", "lead", value=to)
    return member_id


def _pass_on(session: Session, names: Names, leaving_id: int, client_ids: Sequence[int], to: str) -> None:
    """Gives those of the clients that a member leads still to the member who is named; "" for nobody."""
    before, after = {"lead": leaving_id}, {"lead": _taking_over(names, leaving_id, to)}
    for outcome in patches.apply(
        session, (Patch("client", str(client_id), before, after) for client_id in client_ids), names
    ):
        if outcome.verdict not in (Verdict.CHANGED, Verdict.GONE):
            patches.landed(outcome)


@changes("team.activated", Action.MANAGE_TEAM)
def activate_member(session: Session, member_id: int) -> Member:
    """Makes a team member active again."""
    return _saved(session, patches.apply_one(session, Patch("team_member", str(member_id), {}, {"active": 1})))


@changes("firm.offer", Action.HAND_OVER)
def offer_primary_admin(session: Session, member_id: int) -> FirmInfo:
    """Offers the primary admin's role to an active member with full access, who accepts at their next start."""
    return _change_offer(session, {}, {"offered_to": member_id})


@changes("firm.withdraw", Action.HAND_OVER)
def withdraw_offer(session: Session) -> FirmInfo:
    """Takes the offer of the role back."""
    return _change_offer(session, {"offered_to": session.firm.offered_to}, {"offered_to": None})


@changes("firm.accept", None)
def accept_primary_admin(session: Session) -> FirmInfo:
    """Takes the role that was offered to you; the one who had it keeps full access."""
    me = session.me.id
    return _change_offer(session, {"offered_to": me}, {"primary_admin": me, "offered_to": None})


@changes("firm.decline", None)
def decline_primary_admin(session: Session) -> FirmInfo:
    """Declines the role that was offered to you."""
    return _change_offer(session, {"offered_to": session.me.id}, {"offered_to": None})


def _change_offer(session: Session, before: Mapping[str, Value], after: Mapping[str, Value]) -> FirmInfo:
    """Changes who holds the offer of the primary admin's role, or the role. Refused ("no_hand_over") where there is no
    such offer (any more)."""
    outcome = patches.apply_one(session, Patch("firm", FIRM_KEY, before, after))
    if before and outcome.verdict in (Verdict.CHANGED, Verdict.UNCHANGED):
        raise refuse("no_hand_over")
    patches.landed(outcome)
    session.refresh()
    return session.firm

"""The team on the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.field_values import named_values
from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_for_server, say_table, tell
from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.records import Member
    from clientdesk.desk.session import Session

FIELDS = ("name", "email", "login", "access")
SHOWN_CLIENTS = 20
_JSON = click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
_JSON_ONE = click.option("--json", "as_json", is_flag=True, help=_("Print the member as one object."))


def _record(member: "Member") -> dict[str, object]:
    return {
        "name": member.name,
        "email": member.email,
        "login": member.login,
        "access": member.access.value,
        "active": member.active,
        "clients": member.clients,
    }


def _say(sentence: str, member: "Member") -> None:
    say(sentence.format(name=display_text(member.name)))


def _say_saved(sentence: str, member: "Member", sql: str, as_json: bool) -> None:
    """Says what became of a member and, on a server, the SQL by which their login gets or loses its rights there."""
    if as_json:
        say(json_text({**_record(member), "sql": sql}))
        return
    _say(sentence, member)
    say_for_server(sql)


def _sql(session: "Session", login: str, access: Access | None) -> str:
    """The SQL that gives a login the rights of an access on the server (None: takes them away); "" for a file."""
    from clientdesk.desk import team as desk_team

    return desk_team.grant_sql(session, login, access)


def _sql_of(session: "Session", member: "Member", before: "Member | None" = None) -> str:
    """The SQL for a member as they are now; a login that was theirs before loses its rights."""
    parts = [_sql(session, member.login, member.access if member.active else None)]
    if before is not None and before.login != member.login:
        parts.append(_sql(session, before.login, None))  # last: a login that never was on the server is an error
    return "\n".join(filter(None, parts))


team = group_that_lists("team", _("The firm's team. MEMBER is a login or a name."))


@team.command("list", help=_("Print the team members."))
@_JSON
def list_team(as_json: bool) -> None:
    """Prints every member, inactive ones too."""
    from clientdesk.desk import team as desk_team

    with opened_firm() as session:
        members = desk_team.members(session)
    if as_json:
        for colleague in members:
            say(json_text(_record(colleague)))
        return
    say_table(
        [_("Name"), _("Login"), _("Access"), _("Status"), _("Clients"), _("E-mail")],
        [
            [
                colleague.name,
                colleague.login,
                _(colleague.access.label),
                _("Active") if colleague.active else _("Inactive"),
                str(colleague.clients),
                colleague.email,
            ]
            for colleague in members
        ],
    )


@team.command("add", help=_("Add a team member."))
@click.argument("name")
@click.option("--login", required=True, help=_("The login on the firm's server, or account on this computer."))
@click.option("--email", default="", help=_("The e-mail address."))
@click.option("--access", type=click.Choice(["full", "basic"]), default="basic", show_default=True)
@_JSON_ONE
def add(name: str, login: str, email: str, access: str, as_json: bool) -> None:
    """Adds an active member."""
    from clientdesk.desk import team as desk_team

    with opened_firm(to_write=True) as session:
        member = desk_team.add_member(session, name, email, login, Access(access))
        sql = _sql_of(session, member)
    _say_saved(_("Added: {name}"), member, sql, as_json)


@team.command("edit", help=_("Change a member. Fields: name, email, login, access (full or basic)."))
@click.argument("member")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE…")
@_JSON_ONE
def edit(member: str, values: Sequence[str], as_json: bool) -> None:
    """Changes the fields that are named."""
    from clientdesk.desk import team as desk_team

    changes = named_values(values, FIELDS)
    if "access" in changes and changes["access"] not in ("full", "basic"):
        raise click.UsageError(_("access is full or basic; offer the primary admin's role with: team offer"))
    with opened_firm(to_write=True) as session:
        colleague = desk_team.member_by_key(session, member)
        saved, _fields, _by, written = desk_team.save_member(session, colleague, changes)
        moved = saved.login != colleague.login or saved.access != colleague.access
        sql = _sql_of(session, saved, colleague) if moved else ""
    _say_saved(_("Saved: {name}") if written else _("Nothing was changed."), saved, sql, as_json)


@team.command("deactivate", help=_("Make a member inactive, and say who takes their clients and their open work."))
@click.argument("member")
@click.option("--clients-to", metavar="NAME", help=_("The member who leads their clients from now on."))
@click.option("--unassigned", is_flag=True, help=_("Their clients have no lead accountant from now on."))
@click.option("--work-to", metavar="NAME", help=_("The member who takes over their open work, and roles of templates."))
@click.option(
    "--work-unassigned",
    is_flag=True,
    help=_("For that work whom its template says; its items, and such roles, have nobody."),
)
@click.option(
    "--client", "single", multiple=True, metavar="KEY=NAME", help=_("Who leads this client; may be repeated.")
)
@_JSON_ONE
def deactivate(
    member: str,
    clients_to: str | None,
    unassigned: bool,
    work_to: str | None,
    work_unassigned: bool,
    single: Sequence[str],
    as_json: bool,
) -> None:
    """Makes a member inactive; refused, with their clients listed, while nobody takes these, or their open work."""
    from clientdesk.desk import clients
    from clientdesk.desk import team as desk_team

    if unassigned and clients_to is not None:
        raise click.UsageError(_("Choose one of --clients-to and --unassigned."))
    if work_unassigned and work_to is not None:
        raise click.UsageError(_("Choose one of --work-to and --work-unassigned."))
    with opened_firm(to_write=True) as session:
        colleague = desk_team.member_by_key(session, member)
        everyone_to = "" if unassigned else clients_to and desk_team.member_by_key(session, clients_to).name
        work_taken_by = "" if work_unassigned else work_to and desk_team.member_by_key(session, work_to).name
        leads = {}
        for pair in single:
            key, equals, name = pair.partition("=")
            if not equals:
                raise click.UsageError(_("--client {text}: write KEY=NAME.").format(text=display_text(pair)))
            leads[clients.by_key(session, key).id] = desk_team.member_by_key(session, name).name if name else ""
        try:
            saved = desk_team.deactivate_member(session, colleague.id, everyone_to, leads or None, work_taken_by)
        except Refused as refusal:
            if refusal.code == "leads_clients":
                _tell_led(session, colleague, int(str(refusal.problems[0].values["count"])))
            raise
        sql = _sql_of(session, saved)
    _say_saved(_("Deactivated: {name}"), saved, sql, as_json)


def _tell_led(session: "Session", member: "Member", count: int) -> None:
    """Lists the first of the `count` clients that `member` leads, and how to say who takes them."""
    from clientdesk.desk import team as desk_team

    for row in desk_team.led_clients(session, member.id, SHOWN_CLIENTS):
        number, name = (display_text(value) for value in row.values[:2])
        tell(f"  {number or '–'}  {name}")
    if (more := count - SHOWN_CLIENTS) > 0:
        name = display_text(member.name)
        tell(
            _("  … and {n} more; list --lead “{name}” --status all prints them").format(n=whole_number(more), name=name)
        )
    tell(_("Add --clients-to NAME or --unassigned, and --client KEY=NAME for single ones."))


@team.command("activate", help=_("Make a member active again."))
@click.argument("member")
@_JSON_ONE
def activate(member: str, as_json: bool) -> None:
    """Makes a member active."""
    from clientdesk.desk import team as desk_team

    with opened_firm(to_write=True) as session:
        colleague = desk_team.member_by_key(session, member)
        saved = desk_team.activate_member(session, colleague.id)
        sql = _sql_of(session, saved)
    _say_saved(_("Activated: {name}"), saved, sql, as_json)


@team.command("offer", help=_("Offer the primary admin's role to a member with full access, who must accept."))
@click.argument("member")
def offer(member: str) -> None:
    """Offers the role."""
    from clientdesk.desk import team as desk_team

    with opened_firm(to_write=True) as session:
        colleague = desk_team.member_by_key(session, member)
        desk_team.offer_primary_admin(session, colleague.id)
    _say(_("Offered to {name}, who accepts at the next start or with: clientdesk team accept"), colleague)


@team.command("withdraw", help=_("Withdraw the offer of the primary admin's role."))
def withdraw() -> None:
    """Withdraws the offer."""
    from clientdesk.desk import team as desk_team

    with opened_firm(to_write=True) as session:
        desk_team.withdraw_offer(session)
    say(_("The offer is withdrawn."))


@team.command("accept", help=_("Accept the primary admin's role that was offered to you."))
def accept() -> None:
    """Accepts the role."""
    from clientdesk.desk import team as desk_team

    with opened_firm(to_write=True) as session:
        before = next(colleague for colleague in desk_team.members(session) if colleague.access is Access.PRIMARY_ADMIN)
        desk_team.accept_primary_admin(session)
        parts = (_sql(session, session.login, Access.PRIMARY_ADMIN), _sql(session, before.login, Access.FULL))
    say(_("You are the firm's primary admin now."))
    say_for_server("\n".join(filter(None, parts)))


@team.command("decline", help=_("Decline the primary admin's role that was offered to you."))
def decline() -> None:
    """Declines the role."""
    from clientdesk.desk import team as desk_team

    with opened_firm(to_write=True) as session:
        desk_team.decline_primary_admin(session)
    say(_("You have declined."))

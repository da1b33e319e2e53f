"""The commands of the team, of a member's form, and of new leads for the clients of one who leaves."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

TEAM_COMMANDS: tuple[Command, ...] = (
    # the team
    Command(
        "team.add", "a", N_("Add"), N_("Add a team member."), ("team",), Action.MANAGE_TEAM, footer=9, cli="team add"
    ),
    Command(
        "team.edit",
        "e,enter",
        N_("Edit"),
        N_("Change name, e-mail, login or access."),
        ("team",),
        Action.MANAGE_TEAM,
        footer=8,
        cli="team edit",
    ),
    Command(
        "team.status",
        "x",
        N_("Deactivate"),
        N_("Make the member inactive, or active again; their clients get a new lead first."),
        ("team",),
        Action.MANAGE_TEAM,
        footer=7,
        cli="team deactivate | team activate",
    ),
    Command(
        "team.offer",
        "o",
        N_("Offer the role"),
        N_("Offer the primary admin's role to the member, or take the offer back."),
        ("team",),
        Action.HAND_OVER,
        footer=6,
        cli="team offer | team withdraw",
    ),
    # a team member's form, and new leads for the clients of one who leaves
    Command("member.save", "ctrl+s", N_("Save"), N_("Save what the form says."), ("member",), footer=9, saves=True),
    Command(
        "member.theirs",
        "ctrl+t",
        N_("Take theirs"),
        N_("Where somebody else changed the same field meanwhile: put what they wrote into it."),
        ("member",),
    ),
    Command(
        "reassign.one",
        "enter,e",
        N_("New lead"),
        N_("Choose the new lead of the client or of the marked clients."),
        ("reassign",),
        footer=8,
    ),
    Command("reassign.all", "a", N_("For all"), N_("Choose one new lead for all clients."), ("reassign",), footer=9),
    Command(
        "reassign.mark", "space", N_("Mark"), N_("Mark the client, or take the mark away."), ("reassign",), footer=6
    ),
    Command(
        "reassign.save",
        "ctrl+s",
        N_("Make inactive"),
        N_("Give the clients their new leads and make the member inactive, after a question."),
        ("reassign",),
        Action.MANAGE_TEAM,
        footer=7,
        saves=True,
        cli="team deactivate",
    ),
    Command("reassign.cancel", "escape", N_("Cancel"), N_("Go back without a change."), ("reassign",), footer=5),
    Command("sql.copy", "y", N_("Copy"), N_("Copy the SQL."), ("sql",), footer=9),
)

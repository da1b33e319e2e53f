"""The commands of the firm's plan, team, settings and history; see `clientdesk.ui.commands`."""

from clientdesk.domain.access import Action
from clientdesk.text import N_
from clientdesk.ui.command import Command

# The lines of the history, and the rows of one.
_PAST = ("history", "history-rows")

FIRM_COMMANDS: tuple[Command, ...] = (
    # the preferred pricing plan
    Command(
        "plan.add", "a", N_("Put on"), N_("Put a client on the firm's plan."), ("plan",), Action.MANAGE_PLAN, footer=9
    ),
    Command(
        "plan.subscription",
        "s,e",
        N_("Subscription"),
        N_("Change the client's subscription."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=4,
    ),
    Command(
        "plan.remove",
        "x",
        N_("Take off"),
        N_("Take the client off the firm's plan."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=8,
    ),
    Command(
        "plan.request",
        "r",
        N_("Hand over"),
        N_("Request the hand-over of the client's primary-admin role to the client."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=7,
    ),
    Command(
        "plan.accept",
        "A",
        N_("Accepted"),
        N_("Mark the hand-over as accepted by the client."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=6,
    ),
    Command(
        "plan.cancel",
        "C",
        N_("Cancel hand-over"),
        N_("Take the request back."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=1,
    ),
    Command("plan.page", "enter", N_("Open"), N_("Open the client's page."), ("plan",), footer=4),
    Command("plan.find", "slash", N_("Find"), N_("Find a client by name or number."), ("plan",), footer=3),
    Command(
        "plan.show", "t", N_("Show"), N_("Show the clients on the firm's plan, or all clients."), ("plan",), footer=2
    ),
    Command(
        "plan.sort", "o", N_("Sort"), N_("Order by a column; the same column again reverses it."), ("plan",), footer=2
    ),
    # the team
    Command("team.add", "a", N_("Add"), N_("Add a team member."), ("team",), Action.MANAGE_TEAM, footer=9),
    Command(
        "team.edit",
        "e,enter",
        N_("Edit"),
        N_("Change name, e-mail, login or access."),
        ("team",),
        Action.MANAGE_TEAM,
        footer=8,
    ),
    Command(
        "team.status",
        "x",
        N_("Deactivate"),
        N_("Make the member inactive, or active again; their clients get a new lead first."),
        ("team",),
        Action.MANAGE_TEAM,
        footer=7,
    ),
    Command(
        "team.offer",
        "o",
        N_("Offer the role"),
        N_("Offer the primary admin's role to the member, or take the offer back."),
        ("team",),
        Action.HAND_OVER,
        footer=6,
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
    ),
    Command("reassign.cancel", "escape", N_("Cancel"), N_("Go back without a change."), ("reassign",), footer=5),
    Command("sql.copy", "y", N_("Copy"), N_("Copy the SQL."), ("sql",), footer=9),
    # the firm's settings
    Command(
        "settings.edit",
        "e,enter",
        N_("Edit"),
        N_("Change what the cursor is on."),
        ("settings",),
        Action.MANAGE_FIRM,
        footer=9,
    ),
    Command(
        "settings.add-type", "a", N_("Add type"), N_("Add a client type."), ("settings",), Action.MANAGE_FIRM, footer=8
    ),
    Command(
        "settings.remove-type",
        "D",
        N_("Remove type"),
        N_("Remove a client type that no client has."),
        ("settings",),
        Action.MANAGE_FIRM,
        footer=7,
    ),
    # the firm's history: the lines, the rows of one, the fields of a row
    Command("history.rows", "enter", N_("Open"), N_("Open the change: its rows."), ("history",), footer=9),
    Command(
        "history.fields",
        "enter",
        N_("Open"),
        N_("Open the row: each field before and after."),
        ("history-rows",),
        footer=9,
    ),
    Command("history.client", "enter", N_("Client"), N_("Open the page of the client."), ("history-fields",), footer=9),
    Command(
        "history.find",
        "slash",
        N_("Find"),
        N_("Find changes by words of what they say; the newest are shown first, as they are found."),
        _PAST,
        footer=7,
    ),
    Command("history.who", "w", N_("Who"), N_("Show the changes of one team member."), ("history",), footer=4),
    Command("history.kind", "t", N_("Kind"), N_("Show the changes of one kind."), ("history",), footer=4),
    Command("history.about", "c", N_("Client"), N_("Show the changes of one client."), ("history",), footer=3),
    Command(
        "history.only",
        "o",
        N_("Only this"),
        N_("Show the changes of this client alone, also of one that was deleted."),
        _PAST,
        footer=3,
    ),
    Command("history.field", "f", N_("Field"), N_("Show the changes of one field."), _PAST, footer=3),
    Command("history.dates", "d", N_("Dates"), N_("Show the changes of some days."), ("history",), footer=3),
    Command("history.refresh", "r", N_("Refresh"), N_("Read the history again."), ("history",), footer=2),
)

"""The commands of the preferred pricing plan."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

PLAN_COMMANDS: tuple[Command, ...] = (
    # the preferred pricing plan
    Command(
        "plan.add",
        "a",
        N_("Put on"),
        N_("Put a client on the firm's plan."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=9,
        cli="plan on",
    ),
    Command(
        "plan.subscription",
        "s,e",
        N_("Subscription"),
        N_("Change the client's subscription."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=4,
        cli="plan on",
    ),
    Command(
        "plan.remove",
        "x",
        N_("Take off"),
        N_("Take the client off the firm's plan."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=8,
        cli="plan off",
    ),
    Command(
        "plan.request",
        "r",
        N_("Hand over"),
        N_("Request the hand-over of the client's primary-admin role to the client."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=7,
        cli="plan hand-over",
    ),
    Command(
        "plan.accept",
        "A",
        N_("Accepted"),
        N_("Mark the hand-over as accepted by the client."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=6,
        cli="plan accept",
    ),
    Command(
        "plan.cancel",
        "C",
        N_("Cancel hand-over"),
        N_("Take the request back."),
        ("plan",),
        Action.MANAGE_PLAN,
        footer=1,
        cli="plan cancel",
    ),
    Command("plan.page", "enter", N_("Open"), N_("Open the client's page."), ("plan",), footer=4, cli="show"),
    Command(
        "plan.find",
        "slash",
        N_("Find"),
        N_("Find a client by name or number."),
        ("plan",),
        footer=3,
        cli="list --status all --where billed_to=firm",
    ),
    Command(
        "plan.show", "t", N_("Show"), N_("Show the clients on the firm's plan, or all clients."), ("plan",), footer=2
    ),
    Command(
        "plan.sort",
        "o",
        N_("Sort"),
        N_("Order by a column; the same column again reverses it."),
        ("plan",),
        footer=2,
        cli="list --status all --where billed_to=firm",
    ),
)

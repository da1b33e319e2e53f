"""The commands of the preferred pricing plan: on the client list, of the chosen clients, and on a client's page."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_BOTH = ("list", "page")

PLAN_COMMANDS: tuple[Command, ...] = (
    Command(
        "plan.add",
        "plus",
        N_("Put on"),
        N_("Put the client, the marked clients, or one that you look for, on the firm's plan."),
        _BOTH,
        Action.MANAGE_PLAN,
        cli="plan on",
    ),
    Command(
        "plan.subscription",
        "dollar_sign",
        N_("Subscription"),
        N_("Change the subscription of the client, or of the marked clients; who pays for it stays."),
        _BOTH,
        Action.MANAGE_PLAN,
        cli="edit",
    ),
    Command(
        "plan.remove",
        "minus",
        N_("Take off"),
        N_("Take the client, or the marked clients, off the firm's plan."),
        _BOTH,
        Action.MANAGE_PLAN,
        cli="plan off",
    ),
    Command(
        "plan.request",
        "R",
        N_("Hand over"),
        N_("Request the hand-over of the primary-admin role to the client, or the marked clients."),
        _BOTH,
        Action.MANAGE_PLAN,
        cli="plan hand-over",
    ),
    Command(
        "plan.accept",
        "A",
        N_("Accepted"),
        N_("Mark the hand-over as accepted by the client, or the marked clients."),
        _BOTH,
        Action.MANAGE_PLAN,
        cli="plan accept",
    ),
    Command(
        "plan.cancel",
        "C",
        N_("Cancel hand-over"),
        N_("Take the request back."),
        _BOTH,
        Action.MANAGE_PLAN,
        cli="plan cancel",
    ),
)

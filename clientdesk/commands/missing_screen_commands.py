"""The commands of the screen that says why a client is missing. The one that opens it is among `client_list_commands`."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_MISSING = ("missing",)

MISSING_COMMANDS: tuple[Command, ...] = (
    Command(
        "missing.go",
        "enter",
        N_("Go there"),
        N_(
            "Take off what hides the client and go to it, or go to the change, the error log or the firm that is told of."
        ),
        _MISSING,
        footer=9,
    ),
    Command("missing.find", "slash", N_("Find"), N_("Type another name or number."), _MISSING, footer=7),
    Command(
        "missing.undo",
        "u",
        N_("Undo"),
        N_("Take back the change by which the client has gone, after a question, where that can be."),
        _MISSING,
        Action.EDIT_CLIENT,
        footer=5,
        saves=True,
    ),
    Command(
        "missing.servers",
        "s",
        N_("Servers"),
        N_("Look through your firms on servers and on a network, too."),
        _MISSING,
        footer=4,
    ),
)

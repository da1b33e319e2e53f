"""The commands of the firm's settings."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

SETTINGS_COMMANDS: tuple[Command, ...] = (
    # the firm's settings
    Command(
        "settings.edit",
        "e,enter",
        N_("Edit"),
        N_("Change what the cursor is on."),
        ("settings",),
        Action.MANAGE_FIRM,
        footer=9,
        cli="settings set",
    ),
    Command(
        "settings.add-type",
        "a",
        N_("Add type"),
        N_("Add a client type."),
        ("settings",),
        Action.MANAGE_FIRM,
        footer=8,
        cli="settings types add",
    ),
    Command(
        "settings.remove-type",
        "D",
        N_("Remove type"),
        N_("Remove a client type that no client has."),
        ("settings",),
        Action.MANAGE_FIRM,
        footer=7,
        cli="settings types remove",
    ),
)

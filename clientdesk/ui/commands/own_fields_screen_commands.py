"""The commands of the fields of the firm's own, of their choices and of the tags."""

from clientdesk.domain.access import Action
from clientdesk.text import N_
from clientdesk.ui.commands.command import Command

_FROM = ("list", "settings")

OWN_FIELDS_COMMANDS: tuple[Command, ...] = (
    Command("fields.open", "f7", N_("Fields"), N_("Open the fields of the firm's own."), _FROM, footer=1),
    Command("tags.open", "f8", N_("Tags"), N_("Open the firm's tags."), _FROM, footer=1),
    # the fields of the firm's own
    Command(
        "fields.add", "n,a", N_("New"), N_("Add a field of the firm's own."), ("fields",), Action.MANAGE_FIRM, footer=9
    ),
    Command(
        "fields.edit",
        "e,enter",
        N_("Edit"),
        N_("Change the field's name, section, width, and whether it is required or unique."),
        ("fields",),
        Action.MANAGE_FIRM,
        footer=8,
    ),
    Command(
        "fields.choices",
        "c",
        N_("Choices"),
        N_("Open the choices of the field: add, rename, put in order, retire."),
        ("fields",),
        footer=6,
    ),
    Command(
        "fields.retire",
        "r",
        N_("Retire"),
        N_("Retire the field, whose values are kept, or bring it back."),
        ("fields",),
        Action.MANAGE_FIRM,
        footer=7,
    ),
    Command(
        "fields.up",
        "shift+up,K",
        N_("Up"),
        N_("Move the field up: in the form, and among the columns to choose from."),
        ("fields",),
        Action.MANAGE_FIRM,
        footer=1,
    ),
    Command(
        "fields.down",
        "shift+down,J",
        N_("Down"),
        N_("Move the field down."),
        ("fields",),
        Action.MANAGE_FIRM,
        footer=1,
    ),
    # the choices of one
    Command("choices.add", "n,a", N_("New"), N_("Add a choice."), ("choices",), Action.MANAGE_FIRM, footer=9),
    Command(
        "choices.rename",
        "e,enter",
        N_("Rename"),
        N_("Rename the choice; the clients that have it keep it."),
        ("choices",),
        Action.MANAGE_FIRM,
        footer=8,
    ),
    Command(
        "choices.retire",
        "r",
        N_("Retire"),
        N_("Retire the choice, which nobody takes any more then, or bring it back."),
        ("choices",),
        Action.MANAGE_FIRM,
        footer=7,
    ),
    Command(
        "choices.up", "shift+up,K", N_("Up"), N_("Move the choice up."), ("choices",), Action.MANAGE_FIRM, footer=1
    ),
    Command(
        "choices.down",
        "shift+down,J",
        N_("Down"),
        N_("Move the choice down."),
        ("choices",),
        Action.MANAGE_FIRM,
        footer=1,
    ),
    # the tags
    Command(
        "tags.rename",
        "e,enter",
        N_("Rename"),
        N_("Rename the tag; every client that has it keeps it."),
        ("tags",),
        Action.MANAGE_FIRM,
        footer=9,
    ),
    Command(
        "tags.delete",
        "D",
        N_("Delete"),
        N_("Delete a tag that no client has."),
        ("tags",),
        Action.MANAGE_FIRM,
        footer=7,
    ),
)

"""The commands of a client's page, of the form, of its fields, and of two saves of the same field."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_PAGE = ("page",)

CLIENT_PAGE_AND_FORM_COMMANDS: tuple[Command, ...] = (
    # the client's page
    Command("page.next", "n", N_("Next"), N_("Go to the next client of the list."), _PAGE, footer=5),
    Command("page.previous", "p", N_("Previous"), N_("Go to the previous client of the list."), _PAGE, footer=4),
    Command(
        "page.history",
        "h",
        N_("History"),
        N_("Show what was changed on this client, and by whom."),
        _PAGE,
        footer=3,
        cli="history",
    ),
    Command(
        "page.plan",
        "b",
        N_("Plan"),
        N_("Choose a step of the preferred pricing plan for the client."),
        _PAGE,
        Action.MANAGE_PLAN,
        footer=2,
        cli="plan on | plan off | plan hand-over | plan accept | plan cancel",
    ),
    # the form, and the two sides of a save that came too late
    Command(
        "form.save",
        "ctrl+s",
        N_("Save"),
        N_("Save what the form says."),
        ("form", "conflict"),
        footer=9,
        saves=True,
    ),
    Command("form.more", "f2,ctrl+o", N_("More info"), N_("Show or hide the other fields."), ("form",), footer=7),
    Command(
        "form.cancel",
        "escape",
        N_("Cancel"),
        N_("Leave; asks if something was changed."),
        ("form", "conflict"),
        footer=8,
    ),
    Command("form.help", "f1", N_("Help"), N_("Show the keys of this screen."), ("form",), footer=5),
    Command("conflict.theirs", "left,t", N_("Theirs"), N_("Take their value for this field."), ("conflict",), footer=7),
    Command("conflict.yours", "right,y", N_("Yours"), N_("Keep your value for this field."), ("conflict",), footer=6),
    Command(
        "conflict.all-theirs", "T", N_("All theirs"), N_("Take their value for every field."), ("conflict",), footer=5
    ),
    Command(
        "conflict.all-yours", "Y", N_("All yours"), N_("Keep your value for every field."), ("conflict",), footer=4
    ),
    Command("conflict.up", "up,k", N_("Up"), N_("Go to the field above."), ("conflict",)),
    Command("conflict.down", "down,j", N_("Down"), N_("Go to the field below."), ("conflict",)),
    Command(
        "conflict.next",
        "enter",
        N_("Next field"),
        N_("Go to the next field that is not chosen yet; it says how one is chosen."),
        ("conflict",),
    ),
    # a field of the form: any, one that is typed into, one that is chosen
    Command("field.previous", "up", N_("Previous field"), N_("Go to the field above."), ("field",)),
    Command("field.next", "down", N_("Next field"), N_("Go to the field below."), ("field",)),
    Command("line.next", "enter", N_("Next field"), N_("From a text to the next field."), ("line",)),
    Command(
        "choice.open",
        "enter,space",
        N_("Open"),
        N_("Open the choices of a field, or the other fields; a letter opens the choices that have it."),
        ("choice",),
    ),
    Command("notes.undo", "ctrl+underscore", N_("Undo typing"), N_("Take back what was typed last."), ("notes",)),
)

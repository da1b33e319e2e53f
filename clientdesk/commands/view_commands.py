"""The commands of views: on the client list, and on the screen of all views."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_LIST, _VIEWS = ("list",), ("views",)

VIEW_COMMANDS: tuple[Command, ...] = (
    # on the client list
    Command("view.1", "1", N_("View 1"), N_("Open the first view, as it is saved."), _LIST),
    Command("view.2", "2", N_("View 2"), N_("Open the second view."), _LIST),
    Command("view.3", "3", N_("View 3"), N_("Open the third view."), _LIST),
    Command("view.4", "4", N_("View 4"), N_("Open the fourth view."), _LIST),
    Command("view.5", "5", N_("View 5"), N_("Open the fifth view."), _LIST),
    Command("view.6", "6", N_("View 6"), N_("Open the sixth view."), _LIST),
    Command("view.7", "7", N_("View 7"), N_("Open the seventh view."), _LIST),
    Command("view.8", "8", N_("View 8"), N_("Open the eighth view."), _LIST),
    Command("view.9", "9", N_("View 9"), N_("Open the ninth view."), _LIST),
    Command(
        "view.all",
        "v",
        N_("Views"),
        N_("Show all views: open one, put them in order, rename, hide or delete them."),
        _LIST,
        footer=1,
        cli="views",
    ),
    Command(
        "view.save",
        "S",
        N_("Save the view"),
        N_("Save filters, search, order and columns: in the view, or under a new name, for you or for the firm."),
        _LIST,
        footer=1,
        cli="views save",
    ),
    Command("view.put-back", "0", N_("Put the view back"), N_("Show the view as it is saved."), _LIST),
    Command(
        "view.undo",
        "z",
        N_("List as before"),
        N_("Take back the last change of the list's view, filters, order or columns; clients stay as they are."),
        _LIST,
    ),
    Command("view.redo", "Z", N_("List as after"), N_("Do such a change again that was taken back."), _LIST),
    # the screen of all views
    Command("views.open", "enter", N_("Open"), N_("Show the clients of the view."), _VIEWS, footer=9),
    Command(
        "views.up",
        "shift+up,K",
        N_("Up"),
        N_("Move the view up: the first nine have keys."),
        _VIEWS,
        footer=6,
        cli="views order",
    ),
    Command(
        "views.down",
        "shift+down,J",
        N_("Down"),
        N_("Move the view down."),
        _VIEWS,
        footer=5,
        cli="views order",
    ),
    Command(
        "views.rename",
        "e",
        N_("Rename"),
        N_("Give the view another name."),
        _VIEWS,
        footer=7,
        cli="views rename",
    ),
    Command(
        "views.hide",
        "space",
        N_("Hide or show"),
        N_("Hide the view from yourself, or show it."),
        _VIEWS,
        footer=4,
        cli="views hide | views unhide",
    ),
    Command(
        "views.give",
        "f",
        N_("To the firm"),
        N_("Make a view of yours the firm's: all of the team see it."),
        _VIEWS,
        Action.MANAGE_VIEWS,
        footer=3,
        cli="views give",
    ),
    Command(
        "views.delete",
        "D",
        N_("Delete"),
        N_("Delete a view of yours or of the firm."),
        _VIEWS,
        footer=7,
        cli="views delete",
    ),
)

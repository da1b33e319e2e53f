"""The commands of undo and redo, and of the firm's history."""

from clientdesk.domain.access import Action
from clientdesk.text import N_
from clientdesk.ui.commands.command import Command

# The lines of the history, and the rows of one.
_PAST = ("history", "history-rows")
# Where u goes back over your own changes; in the history it undoes the one that is shown.
_CHANGING = ("list", "page", "plan", "team", "settings")
_CHANGES = (*_PAST, "history-fields")

HISTORY_AND_UNDO_COMMANDS: tuple[Command, ...] = (
    # taking back what was done
    Command(
        "change.undo",
        "u",
        N_("Undo"),
        N_("Undo your own latest change; again: the one before it. Asks first where it is of many rows, or older."),
        _CHANGING,
        Action.EDIT_CLIENT,
        footer=1,
        saves=True,
    ),
    Command(
        "history.undo",
        "u",
        N_("Undo"),
        N_("Undo this change by itself, whoever made it, after a question."),
        _CHANGES,
        Action.EDIT_CLIENT,
        footer=6,
        saves=True,
    ),
    Command(
        "change.redo",
        "ctrl+r",
        N_("Redo"),
        N_("Do once more what you undid last, until you change something else."),
        (*_CHANGING, *_CHANGES),
        Action.EDIT_CLIENT,
        saves=True,
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

"""The commands of undo and redo, on every screen that has them."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

# Where u goes back over your own changes; in the history it undoes the one that is shown.
_CHANGING = (
    *("list", "page", "review", "board", "views", "team", "settings", "fields", "choices", "tags"),
    *("templates", "template"),
)
_IN_HISTORY = ("history", "history-rows", "history-fields")

UNDO_COMMANDS: tuple[Command, ...] = (
    Command(
        "change.undo",
        "u",
        N_("Undo"),
        N_("Undo your own latest change; again: the one before it. Asks first where it is of many rows, or older."),
        _CHANGING,
        Action.DO_WORK,
        footer=1,
        saves=True,
        cli="undo",
    ),
    Command(
        "history.undo",
        "u",
        N_("Undo"),
        N_("Undo this change by itself, whoever made it, after a question."),
        _IN_HISTORY,
        Action.EDIT_CLIENT,
        footer=6,
        saves=True,
        cli="undo",
    ),
    Command(
        "change.redo",
        "ctrl+r",
        N_("Redo"),
        N_("Do once more what you undid last, until you change something else."),
        (*_CHANGING, *_IN_HISTORY),
        Action.DO_WORK,
        saves=True,
        cli="redo",
    ),
)

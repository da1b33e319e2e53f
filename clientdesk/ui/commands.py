"""Every command, declared once: its id, keys, words, where it works and who may.

Footer, help screen, palette, key bindings and the person's own keys (settings file) read this list.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from clientdesk.domain.access import Action
from clientdesk.text import N_, _
from clientdesk.ui.command import Command as Command
from clientdesk.ui.file_commands import FILE_COMMANDS
from clientdesk.ui.firm_commands import FIRM_COMMANDS

if TYPE_CHECKING:
    from textual.binding import BindingType


_LIST, _PAGE, _BOTH = ("list",), ("page",), ("list", "page")
_BACK = (
    *("page", "plan", "team", "settings", "help", "imports", "download", "messages"),
    *("history", "history-rows", "history-fields"),
    *("import-file", "import-columns", "import-names", "import-plan", "import-apply", "error-log", "kept-log"),
)
# The scopes of screens whose main part is a table of rows.
_TABLES = ("table",)
# The lines of the history, and the rows of one.
_PAST = ("history", "history-rows")
# Where u goes back over your own changes; in the history it undoes the one that is shown.
_CHANGING = ("list", "page", "plan", "team", "settings")
_CHANGES = (*_PAST, "history-fields")
# The scopes of screens with a text that is longer than the screen.
_READING = ("reading",)

COMMANDS: tuple[Command, ...] = (
    # the client list
    Command("client.open", "enter", N_("Open"), N_("Open the client's page."), _LIST, footer=9),
    Command("list.find", "slash", N_("Find"), N_("Find a client by name, number, e-mail or phone."), _LIST, footer=8),
    Command("client.add", "a", N_("Add"), N_("Add a client."), _BOTH, Action.ADD_CLIENT, footer=7),
    Command("client.edit", "e", N_("Edit"), N_("Change the client's fields."), _BOTH, Action.EDIT_CLIENT, footer=6),
    Command("list.mark", "space", N_("Mark"), N_("Mark the client, or take the mark away."), _LIST, footer=5),
    Command(
        "client.status",
        "x",
        N_("Deactivate"),
        N_("Deactivate the client or the marked clients, or activate them again."),
        _BOTH,
        Action.CHANGE_STATUS,
        footer=3,
    ),
    Command(
        "client.delete",
        "D",
        N_("Delete"),
        N_("Delete the client permanently, after its conditions and a question."),
        _BOTH,  # the dialog says who may
        footer=1,
    ),
    Command(
        "client.copy", "y", N_("Copy"), N_("Send number, name and e-mail to the terminal's clipboard."), _BOTH, footer=1
    ),
    Command("list.type", "t", N_("Type"), N_("Show the clients of one type."), _LIST, footer=2),
    Command("list.lead", "w", N_("Lead"), N_("Show the clients of one lead accountant (who)."), _LIST, footer=2),
    Command("list.status", "s", N_("Status"), N_("Show active clients, inactive ones, or all."), _LIST, footer=2),
    Command(
        "list.sort",
        "o",
        N_("Sort"),
        N_("Order the list by a column; the same column again reverses it."),
        _LIST,
        footer=3,
    ),
    Command("list.columns", "c", N_("Columns"), N_("Choose the columns, their order and width."), _LIST, footer=3),
    Command(
        "list.clear",
        "escape",
        N_("Clear"),
        N_("Take the search and the filters off; where there are none, the marks."),
        _LIST,
    ),
    Command("list.unmark", "U", N_("Unmark all"), N_("Take all marks away."), _LIST),
    Command("plan.open", "p", N_("Plan"), N_("Open the clients of the preferred pricing plan."), _LIST, footer=1),
    Command("team.open", "m", N_("Team"), N_("Open the list of team members."), _LIST, footer=1),
    Command(
        "settings.open", "comma", N_("Settings"), N_("Open the firm's settings and client types."), _LIST, footer=1
    ),
    Command("history.open", "H", N_("History"), N_("Show what was changed in the firm, and by whom."), _LIST, footer=1),
    Command(
        "import.open",
        "I",
        N_("Import"),
        N_("Import client numbers or a client list; while an import runs, show how far it is."),
        _LIST,
        Action.IMPORT,
        footer=3,
    ),
    Command(
        "imports.open", "L", N_("Imports"), N_("Show the imports so far, each with its error log."), _LIST, footer=1
    ),
    Command("download.open", "d", N_("Download"), N_("Download the client list into a file."), _LIST, footer=3),
    Command("list.refresh", "r", N_("Refresh"), N_("Read the list again."), _LIST, footer=1),
    Command("app.quit", "q", N_("Quit"), N_("Leave clientdesk."), _LIST, footer=4),
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
    # in Find
    Command(
        "find.list",
        "escape,enter,down",
        N_("Back to the list"),
        N_("From Find back to the list; the search stays."),
        ("find",),
        footer=9,
    ),
    # moving in a table
    Command("row.up", "up,k", N_("Up"), N_("Go one row up."), _TABLES),
    Command("row.down", "down,j", N_("Down"), N_("Go one row down."), _TABLES),
    Command("row.page-up", "pageup,ctrl+b", N_("Page up"), N_("Go one page up."), _TABLES),
    Command("row.page-down", "pagedown,ctrl+f", N_("Page down"), N_("Go one page down."), _TABLES),
    Command("row.half-up", "ctrl+u", N_("Half a page up"), N_("Go half a page up."), _TABLES),
    Command("row.half-down", "ctrl+d", N_("Half a page down"), N_("Go half a page down."), _TABLES),
    Command("row.first", "g,home", N_("First"), N_("Go to the first row."), _TABLES),
    Command("row.last", "G,end", N_("Last"), N_("Go to the last row."), _TABLES),
    Command("row.left", "left,h", N_("Columns left"), N_("Show the columns on the left."), _TABLES),
    Command("row.right", "right,l", N_("Columns right"), N_("Show the columns on the right."), _TABLES),
    # the client's page
    Command("page.next", "n", N_("Next"), N_("Go to the next client of the list."), _PAGE, footer=5),
    Command("page.previous", "p", N_("Previous"), N_("Go to the previous client of the list."), _PAGE, footer=4),
    Command(
        "page.history", "h", N_("History"), N_("Show what was changed on this client, and by whom."), _PAGE, footer=3
    ),
    Command("page.plan", "b", N_("Plan"), N_("Open the preferred pricing plan at this client."), _PAGE, footer=2),
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
    # a long text to read
    Command("read.up", "up,k", N_("Up"), N_("Go one line up."), _READING),
    Command("read.down", "down,j", N_("Down"), N_("Go one line down."), _READING),
    Command("read.page-up", "pageup,ctrl+b", N_("Page up"), N_("Go one page up."), _READING),
    Command("read.page-down", "pagedown,ctrl+f,space", N_("Page down"), N_("Go one page down."), _READING),
    Command("read.half-up", "ctrl+u", N_("Half a page up"), N_("Go half a page up."), _READING),
    Command("read.half-down", "ctrl+d", N_("Half a page down"), N_("Go half a page down."), _READING),
    Command("read.first", "g,home", N_("First"), N_("Go to the beginning."), _READING),
    Command("read.last", "G,end", N_("Last"), N_("Go to the end."), _READING),
    # the columns of the list
    Command(
        "columns.toggle",
        "space",
        N_("Show or hide"),
        N_("Show the column in the list, or hide it."),
        ("columns",),
        footer=8,
    ),
    Command(
        "columns.up", "shift+up,K", N_("Up"), N_("Move the column to the left in the list."), ("columns",), footer=6
    ),
    Command(
        "columns.down",
        "shift+down,J",
        N_("Down"),
        N_("Move the column to the right in the list."),
        ("columns",),
        footer=5,
    ),
    Command("columns.wider", "shift+right,plus", N_("Wider"), N_("Make the column wider."), ("columns",), footer=4),
    Command(
        "columns.narrower", "shift+left,minus", N_("Narrower"), N_("Make the column narrower."), ("columns",), footer=3
    ),
    Command("columns.reset", "0", N_("Reset"), N_("Go back to the first columns and widths."), ("columns",), footer=2),
    Command(
        "columns.save",
        "ctrl+s,enter",
        N_("Save"),
        N_("Save the columns and go back."),
        ("columns",),
        footer=9,
        saves=True,
    ),
    Command("columns.cancel", "escape", N_("Cancel"), N_("Go back without a change."), ("columns",), footer=7),
    # a list to choose from, which is narrowed by what is typed
    Command("picker.choose", "enter", N_("Choose"), N_("Take what is under the cursor."), ("picker",)),
    Command("picker.up", "up", N_("Up"), N_("Go one line up."), ("picker",)),
    Command("picker.down", "down", N_("Down"), N_("Go one line down."), ("picker",)),
    Command("picker.page-up", "pageup", N_("Page up"), N_("Go one page up."), ("picker",)),
    Command("picker.page-down", "pagedown", N_("Page down"), N_("Go one page down."), ("picker",)),
    Command("picker.first", "home", N_("First"), N_("Go to the first line."), ("picker",)),
    Command("picker.last", "end", N_("Last"), N_("Go to the last line."), ("picker",)),
    *FIRM_COMMANDS,
    *FILE_COMMANDS,
    # the first start
    Command(
        "welcome.create",
        "ctrl+s",
        N_("Create the firm"),
        N_("Create the firm's file."),
        ("welcome",),
        footer=9,
        saves=True,
    ),
    Command("welcome.leave", "escape", N_("Leave"), N_("Leave; nothing is created."), ("welcome",), footer=8),
    # dialogs
    Command("dialog.cancel", "escape", N_("Cancel"), N_("Leave without a change."), ("dialog",), footer=9),
    Command("answer.yes", "y", N_("Yes"), N_("Do what a question with two answers asks about."), ("answer",)),
    Command("answer.no", "n", N_("No"), N_("Leave everything as it is."), ("answer",)),
    # everywhere
    Command("app.back", "escape", N_("Back"), N_("Go one level back."), _BACK, footer=8),
    Command("app.help", "question_mark,f1", N_("Help"), N_("Show the keys of this screen."), ("global",), footer=5),
    Command("app.palette", "colon,ctrl+p", N_("Commands"), N_("Find a command by its name."), ("global",)),
    Command(
        "app.suspend",
        "ctrl+z",
        N_("Suspend"),
        N_("Go back to the shell; its fg brings clientdesk back."),
        ("global",),
        at_once=True,
    ),
    Command("app.repaint", "ctrl+l", N_("Repaint"), N_("Paint the whole screen again."), ("global",), at_once=True),
    Command(
        "app.messages",
        "ctrl+g",
        N_("Messages"),
        N_("Read the last messages again, each with its time."),
        ("global", "dialog"),
    ),
    Command(
        "app.save-copy",
        "f4",
        N_("Save a copy as…"),
        N_("Save a copy of the whole firm in another file."),
        ("global",),
        Action.COPY_FIRM,
    ),
    Command("app.leave", "ctrl+q", N_("Quit"), N_("Leave clientdesk from anywhere."), ("global",)),
)

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}

_LABELS = {
    "slash": "/", "comma": ",", "colon": ":", "question_mark": "?", "escape": "esc", "plus": "+", "minus": "-",
    "number_sign": "#", "underscore": "_",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup", "pagedown": "pgdn", "f1": "F1", "f2": "F2", "f4": "F4",
}  # fmt: skip


@cache
def person_keys() -> Mapping[str, str]:
    """The keys that the person's settings give to commands, by id. Raises Refused for an unknown id, and for keys that
    cannot work."""
    from clientdesk.own_settings import own_settings

    keys = own_settings().keys
    for name in keys:
        if name not in BY_ID:
            from clientdesk.domain.problems import refuse
            from clientdesk.own_settings import settings_path

            raise refuse("unknown_command_id", path=settings_path(), name=name)
    if keys:
        from clientdesk.ui.key_check import check_keys

        check_keys(BY_ID, keys)
    return keys


def keys_of(command: Command) -> list[str]:
    """The keys the command has for this person, as they are written in the footer: ["?", "F1"]."""
    return labels(person_keys().get(command.id, command.keys))


def labels(keys: str) -> list[str]:
    """Textual's names of keys, with commas between them, as they are written in the footer."""
    return [_label(key.strip()) for key in keys.split(",") if key.strip()]


def first_key(command_id: str) -> str:
    """The first key that does a command."""
    return next(iter(keys_of(BY_ID[command_id])), "")


def _label(key: str) -> str:
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _LABELS.get(last, last)])


@cache
def commands_of(scope: str) -> tuple[Command, ...]:
    """The commands of a scope, in the order they were declared."""
    return tuple(command for command in COMMANDS if scope in command.scopes)


def bindings_for(*scopes: str) -> "list[BindingType]":
    """Textual's BINDINGS for the commands of the scopes: each calls `action_command(id)` of its node."""
    from textual.binding import Binding

    return [
        Binding(
            command.keys,
            f"command('{command.id}')",
            _(command.title),
            show=False,
            priority=command.at_once,
            id=command.id,
        )
        for scope in scopes
        for command in commands_of(scope)
    ]

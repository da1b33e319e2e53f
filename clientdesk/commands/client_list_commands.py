"""The commands of the client list: of a client or the marked ones, filters, Find, the columns, and the keys that open the
other screens (history, team, plan, settings, imports)."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.domain.fields import FIND_LOOKS_IN
from clientdesk.text import N_

_LIST = ("list",)
_BOTH = ("list", "page")

CLIENT_LIST_COMMANDS: tuple[Command, ...] = (
    # the client list
    Command("client.open", "enter", N_("Open"), N_("Open the client's page."), _LIST, footer=9, cli="show"),
    Command("list.find", "slash", N_("Find"), FIND_LOOKS_IN, _LIST, footer=8, cli="list"),
    Command("client.add", "a", N_("Add"), N_("Add a client."), _BOTH, Action.ADD_CLIENT, footer=7, cli="add"),
    Command(
        "client.edit",
        "e",
        N_("Edit"),
        N_("Change the client's fields."),
        _BOTH,
        Action.EDIT_CLIENT,
        footer=6,
        cli="edit",
    ),
    Command("list.mark", "space", N_("Mark"), N_("Mark the client, or take the mark away."), _LIST, footer=5),
    Command(
        "client.status",
        "x",
        N_("Deactivate"),
        N_("Deactivate the client or the marked clients, or activate them again."),
        _BOTH,
        Action.CHANGE_STATUS,
        footer=3,
        cli="status",
    ),
    Command(
        "client.delete",
        "D",
        N_("Delete"),
        N_("Delete the client, or the marked clients, permanently, after their conditions and a question."),
        _BOTH,
        Action.DELETE_CLIENT,
        footer=1,
        cli="delete",
    ),
    Command(
        "client.copy",
        "y",
        N_("Copy"),
        N_("Send number, name and e-mail of the client, or of the marked clients, to the terminal's clipboard."),
        _BOTH,
        footer=1,
        cli="list --csv --columns client_number,display_name,email",
    ),
    Command("list.type", "t", N_("Type"), N_("Show the clients of one type."), _LIST, footer=2, cli="list"),
    Command(
        "list.lead", "w", N_("Lead"), N_("Show the clients of one lead accountant (who)."), _LIST, footer=2, cli="list"
    ),
    Command(
        "list.status", "s", N_("Status"), N_("Show active clients, inactive ones, or all."), _LIST, footer=2, cli="list"
    ),
    Command(
        "list.filter",
        "F",
        N_("Filter"),
        N_("Filter by any field: choose field, comparison and value, or type it whole (city=Madrid)."),
        _LIST,
        footer=3,
        cli="list",
    ),
    Command(
        "list.same",
        "equals_sign",
        N_("Like this one"),
        N_("Show the clients that have a value of the cursor's client."),
        _LIST,
        footer=1,
    ),
    Command(
        "list.filters",
        "backspace",
        N_("Filters"),
        N_("Go to the filters above the list, to change one or take it off."),
        _LIST,
        footer=1,
    ),
    Command(
        "list.sort",
        "o",
        N_("Sort"),
        N_("Order the list by a column; the same column again reverses it."),
        _LIST,
        footer=3,
        cli="list",
    ),
    Command("list.columns", "c", N_("Columns"), N_("Choose the columns, their order and width."), _LIST, footer=3),
    Command(
        "list.clear",
        "escape",
        N_("Clear"),
        N_(
            "Take the search and the filters off; where there are none, the marks. Give up a range that is being marked."
        ),
        _LIST,
    ),
    Command(
        "list.mark-all",
        "asterisk",
        N_("Mark all"),
        N_("Mark all clients that match, also those that are not on the screen."),
        _LIST,
    ),
    Command(
        "list.mark-range",
        "V",
        N_("Mark a range"),
        N_("Begin a range that goes to the cursor, and mark it when pressed again (space does, too)."),
        _LIST,
    ),
    Command(
        "list.mark-others",
        "tilde",
        N_("Mark the others"),
        N_("Mark the clients of the list that are not marked, instead of those that are."),
        _LIST,
    ),
    Command("list.unmark", "U", N_("Unmark all"), N_("Take all marks away."), _LIST),
    Command(
        "missing.open",
        "M",
        N_("Missing client"),
        N_("Type a name or a number, and be told why the client is not in the list."),
        _LIST,
        cli="missing",
    ),
    Command(
        "plan.open",
        "p",
        N_("Plan"),
        N_("Open the view of the clients on the preferred pricing plan."),
        _LIST,
        footer=1,
        cli="plan list",
    ),
    Command("team.open", "m", N_("Team"), N_("Open the list of team members."), _LIST, footer=1, cli="team list"),
    Command(
        "settings.open",
        "comma",
        N_("Settings"),
        N_("Open the firm's settings and client types."),
        _LIST,
        footer=1,
        cli="settings show",
    ),
    Command(
        "history.open",
        "H",
        N_("History"),
        N_("Show what was changed in the firm, and by whom."),
        _LIST,
        footer=1,
        cli="history",
    ),
    Command(
        "import.open",
        "I",
        N_("Import"),
        N_("Import client numbers or a client list; while an import runs, show how far it is."),
        _LIST,
        Action.IMPORT,
        footer=3,
        cli="import",
    ),
    Command(
        "imports.open",
        "L",
        N_("Imports"),
        N_("Show the imports so far, each with its error log."),
        _LIST,
        footer=1,
        cli="imports",
    ),
    Command(
        "download.open", "d", N_("Download"), N_("Download the client list into a file."), _LIST, footer=3, cli="export"
    ),
    Command("list.refresh", "f5", N_("Refresh"), N_("Read the list again."), _LIST, footer=1, cli="list"),
    Command("app.quit", "q", N_("Quit"), N_("Leave clientdesk."), _LIST, footer=4),
    # in the filters above the list
    Command("filters.previous", "left,h", N_("Previous"), N_("Go to the filter on the left."), ("filters",), footer=5),
    Command("filters.next", "right,l", N_("Next"), N_("Go to the filter on the right."), ("filters",), footer=5),
    Command("filters.edit", "enter", N_("Change"), N_("Change the filter."), ("filters",), footer=8),
    Command("filters.remove", "delete,backspace", N_("Take off"), N_("Take the filter off."), ("filters",), footer=7),
    Command("filters.list", "escape,down", N_("Back to the list"), N_("Go back to the list."), ("filters",), footer=9),
    # in Find
    Command(
        "find.list",
        "escape,enter,down",
        N_("Back to the list"),
        N_("From Find back to the list; the search stays."),
        ("find",),
        footer=9,
    ),
    # the columns of the list
    Command(
        "columns.toggle",
        "space",
        N_("Tick"),
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
    Command(
        "columns.format",
        "f",
        N_("Format"),
        N_("Write the column's values in its next format: numbers, dates, yes or no, long choices."),
        ("columns",),
        footer=5,
    ),
    Command(
        "columns.reset",
        "0",
        N_("Reset"),
        N_("Go back to the first columns, widths and formats."),
        ("columns",),
        footer=2,
    ),
    Command(
        "columns.save",
        "ctrl+s,enter",
        N_("Save"),
        N_("Save the columns and go back."),
        ("columns",),
        footer=9,
        saves=True,
    ),
    Command("columns.cancel", "escape", N_("Back"), N_("Go back without a change."), ("columns",), footer=7),
)

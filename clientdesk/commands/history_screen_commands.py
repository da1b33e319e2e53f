"""The commands on the screens of the firm's history. The one that opens it is among `client_list_commands`."""

from clientdesk.commands.command import Command
from clientdesk.text import N_

# The lines of the history, and the rows of one.
_PAST = ("history", "history-rows")

HISTORY_SCREEN_COMMANDS: tuple[Command, ...] = (
    # the lines, the rows of one, the fields of a row
    Command(
        "history.rows", "enter", N_("Open"), N_("Open the change: its rows."), ("history",), footer=9, cli="history"
    ),
    Command(
        "history.fields",
        "enter",
        N_("Open"),
        N_("Open the row: each field before and after."),
        ("history-rows",),
        footer=9,
        cli="history",
    ),
    Command(
        "history.client",
        "enter",
        N_("Client"),
        N_("Open the page of the client."),
        ("history-fields",),
        footer=9,
        cli="show",
    ),
    Command(
        "history.find",
        "slash",
        N_("Find"),
        N_("Find changes by words of what they say; the newest are shown first, as they are found."),
        _PAST,
        footer=7,
        cli="history",
    ),
    Command(
        "history.who", "w", N_("Who"), N_("Show the changes of one team member."), ("history",), footer=4, cli="history"
    ),
    Command(
        "history.kind", "t", N_("Kind"), N_("Show the changes of one kind."), ("history",), footer=4, cli="history"
    ),
    Command(
        "history.about", "c", N_("Client"), N_("Show the changes of one client."), ("history",), footer=3, cli="history"
    ),
    Command(
        "history.only",
        "o",
        N_("Only this"),
        N_("Show the changes of this client alone, also of one that was deleted."),
        _PAST,
        footer=3,
        cli="history",
    ),
    Command("history.field", "f", N_("Field"), N_("Show the changes of one field."), _PAST, footer=3, cli="history"),
    Command(
        "history.dates", "d", N_("Dates"), N_("Show the changes of some days."), ("history",), footer=3, cli="history"
    ),
    Command(
        "history.refresh", "r", N_("Refresh"), N_("Read the history again."), ("history",), footer=2, cli="history"
    ),
)

"""The commands that move: in a table, in a long text, in a list to choose from."""

from clientdesk.commands.command import Command
from clientdesk.text import N_

# The scopes of screens whose main part is a table of rows.
_TABLES = ("table",)
# The scopes of screens with a text that is longer than the screen.
_READING = ("reading",)

MOVING_COMMANDS: tuple[Command, ...] = (
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
    # a long text to read
    Command("read.up", "up,k", N_("Up"), N_("Go one line up."), _READING),
    Command("read.down", "down,j", N_("Down"), N_("Go one line down."), _READING),
    Command("read.page-up", "pageup,ctrl+b", N_("Page up"), N_("Go one page up."), _READING),
    Command("read.page-down", "pagedown,ctrl+f,space", N_("Page down"), N_("Go one page down."), _READING),
    Command("read.half-up", "ctrl+u", N_("Half a page up"), N_("Go half a page up."), _READING),
    Command("read.half-down", "ctrl+d", N_("Half a page down"), N_("Go half a page down."), _READING),
    Command("read.first", "g,home", N_("First"), N_("Go to the beginning."), _READING),
    Command("read.last", "G,end", N_("Last"), N_("Go to the end."), _READING),
    # a list to choose from, which is narrowed by what is typed
    Command("picker.choose", "enter", N_("Choose"), N_("Take what is under the cursor."), ("picker",)),
    Command("picker.up", "up", N_("Up"), N_("Go one line up."), ("picker",)),
    Command("picker.down", "down", N_("Down"), N_("Go one line down."), ("picker",)),
    Command("picker.page-up", "pageup", N_("Page up"), N_("Go one page up."), ("picker",)),
    Command("picker.page-down", "pagedown", N_("Page down"), N_("Go one page down."), ("picker",)),
    Command("picker.first", "home", N_("First"), N_("Go to the first line."), ("picker",)),
    Command("picker.last", "end", N_("Last"), N_("Go to the last line."), ("picker",)),
    Command(
        "picker.mark",
        "tab",
        N_("Mark"),
        N_("Mark what is under the cursor, or take the mark away, where several can be chosen."),
        ("several",),
    ),
)

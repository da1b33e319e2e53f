"""The palette: the commands of the screen, found by their words."""

import asyncio
from typing import Any

from clientdesk.text import _
from clientdesk.ui.commands import Command, commands_of, keys_of
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.row_table import RowTable

PALETTE = "app.palette"
"""The command that opens it."""
OF_PARTS = ("row.", "picker.", "filters.")
"""How the ids of commands begin that only a part of the screen obeys which has the focus."""
LOOK_AGAIN = 0.01
"""So many seconds pass between two looks whether the rows are there."""


def commands_here(screen: Commanding[Any]) -> list[Command]:
    """The commands of a screen that your access allows, in the order of its help."""
    return [
        command
        for scope in (*screen.help_scopes(), "global")
        for command in commands_of(scope)
        if command.id != PALETTE and not command.id.startswith(OF_PARTS) and screen.may(command)
    ]


def _label(command: Command) -> str:
    return f"{_(command.title)}  ({' '.join(keys_of(command))})  {_(command.help)}"


async def choose_command(screen: Commanding[Any]) -> None:
    """Let the person choose a command of the screen by its words, and do it, as soon as the rows are there that a list
    on the screen is about to show: it acts on one of them."""
    options = [(command.id, _label(command)) for command in commands_here(screen)]
    command_id = await screen.app.push_screen_wait(Choose(_("Commands"), options))
    while any(table.rows.is_reading for table in screen.query(RowTable)):
        await asyncio.sleep(LOOK_AGAIN)
    if command_id is not None and PALETTE in screen.under_way:  # otherwise it was given up
        screen.action_command(command_id)

"""The palette: the commands of the screen, found by their words."""

from typing import Any

from clientdesk.text import _
from clientdesk.ui.commands import Command, commands_of, keys_of
from clientdesk.ui.picker import Choose
from clientdesk.ui.screens.base import Commanding


def commands_here(screen: Commanding[Any]) -> list[Command]:
    """The commands of a screen that your access allows, in the order of its help."""
    return [
        command
        for scope in (*screen.help_scopes(), "global")
        for command in commands_of(scope)
        if command.id != "app.palette" and not command.id.startswith(("row.", "picker.")) and screen.may(command)
    ]


def _label(command: Command) -> str:
    return f"{_(command.title)}  ({' '.join(keys_of(command))})  {_(command.help)}"


async def choose_command(screen: Commanding[Any]) -> None:
    """Let the person choose a command of the screen by its words, and do it."""
    options = [(command.id, _label(command)) for command in commands_here(screen)]
    command_id = await screen.app.push_screen_wait(Choose(_("Commands"), options))
    if command_id is not None:
        screen.action_command(command_id)

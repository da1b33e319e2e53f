"""Every command of the screens, declared once: its id, keys, words, where it works and who may; a module for each
screen or kind of screens.

Footer, help screen, palette, key bindings and the person's own keys (settings file) read this list.
"""

from clientdesk.ui.commands.all_commands import BY_ID, COMMANDS, commands_of
from clientdesk.ui.commands.command import Command
from clientdesk.ui.commands.keys import bindings_for, first_key, keys_of, labels, person_keys

__all__ = [
    "BY_ID",
    "COMMANDS",
    "Command",
    "bindings_for",
    "commands_of",
    "first_key",
    "keys_of",
    "labels",
    "person_keys",
]

"""Every command of the screens, declared once: its id, keys, words, where it works and who may; a module for each
screen or kind of screens.

Footer, help screen, palette, key bindings, the person's own keys (settings file), the manual and `clientdesk run` read
this list.
"""

from clientdesk.commands.all_commands import BY_ID, COMMANDS, commands_of
from clientdesk.commands.command import Command
from clientdesk.commands.keys import first_key, keys_of, labels, person_keys

__all__ = ["BY_ID", "COMMANDS", "Command", "commands_of", "first_key", "keys_of", "labels", "person_keys"]

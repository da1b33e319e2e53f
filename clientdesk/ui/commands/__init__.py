"""The declared commands (`clientdesk.commands`) as the screens have them: with Textual's bindings for their keys."""

from clientdesk.commands import BY_ID, COMMANDS, Command, commands_of, first_key, keys_of, labels, person_keys
from clientdesk.ui.commands.bindings import bindings_for, demand_own_keys

__all__ = [
    "BY_ID",
    "COMMANDS",
    "Command",
    "bindings_for",
    "commands_of",
    "demand_own_keys",
    "first_key",
    "keys_of",
    "labels",
    "person_keys",
]

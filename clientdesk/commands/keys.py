"""The keys of a command: as it is declared, or as the person's settings say, and how they are written."""

import unicodedata
from collections.abc import Mapping
from functools import cache

from clientdesk.commands.all_commands import BY_ID
from clientdesk.commands.command import Command

_LABELS = {
    "slash": "/", "comma": ",", "colon": ":", "question_mark": "?", "escape": "esc", "plus": "+", "minus": "-",
    "number_sign": "#", "equals_sign": "=", "underscore": "_", "asterisk": "*", "tilde": "~", "full_stop": ".",
    "at": "@", "backslash": "\\",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "delete": "del", "pageup": "pgup", "pagedown": "pgdn", "f1": "F1", "f2": "F2", "f4": "F4",
}  # fmt: skip


@cache
def person_keys() -> Mapping[str, str]:
    """The keys that the person's settings give to commands, by id; whether they can work is looked at where the screens
    begin. Raises Refused for an unknown id."""
    from clientdesk.own_settings import own_settings

    keys = own_settings().keys
    for name in keys:
        if name not in BY_ID:
            from clientdesk.domain.problems import refuse
            from clientdesk.own_settings import settings_path

            raise refuse("unknown_command_id", path=settings_path(), name=name)
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
    return "+".join([*modifiers, _LABELS.get(last) or _character(last)])


def _character(key: str) -> str:
    """What a key that is named by its character writes: "!" for exclamation_mark; other keys are called by their names."""
    try:
        character = unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return key
    return character if character.isprintable() and not character.isspace() else key

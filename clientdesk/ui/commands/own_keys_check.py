"""Whether the keys that a person gives to commands can work: real keys, that arrive, one command each."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys
from textual.widgets import Input

from clientdesk.commands import Command
from clientdesk.domain.problems import refuse
from clientdesk.own_settings import settings_path

TOGETHER: tuple[tuple[str, ...], ...] = (
    *(
        (screen, "table", "global")
        for screen in ("list", "team", "settings", "views", "columns", "reassign", "imports", "review", "board")
    ),
    *((screen, "table", "global") for screen in ("fields", "choices", "tags", "templates", "template", "bulk-plan")),
    *((screen, "table", "global") for screen in ("import-columns", "import-names", "import-plan", "kept-log")),
    *((screen, "table", "global") for screen in ("error-log", "history", "history-rows", "missing")),
    *((screen, "find", "global") for screen in ("list", "history", "history-rows", "missing")),
    ("list", "filters", "global"),
    *((screen, "reading", "global") for screen in ("page", "history-fields", "help", "messages")),
    *(("form", "field", kind, "global") for kind in ("line", "notes", "choice")),
    *((screen, "path", "field", "global") for screen in ("import-file", "download")),
    *((screen, "choice", "global") for screen in ("import-file", "download")),
    *((screen, "global") for screen in ("conflict", "import-apply", "welcome")),
    *(("dialog", "answer", dialog) for dialog in ("member", "row-edit", "path")),
    *(("dialog", dialog) for dialog in ("sql", "reading")),
    ("dialog", "picker", "several"),
)
"""The scopes whose commands are obeyed at the same time; those of commands that are obeyed `at_once` always are."""

_MODIFIERS = frozenset(["ctrl", "alt", "shift", "super", "hyper", "meta"])
_NAMED = frozenset(name.value.rpartition("+")[2] for name in Keys if not name.value.startswith("<"))
# What terminals send for these keys is another key, or the beginning of a sequence.
_NEVER_ARRIVE = frozenset(
    (
        *("ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+[", "ctrl+left_square_bracket", "ctrl+c"),
        *(f"alt+{key}" for key in ("shift+p", "P", "shift+x", "X", "shift+o", "O", "[", "]", "_", "^")),
        *("alt+left_square_bracket", "alt+right_square_bracket", "alt+underscore", "alt+circumflex_accent"),
    )
)

# The scopes in which the focus may be in a text: there a character is typed, and is no command.
_TYPED = frozenset(
    (
        *("form", "field", "line", "notes", "find", "path", "picker", "dialog", "member", "row-edit"),
        *("import-file", "download", "welcome"),
    )
)
# Those whose commands belong to the screen around the text: what edits the text does not reach them.
_AROUND_A_TEXT = _TYPED - {"line", "notes", "find", "path", "picker"}
# What a dialog's buttons, and the text above them, do with the keys themselves.
_BUTTON_KEYS = frozenset(
    (
        *("enter", "space", "tab", "shift+tab", "left", "right"),
        *("up", "down", "pageup", "pagedown", "home", "end"),
    )
)


def check_keys(commands: Mapping[str, Command], own: Mapping[str, str]) -> None:
    """Raises Refused for a key of the person's `own` that is none, never arrives, does something else where the command
    works, or does another command already.

    Two commands that share a key from the beginning (esc in Find and in the list) are meant to.
    """
    for name, keys in own.items():
        for key in keys.split(","):
            _check_key(name, key.strip())
        _check_place(commands[name], [key.strip() for key in keys.split(",")])
    for scopes in TOGETHER:
        together = [command for command in commands.values() if command.at_once or set(scopes) & set(command.scopes)]
        for first, second in combinations(together, 2):
            if first.id not in own and second.id not in own:
                continue
            shared = _keys(own.get(first.id, first.keys)) & _keys(own.get(second.id, second.keys))
            if shared and not _keys(first.keys) & _keys(second.keys):
                raise refuse("key_clash", path=settings_path(), name=min(shared), first=first.id, second=second.id)


def _check_key(command_id: str, key: str) -> None:
    modifiers, last = _taken_apart(key)
    known = last in _NAMED or _character(last) is not None
    if not known or not _MODIFIERS.issuperset(modifiers) or not key.isprintable():
        raise refuse("unknown_key", path=settings_path(), name=key, command=command_id)
    shifted = modifiers == ["shift"] and _character(last) is not None
    if key in _NEVER_ARRIVE or shifted or (modifiers == ["ctrl"] and last.isupper()):
        raise refuse("unusable_key", path=settings_path(), name=key, command=command_id)


def _check_place(command: Command, keys: Sequence[str]) -> None:
    """Refuses keys that mean something else where the command works.

    Of a command that works elsewhere, too, only the first key must do: it is the one that the screens show.
    """
    scopes = frozenset(command.scopes)
    if "answer" in scopes:
        for key in keys:
            if _canonical(key) in _BUTTON_KEYS:
                raise refuse("button_key", path=settings_path(), name=key, command=command.id)
    if "choice" in scopes:
        for key in keys:
            if (character := _typed(key)) is not None and character.isalnum():
                raise refuse("typed_key", path=settings_path(), name=key, command=command.id)
    if "global" in scopes or not scopes & _TYPED:
        return
    edited = _editing() if scopes & _AROUND_A_TEXT else frozenset[str]()
    for key in keys if scopes <= _TYPED else keys[:1]:
        if _typed(key) is not None or _canonical(key) in edited:
            raise refuse("typed_key", path=settings_path(), name=key, command=command.id)


def _typed(key: str) -> str | None:
    """The character that a key types into a text, alone or with alt; None for other keys."""
    modifiers, last = _taken_apart(key)
    if not {"alt", "shift"}.issuperset(modifiers):
        return None
    return " " if last == "space" else _character(last)


@cache
def _editing() -> frozenset[str]:
    """The keys by which a text is edited."""
    return _keys(",".join(binding.key for binding in Input.BINDINGS if isinstance(binding, Binding)))


def _taken_apart(key: str) -> tuple[list[str], str]:
    """The modifiers of a key, and the key itself, which may be a plus."""
    before, _plus, last = key.rpartition("+")
    if not last:
        before, last = before.removesuffix("+"), "+" if key else ""
    return before.split("+") if before else [], last


@cache
def _names() -> Mapping[str, str]:
    """What Textual calls the characters of ASCII: {"slash": "/"}."""
    names = {}
    for character in map(chr, range(0x21, 0x7F)):
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
        names[KEY_NAME_REPLACEMENTS.get(name, name)] = character
    return names


def _character(name: str) -> str | None:
    """The character that a key types, by itself or by its name; None for other keys."""
    if len(name) == 1:
        return name
    if name in _NAMED or name in _names():
        return _names().get(name)
    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return None


def _keys(keys: str) -> frozenset[str]:
    """The keys of a list with commas between them, each under one name ("slash" and "/" are one key)."""
    return frozenset(_canonical(key.strip()) for key in keys.split(","))


def _canonical(key: str) -> str:
    modifiers, last = _taken_apart(key)
    return "+".join((*sorted(modifiers), _character(last) or last))


def shared_by_default(commands: Mapping[str, Command]) -> Iterator[tuple[str, str, str]]:
    """The keys that two commands share in one scope as they are declared: (key, one id, the other's id)."""
    for first, second in combinations(commands.values(), 2):
        if set(first.scopes) & set(second.scopes):
            for key in _keys(first.keys) & _keys(second.keys):
                yield key, first.id, second.id

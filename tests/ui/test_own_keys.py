"""The keys that a person gives to commands: what cannot work is told at the start."""

import pytest

from clientdesk.commands.keys import labels
from clientdesk.domain.problems import Refused
from clientdesk.ui.commands import BY_ID, COMMANDS
from clientdesk.ui.commands.own_keys_check import TOGETHER, check_keys, shared_by_default


def told(**own: str) -> str:
    """The sentence about these keys (`client__add` stands for client.add), "" where they are taken."""
    try:
        check_keys(BY_ID, {name.replace("__", ".").replace("_", "-"): keys for name, keys in own.items()})
    except Refused as refusal:
        return refusal.message
    return ""


@pytest.mark.parametrize(
    "key",
    [
        "insert",
        "Q",
        "ctrl+e",
        "f6",
        "shift+f3",
        "alt+a",
        "!",
        "exclamation_mark",
        "ñ",
        "at",
        "ctrl+space",
        "ctrl+shift+up",
    ],
)
def test_a_free_key_is_taken(key: str) -> None:
    assert told(client__add=key) == ""


@pytest.mark.parametrize("key", ["foo", "", "F5", "f25", "Ctrl+a", "a b", "crtl+a", "a,", "\x1b"])
def test_what_is_no_key_is_told(key: str) -> None:
    assert "client.add is no key" in told(client__add=key)


@pytest.mark.parametrize(
    "key",
    ["ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+c", "ctrl+A", "shift+a", "alt+shift+p", "alt+]", "alt+_", "alt+^",
     "alt+X", "alt+P", "alt+right_square_bracket"],
)  # fmt: skip
def test_a_key_that_never_arrives_is_told(key: str) -> None:
    assert f"client.add cannot have the key {key}" in told(client__add=key)


@pytest.mark.parametrize(
    ("own", "key", "ids"),
    [
        ({"client__add": "e"}, "e", ("client.add", "client.edit")),
        ({"client__add": "f9", "client__edit": "f9"}, "f9", ("client.add", "client.edit")),
        ({"client__add": "/"}, "/", ("list.find", "client.add")),
        ({"client__add": "slash"}, "/", ("list.find", "client.add")),
        ({"client__add": "j"}, "j", ("client.add", "row.down")),
        ({"client__add": "ctrl+q"}, "ctrl+q", ("client.add", "app.leave")),
        ({"form__save": "f2"}, "f2", ("form.save", "form.more")),
        ({"app__help": "f6", "row__up": "f6"}, "f6", ("row.up", "app.help")),
    ],
)
def test_two_commands_on_one_key_are_told(own: dict[str, str], key: str, ids: tuple[str, str]) -> None:
    assert f"the key {key} is given to {ids[0]} and to {ids[1]}. Give one of them another key." in told(**own)


@pytest.mark.parametrize(
    ("own", "key"),
    [
        ({"form__save": "x"}, "x"),
        ({"form__save": "ctrl+k"}, "ctrl+k"),
        ({"form__help": "alt+h"}, "alt+h"),
        ({"field__next": "a"}, "a"),
        ({"line__next": "space"}, "space"),
        ({"notes__undo": "u"}, "u"),
        ({"picker__up": "ctrl+k,k"}, "k"),
        ({"find__list": "slash"}, "slash"),
        ({"path__complete": "minus"}, "minus"),
        ({"member__save": "s"}, "s"),
        ({"row_edit__keep": "k"}, "k"),
        ({"dialog__cancel": "q"}, "q"),
        ({"choice__open": "o"}, "o"),
        ({"import__next": "n"}, "n"),
        ({"app__back": "q"}, "q"),
        ({"welcome__create": "enter"}, "enter"),
    ],
)
def test_what_is_typed_where_a_command_works_is_told(own: dict[str, str], key: str) -> None:
    assert f"cannot have the key {key}: where it works, this key is typed or edits the text." in told(**own)


@pytest.mark.parametrize("command", ["answer__yes", "answer__no"])
@pytest.mark.parametrize("key", ["enter", "space", "tab", "shift+tab", "left", "down"])
def test_what_the_buttons_need_is_told(command: str, key: str) -> None:
    assert f"cannot have the key {key}: on the buttons of a dialog it does something else." in told(**{command: key})


def test_a_second_key_may_work_elsewhere_only() -> None:
    assert told(app__back="escape,q") == ""
    assert told(picker__up="ctrl+k") == ""
    assert told(answer__yes="s") == ""


@pytest.mark.thorough("many")
def test_the_declared_keys_may_be_given() -> None:
    for command in COMMANDS:
        check_keys(BY_ID, {command.id: command.keys})  # else it says which


def test_keys_may_be_exchanged_and_used_again_on_another_screen() -> None:
    assert told(client__add="e", client__edit="a") == ""
    assert told(views__rename="m") == ""


def test_no_two_commands_of_a_scope_share_a_key_as_they_are_declared() -> None:
    assert list(shared_by_default(BY_ID)) == []


def test_every_scope_stands_among_those_that_are_obeyed_together() -> None:
    scopes = {scope for command in COMMANDS for scope in command.scopes}
    assert scopes == {scope for group in TOGETHER for scope in group}


@pytest.mark.parametrize(
    ("key", "label"),
    [("full_stop", "."), ("exclamation_mark", "!"), ("at", "@"), ("ctrl+left_square_bracket", "ctrl+["), ("ñ", "ñ"),
     ("space", "space"), ("escape", "esc"), ("delete", "del"), ("backspace", "backspace"), ("insert", "insert")],
)  # fmt: skip
def test_a_key_is_written_as_it_is_typed(key: str, label: str) -> None:
    assert labels(key) == [label]


def test_no_key_is_told_by_the_name_of_its_character() -> None:
    assert not [command.id for command in COMMANDS for key in labels(command.keys) if len(key) > 1 and "_" in key[:-1]]

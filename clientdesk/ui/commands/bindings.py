"""The keys of commands as Textual binds them."""

from typing import TYPE_CHECKING

from clientdesk.commands import BY_ID, commands_of, person_keys
from clientdesk.text import _

if TYPE_CHECKING:
    from textual.binding import BindingType


def bindings_for(*scopes: str) -> "list[BindingType]":
    """Textual's BINDINGS for the commands of the scopes: each calls `action_command(id)` of its node."""
    from textual.binding import Binding

    return [
        Binding(
            command.keys,
            f"command('{command.id}')",
            _(command.title),
            show=False,
            priority=command.at_once,
            id=command.id,
        )
        for scope in scopes
        for command in commands_of(scope)
    ]


def demand_own_keys() -> None:
    """Raises Refused where the keys that the person's settings give to commands cannot work."""
    if keys := person_keys():
        from clientdesk.ui.commands.own_keys_check import check_keys

        check_keys(BY_ID, keys)

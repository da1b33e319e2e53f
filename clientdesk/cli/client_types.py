"""`clientdesk settings types`: the firm's list of client types."""

from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.domain.fold import same_name
from clientdesk.domain.problems import refuse
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.records import ClientType
    from clientdesk.desk.session import Session

types = group_that_lists("types", _("The firm's list of client types."))


@types.command("list", help=_("Print the client types."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_types(as_json: bool) -> None:
    """Prints the types and how many clients are of each."""
    from clientdesk.desk import client_types

    with opened_firm() as session:
        types = client_types.all_types(session)
    if as_json:
        for client_type in types:
            say(json_text({"name": client_type.name, "clients": client_type.clients}))
    else:
        say_table(
            [_("Client type"), _("Clients")], [[client_type.name, str(client_type.clients)] for client_type in types]
        )


def _find(session: "Session", name: str) -> "ClientType":
    from clientdesk.desk import client_types

    types = client_types.all_types(session)
    for client_type in types:
        if same_name(client_type.name) == same_name(name):
            return client_type
    raise refuse("unknown_client_type", value=name, choices=", ".join(client_type.name for client_type in types))


@types.command("add", help=_("Add a client type."))
@click.argument("name")
def add_type(name: str) -> None:
    """Adds a type."""
    from clientdesk.desk import client_types

    with opened_firm(to_write=True) as session:
        added = client_types.add_type(session, name)
    say(_("Added: {name}").format(name=display_text(added.name)))


@types.command("rename", help=_("Rename a client type; its clients keep it."))
@click.argument("name")
@click.argument("new_name")
def rename_type(name: str, new_name: str) -> None:
    """Renames a type."""
    from clientdesk.desk import client_types

    with opened_firm(to_write=True) as session:
        client_type = _find(session, name)
        saved = client_types.rename_type(session, client_type, new_name)
    changed = _("Saved: {name}") if saved.version != client_type.version else _("Nothing was changed.")
    say(changed.format(name=display_text(saved.name)))


@types.command("remove", help=_("Remove a client type that no client is of."))
@click.argument("name")
def remove_type(name: str) -> None:
    """Removes a type."""
    from clientdesk.desk import client_types

    with opened_firm(to_write=True) as session:
        client_type = _find(session, name)
        client_types.remove_type(session, client_type.id)
    say(_("Removed: {name}").format(name=display_text(client_type.name)))

"""Changing one client: `add`, `edit`, `delete`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.field_values import FormCommand, NewCommand, assignments, record_of
from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.printing import answer, can_ask, json_text, say, tell, tell_problems
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import shown_name
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session
    from clientdesk.domain.catalogue import Catalogue

_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print the client as one JSON object."))


def _report(client: "Client", catalogue: "Catalogue", as_json: bool, sentence: str) -> None:
    if as_json:
        say(json_text(record_of(client, catalogue)))
    else:
        say(sentence.format(name=shown_name(client.values), company_id=display_text(client.values["company_id"])))


@click.command(
    "add", cls=NewCommand, help=_("Add a client. Example: clientdesk add display_name='Peña SA' client_number=C-7")
)
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE…")
@_JSON
def add(values: Sequence[str], as_json: bool) -> None:
    """Adds a client; you lead it unless another lead is named."""
    from clientdesk.desk import clients

    with opened_firm(to_write=True) as session:
        catalogue = session.catalogue
        assigned = assignments(values, catalogue)
        for name in assigned:
            field = catalogue.by_name[name]
            if field not in catalogue.new_fields:
                raise refuse("fixed_field", name, label=field.label, instead=field.instead)
        saved = clients.save(session, None, clients.new_values(session) | assigned)
    tell_problems(saved.warnings)
    _report(saved.client, catalogue, as_json, _("Added: {name} (Company ID {company_id})"))


@click.command(
    "edit",
    cls=FormCommand,
    help=_(
        "Change fields of a client; an empty value empties the field. Example: clientdesk edit C-7 phone='+34 600 123 456'"
    ),
)
@click.argument("key")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE…")
@_JSON
def edit(key: str, values: Sequence[str], as_json: bool) -> None:
    """Changes the fields that are named; an empty value empties the field."""
    from clientdesk.desk import clients

    with opened_firm(to_write=True) as session:
        catalogue = session.catalogue
        changes = assignments(values, catalogue)
        saved = clients.save(session, clients.by_key(session, key), changes)
    tell_problems(warning for warning in saved.warnings if warning.field in changes)
    changed = _("Saved: {name} (Company ID {company_id})")
    _report(saved.client, catalogue, as_json, changed if saved.written else _("Nothing was changed."))


@click.command(
    "delete",
    cls=DeskCommand,
    help=_(
        "Delete a client permanently, after a question in a terminal (a no ends with 1). Elsewhere it needs --yes; without it, "
        "it only says whether that is possible, and ends with 2."
    ),
)
@click.argument("key")
@click.option("--yes", is_flag=True, help=_("Delete permanently without asking."))
@click.pass_context
def delete(context: click.Context, key: str, yes: bool) -> None:
    """Deletes a client if the conditions are met, after a question in a terminal.

    Ends with 1 where they are not met or the answer is no; with 2 where nobody can answer and --yes is not there.
    """
    from clientdesk.desk import clients

    with opened_firm(to_write=True) as session:
        client = clients.by_key(session, key)
        if not _deletable(session, client):
            tell(_("{name} cannot be deleted. You can deactivate the client instead.").format(name=_with_ids(client)))
            context.exit(1 if yes or can_ask() else 2)
        confirmed = True if yes else answer(_("Delete {name} permanently?").format(name=_with_ids(client)))
        if confirmed is None:
            text = _("{name} can be deleted, and would be gone for good. Add --yes to delete the client.")
            tell(text.format(name=_with_ids(client)))
            context.exit(2)
        if not confirmed:
            tell(_("Nothing was deleted."))
            context.exit(1)
        clients.delete(session, client)
    say(_("Deleted permanently: {name}").format(name=shown_name(client.values)))


def _with_ids(client: "Client") -> str:
    """A client's name with the client number, if there is one, and the Company ID; safe to show."""
    number, company_id = (display_text(client.values[name]) for name in ("client_number", "company_id"))
    about = _("Company ID {company_id}").format(company_id=company_id)
    if number:
        about = _("client number {number}, {about}").format(number=number, about=about)
    return f"“{shown_name(client.values)}” ({about})"


# By a condition of deleting, and who the client's primary admin is.
_COMMANDS = {
    ("client_has_primary_admin", "firm"): "clientdesk plan hand-over",
    ("client_has_primary_admin", "requested"): "clientdesk plan accept",
    ("off_the_plan", ""): "clientdesk plan off",
}


def _deletable(session: "Session", client: "Client") -> bool:
    """Whether the preconditions of deleting are met; prints each with what to do."""
    from clientdesk.desk import clients

    conditions = clients.deletion_conditions(session, client.id)
    for condition in conditions:
        if condition.met:
            tell(_("✓ met: {sentence}").format(sentence=condition.sentence))
        else:
            command = _COMMANDS.get(
                (condition.code, client.values["primary_admin"]), _COMMANDS.get((condition.code, ""), "")
            )
            cure = f" ({command} {display_text(client.values['company_id'])})" if command else ""
            tell(_("✗ not met: {sentence}").format(sentence=f"{condition.sentence} {condition.advice}{cure}"))
    return all(condition.met for condition in conditions)

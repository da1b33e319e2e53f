"""`clientdesk add` and `clientdesk delete`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.bulk_changes import Asked, Counted, change_clients
from clientdesk.cli.choosing import Chosen, chosen_clients_of
from clientdesk.cli.field_values import NewCommand, assignments, record_of
from clientdesk.cli.filters import ListCommand, ListOptions, chosen_by_filters, filter_options
from clientdesk.cli.frame import opened_firm
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import answer, can_ask, json_text, say, tell, tell_problems, typed
from clientdesk.domain.deletion import conditions_met
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import shown_name
from clientdesk.text import _, display_text, ngettext, whole_number

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
        assigned = assignments(values, catalogue, catalogue.new_fields)
        for name in assigned:
            field = catalogue.by_name.get(name)
            if field is not None and field not in catalogue.new_fields:
                raise refuse("fixed_field", name, label=field.label, instead=field.instead)
        saved = clients.save(session, None, clients.new_values(session) | assigned)
    tell_problems(saved.warnings)
    _report(saved.client, catalogue, as_json, _("Added: {name} (Company ID {company_id})"))


@click.command(
    "delete",
    cls=ListCommand,
    help=_(
        "Delete a client permanently, after a question in a terminal (a no ends with 1). Elsewhere it needs --yes; without it, "
        "it only says whether that is possible, and ends with 2. Instead of KEY, filters or a file choose the clients: the "
        "plan is shown, and who confirms it types how many they are."
    ),
)
@click.argument("key", required=False)
@filter_options
@click.option("--dry-run", is_flag=True, help=_("Only show the plan."))
@click.option("--yes", is_flag=True, help=_("Delete permanently without asking."))
@click.option("--all", "show_all", is_flag=True, help=_("Show every client of the plan."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object: the plan and what became of it."))
@click.pass_context
def delete(
    context: click.Context,
    key: str | None,
    options: ListOptions,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Deletes clients that meet the conditions: one, or those that filters or a file choose."""
    filtered = chosen_by_filters(context, [key] if key is not None else [])
    if filtered or dry_run or as_json:
        context.exit(_delete_many(key, options, Asked(dry_run, yes, as_json, show_all)))
    assert key is not None
    _delete_one(context, key, yes)


def _delete_many(key: str | None, options: ListOptions, asked: Asked) -> int:
    """Deletes the clients that are chosen; the exit code."""
    from clientdesk.desk import bulk_kinds, clients

    signals = Signals()
    with signals.watched(), opened_firm(to_write=not asked.dry_run) as session:
        chosen = chosen_clients_of(session, options) if key is None else Chosen([clients.by_key(session, key).id])
        promise = _("Each of them meets the conditions: {conditions} It would be gone for good.").format(
            conditions=" ".join(f"✓ {condition.sentence}" for condition in conditions_met())
        )
        return change_clients(
            session, chosen, bulk_kinds.deletion(session), asked, signals, _DELETED, _type_the_number, promise
        )


_DELETED = Counted(
    lambda n: ngettext("{n} to delete permanently", "{n} to delete permanently", n),
    lambda n: (
        ngettext("{n} client deleted permanently.", "{n} clients deleted permanently.", n)
        if n
        else _("No client was deleted.")
    ),
)


def _type_the_number(clients: int) -> bool | None:
    """Whether the person types how many clients are to be deleted."""
    question = _("Type how many clients are to be deleted permanently ({count}), or nothing")
    return typed(question.format(count=whole_number(clients)), str(clients))


def _delete_one(context: click.Context, key: str, yes: bool) -> None:
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

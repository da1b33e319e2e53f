"""`clientdesk edit`: fields of one client, or of all that filters or a file choose."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from clientdesk.cli.bulk_changes import Asked, change_clients
from clientdesk.cli.choosing import Chosen, chosen_clients_of
from clientdesk.cli.field_values import assignments, field_called, record_of
from clientdesk.cli.filters import FILTERS, ListCommand, ListOptions, filter_options, is_given
from clientdesk.cli.frame import opened_firm
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import json_text, say, tell_problems
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.rules import shown_name
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.records import Saved
    from clientdesk.desk.session import Session


class EditCommand(ListCommand):
    """A command whose help lists the fields that a person fills in, and how filters are written."""

    shown = BUILT_IN.form_fields


class _Wanted(NamedTuple):
    """The client by its key ("" where filters or a file choose), and as it was typed: what is set, and what is done to
    parts of texts (field and text, what is done, what takes its place)."""

    key: str
    pairs: Sequence[str]
    parts: Sequence[tuple[tuple[str, str], How, str]]

    def edits(self, catalogue: Catalogue) -> list[FieldEdit]:
        """Every edit. Wrong usage where a field is unknown, or set twice."""
        values = assignments(self.pairs, catalogue, catalogue.form_fields)
        edits = [FieldEdit(name, How.SET if value else How.EMPTY, value) for name, value in values.items()]
        edits += [
            FieldEdit(field_called(name, catalogue, named=catalogue.form_fields).name, how, text, by)
            for (name, text), how, by in self.parts
        ]
        return edits


@click.command(
    "edit",
    cls=EditCommand,
    help=_(
        "Change fields of a client; an empty value empties the field. Instead of KEY, filters or a file choose the clients; "
        "the plan is shown first. Examples: clientdesk edit C-7 phone='+34 600 123 456'; clientdesk edit --where "
        "city=Madird city=Madrid --dry-run"
    ),
)
@click.argument("words", nargs=-1, metavar="[KEY] FIELD=VALUE…")
@click.option(
    "--add",
    multiple=True,
    metavar="FIELD=TEXT",
    help=_("Add a text, in the notes on a line of its own, or a tag, where it does not stand there yet."),
)
@click.option(
    "--remove", multiple=True, metavar="FIELD=TEXT", help=_("Take a text out of the field (case counts), or a tag.")
)
@click.option(
    "--replace",
    multiple=True,
    nargs=2,
    metavar="FIELD=OLD NEW",
    help=_("Replace a text in the field by another one. Case counts."),
)
@filter_options
@click.option("--dry-run", is_flag=True, help=_("Only show the plan: each client, old → new."))
@click.option("--yes", is_flag=True, help=_("Go on without asking."))
@click.option("--all", "show_all", is_flag=True, help=_("Show every change and every refused client."))
@click.option(
    "--json", "as_json", is_flag=True, help=_("Print one JSON object: the client, or the plan and what became of it.")
)
@click.pass_context
def edit(
    context: click.Context,
    words: Sequence[str],
    add: Sequence[str],
    remove: Sequence[str],
    replace: Sequence[tuple[str, str]],
    options: ListOptions,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Changes the fields that are named of one client, or of many after their plan and a question."""
    wanted = _wanted(context, words, add, remove, replace)
    if wanted.key and not dry_run and not wanted.parts:
        _edit_one(wanted.key, wanted.pairs, as_json)
        return
    from clientdesk.desk import bulk_kinds

    signals, asked = Signals(), Asked(dry_run, yes or bool(wanted.key), as_json, show_all)
    with signals.watched(), opened_firm(to_write=not dry_run) as session:
        edits = wanted.edits(session.catalogue)
        chosen = _chosen(session, wanted.key, options)
        change = bulk_kinds.edits(session, edits, len(chosen.client_ids))
        context.exit(change_clients(session, chosen, change, asked, signals))


def _wanted(
    context: click.Context,
    words: Sequence[str],
    add: Sequence[str],
    remove: Sequence[str],
    replace: Sequence[tuple[str, str]],
) -> _Wanted:
    """What the command line asks for; what is wrong with it in any firm is told before one is opened."""
    chosen_otherwise = is_given(context, FILTERS)
    key = "" if chosen_otherwise else next(iter(words), "")
    pairs = words if chosen_otherwise else words[1:]
    if chosen_otherwise and words and "=" not in words[0]:
        raise click.UsageError(_("Name the clients, or let filters or a file choose them: not both."))
    parts = [(_pair(text, "--add"), How.ADD, "") for text in add]
    parts += [(_pair(text, "--remove"), How.REMOVE, "") for text in remove]
    parts += [(_pair(text, "--replace"), How.REPLACE, by) for text, by in replace]
    if chosen_otherwise and words and "=" not in words[0]:
        sentence = _("“{key}” is no FIELD=VALUE. Name one client by its KEY, or choose by filters or a file, not both.")
        raise click.UsageError(sentence.format(key=display_text(words[0])))
    if not chosen_otherwise and (not key or ("=" in key and not (pairs or parts))):
        raise click.UsageError(_("Say which clients: KEY, filters, or --from FILE; --status all takes every client."))
    if not pairs and not parts:
        raise click.UsageError(_("Say what to change: FIELD=VALUE, --add, --remove or --replace."))
    return _Wanted(key, pairs, parts)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value:
        sentence = _("{option} “{text}”: write FIELD=TEXT.")
        raise click.UsageError(sentence.format(option=option, text=display_text(text)))
    return name, value


def _chosen(session: "Session", key: str, options: ListOptions) -> Chosen:
    from clientdesk.desk import clients

    return Chosen([clients.by_key(session, key).id]) if key else chosen_clients_of(session, options)


def _edit_one(key: str, pairs: Sequence[str], as_json: bool) -> None:
    """Changes one client as the form does."""
    from clientdesk.desk import clients

    with opened_firm(to_write=True) as session:
        catalogue = session.catalogue
        changes = assignments(pairs, catalogue, catalogue.form_fields)
        saved = clients.save(session, clients.by_key(session, key), changes)
    tell_problems(warning for warning in saved.warnings if warning.field in changes)
    _report(saved, catalogue, as_json)


def _report(saved: "Saved", catalogue: Catalogue, as_json: bool) -> None:
    if as_json:
        say(json_text(record_of(saved.client, catalogue)))
        return
    sentence = _("Saved: {name} (Company ID {company_id})") if saved.written else _("Nothing was changed.")
    company_id = display_text(saved.client.values["company_id"])
    say(sentence.format(name=shown_name(saved.client.values), company_id=company_id))

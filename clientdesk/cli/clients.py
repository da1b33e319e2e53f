"""Reading clients: `list` and `show`."""

import shlex
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.choosing import narrowed
from clientdesk.cli.field_values import record_of
from clientdesk.cli.filters import ListCommand, ListOptions, asked_view, list_options
from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.printing import Table, file_text, json_text, say, tell
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import words
from clientdesk.domain.problems import SHOWN
from clientdesk.text import _, display_lines, display_text, local_time

if TYPE_CHECKING:
    from clientdesk.desk.records import Row

FIRST_PAGE = 200
PLAIN_COLUMNS = ("company_id", *BUILT_IN.first_columns)


@click.command("list", cls=ListCommand, help=_("Print the clients; by default the active ones, by name."))
@list_options
@click.option("--json", "as_json", is_flag=True, help=_("One object a line, all fields unless --columns says which."))
@click.option("--csv", "as_csv", is_flag=True, help=_("A CSV, all fields unless --columns says which."))
def list_clients(options: ListOptions, as_json: bool, as_csv: bool) -> None:
    """Prints the clients that the filters leave."""
    if as_json and as_csv:
        raise click.UsageError(_("Choose one of --json and --csv."))
    from clientdesk.desk import clients

    with opened_firm() as session:
        catalogue, chosen = session.catalogue, options.columns(session.catalogue)
        view = asked_view(session, options)
        query, only, keys_right = narrowed(session, options, view)
        if chosen is None and view is not None and view.layout.columns is not None:
            chosen = tuple(column.field for column in view.layout.columns)
        if as_json or as_csv:
            wanted = chosen or catalogue.names
            words = [catalogue.by_name[name].word for name in wanted]
            (_say_json if as_json else _say_csv)(words, clients.pages(session, query, wanted, FIRST_PAGE, only=only))
        else:
            wanted = chosen or PLAIN_COLUMNS
            fields = [catalogue.by_name[name] for name in wanted]
            say_clients(
                fields,
                clients.pages(session, query, wanted, FIRST_PAGE, only=only),
                narrow=chosen is None,
                find=options.find,
            )
    if not keys_right:
        click.get_current_context().exit(1)


def _say_json(words: Sequence[str], pages: Iterable[Sequence["Row"]]) -> None:
    for page in pages:
        for row in page:
            say(json_text(dict(zip(words, row.values, strict=True))))


def _say_csv(words: Sequence[str], pages: Iterable[Sequence["Row"]]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(file_text(word) for word in words)
    for page in pages:
        writer.writerows([file_text(value) for value in row.values] for row in page)


def say_clients(fields: Sequence[Field], pages: Iterable[Sequence["Row"]], *, narrow: bool, find: str = "") -> None:
    """Prints clients as a table; with `narrow`, only the columns for which a terminal has room. `find` is what is looked
    for in them: where nobody has it, it is said what finds them elsewhere."""
    table: Table | None = None
    for page in pages:
        shown = [[display_text(f.display(v)) for f, v in zip(fields, row.values, strict=True)] for row in page]
        if table is None:
            if not page:
                tell(_("No client is in this list."))
                if words(find) and len(find) <= SHOWN:
                    text = _("“clientdesk missing {text}” says where it is.")
                    tell(text.format(text=shlex.quote(display_text(find.strip()))))
                return
            # A list of one page is as narrow as its values; a longer one keeps room for those to come.
            more = len(page) == FIRST_PAGE
            table = Table([field.title for field in fields], shown, [field.width if more else 0 for field in fields])
            if narrow:
                table.narrow()
            say(table.head())
        for cells in shown:
            say(table.line(cells))


@click.command("show", cls=DeskCommand, help=_("Print one client. KEY is a Company ID or a client number."))
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help=_("One object with every field."))
@click.option("--history", "with_history", is_flag=True, help=_("What was changed, when and by whom, too."))
def show(key: str, as_json: bool, with_history: bool) -> None:
    """Prints one client."""
    from clientdesk.cli.history_entries import change_record, say_changes
    from clientdesk.desk import clients
    from clientdesk.desk import history as past

    with opened_firm() as session:
        client, fields = clients.by_key(session, key), session.catalogue.fields
        changes = list(past.all_of_client(session, client.id)) if with_history else []
    if as_json:
        more = {"history": [change_record(change) for change in changes]} if with_history else {}
        say(json_text(record_of(client, session.catalogue) | more))
        return
    section = None
    room = max(len(field.title) for field in fields) + 2
    for field in fields:
        value = client.values[field.name]
        if not value:
            continue
        if field.section is not section:
            say(("" if section is None else "\n") + _(field.section.value))
            section = field.section
        lines = display_lines(value) if field.kind is Kind.NOTES else display_text(field.display(value))
        first, *rest = lines.split("\n")
        say(f"  {field.title:<{room}}{first}")
        for line in rest:
            say(" " * (room + 2) + line)
    if with_history:
        say("\n" + _("History"))
        say_changes(changes, local_time)

"""`clientdesk export`: the client list as a file, or to standard output."""

import io
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from clientdesk.cli.choosing import narrowed
from clientdesk.cli.filters import ListCommand, ListOptions, asked_view, demand_whole, list_options
from clientdesk.cli.frame import PATH, opened_firm
from clientdesk.cli.printing import tell, tell_problems
from clientdesk.domain.encodings_and_delimiters import CHARACTERS
from clientdesk.domain.problems import refuse
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from clientdesk.exchange.export import Export, Pages

_NO_NAMES = ("all", "list")
"""What --view may say instead of the name of a view."""
STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_KEPT = re.compile("([\n\t])")


@click.command(
    "export",
    cls=ListCommand,
    help=_(
        "Write clients into FILE, by default every client with every field; without FILE, to standard output. "
        "--for-quickbooks writes NAME-1.csv, NAME-2.csv …: the clients that have a number, as many a file as "
        "QuickBooks takes."
    ),
)
@click.argument("path", type=PATH, metavar="[FILE]", required=False)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "xlsx", "jsonl"]),
    help=_("By default what FILE's ending says, else CSV."),
)
@list_options
@click.option("--for-quickbooks", is_flag=True, help=_("Files that QuickBooks Online Accountant takes."))
@click.option("--lang", type=click.Choice(["en", "es"]), help=_("The language of the headings."))
@click.option("--delimiter", type=click.Choice(list(CHARACTERS)), help=_("What stands between the cells of a CSV."))
@click.option("--no-bom", is_flag=True, help=_("No byte order mark before a CSV (Excel needs it)."))
@click.option("--no-neutral", is_flag=True, help=_("In CSV, leave cells that look like formulas as they are."))
@click.option("--overwrite", is_flag=True, help=_("Replace files that are there already."))
def export(
    path: str | None,
    kind: str | None,
    options: ListOptions,
    for_quickbooks: bool,
    lang: str | None,
    delimiter: str | None,
    no_bom: bool,
    no_neutral: bool,
    overwrite: bool,
) -> None:
    """Writes the clients that the view and the filters leave."""
    if path == "":
        raise click.UsageError(_("FILE names no file."))
    if for_quickbooks and (
        kind not in (None, "csv") or options.column_names is not None or delimiter not in (None, "comma")
    ):
        raise click.UsageError(_("--for-quickbooks has a format, columns and a delimiter of its own."))
    own_list = options.view == "list"
    if options.view in (None, *_NO_NAMES):
        options = options._replace(view=None, status=options.status or (None if own_list else "all"))
    from clientdesk.desk.clients import values_in_pages
    from clientdesk.exchange.export import Export, Format, export_clients, format_of, own_language

    file = None if path in (None, *STANDARD_OUTPUT) else path
    guessed, between = format_of(file or "")
    what = Format.QUICKBOOKS if for_quickbooks else Format(kind) if kind else guessed
    if file is None and what is Format.XLSX and sys.stdout.isatty():
        raise refuse("xlsx_to_terminal")
    with opened_firm() as session:
        chosen, view = options.columns(session.catalogue), asked_view(session, options)
        demand_whole(view)
        if chosen is None and view is not None and view.layout.columns is not None:
            chosen = tuple(column.field for column in view.layout.columns)
        elif chosen is None and (own_list or view is not None):
            from clientdesk.desk import list_columns

            own_columns, unread = list_columns.columns_as_kept(session)
            chosen = tuple(column.field for column in own_columns)
            tell_problems([] if unread is None else [unread])
        query, only, keys_right = narrowed(session, options, view)
        wanted = Export(
            query=query,
            only=only,
            columns=chosen or session.catalogue.names,
            format=what,
            language=lang or own_language(),
            delimiter=CHARACTERS[delimiter] if delimiter else between,
            bom=not no_bom,
            neutral=not no_neutral,
            catalogue=session.catalogue,
        )
        pages = partial(values_in_pages, session)
        if file is None:
            sentences = _to_standard_output(pages, wanted)
        else:
            sentences = export_clients(pages, wanted, file, session.location, overwrite).in_words()
    for sentence in sentences:
        tell(sentence)
    if not keys_right:
        click.get_current_context().exit(1)


# Without a view a file has all clients, not the active ones.
for _parameter in export.params:
    if isinstance(_parameter, click.Option) and _parameter.name == "status":
        _parameter.help = _("Of this status; by default that of the view.")
    elif isinstance(_parameter, click.Option) and _parameter.name == "view":
        _parameter.help = _(
            "all (the default): every client, every field; list: your own list, with its columns and the active clients "
            "by name; else a view, see “clientdesk views”, which the other filters narrow."
        )


def _to_standard_output(pages: "Pages", wanted: "Export") -> list[str]:
    """Writes to standard output; what is to be said about it beside how many clients there were."""
    from clientdesk.exchange.export import stream_clients

    if sys.stdout.isatty():
        return stream_clients(pages, wanted._replace(bom=False), cast(BinaryIO, _Terminal())).in_words()[1:]
    sys.stdout.flush()
    return stream_clients(pages, wanted, sys.stdout.buffer).in_words()[1:]


class _Terminal(io.RawIOBase):
    """Standard output where a person reads it: nothing in the clients' fields steers the terminal."""

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Whole rows in UTF-8."""
        text = bytes(data).decode(errors="replace").replace("\r\n", "\n")
        sys.stdout.write("".join(part if part in ("\n", "\t") else display_text(part) for part in _KEPT.split(text)))
        return len(bytes(data))

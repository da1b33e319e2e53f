"""`clientdesk import FILE`: clients from a client list."""

from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.output import json_text, say, sentence, tell
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.records import BadRow
    from clientdesk.exchange.client_list import ClientList


@click.command(
    "import",
    cls=DeskCommand,
    help=_(
        "Add the clients of a CSV file. Its headings are Company ID, Display name, Client number (or in Spanish). "
        "Every row is added, or none: then each row that is at fault is listed with what is wrong."
    ),
)
@click.argument("file", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help=_("Print one object with the counts and the refused rows."))
def import_list(file: str, as_json: bool) -> None:
    """Imports a client list, all of it or nothing."""
    from clientdesk.desk.records import Rejected
    from clientdesk.exchange.client_list import add_clients, read_client_list

    with opened_firm() as session:
        try:
            found = read_client_list(file)
        except Refused as refusal:
            if as_json:
                say(json_text(_record(file, 0, 0, (), refusal)))
            raise
        _tell_reading(found)
        try:
            new = add_clients(session, found)
        except Rejected as rejected:
            if as_json:
                say(json_text(_record(file, found.size, 0, rejected.bad_rows, None)))
            else:
                _tell_bad_rows(rejected.bad_rows)
            raise
    if as_json:
        say(json_text(_record(file, found.size, new, (), None)))
    else:
        say(ngettext("{n} client added.", "{n} clients added.", new).format(n=whole_number(new)))


def _tell_reading(found: "ClientList") -> None:
    """Says how the file was read, where that was a guess or left something out."""
    if found.encoding == "windows-1252":
        tell(_("The file is read as Windows-1252, because it is not UTF-8."))
    if found.ignored_headings:
        names = ", ".join(f"“{display_text(each)}”" for each in found.ignored_headings)
        tell(_("Ignored columns: {names}").format(names=names))


def _tell_bad_rows(bad_rows: "tuple[BadRow, ...]") -> None:
    """Every problem of every row on a line of its own."""
    for row in bad_rows:
        for each in row.problems:
            tell(_("line {n}: {sentence}").format(n=row.line, sentence=sentence(each)))


def _record(
    file: str, rows: int, new: int, bad_rows: "tuple[BadRow, ...]", refusal: Refused | None
) -> dict[str, object]:
    errors = [
        {"line": row.line, "field": each.field, "code": each.code, "message": each.message}
        for row in bad_rows
        for each in row.problems
    ]
    return {
        "file": file,
        "rows": rows,
        "new": new,
        "refused": len(bad_rows),
        "refusal": {"code": refusal.code, "message": refusal.message} if refusal else None,
        "errors": errors,
    }

"""Which of the two kinds of lists a file is."""

from itertools import islice

from clientdesk.desk.imports.numbers import FIELDS, places_of_numbers
from clientdesk.desk.imports.records import ImportKind
from clientdesk.desk.session import Session, reads
from clientdesk.domain.columns.presets import OWN, heading_key
from clientdesk.domain.rows import IncomingTable
from clientdesk.store import clients

EXAMPLES = 100
"""So many rows are looked at to tell what a file is."""


@reads
def guess_kind(session: Session, table: IncomingTable) -> ImportKind:
    """Numbers or clients.

    An upload of client numbers has its three headings and no other that clients have, and one of its first rows at
    least names a client of the firm; everything else is a client list. Refused where one of the three is there twice.
    """
    keys = [heading_key(heading) for heading in table.headings.cells]
    if {OWN[key] for key in keys if key in OWN} != set(FIELDS):
        return ImportKind.CLIENTS
    place = places_of_numbers(table.headings.cells, table.path)["company_id"]
    first = islice(table.rows(), EXAMPLES)
    company_ids = {line.cells[place].strip() for line in first if place < len(line.cells)}
    return ImportKind.NUMBERS if clients.by_company_ids(session.engine, list(company_ids)) else ImportKind.CLIENTS

"""Which of the two kinds of lists a file is."""

from collections.abc import Sequence
from itertools import islice

from clientdesk.desk import imports
from clientdesk.desk.import_numbers import FIELDS as NUMBER_FIELDS
from clientdesk.desk.session import Session
from clientdesk.domain.cells import restored
from clientdesk.domain.fields import FIELDS
from clientdesk.domain.fold import fold
from clientdesk.exchange.numbers import places_of_numbers
from clientdesk.exchange.reading import Table
from clientdesk.exchange.records import ImportKind

EXAMPLES = 100
"""So many rows are looked at to tell what a file is."""

_KNOWN = {fold(heading): field.name for field in FIELDS for heading in (*field.headings, field.name)}


def known(cells: Sequence[str]) -> int:
    """How many headings of a client's fields are among the cells of a row."""
    return len({folded for cell in cells if (folded := fold(cell)) in _KNOWN})


def guess_kind(session: Session, table: Table) -> ImportKind:
    """Numbers or clients.

    An upload of client numbers has its three headings and no other that clients have, and most of its first rows
    name clients of the firm; everything else is a client list.
    """
    named = [_KNOWN[fold(heading)] for heading in table.headings.cells if fold(heading) in _KNOWN]
    if sorted(named) != sorted(NUMBER_FIELDS):
        return ImportKind.CLIENTS
    place = places_of_numbers(table.headings.cells, "")["company_id"]
    first = islice(table.rows(), EXAMPLES)
    ids = {restored(line.cells[place].strip()) for line in first if place < len(line.cells)}
    most = 2 * imports.known_company_ids(session, list(ids)) >= max(1, len(ids))
    return ImportKind.NUMBERS if most else ImportKind.CLIENTS

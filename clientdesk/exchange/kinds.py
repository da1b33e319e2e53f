"""Which of the two kinds of lists a file is."""

from collections.abc import Sequence
from itertools import islice

from clientdesk.desk import imports
from clientdesk.desk.import_numbers import FIELDS as NUMBER_FIELDS
from clientdesk.desk.session import Session
from clientdesk.domain.fields import FIELDS
from clientdesk.domain.fold import fold
from clientdesk.exchange.numbers import places_of_numbers
from clientdesk.exchange.presets import heading_key
from clientdesk.exchange.reading import Table
from clientdesk.exchange.records import ImportKind

EXAMPLES = 100
"""So many rows are looked at to tell what a file is."""

_KNOWN = {heading_key(heading): field.name for field in FIELDS for heading in (*field.headings, field.name)}


def known(cells: Sequence[str]) -> int:
    """How many headings that are known, ours or other programs', are among the cells of a row."""
    from clientdesk.exchange.guessing import is_known

    return len({fold(cell) for cell in cells if cell and is_known(cell)})


def guess_kind(session: Session, table: Table, path: str) -> ImportKind:
    """Numbers or clients.

    An upload of client numbers has its three headings and no other that clients have, and one of its first rows at
    least names a client of the firm; everything else is a client list. Refused where one of the three is there twice.
    """
    named = [_KNOWN[heading_key(heading)] for heading in table.headings.cells if heading_key(heading) in _KNOWN]
    if set(named) != set(NUMBER_FIELDS):
        return ImportKind.CLIENTS
    place = places_of_numbers(table.headings.cells, path)["company_id"]
    first = islice(table.rows(), EXAMPLES)
    ids = {line.cells[place].strip() for line in first if place < len(line.cells)}
    return ImportKind.NUMBERS if imports.known_company_ids(session, list(ids)) else ImportKind.CLIENTS

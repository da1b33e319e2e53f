"""A client list: the CSV that says Company ID, display name and client number of each client.

read (the file as text) -> map (which column is which field) -> apply (one use case of the desk).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import problem, refuse
from clientdesk.exchange.reading import Line, read_sheet

if TYPE_CHECKING:
    from clientdesk.desk.records import BadRow
    from clientdesk.desk.session import Session

COLUMNS = ("company_id", "display_name", "client_number")

# The field and the language (0 English, 1 Spanish) of each heading, compared without case, accents and extra spaces.
_HEADINGS = {
    fold(heading): (name, language) for name in COLUMNS for language, heading in enumerate(BY_NAME[name].headings)
}


class ClientList(NamedTuple):
    """A client list that was read: each row's line in the file and its values by field, as they stand there.

    `bad_rows` are those whose cells do not fit the headings; `ignored_headings` the columns that are not read.
    """

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    bad_rows: "tuple[BadRow, ...]"
    ignored_headings: tuple[str, ...]
    encoding: str
    delimiter: str

    @property
    def size(self) -> int:
        """How many rows the file has, good and bad."""
        return len(self.rows) + len(self.bad_rows)


def _known(cells: Sequence[str]) -> int:
    return len({_HEADINGS[fold(cell)][0] for cell in cells if fold(cell) in _HEADINGS})


def _map(headings: Line, path: str) -> dict[str, int]:
    """The column of each field. Raises Refused where a heading is missing or there twice (in either language)."""
    places: dict[str, int] = {}
    languages: list[int] = []
    for place, heading in enumerate(headings.cells):
        name, language = _HEADINGS.get(fold(heading), ("", 0))
        if not name:
            continue
        if name in places:
            raise refuse("duplicate_column", name, path=path, heading=heading.strip())
        places[name] = place
        languages.append(language)
    language = max(languages, key=languages.count, default=0)
    for name in COLUMNS:
        if name not in places:
            raise refuse("missing_column", name, path=path, heading=BY_NAME[name].headings[language])
    return places


def _misfit(row: Line, columns: int) -> "BadRow | None":
    """The row's refusal if it has fewer cells than headings, or more that are not empty."""
    cells = len(row.cells)
    if cells == columns or (cells > columns and not any(cell.strip() for cell in row.cells[columns:])):
        return None
    from clientdesk.desk.records import BadRow

    code = "too_few_fields" if cells < columns else "too_many_fields"
    return BadRow(row.number, (problem(code, cells=cells, headings=columns),))


def read_client_list(path: str) -> ClientList:
    """Reads a client list; Refused (one sentence) for a file that is none."""
    sheet = read_sheet(path, _known)
    places = _map(sheet.headings, path)
    if not sheet.rows:
        raise refuse("no_rows", path=path)
    # Empty headings at the end are Excel's; cells beneath them would have no name.
    columns = max(place for place, heading in enumerate(sheet.headings.cells) if heading.strip()) + 1
    rows, bad_rows = [], []
    for row in sheet.rows:
        misfit = _misfit(row, columns)
        if misfit is None:
            rows.append((row.number, {name: row.cells[place] for name, place in places.items()}))
        else:
            bad_rows.append(misfit)
    ignored = [
        heading.strip()
        for place, heading in enumerate(sheet.headings.cells)
        if place not in places.values() and heading.strip()
    ]
    return ClientList(tuple(rows), tuple(bad_rows), tuple(ignored), sheet.encoding, sheet.delimiter)


def add_clients(session: "Session", found: ClientList) -> int:
    """Adds every client of the list in one transaction; how many. Raises Rejected, with every row that is at
    fault and all that is wrong with it, and then nothing is written."""
    from clientdesk.desk.clients import add_many
    from clientdesk.desk.records import Rejected

    # A row whose cells do not fit has no values. The desk refuses it together with the others that are at fault,
    # and the reason that is told is the misfit.
    misfits = {row.line: row for row in found.bad_rows}
    empty = dict.fromkeys(COLUMNS, "")
    rows = sorted([*found.rows, *((line, empty) for line in misfits)], key=lambda row: row[0])
    try:
        return add_many(session, rows)
    except Rejected as rejected:
        bad_rows = tuple(misfits.get(row.line, row) for row in rejected.bad_rows)
        raise Rejected(bad_rows, found.size) from None

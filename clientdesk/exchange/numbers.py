"""An upload of client numbers: three columns, found by their headings in English or Spanish."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from clientdesk.desk.import_numbers import FIELDS, look_numbers
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.problems import problem, refuse
from clientdesk.domain.rules import control_characters
from clientdesk.exchange.kept_row import Given, JudgedRow
from clientdesk.exchange.presets import heading_key

if TYPE_CHECKING:
    from clientdesk.desk.import_records import Draft
    from clientdesk.desk.session import Session

# The field and the language (0 English, 1 Spanish) of each heading, without case, accents, spaces and punctuation.
_HEADINGS = {
    heading_key(heading): (name, language) for name in FIELDS for language, heading in enumerate(BY_NAME[name].headings)
}


def places_of_numbers(headings: Sequence[str], path: str) -> dict[str, int]:
    """The column of each field. Refused where a heading is missing or there twice (in either language)."""
    places: dict[str, int] = {}
    languages: list[int] = []
    for place, heading in enumerate(headings):
        name, language = _HEADINGS.get(heading_key(heading), ("", 0))
        if not name:
            continue
        if name in places:
            raise refuse("duplicate_column", name, path=path, heading=" ".join(heading.split()))
        places[name] = place
        languages.append(language)
    language = max(languages, key=languages.count, default=0)
    for name in FIELDS:
        if name not in places:
            raise refuse("missing_column", name, path=path, heading=BY_NAME[name].headings[language])
    return places


class NumberRows:
    """Reads the rows of an upload of client numbers, and asks the desk about them."""

    def __init__(self, headings: Sequence[str], path: str) -> None:
        self.places = places_of_numbers(headings, path)
        self._order = [self.places[name] for name in FIELDS]

    def read(self, row: JudgedRow) -> None:
        """What the row says, or why it says nothing."""
        given = [row.cells[place] for place in self._order]
        for name, cell in zip(FIELDS, given, strict=True):
            plain = cell.isascii() and cell.isprintable()
            if not plain and (wrong := control_characters(BY_NAME[name], cell)):
                row.problem = wrong
                return
        row.given = given
        row.same = hash(given[-1].strip())

    def look(self, session: "Session", rows: Sequence[tuple[int, Given]]) -> "list[Draft]":
        """What rows want of the firm as it stands now."""
        return look_numbers(session, [(row, list(given)) for row, given in rows])

    def says(self, given: Given) -> Mapping[str, str]:
        """What a row says by field."""
        return dict(zip(FIELDS, given, strict=True))


def misfit(row: JudgedRow, columns: int) -> bool:
    """Refuses a row that has fewer cells than headings, or more that are not empty. Whether it did."""
    cells = len(row.cells)
    if cells == columns or (cells > columns and not any(each.strip() for each in row.cells[columns:])):
        return False
    row.problem = problem("too_few_fields" if cells < columns else "too_many_fields", cells=cells, headings=columns)
    return True

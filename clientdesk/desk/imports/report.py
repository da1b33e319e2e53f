"""The error log as rows of a file: the refused rows with their reasons, to be corrected anywhere and imported again."""

from collections.abc import Iterable, Iterator, Sequence

from clientdesk.desk.imports.import_records import ImportKind, Logged
from clientdesk.desk.imports.number_upload import FIELDS
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold
from clientdesk.text import N_, _, display_text, is_control

EXTRA = (N_("Line"), N_("Reason"))
"""The headings that a report adds; an import does not read these columns."""


_SURPLUS = "too_many_fields"


def named_cells(headings: Sequence[str], cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each cell with its heading; "" for the headings of surplus cells."""
    names = [heading.strip() for heading in headings] + [""] * max(0, len(cells) - len(headings))
    return tuple(zip(names, (*cells, *[""] * (len(names) - len(cells))), strict=True))


def rows(log: Iterable[Logged], kind: ImportKind) -> Iterator[Sequence[str]]:
    """The rows of a report, its headings first. Its first columns are those that an import needs, its last ones line
    and reason."""
    headings: list[str] | None = None
    for row in log:
        if headings is None:
            headings = _headings(row, kind)
            yield list(map(_visible, (*headings, *map(_, EXTRA))))
        cells = dict(reversed(row.cells))
        # Cells without a heading stay without one: the row is refused again until they are dealt with.
        surplus = [cell for heading, cell in row.cells if not heading] if row.problem.code == _SURPLUS else []
        known_cells = [
            *(cells.get(heading, "") for heading in headings),
            str(row.line),
            display_text(row.problem.message),
        ]
        yield list(map(_visible, (*known_cells, *surplus)))


def _headings(row: Logged, kind: ImportKind) -> list[str]:
    """The file's own headings: of an upload the three that it needs, in their order; of a client list all."""
    own_headings = [heading for heading, _cell in row.cells if heading]
    if kind is ImportKind.CLIENTS:
        return list(
            dict.fromkeys(
                heading for heading in own_headings if fold(heading) not in {fold(_(extra)) for extra in EXTRA}
            )
        )
    folded_headings = {name: {fold(heading) for heading in BUILT_IN.by_name[name].headings} for name in FIELDS}
    return [
        next(
            (heading for heading in own_headings if fold(heading) in folded_headings[name]),
            BUILT_IN.by_name[name].title,
        )
        for name in FIELDS
    ]


def _visible(cell: str) -> str:
    """A cell without control characters: symbols stand for them, and are refused when they come back in a number."""
    if cell.isprintable():
        return cell
    return "".join(
        display_text(character) if is_control(character) and character != "\n" else character for character in cell
    )

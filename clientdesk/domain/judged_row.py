"""One row of a list on its way in: what it says, what it wants of the firm, and what becomes of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.domain.problems import Problem, problem

NOTHING: Mapping[str, str] = MappingProxyType({})

Says = Mapping[str, str]
"""What a row says, by field."""


class RowVerdict(StrEnum):
    """What an import makes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"  # likely duplicates that the person does not want
    LEFT_OUT = "left_out"  # not written, because the import was stopped


class Counts(NamedTuple):
    """How many rows a list has, and how many of each verdict."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    skipped: int = 0
    left_out: int = 0

    @property
    def in_firm(self) -> int:
        """How many rows are in the firm once the import has ended: new, changed, or as the firm has them."""
        return self.new + self.changed + self.unchanged


class JudgedRow:
    """A row while it is judged: its number (from 1), line and cells, and those that are dates (place, ISO 8601); what
    it `says`, or why it says nothing; and why it `was` refused, where it is tried again."""

    __slots__ = ("cells", "dates", "id", "line", "notices", "problem", "same", "says", "was")

    def __init__(self, id: int, line: int, cells: Sequence[str], dates: Sequence[tuple[int, str]] = ()) -> None:
        self.id, self.line, self.cells, self.dates = id, line, cells, dates
        self.says: dict[str, str] | None = None
        self.same = 0
        """Equal for two rows about one client that say the same."""
        self.problem: Problem | None = None
        self.was: Problem | None = None
        self.notices: tuple[Problem, ...] = ()

    def fits(self, width: int) -> bool:
        """Whether it has so many cells, and none that is filled behind them; else that is its problem."""
        cells = len(self.cells)
        if cells == width or (cells > width and not any(cell.strip() for cell in self.cells[width:])):
            return True
        code = "too_few_fields" if cells < width else "too_many_fields"
        self.problem = problem(code, cells=cells, headings=width)
        return False


def width_of(headings: Sequence[str]) -> int:
    """How many cells a row has: empty headings at the end are Excel's, cells beneath them would have no name."""
    return max((at for at, heading in enumerate(headings) if heading.strip()), default=0) + 1


class FileRow(NamedTuple):
    """A new client of the file: its place among the rows, its line, and what it says."""

    id: int
    line: int
    values: Says


class Draft(NamedTuple):
    """The change that one row of a list wants of the firm as it stands now.

    `row` is its number. `problem` refuses it; `notices` are told. `client_id` is the client it meets (0: a new one),
    `name` is that client's. `values` has the stored text of each field that it changes (of a new client: every field),
    a reference by its name, as a name may be one that the import itself adds; `before` what stands in those fields now;
    `same` the fields in which there stands already what the row says. Rows of one list with the same `identity` speak of one client ("" for none). `claim` is
    the key of the client number that the client has in the end ("" for none), `holder` the id of the client that bears
    it now (0: nobody), which may be the client itself, and `holder_name` its display name. `leaves` says that the
    client gives up the number that it bears now. `unique` has the keys of what the row wants in unique own fields, by
    field. `skipped` rows are left out because the person wants so.
    """

    row: int
    problem: Problem | None = None
    notices: tuple[Problem, ...] = ()
    client_id: int = 0
    name: str = ""
    before: Mapping[str, str] = NOTHING
    values: Mapping[str, str] = NOTHING
    same: Mapping[str, str] = NOTHING
    identity: str = ""
    claim: str = ""
    holder: int = 0
    holder_name: str = ""
    leaves: bool = False
    unique: Mapping[str, str] = NOTHING
    skipped: bool = False

    def refused(self, problem: Problem) -> "Draft":
        """The same row with a reason why it is refused."""
        return self._replace(problem=problem)

    @property
    def verdict(self) -> RowVerdict:
        """What the import makes of the row."""
        if self.problem is not None:
            return RowVerdict.REFUSED
        if self.skipped:
            return RowVerdict.SKIPPED
        if not self.client_id:
            return RowVerdict.NEW
        return RowVerdict.CHANGED if self.values else RowVerdict.UNCHANGED


class RowOutcome(NamedTuple):
    """What became of a row that was to be written; `problem` refuses it.

    `elsewhere` says that somebody else has tried the row again meanwhile, so that nothing was written for it now.
    """

    row: int
    verdict: RowVerdict
    problem: Problem | None = None
    elsewhere: Problem | None = None

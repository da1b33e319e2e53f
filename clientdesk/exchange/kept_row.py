"""One row of a file while it is judged, and how it is kept in a table."""

import marshal  # quick, and read by nobody but the program that wrote it
from collections.abc import Iterable, Mapping, Sequence

from clientdesk.desk.import_records import Draft
from clientdesk.domain.problems import Problem
from clientdesk.exchange.records import Verdict

TABLES = """
CREATE TABLE row (
    id INTEGER PRIMARY KEY,
    line INTEGER NOT NULL,
    cells BLOB NOT NULL,
    size INTEGER NOT NULL,
    given BLOB,
    same INTEGER,
    verdict TEXT NOT NULL,
    written INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    problem BLOB,
    notices BLOB,
    client_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    before BLOB,
    wants BLOB,
    identity TEXT,
    claim TEXT,
    holder INTEGER NOT NULL,
    holder_name TEXT NOT NULL,
    leaves INTEGER NOT NULL,
    dates BLOB
);
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS row_verdict ON row (verdict, id);
CREATE INDEX IF NOT EXISTS row_code ON row (code, id) WHERE code IS NOT NULL;
CREATE INDEX IF NOT EXISTS row_identity ON row (identity) WHERE identity IS NOT NULL;
CREATE INDEX IF NOT EXISTS row_claim ON row (claim) WHERE claim IS NOT NULL;
CREATE INDEX IF NOT EXISTS row_holder ON row (holder) WHERE holder > 0;
CREATE INDEX IF NOT EXISTS row_client ON row (client_id) WHERE leaves = 1;
"""
COLUMNS = (
    "id, line, cells, size, given, same, verdict, code, problem, notices, client_id, version, name, before, wants,"
    " identity, claim, holder, holder_name, leaves, dates"
)

Given = Sequence[str] | Mapping[str, str]
"""What a row says, as the desk takes it: cells in the order of an upload's fields, or values by field."""


class JudgedRow:
    """A row on its way in: its number (from 1), line and cells, and those that are dates (place, ISO 8601); what it
    says (`given`), or why it says nothing; and why it `was` refused, where it is tried again."""

    __slots__ = ("cells", "dates", "given", "id", "line", "notices", "problem", "same", "was")

    def __init__(self, id: int, line: int, cells: Sequence[str], dates: Sequence[tuple[int, str]] = ()) -> None:
        self.id, self.line, self.cells, self.dates = id, line, cells, dates
        self.given: Given | None = None
        self.same = 0
        """Equal for two rows about one client that say the same."""
        self.problem: Problem | None = None
        self.was: Problem | None = None
        self.notices: tuple[Problem, ...] = ()


def packed(value: Sequence[str] | Mapping[str, str]) -> bytes:
    """Cells, or values by field, as they are kept."""
    return marshal.dumps(dict(value) if isinstance(value, Mapping) else list(value))


def packed_problems(found: Iterable[Problem]) -> bytes:
    """Problems as they are kept."""
    return marshal.dumps([(each.code, each.field, dict(each.values)) for each in found])


def listed(row_ids: Iterable[int]) -> str:
    """Numbers of rows as `json_each` takes them."""
    return "[" + ",".join(map(str, row_ids)) + "]"


def problems(kept: bytes | None) -> tuple[Problem, ...]:
    """Kept problems."""
    return tuple(Problem(*each) for each in marshal.loads(kept)) if kept else ()


def values(kept: bytes | None) -> dict[str, str]:
    """Kept values by field."""
    found: dict[str, str] = marshal.loads(kept) if kept else {}
    return found


def _verdict(draft: Draft) -> Verdict:
    if draft.problem is not None:
        return Verdict.REFUSED
    if draft.skipped:
        return Verdict.SKIPPED
    if not draft.client_id:
        return Verdict.NEW
    return Verdict.CHANGED if draft.values else Verdict.UNCHANGED


def columns(row: JudgedRow, draft: Draft | None) -> tuple[object, ...]:
    """The values of COLUMNS for a row and what it wants; without a draft it is refused for its own problem."""
    cells = packed(row.cells)
    if draft is None:
        draft = Draft(row.id, row.problem)
    wrong = draft.problem
    return (
        row.id,
        row.line,
        cells,
        len("".join(row.cells).encode("utf-8", "replace")) + len(row.cells) + 1,
        None if row.given is None else packed(row.given),
        row.same,
        _verdict(draft).value,
        None if wrong is None else wrong.code,
        None if wrong is None else packed_problems([wrong]),
        packed_problems(draft.notices) if draft.notices else None,
        draft.client_id,
        draft.version,
        draft.name,
        packed(draft.before) if draft.before else None,
        packed(draft.values) if draft.client_id and draft.values else None,
        draft.identity or None,
        draft.claim or None,
        draft.holder,
        draft.holder_name,
        draft.leaves,
        marshal.dumps(list(row.dates)) if row.dates else None,
    )

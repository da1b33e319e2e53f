"""How a row of a list is kept in a working table while it is judged: why the tables are SQL, 0.10 s where Peewee takes
1.06 s, is said in `judged_rows`."""

import marshal  # quick, and read by nobody but the program that wrote it
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from clientdesk.domain.fold import fold
from clientdesk.domain.judged_row import Draft, JudgedRow, RowVerdict
from clientdesk.domain.problems import Problem

TABLES = """
CREATE TABLE row (
    id INTEGER PRIMARY KEY,
    line INTEGER NOT NULL,
    size INTEGER NOT NULL,
    same INTEGER,
    verdict TEXT NOT NULL,
    written INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    problem BLOB,
    notices BLOB,
    client_id INTEGER NOT NULL,
    draft BLOB NOT NULL,
    identity TEXT,
    claim TEXT,
    holder INTEGER NOT NULL,
    holder_name TEXT NOT NULL,
    leaves INTEGER NOT NULL,
    name TEXT
);
CREATE TABLE cells (id INTEGER PRIMARY KEY, cells BLOB NOT NULL);
CREATE TABLE says (id INTEGER PRIMARY KEY, says BLOB);
CREATE TABLE wanted (id INTEGER, field TEXT, key TEXT NOT NULL, PRIMARY KEY (id, field)) WITHOUT ROWID;
"""
"""What is long of a row stands in tables of its own: a row is compared and settled without it, and what ten thousand rows
say fits into the memory that the tables have, in whatever order it is read. `wanted` has what rows want in unique own
fields, by its key."""
CLEARED = "DROP TABLE row; DROP TABLE cells; DROP TABLE says; DROP TABLE wanted;"
INDEXES = """
CREATE INDEX IF NOT EXISTS row_verdict ON row (verdict);
CREATE INDEX IF NOT EXISTS row_code ON row (code) WHERE code IS NOT NULL;
CREATE INDEX IF NOT EXISTS row_identity ON row (identity) WHERE identity IS NOT NULL;
CREATE INDEX IF NOT EXISTS row_claim ON row (claim) WHERE claim IS NOT NULL;
CREATE INDEX IF NOT EXISTS row_holder ON row (holder) WHERE holder > 0;
CREATE INDEX IF NOT EXISTS row_client ON row (client_id) WHERE leaves = 1;
CREATE INDEX IF NOT EXISTS wanted_key ON wanted (field, key);
"""
DRAFT = "id, client_id, draft, claim, holder, holder_name"
"""What of a row makes its draft again (see `draft_of`)."""


_FORMAT: Final = 2
"""The format of marshal that does not look for objects that are met again: rows have hardly any."""


def packed_cells(cells: Sequence[str], dates: Sequence[tuple[int, str]]) -> bytes:
    """Cells, and those that are dates, as they are kept."""
    return marshal.dumps((tuple(cells), tuple(dates)), _FORMAT)


class Values:
    """How values by field are kept: the names of the fields, which nearly all rows share, once for all of them."""

    def __init__(self) -> None:
        self._fields: list[tuple[str, ...]] = []
        self._places: dict[tuple[str, ...], int] = {}

    def packed(self, values: Mapping[str, str]) -> bytes:
        """Values as they are kept."""
        fields = tuple(values)
        place = self._places.get(fields)
        if place is None:
            place = self._places[fields] = len(self._fields)
            self._fields.append(fields)
        return marshal.dumps((*values.values(), place), _FORMAT)

    def unpacked(self, packed: bytes | None) -> dict[str, str]:
        """Kept values; {} for none."""
        if packed is None:
            return {}
        *values, place = marshal.loads(packed)
        return dict(zip(self._fields[place], values, strict=True))


def packed_problems(problems: Iterable[Problem]) -> bytes:
    """Problems as they are kept."""
    return marshal.dumps([(problem.code, problem.field, dict(problem.values)) for problem in problems], _FORMAT)


def unpacked_problems(packed: bytes | None) -> tuple[Problem, ...]:
    """Kept problems."""
    return tuple(Problem(*parts) for parts in marshal.loads(packed)) if packed else ()


def _packed_change(draft: Draft) -> bytes:
    """What a row changes of the client it meets, as it is kept; what a new one has is what the row says."""
    if not draft.client_id:
        return _NO_CHANGE
    return marshal.dumps((draft.name, dict(draft.before), dict(draft.values), dict(draft.same)), _FORMAT)


_NO_CHANGE = marshal.dumps(("", {}, {}, {}), _FORMAT)


def columns(row: JudgedRow, draft: Draft | None) -> tuple[object, ...]:
    """The values of a row's columns, in their order; without a draft it is refused for its own problem."""
    if draft is None:
        draft = Draft(row.id, row.problem)
    wrong = draft.problem
    verdict = draft.verdict
    return (
        row.id,
        row.line,
        len("".join(row.cells).encode("utf-8", "replace")) + len(row.cells) + 1,
        row.same,
        verdict.value,
        0,
        None if wrong is None else wrong.code,
        None if wrong is None else packed_problems([wrong]),
        packed_problems(draft.notices) if draft.notices else None,
        draft.client_id,
        _packed_change(draft),
        draft.identity or None,
        draft.claim or None,
        draft.holder,
        draft.holder_name,
        draft.leaves,
        fold(draft.values["display_name"]) if verdict is RowVerdict.NEW else None,
    )


def draft_of(row: Sequence[Any]) -> Draft:
    """What was planned for a row, of the columns DRAFT; a new client's values are left out."""
    row_id, client_id, draft, claim, holder, holder_name = row
    name, before, values, same = marshal.loads(draft)
    return Draft(row_id, None, (), client_id, name, before, values, same, "", claim or "", holder, holder_name)

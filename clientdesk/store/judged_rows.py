"""The rows of a list while they are judged: kept on the disk, each with its cells and what became of it.

The working tables are no firm's, on either engine, and are written in SQL: 20,000 rows go in within 0.10 s, and as Peewee
expressions in 1.06 s, where an upload of as many client numbers takes 4.3 s in all; their drafts are read in 0.02 s instead of 0.08 s
(processor seconds, `tests/bench/bench_working_rows.py --rows 20000`). What is asked once a batch costs alike either way,
and stays in the language of the same tables.
"""

import json
import marshal  # quick, and read by nobody but the program that wrote it
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.judged_row import Counts, Draft, FileRow, JudgedRow, RowOutcome, RowVerdict, Says
from clientdesk.domain.problems import Problem
from clientdesk.domain.unique_client_numbers import Wish
from clientdesk.store import row_packing as packing
from clientdesk.store.engines.working_tables import Scratch
from clientdesk.store.row_packing import packed_problems, unpacked_problems

_AT_ONCE = 500
_AMONG = "id IN (SELECT value FROM json_each(?))"


def _fine(of: str = "") -> str:
    """The condition that a row is not refused, skipped or written yet."""
    return f"{of}verdict IN ('new', 'changed', 'unchanged') AND {of}written = 0"


class StoredRow(NamedTuple):
    """A row as it is kept: its number (from 1, never changes), the line on which it starts, its cells.

    `problem` is why it is refused, `notices` what the person should know; `client` the display name of the client
    it meets ("" for a new one); `before` and `becomes` what it changes of that client, or what a new client's row
    says; `written` whether it is committed.
    """

    id: int
    line: int
    cells: tuple[str, ...]
    verdict: RowVerdict
    problem: Problem | None
    notices: tuple[Problem, ...]
    client: str
    before: Says
    becomes: Says
    written: bool
    catalogue: Catalogue = BUILT_IN
    """The fields that it may name."""


class RowsIn(NamedTuple):
    """The rows that are in, by their numbers in the file (from 1), and the lines that they take there."""

    first: int
    last: int
    first_line: int
    last_line: int


class JudgedRows:
    """All rows of a list with their verdicts. One thread uses it at a time."""

    def __init__(self) -> None:
        self._scratch = Scratch(packing.TABLES)
        self._values = packing.Values()

    def close(self) -> None:
        """Forgets everything."""
        self._scratch.close()

    def clear(self) -> None:
        """Forgets all rows."""
        self._scratch.script(packing.CLEARED + packing.TABLES)

    # --- judging

    def put(self, rows: Iterable[JudgedRow], drafts: Mapping[int, Draft]) -> None:
        """Keeps rows with what they want; those without a draft are refused for their own problem."""
        waiting = iter(rows)
        while part := list(islice(waiting, _AT_ONCE)):
            self._put(part, drafts)

    def _put(self, rows: Sequence[JudgedRow], drafts: Mapping[int, Draft]) -> None:
        packed = self._values.packed
        wanted = [(row.id, *pair) for row in rows if row.id in drafts for pair in drafts[row.id].unique.items()]
        self._scratch.sql(f"DELETE FROM wanted WHERE {_AMONG}", (json.dumps([row.id for row in rows]),))
        self._scratch.many(
            (
                "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (packing.columns(row, drafts.get(row.id)) for row in rows),
            ),
            (
                "INSERT OR REPLACE INTO cells VALUES (?, ?)",
                ((row.id, packing.packed_cells(row.cells, row.dates)) for row in rows),
            ),
            (
                "INSERT OR REPLACE INTO says VALUES (?, ?)",
                ((row.id, None if row.says is None else packed(row.says)) for row in rows),
            ),
            ("INSERT INTO wanted VALUES (?, ?, ?)", wanted),
        )

    def index(self) -> None:
        """Makes the rows quick to compare and to look at; call it when they are all there."""
        self._scratch.script(packing.INDEXES)

    def sharing(self, column: str) -> Iterator[list[tuple[int, int, int]]]:
        """Rows that are fine (number, line, what they say) and share an "identity" or a "claim", group by group."""
        sql = f"SELECT {column} FROM row WHERE {column} IS NOT NULL AND {_fine()} GROUP BY {column} HAVING count(*) > 1"
        for (value,) in self._scratch.all(sql):
            yield self._scratch.all(
                f"SELECT id, line, same FROM row WHERE {column} = ? AND {_fine()} ORDER BY id", (value,)
            )

    def wanting(self, field: str) -> Iterator[list[tuple[int, int]]]:
        """Rows that are fine (number, line) and want the same in a unique own field, group by group."""
        rows = f"FROM wanted JOIN row USING (id) WHERE field = ? AND {_fine()}"
        for (key,) in self._scratch.all(f"SELECT key {rows} GROUP BY key HAVING count(*) > 1", (field,)):
            yield self._scratch.all(f"SELECT id, line {rows} AND key = ? ORDER BY id", (field, key))

    def wishes(self) -> list[Wish]:
        """The rows that are fine and want a number that another client bears."""
        sql = f"SELECT id, client_id, holder FROM row WHERE holder > 0 AND holder <> client_id AND {_fine()}"
        return [Wish(*row) for row in self._scratch.all(sql)]

    def leaving(self) -> set[int]:
        """The clients that give up the numbers which they bear now."""
        return {row[0] for row in self._scratch.sql(f"SELECT client_id FROM row WHERE leaves = 1 AND {_fine()}")}

    def refuse(self, row_id: int, wrong: Problem) -> None:
        """Refuses a row."""
        self._scratch.sql(
            "UPDATE row SET verdict = 'refused', code = ?, problem = ? WHERE id = ?",
            (wrong.code, packed_problems([wrong]), row_id),
        )

    def new_clients(self, row_ids: Collection[int]) -> dict[int, FileRow]:
        """Those of these rows that are new clients, or were left out as one that is there already."""
        sql = (
            "SELECT id, line, says FROM row JOIN says USING (id) WHERE verdict IN ('new', 'skipped') AND written = 0"
            f" AND says IS NOT NULL AND {_AMONG}"
        )
        rows = self._scratch.all(sql, (json.dumps(sorted(row_ids)),))
        return {row_id: FileRow(row_id, line, self._values.unpacked(says)) for row_id, line, says in rows}

    def add_notices(self, notices: Mapping[int, tuple[Sequence[Problem], RowVerdict]]) -> None:
        """Adds notices to rows that are new clients, and gives them a verdict; other rows stay as they are."""
        sql = f"SELECT id, notices FROM row WHERE verdict = 'new' AND {_AMONG}"
        updates = [
            (packed_problems((*unpacked_problems(packed), *notices[row_id][0])), notices[row_id][1].value, row_id)
            for row_id, packed in self._scratch.all(sql, (json.dumps(list(notices)),))
        ]
        self._scratch.many(("UPDATE row SET notices = ?, verdict = ? WHERE id = ?", updates))

    def take_in(self, row_id: int, says: Says, from_row: int, *, number: bool) -> None:
        """Gives a row what it says now of another row, with what that wants in unique own fields where it wants nothing
        itself, and, with `number`, the claim to the client number of that row."""
        self._scratch.sql("UPDATE says SET says = ? WHERE id = ?", (self._values.packed(says), row_id))
        self._scratch.sql(
            "INSERT OR IGNORE INTO wanted SELECT ?, field, key FROM wanted WHERE id = ?", (row_id, from_row)
        )
        if number:
            self._scratch.sql(
                "UPDATE row SET (claim, holder, holder_name) ="
                " (SELECT claim, holder, holder_name FROM row WHERE id = ?) WHERE id = ?",
                (from_row, row_id),
            )

    # --- writing

    def waiting(self) -> dict[int, int]:
        """The rows that want a number which the client of another row gives up: row -> that row."""
        return dict(
            self._scratch.all(
                "SELECT r.id, o.id FROM row r JOIN row o ON o.client_id = r.holder AND o.leaves = 1"
                f" WHERE r.holder > 0 AND r.holder <> r.client_id AND {_fine('r.')} AND {_fine('o.')}"
            )
        )

    def to_write(self) -> int:
        """How many rows are waiting to be written."""
        return int(self._scratch.one(f"SELECT count(*) FROM row WHERE {_fine()}"))

    def in_order(self) -> Iterator[tuple[int, int]]:
        """Number and size (bytes) of the rows that are to be written; some at a time, as they are written meanwhile."""
        last_id = 0
        while rows := self._scratch.all(
            f"SELECT id, size FROM row WHERE id > ? AND {_fine()} ORDER BY id LIMIT 1000", (last_id,)
        ):
            yield from rows
            last_id = rows[-1][0]

    def size(self, row_id: int) -> int:
        """The bytes of a row in its file."""
        return int(self._scratch.one("SELECT size FROM row WHERE id = ?", (row_id,)))

    def drafts(self, row_ids: Sequence[int]) -> list[Draft]:
        """What was planned for rows; a new client's values are left out."""
        drafts = {row[0]: packing.draft_of(row) for row in self._of("row", packing.DRAFT, row_ids)}
        return [drafts[row_id] for row_id in row_ids]

    def kinds(self, row_ids: Sequence[int]) -> list[tuple[int, bool, bool]]:
        """Rows by their numbers: whether each is a new client, and whether it wants a number that another one bears.

        New clients come in the order of their names: so most of the firm's indexes are written one page after the other.
        """
        sql = f"SELECT id, client_id = 0, holder NOT IN (0, client_id) FROM row WHERE {_AMONG} ORDER BY name, id"
        return self._scratch.all(sql, (json.dumps(row_ids),))

    def says(self, row_ids: Sequence[int]) -> list[tuple[int, Says]]:
        """What rows say."""
        packed_says = dict(self._of("says", "id, says", row_ids))
        return [(row_id, self._values.unpacked(packed_says[row_id])) for row_id in row_ids]

    def wanted(self, row_id: int, field: str) -> str:
        """What a row wants of a field, or else says of it."""
        ((_id, says),), (draft,) = self.says([row_id]), self.drafts([row_id])
        return {**says, **draft.values}.get(field, "")

    def lines(self, row_ids: Sequence[int]) -> list[tuple[int, int, tuple[str, ...], tuple[tuple[int, str], ...]]]:
        """Number, line, cells and dates of rows."""
        stored_rows = self._of("row JOIN cells USING (id)", "id, line, cells", row_ids)
        lines = {row_id: (row_id, line, *marshal.loads(cells)) for row_id, line, cells in stored_rows}
        return [lines[row_id] for row_id in row_ids]

    def refused(self, row_ids: Sequence[int]) -> Iterator[JudgedRow]:
        """Refused rows, to be tried again; read some at a time."""
        for start in range(0, len(row_ids), _AT_ONCE):
            part = row_ids[start : start + _AT_ONCE]
            reasons = {row[0]: unpacked_problems(row[1]) for row in self._of("row", "id, problem", part)}
            for row in (JudgedRow(*line) for line in self.lines(part)):
                row.was = next(iter(reasons[row.id]), None)
                yield row

    def _of(self, tables: str, columns: str, row_ids: Sequence[int]) -> list[Any]:
        return self._scratch.all(f"SELECT {columns} FROM {tables} WHERE {_AMONG}", (json.dumps(row_ids),))

    def settle(self, outcomes: Iterable[RowOutcome]) -> None:
        """Keeps what became of rows that were written."""
        ids_by_verdict: defaultdict[RowVerdict, list[int]] = defaultdict(list)
        for outcome in outcomes:
            if outcome.problem is None:
                ids_by_verdict[outcome.verdict].append(outcome.row)
            else:
                self.refuse(outcome.row, outcome.problem)
        for verdict, rows in ids_by_verdict.items():
            self._scratch.sql(
                f"UPDATE row SET written = 1, verdict = ?, code = NULL, problem = NULL WHERE {_AMONG}",
                (verdict.value, json.dumps(rows)),
            )

    def correct(self, row_id: int, cells: Sequence[str]) -> None:
        """Puts other cells in the place of a row's; those that stay as they were may still be dates."""
        ((_id, _line, before, dates),) = self.lines([row_id])
        unchanged_dates = [
            (place, date) for place, date in dates if [*before[place:], ""][0] == [*cells[place:], ""][0]
        ]
        self._scratch.sql(
            "UPDATE cells SET cells = ? WHERE id = ?"
            " AND EXISTS (SELECT 1 FROM row WHERE row.id = cells.id AND written = 0)",
            (packing.packed_cells(cells, unchanged_dates), row_id),
        )

    def leave_out_the_rest(self) -> None:
        """The rows that were not written because the import was stopped have a verdict of their own."""
        self._scratch.sql(f"UPDATE row SET verdict = 'left_out' WHERE {_fine()}")

    def rows_in(self) -> RowsIn | None:
        """The first and the last row that is in, where none of those in between is left out; None where rows are in
        that stand behind others which are not, or where none is in."""
        ((first, last, left_out),) = self._scratch.all(
            "SELECT min(CASE WHEN written = 1 THEN id END), max(CASE WHEN written = 1 THEN id END),"
            " min(CASE WHEN verdict = 'left_out' THEN id END) FROM row"
        )
        if first is None or (left_out is not None and left_out < last):
            return None
        ((first_line, last_line),) = self._scratch.all(
            "SELECT (SELECT line FROM row WHERE id = ?),"
            " coalesce((SELECT line - 1 FROM row WHERE id > ? ORDER BY id LIMIT 1),"
            " (SELECT line FROM row WHERE id = ?))",
            (first, last, last),
        )
        return RowsIn(first, last, first_line, last_line)

    def adds_twice(self) -> bool:
        """Whether a row that is fine would be added, or added once more, by the same list where nothing finds its
        clients: nothing that only one client can have says whom it means."""
        return bool(
            self._scratch.one(
                f"SELECT EXISTS (SELECT 1 FROM row WHERE {_fine()}"
                " AND (client_id > 0 OR (claim IS NULL AND identity IS NULL)))"
            )
        )

    # --- trying again

    def remember_refusals(self) -> None:
        """Keeps why rows are refused, for `restore_refusals`."""
        self._scratch.sql("DROP TABLE IF EXISTS refusal")
        self._scratch.sql(
            "CREATE TABLE refusal AS SELECT id, code, problem FROM row WHERE verdict = 'refused' AND written = 0"
        )

    def restore_refusals(self) -> None:
        """The rows that were refused at the last `remember_refusals`, and were not written since, are so again."""
        self._scratch.sql(
            "UPDATE row SET verdict = 'refused', code = refusal.code, problem = refusal.problem"
            " FROM refusal WHERE refusal.id = row.id AND row.written = 0"
        )

    def now(self, row_ids: Sequence[int], verdict: RowVerdict) -> list[int]:
        """Which of these rows have a verdict now."""
        sql = f"SELECT id FROM row WHERE verdict = ? AND {_AMONG} ORDER BY id"
        return [row[0] for row in self._scratch.all(sql, (verdict.value, json.dumps(row_ids)))]

    # --- looking

    def counts(self) -> Counts:
        """How many rows have each verdict."""
        counts = dict(self._scratch.all("SELECT verdict, count(*) FROM row GROUP BY verdict"))
        return Counts(sum(counts.values()), **{verdict.value: counts.get(verdict.value, 0) for verdict in RowVerdict})

    def count(self, verdict: str = "", code: str = "") -> int:
        """How many rows have a verdict and a code ("" for any)."""
        where, parameters = _where(verdict, code)
        return int(self._scratch.one(f"SELECT count(*) FROM row WHERE {where}", parameters))

    def named(self, field: str) -> set[str]:
        """What the rows that are not refused or skipped say of a field."""
        sql = (
            "SELECT says FROM row JOIN says USING (id) WHERE says IS NOT NULL"
            " AND verdict IN ('new', 'changed', 'unchanged')"
        )
        return {self._values.unpacked(says).get(field, "") for (says,) in self._scratch.sql(sql)}

    def reasons(self) -> list[tuple[str, int]]:
        """The codes of refused rows with how many have them, most first."""
        return self._scratch.all(
            "SELECT code, count(*) FROM row WHERE code IS NOT NULL GROUP BY code ORDER BY count(*) DESC, code"
        )

    def refused_ids(self) -> list[int]:
        """The numbers of all refused rows."""
        return [row[0] for row in self._scratch.all("SELECT id FROM row WHERE verdict = 'refused' ORDER BY id")]

    def noticed(self, code: str = "") -> Iterator[tuple[int, int, str, tuple[Problem, ...]]]:
        """The rows that are not refused and have a notice of a code ("" for any), in the order of the file: number,
        line, client's name, and those notices; read some at a time."""
        last_id = 0
        while rows := self._scratch.all(
            "SELECT id, line, draft, says, notices FROM row JOIN says USING (id) WHERE id > ? AND notices IS NOT NULL"
            f" AND (? = '' OR instr(notices, ?) > 0) AND verdict <> 'refused' ORDER BY id LIMIT {_AT_ONCE}",
            (last_id, code, code.encode()),
        ):
            for row_id, line, draft, says, packed in rows:
                if notices := tuple(notice for notice in unpacked_problems(packed) if code in ("", notice.code)):
                    name = marshal.loads(draft)[0] or self._values.unpacked(says).get("display_name", "")
                    yield row_id, line, name, notices
            last_id = rows[-1][0]

    def place(self, row_id: int, verdict: str = "") -> int | None:
        """Where a row stands among those of a verdict ("" for any), from 0; None where it is not one of them."""
        where, parameters = _where(verdict, "")
        if not self._scratch.one(f"SELECT count(*) FROM row WHERE {where} AND id = ?", (*parameters, row_id)):
            return None
        return int(self._scratch.one(f"SELECT count(*) FROM row WHERE {where} AND id < ?", (*parameters, row_id)))

    def rows(self, offset: int, limit: int, verdict: str = "", code: str = "") -> Iterator[StoredRow]:
        """Rows with a verdict and a code ("" for any), from `offset` on, in the order of the file."""
        where, parameters = _where(verdict, code)
        for row_id, line, cells, row_verdict, wrong, notices, draft, says, written in self._scratch.all(
            "SELECT id, line, cells, verdict, problem, notices, draft, says, written"
            f" FROM (SELECT * FROM row WHERE {where} ORDER BY id LIMIT ? OFFSET ?)"
            " JOIN cells USING (id) JOIN says USING (id) ORDER BY id",
            (*parameters, limit, offset),
        ):
            problems = unpacked_problems(wrong)
            client, before, wants, _same = marshal.loads(draft)
            if row_verdict == RowVerdict.NEW:
                becomes = self._values.unpacked(says)
            else:
                becomes = wants if row_verdict == RowVerdict.CHANGED else {}
            yield StoredRow(
                row_id,
                line,
                marshal.loads(cells)[0],
                RowVerdict(row_verdict),
                problems[0] if problems else None,
                unpacked_problems(notices),
                client,
                before,
                becomes,
                bool(written),
            )

    def refusals(self, row_ids: Collection[int] | None = None) -> Iterator[StoredRow]:
        """The refused rows (of these alone) in the order of the file; read some at a time."""
        chosen = None if row_ids is None else set(row_ids)
        offset = 0
        while rows := list(self.rows(offset, _AT_ONCE, RowVerdict.REFUSED)):
            yield from (row for row in rows if chosen is None or row.id in chosen)
            offset += len(rows)


def _where(verdict: str, code: str) -> tuple[str, tuple[str, ...]]:
    conditions = [(name, value) for name, value in (("verdict", verdict), ("code", code)) if value]
    where = " AND ".join(f"{name} = ?" for name, _value in conditions) or "1"
    return where, tuple(value for _name, value in conditions)

"""The rows of a file while they are judged: kept on the disk, each with its cells and what became of it."""

import marshal  # quick, and read by nobody but the program that wrote it
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from clientdesk.desk.import_numbers import FIELDS
from clientdesk.desk.import_records import Draft, Outcome
from clientdesk.desk.imports import number_taken
from clientdesk.desk.records import FieldChange
from clientdesk.domain.contest import Wish, hopeless
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.problems import Problem, problem
from clientdesk.exchange.kept_row import (
    COLUMNS,
    INDEXES,
    TABLES,
    Given,
    JudgedRow,
    columns,
    listed,
    packed,
    packed_problems,
    problems,
    values,
)
from clientdesk.exchange.likely_rows import LikelyRows
from clientdesk.exchange.records import Counts, PlanRow, Verdict
from clientdesk.store.scratch import Scratch

_LINES = 5
"""So many other lines are named in a reason at most."""


def _fine(of: str = "") -> str:
    """The condition that a row is not refused, skipped or written yet."""
    return f"{of}verdict IN ('new', 'changed', 'unchanged') AND {of}written = 0"


class JudgedRows:
    """All rows of a file with their verdicts. One thread uses it at a time."""

    def __init__(self) -> None:
        self._scratch = Scratch(TABLES)
        self.likely = LikelyRows(self._scratch)
        """Those among them that resemble each other."""

    def close(self) -> None:
        """Forgets everything."""
        self._scratch.close()

    def clear(self) -> None:
        """Forgets all rows."""
        self._scratch.sql("DROP TABLE row")
        self._scratch.script(TABLES)

    # --- judging

    def put(self, rows: Sequence[JudgedRow], drafts: Mapping[int, Draft]) -> None:
        """Keeps rows with what they want; those without a draft are refused for their own problem."""
        marks = ", ".join("?" * (COLUMNS.count(",") + 1))
        self._scratch.many(
            f"INSERT OR REPLACE INTO row ({COLUMNS}) VALUES ({marks})",
            (columns(row, drafts.get(row.id)) for row in rows),
        )

    def compare(self) -> None:
        """Refuses rows for what other rows say: the same client, the same number, a number that its holder keeps."""
        self._scratch.script(INDEXES)
        self._same_clients()
        self._same_numbers()
        self._kept_numbers()

    def _same_clients(self) -> None:
        """The same row twice counts once; rows that say different things of one client are all refused."""
        for rows in self._groups("identity"):
            if len({same for _id, _line, same in rows}) == 1:
                for row_id, _line, _same in rows[1:]:
                    self._refuse(row_id, problem("repeated_row", "company_id", line=rows[0][1]))
            else:
                for row_id, line, _same in rows:
                    self._refuse(row_id, problem("conflicting_rows", "company_id", lines=_others(rows, line)))

    def _same_numbers(self) -> None:
        """Several clients cannot have one number: the program does not choose, each row names the others."""
        for rows in self._groups("claim"):
            for row_id, line, _same in rows:
                (number,) = self._scratch.all("SELECT coalesce(wants, given) FROM row WHERE id = ?", (row_id,))[0]
                values = {"number": _number_in(marshal.loads(number)), "lines": _others(rows, line)}
                self._refuse(row_id, problem("duplicate_number_in_file", "client_number", **values))

    def _groups(self, column: str) -> Iterator[list[tuple[int, int, int]]]:
        """The rows (id, line, what they say) that share a value with other rows that are fine."""
        sql = f"SELECT {column} FROM row WHERE {column} IS NOT NULL AND {_fine()} GROUP BY {column} HAVING count(*) > 1"
        for (value,) in self._scratch.all(sql):
            yield self._scratch.all(
                f"SELECT id, line, same FROM row WHERE {column} = ? AND {_fine()} ORDER BY id", (value,)
            )

    def _kept_numbers(self) -> None:
        wishes = self._scratch.all(
            f"SELECT id, client_id, holder FROM row WHERE holder > 0 AND holder <> client_id AND {_fine()}"
        )
        if not wishes:
            return
        leaving = {row[0] for row in self._scratch.sql(f"SELECT client_id FROM row WHERE leaves = 1 AND {_fine()}")}
        for row_id in hopeless((Wish(*each) for each in wishes), leaving):
            ((_id, given),) = self.given([row_id])
            draft = self.drafts([row_id])[0]._replace(values={"client_number": _number_in(given)})
            self._refuse(row_id, number_taken(draft))

    def _refuse(self, row_id: int, wrong: Problem) -> None:
        self._scratch.sql(
            "UPDATE row SET verdict = 'refused', code = ?, problem = ? WHERE id = ?",
            (wrong.code, packed_problems([wrong]), row_id),
        )

    # --- writing

    def batches(self, most_rows: int, most_bytes: int) -> Iterator[list[int]]:
        """The rows that are to be written, in parts of so many rows and bytes.

        A row whose number another row's client bears comes after it, in the same part where they form a ring.
        """
        waiting = dict(
            self._scratch.all(
                "SELECT r.id, o.id FROM row r JOIN row o ON o.client_id = r.holder AND o.leaves = 1"
                f" WHERE r.holder > 0 AND r.holder <> r.client_id AND {_fine('r.')} AND {_fine('o.')}"
            )
        )
        batch: list[int] = []
        size, done = 0, set[int]()
        for row_id, _size in self._in_order():
            for group in self._groups_of(row_id, waiting, done):
                room = sum(self._size(each) for each in group) if len(group) > 1 or group[0] != row_id else _size
                if batch and (len(batch) + len(group) > most_rows or size + room > most_bytes):
                    yield batch
                    batch, size = [], 0
                batch += group
                size += room
        if batch:
            yield batch

    @staticmethod
    def _groups_of(row_id: int, waiting: Mapping[int, int], done: set[int]) -> list[list[int]]:
        """The rows that come now: those on which a row waits before it, one by one; a ring of them at once."""
        if row_id in done:
            return []
        chain = [row_id]
        # A row further up in the file has had its turn.
        while (before := waiting.get(chain[-1], 0)) > row_id and before not in done and before not in chain:
            chain.append(before)
        if len(chain) > 1:
            done.update(chain)
        chain.reverse()
        return [chain] if waiting.get(chain[0]) == row_id else [[each] for each in chain]

    def to_write(self) -> int:
        """How many rows are waiting to be written."""
        return int(self._scratch.one(f"SELECT count(*) FROM row WHERE {_fine()}"))

    def _in_order(self) -> Iterator[tuple[int, int]]:
        """Number and size of the rows that are to be written; some at a time, as they are written meanwhile."""
        last = 0
        while rows := self._scratch.all(
            f"SELECT id, size FROM row WHERE id > ? AND {_fine()} ORDER BY id LIMIT 1000", (last,)
        ):
            yield from rows
            last = rows[-1][0]

    def _size(self, row_id: int) -> int:
        return int(self._scratch.one("SELECT size FROM row WHERE id = ?", (row_id,)))

    def drafts(self, row_ids: Sequence[int]) -> list[Draft]:
        """What was planned for rows; a new client's values are left out."""
        found = {
            row[0]: Draft(
                row[0],
                client_id=row[1],
                version=row[2],
                name=row[3],
                before=values(row[4]),
                values=values(row[5]),
                claim=row[6] or "",
                holder=row[7],
                holder_name=row[8],
            )
            for row in self._of("id, client_id, version, name, before, wants, claim, holder, holder_name", row_ids)
        }
        return [found[each] for each in row_ids]

    def given(self, row_ids: Sequence[int]) -> list[tuple[int, Given]]:
        """What rows say, as the desk takes it."""
        found = {row[0]: marshal.loads(row[1]) for row in self._of("id, given", row_ids)}
        return [(each, found[each]) for each in row_ids]

    def lines(self, row_ids: Sequence[int]) -> list[tuple[int, int, list[str], list[tuple[int, str]]]]:
        """Number, line, cells and dates of rows."""
        found = {
            row[0]: (row[0], row[1], marshal.loads(row[2]), marshal.loads(row[3]) if row[3] else [])
            for row in self._of("id, line, cells, dates", row_ids)
        }
        return [found[each] for each in row_ids]

    def refused(self, row_ids: Sequence[int]) -> list[JudgedRow]:
        """Refused rows, to be tried again."""
        reasons = {row[0]: next(iter(problems(row[1])), None) for row in self._of("id, problem", row_ids)}
        found = [JudgedRow(*each) for each in self.lines(row_ids)]
        for row in found:
            row.was = reasons[row.id]
        return found

    def _of(self, columns: str, row_ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        sql = f"SELECT {columns} FROM row WHERE id IN (SELECT value FROM json_each(?))"
        yield from self._scratch.all(sql, (listed(row_ids),))

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        """Keeps what became of rows that were written."""
        written: defaultdict[str, list[int]] = defaultdict(list)
        for each in outcomes:
            if each.problem is None:
                written[each.verdict].append(each.row)
            else:
                self._refuse(each.row, each.problem)
        for verdict, rows in written.items():
            self._scratch.sql(
                "UPDATE row SET written = 1, verdict = ?, code = NULL, problem = NULL WHERE id IN (SELECT value FROM json_each(?))",
                (verdict, listed(rows)),
            )

    def correct(self, row_id: int, cells: Sequence[str]) -> None:
        """Puts other cells in the place of a row's; those that stay as they were may still be dates."""
        ((_id, _line, before, dates),) = self.lines([row_id])
        kept = [(place, date) for place, date in dates if [*before[place:], ""][0] == [*cells[place:], ""][0]]
        self._scratch.sql(
            "UPDATE row SET cells = ?, dates = ? WHERE id = ? AND written = 0",
            (packed(cells), marshal.dumps(kept) if kept else None, row_id),
        )

    def leave_out_the_rest(self) -> None:
        """The rows that were not written because the import was stopped have a verdict of their own."""
        self._scratch.sql(f"UPDATE row SET verdict = 'left_out' WHERE {_fine()}")

    def lines_in(self) -> tuple[int, int] | None:
        """The lines from the first to the last row that is in, where none of those in between is left out; None where
        rows are in that stand behind others which are not, or where none is in."""
        ((first, last, left_out),) = self._scratch.all(
            "SELECT min(CASE WHEN written = 1 THEN line END), max(CASE WHEN written = 1 THEN line END),"
            " min(CASE WHEN verdict = 'left_out' THEN line END) FROM row"
        )
        if first is None or (left_out is not None and left_out < last):
            return None
        return first, last

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

    def now(self, row_ids: Sequence[int], verdict: str) -> list[int]:
        """Which of these rows have a verdict now."""
        sql = "SELECT id FROM row WHERE verdict = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [row[0] for row in self._scratch.all(sql, (verdict, listed(row_ids)))]

    # --- looking

    def counts(self) -> Counts:
        """How many rows have each verdict."""
        found = dict(self._scratch.all("SELECT verdict, count(*) FROM row GROUP BY verdict"))
        return Counts(sum(found.values()), **{each.value: found.get(each.value, 0) for each in Verdict})

    def count(self, verdict: str = "", code: str = "") -> int:
        """How many rows have a verdict and a code ("" for any)."""
        where, parameters = _where(verdict, code)
        return int(self._scratch.one(f"SELECT count(*) FROM row WHERE {where}", parameters))

    def named(self, field: str) -> set[str]:
        """What the rows that are not refused or skipped say of a field."""
        sql = "SELECT given FROM row WHERE given IS NOT NULL AND verdict IN ('new', 'changed', 'unchanged')"
        return {marshal.loads(given).get(field, "") for (given,) in self._scratch.sql(sql)}

    def reasons(self) -> list[tuple[str, int]]:
        """The codes of refused rows with how many have them, most first."""
        return self._scratch.all(
            "SELECT code, count(*) FROM row WHERE code IS NOT NULL GROUP BY code ORDER BY count(*) DESC, code"
        )

    def refused_ids(self) -> list[int]:
        """The numbers of all refused rows."""
        return [row[0] for row in self._scratch.all("SELECT id FROM row WHERE verdict = 'refused' ORDER BY id")]

    def noticed(self, code: str) -> Iterator[tuple[int, tuple[Problem, ...]]]:
        """The rows with a notice of this code that are not refused: number, and the notices of that code; read some at
        a time."""
        last = 0
        while found := self._scratch.all(
            "SELECT id, notices FROM row WHERE id > ? AND instr(notices, ?) > 0 AND verdict <> 'refused'"
            " ORDER BY id LIMIT 500",
            (last, code.encode()),
        ):
            for row_id, notices in found:
                if said := tuple(each for each in problems(notices) if each.code == code):
                    yield row_id, said
            last = found[-1][0]

    def notices(self) -> Iterator[tuple[int, str, Problem]]:
        """Line, client's name and notice of the rows that are not refused, in the order of the file; read some at a
        time."""
        last = 0
        while found := self._scratch.all(
            "SELECT id, line, notices, name, given FROM row WHERE id > ? AND notices IS NOT NULL AND verdict <> 'refused'"
            " ORDER BY id LIMIT 500",
            (last,),
        ):
            for _row_id, line, notices, name, given in found:
                for each in problems(notices):
                    yield line, name or _name_in(marshal.loads(given) if given is not None else None), each
            last = found[-1][0]

    def place(self, row_id: int, verdict: str = "") -> int | None:
        """Where a row stands among those of a verdict ("" for any), from 0; None where it is not one of them."""
        where, parameters = _where(verdict, "")
        if not self._scratch.one(f"SELECT count(*) FROM row WHERE {where} AND id = ?", (*parameters, row_id)):
            return None
        return int(self._scratch.one(f"SELECT count(*) FROM row WHERE {where} AND id < ?", (*parameters, row_id)))

    def rows(
        self,
        offset: int,
        limit: int,
        verdict: str = "",
        code: str = "",
        reading: Callable[[Given], Mapping[str, str]] | None = None,
    ) -> list[PlanRow]:
        """Rows with a verdict and a code ("" for any), from `offset` on; `reading` tells what a new client's row
        says by field."""
        where, parameters = _where(verdict, code)
        found = self._scratch.all(
            "SELECT id, line, cells, verdict, problem, notices, name, before, wants, given, written"
            f" FROM row WHERE {where} ORDER BY id LIMIT ? OFFSET ?",
            (*parameters, limit, offset),
        )
        made = []
        for row_id, line, cells, its_verdict, wrong, notices, name, before, wants, given, written in found:
            says: Mapping[str, str] = values(wants) if its_verdict == Verdict.CHANGED.value else {}
            if its_verdict == Verdict.NEW.value and given is not None and reading is not None:
                says = reading(marshal.loads(given))
            made.append(
                PlanRow(
                    row_id,
                    line,
                    tuple(marshal.loads(cells)),
                    Verdict(its_verdict),
                    next(iter(problems(wrong)), None),
                    problems(notices),
                    name,
                    tuple(_changes(values(before), says)),
                    bool(written),
                )
            )
        return made

    def refusals(self, row_ids: Sequence[int] | None = None) -> Iterator[PlanRow]:
        """The refused rows (of these alone) in the order of the file."""
        chosen = None if row_ids is None else set(row_ids)
        offset = 0
        while rows := self.rows(offset, 500, Verdict.REFUSED.value):
            yield from (row for row in rows if chosen is None or row.id in chosen)
            offset += len(rows)


def _where(verdict: str, code: str) -> tuple[str, tuple[str, ...]]:
    given = [(name, value) for name, value in (("verdict", verdict), ("code", code)) if value]
    return " AND ".join(f"{name} = ?" for name, _value in given) or "1", tuple(value for _name, value in given)


def _others(rows: Sequence[tuple[int, int, int]], line: int) -> str:
    """The lines of the other rows, for a sentence."""
    others = list(islice((str(each[1]) for each in rows if each[1] != line), _LINES + 1))
    return ", ".join(others[:_LINES]) + (", …" if len(others) > _LINES else "")


def _number_in(says: object) -> str:
    """The client number in what a row says."""
    if isinstance(says, dict):
        return str(says.get("client_number", ""))
    assert isinstance(says, list)
    return str(says[-1]).strip()


def _name_in(says: object) -> str:
    """The display name in what a row says."""
    if isinstance(says, dict):
        return str(says.get("display_name", ""))
    return str(says[FIELDS.index("display_name")]).strip() if isinstance(says, list) else ""


def _changes(before: Mapping[str, str], says: Mapping[str, str]) -> Iterator[FieldChange]:
    for name, value in says.items():
        field = BY_NAME.get(name)
        old = before.get(name, "")
        if field is not None and (value or old):
            yield FieldChange(
                name, field.title, field.display(old) if old else "", field.display(value) if value else ""
            )

"""An import: read -> map -> judge (the plan) -> apply -> report. Wizard and command line use the same object.

Nothing is written to the firm before `apply`; what it writes is what `judge` has shown, looked at once more inside
the transaction.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING

from clientdesk.desk import imports
from clientdesk.desk.clients import lead_names, type_names
from clientdesk.desk.import_records import Draft, Logged, Outcome
from clientdesk.desk.session import Interrupted, Session, reads
from clientdesk.domain.access import Action
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import FirmUnusable, Problem, Refused, problem, refuse
from clientdesk.exchange import foot_lines, report
from clientdesk.exchange.file_lookalikes import FileLookalikes, resemblances
from clientdesk.exchange.judged_rows import JudgedRows
from clientdesk.exchange.kept_row import JudgedRow
from clientdesk.exchange.kept_setup import setup_to_keep
from clientdesk.exchange.kinds import EXAMPLES, guess_kind, known
from clientdesk.exchange.numbers import NumberRows, misfit
from clientdesk.exchange.reading import Choices, Table, read_table
from clientdesk.exchange.records import ClientSetup, Counts, ImportKind, PlanRow, Retries, Verdict
from clientdesk.exchange.source import Source
from clientdesk.exchange.writing import spare_firm
from clientdesk.text import N_, _, listed

if TYPE_CHECKING:
    from clientdesk.exchange.client_rows import ClientRows

BATCH = 10_000
"""So many rows are written in one transaction, where QuickBooks' limit does not ask for less."""
EVERYTHING = 1 << 62
_AT_ONCE = 500
NOTHING_MENDED: Mapping[int, Sequence[str]] = MappingProxyType({})
_BREATH = 0.005
"""So many seconds pass between two batches, in which others can write to the firm."""

Progress = Callable[[int, int], None]
"""Is told how many rows are done, of how many."""
Stopped = Callable[[], bool]
"""Whether the person wants no more of it."""


def _never() -> bool:
    return False


def _silent(_done: int, _rows: int) -> None:
    pass


class Import:
    """One file on its way in. Made by `open`; one thread uses it at a time. Close it at the end."""

    def __init__(self, source: Source, table: Table, kind: ImportKind, firm: str) -> None:
        self.path, self.table, self.kind = source.path, table, kind
        self.headings = tuple(table.headings.cells)
        # Empty headings at the end are Excel's; cells beneath them would have no name.
        self._columns = max((at for at, heading in enumerate(self.headings) if heading.strip()), default=0) + 1
        self.setup = self._guessed() if kind is ImportKind.CLIENTS else None
        self.batch_question: Problem | None = None
        """What to ask before the file is cut into batches of QuickBooks' size; None where it fits, or no limit is set."""
        self.run_id = 0
        """The number under which the import is kept, once it was applied."""
        self.new_types: list[str] = []
        """The client types that are added, because the person wants so and rows that are written name them."""
        self.stopped = False
        """Whether `apply` was broken off."""
        self.log_kept = False
        """Whether the firm has the error log as it is here."""
        self._counts_unsure = False
        self._source, self._rows, self._firm = source, JudgedRows(), firm
        self._numbers = NumberRows(self.headings, self.path) if kind is ImportKind.NUMBERS else None
        self._clients: ClientRows | None = None
        self._names: dict[str, Counter[str]] = {"client_type": Counter(), "lead": Counter()}
        self._most = (BATCH, EVERYTHING)
        self._alike = FileLookalikes()
        self._foot = foot_lines.NONE

    @classmethod
    def open(cls, path: str, kind: ImportKind | None, choices: Choices, session: Session) -> "Import":
        """Reads the file's bytes, once. `kind` None: it is guessed from the headings and the first rows.

        Raises Refused for a file that cannot be imported, and for a person who may not import.
        """
        session.demand(Action.IMPORT)
        source = Source.read(path)
        try:
            table = read_table(source, known, choices)
            if next(table.rows(), None) is None:
                raise refuse("no_rows", path=path)
            return cls(source, table, kind or guess_kind(session, table, path), session.location)
        except BaseException:  # whatever ends it, the private copy goes with it
            source.close()
            raise

    def _guessed(self) -> ClientSetup:
        """What the columns of a client list seem to be."""
        from clientdesk.exchange.mapping import guess

        found = guess(self.headings, self.examples(EXAMPLES))
        return ClientSetup(found.columns, key=found.key)

    def close(self) -> None:
        """Forgets the file's bytes and rows."""
        self._rows.close()
        self._source.close()

    def examples(self, count: int) -> list[tuple[str, ...]]:
        """The cells of the first rows, as far as they can be read."""
        return [line.cells for line, _number in zip(self.table.rows(), range(count), strict=False)]

    # --- what is known of the file

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What should be known of the file as a whole."""
        found = list(self.table.guesses)
        if self._foot.lines:
            found.append(problem("foot_lines", path=self.path, lines=", ".join(self._foot.lines.values())))
        if self.new_types:
            found.append(problem("types_added", "client_type", names=listed(self.new_types)))
        return tuple(found)

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of the columns that are not read."""
        if self._numbers is not None:
            read = set(self._numbers.places.values())
        else:
            from clientdesk.exchange.row_reader import label_places

            columns = self.setup.columns if self.setup else ()
            read = {at for at, name in enumerate(columns) if name}
            read |= {label for _value, label in label_places(self.headings, columns)}
        own = {fold(_(heading)) for heading in report.EXTRA}
        return tuple(
            heading.strip()
            for at, heading in enumerate(self.headings)
            if at not in read and heading.strip() and fold(heading) not in own
        )

    @property
    def places(self) -> dict[str, int]:
        """The column of each field that is read."""
        return dict(self._judge_of_rows.places)

    @property
    def _judge_of_rows(self) -> "NumberRows | ClientRows":
        judge = self._numbers or self._clients
        assert judge is not None
        return judge

    @property
    def can_retry(self) -> bool:
        """Whether refused rows can be tried again."""
        return True

    def set_setup(self, setup: ClientSetup) -> None:
        """Takes what the person chose for a client list; judge again afterwards.

        Refused where no column gives the clients their names ("no_name_column", "name_column_unknown"), or where the key has no column.
        """
        from clientdesk.exchange.client_rows import ClientRows
        from clientdesk.exchange.guessing import gives_names, nameless

        self.setup, self._clients = setup, None
        if not gives_names(setup.columns, setup.key):
            raise nameless(self.path, self.headings, self.examples(EXAMPLES), setup.columns)
        self._clients = ClientRows(self.headings, setup, self.path)

    def ambiguous_date(self, columns: Sequence[str]) -> str:
        """The first cell of the fiscal year end, where `columns` have one, whose day and month cannot be told apart;
        "" for none."""
        from clientdesk.exchange.row_reader import ambiguous_date

        with suppress(Refused):  # a file that breaks further down is refused when it is judged
            return ambiguous_date(self.table.rows(), columns)
        return ""

    def unknown_names(self) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
        """The client types and the lead accountants of the file that the firm does not know, each with how many rows
        name it; known after `judge`."""
        return tuple(self._names["client_type"].most_common()), tuple(self._names["lead"].most_common())

    # --- the plan

    def judge(self, session: Session, progress: Progress = _silent, stopped: Stopped = _never) -> Counts:
        """Looks at every row, writes nothing, and tells what each would do. Raises Refused where the file breaks."""
        if self.setup is not None and self._clients is None:
            self.set_setup(self.setup)
        self._foot = foot_lines.measured(self.table, self.kind is ImportKind.CLIENTS)
        total, foot = self._foot.rows, self._foot.lines
        self._rows.clear()
        self._alike.clear()
        for names in self._names.values():
            names.clear()
        self._begin_judging(session, self._foot.doubted)
        part: list[JudgedRow] = []
        for number, line in enumerate(self.table.rows(), 1):
            if foot and line.number in foot:
                continue
            part.append(JudgedRow(number, line.number, line.cells, line.dates))
            if len(part) == _AT_ONCE:
                if stopped():
                    return self._rows.counts()
                self._draft(session, part)
                progress(number, total)
                part = []
        self._draft(session, part)
        self._compare()
        self._ask_for_batches(session, total)
        progress(total, total)
        return self._rows.counts()

    def _begin_judging(self, session: Session, doubted: Collection[int] = ()) -> None:
        self._known_names = {
            "client_type": {fold(name) for name in type_names(session)},
            "lead": {fold(name) for name in lead_names(session)},
        }
        if self._clients is not None:
            from clientdesk.desk.lookalikes import Lookalikes

            self._clients.begin(doubted)
            self._clients.lookalikes = Lookalikes.of(session)

    def _draft(self, session: Session, part: Sequence[JudgedRow]) -> None:
        """Keeps rows with what they want of the firm."""
        judge = self._judge_of_rows
        for row in part:
            if (self._clients is None or not self._clients.is_foot(row)) and not misfit(row, self._columns):
                judge.read(row)
        asked = [(row.id, row.given) for row in part if row.given is not None]
        self._count_names(row.given for row in part)
        drafts = {each.row: each for each in reads(judge.look)(session, asked)} if asked else {}
        if self._clients is not None:
            for row_id, given in asked:
                if not (drafts[row_id].client_id or drafts[row_id].problem):
                    assert isinstance(given, dict)
                    self._alike.add(row_id, given)
        for row in part:
            if row.notices:
                draft = drafts[row.id]
                drafts[row.id] = draft._replace(notices=(*row.notices, *draft.notices))
        self._rows.put(part, drafts)

    def _compare(self) -> None:
        """Compares the rows with each other, and finds which client types those that are fine bring along."""
        self._rows.compare()
        if self._clients is not None:
            likely = self._rows.likely
            likely.resemble(resemblances(self._alike.candidates(), likely.new_clients, self._clients.how))
        wanted = self._clients.new_types(list(self._names["client_type"])) if self._clients is not None else []
        self.new_types = [name for name in wanted if name in self._rows.named("client_type")] if wanted else []

    def _count_names(self, given: "Iterator[object]") -> None:
        if self._clients is None:
            return
        for says in given:
            if isinstance(says, dict):
                for field, names in self._names.items():
                    name = says.get(field, "")
                    if name and fold(name) not in self._known_names[field]:
                        names[name] += 1

    def _ask_for_batches(self, session: Session, rows: int) -> None:
        """Whether the file must be cut: QuickBooks takes so many clients and bytes in one upload of numbers."""
        self.batch_question, self._most = None, (BATCH, EVERYTHING)
        if self.kind is not ImportKind.NUMBERS or not session.firm.upload_limit:
            return
        self._most = (imports.UPLOAD_ROWS, imports.UPLOAD_BYTES)
        if rows > imports.UPLOAD_ROWS:
            self.batch_question = problem("too_many_rows", path=self.path, rows=rows, limit=imports.UPLOAD_ROWS)
        elif self._source.size > imports.UPLOAD_BYTES:
            hint = N_("QuickBooks takes no more at a time. Import it in batches.")
            limit = imports.UPLOAD_BYTES // 1024
            self.batch_question = problem("too_large", path=self.path, limit=limit, unit="KB", hint=hint)
        else:
            self._most = (imports.UPLOAD_ROWS, EVERYTHING)  # it fits as it is

    def rows(self, offset: int, limit: int, verdict: str = "", code: str = "") -> list[PlanRow]:
        """Rows with a verdict and a code ("" for any), from `offset` on, in the order of the file."""
        judge = self._numbers or self._clients
        return self._rows.rows(offset, limit, verdict, code, judge.says if judge is not None else None)

    def count(self, verdict: str = "", code: str = "") -> int:
        """How many rows have a verdict and a code ("" for any)."""
        return self._rows.count(verdict, code)

    def noticed(self, code: str) -> Iterator[tuple[int, tuple[Problem, ...]]]:
        """The rows with a notice of this code that are not refused: number, and the notices of that code."""
        return self._rows.noticed(code)

    def row_notices(self) -> Iterator[tuple[int, str, Problem]]:
        """Line, client's name and notice of the rows that are not refused, in the order of the file."""
        return self._rows.notices()

    def refusals(self, row_ids: Sequence[int] | None = None) -> Iterator[PlanRow]:
        """The refused rows in the order of the file; with `row_ids`, those of them."""
        return self._rows.refusals(row_ids)

    def place(self, row_id: int, verdict: str = "") -> int | None:
        """Where a row stands among those of a verdict ("" for any), from 0; None where it is not one of them."""
        return self._rows.place(row_id, verdict)

    def counts(self) -> Counts:
        """How many rows have each verdict now."""
        return self._rows.counts()

    @property
    def counts_known(self) -> bool:
        """Whether the counts say what is in the firm; else the batch that was being written, counted as left out, is
        perhaps in."""
        return not self._counts_unsure

    def lines_in(self) -> tuple[int, int] | None:
        """The first and the last line of what a stopped import has brought in; None where it is not known, or is not
        the beginning of the file."""
        return None if self._counts_unsure else self._rows.lines_in()

    def reasons(self) -> list[tuple[str, int]]:
        """The codes of the refused rows with how many have them, most first."""
        return self._rows.reasons()

    # --- writing

    def apply(
        self, session: Session, progress: Progress = _silent, stopped: Stopped = _never, batch: bool = True
    ) -> Counts:
        """Writes what was planned, batch by batch, each one transaction; keeps the run and its error log.

        Where it is `stopped`, nothing of the running batch is written and the rest is left out. Raises Refused, with
        the batches before it written: the firm's file cannot be used any more, or your access was taken away; and,
        before anything is written, where the file must be cut and `batch` is False.
        """
        if self.batch_question is not None and not batch:
            raise Refused(self.batch_question)
        counts = self._rows.counts()
        name = self.path.encode(errors="replace").decode()  # a file's name may be no text
        try:
            self.run_id = imports.begin_run(session, self.kind.value, name, counts.rows)
        except Refused:
            self.stopped = True
            self._rows.leave_out_the_rest()
            raise
        return self._write_all(session, progress, stopped)

    def _write_all(self, session: Session, progress: Progress, stopped: Stopped) -> Counts:
        to_write = self._rows.to_write()
        done, self.stopped = 0, False
        try:
            for batch in self._rows.batches(*self._most):
                if done:
                    time.sleep(_BREATH)
                try:
                    self._rows.settle(self._write(session, batch, stopped))
                except _Stop:
                    self.stopped = True
                    break
                done += len(batch)
                progress(done, to_write)
        except BaseException:
            self.stopped = True
            if session.doubt:  # the running batch may be in: the run's counts are right as they stand
                self._rows.leave_out_the_rest()
                self._counts_unsure = True
                raise
            with suppress(Refused, Interrupted):  # the log is kept where that is still possible
                self._end(session)
            raise
        self._end(session)
        return self._rows.counts()

    def _write(self, session: Session, batch: Sequence[int], stopped: Stopped, again: bool = False) -> list[Outcome]:
        judge = self._judge_of_rows

        def look(session: Session, row_ids: Sequence[int]) -> list[tuple[Draft, Draft]]:
            if stopped():
                raise _Stop
            found = judge.look(session, self._rows.given(row_ids))
            return list(zip(self._rows.drafts(row_ids), found, strict=True))

        if self._clients is None:
            return imports.write_numbers(session, self.run_id, batch, look, again)
        self._clients.lookalikes = None  # what is done with likely duplicates was settled in the plan
        return imports.write_clients(session, self.run_id, batch, look, self.new_types, again)

    def _end(self, session: Session) -> None:
        """Keeps the counts and the error log of the run; rows that were to be written and were not are left out."""
        if self.stopped:
            self._rows.leave_out_the_rest()
        counts = self._rows.counts()
        kept = {"refused": counts.refused, "skipped": counts.skipped}
        if not self._counts_unsure:
            kept |= {"added": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
        chosen = self.setup
        named = imports.references(session) if chosen is not None and (chosen.types or chosen.leads) else ({}, {})
        setup = setup_to_keep(self.headings, chosen, frozenset(self._rows.refused_ids()), named)
        imports.end_run(session, self.run_id, "stopped" if self.stopped else "done", kept, self._log(), setup)
        self.log_kept = True

    def _log(self, row_ids: Sequence[int] | None = None) -> Iterator[tuple[int, Logged]]:
        for row in self._rows.refusals(row_ids):
            assert row.problem is not None
            yield row.id, Logged(row.line, report.named_cells(self.headings, row.cells), row.problem)

    # --- mending

    def correct(self, row_id: int, cells: Sequence[str]) -> None:
        """Puts other cells in the place of a refused row's; `retry` looks at them."""
        self._rows.correct(row_id, cells)

    def retry(self, session: Session, row_ids: Sequence[int] | None = None) -> Retries:
        """Looks at refused rows again (None: all of them) and writes those that are fine now; the error log that is
        kept in the firm follows.

        A row that somebody else has brought in meanwhile is not written twice. Raises Refused; then the rows that are
        not in stay refused.
        """
        chosen = self._rows.refused_ids() if row_ids is None else self._rows.now(row_ids, Verdict.REFUSED.value)
        if not chosen:
            return Retries()
        if not self.log_kept:
            self._keep_log(session)
        self._rows.remember_refusals()
        try:
            elsewhere = self._try_again(session, chosen)
            refused = self._rows.now(chosen, Verdict.REFUSED.value)
            settled = {
                verdict.value: self._rows.now(chosen, verdict.value) for verdict in (Verdict.SKIPPED, Verdict.UNCHANGED)
            }
            imports.keep_retried(session, self.run_id, self._log(refused), settled)
        except BaseException:
            with suppress(FirmUnusable):  # the disk of the working tables may be full
                self._rows.restore_refusals()
            raise
        skipped = len(settled[Verdict.SKIPPED.value])
        written = len(chosen) - len(refused) - skipped - len(elsewhere)
        return Retries(written, skipped, len(refused), tuple(elsewhere))

    def _keep_log(self, session: Session) -> None:
        """What could not be kept when the import ended is kept first, so that the firm knows the rows."""
        if not self.run_id:
            name = self.path.encode(errors="replace").decode()
            self.run_id = imports.begin_run(session, self.kind.value, name, self._rows.counts().rows)
        self._end(session)

    def _try_again(self, session: Session, chosen: Sequence[int]) -> list[tuple[int, Problem]]:
        """Judges and writes these rows; line and sentence of those that somebody else has brought in meanwhile."""
        self._begin_judging(session)
        for start in range(0, len(chosen), _AT_ONCE):
            self._draft(session, self._rows.refused(chosen[start : start + _AT_ONCE]))
        self._compare()
        elsewhere: dict[int, Problem] = {}
        for batch in self._rows.batches(*self._most):
            outcomes = self._write(session, batch, _never, again=True)
            self._rows.settle(outcomes)
            elsewhere |= {each.row: each.elsewhere for each in outcomes if each.elsewhere is not None}
        return [(line, elsewhere[row_id]) for row_id, line, *_cells in self._rows.lines(list(elsewhere))]

    def save_report(self, path: str, overwrite: bool, mended: Mapping[int, Sequence[str]] = NOTHING_MENDED) -> None:
        """Writes the error log as a CSV that can be corrected anywhere and imported again; rows that were `mended` and
        not tried yet with their new cells.

        Refused as `write_file` refuses, and ("firm_file") where it would be written over the firm.
        """
        spare_firm(path, self._firm)

        def rows() -> Iterator[Logged]:
            for row_id, row in self._log():
                cells = mended.get(row_id)
                yield row if cells is None else row._replace(cells=report.named_cells(self.headings, cells))

        report.write(path, overwrite, rows(), self.kind)


class _Stop(Exception):
    """The person has stopped the import: the running transaction rolls back."""

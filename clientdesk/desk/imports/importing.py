"""An import: read -> map -> judge (the plan) -> apply -> report. Wizard and command line use the same object.

Nothing is written to the firm before `apply`; what it writes is what `judge` has shown, where the firm stands as it did.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from types import MappingProxyType

from clientdesk.desk.imports import report, run_log
from clientdesk.desk.imports.applying import EVERYTHING, Applying
from clientdesk.desk.imports.import_records import ClientSetup, ImportKind, PlanRow, Retries
from clientdesk.desk.imports.kept_setup import setup_to_keep
from clientdesk.desk.imports.number_upload import EXAMPLES, NumberRows, guess_kind
from clientdesk.desk.imports.row_judging import Judging, Reader
from clientdesk.desk.jobs import Progress, Stopped, never, seldom_collected, silent
from clientdesk.desk.session import Session
from clientdesk.domain.access import Action
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.columns import foot_lines
from clientdesk.domain.fold import fold
from clientdesk.domain.import_decisions import ADD
from clientdesk.domain.incoming_table import IncomingTable
from clientdesk.domain.judged_row import Counts, JudgedRow, RowVerdict
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.quickbooks_upload import UPLOAD_BYTES, UPLOAD_ROWS
from clientdesk.store.judged_rows import JudgedRows, StoredRow
from clientdesk.text import N_, _, listed

NOTHING_MENDED: Mapping[int, Sequence[str]] = MappingProxyType({})


class Import:
    """One list on its way in. Made by `open`; one thread uses it at a time. Close it at the end."""

    def __init__(self, table: IncomingTable, kind: ImportKind, catalogue: Catalogue = BUILT_IN) -> None:
        self.catalogue = catalogue
        """The fields of the firm's clients, as they were when the list was opened or judged."""
        self.path, self.table, self.kind = table.path, table, kind
        self.headings = tuple(table.headings.cells)
        self.setup: ClientSetup | None = None
        """What is chosen for a client list."""
        self.batch_question: Problem | None = None
        """What to ask before the file is cut into batches of QuickBooks' size; None where it fits, or no limit is set."""
        self.adds_twice = False
        """Whether importing the file again would add once more what is in; known after `judge`."""
        self._rows = JudgedRows()
        self._foot = foot_lines.NONE
        self._judging: Judging | None = None
        self._reader: Reader | None = None
        self.run = Applying(kind, self.path, self.headings, self._rows, self._read_with, self._chosen)
        """How far the writing is, and under which number the firm keeps it."""
        if kind is ImportKind.NUMBERS:
            self._read_by(NumberRows(self.headings, self.path), ClientSetup())
        else:
            self.setup = self._guessed()

    @classmethod
    def open(cls, session: Session, table: IncomingTable, kind: ImportKind | None = None) -> "Import":
        """The import of a list, which it closes. `kind` None: it is guessed from the headings and the first rows.

        Raises Refused for a list that cannot be imported, and for a person who may not import.
        """
        try:
            session.demand(Action.IMPORT)
            if next(table.rows(), None) is None:
                raise refuse("no_rows", path=table.path)
            return cls(table, kind or guess_kind(session, table), session.catalogue)
        except BaseException:  # whatever ends it, the private copy goes with it
            table.close()
            raise

    def _guessed(self) -> ClientSetup:
        """What the columns of a client list seem to be."""
        from clientdesk.domain.columns.guessing import guess

        guessed = guess(self.headings, self.examples(EXAMPLES), self.catalogue)
        return ClientSetup(guessed.columns, key=guessed.key)

    def close(self) -> None:
        """Forgets the file's bytes and rows."""
        self._rows.close()
        self.table.close()

    def examples(self, count: int) -> list[tuple[str, ...]]:
        """The cells of the first rows, as far as they can be read."""
        return [line.cells for line in islice(self.table.rows(), count)]

    # --- what is known of the file

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What should be known of the file as a whole."""
        notices = list(self.table.guesses)
        if self._foot.lines:
            notices.append(problem("foot_lines", path=self.path, lines=", ".join(self._foot.lines.values())))
        if self.new_types:
            notices.append(problem("types_added", "client_type", names=listed(self.new_types)))
        return tuple(notices)

    @property
    def new_types(self) -> Sequence[str]:
        """The client types that are added, because the person wants so and rows that are written name them."""
        return self._judging.new_types if self._judging is not None else ()

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of the columns that are not read."""
        if self._reader is not None:
            read_places = self._reader.read_places
        else:
            from clientdesk.domain.columns.row_reader import RowReader

            read_places = RowReader(self.headings, self.setup.columns if self.setup else ()).places
        report_headings = {fold(_(heading)) for heading in report.EXTRA}
        return tuple(
            heading.strip()
            for at, heading in enumerate(self.headings)
            if at not in read_places and heading.strip() and fold(heading) not in report_headings
        )

    @property
    def places(self) -> dict[str, int]:
        """The column of each field that is read."""
        assert self._reader is not None
        return dict(self._reader.places)

    @property
    def can_retry(self) -> bool:
        """Whether refused rows can be tried again."""
        return True

    def set_setup(self, setup: ClientSetup) -> None:
        """Takes what the person chose for a client list; judge again afterwards.

        Refused where no column gives the clients their names ("no_name_column", "name_column_unknown"), or where the key has no column.
        """
        from clientdesk.desk.imports.client_rows import ClientRows
        from clientdesk.domain.columns.guessing import gives_names, nameless

        self.setup, self._reader, self._judging = setup, None, None
        if not gives_names(setup.columns, setup.key):
            raise nameless(self.path, self.headings, self.examples(EXAMPLES), setup.columns)
        self._read_by(ClientRows(self.headings, setup, self.path), setup)

    def _read_by(self, reader: Reader, setup: ClientSetup) -> None:
        self._reader, self._judging = reader, Judging(reader, self._rows, setup)

    def ambiguous_date(self, columns: Sequence[str]) -> str:
        """The first cell of the fiscal year end, where `columns` have one, whose day and month cannot be told apart;
        "" for none."""
        from clientdesk.domain.columns.row_reader import ambiguous_date

        with suppress(Refused):  # a file that breaks further down is refused when it is judged
            return ambiguous_date(self.table.rows(), columns)
        return ""

    def unknown_names(self) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
        """The client types and the lead accountants of the file that the firm does not know, each with how many rows
        name it; known after `judge`."""
        names = self._judging.unknown_names if self._judging is not None else {}
        types, leads = (tuple(names[field].most_common()) if names else () for field in ("client_type", "lead"))
        return types, leads

    # --- the plan

    @seldom_collected()
    def judge(self, session: Session, progress: Progress = silent, stopped: Stopped = never) -> Counts:
        """Looks at every row, writes nothing, and tells what each would do. Raises Refused where the file breaks."""
        self.catalogue = session.catalogue
        if self.setup is not None:
            self.set_setup(self.setup)
        judging = self._judging
        assert judging is not None
        self._foot = foot_lines.measured(self.table, self.kind is ImportKind.CLIENTS)
        total, foot = self._foot.rows, self._foot.lines
        self._rows.clear()
        judging.begin(session, self._foot.doubted)
        rows = (
            JudgedRow(number, line.number, line.cells, line.dates)
            for number, line in enumerate(self.table.rows(), 1)
            if line.number not in foot
        )

        def go_on(number: int) -> bool:
            progress(number, total)
            return not stopped()

        if not judging.judge(session, rows, go_on):
            return self._rows.counts()
        judging.compare()
        self.adds_twice = self._finds_nobody and self._rows.adds_twice()
        self._ask_for_batches(session, total)
        progress(total, total)
        return self._rows.counts()

    def _ask_for_batches(self, session: Session, rows: int) -> None:
        """Whether the file must be cut: QuickBooks takes so many clients and bytes in one upload of numbers."""
        self.batch_question, self.run.most = None, None
        if self.kind is not ImportKind.NUMBERS or not session.firm.upload_limit:
            return
        self.run.most = (UPLOAD_ROWS, UPLOAD_BYTES)
        if rows > UPLOAD_ROWS:
            self.batch_question = problem("too_many_rows", path=self.path, rows=rows, limit=UPLOAD_ROWS)
        elif self.table.size > UPLOAD_BYTES:
            hint = N_("QuickBooks takes no more at a time. Import it in batches.")
            limit = UPLOAD_BYTES // 1024
            self.batch_question = problem("too_large", path=self.path, limit=limit, unit="KB", hint=hint)
        else:
            self.run.most = (UPLOAD_ROWS, EVERYTHING)  # it fits as it is

    def rows(self, offset: int, limit: int, verdict: str = "", code: str = "") -> list[PlanRow]:
        """Rows with a verdict and a code ("" for any), from `offset` on, in the order of the file."""
        return [self._plan_row(row) for row in self._rows.rows(offset, limit, verdict, code)]

    def refusals(self, row_ids: Sequence[int] | None = None) -> Iterator[PlanRow]:
        """The refused rows in the order of the file; with `row_ids`, those of them."""
        return map(self._plan_row, self._rows.refusals(row_ids))

    def _plan_row(self, row: StoredRow) -> PlanRow:
        if row.verdict is RowVerdict.NEW and self._reader is not None:
            row = row._replace(becomes=self._reader.in_words(row.becomes))
        return PlanRow(*row)._replace(catalogue=self.catalogue)

    def count(self, verdict: str = "", code: str = "") -> int:
        """How many rows have a verdict and a code ("" for any)."""
        return self._rows.count(verdict, code)

    def noticed(self, code: str) -> Iterator[tuple[int, tuple[Problem, ...]]]:
        """The rows with a notice of this code that are not refused: number, and the notices of that code."""
        return ((row_id, notices) for row_id, _line, _name, notices in self._rows.noticed(code))

    def row_notices(self) -> Iterator[tuple[int, str, Problem]]:
        """Line, client's name and notice of the rows that are not refused, in the order of the file."""
        return ((line, name, notice) for _id, line, name, notices in self._rows.noticed() for notice in notices)

    def place(self, row_id: int, verdict: str = "") -> int | None:
        """Where a row stands among those of a verdict ("" for any), from 0; None where it is not one of them."""
        return self._rows.place(row_id, verdict)

    def counts(self) -> Counts:
        """How many rows have each verdict now."""
        return self._rows.counts()

    @property
    def _finds_nobody(self) -> bool:
        """Whether nothing finds the clients of the file, and likely duplicates are added."""
        return self.setup is not None and not self.setup.key and self.setup.duplicate_default == ADD

    def what_next(self) -> Problem:
        """How the rest of a stopped import gets in: by the file as it is, or without the rows that are in."""
        if not self._finds_nobody or not self.counts().in_firm:
            return problem("again_completes")
        if not self.adds_twice:
            return problem("again_refuses")
        rows_in = self._rows.rows_in() if self.run.counts_known else None
        return problem("again_adds_rows", **rows_in._asdict()) if rows_in else problem("again_adds")

    def reasons(self) -> list[tuple[str, int]]:
        """The codes of the refused rows with how many have them, most first."""
        return self._rows.reasons()

    # --- writing

    @seldom_collected()
    def apply(
        self, session: Session, progress: Progress = silent, stopped: Stopped = never, batch: bool = True
    ) -> Counts:
        """Writes what was planned, batch by batch, each one transaction; keeps the run and its error log.

        Where it is `stopped`, nothing of the running batch is written and the rest is left out. Raises Refused, with
        the batches before it written: the firm's file cannot be used any more, or your access was taken away; and,
        before anything is written, where the file must be cut and `batch` is False.
        """
        if self.batch_question is not None and not batch:
            raise Refused(self.batch_question)
        self.run.apply(session, self.new_types, progress, stopped)
        return self._rows.counts()

    def _read_with(self) -> Reader:
        assert self._reader is not None
        return self._reader

    def _chosen(self, session: Session) -> Mapping[str, object]:
        references = run_log.references(session) if self.setup and (self.setup.types or self.setup.leads) else ({}, {})
        return setup_to_keep(self.headings, self.setup, frozenset(self._rows.refused_ids()), references)

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
        chosen = self._rows.refused_ids() if row_ids is None else self._rows.now(row_ids, RowVerdict.REFUSED)
        assert self._judging is not None
        return self.run.retry(session, chosen, partial(self._judging.again, session)) if chosen else Retries()

    def report(self, mended: Mapping[int, Sequence[str]] = NOTHING_MENDED) -> Iterator[Sequence[str]]:
        """The error log as the rows of a file, its headings first, that can be corrected anywhere and imported again;
        rows that were `mended` and not tried yet with their new cells."""
        logged = (
            row._replace(cells=report.named_cells(self.headings, mended[row_id])) if row_id in mended else row
            for row_id, row in self.run.log()
        )
        return report.rows(logged, self.kind)

"""Writing what was planned for rows, wherever they come from, and keeping the run and its error log in the firm."""

import os.path
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from clientdesk import saved
from clientdesk.desk.imports import batch_writing, run_log
from clientdesk.desk.imports.batch_writing import Work
from clientdesk.desk.imports.batches import batches
from clientdesk.desk.imports.import_records import ImportKind, Logged, Retries
from clientdesk.desk.imports.report import named_cells
from clientdesk.desk.imports.row_judging import Reader
from clientdesk.desk.jobs import Progress, Stop, Stopped, never, new_job, paced
from clientdesk.desk.session import Interrupted, Session, keeping
from clientdesk.domain.judged_row import RowOutcome, RowVerdict
from clientdesk.domain.problems import FirmUnusable, Problem, Refused
from clientdesk.store.judged_rows import JudgedRows
from clientdesk.text import display_text

BATCH = 10_000
"""So many rows are written in one transaction, where QuickBooks' limit does not ask for less."""
EVERYTHING = 1 << 62

Kept = Callable[[Session], Mapping[str, object]]
"""What was chosen for the rows, as JSON can hold it."""


class Applying:
    """Judged rows on their way into the firm: a run with a number, in batches that are one transaction each.

    `reader` gives what reads the rows, `chosen` what is kept of how they were read.
    """

    def __init__(
        self,
        kind: ImportKind,
        name: str,
        headings: Sequence[str],
        rows: JudgedRows,
        reader: Callable[[], Reader],
        chosen: Kept,
    ) -> None:
        self._kind, self._rows, self._reader, self._chosen = kind, rows, reader, chosen
        self._name = name.encode(errors="replace").decode()  # a file's name may be no text
        self._file = display_text(os.path.basename(self._name))
        """What the history calls the file."""
        self._headings = headings
        self.most: tuple[int, int] | None = None
        """The rows and bytes of a batch, where QuickBooks asks for smaller ones."""
        self.id = 0
        """The number under which the run is kept, once it was begun."""
        self._job: int | None = None
        """The job that its batches are a part of, once there was one."""
        self.stopped = False
        """Whether it was broken off."""
        self.log_kept = False
        """Whether the firm has the error log as it is here."""
        self.counts_known = True
        """Whether the counts say what is in the firm; else the batch that was being written, counted as left out, is
        perhaps in."""

    def apply(self, session: Session, new_types: Sequence[str], progress: Progress, stopped: Stopped) -> None:
        """Writes what was planned, after the client types that it brings along. See `Import.apply`."""
        try:
            self._begin(session)
        except Refused:
            self.stopped = True
            self._rows.leave_out_the_rest()
            raise
        try:
            self._write_noted(session, new_types, progress, stopped)
        finally:
            run_log.leave_run(session, self.id)

    def _write_noted(self, session: Session, new_types: Sequence[str], progress: Progress, stopped: Stopped) -> None:
        try:
            self.stopped = not self._write_all(session, self._work(session, new_types), progress, stopped)
        except BaseException:  # whatever ends it, the run says so
            self.stopped = True
            if session.doubt:  # the running batch may be in: the run's counts are right as they stand
                self._rows.leave_out_the_rest()
                self.counts_known = False
                raise
            with suppress(Refused, Interrupted):  # the log is kept where that is still possible
                self._end(session)
            raise
        self._end(session)

    def _begin(self, session: Session) -> None:
        with saved.apart(), keeping(session):
            self.id = run_log.begin_run(session, self._kind.value, self._name, self._rows.counts().rows)
            self._job = new_job(session)

    def _work(self, session: Session, new_types: Sequence[str], again: bool = False) -> Work:
        if self._job is None:
            self._job = new_job(session)
        return Work(self._kind, self.id, self._rows, self._reader(), new_types, again, self._job, self._file)

    def _write_all(self, session: Session, work: Work, progress: Progress, stopped: Stopped) -> bool:
        """Whether all batches were written."""
        to_write, done = self._rows.to_write(), 0
        for batch in paced(self._batches()):
            try:
                self._write(session, work, batch, stopped)
            except Stop:
                return False
            done += len(batch)
            progress(done, to_write)
        return True

    def _batches(self) -> Iterator[list[int]]:
        return batches(self._rows, *(self.most or (BATCH, EVERYTHING)))

    def _write(self, session: Session, work: Work, batch: Sequence[int], stopped: Stopped) -> list[RowOutcome]:
        outcomes = batch_writing.write_batch(session, work, batch, stopped)
        self._rows.settle(outcomes)
        return outcomes

    def _end(self, session: Session) -> None:
        """Keeps the counts and the error log of the run; rows that were to be written and were not are left out."""
        if self.stopped:
            self._rows.leave_out_the_rest()
        counts = self._rows.counts()
        counts_to_keep = {"refused": counts.refused, "skipped": counts.skipped}
        if self.counts_known:
            counts_to_keep |= {"added": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
        state = "stopped" if self.stopped else "done"
        run_log.end_run(session, self.id, state, counts_to_keep, self.log(), self._chosen(session))
        self.log_kept = True

    def log(self, row_ids: Sequence[int] | None = None) -> Iterator[tuple[int, Logged]]:
        """The refused rows (of these alone) as they are kept, each with its number, in the order of the file."""
        for row in self._rows.refusals(row_ids):
            assert row.problem is not None
            yield row.id, Logged(row.line, named_cells(self._headings, row.cells), row.problem)

    # --- trying again

    def retry(
        self, session: Session, chosen: Sequence[int], judge_again: Callable[[Sequence[int]], Sequence[str]]
    ) -> Retries:
        """Writes those of the refused rows that are fine when they are judged again; the error log that is kept in the
        firm follows. `judge_again` judges rows, and tells which client types they bring along. See `Import.retry`."""
        if not self.log_kept:
            self._keep_log(session)
        self._rows.remember_refusals()
        try:
            elsewhere = self._write_again(session, judge_again(chosen))
            refused = self._rows.now(chosen, RowVerdict.REFUSED)
            skipped, unchanged = (
                self._rows.now(chosen, verdict) for verdict in (RowVerdict.SKIPPED, RowVerdict.UNCHANGED)
            )
            settled = {RowVerdict.SKIPPED.value: skipped, RowVerdict.UNCHANGED.value: unchanged}
            run_log.keep_retried(session, self.id, self.log(refused), settled)
        except BaseException:  # whatever ends it, the log is as it was
            with suppress(FirmUnusable):  # the disk of the working tables may be full
                self._rows.restore_refusals()
            raise
        in_firm = len(chosen) - len(refused) - len(skipped) - len(elsewhere)
        return Retries(in_firm, len(skipped), len(refused), tuple(elsewhere))

    def _keep_log(self, session: Session) -> None:
        """What could not be kept when the import ended is kept first, so that the firm knows the rows."""
        try:
            if not self.id:
                self._begin(session)
            self._end(session)
        finally:
            run_log.leave_run(session, self.id)

    def _write_again(self, session: Session, new_types: Sequence[str]) -> list[tuple[int, Problem]]:
        """Line and sentence of those rows that somebody else has brought in meanwhile."""
        elsewhere: dict[int, Problem] = {}
        work = self._work(session, new_types, again=True)
        for batch in self._batches():
            outcomes = self._write(session, work, batch, never)
            elsewhere |= {outcome.row: outcome.elsewhere for outcome in outcomes if outcome.elsewhere is not None}
        return [(line, elsewhere[row_id]) for row_id, line, *_cells in self._rows.lines(list(elsewhere))]

"""An import of which the firm has kept the error log: its rows can be corrected and tried again, as at its end."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from clientdesk.desk.imports import run_log
from clientdesk.desk.imports.import_records import ClientSetup, ImportKind, KeptRow, KeptRun, Retries
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.imports.kept_setup import HEADINGS, kept_setup
from clientdesk.desk.imports.number_upload import EXAMPLES, FIELDS
from clientdesk.desk.imports.run_log import References
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.row_reader import places_of
from clientdesk.domain.incoming_table import Line
from clientdesk.domain.judged_row import Counts, JudgedRow, RowVerdict
from clientdesk.domain.problems import FirmUnusable, Problem, Refused, refuse

_AT_ONCE = 1_000
"""So many rows of a log are in memory at a time."""


class _GoneTable(NamedTuple):
    """A list of which nothing is there any more but its path and its headings."""

    path: str
    headings: Line
    size: int = 0
    guesses: tuple[Problem, ...] = ()

    def rows(self) -> Iterator[Line]:
        return iter(())

    def close(self) -> None:
        pass


class Settled(NamedTuple):
    """How many rows of an error log were tried again and are refused no longer, and when and by whom the last one."""

    rows: int = 0
    at: str = ""
    who: str = ""


class KeptImport(Import):
    """The error log of an import that has ended; nothing else is left of its file. Made by `open_kept`."""

    kept: KeptRun
    settled = Settled()
    _unreadable: set[int]
    """The refused rows of which nothing is known: they can be taken away, and are never tried."""

    @classmethod
    def open_kept(cls, session: Session, run_id: int) -> "KeptImport":
        """The import with this number. Refused ("run_gone") where there is none. Who may only look may read it too."""
        kept_run = run_log.kept_run(session, run_id)
        examples = run_log.kept_rows(session, run_id, 0, EXAMPLES)
        table = _GoneTable(kept_run.run.file, Line(1, _headings(kept_run, examples)))
        job = cls(table, ImportKind(kept_run.run.kind), session.catalogue)
        try:
            job.run.id, job.kept, job.run.log_kept = run_id, kept_run, True
            if job.kind is ImportKind.CLIENTS:
                with suppress(Refused):  # no column is a name any more: the rows can be read, and not tried
                    job.set_setup(_setup(kept_run, job.headings, examples, run_log.references(session)))
            else:
                job._ask_for_batches(session, kept_run.run.refused)
            job.read_log(session)
        except BaseException:  # whatever ends it, the private copy goes with it
            job.close()
            raise
        return job

    def read_log(self, session: Session) -> None:
        """Reads the error log (again): somebody else may have tried its rows meanwhile."""
        self.kept = run_log.kept_run(session, self.run.id)
        self._rows.clear()
        self.settled = Settled()
        self._unreadable = set()
        refused = filter(None, map(self._refused, run_log.error_log(session, self.run.id)))
        while part := list(islice(refused, _AT_ONCE)):
            self._rows.put(part, {})

    def _refused(self, row: KeptRow) -> JudgedRow | None:
        """A row of the log as it was refused; None for one that is refused no longer."""
        if row.retried.verdict != RowVerdict.REFUSED:
            latest = max((self.settled.at, self.settled.who), (row.retried.at, row.retried.who))
            self.settled = Settled(self.settled.rows + 1, *latest)
            return None
        if row.logged.problem.code == "logged_row_unreadable":
            self._unreadable.add(row.place)
        return _refused_row(row)

    @property
    def can_retry(self) -> bool:
        """Whether it is known how the rows are to be read: an import of an older clientdesk does not say it."""
        return self.kept.setup is not None and self._reader is not None

    @property
    def places(self) -> dict[str, int]:
        """See Import."""
        if self.kind is ImportKind.NUMBERS:
            return super().places
        return places_of(self.setup.columns if self.setup is not None else ())

    def counts(self) -> Counts:
        """How many rows of the file have each verdict, as the firm has it."""
        return self.kept.run.counts

    def retry(self, session: Session, row_ids: Sequence[int] | None = None) -> Retries:
        """See Import. A row that cannot be read stays as it is, and refused."""
        if not self.can_retry:
            raise refuse("kept_without_columns", path=self.path)
        chosen = self._rows.refused_ids() if row_ids is None else self._rows.now(row_ids, RowVerdict.REFUSED)
        readable = [row_id for row_id in chosen if row_id not in self._unreadable]
        retries = super().retry(session, readable)
        retries = retries._replace(refused=retries.refused + len(chosen) - len(readable))
        with suppress(FirmUnusable):  # the rows are right as they are; only the counts are those of before
            self.read_log(session)
        return retries


def _headings(kept_run: KeptRun, rows: Sequence[KeptRow]) -> tuple[str, ...]:
    """The headings of the file; where they were not kept apart, those that stand beside the cells."""
    headings = (kept_run.setup or {}).get(HEADINGS)
    if isinstance(headings, list):
        return tuple(str(heading) for heading in headings)
    longest = max((row.logged.cells for row in rows), key=len, default=())
    return tuple(heading for heading, _cell in longest) or tuple(BUILT_IN.by_name[name].title for name in FIELDS)


def _setup(kept_run: KeptRun, headings: Sequence[str], rows: Sequence[KeptRow], references: References) -> ClientSetup:
    """What was chosen for a client list; where that was not kept, what its columns seem to be, to show them."""
    if kept_run.setup is not None:
        try:
            return kept_setup(kept_run.setup, references)
        except (KeyError, TypeError, ValueError, AttributeError) as error:  # another program wrote it
            raise refuse("kept_without_columns", path=kept_run.run.file) from error
    from clientdesk.domain.columns.guessing import guess

    return ClientSetup(guess(headings, [tuple(_refused_row(row).cells) for row in rows]).columns)


def _refused_row(row: KeptRow) -> JudgedRow:
    """A row as it was refused. What a row lacked is kept as empty cells: they are taken off again."""
    wrong = row.logged.problem
    cells = [cell for _heading, cell in row.logged.cells]
    if wrong.code == "too_few_fields" and isinstance(cell_count := wrong.values.get("cells"), int):
        cells = cells[:cell_count]
    judged = JudgedRow(row.place, row.logged.line, cells)
    judged.problem = wrong
    return judged

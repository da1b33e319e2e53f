"""One import on the command line, from the file to the exit code, and what is said on the way."""

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import click

from clientdesk.cli.cures import all_with_cures
from clientdesk.cli.exit_codes import PERHAPS_SAVED, SAVED_UNTOLD, of_refusal
from clientdesk.cli.frame import opened_firm
from clientdesk.cli.import_words import in_words, record_head, say_outcome, say_record, tell_notices, tell_reading
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import tell, tell_problems
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.desk.imports.import_records import ClientSetup, ImportKind
from clientdesk.domain.encodings_and_delimiters import CHARACTERS
from clientdesk.domain.import_decisions import CREATE, EMPTY, of_duplicate
from clientdesk.domain.judged_row import Counts
from clientdesk.domain.problems import Refused, problem, refuse
from clientdesk.text import N_, _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.imports.importing import Import
    from clientdesk.desk.session import Session

DONE, ROWS_REFUSED, NOTHING_CHANGED = 0, 1, 2

_DELIMITERS = {**CHARACTERS, "\\t": "\t"}


class Wanted(NamedTuple):
    """What the command line asks for; `kind` is None where it is to be guessed."""

    kind: ImportKind | None
    file: str
    dry_run: bool = False
    errors: str | None = None
    overwrite: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    show_all: bool = False
    as_json: bool = False
    batch: bool = False
    mapping: str | None = None
    map_file: str | None = None
    key: str | None = None
    types: str = "refuse"
    leads: str = "refuse"
    duplicates: str | None = None
    dates: str | None = None
    heading_row: int | None = None


def run_import(wanted: Wanted) -> int:
    """Imports a file as it is wanted and says what became of it; the exit code."""
    signals, kind = Signals(), wanted.kind
    job: Import | None = None
    try:
        with signals.watched(), opened_firm(to_write=not wanted.dry_run) as session:
            try:
                job = _open(session, wanted)
                kind = job.kind
                return _run(session, job, wanted, signals)
            except KeyboardInterrupt:
                return _stopped(wanted, kind, signals.number, job)
            except Refused as refusal:
                return _refused(wanted, job, kind, refusal)
            finally:
                if job is not None:
                    job.close()
    except Refused as refusal:  # the firm could not be opened
        return _refused(wanted, None, kind, refusal)


def _open(session: "Session", wanted: Wanted) -> "Import":
    """The import, with its columns mapped. Everything that can be refused beforehand is."""
    from clientdesk.desk.imports.importing import Import
    from clientdesk.exchange.file_reading import Choices, open_table
    from clientdesk.exchange.file_writing import check_place

    if wanted.errors is not None:
        with suppress(OSError, ValueError):
            if os.path.samefile(wanted.errors, wanted.file):
                raise click.UsageError(_("OUT.csv is the file that is imported. Name another one."))
        check_place(wanted.errors, wanted.overwrite, session.location)
    delimiter = _DELIMITERS.get(wanted.delimiter or "", wanted.delimiter or "")
    choices = Choices(wanted.encoding or "", delimiter, wanted.sheet or "", wanted.heading_row or 0)
    job = Import.open(session, open_table(wanted.file, choices), wanted.kind)
    try:
        if job.kind is ImportKind.CLIENTS:
            job.set_setup(_setup(session, job, wanted))
    except BaseException:  # whatever ends it, the private copy goes with it
        job.close()
        raise
    if wanted.kind is None:
        tell(
            _("This is read as an upload of client numbers (import numbers).")
            if job.kind is ImportKind.NUMBERS
            else _("This is read as a client list (import clients).")
        )
    return job


# --- the columns of a client list


def _setup(session: "Session", job: "Import", wanted: Wanted) -> ClientSetup:
    from clientdesk.desk.imports.saved_mappings import setup_from_saved

    setup = job.setup
    assert setup is not None
    if wanted.map_file is not None:
        setup = setup_from_saved(read_mapping(wanted.map_file), job.headings)
    elif wanted.mapping is not None:
        setup = _named_setup(session, job, wanted.mapping)
    if wanted.key is not None:
        setup = setup._replace(key="" if wanted.key == "none" else wanted.key)
    if wanted.duplicates is not None:
        setup = setup._replace(duplicate_default=of_duplicate(wanted.duplicates))
    if wanted.dates is not None:
        setup = setup._replace(dates=wanted.dates)
    return setup


def _named_setup(session: "Session", job: "Import", name: str) -> ClientSetup:
    """The setup of a saved mapping, or of a program whose lists are known."""
    from clientdesk.desk.imports.saved_mappings import named, setup_from_saved
    from clientdesk.domain.columns.guessing import columns_by
    from clientdesk.domain.columns.presets import Preset

    mapping = named(session, name)
    if isinstance(mapping, Preset):
        columns = columns_by(mapping, job.headings, job.examples(100))
        return ClientSetup(columns, key="company_id" if "company_id" in columns else "")
    return setup_from_saved(mapping.columns, job.headings)


def read_mapping(path: str) -> Mapping[str, object]:
    """The mapping in a JSON file. Refused ("bad_mapping", or as a file that is imported is)."""
    from clientdesk.desk.imports.saved_mappings import mapping_in
    from clientdesk.exchange.source import Source

    with Source.read(path) as source, source.open() as file:
        return mapping_in(file.read())


# --- the plan, and writing it


def _run(session: "Session", job: "Import", wanted: Wanted, signals: Signals) -> int:
    if not wanted.as_json:
        tell_reading(job, guessed=wanted.mapping is None and wanted.map_file is None)
    before = len(job.table.guesses)
    _judge(session, job, wanted)
    if not wanted.as_json:
        tell_notices(job.notices[before:])
    if job.batch_question is not None and not wanted.batch:
        raise Refused(job.batch_question)
    if not wanted.dry_run:
        signals.writing = True
        with progress_bar(_("Writing rows")) as progress:
            job.apply(session, progress, signals.stopped)
        signals.writing = False
    counts = job.counts()
    if wanted.errors is not None and counts.refused:
        _save_report(session, job, wanted, counts)
    if job.run.stopped:
        return _stopped(wanted, job.kind, signals.number, job)
    if wanted.as_json:
        say_record(record_head(wanted.file, job.kind, counts, None), job)
    else:
        say_outcome(job, counts, dry_run=wanted.dry_run, every=wanted.show_all)
        _tell_report(wanted, counts)
    return ROWS_REFUSED if counts.refused else DONE


def _save_report(session: "Session", job: "Import", wanted: Wanted, counts: Counts) -> None:
    """Writes the refused rows. Where rows were written before, a refusal says so, and how to get the file."""
    from clientdesk.exchange.file_writing import save_csv

    path = wanted.errors or ""
    try:
        save_csv(path, wanted.overwrite, job.report(), session.location)
    except Refused as refusal:
        if not (job.run.id and counts.new + counts.changed):
            raise
        unwritten = refuse("report_not_written", path=path, run=str(job.run.id))
        if not job.run.stopped:
            raise unwritten from refusal
        tell_problems(unwritten.problems)  # that it was stopped counts more


def _judge(session: "Session", job: "Import", wanted: Wanted) -> None:
    """Makes the plan; once more where names that the firm does not know become something else than a refusal."""
    with progress_bar(_("Looking at rows")) as progress:
        job.judge(session, progress)
    setup = job.setup
    if setup is None:
        return
    types, leads = job.unknown_names()
    becomes = {"create": CREATE, "empty": EMPTY}
    new_types = {name: becomes[wanted.types] for name, _n in types if wanted.types in becomes}
    new_leads = {name: EMPTY for name, _n in leads if wanted.leads == "empty"}
    if new_types or new_leads:
        # What a mapping says of a name counts more than what is said for all.
        job.set_setup(setup._replace(types={**new_types, **setup.types}, leads={**new_leads, **setup.leads}))
        with progress_bar(_("Looking at rows")) as progress:
            job.judge(session, progress)


# --- endings


_AGAIN = N_("Run the same command again: rows that are in already are left as they are.")


def _again(job: "Import") -> str:
    """How the rest of the file gets in."""
    after = job.what_next()
    return _(_AGAIN) if after.code == "again_completes" else after.message


def _refused(wanted: Wanted, job: "Import | None", kind: ImportKind | None, refusal: Refused) -> int:
    """The file was refused, or it went wrong half-way or afterwards; the exit code says whether anything was written."""
    counts = Counts()
    if job is not None:
        counts = job.counts() if job.run.id else Counts(rows=job.counts().rows)
        if counts.in_firm and not job.run.stopped and not job.run.log_kept:  # the rows had come to their end
            refusal = refuse("log_not_kept")
    known = job is None or job.run.counts_known
    if wanted.as_json:
        wrong = {"code": refusal.code, "message": all_with_cures(refusal)}
        head = record_head(wanted.file, kind, counts, wrong)
        if not known:
            head["left_out"] = None
        say_record(head, job if job is not None and job.run.id else None)
    tell_problems(refusal.problems)
    if job is not None and counts.new + counts.changed:
        tell(f"{display_text(wanted.file)}: {in_words(counts if known else counts._replace(left_out=0))}")
        tell(_again(job))
    if job is not None and job.run.stopped and of_refusal(refusal) == PERHAPS_SAVED:
        return PERHAPS_SAVED
    if not counts.new + counts.changed:
        return NOTHING_CHANGED
    # Where it was not stopped the rows are written, and what failed is what is kept or written about them.
    return ROWS_REFUSED if job is not None and job.run.stopped else SAVED_UNTOLD


def _stopped(wanted: Wanted, kind: ImportKind | None, number: int, job: "Import | None") -> int:
    """The import was broken off: what is in, and how the rest gets in."""
    counts = Counts()
    if job is not None and job.run.id:  # before it, the plan's verdicts are nothing that was written
        counts = job.counts()
        wrong = problem("import_stopped", written=counts.in_firm, rows=counts.rows, hint=_again(job))
    else:
        wrong = problem("dry_run_stopped" if wanted.dry_run else "stopped_before_writing")
    if wanted.as_json:
        refusal = {"code": "import_stopped", "message": wrong.message}
        say_record(
            record_head(wanted.file, kind, counts, refusal), job if job is not None and job.run.stopped else None
        )
    tell(wrong.message)
    if counts.in_firm or counts.left_out:
        tell(f"{display_text(wanted.file)}: {in_words(counts)}")
    return 128 + (number or signal.SIGINT)


def _tell_report(wanted: Wanted, counts: Counts) -> None:
    """Where the refused rows are."""
    if wanted.errors is not None:
        if counts.refused:
            text = _("The refused rows are in {path}. Correct them there and import that file.")
        else:
            text = _("No row is refused: {path} was not written.")
        tell(text.format(path=display_text(wanted.errors)))

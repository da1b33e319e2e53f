"""What an import says on the command line: the plan, the refused rows and the warnings, in words and as JSON."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from clientdesk.cli.cures import IMPORTS, with_cure
from clientdesk.cli.printing import json_text, say, sentence, tell
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.domain.judged_row import Counts, RowVerdict
from clientdesk.domain.problems import Problem, problem
from clientdesk.text import _, display_text, listed, ngettext, shortened, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import PlanRow
    from clientdesk.desk.imports.importing import Import

SHOWN = 20
"""So many changes of a dry run, warnings of rows and refused rows are shown unless all are asked for."""
_CELL = 80
_PAGE = 500


def _file_notices(job: "Import") -> Iterator[Problem]:
    yield from job.notices
    if job.ignored:
        yield problem(
            "unknown_column_ignored", headings=listed([f"“{shortened(heading, _CELL)}”" for heading in job.ignored])
        )


def tell_reading(job: "Import", *, guessed: bool) -> None:
    """What was decided about the file and, where the columns were `guessed`, which of them is which field."""
    tell_notices(_file_notices(job))
    if job.setup is not None and guessed:
        pairs = [
            f"{_shown(heading.strip()) or '–'} → {field.title}"
            for heading, name in zip(job.headings, job.setup.columns, strict=False)
            if (field := job.catalogue.known(name)) is not None
        ]
        tell(_("Columns: {pairs}").format(pairs=listed(pairs)))


def tell_notices(notices: Iterable[Problem]) -> None:
    """Says what should be known of the file as a whole."""
    for notice in notices:
        tell(_("Warning: {sentence}").format(sentence=sentence(notice)))


def in_words(counts: Counts) -> str:
    """The counts that are not 0."""
    words = (
        ngettext("{n} new", "{n} new", counts.new),
        ngettext("{n} changed", "{n} changed", counts.changed),
        ngettext("{n} unchanged", "{n} unchanged", counts.unchanged),
        ngettext("{n} skipped", "{n} skipped", counts.skipped),
        ngettext("{n} refused", "{n} refused", counts.refused),
        ngettext("{n} left out", "{n} left out", counts.left_out),
    )
    numbers = (counts.new, counts.changed, counts.unchanged, counts.skipped, counts.refused, counts.left_out)
    said = ", ".join(word.format(n=whole_number(n)) for word, n in zip(words, numbers, strict=True) if n)
    rows = ngettext("{n} row", "{n} rows", counts.rows).format(n=whole_number(counts.rows))
    return f"{rows}: {said}" if said else rows


def say_outcome(job: "Import", counts: Counts, *, dry_run: bool, every: bool) -> None:
    """What became of the rows, or would; the refused ones and the warnings on standard error."""
    if dry_run:
        say(_("Dry run: nothing was written."))
    say(f"{display_text(job.path)}: {in_words(counts)}")
    if dry_run:
        _say_changes(job, every)
    _tell_notices(job, every)
    _tell_refusals(job, counts.refused, every)
    for code, _count in job.reasons():
        if code in IMPORTS:
            tell(_(IMPORTS[code]))
    if counts.skipped:
        n = counts.skipped
        text = ngettext(
            "{n} row may be a client that is there already, and was skipped. --duplicates add takes such rows.",
            "{n} rows may be clients that are there already, and were skipped. --duplicates add takes such rows.",
            n,
        )
        tell(text.format(n=whole_number(n)))


def _tell_refusals(job: "Import", refused: int, every: bool) -> None:
    """The refused rows as far as they are wanted, and where the others are found."""
    place = job.places.get("display_name", -1)
    for row in islice(job.refusals(), None if every else SHOWN):
        assert row.problem is not None
        name = row.client or (row.cells[place] if 0 <= place < len(row.cells) else "")
        tell(of_line(row.line, name, row.problem))
    more = refused - SHOWN
    if more > 0 and not every:
        if job.run.log_kept:
            text = ngettext(
                "{n} more row is refused; “clientdesk imports --run {number}” prints them all.",
                "{n} more rows are refused; “clientdesk imports --run {number}” prints them all.",
                more,
            )
        else:
            text = ngettext(
                "{n} more row is refused; --all shows them all.",
                "{n} more rows are refused; --all shows them all.",
                more,
            )
        tell(text.format(n=whole_number(more), number=job.run.id))


def of_line(line: int, name: str, problem: Problem) -> str:
    """What is wrong with a row, on which line, and whose row it is, where the sentence does not say so itself."""
    words, whose = sentence(problem), _shown(name.strip())
    if whose and f"“{whose}”" not in words:
        words = f"{words} (“{whose}”)"
    return _("line {n}: {sentence}").format(n=line, sentence=words)


def _say_changes(job: "Import", every: bool) -> None:
    """Every change of the plan, field by field, as far as it is wanted."""
    for verdict, word in ((RowVerdict.NEW, _("new")), (RowVerdict.CHANGED, _("changed"))):
        total = job.count(verdict.value)
        for row in islice(_rows(job, verdict), None if every else SHOWN):
            name = row.client or next((change.new for change in row.changes if change.field == "display_name"), "")
            say(_("  line {n}  {word}  {name}").format(n=row.line, word=word, name=_shown(name)))
            for change in row.changes:
                old, new = (_shown(value) or "–" for value in (change.old, change.new))
                if verdict is RowVerdict.CHANGED:
                    say(f"      {display_text(change.label)}: {old} → {new}")
                elif change.field != "display_name":
                    say(f"      {display_text(change.label)}: {new}")
        if total > SHOWN and not every:
            text = _("  … and {n} more; --all shows them")
            say(text.format(n=whole_number(total - SHOWN)))


def _rows(job: "Import", verdict: RowVerdict) -> "Iterator[PlanRow]":
    offset = 0
    while rows := job.rows(offset, _PAGE, verdict.value):
        yield from rows
        offset += len(rows)


def _shown(value: str) -> str:
    return display_text(shortened(value, _CELL))


def _tell_notices(job: "Import", every: bool) -> None:
    for place, (line, name, notice) in enumerate(job.row_notices()):
        if place == SHOWN and not every:
            tell(_("Warning: there are more of these; --all shows them."))
            return
        tell(_("Warning: {sentence}").format(sentence=of_line(line, name, notice)))


# --- as JSON


def error_record(line: int, cells: Sequence[str], wrong: Problem) -> dict[str, object]:
    """A refused row as JSON shows it."""
    return {"line": line, "field": wrong.field, "code": wrong.code, "message": with_cure(wrong), "cells": list(cells)}


def record_head(
    file: str, kind: ImportKind | None, counts: Counts, refusal: Mapping[str, str] | None
) -> dict[str, object]:
    return {"file": file, "kind": kind.value if kind else None, **counts._asdict(), "refusal": refusal}


def say_record(head: Mapping[str, object], job: "Import | None") -> None:
    """Prints one object; its rows are read and written a few at a time, as there may be very many."""
    errors: Iterable[Mapping[str, object]] = ()
    notices: Iterable[Mapping[str, object]] = ()
    if job is not None:
        errors = (error_record(row.line, row.cells, row.problem) for row in job.refusals() if row.problem)
        with_lines: Iterator[tuple[int | None, Problem]] = chain(
            ((None, notice) for notice in _file_notices(job)),
            ((line, notice) for line, _name, notice in job.row_notices()),
        )
        notices = (
            {"line": line, "field": notice.field, "code": notice.code, "message": with_cure(notice)}
            for line, notice in with_lines
        )
    sys.stdout.write(json_text(head)[:-1])
    for name, records in (("errors", errors), ("notices", notices)):
        sys.stdout.write(f', "{name}": [')
        for place, record in enumerate(records):
            sys.stdout.write((", " if place else "") + json_text(record))
        sys.stdout.write("]")
    sys.stdout.write("}\n")

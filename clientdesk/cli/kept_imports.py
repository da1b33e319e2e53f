"""What was imported: `imports`, the list of all imports and the error log of each, whose rows can be tried again."""

import os
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from clientdesk import saved
from clientdesk.cli.frame import PATH, DeskCommand, opened_firm
from clientdesk.cli.printing import json_text, say, say_table, sentence, tell
from clientdesk.domain.problems import problem
from clientdesk.text import _, display_text, local_time, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import Retries, Run
    from clientdesk.desk.imports.kept_import import KeptImport
    from clientdesk.desk.session import Session


@click.command(
    "imports",
    cls=DeskCommand,
    help=_("Print what was imported, newest first; or the refused rows of one import, which can be tried again."),
)
@click.option("--run", "run_id", type=click.IntRange(min=1), metavar="N", help=_("The refused rows of this import."))
@click.option(
    "--retry", is_flag=True, help=_("With --run: try its refused rows again, as the firm may have changed since.")
)
@click.option("--errors", type=PATH, metavar="OUT.csv", help=_("With --run: write its refused rows there."))
@click.option(
    "--remove-unreadable",
    is_flag=True,
    help=_("With --run: take away what cannot be read of it, as another program wrote it. For the primary admin."),
)
@click.option("--overwrite", is_flag=True, help=_("Replace OUT.csv if it is there already."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line; with --run one object with the rows."))
@click.pass_context
def list_imports(
    context: click.Context,
    run_id: int | None,
    retry: bool,
    errors: str | None,
    remove_unreadable: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Prints the imports that are kept, or the error log of one."""
    if run_id is None and (errors is not None or retry or remove_unreadable):
        raise click.UsageError(_("--errors, --retry and --remove-unreadable need --run, which import is meant."))
    if remove_unreadable and (errors is not None or retry or as_json):
        raise click.UsageError(_("--remove-unreadable stands alone."))
    if errors == "":
        raise click.UsageError(_("FILE and OUT.csv need a name."))
    from clientdesk.desk import imports

    with opened_firm(to_write=retry or remove_unreadable) as session:
        if run_id is not None and remove_unreadable:
            n = imports.remove_unreadable(session, run_id)
            text = ngettext(
                "Taken out of the error log of import {number}: {n} row that could not be read.",
                "Taken out of the error log of import {number}: {n} rows that could not be read.",
                n,
            )
            say((text if n else _("Import {number} is taken away.")).format(number=run_id, n=whole_number(n)))
            return
        if run_id is not None:
            context.exit(_one_import(session, run_id, retry, errors, overwrite, as_json))
        runs = imports.runs(session)
    if as_json:
        for run in runs:
            say(json_text(run._asdict()))
    elif not runs:
        tell(_("Nothing was imported yet."))
    else:
        _say_runs(runs)


def _say_runs(runs: "Sequence[Run]") -> None:
    """A line for each import; what became of its rows in words, so that no count is left out for want of room."""
    from clientdesk.cli.import_words import in_words

    kinds = {"numbers": _("numbers"), "clients": _("clients")}
    states = {"done": _("done"), "running": _("running"), "stopped": _("stopped")}
    rows = []
    for run in runs:
        about = (os.path.basename(run.file), run.who, kinds.get(run.kind, run.kind))
        rows.append([str(run.id), local_time(run.at), states[run.state], in_words(run.counts), *about])
    say_table((_("No."), _("When"), _("State"), _("Rows"), _("File"), _("Who"), _("What")), rows)
    for run in runs:
        if run.unreadable:
            tell(sentence(problem("run_unreadable", number=run.id, columns=", ".join(run.unreadable))))


def _one_import(
    session: "Session", run_id: int, retry: bool, errors: str | None, overwrite: bool, as_json: bool
) -> int:
    """The error log of an import, after its rows were tried again where that is wanted; the exit code."""
    from clientdesk.cli.import_words import error_record
    from clientdesk.desk import imports
    from clientdesk.desk.imports.kept_import import KeptImport
    from clientdesk.exchange.file_writing import check_place, save_csv

    if errors is not None:
        check_place(errors, overwrite, session.location)
    job = KeptImport.open_kept(session, run_id)
    with closing(job):
        retries = job.retry(session) if retry else None
        if as_json:
            rows = [error_record(row.line, row.cells, row.problem) for row in job.refusals() if row.problem]
            settled = [
                {"line": row.logged.line, "verdict": row.retried.verdict, "at": row.retried.at, "who": row.retried.who}
                for row in imports.error_log(session, run_id)
                if row.retried.verdict != "refused"
            ]
            say(json_text({**job.kept.run._asdict(), "errors": rows, "retried": settled}))
        else:
            _say_log(session, job, retries)
        if not job.count(verdict="refused"):
            tell(_("No row of this import is refused."))
        elif errors is not None:
            save_csv(errors, overwrite, job.report(), session.location)
            saved.anything = True
            tell(_("The refused rows are in {path}.").format(path=display_text(errors)))
        return 1 if retries is not None and retries.refused else 0


def _say_log(session: "Session", job: "KeptImport", retries: "Retries | None") -> None:
    """The refused rows, and those that were refused once; what a retry made of them."""
    from clientdesk.cli.import_words import of_line
    from clientdesk.desk import imports
    from clientdesk.domain.judged_row import RowVerdict

    words = {
        RowVerdict.NEW: _("new"),
        RowVerdict.CHANGED: _("changed"),
        RowVerdict.UNCHANGED: _("unchanged"),
        RowVerdict.SKIPPED: _("skipped"),
    }
    place = job.places.get("display_name", -1)
    for row in imports.error_log(session, job.run.id):
        if row.retried.verdict == "refused":
            name = row.logged.cells[place][1] if 0 <= place < len(row.logged.cells) else ""
            say(of_line(row.logged.line, name, row.logged.problem))
        else:
            verdict = words[RowVerdict(row.retried.verdict)]
            who, at = display_text(row.retried.who), local_time(row.retried.at)
            again = _("{verdict}, tried again by {who} on {at}").format(verdict=verdict, who=who, at=at)
            say(_("line {n}: {sentence}").format(n=row.logged.line, sentence=again))
    if retries is not None:
        text = _("Tried again: {in_firm} in now, {skipped} skipped, {refused} still refused.")
        counts = (retries.in_firm, retries.skipped, retries.refused)
        tell(text.format(**dict(zip(("in_firm", "skipped", "refused"), map(whole_number, counts), strict=True))))
        for line, problem in retries.elsewhere:
            tell(_("line {n}: {sentence}").format(n=line, sentence=sentence(problem)))

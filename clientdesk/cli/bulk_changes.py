"""A change of many clients on the command line: the plan, the question, the job with its bar, and what became of it."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from clientdesk.cli.choosing import Chosen, key_records
from clientdesk.cli.cures import all_with_cures, with_cure
from clientdesk.cli.exit_codes import DONE, PERHAPS_SAVED, REFUSED, WRONG_USAGE, of_refusal
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import answer, json_text, say, sentence, tell
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.domain.problems import Problem, Refused
from clientdesk.domain.rules import called
from clientdesk.text import _, display_text, ngettext, shortened, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.bulk_changes import BulkChange, BulkJob, Plan, PlanRow
    from clientdesk.desk.session import Session

SHOWN, FIRST = 20, 5
"""So many changes of a dry run, and refused clients, are shown unless all are asked for; so many before a question."""
_CELL = 80
_PAGE = 500


class Counted(NamedTuple):
    """How a change is spoken of (translated): of one client and of `n` of them, what is to be done, and what was done."""

    to_do: Callable[[int], str]
    done: Callable[[int], str]


CHANGED = Counted(
    lambda n: ngettext("{n} to change", "{n} to change", n),
    lambda n: ngettext("{n} client changed.", "{n} clients changed.", n) if n else _("No client was changed."),
)


class Asked(NamedTuple):
    """How the person wants it: only the plan, without a question, as JSON, every row."""

    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    show_all: bool = False


Confirm = Callable[[int], bool | None]
"""Asks whether to go on with so many clients: the answer, None where nobody can give one."""


def go_on(_clients: int) -> bool | None:
    """A yes or no."""
    return answer(_("Go on?"))


def change_clients(
    session: "Session",
    chosen: Chosen,
    change: "BulkChange",
    asked: Asked,
    signals: Signals,
    words: Counted = CHANGED,
    confirm: Confirm = go_on,
    promise: str = "",
) -> int:
    """Plans a change of clients, tells the plan, and with a yes writes it; the exit code: 1 where a client is refused or
    a key wrong, or the answer is no; 2 for want of a yes. `promise` is said of those that change, before the question."""
    from clientdesk.desk.bulk_changes import BulkJob
    from clientdesk.desk.bulk_changes import plan as plan_of

    with progress_bar(_("Looking at clients")) as progress:
        plan = plan_of(session, chosen.client_ids, change, progress)
    assert plan is not None  # a signal ends it before
    job: BulkJob | None = None
    try:
        if not asked.as_json:
            _say_plan(session, plan, asked, words, promise)
        code = DONE
        if plan.client_ids and not asked.dry_run:
            code = DONE if asked.yes else _confirmed(len(plan.client_ids), asked, confirm)
            if code == DONE:
                signals.writing = True
                job = BulkJob(plan)
                with progress_bar(_("Writing clients")) as progress:
                    job.run(session, progress, signals.stopped)
                signals.writing = False
                if not asked.as_json:
                    _say_done(session, job, asked, words)
    except Refused as refusal:
        if asked.as_json:
            _say_record(session, chosen, plan, job, asked, refusal)
        if job is None or not job.changed:
            raise
        tell(all_with_cures(refusal))
        tell(_stopped(job, plan))
        return PERHAPS_SAVED if of_refusal(refusal) == PERHAPS_SAVED else REFUSED
    if asked.as_json:
        _say_record(session, chosen, plan, job, asked, None)
    if job is not None and not job.whole:
        tell(_stopped(job, plan))
        return 128 + (signals.number or signal.SIGINT)
    refused = plan.refused or chosen.wrong_keys or (job is not None and job.refused)
    return code or (REFUSED if refused else DONE)


def _confirmed(clients: int, asked: Asked, confirm: Confirm) -> int:
    """0 for a yes; else says that nothing was changed: 1 for a no, 2 where nobody can answer."""
    yes = None if asked.as_json else confirm(clients)
    if yes:
        return DONE
    tell(_("Nothing was changed. Add --yes to go on.") if yes is None else _("Nothing was changed."))
    return WRONG_USAGE if yes is None else REFUSED


def _stopped(job: "BulkJob", plan: "Plan") -> str:
    text = _("Stopped: {n} of {all} are done, and stay so. The same command goes on with the rest.")
    return text.format(n=whole_number(job.changed), all=whole_number(len(plan.client_ids)))


# --- in words


def _say_plan(session: "Session", plan: "Plan", asked: Asked, words: Counted, promise: str) -> None:
    if asked.dry_run:
        say(_("Dry run: nothing was written."))
    if not plan.clients:
        tell(_("No client is in this list."))
        return
    shown = None if asked.show_all else SHOWN if asked.dry_run else FIRST
    _tell_warnings(plan)
    if asked.dry_run or not asked.yes or not plan.client_ids:
        say(_counts(plan, words))
        _say_changes(session, plan, shown)
        if promise and plan.client_ids:
            say(promise)
    _tell_refused(session, plan.refused, asked)


def _counts(plan: "Plan", words: Counted) -> str:
    counts = (
        (words.to_do(len(plan.client_ids)), len(plan.client_ids)),
        (ngettext("{n} unchanged", "{n} unchanged", plan.unchanged), plan.unchanged),
        (ngettext("{n} refused", "{n} refused", len(plan.refused)), len(plan.refused)),
    )
    counts_text = ", ".join(word.format(n=whole_number(n)) for word, n in counts if n)
    return f"{_clients(plan.clients)}: {counts_text}"


def _clients(n: int) -> str:
    return ngettext("{n} client", "{n} clients", n).format(n=whole_number(n))


def _say_changes(session: "Session", plan: "Plan", shown: int | None) -> None:
    for row in islice(_rows(session, plan), shown):
        say(f"  {_named(row)}")
        for difference in row.differences:
            old, new = (display_text(shortened(value, _CELL)) or "–" for value in (difference.old, difference.new))
            say(f"      {difference.title}: {old} → {new}")
    if shown is not None and (more := len(plan.client_ids) - shown) > 0:
        say("  " + _("… and {n} more; --all shows them").format(n=whole_number(more)))


def _rows(session: "Session", plan: "Plan", refused: bool = False) -> "Iterator[PlanRow]":
    from clientdesk.desk.bulk_changes import plan_rows

    for offset in range(0, len(plan.refused if refused else plan.client_ids), _PAGE):
        yield from plan_rows(session, plan, offset, _PAGE, refused)


def _named(row: "PlanRow") -> str:
    """A client's name and what it is found by, safe to show."""
    return f"{called(row.name)} ({display_text(row.number or row.company_id)})" if row.company_id else called(row.name)


def _tell_warnings(plan: "Plan") -> None:
    for warning, clients in plan.warnings[:SHOWN]:
        text = _("Warning: {sentence}").format(sentence=sentence(warning))
        tell(text if clients == 1 else f"{text} ({_clients(clients)})")


def _tell_refused(session: "Session", refused: Mapping[int, Problem], asked: Asked) -> None:
    """Each refused client with its reason, as far as they are wanted."""
    shown = None if asked.show_all else SHOWN
    for line in islice(_refused_lines(session, refused), shown):
        tell(line)
    if shown is not None and (more := len(refused) - shown) > 0:
        text = ngettext(
            "{n} more client is refused; --all shows it.", "{n} more clients are refused; --all shows them.", more
        )
        tell(text.format(n=whole_number(more)))


def _refused_lines(session: "Session", refused: Mapping[int, Problem]) -> Iterator[str]:
    for client, wrong in _with_clients(session, refused):
        reason = sentence(wrong)
        name = called(client[2]) if client else ""
        known = not client or name in reason
        yield reason if known else f"{name} ({display_text(client[1] or client[0])}): {reason}"


def _with_clients(session: "Session", refused: Mapping[int, Problem]) -> Iterator[tuple[Sequence[str], Problem]]:
    """Company ID, number and name of the refused clients ("" of one that is gone), each with its problem."""
    from clientdesk.desk import chosen_clients

    client_ids = list(refused)
    for start in range(0, len(client_ids), _PAGE):
        part = client_ids[start : start + _PAGE]
        rows = chosen_clients.rows(session, part, ("company_id", "client_number", "display_name"))
        by_id = {row.id: row.values for row in rows}
        yield from ((by_id.get(client_id, ()), refused[client_id]) for client_id in part)


def _say_done(session: "Session", job: "BulkJob", asked: Asked, words: Counted) -> None:
    say(words.done(job.changed).format(n=whole_number(job.changed)))
    _tell_refused(session, job.refused, asked)


# --- as JSON


def _say_record(
    session: "Session",
    chosen: Chosen,
    plan: "Plan",
    job: "BulkJob | None",
    asked: Asked,
    refusal: Refused | None,
) -> None:
    """Prints one object; its rows are read and written a few at a time. Without a dry run it says what was done."""
    written = job is not None
    refused = {**plan.refused, **(job.refused if job is not None else {})}
    head = {
        "clients": plan.clients,
        "changed": job.changed if job is not None else len(plan.client_ids) if asked.dry_run else 0,
        "unchanged": plan.unchanged + (job.unchanged if job is not None else 0),
        "refused": len(refused),
        "unknown_keys": len(chosen.wrong_keys),
        "dry_run": asked.dry_run,
        "whole": job.whole if job is not None else False,
        "refusal": {"code": refusal.code, "message": all_with_cures(refusal)} if refusal else None,
    }
    keys: Iterable[Mapping[str, object]] = key_records(chosen.wrong_keys)
    errors = (_error(client, wrong) for client, wrong in _with_clients(session, refused))
    changes = (_change(row) for row in _rows(session, plan)) if asked.dry_run and not written else iter(())
    sys.stdout.write(json_text(head)[:-1])
    for name, records in (("keys", keys), ("errors", errors), ("changes", changes)):
        sys.stdout.write(f', "{name}": [')
        for place, record in enumerate(records):
            sys.stdout.write((", " if place else "") + json_text(record))
        sys.stdout.write("]")
    sys.stdout.write("}\n")


def _error(client: Sequence[str], wrong: Problem) -> dict[str, object]:
    company_id, number, name = client or ("", "", str(wrong.values.get("name", "")))
    return {
        "company_id": company_id,
        "client_number": number,
        "display_name": name,
        "field": wrong.field,
        "code": wrong.code,
        "message": with_cure(wrong),
    }


def _change(row: "PlanRow") -> dict[str, object]:
    return {
        "company_id": row.company_id,
        "client_number": row.number,
        "display_name": row.name,
        "fields": {difference.field: {"old": difference.old, "new": difference.new} for difference in row.differences},
    }

"""The words of an import: kinds, verdicts, reasons, counts, and how a file was read."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from clientdesk.desk.imports.import_records import ImportKind, PlanRow, Retries
from clientdesk.domain.judged_row import Counts, RowVerdict
from clientdesk.domain.problems import Problem, Refused
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.import_cells import cell, places_of
from clientdesk.ui.widgets.bars import Part

if TYPE_CHECKING:
    from clientdesk.desk.imports.importing import Import

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".ods")
"""The endings of files that can be imported."""

KINDS = {ImportKind.NUMBERS: N_("Client numbers"), ImportKind.CLIENTS: N_("Client list")}

VERDICTS = {
    RowVerdict.NEW: N_("new"),
    RowVerdict.CHANGED: N_("changed"),
    RowVerdict.UNCHANGED: N_("unchanged"),
    RowVerdict.REFUSED: N_("refused"),
    RowVerdict.SKIPPED: N_("skipped"),
    RowVerdict.LEFT_OUT: N_("left out"),
}
_ALWAYS = (RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.REFUSED)
"""The verdicts that are counted even where no row has them."""

_REASONS = {
    "too_few_fields": N_("Too few cells"),
    "too_many_fields": N_("Too many cells"),
    "control_character": N_("Control character"),
    "invisible_character": N_("Invisible character"),
    "empty_company_id": N_("Company ID missing"),
    "unknown_company_id": N_("Unknown Company ID"),
    "company_id_taken": N_("Company ID taken"),
    "name_mismatch": N_("Display name does not match"),
    "empty_client_number": N_("Client number missing"),
    "number_too_long": N_("Client number too long"),
    "number_taken": N_("Client number taken"),
    "duplicate_number_in_file": N_("Client number twice in the file"),
    "repeated_row": N_("Row repeated"),
    "conflicting_rows": N_("Rows contradict each other"),
    "required": N_("A field is missing"),
    "no_name": N_("No name"),
    "continues_row": N_("Continues the row above"),
    "looks_like_foot": N_("Looks like the foot of a report"),
    "ambiguous_date": N_("Day or month first?"),
    "fiscal_year_end": N_("Not a fiscal year end"),
    "plan_without_subscription": N_("Plan without a subscription"),
    "ambiguous_name": N_("Several clients of that name"),
    "company_id_differs": N_("Another Company ID"),
    "changed_meanwhile": N_("Changed meanwhile"),
    "database_forbids": N_("Not allowed by the database"),
    "too_long": N_("A field is too long"),
    "not_a_choice": N_("Unknown value"),
    "unknown_client_type": N_("Unknown client type"),
    "unknown_lead": N_("Unknown lead accountant"),
    "email": N_("Not an e-mail address"),
    "own_member": N_("Nobody in the team"),
    "own_number": N_("Not a number"),
    "own_number_unclear": N_("A number that can be read in two ways"),
    "own_date": N_("Not a day"),
    "own_date_unclear": N_("Day or month first?"),
    "own_link": N_("Not an address in the web"),
    "own_taken": N_("A value that must be unique is taken"),
    "own_twice_in_file": N_("A value that must be unique is in the file twice"),
    "unknown_choice": N_("Unknown choice"),
    "too_many_tags_of_client": N_("Too many tags"),
    "unknown_tag": N_("Unknown tag"),
    "tag_sign": N_("Not a tag"),
    "no_tags": N_("Unknown tag"),
    "logged_row_unreadable": N_("Unreadable row"),
    "unknown_client": N_("Unknown client"),
}

_OTHER = N_("Another reason")
"""For a code that only another clientdesk knows, which has kept the row."""


def reason_title(code: str) -> str:
    """A few words for the code of a refused row."""
    return _(_REASONS.get(code, _OTHER))


def count_of(counts: Counts, verdict: RowVerdict) -> int:
    """How many rows have this verdict."""
    return int(getattr(counts, verdict.value))


def verdict_count(verdict: RowVerdict, count: int) -> str:
    """How many rows have a verdict: "5 refused"."""
    return f"{whole_number(count)} {_(VERDICTS[verdict])}"


def counted(counts: Counts) -> list[Part]:
    """How many rows have which verdict, in a line."""
    parts: list[Part] = []
    for verdict in RowVerdict:
        count = count_of(counts, verdict)
        if count or verdict in _ALWAYS:
            look = "danger" if verdict is RowVerdict.REFUSED and count else "plain" if count else "dim"
            parts += [Part(" · ", "dim")] if parts else []
            parts.append(Part(verdict_count(verdict, count), look))
    return parts


def rows_in(counts: Counts) -> str:
    """How many rows of the file are in: "4 of 7 rows are in"."""
    text = ngettext("{count} of {rows} row is in", "{count} of {rows} rows are in", counts.rows)
    return text.format(count=whole_number(counts.in_firm), rows=whole_number(counts.rows))


def left_out_in_words(counts: Counts) -> str:
    """How many rows were not written, because the import was stopped."""
    text = ngettext("{count} row was left out.", "{count} rows were left out.", counts.left_out)
    return text.format(count=whole_number(counts.left_out))


def stopped_in_words(counts: Counts) -> str:
    """What a stopped import has written, and what not."""
    return _("Stopped: {rows_in}. {left_out}").format(rows_in=rows_in(counts), left_out=left_out_in_words(counts))


def retries_in_words(retries: Retries, refused: PlanRow | None = None, whose: str = "") -> str:
    """What became of rows that were tried again; where one alone is still `refused`, `whose` it is and why."""
    sentences = []
    if retries.in_firm:
        text = ngettext("{count} row is in now.", "{count} rows are in now.", retries.in_firm)
        sentences.append(text.format(count=whole_number(retries.in_firm)))
    if retries.skipped:
        text = ngettext(
            "{count} row was skipped: it may be a client that is there already.",
            "{count} rows were skipped: they may be clients that are there already.",
            retries.skipped,
        )
        sentences.append(text.format(count=whole_number(retries.skipped)))
    if len(retries.elsewhere) == 1:
        ((line, problem),) = retries.elsewhere
        sentences.append(_("Line {line}: {sentence}").format(line=whole_number(line), sentence=problem.message))
    elif retries.elsewhere:
        text = _("{count} rows were settled by somebody else meanwhile; nothing was written twice.")
        sentences.append(text.format(count=whole_number(len(retries.elsewhere))))
    if retries.refused == 1 and refused is not None and refused.problem is not None:
        text = _("Line {line}, {name}: still refused: {reason}") if whose else _("Line {line}: still refused: {reason}")
        sentences.append(
            text.format(line=whole_number(refused.line), name=display_text(whose), reason=refused.problem.message)
        )
    elif retries.refused:
        text = ngettext("{count} row is still refused.", "{count} rows are still refused.", retries.refused)
        sentences.append(text.format(count=whole_number(retries.refused)))
    return " ".join(sentences) or _("No row is refused any more.")


def rows_in_words(count: int) -> str:
    """How many rows."""
    return ngettext("{count} row", "{count} rows", count).format(count=whole_number(count))


def sentence_of(problem: Problem) -> str:
    """The sentence of a problem, with the file's name in the place of its path."""
    if "path" in problem.values:
        name = os.path.basename(str(problem.values["path"]).rstrip(os.sep)) or problem.values["path"]
        problem = problem._replace(values={**problem.values, "path": name})
    return problem.message


def refused(refusal: Refused) -> str:
    """Why a file is refused, likewise."""
    return " ".join(sentence_of(problem) for problem in refusal.problems) or refusal.message


def batches_in_words(question: Problem) -> str:
    """Why an upload is cut into batches, and what that means."""
    limit = whole_number(int(str(question.values["limit"])))
    if question.code == "too_many_rows":
        rows = rows_in_words(int(str(question.values["rows"])))
        why = _("The file has {rows}; QuickBooks takes {limit} at a time.").format(rows=rows, limit=limit)
    else:
        why = _("The file is larger than the {limit} KB that QuickBooks takes at a time.").format(limit=limit)
    how_batches_go = _(
        "It is imported in batches of that size, one after the other. Each is written whole or not at all."
    )
    return f"{why} {how_batches_go}"


def places_in(plan: "Import") -> dict[str, int]:
    """The place of each field among the cells of a plan's rows."""
    if plan.kind is ImportKind.NUMBERS:
        places = places_of(plan.headings)
        return {name: places[name] for name in ("company_id", "display_name", "client_number") if name in places}
    setup = plan.setup
    return places_of(plan.headings, setup.columns if setup is not None else ())


def name_in(row: PlanRow, places: Mapping[str, int]) -> str:
    """What names the row: the client it meets, else its own cell."""
    return row.client or cell(row.cells, places, "display_name") or cell(row.cells, places, "business_name")


def what_happens(row: PlanRow) -> str:
    """Why the row is refused, or what it changes, or what should be known of it; data is not made safe yet."""
    if row.problem is not None:
        return row.problem.message
    sentences = [notice.message for notice in row.notices]
    if row.verdict is RowVerdict.CHANGED:
        empty = _("(empty)")
        sentences = [
            f"{change.label}: {change.old or empty} → {change.new or empty}" for change in row.changes
        ] + sentences
    elif row.verdict is RowVerdict.NEW:
        sentences = [
            *(change.new for change in row.changes if change.field != "display_name" and change.new),
            *sentences,
        ]
    elif row.verdict is RowVerdict.SKIPPED:
        sentences = [
            notice.message for notice in sorted(row.notices, key=lambda notice: notice.code != "likely_duplicate")
        ]
    return " · ".join(sentence for sentence in sentences if sentence)

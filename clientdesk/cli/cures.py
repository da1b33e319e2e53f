"""What to do on the command line about what is wrong: options and commands, which the screens never name."""

from contextvars import ContextVar

from clientdesk.domain.problems import Problem, Refused
from clientdesk.text import N_, _, display_text

OFFERED: ContextVar[frozenset[str] | None] = ContextVar("OFFERED", default=None)
"""The options of the command that runs; None where that is not known."""

CURES = {
    "ambiguous_client": N_("“clientdesk list --find” shows both."),
    "ambiguous_date": N_("--dates dmy or --dates mdy says which for the whole file."),
    "bad_mapping": N_("“clientdesk import mappings show” prints one that can be used."),
    "change_gone": N_("“clientdesk history --sets” prints the changes there are."),
    "client_gone": N_("“clientdesk history --find” shows what it said; “clientdesk add” adds it again."),
    "copy_of_others": N_("--login OLD=NEW does."),
    "file_exists": N_("--overwrite replaces it."),
    "firm_missing": N_("“clientdesk firm create {path}” makes one."),
    "headings_below": N_("--heading-row names it."),
    "kept_without_columns": N_("“clientdesk imports --run N --errors OUT.csv” writes that file."),
    "left_to_plan": N_("(clientdesk plan {step})"),
    "logged_row_unreadable": N_("“clientdesk imports --run N --remove-unreadable” does."),
    "made_inactive": N_("“clientdesk activate” makes it active again."),
    "mapping_unreadable": N_("“clientdesk import mappings delete NAME” does."),
    "mapping_gone": N_("“clientdesk import mappings” lists them."),
    "name_column_unknown": N_("--map-file does, or the wizard. --heading-row names another line of headings."),
    "name_taken": N_("--same-names takes it all the same."),
    "no_heading_row": N_("--heading-row names it."),
    "no_name_column": N_("--map-file does, or the wizard. --heading-row names another line of headings."),
    "no_mapping": N_("“clientdesk import mappings save NAME --map-file F” saves one."),
    "not_on_plan": N_("“clientdesk plan on” does."),
    "open_to_all": N_("“clientdesk firm upgrade --repair” does."),
    "read_as_cp1252": N_("--encoding names another."),
    "report_not_written": N_("“clientdesk imports --run {run} --errors” writes it again."),
    "restore_other_firm": N_("--other-firm puts the backup there all the same."),
    "restore_server": N_("“clientdesk firm upgrade --repair URL” does."),
    "move_unknown": N_("“clientdesk history --change {change}” shows it if it is done."),
    "made_unknown": N_("“clientdesk history --change {change} --firm {place}” shows that change if it is there."),
    "required": N_("Give it a value."),
    "save_unknown": N_("“clientdesk history --change {change}” shows it if it is saved."),
    "run_unreadable": N_("“clientdesk imports --run {number} --remove-unreadable” does."),
    "run_gone": N_("“clientdesk imports” lists all."),
    "stale": N_("Look at it (clientdesk show), then do it once more."),
    "too_many_rows": N_("--batch does so."),
    "unknown_client": N_("“clientdesk list --find” looks for clients by name."),
    "unknown_member": N_("“clientdesk team list” prints the team."),
    "unknown_sheet": N_("--sheet chooses it."),
}
"""By the code of a problem; templates over the values that it carries."""
_OF_UPLOADS = N_("--batch does so.")
_OF_FIXED_FIELDS = {
    "billed_to": N_("“clientdesk plan on” and “clientdesk plan off” change it."),
    "primary_admin": N_("“clientdesk plan hand-over”, “plan accept” and “plan cancel” change it."),
}

IMPORTS = {
    "unknown_client_type": N_(
        "--types create adds client types that the firm does not have, --types empty leaves them out."
    ),
    "unknown_lead": N_("--leads empty leaves out lead accountants who are not in the team."),
    "ambiguous_name": N_("--key company_id or --key client_number finds clients of whom several have one name."),
}
"""What an import says once, at its end, about reasons that many rows may have."""


def with_cure(problem: Problem) -> str:
    """The sentence of a problem, and what to do about it here; safe to show."""
    cure = CURES.get(problem.code, "")
    offered = OFFERED.get()
    if cure.startswith("--") and offered is not None and cure.split()[0] not in offered:
        cure = ""  # another command has that option
    if problem.code == "too_large" and problem.values.get("unit") == "KB":  # an upload over QuickBooks' limit
        cure = _OF_UPLOADS
    if problem.code == "fixed_field":
        cure = _OF_FIXED_FIELDS.get(problem.field, "")
    if not cure:
        return problem.message
    values = {name: display_text(str(value)) for name, value in problem.values.items()}
    return f"{problem.message} {_(cure).format(**values)}"


def all_with_cures(refusal: Refused) -> str:
    """All the sentences of a refusal, likewise."""
    return " ".join(map(with_cure, refusal.problems))

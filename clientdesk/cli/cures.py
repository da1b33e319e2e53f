"""What to do on the command line about what is wrong: options and commands, which the screens never name."""

import shlex
from contextvars import ContextVar

from clientdesk.domain.problems import Problem, Refused
from clientdesk.text import N_, _, display_text

OFFERED: ContextVar[frozenset[str] | None] = ContextVar("OFFERED", default=None)
"""The options of the command that runs; None where that is not known."""

CURES = {
    "ambiguous_client": N_("“clientdesk list --status all --find {key}” shows both."),
    "ambiguous_date": N_("--dates dmy or --dates mdy says which for the whole file."),
    "bad_mapping": N_("“clientdesk import mappings show NAME” prints one that can be used."),
    "change_gone": N_("“clientdesk history --sets” prints the changes there are."),
    "client_gone": N_(
        "“clientdesk history --find NAME” shows what it said; “clientdesk add display_name=NAME” adds it again."
    ),
    "copy_of_others": N_("--login OLD={login} does."),
    "choice_taken_retired": N_("“clientdesk fields choices restore {of} {name}” does."),
    "field_taken_retired": N_("“clientdesk fields restore {name}” does."),
    "file_exists": N_("--overwrite replaces it."),
    "firm_missing": N_(
        "“clientdesk firm create {path} --name FIRM --admin YOU” makes one, with your names for FIRM and YOU."
    ),
    "headings_below": N_("--heading-row N names it."),
    "kept_without_columns": N_("“clientdesk imports --run N --errors OUT.csv” writes that file."),
    "kind_stays": N_("“clientdesk fields add NAME” does."),
    "left_to_plan": N_("(clientdesk plan {step})"),
    "logged_row_unreadable": N_("“clientdesk imports --run N --remove-unreadable” does."),
    "made_inactive": N_(
        "“clientdesk activate KEY” makes a client active again, “clientdesk team activate MEMBER” a team member."
    ),
    "mapping_unreadable": N_("“clientdesk import mappings delete {name}” does."),
    "mapping_gone": N_("“clientdesk import mappings” lists them."),
    "name_column_unknown": N_("--map-file FILE does, or the wizard. --heading-row N names another line of headings."),
    "name_taken": N_("--same-names takes it all the same."),
    "no_heading_row": N_("--heading-row N names it."),
    "no_name_column": N_("--map-file FILE does, or the wizard. --heading-row N names another line of headings."),
    "no_mapping": N_("“clientdesk import mappings save NAME --map-file FILE” saves one."),
    "no_firm_on_server": N_(
        "“clientdesk firm create {place} --name FIRM --admin YOU” makes one, with your names for FIRM and YOU."
    ),
    "not_on_plan": N_("“clientdesk plan on KEY --subscription NAME” does."),
    "open_to_all": N_("“clientdesk firm upgrade --repair” does."),
    "read_as_cp1252": N_("--encoding NAME names another."),
    "report_not_written": N_("“clientdesk imports --run {run} --errors OUT.csv” writes it again."),
    "restore_other_firm": N_("--other-firm puts the backup there all the same."),
    "restore_server": N_("“clientdesk firm upgrade --repair URL” does."),
    "move_unknown": N_("“clientdesk history --change {change}” shows it if it is done."),
    "made_unknown": N_("“clientdesk history --change {change} --firm {place}” shows that change if it is there."),
    "required": N_("Give it a value."),
    "rules_of_another_build": N_("“clientdesk firm upgrade --repair {path}” sets them right."),
    "save_unknown": N_("“clientdesk history --change {change}” shows it if it is saved."),
    "run_unreadable": N_("“clientdesk imports --run {number} --remove-unreadable” does."),
    "run_gone": N_("“clientdesk imports” lists all."),
    "stale": N_("Look at it (a client: “clientdesk show KEY”), then do it once more."),
    "tag_in_use": N_("“clientdesk tags merge {name} INTO” does."),
    "tag_taken": N_("“clientdesk tags merge NAME {name}” does."),
    "too_many_rows": N_("--batch does so."),
    "unknown_client": N_(
        "“clientdesk list --status all --find WORDS” looks for clients by name. “clientdesk missing KEY” says what became of "
        "this one."
    ),
    "unknown_member": N_("“clientdesk team list” prints the team."),
    "view_exists": N_(
        "“clientdesk views save NAME --replace” makes it show this list; it keeps its columns where none are named."
    ),
    "view_gone": N_("“clientdesk views” lists them."),
    "view_incomplete": N_("“clientdesk views save NAME --where FILTER” makes it anew."),
    "does_work": N_("--work-to NAME or --work-unassigned does."),
    "has_template_roles": N_("--work-to NAME or --work-unassigned does."),
    "work_left_open": N_("--anyway does so."),
    "work_completed": N_("“clientdesk work reopen KEY REASON” does."),
    "several_works": N_("--template NAME does."),
    "template_unnamed": N_("--template NAME does."),
    "no_accounts": N_("“clientdesk work account add KEY {value}” does."),
    "account_taken_retired": N_("“clientdesk work account restore KEY {name}” does."),
    "unknown_shipped": N_("--period KIND makes a new one of that name."),
    "unknown_template": N_("“clientdesk templates” lists them."),
    "no_templates": N_("“clientdesk templates add books-review” does."),
    "template_taken_retired": N_("“clientdesk templates restore {name}” does."),
    "template_period_stays": N_("“clientdesk templates add NAME --period month” makes one of months."),
    "unknown_sheet": N_("--sheet NAME chooses it."),
}
"""By the code of a problem; templates over the values that it carries, as a shell takes them. A command works as it stands
there, once what is in capitals is replaced."""
_OF_SEVERAL_WORDS = ("step",)
_OF_UPLOADS = N_("--batch does so.")
_OF_FIXED_FIELDS = {
    "billed_to": N_("“clientdesk plan on KEY --subscription NAME” and “clientdesk plan off KEY” change it."),
    "primary_admin": N_(
        "“clientdesk plan hand-over KEY”, “clientdesk plan accept KEY” and “clientdesk plan cancel KEY” change it."
    ),
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
    values = {name: text if name in _OF_SEVERAL_WORDS else shlex.quote(text) for name, text in values.items()}
    return f"{problem.message} {_(cure).format(**values)}"


def all_with_cures(refusal: Refused) -> str:
    """All the sentences of a refusal, likewise."""
    return " ".join(map(with_cure, refusal.problems))

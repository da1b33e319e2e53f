"""What can be wrong with a row that is imported: codes and sentences, for the catalogue."""

from clientdesk.text import N_

ROW_PROBLEMS: dict[str, tuple[str, bool]] = {
    # a row of an upload of client numbers
    "unknown_company_id": (N_("No client has the Company ID “{company_id}”. {hint}"), False),
    "name_mismatch": (
        N_(
            "The client with this Company ID is called “{name}”, the file says “{given}”. "
            "Correct the name or the ID {company_id}."
        ),
        False,
    ),
    "empty_client_number": (N_("The client number is missing. An upload never clears a number; give one."), False),
    "duplicate_number_in_file": (
        N_("Client number {number} is in other lines of the file too: {lines}. Give each client its own."),
        False,
    ),
    "repeated_row": (N_("The row says the same as line {line}, which counts. Leave it out."), False),
    "conflicting_rows": (
        N_("Other lines of the file say something else about the same client: {lines}. Keep one of them."),
        False,
    ),
    "changed_meanwhile": (
        N_("{name} was changed since the plan was made. Look at it, then try again."),
        False,
    ),
    "types_added": (N_("These client types are added: {names}."), True),
    "client_inactive": (N_("{name} is inactive."), True),
    "formula_like": (N_("{label} “{value}” looks like a formula; it is kept as text."), True),
    "mixed_script": (N_("{label} “{value}” mixes letters of different scripts that look alike."), True),
    "spreadsheet_number": (
        N_("{label} “{value}” looks like a number that a spreadsheet has cut. Format the column as text."),
        True,
    ),
    "unknown_column_ignored": (N_("These columns are not read: {headings}."), True),
    "too_many_rows": (
        N_("{path} has {rows} rows; QuickBooks takes at most {limit} at a time. Import it in batches."),
        False,
    ),
    "import_stopped": (
        N_(
            "The import was stopped: {written} of {rows} rows are in, and nothing of the batch that was running. {hint}"
        ),
        False,
    ),
    "stopped_before_writing": (
        N_("The import was stopped before anything was written: 0 rows are in. Import the file again."),
        False,
    ),
    "dry_run_stopped": (N_("The dry run was stopped. It writes nothing."), False),
    "again_completes": (N_("Importing the file again completes it."), False),
    "again_refuses": (
        N_(
            "Importing the file again brings in the rest: the rows that are in are refused then, as their client "
            "number or Company ID is taken."
        ),
        False,
    ),
    "again_adds": (
        N_(
            "Take the rows that are in out of the file before you import it again: those without a client number or "
            "Company ID would be added twice."
        ),
        False,
    ),
    "again_adds_rows": (
        N_(
            "Rows {first} to {last} of the file (lines {first_line} to {last_line}) are in: take them out before you "
            "import it again, as those without a client number or Company ID would be added twice."
        ),
        False,
    ),
    "mapping_gone": (N_("There is no saved mapping “{name}”. There are: {choices}."), False),
    "no_mapping": (N_("There is no saved mapping “{name}”. None is saved."), False),
    "report_not_written": (
        N_("The rows are in, but the error log could not be written to {path}."),
        False,
    ),
    "retried_elsewhere": (
        N_("{who} has tried this row again meanwhile ({at}), and it is settled. Nothing was written twice."),
        True,
    ),
    "kept_without_columns": (
        N_(
            "It is not known which columns of {path} became which fields: an older clientdesk imported it. "
            "Save the refused rows as a file, correct them there, and import that."
        ),
        False,
    ),
    "run_gone": (
        N_("There is no import with the number {number}."),
        False,
    ),
    "run_unreadable": (
        N_(
            "Import {number} cannot be read as it is kept ({columns}): another program wrote it. The primary admin can take it away."
        ),
        False,
    ),
    "run_readable": (N_("Everything of import {number} can be read, so it stays."), False),
    "logged_row_unreadable": (
        N_(
            "This row of the error log cannot be read as it is kept: another program wrote it. The primary admin can take it away."
        ),
        False,
    ),
    "mapping_unreadable": (
        N_("The saved mapping “{name}” cannot be read as it is kept: another program wrote it. Delete it."),
        False,
    ),
    # a row of a client list
    "ambiguous_name": (
        N_("Several clients are called “{name}”: {company_ids}. Find them by their Company ID or client number."),
        False,
    ),
    "no_name": (
        N_(
            "The row names no client: it has no display name, no business name, and no first and last name of a "
            "contact. Give one, or say which column is the name."
        ),
        False,
    ),
    "continues_row": (
        N_("The row names no client and only continues line {line}. Give it a name if it is a client of its own."),
        False,
    ),
    "looks_like_foot": (
        N_("“{value}” looks like the foot of a report, not like a client. If it is one, fill in another of its cells."),
        False,
    ),
    "company_id_differs": (
        N_("“{name}” has the Company ID {company_id}, the file says {given}. Correct the one that is wrong."),
        False,
    ),
    "company_id_kept": (N_("“{name}” keeps its Company ID {company_id}; the file says {given}."), True),
    "likely_duplicate": (
        N_("This may be “{name}” ({number}), by its {label} “{value}”."),
        True,
    ),
    "bad_mapping": (
        N_("This mapping of columns cannot be used, because of “{value}” for the heading “{heading}”. {hint}"),
        False,
    ),
}

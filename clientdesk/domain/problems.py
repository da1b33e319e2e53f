"""What can be wrong with what someone gave us: every code and its sentence, declared once."""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.file_problems import ANOTHER_FILE, FILE_PROBLEMS
from clientdesk.domain.reading_problems import READING_PROBLEMS
from clientdesk.domain.sharing_problems import SHARING
from clientdesk.domain.undo_problems import UNDO_PROBLEMS
from clientdesk.text import N_, _, display_text, whole_number

# code: (sentence, is a warning). Sentences are templates over the values a problem carries.
CATALOGUE: dict[str, tuple[str, bool]] = {
    # a field of a client or team member
    "required": (N_("{label} is required."), False),
    "too_long": (N_("{label} “{value}” has {length} characters; at most {limit} are allowed. Shorten it."), False),
    "number_too_long": (
        N_("Client number “{value}” has {length} characters; at most {limit} are allowed. Shorten it."),
        False,
    ),
    "number_taken": (N_("Client number {number} belongs to “{holder}”. Choose another one."), False),
    "company_id_taken": (
        N_("Company ID {company_id} belongs to “{holder}”. Take that client, or correct the ID."),
        False,
    ),
    "empty_company_id": (N_("The Company ID is missing. Take it from the client list."), False),
    "control_character": (N_("{label} “{value}” has a control character (U+{character}). Type the cell anew."), False),
    "invisible_character": (
        N_("{label} “{value}” has an invisible character (U+{character}). Type the cell anew."),
        False,
    ),
    "not_a_choice": (N_("{label}: “{value}” is not one of {choices}."), False),
    "unknown_client_type": (N_("There is no client type “{value}”. There are: {choices}."), False),
    "unknown_lead": (N_("There is no active team member “{value}”. Name one who is, or none."), False),
    "unknown_field": (N_("There is no field “{value}”. There are: {choices}."), False),
    "fixed_field": (N_("{label} cannot be changed here. {instead}"), False),
    "email": (N_("“{value}” is not an e-mail address: {reason}"), False),
    "fiscal_year_end": (
        N_("“{value}” is no year's end. Write the month and the day as MM-DD, such as 12-31."),
        False,
    ),
    "ambiguous_date": (
        N_("{label} “{value}” may be {day_first} (day first) or {month_first} (month first). Write MM-DD."),
        False,
    ),
    "left_out": (N_("{label}: “{value}” is left out."), True),
    "left_to_plan": (
        N_("{label}: “{value}” is left out; “{action}” in the preferred pricing plan changes it."),
        True,
    ),
    "blank_for_line_end": (N_("{label}: a tab or line end became a blank."), True),
    "plan_without_subscription": (
        N_("The client is billed to the firm's plan and has no subscription. Choose the one that the plan pays for."),
        False,
    ),
    "same_name": (N_("Another client is called “{name}” ({number})."), True),
    "phone": (N_("{label} “{value}” does not look like a phone number. Check its digits."), True),
    "tax_id": (N_("{label} “{value}” does not look like a tax id. Check it, and the client's country."), True),
    "member_name_taken": (
        N_("Another team member is called {name}. Add an initial or a second surname."),
        False,
    ),
    "login_taken": (N_("The login {login} belongs to {name}. Give another one."), False),
    "type_taken": (N_("There is a client type {name} already. Give another name."), False),
    "not_yes_or_no": (N_("{label}: “{value}” is neither yes nor no. Write yes or no."), False),
    "not_a_number": (
        N_("{label}: “{value}” is no whole number. Write a whole number, or leave it empty for no notice."),
        False,
    ),
    # a use case
    "unknown_client": (N_("No client has the Company ID or client number “{key}”."), False),
    "ambiguous_client": (
        N_(
            "“{key}” is the Company ID of one client and the number of another. Use the Company ID {company_id} or {other}."
        ),
        False,
    ),
    "client_gone": (N_("{name} was deleted by someone else."), False),
    "member_gone": (N_("This team member is not in the firm's list."), False),
    "unknown_member": (N_("No team member has the name or login “{key}”."), False),
    "type_gone": (N_("The client type {name} was removed by someone else. Choose another one."), False),
    "stale": (N_("{name} was changed by someone else meanwhile."), False),
    "made_inactive": (N_("{name} was made inactive by {who} meanwhile."), False),
    "database_forbids": (
        N_("The firm's database did not let you change {name}, though nobody else has changed it. Ask {admin}."),
        False,
    ),
    "number_too_great": (
        N_(
            "A number is greater than the firm's database can hold, so nothing was changed. "
            "“clientdesk check” names a row that cannot be changed any more for that."
        ),
        False,
    ),
    "not_allowed": (N_("Your access ({access}) does not allow this: {action}. Ask {admin}."), False),
    "inactive_member": (N_("You are inactive in this firm. Ask {admin}."), False),
    "unknown_account": (
        N_("{firm} does not know the account “{login}”. Ask {admin} to add you to the team."),
        False,
    ),
    "delete_refused": (N_("{name} cannot be deleted permanently yet: {reasons}"), False),
    "primary_admin_stays": (N_("{name} is the firm's primary admin. Hand the role over first."), False),
    "hand_over_needs_full": (
        N_("Only an active team member with full access can take the role; {name} has not. Give it first."),
        False,
    ),
    "offer_stays": (
        N_(
            "{name} holds the offer of the primary admin's role: only {admin} changes their login, access or state now."
        ),
        False,
    ),
    "no_hand_over": (N_("Nobody has offered you the primary admin's role. The present one can do so."), False),
    "member_stays": (N_("{name} stays in the firm's list: a team member is made inactive, never deleted."), False),
    "firm_stays": (N_("There is always one firm here, {name}: it is neither added nor deleted."), False),
    "not_yourself": (N_("You cannot do this to yourself. Ask somebody else with full access."), False),
    "leads_clients": (N_("{name} is still the lead accountant of clients ({count}). Say who takes them."), False),
    "type_in_use": (N_("There are clients of the type {name} ({count}). Give them another type first."), False),
    "not_on_plan": (N_("{name} is not on the firm's plan."), False),
    "already_on_plan": (N_("{name} is on the firm's plan already."), False),
    "hand_over_not_firm": (N_("The firm is not the primary admin of {name}."), False),
    "hand_over_not_requested": (N_("No hand-over is under way for {name}."), False),
    # the firm's file
    "firm_missing": (N_("There is no firm at {path}."), False),
    "folder_missing": (N_("The folder {path} does not exist. Make it first, or name another file."), False),
    "firm_exists": (N_("There is a file at {path} already. Name another one."), False),
    "not_a_file": (N_("{path} is not a regular file. Name the file that holds the firm."), False),
    "not_a_firm": (N_("{path} is not a clientdesk firm. Nothing was changed; name another file."), False),
    "damaged": (
        N_(
            "{path} is damaged. Nothing was changed; put the latest backup back "
            "(clientdesk firm restore BACKUP {path})."
        ),
        False,
    ),
    "earlier_build": (
        N_(
            "{path} was made by an earlier build of clientdesk, of which nothing was released, and cannot be opened. "
            "Export its clients with that build (clientdesk export), make a new firm, and import them."
        ),
        False,
    ),
    "newer": (
        N_("{path} was written by a newer clientdesk. Update this one first (pip install -U clientdesk)."),
        False,
    ),
    "read_only": (
        N_("{path} cannot be written. Ask its owner for permission to write the file and its folder."),
        False,
    ),
    "unreadable": (N_("{path} cannot be read. Ask its owner for permission."), False),
    "locked": (
        N_("{who} is writing to {path} just now. Nothing was changed; try again in a moment."),
        False,
    ),
    "worked_in": (
        N_("{who} works in {path} just now. Nothing was changed; try again in a moment."),
        False,
    ),
    "disk_full": (N_("The disk is full. Nothing was changed; free some space and try again."), False),
    "disk_error": (
        N_("The disk did not answer as it should. Nothing was changed; check the disk, then try again."),
        False,
    ),
    "closed": (N_("The firm is closed."), False),
    **FILE_PROBLEMS,
    **READING_PROBLEMS,
    "history_cut": (
        N_("The history of {firm} does not go on from where you saw it end. “clientdesk check” says what is gone."),
        True,
    ),
    "history_unwritten": (
        N_(
            "The database did not write the history of this change, so nothing was saved. "
            "“clientdesk check” says which of its rules are missing."
        ),
        False,
    ),
    "not_as_made": (
        N_("A part of the firm's database is missing ({reason}). “clientdesk check” says which; nothing was changed."),
        False,
    ),
    "bad_location": (N_("{location} names no firm. {hint}"), False),
    **SHARING,
    **UNDO_PROBLEMS,
    # a copy of the firm
    "copy_differs": (
        N_(
            "The copy was not like {path} in the table {table} ({rows} rows, in the copy {other}) and was taken away. "
            "Look at the firm with “clientdesk check”, then copy it again."
        ),
        False,
    ),
    "copy_refused": (
        N_("{location} does not take a row of the table {table}, so nothing was copied: {reason}"),
        False,
    ),
    "bad_login_map": (N_("Nothing was copied, because of the login map {pair}: {hint}"), False),
    "columns_unread": (
        N_(
            "Your saved columns cannot all be read: {value}. The list shows what can be, or the first columns. Save your "
            "columns anew; what was saved until now is kept beside."
        ),
        True,
    ),
    "copy_of_others": (
        N_("No active team member of {firm} has your account, {login}: you cannot open the copy yourself."),
        True,
    ),
    "demo_in_file": (
        N_("A demo is written to a file. Write it there; “clientdesk firm copy FILE URL” then takes it to {location}."),
        False,
    ),
    # the firm's server
    "no_driver": (
        N_(
            "{place} is on a server, and the part for that is missing. Install it (pip install 'clientdesk[postgres]')."
        ),
        False,
    ),
    "server_away": (
        N_("The firm's server ({place}) does not answer. Nothing more was changed; do it again when it is back."),
        False,
    ),
    "save_unknown": (
        N_(
            "The server went away just while change {change} was being saved. When it answers again, look whether it is there before you do it once more."
        ),
        False,
    ),
    "kept_unknown": (
        N_(
            "The server went away just while this was being saved. Do it once more: where it is there already, that changes nothing."
        ),
        False,
    ),
    "not_saved": (N_("The server went away before this was saved. Nothing of it was changed; do it once more."), False),
    "made_unknown": (
        N_(
            "The server went away just while the firm was being made, up to change {change}. Do it once more when the server answers: where the firm is there already, nothing is done."
        ),
        False,
    ),
    "upgrade_unknown": (
        N_(
            "The server went away just while the firm's database was brought up to date. Do it once more when the server answers: where it is up to date already, nothing is done."
        ),
        False,
    ),
    "log_not_kept": (
        N_("The rows are written, but their error log could not be kept in the firm."),
        False,
    ),
    "change_gone": (N_("There is no change {change} in this firm: it was not saved, or is in another firm."), False),
    "server_unreachable": (
        N_("No server answers at {place}. Check the name, the port and your network; nothing was changed."),
        False,
    ),
    "unknown_host": (N_("The name of the computer in {place} is not known. Check how it is written."), False),
    "wrong_password": (
        N_("{place} does not accept the password. Check it in ~/.pgpass; nothing was changed."),
        False,
    ),
    "no_password": (N_("{place} asks for a password. Keep it in ~/.pgpass, which only you can read."), False),
    "login_refused": (
        N_("{place} does not let you in: {reason}. Ask whoever administers the server."),
        False,
    ),
    "login_or_password": (
        N_(
            "{place} does not let you in with this login and password: {reason}. Check ~/.pgpass, or ask its administrator."
        ),
        False,
    ),
    "bad_option": (N_("{place} is not written as it should be: {reason}. Correct it behind the ?."), False),
    "unknown_service": (
        N_("{place} names a service that is not known here: {reason}. Check the service file (~/.pg_service.conf)."),
        False,
    ),
    "unknown_database": (N_("There is no database {place}. Check the name at the end of the URL."), False),
    "no_tls": (N_("{place} and this computer do not agree about encryption (TLS): {reason}."), False),
    "no_encryption": (N_("{place} and this computer do not agree about encryption (GSSAPI): {reason}."), False),
    "server_full": (
        N_("{place} has no free connection just now. Try again in a moment, or ask for more connections."),
        False,
    ),
    "server_starting": (N_("{place} is starting or shutting down. Try again in a moment."), False),
    "replica": (
        N_("{place}: this is a replica; the firm's server is {primary}. Name that one in the URL."),
        False,
    ),
    "replica_unnamed": (
        N_("{place}: this is a replica; the firm's server is the one that it copies. Name that one in the URL."),
        False,
    ),
    "pooled": (
        N_(
            "A pooler (PgBouncer) at {place} shares sessions among people. clientdesk needs session mode there (pool_mode = session), or the server itself."
        ),
        False,
    ),
    "open_to_all": (
        N_(
            "Every login of the server has rights on the firm's database ({rights}), as after a restore. "
            "Its owner closes it by repairing the firm."
        ),
        True,
    ),
    "no_trigrams": (
        N_("{place} has no extension pg_trgm to search with: {reason}. An administrator of the server installs it."),
        False,
    ),
    "server_refused": (N_("{place} refused: {reason}."), False),
    "no_firm_on_server": (
        N_("There is no firm in {place}. The database's owner makes one (clientdesk firm create {place})."),
        False,
    ),
    "firm_on_server": (N_("There is a firm in {place} already. Nothing was changed."), False),
    "no_rights": (
        N_("The login {login} may not see the firm in {place}. Whoever administers the server gives it a group."),
        False,
    ),
    "server_forbids": (
        N_("The server does not allow this to your login ({reason}). Ask whoever administers the server."),
        False,
    ),
    "older_schema": (
        N_(
            "The firm in {place} is of an older clientdesk. The database's owner brings it up to date (clientdesk firm upgrade {place})."
        ),
        False,
    ),
    "server_too_old": (N_("{place} is PostgreSQL {version}. clientdesk needs 15 or newer."), False),
    "not_utf8": (N_("The database {place} is not in UTF-8. Make one with ENCODING 'UTF8' first."), False),
    "roles_missing": (
        N_("The group roles are missing, and {login} may not make them. An administrator runs this first: {sql}"),
        False,
    ),
    "owner_needed": (N_("Only the owner of the database {place} can do this: {reason}."), False),
    "slow": (N_("The server took too long for this. Nothing was changed; try again in a moment."), False),
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
        N_("{name} was changed by someone else since the plan was made. Look at it, then try the row again."),
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
    "stopped_before_writing": (N_("The import was stopped before anything was written: 0 rows are in."), False),
    "dry_run_stopped": (N_("The dry run was stopped. It writes nothing."), False),
    "again_completes": (N_("Importing the file again completes it."), False),
    "again_adds": (
        N_("Take the rows that are in out of the file before you import it again: they would be added twice."),
        False,
    ),
    "again_adds_lines": (
        N_(
            "Lines {first} to {last} are in: take them out of the file before you import it again, "
            "as they would be added twice."
        ),
        False,
    ),
    "mapping_gone": (N_("There is no saved mapping “{name}”. There are: {choices}."), False),
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
    # a file that is written
    "file_exists": (N_("There is a file at {path} already. Name another one."), False),
    "not_writable": (
        N_("{path} cannot be written: {reason}. Name another file, or a folder that is yours."),
        False,
    ),
    # a file that is exported
    "firm_file": (N_("{path} is the firm's own file. Name another one."), False),
    "no_client_numbers": (
        N_("No client of this list has a client number, and QuickBooks takes no others. Nothing was written."),
        False,
    ),
    "several_files": (
        N_("These clients fill {count} files for QuickBooks. Name a file, from which their names are made."),
        False,
    ),
    "sheet_full": (N_("A sheet of XLSX holds {limit} clients. Use filters, or write a CSV."), False),
    "sheet_cell": (
        N_("{label} of “{name}” is longer than a cell of XLSX may be. Shorten it, or write a CSV."),
        False,
    ),
    "xlsx_to_terminal": (N_("An XLSX file cannot be shown in a terminal. Name a file."), False),
    "download_stopped": (N_("The download was stopped; nothing was written."), False),
    # a file that is imported
    "file_missing": (N_("There is no file {path}. Check the name."), False),
    "not_regular_file": (N_("{path} is not a regular file. Name the file that holds the list."), False),
    "too_large": (N_("{path} is larger than {limit} {unit}. {hint}"), False),
    "empty_file": (N_("{path} is empty. Name a file with headings and rows."), False),
    "no_rows": (N_("{path} has headings and no rows. Write a row for each client beneath them."), False),
    "encoding": (N_("{path} is not text that can be read. Save it as “CSV UTF-8”."), False),
    "mixed_encoding": (
        N_("{path} mixes two encodings (see line {line}). Save it again as “CSV UTF-8”."),
        False,
    ),
    "not_csv": (N_("{path} is another kind of file, not CSV. Save it as “CSV UTF-8”."), False),
    "nul_byte": (N_("{path} holds NUL bytes: it is not a CSV file. Save it as “CSV UTF-8”."), False),
    "not_spreadsheet": (
        N_(
            "{path} is no Excel (.xlsx) or OpenDocument (.ods) workbook, or it is damaged or has a password. "
            "Save it again as .xlsx without a password, or as “CSV UTF-8”."
        ),
        False,
    ),
    "unknown_sheet": (N_("{path} has no sheet “{sheet}”. Choose one of these: {sheets}."), False),
    "sheet_too_large": (
        N_(
            "{path} has too many cells to be read. Delete the empty rows and columns at the end, "
            "or save it as “CSV UTF-8”."
        ),
        False,
    ),
    "too_much_text": (
        N_("{path}: the cells of the workbook hold more than {limit} MB of text. Cut it into smaller files."),
        False,
    ),
    "cell_too_large": (
        N_("{path}: a cell or row near line {line} is longer than {limit} characters. Shorten it, or leave it out."),
        False,
    ),
    "reader_not_started": (N_("{path} cannot be read just now. Try again, or save it as “CSV UTF-8”."), False),
    "read_as_cp1252": (
        N_("{path} was read as Windows-1252. If letters look wrong, choose another encoding."),
        True,
    ),
    "rounded_number": (
        N_(
            "{path}: spreadsheets round numbers of more than 15 digits, and there are some ({count}; the first is "
            "{value} in line {line}). Format the column as text and enter them again."
        ),
        True,
    ),
    "number_format": (
        N_(
            "{path}: some cells have a number format that cannot be shown exactly, so their values are read ({count}; the "
            "first is {value} in line {line}, in the format {format}). Where the look matters, type it as text."
        ),
        True,
    ),
    "bad_quotes": (N_("{path}: the quotes are broken near line {line}. Save it again as CSV."), False),
    "no_name_column": (
        N_("{path}: no column is known to give the client's name. Say which it is."),
        False,
    ),
    "name_column_unknown": (
        N_("{path}: no column is known to give the client's name; “{heading}” looks like it. If it is, say so."),
        False,
    ),
    "no_heading_row": (N_("{path}: no row begins in line {line}. Name the line of the headings."), False),
    "headings_below": (
        N_(
            "{path}: the headings are in line {line}; what stands above is not read. If that is wrong, choose their line."
        ),
        True,
    ),
    "foot_lines": (N_("{path}: lines at the end that are no clients are not read: {lines}."), True),
    "missing_column": (N_("{path}: the heading “{heading}” is missing. Name the columns in the first row."), False),
    "too_many_columns": (
        N_("{path} has {columns} columns; at most {limit} can be read. Delete those that say nothing of a client."),
        False,
    ),
    "duplicate_column": (N_("{path}: the heading “{heading}” is there twice. Leave one of the columns out."), False),
    "too_few_fields": (
        N_("The row has fewer cells ({cells}) than there are headings ({headings}). Add the ones that are missing."),
        False,
    ),
    "too_many_fields": (
        N_(
            "The row has more cells ({cells}) than there are headings ({headings}). Put quotes around cells with commas."
        ),
        False,
    ),
    # a transfer between firms
    "same_firm": (N_("{path} is the firm that the clients are in. Name another firm."), False),
    "name_taken": (
        N_("{firm} has a client “{name}” ({number}) already. Rename one of the two."),
        False,
    ),
    "transferred_and_changed": (
        N_(
            "This client came to {firm} before, and was changed since, here or there. "
            "Keep the better one: leave this one out, or delete the one in {firm}."
        ),
        False,
    ),
    "cannot_leave": (N_("This client cannot leave the firm yet: {reasons}"), False),
    "gone_meanwhile": (N_("This client was deleted, or moved, by someone else meanwhile."), False),
    "move_unknown": (
        N_(
            "The clients are in {to} now. The server of {firm} went away just while change {change} took them out there: perhaps they are still in {firm} too. When it answers, do the same again: that finishes the move, or changes nothing."
        ),
        False,
    ),
    "move_unfinished": (
        N_(
            "The clients are in {to} now, and still in {firm} too, because {reason}. "
            "Do the same again to finish the move."
        ),
        False,
    ),
    # the settings file
    "settings": (N_("{path} cannot be read as settings: {reason}"), False),
    "unknown_command_id": (N_("{path}: there is no command “{name}” to give a key to."), False),
    "unknown_key": (
        N_("{path}: “{name}” for {command} is no key. Keys are written like a, A, f5, ctrl+e, shift+up, slash."),
        False,
    ),
    "unusable_key": (
        N_("{path}: {command} cannot have the key {name}: terminals send it for another one. Choose another key."),
        False,
    ),
    "typed_key": (
        N_(
            "{path}: {command} cannot have the key {name}: where it works, this key is typed or edits the text."
            " Choose another key."
        ),
        False,
    ),
    "button_key": (
        N_(
            "{path}: {command} cannot have the key {name}: on the buttons of a dialog it does something else."
            " Choose another key."
        ),
        False,
    ),
    "key_clash": (
        N_("{path}: the key {name} is given to {first} and to {second}. Give one of them another key."),
        False,
    ),
}


# code: the sentences instead of that in the catalogue where these values are empty; the first that fits counts.
_WITHOUT: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "locked": ((("who",), N_("Another program is writing to {path}. Nothing was changed; try again in a moment.")),),
    "left_to_plan": (
        (
            ("action",),
            N_(
                "{label}: “{value}” is left out; of a client that is there, only the commands of the preferred pricing plan change it."
            ),
        ),
    ),
    "name_mismatch": (
        (
            ("given",),
            N_(
                "The row gives no display name; the client with the Company ID {company_id} is called “{name}”. Add it."
            ),
        ),
    ),
    "bad_mapping": (
        (("value", "heading"), N_("This mapping of columns cannot be used. {hint}")),
        (("heading",), N_("This mapping of columns cannot be used, because of “{value}”. {hint}")),
    ),
}


class Problem(NamedTuple):
    """One thing that is wrong: a code from CATALOGUE, the field it is about ("" for none), its values."""

    code: str
    field: str
    values: Mapping[str, object]

    @property
    def warning(self) -> bool:
        """Whether the person may go on all the same."""
        return CATALOGUE[self.code][1]

    @property
    def message(self) -> str:
        """The sentence in the person's language, safe to show."""
        values = {name: _shown(name, value) for name, value in self.values.items()}
        instead = (
            sentence
            for names, sentence in _WITHOUT.get(self.code, ())
            if not any(values.get(name, "").strip() for name in names)
        )
        return _(next(instead, CATALOGUE[self.code][0])).format_map(_Values(values))


class _Values(dict[str, str]):
    """The values of a sentence. A problem that an older clientdesk kept may lack one."""

    def __missing__(self, name: str) -> str:
        return "…"


_WORDS = ("label", "action", "access", "instead", "hint")
"""The values that are words of the program, to be translated; all others are data."""
_WHOLE = ("path", "aside", "beside", "backup", "place", "location", "sql", "reason", "reasons")
"""The data that a sentence shows whole, however long."""
_LISTS = ("choices", "headings", "lines", "names", "sheets", "company_ids")
SHOWN, SHOWN_OF_LISTS = 80, 1_000
"""So many characters of a value, and of several in a row, a sentence shows at most."""


def _shown(name: str, value: object) -> str:
    if isinstance(value, int):
        return whole_number(value)
    text = str(value)
    if name in _WORDS:
        return _(text)
    if name == "reason" and text:  # the program's own words, or those of a library or a server
        return display_text(_(text))
    longest = SHOWN_OF_LISTS if name in _LISTS else SHOWN
    if name not in _WHOLE and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return display_text(text)


def problem(code: str, field: str = "", **values: object) -> Problem:
    """A problem with the values its sentence needs."""
    return Problem(code, field, values)


class Refused(Exception):
    """A use case was refused and nothing was changed; `problems` says why, a sentence each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(each.code for each in problems))
        self.problems = problems

    @property
    def code(self) -> str:
        """The code of the first problem: a stable word for programs."""
        return self.problems[0].code

    @property
    def message(self) -> str:
        """All the sentences in the person's language, safe to show."""
        return " ".join(each.message for each in self.problems)

    def __str__(self) -> str:
        return self.message


class FirmUnusable(Refused):
    """The firm cannot be used as it is (a file missing, damaged, locked; a full disk; a server that is away)."""

    @property
    def away(self) -> bool:
        """Whether the server of an open firm does not answer now: what was on the screen is still true as far as known,
        and clientdesk connects again by itself."""
        return self.code in ("server_away", "save_unknown")

    @property
    def another_file(self) -> bool:
        """Whether what stands at the place of the open firm's file is not that file any more: nothing can be saved
        there, and what was open is still on the screen."""
        return self.code in ANOTHER_FILE


def refuse(code: str, field: str = "", **values: object) -> Refused:
    """A refusal with one problem: `raise refuse("client_gone")`."""
    return Refused(problem(code, field, **values))

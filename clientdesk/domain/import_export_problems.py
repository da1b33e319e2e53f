"""What can be wrong with a list that comes in, goes out or goes to another firm: codes and sentences, for the catalogue."""

from clientdesk.text import N_

LIST_PROBLEMS: dict[str, tuple[str, bool]] = {
    # a file that is written
    "file_exists": (N_("There is a file at {path} already. Name another one."), False),
    "not_writable": (
        N_("{path} cannot be written: {reason}. Name another file, or a folder that is yours."),
        False,
    ),
    # a file that is exported
    "firm_file": (N_("{path} is the firm's own file. Name another one."), False),
    "no_client_numbers": (
        N_(
            "No client of this list has a client number, and QuickBooks takes no others. Nothing was written; give them numbers, or choose another list."
        ),
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
    "transfer_stopped": (N_("The transfer was stopped; nothing was written. Do it again."), False),
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
    "gone_meanwhile": (N_("This client was deleted, or moved, meanwhile. Leave it out."), False),
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
}

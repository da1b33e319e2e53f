"""What can be wrong with a firm's file or a copy of it: codes and sentences, for the catalogue."""

from clientdesk.text import N_

FIRM_PROBLEMS: dict[str, tuple[str, bool]] = {
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
        N_("{path} was written by a newer clientdesk. Update this one first."),
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
    "closed": (N_("The firm is closed. Open it again."), False),
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
    "ids_uncounted": (
        N_(
            "The ids of {path} are not counted as they were given, so nothing was saved. "
            "“clientdesk check” says what is wrong with the counters, and what puts them right."
        ),
        False,
    ),
    "not_as_made": (
        N_("A part of the firm's database is missing ({reason}). “clientdesk check” says which; nothing was changed."),
        False,
    ),
    "bad_location": (N_("{location} names no firm. {hint}"), False),
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
        N_(
            "No active team member of {firm} has your account, {login}: you cannot open the copy yourself. Copy it once more, and give a member that login."
        ),
        True,
    ),
    "demo_in_file": (
        N_("A demo is written to a file. Write it there; “clientdesk firm copy FILE URL” then takes it to {location}."),
        False,
    ),
}

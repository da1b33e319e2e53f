"""What can be wrong with a copy of the firm, and with a backup that is put back."""

from clientdesk.text import N_

BACKUP_AND_COPY_PROBLEMS: dict[str, tuple[str, bool]] = {
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
    "copy_of_others": (
        N_(
            "No active team member of {firm} has your account, {login}: you cannot open the copy yourself. Copy it once more, and give a member that login."
        ),
        True,
    ),
    "copy_unsound": (
        N_(
            "No copy was saved: what is open does not hold together any more, as another file was copied over {path}. "
            "Close clientdesk and open the firm again."
        ),
        False,
    ),
    "copy_of_server": (N_("A firm on a server is copied with “clientdesk firm copy URL FILE”."), False),
    "demo_in_file": (
        N_("A demo is written to a file. Write it there; “clientdesk firm copy FILE URL” then takes it to {location}."),
        False,
    ),
    "restore_same": (N_("{path} is the backup itself. Name the file that it shall take the place of."), False),
    "restore_other_firm": (
        N_(
            "{path} holds another firm ({there}) than the backup ({firm}). Nothing was changed; "
            "name the firm's own file, or one that is not there."
        ),
        False,
    ),
    "restore_server": (
        N_(
            "A backup is put back into a file. “clientdesk firm copy FILE URL” takes a file to a server; "
            "what “pg_dump -C” has written, “pg_restore -C” puts back, and its owner repairs the firm afterwards."
        ),
        False,
    ),
    "restore_over_other": (
        N_("{path} is another program's file. Nothing was changed; name the firm's file, or one that is not there."),
        False,
    ),
    "backup_damaged": (N_("The backup {path} is damaged: {reason}. Nothing was changed; take another one."), False),
}

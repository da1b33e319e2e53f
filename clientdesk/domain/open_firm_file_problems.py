"""What can be wrong with a firm's file while it is open, and with putting a backup back: see `problems.CATALOGUE`."""

from clientdesk.text import N_

ANOTHER_FILE = ("firm_gone", "firm_replaced", "firm_overwritten")
"""The codes that say that the file which is open does not stand at its place any more."""

FILE_PROBLEMS: dict[str, tuple[str, bool]] = {
    "firm_gone": (
        N_(
            "{path} is not there any more: it was deleted, or it or its folder has another name now. Nothing is saved there now. "
            "Put it back where it was, then open it again."
        ),
        False,
    ),
    "firm_replaced": (
        N_(
            "Another file stands at {path} now: it was put there while the firm was open. Nothing is saved there now. "
            "Open it again to work with what is there."
        ),
        False,
    ),
    "firm_overwritten": (
        N_(
            "Another file was copied over {path} while the firm was open. Nothing is saved there now. "
            "Close clientdesk everywhere and open it again to work with what is there; "
            "“clientdesk firm restore BACKUP” is the safe way to put a backup back."
        ),
        False,
    ),
    "no_firm_row": (
        N_(
            "In {path} the row of the firm itself is missing, or that of its primary admin. Nothing was changed; "
            "put a backup back (clientdesk firm restore BACKUP)."
        ),
        False,
    ),
    "wal_in_use": (
        N_(
            "Another file was copied over {path} while another program has the firm open. "
            "Close that program first; nothing was changed."
        ),
        False,
    ),
    "wal_aside": (
        N_(
            "The file beside {path} with its latest changes (-wal) belongs to another file, so it was not joined to it: "
            "it is kept as {aside}."
        ),
        True,
    ),
    "wal_unmarked": (
        N_(
            "The changes in the -wal beside {path} are another program's, and nothing in it tells whether they are changes "
            "of this file. So they were not joined to it: they are kept as {aside}."
        ),
        True,
    ),
    "firm_in_use": (
        N_("{path} is open in another program, or for somebody else. Close it everywhere first; nothing was changed."),
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
    "copy_unsound": (
        N_(
            "No copy was saved: what is open does not hold together any more, as another file was copied over {path}. "
            "Close clientdesk and open the firm again."
        ),
        False,
    ),
    "copy_of_server": (N_("A firm on a server is copied with “clientdesk firm copy URL FILE”."), False),
}

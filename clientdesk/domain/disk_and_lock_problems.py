"""What goes wrong at work: the disk is full or does not answer, and somebody else writes just now."""

from clientdesk.text import N_

DISK_AND_LOCK_PROBLEMS: dict[str, tuple[str, bool]] = {
    "disk_full": (N_("The disk is full. Nothing was changed; free some space and try again."), False),
    "disk_error": (
        N_("The disk did not answer as it should. Nothing was changed; check the disk, then try again."),
        False,
    ),
    "locked": (
        N_("{who} is writing to {path} just now. Nothing was changed; try again in a moment."),
        False,
    ),
    "worked_in": (
        N_("{who} works in {path} just now. Nothing was changed; try again in a moment."),
        False,
    ),
    "firm_in_use": (
        N_("{path} is open in another program, or for somebody else. Close it everywhere first; nothing was changed."),
        False,
    ),
    "wal_in_use": (
        N_(
            "Another file was copied over {path} while another program has the firm open. "
            "Close that program first; nothing was changed."
        ),
        False,
    ),
    "closed": (N_("The firm is closed. Open it again."), False),
}

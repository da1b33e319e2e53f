"""What is said where the file of an open firm is gone, or another one was put in its place or copied over it."""

from clientdesk.text import N_

ANOTHER_FILE = ("firm_gone", "firm_replaced", "firm_overwritten")
"""The codes that say that the file which is open does not stand at its place any more."""

REPLACED_FILE_PROBLEMS: dict[str, tuple[str, bool]] = {
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
}

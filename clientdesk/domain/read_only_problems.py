"""What can be wrong with a firm's file that can only be read, or not even that."""

from clientdesk.text import N_

READING_PROBLEMS: dict[str, tuple[str, bool]] = {
    "read_only": (
        N_("{path} cannot be written. Ask its owner for permission to write the file and its folder."),
        False,
    ),
    "unreadable": (N_("{path} cannot be read. Ask its owner for permission."), False),
    "opened_read_only": (N_("{path} is read only: you can look at everything, and change nothing. {hint}"), True),
    "firm_read_only": (N_("{path} is read only, so nothing was changed. {hint}"), False),
    "repair_read_only": (
        N_("{path} is read only, so what keeps its rules (triggers, functions) was not set anew. {hint}"),
        False,
    ),
    "older_read_only": (
        N_(
            "{path} was written by an older clientdesk, and it is read only: it cannot be brought up to date. "
            "Whoever may write it opens it once with this clientdesk."
        ),
        False,
    ),
    "disk_read_only": (N_("{path} cannot be written, as its disk is read only. Name another place."), False),
    "changed_while_read": (N_("Somebody has written to {path} just while it was read. Do it once more."), False),
    "changes_beside": (
        N_(
            "The latest changes of {path} stand in {beside} and cannot be read here, as everything is read only. "
            "Whoever may write there opens the firm once; or copy both files into a folder of yours and open that."
        ),
        False,
    ),
    "beside_of_another": (
        N_(
            "{path} belongs to {owner}, and you may not read it: without it the latest changes of the firm cannot be read. "
            "Ask {owner} to close clientdesk, or for the right to read and write that file."
        ),
        False,
    ),
}

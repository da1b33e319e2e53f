"""What stands in the way of opening a firm, or of making one: its place, its name, what is there, its version."""

from clientdesk.text import N_

OPENING_PROBLEMS: dict[str, tuple[str, bool]] = {
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
    "bad_location": (N_("{location} names no firm. {hint}"), False),
    "name_of_sqlite": (
        N_("{path} cannot hold a firm: a name with -wal, -shm or -journal at its end is for what stands beside one."),
        False,
    ),
    "path_loop": (N_("{path} is a symbolic link that leads back to itself. Name the file that holds the firm."), False),
    "path_too_long": (N_("The name {name} is too long for a file. Name the file that holds the firm."), False),
    "no_path": (N_("{name} cannot be the name of a file. Name the file that holds the firm."), False),
    "upgraded": (
        N_("{path} is brought up to date for this clientdesk; the file as it was before is in {backup}."),
        True,
    ),
}

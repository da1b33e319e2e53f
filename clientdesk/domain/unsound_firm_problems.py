"""What is said where the firm does not hold together: its history, its counters, a part of its database."""

from clientdesk.text import N_

UNSOUND_FIRM_PROBLEMS: dict[str, tuple[str, bool]] = {
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
    "no_firm_row": (
        N_(
            "In {path} the row of the firm itself is missing, or that of its primary admin. Nothing was changed; "
            "put a backup back (clientdesk firm restore BACKUP)."
        ),
        False,
    ),
    "rules_of_another_build": (
        N_(
            "The rules of {path} are not as this clientdesk makes them: an earlier build made them, or another program."
        ),
        True,
    ),
    "not_as_made": (
        N_("A part of the firm's database is missing ({reason}). “clientdesk check” says which; nothing was changed."),
        False,
    ),
}

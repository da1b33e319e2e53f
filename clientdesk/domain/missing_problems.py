"""What can be wrong with the name or number of a client that is looked for everywhere: codes and sentences."""

from clientdesk.text import N_

MISSING_PROBLEMS: dict[str, tuple[str, bool]] = {
    "missing_nothing": (N_("Nothing is looked for. Type a name or a number."), False),
    "missing_too_long": (
        N_("This has {length} characters; a name or number of at most {limit} is looked for. Shorten it."),
        False,
    ),
}

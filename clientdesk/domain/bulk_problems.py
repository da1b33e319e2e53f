"""What can be wrong with a change of many clients at once: codes and sentences, for the catalogue."""

from clientdesk.text import N_

BULK_PROBLEMS: dict[str, tuple[str, bool]] = {
    "number_for_many": (
        N_("{label}: only one client can have “{value}”, and {count} are chosen. Choose that one alone."),
        False,
    ),
    "edited_twice": (N_("{label} would be changed twice. Change it once, then once more."), False),
    "edited_in_part": (N_("{label} is no text: nothing can be added, removed or replaced in it. Set it."), False),
    "tags_in_part": (N_("{label}: a tag has no text that could be replaced. Add one tag and remove the other."), False),
    "edits_nothing": (N_("{label}: the text to be added, removed or replaced is missing. Say which."), False),
    "key_unknown": (N_("No client has this client number, Company ID or name: “{key}”. Correct it."), False),
    "name_of_several": (
        N_("{count} clients are called “{key}”. Write the client number or the Company ID of the one that is meant."),
        False,
    ),
    "no_keys": (N_("{path} names no client. Write a client number, a Company ID or a name on each line."), False),
    "keys_unreadable": (N_("{path} is no text in UTF-8. Save it as UTF-8, one client a line."), False),
}

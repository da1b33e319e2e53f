"""What can be wrong with a view of the list: codes and sentences, for the catalogue."""

from clientdesk.text import N_

VIEW_PROBLEMS: dict[str, tuple[str, bool]] = {
    "view_gone": (N_("There is no view “{name}”. There are: {choices}."), False),
    "view_deleted": (
        N_("The view {name} was deleted meanwhile, by {who}. Save what you see under a name to keep it."),
        False,
    ),
    "view_exists": (N_("There is a view “{name}” already ({owner}), and nothing is saved."), False),
    "view_taken": (N_("There is a view “{name}” already. Give another name."), False),
    "view_built_in": (
        N_("The view “{name}” is built in and stays as it is. Save it under another name, or hide it."),
        False,
    ),
    "view_of_firm": (
        N_("The view “{name}” is the firm's already. Change it there, or save it under another name."),
        False,
    ),
    "view_changed": (
        N_("You changed the view “{name}” in another window meanwhile. Save yours over it, or under another name."),
        False,
    ),
    "view_incomplete": (
        N_("By the view “{name}” no clients are chosen, as a part of it is left out. {reason} Change the view first."),
        False,
    ),
    "view_unread": (N_("The view “{name}” cannot be read; it shows the active clients. Save it anew."), True),
    "view_newer": (
        N_(
            "The view “{name}” is of another version of clientdesk. What this one does not know is left out here, and "
            "stays in the view."
        ),
        True,
    ),
    "view_field_gone": (
        N_("The view “{name}” names the field “{value}”, which is not there any more. The rest of the view works."),
        True,
    ),
    "view_filter_left": (
        N_("A filter of the view “{name}” is left out: {reason} The rest of the view works."),
        True,
    ),
    "view_reference_gone": (
        N_(
            "The view “{name}” filters by {label} “{value}” (#{number}), which is not there any more. The rest of the view works."
        ),
        True,
    ),
    "view_part_unread": (
        N_("A part of the view “{name}” cannot be read and is left out: {value}. The rest of the view works."),
        True,
    ),
    "views_unread": (
        N_(
            "Your own views cannot all be read: {value}. When you save a view, what was saved until now is kept beside."
        ),
        True,
    ),
}

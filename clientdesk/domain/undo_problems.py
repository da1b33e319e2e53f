"""What can stand in the way of undoing something: every code and its sentence."""

from clientdesk.text import N_

UNDO_PROBLEMS: dict[str, tuple[str, bool]] = {
    "not_undone": (N_("{name}: “{title}” is not taken back by undo. {instead}"), False),
    "stays_with_it": (N_("What else you did to {name} stays with it."), False),
    "passed_over_next": (N_("{key} again passes it over, to what you did before it."), False),
    "undone_already": (N_("Change {change} was undone already, by {who} ({at}): {name}."), False),
    "redone_already": (N_("What change {change} took back was done again already, by {who} ({at}): {name}."), False),
    "changed_since": (N_("{name}: {label} is “{theirs}” now, by {who} ({at})."), False),
    "changed_since_unnoted": (N_("{name}: {label} is “{theirs}” now, and the history does not say by whom."), False),
    "already_so": (N_("{name}: {label} is “{theirs}” already, since {who} changed it ({at})."), False),
    "set_back_since": (N_("{name}: {label} was changed since, and set back by {who} ({at})."), True),
    "deleted_since": (N_("{name} was deleted by {who} ({at})."), False),
    "changed_since_added": (N_("{name} was changed since it was added, by {who} ({at}). {instead}"), False),
    "added_by_other": (N_("{name} was added by {who}. Only they take that back, or {admin}."), False),
    "undo_while_importing": (N_("{name} is being imported. Undo when it has ended, or stop it."), False),
    "import_at_work": (
        N_("{name} is still being imported by {who}. Undo when it has ended, or stop it where it runs."),
        False,
    ),
    "taken_since": (N_("{name}: {label} “{value}” belongs to “{holder}” now, by {who} ({at})."), False),
    "type_removed_since": (N_("{name}: the client type “{value}” was removed by {who} ({at})."), False),
    "kept_by_rule": (N_("{name}: {reason}"), False),
    "change_stays": (N_("{name}: “{title}” (change {change}) stays."), False),
    "entry_unreadable": (N_("What was written of {name} cannot be read any more, so it stays as it is."), False),
}

"""What can be wrong with templates of work, and with their files: codes and sentences, for the catalogue."""

from clientdesk.text import N_

TEMPLATE_PROBLEMS: dict[str, tuple[str, bool]] = {
    # a template
    "template_taken": (N_("There is a template {name} already. Give another name."), False),
    "template_taken_retired": (
        N_("There is a template {name} already, which is retired. Bring it back, or give another name."),
        False,
    ),
    "template_gone": (N_("The template {name} was taken back by {who}. Add it again where it is needed."), False),
    "unknown_template": (N_("There is no template “{value}”. There are: {choices}."), False),
    "no_templates": (N_("There is no template “{value}”: the firm has none yet. Add one first."), False),
    "too_many_templates": (
        N_("A firm has at most {limit} templates. Retire one, and rename it for the new work."),
        False,
    ),
    "template_period_stays": (
        N_("{name} stays a template of the period {period}, as work is known by it. Add another template instead."),
        False,
    ),
    "unknown_template_property": (N_("A template has no “{value}” that can be set. There are: {choices}."), False),
    "unknown_calendar": (N_("There is no calendar “{value}”. There are: {choices}."), False),
    "template_begins": (
        N_("“{value}” is no period of the kind {period}. Write one such as {example}, or leave it empty."),
        False,
    ),
    "template_begins_range": (
        N_("“{value}” is too early or too late: a template begins between {first} and {last}. Name a year of these."),
        False,
    ),
    "template_filter_moves": (
        N_("“{value}” means something else for each person, or on each day: work would come and go. Leave it out."),
        False,
    ),
    "template_filter_changed": (
        N_("Work cannot follow from when a client was changed last: it would come and go. Use another field."),
        False,
    ),
    "template_applies_to_nobody": (
        N_("{name} applies to no client. Change what it applies to, or leave it until there are such clients."),
        True,
    ),
    "template_applies_to_all": (
        N_("{name} applies to every active client ({count}). Say to which it shall apply, or leave it so."),
        True,
    ),
    "role_count": (N_("A template has one to {limit} roles, not {count}. Change them."), False),
    "role_twice": (N_("Two roles are called {name}. Give one of them another name."), False),
    "role_by": (
        N_(
            "“{value}” is nobody who can have the role {name}. Name an active team member, or an own field of that kind."
        ),
        False,
    ),
    "role_by_two": (
        N_("The role {name} says more than one who has it: {keys}. Leave one of them."),
        False,
    ),
    "state_count": (
        N_("A template has at most {limit} states, To do and Completed among them, not {count}. Leave some out."),
        False,
    ),
    "state_twice": (N_("Two states are called {name}. Give one of them another name."), False),
    # its sections and items
    "section_taken": (N_("{of} has a section {name} already. Give another name."), False),
    "section_taken_retired": (
        N_("{of} has a section {name} already, which is retired. Bring it back, or give another name."),
        False,
    ),
    "section_gone": (N_("The section {name} was taken back by {who}. Add it again where it is needed."), False),
    "unknown_section": (N_("{of} has no section “{value}”. There are: {choices}."), False),
    "no_sections": (N_("{of} has no section “{value}”: it has none yet. Add one to the template first."), False),
    "too_many_sections": (N_("A template has at most {limit} sections. Retire one of {of} first."), False),
    "item_taken": (N_("The section {of} has the item “{name}” already. Write it another way."), False),
    "item_taken_retired": (
        N_("The section {of} has the item “{name}” already, which is retired. Bring it back, or write it another way."),
        False,
    ),
    "item_gone": (N_("The item “{name}” was taken back by {who}. Add it again where it is needed."), False),
    "unknown_item": (N_("{of} has no item “{value}”. There are: {choices}."), False),
    "no_items": (N_("{of} has no item “{value}”: it has none yet. Add one to the template first."), False),
    "too_many_items": (N_("A template has at most {limit} items. Retire one of {of} first."), False),
    # a file
    "template_file_unread": (N_("{path} cannot be read: {reason}."), False),
    "template_file_toml": (N_("{path} is no TOML: {reason}. Mend the file there."), False),
    "template_file_key": (N_("{path}, line {line}: “{key}” is unknown. There are: {choices}. Correct it."), False),
    "template_file_missing": (N_("{path}: “{key}” is missing. Write it into the file: {example}"), False),
    "template_file_missing_there": (
        N_("{path}, line {line}: “{key}” is missing. Write it into the file: {example}"),
        False,
    ),
    "section_count": (N_("A template has at most {limit} sections, not {count}. Leave some out."), False),
    "item_count": (
        N_("A template has at most {limit} items, not {count}: “{name}” of {of} is one too many. Leave some out."),
        False,
    ),
    "template_file_value": (N_("{path}, line {line}: “{key}” must be {wanted}. Correct it: {example}"), False),
    "template_file_wrong": (N_("{path}, line {line}: {reason}"), False),
    "unknown_shipped": (N_("No template “{value}” comes with clientdesk. There are: {choices}."), False),
}
"""By code: the sentence, and whether it is only a notice."""
